"""The scripted user of the demo: starts recording, then works in real windows.

Everything goes through the X server (xdotool): the user sees windows and presses keys and buttons.
The rhythm comes from a seeded random source.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from scripts.dev.sample_windows import EDITOR, PAGE, SHEET

if TYPE_CHECKING:
    from tests.desktop_fixtures.screen import Screen

_LINES = (
    "def postcode_fits(postcode: str, country: str) -> bool:\n",
    "    pattern = PATTERNS.get(country)\n",
    "    return pattern is None or bool(pattern.fullmatch(postcode))\n",
    "\n",
    "PATTERNS = {\n",
    '    "AU": re.compile(r"[0-9]{4}"),\n',
    '    "US": re.compile(r"[0-9]{5}(-[0-9]{4})?"),\n',
    "}\n",
    "\n",
    "# The country decides which form a postcode has.\n",
)


class ScriptedUser:
    """Works until `stopped` is set."""

    def __init__(self, desktop: Screen, stopped: threading.Event, seed: int = 1) -> None:
        self._desktop = desktop
        self._stopped = stopped
        self._random = random.Random(seed)  # noqa: S311 - a rhythm, not a secret
        self._line = 0

    def work(self) -> None:
        """Alternate between the windows, with pauses, until stopped."""
        habits: tuple[tuple[Callable[[], None], int], ...] = (
            (self._write, 6),
            (self._look_up, 2),
            (self._read, 2),
            (self._think, 2),
        )
        while not self._stopped.is_set():
            (habit,) = self._random.choices([h for h, _ in habits], [w for _, w in habits])
            habit()

    def _pause(self, seconds: float) -> None:
        self._stopped.wait(seconds)

    def _write(self) -> None:
        window = self._desktop.wait_window(EDITOR)
        line = _LINES[self._line % len(_LINES)]
        self._line += 1
        if line.strip():
            pace = self._random.randint(25, 60)
            self._desktop.type_in_window(window, line.rstrip(), delay_ms=pace)
        self._desktop.focus(window)
        self._desktop.xdotool("key", "Return")
        self._pause(self._random.uniform(0.2, 1.0))

    def _look_up(self) -> None:
        table = self._desktop.wait_window(SHEET).rect
        for _ in range(self._random.randint(1, 3)):
            x = table.x + self._random.randint(80, table.width - 40)
            y = table.y + self._random.randint(50, table.height - 40)
            self._desktop.click(x, y)
            self._pause(self._random.uniform(0.2, 0.6))

    def _read(self) -> None:
        page = self._desktop.wait_window(PAGE)
        self._desktop.focus(page)
        self._desktop.xdotool("mousemove", *(str(n) for n in page.rect.centre))
        for button in (5, 5, 4):
            self._desktop.xdotool("click", str(button))
            self._pause(self._random.uniform(0.2, 0.5))

    def _think(self) -> None:
        self._pause(self._random.uniform(0.5, 2.5))
