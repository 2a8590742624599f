"""A display for tests: windows, pictures, keys and clicks, through the display alone.

`Desktop` starts its own display; `Screen(":99", os.environ)` uses an existing one.
"""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from tests.desktop_fixtures.processes import DesktopError
from tests.desktop_fixtures.waiting import wait_for
from tests.desktop_fixtures.x11 import Rect, Window, XClient

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PIL import Image


class Screen:
    """Belongs to the thread that created it. `env` is the environment of its programs."""

    def __init__(self, display: str, env: Mapping[str, str]) -> None:
        self.display = display
        self.env = {**env, "DISPLAY": display}
        self._client: XClient | None = None

    def disconnect(self) -> None:
        """Close the connection, if any; the next query opens it again."""
        if self._client is not None:
            self._client.close()
        self._client = None

    # Queries

    @property
    def x(self) -> XClient:
        """A connection to the screen, opened at its first use."""
        if self._client is None:
            self._client = XClient(self.display)
        return self._client

    def screenshot(self, path: Path | None = None, area: Rect | None = None) -> Image.Image:
        """The screen, RGB, not captured by the product; written to `path` if given."""
        picture = self.x.grab(area)
        if path is not None:
            picture.save(path)
        return picture

    def windows(self, name: str = "") -> tuple[Window, ...]:
        """The managed windows whose title contains `name`."""
        return tuple(w for w in self.x.windows() if name in w.name)

    def wait_window(self, name: str, *, timeout: float = 20.0) -> Window:
        """Wait for a window whose title contains `name`."""
        return wait_for(lambda: self.windows(name), timeout=timeout, what=f"window {name!r}")[0]

    # Input

    def run(self, argv: Sequence[str], *, timeout: float = 30.0, **env: str) -> str:
        """Run a short command on the desktop and return its output. Raises DesktopError."""
        done = subprocess.run(
            argv, env=self.env | env, capture_output=True, text=True, timeout=timeout, check=False
        )
        if done.returncode:
            raise DesktopError(
                f"{' '.join(argv)} ended with {done.returncode}: {done.stderr.strip()}"
            )
        return done.stdout

    def xdotool(self, *args: str) -> str:
        """Input through XTEST."""
        return self.run(["xdotool", *args], timeout=120.0)

    def click(self, x: int, y: int, *, button: int = 1) -> None:
        """Click at a position of the screen."""
        self.xdotool("mousemove", str(x), str(y), "click", str(button))

    def click_tray_icon(self, *, button: int = 1, index: int = 0) -> Rect:
        """Click an icon of an XEMBED tray with the mouse: button 1 left, 3 right."""
        icon = wait_for(lambda: self.x.embedded_icons()[index:], what="an icon in the tray")[0]
        self.click(*icon.centre, button=button)
        return icon

    def focus(self, window: Window) -> None:
        """Raise a window and give it the keyboard."""
        self.xdotool("windowactivate", str(window.id))
        wait_for(lambda: self.x.active_window() == window.id, what=f"focus on {window.name!r}")

    def type_in_window(self, window: Window, text: str, *, delay_ms: int = 4) -> None:
        """Focus a window and type into it."""
        self.focus(window)
        self.xdotool("type", "--delay", str(delay_ms), "--", text)
