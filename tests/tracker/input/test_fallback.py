"""Several backends: the best one that works is used, selected again at each Start."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.desktop_fixtures.waiting import wait_for
from tracker.input.fallback import FAILURES, Fallback
from tracker.input.interface import InputError
from tracker.input.minute_counters import Counters
from tracker.input.monitor import InputMonitor
from tracker.model.activity import Counts

if TYPE_CHECKING:
    from diary.core.vocabulary import InputQuality
    from tracker.input.interface import InputSink


class SimulatedBackend:
    """A backend that starts if `works`, and lives until the test stops it."""

    def __init__(self, name: str, quality: InputQuality, *, works: bool = True) -> None:
        self.name = name
        self.quality: InputQuality = quality
        self.works = works
        self.starts = 0
        self.sink: InputSink | None = None

    def start(self, sink: InputSink) -> None:
        self.starts += 1
        if not self.works:
            raise InputError("denied", f"{self.name} refuses")
        self.sink = sink

    def stop(self) -> None:
        self.sink = None

    def alive(self) -> bool:
        return self.sink is not None

    def die(self) -> None:
        self.sink = None


@pytest.fixture
def hooks() -> SimulatedBackend:
    return SimulatedBackend("hooks", "ok")


@pytest.fixture
def seconds() -> SimulatedBackend:
    return SimulatedBackend("seconds", "active-only")


@pytest.fixture
def both(hooks: SimulatedBackend, seconds: SimulatedBackend) -> Fallback:
    return Fallback(lambda: [hooks, seconds])


SINK = Counters(lambda: 0)


def test_the_best_backend_is_used_where_it_works(both: Fallback, seconds: SimulatedBackend) -> None:
    assert (both.name, both.quality, both.alive()) == ("hooks", "ok", False)
    both.start(SINK)
    assert (both.name, both.quality, both.alive()) == ("hooks", "ok", True)
    assert seconds.starts == 0


def test_where_the_best_refuses_the_next_takes_its_place_at_once(
    both: Fallback, hooks: SimulatedBackend
) -> None:
    hooks.works = False
    both.start(SINK)
    assert (both.name, both.quality, both.alive()) == ("seconds", "active-only", True)


def test_a_backend_that_fails_repeatedly_is_replaced(
    both: Fallback, hooks: SimulatedBackend
) -> None:
    for _ in range(FAILURES):
        both.start(SINK)
        assert both.name == "hooks"
        hooks.die()
        assert not both.alive()
    both.start(SINK)
    assert both.name == "seconds"
    assert hooks.starts == FAILURES


def test_the_next_start_begins_with_the_best_again(both: Fallback, hooks: SimulatedBackend) -> None:
    hooks.works = False
    both.start(SINK)
    both.stop()
    assert not both.alive()
    hooks.works = True
    both.start(SINK)
    assert both.name == "hooks"


def test_the_backends_are_selected_again_at_each_start(
    hooks: SimulatedBackend, seconds: SimulatedBackend
) -> None:
    allowed: list[SimulatedBackend] = [seconds]
    asked = Fallback(lambda: allowed)
    asked.start(SINK)
    allowed[:] = [hooks, seconds]
    assert asked.name == "seconds"
    asked.stop()
    asked.start(SINK)
    assert asked.name == "hooks"


def test_where_all_refuse_the_best_one_states_why(
    both: Fallback, hooks: SimulatedBackend, seconds: SimulatedBackend
) -> None:
    hooks.works = seconds.works = False
    with pytest.raises(InputError, match="hooks refuses"):
        both.start(SINK)
    assert not both.alive()


def test_after_a_restart_of_the_desktop_its_best_backend_is_used(
    both: Fallback, hooks: SimulatedBackend, seconds: SimulatedBackend
) -> None:
    for _ in range(FAILURES):
        both.start(SINK)
        hooks.die()
    hooks.works = seconds.works = False
    with pytest.raises(InputError):
        both.start(SINK)
    hooks.works = seconds.works = True
    both.start(SINK)
    assert both.name == "hooks"


def test_the_last_backend_is_tried_however_often_it_fails(
    both: Fallback, seconds: SimulatedBackend
) -> None:
    both = Fallback(lambda: [seconds])
    for _ in range(2 * FAILURES):
        both.start(SINK)
        assert both.alive()
        seconds.die()


def test_the_monitor_has_the_quality_of_the_backend_in_use(
    both: Fallback, hooks: SimulatedBackend, seconds: SimulatedBackend
) -> None:
    meter = InputMonitor(both, lambda: 0, retry_s=0.01)
    meter.start(wait_s=20)
    for _ in range(FAILURES):
        assert hooks.sink is not None
        hooks.sink.key()
        hooks.die()
        assert meter.take() == Counts("ok", 1, 0, 0, 0, None)
        wait_for(both.alive, what="a way to count")
        wait_for(lambda: meter.take().measured, what="the monitor to report it")
    assert seconds.sink is not None
    seconds.sink.move()
    assert meter.take() == Counts("active-only", None, None, None, 1, None)
    meter.stop()
    assert (hooks.alive(), seconds.alive()) == (False, False)


def test_a_gap_is_reported_although_input_came_before_it_and_the_listener_is_back(
    hooks: SimulatedBackend,
) -> None:
    meter = InputMonitor(hooks, lambda: 0, retry_s=0.01)
    meter.start(wait_s=20)

    def press() -> None:
        assert hooks.sink is not None
        hooks.sink.key()

    press()
    hooks.die()
    assert meter.take().keys == 1
    keeper = meter._keeper
    assert keeper is not None
    wait_for(lambda: hooks.starts == 2 and keeper.listening.is_set(), what="the listener")
    press()
    assert meter.take() == Counts("unavailable")
    # Events since then are not lost.
    assert meter.take().keys == 1
    meter.stop()
