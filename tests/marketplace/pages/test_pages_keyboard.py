"""A client reviews and approves a week with the keyboard alone."""

from __future__ import annotations

import datetime as dt
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, expect
from sqlalchemy import select

from marketplace.contracts.queries import Contract
from marketplace.pages.weeks.week import exception_text
from marketplace.records import review_entries
from marketplace.seed.generate import generate
from marketplace.seed.plan import SeedOptions
from marketplace.storage import schema
from tests.marketplace.live_marketplace import AUD, UTC, MovedClock, live_marketplace
from tests.marketplace.pages import sample_week
from tests.marketplace.pages.busy_week import ISO, LOCKED, WEEK_S, BusyWeek
from tests.marketplace.pages.sample_site import SampleSite
from tests.marketplace.pages.test_pages_html import WEEK_PAGE
from tests.marketplace.simulated_device import SimulatedDevice

#: The Sunday of the week, and its open exceptions.
LAST_DAY = dt.date(2026, 11, 22)
KEPT = Counter({"manual": 1, "kept": 2, "no-picture": 2, "deleted": 1})
#: What the browser does before it has finished a page that a key opened.
LOADED = "() => document.readyState === 'complete' && document.documentElement.matches('.scripted')"


@dataclass
class Keyboard:
    """Presses keys, counts them, and checks each page on the way."""

    page: Page
    pressed: list[str] = field(default_factory=list)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed.append(key)

    def open(self, *keys: str) -> None:
        """Press keys of which the last one opens a page. The focus is where its address leads."""
        self.press(*keys[:-1])
        with self.page.expect_navigation(wait_until="load"):
            self.press(keys[-1])
        self.page.wait_for_function(LOADED)
        self.check()

    def check(self) -> None:
        if "#" in self.page.url:
            assert not self.focused("body"), self.page.url
        found = Axe().run(self.page)
        assert [rule["id"] for rule in found.response["violations"]] == [], self.page.url

    def focused(self, selector: str) -> bool:
        return bool(self.page.evaluate("(s) => document.activeElement.matches(s)", selector))


@pytest.fixture
def week(tmp_path: Path) -> Iterator[BusyWeek]:
    """A generated week of 240 slots. A colleague has settled all exceptions but six."""
    folder = tmp_path / "data"
    options = SeedOptions.create(
        name=AUD, contracts=1, days=7, segments=240, last_day=LAST_DAY, random_seed=1
    )
    generate(folder, options, lambda *_: None)
    with live_marketplace(folder, clock=MovedClock(LOCKED + 60)) as market:
        with market.deps.store.read() as connection:
            row = connection.execute(select(schema.contract)).one()
        contract = Contract(row.ctr, row.title, row.freelancer, row.client)
        client = market.account(contract.client)
        shown = market.deps.weeks.week(client, contract.ctr, WEEK_S, UTC)
        kept: Counter[str] = Counter()
        for each in shown.exceptions:
            kept[each.kind] += 1
            if kept[each.kind] > KEPT[each.kind]:
                market.deps.decisions.settle(client, contract.ctr, WEEK_S, each.segments)
        device = SimulatedDevice(market.url, market.deps.clock.real_s)
        yield BusyWeek(market, contract, device)
        device.http.close()


