"""Days of a time zone, in Unix seconds. The record's own calendar (`slots`) is in UTC."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from diary.core.slots import DAY, day_of

#: No day is longer, s: clocks change by two hours at most.
LONGEST_DAY = DAY + 2 * 3_600


class DayBounds(NamedTuple):
    """A day from `begin_s` to before `end_s`, Unix s; 23 to 25 hours with a change of the clocks.

    A segment belongs to the day in which its slot begins.
    """

    begin_s: int
    end_s: int

    def __contains__(self, time_s: object) -> bool:
        return isinstance(time_s, int) and self.begin_s <= time_s < self.end_s

    @property
    def noon_s(self) -> int:
        """The middle of the day: its week is that of most of the day's work."""
        return (self.begin_s + self.end_s) // 2


def day_bounds(time_s: int, zone: dt.tzinfo | None = None) -> DayBounds:
    """The day that contains the time in a zone, by default this computer's; the UTC day for a time
    that `datetime` cannot represent.
    """
    try:
        return date_bounds(dt.datetime.fromtimestamp(time_s, zone).date(), zone)
    except (ValueError, OverflowError, OSError):
        return DayBounds(day_of(time_s), day_of(time_s) + DAY)


def date_bounds(day: dt.date, zone: dt.tzinfo | None = None) -> DayBounds:
    """The bounds of a date in a zone, by default this computer's; in UTC if the system cannot
    convert the date. Raises OverflowError for the last date of `datetime`.
    """
    next_day = day + dt.timedelta(days=1)
    try:
        return DayBounds(midnight(day, zone), midnight(next_day, zone))
    except (ValueError, OverflowError, OSError):
        return DayBounds(midnight(day, dt.UTC), midnight(next_day, dt.UTC))


def midnight(day: dt.date, zone: dt.tzinfo | None = None) -> int:
    """The beginning of a date in a zone, by default this computer's, in Unix s; where the clocks
    skip midnight, the time of the change. Raises ValueError, OverflowError or OSError for a date
    that the system cannot convert.
    """
    return int(dt.datetime.combine(day, dt.time(), zone).timestamp())
