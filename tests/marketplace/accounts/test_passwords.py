"""Sign-in with an address and a password: checks, limits, and changes of both."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from marketplace.accounts import credentials
from marketplace.accounts.sign_in_links import RECENT_S
from marketplace.contracts.queries import Contract
from marketplace.core.rate_limit import Throttle
from marketplace.storage import schema
from tests.marketplace.live_marketplace import LiveMarketplace, live_marketplace

ADDRESS, PASSWORD = "ana@example.org", "correct horse battery staple"
FORM = {"sec-fetch-site": "same-origin", "accept": "text/html"}


@pytest.fixture
def sub(marketplace: LiveMarketplace, contract: Contract) -> str:
    """An account with an address and a password."""
    marketplace.deps.credentials.set_address(contract.freelancer, ADDRESS)
    marketplace.deps.credentials.set_password(contract.freelancer, PASSWORD)
    return contract.freelancer


def stranger(market: LiveMarketplace, **cookies: str) -> httpx.Client:
    return httpx.Client(base_url=market.url, trust_env=False, headers=FORM, cookies=cookies)


def attempt(
    browser: httpx.Client, address: str = ADDRESS, password: str = PASSWORD, **more: str
) -> httpx.Response:
    return browser.post("/signin", data={"address": address, "password": password, **more})


@pytest.mark.usefixtures("sub")
def test_the_right_password_signs_in(marketplace: LiveMarketplace) -> None:
    with stranger(marketplace) as browser:
        answer = attempt(browser, " Ana@Example.org ")
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        cookie = answer.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert "Acme shop rebuild" in browser.get("/").text


@pytest.mark.usefixtures("sub")
@pytest.mark.parametrize(
    ("address", "password"),
    [
        (ADDRESS, PASSWORD + " "),
        (ADDRESS, ""),
        (ADDRESS, "x" * 257),
        ("other@example.org", PASSWORD),
        ("", PASSWORD),
        ("no address", PASSWORD),
    ],
)
def test_a_wrong_address_and_a_wrong_password_look_alike(
    marketplace: LiveMarketplace, address: str, password: str
) -> None:
    with stranger(marketplace) as browser:
        answer = attempt(browser, address, password)
        assert answer.status_code == 401
        assert "set-cookie" not in answer.headers
        assert "The e-mail address or the password is wrong." in answer.text
        if password:
            assert password not in answer.text


def test_an_account_without_a_password_is_refused(
    marketplace: LiveMarketplace, contract: Contract
) -> None:
    marketplace.deps.credentials.set_address(contract.freelancer, ADDRESS)
    known = marketplace.deps.credentials
    assert known.check(ADDRESS, "the password of no account") is None
    assert known.check("x@example.org", "the password of no account") is None


@pytest.mark.usefixtures("sub")
def test_each_attempt_takes_one_hash(
    marketplace: LiveMarketplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So the duration does not reveal whether an address has an account."""
    taken: list[str] = []
    verify = PasswordHasher.verify

    def counted(self: PasswordHasher, hashed: str, password: str) -> bool:
        taken.append(hashed)
        return verify(self, hashed, password)

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    for address in (ADDRESS, "other@example.org", "no address"):
        marketplace.deps.credentials.check(address, "wrong")
    assert len(taken) == 3
    # The same memory and number of passes (RFC 9106): only salt and hash differ.
    assert len({hashed.rsplit("$", 2)[0] for hashed in taken}) == 1


def test_the_hash_is_argon2id(marketplace: LiveMarketplace, sub: str) -> None:
    with marketplace.deps.store.read() as connection:
        row = connection.execute(select(schema.account).where(schema.account.c.sub == sub)).one()
    assert row.password.startswith("$argon2id$")
    assert PASSWORD not in str(row)


@pytest.mark.usefixtures("one_window")
def test_attempts_on_one_account_are_limited_from_all_addresses(tmp_path: Path) -> None:
    throttle = Throttle(password="3/hour")
    with live_marketplace(tmp_path / "data", throttle=throttle) as market:
        contract = market.contract()
        market.deps.credentials.set_address(contract.client, ADDRESS)
        market.deps.credentials.set_password(contract.client, PASSWORD)
        for address in (ADDRESS, "other@example.org"):
            with stranger(market) as browser:
                found = [attempt(browser, address, "wrong").status_code for _ in range(4)]
                # An unknown address has the same limit, so the limit reveals nothing either.
                assert found == [401, 401, 401, 429]
        with stranger(market) as browser:
            assert attempt(browser).status_code == 429
            assert attempt(browser, "third@example.org").status_code == 401
            # A sign-in link works all the same.
            link = f"/signin/{market.code(contract.client, 'signin')}"
            assert browser.post(link).status_code == 303


@pytest.mark.usefixtures("one_window")
def test_failures_from_one_address_are_limited(tmp_path: Path) -> None:
    with live_marketplace(tmp_path / "data", throttle=Throttle(address="3/hour")) as market:
        with stranger(market) as browser:
            found = [attempt(browser, f"{n}@example.org").status_code for n in range(4)]
        assert found == [401, 401, 401, 429]


