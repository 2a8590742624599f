"""The month of a contract, from its stored daily totals.

Nothing is verified again and no segment is credited, except in a week with time over the limit or
overlapping time: whether its client has settled these depends on the single segments.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, func, select

from diary.core.slots import DAY, WEEK, day_of, to_datetime, week_of
from diary.verification.credit import Credit
from marketplace.accounts.model import Account
from marketplace.contracts.access import ContractAccess, open_contract
from marketplace.core.clock import MarketplaceClock
from marketplace.core.problems import not_found
from marketplace.log.log import parts
from marketplace.records import credited_totals, exceptions, review_entries
from marketplace.records.review_entries import StoredReview
from marketplace.review.ledger import WeekLedger, ledgers
from marketplace.review.months.month_view import MonthDay, MonthView, MonthWeek
from marketplace.storage import schema
from marketplace.storage.database import Database

#: Longer than any month.
_MORE_THAN_A_MONTH = dt.timedelta(days=31)


class MonthQueries:
    """Read access for the month page. Thread-safe; each call reads one consistent snapshot."""

    def __init__(self, store: Database, clock: MarketplaceClock) -> None:
        self._store = store
        self._clock = clock

    def month(self, account: Account, ctr: str, first: dt.date) -> MonthView:
        """The month that begins with the day `first`, in UTC. Raises `not_found`."""
        today = to_datetime(self._clock.wall_s(), dt.UTC).date()
        try:
            after = next_month(first)
            begin = week_of(_midnight(first))
            end = week_of(_midnight(after - dt.timedelta(days=1))) + WEEK
        except OverflowError as error:
            raise not_found() from error
        with self._store.read() as connection:
            access = open_contract(connection, account, ctr, "totals")
            found = ledgers(connection, [ctr], begin, end)
            open_of = _open_exceptions(connection, access, found, begin, end)
            approved = _approved(connection, ctr, begin, end)
            earliest, latest = _edges(connection, ctr)
        weeks = []
        for week in range(begin, end, WEEK):
            ledger, listed = found[ctr, week], open_of[week]
            marked = Counter(day for days in listed for day in days)
            days = []
            for number, totals in enumerate(ledger.days):
                day = week + number * DAY
                date = to_datetime(day, dt.UTC).date()
                inside = (date.year, date.month) == (first.year, first.month)
                days.append(MonthDay(date, inside, totals, marked[day]))
            weeks.append(MonthWeek(tuple(days), ledger, len(listed), week in approved))
        later = latest is not None and latest >= _midnight(after)
        return MonthView(
            ctr=ctr,
            title=access.contract.title,
            person=access.person,
            client=access.client,
            role=access.role,
            first=first,
            today=today,
            weeks=tuple(weeks),
            previous=(
                (first - dt.timedelta(days=1)).replace(day=1)
                if earliest is not None and earliest < _midnight(first)
                else None
            ),
            next=after if after <= today or later else None,
        )


def next_month(first: dt.date) -> dt.date:
    """The first day of the month after. Raises OverflowError after the year 9999."""
    return (first + _MORE_THAN_A_MONTH).replace(day=1)


def _midnight(date: dt.date) -> int:
    """The beginning of a UTC day, Unix s."""
    return int(dt.datetime.combine(date, dt.time(), dt.UTC).timestamp())


def _edges(connection: Connection, ctr: str) -> tuple[int | None, int | None]:
    """The first and the last day with time (Unix s)."""
    columns = schema.daily_total.c
    first, last = (
        connection.execute(select(function(columns.day_s)).where(columns.ctr == ctr)).scalar()
        for function in (func.min, func.max)
    )
    return first, last


def _approved(connection: Connection, ctr: str, begin: int, end: int) -> set[int]:
    """The weeks (Unix s) in [begin, end) that their client approved."""
    table = schema.week_status.c
    query = select(table.week_s).where(
        table.ctr == ctr, table.week_s >= begin, table.week_s < end, table.approved
    )
    return set(connection.execute(query).scalars())


def _open_exceptions(
    connection: Connection,
    access: ContractAccess,
    found: Mapping[tuple[str, int], WeekLedger],
    begin: int,
    end: int,
) -> dict[int, list[set[int]]]:
    """The exceptions and questions of the weeks in [begin, end) that are not settled, by week: for
    each the days (Unix s) of its segments. They are those that the week page lists.
    """
    ctr = access.contract.ctr
    rows: defaultdict[int, list[Any]] = defaultdict(list)
    for row in _with_attention(connection, access, begin, end):
        rows[week_of(row.slot)].append(row)
    reviews: defaultdict[int, list[StoredReview]] = defaultdict(list)
    for week, entry in review_entries.of_weeks(connection, ctr, begin, end):
        reviews[week].append(entry)
    listed: dict[int, list[set[int]]] = {}
    for week in range(begin, end, WEEK):
        totals = found[ctr, week].totals
        if totals.over_limit or totals.overlap:
            of_week = credited_totals.credited_week(connection, access.contract.freelancer, week)
            rows[week] = [row for row in of_week.rows if row.ctr == ctr and row.pays is not None]
            shares = of_week.shares
        else:
            shares = {row.hash: _deleted_share(row) for row in rows[week]}
        days = {row.hash: day_of(row.slot) for row in rows[week]}
        settled = review_entries.settled(reviews[week])
        listed[week] = [
            {days[name] for name in each.segments}
            for each in exceptions.find(rows[week], shares, settled)
            if not each.settled
        ]
        listed[week] += _question_days(connection, reviews[week])
    return listed


def _with_attention(
    connection: Connection, access: ContractAccess, begin: int, end: int
) -> Sequence[Any]:
    """The checked segments in the slots of [begin, end) that their client should look at."""
    columns, contract = schema.segment.c, access.contract
    query = (
        select(
            columns.hash, columns.slot, columns.t0, columns.t1, columns.attention,
            columns.given_back, columns.pays,
        )
        .join(schema.device, schema.device.c.kid == columns.kid)
        .where(columns.ctr == contract.ctr, columns.slot >= begin, columns.slot < end)
        .where(schema.device.c.sub == contract.freelancer)
        .where(columns.pays.is_not(None), columns.attention != "")
    )  # fmt: skip
    return connection.execute(query).all()


def _deleted_share(row: Any) -> Credit:
    """The credit of a segment as far as exceptions depend on it: whether its time was deleted."""
    return Credit(0, given_back=max(0, row.t1 - row.t0) if row.given_back and row.pays else 0)


def _question_days(connection: Connection, entries: Iterable[StoredReview]) -> Iterator[set[int]]:
    """The days (Unix s) of the segments of each question that is not settled."""
    columns = schema.segment.c
    for thread in review_entries.threads(entries):
        if thread.settled:
            continue
        days: set[int] = set()
        for names in parts(sorted(thread.first.segments)):
            query = select(columns.slot).where(columns.hash.in_(names))
            days |= {day_of(slot) for slot in connection.execute(query).scalars()}
        yield days
