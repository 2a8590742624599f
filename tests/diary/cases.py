"""Each finding code, from an otherwise honest diary with exactly that fault.

A case is a function that creates the evidence, and the codes that its check must find, no more and
no fewer. The tests check them, and `tests/vectors` writes them for other verifiers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from diary.core.slots import DAY, SLOT, WEEK, week_of
from diary.formats import sd_jwt
from diary.formats.ed25519 import SigningKey, jwk
from diary.formats.encoding import b64url_encode, canonical, digest
from diary.formats.jws import parse as parse_jws
from diary.formats.jws import sign
from diary.log.leaf import LeafType, contract_attr
from diary.objects.beacon import Beacon
from diary.objects.enrolment import TYP as DEVICE_TYP
from diary.objects.picture import Picture
from diary.objects.picture_times import pick_times, scheduled_times
from diary.objects.segment import TYP, BeaconRef, parse
from diary.verification.evidence import Evidence
from tests.diary.world import START, Log, World

Case = Callable[[], Evidence]
#: In the order of imports; `tests.diary.all_cases` has all of them in a fixed order.
CASES: list[tuple[str, set[str], Case]] = []


def case(*codes: str) -> Callable[[Case], Case]:
    """Register a case: the function creates the evidence, `codes` are all findings."""

    def note(function: Case) -> Case:
        CASES.append((function.__name__, set(codes), function))
        return function

    return note


def plain(**changes: Any) -> World:
    """A world without pictures, so that a wrong time has no other effect."""
    return World(shots=0, **changes)


def one(
    world: World | None = None,
    t0: int | None = None,
    t1: int | None = None,
    /,
    *,
    at_s: float | None = None,
    **changes: Any,
) -> Evidence:
    """The evidence of one segment with changed fields."""
    world = world or plain()
    world.log_segment(world.work(START, t0, t1, **changes), at_s)
    return world.evidence()


def resigned(world: World, data: bytes, **header: Any) -> Evidence:
    """The segment with another header, properly signed."""
    head, body, _ = data.partition(b"~")[0].split(b".")
    made = canonical({"alg": "Ed25519", "kid": world.key.kid, "typ": TYP} | header)
    head = b64url_encode(made).encode()
    forged = head + b"." + body
    forged += b"." + b64url_encode(world.key.sign(forged)).encode() + b"~" + data.partition(b"~")[2]
    return world.evidence(segments={digest(forged.partition(b"~")[0]): (forged, None)})


@case()
def honest() -> Evidence:
    world = World(shots=2)
    world.day(3)
    return world.evidence()


@case()
def nothing_at_all() -> Evidence:
    return replace(World().evidence(), devices=[], terms=[], beacons={})


@case()
def not_logged_yet() -> Evidence:
    world = World()
    world.work(START)
    return world.evidence()


@case("E_FORMAT")
def not_a_segment() -> Evidence:
    return plain().evidence(segments={"x": (b"x~", None)})


@case("E_ALG")
def another_algorithm() -> Evidence:
    world = plain()
    return resigned(world, world.work(START), alg="EdDSA")


@case("E_TYP")
def another_type() -> Evidence:
    world = plain()
    return resigned(world, world.work(START), typ="wd-tombstone+jwt")


@case("E_KID_UNKNOWN")
def another_key_in_the_header() -> Evidence:
    world = plain()
    return resigned(world, world.work(START), kid=b64url_encode(bytes(32)))


@case("E_KID_UNKNOWN")
def of_another_freelancer() -> Evidence:
    return one(sub=b64url_encode(bytes(16)))


@case("E_KID_UNKNOWN")
def of_another_marketplace() -> Evidence:
    return one(aud="other.example")


@case("E_SIG")
def another_signature() -> Evidence:
    world = plain()
    signed, *rest = world.work(START).split(b"~")
    body = signed[: signed.rindex(b".")]
    signed = body + b"." + b64url_encode(SigningKey.from_seed(b"k" * 32).sign(body)).encode()
    return world.evidence(segments={digest(signed): (b"~".join([signed, *rest]), None)})


@case("E_SIG")
def another_segment_under_the_name() -> Evidence:
    world = plain()
    data = world.work(START)
    return world.evidence(segments={b64url_encode(bytes(32)): (data, None)})


@case("E_KEY_WEAK", "E_DEVICE_UNLOGGED")
def a_weak_key() -> Evidence:
    world = plain()
    payload = parse_jws(world.enrolment.data, DEVICE_TYP).payload
    weak = sign(payload | {"jwk": jwk(bytes(32))}, DEVICE_TYP, world.key)
    good = (world.enrolment.data, world.log.receipt(world.enrolled_at))
    return world.evidence(devices=[good, (weak, b"")])


@case("E_DEVICE_UNLOGGED", "E_INCLUSION")
def an_enrolment_that_is_not_in_the_log() -> Evidence:
    world = plain()
    return world.evidence(devices=[(world.enrolment.data, world.log.receipt(0))])


@case("E_DEVICE_UNLOGGED", "E_KID_UNKNOWN")
def an_enrolment_under_another_kid() -> Evidence:
    world = plain()
    at = world.log_object(
        LeafType.DEVICE, world.enrolment.digest, START - 350, b64url_encode(bytes(32))
    )
    world.work(START)
    return world.evidence(devices=[(world.enrolment.data, world.log.receipt(at))])


@case("E_DEVICE_UNLOGGED")
def an_enrolment_elsewhere() -> Evidence:
    world = plain()
    payload = parse_jws(world.enrolment.data, DEVICE_TYP).payload
    data = sign(payload | {"aud": "other.example"}, DEVICE_TYP, world.key)
    at = world.log_object(LeafType.DEVICE, digest(data), START - 350, world.key.kid)
    return world.evidence(devices=[(data, world.log.receipt(at))])


@case("E_DEVICE_UNLOGGED")
def work_before_the_enrolment() -> Evidence:
    world = plain()
    world.add_beacon(START)
    world.enrolled_at = world.log_object(
        LeafType.DEVICE, world.enrolment.digest, START + 6, world.enrolment.kid
    )
    return one(world)


@case()
def the_first_leaf_of_an_enrolment_counts() -> Evidence:
    world = plain()
    world.add_beacon(START)
    again = world.log_object(
        LeafType.DEVICE, world.enrolment.digest, START + 6, world.enrolment.kid
    )
    world.day(1)
    receipts = [world.log.receipt(at) for at in (again, world.enrolled_at, again)]
    return world.evidence(devices=[(world.enrolment.data, receipt) for receipt in receipts])


@case("E_CP_SIG", "E_INCLUSION")
def a_receipt_of_another_log() -> Evidence:
    world = plain()
    data = world.work(START)
    stranger = World(log=Log("stranger")).log.receipt(0)
    return world.evidence(segments={parse(data).hash: (data, stranger)})


@case("E_INCLUSION")
def a_receipt_of_another_object() -> Evidence:
    world = plain()
    data = world.work(START)
    return world.evidence(segments={parse(data).hash: (data, world.log.receipt(0))})


@case("E_FORK")
def a_fork() -> Evidence:
    world = plain()
    world.log_segment(world.work(START, START, START + 100))
    first = world.enrolment.digest
    world.log_segment(world.work(START, START + 100, START + 200, seq=0, prev=first))
    return world.evidence()


@case("E_FORK")
def a_fork_that_is_not_logged_falls_behind() -> Evidence:
    world = plain()
    first = world.enrolment.digest
    world.work(START, START, START + 100)
    world.log_segment(world.work(START, START + 100, START + 200, seq=0, prev=first))
    return world.evidence()


@case("E_GAP")
def a_gap() -> Evidence:
    world = plain()
    segments = world.day(3)
    evidence = world.evidence()
    kept = {name: evidence.segments[name] for name in (segments[0].hash, segments[2].hash)}
    return replace(evidence, segments=kept)


@case("E_GAP")
def a_part_of_the_diary_has_a_gap_within_only() -> Evidence:
    world = plain()
    segments = world.day(5)
    evidence = world.evidence(partial=True)
    kept = {segments[i].hash: evidence.segments[segments[i].hash] for i in (1, 2, 4)}
    return replace(evidence, segments=kept)


@case()
def a_part_of_the_diary_begins_anywhere() -> Evidence:
    world = plain()
    segments = world.day(3)
    evidence = world.evidence(partial=True)
    kept = {segment.hash: evidence.segments[segment.hash] for segment in segments[1:]}
    return replace(evidence, segments=kept)


@case("E_PREV")
def a_chain_that_does_not_begin_at_the_enrolment() -> Evidence:
    return one(prev=b64url_encode(bytes(32)))


@case("E_PREV")
def a_broken_chain() -> Evidence:
    world = plain()
    world.day(1)
    world.log_segment(world.work(START + SLOT, prev=b64url_encode(bytes(32))))
    return world.evidence()


@case("W_EPOCH")
def a_restored_backup() -> Evidence:
    world = plain()
    world.day(1)
    world.log_segment(world.work(START + SLOT, epoch=1))
    world.log_segment(world.work(START + 2 * SLOT, epoch=1))
    return world.evidence()


@case("E_SLOT_ALIGN", "W_OFFLINE")
def a_slot_at_an_odd_minute() -> Evidence:
    world = plain()
    own = BeaconRef(START, digest(world.add_beacon(START)))
    world.beacons[START + 60] = world.beacons[START]
    world.log_segment(world.work(START + 60, bcn=own))
    return world.evidence()


@case("E_TIME_RANGE")
def longer_than_its_slot() -> Evidence:
    return one(plain(), START, START + SLOT + 1)


@case("E_TIME_RANGE")
def before_its_slot() -> Evidence:
    return one(plain(), START - 1, START + 10)


@case("E_TIME_RANGE")
def backwards() -> Evidence:
    return one(plain(), START + 70, START + 65, awake=0, up1=10_070_000)


@case("E_TIME_RANGE")
def longer_than_the_time_awake() -> Evidence:
    return one(awake=597_999)


@case("E_TIME_RANGE")
def shorter_than_the_time_awake() -> Evidence:
    return one(awake=602_001)


@case()
def the_time_awake_within_its_slack() -> Evidence:
    return one(awake=598_000, up1=10_000_000 + 600_000)


@case("E_TIME_RANGE")
def the_machine_slept_in_it() -> Evidence:
    return one(up1=10_000_000 + 602_001)


@case("E_TERMS")
def no_such_terms() -> Evidence:
    return one(terms=b64url_encode(bytes(32)))


@case("E_TERMS")
def terms_of_another_contract() -> Evidence:
    return one(ctr=b64url_encode(bytes(16)))


@case("E_TERMS")
def terms_that_begin_later() -> Evidence:
    world = plain()
    world.terms = replace(world.terms, from_s=START + 1)
    world.terms_at.append(world.log_terms(world.terms, START - 200))
    return one(world)


@case("E_TERMS")
def a_contract_that_is_paused() -> Evidence:
    world = plain()
    world.terms = replace(world.terms, state="paused", from_s=START - 100)
    world.terms_at = [world.log_terms(world.terms, START - 200)]
    return one(world)


@case("E_TERMS")
def newer_terms_that_the_device_had_seen() -> Evidence:
    world = plain()
    newer = replace(world.terms, from_s=START - 100, limit_s=3600)
    world.terms_at.append(world.log_terms(newer, START - 200))
    return one(world)


@case()
def newer_terms_that_the_device_had_not_seen() -> Evidence:
    world = plain()
    world.add_beacon(START)
    newer = replace(world.terms, from_s=START, limit_s=3600)
    world.terms_at.append(world.log_terms(newer, START - 30))
    return one(world)


@case()
def newer_terms_that_begin_later() -> Evidence:
    world = plain()
    newer = replace(world.terms, from_s=START + 1, limit_s=3600)
    world.terms_at.append(world.log_terms(newer, START - 200))
    return one(world)


@case("E_TERMS")
def newer_terms_before_a_manual_segment_was_logged() -> Evidence:
    world = plain()
    newer = replace(world.terms, from_s=START, limit_s=3600)
    world.add_beacon(START)
    world.terms_at.append(world.log_terms(newer, START - 30))
    world.log_segment(world.manual(START))
    return world.evidence()


@case()
def newer_terms_bind_no_manual_segment_that_is_not_logged() -> Evidence:
    world = plain()
    newer = replace(world.terms, from_s=START, limit_s=3600)
    world.add_beacon(START)
    world.terms_at.append(world.log_terms(newer, START - 30))
    world.manual(START)
    return world.evidence()


@case("E_TERMS")
def backdated_terms_count_for_nothing() -> Evidence:
    world = plain()
    late = world.log_terms(world.terms, world.terms.from_s + 1)
    return world.evidence(terms=[world.log.receipt(late)])


@case("E_TERMS")
def terms_under_another_contracts_leaf() -> Evidence:
    world = plain()
    data = world.terms.data()
    at = world.log_object(LeafType.TERMS, digest(data), START - 350, contract_attr("x"), data)
    return world.evidence(terms=[world.log.receipt(at)])


@case("E_FORMAT")
def terms_that_cannot_be_read() -> Evidence:
    world = plain()
    data = b'{"v":1}'
    at = world.log_object(LeafType.TERMS, digest(data), START - 350, "", data)
    return world.evidence(terms=[world.log.receipt(at)])


@case("E_KIND")
def kept_time_that_the_terms_do_not_allow() -> Evidence:
    world = plain()
    world.terms = replace(world.terms, kept=False)
    world.terms_at = [world.log_terms(world.terms, START - 350)]
    return one(world, kind="kept")


@case("E_KIND")
def manual_time_that_the_terms_do_not_allow() -> Evidence:
    world = plain()
    world.terms = replace(world.terms, manual=False)
    world.terms_at = [world.log_terms(world.terms, START - 350)]
    world.log_segment(world.manual(START))
    return world.evidence()


#: The week of START locks then, by the world's terms.
LOCK = week_of(START) + WEEK + 43_200


@case()
def manual_time_just_before_the_lock() -> Evidence:
    world = plain()
    world.log_segment(world.manual(START), LOCK - 0.001)
    return world.evidence()


@case("E_LATE")
def manual_time_at_the_lock() -> Evidence:
    world = plain()
    world.log_segment(world.manual(START), LOCK)
    return world.evidence()


@case("E_LATE")
def manual_time_after_25_days() -> Evidence:
    world = plain()
    world.log_segment(world.manual(START), START + 25 * DAY)
    return world.evidence()


@case("E_LATE")
def manual_time_after_400_days() -> Evidence:
    world = plain()
    world.log_segment(world.manual(START), START + 400 * DAY)
    return world.evidence()


@case("E_LATE", "E_TERMS")
def manual_time_without_terms_is_late_when_its_week_ends() -> Evidence:
    world = plain()
    world.log_segment(world.manual(START), week_of(START) + WEEK)
    return world.evidence(terms=[])


@case()
def manual_time_that_is_not_logged_is_not_late() -> Evidence:
    world = plain()
    world.manual(START)
    return world.evidence()


@case("W_LATE")
def recorded_time_after_the_lock_is_not_too_late() -> Evidence:
    return one(at_s=LOCK)


@case("E_LATE")
def received_after_60_days() -> Evidence:
    return one(at_s=START + SLOT + 60 * DAY + 1)


@case("E_LATE")
def kept_time_received_after_60_days() -> Evidence:
    return one(at_s=START + SLOT + 60 * DAY + 1, kind="kept")


@case("W_LATE")
def received_after_half_an_hour() -> Evidence:
    return one(at_s=START + SLOT + 1801)


@case()
def received_just_in_time() -> Evidence:
    return one(at_s=START + SLOT + 1800)


@case()
def kept_time_received_after_half_an_hour() -> Evidence:
    return one(at_s=START + SLOT + 1801, kind="kept")


@case("E_AFTER_RECEIPT")
def received_before_it_ended() -> Evidence:
    return one(at_s=START + SLOT - 6)


@case("E_BEACON")
def a_beacon_that_nobody_shows() -> Evidence:
    world = plain()
    world.day(1)
    return world.evidence(beacons={})


@case("E_BEACON")
def a_beacon_of_another_slot_than_it_says() -> Evidence:
    world = plain()
    world.add_beacon(START)
    later = world.add_beacon(START + SLOT)
    return one(world, bcn=BeaconRef(START, digest(later)))


@case("E_BEACON")
def a_beacon_under_another_slots_leaf() -> Evidence:
    world = plain()
    data = Beacon(START, bytes(32)).data()
    at = world.log_object(LeafType.BEACON, digest(data), START - 60, "7", data)
    world.beacons[START] = world.log.receipt(at)
    return world.evidence()


@case("E_INCLUSION")
def a_beacon_file_that_proves_something_else() -> Evidence:
    world = plain()
    world.beacons[START] = world.log.receipt(world.enrolled_at)
    return world.evidence()


@case("E_CP_SIG")
def a_beacon_file_of_another_log() -> Evidence:
    world = plain()
    world.beacons[START] = World(log=Log("stranger")).log.receipt(0)
    return world.evidence()


@case("E_BEFORE_BEACON")
def a_beacon_of_a_later_slot() -> Evidence:
    world = plain()
    world.add_beacon(START)
    return one(world, bcn=BeaconRef(START + SLOT, digest(world.add_beacon(START + SLOT))))


@case("W_OFFLINE")
def an_older_beacon() -> Evidence:
    world = plain()
    return one(world, bcn=world.body(START - SLOT).bcn)


@case("W_OFFLINE")
def pictures_at_the_moments_of_a_slot_without_a_beacon() -> Evidence:
    world = World(shots=3)
    return one(world, bcn=world.body(START - SLOT).bcn)


def with_an_older_beacon(kind: Any, at: Callable[[int, tuple[int, ...]], int]) -> Evidence:
    """One picture in a slot without a beacon, at the time that `at` chooses from the time drawn
    from the older beacon's value and the times that count.
    """
    world = World()
    older, body = world.body(START - SLOT).bcn, world.body(START)
    value = world.moments.value(START)
    assert value is not None
    (due,) = scheduled_times(value, world.beacon_value(START - SLOT), START, START, 1)
    drawn = pick_times(value, bytes(32), START)
    body = replace(body, kind=kind, bcn=older, pics=1, shot="ok", active=9)
    picture = world.picture(at(due, drawn))
    world.log_segment(world.seal(body, "memo", world.minutes(body), [picture]))
    return world.evidence()


@case("E_SHOT_TIME", "W_OFFLINE")
def a_picture_at_the_moment_that_an_older_beacon_would_draw() -> Evidence:
    return with_an_older_beacon("auto", lambda due, _: due)


@case("W_OFFLINE")
def a_kept_picture_at_a_draw_of_a_slot_without_a_beacon() -> Evidence:
    return with_an_older_beacon("kept", lambda _, drawn: drawn[40])


@case("E_SHOT_TIME", "W_OFFLINE")
def a_kept_picture_at_no_draw_of_a_slot_without_a_beacon() -> Evidence:
    return with_an_older_beacon("kept", lambda _, drawn: min(drawn) - 1)


@case("E_BEACON_CHOICE", "W_OFFLINE")
def an_older_beacon_than_was_used_before() -> Evidence:
    world = plain()
    world.day(2)
    world.log_segment(world.work(START + 2 * SLOT, bcn=world.body(START).bcn))
    return world.evidence()


@case("W_EPOCH", "W_OFFLINE")
def an_older_beacon_after_a_restored_backup() -> Evidence:
    world = plain()
    world.day(2)
    world.log_segment(world.work(START + 2 * SLOT, bcn=world.body(START).bcn, epoch=1))
    return world.evidence()


@case("W_OFFLINE")
def kept_time_may_use_an_older_beacon() -> Evidence:
    world = plain()
    world.day(2)
    older = world.body(START).bcn
    world.log_segment(world.work(START + 2 * SLOT, bcn=older, kind="kept"))
    return world.evidence()


@case("E_MOMENT")
def a_moment_value_of_another_chain() -> Evidence:
    return one(World(), mom=b64url_encode(bytes(32)))


@case("E_MOMENT")
def no_moment_value_though_an_anchor_covers_the_slot() -> Evidence:
    return one(World(), mom=None)


@case("E_MOMENT")
def a_moment_value_where_no_anchor_is() -> Evidence:
    world = World(week0=week_of(START) - 56 * 7 * DAY)
    return one(world, mom=b64url_encode(bytes(32)))


@case()
def no_moment_value_past_the_anchors() -> Evidence:
    return one(World(week0=week_of(START) - 56 * 7 * DAY))


@case("E_MOMENT")
def no_pictures_where_the_terms_ask_for_them() -> Evidence:
    world = World()
    body = replace(world.body(START), active=9, shot="none")
    world.log_segment(world.seal(body, "memo", world.minutes(body), []))
    return world.evidence()


@case("E_MOMENT")
def pictures_where_the_terms_ask_for_none() -> Evidence:
    return one(shot="ended")


def pictured(world: World, offsets: list[int], *, shot: str = "ok", **times: int) -> Evidence:
    """One segment with pictures `offsets` ms after the slot's picture times, in their order."""
    body = world.body(START, **times)
    value = world.moments.value(START)
    assert value is not None
    due = scheduled_times(value, world.beacon_value(START), START, body.t0, len(offsets))
    shots = [world.picture(d + offset) for d, offset in zip(due, offsets, strict=True)]
    minutes = world.minutes(body)
    active = sum(row is not None and any(row[:4]) for row in minutes)
    body = replace(body, pics=len(shots), shot=shot, active=active)  # type: ignore[arg-type]
    world.log_segment(world.seal(body, "memo", minutes, shots))
    return world.evidence()


