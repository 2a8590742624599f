"""A sample month with each shade and each mark, as view models."""

# ruff: noqa: ARG002 - the signatures are those of the real marketplace

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from diary.core.slots import DAY, WEEK, to_datetime, week_of
from diary.verification.credit import Totals
from marketplace.accounts.model import Account
from marketplace.core.problems import ProblemError
from marketplace.review.ledger import Rate, WeekLedger
from marketplace.review.months.month_view import MonthDay, MonthView, MonthWeek
from tests.marketplace.pages import samples

FIRST = dt.date(2026, 11, 1)
NAME = "2026-11"
#: Worked hours of the days of a week: each shade, an empty day, and a part of an hour.
_HOURS = (1.0, 3.0, 5.5, 8.0, 9.25, 0.0, 0.1)


def _day(begin: int, number: int) -> MonthDay:
    date = to_datetime(begin + number * DAY, dt.UTC).date()
    seconds = int(_HOURS[number] * 3_600)
    totals = Totals(tracked=seconds, payable=max(0, seconds - 600 * (number == 3)))
    return MonthDay(date, date.month == FIRST.month, totals, exceptions=number % 3)


def month(**changes: object) -> MonthView:
    """A month that begins on a Sunday: its weeks also have days of its neighbours."""
    first = week_of(int(dt.datetime.combine(FIRST, dt.time(), dt.UTC).timestamp()))
    weeks = []
    for number in range(6):
        begin = first + number * WEEK
        days = tuple(_day(begin, place) for place in range(7))
        ledger = WeekLedger(
            samples.CTR, begin, tuple(day.totals for day in days), Rate(4_000, "USD")
        )
        weeks.append(MonthWeek(days, ledger, exceptions=number % 2 * 5, approved=number == 2))
    made = MonthView(
        ctr=samples.CTR,
        title="Acme shop rebuild",
        person="Ana Ruiz",
        client="Acme",
        role="owner",
        first=FIRST,
        today=samples.DAY,
        weeks=tuple(weeks),
        previous=dt.date(2026, 10, 1),
        next=dt.date(2026, 12, 1),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


class SampleMonths:
    """Returns the sample month. `shown` may be changed between two requests."""

    def __init__(self) -> None:
        self.shown = month()

    def month(self, account: Account, ctr: str, first: dt.date) -> MonthView:
        if ctr != samples.CTR:
            raise ProblemError("not_found", "There is no such contract.")
        return self.shown
