"""The picture file that the portal writes: unlinked at once, or removed at the next start.

If the program is killed while the portal writes, the file stays behind. So a note of the request
with the path of the last picture is stored; if the portal always writes to one path, the next start
removes the file. If the portal chooses a new name each time, the path is unknown and nothing is
removed: a file that looks like a screenshot may be the user's own.
"""

from __future__ import annotations

import json
import logging
import os
import stat
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tracker.capture.decode import LONGEST
from tracker.capture.interface import CaptureError

if TYPE_CHECKING:
    from tracker.capture.interface import KeyValueFile

_log = logging.getLogger(__name__)

#: Tolerance for file times, which file systems round.
_CLOCKS_NS = 2_000_000_000


class PortalFileGuard:
    """The note of a request, in `store`. A failure to write it does not prevent the picture."""

    def __init__(self, store: KeyValueFile | None) -> None:
        self._store = store
        self._uri = ""
        self._open: tuple[int, int] | None = None
        try:
            note = json.loads((store.get() if store else None) or "{}")
            self._uri = str(note["uri"])
            asked_ns, until_ns = note["asked"]
            self._open = int(asked_ns), int(until_ns)
        except (OSError, ValueError, KeyError, TypeError):
            # No note, or an unreadable one.
            return

    def sweep(self) -> None:
        """Remove the file of a request that was pending when the program was killed."""
        if self._open is None:
            return
        try:
            os.close(open_and_unlink(self._uri, *self._open))
            _log.info("removed a picture that the portal left behind")
        except CaptureError as error:
            _log.info("the portal left no picture behind: %s", error)
        self.request_ended()

    def request_started(self, asked_ns: int, wait_s: float) -> None:
        """A picture was requested at `asked_ns` (Unix ns), with a timeout of `wait_s` seconds."""
        self._open = asked_ns, asked_ns + int(wait_s * 1e9)
        if self._uri:
            self._keep()

    def request_ended(self, uri: str = "") -> None:
        """No request is pending; `uri` is the last picture's."""
        self._open, self._uri = None, uri or self._uri
        if self._uri:
            self._keep()

    def _keep(self) -> None:
        try:
            if self._store is not None:
                self._store.put(json.dumps({"uri": self._uri, "asked": self._open}))
        except OSError as error:
            _log.info("the note of the portal request could not be written: %s", error)


def open_and_unlink(uri: str, asked_ns: int, until_ns: int | None = None) -> int:
    """Open the file of a `file:` URI and unlink it; returns the descriptor.

    Raises CaptureError, and leaves the file alone, unless it is a regular file of this user written
    between `asked_ns` and `until_ns` (Unix ns).
    """
    # Imported here, because it loads a whole HTTP client.
    from urllib.request import url2pathname

    try:
        parts = urlsplit(uri)
    except ValueError as error:
        raise CaptureError("error", "the desktop's portal returned an invalid URI") from error
    path = url2pathname(parts.path)
    if parts.scheme != "file" or parts.netloc not in {"", "localhost"} or "\0" in path:
        raise CaptureError("error", "the desktop's portal returned a URI of no local file")
    try:
        descriptor = _open(path)
    except OSError as error:
        raise CaptureError("error", f"the portal's file cannot be read: {error}") from error
    try:
        about = os.fstat(descriptor)
        if not stat.S_ISREG(about.st_mode) or about.st_uid != _own():
            raise CaptureError("error", "the portal's file is not a regular file of this user")
        if about.st_mtime_ns < asked_ns - _CLOCKS_NS:
            raise CaptureError("error", "the portal's file is older than the request")
        if until_ns is not None and about.st_mtime_ns > until_ns + _CLOCKS_NS:
            raise CaptureError("error", "the portal's file is newer than the request's timeout")
        os.unlink(path)  # noqa: PTH108 - exactly the name opened above
        if about.st_size > LONGEST:
            raise CaptureError("error", f"the portal's file has {about.st_size} bytes")
    except OSError as error:
        os.close(descriptor)
        raise CaptureError("error", f"the portal's file cannot be removed: {error}") from error
    except CaptureError:
        os.close(descriptor)
        raise
    return descriptor


# Types are ignored for functions that Windows lacks; it never runs this.


def _open(path: str) -> int:
    # Without O_NONBLOCK, opening a named pipe would wait for a writer.
    flags = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC  # type: ignore[attr-defined, unused-ignore]
    return os.open(path, os.O_RDONLY | flags)


def _own() -> int:
    own: int = os.getuid()  # type: ignore[attr-defined, unused-ignore]
    return own
