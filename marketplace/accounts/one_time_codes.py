"""One-time codes: 128 random bits, stored as their hash, with an expiry, used once.

Times are real time: a demo's fast clock must not make a link expire while somebody reads it.
"""

from __future__ import annotations

import secrets
from typing import Any, Literal

from sqlalchemy import Connection, Row, select, update

from diary.formats.encoding import digest
from marketplace.storage import schema

Purpose = Literal["enrol", "signin", "enrolling"]
#: How long a code works, in real seconds. `enrolling` is the short token between the two requests
#: of an enrolment.
LIFETIME_S: dict[Purpose, int] = {"enrol": 86_400, "signin": 86_400, "enrolling": 600}


def new(connection: Connection, sub: str, purpose: Purpose, now_s: int, **columns: object) -> str:
    """Make a code for the account `sub` and store its hash; returns the code.

    A new `signin` code ends the earlier ones of that account: a link that went astray is useless
    once another one has been asked for.
    """
    if purpose == "signin":
        columns_ = schema.code.c
        connection.execute(
            update(schema.code)
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
        **columns,
    }
    schema.insert(connection, schema.code, [row])
    return code


def find(connection: Connection, code: str, purpose: Purpose, now_s: int) -> Row[Any] | None:
    """The row of a code that still works; None for one unknown, used or expired."""
    columns = schema.code.c
    return connection.execute(
        select(schema.code).where(
            columns.hash == _hash(code),
            columns.purpose == purpose,
            columns.used_s.is_(None),
            columns.expires_s > now_s,
        )
    ).first()


def use(connection: Connection, code: str, purpose: Purpose, now_s: int) -> str | None:
    """Use a code up; whose it was, or None if it does not work. Of two at once, one succeeds."""
    columns = schema.code.c
    done = connection.execute(
        update(schema.code)
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
    """Bind an `enrolling` code to a device unless it has one; returns the one it has now."""
    columns = schema.code.c
    connection.execute(
        update(schema.code)
        .where(columns.hash == _hash(code), columns.kid.is_(None))
        .values(kid=kid)
    )
    return connection.execute(select(columns.kid).where(columns.hash == _hash(code))).scalar()


def _hash(code: str) -> str:
    return digest(code.encode("utf-8", "replace"))
