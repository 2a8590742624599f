"""Which way to count input on which desk."""

from __future__ import annotations

import pytest

from tracker.desk import Desk
from tracker.input.choose import ROWS, choose
from tracker.input.counters import Counters
from tracker.input.meter import Meter

WAYS = [
    (Desk("linux", "x11"), "pynput", "ok"),
    (Desk("linux", "wayland"), "none", "unavailable"),
    (Desk("linux", "none"), "none", "unavailable"),
    (Desk("win32", "windows"), "pynput", "ok"),
    (Desk("darwin", "aqua", may_listen=False), "none", "denied"),
    (Desk("darwin", "aqua", may_listen=True), "pynput", "ok"),
    (Desk("darwin", "aqua", may_listen=None), "pynput", "ok"),
    (Desk("openbsd7", "x11"), "none", "unavailable"),
]


@pytest.mark.parametrize(("desk", "name", "quality"), WAYS)
def test_each_desk_has_its_way(desk: Desk, name: str, quality: str) -> None:
    choice = choose(desk)
    assert (choice.backend.name, choice.backend.quality) == (name, quality)
    assert choice.words


def test_no_row_of_the_table_is_without_a_desk() -> None:
    used = {next(row for row in ROWS if row.fits(desk)) for desk, _, _ in WAYS}
    assert used == set(ROWS)


@pytest.mark.parametrize("desk", [Desk("linux", "wayland"), Desk("darwin", "aqua", None, False)])
def test_where_nothing_can_be_counted_the_minutes_say_so(desk: Desk) -> None:
    backend = choose(desk).backend
    meter = Meter(backend, lambda: 0)
    meter.start(wait_s=10)
    counts = meter.take()
    meter.stop()
    assert counts.quality == backend.quality
    assert counts.row == (None, None, None, None, None)


def test_counting_nothing_can_be_started_and_ended_like_the_rest() -> None:
    backend = choose(Desk("linux", "none")).backend
    counters = Counters(lambda: 0)
    backend.start(counters)
    assert backend.alive()
    backend.stop()
    assert counters.last_input_uptime_ms is None
