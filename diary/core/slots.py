"""Slots, minutes, weeks: the calendar of the diary, in Unix seconds, UTC.

A slot is 600 s and begins at a multiple of 600. A week begins Monday 00:00 UTC; Unix time 0 was a
Thursday, so the Mondays are at 345,600 s (4 days) modulo one week. Unix time has no leap seconds,
so this arithmetic is exact.
"""

from __future__ import annotations

import datetime as dt

SLOT = 600
MINUTE = 60
DAY = 86_400
WEEK = 604_800
SLOTS_IN_WEEK = WEEK // SLOT
#: 2020-01-01 and 2100-01-01. A clock outside this range is wrong.
SANE_FROM, SANE_TO = 1_577_836_800, 4_102_444_800
_FIRST_MONDAY = 4 * DAY


def slot_of(time_s: int) -> int:
    """Start of the slot that holds the instant."""
    return time_s - time_s % SLOT


def day_of(time_s: int) -> int:
    """Start of the UTC day that holds the instant."""
    return time_s - time_s % DAY


def week_of(time_s: int) -> int:
    """Monday 00:00 UTC of the week that holds the instant."""
    return time_s - (time_s - _FIRST_MONDAY) % WEEK


def number_in_week(slot: int) -> int:
    """The slot's number k in its week, 1 to 1008."""
    return (slot - week_of(slot)) // SLOT + 1


def covered_minutes(slot: int, t0: int, t1: int) -> tuple[bool, ...]:
    """For each of the slot's ten minutes, whether [t0, t1) covers any part of it."""
    return tuple(
        t0 < slot + (i + 1) * MINUTE and t1 > slot + i * MINUTE for i in range(SLOT // MINUTE)
    )


def to_datetime(time_s: int, tz: dt.tzinfo) -> dt.datetime:
    """An aware datetime; a time that `datetime` cannot represent becomes its maximum."""
    try:
        return dt.datetime.fromtimestamp(time_s, tz)
    except (ValueError, OverflowError, OSError):
        return dt.datetime.max.replace(tzinfo=dt.UTC)
