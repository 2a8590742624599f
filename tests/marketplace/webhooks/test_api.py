"""Webhook endpoints by the API and on the page; only their owners see and change them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest

from marketplace.contracts.queries import Contract
from marketplace.core.webhook_settings import WebhookSettings
from tests.marketplace.accounts.test_companies import joined
from tests.marketplace.live_marketplace import LiveMarketplace
from tests.marketplace.webhooks.conftest import NAME, Receiver, send

OWN = {"sec-fetch-site": "same-origin", "accept": "text/html"}
URL = "https://hooks.example/in"


@pytest.fixture
def program(market: LiveMarketplace) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=market.url, trust_env=False) as client:
        yield client


def bearer(market: LiveMarketplace, sub: str, *scopes: str) -> dict[str, str]:
    secret = market.deps.api_tokens.create(market.account(sub), "x", scopes or ["webhooks"], 30)
    return {"Authorization": f"Bearer {secret}"}


def test_a_program_manages_an_endpoint(
    market: LiveMarketplace,
    contract: Contract,
    program: httpx.Client,
    receiver: Receiver,
    settings: WebhookSettings,
) -> None:
    program.headers.update(bearer(market, contract.client))
    url = f"https://{NAME}:{receiver.port}/in"
    created = program.post("/v1/webhooks", json={"url": url, "events": ["week.ready"]})
    assert created.status_code == 201, created.text
    made = created.json()
    assert re.fullmatch(r"whsec_[A-Za-z0-9+/]{43}=", made["secret"])
    path = f"/v1/webhooks/{made['id']}"
    (listed,) = program.get("/v1/webhooks").json()["endpoints"]
    assert listed == {name: value for name, value in made.items() if name != "secret"}
    assert (listed["account"], listed["state"]) == (contract.client, "active")
    assert program.get(path).json() == listed
    assert program.post(f"{path}/test").status_code == 202
    send(market, settings)
    (delivery,) = program.get(f"{path}/deliveries").json()["deliveries"]
    assert (delivery["event"], delivery["status"], delivery["next"]) == ("webhook.test", 204, None)
    assert delivery["id"] == receiver.requests[0].headers["webhook-id"]
    assert program.post(f"{path}/secret").json()["secret"] != made["secret"]
    assert program.patch(path, json={"paused": True}).json()["state"] == "paused"
    assert program.post(f"{path}/test").status_code == 409
    assert program.patch(path, json={"paused": False}).json()["state"] == "active"
    assert program.delete(path).status_code == 204
    assert program.get(path).status_code == 404
    assert program.delete(path).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"url": URL},
        {"url": URL, "events": []},
        {"url": URL, "events": ["no.event"]},
        {"url": URL, "events": ["week.ready"], "extra": 1},
        {"url": "https://10.0.0.1/", "events": ["week.ready"]},
        {"url": "x" * 2_000, "events": ["week.ready"]},
        {"url": "https://\x00/", "events": ["week.ready"]},
        {"url": 5, "events": ["week.ready"]},
    ],
)
def test_a_wrong_endpoint_is_a_problem(
    market: LiveMarketplace, contract: Contract, program: httpx.Client, body: dict[str, object]
) -> None:
    program.headers.update(bearer(market, contract.client))
    answer = program.post("/v1/webhooks", json=body)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert program.get("/v1/webhooks").json() == {"endpoints": []}


def test_a_token_needs_the_scope(
    market: LiveMarketplace, contract: Contract, program: httpx.Client
) -> None:
    program.headers.update(bearer(market, contract.client, "totals", "memos"))
    answer = program.post("/v1/webhooks", json={"url": URL, "events": ["week.ready"]})
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")
    assert program.get("/v1/webhooks").status_code == 403


def test_owners_and_managers_manage_the_endpoints_of_their_company_only(
    market: LiveMarketplace, contract: Contract, program: httpx.Client
) -> None:
    other = market.contract("Another")
    manager = joined(market, contract.client, "manager", "Mona")
    finance = joined(market, contract.client, "finance", "Finn")
    body = {"url": URL, "events": ["week.ready"]}
    made = program.post("/v1/webhooks", json=body, headers=bearer(market, manager)).json()
    assert made["account"] == contract.client
    path = f"/v1/webhooks/{made['id']}"
    for sub, status in (
        (contract.client, 200), (manager, 200), (finance, 404), (contract.freelancer, 404),
        (other.client, 404), (other.freelancer, 404),
    ):  # fmt: skip
        header = bearer(market, sub)
        assert program.get(path, headers=header).status_code == status
        listed = program.get("/v1/webhooks", headers=header).json()["endpoints"]
        assert (made["id"] in [each["id"] for each in listed]) == (status == 200)
        foreign = {**body, "account": contract.client}
        expected = 201 if status == 200 else 404
        assert program.post("/v1/webhooks", json=foreign, headers=header).status_code == expected
        if status == 404:
            for method, part in (
                ("PATCH", ""), ("DELETE", ""), ("POST", "/secret"), ("POST", "/test"),
                ("GET", "/deliveries"),
            ):  # fmt: skip
                json = {"paused": True} if method == "PATCH" else None
                answer = program.request(method, path + part, headers=header, json=json)
                assert answer.status_code == 404, (method, part)
    assert (
        program.post("/v1/webhooks", json=body, headers=bearer(market, finance)).status_code == 404
    )
    # Access ends with the role.
    header = bearer(market, manager)
    owner = market.account(contract.client)
    market.deps.companies.change_role(owner, contract.client, manager, "finance")
    assert program.get(path, headers=header).status_code == 404


def test_a_person_registers_tests_and_deletes_a_webhook(
    market: LiveMarketplace,
    contract: Contract,
    receiver: Receiver,
    settings: WebhookSettings,
) -> None:
    with market.browser(contract.client) as browser:
        form = {
            "url": f"https://{NAME}:{receiver.port}/<b>",
            "event": ["week.ready", "dispute.created"],
        }
        assert browser.post("/webhooks", data=form).status_code == 403
        created = browser.post("/webhooks", data=form, headers=OWN).text
        secret = re.search(r"whsec_[A-Za-z0-9+/]{43}=", created)
        assert secret
        assert "<b>" not in created
        assert secret[0] not in browser.get("/webhooks").text
        found = re.search(r"/webhooks/[\w-]{22}", created)
        assert found
        path = found[0]
        for action in ("test", "pause", "resume"):
            assert browser.post(f"{path}/{action}").status_code == 403
            answer = browser.post(f"{path}/{action}", headers=OWN)
            assert answer.headers["location"] == f"/webhooks?done={action}"
        send(market, settings)
        assert "accepted (204)" in browser.get("/webhooks").text
        rotated = browser.post(f"{path}/secret", headers=OWN).text
        assert "whsec_" in rotated
        assert secret[0] not in rotated
        assert browser.post(f"{path}/no-action", headers=OWN).status_code == 422
        assert browser.post(f"{path}/delete", headers=OWN).status_code == 303
        assert "/delete" not in browser.get("/webhooks").text


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ({"url": "https://10.0.0.1/", "event": "week.ready"}, "public addresses only"),
        ({"url": URL}, "at least one event"),
        ({"url": URL, "event": "no.event"}, "at least one event"),
    ],
)
def test_a_wrong_form_is_shown_again(
    market: LiveMarketplace, contract: Contract, form: dict[str, str], text: str
) -> None:
    with market.browser(contract.client) as browser:
        answer = browser.post("/webhooks", data=form, headers=OWN)
        assert answer.status_code == 422
        assert text in answer.text
        assert form["url"] in answer.text


def test_the_api_is_declared(market: LiveMarketplace, program: httpx.Client) -> None:
    document = program.get("/openapi.json").json()
    for path in ("/v1/webhooks", "/v1/webhooks/{endpoint}"):
        for operation in document["paths"][path].values():
            assert operation["security"] == [{"personal": []}]
            assert {"401", "403", "429"} <= set(operation["responses"])
