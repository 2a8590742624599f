"""The freelancer chooses how long memos and activity counts of a contract are kept."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from diary.core.slots import DAY, SLOT, week_of
from diary.core.vocabulary import Scope
from diary.objects.segment import parse
from marketplace.contracts.queries import Contract
from marketplace.contracts.retention import CHOICES, PARTS, read
from marketplace.core.problems import ProblemError
from marketplace.records.statements import deletions
from marketplace.storage import schema
from tests.marketplace.erasure.test_eraser import MEMO, assert_gone, secrets_of
from tests.marketplace.live_marketplace import AUD, START, UTC, LiveMarketplace
from tests.marketplace.simulated_device import SimulatedDevice, worked

#: When the log received the segments: three seconds after the end of the last slot.
ARRIVED = START + 2 * SLOT + 3
OURS = {"Sec-Fetch-Site": "same-origin"}


@dataclass
class Kept:
    """A contract with two segments."""

    marketplace: LiveMarketplace
    contract: Contract
    device: SimulatedDevice
    sent: list[bytes]

    @property
    def names(self) -> list[str]:
        return [parse(data).hash for data in self.sent]

    def choose(self, **days: int | None) -> None:
        account = self.marketplace.account(self.contract.freelancer)
        choose = self.marketplace.deps.contract_retention.choose
        for part in PARTS:
            if part in days:
                choose(account, self.contract.ctr, part, days[part])

    def run_at(self, time_s: float) -> int:
        self.marketplace.clock.to(time_s)
        return self.marketplace.deps.retention.run_once()

    def deleted(self) -> list[tuple[str, tuple[str, ...], str, str | None]]:
        """Segment, scope, reason and author of all deletions."""
        with self.marketplace.deps.store.read() as connection:
            found = deletions(connection, AUD, self.names)
        return [
            (each.segment, each.scope, each.reason, each.by)
            for name in self.names
            for each in found.get(name, ())
        ]


@pytest.fixture
def kept(marketplace: LiveMarketplace, enrolled: Callable[[Contract], SimulatedDevice]) -> Kept:
    contract = marketplace.contract(retention_days=365)
    device = enrolled(contract)
    sent = worked(marketplace, device, contract.ctr, START, count=2, memo=MEMO)
    for data in sent:
        device.send(data)
    return Kept(marketplace, contract, device, sent)


def test_a_chosen_period_ends_with_a_logged_erasure(kept: Kept) -> None:
    first = kept.sent[0]
    memos, minutes = (
        secrets_of(kept.device, first, "memo"),
        secrets_of(kept.device, first, "minutes"),
    )
    assert memos
    assert minutes
    before = kept.marketplace.day(kept.contract.client, kept.contract.ctr)
    kept.choose(memo=60, minutes=90)
    assert kept.run_at(ARRIVED + 60 * DAY - 1) == 0
    assert kept.run_at(ARRIVED + 60 * DAY) == 2
    assert kept.deleted() == [(name, ("memo",), "retention", None) for name in kept.names]
    assert_gone(kept.marketplace, memos)
    assert kept.run_at(ARRIVED + 90 * DAY - 1) == 0, "once is enough"
    assert kept.run_at(ARRIVED + 90 * DAY) == 2
    assert_gone(kept.marketplace, minutes)
    assert [scope for _, scope, _, _ in kept.deleted()] == [("memo",), ("minutes",)] * 2
    day = kept.marketplace.day(kept.contract.client, kept.contract.ctr)
    assert day.totals == before.totals
    assert day.badge.ok
    assert [slot.memo for slot in day.slots] == [None, None]
    client = kept.marketplace.account(kept.contract.client)
    detail = kept.marketplace.deps.review.slot(client, kept.contract.ctr, START, UTC)
    assert {each.by for each in detail.segments[0].deletions} == {"the marketplace"}
    week = kept.marketplace.deps.weeks.week(client, kept.contract.ctr, week_of(START), UTC)
    assert [each.kind for each in week.exceptions if each.kind in ("deleted", "failed")] == []


def test_nothing_is_erased_without_a_choice(kept: Kept) -> None:
    assert kept.run_at(ARRIVED + 300 * DAY) == 0
    kept.choose(memo=60)
    kept.choose(memo=None)
    assert kept.run_at(ARRIVED + 301 * DAY) == 0
    with kept.marketplace.deps.store.read() as connection:
        assert read(connection, kept.contract.ctr) == {"memo": None, "minutes": None}


def test_a_changed_choice_applies_to_what_is_left(kept: Kept) -> None:
    (later,) = worked(kept.marketplace, kept.device, kept.contract.ctr, START + 2 * DAY)
    kept.device.send(later)
    arrived = kept.marketplace.clock.ms / 1000
    kept.choose(memo=90)
    kept.choose(memo=60)
    assert kept.run_at(ARRIVED + 60 * DAY) == 2
    kept.choose(memo=730)
    assert kept.run_at(arrived + 61 * DAY) == 0
    kept.choose(memo=60)
    assert kept.run_at(arrived + 61 * DAY + 1) == 1


@pytest.mark.parametrize("act", ["ask", "dispute"])
def test_an_open_question_or_dispute_delays_the_erasure(kept: Kept, act: str) -> None:
    deps, ctr, week = kept.marketplace.deps, kept.contract.ctr, week_of(START)
    client = kept.marketplace.account(kept.contract.client)
    getattr(deps.decisions, act)(client, ctr, week, kept.names[:1], "Which domain?")
    kept.choose(memo=60, minutes=60)
    assert kept.run_at(ARRIVED + 80 * DAY) == 0
    with deps.store.read() as connection:
        first = connection.execute(select(schema.review.c.digest)).scalar_one()
    deps.decisions.resolve(client, ctr, first)
    assert kept.run_at(ARRIVED + 80 * DAY + 1) == 4


def test_a_stopped_round_continues_where_it_was(kept: Kept) -> None:
    kept.choose(memo=60)
    retention = kept.marketplace.deps.retention
    erase = retention.erase

    def erase_once(segment: str, scope: Collection[Scope], reason: str) -> bool:
        retention.stop()
        return erase(segment, scope, reason)

    retention.erase = erase_once  # type: ignore[method-assign]
    assert kept.run_at(ARRIVED + 60 * DAY) == 1
    retention._stopping.clear()
    retention.erase = erase  # type: ignore[method-assign]
    assert kept.run_at(ARRIVED + 60 * DAY + 1) == 1
    assert len(kept.deleted()) == 2


@pytest.mark.parametrize("days", [0, -1, 1, 59, 61, 10**9])
def test_only_offered_periods_are_accepted(kept: Kept, days: int) -> None:
    with pytest.raises(ProblemError) as refused:
        kept.choose(memo=days)
    assert refused.value.code == "invalid_request"
    assert min(CHOICES) >= 60


@pytest.mark.parametrize(
    "form",
    [
        {}, {"part": "shot", "days": "60"}, {"part": "memo", "days": "x"},
        {"part": "memo", "days": "6" * 5_000}, {"part": "memo", "days": "\u0666\u0660"},
    ],
)  # fmt: skip
def test_an_invalid_form_is_refused(kept: Kept, form: dict[str, str]) -> None:
    with kept.marketplace.browser(kept.contract.freelancer) as browser:
        answer = browser.post(f"/contracts/{kept.contract.ctr}/retention", data=form, headers=OURS)
    assert answer.status_code == 422
    with kept.marketplace.deps.store.read() as connection:
        assert read(connection, kept.contract.ctr) == {"memo": None, "minutes": None}


def test_both_sides_see_the_choice(kept: Kept) -> None:
    market, contract = kept.marketplace, kept.contract
    address = f"/contracts/{contract.ctr}/people"
    with market.browser(contract.freelancer) as browser:
        form = {"part": "memo", "days": "90"}
        answer = browser.post(f"/contracts/{contract.ctr}/retention", data=form, headers=OURS)
        assert answer.headers["location"] == f"{address}?done=kept#kept"
        page = browser.get(answer.headers["location"], headers={"Accept": "text/html"}).text
    assert "Saved. Both sides see it here." in page
    assert '<option value="90" selected>90 days</option>' in page
    assert '<option value="" selected>until you delete them</option>' in page
    with market.browser(contract.client) as browser:
        page = browser.get(address, headers={"Accept": "text/html"}).text
    assert "Memos and notes: 90 days" in page
    assert "Activity of each minute: until the freelancer deletes them" in page
    assert "<option" not in page
