"""Passkeys with Chromium's virtual authenticator, and responses that must be refused."""

from __future__ import annotations

import copy
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import CDPSession, Page, expect
from sqlalchemy import select

from marketplace.accounts.passkeys import CHALLENGE_S, MAX_PASSKEYS, Challenges
from marketplace.accounts.sign_in_links import RECENT_S
from marketplace.contracts.queries import Contract
from marketplace.storage import schema
from system.files import private_dir
from tests.marketplace.live_marketplace import LiveMarketplace, live_marketplace
from tests.marketplace.pages.conftest import browse, chromium  # noqa: F401 - fixtures
from tests.marketplace.pages.test_pages_later import faults

Browse = Callable[..., Page]
JSON = {"sec-fetch-site": "same-origin", "accept": "application/json"}


@pytest.fixture
def market(tmp_path: Path) -> Iterator[LiveMarketplace]:
    """A marketplace at a host name: browsers have no passkeys for IP addresses."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    folder = private_dir(tmp_path / "data")
    (folder / "port").write_text(str(port), "ascii")
    with live_marketplace(folder, base_url=f"http://localhost:{port}") as running:
        assert running.url.endswith(f":{port}")
        yield running


@pytest.fixture
def contract(market: LiveMarketplace) -> Contract:
    return market.contract()


def authenticator(page: Page, *, verified: bool = True) -> tuple[CDPSession, str]:
    """Attach a virtual authenticator, such as a fingerprint reader, to a page."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": verified,
    }
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session, made["authenticatorId"]


def add_passkey(browse: Browse, market: LiveMarketplace, sub: str) -> Page:  # noqa: F811
    base = market.deps.config.base_url
    page = browse(f"{base}/account", session=market.deps.sign_in.begin(sub))
    authenticator(page)
    page.get_by_label("Name of the new passkey").fill("laptop")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("status")).to_contain_text("The passkey was added")
    return page


def test_a_passkey_is_added_used_and_removed(
    browse: Browse,  # noqa: F811
    market: LiveMarketplace,
    contract: Contract,
) -> None:
    page = add_passkey(browse, market, contract.client)
    expect(page.get_by_role("heading", name="laptop")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("link", name="Sign in").click()
    assert faults(page) == []
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("link", name="Acme shop rebuild")).to_be_visible()
    page.goto(f"{market.deps.config.base_url}/account")
    expect(page.get_by_text("last used")).to_be_visible()
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_role("status")).to_contain_text("The passkey was removed")
    assert market.deps.passkeys.of(contract.client) == ()


def test_a_removed_passkey_is_refused(
    browse: Browse,  # noqa: F811
    market: LiveMarketplace,
    contract: Contract,
) -> None:
    page = add_passkey(browse, market, contract.client)
    (passkey,) = market.deps.passkeys.of(contract.client)
    market.deps.passkeys.remove(contract.client, passkey.id)
    page.context.clear_cookies()
    page.goto(f"{market.deps.config.base_url}/signin?next=/sessions")
    credential = sign_in_response(page)
    with caller(market) as client:
        answer = client.post("/signin/passkey", json={"credential": credential})
    assert (answer.status_code, answer.json()["code"]) == (401, "passkey_invalid")
    assert "set-cookie" not in answer.headers


def sign_in_response(page: Page) -> dict[str, Any]:
    """A fresh response of the page's authenticator, which was not sent to the server."""
    return dict(
        page.evaluate(
            """async () => {
              const asked = await fetch("/signin/passkey/options",
                { method: "POST", headers: { "content-type": "application/json" }, body: "{}" });
              const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(await asked.json());
              return (await navigator.credentials.get({ publicKey })).toJSON();
            }"""
        )
    )


def caller(market: LiveMarketplace, sub: str | None = None) -> httpx.Client:
    cookies = {"wd_session": market.deps.sign_in.begin(sub)} if sub else {}
    return httpx.Client(
        base_url=market.deps.config.base_url, trust_env=False, headers=JSON, cookies=cookies
    )


def changed(credential: dict[str, Any], part: str) -> dict[str, Any]:
    """The response with one changed letter in a part."""
    made = copy.deepcopy(credential)
    text = made["response"][part]
    at = len(text) // 2
    made["response"][part] = text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]
    return made


