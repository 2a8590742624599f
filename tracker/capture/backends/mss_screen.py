"""Pictures with mss: X11 (shared memory through libxcb), Windows (GDI), macOS (CoreGraphics).

Rules kept: each picture uses a new connection, because an old one keeps its first list of monitors,
fails after a change of resolution and breaks with the server; only the raw BGRX pixels are used
(`.rgb` costs more than the capture). A picture during which the monitors changed mixes both states:
it is taken again, once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.capture.interface import CaptureError, Frame
from tracker.capture.pointer import pointer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mss.models import Monitor

    from tracker.capture.interface import Screens

    Area = tuple[int, int, int, int]

ALL = "all"
POINTER = "pointer"


class ChangedError(CaptureError):
    """The monitors changed during the capture."""


class MssCapture:
    """Captures all monitors in one picture, the one with the pointer, or one by number (from "1").
    Sizes are in the monitors' own pixels, whatever the desktop's scale.
    """

    name = "mss"

    def __init__(self, screen: str = ALL) -> None:
        self.screen = screen

    def set_target(self, screens: Screens) -> None:
        """See `tracker.capture.interface.SelectableTarget`."""
        self.screen = screens

    def grab(self, now_ms: Callable[[], int]) -> Frame:
        """Take a picture. Raises CaptureError("error") when the screen cannot be reached or has no
        such monitor.
        """
        try:
            return self._grab(now_ms)
        except ChangedError:
            return self._grab(now_ms)

    def _grab(self, now_ms: Callable[[], int]) -> Frame:
        # Imported here, so that a program that never takes a picture does not load the library.
        import mss

        try:
            with mss.MSS() as connection:
                monitors = _rectangles(connection.monitors)
                screen = _number(self.screen, monitors)
                area = monitors[0 if screen == ALL else int(screen)]
                at_ms = now_ms()
                picture = connection.grab(area)
            with mss.MSS() as connection:
                after = _rectangles(connection.monitors)
        except (mss.ScreenShotError, OSError, RuntimeError) as error:
            raise ChangedError("error", f"the screen could not be read: {error}") from error
        if after != monitors:
            raise ChangedError("error", "the monitors changed while the picture was taken")
        left, top, right, _ = area
        scale = picture.width / (right - left)
        return Frame(picture.width, picture.height, picture.raw, screen, at_ms, left, top, scale)


def _rectangles(monitors: Sequence[Monitor]) -> list[Area]:
    """left, top, right, bottom: first of the whole desktop, then of each monitor."""
    return [(m["left"], m["top"], m["left"] + m["width"], m["top"] + m["height"]) for m in monitors]


def _number(screen: str, monitors: list[Area]) -> str:
    """Resolve `screen` to ALL or a monitor's number. Monitors of different sizes leave gaps in the
    desktop: a pointer there counts as on the nearest monitor.
    """
    if screen == ALL:
        return ALL
    if screen != POINTER:
        if 1 <= int(screen) < len(monitors):
            return screen
        raise CaptureError("error", f"there is no monitor {screen}")
    if len(monitors) < 2:
        # The server reports no monitors, only the whole desktop.
        return ALL
    x, y = pointer()

    def distance(number: int) -> int:
        left, top, right, bottom = monitors[number]
        aside = max(left - x, 0, x - right + 1)
        return aside**2 + max(top - y, 0, y - bottom + 1) ** 2

    return str(min(range(1, len(monitors)), key=distance))
