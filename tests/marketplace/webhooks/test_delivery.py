"""Webhooks from the queue to the receiver: signatures, retries, disabling, rotation."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select, update
from standardwebhooks import Webhook

from marketplace.contracts.queries import Contract
from marketplace.core.problems import ProblemError
from marketplace.core.webhook_settings import WebhookSettings
from marketplace.notifications.sender import MailSender
from marketplace.storage import schema
from marketplace.webhooks.endpoints import MAX_ENDPOINTS, OVERLAP_S
from marketplace.webhooks.events import RETRY_S, STALE_S
from tests.marketplace.live_marketplace import LiveMarketplace
from tests.marketplace.notifications.conftest import (  # noqa: F401 - fixtures
    MailServer,
    certificate,
    mail_server,
)
from tests.marketplace.webhooks.conftest import (
    NAME,
    Names,
    Received,
    Receiver,
    later,
    register,
    send,
)


def signed_by(request: Received, secret: str) -> bool:
    """Whether one of the signatures is that of the reference implementation."""
    moment = dt.datetime.fromtimestamp(int(request.headers["webhook-timestamp"]), dt.UTC)
    expected = Webhook(secret).sign(request.headers["webhook-id"], moment, request.body)
    return expected in request.headers["webhook-signature"].split(" ")


def put(market: LiveMarketplace, contract: Contract, endpoint: str) -> None:
    market.deps.endpoints.test(market.account(contract.client), endpoint)


def rows(market: LiveMarketplace) -> list[dict[str, object]]:
    with market.deps.store.read() as connection:
        query = select(schema.webhook_delivery).order_by(schema.webhook_delivery.c.id)
        return [dict(row) for row in connection.execute(query).mappings()]


def state(market: LiveMarketplace, contract: Contract, endpoint: str) -> str:
    return market.deps.endpoints.one(market.account(contract.client), endpoint).state


def test_an_event_is_sent_once_and_signed(
    market: LiveMarketplace, contract: Contract, receiver: Receiver, settings: WebhookSettings
) -> None:
    url = f"https://{NAME}:{receiver.port}/in?x=1"
    endpoint, secret = register(market, contract.client, url)
    put(market, contract, endpoint.id)
    assert send(market, settings) == 1
    assert send(market, settings) == 0
    (request,) = receiver.requests
    assert request.path == "/in?x=1"
    assert request.headers["host"] == f"{NAME}:{receiver.port}"
    assert request.headers["content-type"] == "application/json"
    assert request.headers["webhook-id"].startswith("msg_")
    assert int(request.headers["webhook-timestamp"]) == market.deps.clock.real_s()
    assert signed_by(request, secret)
    assert not signed_by(request, register(market, contract.client, url)[1])
    body = json.loads(request.body)
    assert body["type"] == "webhook.test"
    assert dt.datetime.fromisoformat(body["timestamp"]).timestamp() == market.deps.clock.real_s()
    # The body is no longer in the database.
    assert rows(market)[0]["data"] == "{}"
    (shown,) = market.deps.endpoints.one(market.account(contract.client), endpoint.id).deliveries
    assert (shown.status, shown.error, shown.attempts) == (204, None, 1)


@pytest.mark.expected_logs("webhook_failed")
def test_a_failed_event_is_sent_again_with_its_identifier(
    market: LiveMarketplace, contract: Contract, receiver: Receiver, settings: WebhookSettings
) -> None:
    endpoint, secret = register(market, contract.client, f"https://{NAME}:{receiver.port}/")
    put(market, contract, endpoint.id)
    receiver.statuses = [500, 429]
    assert send(market, settings) == 0
    assert send(market, settings) == 0, "not before its time"
    assert len(receiver.requests) == 1
    for delay in RETRY_S[:2]:
        later(market, max(delay, 60))
        send(market, settings)
    assert len({each.headers["webhook-id"] for each in receiver.requests}) == 1
    assert len({each.headers["webhook-timestamp"] for each in receiver.requests}) == 3
    assert all(signed_by(each, secret) for each in receiver.requests)
    assert [row["sent_s"] is not None for row in rows(market)] == [True]


def test_after_a_crash_the_second_copy_has_the_same_identifier(
    market: LiveMarketplace, contract: Contract, receiver: Receiver, settings: WebhookSettings
) -> None:
    """The process ends after the receiver has accepted the event, before the commit."""
    endpoint, _ = register(market, contract.client, f"https://{NAME}:{receiver.port}/")
    put(market, contract, endpoint.id)
    body = rows(market)[0]["data"]
    send(market, settings)
    again = {"next_s": 0, "sent_s": None, "data": body}
    market.deps.store.write(
        lambda c: c.execute(update(schema.webhook_delivery).values(again))
    ).result()
    send(market, settings)
    first, second = receiver.requests
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body


@pytest.mark.expected_logs("webhook_failed")
def test_an_endpoint_that_fails_for_days_is_disabled_and_its_owner_learns_of_it(
    market: LiveMarketplace,
    contract: Contract,
    receiver: Receiver,
    settings: WebhookSettings,
    mail_server: MailServer,  # noqa: F811
) -> None:
    endpoint, _ = register(market, contract.client, f"https://{NAME}:{receiver.port}/")
    put(market, contract, endpoint.id)
    receiver.statuses = [503] * 20
    send(market, settings)
    for delay in RETRY_S:
        assert state(market, contract, endpoint.id) == "active"
        later(market, max(delay, 60))
        send(market, settings)
    assert len(receiver.requests) == len(RETRY_S) + 1
    assert sum(RETRY_S) > 3 * 86_400
    assert state(market, contract, endpoint.id) == "disabled"
    (row,) = rows(market)
    assert (row["failed_s"] is not None, row["data"], row["status"]) == (True, "{}", 503)
    sender = MailSender(market.deps.store, market.deps.clock, mail_server.settings, market.url)
    assert sender.run_once() == 1
    assert mail_server.recipients == ["acme@example.org"]
    assert mail_server.received[0]["subject"] == "A webhook was disabled"
    text = mail_server.received[0].get_body(("plain",))
    assert text is not None
    assert NAME in text.get_content()
    with pytest.raises(ProblemError, match="endpoint_stopped"):
        put(market, contract, endpoint.id)
    receiver.statuses = []
    market.deps.endpoints.resume(market.account(contract.client), endpoint.id)
    put(market, contract, endpoint.id)
    assert send(market, settings) == 1


@pytest.mark.expected_logs("webhook_failed")
def test_a_success_in_between_keeps_an_endpoint(
    market: LiveMarketplace, contract: Contract, receiver: Receiver, settings: WebhookSettings
) -> None:
    endpoint, _ = register(market, contract.client, f"https://{NAME}:{receiver.port}/")
    put(market, contract, endpoint.id)
    receiver.statuses = [500] * len(RETRY_S)
    send(market, settings)
    for delay in RETRY_S[:-1]:
        later(market, max(delay, 60))
        send(market, settings)
    put(market, contract, endpoint.id)
    assert send(market, settings) == 1
    receiver.statuses = [500]
    later(market, RETRY_S[-1])
    send(market, settings)
    assert [row["failed_s"] is not None for row in rows(market)] == [True, False]
    assert state(market, contract, endpoint.id) == "active"


@pytest.mark.expected_logs("webhook_failed")
def test_410_gone_disables_an_endpoint_at_once(
    market: LiveMarketplace, contract: Contract, receiver: Receiver, settings: WebhookSettings
) -> None:
    endpoint, _ = register(market, contract.client, f"https://{NAME}:{receiver.port}/")
    put(market, contract, endpoint.id)
    receiver.statuses = [410]
    send(market, settings)
    assert state(market, contract, endpoint.id) == "disabled"
    assert [row["failed_s"] is not None for row in rows(market)] == [True]


@pytest.mark.expected_logs("webhook_failed")
def test_an_endpoint_that_never_answers_delays_no_other(
    market: LiveMarketplace,
    contract: Contract,
    receiver: Receiver,
    settings: WebhookSettings,
    hostile: Callable[..., int],
) -> None:
    silent = hostile(lambda _, ended: ended.wait())
    stuck, _ = register(market, contract.client, f"https://{NAME}:{silent}/")
    good, _ = register(market, contract.client, f"https://{NAME}:{receiver.port}/")
    for _ in range(3):
        put(market, contract, stuck.id)
        put(market, contract, good.id)
    assert send(market, replace(settings, timeout_s=0.3)) == 3
    found = {row["endpoint"]: row["error"] for row in rows(market)[:2]}
    assert found == {stuck.id: "timeout", good.id: None}
    # The waiting events of the silent endpoint are not tried at once.
    assert send(market, settings) == 0


def test_after_a_rotation_both_secrets_verify_for_a_day(
    market: LiveMarketplace, contract: Contract, receiver: Receiver, settings: WebhookSettings
) -> None:
    endpoint, old = register(market, contract.client, f"https://{NAME}:{receiver.port}/")
    new = market.deps.endpoints.rotate(market.account(contract.client), endpoint.id)
    assert new != old
    put(market, contract, endpoint.id)
    send(market, settings)
    later(market, OVERLAP_S)
    put(market, contract, endpoint.id)
    send(market, settings)
    first, second = receiver.requests
    assert (signed_by(first, old), signed_by(first, new)) == (True, True)
    assert (signed_by(second, old), signed_by(second, new)) == (False, True)
    assert first.headers["webhook-signature"].count("v1,") == 2


def test_events_wait_for_a_paused_endpoint_and_at_most_for_days(
    market: LiveMarketplace, contract: Contract, receiver: Receiver, settings: WebhookSettings
) -> None:
    owner = market.account(contract.client)
    endpoint, _ = register(market, contract.client, f"https://{NAME}:{receiver.port}/")
    put(market, contract, endpoint.id)
    market.deps.endpoints.pause(owner, endpoint.id)
    assert send(market, settings) == 0
    market.deps.endpoints.resume(owner, endpoint.id)
    assert send(market, settings) == 1
    put(market, contract, endpoint.id)
    market.deps.endpoints.pause(owner, endpoint.id)
    later(market, STALE_S)
    market.deps.endpoints.resume(owner, endpoint.id)
    assert send(market, settings) == 0
    assert len(receiver.requests) == 1


def test_a_deleted_endpoint_gets_nothing(
    market: LiveMarketplace, contract: Contract, receiver: Receiver, settings: WebhookSettings
) -> None:
    endpoint, _ = register(market, contract.client, f"https://{NAME}:{receiver.port}/")
    put(market, contract, endpoint.id)
    market.deps.endpoints.remove(market.account(contract.client), endpoint.id)
    assert send(market, settings) == 0
    assert (rows(market), receiver.requests) == ([], [])


def test_the_number_of_endpoints_is_limited(market: LiveMarketplace, contract: Contract) -> None:
    for _ in range(MAX_ENDPOINTS):
        register(market, contract.client, f"https://{NAME}/")
    with pytest.raises(ProblemError, match="too_many_endpoints"):
        register(market, contract.client, f"https://{NAME}/")


def test_the_running_marketplace_sends(
    market: LiveMarketplace, contract: Contract, receiver: Receiver
) -> None:
    """Its own sender, with the names of the system."""
    endpoint, _ = register(market, contract.client, f"https://127.0.0.1:{receiver.port}/")
    put(market, contract, endpoint.id)
    assert asyncio.run(market.deps.webhooks.run_once()) == 1


def test_each_look_up_of_a_name_is_used_for_one_attempt(
    market: LiveMarketplace, contract: Contract, receiver: Receiver, settings: WebhookSettings
) -> None:
    endpoint, _ = register(market, contract.client, f"https://{NAME}:{receiver.port}/")
    names = Names()
    for number in (1, 2):
        put(market, contract, endpoint.id)
        send(market, settings, names)
        assert names.asked == [NAME] * number
