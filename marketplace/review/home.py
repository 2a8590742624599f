"""The rows of the home page, from stored totals: a constant number of queries for any number of
contracts.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, select

from diary.core.slots import DAY, WEEK, day_of, to_datetime, week_of
from marketplace.accounts.model import Account
from marketplace.contracts import queries
from marketplace.contracts.access import ContractRole
from marketplace.log.log import parts
from marketplace.records.heartbeats import recording_since
from marketplace.records.review_entries import REVIEW_S
from marketplace.review.ledger import Money, Rate
from marketplace.review.view_models import HomeRow, HomeSums, HomeView
from marketplace.storage import schema

Filter = Literal["all", "review", "exceptions", "recording", "over"]
Sort = Literal["exceptions", "person", "contract", "time", "amount"]
#: Rows on one page.
PAGE = 50
#: Characters of a search at most.
MAX_SEARCH = 100
_EDIT_UNTIL_S = 43_200
_NO_DAYS = (0,) * 7


@dataclass(frozen=True)
class HomeQuery:
    """What a home page shows: the week (Unix s; None: the one to review, else this one), rows that
    match a search and a filter, their order, and the page from 1.
    """

    week: int | None = None
    search: str = ""
    show: Filter = "all"
    sort: Sort = "exceptions"
    page: int = 1


def home_view(
    connection: Connection, account: Account, query: HomeQuery, now: int, real_s: int
) -> HomeView:
    """The contracts of an account in a week, at the instant `now` (Unix s); `real_s` is the same in
    real time.
    """
    found = _Home(connection, account, now, real_s)
    week = found.week_to_review() if query.week is None else query.week
    rows = found.rows(week)
    matching = _matching(rows, query, found.with_memo(query.search, week))
    shown = _filtered(matching, query.show)
    ordered = sorted(shown, key=_ORDERS[query.sort])
    return HomeView(
        name=account.name,
        role=account.role,
        now=to_datetime(now, dt.UTC),
        rows=found.completed(ordered[(query.page - 1) * PAGE : query.page * PAGE], week),
        week=week,
        review_ends_at=to_datetime(week + WEEK + REVIEW_S, dt.UTC),
        total=len(rows),
        counts={show: sum(map(matches, matching)) for show, matches in _FILTERS.items()},
        sums=_sums(shown),
        approvable=tuple(row for row in rows if row.can_be_approved),
        page=query.page,
        pages=max(1, -(-len(shown) // PAGE)),
    )


class _Home:
    """Gathers the rows of an account's contracts."""

    def __init__(self, connection: Connection, account: Account, now: int, real_s: int) -> None:
        self._connection = connection
        self._account = account
        self._now = now
        self._real_s = real_s
        self._mine = select(schema.contract.c.ctr).where(queries.visible_to(account.sub))

    def week_to_review(self) -> int:
        """Last week while its client can still review it, else this week."""
        this = week_of(self._now)
        last = this - WEEK
        if self._account.role == "client" and self._now < this + REVIEW_S:
            table = schema.week_status.c
            query = select(table.ctr).where(
                table.ctr.in_(self._mine), table.week_s == last, table.approved.is_(False)
            )
            if self._connection.execute(query.limit(1)).first() is not None:
                return last
        return this

    def rows(self, week: int) -> list[HomeRow]:
        """One row for each contract, oldest contract first, with what searches, filters, orders and
        sums need. `completed` adds the rest.
        """
        now = self._now
        roles = _roles(self._connection, self._account)
        recording = recording_since(self._connection, self._mine, self._real_s)
        values = {
            "sub": self._account.sub,
            "now": now,
            "today": day_of(now),
            "week": week,
        }
        rates: dict[tuple[int, str], Rate] = {}
        found = []
        # All at once and unpacked: row by row takes several times longer for a thousand contracts.
        for (
            ctr, title, company, person, client, open_, kinds, approved, payable, over, tracked,
            today, state, limit_s, edit_until_s, hourly, currency,
        ) in self._connection.execute(_ROWS, values).all():  # fmt: skip
            role: ContractRole = roles.get(company, "freelancer")
            lock = week + WEEK + (_EDIT_UNTIL_S if state is None else edit_until_s or 0)
            rate = None
            if currency is not None:
                rate = rates.get((hourly, currency))
                if rate is None:
                    rate = rates[hourly, currency] = Rate(hourly, currency)
            found.append(
                HomeRow(
                    ctr=ctr,
                    title=title,
                    person=person,
                    client=client,
                    role=role,
                    state=state or "",
                    recording=to_datetime(recording[ctr], dt.UTC) if ctr in recording else None,
                    last_seen=None,
                    last_day=None,
                    today_s=int(today or 0),
                    week_s=int(payable or 0),
                    limit_s=limit_s,
                    days=_NO_DAYS,
                    exceptions=open_ or 0,
                    kinds=tuple(kinds.split()) if kinds else (),
                    tracked_s=int(tracked or 0),
                    over_s=int(over or 0),
                    rate=rate,
                    approved=bool(approved),
                    may_approve=(
                        role in ("owner", "manager")
                        and approved is not None
                        and not approved
                        and lock <= now < week + WEEK + REVIEW_S
                    ),
                )
            )
        return found

    def completed(self, rows: Sequence[HomeRow], week: int) -> tuple[HomeRow, ...]:
        """The rows with their days and the end of their newest segment."""
        ctrs = [row.ctr for row in rows]
        days: defaultdict[str, dict[int, int]] = defaultdict(dict)
        table = schema.daily_total.c
        of_week = select(table.ctr, table.day_s, table.payable).where(
            table.ctr.in_(ctrs), table.day_s >= week, table.day_s < week + WEEK
        )
        for found in self._connection.execute(of_week):
            days[found.ctr][found.day_s] = found.payable
        statement, column = _newest(self._now)
        newest = {
            row.ctr: row.t1 if row.own else _own_newest(self._connection, row.ctr, self._now)
            for row in self._connection.execute(statement.where(column.in_(ctrs)))
        }
        complete = []
        for row in rows:
            last = newest.get(row.ctr)
            complete.append(
                row._replace(
                    last_seen=None if last is None else to_datetime(last, dt.UTC),
                    last_day=None if last is None else to_datetime(last - 1, dt.UTC).date(),
                    days=tuple(days[row.ctr].get(week + n * DAY, 0) for n in range(7)),
                )
            )
        return tuple(complete)

    def with_memo(self, search: str, week: int) -> set[str]:
        """The contracts with a matching memo in the week that the account may read."""
        if not search:
            return set()
        roles = _roles(self._connection, self._account)
        contracts = queries.contracts_of(self._connection, self._account.sub)
        readable = [c.ctr for c in contracts if roles.get(c.client) != "finance"]
        columns = schema.segment_summary.c
        found: set[str] = set()
        for part in parts(readable):
            query = (
                select(columns.ctr)
                .distinct()
                .where(
                    columns.ctr.in_(part),
                    columns.slot >= week,
                    columns.slot < week + WEEK,
                    columns.memo.icontains(search, autoescape=True),
                )
            )
            found |= {row[0] for row in self._connection.execute(query)}
        return found