def test_a_client_reviews_and_approves_a_week_by_keyboard(
    browse: Callable[..., Page], week: BusyWeek, capsys: pytest.CaptureFixture[str]
) -> None:
    market, contract = week.marketplace, week.contract
    client = market.account(contract.client)
    shown = market.deps.weeks.week(client, contract.ctr, WEEK_S, UTC)
    assert sum(len(day.slots) for day in shown.days) == 240
    left = [each.kind for each in shown.open_exceptions]
    assert Counter(left) == KEPT
    page = browse(f"{market.url}/?week={ISO}", session=week.session(contract.client))
    keys = Keyboard(page)
    keys.press("n")
    assert keys.focused(".contract h2 a")
    keys.open("Enter")
    expect(page.locator(".actions h2")).to_contain_text("6 exceptions")

    keys.press("n")
    keys.open("s")
    expect(page.locator(".actions h2")).to_contain_text("5 exceptions")
    assert keys.focused(f"#{shown.open_exceptions[1].id}")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"

    keys.open("Enter")
    assert keys.focused("#review")
    keys.press("q")
    assert keys.focused("textarea")
    keys.check()
    text = "Which rules?"
    page.keyboard.type(text)
    keys.press("Tab")
    keys.open("Enter")
    expect(page.locator(".review .talk")).to_contain_text(text)
    assert keys.focused("#review")
    keys.press("Tab")
    keys.open("Enter")
    expect(page.locator(".review .settled .kind")).to_have_count(1)

    # The picture of the slot beside it: enlarged, moved, and beside the earlier one.
    keys.open("ArrowRight")
    expect(page.locator(".stage img").first).to_be_visible()
    fitted = page.locator("[data-zoom]").first.inner_text()
    keys.press("+", "+")
    expect(page.locator("[data-zoom]").first).not_to_have_text(fitted)
    assert keys.focused(".stage")
    keys.press("0")
    expect(page.locator("[data-zoom]").first).to_have_text(fitted)
    expect(page.locator("[data-action='compare']").first).to_be_visible()
    keys.press("c", "ArrowLeft")
    expect(page.locator(".stage img.earlier")).to_be_visible()
    assert keys.focused("input[type=range]")
    keys.check()
    keys.press("c")
    expect(page.locator(".stage img.earlier")).to_have_count(0)
    keys.open("ArrowLeft")

    for kind in left[2:]:
        keys.open("n")
        expect(page.locator(".review .open .kind")).to_contain_text(exception_text(kind))
        keys.open("s")
        expect(page.locator(".review .open .kind")).to_have_count(0)

    with market.deps.store.read() as connection:
        entries = review_entries.of_week(connection, contract.ctr, WEEK_S)
    (thread,) = review_entries.threads(entries)
    freelancer = market.account(contract.freelancer)
    market.deps.decisions.reply(freelancer, contract.ctr, thread.first.digest, "The new ones.")
    keys.open("n")
    assert keys.focused("#exceptions")
    expect(page.get_by_text("Question answered")).to_be_visible()
    keys.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    keys.check()
    keys.press("Escape", "n")
    keys.open("s")
    expect(page.locator(".actions h2")).to_contain_text("No exceptions")
    keys.open("a")
    assert keys.focused("#approved")
    expect(page.locator("#approved")).to_contain_text("Approved by")
    with market.deps.store.read() as connection:
        entries = review_entries.of_week(connection, contract.ctr, WEEK_S)
    assert len(review_entries.approved(entries)) == 240
    count = len(keys.pressed)
    with capsys.disabled():
        sys.stdout.write(
            f"\n{count} keys and {len(text)} typed characters: {' '.join(keys.pressed)}\n"
        )
    assert count <= 38


def test_a_refresh_keeps_the_focus_and_what_is_being_written(
    browse: Callable[..., Page], staged: SampleSite
) -> None:
    weeks = staged.review.weeks
    weeks.shown = sample_week.week(state="open")
    page = browse(staged.url + WEEK_PAGE, session="client")
    refresh = """() => new Promise((done) =>
      document.dispatchEvent(new CustomEvent("workdiary-update", { detail: done })))"""
    button = page.locator("#e4 button").first
    button.focus()
    weeks.shown = sample_week.week(state="open", quiet=77)
    page.evaluate(refresh)
    expect(page.locator(".actions h2")).to_contain_text("77 other slots")
    assert page.evaluate("document.activeElement.closest('li').id") == "e4"
    assert page.evaluate("document.activeElement.tagName") == "BUTTON"

    page.keyboard.press("q")
    page.keyboard.type("Why at ni")
    weeks.shown = sample_week.week(state="open", quiet=78)
    page.evaluate(refresh)
    page.keyboard.type("ght?")
    expect(page.locator("#e4 textarea")).to_have_value("Why at night?")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_a_key_settles_no_exception_without_the_focus(
    browse: Callable[..., Page], staged: SampleSite
) -> None:
    shown = sample_week.week()
    staged.review.weeks.shown = replace(shown, exceptions=shown.exceptions[3:5])
    page = browse(staged.url + WEEK_PAGE, session="client")
    page.evaluate(
        """document.addEventListener('submit', (event) => {
          event.preventDefault();
          document.title = 'sent';
        })"""
    )
    page.keyboard.press("s")
    assert page.title() != "sent"
    page.keyboard.press("n")
    page.keyboard.press("s")
    assert page.title() == "sent"
