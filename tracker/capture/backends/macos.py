"""Pictures on macOS with mss, unless macOS denies them or the screen is locked.

Without the permission macOS still returns a picture, of the background without any window. So the
permission is checked before each picture; the check shows no dialog.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tracker.capture.backends.mss_screen import MssCapture
from tracker.capture.interface import CaptureError, SelectableTarget
from tracker.platform.macos_permissions import mac_may_capture
from tracker.power.backends.macos import screen_is_locked, system_calls

if TYPE_CHECKING:
    from tracker.capture.interface import CaptureBackend, Frame, HeldFrame, Screens


class MacCapture:
    """Checks before each picture. `may_capture` returns None where macOS has no such permission."""

    name = "mss"

    def __init__(
        self,
        inner: CaptureBackend | None = None,
        *,
        may_capture: Callable[[], bool | None] = mac_may_capture,
        locked: Callable[[], bool] = lambda: screen_is_locked(system_calls()),
    ) -> None:
        self._inner = inner or MssCapture()
        self._may_capture = may_capture
        self._locked = locked

    def set_target(self, screens: Screens) -> None:
        """See `tracker.capture.interface.SelectableTarget`."""
        if isinstance(self._inner, SelectableTarget):
            self._inner.set_target(screens)

    def grab(self, now_ms: Callable[[], int]) -> Frame | HeldFrame:
        """Take a picture. Raises CaptureError("denied") or ("locked")."""
        if self._may_capture() is False:
            raise CaptureError("denied", "macOS no longer allows pictures")
        try:
            locked = self._locked()
        except (OSError, AttributeError) as error:
            raise CaptureError("error", f"the session could not be read: {error}") from error
        if locked:
            raise CaptureError("locked", "the screen is locked")
        return self._inner.grab(now_ms)
