"""Accounts: the owners of sessions and devices."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any, Literal, cast

from sqlalchemy import Connection, Row, bindparam, select

from diary.objects.segment import random_id
from marketplace.storage import schema

#: Lifetime of a browser session, in real seconds.
SESSION_S = 7 * 86_400
# Each request of a device runs this statement, and building it takes longer than running it.
_BY_SUB = select(schema.account).where(schema.account.c.sub == bindparam("sub"))


AccountRole = Literal["freelancer", "client", "operator"]


@dataclass(frozen=True)
class Account:
    """An account. `sub` is its random identifier in the protocol. The operator of the marketplace
    has one, which nobody can sign in to: it is the author of decisions about disputes.
    """

    sub: str
    name: str
    role: AccountRole


def account(connection: Connection, sub: str) -> Account | None:
    """The account of a `sub`; None for an unknown one."""
    row = connection.execute(_BY_SUB, {"sub": sub}).first()
    return None if row is None else _account(row)


def accounts(connection: Connection) -> list[Account]:
    """All accounts, by name."""
    rows = connection.execute(select(schema.account).order_by(schema.account.c.name))
    return [_account(row) for row in rows]


def operator_account(connection: Connection, name: str, now_s: int) -> Account:
    """The account of the marketplace's operator; creates it if it is missing."""
    query = select(schema.account).where(schema.account.c.role == "operator")
    row = connection.execute(query).first()
    if row is not None:
        return _account(row)
    return Account(new_account(connection, "operator", name, now_s), name, "operator")


def new_account(connection: Connection, role: AccountRole, name: str, now_s: int) -> str:
    """Create an account; returns its `sub`."""
    sub = random_id(secrets.token_bytes)
    row: dict[str, object] = {
        "sub": sub,
        "role": role,
        "name": name,
        "created_s": now_s,
        "pseudonym": random_id(secrets.token_bytes) if role == "client" else None,
    }
    schema.insert(connection, schema.account, [row])
    return sub


def _account(row: Row[Any]) -> Account:
    return Account(row.sub, row.name, cast("AccountRole", row.role))
