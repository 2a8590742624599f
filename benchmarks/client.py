"""The client while recording: memory, CPU time and start, compared with a bare tray program.

Both run on the test desktop. Ours is the real program, enrolled at a real marketplace and recording
in real time with a closed window, without input during the measurement.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.measure import Figure
from scripts.dev.processes import Process
from tests.desktop_fixtures.desktop import Desktop
from tests.desktop_fixtures.waiting import wait_for
from tests.end2end.running_system import RunningSystem

#: Seconds over which the CPU time is measured.
QUIET_S = 60.0
STARTS = 5


def figures() -> list[Figure]:
    """All figures of this module."""
    with Desktop() as desktop, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        system = RunningSystem(folder, desktop, speed=None)
        try:
            system.open_client()
            return [*_at_work(system), _start(system)]
        finally:
            system.close()


def _at_work(system: RunningSystem) -> list[Figure]:
    client = system.client
    if client is None:
        raise RuntimeError("the client is not running")
    system.gui.start_recording("A quiet hour")
    system.gui.hide_window()
    with _bare(system) as bare:
        # Exclude the start: the keyring, the first connection.
        rest(20.0)
        ours, reference = _quiet_minute(system, client.pid, bare.pid)
        memory, private = (
            [pss(program.pid, row) for program in (client, bare)] for row in ("Pss", "Pss_Anon")
        )
    system.gui.stop_recording()
    system.gui.hide_window()
    beside = "a bare tray program with pynput and mss"
    share = f"{ours / QUIET_S:.3%} of a core"
    return [
        Figure(
            "memory while recording", "PSS, window closed", memory[0], memory[1], beside, 1.25, "kB"
        ),
        Figure(
            "its private part", "PSS of anonymous pages", private[0], private[1], beside, None, "kB"
        ),
        Figure(
            f"CPU while recording, {QUIET_S:.0f} s without input",
            share,
            ours,
            reference,
            beside,
            1.5,
        ),
    ]


def _quiet_minute(system: RunningSystem, ours: int, bare: int) -> tuple[float, float]:
    """Seconds of CPU time of both programs in a minute without a picture, which costs as much as
    five such minutes. There are at most two pictures in a row: late in one slot, early in the next.
    """
    while True:
        pictures = _pictures(system)
        before = _ran_ns(ours), _ran_ns(bare)
        rest(QUIET_S)
        after = _ran_ns(ours), _ran_ns(bare)
        if _pictures(system) == pictures:
            return (after[0] - before[0]) / 1e9, (after[1] - before[1]) / 1e9


def _pictures(system: RunningSystem) -> set[Path]:
    return set((system.folder / "client").glob("*/blobs/*"))


def _start(system: RunningSystem) -> Figure:
    """From the start of the process to its icon in the tray, with warm disk caches."""
    if system.client is not None:
        system.client.stop()
        system.client = None
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(STARTS + 1):
        for times, start in zip(
            taken, (system.open_client, lambda: _bare_process(system)), strict=True
        ):
            times.append(until_icon(system, start))
    system.client = None
    ours, reference = (statistics.median(times[1:]) for times in taken)
    return Figure(
        "start to icon in the tray, warm",
        f"median of {STARTS}",
        ours,
        reference,
        "a bare tray program with pynput and mss",
        1.6,
    )


def until_icon(system: RunningSystem, start: Callable[[], Process]) -> float:
    """Seconds from the start to the tray icon; the program has ended on return."""
    seen: list[float] = []
    icons = system.desktop.x.embedded_icons
    wait_for(lambda: not icons(), what="an empty tray")
    process: list[Process] = []
    begin = time.perf_counter()
    starter = threading.Thread(target=lambda: process.append(start()))
    starter.start()

    def there() -> bool:
        if icons():
            seen.append(time.perf_counter() - begin)
        return bool(seen)

    wait_for(there, timeout=60, every=0.005, what="the icon")
    starter.join()
    process[0].stop()
    return seen[0]


def _bare_process(system: RunningSystem) -> Process:
    argv = [sys.executable, "-m", "benchmarks.bare_app"]
    env = {**os.environ, **system.desktop.env}
    process = Process("the bare program", argv, env, system.folder / "bare.log")
    process.wait_line("ready")
    return process


@contextmanager
def _bare(system: RunningSystem) -> Iterator[Process]:
    process = _bare_process(system)
    try:
        yield process
    finally:
        process.stop()


def rest(seconds: float) -> None:
    """Wait some real seconds while the measured programs run."""
    threading.Event().wait(seconds)


def _ran_ns(pid: int) -> int:
    """CPU time of all threads of a process, in nanoseconds (Linux, schedstat)."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks)


def pss(pid: int, row: str = "Pss") -> int:
    """Proportional set size in bytes: private pages, and a share of the shared ones. `row`: one of
    the other rows of smaps_rollup.
    """
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith(f"{row}:"):
            return int(line.split()[1]) * 1000
    raise RuntimeError(f"smaps_rollup has no {row}")
