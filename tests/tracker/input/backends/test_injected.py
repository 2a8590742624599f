"""XInput2 beyond counts: injected events, seconds, devices; and seconds from SYNC."""

from __future__ import annotations

import os
import socket
import struct
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.desktop_fixtures.waiting import wait_for
from tests.tracker.input.backends.test_x11 import ENDED, Total, backend_of, uptime_ms
from tracker.input.backends.x11.sync_idle import is_use, xsync_idle
from tracker.input.backends.x11.xinput2 import xinput2
from tracker.input.minute_counters import Counters
from tracker.input.monitor import InputMonitor
from tracker.model.activity import Counts
from tracker.selection.environment import detect_environment

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.desktop_fixtures.desktop import Desktop
    from tracker.input.backends.x11.connection import X11Input

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has an X session")


class Watch:
    """An uptime that the test advances, and a listener that uses it."""

    def __init__(self, backend: Callable[[Callable[[], int]], X11Input]) -> None:
        self.now = 7_654_321
        self.backend = backend(lambda: self.now)
        self.counters = Counters(lambda: self.now)
        self.backend.start(self.counters)

    @property
    def decoder(self) -> Any:
        assert self.backend._listener is not None
        return self.backend._listener._decoder

    def pass_a_second(self) -> None:
        self.now += 1000
        assert self.backend._listener is not None
        self.backend._listener.check_time()


def cut(meter: InputMonitor) -> None:
    """The X server loses the listener's connection."""
    backend: Any = meter._backend
    backend._listener._connection._socket.shutdown(socket.SHUT_RDWR)
    wait_for(lambda: not meter._backend.alive(), what="the failure")


def test_what_the_server_offers_is_found(clean_desktop: Desktop) -> None:
    assert detect_environment({"DISPLAY": clean_desktop.display}, "linux").features >= {
        "xinput2", "pynput", "xsync-idle",
    }  # fmt: skip
    assert os.environ["DISPLAY"] == clean_desktop.display


def test_the_share_of_programs_is_right(nested: Desktop) -> None:
    counters = Counters(uptime_ms)
    backend = xinput2()
    backend.start(counters)

    def send(by: Callable[..., str]) -> Total:
        total = Total(counters.take)
        by("key", "--repeat", "20", "--delay", "2", "a")
        by("click", "--repeat", "10", "--delay", "2", "1", "click", "4", "click", "5", "key", "b")
        total.wait(keys=21, clicks=10, scrolls=2)
        total.add()
        assert (total.keys, total.clicks, total.scrolls) == (21, 10, 2)
        return total

    assert send(nested.xdotool).injected == 33
    assert send(nested.hardware_xdotool).injected == 0
    assert send(nested.xdotool).injected == 33
    backend.stop()


def test_movement_is_reported_in_each_second_that_had_it_and_no_other(
    clean_desktop: Desktop,
) -> None:
    watch = Watch(xinput2)
    total = Total(watch.counters.take)
    moved = 0
    for second in range(60):
        x = str(20 - 40 * (second % 2))
        move = ["mousemove_relative", "--", x, "3", "mousemove_relative", "--", "2", "-3"]
        if second % 4 == 3:
            move = []
        # The key comes last: then everything of this second has been reported.
        clean_desktop.xdotool(*move, "key", "a")
        total.wait(keys=second + 1)
        moved += bool(move)
        assert total.moves == moved
        watch.pass_a_second()
        wait_for(lambda: watch.decoder._moved is None, every=0.002, what="the next second")
    watch.backend.stop()
    assert moved == 45


def test_wheel_clicks_are_not_counted_as_movements(nested: Desktop) -> None:
    watch = Watch(xinput2)
    for by in (nested.xdotool, nested.hardware_xdotool):
        by("click", "--repeat", "5", "--delay", "2", "4", "click", "7", "key", "a")
        total = Total(watch.counters.take)
        total.wait(keys=1, scrolls=6)
        assert (total.scrolls, total.moves) == (6, 0)
    watch.backend.stop()