def test_changed_repeated_late_and_foreign_responses_are_refused(
    browse: Browse,  # noqa: F811
    market: LiveMarketplace,
    contract: Contract,
) -> None:
    page = add_passkey(browse, market, contract.client)
    with caller(market) as client:

        def status(credential: object) -> int:
            answer = client.post("/signin/passkey", json={"credential": credential})
            client.cookies.clear()
            return answer.status_code

        for part in ("signature", "authenticatorData", "clientDataJSON"):
            assert status(changed(sign_in_response(page), part)) == 401, part
        late = sign_in_response(page)
        market.clock.to(market.clock.ms / 1000 + CHALLENGE_S)
        assert status(late) == 401
        good = sign_in_response(page)
        assert status(good) == 200
        assert status(good) == 401, "each challenge works once"
        other = {**sign_in_response(page), "id": "x" * 22, "rawId": "x" * 22}
        assert status(other) == 401
        odd: list[tuple[object, int]] = [
            ({}, 401),
            ({"id": "x"}, 401),
            ({"id": "x", "response": {"clientDataJSON": "e30"}}, 401),
            ({"id": 5, "response": 5}, 401),
            (None, 422),
            ([], 422),
            ("x", 422),
        ]
        for each, expected in odd:
            assert status(each) == expected, each


def test_the_person_must_be_verified(
    browse: Browse,  # noqa: F811
    market: LiveMarketplace,
    contract: Contract,
) -> None:
    base = market.deps.config.base_url
    page = browse(f"{base}/account", session=market.deps.sign_in.begin(contract.client))
    authenticator(page, verified=False)
    page.get_by_label("Name of the new passkey").fill("laptop")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("No passkey was added")
    assert market.deps.passkeys.of(contract.client) == ()


def test_a_registration_belongs_to_the_account_that_asked(
    browse: Browse,  # noqa: F811
    market: LiveMarketplace,
    contract: Contract,
) -> None:
    base = market.deps.config.base_url
    page = browse(f"{base}/account", session=market.deps.sign_in.begin(contract.client))
    authenticator(page)
    credential = page.evaluate(
        """async () => {
          const asked = await fetch("/passkeys/options",
            { method: "POST", headers: { "content-type": "application/json" }, body: "{}" });
          const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(await asked.json());
          return (await navigator.credentials.create({ publicKey })).toJSON();
        }"""
    )
    with caller(market, contract.freelancer) as thief:
        answer = thief.post("/passkeys", json={"credential": credential, "name": "x"})
        assert answer.status_code == 401
    with caller(market, contract.client) as owner:
        # The other account used the challenge up.
        answer = owner.post("/passkeys", json={"credential": credential, "name": "x"})
        assert answer.status_code == 401
    assert market.deps.passkeys.of(contract.freelancer) == ()


def test_adding_and_removing_need_a_recent_sign_in(
    market: LiveMarketplace, contract: Contract
) -> None:
    with caller(market, contract.client) as browser:
        assert browser.post("/passkeys/options", json={}).status_code == 200
        market.clock.to(market.clock.ms / 1000 + RECENT_S)
        assert browser.post("/passkeys/options", json={}).status_code == 403
        assert browser.post("/passkeys/x/remove").status_code == 403


def test_foreign_pages_cannot_use_passkeys(market: LiveMarketplace, contract: Contract) -> None:
    with caller(market, contract.client) as browser:
        for path in ("/passkeys/options", "/passkeys", "/signin/passkey", "/passkeys/x/remove"):
            answer = browser.post(
                path, json={"credential": {}}, headers={"sec-fetch-site": "cross-site"}
            )
            assert answer.status_code == 403, path


def test_a_passkey_belongs_to_one_account(market: LiveMarketplace, contract: Contract) -> None:
    row = {"public_key": b"x", "sign_count": 0, "name": "x", "created_s": 0, "used_s": None}
    rows = [{"id": f"k{n}", "sub": contract.client, **row} for n in range(MAX_PASSKEYS)]
    market.deps.store.write(lambda c: schema.insert(c, schema.passkey, rows)).result()
    with caller(market, contract.freelancer) as thief:
        assert thief.post("/passkeys/k0/remove").status_code == 404
    with market.deps.store.read() as connection:
        assert len(connection.execute(select(schema.passkey)).all()) == MAX_PASSKEYS


def test_challenges_are_bounded_and_expire() -> None:
    now = [1_000]
    challenges = Challenges(lambda: now[0])
    first = challenges.new("a")
    assert not challenges.use(first, "b")
    assert not challenges.use(first, "a"), "used up by the wrong account"
    second = challenges.new("a")
    now[0] += CHALLENGE_S
    assert not challenges.use(second, "a")
    kept = challenges.new("a")
    for _ in range(10_000):
        challenges.new("")
    assert not challenges.use(kept, "a")


def test_an_ip_address_offers_no_passkeys(tmp_path: Path) -> None:
    with live_marketplace(tmp_path / "ip") as market:
        assert not market.deps.passkeys.available
        with httpx.Client(base_url=market.url, trust_env=False) as browser:
            assert "passkey" not in browser.get("/signin", headers={"accept": "text/html"}).text
