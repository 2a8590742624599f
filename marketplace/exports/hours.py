"""The hours of a contract in a period, as all exports show them.

Totals and money are those of `marketplace.review.ledger`; the entries are the credited segments
whose sums these totals are. The money of a week is computed for the whole week, so a week that is
only partly in the period has hours but no amount.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from diary.core.slots import DAY, WEEK, to_datetime
from diary.verification.credit import Credit, CreditEntry, Totals, totals
from marketplace.contracts.access import ContractAccess
from marketplace.exports.period import Period
from marketplace.records import credited_totals, segment_facts
from marketplace.records.checked_segment import kind_of
from marketplace.review.ledger import WeekLedger, ledgers


@dataclass(frozen=True)
class ExportEntry:
    """One segment: its hash, kind, begin and end (Unix s), memo ("" if it is deleted or withheld),
    and the split of its seconds.
    """

    hash: str
    kind: str
    t0: int
    t1: int
    memo: str
    credit: Credit

    @property
    def totals(self) -> Totals:
        """Its seconds as totals."""
        entry = CreditEntry(self.hash, None, kind_of(self.kind), self.t0, self.t1)
        return totals([entry], {self.hash: self.credit})


@dataclass(frozen=True)
class ContractHours:
    """A contract's hours in a period. `days` are the totals of all days with time, `weeks` the
    ledgers of all weeks of the period, `zone` the freelancer's time zone. `entries` are in order of
    time, None if the account may see totals only.
    """

    access: ContractAccess
    period: Period
    zone: ZoneInfo
    days: tuple[tuple[dt.date, Totals], ...]
    weeks: tuple[WeekLedger, ...]
    entries: tuple[ExportEntry, ...] | None

    @property
    def totals(self) -> Totals:
        """The sum of the days."""
        return credited_totals.summed(sums for _, sums in self.days)

    @property
    def amounts(self) -> dict[str, int]:
        """The sum of the whole weeks' amounts by currency, in its minor unit."""
        found: defaultdict[str, int] = defaultdict(int)
        for week in self.weeks:
            if self.period.is_whole(week.week) and week.rate and week.amount_minor is not None:
                found[week.rate.currency] += week.amount_minor
        return dict(found)


def read_hours(
    connection: Connection, access: ContractAccess, period: Period, *, entries: bool
) -> ContractHours:
    """The hours of a contract; with `entries`, its segments as well."""
    ctr = access.contract.ctr
    by_week = ledgers(connection, [ctr], period.weeks.start, period.weeks[-1] + WEEK)
    weeks = tuple(by_week[ctr, week] for week in period.weeks)
    days = tuple(
        (to_datetime(begin, dt.UTC).date(), sums)
        for week in weeks
        for number, sums in enumerate(week.days)
        if period.begin_s <= (begin := week.week + number * DAY) < period.end_s
        and sums != credited_totals.NO_TIME
    )
    return ContractHours(
        access=access,
        period=period,
        zone=access.zone(connection),
        days=days,
        weeks=weeks,
        entries=_entries(connection, access, period) if entries else None,
    )


def _entries(
    connection: Connection, access: ContractAccess, period: Period
) -> tuple[ExportEntry, ...]:
    ctr = access.contract.ctr
    memos = segment_facts.memos(connection, ctr, period.begin_s, period.end_s)
    found = []
    for week in period.weeks:
        credited = credited_totals.credited_week(connection, access.contract.freelancer, week)
        found += [
            ExportEntry(
                entry.hash,
                entry.kind,
                entry.t0,
                entry.t1,
                memos.get(entry.hash) or "",
                credited.shares[entry.hash],
            )
            for entry in credited.entries
            if entry.ctr == ctr and period.begin_s <= entry.t0 < period.end_s
        ]
    return tuple(sorted(found, key=lambda entry: (entry.t0, entry.t1, entry.hash)))


@dataclass(frozen=True)
class PayableRun:
    """Payable time with one memo without a break: begin and end in Unix s."""

    t0: int
    t1: int
    memo: str
    first: str


def payable_runs(entries: tuple[ExportEntry, ...]) -> list[PayableRun]:
    """The payable time of entries as runs, whose lengths add up to the payable seconds exactly.

    Other programs have no entry that is paid in part: such a segment becomes a run of its payable
    seconds from its begin. `first` is the hash of the first segment of a run.
    """
    runs: list[PayableRun] = []
    for entry in entries:
        if not entry.credit.payable:
            continue
        end = entry.t0 + entry.credit.payable
        last = runs[-1] if runs else None
        if last is not None and last.t1 == entry.t0 and last.memo == entry.memo:
            runs[-1] = PayableRun(last.t0, end, last.memo, last.first)
        else:
            runs.append(PayableRun(entry.t0, end, entry.memo, entry.hash))
    return runs
