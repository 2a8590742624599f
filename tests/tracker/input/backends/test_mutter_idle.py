"""Seconds of activity on a real headless Mutter, from input sent through it."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.desktop_fixtures.waiting import wait_for
from tracker.input.backends.wayland.mutter_idle import MutterIdle
from tracker.input.interface import InputError
from tracker.input.minute_counters import Counters
from tracker.input.monitor import InputMonitor
from tracker.model.activity import Counts
from tracker.selection.environment import detect_environment
from tracker.selection.input import select_input

if TYPE_CHECKING:
    from collections.abc import Iterator

if sys.platform == "linux":
    from tests.desktop_fixtures.mutter import MutterSession

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux has Mutter"),
    pytest.mark.xdist_group("mutter"),
]

GONE = "Mutter no longer reports activity"


def uptime_ms() -> int:
    return int(time.clock_gettime(time.CLOCK_BOOTTIME) * 1000)


@pytest.fixture
def compositor(monkeypatch: pytest.MonkeyPatch) -> Iterator[MutterSession]:
    with MutterSession() as made:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", made.env["DBUS_SESSION_BUS_ADDRESS"])
        yield made


def test_each_second_with_activity_counts_once(compositor: MutterSession) -> None:
    environment = detect_environment({**os.environ, "WAYLAND_DISPLAY": "wayland-0"}, "linux")
    meter = InputMonitor(select_input(environment).backend, uptime_ms)
    meter.start(wait_s=20)
    assert meter.take() == Counts("active-only", moves=0)
    seconds: set[int] = set()
    moves = 0
    for turn in range(150):
        before = uptime_ms() // 1000
        if turn % 2:
            compositor.press("a")
        else:
            compositor.move()
        if before == uptime_ms() // 1000:
            seconds.add(before)
        if len(seconds) == 4:
            break
        wait_for(lambda: uptime_ms() % 200 < 40, every=0.005)
    last = max(seconds)
    wait_for(lambda: uptime_ms() // 1000 > last + 1, what="the seconds to be over")
    counts = meter.take()
    moves += counts.moves or 0
    # All seconds with input and no others: the first may have begun before the watch fired.
    assert len(seconds) - 1 <= moves <= last - min(seconds) + 2
    assert counts.row[:3] == (None, None, None)
    # Without input nothing is counted.
    quiet = uptime_ms() // 1000
    wait_for(lambda: uptime_ms() // 1000 > quiet + 1, what="a quiet second")
    assert meter.take() == Counts("active-only", moves=0)
    meter.stop()


@pytest.mark.expected_logs(GONE)
def test_a_compositor_that_dies_is_noticed_and_connected_to_again(
    compositor: MutterSession,
) -> None:
    meter = InputMonitor(MutterIdle(), uptime_ms, retry_s=0.05)
    meter.start(wait_s=20)
    compositor.kill_mutter()
    gap = wait_for(lambda: next((c for c in [meter.take()] if not c.measured), None))
    assert gap == Counts("unavailable")
    compositor.start_mutter()
    wait_for(lambda: meter.take().measured, what="the new compositor")

    def active() -> bool:
        # A second that was counted, perhaps for the key of the start itself, is not counted again.
        compositor.press("a")
        return meter.take().present

    wait_for(active, every=0.2, what="activity on it")
    meter.stop()
    assert meter.take() == Counts()


def test_without_a_compositor_that_is_reported(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/none")
    backend = MutterIdle()
    with pytest.raises(InputError) as caught:
        backend.start(Counters(uptime_ms))
    assert caught.value.quality == "unavailable"
    assert not backend.alive()
    backend.stop()
