"""The rows of the home page, from stored totals: a constant number of queries for any number of
contracts.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, Select, and_, case, func, select, union

from diary.core.slots import DAY, WEEK, day_of, to_datetime, week_of
from diary.verification.credit import Totals
from marketplace.accounts.model import Account
from marketplace.contracts import queries
from marketplace.contracts.access import ContractRole
from marketplace.log.log import parts
from marketplace.records import credited_totals
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
        rows=tuple(ordered[(query.page - 1) * PAGE : query.page * PAGE]),
        week=week,
        review_ends_at=to_datetime(week + WEEK + REVIEW_S, dt.UTC),
        total=len(rows),
        counts={show: len(_filtered(matching, show)) for show in _FILTERS},
        sums=_sums(shown),
        approvable=tuple(row for row in rows if row.may_approve and not row.exceptions),
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
        self._contracts = queries.contracts_of(connection, account.sub)
        self._ctrs = [each.ctr for each in self._contracts]
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
        """One row for each contract, oldest contract first."""
        now, today = self._now, day_of(self._now)
        names = self._names()
        roles = _roles(self._connection, self._account, {c.client for c in self._contracts})
        days = self._days(week)
        todays = days if week <= today < week + WEEK else self._days(week_of(now))
        status = {row.ctr: row for row in self._all(_status(week))}
        terms = {row.ctr: row for row in self._connection.execute(_terms(now, self._mine))}
        newest = {
            row.ctr: row.t1 if row.own else _own_newest(self._connection, row.ctr, now)
            for row in self._all(_newest(now))
        }
        recording = recording_since(self._connection, self._ctrs, self._real_s)
        rates = self._rates(week)
        locks = {ctr: week + WEEK + (row.edit_until_s or 0) for ctr, row in terms.items()}
        found = []
        for each in self._contracts:
            sums = [days[each.ctr].get(week + n * DAY, credited_totals.NO_TIME) for n in range(7)]
            state, of_terms = status.get(each.ctr), terms.get(each.ctr)
            last = newest.get(each.ctr)
            role: ContractRole = roles.get(each.client, "freelancer")
            lock = locks.get(each.ctr, week + WEEK + _EDIT_UNTIL_S)
            approved = state is not None and state.approved
            found.append(
                HomeRow(
                    ctr=each.ctr,
                    title=each.title,
                    person=names.get(each.freelancer, ""),
                    client=names.get(each.client, ""),
                    role=role,
                    state=(of_terms.state or "") if of_terms else "",
                    recording=(
                        to_datetime(recording[each.ctr], dt.UTC) if each.ctr in recording else None
                    ),
                    last_seen=None if last is None else to_datetime(last, dt.UTC),
                    last_day=None if last is None else to_datetime(last - 1, dt.UTC).date(),
                    today_s=todays[each.ctr].get(today, credited_totals.NO_TIME).payable,
                    week_s=sum(day.payable for day in sums),
                    limit_s=of_terms.limit_s if of_terms else None,
                    days=tuple(day.payable for day in sums),
                    exceptions=state.open if state else 0,
                    kinds=tuple(state.kinds.split()) if state else (),
                    tracked_s=sum(day.tracked + day.kept + day.manual for day in sums),
                    over_s=sum(day.over_limit for day in sums),
                    rate=rates.get(each.ctr),
                    approved=approved,
                    may_approve=(
                        role in ("owner", "manager")
                        and state is not None
                        and not approved
                        and lock <= now < week + WEEK + REVIEW_S
                    ),
                )
            )
        return found

    def with_memo(self, search: str, week: int) -> set[str]:
        """The contracts with a matching memo in the week that the account may read."""
        if not search or not self._ctrs:
            return set()
        roles = _roles(self._connection, self._account, {c.client for c in self._contracts})
        readable = [c.ctr for c in self._contracts if roles.get(c.client) != "finance"]
        columns = schema.segment_summary.c
        found: set[str] = set()
        for part in parts(readable):
            query = select(columns.ctr.distinct()).where(
                columns.ctr.in_(part),
                columns.slot >= week,
                columns.slot < week + WEEK,
                columns.memo.icontains(search, autoescape=True),
            )
            found |= {row[0] for row in self._connection.execute(query)}
        return found

    def _all(self, query: tuple[Select[Any], Any]) -> list[Any]:
        """The rows of a query for all contracts; the column names the contract."""
        statement, column = query
        return list(self._connection.execute(statement.where(column.in_(self._mine))))

    def _names(self) -> dict[str, str]:
        """The names of the people of the contracts."""
        people, columns = schema.account.c, schema.contract.c
        visible = queries.visible_to(self._account.sub)
        subs = union(
            select(columns.freelancer).where(visible), select(columns.client).where(visible)
        )
        query = select(people.sub, people.name).where(people.sub.in_(subs))
        return {row.sub: row.name for row in self._connection.execute(query)}

    def _rates(self, week: int) -> dict[str, Rate]:
        """The rates of the week by contract; contracts without one are absent."""
        table = schema.contract_rate
        statement = select(table).where(table.c.from_s <= week).order_by(table.c.from_s)
        # A later row of a contract replaces an earlier one.
        return {
            row.ctr: Rate(row.hourly_minor, row.currency)
            for row in self._all((statement, table.c.ctr))
        }

    def _days(self, week: int) -> defaultdict[str, dict[int, Totals]]:
        table = schema.daily_total
        statement = select(table).where(table.c.day_s >= week, table.c.day_s < week + WEEK)
        found: defaultdict[str, dict[int, Totals]] = defaultdict(dict)
        for row in self._all((statement, table.c.ctr)):
            found[row.ctr][row.day_s] = credited_totals.totals_of(row)
        return found


def _roles(
    connection: Connection, account: Account, companies: Collection[str]
) -> dict[str, ContractRole]:
    """The roles of a client's account by company; empty for a freelancer."""
    if account.role != "client":
        return {}
    columns = schema.company_member.c
    query = select(columns.company, columns.role).where(columns.sub == account.sub)
    found: dict[str, ContractRole] = {
        row.company: row.role for row in connection.execute(query) if row.company in companies
    }
    return found | {account.sub: "owner"}


