"""Hours and money of contracts by week: the one ledger of all pages, exports and reports.

Hours come from the stored daily totals (`marketplace.records.credited_totals`). Money is computed
once for each contract, week and rate (`docs/protocol.md` section 5.2); a rate applies to whole
weeks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache

from sqlalchemy import Connection, select

from diary.core.slots import DAY, WEEK, week_of
from diary.verification.credit import Totals
from marketplace.core.week_names import name_of_week
from marketplace.log.log import parts
from marketplace.records import credited_totals
from marketplace.storage import schema

#: The sums of a week in the JSON API and in webhooks.
TOTALS = (
    "tracked",
    "kept",
    "manual",
    "payable",
    "unpaid",
    "given_back",
    "overlap",
    "over_limit",
)


@dataclass(frozen=True)
class Rate:
    """The price of an hour in the minor unit of a currency (ISO 4217), such as cents."""

    hourly_minor: int
    currency: str

    def amount_minor(self, payable_s: int) -> int:
        """The price of seconds in the minor unit, rounded half-even."""
        return _amount_minor(self.hourly_minor, payable_s)


@lru_cache(maxsize=10_000)
def _amount_minor(hourly_minor: int, payable_s: int) -> int:
    """Cached: an open home page asks again for a thousand contracts three times a minute."""
    exact = Decimal(payable_s) * hourly_minor / 3600
    return int(exact.quantize(Decimal(1), ROUND_HALF_EVEN))


@dataclass(frozen=True)
class Money:
    """An amount in the minor unit of a currency (ISO 4217)."""

    amount_minor: int
    currency: str


@dataclass(frozen=True)
class WeekLedger:
    """One contract and week: `week` is its beginning (Unix s, Monday 00:00 UTC), `days` are the
    totals of its seven UTC days, `rate` is None if the contract has none.
    """

    ctr: str
    week: int
    days: tuple[Totals, ...]
    rate: Rate | None

    @property
    def totals(self) -> Totals:
        """The sum of the days."""
        return credited_totals.summed(self.days)

    @property
    def amount_minor(self) -> int | None:
        """The price of the payable seconds in the minor unit; None without a rate."""
        return None if self.rate is None else self.rate.amount_minor(self.totals.payable)


def week_data(ledger: WeekLedger) -> dict[str, object]:
    """The members of a week in the JSON API, without its days, for webhooks."""
    totals, rate, amount = ledger.totals, ledger.rate, ledger.amount_minor
    currency = None if rate is None else rate.currency
    return {
        "contract": ledger.ctr,
        "week": name_of_week(ledger.week),
        "from": ledger.week,
        "totals": {name: getattr(totals, name) for name in TOTALS},
        "rate": None if rate is None else {"amount": rate.hourly_minor, "currency": currency},
        "amount": None if amount is None else {"amount": amount, "currency": currency},
    }


def week_ledger(connection: Connection, ctr: str, week: int) -> WeekLedger:
    """The ledger of the week that begins at `week` (Unix s)."""
    return ledgers(connection, [ctr], week, week + WEEK)[ctr, week]


def ledgers(
    connection: Connection, ctrs: Collection[str], begin: int, end: int
) -> dict[tuple[str, int], WeekLedger]:
    """The ledgers of contracts in the weeks that begin in [begin, end) (Unix s), by contract and
    week. Weeks without time are included.
    """
    weeks = range(week_of(begin + WEEK - 1), end, WEEK)
    stored: defaultdict[tuple[str, int], dict[int, Totals]] = defaultdict(dict)
    columns = schema.daily_total.c
    for part in parts(sorted(ctrs)):
        rows = connection.execute(
            select(schema.daily_total).where(
                columns.ctr.in_(part), columns.day_s >= begin, columns.day_s < end + WEEK
            )
        )
        for row in rows:
            stored[row.ctr, week_of(row.day_s)][row.day_s] = credited_totals.totals_of(row)
    rates = _rates(connection, ctrs)
    return {
        (ctr, week): WeekLedger(
            ctr,
            week,
            tuple(
                stored[ctr, week].get(week + number * DAY, credited_totals.NO_TIME)
                for number in range(7)
            ),
            _rate_at(rates[ctr], week),
        )
        for ctr in ctrs
        for week in weeks
    }


def _rates(connection: Connection, ctrs: Iterable[str]) -> defaultdict[str, list[tuple[int, Rate]]]:
    found: defaultdict[str, list[tuple[int, Rate]]] = defaultdict(list)
    table = schema.contract_rate
    for part in parts(sorted(ctrs)):
        query = select(table).where(table.c.ctr.in_(part)).order_by(table.c.from_s)
        for row in connection.execute(query):
            found[row.ctr].append((row.from_s, Rate(row.hourly_minor, row.currency)))
    return found


def _rate_at(listed: list[tuple[int, Rate]], week: int) -> Rate | None:
    in_force = [rate for begin, rate in listed if begin <= week]
    return in_force[-1] if in_force else None