@case()
def pictures_at_their_moments() -> Evidence:
    return pictured(World(shots=3), [0, 5_000, 10_000])


@case("E_MOMENT", "E_SHOT_TIME")
def one_picture_too_many() -> Evidence:
    return pictured(World(shots=1), [0, 0])


@case("E_MOMENT")
def one_picture_too_few() -> Evidence:
    return pictured(World(shots=2), [0])


@case("E_MOMENT")
def said_to_have_ended_before_a_moment_that_lay_inside() -> Evidence:
    return pictured(World(shots=2), [0], shot="ended")


@case("W_SHOT_MISSING")
def a_picture_that_failed() -> Evidence:
    return pictured(World(shots=2), [0], shot="locked")


@case("W_SHOT_MISSING", "N_MASKED")
def pictures_that_were_masked_whole() -> Evidence:
    return pictured(World(shots=1), [], shot="masked")


@case("E_SHOT_TIME")
def a_picture_too_late() -> Evidence:
    return pictured(World(shots=1), [10_001])


@case("E_SHOT_TIME")
def a_picture_too_early() -> Evidence:
    return pictured(World(shots=1), [-1])


@case("E_SHOT_TIME")
def a_picture_of_the_same_moment_twice() -> Evidence:
    world = World(shots=2)
    value, body = world.moments.value(START), world.body(START)
    assert value is not None
    first, second = scheduled_times(value, world.beacon_value(START), START, START, 2)
    return pictured(world, [0, first - second], t0=body.t0, t1=body.t1)