def _roles(connection: Connection, account: Account) -> dict[str, ContractRole]:
    """The roles of a client's account by company; empty for a freelancer."""
    if account.role != "client":
        return {}
    columns = schema.company_member.c
    query = select(columns.company, columns.role).where(columns.sub == account.sub)
    found: dict[str, ContractRole] = {row.company: row.role for row in connection.execute(query)}
    return found | {account.sub: "owner"}


def _rows_statement() -> Select[Any]:
    """One row for each contract that the account `sub` can see, oldest contract first. Parameters:
    `sub`, and `now`, `today` and `week` in Unix s.
    """
    contract, status, rate = schema.contract.c, schema.week_status.c, schema.contract_rate.c
    person, client = schema.account.alias("person"), schema.account.alias("client")
    today, terms = schema.daily_total.alias("today"), schema.terms.c
    joined = (
        schema.contract.join(person, person.c.sub == contract.freelancer)
        .join(client, client.c.sub == contract.client)
        .outerjoin(
            schema.week_status, and_(status.ctr == contract.ctr, status.week_s == bindparam("week"))
        )
        .outerjoin(today, and_(today.c.ctr == contract.ctr, today.c.day_s == bindparam("today")))
        .outerjoin(schema.terms, terms.idx == _terms_in_force())
        .outerjoin(schema.contract_rate, and_(rate.ctr == contract.ctr, rate.from_s == _rated()))
    )
    return (
        select(
            contract.ctr, contract.title, contract.client, person.c.name, client.c.name,
            status.open, status.kinds, status.approved,
            status.payable, status.over_limit, status.tracked + status.kept + status.manual,
            today.c.payable,
            terms.state, terms.limit_s, terms.edit_until_s,
            rate.hourly_minor, rate.currency,
        )
        .select_from(joined)
        .where(queries.visible_to(bindparam("sub")))
        .order_by(contract.created_s, contract.ctr)
    )  # fmt: skip


