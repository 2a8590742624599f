"""Counts of a minute: every event in exactly one of them."""

from __future__ import annotations

import threading

from hypothesis import given
from hypothesis import strategies as st

from tracker.input.held_keys import HeldKeys
from tracker.input.minute_counters import Counters
from tracker.model.activity import Counts


def test_kinds_are_counted_apart_and_restart_after_each_take() -> None:
    counters = Counters(lambda: 0)
    counters.key()
    counters.key()
    counters.click()
    for _ in range(3):
        counters.scroll()
    assert counters.take() == Counts("ok", 2, 1, 3, 0, None)
    assert counters.take() == Counts("ok", 0, 0, 0, 0, None)


@given(st.lists(st.tuples(st.integers(0, 3000), st.booleans())))
def test_moves_are_distinct_seconds_also_across_takes(steps: list[tuple[int, bool]]) -> None:
    """Each step: so many ms later the pointer moves, followed by an optional take."""
    now, seconds, taken = 0, set(), 0
    counters = Counters(lambda: now)
    for delay, take in steps:
        now += delay
        counters.move()
        seconds.add(now // 1000)
        if take:
            taken += counters.take().moves or 0
    assert taken + (counters.take().moves or 0) == len(seconds)


def test_injected_is_not_known_until_the_platform_reports_it() -> None:
    counters = Counters(lambda: 0)
    counters.key(injected=None)
    assert counters.take().injected is None
    counters.key(injected=True)
    counters.click(injected=False)
    counters.scroll(injected=True)
    counters.move(injected=True)
    assert counters.take().injected == 2
    assert counters.take().injected == 0


def test_the_last_input_is_remembered_over_takes() -> None:
    now = 5000
    counters = Counters(lambda: now)
    assert Counters(lambda: now).last_input_uptime_ms is None
    counters.key()
    counters.take()
    now = 6001
    assert counters.last_input_uptime_ms == 5000
    for act in (counters.move, counters.click, counters.scroll, counters.key):
        now += 7
        act()
        assert counters.last_input_uptime_ms == now


def test_less_than_counts_is_reported_as_such() -> None:
    counters = Counters(lambda: 0)
    counters.move()
    counters.key()
    assert counters.take("active-only") == Counts("active-only", None, None, None, 1, None)
    counters.key()
    assert counters.take("unavailable") == Counts("unavailable")


def test_no_event_is_lost_between_threads() -> None:
    counters = Counters(lambda: 0)
    sums = [0, 0]
    done = threading.Event()

    def add() -> None:
        for _ in range(20_000):
            counters.key()
            counters.click()

    def take() -> None:
        counts = counters.take()
        sums[0] += counts.keys or 0
        sums[1] += counts.clicks or 0

    def keep_taking() -> None:
        while not done.is_set():
            take()

    adders = [threading.Thread(target=add) for _ in range(3)]
    taker = threading.Thread(target=keep_taking)
    for thread in (*adders, taker):
        thread.start()
    for thread in adders:
        thread.join()
    done.set()
    taker.join()
    take()
    assert sums == [60_000, 60_000]


KEYS = st.integers(8, 12)


@given(st.lists(st.tuples(KEYS, st.booleans())))
def test_a_press_counts_when_the_key_was_up(events: list[tuple[int, bool]]) -> None:
    pressed, down = HeldKeys(), set[int]()
    for key, goes_down in events:
        if goes_down:
            assert pressed.press(key) == (key not in down)
            down.add(key)
        else:
            pressed.release(key)
            down.discard(key)


def test_a_key_that_is_down_cannot_be_read_from_memory_and_is_forgotten_when_up() -> None:
    one, other = HeldKeys(), HeldKeys()
    for pressed in (one, other):
        pressed.press(38)
        assert 38 not in pressed._down
    assert one._down != other._down
    one.release(38)
    assert one._down == set()
