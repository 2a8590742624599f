"""The queue of e-mails (see `marketplace.notifications.retry_queue`).

A row keeps one Message-ID (RFC 5322 section 3.6.4), by which mail servers drop a second copy. Its
values, which may contain a link, are deleted when it is sent or given up.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from marketplace.notifications.kinds import KINDS
from marketplace.notifications.retry_queue import RetryQueue
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
QUEUE = RetryQueue(schema.message, RETRY_S, STALE_S, _KEPT_S)


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
    message_id: str | None = None,
) -> str:
    """Queue a message to an address without an account, in a language (BCP 47).

    Returns the local part of its Message-ID; `message_id` is that of a lost message which this one
    replaces.
    """
    row = _row(address, kind, values, now_s, language)
    if message_id is not None:
        row["message_id"] = message_id
    schema.insert(connection, schema.message, [row])
    return str(row["message_id"])


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
    data = json.dumps({name: text[:_MAX_VALUE] for name, text in values.items()})
    return {
        "address": address,
        "kind": kind,
        "language": language,
        "message_id": secrets.token_urlsafe(24),
        **QUEUE.new_row(now_s, data),
    }


def due(connection: Connection, now_s: int, limit: int) -> list[QueuedMessage]:
    """The messages whose time has come, oldest first."""
    return [
        QueuedMessage(
            row.id,
            row.address,
            row.kind,
            json.loads(row.data),
            row.language,
            row.message_id,
            row.created_s,
        )
        for row in QUEUE.due(connection, now_s, limit)
    ]
