"""A reviewer looks at pictures: zoom, comparison, slots nearby, playback, and the keys of each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from diary.core.findings import Code
from marketplace.review.view_models import SignalView
from tests.marketplace.pages import samples
from tests.marketplace.pages.morning import SLOTS, Morning
from tests.marketplace.pages.sample_site import SampleSite
from tests.marketplace.pages.test_pages_browser import complaints
from tests.marketplace.pages.test_pages_lies import day_page, world

__all__ = ["day_page", "world"]  # fixtures

Visit = Callable[..., Page]
DAY = f"/contracts/{samples.CTR}/days/{samples.DAY}"
SLOT = f"/contracts/{samples.CTR}/slots/{samples.slot_at(10, 20)}"


def picture_width(page: Page) -> float:
    width: float = page.locator(".stage img").first.evaluate(
        "(image) => image.getBoundingClientRect().width"
    )
    return width


def test_a_picture_is_enlarged_by_keys_and_buttons(visit: Visit) -> None:
    page = visit(SLOT)
    fitted = picture_width(page)
    page.keyboard.press("+")
    assert picture_width(page) > fitted * 1.2
    page.keyboard.press("1")
    assert picture_width(page) == 1920
    expect(page.locator("[data-zoom]")).to_have_text("100%")
    page.keyboard.press("-")
    assert picture_width(page) < 1920
    page.get_by_role("button", name="Fit").click()
    assert picture_width(page) == pytest.approx(fitted, abs=1)
    page.get_by_role("button", name="100%").click()
    assert picture_width(page) == 1920


def test_the_arrow_keys_pan_and_compare_after_a_key(visit: Visit) -> None:
    page = visit(SLOT)
    address = page.url
    page.keyboard.press("1")
    stage = page.locator(".stage")
    expect(stage).to_be_focused()
    before = stage.evaluate("(e) => e.scrollLeft")
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    page.wait_for_function("(x) => document.querySelector('.stage').scrollLeft < x", arg=before)
    page.keyboard.press("0")
    expect(page.get_by_role("button", name="Compare with 10:10")).to_be_visible()
    page.keyboard.press("c")
    slider = page.get_by_label("Earlier picture")
    expect(slider).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(slider).to_have_value("51")
    assert page.url == address
    page.keyboard.press("c")
    expect(slider).to_be_hidden()
    expect(page.get_by_role("button", name="Compare with 10:10")).to_be_focused()
    # A pressed button keeps the focus.
    page.get_by_role("button", name="Enlarge").press("Enter")
    expect(page.get_by_role("button", name="Enlarge")).to_be_focused()


def test_the_wheel_enlarges_at_the_pointer(visit: Visit) -> None:
    page = visit(SLOT)
    stage = page.locator(".stage")
    box = stage.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] * 0.75, box["y"] + box["height"] * 0.25
    page.mouse.move(x, y)
    at = """([x, y]) => {
      const box = document.querySelector(".stage img").getBoundingClientRect();
      return [(x - box.left) / box.width, (y - box.top) / box.height];
    }"""
    before = page.evaluate(at, [x, y])
    for _ in range(4):
        page.mouse.wheel(0, -100)
    expect(page.locator("[data-zoom]")).to_have_text("110%")
    assert page.evaluate(at, [x, y]) == pytest.approx(before, abs=0.01)
    # Dragging moves the picture with the pointer.
    page.mouse.down()
    page.mouse.move(x - 80, y + 40, steps=4)
    page.mouse.up()
    assert page.evaluate(at, [x - 80, y + 40]) == pytest.approx(before, abs=0.01)


def test_the_earlier_picture_is_laid_over_this_one(visit: Visit) -> None:
    page = visit(SLOT)
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url))
    compare = page.get_by_role("button", name="Compare with 10:10")
    expect(compare).to_be_visible()
    # A view of the other picture is recorded only when the reviewer asks for it.
    assert not [url for url in seen if "/pictures/" in url]
    page.keyboard.press("c")
    earlier = page.get_by_alt_text("The screen at 10:10")
    expect(earlier).to_be_visible()
    slider = page.get_by_label("Earlier picture")
    slider.focus()
    slider.press("Home")
    assert (
        earlier.evaluate("(image) => getComputedStyle(image).clipPath") == "inset(0px 100% 0px 0px)"
    )
    compare.click()
    expect(earlier).to_have_count(0)


def test_the_slots_nearby_open_with_a_click(visit: Visit) -> None:
    page = visit(SLOT)
    strip = page.get_by_role("navigation", name="Slots nearby")
    expect(strip.get_by_role("link")).to_have_count(6)
    expect(strip.locator("[aria-current=true]")).to_contain_text("10:20")
    strip.get_by_role("link").nth(4).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("10:40 to 10:50")


def test_the_sheet_lists_the_keys_of_the_page(visit: Visit) -> None:
    page = visit(SLOT)
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(sheet.get_by_text("Enlarge, reduce")).to_be_visible()
    expect(sheet.get_by_text("Approve")).to_be_hidden()
    sheet.get_by_label("Use keys of one letter").uncheck()
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    fitted = picture_width(page)
    page.keyboard.press("+")
    assert picture_width(page) == fitted
    page.reload()
    page.keyboard.press("?")
    expect(sheet.get_by_label("Use keys of one letter")).not_to_be_checked()


def test_the_next_exception_gets_the_focus(visit: Visit) -> None:
    page = visit(DAY)
    found = []
    for _ in range(3):
        page.keyboard.press("n")
        found.append(page.evaluate("document.activeElement.textContent"))
    assert "Deleted by Ana" in found[0]
    assert "Kept" in found[1]
    assert found[2] == found[0]
    page.keyboard.press("p")
    assert page.evaluate("document.activeElement.textContent") == found[1]


def test_each_action_has_one_key_that_presses_its_button(visit: Visit) -> None:
    page = visit(DAY)
    page.evaluate(
        """() => {
      for (const action of ["approve", "ask"]) {
        const button = document.createElement("button");
        button.dataset.action = action;
        button.addEventListener("click", () => (document.title = action));
        document.querySelector("main").append(button);
        button.textContent = action;
      }
    }"""
    )
    page.keyboard.press("a")
    assert page.title() == "approve"
    page.keyboard.press("q")
    assert page.title() == "ask"


def test_arrow_keys_in_a_select_box_only_choose(visit: Visit) -> None:
    page = visit(DAY, timezone_id="Europe/Berlin")
    address = page.url
    box = page.get_by_label("Times shown in")
    box.focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(box).to_have_value("utc")
    assert page.url == address
    page.keyboard.press("Enter")
    page.wait_for_url("**tz=utc")


def test_the_freelancer_sees_who_viewed_the_picture(
    day_page: Page, browse: Visit, world: Morning
) -> None:
    address = world.address(f"/slots/{SLOTS[0]}")
    day_page.goto(address)
    expect(day_page.locator(".stage img[data-checked]")).to_be_visible()
    expect(day_page.locator(".recorded")).not_to_contain_text("Viewed by")
    page = browse(world.link(world.contract.freelancer))
    page.get_by_role("button", name="Sign in").click()
    page.goto(address)
    expect(page.locator(".recorded")).to_contain_text("Viewed by: Acme.")


def test_the_day_is_played_with_checked_pictures(day_page: Page) -> None:
    day_page.keyboard.press("k")
    player = day_page.get_by_role("dialog", name="Pictures of the day")
    expect(player.get_by_text("Checked in your browser")).to_be_visible()
    expect(player).to_contain_text("10:00 to 10:10")
    player.get_by_role("button", name="Pause").click()
    player.get_by_role("button", name="Next").click()
    expect(player).to_contain_text("10:10 to 10:20")
    expect(player.get_by_text("Checked in your browser")).to_be_visible()
    image = player.locator("img")
    image.evaluate("(image) => image.decode()")
    assert image.evaluate("(image) => image.naturalWidth") == 1280
    assert (image.get_attribute("src") or "").startswith("blob:")


def test_a_changed_picture_is_not_played(day_page: Page, world: Morning) -> None:
    other = world.blob(3)
    day_page.route(
        "**/pictures/**", lambda route: route.fulfill(body=other, content_type="image/webp")
    )
    day_page.keyboard.press("k")
    player = day_page.get_by_role("dialog", name="Pictures of the day")
    expect(player.get_by_role("status")).to_contain_text("not the signed one")
    expect(player.get_by_role("status")).to_contain_text(Code.E_SHOT_HASH.value)
    expect(player.locator("img")).to_be_hidden()


def test_a_slot_states_why_it_is_not_protected(visit: Visit, staged: SampleSite) -> None:
    first, *rest = staged.review.shown.slots
    open_slot = replace(first, unprotected="It has no memo")
    staged.review.shown = replace(staged.review.shown, slots=(open_slot, *rest))
    page = visit(DAY)
    expect(page.locator(f"#s{first.slot}")).to_contain_text("Not protected: It has no memo")
    expect(page.locator(f"#s{rest[0].slot}")).to_contain_text("Protected")


def test_an_update_keeps_focus_and_place(visit: Visit, staged: SampleSite) -> None:
    shown = staged.review.shown
    staged.review.shown = replace(shown, slots=shown.slots[6:])
    page = visit(DAY, viewport={"width": 1240, "height": 600})
    slot = page.locator(f"#s{shown.slots[15].slot}")
    slot.scroll_into_view_if_needed()
    slot.focus()
    before = slot.bounding_box()
    staged.review.shown = shown
    page.evaluate(
        """() => new Promise((detail) =>
          document.dispatchEvent(new CustomEvent("workdiary-update", { detail })))"""
    )
    expect(page.locator(f"#s{shown.slots[0].slot}")).to_be_attached()
    expect(slot).to_be_focused()
    after = slot.bounding_box()
    assert before is not None
    assert after is not None
    assert after["y"] == pytest.approx(before["y"], abs=2)


@pytest.mark.parametrize("role", ["freelancer", "client"])
def test_a_question_comes_with_its_harmless_causes(
    visit: Visit, staged: SampleSite, role: str
) -> None:
    shown = staged.review.shown
    slots = tuple(slot.slot for slot in shown.slots[:8])
    signal = SignalView("regular", "Why so regular?", "A game pad.", slots)
    later = shown.now + dt.timedelta(days=3)
    staged.review.shown = replace(shown, signals=(signal,), signals_from=later)
    page = visit(DAY, role=role)
    page.get_by_text("1 question that this day may raise").click()
    region = page.locator("#signals")
    expect(region).to_contain_text("A game pad.")
    expect(region).to_contain_text("changes no payment")
    first = "Only you see this until" if role == "freelancer" else "saw this before you"
    expect(region).to_contain_text(first)
    expect(region).to_contain_text("and 2 more")
    assert complaints(page) == []
    region.get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("09:20")


def test_a_printed_slot_names_its_parties(visit: Visit) -> None:
    page = visit(f"/contracts/{samples.CTR}/slots/{samples.slot_at(14, 0)}")
    expect(page.locator(".printed")).to_be_hidden()
    page.emulate_media(media="print")
    for text in ("Acme", "Ana Ruiz", "17 November 2026", "America/Bogota"):
        expect(page.locator(".printed")).to_contain_text(text)


def test_a_printed_day_names_its_parties(visit: Visit) -> None:
    page = visit(DAY)
    page.emulate_media(media="print")
    printed = page.locator(".printed")
    for text in ("Acme", "Ana Ruiz", "17 November 2026", "America/Bogota"):
        expect(printed).to_contain_text(text)
    expect(page.get_by_role("button", name="Play")).to_be_hidden()
    expect(page.locator("#totals")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1240])
@pytest.mark.parametrize("path", [DAY, SLOT])
def test_text_of_twice_the_size_fits(visit: Visit, path: str, width: int) -> None:
    page = visit(path, viewport={"width": width, "height": 900}, bypass_csp=True)
    page.add_style_tag(content="html { font-size: 200% !important }")
    expect(page.locator("h1")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_the_header_leaves_three_quarters_of_the_window(visit: Visit) -> None:
    for height in (500, 700, 870, 1020):
        page = visit(DAY, viewport={"width": 1240, "height": height})
        head = page.locator(".head").bounding_box()
        assert head is not None
        sticky = page.locator(".head").evaluate("(e) => getComputedStyle(e).position") == "sticky"
        assert not sticky or head["height"] <= height / 4


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1240])
def test_the_viewers_states_are_accessible(visit: Visit, scheme: str, width: int) -> None:
    page = visit(SLOT, color_scheme=scheme, viewport={"width": width, "height": 900})
    expect(page.locator("#filmstrip li").first).to_be_visible()
    assert complaints(page) == []
    page.keyboard.press("1")
    page.keyboard.press("c")
    assert complaints(page) == []
    page.keyboard.press("?")
    assert complaints(page) == []
    page = visit(DAY, color_scheme=scheme, viewport={"width": width, "height": 900})
    page.keyboard.press("k")
    expect(page.get_by_role("dialog", name="Pictures of the day")).to_be_visible()
    assert complaints(page) == []
