"""The names of weeks in addresses and files (ISO 8601): `2026-W48` begins on Monday 00:00 UTC."""

from __future__ import annotations

import datetime as dt
import re

from diary.core.slots import to_datetime
from marketplace.core.problems import ProblemError

_NAME = re.compile(r"[0-9]{4}-W[0-9]{2}")


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
