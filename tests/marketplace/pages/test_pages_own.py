"""The day page checks the record in the reader's browser, and states what that proves."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from diary.core.findings import Code
from diary.formats.ed25519 import SigningKey
from diary.log.signed_note import NoteVerifier
from marketplace.contracts.queries import Contract
from tests.marketplace.live_marketplace import LiveMarketplace
from tests.marketplace.pages.lying_marketplace import honest_bundle
from tests.marketplace.pages.morning import Morning, work_a_morning
from tests.marketplace.simulated_device import SimulatedDevice

Browse = Callable[..., Page]


@pytest.fixture
def world(marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract) -> Morning:
    return work_a_morning(marketplace, device, contract)


def open_day(browse: Browse, world: Morning, **options: str) -> Page:
    page = browse(world.link(world.contract.client), **options)
    page.get_by_role("button", name=re.compile("^(Sign in|Anmelden)$")).click()
    page.goto(world.address("/days/2026-11-18"))
    return page


def test_the_slots_are_checked_in_the_browser(browse: Browse, world: Morning) -> None:
    page = open_day(browse, world)
    own = page.locator("#own")
    expect(own).to_contain_text("Checked in your browser: 4 of 4")
    own.locator("summary").click()
    expect(own).to_contain_text("could falsify its result")
    link = own.get_by_role("link", name="Download this week’s record")
    assert re.fullmatch(r"/v1/bundles/[\w-]{22}/2026-W47", link.get_attribute("href") or "")
    assert len(page.evaluate("JSON.parse(localStorage['workdiary-log-keys'])")) == 1


def test_another_key_than_the_first_is_reported(browse: Browse, world: Morning) -> None:
    page = open_day(browse, world)
    expect(page.locator("#own")).to_contain_text("Checked in your browser: 4 of 4")
    (key,) = page.evaluate("JSON.parse(localStorage['workdiary-log-keys'])")
    other = NoteVerifier(NoteVerifier.parse(key).name, SigningKey.from_seed(bytes(32)).public)
    page.evaluate("(keys) => { localStorage['workdiary-log-keys'] = keys; }", f'["{other.vkey}"]')
    page.reload()
    expect(page.locator("#own.bad summary")).to_have_text("The log’s key has changed")
    assert page.evaluate("localStorage['workdiary-log-keys']") == f'["{other.vkey}"]'


@pytest.mark.parametrize(
    ("locale", "result", "sentence"),
    [
        ("en-GB", "Checked in your browser: [0-3] of 4", Code.E_MANIFEST.sentence),
        ("de-DE", "In Ihrem Browser geprüft: [0-3] von 4", "Eine Datei fehlt, wurde verändert"),
    ],
)
def test_a_record_that_was_changed_in_transit_is_reported(
    browse: Browse, world: Morning, locale: str, result: str, sentence: str
) -> None:
    page = open_day(browse, world, locale=locale)
    expect(page.locator("#own")).to_contain_text(re.compile("4 (of|von) 4"))

    def changed(route: Route) -> None:
        body = bytearray(honest_bundle(route))
        at = body.index(b"segments/") + 400
        body[at] ^= 1
        route.fulfill(body=bytes(body), content_type="application/zip")

    page.route("**/v1/bundles/**", changed)
    page.reload()
    expect(page.locator("#own.bad")).to_contain_text(re.compile(result))
    page.locator("#own > summary").click()
    expect(page.locator("#own [data-list]")).to_contain_text(sentence)


def test_without_the_record_nothing_is_claimed(browse: Browse, world: Morning) -> None:
    page = open_day(browse, world)
    page.route("**/v1/bundles/**", lambda route: route.fulfill(body="nothing"))
    page.reload()
    expect(page.locator("#own")).to_contain_text("Not checked in your browser")
