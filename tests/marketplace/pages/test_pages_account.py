"""A person sets an address and a password, signs out, and signs in with them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from marketplace.contracts.queries import Contract
from tests.marketplace.live_marketplace import LiveMarketplace
from tests.marketplace.pages.test_pages_company import signed_in
from tests.marketplace.pages.test_pages_later import faults

Browse = Callable[..., Page]
ADDRESS, PASSWORD = "ana@example.org", "correct horse battery staple"


def test_a_password_is_set_and_used(
    browse: Browse, marketplace: LiveMarketplace, contract: Contract
) -> None:
    page = signed_in(browse, marketplace, contract.freelancer, "/")
    page.get_by_role("link", name="Ana Ruiz").click()
    assert faults(page) == []
    page.get_by_label("E-mail address").fill(ADDRESS)
    page.get_by_role("button", name="Change the address").click()
    expect(page.get_by_role("status")).to_contain_text("The e-mail address was changed")
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_role("status")).to_contain_text("The password was changed")
    assert faults(page) == []
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("link", name="Sign in").click()
    page.get_by_label("E-mail address").fill(ADDRESS)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Acme shop rebuild")).to_be_visible()


def test_a_wrong_password_keeps_the_address(
    browse: Browse, marketplace: LiveMarketplace, contract: Contract
) -> None:
    marketplace.deps.credentials.set_address(contract.client, ADDRESS)
    page = browse(f"{marketplace.url}/signin", errors=("401",))
    page.get_by_label("E-mail address").fill(ADDRESS)
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("is wrong")
    expect(page.get_by_label("E-mail address")).to_have_value(ADDRESS)
    expect(page.get_by_label("Password")).to_have_value("")
    assert faults(page) == []


def test_signed_out_links_lead_back_after_the_sign_in(
    browse: Browse, marketplace: LiveMarketplace, contract: Contract
) -> None:
    marketplace.deps.credentials.set_address(contract.client, ADDRESS)
    marketplace.deps.credentials.set_password(contract.client, PASSWORD)
    page = browse(f"{marketplace.url}/signin?next=/sessions")
    page.get_by_label("E-mail address").fill(ADDRESS)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Browser sessions")).to_be_visible()


@pytest.mark.parametrize("path", ["/signin", "/account"])
@pytest.mark.parametrize("width", [320, 1240])
def test_the_pages_fit_the_window(
    browse: Browse, marketplace: LiveMarketplace, contract: Contract, path: str, width: int
) -> None:
    session = marketplace.deps.sign_in.begin(contract.client) if path == "/account" else None
    page = browse(marketplace.url + path, session=session, viewport={"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