def kept(world: World, at: Callable[[list[int]], list[int]]) -> Evidence:
    """A kept segment with pictures at the times that `at` chooses from the slot's draws."""
    value, body = world.moments.value(START), world.body(START)
    assert value is not None
    shots: list[Picture] = [
        world.picture(ms) for ms in at(list(pick_times(value, world.beacon_value(START), START)))
    ]
    body = replace(body, kind="kept", pics=len(shots), shot="ok", active=9)
    world.log_segment(world.seal(body, "memo", world.minutes(body), shots))
    return world.evidence()


@case()
def a_kept_picture_at_any_draw_of_the_slot() -> Evidence:
    return kept(World(), lambda due: [due[40] + 10_000])


@case()
def kept_time_without_a_picture() -> Evidence:
    return kept(World(), lambda _: [])


@case("E_SHOT_TIME")
def a_kept_picture_at_no_draw() -> Evidence:
    return kept(World(), lambda due: [min(due) - 1])


@case("E_DISC_UNMATCHED")
def a_disclosure_of_another_segment() -> Evidence:
    world = plain()
    (segment,) = world.day(1)
    extra = b64url_encode(canonical([b64url_encode(bytes(16)), "memo", "another"])).encode()
    evidence = world.evidence()
    data, receipt = evidence.segments[segment.hash]
    return replace(evidence, segments={segment.hash: (data + extra + b"~", receipt)})


