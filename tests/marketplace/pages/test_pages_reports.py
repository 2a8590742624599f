"""The page of reports in a browser: choose, share, revoke; accessible in each state."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from marketplace.seed.generate import generate
from marketplace.seed.plan import SeedOptions
from marketplace.storage import schema
from tests.marketplace.live_marketplace import (
    AUD,
    LiveMarketplace,
    MovedClock,
    live_marketplace,
)

Browse = Callable[..., Page]


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveMarketplace]:
    options = SeedOptions.create(
        name=AUD, contracts=3, days=7, segments=120, freelancers=2,
        last_day=dt.date(2026, 11, 29), random_seed=2,
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("seed") / "data"
    generate(folder, options, lambda *_: None)
    with live_marketplace(folder, clock=MovedClock(options.end_s - 60)) as running:
        yield running


@pytest.fixture
def session(generated: LiveMarketplace) -> str:
    with generated.deps.store.read() as connection:
        client = connection.execute(select(schema.contract.c.client).limit(1)).scalar_one()
    return generated.deps.sign_in.begin(client)


def violations(page: Page) -> list[str]:
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    result: Any = page.evaluate("axe.run(document)")
    return [f"{each['id']}: {each['nodes'][0]['html']}" for each in result["violations"]]


def test_a_report_is_chosen_shared_and_revoked(
    generated: LiveMarketplace, session: str, browse: Browse
) -> None:
    page = browse(f"{generated.url}/", session=session)
    page.get_by_role("link", name="Reports").click()
    page.get_by_label("Rows").select_option("Person")
    page.get_by_role("button", name="Show the report").click()
    assert page.get_by_role("row").filter(has_text="Ana Ruiz").count() == 1
    total = page.get_by_role("row").last.inner_text()
    page.get_by_role("button", name="Create the link").click()
    link = page.locator("code.link").inner_text()
    assert violations(page) == []
    reader = browse(link)
    assert reader.get_by_role("row").last.inner_text() == total
    assert reader.get_by_role("link", name="Contracts").count() == 0
    assert violations(reader) == []
    page.get_by_role("button", name="Revoke").click()
    assert page.get_by_role("button", name="Revoke").count() == 0
    gone = browse(link, errors=("404",))
    assert gone.get_by_role("row").count() == 0


@pytest.mark.parametrize("query", ["?by=memo", "?first=2026-01-01&last=2026-01-31"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_state_of_the_page_breaks_an_accessibility_rule(
    generated: LiveMarketplace, session: str, browse: Browse, query: str, scheme: str
) -> None:
    page = browse(f"{generated.url}/reports{query}", session=session, color_scheme=scheme)
    assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_token_is_created_and_revoked_in_a_browser(
    generated: LiveMarketplace, session: str, browse: Browse, scheme: str
) -> None:
    page = browse(f"{generated.url}/reports", session=session, color_scheme=scheme)
    page.get_by_role("link", name="API tokens").click()
    page.get_by_label("Name").fill("Invoices")
    page.get_by_role("button", name="Create the token").click()
    assert page.locator("code.link").inner_text().startswith("wdp_")
    assert violations(page) == []
    page.get_by_role("button", name="Revoke Invoices").click()
    assert page.get_by_role("button", name="Revoke Invoices").count() == 0
    assert violations(page) == []


def test_a_phone_shows_each_row_without_scrolling_sideways(
    generated: LiveMarketplace, session: str, browse: Browse
) -> None:
    page = browse(
        f"{generated.url}/reports", session=session, viewport={"width": 390, "height": 844}
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    amount = page.locator("tbody td").last.bounding_box()
    assert amount is not None
    assert amount["x"] + amount["width"] <= 390
    assert violations(page) == []


@pytest.mark.parametrize("width", [390, 1240])
def test_the_week_offers_its_files(
    generated: LiveMarketplace, session: str, browse: Browse, width: int
) -> None:
    with generated.deps.store.read() as connection:
        query = select(schema.contract.c.ctr).order_by(schema.contract.c.created_s).limit(1)
        ctr = connection.execute(query).scalar_one()
    page = browse(
        f"{generated.url}/contracts/{ctr}/weeks/2026-W48",
        session=session,
        viewport={"width": width, "height": 844},
    )
    page.get_by_text("Export", exact=True).click()
    for name in ("Timesheet (PDF)", "Segments (CSV)", "For Toggl (CSV)"):
        link = page.get_by_role("link", name=name)
        box = link.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        with page.expect_download() as download:
            link.click()
        assert download.value.suggested_filename.startswith(f"workdiary-{ctr}-2026-W48-")
