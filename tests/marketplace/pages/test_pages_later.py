"""Changed memos, deletions and devices in a real browser, from statements sent over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files

import pytest
from playwright.sync_api import Page, expect

from marketplace.contracts.queries import Contract
from tests.marketplace.later_statements import amended, deleted, retired, vouched
from tests.marketplace.live_marketplace import LiveMarketplace
from tests.marketplace.pages.morning import HOSTILE, SLOTS, Morning, work_a_morning
from tests.marketplace.pages.test_pages_navigation import Browse, sign_in
from tests.marketplace.simulated_device import SimulatedDevice


@pytest.fixture
def world(marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract) -> Morning:
    return work_a_morning(marketplace, device, contract)


def said(device: SimulatedDevice, what: str, data: bytes) -> None:
    assert device.post_statement(what, data).status_code == 201


def faults(page: Page) -> list[str]:
    """axe-core's findings by its own rules and those of WCAG 2.2 A and AA."""
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    result = page.evaluate("axe.run(document)")
    return [f"{v['id']}: {v['nodes'][0]['html']}" for v in result["violations"]]


def test_gaps_name_who_deleted_them_and_a_changed_memo_keeps_its_past(
    browse: Browse, world: Morning, device: SimulatedDevice
) -> None:
    first, second = world.sent[0], world.sent[-2]
    said(device, "amends", amended(device, first, HOSTILE))
    said(device, "amends", amended(device, first, "The address form, and its tests"))
    parts = deleted(device, second, "shot_0", "minutes", scope=["minutes", "shot", "time"])
    said(device, "tombstones", parts)
    page = sign_in(browse, world, world.contract.client)
    page.goto(world.address("/days/2026-11-18"))
    expect(page.locator(f"#s{SLOTS[0]}")).to_contain_text("Memo changed")
    gap = page.locator(f"#s{SLOTS[2]}")
    for words in (
        "Picture deleted by Ana Ruiz",
        "Activity deleted",
        "Time deleted by the freelancer: 10 min",
    ):
        expect(gap).to_contain_text(words)
    label = page.get_by_text("deleted by the freelancer", exact=True)
    given = page.locator("#totals .total").filter(has=label)
    expect(given.locator("dd")).to_have_text("10 min")
    page.goto(world.address(f"/slots/{SLOTS[0]}"))
    expect(page.locator("p.memo").first).to_have_text("The address form, and its tests")
    earlier = page.locator("details.changes li")
    expect(earlier.first).not_to_be_visible()
    page.get_by_text("2 earlier memos").click()
    expect(earlier.nth(0)).to_contain_text(HOSTILE)
    expect(earlier.nth(1)).to_contain_text("Checkout: address form")
    expect(page).to_have_title("Acme shop rebuild, 10:00 to 10:10 · Workdiary")
    assert faults(page) == []
    page.goto(world.address(f"/slots/{SLOTS[2]}"))
    expect(page.locator("ul.changes li")).to_contain_text(
        "Picture, activity deleted, with its time"
    )
    expect(page.locator("ul.changes li")).to_contain_text("by Ana Ruiz")
    expect(page.locator(".nopicture")).to_contain_text("Picture deleted by Ana Ruiz")
    assert faults(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_lost_device_is_stopped_by_keyboard_in_two_steps(
    scheme: str,
    browse: Browse,
    world: Morning,
    device: SimulatedDevice,
    enrolled: Callable[[Contract], SimulatedDevice],
) -> None:
    second, third = enrolled(world.contract), enrolled(world.contract)
    device.sign_in()
    said(device, "vouches", vouched(device, second))
    said(third, "retires", retired(third))
    page = sign_in(browse, world, world.contract.freelancer, color_scheme=scheme)
    page.get_by_role("link", name="Your devices").click()
    devices = page.locator("li.device")
    expect(devices).to_have_count(3)
    for place, words in enumerate(("Signed out", "Confirmed by an earlier device", "last seen")):
        expect(devices.nth(place)).to_contain_text(words)
    assert faults(page) == []
    devices.nth(2).get_by_role("link").focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Stop the computer “Ana's laptop”?")
    assert faults(page) == []
    page.get_by_role("link", name="Cancel").press("Enter")
    expect(page.locator("h1")).to_have_text("Your devices")
    assert device.call("GET", "/v1/me").status_code == 200
    devices.nth(2).get_by_role("link").press("Enter")
    page.get_by_role("button", name="Stop this computer").press("Enter")
    expect(devices.nth(2)).to_contain_text("Stopped")
    expect(devices.nth(2).get_by_role("link")).to_have_count(0)
    assert device.call("GET", "/v1/me").json()["code"] == "device_revoked"
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
