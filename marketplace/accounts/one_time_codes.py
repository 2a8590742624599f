"""One-time codes: 128 random bits, stored as their hash, with an expiry, used once.

Times are real time, so that a demo's fast clock does not expire a link early.
"""

from __future__ import annotations

import secrets
from typing import Any, Literal

from sqlalchemy import Connection, Row, select, update

from diary.formats.encoding import digest
from marketplace.storage import schema

Purpose = Literal["enrol", "signin", "enrolling", "reset", "address"]
#: Lifetime of a code in real seconds. `enrolling` connects the two requests of an enrolment.
LIFETIME_S: dict[Purpose, int] = {
    "enrol": 86_400,
    "signin": 86_400,
    "enrolling": 600,
    "reset": 3_600,
    "address": 3_600,
}
#: A new code of these purposes invalidates the account's earlier ones.
_REPLACED: tuple[Purpose, ...] = ("signin", "reset", "address")


def new(connection: Connection, sub: str, purpose: Purpose, now_s: int, **columns: object) -> str:
    """Create a code for the account `sub`, store its hash and return the code.

    A new code for a link invalidates the account's earlier ones, so that a lost link stops working
    when the person asks for a new one.
    """
    if purpose in _REPLACED:
        columns_ = schema.one_time_code.c
        connection.execute(
            update(schema.one_time_code)
            .where(columns_.sub == sub, columns_.purpose == purpose, columns_.used_s.is_(None))
            .values(used_s=now_s)
        )
    code = secrets.token_urlsafe(16)
    row: dict[str, object] = {
        "hash": _hash(code),
        "sub": sub,
        "purpose": purpose,
        "expires_s": now_s + LIFETIME_S[purpose],
        "used_s": None,
        "nonce": None,
        "week0": None,
        "kid": None,
        "data": None,
        **columns,
    }
    schema.insert(connection, schema.one_time_code, [row])
    return code


def find(connection: Connection, code: str, purpose: Purpose, now_s: int) -> Row[Any] | None:
    """The row of a valid code; None for one that is unknown, used or expired."""
    columns = schema.one_time_code.c
    return connection.execute(
        select(schema.one_time_code).where(
            columns.hash == _hash(code),
            columns.purpose == purpose,
            columns.used_s.is_(None),
            columns.expires_s > now_s,
        )
    ).first()


def use(connection: Connection, code: str, purpose: Purpose, now_s: int) -> str | None:
    """Use a code; returns its `sub`, or None for an invalid one. Of two concurrent uses, one
    succeeds.
    """
    columns = schema.one_time_code.c
    done = connection.execute(
        update(schema.one_time_code)
        .where(
            columns.hash == _hash(code),
            columns.purpose == purpose,
            columns.used_s.is_(None),
            columns.expires_s > now_s,
        )
        .values(used_s=now_s)
        .returning(columns.sub)
    )
    return done.scalar()


def bind(connection: Connection, code: str, kid: str) -> str | None:
    """Bind an `enrolling` code to a device unless it is bound; returns the bound kid."""
    columns = schema.one_time_code.c
    connection.execute(
        update(schema.one_time_code)
        .where(columns.hash == _hash(code), columns.kid.is_(None))
        .values(kid=kid)
    )
    return connection.execute(select(columns.kid).where(columns.hash == _hash(code))).scalar()


def _hash(code: str) -> str:
    return digest(code.encode("utf-8", "replace"))
