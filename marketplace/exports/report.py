"""Reports: the hours and the money of an account's contracts in a period, by contract, person or
memo.

Hours and money are those of `marketplace.review.ledger`. The money of a week belongs to the whole
week of a contract, so reports by memo, and weeks that are only partly in the period, have none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, or_, select

from diary.core.slots import DAY, WEEK
from diary.verification.credit import Totals
from marketplace.accounts.model import Account
from marketplace.accounts.roles import role_in
from marketplace.contracts.access import open_contract
from marketplace.core.names import shown_name
from marketplace.core.problems import ProblemError
from marketplace.exports.hours import read_hours
from marketplace.exports.period import Period
from marketplace.records import credited_totals
from marketplace.review.ledger import WeekLedger, ledgers
from marketplace.storage import schema
from marketplace.storage.database import Database

Grouping = Literal["contract", "person", "memo"]
#: Contracts of a report that reads memos, at most: each is read segment by segment.
MAX_READ = 50
#: Weeks of contracts in one response of the API, at most.
MAX_WEEKS = 5_300
#: Rows of a report at most, longest first.
MAX_ROWS = 2_000


@dataclass(frozen=True)
class ReportQuery:
    """What a report shows. `ctr` is one contract, None for all; `memo` is a part of memos, "" for
    all.
    """

    period: Period
    by: Grouping = "contract"
    ctr: str | None = None
    memo: str = ""

    @property
    def reads_memos(self) -> bool:
        """Whether it needs the memos of segments."""
        return self.by == "memo" or bool(self.memo)


@dataclass(frozen=True)
class ReportRow:
    """Hours under one name; `detail` says whose they are. `amounts` are in the minor units of their
    currencies, empty where the row has none.
    """

    name: str
    detail: str
    totals: Totals
    amounts: dict[str, int]


@dataclass(frozen=True)
class ReportContract:
    """A contract that the account can choose; `totals_only` for the role finance."""

    ctr: str
    title: str
    person: str
    client: str
    totals_only: bool


@dataclass(frozen=True)
class HoursReport:
    """A report: its rows, the longest time first, and all contracts of the account. `partial` is
    true if a week is only partly in the period; `omitted` is the number of contracts whose memos
    the account may not see.
    """

    query: ReportQuery
    rows: tuple[ReportRow, ...]
    contracts: tuple[ReportContract, ...]
    partial: bool
    omitted: int

    @property
    def totals(self) -> Totals:
        """The sum of the rows."""
        return credited_totals.summed(row.totals for row in self.rows)

    @property
    def amounts(self) -> dict[str, int]:
        """The sums of the rows' amounts by currency."""
        return _added(row.amounts for row in self.rows)


class Reports:
    """Makes reports. Blocks."""

    def __init__(self, store: Database) -> None:
        self._store = store

    def make(self, account: Account, query: ReportQuery) -> HoursReport:
        """The report of an account's contracts.

        Raises `not_found` for a contract of others, and `invalid_request` for the memos of more
        than `MAX_READ` contracts.
        """
        with self._store.read() as connection:
            contracts = _contracts(connection, account)
            chosen = [each for each in contracts if query.ctr in (None, each.ctr)]
            if query.ctr is not None and not chosen:
                raise ProblemError("not_found")
            omitted = 0
            if query.reads_memos:
                readable = [each for each in chosen if not each.totals_only]
                omitted, chosen = len(chosen) - len(readable), readable
                if len(chosen) > MAX_READ:
                    raise ProblemError(
                        "invalid_request",
                        f"A report about memos covers at most {MAX_READ} contracts. Choose one.",
                    )
                rows = _by_segment(connection, account, query, chosen)
            else:
                rows = _by_ledger(connection, query, chosen)
        longest = sorted(rows, key=lambda row: (-row.totals.payable, row.name, row.detail))
        partial = any(not query.period.is_whole(week) for week in query.period.weeks)
        return HoursReport(query, tuple(longest[:MAX_ROWS]), contracts, partial, omitted)

    def weeks(self, account: Account, period: Period, ctr: str | None) -> list[WeekLedger]:
        """The ledgers of the weeks with time that have a day in the period, by contract and week.

        Raises `not_found` for a contract of others, and `invalid_request` for more than
        `MAX_WEEKS` weeks of all contracts together.
        """
        with self._store.read() as connection:
            chosen = [
                each.ctr for each in _contracts(connection, account) if ctr in (None, each.ctr)
            ]
            if ctr is not None and not chosen:
                raise ProblemError("not_found")
            if len(chosen) * len(period.weeks) > MAX_WEEKS:
                raise ProblemError(
                    "invalid_request",
                    f"This covers more than {MAX_WEEKS} weeks of contracts. Choose fewer days, or "
                    "one contract.",
                )
            found = ledgers(connection, chosen, period.weeks.start, period.weeks[-1] + WEEK)
        with_time = (each for each in found.values() if each.totals != credited_totals.NO_TIME)
        return sorted(with_time, key=lambda each: (each.ctr, each.week))


