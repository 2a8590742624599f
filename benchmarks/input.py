"""CPU time of input counting on X11, compared with a bare pynput listener.

Both listen in separate processes at the same X server, to the same events. CPU time is compared,
which a busy machine hardly changes.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from Xlib import X
from Xlib.display import Display
from Xlib.ext import xtest

from benchmarks.measure import Figure
from tests.desktop_fixtures.desktop import Desktop

ROUNDS = 5
SECONDS = 4.0
ROOT = Path(__file__).resolve().parents[1]
_A_KEY = 38

#: Prints a line when it listens, then listens until its standard input ends.
_OURS = """
import sys
from tracker.platform.clock import SystemClock
from tracker.selection.environment import detect_environment
from tracker.selection.input import select_input
from tracker.input.minute_counters import Counters
import os
backend = select_input(detect_environment(os.environ)).backend
backend.start(Counters(SystemClock("").uptime_ms))
print(backend.name, flush=True)
sys.stdin.read()
"""
_PYNPUT = """
import sys
from pynput import keyboard, mouse
def ignore(*_): pass
listeners = [
    keyboard.Listener(on_press=ignore, on_release=ignore),
    mouse.Listener(on_move=ignore, on_click=ignore, on_scroll=ignore),
]
for one in listeners:
    one.start()
for one in listeners:
    one.wait()
print("pynput", flush=True)
sys.stdin.read()
"""


@dataclass(frozen=True)
class InputLoad:
    """The input of each second."""

    name: str
    moves: int
    keys: int
    target: float | None


INPUT_LOADS = (
    InputLoad("count ordinary input", 125, 5, 0.6),
    InputLoad("count fast pointer movement", 1000, 0, 0.2),
    InputLoad("count without input", 0, 0, None),
)


class ListenerProcess:
    """A listening process; `cpu_s` is its CPU time."""

    def __init__(self, program: str, display: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env={**os.environ, "DISPLAY": display, "XDG_SESSION_TYPE": "x11"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdout is not None
        self.name = self._process.stdout.readline().decode().strip()
        assert self.name, "it does not listen"

    def cpu_s(self) -> float:
        """CPU seconds of all its threads, from the kernel."""
        threads = Path(f"/proc/{self._process.pid}/task").glob("*/schedstat")
        return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(10)


def act(display: Display, load: InputLoad, seconds: float) -> None:
    """Move and type by XTEST, evenly."""
    begin = time.monotonic()
    moved = typed = 0
    while (passed := time.monotonic() - begin) < seconds:
        while moved < passed * load.moves:
            step = 3 if moved % 40 < 20 else -3
            xtest.fake_input(display, X.MotionNotify, detail=1, x=step, y=moved % 2 * 2 - 1)
            moved += 1
        while typed < passed * load.keys:
            xtest.fake_input(display, X.KeyPress, _A_KEY)
            xtest.fake_input(display, X.KeyRelease, _A_KEY)
            typed += 1
        display.flush()
        time.sleep(0.001 if load.moves else 0.1)
    display.sync()


def count_input(desktop: Desktop, load: InputLoad) -> Figure:
    """CPU seconds per second of both listeners; the median of some rounds after a warm-up."""
    display = Display(desktop.display)
    both = [ListenerProcess(program, desktop.display) for program in (_OURS, _PYNPUT)]
    taken: tuple[list[float], list[float]] = ([], [])
    try:
        act(display, load, 1.0)
        for _ in range(ROUNDS):
            before = [one.cpu_s() for one in both]
            act(display, load, SECONDS)
            for one, was, times in zip(both, before, taken, strict=True):
                times.append((one.cpu_s() - was) / SECONDS)
    finally:
        for one in both:
            one.close()
        display.close()
    ours, reference = statistics.median(taken[0]), statistics.median(taken[1])
    return Figure(
        load.name,
        f"{load.moves} moves/s, {load.keys} keys/s, CPU time of a second, {both[0].name}",
        ours,
        reference,
        "a bare pynput listener",
        load.target,
    )


def figures() -> list[Figure]:
    """All figures of this module."""
    with Desktop("1024x768", session=False, window_manager=False, tray="none") as desktop:
        return [count_input(desktop, load) for load in INPUT_LOADS]
