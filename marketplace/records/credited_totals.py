"""Credited totals of contracts, stored per day for all lists.

A row of `schema.daily_total` has the totals of one contract and UTC day; a week is the sum of its
days, which a row of `schema.week_status` repeats for lists of many contracts. The totals are
computed from the index and the findings of the segments, in the transaction that stores the
findings, and for all contracts of a freelancer in a week together, since the same seconds for one
client are paid once. After a crash the next start checks the segments without findings and computes
their totals again.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, fields, replace
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, select

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

# Every check runs these statements; building them takes longer than running them.
_SEGMENT, _DAYS, _STATUS = schema.segment.c, schema.daily_total.c, schema.week_status.c
_WEEKS_OF = (
    select(schema.device.c.sub, _SEGMENT.slot)
    .join(schema.device, schema.device.c.kid == _SEGMENT.kid)
    .where(_SEGMENT.hash.in_(bindparam("names", expanding=True)))
)
_OF_WEEK = (
    select(
        _SEGMENT.hash, _SEGMENT.idx, _SEGMENT.kid, _SEGMENT.epoch, _SEGMENT.seq, _SEGMENT.kind,
        _SEGMENT.slot, _SEGMENT.t0, _SEGMENT.t1, _SEGMENT.ctr, _SEGMENT.pays, _SEGMENT.given_back,
        _SEGMENT.given_back_idx, _SEGMENT.limit_s, _SEGMENT.client, _SEGMENT.attention,
        _SEGMENT.allowed, schema.leaf.c.rt_ms,
    )
    .join(schema.device, schema.device.c.kid == _SEGMENT.kid)
    .join(schema.contract, schema.contract.c.ctr == _SEGMENT.ctr)
    .outerjoin(schema.leaf, schema.leaf.c.idx == _SEGMENT.idx)
    .where(schema.device.c.sub == bindparam("sub"))
    .where(schema.contract.c.freelancer == bindparam("sub"))
    .where(_SEGMENT.slot >= bindparam("begin"), _SEGMENT.slot < bindparam("end"))
    .order_by(_SEGMENT.slot, _SEGMENT.t0, _SEGMENT.idx)
)  # fmt: skip
_OWN = select(schema.contract.c.ctr).where(schema.contract.c.freelancer == bindparam("sub"))
_FORGET_DAYS = delete(schema.daily_total).where(
    _DAYS.ctr.in_(_OWN),
    _DAYS.day_s >= bindparam("begin"),
    _DAYS.day_s < bindparam("end"),
)
_FORGET_STATUS = delete(schema.week_status).where(
    _STATUS.ctr.in_(_OWN), _STATUS.week_s == bindparam("week")
)
#: The columns of `schema.week_status` with the week's seconds.
_WEEK_SUMS = ("tracked", "kept", "manual", "payable", "over_limit")


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
    return {
        (str(row.sub), week_of(row.slot))
        for part in parts(sorted(names))
        for row in connection.execute(_WEEKS_OF, {"names": part})
    }


def refresh(connection: Connection, people: Iterable[tuple[str, int]]) -> None:
    """Compute the totals of freelancers and weeks again, in the caller's transaction."""
    days: list[dict[str, object]] = []
    states: list[dict[str, object]] = []
    for sub, week in sorted(set(people)):
        of_week = credited_week(connection, sub, week)
        connection.execute(_FORGET_DAYS, {"sub": sub, "begin": week, "end": week + WEEK})
        days += (
            {"ctr": ctr, "day_s": day, **asdict(sums)}
            for (ctr, day), sums in by_day(of_week.entries, of_week.shares).items()
        )
        connection.execute(_FORGET_STATUS, {"sub": sub, "week": week})
        states += (
            _status(connection, of_week, ctr, week)
            for ctr in sorted({row.ctr for row in of_week.rows})
        )
    if days:
        schema.insert(connection, schema.daily_total, days)
    if states:
        schema.insert(connection, schema.week_status, states)


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
    values = {"sub": sub, "begin": week, "end": week + WEEK}
    rows: tuple[Row[Any], ...] = tuple(connection.execute(_OF_WEEK, values))
    entries = tuple(stored_entry(row, sub) for row in rows if row.pays is not None)
    return CreditedWeek(rows, entries, credit(entries))


def _status(connection: Connection, week: CreditedWeek, ctr: str, week_s: int) -> dict[str, object]:
    """The state of the review of a contract's week."""
    reviews = review_entries.of_week(connection, ctr, week_s)
    rows = [row for row in week.rows if row.ctr == ctr and row.pays is not None]
    sums = totals([entry for entry in week.entries if entry.ctr == ctr], week.shares)
    found = exceptions.find(rows, week.shares, review_entries.settled(reviews))
    questions = sum(not each.settled for each in review_entries.threads(reviews))
    approved = review_entries.approved(reviews).issuperset(row.hash for row in rows)
    return status_row(ctr, week_s, sums, found, questions=questions, approved=approved)


def status_row(
    ctr: str,
    week_s: int,
    sums: Totals,
    found: Iterable[exceptions.WeekException],
    *,
    questions: int,
    approved: bool,
) -> dict[str, object]:
    """The row of `schema.week_status` for a contract's week with the totals `sums` and `questions`
    open questions.
    """
    kinds = Counter(each.kind for each in found if not each.settled)
    kinds["question"] += questions
    return {
        "ctr": ctr,
        "week_s": week_s,
        "open": kinds.total(),
        "kinds": " ".join(kind for kind, count in kinds.most_common() if count),
        "approved": approved,
        **{name: getattr(sums, name) for name in _WEEK_SUMS},
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
        .where(schema.device.c.sub == sub, columns.ctr == ctr, columns.pays.is_not(None))
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
