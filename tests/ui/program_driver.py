"""Drives a `program_host.py`: sends requests, clicks and types."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.desktop_fixtures.waiting import wait_for

if TYPE_CHECKING:
    from tests.desktop_fixtures.desktop import Desktop

ROOT = Path(__file__).resolve().parents[2]
#: Makes the program raise, and log, what would block Qt's thread.
QT_THREAD_GUARD = ROOT / "tests" / "qt_thread_guard"


class ProgramDriver:
    """The program on a desktop; it ends with the desktop's other programs."""

    def __init__(self, desktop: Desktop, **options: Any) -> None:
        """`options` are those of `ProgramHost`; `scale` enlarges everything, `env` extends the
        environment of this program only.
        """
        self.desktop = desktop
        self.scale = float(options.pop("scale", 1))
        env = {"QT_SCALE_FACTOR": str(self.scale), "PYTHONPATH": str(QT_THREAD_GUARD)}
        more = [f"{name}={value}" for name, value in options.pop("env", {}).items()]
        folder = desktop.dir / "stage"
        folder.mkdir(exist_ok=True)
        stage = [sys.executable, "-m", "tests.ui.program_host", str(folder), json.dumps(options)]
        self.process = desktop.popen(
            ["env", *more, *stage],
            cwd=str(ROOT),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            log="stage",
            env=env,
        )
        assert self._read() == "up"
        wait_for(lambda: self.ask("scene")["phase"] == "ready", what="the client to be ready")

    def _read(self) -> Any:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError(f"the program ended:\n{self.desktop.log('stage')}")
        return json.loads(line)

    def ask(self, do: str, **more: Any) -> Any:
        """One request, one answer."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"do": do, **more}).encode() + b"\n")
        self.process.stdin.flush()
        return self._read()

    def wait(self, do: str, **expected: Any) -> dict[str, Any]:
        """Wait until an answer has all expected values; returns it."""

        def fits() -> dict[str, Any] | None:
            answer = self.ask(do)
            fit = answer is not None and all(answer[k] == v for k, v in expected.items())
            return answer if fit else None

        return wait_for(fits, what=f"{do} to be {expected}")

    def status(self, name: str, **changes: Any) -> None:
        """Send a recorder's status, and wait until the screen shows it."""
        self.ask("status", name=name, **changes)
        states = {"review": "recording", "held": "recording", "away": "idle"}
        state = states.get(name, name)
        self.wait("scene", state=state)

    def calls(self, *expected: Any) -> list[list[Any]]:
        """Wait until the recorder has received exactly these commands, in this order."""
        wanted = [list(call) for call in expected]
        seen: list[list[list[Any]]] = [[]]

        def received() -> bool:
            seen.append(self.ask("calls"))
            return seen[-1] == wanted

        try:
            wait_for(received, what=f"the commands {wanted}")
        except TimeoutError as error:
            raise AssertionError(f"received {seen[-1]} instead of {wanted}") from error
        return wanted

    def click(self, where: str, part: str) -> None:
        """Click a part of the window, the toast or a page, found by its name."""
        x, y, width, height = (round(n * self.scale) for n in self.parts(where)[part])
        self.desktop.click(x + width // 2, y + height // 2)

    def parts(self, where: str) -> dict[str, list[int]]:
        """The usable parts of a shown window, once the window manager has placed it."""
        seen = [self.wait(where, visible=True)]

        def settled() -> bool:
            seen.append(self.wait(where, visible=True))
            return bool(seen[-1]["exposed"]) and seen[-1] == seen[-2]

        wait_for(settled, every=0.1, what=f"the {where} to have its place")
        return dict(seen[-1]["parts"])

    def double_click_tray(self) -> None:
        """Two fast clicks on the icon."""
        icon = self.desktop.tray_icon_geometry()
        x, y = icon.centre
        twice = ["click", "--repeat", "2", "--delay", "60", "1"]
        self.desktop.xdotool("mousemove", str(x), str(y), *twice)

    def end(self) -> list[list[Any]]:
        """Close the program's input, which ends it; returns all commands of the recorder."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        calls = self._read()
        assert self.process.wait(20) == 0
        return list(calls)
