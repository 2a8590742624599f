"""The people of a client's company and their roles.

A contract names the account of a company. That account is always an owner; other accounts of
clients join by an invitation. Roles are read at each request, so that a change takes effect at
once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast

from sqlalchemy import Connection, select

from marketplace.storage import schema

Role = Literal["owner", "manager", "finance"]
"""Owners and managers see the whole contract and decide; owners also manage the company's people.
Finance sees hours and money only."""
ROLES: tuple[Role, ...] = ("owner", "manager", "finance")


@dataclass(frozen=True)
class Member:
    """A person of a company. `permanent` is true of the account that the contracts name."""

    sub: str
    name: str
    role: Role
    permanent: bool


def role_in(connection: Connection, company: str, sub: str) -> Role | None:
    """The role of an account in a company; None for an account outside of it."""
    if sub == company:
        return "owner"
    columns = schema.company_member.c
    found = connection.execute(
        select(columns.role).where(columns.company == company, columns.sub == sub)
    ).scalar()
    return None if found is None else cast("Role", found)


def members(connection: Connection, company: str) -> tuple[Member, ...]:
    """The people of a company: its own account, then the others by name."""
    columns, people = schema.company_member.c, schema.account.c
    own = connection.execute(select(people.name).where(people.sub == company)).scalar_one()
    rows = connection.execute(
        select(columns.sub, columns.role, people.name)
        .join(schema.account, people.sub == columns.sub)
        .where(columns.company == company)
        .order_by(people.name, columns.sub)
    )
    others = (Member(r.sub, r.name, cast("Role", r.role), permanent=False) for r in rows)
    return Member(company, own, "owner", permanent=True), *others


def companies_of(connection: Connection, sub: str) -> tuple[str, ...]:
    """The companies in which an account is a member, without its own, oldest membership first."""
    columns = schema.company_member.c
    rows = connection.execute(
        select(columns.company).where(columns.sub == sub).order_by(columns.since_s, columns.company)
    )
    return tuple(row.company for row in rows)
