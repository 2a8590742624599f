"""Read-only queries about contracts and their terms."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import BindParameter, ColumnElement, Connection, or_, select

from marketplace.storage import schema


@dataclass(frozen=True)
class Contract:
    """One contract; `freelancer` and `client` are the `sub` of their accounts."""

    ctr: str
    title: str
    freelancer: str
    client: str


def pseudonym(connection: Connection, sub: str) -> str:
    """The `client` in the terms of a client's contracts. Raises NoResultFound for an unknown
    account.
    """
    columns = schema.account.c
    query = select(columns.pseudonym).where(columns.sub == sub)
    return str(connection.execute(query).scalar_one())


def visible_to(sub: str | BindParameter[str]) -> ColumnElement[bool]:
    """The condition that an account can see a contract: as its freelancer, or in its client's
    company.
    """
    columns, member = schema.contract.c, schema.company_member.c
    companies = select(member.company).where(member.sub == sub)
    return or_(columns.freelancer == sub, columns.client == sub, columns.client.in_(companies))


def contracts_of(connection: Connection, sub: str) -> list[Contract]:
    """The contracts of an account, as freelancer or in a client's company, oldest first."""
    columns = schema.contract.c
    rows = connection.execute(
        select(schema.contract).where(visible_to(sub)).order_by(columns.created_s, columns.ctr)
    )
    # All at once: row by row takes several times longer for a thousand contracts.
    return [Contract(row.ctr, row.title, row.freelancer, row.client) for row in rows.all()]


def upcoming(connection: Connection, ctr: str, now_s: int) -> list[int]:
    """The log rows of the terms that begin after `now_s` (Unix s), earliest first."""
    columns = schema.terms.c
    rows = connection.execute(
        select(columns.idx)
        .where(columns.ctr == ctr, columns.from_s > now_s)
        .order_by(columns.from_s, columns.idx)
    )
    return [int(row.idx) for row in rows]


def terms_index(connection: Connection, ctr: str, now_s: int) -> int | None:
    """The log row of the terms in force at `now_s` (Unix s), or of the first terms before they
    begin.
    """
    columns = schema.terms.c
    of_contract = select(columns.idx).where(columns.ctr == ctr)
    present = connection.execute(
        of_contract.where(columns.from_s <= now_s)
        .order_by(columns.from_s.desc(), columns.idx.desc())
        .limit(1)
    ).scalar()
    if present is not None:
        return int(present)
    return connection.execute(of_contract.order_by(columns.from_s, columns.idx).limit(1)).scalar()
