"""Cases that isolate single rules: two verifiers that differ in one rule differ in one of these.
See `tests.diary.cases`.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

from diary.core.slots import SLOT
from diary.formats import sd_jwt
from diary.formats.encoding import b64_encode, b64url_encode, digest
from diary.formats.jws import parse as parse_jws
from diary.formats.jws import sign
from diary.log.checkpoint import Checkpoint
from diary.log.leaf import LeafType, contract_attr
from diary.log.receipt import Receipt
from diary.objects.enrolment import TYP as DEVICE_TYP
from diary.objects.picture_times import pick_times, scheduled_times
from diary.objects.segment import TYP, parse
from diary.verification.evidence import BlobFacts, Evidence
from tests.diary import cases_later as later
from tests.diary.cases import case, plain
from tests.diary.world import AUD, START, Random, World

END = START + SLOT


def with_receipt(world: World, **changes: Any) -> Evidence:
    """The first segment's receipt changed."""
    evidence = world.evidence()
    name = parse(world.segments[0]).hash
    data, receipt = evidence.segments[name]
    assert receipt is not None
    changed = replace(Receipt.parse(receipt), **changes).data()
    return replace(evidence, segments={**evidence.segments, name: (data, changed)})


# Receipts


@case("E_INCLUSION")
def a_proof_in_another_order() -> Evidence:
    world = plain()
    world.day(2)
    proof = Receipt.parse(world.log.receipt(world.logged[parse(world.segments[0]).hash])).proof
    return with_receipt(world, proof=proof[::-1])


@case("E_INCLUSION")
def a_proof_of_another_place() -> Evidence:
    world = plain()
    world.day(2)
    return with_receipt(world, index=2)


@case("E_INCLUSION")
def a_leaf_of_another_type() -> Evidence:
    world = plain()
    name = parse(world.work(START)).hash
    world.logged[name] = world.log_object(LeafType.AMEND, name, END + 3)
    return world.evidence()


@case("E_INCLUSION")
def an_object_that_is_not_the_leafs() -> Evidence:
    world = plain()
    receipt = Receipt.parse(world.log.receipt(world.terms_at[0]))
    other = replace(world.terms, kept=False).data()
    return world.evidence(terms=[replace(receipt, object=other).data()])


@case("E_INCLUSION")
def an_object_that_is_not_inside() -> Evidence:
    world = plain()
    receipt = Receipt.parse(world.log.receipt(world.terms_at[0]))
    return world.evidence(terms=[replace(receipt, object=None).data()])


@case("E_FORMAT")
def an_object_of_no_bytes() -> Evidence:
    world = plain()
    at = world.log_object(LeafType.REVIEW, digest(b""), START - 380, "", b"")
    world.said["reviews"] = [(None, at)]
    return world.evidence()


# Checkpoints


def with_note(world: World, note: bytes) -> Evidence:
    """One more receipt of the terms, with this note as its checkpoint."""
    receipt = Receipt.parse(world.log.receipt(world.terms_at[0]))
    changed = replace(receipt, checkpoint=note).data()
    return world.evidence(terms=[world.log.receipt(world.terms_at[0]), changed])


@case("E_CP_SIG")
def a_checkpoint_in_the_name_of_another_log() -> Evidence:
    world = plain()
    text = Checkpoint(later.NEXT_ORIGIN, len(world.log.leaves), world.log.root()).text()
    return with_note(world, world.log.signer.sign(text))


@case()
def a_checkpoint_with_a_line_more() -> Evidence:
    world = plain()
    text = Checkpoint(world.log.origin, len(world.log.leaves), world.log.root()).text()
    return with_note(world, world.log.signer.sign(text + "extension\n"))


@case("E_CP_SIG")
def a_checkpoint_with_a_control_character() -> Evidence:
    world = plain()
    text = Checkpoint(world.log.origin, len(world.log.leaves), world.log.root()).text()
    return with_note(world, world.log.signer.sign(text + "exten\tsion\n"))


@case("E_CP_SIG")
def a_good_signature_and_a_bad_one_of_the_same_key() -> Evidence:
    world = plain()
    good = world.log.checkpoint()
    line = good.rstrip(b"\n").rpartition(b"\n")[2]
    head, _, encoded = line.rpartition(b" ")
    bad = encoded.replace(encoded[20:24], b"AAAA")
    return with_note(world, good + head + b" " + bad + b"\n")


