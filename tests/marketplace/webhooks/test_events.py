"""The events of reviews, weeks, computers and deletions, with the figures of the API."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from diary.core.slots import WEEK, week_of
from diary.objects.segment import parse
from marketplace.contracts.queries import Contract
from marketplace.notifications.sender import MailSender
from marketplace.storage import schema
from tests.marketplace.accounts.test_companies import joined
from tests.marketplace.later_statements import amended, deleted
from tests.marketplace.live_marketplace import START, LiveMarketplace
from tests.marketplace.notifications.conftest import (  # noqa: F401 - fixtures
    MailServer,
    certificate,
    mail_server,
)
from tests.marketplace.simulated_device import SimulatedDevice, worked
from tests.marketplace.webhooks.conftest import register

NOON = week_of(START) + WEEK + 43_200
URL = "https://hooks.example/"


@pytest.fixture
def device(market: LiveMarketplace, contract: Contract) -> Any:
    market.deps.contracts.set_rate(contract.ctr, 4_050, "EUR", week_of(START))
    made = SimulatedDevice(market.url, market.deps.clock.real_s)
    made.enrol(market.code(contract.freelancer))
    made.sign_in()
    yield made
    made.http.close()


@pytest.fixture
def sent(market: LiveMarketplace, contract: Contract, device: SimulatedDevice) -> list[bytes]:
    listed = worked(market, device, contract.ctr, START, count=2, memo="Secret plans")
    for data in listed:
        device.send(data)
    return listed


def events(market: LiveMarketplace, sub: str) -> list[dict[str, Any]]:
    """The queued events of an account's endpoints."""
    delivery, endpoint = schema.webhook_delivery.c, schema.webhook_endpoint.c
    with market.deps.store.read() as connection:
        rows = connection.execute(
            select(delivery.data)
            .join(schema.webhook_endpoint, endpoint.id == delivery.endpoint)
            .where(endpoint.sub == sub)
            .order_by(delivery.id)
        )
        return [json.loads(row.data) for row in rows]


def api_week(market: LiveMarketplace, contract: Contract) -> dict[str, Any]:
    """The week in the JSON API, without its days."""
    owner = market.account(contract.client)
    secret = market.deps.api_tokens.create(owner, "x", ["totals"], 30)
    params = {"first": "2026-11-16", "last": "2026-11-22"}
    header = {"Authorization": f"Bearer {secret}"}
    answer = httpx.get(f"{market.url}/v1/weeks", params=params, headers=header, trust_env=False)
    (week,) = answer.json()["weeks"]
    del week["days"]
    return week  # type: ignore[no-any-return]


def test_each_action_is_an_event_for_both_sides(
    market: LiveMarketplace, contract: Contract, sent: list[bytes]
) -> None:
    for sub in (contract.client, contract.freelancer, market.contract("Another").client):
        register(market, sub, URL)
    client, freelancer = market.account(contract.client), market.account(contract.freelancer)
    names, week = [parse(data).hash for data in sent], week_of(START)
    decisions = market.deps.decisions
    decisions.ask(client, contract.ctr, week, names[:1], "Why so secret?")
    with market.deps.store.read() as connection:
        first = connection.execute(select(schema.review.c.digest)).scalar_one()
    decisions.reply(freelancer, contract.ctr, first, "Because of the secret.")
    decisions.dispute(client, contract.ctr, week, names[:1], "Too secret.")
    market.clock.to(NOON)
    decisions.approve(client, contract.ctr, week, names)
    found = events(market, contract.client)
    assert [(each["type"], each["data"]["by"]) for each in found] == [
        ("question.created", "client"),
        ("answer.created", "freelancer"),
        ("dispute.created", "client"),
        ("week.approved", "client"),
    ]
    assert found[0]["data"]["entry"] == found[1]["data"]["replies_to"] == first
    expected = api_week(market, contract)
    for each in found:
        assert {name: each["data"][name] for name in expected} == expected
    assert expected["amount"] == {"amount": 1_350, "currency": "EUR"}
    assert "ecret" not in json.dumps(found)
    assert events(market, contract.freelancer) == found
    with market.deps.store.read() as connection:
        assert len(connection.execute(select(schema.webhook_delivery.c.id)).all()) == 2 * len(found)


def test_an_endpoint_gets_only_the_events_that_it_chose(
    market: LiveMarketplace, contract: Contract, sent: list[bytes]
) -> None:
    register(market, contract.client, URL, ("dispute.created",))
    stopped, _ = register(market, contract.client, URL)
    market.deps.endpoints._change(market.account(contract.client), stopped.id, state="disabled")
    client, names = market.account(contract.client), [parse(sent[0]).hash]
    market.deps.decisions.ask(client, contract.ctr, week_of(START), names, "Why?")
    market.deps.decisions.dispute(client, contract.ctr, week_of(START), names, "No.")
    assert [each["type"] for each in events(market, contract.client)] == ["dispute.created"]


