"""Counting input on X11: the processor's time it takes, beside a bare pynput listener.

Both listen at the same X server in processes of their own, and hear the same events: the same
hands, the same seconds. What is compared is their CPU time, which a busy machine hardly changes.
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

#: Says a line when it listens, then listens until its standard input ends.
_OURS = """
import sys
from tracker.platform.clock import SystemClock
from tracker.selection.environment import look
from tracker.selection.input import choose
from tracker.input.minute_counters import Counters
import os
backend = choose(look(os.environ)).backend
backend.start(Counters(SystemClock("").uptime_ms))
print(backend.name, flush=True)
sys.stdin.read()
"""
_PYNPUT = """
import sys
from pynput import keyboard, mouse
def heard(*_): pass
listeners = [
    keyboard.Listener(on_press=heard, on_release=heard),
    mouse.Listener(on_move=heard, on_click=heard, on_scroll=heard),
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
    """What is done in each second."""

    name: str
    moves: int
    keys: int
    target: float | None


INPUT_LOADS = (
    InputLoad("count ordinary input", 125, 5, 0.6),
    InputLoad("count fast pointer movement", 1000, 0, 0.2),
    InputLoad("count without input", 0, 0, None),
)


class Listening:
    """A process that listens; `cpu_s` is the processor's time it has had."""

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
        """By the kernel's own account, to the nanosecond, of all its threads."""
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
    """CPU seconds of a second, of both; the median of some rounds after one of warm-up."""
    display = Display(desktop.display)
    both = [Listening(program, desktop.display) for program in (_OURS, _PYNPUT)]
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
    """All lines of this part."""
    with Desktop("1024x768", session=False, window_manager=False, tray="none") as desktop:
        return [count_input(desktop, load) for load in INPUT_LOADS]
