"""The file that the portal writes a picture into: taken off the disk at once, or swept later.

A program that is killed while the portal writes would leave the file behind. So a note of the
request is kept, with the place of the last picture: portals that write into one place are swept by
the next start. Where each picture gets another name nobody has told it, and nothing is touched: a
file that merely looks like a picture of the screen can be one that its person took.
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

#: How much older than the request its file may seem: file systems round their times.
_CLOCKS_NS = 2_000_000_000


class PortalFileGuard:
    """The note of a request, in `kept`. A disk that refuses keeps nobody from a picture."""

    def __init__(self, kept: KeyValueFile | None) -> None:
        self._kept = kept
        self._uri = ""
        self._open: tuple[int, int] | None = None
        try:
            note = json.loads((kept.get() if kept else None) or "{}")
            self._uri = str(note["uri"])
            asked_ns, until_ns = note["asked"]
            self._open = int(asked_ns), int(until_ns)
        except (OSError, ValueError, KeyError, TypeError):
            # There is none, or none that can be read.
            return

    def sweep(self) -> None:
        """Remove the file of a request that was under way when the program was killed."""
        if self._open is None:
            return
        try:
            os.close(open_and_unlink(self._uri, *self._open))
            _log.info("a picture that the portal had left behind was removed")
        except CaptureError as error:
            _log.info("the portal has left no picture behind: %s", error)
        self.request_ended()

    def request_started(self, asked_ns: int, wait_s: float) -> None:
        """A picture is asked for at `asked_ns` (Unix time), and waited for."""
        self._open = asked_ns, asked_ns + int(wait_s * 1e9)
        if self._uri:
            self._keep()

    def request_ended(self, uri: str = "") -> None:
        """Nothing is under way; `uri` is where the picture was."""
        self._open, self._uri = None, uri or self._uri
        if self._uri:
            self._keep()

    def _keep(self) -> None:
        try:
            if self._kept is not None:
                self._kept.put(json.dumps({"uri": self._uri, "asked": self._open}))
        except OSError as error:
            _log.info("what the portal is asked could not be noted: %s", error)


def open_and_unlink(uri: str, asked_ns: int, until_ns: int | None = None) -> int:
    """Open the file of a `file:` URI and take it off the disk; returns the descriptor.

    Raises CaptureError, and leaves the file alone, when it is not a regular file of our own that
    was written since `asked_ns` (Unix time), and not later than `until_ns`.
    """
    # Here, because it brings a whole web client along.
    from urllib.request import url2pathname

    try:
        parts = urlsplit(uri)
    except ValueError as error:
        raise CaptureError("error", "the desktop's portal named no address") from error
    path = url2pathname(parts.path)
    if parts.scheme != "file" or parts.netloc not in {"", "localhost"} or "\0" in path:
        raise CaptureError("error", "the desktop's portal named something that is no file here")
    try:
        descriptor = _open(path)
    except OSError as error:
        raise CaptureError("error", f"the portal's file cannot be read: {error}") from error
    try:
        about = os.fstat(descriptor)
        if not stat.S_ISREG(about.st_mode) or about.st_uid != _own():
            raise CaptureError("error", "what the portal named is no regular file of ours")
        if about.st_mtime_ns < asked_ns - _CLOCKS_NS:
            raise CaptureError("error", "the portal's file was there before it was asked")
        if until_ns is not None and about.st_mtime_ns > until_ns + _CLOCKS_NS:
            raise CaptureError("error", "a file in the place of the portal's came later")
        os.unlink(path)  # noqa: PTH108 - the name that was opened
        if about.st_size > LONGEST:
            raise CaptureError("error", f"the portal's file has {about.st_size} bytes")
    except OSError as error:
        os.close(descriptor)
        raise CaptureError("error", f"the portal's file cannot be removed: {error}") from error
    except CaptureError:
        os.close(descriptor)
        raise
    return descriptor


# What is ignored for the types is what Windows lacks, which never comes here.


def _open(path: str) -> int:
    # A pipe in its place would otherwise be waited for.
    flags = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC  # type: ignore[attr-defined, unused-ignore]
    return os.open(path, os.O_RDONLY | flags)


def _own() -> int:
    own: int = os.getuid()  # type: ignore[attr-defined, unused-ignore]
    return own