def test_a_new_computer_a_changed_memo_and_a_deletion_are_events(
    market: LiveMarketplace, contract: Contract, device: SimulatedDevice, sent: list[bytes]
) -> None:
    register(market, contract.client, URL)
    statement = amended(device, sent[0], "Other words")
    assert device.post_statement("amends", statement).status_code == 201
    statement = deleted(device, sent[1], "shot_0", scope=["shot", "time"])
    assert device.post_statement("tombstones", statement).status_code == 201
    assert device.post_statement("tombstones", statement).status_code == 200
    other = SimulatedDevice(market.url, market.deps.clock.real_s)
    other.enrol(market.code(contract.freelancer))
    other.http.close()
    week = {"contract": contract.ctr, "week": "2026-W47"}
    assert [(each["type"], each["data"]) for each in events(market, contract.client)] == [
        ("memo.changed", {**week, "segment": parse(sent[0]).hash}),
        ("segment.deleted", {**week, "segment": parse(sent[1]).hash, "scope": ["shot", "time"]}),
        ("computer.enrolled", {"computer": other.key.kid, "contracts": [contract.ctr]}),
    ]


@pytest.mark.usefixtures("sent")
def test_a_week_is_ready_when_it_locks_and_only_once(
    market: LiveMarketplace,
    contract: Contract,
    mail_server: MailServer,  # noqa: F811
) -> None:
    register(market, contract.client, URL)
    deps = market.deps
    for role in ("manager", "finance"):
        person = joined(market, contract.client, role, role)
        deps.credentials.set_address(person, f"{role}@example.org")
    sender = MailSender(deps.store, deps.clock, mail_server.settings, market.url)
    sender.run_once()
    mail_server.received.clear()
    mail_server.recipients.clear()
    market.clock.to(NOON - 1)
    assert deps.week_notices.run_once() == 0
    market.clock.to(NOON)
    assert deps.week_notices.run_once() == 1
    assert deps.week_notices.run_once() == 0
    sender.run_once()
    assert sorted(mail_server.recipients) == ["acme@example.org", "manager@example.org"]
    assert mail_server.received[0]["subject"] == "Week 2026-W47 is ready for your review"
    body = mail_server.received[0].get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert "Acme shop rebuild" in text
    assert f"{market.url}/contracts/{contract.ctr}/weeks/2026-W47" in text
    (event,) = events(market, contract.client)
    assert event["type"] == "week.ready"
    assert event["data"] == {
        **api_week(market, contract),
        "locked": NOON,
        "review_ends": week_of(START) + WEEK + 5 * 86_400,
    }


@pytest.mark.usefixtures("sent")
def test_after_a_downtime_the_last_week_is_reported_and_no_older_one(
    market: LiveMarketplace, contract: Contract
) -> None:
    register(market, contract.client, URL)
    end = week_of(START) + WEEK
    market.clock.to(end + 5 * 86_400)
    assert market.deps.week_notices.run_once() == 0
    market.clock.to(end + WEEK + 43_200)
    assert market.deps.week_notices.run_once() == 0
    assert events(market, contract.client) == []


def test_after_a_short_downtime_the_week_is_reported(
    market: LiveMarketplace, contract: Contract, sent: list[bytes]
) -> None:
    """Several contracts of a company are one message."""
    assert sent
    other = market.deps.contracts.add_contract(
        "Second shop", freelancer=contract.freelancer, client=contract.client
    )
    market.clock.to(market.clock.ms / 1000 + 1_800)
    second = SimulatedDevice(market.url, market.deps.clock.real_s)
    second.enrol(market.code(contract.freelancer))
    second.sign_in()
    for data in worked(market, second, other.ctr, START + 3_600):
        second.send(data)
    second.http.close()
    market.clock.to(week_of(START) + WEEK + 5 * 86_400 - 1)
    assert market.deps.week_notices.run_once() == 2
    with market.deps.store.read() as connection:
        rows = connection.execute(
            select(schema.message.c.data).where(schema.message.c.kind == "week_ready")
        ).all()
    (values,) = [json.loads(row.data) for row in rows]
    assert values["contracts"] == "Acme shop rebuild, Second shop"
    assert values["path"] == "/?week=2026-W47"


def test_an_approved_week_is_not_reported(
    market: LiveMarketplace, contract: Contract, sent: list[bytes]
) -> None:
    market.clock.to(NOON)
    names = [parse(data).hash for data in sent]
    client = market.account(contract.client)
    market.deps.decisions.approve(client, contract.ctr, week_of(START), names)
    assert market.deps.week_notices.run_once() == 0
