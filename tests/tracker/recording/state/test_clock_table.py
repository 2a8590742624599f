"""The effect of clock events on a working day: only the time awake is credited.

One row per event. Each runs three hours of work on a simulated machine with the event in the
middle; the credited time must equal the time awake within one second, no time may be covered twice,
and the verifier must accept everything.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import pytest

from diary.core.slots import DAY, SLOT, WEEK, day_of, week_of
from tests.diary.world import START
from tests.tracker.machine import Machine

HALF_S = 5_400


@dataclass(frozen=True)
class Row:
    """`happens` between two halves of the work; `notices` are the resulting ones."""

    name: str
    happens: Callable[[Machine], None]
    notices: tuple[str, ...] = ()
    ends_run: bool = False


def set_wall(seconds: int) -> Callable[[Machine], None]:
    def happen(m: Machine) -> None:
        m.clocks.wall += seconds * 1000

    return happen


def zone(m: Machine) -> None:
    m.zone = "+02:00"


def slew(ppm: int) -> Callable[[Machine], None]:
    """The wall clock is slewed for an hour, as by NTP, `ppm` millionths fast or slow."""

    def happen(m: Machine) -> None:
        for _ in range(360):
            m.run(10)
            m.clocks.wall += 10 * ppm // 1000

    return happen


def leap(m: Machine) -> None:
    """23:59:60: the wall clock shows one second twice."""
    m.clocks.wall -= 1000


def suspend(seconds: int) -> Callable[[Machine], None]:
    return lambda m: m.clocks.sleep(seconds * 1000)


def asleep_and_set(m: Machine) -> None:
    suspend(60)(m)
    set_wall(7200)(m)


def server_says(seconds: int) -> Callable[[Machine], None]:
    """The marketplace reports another time than the diary's."""
    return lambda m: m.session.observe(m.session.now_ms() + seconds * 1000, m.clocks.up)


ROWS = (
    Row("nothing", lambda m: None),
    Row("an hour forward", set_wall(3600), ("clock_set",)),
    Row("an hour back", set_wall(-3600), ("clock_set",)),
    Row("a day forward", set_wall(DAY), ("clock_set",)),
    Row("a day back", set_wall(-DAY), ("clock_set",)),
    Row("summer time begins", zone),
    Row("a leap second", leap),
    Row("steered fast", slew(500)),
    Row("steered slow", slew(-500)),
    Row("eight hours asleep", suspend(8 * 3600), ("ended_suspend",), ends_run=True),
    Row("asleep, and set meanwhile", asleep_and_set, ("ended_suspend",), ends_run=True),
    Row("the marketplace is ahead", server_says(120)),
    Row("the marketplace is behind", server_says(-4)),
)  # fmt: skip


def machine() -> Machine:
    m = Machine(terms={"idle_s": 900, "review_s": 0}, slots=0)
    m.disk.published = True
    # The marketplace was reached and agreed; `test_clock_doubts` covers the others.
    m.session.observe(m.clocks.wall, m.clocks.up)
    return m


def check(m: Machine, awake_ms: int) -> None:
    credited = sum(t1 - t0 for t0, t1 in m.spans())
    assert abs(credited - awake_ms / 1000) <= 1
    assert all(a[1] <= b[0] for a, b in pairwise(m.spans()))
    assert m.errors() == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_credited_is_the_time_awake(row: Row) -> None:
    m = machine()
    m.start()
    begin = m.clocks.awake
    m.run(HALF_S)
    row.happens(m)
    m.step()
    if row.ends_run:
        assert m.state() == "stopped"
        m.start()
    m.run(HALF_S)
    worked_ms = m.clocks.awake - begin
    m.finish()
    check(m, worked_ms)
    assert m.notices == [*row.notices]


def test_the_zone_that_a_segment_shows_is_that_of_its_beginning() -> None:
    m = machine()
    m.start()
    m.run(SLOT - 1)
    zone(m)
    m.run(SLOT)
    m.finish()
    assert [s.segment.tz for s in m.disk.sealed] == ["+01:00", "+02:00"]


@pytest.mark.parametrize(
    ("edge", "of"), [(DAY, day_of), (WEEK, week_of)], ids=["midnight", "the week's end"]
)
def test_work_across_an_edge_of_the_calendar(edge: int, of: Callable[[int], int]) -> None:
    m = machine()
    m.run(of(START) + edge - HALF_S - START, typing=False)
    m.start()
    begin = m.clocks.awake
    m.run(2 * HALF_S)
    worked_ms = m.clocks.awake - begin
    m.finish()
    check(m, worked_ms)
    days = {of(s.segment.t0) for s in m.disk.sealed}
    assert len(days) == 2
    assert all(of(s.segment.t0) == of(s.segment.t1 - 1) for s in m.disk.sealed)
