"""Time entered by hand: its segments in the record, and its refusals."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from diary.core.slots import SLOT, WEEK, week_of
from diary.log.position import LogPosition
from diary.objects.segment import SealedSegment, parse
from tests.diary.world import AUD, START
from tests.uploader.device_folder import DeviceFolder
from uploader.errors import ChangeError, Problem
from uploader.store.contract_cache import CachedTerms
from uploader.store.edits import Edits
from uploader.store.local_diary import load_day
from uploader.store.manual_time import LONGEST_S, ManualTime

LOCK_S = week_of(START) + WEEK + 12 * 3600


class ManualEntries:
    """Enters time by hand on the device's contract."""

    def __init__(self, device: DeviceFolder, **terms: Any) -> None:
        self.device = device
        self.now_s = START + 24 * SLOT
        self.allow(**terms)

    def allow(self, at_s: int = START - 400, **terms: Any) -> None:
        """Store the contract's terms with these changes, logged at a time."""
        world = self.device.world
        world.terms = replace(world.terms, **terms)
        index = world.log_terms(world.terms, at_s)
        receipt = world.log.receipt(index)
        position = LogPosition(2026, 1, index)
        known = CachedTerms(world.terms, world.terms.digest, position, receipt)
        self.device.outbox.cache.keep_contracts([], [known])

    def add(
        self, t0: int, t1: int, memo: str = "Whiteboard", reason: str = "No computer"
    ) -> list[SealedSegment]:
        world = self.device.world
        ManualTime(
            self.device.outbox,
            world.key,
            AUD,
            world.terms.sub,
            now_ms=lambda: self.now_s * 1000,
            random=world.random,
            zone=lambda: "+01:00",
            app="1.0",
            os="linux",
        ).add(world.ctr, t0, t1, memo, reason)
        return self.sealed()

    def sealed(self) -> list[SealedSegment]:
        files = (self.device.root / "segments").rglob("*.sdjwt")
        return sorted((parse(f.read_bytes()) for f in files), key=lambda each: each.segment.seq)


@pytest.fixture
def ana(device: DeviceFolder) -> ManualEntries:
    return ManualEntries(device)


def refused(ana: ManualEntries, t0: int, t1: int, memo: str = "x", reason: str = "y") -> Problem:
    before = ana.sealed()
    with pytest.raises(ChangeError) as error:
        ana.add(t0, t1, memo, reason)
    assert [each.hash for each in ana.sealed()] == [each.hash for each in before]
    return error.value.code


def test_each_slot_becomes_a_manual_segment_without_measurements(ana: ManualEntries) -> None:
    made = ana.add(START + 300, START + 2 * SLOT + 60)
    spans = [(each.segment.slot, each.segment.t0, each.segment.t1) for each in made]
    assert spans == [
        (START, START + 300, START + SLOT),
        (START + SLOT, START + SLOT, START + 2 * SLOT),
        (START + 2 * SLOT, START + 2 * SLOT, START + 2 * SLOT + 60),
    ]
    for seq, each in enumerate(made):
        assert (each.segment.kind, each.segment.seq, each.segment.pics) == ("manual", seq, 0)
        assert (each.memo, each.note, each.minutes) == ("Whiteboard", "No computer", None)
        assert each.segment.terms == ana.device.world.terms.digest


def test_it_is_in_the_diary_and_in_the_totals_at_once(ana: ManualEntries) -> None:
    ana.add(START, START + 900)
    day = load_day(ana.device.outbox, ana.now_s * 1000, START)
    assert [(entry.kind, entry.note) for entry in day.entries] == [("manual", "No computer")] * 2
    assert day.counted_s == 900


