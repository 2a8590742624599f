"""Formats of times, dates and durations."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.pages.formatting import Formatter

WORDS = Formatter()
DAY = dt.datetime(2026, 11, 17, 9, 20, 31, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("seconds", "shown", "left", "exactly"),
    [
        (0, "0 min", "", "0 min"),
        (40, "40 s", "", "40 s"),
        (60, "1 min", "", "1 min"),
        (631, "10 min", "31 s", "10 min 31 s"),
        (3600, "1 h", "", "1 h"),
        (10_934, "3 h 02 min", "14 s", "3 h 02 min 14 s"),
        (360_000, "100 h", "", "100 h"),
    ],
)
def test_durations(seconds: int, shown: str, left: str, exactly: str) -> None:
    assert WORDS.duration(seconds) == shown
    assert WORDS.seconds_left(seconds) == left
    assert WORDS.exactly(seconds) == exactly


@given(st.integers(0, 10**7))
def test_no_second_is_lost_or_rounded_up(seconds: int) -> None:
    units = {"h": 3600, "min": 60, "s": 1}
    parts = WORDS.exactly(seconds).split()
    assert sum(int(parts[i]) * units[parts[i + 1]] for i in range(0, len(parts), 2)) == seconds


def test_time_of_the_week_against_its_limit() -> None:
    assert WORDS.of_limit(67_200, 108_000) == "18 h 40 min of 30 h"
    assert WORDS.of_limit(600, 108_000) == "10 min of 30 h"
    assert WORDS.of_limit(7_200, 108_000) == "2 h of 30 h"
    assert WORDS.of_limit(67_200, None) == "18 h 40 min"


def test_times_and_segments() -> None:
    assert WORDS.time(DAY) == "09:20"
    assert WORDS.exact_time(DAY) == "09:20:31"
    noon, later = DAY.replace(hour=12, minute=0, second=0), DAY.replace(hour=14, minute=0, second=0)
    assert WORDS.interval(noon, later) == "12:00 to 14:00"
    midnight = (DAY + dt.timedelta(days=1)).replace(hour=0, minute=0, second=0)
    assert WORDS.interval(later, midnight) == "14:00 to 24:00"


def test_dates_name_the_year_only_when_it_is_not_this_one() -> None:
    assert WORDS.date(DAY.date(), dt.date(2026, 1, 1)) == "Tuesday, 17 November"
    assert WORDS.date(DAY.date(), dt.date(2027, 1, 1)) == "Tuesday, 17 November 2026"
    assert WORDS.date(DAY.date()) == "Tuesday, 17 November 2026"


def test_when_a_person_was_last_seen_is_in_the_readers_zone() -> None:
    tokyo = dt.timezone(dt.timedelta(hours=9))
    assert WORDS.when(DAY, DAY) == "09:20"
    assert WORDS.when(DAY, DAY.astimezone(tokyo)) == "18:20"
    assert WORDS.when(DAY, (DAY + dt.timedelta(days=3)).astimezone(tokyo)) == "17 November, 18:20"


def test_the_place_in_a_zones_name() -> None:
    assert WORDS.city("America/Argentina/Buenos_Aires") == "Buenos Aires"
    assert WORDS.city("UTC") == "UTC"
