"""The client reviews a week in a browser: what needs attention, then the rest."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, expect

from diary.objects.segment import parse
from marketplace.contracts.queries import Contract
from marketplace.records import review_entries
from tests.marketplace.live_marketplace import LiveMarketplace
from tests.marketplace.pages.busy_week import ISO, LOCKED, WEEK_S, BusyWeek, busy_week
from tests.marketplace.simulated_device import SimulatedDevice

Browse = Callable[..., Page]


@pytest.fixture
def week(marketplace: LiveMarketplace, enrolled: Callable[[Contract], SimulatedDevice]) -> BusyWeek:
    """Half an hour over the limit of five hours and a half, deleted time not counted."""
    contract = marketplace.contract(limit_s=5 * 3_600 + 1_200)
    marketplace.deps.contracts.set_rate(contract.ctr, 4_000, "USD", WEEK_S)
    made = busy_week(marketplace, enrolled(contract), contract)
    marketplace.clock.to(LOCKED + 60)
    return made


def kinds(page: Page) -> list[str]:
    return page.locator(".exceptions li.open .kind a").all_inner_texts()


def test_a_client_reviews_a_week_by_its_exceptions(browse: Browse, week: BusyWeek) -> None:
    client = week.contract.client
    page = browse(week.address, session=week.session(client))
    expect(page.locator("h1")).to_have_text("Ana Ruiz · Acme shop rebuild")
    expect(page.locator(".actions h2")).to_contain_text("5 exceptions")
    assert kinds(page) == [
        "Over the limit", "Manual time", "Idle time kept", "No picture",
        "Deleted by the freelancer",
    ]  # fmt: skip
    expect(page.locator("#e3 .detail")).to_have_text("“Reading the tax rules on paper”")
    expect(page.get_by_role("button", name="Approve 5:20, US$213.33")).to_be_visible()

    page.get_by_role("button", name="Allow 0:30").click()
    expect(page.get_by_role("button", name="Approve 5:50, US$233.33")).to_be_visible()
    expect(page.get_by_text("Of this, 0:30 are over the limit and were allowed.")).to_be_visible()
    page.locator("#e2").get_by_role("button", name="Accept").click()
    expect(page.locator(".actions h2")).to_contain_text("3 exceptions")

    page.locator("#e3 summary").click()
    page.locator("#e3").get_by_label("Your question about this time").fill("Which rules?")
    page.locator("#e3").get_by_role("button", name="Ask").click()
    expect(page.get_by_text("Question not answered yet")).to_be_visible()
    expect(page.locator(".history")).to_contain_text("Acme asked: Which rules?")

    freelancer = browse(week.address, session=week.session(week.contract.freelancer))
    assert freelancer.get_by_role("button", name="Accept").count() == 0
    freelancer.get_by_text("Reply", exact=True).click()
    freelancer.get_by_label("Your reply").fill("Those for the islands.")
    freelancer.get_by_role("button", name="Send").click()
    expect(freelancer.locator(".history")).to_contain_text("Those for the islands.")

    page.reload()
    expect(page.get_by_text("Question answered")).to_be_visible()
    page.get_by_role("button", name="Mark as settled").click()
    page.get_by_role("button", name="Approve 5:50, US$233.33").click()
    expect(page.locator(".actions .done")).to_contain_text("Approved by")
    expect(page.locator(".actions h2")).to_contain_text("No exceptions")
    with week.marketplace.deps.store.read() as connection:
        entries = review_entries.of_week(connection, week.contract.ctr, WEEK_S)
    assert [entry.kind for entry in entries] == [
        "allow", "resolve", "question", "answer", "resolve", "approve",
    ]  # fmt: skip


def test_a_week_that_changed_since_it_was_shown_is_not_approved(
    browse: Browse, week: BusyWeek
) -> None:
    page = browse(
        week.address, session=week.session(week.contract.client), errors=("status of 409",)
    )
    name = parse(week.sent["usual"][-1]).hash
    client = week.marketplace.account(week.contract.client)
    week.marketplace.deps.decisions.allow(client, week.contract.ctr, WEEK_S, [name])
    page.get_by_role("button", name="Approve 5:20").click()
    expect(page.locator("h1")).to_have_text("This week has changed")
    page.get_by_role("link", name="Look at it again").click()
    expect(page.get_by_role("button", name="Approve 5:30")).to_be_visible()


def test_a_client_approves_all_weeks_without_exceptions(
    browse: Browse, week: BusyWeek, enrolled: Callable[[Contract], SimulatedDevice]
) -> None:
    market, contract = week.marketplace, week.contract
    client = market.account(contract.client)
    names = [parse(data).hash for sent in week.sent.values() for data in sent]
    page = browse(f"{market.url}/?week={ISO}", session=week.session(contract.client))
    expect(page.get_by_role("link", name="Approve all")).to_have_count(0)
    market.deps.decisions.settle(client, contract.ctr, WEEK_S, names)
    page.reload()
    page.get_by_role("link", name="Approve all without exceptions…").click()
    expect(page.get_by_role("cell", name="Ana Ruiz")).to_be_visible()
    page.get_by_role("button", name="Approve 1 week, US$213.33").click()
    expect(page.locator("h1")).to_have_text("Contracts")
    expect(page.locator(".contract .done")).to_have_text("Approved")


def test_a_week_without_exceptions_is_approved_in_its_row(browse: Browse, week: BusyWeek) -> None:
    market, contract = week.marketplace, week.contract
    client = market.account(contract.client)
    home = f"{market.url}/?week={ISO}"
    page = browse(home, session=week.session(contract.client))
    page.get_by_role("link", name="Review the week of Ana Ruiz").click()
    expect(page.locator("#exceptions")).to_contain_text("5 exceptions")

    names = [parse(data).hash for sent in week.sent.values() for data in sent]
    market.deps.decisions.settle(client, contract.ctr, WEEK_S, names)
    page.goto(home)
    market.deps.decisions.ask(client, contract.ctr, WEEK_S, names[:1], "Which rules?")
    page.get_by_role("button", name="Approve the week of Ana Ruiz").click()
    expect(page.locator("#exceptions")).to_contain_text("1 exception")
    with market.deps.store.read() as connection:
        entries = review_entries.of_week(connection, contract.ctr, WEEK_S)
    (thread,) = review_entries.threads(entries)
    market.deps.decisions.resolve(client, contract.ctr, thread.first.digest)

    page.goto(home)
    page.get_by_role("button", name="Approve the week of Ana Ruiz").click()
    expect(page.locator(".contract .done")).to_have_text("Approved")
    assert page.url == f"{home}&show=all&sort=exceptions&page=1#ctr-{contract.ctr}"


def test_both_sides_comment_on_a_slot_and_label_it(browse: Browse, week: BusyWeek) -> None:
    slot = parse(week.sent["kept"][0]).segment.slot
    address = f"{week.marketplace.url}/contracts/{week.contract.ctr}/slots/{slot}"
    client = browse(address, session=week.session(week.contract.client))
    review = client.locator("#review")
    expect(review.locator(".open .kind")).to_contain_text("Idle time kept")
    review.get_by_text("Comment", exact=True).click()
    review.get_by_label("Your comment about this slot").fill("Tax rules: fine.")
    review.get_by_role("button", name="Add the comment").click()
    expect(review).to_contain_text("Tax rules: fine.")
    review.get_by_text("Ask a question").click()
    review.get_by_label("Your question about this slot").fill("Which rules?")
    review.get_by_role("button", name="Ask").click()

    freelancer = browse(address, session=week.session(week.contract.freelancer))
    review = freelancer.locator("#review")
    expect(review).to_contain_text("Question not answered yet")
    assert review.get_by_role("button", name="Accept").count() == 0
    review.get_by_text("Reply", exact=True).click()
    review.get_by_label("Your reply").fill("Those for the islands.")
    review.get_by_role("button", name="Send").click()
    expect(review).to_contain_text("Question answered")
    review.get_by_text("Label", exact=True).click()
    review.get_by_label("A few words").fill("Reading")
    review.get_by_role("button", name="Set the label").click()
    client.reload()
    expect(client.locator("#review .tag")).to_have_text("Label Reading")
    expect(client.locator("#review .talk")).to_contain_text("Those for the islands.")
    for page in (client, freelancer):
        assert [r["id"] for r in Axe().run(page).response["violations"]] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1240])
def test_the_week_and_the_home_page_are_accessible(
    browse: Browse, week: BusyWeek, scheme: str, width: int
) -> None:
    page = browse(
        week.address,
        session=week.session(week.contract.client),
        color_scheme=scheme,
        viewport={"width": width, "height": 900},
    )
    for address in (week.address, f"{week.marketplace.url}/?week={ISO}"):
        page.goto(address)
        found = Axe().run(page)
        assert [rule["id"] for rule in found.response["violations"]] == []
        overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(overflow) == 0