def strangers(count: int) -> bytes:
    line = f"\u2014 witness.example {b64_encode(bytes(68))}\n".encode()
    return line * count


@case()
def signatures_of_strangers() -> Evidence:
    world = plain()
    return with_note(world, world.log.checkpoint() + strangers(63))


@case("E_CP_SIG")
def too_many_signatures() -> Evidence:
    world = plain()
    return with_note(world, world.log.checkpoint() + strangers(64))


# Beacons


@case("E_BEACON")
def a_beacon_too_early() -> Evidence:
    world = plain()
    world.add_beacon(START, START - 120.001)
    return world.evidence()


@case("E_BEACON")
def a_beacon_too_late() -> Evidence:
    world = plain()
    world.add_beacon(START, START + 0.001)
    return world.evidence()


@case()
def a_first_beacon_within_its_slot() -> Evidence:
    world = World(shots=0, genesis_s=START - 0.001)
    return world.evidence(devices=[], terms=[])


@case("E_BEACON")
def a_first_beacon_after_its_slot() -> Evidence:
    world = World(shots=0, genesis_s=START)
    return world.evidence(devices=[], terms=[])


@case("E_BEACON")
def a_first_beacon_too_early() -> Evidence:
    world = World(shots=0, genesis_s=START - SLOT - 120.001)
    return world.evidence()


@case("E_BEACON")
def a_beacon_under_another_digest() -> Evidence:
    world = plain()
    return world.evidence(beacons={b64url_encode(bytes(32)): world.beacons[START - SLOT]})


@case()
def a_beacon_from_before_the_enrolment_gives_class_b() -> Evidence:
    world = plain()
    world.add_beacon(START)
    other = world.sibling(START - 30)
    other.log_segment(other.work(START))
    return other.evidence()


# One segment


def issued(payload: dict[str, Any] | None = None, parts: dict[str, Any] | None = None) -> Evidence:
    """A signed segment of any payload and parts, not logged."""
    world = plain()
    rows: list[Any] = [[0, 0, 0, 0, None] for _ in range(10)]
    body = world.body(START).payload() | {"shot": "none"} | (payload or {})
    shown = {"memo": "Write tests", "minutes": rows} | (parts or {})
    listed = [(name, value) for name, value in shown.items() if value is not None]
    data = sd_jwt.issue(body, listed, TYP, world.key, Random("salts"))
    return world.evidence(segments={digest(data.partition(b"~")[0]): (data, None)})


@case()
def a_segment_with_members_that_nobody_knows() -> Evidence:
    app = {"ver": "1", "os": "x", "more": 1}
    return issued({"more": {"deep": [1]}, "app": app}, {"other": "text"})


@case("E_FORMAT", "W_WITHHELD")
def other_active_minutes_than_the_rows_say() -> Evidence:
    return issued({"active": 1})


@case("E_FORMAT")
def a_part_that_is_neither_shown_nor_withheld() -> Evidence:
    return issued(parts={"memo": None})


@case("E_FORMAT", "W_WITHHELD")
def counts_where_only_activity_was_measured() -> Evidence:
    return issued({"input": "active-only"})


@case()
def activity_without_counts() -> Evidence:
    rows = [[None, None, None, 3, None] for _ in range(10)]
    return issued({"input": "active-only", "active": 10}, {"minutes": rows})


@case("E_FORMAT", "W_WITHHELD")
def counts_where_nothing_was_measured() -> Evidence:
    return issued({"input": "denied"})


@case("E_FORMAT", "W_WITHHELD")
def more_seconds_of_movement_than_a_minute_has() -> Evidence:
    rows = [[0, 0, 0, 61, None] for _ in range(10)]
    return issued({"active": 10}, {"minutes": rows})


@case("E_FORMAT", "W_WITHHELD")
def a_row_for_a_minute_that_is_not_covered() -> Evidence:
    return issued({"t1": START + 60, "up1": 10_060_000, "awake": 60_000})


@case("E_FORMAT")
def a_segment_that_could_pass_for_a_token() -> Evidence:
    return issued({"exp": END})


@case("E_FORMAT")
def digests_in_another_order() -> Evidence:
    world = plain()
    payload = parse(world.work(START)).sdjwt.jws.payload
    turned = sign(payload | {"_sd": payload["_sd"][::-1]}, TYP, world.key)
    return world.evidence(segments={digest(turned): (turned + b"~", None)})


