"""Sign-in by one-time links, and browser sessions.

A link carries a code of 128 random bits that works once and for a limited time; only its hash is
stored. Opening the link does not use the code, since mail programs open links to preview them; the
button on its page does.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sqlalchemy import Connection, delete, or_, select, update

from diary.formats.encoding import digest
from marketplace.accounts import one_time_codes
from marketplace.accounts.model import SESSION_S, Account, account
from marketplace.core.clock import MarketplaceClock
from marketplace.core.i18n import current_language
from marketplace.storage import schema
from marketplace.storage.database import Database

#: The interval at which the last use of a session is stored, in seconds.
_SEEN_EVERY_S = 300
#: A change of how a person signs in needs a sign-in of the last ten minutes, or the password.
RECENT_S = 600


@dataclass(frozen=True)
class SessionState:
    """A browser session. Times are Unix s of real time; `agent` is the browser's name and system,
    "" if unknown; `current` is true for the session of the request.
    """

    agent: str
    since_s: int
    seen_s: int
    current: bool


class SignIn:
    """One-time codes and sessions. Times are real time, also in a demo."""

    def __init__(self, store: Database, clock: MarketplaceClock) -> None:
        self._store = store
        self._clock = clock

    def peek(self, code: str) -> Account | None:
        """The account of a code; None for one that is unknown, used or expired. Changes nothing."""
        with self._store.read() as connection:
            row = one_time_codes.find(connection, code, "signin", self._clock.real_s())
            return None if row is None else account(connection, row.sub)

    def consume(self, code: str, agent: str = "", former: str | None = None) -> str | None:
        """Use a code; returns the token of a new session, or None for an invalid code.

        `agent` is shown on the page of sessions; the session of the token `former` ends.
        """
        now, language = self._clock.real_s(), current_language()

        def job(connection: Connection) -> str | None:
            sub = one_time_codes.use(connection, code, "signin", now)
            if sub is None:
                return None
            return _begin(connection, sub, agent, now, former, language)

        return self._store.write(job).result()

    def begin(self, sub: str, agent: str = "", former: str | None = None) -> str:
        """Start a session of an account that has just proved its identity; returns its token.

        The session of the token `former` ends, so that a browser has one session and each sign-in
        has a token that was never in a browser before.
        """
        now, language = self._clock.real_s(), current_language()
        return self._store.write(
            lambda connection: _begin(connection, sub, agent, now, former, language)
        ).result()

    def is_recent(self, token: str) -> bool:
        """Whether the session of a token began in the last ten minutes."""
        columns = schema.session.c
        query = select(columns.created_s).where(columns.hash == _hash(token))
        with self._store.read() as connection:
            began = connection.execute(query).scalar()
        return began is not None and self._clock.real_s() < began + RECENT_S

    def account(self, token: str) -> Account | None:
        """The account of a session; None if the session has ended."""
        columns = schema.session.c
        now = self._clock.real_s()
        mine = columns.hash == _hash(token)
        query = select(columns.sub, columns.seen_s).where(mine, columns.expires_s > now)
        with self._store.read() as connection:
            row = connection.execute(query).first()
            found = None if row is None else account(connection, row.sub)
        if row is not None and (row.seen_s or 0) + _SEEN_EVERY_S <= now:
            seen = update(schema.session).where(mine).values(seen_s=now)
            self._store.write(lambda connection: connection.execute(seen))
        return found

    def sessions(self, sub: str, token: str) -> tuple[SessionState, ...]:
        """The sessions of an account, current and last used first; `token` is the request's."""
        columns = schema.session.c
        query = select(schema.session).where(
            columns.sub == sub, columns.expires_s > self._clock.real_s()
        )
        with self._store.read() as connection:
            rows = connection.execute(query).all()
        states = [
            SessionState(
                agent=row.agent or "",
                since_s=row.created_s,
                seen_s=row.seen_s or row.created_s,
                current=row.hash == _hash(token),
            )
            for row in rows
        ]
        return tuple(sorted(states, key=lambda s: (not s.current, -s.seen_s, -s.since_s)))

    def end_all(self, sub: str, *, but: str | None = None) -> None:
        """End all sessions of an account except that of the token `but`, and its unused links."""
        now = self._clock.real_s()
        self._store.write(lambda connection: end_sessions(connection, sub, now, but=but)).result()

    def end(self, token: str) -> None:
        """End a session."""
        hashed = _hash(token)
        self._store.write(
            lambda connection: connection.execute(
                delete(schema.session).where(schema.session.c.hash == hashed)
            )
        ).result()


def _begin(
    connection: Connection, sub: str, agent: str, now_s: int, former: str | None, language: str
) -> str:
    token = secrets.token_urlsafe(32)
    columns = schema.session.c
    connection.execute(
        delete(schema.session).where(
            or_(columns.expires_s <= now_s, columns.hash == _hash(former or ""))
        )
    )
    row: dict[str, object] = {
        "hash": _hash(token),
        "sub": sub,
        "created_s": now_s,
        "expires_s": now_s + SESSION_S,
        "agent": agent[:40],
        "seen_s": now_s,
    }
    schema.insert(connection, schema.session, [row])
    connection.execute(
        update(schema.account).where(schema.account.c.sub == sub).values(language=language)
    )
    return token


def end_sessions(connection: Connection, sub: str, now_s: int, *, but: str | None = None) -> None:
    """End the sessions of an account except that of the token `but`, and its unused links."""
    columns, code = schema.session.c, schema.one_time_code.c
    connection.execute(
        delete(schema.session).where(
            columns.sub == sub, columns.hash != (_hash(but) if but else "")
        )
    )
    connection.execute(
        update(schema.one_time_code)
        .where(code.sub == sub, code.purpose.in_(("signin", "reset")), code.used_s.is_(None))
        .values(used_s=now_s)
    )


def _hash(token: str) -> str:
    return digest(token.encode("utf-8", "replace"))
