"""Personal tokens and the JSON API: scopes, expiry, revocation; the figures of the ledger."""

from __future__ import annotations

import re
from dataclasses import asdict

import httpx
import pytest
from sqlalchemy import select

from diary.core.slots import week_of
from marketplace.accounts.api_tokens import MAX_TOKENS, PREFIX
from marketplace.contracts.queries import Contract
from marketplace.core.problems import ProblemError
from marketplace.review.ledger import week_ledger
from marketplace.storage import schema
from tests.marketplace.accounts.test_companies import joined
from tests.marketplace.live_marketplace import START, LiveMarketplace
from tests.marketplace.simulated_device import SimulatedDevice, worked

OWN = {"sec-fetch-site": "same-origin"}
MONTH = {"first": "2026-11-01", "last": "2026-11-30"}
MEMO = "Checkout: address form"


@pytest.fixture
def sent(marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract) -> None:
    """Two slots of work on a contract with a rate."""
    week = week_of(START)
    marketplace.deps.contracts.set_rate(contract.ctr, 4_050, "EUR", week)
    for data in worked(marketplace, device, contract.ctr, START, count=2, memo=MEMO):
        device.send(data)


def token(market: LiveMarketplace, sub: str, *scopes: str, days: int = 30) -> str:
    return market.deps.api_tokens.create(market.account(sub), "Invoices", scopes, days)


def ask(
    market: LiveMarketplace, secret: str, path: str = "/v1/weeks", **params: str
) -> httpx.Response:
    with httpx.Client(base_url=market.url, trust_env=False) as program:
        return program.get(
            path, params=MONTH | params, headers={"Authorization": f"Bearer {secret}"}
        )


@pytest.mark.usefixtures("sent")
def test_the_weeks_have_the_hours_and_money_of_the_ledger(
    marketplace: LiveMarketplace, contract: Contract
) -> None:
    answer = ask(marketplace, token(marketplace, contract.client, "totals"))
    assert answer.status_code == 200, answer.text
    (week,) = answer.json()["weeks"]
    with marketplace.deps.store.read() as connection:
        ledger = week_ledger(connection, contract.ctr, week_of(START))
    totals = asdict(ledger.totals)
    assert week["totals"] == {name: totals[name] for name in week["totals"]}
    assert week["totals"]["payable"] == 1_200
    assert sum(day["payable"] for day in week["days"]) == 1_200
    assert (week["week"], week["from"], week["contract"]) == (
        "2026-W47", ledger.week, contract.ctr,
    )  # fmt: skip
    assert week["rate"] == {"amount": 4_050, "currency": "EUR"}
    assert week["amount"] == {"amount": ledger.amount_minor, "currency": "EUR"}
    assert ledger.amount_minor == 1_350


@pytest.mark.usefixtures("sent")
def test_a_report_about_memos_needs_its_scope(
    marketplace: LiveMarketplace, contract: Contract
) -> None:
    totals = token(marketplace, contract.client, "totals")
    both = token(marketplace, contract.client, "totals", "memos")
    for params in ({"by": "memo"}, {"memo": "checkout"}):
        refused = ask(marketplace, totals, "/v1/reports", **params)
        assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
        assert MEMO not in refused.text
        answer = ask(marketplace, both, "/v1/reports", **params)
        assert answer.json()["totals"]["payable"] == 1_200
    rows = ask(marketplace, both, "/v1/reports", by="memo").json()["rows"]
    assert [row["name"] for row in rows] == [MEMO]
    only_memos = token(marketplace, contract.client, "memos")
    assert ask(marketplace, only_memos).status_code == 403


@pytest.mark.usefixtures("sent")
def test_a_token_of_finance_reads_no_memos(
    marketplace: LiveMarketplace, contract: Contract
) -> None:
    person = joined(marketplace, contract.client, "finance", "Finn")
    secret = token(marketplace, person, "totals", "memos")
    answer = ask(marketplace, secret, "/v1/reports", by="memo").json()
    assert (answer["rows"], answer["omitted"]) == ([], 1)
    (week,) = ask(marketplace, secret).json()["weeks"]
    assert week["totals"]["payable"] == 1_200


def test_a_token_reads_no_contract_of_others(
    marketplace: LiveMarketplace, contract: Contract
) -> None:
    other = marketplace.contract("Another")
    secret = token(marketplace, contract.client, "totals")
    for path in ("/v1/weeks", "/v1/reports"):
        assert ask(marketplace, secret, path, contract=other.ctr).status_code == 404