def _terms_in_force() -> ColumnElement[int]:
    """The `idx` of a contract's terms in force, or of its first terms."""
    table = schema.terms.alias()
    of_contract = (
        select(table.c.idx)
        .where(table.c.ctr == schema.contract.c.ctr)
        .limit(1)
        .correlate(schema.contract)
    )
    present = of_contract.where(table.c.from_s <= bindparam("now")).order_by(
        table.c.from_s.desc(), table.c.idx.desc()
    )
    first = of_contract.order_by(table.c.from_s, table.c.idx)
    return func.coalesce(present.scalar_subquery(), first.scalar_subquery())


def _rated() -> ColumnElement[int]:
    """The `from_s` of a contract's rate of the week."""
    table = schema.contract_rate.alias()
    return (
        select(func.max(table.c.from_s))
        .where(table.c.ctr == schema.contract.c.ctr, table.c.from_s <= bindparam("week"))
        .correlate(schema.contract)
        .scalar_subquery()
    )


#: Made once: SQLAlchemy takes longer to build it than a database to answer it.
_ROWS = _rows_statement()


def _newest(now: int) -> tuple[Select[Any], Any]:
    """The newest segment of each contract, and whether a device of its freelancer signed it."""
    segment, device, contract = schema.segment.c, schema.device.c, schema.contract.c
    inner = schema.segment.alias()
    newest = (
        select(inner.c.hash)
        .where(inner.c.ctr == contract.ctr, inner.c.slot <= now)
        .order_by(inner.c.slot.desc(), inner.c.t1.desc())
        .limit(1)
        .correlate(schema.contract)
        .scalar_subquery()
    )
    own = and_(
        device.sub == contract.freelancer, segment.t0 >= segment.slot, segment.t1 > segment.t0
    )
    statement = (
        select(contract.ctr, segment.t1, own.label("own"))
        .select_from(schema.contract)
        .join(schema.segment, segment.hash == newest)
        .join(schema.device, device.kid == segment.kid)
    )
    return statement, contract.ctr


def _own_newest(connection: Connection, ctr: str, now: int) -> int | None:
    """The end of the newest segment of a contract by a device of its freelancer. Slower."""
    segment, device, contract = schema.segment.c, schema.device.c, schema.contract.c
    found = connection.execute(
        select(segment.t1)
        .join(schema.device, device.kid == segment.kid)
        .join(schema.contract, contract.ctr == segment.ctr)
        .where(segment.ctr == ctr, device.sub == contract.freelancer, segment.slot <= now)
        .where(segment.t0 >= segment.slot, segment.t1 > segment.t0)
        .order_by(segment.slot.desc(), segment.t1.desc())
        .limit(1)
    )
    return found.scalar()


def _matching(rows: list[HomeRow], query: HomeQuery, memos: set[str]) -> list[HomeRow]:
    wanted = query.search.casefold()
    if not wanted:
        return rows
    return [
        row
        for row in rows
        if row.ctr in memos
        or any(wanted in text.casefold() for text in (row.title, row.person, row.client))
    ]


def _filtered(rows: list[HomeRow], show: Filter) -> list[HomeRow]:
    return list(filter(_FILTERS[show], rows)) if show != "all" else rows


_FILTERS: dict[Filter, Any] = {
    "all": lambda _: True,
    "review": attrgetter("may_approve"),
    "exceptions": lambda row: row.exceptions > 0,
    "recording": lambda row: row.recording is not None,
    "over": lambda row: row.over_s > 0,
}
_ORDERS: dict[Sort, Any] = {
    "exceptions": lambda row: (-row.exceptions, row.person.casefold(), row.title.casefold()),
    "person": lambda row: (row.person.casefold(), row.title.casefold()),
    "contract": lambda row: (row.title.casefold(), row.person.casefold()),
    "time": lambda row: (-row.tracked_s, row.person.casefold()),
    "amount": lambda row: (-(row.amount_minor or 0), row.person.casefold()),
}


def _sums(rows: list[HomeRow]) -> HomeSums:
    """The sums of the shown rows; money by currency."""
    amounts: defaultdict[str, int] = defaultdict(int)
    for row in rows:
        if row.rate is not None:
            amounts[row.rate.currency] += row.rate.amount_minor(row.week_s)
    return HomeSums(
        contracts=len(rows),
        recording=sum(row.recording is not None for row in rows),
        today_s=sum(map(attrgetter("today_s"), rows)),
        tracked_s=sum(map(attrgetter("tracked_s"), rows)),
        payable_s=sum(map(attrgetter("week_s"), rows)),
        amounts=tuple(Money(amount, currency) for currency, amount in sorted(amounts.items())),
        exceptions=sum(map(attrgetter("exceptions"), rows)),
    )
