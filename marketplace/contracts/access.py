"""Read access of an account to a contract: its names, segments, terms and days.

Only its freelancer and its client learn that a contract exists.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Select, func, select

from diary.core.slots import to_datetime
from diary.objects.segment import parse
from diary.objects.terms import Terms
from marketplace.accounts.model import Account
from marketplace.accounts.model import account as account_of
from marketplace.contracts import queries
from marketplace.core.problems import not_found
from marketplace.storage import schema


@dataclass(frozen=True)
class ContractAccess:
    """A contract with the names of its freelancer and client, opened for one of them."""

    contract: queries.Contract
    person: str
    client: str

    def segments(self) -> Select[Any]:
        """A query of the segments by devices of the contract's freelancer.

        Segments by other devices that name the contract are excluded. Each row also has the `sub`
        of the device and the `rt_ms` of the leaf.
        """
        table = schema.segment
        return (
            select(table, schema.device.c.sub, schema.leaf.c.rt_ms)
            .join(schema.device, schema.device.c.kid == table.c.kid)
            .outerjoin(schema.leaf, schema.leaf.c.idx == table.c.idx)
            .where(table.c.ctr == self.contract.ctr)
            .where(schema.device.c.sub == self.contract.freelancer)
        )

    def terms(self, connection: Connection, at: int) -> Terms | None:
        """The terms in force at `at` (Unix s); None if there are none or they are unreadable."""
        index = queries.terms_index(connection, self.contract.ctr, at)
        data = connection.execute(
            select(schema.leaf.c.object).where(schema.leaf.c.idx == index)
        ).scalar()
        try:
            return Terms.parse(data) if data else None
        except ValueError:
            return None

    def zone(self, connection: Connection) -> ZoneInfo:
        """The time zone of the last segment, for display; UTC if there is none or it is unknown."""
        query = self.segments().order_by(schema.segment.c.idx.desc()).limit(1)
        row = connection.execute(query).first()
        try:
            return ZoneInfo(parse(row.data).segment.tz if row else "UTC")
        except (OSError, ValueError, KeyError):
            return ZoneInfo("UTC")

    def near_slot(
        self, connection: Connection, edge: int, limit: int, *, later: bool
    ) -> int | None:
        """The nearest slot with time before `edge`; with `later`, from `edge` to `limit`."""
        slot = schema.segment.c.slot
        near = (slot >= edge, slot <= limit) if later else (slot < edge,)
        found = connection.execute(
            column(self.segments().where(*near), func.min if later else func.max, slot)
        ).scalar()
        return None if found is None else int(found)

    def near_day(
        self, connection: Connection, edge: int, limit: int, tz: dt.tzinfo, *, later: bool
    ) -> dt.date | None:
        """The date of `near_slot` in a time zone."""
        found = self.near_slot(connection, edge, limit, later=later)
        return None if found is None else to_datetime(found, tz).date()


def open_contract(connection: Connection, account: Account, ctr: str) -> ContractAccess:
    """The contract for its freelancer or its client. Raises `not_found` for other accounts."""
    row = connection.execute(select(schema.contract).where(schema.contract.c.ctr == ctr)).first()
    if row is None or account.sub not in (row.freelancer, row.client):
        raise not_found()
    person, client = account_of(connection, row.freelancer), account_of(connection, row.client)
    return ContractAccess(
        queries.Contract(row.ctr, row.title, row.freelancer, row.client),
        person.name if person else "",
        client.name if client else "",
    )


def column(query: Select[Any], function: Any, of: Any) -> Select[Any]:
    """One aggregate over the rows of a query."""
    return query.with_only_columns(function(of), maintain_column_froms=True)
