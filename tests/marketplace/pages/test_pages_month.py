"""The month: a calendar of a contract's days, from its stored totals."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, expect

from diary.objects.segment import parse
from marketplace.contracts.queries import Contract
from marketplace.core.problems import ProblemError
from marketplace.core.week_names import month_of_name, name_of_month
from marketplace.pages.weeks.month import SHADES_H, shade
from marketplace.records import credited_totals
from marketplace.review.months.month_view import MonthDay, MonthView
from marketplace.review.months.queries import next_month
from tests.marketplace.live_marketplace import LiveMarketplace
from tests.marketplace.pages.busy_week import LOCKED, WEEK_S, BusyWeek, busy_week
from tests.marketplace.pages.sample_site import SampleSite
from tests.marketplace.pages.test_pages_html import MONTH_PAGE
from tests.marketplace.simulated_device import SimulatedDevice

Browse = Callable[..., Page]
NOVEMBER = dt.date(2026, 11, 1)


@pytest.fixture
def week(marketplace: LiveMarketplace, enrolled: Callable[[Contract], SimulatedDevice]) -> BusyWeek:
    """Three days with half an hour over the limit, deleted time not counted."""
    contract = marketplace.contract(limit_s=5 * 3_600 + 1_200)
    marketplace.deps.contracts.set_rate(contract.ctr, 4_000, "USD", WEEK_S)
    made = busy_week(marketplace, enrolled(contract), contract)
    marketplace.clock.to(LOCKED + 60)
    return made


def month(week: BusyWeek) -> MonthView:
    client = week.marketplace.account(week.contract.client)
    return week.marketplace.deps.months.month(client, week.contract.ctr, NOVEMBER)


def day(view: MonthView, number: int) -> MonthDay:
    return next(
        each for w in view.weeks for each in w.days if each.inside and each.date.day == number
    )


def test_a_month_shows_the_work_of_its_days(browse: Browse, week: BusyWeek) -> None:
    address = f"{week.marketplace.url}/contracts/{week.contract.ctr}/months/2026-11"
    page = browse(address, session=week.session(week.contract.client))
    expect(page.locator(".dates .date")).to_have_text("November 2026")
    expect(page.locator("tbody tr")).to_have_count(6)
    expect(page.locator("tbody .calendar-day .number").first).to_have_text("26")
    time = r"2\sh"
    wednesday = page.get_by_role(
        "link",
        name=re.compile(f"^Wednesday, 18 November, {time} worked, {time} payable, 1 exception$"),
    )
    expect(wednesday.locator(".worked")).to_have_text("2:00")
    friday = page.get_by_role("link", name="Friday, 20 November")
    expect(friday.locator(".paid")).to_have_text("1:30 payable")
    expect(page.locator("a.calendar-day")).to_have_count(3)
    row = page.locator("tbody tr", has=wednesday)
    expect(row.locator("td.sums")).to_have_text(["6:00", "5:20", "US$213.33"])
    row.get_by_role("link", name="5 exceptions").click()
    expect(page.locator(".actions h2")).to_contain_text("5 exceptions")
    page.get_by_role("link", name="Month", exact=True).click()
    assert page.url == address
    wednesday.click()
    expect(page.locator(".dates .date")).to_contain_text("18 November")


def test_settled_exceptions_leave_the_calendar(week: BusyWeek) -> None:
    deps, ctr = week.marketplace.deps, week.contract.ctr
    client = week.marketplace.account(week.contract.client)
    before = month(week)
    assert [day(before, n).exceptions for n in (18, 19, 20)] == [1, 2, 2]
    assert next(w.exceptions for w in before.weeks if w.ledger.week == WEEK_S) == 5

    manual = [parse(data).hash for data in week.sent["manual"]]
    deps.decisions.ask(client, ctr, WEEK_S, manual, "Which call?")
    asked = month(week)
    assert day(asked, 20).exceptions == 3
    deps.decisions.settle(client, ctr, WEEK_S, manual)
    assert day(month(week), 20).exceptions == 2

    names = deps.weeks.segments_of_week(ctr, WEEK_S)
    deps.decisions.allow(client, ctr, WEEK_S, names)
    allowed = month(week)
    assert day(allowed, 20).exceptions == 1
    assert day(allowed, 20).totals.payable == 7_200
    deps.decisions.settle(client, ctr, WEEK_S, names)
    assert [day(month(week), n).exceptions for n in (18, 19, 20)] == [0, 0, 1]


def test_the_keyboard_moves_between_the_days(visit: Browse) -> None:
    page = visit(MONTH_PAGE)
    date = "document.activeElement.querySelector('.number')?.textContent"
    page.keyboard.press("n")
    assert page.evaluate(date) == "27"
    page.keyboard.press("ArrowRight")
    assert page.evaluate(date) == "28"
    page.keyboard.press("ArrowDown")
    assert page.evaluate(date) == "4"
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(date) == "3"
    page.keyboard.press("ArrowUp")
    assert page.evaluate(date) == "27"
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(sheet.get_by_text("Next or previous day")).to_be_visible()


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1240])
def test_the_calendar_is_accessible_and_fits(
    visit: Browse, scheme: str, width: int, language: str
) -> None:
    page = visit(
        MONTH_PAGE, color_scheme=scheme, viewport={"width": width, "height": 900}, locale=language
    )
    found = Axe().run(page)
    assert [rule["id"] for rule in found.response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert page.evaluate(
        "[...document.querySelectorAll('.calendar-day *')]"
        ".every((part) => part.scrollWidth <= part.clientWidth + 1)"
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_each_shade_has_legible_text(visit: Browse, scheme: str) -> None:
    """axe-core does not compute the colours of `color-mix`."""
    page = visit(MONTH_PAGE, color_scheme=scheme)
    ratios = page.evaluate(
        """() => [1, 2, 3, 4, 5].map((number) => {
          const cell = document.querySelector(`td.shade${number}`);
          const style = getComputedStyle(cell);
          const context = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
          const light = (color) => {
            context.fillStyle = color;
            context.fillRect(0, 0, 1, 1);
            const [r, g, b] = [...context.getImageData(0, 0, 1, 1).data].map((part) => {
              const value = part / 255;
              return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
            });
            return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
          };
          const [text, ground] = [light(style.color), light(style.backgroundColor)];
          return [Math.max(text, ground) / Math.min(text, ground), ground];
        })"""
    )
    assert all(ratio >= 4.5 for ratio, _ in ratios), ratios
    grounds = [ground for _, ground in ratios]
    assert grounds == sorted(grounds, reverse=scheme == "light")


def test_finance_sees_hours_without_links_to_days(visit: Browse, staged: SampleSite) -> None:
    months = staged.review.months
    page = visit(MONTH_PAGE)
    assert page.locator("a.calendar-day").count() > 20
    months.shown = type(months.shown)(**{**vars(months.shown), "role": "finance"})
    page.reload()
    expect(page.locator("a.calendar-day")).to_have_count(0)
    expect(page.locator(".calendar-day .worked").first).to_be_visible()


def test_the_shade_of_a_time() -> None:
    limits = [3_600 * hours for hours in SHADES_H]
    assert [shade(seconds) for seconds in (0, 1, *limits)] == [0, 1, 1, 2, 3, 4]
    assert [shade(seconds + 1) for seconds in limits] == [2, 3, 4, 5]
    assert shade(24 * 3_600) == 5


def test_the_names_of_months() -> None:
    assert month_of_name("2026-11") == NOVEMBER
    assert name_of_month(dt.date(2026, 11, 30)) == "2026-11"
    assert next_month(dt.date(2026, 12, 1)) == dt.date(2027, 1, 1)
    for name in ("2026-13", "2026-1", "1969-12", "2026-11-01", "\u0662026-11", "x", "9999-99"):
        with pytest.raises(ProblemError) as refused:
            month_of_name(name)
        assert refused.value.code == "not_found"


@pytest.mark.parametrize(
    ("name", "status"), [("9999-12", 404), ("1970-01", 200), ("2026-10", 200), ("0000-01", 404)]
)
def test_the_edges_of_the_calendar(week: BusyWeek, name: str, status: int) -> None:
    with week.marketplace.browser(week.contract.client) as browser:
        answer = browser.get(f"/contracts/{week.contract.ctr}/months/{name}")
    assert answer.status_code == status


def test_the_pager_ends_where_there_is_no_time(week: BusyWeek) -> None:
    client = week.marketplace.account(week.contract.client)

    def around(first: dt.date) -> tuple[dt.date | None, dt.date | None]:
        found = week.marketplace.deps.months.month(client, week.contract.ctr, first)
        assert found.first == first
        return found.previous, found.next

    assert around(NOVEMBER) == (None, None)
    assert around(dt.date(2026, 10, 1)) == (None, NOVEMBER)
    assert around(dt.date(2026, 12, 1)) == (NOVEMBER, None)
    view = month(week)
    assert view.last == dt.date(2026, 11, 30)
    assert view.totals == credited_totals.summed(
        each.totals for w in view.weeks for each in w.days if each.inside
    )
