"""The sign-in at our pages by npm `oidc-provider`, and responses that must be refused."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from authlib.integrations.requests_client import OAuth2Session

from marketplace.accounts.oidc import PENDING_S
from marketplace.accounts.sign_in_links import RECENT_S
from marketplace.contracts.queries import Contract
from marketplace.core.oidc_settings import OidcSettings, OidcSettingsError
from tests.interop.program import Program
from tests.interop.test_oauth import sign_in
from tests.marketplace.live_marketplace import LiveMarketplace, live_marketplace

pytestmark = pytest.mark.xdist_group("node")

SECRET = "the secret of the marketplace at the provider"
FORM = {"sec-fetch-site": "same-origin", "accept": "text/html"}


@pytest.fixture
def market(tmp_path: Path, provider: Program) -> Iterator[LiveMarketplace]:
    settings = OidcSettings(str(provider.ask("issuer")), "marketplace", SECRET, "Example ID")
    with live_marketplace(tmp_path / "data", oidc=settings) as running:
        # The provider's times are real.
        running.clock.ms = time.time_ns() // 1_000_000
        yield running


@pytest.fixture
def contract(market: LiveMarketplace) -> Contract:
    return market.contract()


def browser_of(market: LiveMarketplace, sub: str | None = None) -> httpx.Client:
    client = httpx.Client(base_url=market.url, trust_env=False, headers=FORM, timeout=30)
    if sub is not None:
        client.cookies.set("wd_session", market.deps.sign_in.begin(sub), domain="127.0.0.1")
    return client


def linked(market: LiveMarketplace, sub: str) -> None:
    """Link the provider's account to an account, as a person does."""
    with browser_of(market, sub) as browser:
        page = browser.post("/account/oidc")
        found = re.search(r'class="button" href="([^"]+)"', page.text)
        assert found is not None, page.text
        place = sign_in(found[1].replace("&amp;", "&"), last=False)
        answer = browser.get(place)
        assert answer.headers["location"] == "/account?done=linked", answer.text


def begun(browser: httpx.Client, target: str = "/") -> str:
    """The provider's address for a sign-in."""
    answer = browser.get("/signin/oidc", params={"next": target})
    assert answer.status_code == 303
    return str(answer.headers["location"])


def test_a_linked_account_signs_in(market: LiveMarketplace, contract: Contract) -> None:
    with browser_of(market) as browser:
        assert "Example ID" in browser.get("/signin").text
        unlinked = browser.get(sign_in(begun(browser), last=False))
        assert unlinked.status_code == 403
        assert "No account here is linked" in unlinked.text
    linked(market, contract.client)
    with browser_of(market) as browser:
        address = begun(browser, "/company")
        values = httpx.URL(address).params
        assert values["code_challenge_method"] == "S256"
        assert values["nonce"]
        assert values["scope"] == "openid"
        answer = browser.get(sign_in(address, last=False))
        assert answer.headers["location"] == "/company"
        assert "Acme" in browser.get("/company").text
    with browser_of(market, contract.client) as browser:
        assert browser.post("/account/oidc/unlink").status_code == 303
    with browser_of(market) as browser:
        assert browser.get(sign_in(begun(browser), last=False)).status_code == 403


def test_a_response_works_once_in_the_browser_that_began(
    market: LiveMarketplace, contract: Contract
) -> None:
    linked(market, contract.client)
    with browser_of(market) as browser, browser_of(market) as other:
        place = sign_in(begun(browser), last=False)
        refused = other.get(place)
        assert (refused.status_code, "set-cookie" in refused.headers) == (400, False)
        # The foreign attempt has used the state up.
        assert browser.get(place).status_code == 400
        good = sign_in(begun(browser), last=False)
        assert browser.get(good).status_code == 303
        assert browser.get(good).status_code == 400


