"""The period of an export: whole days in UTC, from a first to a last day."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from diary.core.slots import SANE_FROM, SANE_TO, WEEK, to_datetime, week_of
from marketplace.core.problems import ProblemError, not_found
from marketplace.core.week_names import name_of_week, week_of_name

#: Days in one export at most: a year.
MAX_DAYS = 366
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


@dataclass(frozen=True)
class Period:
    """The days from `first` to `last`, both included."""

    first: dt.date
    last: dt.date

    @property
    def begin_s(self) -> int:
        """00:00 UTC of the first day, Unix s."""
        return _midnight(self.first)

    @property
    def end_s(self) -> int:
        """24:00 UTC of the last day, Unix s."""
        return _midnight(self.last + dt.timedelta(days=1))

    @property
    def weeks(self) -> range:
        """The beginnings of all weeks that have a day in the period, Unix s."""
        return range(week_of(self.begin_s), self.end_s, WEEK)

    def is_whole(self, week: int) -> bool:
        """Whether all days of the week that begins at `week` (Unix s) are in the period."""
        return self.begin_s <= week and week + WEEK <= self.end_s

    @property
    def week_name(self) -> str | None:
        """Like "2026-W48" if the period is one week."""
        is_week = self.is_whole(self.begin_s) and self.end_s - self.begin_s == WEEK
        return name_of_week(self.begin_s) if is_week else None

    @property
    def name(self) -> str:
        """Like "2026-W48" or "2026-11-01_2026-11-30", for file names."""
        return self.week_name or f"{self.first.isoformat()}_{self.last.isoformat()}"


def week_period(text: str) -> Period:
    """The week of a name like "2026-W48". Raises `not_found` for other texts."""
    monday = to_datetime(week_of_name(text), dt.UTC).date()
    try:
        return _checked(monday, monday + dt.timedelta(days=6))
    except (ValueError, OverflowError):
        raise not_found() from None


def day_period(first: str, last: str) -> Period:
    """The period between two dates like "2026-11-01". Raises `not_found` for other texts, and
    `invalid_request` if the last day is before the first or the period is longer than a year.
    """
    if not (_DATE.fullmatch(first) and _DATE.fullmatch(last)):
        raise not_found()
    try:
        found = _checked(dt.date.fromisoformat(first), dt.date.fromisoformat(last))
    except ValueError:
        raise not_found() from None
    days = (found.last - found.first).days + 1
    if not 1 <= days <= MAX_DAYS:
        raise ProblemError(
            "invalid_request",
            f"Choose a last day that is not before the first, and at most {MAX_DAYS} days.",
        )
    return found


def _checked(first: dt.date, last: dt.date) -> Period:
    low, high = (to_datetime(edge, dt.UTC).date() for edge in (SANE_FROM, SANE_TO))
    if not (low <= first < high and low <= last < high):
        raise not_found()
    return Period(first, last)


def _midnight(day: dt.date) -> int:
    return int(dt.datetime.combine(day, dt.time(), dt.UTC).timestamp())
