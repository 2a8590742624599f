"""`GET /v1/weeks` and `GET /v1/reports`: hours and money for other programs.

For a personal token (`Authorization: Bearer wdp_…`) with the scope `totals`, and `memos` for
reports about memos; or for a browser session.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from diary.core.slots import DAY
from diary.verification.credit import Totals
from marketplace.api.dependencies import ServicesIn, reader_with_scope
from marketplace.core.problems import declared
from marketplace.core.week_names import name_of_week
from marketplace.exports.period import day_period
from marketplace.exports.report import Grouping, ReportQuery
from marketplace.review.ledger import WeekLedger

router = APIRouter(tags=["reports"])

_DATE = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_CONTRACT = "^[A-Za-z0-9_-]{22}$"
_SECURITY: dict[str, Any] = {"security": [{"personal": []}, {"session": []}]}

DateIn = Annotated[str, Query(pattern=_DATE, examples=["2026-11-01"])]
ContractIn = Annotated[str | None, Query(pattern=_CONTRACT)]


class Hours(BaseModel):
    """Credited time in whole seconds (`docs/protocol.md` section 5.2)."""

    tracked: int
    kept: int
    manual: int
    payable: int
    unpaid: int
    given_back: int
    overlap: int
    over_limit: int

    @classmethod
    def of(cls, sums: Totals) -> Hours:
        values = asdict(sums)
        return cls(**{name: values[name] for name in cls.model_fields})


class MoneyOut(BaseModel):
    """An amount in the minor unit of a currency (ISO 4217), such as cents."""

    amount: int
    currency: str


class DayOut(Hours):
    """The hours of a UTC day that begins at `begin` (Unix s)."""

    begin: int = Field(serialization_alias="from")


class WeekOut(BaseModel):
    """A contract's week. `rate` is that of an hour; `amount` is the money of the week. Both are
    null without a rate.
    """

    contract: str
    week: str = Field(examples=["2026-W48"])
    begin: int = Field(serialization_alias="from", description="Monday 00:00 UTC, Unix s.")
    days: list[DayOut]
    totals: Hours
    rate: MoneyOut | None
    amount: MoneyOut | None


class Weeks(BaseModel):
    """Weeks with time, by contract and time."""

    weeks: list[WeekOut]


class RowOut(BaseModel):
    """A row of a report; `detail` says whose hours it has."""

    name: str
    detail: str
    hours: Hours
    amounts: list[MoneyOut]


class ReportOut(BaseModel):
    """A report, its longest rows first. `partial`: a week is only partly in the period, so that its
    amount is left out. `omitted`: contracts whose memos the account may not see.
    """

    rows: list[RowOut]
    totals: Hours
    amounts: list[MoneyOut]
    partial: bool
    omitted: int


@router.get("/v1/weeks", responses=declared(401, 403, 404, 422, 429), openapi_extra=_SECURITY)
def weeks(
    services: ServicesIn, request: Request, first: DateIn, last: DateIn, contract: ContractIn = None
) -> Weeks:
    """The weeks of the account's contracts with a day from `first` to `last` (dates, UTC)."""
    reader = reader_with_scope(request, services, "totals")
    with services.throttle.export(reader.sub):
        found = services.reports.weeks(reader, day_period(first, last), contract)
    return Weeks(weeks=[_week(each) for each in found])


@router.get("/v1/reports", responses=declared(401, 403, 404, 422, 429), openapi_extra=_SECURITY)
def report(
    services: ServicesIn,
    request: Request,
    first: DateIn,
    last: DateIn,
    by: Grouping = "contract",
    contract: ContractIn = None,
    memo: Annotated[str, Query(max_length=200)] = "",
) -> ReportOut:
    """The hours of the account's contracts from `first` to `last` (dates, UTC)."""
    reader = reader_with_scope(request, services, "memos" if memo or by == "memo" else "totals")
    query = ReportQuery(day_period(first, last), by, contract, memo)
    with services.throttle.export(reader.sub):
        made = services.reports.make(reader, query)
    return ReportOut(
        rows=[
            RowOut(
                name=row.name, detail=row.detail, hours=Hours.of(row.totals),
                amounts=_amounts(row.amounts.items()),
            )
            for row in made.rows
        ],
        totals=Hours.of(made.totals),
        amounts=_amounts(made.amounts.items()),
        partial=made.partial,
        omitted=made.omitted,
    )  # fmt: skip


def _week(ledger: WeekLedger) -> WeekOut:
    rate, amount = ledger.rate, ledger.amount_minor
    return WeekOut(
        contract=ledger.ctr,
        week=name_of_week(ledger.week),
        begin=ledger.week,
        days=[
            DayOut(begin=ledger.week + number * DAY, **Hours.of(sums).model_dump())
            for number, sums in enumerate(ledger.days)
        ],
        totals=Hours.of(ledger.totals),
        rate=None if rate is None else MoneyOut(amount=rate.hourly_minor, currency=rate.currency),
        amount=None
        if rate is None or amount is None
        else MoneyOut(amount=amount, currency=rate.currency),
    )


def _amounts(amounts: Iterable[tuple[str, int]]) -> list[MoneyOut]:
    return [MoneyOut(amount=amount, currency=currency) for currency, amount in amounts]
