"""The pages in a real browser: keys, focus, updates, time zones, narrow screens, accessibility."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files

import pytest
from playwright.sync_api import Page, expect

from tests.marketplace.pages import samples
from tests.marketplace.pages.sample_site import SampleSite

DAY = f"/contracts/{samples.CTR}/days/{samples.DAY}"
SLOT_PAGE = f"/contracts/{samples.CTR}/slots/{samples.slot_at(9, 20)}"
TWO = f"/contracts/{samples.CTR}/slots/{samples.slot_at(14, 0)}"
LOCKED = f"/contracts/{samples.CTR}/slots/{samples.slot_at(11, 10)}"
EMPTY = f"/contracts/{samples.CTR}/days/2026-11-15"
EVERY = ["/", DAY, EMPTY, SLOT_PAGE, TWO, LOCKED, "/signin/client", "/signin/unknown", "/nowhere"]
MISSING = ("status of 404",)

Visit = Callable[..., Page]


def name_of(hour: int, minute: int) -> str:
    return f"s{samples.slot_at(hour, minute)}"


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id"))


# Keys ---------------------------------------------------------------------------------------------


def test_arrows_move_between_slots_enter_opens_and_escape_returns(visit: Visit) -> None:
    page = visit(DAY)
    page.locator(f"#{name_of(10, 30)}").focus()
    for key, expected in (
        ("ArrowRight", name_of(10, 40)),
        ("ArrowDown", name_of(11, 40)),
        ("ArrowDown", name_of(14, 40)),
        ("ArrowUp", name_of(11, 40)),
        ("ArrowLeft", name_of(11, 10)),
        ("ArrowUp", name_of(10, 10)),
        ("ArrowUp", name_of(9, 20)),
        ("ArrowUp", name_of(9, 20)),
        ("ArrowLeft", name_of(9, 20)),
        ("End", name_of(14, 50)),
        ("ArrowRight", name_of(14, 50)),
        ("Home", name_of(9, 20)),
        ("ArrowRight", name_of(9, 30)),
    ):
        page.keyboard.press(key)
        assert focused(page) == expected, key
    page.keyboard.press("Enter")
    # Until the page's script is loaded, Escape does nothing.
    page.wait_for_url(f"**/{samples.slot_at(9, 30)}")
    expect(page.locator("h1")).to_contain_text("09:30 to 09:40")
    page.keyboard.press("Escape")
    page.wait_for_url("**/days/**")
    expect(page.locator(f"#{name_of(9, 30)}")).to_be_focused()


def test_arrows_on_a_slots_page_continue_to_the_next_and_escape_to_where_one_ended(
    visit: Visit,
) -> None:
    page = visit(SLOT_PAGE)
    for hour, minute in ((9, 30), (9, 40)):
        page.keyboard.press("ArrowRight")
        page.wait_for_url(f"**/{samples.slot_at(hour, minute)}")
    page.keyboard.press("ArrowLeft")
    page.wait_for_url(f"**/{samples.slot_at(9, 30)}")
    page.keyboard.press("Escape")
    page.wait_for_url("**/days/**")
    expect(page.locator(f"#{name_of(9, 30)}")).to_be_focused()


def test_arrows_follow_the_direction_of_the_language(visit: Visit) -> None:
    page = visit(DAY)
    page.evaluate("document.documentElement.dir = 'rtl'")
    first, second = page.locator(f"#{name_of(10, 0)}"), page.locator(f"#{name_of(10, 10)}")
    one, other = first.bounding_box(), second.bounding_box()
    assert one
    assert other
    assert one["x"] > other["x"]
    first.focus()
    page.keyboard.press("ArrowLeft")
    assert focused(page) == name_of(10, 10)


def test_whatever_has_the_focus_shows_it(visit: Visit) -> None:
    page = visit(DAY)
    seen = []
    for _ in range(12):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate(
                """() => {
                  const style = getComputedStyle(document.activeElement);
                  return [document.activeElement.tagName, style.outlineStyle, style.outlineWidth];
                }"""
            )
        )
    assert {tag for tag, _, _ in seen} >= {"A", "BUTTON", "SELECT", "SUMMARY"}
    assert all(style == "solid" and width == "2px" for _, style, width in seen), seen


def test_the_badge_opens_a_list_and_escape_closes_it(visit: Visit, staged: SampleSite) -> None:
    staged.review.shown = samples.broken_day()
    page = visit(DAY)
    page.get_by_text("Checked by the marketplace: 18 of 20").click()
    items = page.locator("#badge li")
    expect(items).to_have_count(20)
    expect(items.nth(0)).to_contain_text("did not pass")
    expect(items.nth(0)).to_contain_text("E_SHOT_HASH")
    expect(items.nth(1)).to_contain_text("partly checked")
    expect(items.nth(2)).to_contain_text("passed")
    page.keyboard.press("Escape")
    expect(items.nth(0)).to_be_hidden()
    expect(page.locator("#badge summary")).to_be_focused()


# News ---------------------------------------------------------------------------------------------


def test_news_come_by_themselves_and_leave_the_focus_where_it_is(
    visit: Visit, staged: SampleSite
) -> None:
    staged.review.shown = samples.day(samples.SLOTS[:8])
    page = visit(DAY)
    page.clock.install()
    page.reload()
    here = page.locator(f"#{name_of(10, 20)}")
    here.focus()
    here.evaluate("(slot) => { slot.sameAsBefore = true; }")
    staged.review.shown = replace(
        samples.day(samples.SLOTS[:10]), totals=replace(samples.TOTALS, payable_s=3_600)
    )
    page.clock.run_for(20_000)
    expect(page.locator(f"#{name_of(10, 50)}")).to_be_visible()
    expect(page.locator("#totals")).to_contain_text("1 h")
    expect(here).to_be_focused()
    assert here.evaluate("(slot) => slot.sameAsBefore"), "an unchanged slot was made anew"


def test_a_slot_that_changes_under_the_focus_keeps_it(visit: Visit, staged: SampleSite) -> None:
    page = visit(DAY)
    page.clock.install()
    page.reload()
    here = page.locator(f"#{name_of(9, 40)}")
    here.focus()
    page.locator("#badge summary").evaluate("(summary) => { summary.parentElement.open = true; }")
    staged.review.shown = samples.broken_day()
    page.clock.run_for(20_000)
    expect(here).to_contain_text("Did not pass")
    expect(here).to_be_focused()
    expect(page.locator("#badge li").nth(0)).to_be_visible()


def test_without_a_response_the_page_stays_the_same(visit: Visit, staged: SampleSite) -> None:
    page = visit(DAY, errors=("ERR_FAILED",))
    page.clock.install()
    page.reload()
    page.route("**/days/**", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        page.clock.run_for(20_000)
    page.unroute("**/days/**")
    staged.review.shown = samples.broken_day()
    page.clock.run_for(20_000)
    expect(page.locator("#badge")).to_contain_text("18 of 20")


# Time zones ---------------------------------------------------------------------------------------


def test_the_readers_own_zone_is_offered_chosen_and_remembered(visit: Visit) -> None:
    page = visit(DAY, timezone_id="America/New_York")
    zone = page.get_by_label("Times shown in")
    expect(zone).to_have_value("person")
    assert zone.locator("option").all_inner_texts() == [
        "UTC",
        "My time (New York)",
        "Ana Ruiz’s time (Bogota)",
    ]
    zone.select_option("mine")
    with page.expect_navigation():
        zone.press("Enter")
    expect(page.get_by_label("Times shown in")).to_have_value("mine")
    page.goto(page.url.split("?")[0])
    expect(page.get_by_label("Times shown in")).to_have_value("mine")


def test_without_scripts_everything_is_there_and_a_button_sends_the_zone(visit: Visit) -> None:
    page = visit(DAY, java_script_enabled=False)
    page.get_by_label("Times shown in").select_option("utc")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_label("Times shown in")).to_have_value("utc")
    page.locator(f"#{name_of(9, 20)}").click()
    expect(page.locator("h1")).to_contain_text("09:20 to 09:30")
    page.locator("#back").click()
    expect(page.locator(f"#{name_of(9, 20)}")).to_be_visible()


# Signing in ---------------------------------------------------------------------------------------


def test_a_link_signs_in_once_and_reports_a_used_one(visit: Visit, staged: SampleSite) -> None:
    page = visit("/signin/freelancer", role=None, errors=MISSING)
    page.goto(page.url)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("h1")).to_have_text("Contracts")
    page.goto(staged.url + "/signin/freelancer")
    expect(page.locator("h1")).to_have_text("This link no longer works")
    page.get_by_role("link", name="Go to the contracts").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("h1")).to_have_text("You are signed out")
    assert staged.signin.ended == {"freelancer"}
    assert not [cookie for cookie in page.context.cookies() if cookie["name"] == "wd_session"]


# For everybody ------------------------------------------------------------------------------------


def complaints(page: Page) -> list[str]:
    """axe-core's findings by the rules of WCAG 2.2 A and AA and its own best practices."""
    if not page.evaluate("window.axe !== undefined"):
        page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    result = page.evaluate("axe.run(document)")
    return [
        f"{found['id']}: {node['target']} {node['failureSummary']}"
        for found in result["violations"]
        for node in found["nodes"]
    ]


