"""Personal tokens for the JSON API: 256 random bits, stored as their hash, with scopes and an
expiry.

A token has no more access than its account at that moment. Times are real time, also in a demo.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, delete, func, select

from diary.core.display import tidy
from diary.formats.encoding import b64url_encode, digest
from marketplace.accounts.model import Account, account
from marketplace.core.clock import MarketplaceClock
from marketplace.core.problems import ProblemError
from marketplace.storage import schema
from marketplace.storage.database import Database

Scope = Literal["totals", "memos", "webhooks"]
"""`totals`: hours and money; `memos`: also the memos of segments; `webhooks`: manage webhooks."""
SCOPES: tuple[Scope, ...] = ("totals", "memos", "webhooks")
#: The lifetimes that a person can choose, in days.
LIFETIMES = (30, 90, 365)
#: Tokens of one account at most.
MAX_TOKENS = 20
#: The longest name, in characters.
MAX_NAME = 60
#: Secret scanners find a leaked token by its beginning.
PREFIX = "wdp_"
_DAY_S = 86_400
_ID_BYTES, _SECRET_BYTES = 16, 32
_LONGEST = 100


@dataclass(frozen=True)
class PersonalToken:
    """A token of an account; `id` is no secret. Times in Unix s."""

    id: str
    name: str
    scopes: frozenset[Scope]
    created_s: int
    expires_s: int


class ApiTokens:
    """The personal tokens of accounts. Blocks."""

    def __init__(self, store: Database, clock: MarketplaceClock) -> None:
        self._store = store
        self._clock = clock

    def create(self, owner: Account, name: str, scopes: Collection[str], days: int) -> str:
        """Create a token; returns its secret. Raises `invalid_request` for an empty name, no scope
        or another lifetime, and `too_many_tokens` at the limit.
        """
        shown = tidy(name).strip()
        chosen = [scope for scope in SCOPES if scope in scopes]
        if not 1 <= len(shown) <= MAX_NAME or not chosen or days not in LIFETIMES:
            raise ProblemError("invalid_request", "A token needs a name, a scope and a lifetime.")
        secret, now = PREFIX + secrets.token_urlsafe(_SECRET_BYTES), self._clock.real_s()
        table = schema.api_token
        row: dict[str, object] = {
            "id": b64url_encode(secrets.token_bytes(_ID_BYTES)),
            "hash": digest(secret.encode()),
            "sub": owner.sub,
            "name": shown,
            "scopes": " ".join(chosen),
            "created_s": now,
            "expires_s": now + days * _DAY_S,
        }

        def job(connection: Connection) -> None:
            connection.execute(delete(table).where(table.c.expires_s <= now))
            mine = select(func.count()).where(table.c.sub == owner.sub)
            if connection.execute(mine).scalar_one() >= MAX_TOKENS:
                raise ProblemError("too_many_tokens")
            schema.insert(connection, table, [row])

        self._store.write(job).result()
        return secret

    def of(self, owner: Account) -> tuple[PersonalToken, ...]:
        """The working tokens of an account, newest first."""
        columns = schema.api_token.c
        with self._store.read() as connection:
            rows = connection.execute(
                select(schema.api_token)
                .where(columns.sub == owner.sub, columns.expires_s > self._clock.real_s())
                .order_by(columns.created_s.desc(), columns.id)
            )
            return tuple(
                PersonalToken(row.id, row.name, _scopes(row.scopes), row.created_s, row.expires_s)
                for row in rows
            )

    def revoke(self, owner: Account, token: str) -> None:
        """End a token of the account; an unknown one is no error."""
        columns = schema.api_token.c
        mine = delete(schema.api_token).where(columns.id == token, columns.sub == owner.sub)
        self._store.write(lambda connection: connection.execute(mine)).result()

    def owner(self, secret: str) -> tuple[Account, frozenset[Scope]] | None:
        """The account and the scopes of a secret; None for an unknown, expired or revoked one."""
        if not secret.startswith(PREFIX) or len(secret) > _LONGEST:
            return None
        columns = schema.api_token.c
        with self._store.read() as connection:
            row = connection.execute(
                select(schema.api_token).where(columns.hash == digest(secret.encode()))
            ).first()
            if row is None or row.expires_s <= self._clock.real_s():
                return None
            found = account(connection, row.sub)
        return None if found is None else (found, _scopes(row.scopes))


def _scopes(text: str) -> frozenset[Scope]:
    return frozenset(scope for scope in SCOPES if scope in text.split())