@case("E_DISC_DUP")
def a_disclosure_twice() -> Evidence:
    world = plain()
    (segment,) = world.day(1)
    evidence = world.evidence()
    data, receipt = evidence.segments[segment.hash]
    again = data + data.split(b"~")[1] + b"~"
    return replace(evidence, segments={segment.hash: (again, receipt)})


@case("E_DISC_DUP", "W_WITHHELD")
def a_disclosure_that_would_change_a_signed_field() -> Evidence:
    world = plain()
    body = world.body(START)
    parts = [("memo", "m"), ("minutes", [[0] * 5] * 10), ("t1", START + 1)]
    payload = {**body.payload(), "shot": "none"}
    world.segments.append(sd_jwt.issue(payload, parts, TYP, world.key, world.random))
    return world.evidence()


@case("W_WITHHELD")
def a_part_withheld() -> Evidence:
    world = plain()
    (segment,) = world.day(1)
    evidence = world.evidence()
    data, receipt = evidence.segments[segment.hash]
    bare = b"~".join([*data.split(b"~")[:-2], b""])
    return replace(evidence, segments={segment.hash: (bare, receipt)})


@case("E_SHOT_HASH")
def a_picture_that_was_changed() -> Evidence:
    world = World()
    (segment,) = world.day(1)
    blob = segment.pictures[0].blob
    world.blobs[blob.sha256] = bytes(blob.bytes)
    return world.evidence()


