"""Pictures by mss: X11 (shared memory through libxcb), Windows (GDI), macOS (CoreGraphics).

Rules kept: a fresh connection for each picture, because a kept one holds the monitors of when it
was made, fails after a change of resolution and dies with the server; only the raw BGRX pixels are
used (`.rgb` costs more than the capture).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.capture.base import CaptureError, Frame

if TYPE_CHECKING:
    from collections.abc import Callable

ALL = "all"


class MssCapture:
    """Takes all monitors in one picture, or the one of that number ("1" is the first)."""

    name = "mss"

    def __init__(self, screen: str = ALL) -> None:
        self.screen = screen

    def grab(self, now_ms: Callable[[], int]) -> Frame:
        """Raises CaptureError("error") when the screen cannot be reached or has no such monitor."""
        # Here, so that a program that never takes a picture does not carry the library.
        import mss

        try:
            with mss.MSS() as connection:
                number = 0 if self.screen == ALL else int(self.screen)
                monitors = connection.monitors
                if not 0 <= number < len(monitors):
                    raise CaptureError("error", f"there is no monitor {self.screen}")
                at_ms = now_ms()
                shot = connection.grab(monitors[number])
        except (mss.ScreenShotError, OSError, RuntimeError) as error:
            raise CaptureError("error", f"the screen could not be read: {error}") from error
        return Frame(shot.width, shot.height, shot.raw, self.screen, at_ms)
