"""The queue of messages: rows of the database, written in the transaction of the event.

A message is lost only with its event, and waits while the mail server is unavailable. Its row keeps
one Message-ID (RFC 5322 section 3.6.4): after a crash between the server's acceptance and the
commit the message is sent again under this identifier, by which mail servers drop the second copy.
Its values, which may contain a link, are deleted when it is sent or given up.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, delete, or_, select, update

from marketplace.notifications.kinds import KINDS
from marketplace.storage import schema
from system.i18n import SOURCE

#: Seconds before the next attempt, by the number of failed ones; then the message is given up.
RETRY_S = (60, 300, 900, 3_600, 4 * 3_600, 12 * 3_600, 24 * 3_600)
#: Messages that waited longer (s), such as without a mail server, would only confuse.
STALE_S = 3 * 86_400
#: Rows of sent and given-up messages, which hold no values, are kept that long.
_KEPT_S = 30 * 86_400
#: The longest text of one value, in characters.
_MAX_VALUE = 1_000


@dataclass(frozen=True)
class QueuedMessage:
    """A message that is due. `language` is the one of its reader (BCP 47)."""

    id: int
    address: str
    kind: str
    values: Mapping[str, str]
    language: str
    message_id: str
    created_s: int
    attempts: int


def enqueue(
    connection: Connection, to_sub: str, kind: str, values: Mapping[str, str], now_s: int
) -> bool:
    """Queue a message to an account, in the caller's transaction; False without an address.

    `kind` is one of `KINDS`; `values` are the texts of its placeholders and `path`, the page of the
    button. `now_s` is real time. Raises KeyError for an unknown kind.
    """
    row = row_for(connection, to_sub, kind, values, now_s)
    if row is not None:
        schema.insert(connection, schema.message, [row])
    return row is not None


def enqueue_to(
    connection: Connection,
    address: str,
    kind: str,
    values: Mapping[str, str],
    now_s: int,
    language: str,
) -> None:
    """Queue a message to an address without an account, in a language (BCP 47)."""
    row = _row(address, kind, values, now_s, language)
    schema.insert(connection, schema.message, [row])


def row_for(
    connection: Connection, to_sub: str, kind: str, values: Mapping[str, str], now_s: int
) -> dict[str, object] | None:
    """The row of the table `message` that `enqueue` inserts, for a log entry with its rows."""
    columns = schema.account.c
    person = connection.execute(
        select(columns.email, columns.language, columns.name).where(columns.sub == to_sub)
    ).one()
    if person.email is None:
        return None
    values = {"to": person.name, **values}
    return _row(person.email, kind, values, now_s, person.language or SOURCE)


def _row(
    address: str, kind: str, values: Mapping[str, str], now_s: int, language: str
) -> dict[str, object]:
    if kind not in KINDS:
        raise KeyError(kind)
    return {
        "address": address,
        "kind": kind,
        "data": json.dumps({name: text[:_MAX_VALUE] for name, text in values.items()}),
        "language": language,
        "message_id": secrets.token_urlsafe(24),
        "created_s": now_s,
        "next_s": now_s,
        "attempts": 0,
    }


def due(connection: Connection, now_s: int, limit: int) -> list[QueuedMessage]:
    """The messages whose time has come, oldest first."""
    columns = schema.message.c
    rows = connection.execute(
        select(schema.message)
        .where(columns.next_s <= now_s)
        .order_by(columns.next_s, columns.id)
        .limit(limit)
    )
    return [
        QueuedMessage(
            row.id,
            row.address,
            row.kind,
            json.loads(row.data),
            row.language,
            row.message_id,
            row.created_s,
            row.attempts,
        )
        for row in rows
    ]


def mark_sent(connection: Connection, message: QueuedMessage, now_s: int) -> None:
    """The mail server has accepted the message."""
    _end(connection, message, {"sent_s": now_s})


def mark_failed(
    connection: Connection, message: QueuedMessage, now_s: int, *, permanent: bool
) -> bool:
    """An attempt failed; returns whether another one follows."""
    if permanent or message.attempts >= len(RETRY_S):
        _end(connection, message, {"failed_s": now_s})
        return False
    columns = schema.message.c
    connection.execute(
        update(schema.message)
        .where(columns.id == message.id)
        .values(attempts=message.attempts + 1, next_s=now_s + RETRY_S[message.attempts])
    )
    return True


def drop_stale(connection: Connection, now_s: int) -> None:
    """Delete messages that waited too long, and old rows."""
    columns = schema.message.c
    waiting = columns.next_s.is_not(None)
    connection.execute(
        delete(schema.message).where(
            or_(
                waiting & (columns.created_s <= now_s - STALE_S),
                ~waiting & (columns.created_s <= now_s - _KEPT_S),
            )
        )
    )


def _end(connection: Connection, message: QueuedMessage, values: dict[str, object]) -> None:
    connection.execute(
        update(schema.message)
        .where(schema.message.c.id == message.id)
        .values(data="{}", next_s=None, **values)
    )
