"""Controls a `target_window.py`: its position, and the events that it has received."""

from __future__ import annotations

import json
import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.desktop_fixtures.waiting import wait_for

if TYPE_CHECKING:
    from subprocess import Popen

    from tests.desktop_fixtures.desktop import Desktop
    from tests.desktop_fixtures.x11 import Window

ROOT = Path(__file__).resolve().parents[2]
SCROLL_BUTTONS = range(4, 8)
# Without letters and digits that look alike.
LETTERS = "ACEFHKLMNPRT"


def random_code(length: int = 8) -> str:
    """A random code that is easy to read from a picture."""
    return "".join(secrets.choice(LETTERS) for _ in range(length))


class Target:
    """A focused window that shows `text`; it ends with the desktop's other programs."""

    def __init__(
        self, desktop: Desktop, text: str, *, title: str = "Target", size: str = "900x500"
    ) -> None:
        self.text = text
        self._desktop = desktop
        self._file = desktop.dir / f"target-{secrets.token_hex(4)}.json"
        module = ["-m", "tests.desktop_fixtures.target_window", str(self._file)]
        self.process: Popen[bytes] = desktop.popen(
            [sys.executable, *module, "--text", text, "--title", title, "--size", size],
            cwd=str(ROOT),
            log="target",
        )
        wait_for(self._file.exists, what="the target window's first numbers")
        number = self.counts()["window"]
        wait_for(
            lambda: any(w.id == number for w in desktop.windows()), what="the target window managed"
        )
        self.focus()

    @property
    def window(self) -> Window:
        """Its current position."""
        return self._desktop.x.window(self.counts()["window"])

    def counts(self) -> dict[str, Any]:
        """The events received; `target_window.py` lists the keys."""
        values: dict[str, Any] = json.loads(self._file.read_text())
        return values

    def focus(self) -> None:
        """Focus it and wait until it reports the focus."""
        self._desktop.focus(self.window)
        wait_for(lambda: self.counts()["focused"], what="the target to be focused")

    def wait(self, **least: int) -> dict[str, Any]:
        """Wait until each named count is at least the given one; returns all counts."""

        def reached() -> bool:
            counts = self.counts()
            return all(counts[k] >= v for k, v in least.items())

        try:
            wait_for(reached, timeout=60.0)
        except TimeoutError as error:
            raise TimeoutError(f"the target has not received {least}: {self.counts()}") from error
        return self.counts()

    def type(self, text: str, *, delay_ms: int = 4) -> None:
        """Type into it with XTEST."""
        self._desktop.type_in_window(self.window, text, delay_ms=delay_ms)

    def click(self, times: int = 1, *, button: int = 1) -> None:
        """Click in its middle, each click after the previous one has arrived; buttons 4 to 7
        scroll.

        openbox, which handles each click before the window, drops some clicks that follow one
        another within milliseconds.
        """
        kind = "scrolls" if button in SCROLL_BUTTONS else "clicks"
        centre = self.window.rect.centre
        come = self.counts()[kind]
        for number in range(1, times + 1):
            self._desktop.click(*centre, button=button)
            self.wait(**{kind: come + number})

    def close(self) -> None:
        """End the program."""
        self.process.terminate()
        self.process.wait(10)
