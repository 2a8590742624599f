"""Input on a real X desktop: counted exactly, with failures detected."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import pytest

from tests.desktop_fixtures.target import Target
from tests.desktop_fixtures.waiting import wait_for
from tracker.input.interface import InputError
from tracker.input.minute_counters import Counters
from tracker.input.monitor import InputMonitor
from tracker.model.activity import Counts
from tracker.selection.input import select_input

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.desktop_fixtures.desktop import Desktop
    from tracker.input.interface import InputBackend

from tracker.selection.environment import Environment

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has an X session")

ENDED = "listening to input failed"
# python-xlib leaves its socket to the garbage collector when it cannot connect.
unreachable = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
TEXT = "The quick brown fox jumps over the lazy dog, 12:34!? "


#: Each counting backend of X11; all must give the same numbers.
WAYS = ("xinput2", "pynput")
TELLS_INJECTED = {"xinput2"}


def backend_of(name: str) -> InputBackend:
    # In isolation: the fallback must not hide a failure.
    backend = select_input(Environment("linux", "x11", features=frozenset({name}))).backends[0]
    assert backend.name == name
    return backend


@pytest.fixture(params=WAYS)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def uptime_ms() -> int:
    return time.monotonic_ns() // 1_000_000


def lose_sight(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another test's server may get the display number of one that is gone."""
    monkeypatch.setenv("DISPLAY", ":987654")


class Total:
    """Take until the expected counts have arrived; returns the sum."""

    def __init__(self, take: Callable[[], Counts]) -> None:
        self._take = take
        self.keys = self.clicks = self.scrolls = self.moves = self.injected = 0

    def add(self) -> None:
        counts = self._take()
        self.keys += counts.keys or 0
        self.clicks += counts.clicks or 0
        self.scrolls += counts.scrolls or 0
        self.moves += counts.moves or 0
        self.injected += counts.injected or 0

    def moved(self) -> bool:
        self.add()
        return self.moves > 0

    def wait(self, *, keys: int = 0, clicks: int = 0, scrolls: int = 0) -> None:
        def reached() -> bool:
            self.add()
            return self.keys >= keys and self.clicks >= clicks and self.scrolls >= scrolls

        wait_for(reached, what=f"{keys} keys, {clicks} clicks, {scrolls} scrolls")


@pytest.fixture
def meter(clean_desktop: Desktop, name: str) -> Iterator[InputMonitor]:
    """Counts on the clean desktop."""
    made = InputMonitor(backend_of(name), uptime_ms)
    made.start(wait_s=20)
    assert made.take().measured
    yield made
    made.stop()


def test_counts_equal_what_was_sent(clean_desktop: Desktop, meter: InputMonitor) -> None:
    target = Target(clean_desktop, "count")
    x, y = target.window.rect.centre
    total = Total(meter.take)
    target.type(TEXT * 3)
    clean_desktop.xdotool("mousemove", str(x), str(y), "mousemove_relative", "3", "2")
    for button, times in ((1, 60), (3, 20), (4, 15), (5, 15)):
        clean_desktop.xdotool("click", "--repeat", str(times), "--delay", "1", str(button))
    # Last, so that everything before has been reported once it is.
    clean_desktop.xdotool("key", "Return")

    keys = 3 * (len(TEXT) + 4) + 1  # with Shift for T, colon, ! and ?, and Return
    total.wait(keys=keys, clicks=80, scrolls=30)
    total.add()

    assert (total.keys, total.clicks, total.scrolls) == (keys, 80, 30)
    assert target.wait(keys=keys)["keys"] == keys
    assert 1 <= total.moves <= 60


def test_a_key_held_down_counts_once(clean_desktop: Desktop, meter: InputMonitor) -> None:
    target = Target(clean_desktop, "held")
    clean_desktop.xdotool("keydown", "a")
    # The server has repeated it thirty times in two seconds.
    held = target.wait(presses=30)
    clean_desktop.xdotool("keyup", "a", "key", "b")
    target.wait(keys=2)

    total = Total(meter.take)
    total.wait(keys=2)
    total.add()

    assert held["keys"] == 1
    assert total.keys == 2


def test_a_key_let_go_after_its_shift_is_not_taken_for_held(
    clean_desktop: Desktop, meter: InputMonitor
) -> None:
    """People release Shift early; the next exclamation mark must count again."""
    for _ in range(5):
        clean_desktop.xdotool(
            "keydown", "Shift_L", "keydown", "1", "keyup", "Shift_L", "keyup", "1"
        )
    total = Total(meter.take)
    total.wait(keys=10)
    total.add()
    assert total.keys == 10


