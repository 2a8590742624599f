"""An owner invites a colleague, who joins in another browser; the page of a company."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from marketplace.contracts.queries import Contract
from tests.marketplace.live_marketplace import LiveMarketplace
from tests.marketplace.pages.test_pages_later import faults

Browse = Callable[..., Page]


def signed_in(browse: Browse, market: LiveMarketplace, sub: str, path: str) -> Page:
    token = market.deps.sign_in.consume(market.code(sub, "signin"))
    return browse(market.url + path, session=token)


def test_an_owner_invites_a_colleague_who_sees_totals_only(
    browse: Browse, marketplace: LiveMarketplace, contract: Contract
) -> None:
    owner = signed_in(browse, marketplace, contract.client, "/")
    owner.get_by_role("link", name="Company").click()
    owner.get_by_label("Name", exact=True).fill("Kim Doe")
    owner.get_by_role("radio", name="Finance").check()
    owner.get_by_role("button", name="Create the invitation link").click()
    expect(owner.get_by_role("heading", name="Invitation link for")).to_be_visible()
    assert faults(owner) == []
    link = owner.locator("code.link").inner_text()

    colleague = browse(link)
    assert faults(colleague) == []
    expect(colleague.get_by_label("Your name")).to_have_value("Kim Doe")
    colleague.get_by_role("button", name="Join").click()
    expect(colleague.get_by_text("Hours and money only")).to_be_visible()
    assert faults(colleague) == []

    owner.get_by_role("link", name="Contracts").click()
    owner.get_by_role("link", name="Company").click()
    owner.get_by_label(re.compile("^Role of .*Kim Doe")).select_option("manager")
    owner.get_by_role("button", name=re.compile("Change the role of")).click()
    colleague.reload()
    expect(colleague.get_by_text("Hours and money only")).to_have_count(0)

    owner.get_by_role("link", name=re.compile("^Remove ")).click()
    owner.get_by_role("button", name="Remove this person").click()
    expect(owner.get_by_text("Kim Doe")).to_have_count(0)
    colleague.reload()
    expect(colleague.get_by_text("No contract yet")).to_be_visible()


def test_the_freelancer_sees_who_can_see_the_contract(
    browse: Browse, marketplace: LiveMarketplace, contract: Contract
) -> None:
    companies = marketplace.deps.companies
    owner = marketplace.account(contract.client)
    code = companies.invite(owner, contract.client, "Jo Park", "finance")
    companies.accept(code, None, "Jo Park")
    page = signed_in(browse, marketplace, contract.freelancer, "/")
    page.get_by_role("link", name="Acme shop rebuild").click()
    page.get_by_role("link", name="Who can see this contract").click()
    expect(page.get_by_role("listitem").filter(has_text="Jo Park")).to_contain_text("Finance")
    assert faults(page) == []


@pytest.mark.parametrize("width", [320, 390, 1240])
def test_the_page_of_a_company_fits_the_window(
    browse: Browse, marketplace: LiveMarketplace, contract: Contract, width: int
) -> None:
    owner = marketplace.account(contract.client)
    for name in ("x" * 100, "Jo"):
        code = marketplace.deps.companies.invite(owner, contract.client, name, "finance")
        marketplace.deps.companies.accept(code, None, name)
    token = marketplace.deps.sign_in.consume(marketplace.code(contract.client, "signin"))
    page = browse(
        f"{marketplace.url}/company", session=token, viewport={"width": width, "height": 800}
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= width