def test_recorded_and_manual_time_share_one_chain(ana: ManualEntries) -> None:
    ana.device.work(START + 6 * SLOT)
    ana.add(START, START + SLOT)
    ana.device.outbox.head(ana.device.world.ctr)
    numbers = [each.segment.seq for each in ana.sealed()]
    kinds = [each.segment.kind for each in ana.sealed()]
    assert (numbers, kinds) == ([0, 1], ["auto", "manual"])
    assert ana.sealed()[1].segment.prev == ana.sealed()[0].hash


@pytest.mark.parametrize(
    ("t0", "t1"),
    [(START, START + SLOT), (START - 60, START + 1), (START + SLOT - 1, START + 2 * SLOT)],
)
def test_time_that_is_recorded_already_is_refused(ana: ManualEntries, t0: int, t1: int) -> None:
    ana.allow(from_s=START - 400)
    ana.device.work(START)
    assert refused(ana, t0, t1) is Problem.MANUAL_OVERLAP


def test_time_beside_recorded_time_and_time_that_was_deleted_can_be_entered(
    ana: ManualEntries,
) -> None:
    name = parse(ana.device.work(START)).hash
    ana.add(START + SLOT, START + 2 * SLOT)
    world, now_ms = ana.device.world, ana.now_s * 1000
    edits = Edits(ana.device.outbox, world.key, AUD, now_ms=lambda: now_ms, random=world.random)
    edits.delete(name, {"time"})
    ana.add(START, START + SLOT)
    assert [each.segment.kind for each in ana.sealed()] == ["auto", "manual", "manual"]


@pytest.mark.parametrize("terms", [{"manual": False}, {"state": "ended"}, {"state": "paused"}])
def test_terms_that_do_not_allow_it_refuse_it(device: DeviceFolder, terms: dict[str, Any]) -> None:
    assert refused(ManualEntries(device, **terms), START, START + SLOT) is Problem.MANUAL_FORBIDDEN


def test_the_terms_of_that_time_decide(ana: ManualEntries) -> None:
    ana.allow(at_s=START + 100, from_s=START + 6 * SLOT, manual=False)
    ana.add(START, START + SLOT)
    assert refused(ana, START + 6 * SLOT, START + 7 * SLOT) is Problem.MANUAL_FORBIDDEN
    # An entry over both is refused as a whole.
    assert refused(ana, START + 5 * SLOT, START + 7 * SLOT) is Problem.MANUAL_FORBIDDEN


def test_time_before_the_terms_is_refused(ana: ManualEntries) -> None:
    begin = ana.device.world.terms.from_s - SLOT
    assert refused(ana, begin, begin + 60) is Problem.MANUAL_FORBIDDEN


def test_it_ends_when_the_week_locks(ana: ManualEntries) -> None:
    ana.now_s = LOCK_S - 1
    ana.add(START, START + SLOT)
    ana.now_s = LOCK_S
    assert refused(ana, START + SLOT, START + 2 * SLOT) is Problem.WEEK_LOCKED


@pytest.mark.parametrize(
    ("t0", "t1", "memo", "reason", "problem"),
    [
        (0, 1, "x", " ", Problem.MANUAL_INVALID),
        (0, 1, "", "y", Problem.MANUAL_INVALID),
        (0, 1, "x" * 2_001, "y", Problem.MANUAL_INVALID),
        (1, 1, "x", "y", Problem.MANUAL_INVALID),
        (2, 1, "x", "y", Problem.MANUAL_INVALID),
        (0, LONGEST_S + 1, "x", "y", Problem.MANUAL_INVALID),
        (0, 24 * SLOT + 1, "x", "y", Problem.MANUAL_AHEAD),
    ],
)
def test_a_wrong_entry_is_refused(
    ana: ManualEntries, t0: int, t1: int, memo: str, reason: str, problem: Problem
) -> None:
    assert refused(ana, START + t0, START + t1, memo, reason) is problem


def test_an_unknown_contract_is_refused(ana: ManualEntries) -> None:
    ana.device.other_contract()
    assert refused(ana, START, START + SLOT) is Problem.MANUAL_FORBIDDEN
