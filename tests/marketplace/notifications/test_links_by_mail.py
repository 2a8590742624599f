"""A new password, a new address and an invitation by e-mail, from the form to the link."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from marketplace.contracts.queries import Contract
from marketplace.core.rate_limit import Throttle
from tests.desktop_fixtures.waiting import wait_for
from tests.marketplace.live_marketplace import LiveMarketplace, live_marketplace
from tests.marketplace.notifications.conftest import MailServer
from tests.marketplace.pages.conftest import browse, chromium  # noqa: F401 - fixtures
from tests.marketplace.pages.test_pages_later import faults

ADDRESS, PASSWORD = "ana@example.org", "correct horse battery staple"
NEW = "another password entirely"
FORM = {"sec-fetch-site": "same-origin", "accept": "text/html"}


@pytest.fixture
def market(tmp_path: Path, mail_server: MailServer) -> Iterator[LiveMarketplace]:
    with live_marketplace(tmp_path / "data", mail=mail_server.settings) as running:
        running.deps.mail.poll_s = 3600  # the test sends
        yield running


@pytest.fixture
def contract(market: LiveMarketplace) -> Contract:
    made = market.contract()
    market.deps.credentials.set_address(made.freelancer, ADDRESS)
    market.deps.credentials.set_password(made.freelancer, PASSWORD)
    market.deps.mail.run_once()
    return made


@pytest.fixture
def browser(market: LiveMarketplace) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=market.url, trust_env=False, headers=FORM) as client:
        yield client


def link(market: LiveMarketplace, mail_server: MailServer, name: str) -> str:
    """The path of the link in the newest message."""

    def body() -> str:
        market.deps.mail.run_once()
        if not mail_server.received:
            return ""
        part = mail_server.received[-1].get_body(("plain",))
        return "" if part is None else part.get_content()

    wait_for(lambda: f"/{name}/" in body(), what="the message")
    found = re.search(rf"{re.escape(market.url)}(/{name}/[\w-]+)", body())
    assert found is not None
    return found[1]


@pytest.mark.usefixtures("contract")
def test_a_new_password_by_mail(
    market: LiveMarketplace, mail_server: MailServer, browser: httpx.Client
) -> None:
    old = market.deps.credentials.check(ADDRESS, PASSWORD)
    assert old is not None
    other = market.deps.sign_in.begin(old.sub)
    planted = market.deps.sign_in.begin(old.sub)
    assert browser.post("/reset", data={"address": ADDRESS}).status_code == 200
    path = link(market, mail_server, "reset")
    assert browser.get(path).status_code == 200
    short = browser.post(path, data={"password": "short"})
    assert short.status_code == 422
    browser.cookies.set("wd_session", planted)
    answer = browser.post(path, data={"password": NEW})
    assert (answer.status_code, answer.headers["location"]) == (303, "/account?done=password")
    assert answer.cookies["wd_session"] not in (planted, other)
    assert market.deps.sign_in.account(other) is None
    assert market.deps.sign_in.account(planted) is None
    assert market.deps.credentials.check(ADDRESS, PASSWORD) is None
    assert market.deps.credentials.check(ADDRESS, NEW) is not None
    assert browser.get(path).status_code == 404
    assert browser.post(path, data={"password": PASSWORD}).status_code == 404
    # The owner learns of the change.
    market.deps.mail.run_once()
    assert mail_server.received[-1]["subject"] == "Your password was changed"


@pytest.mark.usefixtures("contract")
def test_the_response_does_not_reveal_whether_an_address_has_an_account(
    market: LiveMarketplace, mail_server: MailServer, browser: httpx.Client
) -> None:
    known = browser.post("/reset", data={"address": ADDRESS})
    before = len(mail_server.received)
    for address in ("other@example.org", "no address", ""):
        answer = browser.post("/reset", data={"address": address})
        assert (answer.status_code, answer.text) == (known.status_code, known.text)
    market.deps.mail.run_once()
    assert len(mail_server.received) <= before + 1


@pytest.mark.usefixtures("contract")
def test_a_link_ends_after_an_hour_and_with_the_next_one(
    market: LiveMarketplace, mail_server: MailServer, browser: httpx.Client
) -> None:
    browser.post("/reset", data={"address": ADDRESS})
    first = link(market, mail_server, "reset")
    browser.post("/reset", data={"address": ADDRESS})
    wait_for(lambda: link(market, mail_server, "reset") != first, what="the second message")
    second = link(market, mail_server, "reset")
    assert browser.get(first).status_code == 404
    assert browser.get(second).status_code == 200
    market.clock.to(market.clock.ms / 1000 + 3_600)
    assert browser.post(second, data={"password": NEW}).status_code == 404


@pytest.mark.usefixtures("one_window")
def test_messages_to_one_address_are_limited(tmp_path: Path, mail_server: MailServer) -> None:
    throttle = Throttle(mail="2/hour")
    with (
        live_marketplace(tmp_path / "x", mail=mail_server.settings, throttle=throttle) as market,
        httpx.Client(base_url=market.url, trust_env=False, headers=FORM) as browser,
    ):
        found = [browser.post("/reset", data={"address": ADDRESS}).status_code for _ in range(3)]
    assert found == [200, 200, 429]


@pytest.mark.usefixtures("contract")
def test_the_link_has_the_address_of_the_marketplace(
    market: LiveMarketplace, mail_server: MailServer, browser: httpx.Client
) -> None:
    """Never the `Host` of the request: it would lead to a foreign site."""
    answer = browser.post("/reset", data={"address": ADDRESS}, headers={"host": "evil.example"})
    assert answer.status_code == 421
    forwarded = {"x-forwarded-host": "evil.example", "forwarded": "host=evil.example"}
    browser.post("/reset", data={"address": ADDRESS}, headers=forwarded)
    assert link(market, mail_server, "reset").startswith("/reset/")
    assert "evil" not in mail_server.received[-1].as_string()


@pytest.mark.usefixtures("contract")
def test_a_foreign_page_cannot_send_the_forms(browser: httpx.Client) -> None:
    for path in ("/reset", "/reset/x", "/address/x"):
        answer = browser.post(path, headers={"sec-fetch-site": "cross-site"})
        assert answer.status_code == 403


def test_an_address_is_confirmed(
    market: LiveMarketplace, mail_server: MailServer, contract: Contract, browser: httpx.Client
) -> None:
    with market.browser(contract.client) as client:
        form = {"address": "acme@example.org"}
        answer = client.post("/account/address", data=form, headers=FORM)
        assert answer.headers["location"] == "/account?done=link"
    assert market.deps.credentials.of(contract.client).address is None
    path = link(market, mail_server, "address")
    assert mail_server.recipients[-1] == "acme@example.org"
    assert "acme@example.org" in browser.get(path).text
    assert market.deps.credentials.of(contract.client).address is None
    assert browser.post(path).status_code == 303
    assert market.deps.credentials.of(contract.client).address == "acme@example.org"
    assert browser.post(path).status_code == 404


def test_only_the_reader_of_an_address_learns_that_it_is_taken(
    market: LiveMarketplace, mail_server: MailServer, contract: Contract, browser: httpx.Client
) -> None:
    with market.browser(contract.client) as client:
        answer = client.post("/account/address", data={"address": ADDRESS}, headers=FORM)
        assert answer.headers["location"] == "/account?done=link"
    assert browser.post(link(market, mail_server, "address")).status_code == 409
    assert market.deps.credentials.of(contract.client).address is None


def test_a_person_gets_a_new_password_and_a_colleague_joins(
    browse: Callable[..., Page],  # noqa: F811
    market: LiveMarketplace,
    mail_server: MailServer,
    contract: Contract,
) -> None:
    page = browse(f"{market.url}/signin")
    page.get_by_role("link", name="Forgot your password?").click()
    assert faults(page) == []
    page.get_by_label("E-mail address").fill(ADDRESS)
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look at your mail")
    page.goto(market.url + link(market, mail_server, "reset"))
    assert faults(page) == []
    page.get_by_label("New password").fill(NEW)
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_role("status")).to_contain_text("The password was changed")

    owner = browse(f"{market.url}/company", session=market.deps.sign_in.begin(contract.client))
    owner.get_by_label("Name", exact=True).fill("Kim Doe")
    owner.get_by_label("E-mail address").fill("kim@example.org")
    owner.get_by_role("radio", name="Manager").check()
    owner.get_by_role("button", name="Invite").click()
    expect(owner.get_by_role("status")).to_contain_text("The invitation is on its way")
    assert faults(owner) == []
    colleague = browse(market.url + link(market, mail_server, "join"))
    assert mail_server.recipients[-1] == "kim@example.org"
    colleague.get_by_role("button", name="Join").click()
    expect(colleague.get_by_role("link", name="Acme shop rebuild")).to_be_visible()