@pytest.mark.parametrize("change", ["state", "code", "iss", "late", "error"])
def test_changed_and_late_responses_are_refused(
    market: LiveMarketplace, contract: Contract, change: str
) -> None:
    linked(market, contract.client)
    with browser_of(market) as browser:
        place = httpx.URL(sign_in(begun(browser), last=False))
        if change == "late":
            market.clock.to(market.clock.ms / 1000 + PENDING_S)
        elif change == "error":
            place = place.copy_remove_param("code").copy_set_param("error", "access_denied")
        else:
            place = place.copy_set_param(change, "x" * 20)
        answer = browser.get(str(place))
        assert answer.status_code == 400
        assert "wd_session" not in answer.headers.get("set-cookie", "")


@pytest.mark.parametrize("change", ["signature", "nonce", "aud", "none"])
def test_a_forged_token_is_refused(
    market: LiveMarketplace, contract: Contract, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    linked(market, contract.client)
    fetch = OAuth2Session.fetch_token

    def forged(self: OAuth2Session, *args: Any, **options: Any) -> dict[str, Any]:
        token = dict(fetch(self, *args, **options))
        head, body, signature = token["id_token"].split(".")
        if change == "signature":
            signature = ("A" if signature[0] != "A" else "B") + signature[1:]
        if change == "none":
            head, signature = "eyJhbGciOiJub25lIn0", ""
        token["id_token"] = f"{head}.{body}.{signature}"
        return token

    monkeypatch.setattr(OAuth2Session, "fetch_token", forged)
    with browser_of(market) as browser:
        place = sign_in(begun(browser), last=False)
        if change == "nonce":
            (pending,) = market.deps.oidc._pending.values()
            object.__setattr__(pending, "nonce", "another")
        if change == "aud":
            object.__setattr__(market.deps.oidc._settings, "client_id", "other")
        answer = browser.get(place)
    assert answer.status_code == 400
    assert "wd_session" not in answer.headers.get("set-cookie", "")


def test_an_identity_belongs_to_one_account(market: LiveMarketplace, contract: Contract) -> None:
    linked(market, contract.client)
    with browser_of(market, contract.freelancer) as browser:
        page = browser.post("/account/oidc")
        found = re.search(r'class="button" href="([^"]+)"', page.text)
        assert found is not None
        answer = browser.get(sign_in(found[1].replace("&amp;", "&"), last=False))
        assert answer.status_code == 409
        market.clock.to(market.clock.ms / 1000 + RECENT_S)
        assert browser.post("/account/oidc").status_code == 403
        foreign = browser.post("/account/oidc", headers={"sec-fetch-site": "cross-site"})
        assert foreign.status_code == 403


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "x"])
def test_the_page_after_the_sign_in_is_one_of_this_site(
    market: LiveMarketplace, contract: Contract, target: str
) -> None:
    linked(market, contract.client)
    with browser_of(market) as browser:
        answer = browser.get(sign_in(begun(browser, target), last=False))
        assert answer.headers["location"] == "/"


def test_a_provider_that_is_away_is_reported(tmp_path: Path) -> None:
    settings = OidcSettings("http://127.0.0.1:1", "marketplace", SECRET, "Example ID")
    with (
        live_marketplace(tmp_path / "data", oidc=settings) as market,
        browser_of(market) as browser,
    ):
        answer = browser.get("/signin/oidc")
        assert answer.status_code == 503
        assert "cannot be reached" in answer.text


@pytest.mark.parametrize(
    "values",
    [
        {"issuer": "http://id.example"},
        {"issuer": "https://"},
        {"issuer": "https://id.example?x=1"},
        {"client_id": ""},
        {"client_secret": ""},
    ],
)
def test_wrong_settings_are_refused(values: dict[str, str]) -> None:
    good = {"issuer": "https://id.example", "client_id": "x", "client_secret": "y", "name": "z"}
    with pytest.raises(OidcSettingsError):
        OidcSettings(**(good | values))
    assert "secret word" not in repr(OidcSettings(**(good | {"client_secret": "secret word"})))
