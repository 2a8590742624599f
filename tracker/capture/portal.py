"""Pictures by the desktop's portal: org.freedesktop.portal.Screenshot, on Wayland.

The portal writes a file and tells where. Rules kept:

- the file is opened, taken off the disk at once, and read from the open descriptor; only a regular
  file of our own user that was written after we asked is touched, never a link, never another one;
- no picture is asked for with a dialog of the portal's own (`interactive` is false); a desktop that
  wants its person's leave asks for that once, and `ask_once` is how the window lets it ask;
- an answer that does not come is not waited for beyond `WAIT_S`; if it comes all the same, its file
  is removed (see `asking.py`).

A program that is killed between its request and the answer learns no name, and so it leaves no note
of one: the picture that the portal may still write is not swept by a later start, because a file
that merely looks like a picture of the screen can be one that its person took. The time for this is
the tenth of a second that a portal needs.
"""

from __future__ import annotations

import logging
import os
import stat
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tracker.capture.asking import talk, version_of
from tracker.capture.base import CaptureError, Frame
from tracker.capture.decode import LONGEST, decode
from tracker.capture.mss_backend import ALL

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tracker.capture.base import Leave

_log = logging.getLogger(__name__)

SCREENSHOT = "org.freedesktop.portal.Screenshot"

#: Seconds for a picture, and for a person who reads a question of the desktop.
WAIT_S = 10.0
PERSON_S = 120.0
#: How much older than the request its file may seem: file systems round their times.
_CLOCKS_NS = 2_000_000_000


class PortalCapture:
    """Takes all monitors in one picture. `leave` is what the desktop's answers have told so far."""

    name = "portal"

    def __init__(self, wait_s: float = WAIT_S) -> None:
        self._wait_s = wait_s
        self.leave: Leave = "unasked"

    def grab(self, now_ms: Callable[[], int]) -> Frame:
        """Raises CaptureError: "denied" when the desktop says no, "unavailable" when no portal can
        be asked, "error" when it does not answer or what it gives is no picture.
        """
        return self._grab(now_ms, self._wait_s)

    def ask_once(self) -> Leave:
        """Let the desktop ask its person, if it wants to; waits for the answer (`PERSON_S`).

        To be called on a worker, while our window has the focus and has said what will be asked:
        GNOME asks only for the window in use, and remembers. The picture is thrown away.
        Returns `leave`; does nothing when that is known already.
        """
        if self.leave == "unasked":
            try:
                self._grab(lambda: 0, PERSON_S)
            except CaptureError as error:
                _log.info("the desktop was asked for leave to take pictures: %s", error)
        return self.leave

    def _grab(self, now_ms: Callable[[], int], wait_s: float) -> Frame:
        at_ms, asked_ns = now_ms(), time.time_ns()
        try:
            uri = _ask(wait_s, asked_ns - _CLOCKS_NS)
        except CaptureError as error:
            if error.reason == "denied":
                self.leave = "denied"
            raise
        self.leave = "allowed"
        descriptor = take_away(uri, asked_ns - _CLOCKS_NS)
        try:
            return _decode(descriptor, at_ms)
        finally:
            os.close(descriptor)


def can_take(environ: Mapping[str, str]) -> bool:
    """Whether there is a portal that takes pictures; asks no person. Raises OSError."""
    return version_of(SCREENSHOT, environ) > 0


def _ask(wait_s: float, oldest_ns: int) -> str:
    """The URI of a new picture's file. Raises CaptureError.

    The file of an answer that comes too late is removed, if it is no older than `oldest_ns`.
    """
    end = time.monotonic() + wait_s
    with talk(lambda late: os.close(take_away(_uri(late), oldest_ns))) as portal:
        options = {"interactive": ("b", False)}
        return _uri(portal.request(SCREENSHOT, "Screenshot", "s", ("",), options, end))


def _uri(results: dict[str, Any]) -> str:
    try:
        kind, uri = results["uri"]
    except (KeyError, TypeError, ValueError) as error:
        raise CaptureError("error", "the desktop's portal answered without a picture") from error
    if kind != "s":
        raise CaptureError("error", "the desktop's portal answered without a picture")
    return str(uri)


def take_away(uri: str, oldest_ns: int) -> int:
    """Open the file of a `file:` URI and take it off the disk; returns the descriptor.

    Raises CaptureError, and leaves the file alone, when it is not a regular file of our own that
    was written at `oldest_ns` (Unix time) or later.
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
        if about.st_mtime_ns < oldest_ns:
            raise CaptureError("error", "the portal's file was there before it was asked")
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


def _decode(descriptor: int, at_ms: int) -> Frame:
    with os.fdopen(descriptor, "rb", closefd=False) as file:
        picture = decode(file)
    return Frame(*picture.size, picture.tobytes("raw", "BGRX"), ALL, at_ms)
