"""The events of webhooks, and the queue of their deliveries.

A body has the members `type`, `timestamp` and `data` (Standard Webhooks, "Payload structure"). It
contains identifiers, names of weeks, seconds and money; never texts of people, pictures or secrets.
"""

from __future__ import annotations

import datetime as dt
import json
import secrets
from collections.abc import Collection, Mapping
from typing import Any, Literal

from sqlalchemy import Connection, select

from diary.core.slots import to_datetime
from marketplace.notifications.retry_queue import RetryQueue
from marketplace.storage import schema

Event = Literal[
    "week.ready",
    "week.approved",
    "question.created",
    "answer.created",
    "dispute.created",
    "dispute.resolved",
    "computer.enrolled",
    "memo.changed",
    "segment.deleted",
]
#: The events that an endpoint can choose.
EVENTS: tuple[Event, ...] = (
    "week.ready",
    "week.approved",
    "question.created",
    "answer.created",
    "dispute.created",
    "dispute.resolved",
    "computer.enrolled",
    "memo.changed",
    "segment.deleted",
)
#: Seconds before the next attempt: the schedule that Standard Webhooks recommends ("Deliverability
#: and reliability"), about three days.
RETRY_S = (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
#: Deliveries wait at most that long, such as for a paused endpoint.
STALE_S = 5 * 86_400
_KEPT_S = 30 * 86_400
QUEUE = RetryQueue(schema.webhook_delivery, RETRY_S, STALE_S, _KEPT_S)

Rows = list[tuple[Any, dict[str, object]]]


def rows_for(
    connection: Connection,
    accounts: Collection[str],
    event: Event,
    data: Mapping[str, object],
    now_s: int,
) -> Rows:
    """The rows that deliver an event to the endpoints of accounts (by `sub`) that chose it, for a
    log entry with its rows. `now_s` is real time.
    """
    columns = schema.webhook_endpoint.c
    found = connection.execute(
        select(columns.id, columns.events)
        .where(columns.sub.in_(sorted(set(accounts))), columns.state != "disabled")
        .order_by(columns.id)
    ).all()
    names = [row.id for row in found if event in row.events.split()]
    # Most accounts have no endpoint: build no body for them.
    return [delivery(name, event, data, now_s) for name in names]


def delivery(
    endpoint: str, event: Event | Literal["webhook.test"], data: Mapping[str, object], now_s: int
) -> tuple[Any, dict[str, object]]:
    """The row of one delivery. `webhook.test` is the event of the button "Send a test event"."""
    moment = to_datetime(now_s, dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    body = json.dumps({"type": event, "timestamp": moment, "data": dict(data)})
    row = {
        "endpoint": endpoint,
        "webhook_id": f"msg_{secrets.token_urlsafe(18)}",
        "event": event,
        **QUEUE.new_row(now_s, body),
    }
    return schema.webhook_delivery, row