@case("E_SHOT_HASH")
def a_picture_of_another_length() -> Evidence:
    world = World()
    (segment,) = world.day(1)
    thumb = segment.pictures[0].thumb
    world.blobs[thumb.sha256] += b"x"
    return world.evidence()


@case("W_BLOB_MISSING")
def a_picture_that_has_not_arrived() -> Evidence:
    world = World()
    (segment,) = world.day(1)
    del world.blobs[segment.pictures[0].blob.sha256]
    return world.evidence()


@case()
def pictures_are_looked_at_only_if_they_are_given() -> Evidence:
    world = World()
    world.day(1)
    return world.evidence(blob=None)


@case("N_MASKED")
def a_picture_with_a_mask() -> Evidence:
    world = World()
    body = world.body(START)
    value = world.moments.value(START)
    assert value is not None
    (due,) = scheduled_times(value, world.beacon_value(START), START, START, 1)
    shot = replace(world.picture(due), redacted=((0, 0, 10, 10),))
    body = replace(body, active=9, pics=1, shot="ok")
    world.log_segment(world.seal(body, "memo", world.minutes(body), [shot]))
    return world.evidence()


@case("W_OVERLAP")
def seconds_that_were_claimed_before() -> Evidence:
    world = plain()
    world.log_segment(world.work(START, START, START + 300))
    world.log_segment(world.work(START, START + 200, START + 400))
    return world.evidence()


@case("W_CLOCK_JUMP")
def a_clock_that_was_moved() -> Evidence:
    world = plain()
    world.day(1)
    world.log_segment(world.work(START + SLOT, up0=10_602_001, up1=11_202_001))
    return world.evidence()


@case()
def a_clock_that_was_moved_while_the_machine_was_off() -> Evidence:
    world = plain()
    world.day(1)
    later: dict[str, Any] = {"up0": 5_000, "up1": 605_000, "boot": b64url_encode(bytes(16))}
    world.log_segment(world.work(START + SLOT, **later))
    return world.evidence()


@case()
def manual_time_has_no_clock_to_compare() -> Evidence:
    world = plain()
    world.day(1)
    world.log_segment(world.manual(START + SLOT))
    world.log_segment(world.work(START + 2 * SLOT))
    return world.evidence()
