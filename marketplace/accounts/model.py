"""The person behind a session or a device."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast

from sqlalchemy import Connection, select

from marketplace.storage import schema

SESSION_S = 7 * 86_400


@dataclass(frozen=True)
class Account:
    """A person who signed in. `sub` is the random name under which the protocol knows them."""

    sub: str
    name: str
    role: Literal["freelancer", "client"]


def account(connection: Connection, sub: str) -> Account | None:
    """The account of a `sub`."""
    row = connection.execute(select(schema.account).where(schema.account.c.sub == sub)).first()
    if row is None:
        return None
    return Account(row.sub, row.name, cast("Literal['freelancer', 'client']", row.role))
