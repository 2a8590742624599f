"""Read access of an account to a contract: its names, segments, terms and days.

Only its freelancer and the people of its client's company learn that a contract exists. People with
the role finance see totals only. The operator of the marketplace sees it during an open dispute.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, Select, exists, func, select

from diary.core.slots import to_datetime
from diary.objects.segment import parse
from diary.objects.terms import Terms
from marketplace.accounts.model import Account
from marketplace.accounts.model import account as account_of
from marketplace.accounts.roles import Member, Role, members, role_in
from marketplace.contracts import queries
from marketplace.core.names import shown_name
from marketplace.core.problems import ProblemError, not_found
from marketplace.storage import schema

ContractRole = Literal["freelancer", "operator"] | Role
Needs = Literal["totals", "content", "decision"]
"""What a request reads or does: hours and money; pictures, memos and activity; a decision of the
client."""
_ALLOWED: dict[Needs, tuple[ContractRole, ...]] = {
    "totals": ("freelancer", "owner", "manager", "finance", "operator"),
    "content": ("freelancer", "owner", "manager", "operator"),
    "decision": ("owner", "manager"),
}


@dataclass(frozen=True)
class ContractAccess:
    """A contract with the names of its freelancer and client, opened for an account; `role` is the
    role of the account in the contract.
    """

    contract: queries.Contract
    person: str
    client: str
    role: ContractRole

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
        # By its slot, for which there is an index: by its place in the log, the database would sort
        # all segments of the contract.
        query = self.segments().order_by(schema.segment.c.slot.desc()).limit(1)
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


@dataclass(frozen=True)
class ContractPeople:
    """A contract, the people of its client's company, and the days for which the terms in force
    keep pictures; None without terms.
    """

    access: ContractAccess
    company: tuple[Member, ...]
    retention_days: int | None


def open_contract(
    connection: Connection, account: Account, ctr: str, needs: Needs = "content"
) -> ContractAccess:
    """The contract for its freelancer or a person of its client's company.

    Raises `not_found` for other accounts, and `role_forbidden` if the role does not include what
    the request needs.
    """
    row = connection.execute(select(schema.contract).where(schema.contract.c.ctr == ctr)).first()
    role = None if row is None else _role(connection, account, row)
    if row is None or role is None:
        raise not_found()
    if role not in _ALLOWED[needs]:
        raise ProblemError("role_forbidden")
    person, client = account_of(connection, row.freelancer), account_of(connection, row.client)
    return ContractAccess(
        queries.Contract(row.ctr, row.title, row.freelancer, row.client),
        shown_name(person.name) if person else "",
        shown_name(client.name) if client else "",
        role,
    )


def people_with_access(
    connection: Connection, account: Account, ctr: str, now_s: int
) -> ContractPeople:
    """The people who can see a contract. Raises `not_found` like `open_contract`."""
    access = open_contract(connection, account, ctr, "totals")
    terms = access.terms(connection, now_s)
    return ContractPeople(
        access,
        members(connection, access.contract.client),
        terms.retention_days if terms else None,
    )


def _role(connection: Connection, account: Account, contract: Row[Any]) -> ContractRole | None:
    if account.role == "operator":
        return "operator" if _has_open_dispute(connection, contract.ctr) else None
    if account.role == "freelancer":
        return "freelancer" if account.sub == contract.freelancer else None
    return role_in(connection, contract.client, account.sub)


def _has_open_dispute(connection: Connection, ctr: str) -> bool:
    first, reply = schema.review, schema.review.alias()
    settled = exists().where(
        reply.c.ctr == ctr, reply.c.replies_to == first.c.digest, reply.c.kind == "resolve"
    )
    query = select(first.c.digest).where(first.c.ctr == ctr, first.c.kind == "dispute", ~settled)
    return connection.execute(query.limit(1)).first() is not None


def column(query: Select[Any], function: Any, of: Any) -> Select[Any]:
    """One aggregate over the rows of a query."""
    return query.with_only_columns(function(of), maintain_column_froms=True)