def test_a_planted_session_gains_nothing(marketplace: LiveMarketplace, sub: str) -> None:
    """Session fixation: the token after the sign-in is new, and the former session has ended."""
    planted = marketplace.deps.sign_in.begin(marketplace.contract("Another").client)
    with stranger(marketplace, wd_session=planted) as browser:
        answer = attempt(browser)
        assert answer.cookies["wd_session"] != planted
    assert marketplace.deps.sign_in.account(planted) is None
    planted = marketplace.deps.sign_in.begin(sub)
    with stranger(marketplace, wd_session=planted) as browser:
        browser.post(f"/signin/{marketplace.code(sub, 'signin')}")
    assert marketplace.deps.sign_in.account(planted) is None
    with stranger(marketplace, wd_session="chosen by an attacker") as browser:
        answer = attempt(browser)
        assert "chosen" not in answer.headers["set-cookie"]


@pytest.mark.usefixtures("sub")
@pytest.mark.parametrize(
    "target",
    ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "x", ""],
)
def test_the_page_after_the_sign_in_is_one_of_this_site(
    marketplace: LiveMarketplace, target: str
) -> None:
    with stranger(marketplace) as browser:
        page = browser.get("/signin", params={"next": target})
        assert '<input type="hidden" name="next" value="/">' in page.text
        answer = attempt(browser, next=target)
        assert answer.headers["location"] == "/"
        again = browser.get("/signin", params={"next": target})
        assert (again.status_code, again.headers["location"]) == (303, "/")


@pytest.mark.usefixtures("sub")
def test_the_sign_in_continues_where_it_began(marketplace: LiveMarketplace) -> None:
    with stranger(marketplace) as browser:
        answer = attempt(browser, next="/oauth/authorize?client_id=x&state=a%2Fb")
        assert answer.headers["location"] == "/oauth/authorize?client_id=x&state=a%2Fb"


@pytest.mark.usefixtures("sub")
def test_a_foreign_page_cannot_sign_a_browser_in(marketplace: LiveMarketplace) -> None:
    with stranger(marketplace) as browser:
        for headers in ({"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}):
            answer = browser.post(
                "/signin", data={"address": ADDRESS, "password": PASSWORD}, headers=headers
            )
            assert answer.status_code == 403
            assert "set-cookie" not in answer.headers


@pytest.mark.usefixtures("sub")
def test_a_foreign_host_is_refused(marketplace: LiveMarketplace) -> None:
    with stranger(marketplace) as browser:
        for path in ("/signin", "/account"):
            answer = browser.get(path, headers={"host": "evil.example"})
            assert answer.status_code == 421
            assert "evil" not in answer.text


def test_a_change_needs_a_recent_sign_in_or_the_password(
    marketplace: LiveMarketplace, sub: str
) -> None:
    new = "another password entirely"
    with marketplace.browser(sub) as browser:
        browser.headers.update(FORM)
        marketplace.clock.to(marketplace.clock.ms / 1000 + RECENT_S)
        for form in ({"password": new}, {"password": new, "present": "wrong"}):
            assert browser.post("/account/password", data=form).status_code == 403
        address = {"address": "thief@example.org"}
        assert browser.post("/account/address", data=address).status_code == 403
        assert marketplace.deps.credentials.check(ADDRESS, PASSWORD) is not None
        form = {"password": new, "present": PASSWORD}
        assert browser.post("/account/password", data=form).status_code == 303
        # The session is new, and therefore recent.
        assert browser.post("/account/address", data=address).status_code == 303
    assert marketplace.deps.credentials.check("thief@example.org", new) is not None


def test_a_new_password_ends_the_other_sessions(marketplace: LiveMarketplace, sub: str) -> None:
    with marketplace.browser(sub) as other, marketplace.browser(sub) as browser:
        before = browser.cookies["wd_session"]
        form = {"password": "another password entirely"}
        assert browser.post("/account/password", data=form, headers=FORM).status_code == 303
        assert browser.get("/account", headers=FORM).status_code == 200
        assert other.get("/account", headers=FORM).status_code == 401
    assert marketplace.deps.sign_in.account(before) is None


@pytest.mark.parametrize("length", [0, credentials.MIN_PASSWORD - 1, credentials.MAX_PASSWORD + 1])
def test_a_password_has_bounds(marketplace: LiveMarketplace, sub: str, length: int) -> None:
    with marketplace.browser(sub) as browser:
        answer = browser.post("/account/password", data={"password": "x" * length}, headers=FORM)
        assert answer.status_code == 422
        assert "at least 12" in answer.text


def test_an_address_belongs_to_one_account(
    marketplace: LiveMarketplace, contract: Contract, sub: str
) -> None:
    assert sub
    with marketplace.browser(contract.client) as browser:
        answer = browser.post("/account/address", data={"address": ADDRESS}, headers=FORM)
        assert answer.status_code == 409
        assert "belongs to another account" in answer.text
    assert marketplace.deps.credentials.of(contract.client).address is None


@pytest.mark.parametrize(
    ("address", "stored"),
    [
        ("Ana.Ruiz+work@Example.org", "ana.ruiz+work@example.org"),
        ("ana@localhost", "ana@localhost"),
        ("ana@xn--bcher-kva.example", "ana@xn--bcher-kva.example"),
        ("ana", None),
        ("ana@", None),
        ("@example.org", None),
        ("a@b@example.org", None),
        ("ana ruiz@example.org", None),
        ("ana@example.org\r\nBcc: x@example.org", None),
        ("ana@example.org,x@example.org", None),
        ("<ana@example.org>", None),
        ("x" * 65 + "@example.org", None),
        ("x@" + "a." * 130 + "org", None),
    ],
)
def test_addresses(address: str, stored: str | None) -> None:
    assert credentials.normalised(address) == stored
