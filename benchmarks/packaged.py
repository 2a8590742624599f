"""Compares the packaged client with the client from its sources: start, memory while recording.

The packaged client is the folder that `make installers` has built; without it there are no figures.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.client import STARTS, pss, rest, until_icon
from benchmarks.measure import Figure
from installers.project import BUILD
from scripts.dev.processes import CLIENT
from tests.desktop_fixtures.desktop import Desktop
from tests.end2end.running_system import RunningSystem

PROGRAM = BUILD / "client" / "dist" / "workdiary" / "workdiary"
_BESIDE = "from its sources"


def figures() -> list[Figure]:
    """All figures of this module; none without a packaged program."""
    if not PROGRAM.exists():
        print("packaged: run make installers first")
        return []
    packaged, source = _measured([str(PROGRAM)]), _measured(CLIENT)
    return [
        Figure(
            "packaged: start to icon in the tray, warm",
            f"median of {STARTS}",
            packaged[0],
            source[0],
            _BESIDE,
            None,
        ),
        Figure(
            "packaged: memory while recording",
            "PSS, window closed, without the libraries of other programs",
            packaged[1],
            source[1],
            _BESIDE,
            None,
            "kB",
        ),
    ]


def _measured(command: Sequence[str]) -> tuple[float, float]:
    """The median seconds until the icon, and the memory of a recording client in bytes (PSS)."""
    with Desktop() as desktop, tempfile.TemporaryDirectory() as name:
        system = RunningSystem(Path(name), desktop, speed=None, client=command)
        try:
            times = [until_icon(system, system.open_client) for _ in range(STARTS + 1)]
            client = system.open_client()
            system.gui.start_recording("A quiet hour")
            system.gui.hide_window()
            rest(20.0)
            memory = float(pss(client.pid))
            system.gui.stop_recording()
            return statistics.median(times[1:]), memory
        finally:
            system.close()
