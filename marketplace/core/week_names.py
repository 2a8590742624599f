"""The names of weeks and months in addresses and files (ISO 8601): `2026-W48` begins on Monday
00:00 UTC, `2026-11` on its first day.
"""

from __future__ import annotations

import datetime as dt
import re

from diary.core.slots import to_datetime
from marketplace.core.problems import ProblemError

_NAME = re.compile(r"[0-9]{4}-W[0-9]{2}")
_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")


def name_of_week(week: int) -> str:
    """The name of the week that begins at `week` (Unix s), such as "2026-W48"."""
    year, number, _ = to_datetime(week, dt.UTC).isocalendar()
    return f"{year:04}-W{number:02}"


def week_of_name(text: str) -> int:
    """The beginning (Unix s) of a week by its name. Raises `not_found` for other texts and weeks
    before 1970.
    """
    try:
        if not _NAME.fullmatch(text):
            raise ValueError
        monday = dt.datetime.strptime(f"{text}-1", "%G-W%V-%u").replace(tzinfo=dt.UTC)
    except ValueError:
        raise ProblemError("not_found", "There is no such week.") from None
    if monday.timestamp() < 0:
        raise ProblemError("not_found", "There is no such week.")
    return int(monday.timestamp())


def name_of_month(day: dt.date) -> str:
    """The name of the month of a day, such as "2026-11"."""
    return f"{day.year:04}-{day.month:02}"


def month_of_name(text: str) -> dt.date:
    """The first day of a month by its name. Raises `not_found` for other texts and months before
    1970.
    """
    try:
        if not _MONTH.fullmatch(text):
            raise ValueError
        first = dt.date.fromisoformat(f"{text}-01")
    except ValueError:
        raise ProblemError("not_found", "There is no such month.") from None
    if first.year < 1970:
        raise ProblemError("not_found", "There is no such month.")
    return first