@pytest.mark.parametrize(("scheme", "width"), [("light", 1240), ("dark", 1240), ("light", 320)])
def test_every_page_is_accessible(
    scheme: str, width: int, visit: Visit, staged: SampleSite
) -> None:
    staged.review.shown = samples.broken_day()
    page = visit("/", errors=MISSING, color_scheme=scheme, viewport={"width": width, "height": 900})
    found: dict[str, list[str]] = {}
    for path in EVERY:
        page.goto(staged.url + path)
        page.evaluate(
            "document.querySelectorAll('details').forEach((part) => { part.open = true })"
        )
        found[path] = complaints(page)
    assert found == {path: [] for path in EVERY}


def test_no_page_is_wider_than_the_screen(visit: Visit, staged: SampleSite) -> None:
    endless = "Donaudampfschifffahrtsgesellschaftskapitän" * 3
    slots = (replace(samples.SLOTS[0], memo=endless), *samples.SLOTS[1:])
    staged.review.shown = replace(samples.day(slots), title=endless, person=endless)
    staged.review.detail = replace(
        samples.slot_detail(samples.slot_at(9, 20)), memo=endless, title=endless, person=endless
    )
    page = visit("/")
    wide = []
    for path in ("/", DAY, SLOT_PAGE, "/signin/client"):
        page.goto(staged.url + path)
        for width in (320, 480, 641, 800, 961, 1240, 2560):
            page.set_viewport_size({"width": width, "height": 800})
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wide.append((path, width))
    assert wide == []


