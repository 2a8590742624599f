"""What the check says of an honest diary, and of one in which a single thing is wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from diary.encoding import b64u, digest
from diary.errors import Code, DiaryError
from diary.segment import parse
from diary.times import DAY, SLOT
from diary.verify import authenticate, check
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


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"slot": START + 1}, Code.E_SLOT_ALIGN),
        ({"t1": START + SLOT + 1}, Code.E_TIME_RANGE),
        ({"awake": 597_000}, Code.E_TIME_RANGE),
        ({"up1": 10_000_000 + 603_000}, Code.E_TIME_RANGE),
        ({"terms": b64u(bytes(32))}, Code.E_TERMS),
        ({"prev": b64u(bytes(32))}, Code.E_PREV),
        ({"seq": 5}, Code.E_GAP),
        ({"mom": b64u(bytes(32))}, Code.E_MOMENT),
        ({"mom": None}, Code.E_MOMENT),
        ({"shot": "error"}, Code.W_SHOT_MISSING),
        ({"epoch": 3}, None),
    ],
)
def test_one_wrong_field_is_named(change: dict[str, Any], code: Code | None) -> None:
    world = World()
    world.log_segment(world.work(START, **change))
    found = codes(world)
    if code is None:
        assert found == set()
    else:
        assert code.value in found


def test_a_beacon_of_a_later_slot_is_named() -> None:
    world = World()
    world.add_beacon(START + SLOT)
    world.log_segment(world.work(START, bcn=world.body(START + SLOT).bcn))
    assert "E_BEFORE_BEACON" in codes(world)


def test_an_unknown_beacon_is_named() -> None:
    world = World()
    world.day(1)
    assert codes(world, beacons={}) == {"E_BEACON"}


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


def test_the_next_best_beacon_is_offline_and_class_b() -> None:
    world = World()
    older = world.body(START - SLOT).bcn
    world.beacons[START] = world.beacons[START - SLOT]
    world.log_segment(world.work(START, bcn=older))
    report = check(world.evidence())
    assert {f.code.value for f in report.findings} == {"W_OFFLINE"}
    assert [s.assurance for s in report.segments.values()] == ["B"]


def test_choosing_an_older_beacon_than_before_is_named() -> None:
    world = World()
    world.day(2)
    older = world.body(START).bcn
    world.beacons[START + 2 * SLOT] = world.beacons[START]
    world.log_segment(world.work(START + 2 * SLOT, bcn=older))
    assert "E_BEACON_CHOICE" in codes(world)


@pytest.mark.parametrize("late_ms", [-1, 11_000])
def test_a_picture_out_of_its_moment_is_named(late_ms: int) -> None:
    world = World()
    world.log_segment(world.work(START, late_ms=late_ms))
    assert codes(world) >= {"E_SHOT_TIME"}


@pytest.mark.parametrize("late_ms", [0, 1, 9_999])
def test_a_picture_within_the_tolerance_is_honest(late_ms: int) -> None:
    world = World()
    world.log_segment(world.work(START, late_ms=late_ms))
    assert codes(world) == set()


def test_an_ended_claim_is_refused_where_the_moment_lay_inside() -> None:
    world = World()
    world.log_segment(world.work(START, shot="ended"))
    body = world.body(START + SLOT)
    minutes = world.minutes(body)
    active = sum(row is not None and any(n for n in row[:4] if n) for row in minutes)
    data = world.seal(replace(body, active=active, shot="ended"), "memo", minutes, [])
    world.log_segment(data)
    assert codes(world) == {"E_MOMENT"}


def test_late_receipts() -> None:
    world = World()
    world.log_segment(world.work(START), at_s=START + SLOT + 1801)
    assert codes(world) == {"W_LATE"}
    world = World()
    world.log_segment(world.work(START), at_s=START + SLOT + 60 * DAY + 1)
    report = check(world.evidence())
    assert {f.code.value for f in report.findings} == {"E_LATE"}
    assert [s.assurance for s in report.segments.values()] == ["C"]


def test_received_before_it_ended() -> None:
    world = World()
    world.log_segment(world.work(START), at_s=START + SLOT - 6)
    assert codes(world) == {"E_AFTER_RECEIPT"}


def test_a_fork_falls_on_the_one_logged_later() -> None:
    world = World()
    first = world.work(START, START, START + 100)
    second = world.work(START, START + 100, START + 200, seq=0, prev=world.enrolment.digest)
    world.log_segment(first)
    world.log_segment(second)
    findings = check(world.evidence()).findings
    assert [(f.subject, f.code) for f in findings] == [(parse(second).hash, Code.E_FORK)]


def test_overlap_is_a_warning_and_pays_once() -> None:
    world = World()
    world.log_segment(world.work(START, START, START + 300))
    world.log_segment(world.work(START, START + 200, START + 400, up0=10_200_000))
    report = check(world.evidence())
    assert {f.code.value for f in report.findings} == {"W_OVERLAP"}


def test_a_clock_jump_is_seen_within_one_boot() -> None:
    world = World()
    world.day(1)
    shifted: dict[str, Any] = {"up0": 10_605_000, "up1": 11_205_000}
    world.log_segment(world.work(START + SLOT, **shifted))
    report = check(world.evidence())
    assert {f.code.value for f in report.findings} == {"W_CLOCK_JUMP"}
    assert sorted(s.assurance for s in report.segments.values()) == ["A", "B"]


def test_newer_terms_bind_from_the_beacon_that_shows_them() -> None:
    world = World()
    newer = replace(world.terms, from_s=START - 100, shots=2)
    world.terms_at.append(world.log_terms(newer, START - 200))
    world.log_segment(world.work(START))
    assert "E_TERMS" in codes(world)


def test_backdated_terms_are_void() -> None:
    world = World()
    world.terms_at = [world.log_terms(world.terms, world.terms.from_s + 1)]
    world.day(1)
    assert "E_TERMS" in codes(world)


def test_kept_time_needs_the_terms() -> None:
    world = World()
    world.terms = replace(world.terms, kept=False, from_s=START - 290)
    world.terms_at = [world.log_terms(world.terms, START - 295)]
    world.log_segment(world.work(START, kind="kept"))
    assert "E_KIND" in codes(world)


def test_work_before_the_enrolment_is_named() -> None:
    world = World()
    world.enrolled_at = world.log_object(
        world.log.leaves[world.enrolled_at].type,
        world.enrolment.digest,
        START + 100,
        world.enrolment.kid,
    )
    world.day(1)
    assert "E_DEVICE_UNLOGGED" in codes(world)


def test_withheld_parts_are_said_and_never_cost_pay() -> None:
    world = World()
    (segment,) = world.day(1)
    bare = segment.sdjwt.jws.data + b"~"
    receipt = world.log.receipt(world.logged[segment.hash])
    report = check(world.evidence(segments={segment.hash: (bare, receipt)}))
    assert {f.code.value for f in report.findings} == {"W_WITHHELD"}
    assert report.segments[segment.hash].entry().pays


def test_a_changed_picture_is_named_and_a_missing_one_is_a_warning() -> None:
    world = World()
    (segment,) = world.day(1)
    shot = segment.shots[0] if segment.shots else None
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


def test_authenticate_refuses_strangers_and_other_marketplaces() -> None:
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


def test_the_log_key_comes_from_outside() -> None:
    world = World()
    world.day(1)
    stranger = World(random=world.random).log.signer
    other = replace(stranger, key=world.key)
    found = codes(world, verifiers=(other.verifier,))
    assert "E_CP_SIG" in found
    assert "E_DEVICE_UNLOGGED" in found


def test_the_digest_of_a_beacon_file_is_checked() -> None:
    world = World()
    world.day(1)
    wrong = {digest(data): data + b" " for data in world.beacons.values()}
    assert codes(world, beacons=wrong) == {"E_BEACON"}
