"""Pictures by the desktop's portal: org.freedesktop.portal.Screenshot, on Wayland.

The portal writes a file and tells where. Rules kept:

- the file is opened, taken off the disk at once, and read from the open descriptor; only a regular
  file of our own user that was written after we asked is touched, never a link, never another one;
- no picture is asked for with a dialog of the portal's own (`interactive` is false); a desktop that
  wants its person's leave asks for that once, and `ask_once` is how the window lets it ask;
- an answer that does not come is not waited for beyond `WAIT_S`; if it comes all the same, its file
  is removed (see `asking.py`).

A program that is killed between its request and the answer leaves a note of it, by which the next
start sweeps the file (see `portal_file.py`).
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

from tracker.capture.backends.mss_screen import ALL
from tracker.capture.backends.portal_file import PortalFileGuard, open_and_unlink
from tracker.capture.backends.portal_requests import (
    PERSON_S,
    open_portal,
    request_permission,
    version_of,
)
from tracker.capture.decode import decode
from tracker.capture.interface import CaptureError, Frame

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tracker.capture.interface import KeyValueFile, Permission

SCREENSHOT = "org.freedesktop.portal.Screenshot"

#: Seconds for a picture.
WAIT_S = 10.0


class PortalCapture:
    """Takes all monitors in one picture. `leave` is what the desktop's answers have told so far."""

    name = "portal"

    def __init__(self, kept: KeyValueFile | None = None, wait_s: float = WAIT_S) -> None:
        """`kept` holds the note of what is asked for; what an earlier start left is swept."""
        self._wait_s = wait_s
        self._trace = PortalFileGuard(kept)
        self._trace.sweep()
        self.permission: Permission = "unasked"

    def grab(self, now_ms: Callable[[], int]) -> Frame:
        """Raises CaptureError: "denied" when the desktop says no, "unavailable" when no portal can
        be asked, "error" when it does not answer or what it gives is no picture.
        """
        return self._grab(now_ms, self._wait_s)

    def request_once(self) -> Permission:
        """Let the desktop ask its person, if it wants to; waits for the answer (`PERSON_S`).

        To be called on a worker, while our window has the focus and has said what will be asked:
        GNOME asks only for the window in use, and remembers. The picture is thrown away.
        Returns `leave`; does nothing when that is known already.
        """
        if self.permission == "unasked":
            request_permission(lambda: self._grab(lambda: 0, PERSON_S))
        return self.permission

    def _grab(self, now_ms: Callable[[], int], wait_s: float) -> Frame:
        at_ms, asked_ns = now_ms(), time.time_ns()
        self._trace.request_started(asked_ns, wait_s)
        try:
            uri = _ask(wait_s, asked_ns)
        except CaptureError as error:
            self._trace.request_ended()
            if error.reason == "denied":
                self.permission = "denied"
            raise
        self.permission = "allowed"
        try:
            descriptor = open_and_unlink(uri, asked_ns)
        finally:
            self._trace.request_ended(uri)
        try:
            return _decode(descriptor, at_ms)
        finally:
            os.close(descriptor)


def is_available(environ: Mapping[str, str]) -> bool:
    """Whether there is a portal that takes pictures; asks no person. Raises OSError."""
    return version_of(SCREENSHOT, environ) > 0


def _ask(wait_s: float, asked_ns: int) -> str:
    """The URI of a new picture's file. Raises CaptureError.

    The file of an answer that comes too late is removed, if it was written after `asked_ns`.
    """
    end = time.monotonic() + wait_s
    with open_portal(lambda late: os.close(open_and_unlink(_uri(late), asked_ns))) as portal:
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


def _decode(descriptor: int, at_ms: int) -> Frame:
    with os.fdopen(descriptor, "rb", closefd=False) as file:
        picture = decode(file)
    return Frame(*picture.size, picture.tobytes("raw", "BGRX"), ALL, at_ms)
