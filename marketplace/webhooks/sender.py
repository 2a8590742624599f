"""Sends the queued events to their endpoints, signed as in Standard Webhooks.

An endpoint has accepted an event when it answers with a status of 2xx. Redirects are not followed,
and no body of a response is read. A failed attempt is repeated after the delays of
`marketplace.webhooks.events.RETRY_S`; an endpoint that accepts nothing from the first to the last
attempt, or answers 410 Gone, is disabled, and its owners get an e-mail.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import ssl
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import Connection, Row, func, select, update
from sqlalchemy.exc import SQLAlchemyError
from standardwebhooks import Webhook

from diary.core.slots import to_datetime
from marketplace.accounts.roles import members
from marketplace.core import logging
from marketplace.core.clock import MarketplaceClock
from marketplace.core.webhook_settings import WebhookSettings
from marketplace.notifications.queue import enqueue
from marketplace.storage import schema
from marketplace.storage.database import Database, DatabaseError
from marketplace.webhooks.events import QUEUE
from marketplace.webhooks.target import Resolver, TargetError, resolve, system_resolver

_log = logging.get("marketplace.webhooks")
#: Endpoints of one round, which are served at the same time, and events for each of them.
_ENDPOINTS, _EVENTS = 20, 50
#: After a failed attempt, the other events for the endpoint wait for that many seconds.
_PAUSE_S = 60
#: An endpoint that has failed for that long (s) when an event is given up is disabled.
DISABLE_S = 3 * 86_400
_GONE = 410


@cache
def _tls_context(ca_file: Path | None) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=ca_file)


class WebhookSender:
    """Sends events. Times are real time."""

    def __init__(
        self,
        store: Database,
        clock: MarketplaceClock,
        settings: WebhookSettings,
        resolver: Resolver = system_resolver,
    ) -> None:
        self._store = store
        self._clock = clock
        self._settings = settings
        self._resolver = resolver
        self._context = _tls_context(settings.ca_file)
        self.poll_s = 2.0

    async def run(self) -> None:
        """Send due events periodically, until cancelled."""
        while True:
            sent = 0
            try:
                sent = await self.run_once()
            except (DatabaseError, SQLAlchemyError) as error:
                _log.error("round_failed", kind=type(error).__name__)
            if not sent:
                await asyncio.sleep(self.poll_s)

    async def run_once(self) -> int:
        """Send what is due; returns the number of events that endpoints accepted."""
        batches = await asyncio.to_thread(self._due)
        counts = await asyncio.gather(*(self._send_all(*batch) for batch in batches))
        return sum(counts)

    def _due(self) -> list[tuple[Row[Any], Sequence[Row[Any]]]]:
        """Active endpoints, each with its due events, the longest waiting first."""
        now = self._clock.real_s()
        event, endpoint = schema.webhook_delivery.c, schema.webhook_endpoint.c
        # Materialized, so that the events are found by their time: grouping alone would read the
        # events of weeks by endpoint.
        due = (
            select(event.endpoint, event.next_s)
            .where(event.next_s <= now)
            .cte("due")
            .prefix_with("MATERIALIZED")
        )
        query = (
            select(due.c.endpoint)
            .join(schema.webhook_endpoint, endpoint.id == due.c.endpoint)
            .where(endpoint.state == "active")
            .group_by(due.c.endpoint)
            .order_by(func.min(due.c.next_s), due.c.endpoint)
            .limit(_ENDPOINTS)
        )
        with self._store.read() as connection:
            if connection.execute(query).first() is None:
                return []
        self._store.write(lambda c: QUEUE.drop_old(c, now)).result()
        with self._store.read() as connection:
            return [
                (
                    connection.execute(
                        select(schema.webhook_endpoint).where(endpoint.id == name)
                    ).one(),
                    QUEUE.due(connection, now, _EVENTS, event.endpoint == name),
                )
                for name in connection.execute(query).scalars().all()
            ]

    async def _send_all(self, endpoint: Row[Any], events: Sequence[Row[Any]]) -> int:
        """Send events to one endpoint until an attempt fails; returns the number of successes."""
        for number, event in enumerate(events):
            status, error = await self._attempt(endpoint, event)
            if error is not None:
                await asyncio.to_thread(self._failed, endpoint, event, status, error)
                return number
            await asyncio.to_thread(self._sent, endpoint, event, status)
        return len(events)

    async def _attempt(self, endpoint: Row[Any], event: Row[Any]) -> tuple[int | None, str | None]:
        """Send one event; returns the status, and the reason of a failure."""
        status = None
        try:
            async with asyncio.timeout(self._settings.timeout_s):
                status = await self._post(endpoint, event)
        except TargetError as error:
            return None, error.code
        except TimeoutError:
            return None, "timeout"
        except (httpx.HTTPError, OSError) as error:
            return None, "tls" if _is_tls(error) else "connection"
        if 200 <= status < 300:
            return status, None
        return status, "redirect" if 300 <= status < 400 else "status"

    async def _post(self, endpoint: Row[Any], event: Row[Any]) -> int:
        target = await resolve(endpoint.url, self._settings, self._resolver)
        now = self._clock.real_s()
        headers = {
            "host": target.host,
            "content-type": "application/json",
            "user-agent": "Workdiary-Webhooks/1",
            "accept-encoding": "identity",
            "webhook-id": event.webhook_id,
            "webhook-timestamp": str(now),
            "webhook-signature": signatures(endpoint, event.webhook_id, event.data, now),
        }
        # A connection of its own: the pool of httpx would reuse one to the same address although
        # its certificate was checked against another name.
        transport = httpx.AsyncHTTPTransport(verify=self._context, trust_env=False)
        async with (
            httpx.AsyncClient(
                transport=transport,
                trust_env=False,
                follow_redirects=False,
                timeout=self._settings.timeout_s,
            ) as client,
            client.stream(
                "POST",
                target.url,
                content=event.data.encode(),
                headers=headers,
                extensions={"sni_hostname": target.name},
            ) as response,
        ):
            return response.status_code

    def _sent(self, endpoint: Row[Any], event: Row[Any], status: int | None) -> None:
        now, columns = self._clock.real_s(), schema.webhook_endpoint.c

        def job(connection: Connection) -> None:
            QUEUE.mark_sent(
                connection, event.id, now, attempts=event.attempts + 1, status=status, error=None
            )
            connection.execute(
                update(schema.webhook_endpoint)
                .where(columns.id == endpoint.id, columns.failing_since_s.is_not(None))
                .values(failing_since_s=None)
            )

        self._store.write(job).result()

    def _failed(self, endpoint: Row[Any], event: Row[Any], status: int | None, error: str) -> None:
        now, columns = self._clock.real_s(), schema.webhook_endpoint.c

        def job(connection: Connection) -> tuple[bool, bool]:
            mine = columns.id == endpoint.id
            connection.execute(
                update(schema.webhook_endpoint)
                .where(mine, columns.failing_since_s.is_(None))
                .values(failing_since_s=now)
            )
            again = QUEUE.mark_failed(
                connection, event.id, now, permanent=status == _GONE, status=status, error=error
            )
            waiting = schema.webhook_delivery.c.endpoint == endpoint.id
            QUEUE.postpone(connection, now, _PAUSE_S, waiting)
            since = connection.execute(select(columns.failing_since_s).where(mine)).scalar()
            lasting = since is not None and since <= now - DISABLE_S
            disabled = status == _GONE or (not again and lasting)
            if disabled:
                self._disable(connection, endpoint, now)
            return again, disabled

        again, disabled = self._store.write(job).result()
        # Neither addresses nor names go to the log.
        _log.warning(
            "webhook_failed", endpoint=endpoint.id, reason=error, again=again, disabled=disabled
        )

    def _disable(self, connection: Connection, endpoint: Row[Any], now_s: int) -> None:
        columns = schema.webhook_endpoint.c
        done = connection.execute(
            update(schema.webhook_endpoint)
            .where(columns.id == endpoint.id, columns.state == "active")
            .values(state="disabled")
        )
        if not done.rowcount:
            return
        values = {"url": httpx.URL(endpoint.url).host, "path": "/webhooks"}
        for person in members(connection, endpoint.sub):
            if person.role == "owner":
                enqueue(connection, person.sub, "webhook_disabled", values, now_s)


def signatures(endpoint: Row[Any], webhook_id: str, body: str, now_s: int) -> str:
    """The header webhook-signature: of the secret and, for a time after a rotation, the former
    one.
    """
    secrets = [endpoint.secret]
    if endpoint.former_secret and endpoint.former_until_s > now_s:
        secrets.append(endpoint.former_secret)
    moment = to_datetime(now_s, dt.UTC)
    return " ".join(Webhook(secret).sign(webhook_id, moment, body) for secret in secrets)


def _is_tls(error: BaseException) -> bool:
    """Whether an error, or its cause, is one of TLS."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return True
        cause = cause.__cause__ or cause.__context__
    return False
