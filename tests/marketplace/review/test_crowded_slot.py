"""A thousand segments in ten minutes: logged and counted, checked in pages of a bounded size."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import Connection

from diary.core.slots import SLOT
from diary.log.leaf import LeafType
from diary.objects.segment import parse
from marketplace.contracts.queries import Contract
from marketplace.core.rate_limit import Throttle
from marketplace.ingest import segments
from marketplace.log.log import LogEntry
from marketplace.records import segment_facts
from marketplace.records.segment_facts import StoredFacts
from marketplace.review import page_share
from marketplace.review.view_models import DayView
from tests.marketplace.live_marketplace import START, UTC, LiveMarketplace, live_marketplace
from tests.marketplace.simulated_device import SimulatedDevice

# One worker makes the crowd.
pytestmark = pytest.mark.xdist_group("crowded-slot")
COUNT = 1200


@dataclass
class Crowded:
    """A marketplace with one ordinary slot, and one that holds COUNT segments of one second."""

    marketplace: LiveMarketplace
    contract: Contract
    names: list[str]


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crowded]:
    high = Throttle(failed="10000/minute", device="100000/minute", slot="100000/minute")
    with live_marketplace(tmp_path_factory.mktemp("market") / "data", throttle=high) as marketplace:
        contract = marketplace.contract()
        device = SimulatedDevice(marketplace.url, marketplace.deps.clock.real_s)
        device.enrol(marketplace.code(contract.freelancer))
        for slot in (START, START + SLOT):
            marketplace.advance_to(slot)
            device.fetch_beacon(slot)
        marketplace.clock.to(START + 2 * SLOT + 3)
        device.sign_in()
        device.send(device.work(contract.ctr, START))
        # Stored without HTTP, which would take minutes and is not tested here.
        made = []
        terms = device.contract(contract.ctr)
        device.contract = lambda ctr: terms  # type: ignore[method-assign]
        for number in range(COUNT):
            second = START + SLOT + number % (SLOT - 1)
            made.append(device.work(contract.ctr, START + SLOT, second, second + 1))
        put(marketplace, made)
        device.http.close()
        yield Crowded(marketplace, contract, [parse(data).hash for data in made])


def put(marketplace: LiveMarketplace, made: list[bytes]) -> None:
    """Log segments, and store their findings, many at a time."""

    def entry(data: bytes) -> LogEntry:
        sealed = parse(data)
        return LogEntry(
            LeafType.SEGMENT,
            sealed.hash,
            "5",
            rows=lambda index, _rt_ms: segments._rows(sealed, data, index, ()),
        )

    for future in [marketplace.deps.log.append(entry(data)) for data in made]:
        future.result()
    marketplace.deps.checks.check_unchecked()


@pytest.fixture
def examined(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The number of segments whose stored results each page reads."""
    counts: list[int] = []
    read = segment_facts.read

    def counting(connection: Connection, names: Collection[str]) -> dict[str, StoredFacts]:
        counts.append(len(names))
        return read(connection, names)

    monkeypatch.setattr(segment_facts, "read", counting)
    return counts


def test_a_day_page_checks_and_states_a_bounded_part(crowded: Crowded, examined: list[int]) -> None:
    view = crowded.marketplace.day(crowded.contract.client, crowded.contract.ctr)
    ordinary, full = view.slots
    assert (ordinary.checked, ordinary.more) == (True, 0)
    assert (full.checked, full.more) == (False, COUNT - page_share.OF_SLOT)
    assert full.seconds == COUNT
    assert (view.badge.checked, view.badge.total, view.badge.ok) == (1, 2, False)
    assert 1 <= sum(examined) <= 1 + page_share.OF_SLOT
    with crowded.marketplace.browser(crowded.contract.client) as browser:
        page = browser.get(f"/contracts/{crowded.contract.ctr}/days/2026-11-18").text
    assert f"{COUNT - page_share.OF_SLOT} more segments, not checked on this page" in page
    assert "Checked by the marketplace: 1 of 2" in page
    assert len(page) < 100_000


def test_the_sums_count_every_segment_once(crowded: Crowded) -> None:
    view: DayView = crowded.marketplace.day(crowded.contract.client, crowded.contract.ctr)
    totals = view.totals
    assert totals.tracked_s == SLOT + COUNT
    shares = (
        totals.payable_s, totals.given_back_s, totals.over_limit_s, totals.overlap_s,
        totals.unpaid_s,
    )  # fmt: skip
    assert sum(shares) == SLOT + COUNT
    # Two passes through the slot, of which each second counts once; segments at a picture time
    # are not payable without a picture.
    assert totals.overlap_s >= COUNT - SLOT - totals.unpaid_s
    assert totals.payable_s <= 2 * SLOT
    home = crowded.marketplace.deps.review.home(
        crowded.marketplace.account(crowded.contract.client)
    )
    assert home.rows[0].today_s == totals.payable_s


