"""Seconds of activity without a hook: the real structures over simulated calls."""

from __future__ import annotations

import ctypes
import queue
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.desktop_fixtures.waiting import wait_for
from tracker.input.backends.macos_idle import ANY_INPUT, COMBINED_SESSION, mac_idle
from tracker.input.backends.macos_idle import since_input as mac_since
from tracker.input.backends.windows_idle import IdleCalls, LastInputInfo, since_input, windows_idle
from tracker.input.idle_polling import IdlePoller
from tracker.input.interface import InputError
from tracker.input.minute_counters import Counters
from tracker.input.monitor import InputMonitor


class Seconds:
    """A fixed clock and last input; `poll` runs one poll."""

    def __init__(self) -> None:
        self.now_ms = 1_000_000
        self.input_ms = 0
        self.broken = False
        self.moved: list[int] = []
        self._turns: queue.SimpleQueue[bool] = queue.SimpleQueue()
        self._asked = threading.Semaphore(0)
        self.poller = IdlePoller(
            "simulated", lambda: self.since, wait=self._wait, now_ms=lambda: self.now_ms
        )

    def since(self) -> int:
        if self.broken:
            raise OSError("no answer")
        return self.now_ms - self.input_ms

    def _wait(self, ending: threading.Event) -> bool:
        self._asked.release()
        while not ending.is_set():
            try:
                return not self._turns.get(timeout=0.05)
            except queue.Empty:
                continue
        return True

    def begin(self, sink: Any) -> None:
        self.poller.start(sink)
        assert self._asked.acquire(timeout=20)

    def poll(self, *, inputs: tuple[int, ...] = ()) -> None:
        """A second later, with inputs so many milliseconds after the last poll."""
        for after in inputs:
            self.input_ms = self.now_ms + after
        self.now_ms += 1000
        self._turns.put(True)
        assert self._asked.acquire(timeout=20)


def test_each_second_with_input_is_reported_once() -> None:
    simulated = Seconds()
    counters = Counters(lambda: simulated.now_ms)
    simulated.begin(counters)
    moves = []
    for inputs in ((), (300, 900), (), (100,), (990,), ()):
        simulated.poll(inputs=inputs)
        moves.append(counters.take("active-only").moves)
    simulated.poller.stop()
    assert moves == [0, 1, 0, 1, 1, 0]


def test_input_before_the_start_is_not_reported() -> None:
    simulated = Seconds()
    simulated.input_ms = simulated.now_ms - 10
    counters = Counters(lambda: simulated.now_ms)
    simulated.begin(counters)
    simulated.poll()
    simulated.poller.stop()
    assert counters.take("active-only").moves == 0


@pytest.mark.expected_logs("asking for the last input ended")
def test_a_system_that_stops_reporting_is_noticed() -> None:
    simulated = Seconds()
    counters = Counters(lambda: simulated.now_ms)
    simulated.begin(counters)
    assert simulated.poller.alive()
    simulated.broken = True
    simulated._turns.put(True)
    wait_for(lambda: not simulated.poller.alive(), what="the end to be noticed")
    with pytest.raises(InputError, match="no answer"):
        simulated.poller.start(counters)
    assert not simulated.poller.alive()


def test_nothing_is_asked_after_the_end() -> None:
    simulated = Seconds()
    simulated.begin(Counters(lambda: 0))
    simulated.poller.stop()
    assert not simulated.poller.alive()
    simulated.poller.stop()


def test_it_asks_once_a_second_and_no_more() -> None:
    waits: list[float | None] = []

    class Ending(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            waits.append(timeout)
            return True

    IdlePoller("simulated", lambda: lambda: 0)._wait(Ending())
    assert waits == [1.0]


# Windows


def test_the_structure_is_laid_out_as_windows_lays_it_out() -> None:
    assert ctypes.sizeof(LastInputInfo) == 8
    assert (LastInputInfo.cbSize.offset, LastInputInfo.dwTime.offset) == (0, 4)


def windows(tick: int, last: int, *, fails: bool = False) -> IdleCalls:
    """The two calls as C functions, so that their arguments are really converted."""

    @ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(LastInputInfo))
    def get_last_input_info(info: Any) -> int:
        # Windows refuses a structure of another size.
        if fails or info.contents.cbSize != 8:
            return 0
        info.contents.dwTime = last
        return 1

    @ctypes.CFUNCTYPE(ctypes.c_uint32)
    def get_tick_count() -> int:
        return tick

    return IdleCalls(get_last_input_info, get_tick_count, lambda: 5)


@pytest.mark.parametrize(
    ("tick", "last", "idle"),
    [
        (5_000, 2_000, 3_000),
        (2_000, 2_000, 0),
        (500, 2**32 - 1_500, 2_000),  # 49.7 days after the start both wrap, one by one
        (2**32 - 1, 2**32 - 1_001, 1_000),
        (2_000, 2_016, 0),  # an input that is later than the tick
        (2**32 - 4, 12, 0),  # the same, over the wrap
    ],
)
def test_windows_reports_the_milliseconds_since_the_last_input(
    tick: int, last: int, idle: int
) -> None:
    assert since_input(windows(tick, last))() == idle


def test_a_call_of_windows_that_fails_is_reported() -> None:
    poller = windows_idle(lambda: windows(1, 1, fails=True))
    with pytest.raises(InputError, match="GetLastInputInfo failed with error 5") as caught:
        poller.start(Counters(lambda: 0))
    assert caught.value.quality == "unavailable"


# macOS


def test_macos_is_asked_for_any_input_of_the_whole_session() -> None:
    asked: list[tuple[int, int]] = []

    @ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_int32, ctypes.c_uint32)
    def seconds_since(state: int, kind: int) -> float:
        asked.append((state, kind))
        return 1.75

    assert mac_since(seconds_since)() == 1750
    assert asked == [(COMBINED_SESSION, ANY_INPUT)] == [(0, 0xFFFFFFFF)]


@pytest.mark.parametrize("make", [windows_idle, mac_idle])
def test_on_another_system_they_are_unavailable(make: Callable[[], IdlePoller]) -> None:
    poller = make()
    with pytest.raises(InputError, match="does not report the last input"):
        poller.start(Counters(lambda: 0))
    assert poller.quality == "active-only"


def test_the_meter_counts_seconds_and_nothing_else() -> None:
    simulated = Seconds()
    meter = InputMonitor(simulated.poller, lambda: simulated.now_ms)
    meter.start(wait_s=20)
    assert simulated._asked.acquire(timeout=20)
    simulated.poll(inputs=(500,))
    counts = meter.take()
    meter.stop()
    assert counts == replace(counts, keys=None, clicks=None, scrolls=None, moves=1, injected=None)
    assert counts.quality == "active-only"
