"""The view models of a month: its weeks and days with their totals. Frozen values."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from diary.verification.credit import Totals
from marketplace.contracts.access import ContractRole
from marketplace.records import credited_totals
from marketplace.review.ledger import WeekLedger


@dataclass(frozen=True)
class MonthDay:
    """A UTC day of the calendar. `inside` is false for a day of a neighbouring month, which
    completes the first or last week; `exceptions` are those of its work that are not settled.
    """

    date: dt.date
    inside: bool
    totals: Totals
    exceptions: int

    @property
    def worked_s(self) -> int:
        """Seconds of all kinds, before any cut."""
        return self.totals.tracked + self.totals.kept + self.totals.manual


@dataclass(frozen=True)
class MonthWeek:
    """A whole week, Monday first, with its ledger, its open exceptions, and whether its client
    approved all of it.
    """

    days: tuple[MonthDay, ...]
    ledger: WeekLedger
    exceptions: int
    approved: bool

    @property
    def worked_s(self) -> int:
        """Seconds of all kinds in the week, before any cut."""
        return sum(day.worked_s for day in self.days)


@dataclass(frozen=True)
class MonthView:
    """One contract's month (`first` is its first day) as the whole weeks that it touches."""

    ctr: str
    title: str
    person: str
    client: str
    role: ContractRole
    first: dt.date
    today: dt.date
    """The present UTC day."""
    weeks: tuple[MonthWeek, ...]
    previous: dt.date | None
    """The first day of the month before; None if there is no earlier time."""
    next: dt.date | None
    """The first day of the month after; None if it lies in the future and has no time."""

    @property
    def last(self) -> dt.date:
        """The last day of the month."""
        return next(d.date for week in reversed(self.weeks) for d in week.days[::-1] if d.inside)

    @property
    def totals(self) -> Totals:
        """The sum of the days of the month."""
        return credited_totals.summed(
            day.totals for week in self.weeks for day in week.days if day.inside
        )
