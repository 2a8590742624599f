"""Slots, days, weeks and minutes against the calendar of the standard library; demo time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diary.core.demo_clock import MAX_SPEED, TimeLapse
from diary.core.slots import (
    DAY,
    MINUTE,
    SLOT,
    SLOTS_IN_WEEK,
    WEEK,
    covered_minutes,
    day_of,
    number_in_week,
    slot_of,
    week_of,
)

#: 1970 to 2500, in seconds.
INSTANTS = st.integers(0, 16_725_225_600)


def utc(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)


@given(INSTANTS)
def test_weeks_are_iso_weeks(second: int) -> None:
    monday = utc(week_of(second))
    assert monday.isocalendar()[:2] == utc(second).isocalendar()[:2]
    assert (monday.isoweekday(), monday.hour, monday.minute, monday.second) == (1, 0, 0, 0)
    assert week_of(second) <= second < week_of(second) + WEEK


@pytest.mark.parametrize(
    "text",
    [
        "2020-12-31T23:59:59",  # week 53 continues in the new year
        "2021-01-03T23:59:59",
        "2021-01-04T00:00:00",
        "2024-02-29T12:00:00",
        "2024-12-30T00:00:00",  # week 1 of the next year begins in December
        "2026-03-29T01:00:00",  # clocks change in Europe
        "2026-10-25T01:00:00",
        "2038-01-19T03:14:08",
        "1970-01-01T00:00:00",
    ],
)
def test_weeks_at_the_edges_of_years_and_of_summer_time(text: str) -> None:
    moment = datetime.fromisoformat(text).replace(tzinfo=UTC)
    year, week, _ = moment.isocalendar()
    assert week_of(int(moment.timestamp())) == int(
        datetime.fromisocalendar(year, week, 1).replace(tzinfo=UTC).timestamp()
    )


def test_a_week_has_the_same_length_whatever_local_clocks_do() -> None:
    madrid = ZoneInfo("Europe/Madrid")
    for text in ("2026-03-23", "2026-10-19"):
        monday = int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())
        sunday = monday + WEEK - 1
        assert week_of(sunday) == monday
        assert week_of(sunday + 1) == monday + WEEK
        # The local clock gains or loses an hour in that week; the diary's does not.
        here = [utc(at).astimezone(madrid).utcoffset() for at in (monday, sunday)]
        assert here[0] != here[1]


@given(INSTANTS)
def test_days_and_slots_begin_as_in_the_calendar(second: int) -> None:
    moment = utc(second)
    assert utc(day_of(second)) == moment.replace(hour=0, minute=0, second=0)
    assert utc(slot_of(second)) == moment.replace(minute=moment.minute // 10 * 10, second=0)
    assert day_of(second) <= slot_of(second) <= second < slot_of(second) + SLOT


@given(INSTANTS)
def test_the_number_in_the_week_counts_slots_from_monday(second: int) -> None:
    slot = slot_of(second)
    since_monday = utc(slot) - utc(week_of(slot))
    assert number_in_week(slot) == since_monday / timedelta(seconds=SLOT) + 1
    assert 1 <= number_in_week(slot) <= SLOTS_IN_WEEK == 1008
    assert WEEK == 7 * DAY


@given(st.integers(0, SLOT - 1), st.integers(1, SLOT))
def test_a_minute_is_covered_if_any_second_of_it_is(begin: int, length: int) -> None:
    slot = 1_795_510_800
    t0, t1 = slot + begin, slot + min(begin + length, SLOT)
    seconds = range(t0, t1)
    assert covered_minutes(slot, t0, t1) == tuple(
        any(slot + i * MINUTE <= s < slot + (i + 1) * MINUTE for s in seconds) for i in range(10)
    )


@given(st.integers(1, MAX_SPEED), st.integers(0, 10**13), st.integers(0, 10**13), st.integers(0))
def test_demo_time_runs_from_its_origin(speed: int, origin: int, real: int, span: int) -> None:
    lapse = TimeLapse(speed, origin)
    assert lapse.wall(origin) == origin
    assert lapse.wall(real + span) - lapse.wall(real) == lapse.span(span) == span * speed


@given(st.integers(1, MAX_SPEED), st.integers(0, 10**9))
def test_a_delay_of_demo_time_is_waited_in_real_time(speed: int, ms: int) -> None:
    lapse = TimeLapse(speed, 0)
    assert lapse.real_delay(ms) * speed * 1000 == pytest.approx(ms)


def test_at_speed_one_demo_time_is_real_time() -> None:
    lapse = TimeLapse(1, 1_000)
    assert (lapse.wall(123_456), lapse.span(7), lapse.real_delay(1_500)) == (123_456, 7, 1.5)


@pytest.mark.parametrize(("speed", "origin"), [(0, 0), (-1, 0), (MAX_SPEED + 1, 0), (1, -1)])
def test_other_speeds_and_origins_are_refused(speed: int, origin: int) -> None:
    with pytest.raises(ValueError, match="speed"):
        TimeLapse(speed, origin)
