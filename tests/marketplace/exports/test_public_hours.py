"""The public page of a freelancer: off by default, totals only, revocable at once."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import select

from diary.core.slots import WEEK, week_of
from marketplace.contracts.queries import Contract
from marketplace.core.problems import ProblemError
from marketplace.records.review_entries import REVIEW_S
from marketplace.storage import schema
from tests.marketplace.later_statements import deleted
from tests.marketplace.live_marketplace import START, LiveMarketplace
from tests.marketplace.simulated_device import SimulatedDevice, worked

OWN = {"sec-fetch-site": "same-origin"}
AFTER_REVIEW = week_of(START) + WEEK + REVIEW_S


@pytest.fixture
def visitor(marketplace: LiveMarketplace) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=marketplace.url, trust_env=False, timeout=30) as client:
        yield client


def show(market: LiveMarketplace, sub: str, slug: str = "", *, listed: bool = False) -> str:
    market.deps.public_hours.show(market.account(sub), slug, listed=listed)
    profile = market.deps.public_hours.of(sub)
    assert profile is not None
    return profile.slug


def test_it_shows_paid_hours_after_the_review_and_nothing_else(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract,
    visitor: httpx.Client,
) -> None:  # fmt: skip
    made = worked(marketplace, device, contract.ctr, START, count=3, memo="Secret memo")
    for data in made:
        device.send(data)
    gone = deleted(device, made[0], scope=["time"])
    assert device.post_statement("tombstones", gone).status_code == 201
    slug = show(marketplace, contract.freelancer)
    hours = marketplace.deps.public_hours
    assert (hours.read(slug).seconds, hours.read(slug).first_s) == (0, None), "not reviewed yet"
    marketplace.clock.to(AFTER_REVIEW - 1)
    assert hours.read(slug).seconds == 0
    marketplace.clock.to(AFTER_REVIEW)
    found = hours.read(slug)
    assert found.seconds == 1_200, "without deleted time"
    assert (found.first_s, found.last_s) == (START - START % 86_400,) * 2
    page = visitor.get(f"/people/{slug}").text
    assert "0 verified hours" in page
    assert "<p>Wednesday, 18 November 2026</p>" in page
    for private in ("Secret memo", contract.title, "Acme", contract.ctr, "/pictures/", "/thumbs/"):
        assert private not in page


def test_manual_and_kept_time_is_not_verified(
    marketplace: LiveMarketplace, contract: Contract
) -> None:
    sums = {"tracked": 6_000, "unpaid": 0, "given_back": 0, "overlap": 0, "over_limit": 0}
    day = {"ctr": contract.ctr, "day_s": START - START % 86_400}
    row: dict[str, object] = {**day, **sums, "payable": 7_200, "manual": 900, "kept": 300}
    marketplace.deps.store.write(lambda c: schema.insert(c, schema.daily_total, [row])).result()
    slug = show(marketplace, contract.freelancer)
    marketplace.clock.to(AFTER_REVIEW)
    assert marketplace.deps.public_hours.read(slug).seconds == 6_000


def test_nobody_has_a_page_without_showing_it(
    marketplace: LiveMarketplace, contract: Contract, visitor: httpx.Client
) -> None:
    assert marketplace.deps.public_hours.of(contract.freelancer) is None
    for name in (contract.freelancer, "ana-ruiz", "x", "..%2f..%2fetc", "x" * 5_000):
        assert visitor.get(f"/people/{name}").status_code == 404


def test_it_is_hidden_at_once_and_a_random_address_never_returns(
    marketplace: LiveMarketplace, contract: Contract, visitor: httpx.Client
) -> None:
    slug = show(marketplace, contract.freelancer)
    assert re.fullmatch(r"[A-Za-z0-9_-]{22}", slug)
    assert visitor.get(f"/people/{slug}").status_code == 200
    marketplace.deps.public_hours.hide(marketplace.account(contract.freelancer))
    assert visitor.get(f"/people/{slug}").status_code == 404
    assert show(marketplace, contract.freelancer) != slug


def test_search_engines_need_the_freelancers_choice(
    marketplace: LiveMarketplace, contract: Contract, visitor: httpx.Client
) -> None:
    slug = show(marketplace, contract.freelancer)
    answer = visitor.get(f"/people/{slug}")
    assert answer.headers["x-robots-tag"] == "noindex"
    assert 'name="robots" content="noindex"' in answer.text
    assert show(marketplace, contract.freelancer, listed=True) == slug, "the address stays"
    answer = visitor.get(f"/people/{slug}")
    assert "x-robots-tag" not in answer.headers
    assert "noindex" not in answer.text


@pytest.mark.parametrize(
    "name",
    ["ab", "-ab", "ab-", "a" * 21, "a/b", "..", "a b c", "ana.ruiz", "<b>", "añadir", "a" * 22],
)
def test_a_wrong_name_is_refused(
    marketplace: LiveMarketplace, contract: Contract, name: str
) -> None:
    with pytest.raises(ProblemError) as refused:
        show(marketplace, contract.freelancer, name)
    assert refused.value.code == "public_name_invalid"


def test_a_taken_name_changes_nothing(marketplace: LiveMarketplace, contract: Contract) -> None:
    other = marketplace.contract("Another")
    assert show(marketplace, other.freelancer, " Ana-Ruiz ") == "ana-ruiz"
    mine = show(marketplace, contract.freelancer, "ana-r")
    with pytest.raises(ProblemError) as refused:
        show(marketplace, contract.freelancer, "ana-ruiz")
    assert refused.value.code == "public_name_taken"
    profile = marketplace.deps.public_hours.of(contract.freelancer)
    assert profile is not None
    assert profile.slug == mine


def test_a_freelancer_shows_and_hides_it_on_the_account_page(
    marketplace: LiveMarketplace, contract: Contract, visitor: httpx.Client
) -> None:
    with marketplace.browser(contract.freelancer) as browser:
        form = {"show": "1", "slug": "ana-ruiz", "listed": "1"}
        assert browser.post("/account/public", data=form).json()["code"] == "cross_site"
        assert browser.post("/account/public", data=form, headers=OWN).status_code == 303
        assert f"{marketplace.url}/people/ana-ruiz" in browser.get("/account").text
        assert "Ana Ruiz" in visitor.get("/people/ana-ruiz").text
        assert browser.post("/account/public", headers=OWN).status_code == 303
        assert visitor.get("/people/ana-ruiz").status_code == 404
    with marketplace.browser(contract.client) as browser:
        assert "/account/public" not in browser.get("/account").text
        assert browser.post("/account/public", data=form, headers=OWN).status_code == 404


def test_an_erasure_removes_the_page(
    marketplace: LiveMarketplace, contract: Contract, visitor: httpx.Client
) -> None:
    show(marketplace, contract.freelancer, "ana-ruiz")
    marketplace.deps.person_eraser.begin(contract.freelancer)
    assert visitor.get("/people/ana-ruiz").status_code == 404
    with marketplace.deps.store.read() as connection:
        assert connection.execute(select(schema.public_profile)).all() == []
