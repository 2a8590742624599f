"""The days of time zones, also where the clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from diary.core.day_bounds import date_bounds, day_bounds
from diary.core.slots import DAY, SANE_FROM, SANE_TO
from tests.time_zone import in_zone

HOUR = 3_600
ZONES = (
    "UTC", "Europe/Berlin", "America/Los_Angeles", "Pacific/Kiritimati", "Pacific/Pago_Pago",
    "Asia/Kathmandu", "Australia/Lord_Howe", "America/Havana", "Africa/Cairo", "Asia/Beirut",
)  # fmt: skip


@pytest.mark.parametrize("name", ZONES)
def test_the_days_of_a_zone_follow_each_other_without_gap(name: str) -> None:
    zone = ZoneInfo(name)
    first = date(2024, 1, 1)
    days = [date_bounds(first + timedelta(days=n), zone) for n in range(3 * 366)]
    assert all(one.end_s == following.begin_s for one, following in pairwise(days))
    for n, day in enumerate(days):
        assert 23 * HOUR <= day.end_s - day.begin_s <= 25 * HOUR
        for second in (day.begin_s, day.noon_s, day.end_s - 1):
            assert second in day
            assert day_bounds(second, zone) == day
            assert datetime.fromtimestamp(second, zone).date() == first + timedelta(days=n)
        assert day.end_s not in day
        assert day.begin_s - 1 not in day


@pytest.mark.parametrize(
    ("name", "day", "hours"),
    [
        ("Europe/Berlin", date(2026, 10, 25), 25),
        ("Europe/Berlin", date(2026, 3, 29), 23),
        ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
        # The clocks skip midnight.
        ("Africa/Cairo", date(2024, 4, 26), 23),
        # The clocks show midnight twice.
        ("America/Havana", date(2024, 11, 3), 25),
    ],
)
def test_a_day_with_a_change_of_the_clocks(name: str, day: date, hours: float) -> None:
    bounds = date_bounds(day, ZoneInfo(name))
    assert bounds.end_s - bounds.begin_s == hours * HOUR


@pytest.mark.parametrize("name", ["Asia/Kathmandu", "America/Los_Angeles", "UTC"])
def test_the_default_is_this_computers_zone(name: str) -> None:
    with in_zone(name):
        for second in (SANE_FROM, SANE_TO - 1, 1_795_511_460):
            assert day_bounds(second) == day_bounds(second, ZoneInfo(name))
        assert date_bounds(date(2026, 10, 25)) == date_bounds(date(2026, 10, 25), ZoneInfo(name))


@pytest.mark.parametrize("zone", [None, UTC, ZoneInfo("Asia/Kathmandu")])
@pytest.mark.parametrize("second", [2**53 - 1, -(2**53), 10**30, 253_402_300_799])
def test_a_time_outside_the_calendar_has_the_utc_day(second: int, zone: tzinfo | None) -> None:
    bounds = day_bounds(second, zone)
    assert second in bounds
    assert bounds.end_s - bounds.begin_s == DAY
