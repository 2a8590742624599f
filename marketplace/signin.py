"""Signing people in by a one-time link, and their sessions.

A link carries a code of 128 random bits that works once and for a limited time; only its hash is
stored. Opening the link does not use the code up (mail programs open links to preview them); the
button on its page does.
"""

from __future__ import annotations

import secrets
from typing import Literal, cast

from sqlalchemy import Connection, delete, select

from diary.encoding import digest
from marketplace import codes, schema
from marketplace.clock import MarketClock
from marketplace.security import SESSION_S, Account
from marketplace.store import Store


class SignIn:
    """One-time codes and sessions. Times are real time, also in a demonstration."""

    def __init__(self, store: Store, clock: MarketClock) -> None:
        self._store = store
        self._clock = clock

    def peek(self, code: str) -> Account | None:
        """Whom a code would sign in; None when it is unknown, used or expired. Changes nothing."""
        with self._store.read() as connection:
            row = codes.find(connection, code, "signin", self._clock.real_s())
            return None if row is None else account(connection, row.sub)

    def consume(self, code: str) -> str | None:
        """Use a code up; the token of a new session, or None when it does not work any more."""
        now = self._clock.real_s()
        token = secrets.token_urlsafe(32)

        def job(connection: Connection) -> str | None:
            sub = codes.use(connection, code, "signin", now)
            if sub is None:
                return None
            connection.execute(delete(schema.session).where(schema.session.c.expires_s <= now))
            row: dict[str, object] = {
                "hash": digest(token.encode()),
                "sub": sub,
                "created_s": now,
                "expires_s": now + SESSION_S,
            }
            schema.insert(connection, schema.session, [row])
            return token

        return self._store.write(job).result()

    def account(self, token: str) -> Account | None:
        """Whose session it is; None when it ended."""
        columns = schema.session.c
        query = select(columns.sub).where(
            columns.hash == digest(token.encode("utf-8", "replace")),
            columns.expires_s > self._clock.real_s(),
        )
        with self._store.read() as connection:
            sub = connection.execute(query).scalar()
            return None if sub is None else account(connection, sub)

    def end(self, token: str) -> None:
        """End a session."""
        hashed = digest(token.encode("utf-8", "replace"))
        self._store.write(
            lambda connection: connection.execute(
                delete(schema.session).where(schema.session.c.hash == hashed)
            )
        ).result()


def account(connection: Connection, sub: str) -> Account | None:
    """The account of a `sub`."""
    row = connection.execute(select(schema.account).where(schema.account.c.sub == sub)).first()
    if row is None:
        return None
    return Account(row.sub, row.name, cast("Literal['freelancer', 'client']", row.role))