def test_a_token_ends_when_it_expires_and_when_it_is_revoked(
    marketplace: LiveMarketplace, contract: Contract
) -> None:
    tokens, owner = marketplace.deps.api_tokens, marketplace.account(contract.client)
    secret, other = (token(marketplace, contract.client, "totals") for _ in range(2))
    for each in tokens.of(marketplace.account(contract.freelancer)) + tokens.of(owner)[:1]:
        tokens.revoke(marketplace.account(contract.freelancer), each.id)
    assert all(ask(marketplace, each).status_code == 200 for each in (secret, other))
    for each in tokens.of(owner):
        if tokens.owner(secret) is not None and tokens.owner(other) is not None:
            tokens.revoke(owner, each.id)
    left = [each for each in (secret, other) if tokens.owner(each) is not None]
    assert len(left) == 1
    marketplace.clock.to(marketplace.clock.ms / 1000 + 30 * 86_400 + 1)
    answer = ask(marketplace, left[0])
    assert (answer.status_code, answer.json()["code"]) == (401, "token_invalid")
    assert tokens.of(owner) == ()


def test_only_the_hash_is_stored(marketplace: LiveMarketplace, contract: Contract) -> None:
    secret = token(marketplace, contract.client, "totals")
    with marketplace.deps.store.read() as connection:
        (row,) = connection.execute(select(schema.api_token)).all()
    assert secret not in str(row)
    assert secret.removeprefix(PREFIX) not in str(row)


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer wdp_x", "Bearer x", "Basic eDp4", f"Bearer wdp_{'x' * 4000}"],
)
def test_a_wrong_token_is_refused(
    marketplace: LiveMarketplace, contract: Contract, header: str
) -> None:
    with marketplace.browser(contract.client) as browser:
        # The session of a browser does not replace a wrong token.
        answer = browser.get("/v1/weeks", params=MONTH, headers={"Authorization": header})
    assert (answer.status_code, answer.json()["code"]) == (401, "token_invalid")


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({"first": "2026-02-31"}, 404),
        ({"first": "2026-11-31", "last": "now"}, 422),
        ({"first": "2026-12-01"}, 422),
        ({"first": "2020-01-01"}, 422),
        ({"contract": "x"}, 422),
    ],
)
def test_a_wrong_period_is_a_problem(
    marketplace: LiveMarketplace, contract: Contract, params: dict[str, str], status: int
) -> None:
    answer = ask(marketplace, token(marketplace, contract.client, "totals"), **params)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("name", "scopes", "days"),
    [("", ["totals"], 30), ("x" * 61, ["totals"], 30), ("x", [], 30), ("x", ["all"], 30),
     ("x", ["totals"], 31)],
)  # fmt: skip
def test_a_token_needs_a_name_a_scope_and_a_lifetime(
    marketplace: LiveMarketplace, contract: Contract, name: str, scopes: list[str], days: int
) -> None:
    with pytest.raises(ProblemError, match="needs a name"):
        marketplace.deps.api_tokens.create(marketplace.account(contract.client), name, scopes, days)


def test_an_account_has_a_limited_number_of_tokens(
    marketplace: LiveMarketplace, contract: Contract
) -> None:
    for _ in range(MAX_TOKENS):
        token(marketplace, contract.client, "totals")
    with pytest.raises(ProblemError, match="too many tokens"):
        token(marketplace, contract.client, "totals")


def test_a_person_creates_copies_and_revokes_a_token(
    marketplace: LiveMarketplace, contract: Contract
) -> None:
    with marketplace.browser(contract.client) as browser:
        form = {"name": "<b>Invoices</b>", "scope": "totals", "days": "90"}
        assert browser.post("/tokens", data=form).status_code == 403
        created = browser.post("/tokens", data=form, headers=OWN).text
        found = re.search(r"wdp_[\w-]{43}", created)
        assert found
        assert "<b>Invoices" not in created
        assert ask(marketplace, found[0]).status_code == 200
        listed = browser.get("/tokens").text
        assert found[0] not in listed
        path = re.search(r"/tokens/[\w-]{22}/revoke", listed)
        assert path
        assert browser.post(path[0], headers=OWN).status_code == 303
    assert ask(marketplace, found[0]).status_code == 401


def test_the_api_is_declared(marketplace: LiveMarketplace) -> None:
    document = httpx.get(f"{marketplace.url}/openapi.json", trust_env=False).json()
    for path in ("/v1/weeks", "/v1/reports"):
        operation = document["paths"][path]["get"]
        assert operation["security"] == [{"personal": []}, {"session": []}]
        assert {"200", "401", "403", "404", "422", "429"} <= set(operation["responses"])
    assert document["components"]["securitySchemes"]["personal"]["scheme"] == "bearer"