def test_all_segments_are_on_the_pages_of_the_slot(crowded: Crowded, examined: list[int]) -> None:
    slot, seen = START + SLOT, []
    with crowded.marketplace.browser(crowded.contract.client) as browser:
        address: str | None = f"/contracts/{crowded.contract.ctr}/slots/{slot}"
        number = 0
        while address is not None:
            examined.clear()
            answer = browser.get(address)
            assert answer.status_code == 200
            # Those on the page, and those of the slot's exceptions.
            assert 1 <= sum(examined) <= 1 + 2 * page_share.OF_SLOT
            assert len(answer.text) < 300_000
            seen += re.findall(r"<h3>.*?Segment</dt><dd><code>([\w-]{43})", answer.text, re.DOTALL)
            first = number * page_share.OF_SLOT + 1
            assert (
                f"Segments {first} to {first + page_share.OF_SLOT - 1} of {COUNT}." in answer.text
            )
            number += 1
            later = re.search(r'href="([^"]*\?part=\d+)">Later segments', answer.text)
            address = later[1] if later else None
            if number > 3:
                # The pages between are like these.
                address = (
                    None if number > 4 else f"{answer.url.path}?part={COUNT // page_share.OF_SLOT}"
                )
                number = COUNT // page_share.OF_SLOT - 1 if address else number
                if address is None:
                    break
    assert len(seen) == len(set(seen)) == 5 * page_share.OF_SLOT
    assert set(seen) <= set(crowded.names)


@pytest.mark.parametrize("part", [COUNT // page_share.OF_SLOT + 1, 999_999_999])
def test_a_page_beyond_the_last_is_not_found(crowded: Crowded, part: int) -> None:
    with crowded.marketplace.browser(crowded.contract.client) as browser:
        address = f"/contracts/{crowded.contract.ctr}/slots/{START + SLOT}"
        assert browser.get(f"{address}?part={part}").status_code == 404
        assert browser.get(f"{address}?part=x").status_code == 404
        assert browser.get(f"/contracts/{crowded.contract.ctr}/slots/{START}").status_code == 200


def test_an_ordinary_slot_is_checked_without_the_crowd_of_the_day(
    crowded: Crowded, examined: list[int]
) -> None:
    marketplace, ctr = crowded.marketplace, crowded.contract.ctr
    client = marketplace.account(crowded.contract.client)
    view = marketplace.deps.review.slot(client, ctr, START, UTC)
    assert (view.pages, view.count, len(view.segments)) == (1, 1, 1)
    assert view.segments[0].payable_s == SLOT
    assert 1 <= sum(examined) <= 1 + page_share.OF_SLOT


@pytest.mark.usefixtures("one_window")
def test_a_device_cannot_fill_a_slot_at_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    low = Throttle(failed="10000/minute", slot="5/day")
    with live_marketplace(tmp_path_factory.mktemp("slow") / "data", throttle=low) as marketplace:
        contract = marketplace.contract()
        device = SimulatedDevice(marketplace.url, marketplace.deps.clock.real_s)
        device.enrol(marketplace.code(contract.freelancer))
        for slot in (START, START + SLOT):
            marketplace.advance_to(slot)
            device.fetch_beacon(slot)
        marketplace.clock.to(START + 2 * SLOT + 3)
        device.sign_in()
        made = [device.work(contract.ctr, START, START + n, START + n + 1) for n in range(6)]
        answers = [device.put_segment(data) for data in made]
        assert [a.status_code for a in answers] == [201] * 5 + [429]
        assert answers[-1].json()["code"] == "too_many"
        assert int(answers[-1].headers["retry-after"]) >= 1
        # Other slots, and other devices, are not affected.
        assert device.put_segment(device.work(contract.ctr, START + SLOT)).status_code == 201
        device.http.close()


def test_a_page_shares_its_checks_between_crowded_slots() -> None:
    class Row:
        def __init__(self, slot: int, number: int) -> None:
            self.slot, self.hash = slot, f"{slot} {number}"

    rows = [Row(slot * SLOT, number) for slot in range(144) for number in range(50)]
    inside = page_share.chosen(rows, 0, 100 * SLOT)  # type: ignore[arg-type]
    assert 100 <= len(inside) <= 600
    assert {name.partition(" ")[0] for name in inside} == {str(n * SLOT) for n in range(100)}
    few = [Row(slot * SLOT, number) for slot in range(144) for number in range(3)]
    assert len(page_share.chosen(few, 0, 144 * SLOT)) == 432  # type: ignore[arg-type]