def test_devices_that_come_later_count_once(nested: Desktop) -> None:
    """A second pair of masters has its own XTEST devices; the keyboard moves to it."""
    from Xlib.display import Display
    from Xlib.ext import xinput

    counters = Counters(uptime_ms)
    backend = xinput2()
    backend.start(counters)
    control = Display(nested.display)
    opcode = control.query_extension("XInputExtension").major_opcode

    def change(*changes: bytes) -> None:
        body = b"".join(changes)
        control.display.socket.sendall(
            struct.pack("=BBHBxxx", opcode, 43, 2 + len(body) // 4, len(changes)) + body
        )

    def device(name: str) -> Any:
        with_name = Display(nested.display)
        try:
            found = with_name.xinput_query_device(xinput.AllDevices).devices
            return next((d for d in found if d.name == name), None)
        finally:
            with_name.close()

    keyboard = device("Xephyr virtual keyboard")
    change(struct.pack("=HHHBB8s", xinput.AddMaster, 4, 6, 1, 1, b"second\0\0"))
    master = wait_for(lambda: device("second keyboard"), what="the second keyboard")
    change(struct.pack("=HHHH", xinput.AttachToMaster + 2, 2, keyboard.deviceid, master.deviceid))
    wait_for(
        lambda: device(keyboard.name).attachment == master.deviceid, what="the keyboard to move"
    )

    total = Total(counters.take)
    nested.hardware_xdotool("key", "--repeat", "9", "--delay", "2", "a")
    nested.xdotool("key", "--repeat", "4", "--delay", "2", "a")
    total.wait(keys=13)
    total.add()
    backend.stop()
    control.display.socket.close()
    assert (total.keys, total.injected) == (13, 4)


@pytest.mark.expected_logs(ENDED)
@pytest.mark.parametrize("backend", ["xinput2"])
def test_a_lost_connection_is_a_gap_and_not_a_zero(clean_desktop: Desktop, backend: str) -> None:
    meter = InputMonitor(backend_of(backend), uptime_ms, retry_s=0.05)
    meter.start(wait_s=20)
    for _ in range(3):
        clean_desktop.xdotool("key", "--repeat", "7", "--delay", "2", "a")
        total = Total(meter.take)
        total.wait(keys=7)
        cut(meter)
        assert meter.take() == Counts("unavailable")
        wait_for(lambda: meter.take().measured, what="counts again")
        total.add()
        assert total.keys == 7
    meter.stop()


def test_seconds_of_activity_are_reported_without_reading_input(nested: Desktop) -> None:
    watch = Watch(xsync_idle)
    active = 0
    for second in range(9):
        before = watch.decoder._used
        if second % 3 == 0:
            # Later than the last use by more than the time between two replies of one round.
            nested.xdotool("sleep", "0.1", "key", "a")
        elif second % 3 == 1:
            nested.hardware_xdotool("sleep", "0.1", "click", "1", "sleep", "0.1", "key", "a")
        else:
            # Like a film that inhibits the screen saver.
            nested.run(["xset", "s", "reset"])
        active += second % 3 != 2
        watch.pass_a_second()
        wait_for(lambda was=before: watch.decoder._used != was, what="the answer")  # type: ignore[misc]
    counts = watch.counters.take(watch.backend.quality)
    watch.backend.stop()
    assert counts == Counts("active-only", moves=active)


def test_keyboard_and_pointer_in_the_same_milliseconds_are_not_use_by_a_person() -> None:
    assert is_use((1000, 1000), (2000, 1000))
    assert is_use((1000, 1000), (1000, 1900))
    assert is_use((1000, 1000), (1980, 1900))
    assert not is_use((1000, 1000), (1960, 1961))
    assert not is_use((1000, 900), (1003, 898))