@case("E_FORMAT", "W_WITHHELD")
def minutes_of_manual_time() -> Evidence:
    world = plain()
    manual = parse(world.manual(START)).segment.payload()
    rows = [[None] * 5] * 10
    parts = [("memo", "By hand"), ("minutes", rows)]
    data = sd_jwt.issue(manual, parts, TYP, world.key, Random("salts"))
    return world.evidence(segments={digest(data.partition(b"~")[0]): (data, None)})


@case("E_FORMAT", "E_DEVICE_UNLOGGED")
def an_enrolment_with_an_anchor_less() -> Evidence:
    world = plain()
    payload = parse_jws(world.enrolment.data, DEVICE_TYP).payload
    short = sign(payload | {"anchors": payload["anchors"][:-1]}, DEVICE_TYP, world.key)
    at = world.log_object(LeafType.DEVICE, digest(short), START - 350, world.key.kid)
    return world.evidence(devices=[(short, world.log.receipt(at))])


# Picture times


def with_dues(world: World, wanted: Any) -> tuple[int, ...]:
    """A beacon for START with the wanted picture times, and these times."""
    random = Random("beacons")
    value = world.moments.value(START)
    assert value is not None
    while True:
        val = random(32)
        dues = scheduled_times(value, val, START, START, world.terms.shots)
        if wanted(dues):
            world.add_beacon(START, val=val)
            return dues


@case()
def a_segment_that_ends_within_the_tolerance() -> Evidence:
    world = World()
    (due,) = with_dues(world, lambda dues: 60_000 < dues[0] - START * 1000 < 500_000)
    end = due // 1000 + 5
    body = replace(world.body(START, START, end), shot="ended")
    minutes = world.minutes(body)
    active = sum(row is not None and any(n for n in row[:4] if n) for row in minutes)
    world.log_segment(world.seal(replace(body, active=active), "memo", minutes, []), END)
    return world.evidence()


@case("E_MOMENT", "E_SHOT_TIME")
def more_pictures_than_moments_came() -> Evidence:
    world = World(shots=2)
    first, second = with_dues(world, lambda dues: dues[1] - dues[0] > 120_000)
    end = (first + second) // 2000
    body = replace(world.body(START, START, end), pics=2, shot="ok")
    minutes = world.minutes(body)
    active = sum(row is not None and any(n for n in row[:4] if n) for row in minutes)
    shots = [world.picture(first), world.picture(first + 1)]
    world.log_segment(world.seal(replace(body, active=active), "memo", minutes, shots), END)
    return world.evidence()


@case("E_SHOT_TIME")
def a_picture_after_the_segments_end() -> Evidence:
    world = World()
    (due,) = with_dues(world, lambda dues: 60_000 < dues[0] - START * 1000 < 500_000)
    end = due // 1000 + 2
    body = replace(world.body(START, START, end), pics=1, shot="ok")
    minutes = world.minutes(body)
    active = sum(row is not None and any(n for n in row[:4] if n) for row in minutes)
    shots = [world.picture(due + 5_000)]
    world.log_segment(world.seal(replace(body, active=active), "memo", minutes, shots), END)
    return world.evidence()


@case("E_SHOT_TIME")
def a_kept_picture_of_a_draw_before_its_segment() -> Evidence:
    world = World()
    value = world.moments.value(START)
    assert value is not None
    world.add_beacon(START)
    drawn = sorted(pick_times(value, world.beacon_value(START), START))
    # A draw without another one in the next seconds.
    lone = next(a for a, b in itertools.pairwise(drawn) if b - a > 4_000)
    begin = lone // 1000 + 1
    body = replace(world.body(START, begin), kind="kept", pics=1, shot="ok")
    minutes = world.minutes(body)
    active = sum(row is not None and any(n for n in row[:4] if n) for row in minutes)
    shots = [world.picture(begin * 1000 + 500)]
    world.log_segment(world.seal(replace(body, active=active), "memo", minutes, shots))
    return world.evidence()


# Terms


@case()
def other_terms_from_the_same_second() -> Evidence:
    world = plain()
    other = replace(world.terms, limit_s=3600)
    world.terms_at.append(world.log_terms(other, START - 390))
    world.day(1)
    return world.evidence()


@case()
def newer_terms_of_another_freelancer() -> Evidence:
    world = plain()
    other = replace(world.terms, sub=b64url_encode(bytes(16)), from_s=START - 200)
    world.terms_at.append(world.log_terms(other, START - 390))
    world.day(1)
    return world.evidence()


