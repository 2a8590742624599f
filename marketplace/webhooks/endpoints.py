"""The webhook endpoints of a client's company or of a freelancer.

Owners and managers of a company manage its endpoints, and a freelancer manages those for the own
contracts. The secret is shown when it is created; it is stored, since each event is signed with it.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal, cast

from sqlalchemy import Connection, Row, delete, func, select, update

from diary.formats.encoding import b64url_encode
from marketplace.accounts.model import Account, account
from marketplace.accounts.roles import companies_of, role_in
from marketplace.core.clock import MarketplaceClock
from marketplace.core.problems import ProblemError, not_found
from marketplace.core.webhook_settings import WebhookSettings
from marketplace.storage import schema
from marketplace.storage.database import Database
from marketplace.webhooks.events import EVENTS, Event, delivery
from marketplace.webhooks.target import TargetError, parse_url

State = Literal["active", "paused", "disabled"]
"""`paused` by a person: events wait; `disabled` after lasting failure: no events are queued."""
#: Endpoints of one account at most.
MAX_ENDPOINTS = 10
#: Seconds after a rotation in which events are signed with the former secret too.
OVERLAP_S = 86_400
#: Deliveries of one endpoint in the list, newest first.
LISTED = 20
_SECRET_BYTES, _ID_BYTES = 32, 16


@dataclass(frozen=True)
class Delivery:
    """An event for an endpoint. `status` and `error` are of the last attempt; times are Unix s.

    It waits for `next_s`, was accepted at `sent_s`, or was given up at `failed_s`.
    """

    webhook_id: str
    event: str
    created_s: int
    attempts: int
    next_s: int | None
    sent_s: int | None
    failed_s: int | None
    status: int | None
    error: str | None


@dataclass(frozen=True)
class WebhookEndpoint:
    """An endpoint of the account `sub`, with its newest deliveries. Times are Unix s."""

    id: str
    sub: str
    url: str
    events: tuple[Event, ...]
    state: State
    created_s: int
    former_until_s: int | None
    deliveries: tuple[Delivery, ...] = ()


@dataclass(frozen=True)
class ManagedAccount:
    """A company or a freelancer whose endpoints a person manages."""

    sub: str
    name: str


class WebhookEndpoints:
    """Manages endpoints. Times are real time, also in a demo. Blocks.

    Each method takes the account of the person, and raises `not_found` for endpoints of accounts
    that the person does not manage.
    """

    def __init__(self, store: Database, clock: MarketplaceClock, settings: WebhookSettings) -> None:
        self._store = store
        self._clock = clock
        self._settings = settings

    def managed(self, person: Account) -> tuple[ManagedAccount, ...]:
        """The accounts whose endpoints a person manages."""
        with self._store.read() as connection:
            return _managed(connection, person)

    def of(self, person: Account) -> tuple[WebhookEndpoint, ...]:
        """The endpoints that a person manages, oldest first."""
        columns = schema.webhook_endpoint.c
        with self._store.read() as connection:
            subs = [each.sub for each in _managed(connection, person)]
            rows = connection.execute(
                select(schema.webhook_endpoint)
                .where(columns.sub.in_(subs))
                .order_by(columns.created_s, columns.id)
            ).all()
            return tuple(self._shown(connection, row) for row in rows)

    def one(self, person: Account, endpoint: str) -> WebhookEndpoint:
        """One endpoint."""
        with self._store.read() as connection:
            return self._shown(connection, _mine(connection, person, endpoint))

    def create(
        self, person: Account, sub: str | None, url: str, events: Collection[str]
    ) -> tuple[WebhookEndpoint, str]:
        """Register an endpoint of an account, None for the only one that the person manages;
        returns it and its secret.

        Raises `webhook_url` (422) for a URL that webhooks must not be sent to, `invalid_request`
        (422) without events, and `too_many_endpoints` (409).
        """
        try:
            parse_url(url, self._settings)
        except TargetError as error:
            raise ProblemError("webhook_url", URL_ERRORS[error.code]) from None
        chosen = [event for event in EVENTS if event in events]
        if not chosen or len(chosen) != len(set(events)):
            raise ProblemError("invalid_request", "Choose at least one event of the list.")
        secret, now = new_secret(), self._clock.real_s()
        table = schema.webhook_endpoint

        def job(connection: Connection) -> Row[Any]:
            subs = [each.sub for each in _managed(connection, person)]
            owner = subs[0] if sub is None and len(subs) == 1 else sub
            if owner not in subs:
                raise not_found()
            mine = select(func.count()).where(table.c.sub == owner)
            if connection.execute(mine).scalar_one() >= MAX_ENDPOINTS:
                raise ProblemError("too_many_endpoints")
            row: dict[str, object] = {
                "id": b64url_encode(secrets.token_bytes(_ID_BYTES)),
                "sub": owner,
                "url": url,
                "events": " ".join(chosen),
                "state": "active",
                "secret": secret,
                "created_s": now,
            }
            schema.insert(connection, table, [row])
            return connection.execute(select(table).where(table.c.id == row["id"])).one()

        row = self._store.write(job).result()
        with self._store.read() as connection:
            return self._shown(connection, row), secret

    def pause(self, person: Account, endpoint: str) -> None:
        """Let the events of an endpoint wait."""
        self._change(person, endpoint, state="paused")

    def resume(self, person: Account, endpoint: str) -> None:
        """Send events again, after a pause or after the endpoint was disabled."""
        self._change(person, endpoint, state="active", failing_since_s=None)

    def rotate(self, person: Account, endpoint: str) -> str:
        """Give an endpoint a new secret and return it; for OVERLAP_S seconds, events are signed
        with the former one too.
        """
        secret, until = new_secret(), self._clock.real_s() + OVERLAP_S
        columns = schema.webhook_endpoint.c

        def job(connection: Connection) -> None:
            row = _mine(connection, person, endpoint)
            connection.execute(
                update(schema.webhook_endpoint)
                .where(columns.id == row.id)
                .values(secret=secret, former_secret=row.secret, former_until_s=until)
            )

        self._store.write(job).result()
        return secret

    def test(self, person: Account, endpoint: str) -> None:
        """Queue a test event. Raises `endpoint_stopped` (409) unless the endpoint is active."""
        now = self._clock.real_s()

        def job(connection: Connection) -> None:
            row = _mine(connection, person, endpoint)
            if row.state != "active":
                raise ProblemError("endpoint_stopped")
            table, made = delivery(row.id, "webhook.test", {"endpoint": row.id}, now)
            schema.insert(connection, table, [made])

        self._store.write(job).result()

    def remove(self, person: Account, endpoint: str) -> None:
        """Delete an endpoint with its deliveries."""
        event, columns = schema.webhook_delivery, schema.webhook_endpoint.c

        def job(connection: Connection) -> None:
            row = _mine(connection, person, endpoint)
            connection.execute(delete(event).where(event.c.endpoint == row.id))
            connection.execute(delete(schema.webhook_endpoint).where(columns.id == row.id))

        self._store.write(job).result()

    def _change(self, person: Account, endpoint: str, **values: object) -> None:
        columns = schema.webhook_endpoint.c

        def job(connection: Connection) -> None:
            row = _mine(connection, person, endpoint)
            connection.execute(
                update(schema.webhook_endpoint).where(columns.id == row.id).values(**values)
            )

        self._store.write(job).result()

    def _shown(self, connection: Connection, row: Row[Any]) -> WebhookEndpoint:
        columns = schema.webhook_delivery.c
        found = connection.execute(
            select(schema.webhook_delivery)
            .where(columns.endpoint == row.id)
            .order_by(columns.id.desc())
            .limit(LISTED)
        )
        until = row.former_until_s
        return WebhookEndpoint(
            row.id,
            row.sub,
            row.url,
            tuple(event for event in EVENTS if event in row.events.split()),
            cast("State", row.state),
            row.created_s,
            until if until is not None and until > self._clock.real_s() else None,
            tuple(
                Delivery(
                    each.webhook_id, each.event, each.created_s, each.attempts, each.next_s,
                    each.sent_s, each.failed_s, each.status, each.error,
                )
                for each in found
            ),
        )  # fmt: skip


#: Why a URL is refused.
URL_ERRORS = {
    "url_invalid": "This is not the URL of an endpoint: https://, a host, and a path.",
    "https_only": "Webhooks are sent over TLS only: use a URL that begins with https://.",
    "not_public": "Webhooks are sent to public addresses only.",
}


def new_secret() -> str:
    """A secret of 256 random bits (Standard Webhooks, "Signature scheme")."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()}"


def _managed(connection: Connection, person: Account) -> tuple[ManagedAccount, ...]:
    if person.role == "freelancer":
        return (ManagedAccount(person.sub, person.name),)
    named = (account(connection, sub) for sub in companies_of(connection, person.sub))
    joined = [
        ManagedAccount(each.sub, each.name)
        for each in named
        if each and role_in(connection, each.sub, person.sub) in ("owner", "manager")
    ]
    columns = schema.contract.c
    own = connection.execute(select(columns.ctr).where(columns.client == person.sub).limit(1))
    # The account of a member has no company of its own, unless contracts name it.
    if own.first() is not None or not companies_of(connection, person.sub):
        joined.insert(0, ManagedAccount(person.sub, person.name))
    return tuple(joined)


def _mine(connection: Connection, person: Account, endpoint: str) -> Row[Any]:
    subs = {each.sub for each in _managed(connection, person)}
    columns = schema.webhook_endpoint.c
    row = connection.execute(select(schema.webhook_endpoint).where(columns.id == endpoint)).first()
    if row is None or row.sub not in subs:
        raise not_found()
    return row
