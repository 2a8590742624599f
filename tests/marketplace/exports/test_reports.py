"""Reports in user terms: the page, its files, and private links."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pypdfium2
import pytest
from sqlalchemy import select

from diary.core.slots import WEEK, week_of
from marketplace.accounts.model import Account
from marketplace.contracts.queries import Contract
from marketplace.core.problems import ProblemError
from marketplace.exports import report
from marketplace.exports.period import day_period, week_period
from marketplace.exports.report import ReportQuery
from marketplace.exports.report_links import MAX_LINKS, ReportLinks
from marketplace.review.ledger import ledgers
from marketplace.seed.generate import generate
from marketplace.seed.plan import SeedOptions
from marketplace.storage import schema
from tests.marketplace.accounts.test_companies import joined
from tests.marketplace.live_marketplace import (
    AUD,
    START,
    LiveMarketplace,
    MovedClock,
    live_marketplace,
)
from tests.marketplace.simulated_device import SimulatedDevice, worked

LAST_DAY = dt.date(2026, 11, 29)
OWN = {"sec-fetch-site": "same-origin"}
MONTH = {"first": "2026-11-01", "last": "2026-11-30"}


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveMarketplace]:
    """Two weeks of six contracts of one client."""
    folder = tmp_path_factory.mktemp("seed") / "data"
    options = SeedOptions.create(
        name=AUD,
        contracts=6,
        days=14,
        segments=700,
        freelancers=3,
        last_day=LAST_DAY,
        random_seed=9,
    )
    generate(folder, options, lambda *_: None)
    with live_marketplace(folder, clock=MovedClock(options.end_s)) as running:
        yield running


@pytest.fixture(scope="module")
def contracts(generated: LiveMarketplace) -> list[Any]:
    with generated.deps.store.read() as connection:
        query = select(schema.contract).order_by(schema.contract.c.title)
        return list(connection.execute(query))


@pytest.fixture
def client(generated: LiveMarketplace, contracts: list[Any]) -> Account:
    return generated.account(contracts[0].client)


@pytest.fixture
def browser(generated: LiveMarketplace, client: Account) -> Iterator[httpx.Client]:
    with generated.browser(client.sub) as signed_in:
        yield signed_in


def table(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def secret_of(answer: httpx.Response) -> str:
    found = re.search(r"/shared/([\w-]+)<", answer.text)
    assert found, answer.text
    return found[1]


def test_a_report_by_contract_has_the_hours_and_the_money_of_the_ledger(
    generated: LiveMarketplace, contracts: list[Any], client: Account
) -> None:
    period = day_period("2026-11-16", "2026-11-29")
    made = generated.deps.reports.make(client, ReportQuery(period))
    with generated.deps.store.read() as connection:
        found = ledgers(connection, [c.ctr for c in contracts], period.begin_s, period.end_s)
    assert made.totals.payable == sum(each.totals.payable for each in found.values()) > 0
    expected: dict[str, int] = {}
    for each in found.values():
        if each.rate and each.amount_minor is not None:
            expected[each.rate.currency] = expected.get(each.rate.currency, 0) + each.amount_minor
    # A currency without time has an amount of 0 in the ledger and no row here.
    assert made.amounts == {code: amount for code, amount in expected.items() if amount}
    assert len(made.amounts) > 1
    assert [row.totals.payable for row in made.rows] == sorted(
        (row.totals.payable for row in made.rows), reverse=True
    )


@pytest.mark.parametrize("by", ["contract", "person", "memo"])
def test_each_grouping_has_the_same_totals(
    generated: LiveMarketplace, client: Account, by: report.Grouping
) -> None:
    period = week_period("2026-W48")
    plain = generated.deps.reports.make(client, ReportQuery(period))
    grouped = generated.deps.reports.make(client, ReportQuery(period, by))
    assert grouped.totals == plain.totals
    assert (grouped.amounts == plain.amounts) == (by != "memo")
    assert len({(row.name, row.detail) for row in grouped.rows}) == len(grouped.rows)


def test_a_search_in_memos_ignores_case_and_leaves_out_amounts(
    generated: LiveMarketplace, client: Account
) -> None:
    query = ReportQuery(week_period("2026-W48"), "memo", memo="CHECKOUT")
    made = generated.deps.reports.make(client, query)
    assert {row.name for row in made.rows} == {"Checkout: address form validation"}
    assert made.totals.payable > 0
    assert made.amounts == {}


def test_the_page_shows_the_rows_and_its_files_have_them_too(browser: httpx.Client) -> None:
    answer = browser.get("/reports", params={**MONTH, "by": "person"})
    assert answer.status_code == 200
    assert "Ana Ruiz" in answer.text
    rows = table(browser.get("/reports/report.csv", params={**MONTH, "by": "person"}).content)
    assert "Ana Ruiz" in {row["person"] for row in rows}
    data = browser.get("/reports/report.pdf", params={**MONTH, "by": "person"}).content
    text = pypdfium2.PdfDocument(data)[0].get_textpage().get_text_bounded()
    assert "Ana Ruiz" in text
    assert "Page 1 of 1" in text
    payable = sum(int(row["payable"]) for row in rows)
    assert f"{payable // 3600}:{payable // 60 % 60:02}:{payable % 60:02}" in text


def test_without_dates_the_report_is_about_this_month(browser: httpx.Client) -> None:
    answer = browser.get("/reports")
    assert 'name="first" value="2026-11-01"' in answer.text
    assert 'name="last" value="2026-11-30"' in answer.text


def test_the_memos_of_many_contracts_need_a_choice(
    browser: httpx.Client, monkeypatch: pytest.MonkeyPatch, contracts: list[Any]
) -> None:
    monkeypatch.setattr(report, "MAX_READ", 3)
    answer = browser.get("/reports", params={**MONTH, "by": "memo"})
    assert answer.status_code == 200
    assert "Choose one contract" in answer.text
    assert browser.get("/reports/report.csv", params={**MONTH, "by": "memo"}).status_code == 422
    one = {**MONTH, "by": "memo", "ctr": contracts[0].ctr}
    assert "Choose one contract" not in browser.get("/reports", params=one).text


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({"first": "2026-11-30", "last": "2026-11-01"}, 422),
        ({"first": "2021-01-01", "last": "2026-11-01"}, 422),
        ({"first": "yesterday", "last": "today"}, 404),
        ({"first": "9999-12-31", "last": "9999-12-31"}, 404),
        ({**MONTH, "ctr": "unknown"}, 404),
        ({**MONTH, "memo": "x" * 201}, 422),
        ({**MONTH, "by": "'; DROP TABLE leaf"}, 200),
        ({**MONTH, "memo": "%_<script>alert(1)</script>"}, 200),
    ],
)
def test_a_hostile_question_gets_a_plain_answer(
    browser: httpx.Client, params: dict[str, str], status: int
) -> None:
    answer = browser.get("/reports", params=params)
    assert answer.status_code == status
    assert "<script>alert" not in answer.text


def test_a_contract_of_others_is_not_in_a_report(
    marketplace: LiveMarketplace, contract: Contract
) -> None:
    other = marketplace.contract("Another client's work")
    with marketplace.browser(contract.client) as browser:
        assert "Another client" not in browser.get("/reports").text
        answer = browser.get("/reports", params={"ctr": other.ctr})
        assert answer.status_code == 404


def test_finance_gets_totals_and_no_memos(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract
) -> None:
    for data in worked(marketplace, device, contract.ctr, START, memo="A private matter"):
        device.send(data)
    with marketplace.browser(joined(marketplace, contract.client, "finance", "Finn")) as browser:
        rows = table(browser.get("/reports/report.csv", params=MONTH).content)
        assert [row["payable"] for row in rows] == ["600"]
        for params in ({**MONTH, "by": "memo"}, {**MONTH, "memo": "private"}):
            page = browser.get("/reports", params=params).text
            assert "A private matter" not in page
            assert "left out" in page
            assert table(browser.get("/reports/report.csv", params=params).content) == []


def test_a_hostile_memo_is_harmless_in_a_report(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract
) -> None:
    hostile = "=1+1<img src=x onerror=alert(1)>\u202e"
    for data in worked(marketplace, device, contract.ctr, START, memo=hostile):
        device.send(data)
    with marketplace.browser(contract.client) as browser:
        page = browser.get("/reports", params={**MONTH, "by": "memo"}).text
        assert "<img src=x" not in page
        assert "\u202e" not in page
        rows = table(browser.get("/reports/report.csv", params={**MONTH, "by": "memo"}).content)
        assert rows[0]["memo"].startswith("'=1+1")


def test_a_private_link_shows_the_report_to_anybody_until_it_is_revoked(
    generated: LiveMarketplace, browser: httpx.Client
) -> None:
    form = {**MONTH, "by": "memo", "days": "7"}
    answer = browser.post("/reports/links", data=form, headers=OWN)
    secret = secret_of(answer)
    assert len(secret) >= 43
    with httpx.Client(base_url=generated.url, trust_env=False) as anybody:
        shared = anybody.get(f"/shared/{secret}", headers={"Accept": "text/html"})
        assert shared.status_code == 200
        assert "Checkout: address form validation" in shared.text
        assert "/thumbs/" not in shared.text
        assert "/contracts/" not in shared.text
        assert shared.headers["x-robots-tag"] == "noindex, nofollow"
        assert shared.headers["referrer-policy"] == "no-referrer"
        assert shared.headers["cache-control"] == "no-store"
        assert '<meta name="robots" content="noindex, nofollow">' in shared.text
        listed = browser.get("/reports").text
        assert secret not in listed
        link = re.search(r"/reports/links/([\w-]+)/revoke", listed)
        assert link
        assert browser.post(link[0], headers=OWN).status_code == 303
        assert anybody.get(f"/shared/{secret}").status_code == 404


def test_only_the_hash_of_a_link_is_stored(generated: LiveMarketplace, client: Account) -> None:
    secret = generated.deps.report_links.create(client, ReportQuery(week_period("2026-W48")), 7)
    with generated.deps.store.read() as connection:
        rows = connection.execute(select(schema.report_link)).all()
    assert rows
    assert all(secret not in str(row) for row in rows)


def test_a_link_ends_by_itself(marketplace: LiveMarketplace, contract: Contract) -> None:
    author = marketplace.account(contract.client)
    secret = marketplace.deps.report_links.create(author, ReportQuery(week_period("2026-W48")), 7)
    assert marketplace.deps.report_links.open(secret) is not None
    marketplace.clock.to(marketplace.clock.ms / 1000 + 7 * 86_400 + 1)
    assert marketplace.deps.report_links.open(secret) is None
    assert marketplace.deps.report_links.of(author) == ()


def test_a_link_has_no_more_access_than_its_author(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract
) -> None:
    """An account that leaves the company takes its links with it."""
    for data in worked(marketplace, device, contract.ctr, START):
        device.send(data)
    sub = joined(marketplace, contract.client, "manager", "Max")
    week = ReportQuery(week_period("2026-W47"))
    secret = marketplace.deps.report_links.create(marketplace.account(sub), week, 7)
    with httpx.Client(base_url=marketplace.url, trust_env=False) as anybody:
        assert contract.title in anybody.get(f"/shared/{secret}").text
        member = schema.company_member
        marketplace.deps.store.write(
            lambda c: c.execute(member.delete().where(member.c.sub == sub))
        ).result()
        assert contract.title not in anybody.get(f"/shared/{secret}").text


def test_another_account_cannot_revoke_a_link(
    marketplace: LiveMarketplace, contract: Contract
) -> None:
    links: ReportLinks = marketplace.deps.report_links
    author, other = (marketplace.account(s) for s in (contract.client, contract.freelancer))
    secret = links.create(author, ReportQuery(week_period("2026-W47")), 7)
    links.revoke(other, links.of(author)[0].id)
    assert links.open(secret) is not None


def test_links_are_limited_and_have_a_chosen_lifetime(
    marketplace: LiveMarketplace, contract: Contract
) -> None:
    author, week = marketplace.account(contract.client), ReportQuery(week_period("2026-W47"))
    for days in (0, 1, 10_000):
        with pytest.raises(ProblemError, match="how long"):
            marketplace.deps.report_links.create(author, week, days)
    for _ in range(MAX_LINKS):
        marketplace.deps.report_links.create(author, week, 30)
    with pytest.raises(ProblemError, match="too many links"):
        marketplace.deps.report_links.create(author, week, 30)


def test_a_form_of_another_site_creates_no_link(browser: httpx.Client) -> None:
    form = {**MONTH, "by": "contract", "days": "7"}
    answer = browser.post("/reports/links", data=form, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403


@pytest.mark.parametrize("secret", ["x", "x" * 5_000, "%00", "..%2f..%2f", "٣" * 20])
def test_a_guessed_link_shows_nothing(generated: LiveMarketplace, secret: str) -> None:
    with httpx.Client(base_url=generated.url, trust_env=False) as anybody:
        answer = anybody.get(f"/shared/{secret}")
    assert answer.status_code == 404
    assert "Acme" not in answer.text


def test_the_weeks_of_a_period_are_those_of_the_ledger() -> None:
    period = day_period("2026-11-18", "2026-11-24")
    assert list(period.weeks) == [week_of(period.begin_s), week_of(period.begin_s) + WEEK]