def _status(week: int) -> tuple[Select[Any], Any]:
    table = schema.week_status
    return select(table).where(table.c.week_s == week), table.c.ctr


def _terms(now: int, contracts: Select[Any]) -> Select[Any]:
    """The terms in force, or the first ones, of each of the contracts."""
    columns = schema.terms.c
    begun = columns.from_s <= now
    order = func.row_number().over(
        partition_by=columns.ctr,
        order_by=(
            begun.desc(),
            case((begun, -columns.from_s), else_=columns.from_s),
            columns.idx.desc(),
        ),
    )
    ranked = (
        select(
            columns.ctr, columns.state, columns.limit_s, columns.edit_until_s, order.label("place")
        )
        .where(columns.ctr.in_(contracts))
        .subquery()
    )
    return select(ranked).where(ranked.c.place == 1)


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
    return [row for row in rows if _FILTERS[show](row)]


_FILTERS: dict[Filter, Any] = {
    "all": lambda _: True,
    "review": lambda row: row.may_approve,
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
        if row.rate is not None and row.amount_minor is not None:
            amounts[row.rate.currency] += row.amount_minor
    return HomeSums(
        contracts=len(rows),
        recording=sum(row.recording is not None for row in rows),
        today_s=sum(row.today_s for row in rows),
        tracked_s=sum(row.tracked_s for row in rows),
        payable_s=sum(row.week_s for row in rows),
        amounts=tuple(Money(amount, currency) for currency, amount in sorted(amounts.items())),
        exceptions=sum(row.exceptions for row in rows),
    )
