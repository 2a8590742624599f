"""Pictures by mss: X11 (shared memory through libxcb), Windows (GDI), macOS (CoreGraphics).

Rules kept: a fresh connection for each picture, because a kept one holds the monitors of when it
was made, fails after a change of resolution and dies with the server; only the raw BGRX pixels are
used (`.rgb` costs more than the capture). A picture during which the monitors changed shows half
of each: it is taken again, once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.capture.interface import CaptureError, Frame
from tracker.capture.pointer import pointer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mss.models import Monitor

    from tracker.capture.interface import Screens

    Place = tuple[int, int, int, int]

ALL = "all"
POINTER = "pointer"


class ChangedError(CaptureError):
    """The monitors are not what they were when the picture was begun."""


class MssCapture:
    """Takes all monitors in one picture, the one with the pointer, or the one of that number ("1"
    is the first). Sizes are the monitors' own pixels, whatever a desktop's scale makes of them.
    """

    name = "mss"

    def __init__(self, screen: str = ALL) -> None:
        self.screen = screen

    def set_target(self, screens: Screens) -> None:
        """See `tracker.capture.interface.Aimed`."""
        self.screen = screens

    def grab(self, now_ms: Callable[[], int]) -> Frame:
        """Raises CaptureError("error") when the screen cannot be reached or has no such monitor."""
        try:
            return self._grab(now_ms)
        except ChangedError:
            return self._grab(now_ms)

    def _grab(self, now_ms: Callable[[], int]) -> Frame:
        # Here, so that a program that never takes a picture does not carry the library.
        import mss

        try:
            with mss.MSS() as connection:
                monitors = _places(connection.monitors)
                screen = _number(self.screen, monitors)
                place = monitors[0 if screen == ALL else int(screen)]
                at_ms = now_ms()
                shot = connection.grab(place)
            with mss.MSS() as connection:
                after = _places(connection.monitors)
        except (mss.ScreenShotError, OSError, RuntimeError) as error:
            raise ChangedError("error", f"the screen could not be read: {error}") from error
        if after != monitors:
            raise ChangedError("error", "the monitors changed while the picture was taken")
        left, top, right, _ = place
        scale = shot.width / (right - left)
        return Frame(shot.width, shot.height, shot.raw, screen, at_ms, left, top, scale)


def _places(monitors: Sequence[Monitor]) -> list[Place]:
    """left, top, right, bottom: all of them first, then each."""
    return [(m["left"], m["top"], m["left"] + m["width"], m["top"] + m["height"]) for m in monitors]


def _number(screen: str, monitors: list[Place]) -> str:
    """The name of what is to be taken. Monitors of different sizes leave holes in the desktop: a
    pointer there counts as on the monitor that is nearest.
    """
    if screen == ALL:
        return ALL
    if screen != POINTER:
        if 1 <= int(screen) < len(monitors):
            return screen
        raise CaptureError("error", f"there is no monitor {screen}")
    if len(monitors) < 2:
        # A server that knows no monitors, only the whole.
        return ALL
    x, y = pointer()

    def distance(number: int) -> int:
        left, top, right, bottom = monitors[number]
        aside = max(left - x, 0, x - right + 1)
        return aside**2 + max(top - y, 0, y - bottom + 1) ** 2

    return str(min(range(1, len(monitors)), key=distance))
