"""Pictures through the desktop's portal: org.freedesktop.portal.Screenshot, on Wayland.

The portal writes a file and returns its URI. Rules kept:

- the file is opened, unlinked at once, and read from the open descriptor; only a regular file of
  this user that was written after the request is touched, never a link;
- pictures are requested without the portal's dialog (`interactive` is false); if the desktop needs
  permission, the window lets it ask once (`request_once`);
- a response is awaited for `WAIT_S`; the file of a later one is removed (`portal_requests.py`).

If the program is killed between request and response, a stored note lets the next start remove the
file (`portal_file.py`).
"""

from __future__ import annotations

import contextlib
import os
import time
from typing import TYPE_CHECKING, Any, TypeVar

from tracker.capture.backends.mss_screen import ALL
from tracker.capture.backends.portal_file import PortalFileGuard, open_and_unlink
from tracker.capture.backends.portal_requests import (
    PERSON_S,
    open_portal,
    request_permission,
    version_of,
)
from tracker.capture.interface import CaptureError, Part
from tracker.capture.picture_helper import HelperCamera, PictureHelper

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from tracker.capture.interface import Frame, KeyValueFile, Permission

SCREENSHOT = "org.freedesktop.portal.Screenshot"

#: Seconds to wait for a picture.
WAIT_S = 10.0

_T = TypeVar("_T")


class PortalCapture:
    """Captures all monitors in one picture. `permission` is the desktop's last answer."""

    name = "portal"

    def __init__(self, store: KeyValueFile | None = None, wait_s: float = WAIT_S) -> None:
        """`store` holds the note of a pending request; removes the file of an earlier start."""
        self._wait_s = wait_s
        self._file_guard = PortalFileGuard(store)
        self._file_guard.sweep()
        self.permission: Permission = "unasked"

    def grab(self, now_ms: Callable[[], int]) -> Frame:
        """Take a picture. Raises CaptureError: "denied" when the desktop refuses, "unavailable"
        without a portal, "error" when it does not answer or returns no picture.
        """
        # The program takes its pictures in sessions and does not load Pillow.
        from tracker.capture.stitch import assemble

        return self._grab(now_ms, self._wait_s, assemble)

    @contextlib.contextmanager
    def session(self) -> Iterator[HelperCamera]:
        """See `tracker.capture.interface.SessionBackend`."""
        with PictureHelper() as helper:
            yield HelperCamera(
                self.name, lambda now_ms: self._grab(now_ms, self._wait_s, helper.assemble)
            )

    def request_once(self) -> Permission:
        """Let the desktop ask for permission, if it needs to; waits up to `PERSON_S` seconds.

        Call it on a worker, while our window has the focus and has announced the question: GNOME
        asks only for the active window, and remembers the answer. The picture is discarded. Returns
        `permission`; does nothing when that is known already.
        """
        if self.permission == "unasked":
            request_permission(lambda: self._grab(lambda: 0, PERSON_S, lambda *_: None))
        return self.permission

    def _grab(
        self,
        now_ms: Callable[[], int],
        wait_s: float,
        assemble: Callable[[Sequence[Part], int, str], _T],
    ) -> _T:
        at_ms, asked_ns = now_ms(), time.time_ns()
        self._file_guard.request_started(asked_ns, wait_s)
        try:
            uri = _ask(wait_s, asked_ns)
        except CaptureError as error:
            self._file_guard.request_ended()
            if error.reason == "denied":
                self.permission = "denied"
            raise
        self.permission = "allowed"
        try:
            descriptor = open_and_unlink(uri, asked_ns)
        finally:
            self._file_guard.request_ended(uri)
        with os.fdopen(descriptor, "rb") as file:
            try:
                data = file.read()
            except OSError as error:
                raise CaptureError("error", f"the portal's file cannot be read: {error}") from error
        return assemble([Part(data)], at_ms, ALL)


def is_available(environ: Mapping[str, str]) -> bool:
    """Whether a portal offers screenshots; shows no dialog. Raises OSError."""
    return version_of(SCREENSHOT, environ) > 0


def _ask(wait_s: float, asked_ns: int) -> str:
    """Request a picture; returns its file's URI. Raises CaptureError.

    After a timeout a late file is removed, if it was written after `asked_ns` (Unix ns).
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
