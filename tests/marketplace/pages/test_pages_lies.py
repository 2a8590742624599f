"""A marketplace that lies: the browser's own check reports each lie by its code."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import Page, Route, expect

from diary.core.slots import SLOT
from diary.log.leaf import Leaf
from marketplace.contracts.queries import Contract
from marketplace.records.picture_views import ViewFilter
from tests.marketplace.live_marketplace import LiveMarketplace
from tests.marketplace.pages.busy_week import LOCKED, busy_week
from tests.marketplace.pages.lying_marketplace import (
    BUNDLES,
    Files,
    alter_bundles,
    altered,
    honest_bundle,
    rewrite_log,
    sdjwt_digest,
)
from tests.marketplace.pages.morning import SLOTS, Morning, work_a_morning
from tests.marketplace.pages.sample_site import drawn
from tests.marketplace.simulated_device import SimulatedDevice

Browse = Callable[..., Page]
Enrolled = Callable[[Contract], SimulatedDevice]


@pytest.fixture
def world(marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract) -> Morning:
    return work_a_morning(marketplace, device, contract)


@pytest.fixture
def day_page(browse: Browse, world: Morning) -> Page:
    """The client's day page, which the browser has checked once."""
    page = browse(world.link(world.contract.client))
    page.get_by_role("button", name="Sign in").click()
    page.goto(world.address("/days/2026-11-18"))
    expect(page.locator("#own")).to_contain_text("Checked in your browser: 4 of 4")
    return page


def expect_report(page: Page, *codes: str) -> None:
    """The badge is red, and its list names the codes."""
    expect(page.locator("#own.bad")).to_contain_text("Checked in your browser")
    page.locator("#own > summary").click()
    for code in codes:
        expect(page.locator("#own [data-list]")).to_contain_text(code)


def test_an_altered_count_in_the_record(day_page: Page) -> None:
    def change(files: Files) -> None:
        name = next(n for n in files if n.endswith(".sdjwt"))
        jws, *parts = files[name].split(b"~")
        for place, part in enumerate(parts):
            value = json.loads(base64.urlsafe_b64decode(part + b"=="[: -len(part) % 4] or b"W10="))
            if "minutes" in value:
                next(row for row in value[-1] if row is not None)[0] += 500
                text = json.dumps(value, separators=(",", ":")).encode()
                parts[place] = base64.urlsafe_b64encode(text).rstrip(b"=")
        files[name] = b"~".join([jws, *parts])

    alter_bundles(day_page, lambda bundle: altered(bundle, change))
    day_page.reload()
    expect_report(day_page, "E_DISC_UNMATCHED")


def test_an_altered_count_on_the_page(day_page: Page) -> None:
    def lie(route: Route) -> None:
        answer = route.fetch()
        text = answer.text().replace('<i class="quiet"></i>', '<i class="active"></i>', 1)
        route.fulfill(response=answer, body=text)

    day_page.route("**/days/*", lie)
    day_page.reload()
    expect_report(day_page, "P_COUNT")


def test_a_dropped_segment(day_page: Page, world: Morning) -> None:
    dropped = sdjwt_digest(world.sent[3])

    def change(files: Files) -> None:
        for name in [name for name in files if dropped in name]:
            del files[name]

    alter_bundles(day_page, lambda bundle: altered(bundle, change))
    day_page.reload()
    expect_report(day_page, "E_GAP", "not in the record yet")


def test_a_swapped_picture(day_page: Page, browse: Browse, world: Morning) -> None:
    other = drawn(7 * SLOT, 32, 20)
    day_page.route(
        "**/thumbs/**", lambda route: route.fulfill(body=other, content_type="image/webp")
    )
    day_page.reload()
    expect_report(day_page, "E_SHOT_HASH")


def test_a_swapped_picture_on_the_page_of_a_slot(day_page: Page, world: Morning) -> None:
    day_page.goto(world.address(f"/slots/{SLOTS[0]}"))
    expect(day_page.locator("#own")).to_contain_text("Checked in your browser: 1 of 1")
    other = world.blob(3)
    day_page.route(
        "**/pictures/**", lambda route: route.fulfill(body=other, content_type="image/webp")
    )
    day_page.reload()
    expect_report(day_page, "E_SHOT_HASH")


def test_the_check_of_a_shown_picture_is_no_further_view(
    day_page: Page, world: Morning, marketplace: LiveMarketplace
) -> None:
    day_page.goto(world.address(f"/slots/{SLOTS[0]}"))
    expect(day_page.locator(".stage img[data-checked=yes]")).to_be_visible()
    owner = marketplace.account(world.contract.freelancer)
    views = marketplace.deps.picture_views.listed(owner, ViewFilter(ctr=world.contract.ctr), 100)
    assert [view.size for view in views].count("full") == 1


def test_a_wrong_total(day_page: Page) -> None:
    def lie(route: Route) -> None:
        answer = route.fetch()
        text = re.sub(r"&#34;payable&#34;: (\d+)", "&#34;payable&#34;: 9000", answer.text())
        assert text != answer.text()
        route.fulfill(response=answer, body=text)

    day_page.route("**/days/*", lie)
    day_page.reload()
    expect_report(day_page, "P_TOTAL")


