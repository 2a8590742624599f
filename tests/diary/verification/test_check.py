"""The check of an honest diary, and the subjects of its findings."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from diary.core.findings import Code, DiaryError
from diary.core.slots import SLOT
from diary.formats.encoding import digest
from diary.objects.segment import parse
from diary.verification.check import authenticate, check
from diary.verification.evidence import open_beacon
from tests.diary.world import AUD, START, World


def codes(world: World, **changes: object) -> set[str]:
    return {finding.code.value for finding in check(world.evidence(**changes)).findings}


def test_an_honest_day_has_no_findings_and_class_a() -> None:
    world = World()
    segments = world.day(4)
    report = check(world.evidence())
    assert report.findings == ()
    assert [report.segments[s.hash].assurance for s in segments] == ["A"] * 4


@pytest.mark.parametrize("shots", [0, 1, 2, 3])
def test_any_number_of_pictures_a_slot_is_honest(shots: int) -> None:
    world = World(shots=shots)
    world.day(6)
    assert codes(world) == set()


def test_short_segments_within_one_slot_are_honest() -> None:
    world = World()
    for begin in range(0, SLOT, 40):
        data = world.work(START, START + begin, START + begin + 40, end="switch")
        world.log_segment(data)
    report = check(world.evidence())
    assert report.findings == ()
    assert len(report.segments) == 15


def test_a_beacon_logged_too_early_or_too_late_is_void() -> None:
    for at in (START - 121, START + 1):
        world = World()
        world.add_beacon(START, at_s=at)
        world.day(1)
        assert "E_BEACON" in codes(world)


def test_leaf_0_may_be_a_beacon_of_the_running_slot_but_gives_no_class_a() -> None:
    world = World()
    slot = START - SLOT
    # The world's first leaf is the beacon of the slot before START; take one logged inside it.
    fresh = World()
    fresh.log.leaves.clear()
    fresh.log.nodes.clear()
    fresh.log.objects.clear()
    fresh.beacons.clear()
    fresh.add_beacon(slot, at_s=slot + 10)
    fresh.enrolled_at = fresh.log_object(
        world.log.leaves[1].type, fresh.enrolment.digest, slot + 20, fresh.enrolment.kid
    )
    fresh.terms = replace(fresh.terms, from_s=slot + 30)
    fresh.terms_at = [fresh.log_terms(fresh.terms, slot + 30)]
    fresh.log_segment(fresh.work(slot, slot + 60, slot + SLOT))
    report = check(fresh.evidence())
    assert report.findings == ()
    assert [s.assurance for s in report.segments.values()] == ["B"]


@pytest.mark.parametrize("late_ms", [-1, 11_000])
def test_a_picture_out_of_its_picture_time_is_named(late_ms: int) -> None:
    world = World()
    world.log_segment(world.work(START, late_ms=late_ms))
    assert codes(world) >= {"E_SHOT_TIME"}


@pytest.mark.parametrize("late_ms", [0, 1, 9_999])
def test_a_picture_within_the_tolerance_is_honest(late_ms: int) -> None:
    world = World()
    world.log_segment(world.work(START, late_ms=late_ms))
    assert codes(world) == set()


def test_an_ended_claim_is_refused_where_the_picture_time_lay_inside() -> None:
    world = World()
    world.log_segment(world.work(START, shot="ended"))
    body = world.body(START + SLOT)
    minutes = world.minutes(body)
    active = sum(row is not None and any(n for n in row[:4] if n) for row in minutes)
    data = world.seal(replace(body, active=active, shot="ended"), "memo", minutes, [])
    world.log_segment(data)
    assert codes(world) == {"E_MOMENT"}


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
@pytest.mark.parametrize("logged", [1, 2, 3])
def test_all_segments_of_a_fork_but_the_one_logged_first_have_a_finding(
    order: tuple[int, ...], logged: int
) -> None:
    world = World(shots=0)
    first = world.enrolment.digest
    made = [
        world.work(START, START + i * 100, START + i * 100 + 100, seq=0, prev=first)
        for i in range(3)
    ]
    for i in order[:logged]:
        world.log_segment(made[i], START + 400)
    findings = check(world.evidence()).findings
    spared = parse(made[order[0]]).hash
    others = {parse(data).hash for data in made} - {spared}
    assert {(f.subject, f.code) for f in findings} == {(name, Code.E_FORK) for name in others}


def test_of_unlogged_forks_all_but_the_least_hash_are_findings() -> None:
    world = World(shots=0)
    first = world.enrolment.digest
    made = [world.work(START, START + i, START + i + 9, seq=0, prev=first) for i in range(9)]
    forked = {f.subject for f in check(world.evidence()).findings if f.code is Code.E_FORK}
    names = sorted(parse(data).hash for data in made)
    assert forked == set(names[1:])


def test_a_changed_picture_is_named_and_a_missing_one_is_a_warning() -> None:
    world = World()
    (segment,) = world.day(1)
    shot = segment.pictures[0] if segment.pictures else None
    assert shot is not None
    world.blobs[shot.blob.sha256] = b"x" * shot.blob.bytes
    del world.blobs[shot.thumb.sha256]
    assert codes(world) == {"E_SHOT_HASH", "W_BLOB_MISSING"}


def test_every_byte_of_a_segment_and_its_receipt_counts() -> None:
    world = World()
    (segment,) = world.day(1)
    data = world.segments[0]
    receipt = world.log.receipt(world.logged[segment.hash])
    for at in range(0, len(data), 7):
        changed = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        assert codes(world, segments={segment.hash: (changed, receipt)}), at
    for at in range(0, len(receipt), 7):
        changed = receipt[:at] + bytes([receipt[at] ^ 1]) + receipt[at + 1 :]
        found = codes(world, segments={segment.hash: (data, changed)})
        assert "E_INCLUSION" in found, at


def test_a_segment_kept_under_the_name_of_another_is_named() -> None:
    world = World()
    first, second = world.day(2)
    swapped = {first.hash: (world.segments[1], None), second.hash: (world.segments[1], None)}
    assert (first.hash, Code.E_SIG) in {
        (f.subject, f.code) for f in check(world.evidence(segments=swapped)).findings
    }


def test_authenticate_refuses_other_accounts_and_other_marketplaces() -> None:
    world = World()
    data = world.work(START)
    enrolled = {world.enrolment.kid: world.enrolment}
    assert authenticate(data, enrolled.get, AUD).memo == "Write tests"
    with pytest.raises(DiaryError) as error:
        authenticate(data, lambda _: None, AUD)
    assert error.value.code is Code.E_KID_UNKNOWN
    with pytest.raises(DiaryError) as error:
        authenticate(data, enrolled.get, "other.example")
    assert error.value.code is Code.E_KID_UNKNOWN


def test_the_log_key_is_given_by_the_caller() -> None:
    world = World()
    world.day(1)
    stranger = World(random=world.random).log.signer
    other = replace(stranger, key=world.key)
    found = codes(world, verifiers=(other.verifier,))
    assert "E_CP_SIG" in found
    assert "E_DEVICE_UNLOGGED" in found


def test_a_beacon_file_is_verified_alone() -> None:
    world = World()
    opened = open_beacon(world.beacons[START - SLOT], [world.log.signer.verifier])
    assert (opened.beacon.slot, opened.position.leaf) == (START - SLOT, 0)


def test_the_digest_of_a_beacon_file_is_checked() -> None:
    world = World()
    world.day(1)
    wrong = {digest(data): data + b" " for data in world.beacons.values()}
    assert codes(world, beacons=wrong) == {"E_BEACON"}