def company_report(
    connection: Connection, company: str, period: Period, ctr: str | None
) -> HoursReport:
    """The totals by contract of a client's own contracts, or of one of them (`ctr`).

    Unlike `Reports.make`, it has no contracts of other companies that the account joined. For a
    contract of another client it is empty.
    """
    rows = _named(connection, schema.contract.c.client == company)
    contracts = tuple(_contract(row, totals_only=True) for row in rows if ctr in (None, row.ctr))
    query = ReportQuery(period, ctr=ctr)
    found = sorted(
        _by_ledger(connection, query, contracts),
        key=lambda row: (-row.totals.payable, row.name, row.detail),
    )
    partial = any(not period.is_whole(week) for week in period.weeks)
    return HoursReport(query, tuple(found[:MAX_ROWS]), contracts, partial, 0)


def _named(connection: Connection, where: ColumnElement[bool]) -> Sequence[Row[Any]]:
    """Contracts with the names of both sides, by title."""
    table, person, client = schema.contract, schema.account.alias(), schema.account.alias()
    return connection.execute(
        select(table, person.c.name.label("person"), client.c.name.label("company"))
        .join(person, person.c.sub == table.c.freelancer)
        .join(client, client.c.sub == table.c.client)
        .where(where)
        .order_by(table.c.title, table.c.ctr)
    ).all()


def _contract(row: Row[Any], *, totals_only: bool) -> ReportContract:
    return ReportContract(
        row.ctr, row.title, shown_name(row.person), shown_name(row.company), totals_only
    )


def _contracts(connection: Connection, account: Account) -> tuple[ReportContract, ...]:
    """The contracts of an account by title, with its role in each."""
    table, member = schema.contract, schema.company_member.c
    companies = select(member.company).where(member.sub == account.sub)
    rows = _named(
        connection,
        or_(
            table.c.freelancer == account.sub,
            table.c.client == account.sub,
            table.c.client.in_(companies),
        ),
    )
    roles = {each: role_in(connection, each, account.sub) for each in {row.client for row in rows}}
    return tuple(
        _contract(
            row,
            totals_only=row.freelancer != account.sub and roles[row.client] == "finance",
        )
        for row in rows
    )


def _by_ledger(
    connection: Connection, query: ReportQuery, contracts: Iterable[ReportContract]
) -> list[ReportRow]:
    period = query.period
    listed = list(contracts)
    found = ledgers(
        connection, [each.ctr for each in listed], period.weeks.start, period.weeks[-1] + WEEK
    )
    groups: defaultdict[tuple[str, str], list[tuple[Totals, dict[str, int]]]] = defaultdict(list)
    for contract in listed:
        for week in period.weeks:
            ledger = found[contract.ctr, week]
            inside = [
                sums
                for number, sums in enumerate(ledger.days)
                if period.begin_s <= week + number * DAY < period.end_s
            ]
            amounts = {}
            if ledger.rate and ledger.amount_minor is not None and period.is_whole(week):
                amounts = {ledger.rate.currency: ledger.amount_minor}
            part = credited_totals.summed(inside), amounts
            if part[0] != credited_totals.NO_TIME:
                groups[_key(query, contract)].append(part)
    return [
        ReportRow(
            *key,
            credited_totals.summed(sums for sums, _ in listed_parts),
            _added(amounts for _, amounts in listed_parts),
        )
        for key, listed_parts in groups.items()
    ]


def _by_segment(
    connection: Connection,
    account: Account,
    query: ReportQuery,
    contracts: Iterable[ReportContract],
) -> list[ReportRow]:
    wanted = query.memo.casefold()
    groups: defaultdict[tuple[str, str], list[Totals]] = defaultdict(list)
    for contract in contracts:
        access = open_contract(connection, account, contract.ctr)
        hours = read_hours(connection, access, query.period, entries=True)
        for entry in hours.entries or ():
            if wanted in entry.memo.casefold():
                groups[_key(query, contract, entry.memo)].append(entry.totals)
    return [ReportRow(*key, credited_totals.summed(sums), {}) for key, sums in groups.items()]


def _key(query: ReportQuery, contract: ReportContract, memo: str = "") -> tuple[str, str]:
    if query.by == "person":
        return contract.person, ""
    if query.by == "memo":
        return memo, f"{contract.title}, {contract.person}"
    return contract.title, f"{contract.person}, {contract.client}"


def _added(amounts: Iterable[dict[str, int]]) -> dict[str, int]:
    found: defaultdict[str, int] = defaultdict(int)
    for each in amounts:
        for currency, amount in each.items():
            found[currency] += amount
    return dict(sorted(found.items()))