def test_a_rewritten_log(day_page: Page, world: Morning) -> None:
    first = sdjwt_digest(world.sent[0])

    def moved(index: int, leaf: Leaf) -> Leaf:
        return replace(leaf, rt_ms=leaf.rt_ms + 1) if leaf.digest == first else leaf

    rewrite_log(world.marketplace, moved)
    # A changed record: the marketplace does not confirm the stored result.
    alter_bundles(day_page, lambda bundle: bundle)
    day_page.reload()
    expect_report(day_page, "E_SPLIT_VIEW")


def test_an_old_checkpoint(
    day_page: Page, world: Morning, marketplace: LiveMarketplace, device: SimulatedDevice
) -> None:
    old: list[bytes] = []

    def keep(route: Route) -> None:
        old.append(honest_bundle(route))
        route.continue_()

    day_page.route(BUNDLES, keep)
    day_page.reload()
    expect(day_page.locator("#own")).to_contain_text("Checked in your browser: 4 of 4")
    day_page.unroute(BUNDLES)
    slot = SLOTS[-1] + SLOT
    device.fetch_beacon(slot)
    marketplace.advance_to(slot + SLOT)
    marketplace.clock.to(slot + SLOT + 3)
    device.sign_in()
    device.send(device.work(world.contract.ctr, slot))
    day_page.reload()
    expect(day_page.locator("#own")).to_contain_text("Checked in your browser: 5 of 5")
    alter_bundles(day_page, lambda _bundle: old[0])
    day_page.reload()
    expect_report(day_page, "E_CONSISTENCY")


def test_backdated_work(browse: Browse, world: Morning) -> None:
    """A browser without an earlier visit sees that the log's times contradict the work."""
    last = sdjwt_digest(world.sent[-1])

    def backdated(index: int, leaf: Leaf) -> Leaf:
        return replace(leaf, rt_ms=(SLOTS[0] - 60) * 1000) if leaf.digest == last else leaf

    rewrite_log(world.marketplace, backdated)
    page = browse(world.link(world.contract.client))
    page.get_by_role("button", name="Sign in").click()
    page.goto(world.address("/days/2026-11-18"))
    expect_report(page, "E_LOG_TIME", "E_AFTER_RECEIPT")


def test_a_stored_result_is_not_used_for_other_bytes(day_page: Page) -> None:
    """Without the marketplace's confirmation the bytes are checked again."""
    bodies: list[int] = []
    day_page.on(
        "response",
        lambda answer: bodies.append(answer.status) if "/bundles/" in answer.url else None,
    )
    day_page.reload()
    expect(day_page.locator("#own")).to_contain_text("Checked in your browser: 4 of 4")
    assert bodies == [304]
    alter_bundles(day_page, lambda bundle: bundle)
    day_page.reload()
    expect(day_page.locator("#own")).to_contain_text("Checked in your browser: 4 of 4")
    day_page.locator("#own > summary").click()
    expect(day_page.locator("#own [data-when]")).to_have_text(re.compile(r"Checked at [\d:]+\.$"))


@pytest.fixture
def week_page(browse: Browse, marketplace: LiveMarketplace, enrolled: Enrolled) -> Page:
    """The client's page of a week with an exception of each kind, which the browser has checked."""
    contract = marketplace.contract(limit_s=6 * SLOT, limit_rule="unpaid")
    made = busy_week(marketplace, enrolled(contract), contract, 7)
    marketplace.clock.to(LOCKED)
    page = browse(made.address, session=made.session(contract.client))
    expect(page.locator("#own:not(.bad)")).to_contain_text("Checked in your browser: 21 of 21")
    return page


def test_a_week_is_checked_with_its_money_and_its_exceptions(week_page: Page) -> None:
    week_page.keyboard.press("?")
    sheet = week_page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(sheet.get_by_text("Approve")).to_be_visible()
    week_page.keyboard.press("Escape")
    week_page.keyboard.press("n")
    assert week_page.evaluate("document.activeElement.closest('[data-exception]').id") == "e1"


def test_a_forged_approval(week_page: Page) -> None:
    def lie(route: Route) -> None:
        answer = route.fetch()
        text = answer.text().replace('id="totals"', 'id="totals" data-approved="1795450000"')
        route.fulfill(response=answer, body=text)

    week_page.route("**/weeks/*", lie)
    week_page.reload()
    expect_report(week_page, "P_REVIEW")
    expect(week_page.locator("#own [data-list]")).to_contain_text("an approval that the record")


def test_a_real_approval_is_in_the_record(week_page: Page) -> None:
    week_page.keyboard.press("a")
    expect(week_page.locator("main")).to_contain_text("Approved by")
    expect(week_page.locator("#own:not(.bad)")).to_contain_text("Checked in your browser: 21 of 21")


def test_a_wrong_total_of_a_week(week_page: Page) -> None:
    def lie(route: Route) -> None:
        answer = route.fetch()
        text = re.sub(r"&#34;payable&#34;: (\d+)", "&#34;payable&#34;: 99000", answer.text())
        route.fulfill(response=answer, body=text)

    week_page.route("**/weeks/*", lie)
    week_page.reload()
    expect_report(week_page, "P_TOTAL")
    expect(week_page.locator("#own [data-list]")).to_contain_text("other sums than the record")