def test_nothing_is_counted_without_input(clean_desktop: Desktop, meter: InputMonitor) -> None:
    Target(clean_desktop, "quiet")
    clean_desktop.xdotool("mousemove_relative", "--", "-30", "7")
    total = Total(meter.take)
    wait_for(total.moved, what="a movement")
    assert (total.keys, total.clicks, total.scrolls) == (0, 0, 0)


def test_input_right_after_the_start_is_counted(clean_desktop: Desktop, name: str) -> None:
    backend = backend_of(name)
    for _ in range(5):
        counters = Counters(uptime_ms)
        backend.start(counters)
        clean_desktop.xdotool("key", "a", "click", "1", "key", "b")
        total = Total(counters.take)
        total.wait(keys=2, clicks=1)
        backend.stop()
        clean_desktop.xdotool("key", "c")
        assert not backend.alive()
        total.add()
        assert (total.keys, total.clicks) == (2, 1)


def test_hardware_is_counted_exactly_too(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    from tests.desktop_fixtures.desktop import Desktop

    with Desktop("1024x768", nested=True, notifications=False, keyring="none") as desktop:
        monkeypatch.setenv("DISPLAY", desktop.display)
        backend = backend_of(name)
        counters = Counters(uptime_ms)
        target = Target(desktop, "nested", size="600x300")
        backend.start(counters)
        x, y = target.window.rect.centre
        desktop.hardware_xdotool("mousemove", str(x), str(y), "click", "--repeat", "7", "1")
        desktop.hardware_xdotool("type", TEXT)
        desktop.hardware_xdotool("keydown", "a")
        target.wait(presses=len(TEXT) + 30)
        desktop.hardware_xdotool("keyup", "a", "click", "1")
        target.wait(clicks=8)

        total = Total(counters.take)
        total.wait(keys=len(TEXT) + 5, clicks=8)
        total.add()
        backend.stop()

        assert (total.keys, total.clicks) == (len(TEXT) + 4 + 1, 8)


@unreachable
def test_without_a_display_that_is_reported(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("DISPLAY", ":987654")
    backend = backend_of(name)
    with pytest.raises(InputError) as caught:
        backend.start(Counters(uptime_ms))
    assert caught.value.quality == "unavailable"
    assert not backend.alive()
    backend.stop()


@unreachable
@pytest.mark.expected_logs(ENDED)
def test_a_server_that_dies_is_noticed(
    bare_x: Callable[..., Desktop], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    desktop = bare_x()
    backend = backend_of(name)
    counters = Counters(uptime_ms)
    backend.start(counters)
    assert backend.alive()
    lose_sight(monkeypatch)
    desktop.kill_x()
    wait_for(lambda: not backend.alive(), what="the failure to be noticed")
    backend.stop()
    with pytest.raises(InputError):
        backend.start(counters)


@unreachable
@pytest.mark.expected_logs(ENDED)
def test_listening_continues_when_the_server_is_back(
    bare_x: Callable[..., Desktop], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = bare_x()
    meter = InputMonitor(backend_of(name), uptime_ms, retry_s=0.05)
    meter.start(wait_s=20)
    first.xdotool("key", "a")
    Total(meter.take).wait(keys=1)

    lose_sight(monkeypatch)
    first.kill_x()
    gap = wait_for(lambda: next((c for c in [meter.take()] if not c.measured), None))
    assert gap == Counts("unavailable")

    second = bare_x()
    wait_for(lambda: meter.take().measured, what="counts on the new server")
    second.xdotool("key", "b")
    total = Total(meter.take)
    total.wait(keys=1)
    meter.stop()
    assert meter.take() == Counts()


@unreachable
@pytest.mark.expected_logs(ENDED)
def test_counts_before_a_listener_failed_are_kept(
    bare_x: Callable[..., Desktop], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    desktop = bare_x()
    meter = InputMonitor(backend_of(name), uptime_ms)
    meter.start(wait_s=20)
    desktop.xdotool("key", "a")
    wait_for(lambda: meter.last_input_uptime_ms, what="the key to be counted")
    lose_sight(monkeypatch)
    desktop.kill_x()
    wait_for(lambda: not meter._backend.alive(), what="the failure")
    assert meter.take() == Counts("ok", 1, 0, 0, 0, 1 if name in TELLS_INJECTED else None)
    assert meter.take() == Counts("unavailable")
    meter.stop()
