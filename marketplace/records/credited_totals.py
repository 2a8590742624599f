"""Credited totals of contracts, stored per day for all lists.

A row of `schema.daily_total` has the totals of one contract and UTC day; a week is the sum of its
days. The totals are computed from the index and the findings of the segments, in the transaction
that stores the findings, and for all contracts of a freelancer in a week together, since the same
seconds for one client are paid once. After a crash the next start checks the segments without
findings and computes their totals again.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, fields, replace
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, Row, delete, select

from diary.core.slots import DAY, WEEK, day_of, slot_of, week_of
from diary.verification.credit import Credit, CreditEntry, Totals, credit, totals
from marketplace.log.log import parts
from marketplace.records import exceptions, review_entries
from marketplace.records.checked_segment import stored_entry
from marketplace.storage import schema

NO_TIME = Totals()
_OF = attrgetter(*(field.name for field in fields(Totals)))
#: Limits the response for devices with many gaps in their numbers.
_MOST_RUNS = 1_000


@dataclass(frozen=True)
class SeqRun:
    """A gapless run of segments of one device and epoch in the totals; `given_back` is true if
    their time was deleted.
    """

    kid: str
    epoch: int
    first: int
    last: int
    given_back: bool

    def goes_on(self, kid: str, epoch: int, seq: int, given_back: bool) -> bool:
        """Whether a segment continues the run."""
        same = (kid, epoch, given_back) == (self.kid, self.epoch, self.given_back)
        return same and seq == self.last + 1


def weeks_of(connection: Connection, names: Collection[str]) -> set[tuple[str, int]]:
    """The freelancers (`sub`) and weeks (Unix s) of segments, by hash."""
    found = set()
    columns = schema.segment.c
    query = select(schema.device.c.sub, columns.slot).join(
        schema.device, schema.device.c.kid == columns.kid
    )
    for part in parts(sorted(names)):
        for row in connection.execute(query.where(columns.hash.in_(part))):
            found.add((str(row.sub), week_of(row.slot)))
    return found


def refresh(connection: Connection, people: Iterable[tuple[str, int]]) -> None:
    """Compute the totals of freelancers and weeks again, in the caller's transaction."""
    for sub, week in sorted(set(people)):
        of_week = credited_week(connection, sub, week)
        rows: list[dict[str, object]] = [
            {"ctr": ctr, "day_s": day, **asdict(sums)}
            for (ctr, day), sums in by_day(of_week.entries, of_week.shares).items()
        ]
        table, contract = schema.daily_total, schema.contract
        mine = select(contract.c.ctr).where(contract.c.freelancer == sub)
        connection.execute(
            delete(table).where(
                table.c.ctr.in_(mine), table.c.day_s >= week, table.c.day_s < week + WEEK
            )
        )
        if rows:
            schema.insert(connection, table, rows)
        for ctr in {row.ctr for row in of_week.rows}:
            _store_status(connection, of_week, ctr, week)


@dataclass(frozen=True)
class CreditedWeek:
    """The checked segments of a freelancer's week on all contracts: their columns without the
    signed bytes, in order of time, their ledger entries, and their credit by hash.
    """

    rows: tuple[Row[Any], ...]
    entries: tuple[CreditEntry, ...]
    shares: dict[str, Credit]


def credited_week(connection: Connection, sub: str, week: int) -> CreditedWeek:
    """The credited segments of a freelancer in the week that begins at `week` (Unix s)."""
    columns = schema.segment.c
    query = (
        select(
            columns.hash, columns.idx, columns.kid, columns.epoch, columns.seq, columns.kind,
            columns.slot, columns.t0, columns.t1, columns.ctr, columns.pays, columns.given_back,
            columns.given_back_idx, columns.limit_s, columns.client, columns.attention,
            columns.allowed, schema.leaf.c.rt_ms,
        )
        .join(schema.device, schema.device.c.kid == columns.kid)
        .join(schema.contract, schema.contract.c.ctr == columns.ctr)
        .outerjoin(schema.leaf, schema.leaf.c.idx == columns.idx)
        .where(schema.device.c.sub == sub, schema.contract.c.freelancer == sub)
        .where(columns.slot >= week, columns.slot < week + WEEK)
        .order_by(columns.slot, columns.t0, columns.idx)
    )  # fmt: skip
    rows: tuple[Row[Any], ...] = tuple(connection.execute(query))
    entries = tuple(stored_entry(row, sub) for row in rows if row.pays is not None)
    return CreditedWeek(rows, entries, credit(entries))