@case("E_TERMS")
def terms_of_another_marketplace() -> Evidence:
    world = plain()
    other = replace(world.terms, aud="other.example").data()
    attr = contract_attr(world.ctr)
    at = world.log_object(LeafType.TERMS, digest(other), START - 390, attr, other)
    return world.evidence(terms=[world.log.receipt(at)])


# Key lifecycle


@case("E_REVOKED", "E_RETIRED")
def a_head_of_another_contract() -> Evidence:
    world = plain()
    data = world.work(START)
    later.retired(world, [replace(later.head(data), ctr=b64url_encode(bytes(16)))], END + 1)
    later.revoked(world, END + 2)
    world.log_segment(data, END + 9)
    return world.evidence()


@case()
def a_chain_of_announcements() -> Evidence:
    world = later.rotated()
    first = world.log.before
    assert first is not None
    third = f"{AUD}/log/2027-2"
    world.log, announcement, opening = world.log.follow(third, END - 80, "third")
    world.said["keys"] += [(None, announcement), (None, opening)]
    world.day(2)
    return world.evidence(verifiers=(first.signer.verifier,), **world.history())


# Changes and the ledger


@case()
def changes_given_in_another_order() -> Evidence:
    evidence = later.the_last_of_several_changes_wins()
    return replace(evidence, amends=list(evidence.amends)[::-1])


@case("E_KID_UNKNOWN")
def what_was_said_at_another_marketplace() -> Evidence:
    world = plain()
    said = later.review(world, aud="other.example").data()
    world.tell("reviews", LeafType.REVIEW, said, START - 380)
    return world.evidence()


@case("E_KIND", "N_DELETED")
def unpaid_time_given_back_is_unpaid() -> Evidence:
    world = plain()
    terms = replace(world.terms, manual=False)
    world.terms = terms
    world.terms_at = [world.log_terms(terms, START - 390)]
    (data,) = [world.manual(START)]
    world.log_segment(data)
    later.deleted(world, parse(data), ["time"], END + 10, [])
    return world.evidence()


@case()
def a_limit_that_is_reached_within_a_segment() -> Evidence:
    world = plain(limit_s=900)
    world.day(3)
    return world.evidence()


@case("W_OVERLAP")
def what_is_not_logged_comes_last() -> Evidence:
    world = plain()
    world.work(START, START, START + 300)
    world.log_segment(world.work(START, START + 200, START + 400))
    return world.evidence()


@case("W_OVERLAP")
def seconds_on_two_contracts_of_one_client() -> Evidence:
    world = plain()
    books = world.on_contract(START - 390)
    world.log_segment(world.work(START, START, START + 400))
    books.log_segment(books.work(START, START + 200, START + 600))
    return world.together(books)


@case("W_PARALLEL")
def seconds_on_contracts_of_two_clients() -> Evidence:
    world = plain()
    other = world.on_contract(START - 390, client=b64url_encode(bytes(16)))
    world.log_segment(world.work(START, START, START + 400))
    other.log_segment(other.work(START, START + 200, START + 600))
    return world.together(other)


@case("E_KIND")
def unpaid_seconds_are_parallel_to_nothing() -> Evidence:
    world = plain()
    other = world.on_contract(START - 390, client=b64url_encode(bytes(16)), manual=False)
    world.log_segment(world.work(START, START, START + 400))
    other.log_segment(other.manual(START))
    return world.together(other)


def deleted_beside(*, anew: bool = False, parts: int | None = None, **changes: Any) -> Evidence:
    """A segment over its limit whose time is deleted, and one on another contract in some of its
    seconds, logged before or after the deletion.
    """
    world = plain(limit_s=0)
    other = world.on_contract(START - 390, limit_s=None, **changes)
    first = world.work(START, START, START + 400)
    world.log_segment(first, parts=parts)
    second = other.work(START, START + 200, START + 600)
    if anew:
        later.deleted(world, parse(first), ["time"], END + 2, [])
        other.log_segment(second, END + 3)
    else:
        other.log_segment(second)
        later.deleted(world, parse(first), ["time"], END + 10, [])
    return world.together(other)


@case("N_DELETED", "W_PARALLEL")
def parallel_seconds_stay_so_when_they_are_given_back() -> Evidence:
    return deleted_beside(client=b64url_encode(bytes(16)))


