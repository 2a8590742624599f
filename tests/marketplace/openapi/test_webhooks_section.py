"""The section `webhooks` of the OpenAPI document describes what is really sent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError
from sqlalchemy import select

from diary.core.slots import WEEK, week_of
from diary.objects.segment import parse
from marketplace.app import create_app
from marketplace.contracts.queries import Contract
from marketplace.core.config import Config
from marketplace.storage import schema
from marketplace.webhooks.events import EVENTS
from tests.marketplace.later_statements import amended, deleted
from tests.marketplace.live_marketplace import START, LiveMarketplace, live_marketplace
from tests.marketplace.simulated_device import SimulatedDevice, worked
from tests.marketplace.webhooks.conftest import register

URL = "https://hooks.example/"


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("data")
    return create_app(Config(folder, "example", "http://127.0.0.1")).openapi()


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """A body of each event, as queued for an endpoint of the client."""
    folder: Path = tmp_path_factory.mktemp("sent") / "data"
    with live_marketplace(folder) as market:
        return [json.loads(data) for data in _each_event(market)]


def _each_event(market: LiveMarketplace) -> Iterator[str]:
    contract: Contract = market.contract()
    market.deps.contracts.set_rate(contract.ctr, 4_050, "EUR", week_of(START))
    endpoint, _ = register(market, contract.client, URL)
    device = SimulatedDevice(market.url, market.deps.clock.real_s)
    device.enrol(market.code(contract.freelancer))
    device.sign_in()
    made = worked(market, device, contract.ctr, START, count=2)
    for data in made:
        device.send(data)
    names, week = [parse(data).hash for data in made], week_of(START)
    deps = market.deps
    client, freelancer = market.account(contract.client), market.account(contract.freelancer)
    amend = amended(device, made[0], "Other words")
    assert device.post_statement("amends", amend).status_code == 201
    statement = deleted(device, made[1], "shot_0", scope=["shot", "time"])
    assert device.post_statement("tombstones", statement).status_code == 201
    deps.decisions.ask(client, contract.ctr, week, names[:1], "Why?")
    with deps.store.read() as connection:
        first = connection.execute(select(schema.review.c.digest)).scalar_one()
    deps.decisions.reply(freelancer, contract.ctr, first, "So.")
    deps.decisions.dispute(client, contract.ctr, week, names[:1], "No.")
    (dispute,) = deps.disputes.listed()
    deps.disputes.resolve(dispute.digest, "It is settled.")
    market.clock.to(week + WEEK + 43_200)
    deps.week_notices.run_once()
    deps.decisions.approve(client, contract.ctr, week, names)
    deps.endpoints.test(client, endpoint.id)
    device.http.close()
    with deps.store.read() as connection:
        yield from connection.execute(select(schema.webhook_delivery.c.data)).scalars().all()


def validator(document: dict[str, Any], event: str) -> Draft202012Validator:
    """Validates the body of an event; objects may have no other members."""

    def closed(part: Any) -> Any:
        if isinstance(part, list):
            return [closed(each) for each in part]
        if not isinstance(part, dict):
            return part
        found = {name: closed(value) for name, value in part.items()}
        return found | {"additionalProperties": False} if "properties" in found else found

    content = document["webhooks"][event]["post"]["requestBody"]["content"]
    return Draft202012Validator(
        {
            **content["application/json"]["schema"],
            "components": {"schemas": closed(document["components"]["schemas"])},
        }
    )


def test_the_document_has_each_event(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    assert set(document["webhooks"]) == {*EVENTS, "webhook.test"}
    identifiers = [each["post"]["operationId"] for each in document["webhooks"].values()]
    assert len(set(identifiers)) == len(identifiers)


def test_each_sent_event_has_the_declared_form(
    document: dict[str, Any], sent: list[dict[str, Any]]
) -> None:
    assert {each["type"] for each in sent} == set(document["webhooks"])
    for body in sent:
        check = validator(document, body["type"])
        check.validate(body)
        for name in body["data"]:
            less = {key: value for key, value in body["data"].items() if key != name}
            with pytest.raises(ValidationError):
                check.validate({**body, "data": less})
        with pytest.raises(ValidationError):
            check.validate({**body, "data": {**body["data"], "memo": "x"}})
        with pytest.raises(ValidationError):
            check.validate({**body, "type": "week.lost"})


def test_the_headers_are_those_of_a_delivery(document: dict[str, Any]) -> None:
    for event in document["webhooks"].values():
        names = [each["name"] for each in event["post"]["parameters"]]
        assert names == ["webhook-id", "webhook-timestamp", "webhook-signature"]