def _store_status(connection: Connection, week: CreditedWeek, ctr: str, week_s: int) -> None:
    """Store the state of the review of a contract's week."""
    reviews = review_entries.of_week(connection, ctr, week_s)
    rows = [row for row in week.rows if row.ctr == ctr and row.pays is not None]
    found = exceptions.find(rows, week.shares, review_entries.settled(reviews))
    questions = sum(not each.settled for each in review_entries.threads(reviews))
    approved = review_entries.approved(reviews).issuperset(row.hash for row in rows)
    table = schema.week_status
    connection.execute(delete(table).where(table.c.ctr == ctr, table.c.week_s == week_s))
    row = status_row(ctr, week_s, found, questions=questions, approved=approved)
    schema.insert(connection, table, [row])


def status_row(
    ctr: str,
    week_s: int,
    found: Iterable[exceptions.WeekException],
    *,
    questions: int,
    approved: bool,
) -> dict[str, object]:
    """The row of `schema.week_status` for a contract's week with `questions` open questions."""
    kinds = Counter(each.kind for each in found if not each.settled)
    kinds["question"] += questions
    return {
        "ctr": ctr,
        "week_s": week_s,
        "open": kinds.total(),
        "kinds": " ".join(kind for kind, count in kinds.most_common() if count),
        "approved": approved,
    }


def by_day(
    entries: Iterable[CreditEntry], shares: dict[str, Credit]
) -> dict[tuple[str, int], Totals]:
    """The totals of credited segments by contract and UTC day."""
    groups: defaultdict[tuple[str, int], list[CreditEntry]] = defaultdict(list)
    for entry in entries:
        groups[entry.ctr, day_of(entry.t0)].append(entry)
    return {group: totals(listed, shares) for group, listed in groups.items()}


def days(connection: Connection, ctr: str, begin: int, end: int) -> dict[int, Totals]:
    """The stored totals of the days in [begin, end) (Unix s), by the start of the day."""
    columns = schema.daily_total.c
    rows = connection.execute(
        select(schema.daily_total).where(
            columns.ctr == ctr, columns.day_s >= begin, columns.day_s < end
        )
    )
    return {row.day_s: totals_of(row) for row in rows}


def totals_of(row: Row[Any]) -> Totals:
    """The totals in a row of `schema.daily_total`."""
    return Totals(*_OF(row))


def of_day(connection: Connection, sub: str, begin: int, end: int) -> dict[str, Totals]:
    """The totals of a freelancer's segments in the slots that begin in a day of any time zone,
    [begin, end) in Unix s, by contract.
    """
    if begin == day_of(begin) and end == begin + DAY:
        return _stored_day(connection, sub, begin)
    groups: defaultdict[str, list[CreditEntry]] = defaultdict(list)
    shares: dict[str, Credit] = {}
    for week in range(week_of(begin), end, WEEK):
        of_week = credited_week(connection, sub, week)
        shares.update(of_week.shares)
        for entry in of_week.entries:
            if begin <= slot_of(entry.t0) < end:
                groups[entry.ctr].append(entry)
    return {ctr: totals(listed, shares) for ctr, listed in groups.items()}


def _stored_day(connection: Connection, sub: str, begin: int) -> dict[str, Totals]:
    """The totals of a freelancer's contracts in the UTC day that begins at `begin`."""
    table, contract = schema.daily_total, schema.contract
    rows = connection.execute(
        select(table)
        .join(contract, contract.c.ctr == table.c.ctr)
        .where(contract.c.freelancer == sub, table.c.day_s == begin)
    )
    return {row.ctr: totals_of(row) for row in rows}


def summed(listed: Iterable[Totals]) -> Totals:
    """The sum of totals."""
    return Totals(*(sum(column) for column in zip(*map(_OF, listed), strict=True)))


def week(connection: Connection, ctr: str, begin: int) -> Totals:
    """The stored totals of the week that begins at `begin` (Unix s)."""
    return summed(days(connection, ctr, begin, begin + WEEK).values())


def counted(
    connection: Connection, sub: str, ctr: str, begin: int, end: int, kid: str
) -> list[SeqRun]:
    """The segments of a freelancer in the slots of [begin, end) (Unix s) that are in the totals, as
    runs, those of the device `kid` first, at most as many as a client reads.
    """
    columns = schema.segment.c
    rows = connection.execute(
        select(columns.kid, columns.epoch, columns.seq, columns.given_back)
        .distinct()
        .join(schema.device, schema.device.c.kid == columns.kid)
        .where(schema.device.c.sub == sub, columns.ctr == ctr, columns.checked)
        .where(columns.slot >= begin, columns.slot < end)
        .order_by(columns.kid, columns.epoch, columns.seq)
    )
    runs: list[SeqRun] = []
    for row in rows:
        if runs and runs[-1].goes_on(row.kid, row.epoch, row.seq, row.given_back):
            runs[-1] = replace(runs[-1], last=row.seq)
        else:
            runs.append(SeqRun(row.kid, row.epoch, row.seq, row.seq, row.given_back))
    return sorted(runs, key=lambda run: run.kid != kid)[:_MOST_RUNS]