@case("N_DELETED")
def seconds_given_back_before_are_parallel_to_nothing() -> Evidence:
    return deleted_beside(client=b64url_encode(bytes(16)), anew=True)


@case("N_DELETED", "W_OVERLAP")
def seconds_given_back_pay_nothing_on_another_contract() -> Evidence:
    return deleted_beside()


@case("N_DELETED")
def seconds_given_back_before_are_claimed_anew() -> Evidence:
    return deleted_beside(anew=True)


@case("N_DELETED")
def given_back_seconds_of_what_was_not_received_cover_nothing() -> Evidence:
    return deleted_beside(parts=0)


@case("E_KIND", "N_DELETED")
def unpaid_seconds_that_are_given_back_cover_nothing() -> Evidence:
    world = plain()
    world.terms = replace(world.terms, manual=False)
    world.terms_at = [world.log_terms(world.terms, START - 395)]
    other = world.on_contract(START - 390, manual=True)
    first = world.manual(START)
    world.log_segment(first)
    other.log_segment(other.work(START))
    later.deleted(world, parse(first), ["time"], END + 10, [])
    return world.together(other)


@case("N_DELETED", "W_OVERLAP")
def seconds_given_back_pay_nothing_by_newer_terms() -> Evidence:
    world = plain(limit_s=0)
    first = world.work(START, START, START + 400)
    terms = replace(world.terms, limit_s=None, from_s=START)
    world.terms_at.append(world.log_terms(terms, START - 10))
    world.terms = terms
    second = world.manual(START)
    world.log_segment(first)
    world.log_segment(second)
    later.deleted(world, parse(first), ["time"], END + 10, [])
    return world.evidence()


@case("N_DELETED")
def of_two_deletions_the_first_sets_the_seconds_free() -> Evidence:
    world = plain()
    first = world.work(START)
    world.log_segment(first)
    later.deleted(world, parse(first), ["time"], END + 10, [])
    world.log_segment(world.manual(START), END + 20)
    later.deleted(world, parse(first), ["memo", "time"], END + 30, [])
    return world.evidence()


@case("N_DELETED", "W_OVERLAP")
def a_deletion_of_a_memo_sets_no_seconds_free() -> Evidence:
    world = plain()
    first = world.work(START)
    world.log_segment(first)
    later.deleted(world, parse(first), ["memo"], END + 10, [])
    world.log_segment(world.manual(START), END + 20)
    later.deleted(world, parse(first), ["time"], END + 30, [])
    return world.evidence()


@case()
def two_people_work_for_one_client() -> Evidence:
    world = plain()
    colleague = world.sibling(START - 390, "stranger", b64url_encode(bytes(16)))
    colleague.terms = replace(
        world.terms, sub=colleague.sub, ctr=b64url_encode(b"another contract")
    )
    colleague.ctr = colleague.terms.ctr
    colleague.terms_at = [colleague.log_terms(colleague.terms, START - 380)]
    world.log_segment(world.work(START, START, START + 400))
    colleague.log_segment(colleague.work(START, START + 200, START + 600))
    return world.together(colleague)


@case("E_SHOT_HASH")
def a_picture_whose_length_alone_is_another() -> Evidence:
    world = World()
    (segment,) = world.day(1)
    sha = segment.pictures[0].blob.sha256

    def blob(name: str) -> BlobFacts | None:
        facts = world.blob(name)
        return replace(facts, length=facts.length + 1) if facts and name == sha else facts

    return world.evidence(blob=blob)


@case("N_DELETED")
def a_masked_picture_that_was_deleted() -> Evidence:
    world = World()
    (due,) = with_dues(world, lambda _dues: True)
    shot = replace(world.picture(due), redacted=((0, 0, 10, 10),))
    body = replace(world.body(START), active=9, pics=1, shot="ok")
    data = world.seal(body, "memo", world.minutes(body), [shot])
    world.log_segment(data)
    segment = parse(data)
    later.deleted(world, segment, ["shot", "time"], END + 10, later.digest_of(segment, "shot_0"))
    return world.evidence()


@case("W_CLOCK_JUMP")
def a_clock_that_was_moved_around_manual_time() -> Evidence:
    world = plain()
    world.day(1)
    world.log_segment(world.manual(END))
    start = END + SLOT
    world.log_segment(world.work(start, up0=11_202_001, up1=11_802_001))
    return world.evidence()