def test_a_slots_name_has_everything_that_it_shows(visit: Visit, staged: SampleSite) -> None:
    staged.review.shown = samples.broken_day()
    page = visit(DAY)
    for slot, parts in (
        ((9, 40), ("09:40 to 09:50", "changed", "8 of 10 minutes with input", "Did not pass")),
        ((10, 10), ("10:10 to 10:20", "Picture taken 10:14", "Masked")),
        ((11, 10), ("Screen locked", "activity was not measured")),
        ((14, 20), ("14:20 to 14:30", "Not checked yet")),
        ((14, 40), ("Kept: “call with Li”",)),
    ):
        link = page.locator(f"#{name_of(*slot)}")
        heard = link.aria_snapshot()
        for part in parts:
            assert part in heard, heard


def test_a_memo_spans_exactly_its_slots(visit: Visit) -> None:
    page = visit(DAY, viewport={"width": 1440, "height": 900})
    edges = page.locator(".band").evaluate_all(
        """(bands) => bands.map((band) => {
             const slots = [...band.nextElementSibling.children];
             const [memo, first, last] = [band, slots[0], slots.at(-1)].map((element) =>
               element.getBoundingClientRect());
             return [memo.left - first.left, memo.right - last.right].map(Math.round);
           })"""
    )
    assert len(edges) > 3
    assert edges == [[0, 0]] * len(edges)


def test_states_of_a_minute_differ_in_more_than_colour(visit: Visit) -> None:
    page = visit(DAY)
    styles = page.locator(f"#{name_of(11, 10)}").evaluate(
        """(slot) => Object.fromEntries(["unmeasured", "none"].map((name) => {
             const style = getComputedStyle(slot.querySelector(`.bars .${name}`));
             return [name, style.backgroundImage === "none" ? "plain" : "hatched"];
           }))"""
    )
    assert styles == {"unmeasured": "hatched", "none": "plain"}


def test_reduced_motion_stops_all_animations(visit: Visit) -> None:
    durations = (
        "[...document.querySelectorAll('*')].map((e) => getComputedStyle(e).transitionDuration)"
    )
    moving = visit(DAY).evaluate(durations)
    still = visit(DAY, reduced_motion="reduce").evaluate(durations)
    assert set(moving) == {"0s", "0.12s"}
    assert set(still) == {"0s"}


def test_the_picture_has_full_height_beside_the_facts(visit: Visit) -> None:
    page = visit(SLOT_PAGE, viewport={"width": 1440, "height": 900})
    picture = page.locator(".stage img")
    picture.evaluate("(image) => image.decode()")
    box, side = picture.bounding_box(), page.locator(".side").bounding_box()
    assert box
    assert side
    assert side["width"] == 320
    assert box["x"] + box["width"] < side["x"]
    assert box["y"] + box["height"] <= 900
    assert box["height"] > 500


def test_paper_gets_the_day_without_what_only_a_screen_needs(visit: Visit) -> None:
    page = visit(DAY, color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.get_by_role("button", name="Sign out")).to_be_hidden()
    assert page.locator(".head").evaluate("(e) => getComputedStyle(e).position") == "static"
    ink = page.locator("body").evaluate("(e) => getComputedStyle(e).color")
    assert ink == "rgb(29, 31, 30)"
