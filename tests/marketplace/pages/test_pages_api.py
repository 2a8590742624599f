"""The documentation of the API: local files only, under the policy of all pages."""

from __future__ import annotations

from collections.abc import Callable

import httpx
from playwright.sync_api import Page, expect

from tests.marketplace.live_marketplace import LiveMarketplace

Browse = Callable[..., Page]


def test_the_api_is_shown_from_local_files(browse: Browse, marketplace: LiveMarketplace) -> None:
    asked: list[str] = []
    page = browse(f"{marketplace.url}/signin")
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{marketplace.url}/docs")
    expect(page.get_by_text("/v1/segments/{sha}").first).to_be_visible()
    assert [url for url in asked if not url.startswith((marketplace.url, "data:"))] == []
    page.locator(".opblock-summary-control").first.click()
    expect(page.get_by_text("Responses").first).to_be_visible()
    expect(page.get_by_role("button", name="Try it out")).to_have_count(0)


def test_its_policy_is_that_of_the_other_pages(marketplace: LiveMarketplace) -> None:
    with httpx.Client(base_url=marketplace.url, trust_env=False) as client:
        policy = client.get("/docs").headers["content-security-policy"]
        assert policy == client.get("/signin").headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy


def test_the_page_fits_a_phone(browse: Browse, marketplace: LiveMarketplace) -> None:
    page = browse(f"{marketplace.url}/docs", viewport={"width": 390, "height": 844})
    expect(page.get_by_text("/v1/segments/{sha}").first).to_be_attached()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
