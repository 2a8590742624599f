"""Private links to reports: a secret address that shows one report until it expires or is revoked.

Rules kept: only the hash of the secret is stored, so the address is shown once. A link shows what
its author may see at that moment; it ends with the author's access. It shows totals and memos,
never pictures.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, select

from diary.formats.encoding import b64url_encode, digest
from marketplace.accounts.model import Account, account
from marketplace.core.clock import MarketplaceClock
from marketplace.core.problems import ProblemError
from marketplace.exports.period import day_period
from marketplace.exports.report import Grouping, ReportQuery
from marketplace.storage import schema
from marketplace.storage.database import Database

#: The lifetimes that a person can choose, in days.
LIFETIMES = (7, 30, 90)
#: Links of one account at most.
MAX_LINKS = 50
_DAY_S = 86_400
_ID_BYTES, _SECRET_BYTES = 16, 32
_LONGEST_SECRET = 100
_GROUPINGS: dict[str, Grouping] = {"contract": "contract", "person": "person", "memo": "memo"}


@dataclass(frozen=True)
class ReportLink:
    """A link of an account; `id` is no secret. Times in Unix s."""

    id: str
    query: ReportQuery
    created_s: int
    expires_s: int


@dataclass(frozen=True)
class SharedReport:
    """What a link shows: the report of an account until `expires_s` (Unix s)."""

    author: Account
    query: ReportQuery
    expires_s: int


class ReportLinks:
    """The links of accounts. Times are real time, also in a demo. Blocks."""

    def __init__(self, store: Database, clock: MarketplaceClock) -> None:
        self._store = store
        self._clock = clock

    def create(self, author: Account, query: ReportQuery, days: int) -> str:
        """Create a link; returns its secret. Raises `invalid_request` for another lifetime, and
        `too_many_links` at the limit.
        """
        if days not in LIFETIMES:
            raise ProblemError("invalid_request", "Choose for how long the link works.")
        secret, now = secrets.token_urlsafe(_SECRET_BYTES), self._clock.real_s()
        table = schema.report_link
        row: dict[str, object] = {
            "id": b64url_encode(secrets.token_bytes(_ID_BYTES)),
            "hash": digest(secret.encode()),
            "sub": author.sub,
            "query": json.dumps(
                {
                    "first": query.period.first.isoformat(),
                    "last": query.period.last.isoformat(),
                    "by": query.by,
                    "ctr": query.ctr,
                    "memo": query.memo,
                }
            ),
            "created_s": now,
            "expires_s": now + days * _DAY_S,
        }

        def job(connection: Connection) -> None:
            connection.execute(delete(table).where(table.c.expires_s <= now))
            mine = select(func.count()).where(table.c.sub == author.sub)
            if connection.execute(mine).scalar_one() >= MAX_LINKS:
                raise ProblemError("too_many_links")
            schema.insert(connection, table, [row])

        self._store.write(job).result()
        return secret

    def of(self, author: Account) -> tuple[ReportLink, ...]:
        """The working links of an account, newest first."""
        columns = schema.report_link.c
        with self._store.read() as connection:
            rows = connection.execute(
                select(schema.report_link)
                .where(columns.sub == author.sub, columns.expires_s > self._clock.real_s())
                .order_by(columns.created_s.desc(), columns.id)
            )
            return tuple(
                ReportLink(row.id, _query(row.query), row.created_s, row.expires_s) for row in rows
            )

    def revoke(self, author: Account, link: str) -> None:
        """End a link of the account; an unknown one is no error."""
        columns = schema.report_link.c
        mine = delete(schema.report_link).where(columns.id == link, columns.sub == author.sub)
        self._store.write(lambda connection: connection.execute(mine)).result()

    def open(self, secret: str) -> SharedReport | None:
        """The report of a secret; None for an unknown, expired or revoked one."""
        if len(secret) > _LONGEST_SECRET:
            return None
        columns = schema.report_link.c
        with self._store.read() as connection:
            row = connection.execute(
                select(schema.report_link).where(columns.hash == digest(secret.encode()))
            ).first()
            if row is None or row.expires_s <= self._clock.real_s():
                return None
            author = account(connection, row.sub)
        return None if author is None else SharedReport(author, _query(row.query), row.expires_s)


def _query(text: str) -> ReportQuery:
    stored = json.loads(text)
    return ReportQuery(
        day_period(stored["first"], stored["last"]),
        _GROUPINGS[stored["by"]],
        stored["ctr"],
        stored["memo"],
    )
