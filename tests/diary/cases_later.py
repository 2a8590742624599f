"""Cases of later statements: key lifecycle, changed memos, deletions, reviews; and of the log's own
history. See `tests.diary.cases`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from diary.core.slots import SLOT, WEEK, week_of
from diary.formats import sd_jwt
from diary.formats.encoding import b64url_encode, canonical, digest
from diary.formats.jws import sign
from diary.log.checkpoint import Checkpoint
from diary.log.leaf import Leaf, LeafType
from diary.log.shard_keys import LogKey
from diary.objects.amendment import TYP as AMEND_TYP
from diary.objects.amendment import amend
from diary.objects.device_lifecycle import RETIRE_TYP, RetirementHead, Revoke, retire, vouch
from diary.objects.picture_times import pick_times
from diary.objects.review_entry import ReviewEntry
from diary.objects.segment import TYP, SealedSegment, parse
from diary.objects.tombstone import TYP as TOMBSTONE_TYP
from diary.objects.tombstone import Tombstone, tombstone
from diary.verification.evidence import Evidence
from tests.diary.cases import case, kept, plain
from tests.diary.world import AUD, ORIGIN, START, Log, World

END = START + SLOT
#: The week of START locks then, by the world's terms.
LOCK = week_of(START) + WEEK + 43_200
NEXT_ORIGIN = f"{AUD}/log/2027"


def vouched(world: World, by: World, whom: World, at_s: float) -> None:
    data = vouch(by.key, aud=AUD, sub=by.sub, kid=whom.key.kid)
    world.say("vouches", LeafType.VOUCH, data, at_s)


def revoked(world: World, at_s: float, kid: str | None = None) -> None:
    word = Revoke(kid or world.key.kid, round(at_s), "lost").data()
    world.tell("revokes", LeafType.REVOKE, word, at_s, kid or world.key.kid)


def retired(world: World, heads: list[RetirementHead], at_s: float) -> None:
    data = retire(
        world.key, aud=AUD, sub=world.sub, at=round(at_s), heads=heads, random=world.random
    )
    world.say("retires", LeafType.RETIRE, data, at_s, world.key.kid)


def head(data: bytes) -> RetirementHead:
    sealed = parse(data)
    return RetirementHead(sealed.segment.ctr, sealed.segment.seq, sealed.hash)


def amended(world: World, segment: SealedSegment, memo: str, at_s: float) -> bytes:
    data = amend(
        world.key,
        aud=AUD,
        segment=segment.hash,
        at=round(at_s),
        memo=memo,
        random=world.random,
    )
    world.say("amends", LeafType.AMEND, data, at_s)
    return data


def deleted(
    world: World, segment: SealedSegment, scope: list[Any], at_s: float, digests: list[str]
) -> None:
    data = tombstone(
        world.key,
        segment=segment.hash,
        digests=digests,
        scope=scope,
        reason="deleted",
        at=round(at_s),
    )
    world.say("tombstones", LeafType.TOMBSTONE, data, at_s)


def erased(world: World, segment: SealedSegment, scope: list[Any], at_s: float) -> None:
    digests = tuple(sorted(digest_of(segment, f"{scope[0]}_0" if scope[0] == "shot" else scope[0])))
    stone = Tombstone(None, segment.hash, digests, tuple(scope), "retention", round(at_s))
    world.tell("tombstones", LeafType.TOMBSTONE, stone.data(), at_s)


def digest_of(segment: SealedSegment, *names: str) -> list[str]:
    return [part.digest for part in segment.sdjwt.disclosures if part.name in names]


def without(evidence: Evidence, *digests: str) -> Evidence:
    """The same segments without the disclosures that have these digests."""
    segments = {}
    for name, (data, receipt) in evidence.segments.items():
        head, *texts, _ = data.split(b"~")
        kept = [text for text in texts if digest(text) not in digests]
        segments[name] = (b"~".join([head, *kept, b""]), receipt)
    return replace(evidence, segments=segments)


# Second devices


@case("W_UNVOUCHED")
def a_second_device_that_nobody_vouched_for() -> Evidence:
    world = plain()
    second = world.sibling(START - 390)
    world.day(1)
    return world.together(second)


@case()
def a_second_device_that_the_first_vouched_for() -> Evidence:
    world = plain()
    second = world.sibling(START - 390)
    vouched(world, world, second, START - 380)
    second.day(1)
    return world.together(second)


@case("W_UNVOUCHED")
def a_device_vouched_for_by_one_that_nobody_vouched_for() -> Evidence:
    world = plain()
    second, third = world.sibling(START - 390), world.sibling(START - 380, "third")
    vouched(world, second, third, START - 370)
    return world.together(second, third)


@case("W_UNVOUCHED", "E_KID_UNKNOWN")
def a_device_that_vouches_for_an_earlier_one() -> Evidence:
    world = plain()
    second = world.sibling(START - 390)
    vouched(world, second, world, START - 380)
    return world.together(second)


@case("W_UNVOUCHED", "E_KID_UNKNOWN")
def a_vouch_for_a_device_of_somebody_else() -> Evidence:
    world = plain()
    stranger = world.sibling(START - 390, "stranger", b64url_encode(bytes(16)))
    second = world.sibling(START - 380)
    vouched(world, world, stranger, START - 370)
    return world.together(stranger, second)


@case("E_KID_UNKNOWN")
def a_vouch_in_the_name_of_somebody_else() -> Evidence:
    world = plain()
    data = vouch(world.key, aud=AUD, sub=b64url_encode(bytes(16)), kid=world.key.kid)
    world.say("vouches", LeafType.VOUCH, data, START - 380)
    return world.evidence()


@case("W_UNVOUCHED", "E_REVOKED")
def a_vouch_of_a_revoked_device() -> Evidence:
    world = plain()
    second = world.sibling(START - 390)
    revoked(world, START - 385)
    vouched(world, world, second, START - 380)
    return world.together(second)


@case("E_SIG")
def a_vouch_with_another_signature() -> Evidence:
    world = plain()
    data = vouch(world.key, aud=AUD, sub=world.sub, kid=world.key.kid)
    forged = data[: data.rindex(b".") + 1] + b64url_encode(bytes(31) + b"\x01" + bytes(32)).encode()
    world.say("vouches", LeafType.VOUCH, forged, START - 380)
    return world.evidence()


# Retired and revoked devices


@case()
def a_device_revoked_after_its_work_was_logged() -> Evidence:
    world = plain()
    world.day(2)
    revoked(world, END + SLOT + 10)
    return world.evidence()


@case("E_REVOKED")
def work_that_was_logged_after_the_revocation() -> Evidence:
    world = plain()
    world.day(1)
    data = world.work(END)
    revoked(world, END + SLOT + 1)
    world.log_segment(data)
    return world.evidence()


@case("E_REVOKED")
def work_of_a_revoked_device_that_is_not_logged() -> Evidence:
    world = plain()
    world.day(1)
    world.work(END)
    revoked(world, END + SLOT + 1)
    return world.evidence()


@case("E_REVOKED")
def the_first_revocation_counts() -> Evidence:
    world = plain()
    data = world.work(START)
    revoked(world, END + 1)
    world.log_segment(data)
    world.tell(
        "revokes", LeafType.REVOKE, Revoke(world.key.kid, 1, "again").data(), END + 9, world.key.kid
    )
    return world.evidence()


@case()
def retired_work_may_come_after_the_revocation() -> Evidence:
    world = plain()
    first, second = world.work(START), world.work(END)
    retired(world, [head(second)], END + SLOT + 1)
    revoked(world, END + SLOT + 2)
    for data in (first, second):
        world.log_segment(data, END + SLOT + 9)
    return world.evidence()


@case("E_REVOKED", "E_RETIRED")
def work_beyond_the_head_of_a_retired_device() -> Evidence:
    world = plain()
    first, second = world.work(START), world.work(END)
    retired(world, [head(first)], END + SLOT + 1)
    revoked(world, END + SLOT + 2)
    for data in (first, second):
        world.log_segment(data, END + SLOT + 9)
    return world.evidence()


@case("E_REVOKED", "E_RETIRED")
def a_head_with_another_number() -> Evidence:
    world = plain()
    data = world.work(START)
    retired(world, [replace(head(data), seq=1)], END + 1)
    revoked(world, END + 2)
    world.log_segment(data, END + 9)
    return world.evidence()


@case("E_REVOKED")
def a_retirement_after_the_revocation() -> Evidence:
    world = plain()
    data = world.work(START)
    revoked(world, END + 1)
    retired(world, [head(data)], END + 2)
    world.log_segment(data, END + 9)
    return world.evidence()


@case("E_INCLUSION", "E_REVOKED")
def a_retirement_under_another_devices_leaf() -> Evidence:
    world = plain()
    data = world.work(START)
    signed = retire(
        world.key, aud=AUD, sub=world.sub, at=END, heads=[head(data)], random=world.random
    )
    world.say("retires", LeafType.RETIRE, signed, END + 1, b64url_encode(bytes(32)))
    revoked(world, END + 2)
    world.log_segment(data, END + 9)
    return world.evidence()


@case()
def retired_work_may_come_after_the_retirement() -> Evidence:
    world = plain()
    first, second = world.work(START), world.work(END)
    retired(world, [head(second)], END + SLOT + 1)
    for data in (first, second):
        world.log_segment(data, END + SLOT + 9)
    return world.evidence()


@case("E_RETIRED")
def work_after_the_retirement() -> Evidence:
    world = plain()
    world.day(1)
    retired(world, [head(world.segments[0])], END + 9)
    world.log_segment(world.work(END))
    return world.evidence()


@case("E_RETIRED")
def work_of_a_device_that_never_worked_before_it_retired() -> Evidence:
    world = plain()
    retired(world, [], START - 380)
    world.day(1)
    return world.evidence()


@case()
def work_that_was_logged_before_its_device_retired() -> Evidence:
    world = plain()
    world.day(2)
    retired(world, [], END + SLOT + 9)
    return world.evidence()


@case("E_RETIRED")
def retired_work_that_is_not_logged() -> Evidence:
    world = plain()
    world.day(1)
    world.work(END)
    retired(world, [head(world.segments[0])], END + SLOT + 9)
    return world.evidence()


@case()
def retired_work_that_is_not_logged_and_named() -> Evidence:
    world = plain()
    world.day(1)
    retired(world, [head(world.work(END))], END + SLOT + 9)
    return world.evidence()


@case("E_RETIRED")
def the_first_retirement_counts() -> Evidence:
    world = plain()
    retired(world, [], START - 380)
    world.day(1)
    retired(world, [], END + 9)
    return world.evidence()


@case()
def a_later_retirement_names_what_came_after_the_first() -> Evidence:
    world = plain()
    retired(world, [], START - 380)
    world.day(2)
    retired(world, [head(world.segments[1])], END + SLOT + 9)
    return world.evidence()


@case("E_RETIRED")
def a_retirement_that_shows_no_head() -> Evidence:
    world = plain()
    data = world.work(START)
    retired(world, [head(data)], END + 1)
    world.log_segment(data, END + 9)
    evidence = world.evidence()
    ((signed, receipt),) = evidence.retires
    return replace(evidence, retires=[(signed.partition(b"~")[0] + b"~", receipt)])


@case("E_INCLUSION")
def a_retirement_that_does_not_count_ends_nothing() -> Evidence:
    world = plain()
    signed = retire(world.key, aud=AUD, sub=world.sub, at=START, heads=[], random=world.random)
    world.say("retires", LeafType.RETIRE, signed, START - 380, b64url_encode(bytes(32)))
    world.day(1)
    return world.evidence()


@case("E_RETIRED")
def manual_time_of_a_retired_device() -> Evidence:
    world = plain()
    world.day(1)
    retired(world, [head(world.segments[0])], END + 9)
    world.log_segment(world.manual(END))
    return world.evidence()


@case("E_KID_UNKNOWN")
def a_retirement_of_a_device_that_nobody_knows() -> Evidence:
    world = plain()
    stranger = copy_with_key(world)
    retired(stranger, [], START - 380)
    return replace(world.evidence(), retires=stranger.evidence().retires)


def copy_with_key(world: World) -> World:
    """A device that was never enrolled, with the same log."""
    other = world.sibling(START - 390, "stranger")
    other.said = {}
    return other


@case("E_FORMAT")
def a_retirement_with_a_head_that_is_none() -> Evidence:
    world = plain()
    payload = {"v": 1, "aud": AUD, "sub": world.sub, "at": START}
    data = sd_jwt.issue(payload, [("head_0", [])], RETIRE_TYP, world.key, world.random)
    world.say("retires", LeafType.RETIRE, data, START - 380, world.key.kid)
    return world.evidence()


@case("E_FORMAT")
def a_retirement_with_a_good_head_beside_one_that_is_none() -> Evidence:
    world = plain()
    data = world.work(START)
    named = {"ctr": head(data).ctr, "seq": 0, "h": head(data).h}
    payload = {"v": 1, "aud": AUD, "sub": world.sub, "at": END}
    parts = [("head_0", []), ("head_1", named)]
    signed = sd_jwt.issue(payload, parts, RETIRE_TYP, world.key, world.random)
    world.say("retires", LeafType.RETIRE, signed, END + 1, world.key.kid)
    revoked(world, END + 2)
    world.log_segment(data, END + 9)
    return world.evidence()


@case("E_DISC_UNMATCHED")
def a_retirement_with_a_foreign_disclosure() -> Evidence:
    world = plain()
    data = retire(world.key, aud=AUD, sub=world.sub, at=START, heads=[], random=world.random)
    world.say("retires", LeafType.RETIRE, data + b"AA~", START - 380, world.key.kid)
    return world.evidence()


@case("E_INCLUSION")
def a_revocation_under_another_devices_leaf() -> Evidence:
    world = plain()
    word = Revoke(world.key.kid, START, "lost").data()
    world.tell("revokes", LeafType.REVOKE, word, START - 380, b64url_encode(bytes(32)))
    world.day(1)
    return world.evidence()


@case()
def a_revocation_of_a_device_that_is_not_here() -> Evidence:
    world = plain()
    revoked(world, START - 380, b64url_encode(bytes(32)))
    world.day(1)
    return world.evidence()


# Changed memos


@case()
def a_changed_memo() -> Evidence:
    world = plain()
    (segment,) = world.day(1)
    amended(world, segment, "Write better tests", END + 10)
    return world.evidence()


@case()
def the_last_of_several_changes_wins() -> Evidence:
    world = plain()
    (segment,) = world.day(1)
    for memo in ("Second", "Third", "Fourth"):
        amended(world, segment, memo, END + 10)
    return world.evidence()


@case()
def a_memo_changed_in_the_weeks_last_moment() -> Evidence:
    world = plain()
    (segment,) = world.day(1)
    amended(world, segment, "In time", LOCK - 0.001)
    return world.evidence()


@case("E_LATE")
def a_memo_changed_after_the_week_was_locked() -> Evidence:
    world = plain()
    (segment,) = world.day(1)
    amended(world, segment, "Too late", LOCK)
    return world.evidence()


@case("E_LATE", "E_TERMS")
def without_terms_the_week_locks_when_it_ends() -> Evidence:
    world = plain()
    (segment,) = world.day(1)
    amended(world, segment, "Too late", LOCK - 43_200)
    return world.evidence(terms=[])


@case("W_WITHHELD")
def a_changed_memo_that_is_withheld() -> Evidence:
    world = plain()
    (segment,) = world.day(1)
    data = amended(world, segment, "Secret", END + 10)
    evidence = world.evidence()
    bare = data.partition(b"~")[0] + b"~"
    return replace(evidence, amends=[(bare, evidence.amends[0][1])])


@case("E_GAP")
def a_changed_memo_of_a_segment_that_is_not_here() -> Evidence:
    world = plain()
    first, second = world.day(2)
    amended(world, second, "Where", END + SLOT + 10)
    evidence = world.evidence()
    return replace(evidence, segments={first.hash: evidence.segments[first.hash]})


@case("E_KID_UNKNOWN")
def a_memo_changed_by_somebody_else() -> Evidence:
    world = plain()
    stranger = world.sibling(START - 390, "stranger", b64url_encode(bytes(16)))
    (segment,) = world.day(1)
    amended(stranger, segment, "Mine", END + 10)
    return world.together(stranger)


@case("E_KID_UNKNOWN")
def a_memo_changed_for_another_marketplace() -> Evidence:
    world = plain()
    (segment,) = world.day(1)
    data = amend(
        world.key,
        aud="other.example",
        segment=segment.hash,
        at=END,
        memo="m",
        random=world.random,
    )
    world.say("amends", LeafType.AMEND, data, END + 10)
    return world.evidence()


@case("E_REVOKED")
def a_memo_changed_by_a_revoked_device() -> Evidence:
    world = plain()
    (segment,) = world.day(1)
    revoked(world, END + 10)
    amended(world, segment, "Mine", END + 11)
    return world.evidence()


@case("E_FORMAT")
def a_change_without_a_memo() -> Evidence:
    world = plain()
    (segment,) = world.day(1)
    payload = {"v": 1, "aud": AUD, "segment": segment.hash, "at": END}
    data = sd_jwt.issue(payload, [], AMEND_TYP, world.key, world.random)
    world.say("amends", LeafType.AMEND, data, END + 10)
    return world.evidence()


@case("E_INCLUSION")
def a_change_that_is_not_in_the_log() -> Evidence:
    world = plain()
    (segment,) = world.day(1)
    data = amended(world, segment, "Where", END + 10)
    return world.evidence(amends=[(data, world.log.receipt(0))])


@case("E_DISC_DUP")
def a_change_with_its_memo_twice() -> Evidence:
    world = plain()
    (segment,) = world.day(1)
    data = amended(world, segment, "Twice", END + 10)
    evidence = world.evidence()
    twice = data + data.split(b"~")[1] + b"~"
    return replace(evidence, amends=[(twice, evidence.amends[0][1])])


# Deletions


@case("N_DELETED")
def a_deleted_picture_and_its_time() -> Evidence:
    world = World()
    (segment,) = world.day(1)
    digests = digest_of(segment, "shot_0")
    deleted(world, segment, ["shot", "time"], END + 10, digests)
    return without(world.evidence(), *digests)


@case("N_DELETED")
def what_was_deleted_counts_as_absent_though_it_is_shown() -> Evidence:
    world = World()
    (segment,) = world.day(1)
    blob = segment.pictures[0].blob
    world.blobs[blob.sha256] = b"changed"
    deleted(world, segment, ["shot", "time"], END + 10, digest_of(segment, "shot_0"))
    return world.evidence()


def at_the_wrong_time() -> tuple[World, SealedSegment]:
    """A segment whose picture was taken 20 s after its scheduled time."""
    world = World()
    world.log_segment(world.work(START, late_ms=20_000))
    return world, parse(world.segments[0])


@case("E_SHOT_TIME", "N_DELETED")
def a_picture_at_the_wrong_time_deleted_after_the_lock() -> Evidence:
    world, segment = at_the_wrong_time()
    digests = digest_of(segment, "shot_0")
    deleted(world, segment, ["shot", "time"], LOCK + 10, digests)
    return without(world.evidence(), *digests)


@case("E_SHOT_TIME", "N_DELETED")
def a_picture_at_the_wrong_time_deleted_with_its_time() -> Evidence:
    world, segment = at_the_wrong_time()
    digests = digest_of(segment, "shot_0")
    deleted(world, segment, ["shot", "time"], END + 10, digests)
    return without(world.evidence(), *digests)


@case("E_SHOT_TIME", "N_DELETED")
def a_picture_at_the_wrong_time_that_was_kept_long_enough() -> Evidence:
    world, segment = at_the_wrong_time()
    erased(world, segment, ["shot"], END + 181 * 86_400)
    return without(world.evidence(), *digest_of(segment, "shot_0"))


@case("E_SHOT_TIME", "W_WITHHELD")
def a_picture_at_the_wrong_time_that_is_withheld() -> Evidence:
    world, segment = at_the_wrong_time()
    return without(world.evidence(), *digest_of(segment, "shot_0"))


@case("E_SHOT_TIME", "W_WITHHELD")
def a_kept_picture_at_the_wrong_time_that_is_withheld() -> Evidence:
    evidence = kept(World(), lambda due: [min(due) - 1])
    ((data, _),) = evidence.segments.values()
    return without(evidence, *digest_of(parse(data), "shot_0"))


# Malformed parts


def malformed(**parts: object) -> Evidence:
    """A segment whose leaf has every part, and that discloses malformed parts."""
    world = plain()
    body = world.body(START)
    rows = [[0, 0, 0, 0, None]] * 10
    shown = {"memo": "memo", "minutes": rows, **parts}
    payload = {**body.payload(), "shot": "none", "active": 0}
    data = sd_jwt.issue(payload, list(shown.items()), TYP, world.key, world.random)
    world.segments.append(data)
    world.log_segment(data, parts=7)
    return world.evidence()


@case("E_FORMAT", "W_WITHHELD")
def a_memo_that_is_no_text_costs_no_pay() -> Evidence:
    return malformed(memo=7)


@case("E_FORMAT", "W_WITHHELD")
def a_note_that_is_no_text_costs_no_pay() -> Evidence:
    return malformed(note=["x"])


@case("E_FORMAT", "W_WITHHELD")
def minutes_that_are_no_rows_cost_no_pay() -> Evidence:
    return malformed(minutes={})


@case("E_FORMAT", "W_WITHHELD")
def a_picture_beyond_their_number_costs_no_pay() -> Evidence:
    return malformed(shot_0={})


# Parts received by the marketplace


def logged_with(parts: int, world: World | None = None) -> tuple[World, SealedSegment]:
    """A segment with one picture that was logged with these parts; 13 means all of them."""
    world = world or World()
    data = world.work(START)
    world.log_segment(data, parts=parts)
    return world, parse(data)


@case()
def every_part_was_received() -> Evidence:
    return logged_with(13)[0].evidence()


@case()
def parts_were_received_that_nobody_asks_for() -> Evidence:
    return logged_with(63)[0].evidence()


@case("E_NOT_RECEIVED")
def a_memo_that_was_not_received() -> Evidence:
    return logged_with(12)[0].evidence()


@case("E_NOT_RECEIVED")
def minutes_that_were_not_received() -> Evidence:
    return logged_with(9)[0].evidence()


@case("E_NOT_RECEIVED", "W_WITHHELD")
def a_picture_that_was_never_shown() -> Evidence:
    world, segment = logged_with(5)
    return without(world.evidence(), *digest_of(segment, "shot_0"))


@case("E_NOT_RECEIVED")
def a_picture_that_came_after_its_segment() -> Evidence:
    return logged_with(5)[0].evidence()


@case("E_NOT_RECEIVED")
def the_second_of_two_pictures_was_not_received() -> Evidence:
    return logged_with(13, World(shots=2))[0].evidence()


@case("E_NOT_RECEIVED")
def a_kept_picture_that_was_not_received() -> Evidence:
    world = World()
    value, body = world.moments.value(START), world.body(START)
    assert value is not None
    shot = world.picture(pick_times(value, world.beacon_value(START), START)[7])
    body = replace(body, kind="kept", pics=1, shot="ok", active=9)
    world.log_segment(world.seal(body, "memo", world.minutes(body), [shot]), parts=5)
    return world.evidence()


@case()
def manual_time_has_no_minutes_to_receive() -> Evidence:
    world = plain()
    world.log_segment(world.manual(START), parts=1)
    return world.evidence()


@case("E_NOT_RECEIVED")
def manual_time_whose_memo_was_not_received() -> Evidence:
    world = plain()
    world.log_segment(world.manual(START), parts=6)
    return world.evidence()


@case("N_DELETED")
def a_picture_that_was_deleted_before_it_was_sent() -> Evidence:
    world, segment = logged_with(5)
    digests = digest_of(segment, "shot_0")
    deleted(world, segment, ["shot", "time"], END + 10, digests)
    return without(world.evidence(), *digests)


@case("E_NOT_RECEIVED", "N_DELETED")
def a_picture_that_was_not_received_deleted_after_the_lock() -> Evidence:
    world, segment = logged_with(5)
    digests = digest_of(segment, "shot_0")
    deleted(world, segment, ["shot", "time"], LOCK, digests)
    return without(world.evidence(), *digests)


@case("E_NOT_RECEIVED", "N_DELETED")
def a_memo_that_was_not_received_and_was_deleted() -> Evidence:
    world, segment = logged_with(12)
    memo = digest_of(segment, "memo")
    deleted(world, segment, ["memo"], END + 10, memo)
    return without(world.evidence(), *memo)


@case("E_NOT_RECEIVED", "N_DELETED")
def a_picture_that_was_not_received_and_the_marketplace_erased() -> Evidence:
    world, segment = logged_with(5)
    erased(world, segment, ["shot"], END + 181 * 86_400)
    return without(world.evidence(), *digest_of(segment, "shot_0"))


@case("N_DELETED")
def a_picture_that_was_received_and_the_marketplace_erased() -> Evidence:
    world, segment = logged_with(13)
    erased(world, segment, ["shot"], END + 181 * 86_400)
    return without(world.evidence(), *digest_of(segment, "shot_0"))


@case("W_BLOB_MISSING")
def a_picture_that_was_received_and_whose_file_is_lost() -> Evidence:
    world, _ = logged_with(13)
    world.blobs.clear()
    return world.evidence()


@case("N_DELETED")
def time_given_back() -> Evidence:
    world = plain()
    (segment,) = world.day(1)
    deleted(world, segment, ["time"], END + 10, [])
    return world.evidence()


@case("N_DELETED", "W_WITHHELD")
def one_part_deleted_and_another_withheld() -> Evidence:
    world = plain()
    (segment,) = world.day(1)
    memo, minutes = digest_of(segment, "memo"), digest_of(segment, "minutes")
    deleted(world, segment, ["memo"], END + 10, memo)
    return without(world.evidence(), *memo, *minutes)


@case("N_DELETED")
def memo_and_minutes_deleted() -> Evidence:
    world = plain()
    (segment,) = world.day(1)
    digests = digest_of(segment, "memo", "minutes")
    deleted(world, segment, ["memo", "minutes"], END + 10, digests)
    return without(world.evidence(), *digests)


@case("N_DELETED")
def a_changed_memo_deleted() -> Evidence:
    world = plain()
    (segment,) = world.day(1)
    data = amended(world, segment, "Better not", END + 10)
    text = data.split(b"~")[1]
    deleted(world, segment, ["memo"], END + 11, [digest(text)])
    evidence = world.evidence()
    bare = data.partition(b"~")[0] + b"~"
    return replace(evidence, amends=[(bare, evidence.amends[0][1])])


@case("N_DELETED")
def a_picture_deleted_after_the_week_was_locked() -> Evidence:
    world = World()
    (segment,) = world.day(1)
    digests = digest_of(segment, "shot_0")
    deleted(world, segment, ["shot", "time"], LOCK, digests)
    return without(world.evidence(), *digests)


@case("E_LATE")
def time_given_back_after_the_week_was_locked() -> Evidence:
    world = plain()
    (segment,) = world.day(1)
    deleted(world, segment, ["time"], LOCK, [])
    return world.evidence()


@case("N_DELETED")
def a_picture_erased_by_the_marketplace() -> Evidence:
    world = World()
    (segment,) = world.day(1)
    erased(world, segment, ["shot"], END + 10)
    return without(world.evidence(), *digest_of(segment, "shot_0"))


@case("E_FORMAT")
def the_marketplace_takes_no_time() -> Evidence:
    world = plain()
    (segment,) = world.day(1)
    stone = Tombstone(None, segment.hash, (), ("time",), "greed", END)
    world.tell("tombstones", LeafType.TOMBSTONE, stone.data(), END + 10)
    return world.evidence()


@case("E_FORMAT")
def a_picture_deleted_without_its_time() -> Evidence:
    world = World()
    (segment,) = world.day(1)
    payload = {
        "v": 1,
        "segment": segment.hash,
        "digests": digest_of(segment, "shot_0"),
        "scope": ["shot"],
        "reason": "deleted",
        "at": END,
    }
    world.say("tombstones", LeafType.TOMBSTONE, sign(payload, TOMBSTONE_TYP, world.key), END + 10)
    return world.evidence()


@case("E_FORMAT")
def a_deletion_of_nothing() -> Evidence:
    world = plain()
    (segment,) = world.day(1)
    stone = Tombstone(None, segment.hash, (), (), "", END)
    world.tell("tombstones", LeafType.TOMBSTONE, stone.data(), END + 10)
    return world.evidence()


@case("E_GAP")
def a_deletion_of_a_segment_that_is_not_here() -> Evidence:
    world = plain()
    first, second = world.day(2)
    deleted(world, second, ["time"], END + SLOT + 10, [])
    evidence = world.evidence()
    return replace(evidence, segments={first.hash: evidence.segments[first.hash]})


@case("E_GAP")
def an_erasure_of_a_segment_that_is_not_here() -> Evidence:
    world = World()
    first, second = world.day(2)
    erased(world, second, ["shot"], END + SLOT + 10)
    evidence = world.evidence()
    return replace(evidence, segments={first.hash: evidence.segments[first.hash]})


@case("E_KID_UNKNOWN")
def a_deletion_by_somebody_else() -> Evidence:
    world = plain()
    stranger = world.sibling(START - 390, "stranger", b64url_encode(bytes(16)))
    (segment,) = world.day(1)
    deleted(stranger, segment, ["time"], END + 10, [])
    return world.together(stranger)


@case("E_REVOKED")
def a_deletion_by_a_revoked_device() -> Evidence:
    world = plain()
    (segment,) = world.day(1)
    revoked(world, END + 10)
    deleted(world, segment, ["time"], END + 11, [])
    return world.evidence()


@case("E_TYP")
def a_deletion_that_is_something_else() -> Evidence:
    world = plain()
    data = vouch(world.key, aud=AUD, sub=world.sub, kid=world.key.kid)
    world.say("tombstones", LeafType.TOMBSTONE, data, START - 380)
    return world.evidence()


# Reviews


def review(world: World, **changes: Any) -> ReviewEntry:
    good = ReviewEntry(AUD, world.ctr, START, "client", "approve", (), None)
    return replace(good, **changes)


@case()
def what_a_client_said() -> Evidence:
    world = plain()
    world.tell("reviews", LeafType.REVIEW, review(world).data(), START - 380)
    world.day(1)
    return world.evidence()


@case("E_FORMAT")
def what_a_client_may_not_say() -> Evidence:
    world = plain()
    data = canonical({"kind": "insult"})
    world.tell("reviews", LeafType.REVIEW, data, START - 380)
    return world.evidence()


@case("E_KID_UNKNOWN")
def what_was_said_of_another_contract() -> Evidence:
    world = plain()
    data = review(world, ctr=b64url_encode(bytes(16))).data()
    world.tell("reviews", LeafType.REVIEW, data, START - 380)
    return world.evidence(ctr=world.ctr)


# Check options


@case()
def exactly_what_was_asked_for() -> Evidence:
    world = plain()
    world.day(1)
    week = week_of(START)
    return world.evidence(ctr=world.ctr, sub=world.sub, period=(week, week + WEEK))


@case("E_MANIFEST")
def another_contract_than_asked_for() -> Evidence:
    world = plain()
    world.day(1)
    return world.evidence(ctr=b64url_encode(bytes(16)))


@case("E_MANIFEST")
def another_freelancer_than_asked_for() -> Evidence:
    world = plain()
    world.day(1)
    return world.evidence(sub=b64url_encode(bytes(16)))


@case("E_MANIFEST")
def another_week_than_asked_for() -> Evidence:
    world = plain()
    world.day(1)
    week = week_of(START)
    return world.evidence(period=(week - WEEK, week))


# The log's history


@case()
def one_history() -> Evidence:
    world = World()
    world.day(2)
    return world.evidence(**world.history())


@case("E_CONSISTENCY")
def a_checkpoint_without_a_proof() -> Evidence:
    world = plain()
    world.day(1)
    history = world.history()
    return world.evidence(**{**history, "consistency": {}})


@case("E_CONSISTENCY")
def a_proof_that_proves_nothing() -> Evidence:
    world = plain()
    world.day(1)
    history = world.history()
    bad = {key: proof[:-1] for key, proof in history["consistency"].items()}
    return world.evidence(**{**history, "consistency": bad})


@case("E_CONSISTENCY")
def a_history_that_the_newest_checkpoint_does_not_hold() -> Evidence:
    world = plain()
    world.day(1)
    evidence = world.evidence(**world.history())
    size = len(world.log.leaves)
    forged = Checkpoint(ORIGIN, size + 1, bytes(32)).text()
    return replace(evidence, checkpoints={"2026": world.log.signer.sign(forged)})


@case("E_CONSISTENCY")
def a_newest_checkpoint_that_is_not_the_newest() -> Evidence:
    world = plain()
    world.day(1)
    history = world.history()
    history["checkpoints"] = {"2026": world.log.checkpoint(len(world.log.leaves) - 1)}
    return world.evidence(**history)


@case("E_CONSISTENCY", "E_MANIFEST")
def a_newest_checkpoint_of_another_log() -> Evidence:
    world = plain()
    world.day(1)
    return world.evidence(checkpoints={"2027": world.log.checkpoint()})


@case("E_CONSISTENCY", "E_CP_SIG")
def a_newest_checkpoint_that_nobody_signed() -> Evidence:
    world = plain()
    world.day(1)
    return world.evidence(checkpoints={"2026": Log("stranger").checkpoint(0)})


@case("E_SPLIT_VIEW")
def two_roots_for_one_size() -> Evidence:
    world = plain()
    world.day(1)
    other = Log()
    other.append(world.log.leaves[0], world.log.objects[0])
    other.append(replace(world.log.leaves[1], digest=b64url_encode(bytes(32))))
    shown = other.receipt(0)
    evidence = world.evidence(**world.history())
    forged = {**evidence.beacons, digest(shown): shown}
    world.log.leaves, whole = world.log.leaves[:2], world.log.leaves
    honest = world.log.receipt(0)
    world.log.leaves = whole
    return replace(evidence, beacons={**forged, digest(honest): honest})


@case("E_SPLIT_VIEW")
def two_leaves_at_one_place() -> Evidence:
    world = plain()
    data = world.work(START)
    other = Log()
    for leaf, obj in zip(world.log.leaves, world.log.objects, strict=True):
        other.append(leaf, obj)
    world.log_segment(data)
    terms = replace(world.terms, from_s=END + 99).data()
    leaf = replace(world.log.leaves[2], digest=digest(terms), rt_ms=(END - 60) * 1000)
    at = other.append(leaf, terms)
    other.append(leaf, terms)
    other.append(leaf, terms)
    evidence = world.evidence()
    return replace(evidence, terms=[*evidence.terms, other.receipt(at)])


@case("E_LOG_TIME")
def a_leaf_that_is_older_than_the_one_before_it() -> Evidence:
    world = plain()
    world.day(1)
    later = replace(world.terms, from_s=END + 99)
    world.terms_at.append(world.log_terms(later, END + 2.999))
    return world.evidence()


# The log's keys


def rotated(at_s: float = END - 90, final: bytes | None = None) -> World:
    """A world whose log changes shards while its first segment is recorded."""
    world = plain()
    world.add_beacon(START)
    old = world.log
    world.log, announcement, opening = old.follow(NEXT_ORIGIN, at_s, final=final)
    world.said["keys"] = [(None, announcement), (None, opening)]
    return world


def by_the_old_key(world: World, **changes: Any) -> Evidence:
    old = world.log.before
    assert old is not None
    return world.evidence(verifiers=(old.signer.verifier,), **changes)


@case()
def a_new_shard_that_was_announced() -> Evidence:
    world = rotated()
    world.day(2)
    return by_the_old_key(world, **world.history())


@case("E_CP_SIG", "E_INCLUSION")
def a_new_shard_that_nobody_announced() -> Evidence:
    world = rotated()
    world.log_segment(world.work(START))
    beacons = {digest(world.beacons[START]): world.beacons[START]}
    return by_the_old_key(world, keys=[], beacons=beacons)


@case("E_POLICY")
def an_announcement_of_another_key_for_a_known_log() -> Evidence:
    world = rotated()
    old = world.log.before
    assert old is not None
    stranger = Log("stranger", NEXT_ORIGIN)
    verifiers = (old.signer.verifier, stranger.signer.verifier)
    return world.evidence(verifiers=verifiers, keys=[world.log.receipt(world.said["keys"][0][1])])


@case("E_POLICY")
def an_announcement_in_another_place() -> Evidence:
    world = plain()
    key = LogKey(
        NEXT_ORIGIN,
        Log("next", NEXT_ORIGIN).signer.verifier.vkey,
        ORIGIN,
        1,
        b64url_encode(bytes(32)),
    )
    world.tell("keys", LeafType.KEY, key.data(), START - 380)
    return world.evidence()


@case("E_POLICY")
def the_leaf_of_a_refused_key_has_no_time() -> Evidence:
    """It is older than the leaves before it and proves nothing: no E_LOG_TIME."""
    world = plain()
    world.day(1)
    key = LogKey(
        NEXT_ORIGIN,
        Log("next", NEXT_ORIGIN).signer.verifier.vkey,
        ORIGIN,
        1,
        b64url_encode(bytes(32)),
    )
    world.tell("keys", LeafType.KEY, key.data(), START - 380)
    return world.evidence()


@case("E_POLICY")
def an_opening_in_another_place() -> Evidence:
    world = rotated()
    data = LogKey(
        NEXT_ORIGIN, world.log.signer.verifier.vkey, ORIGIN, 1, b64url_encode(bytes(32))
    ).data()
    world.tell("keys", LeafType.KEY, data, END - 80)
    return by_the_old_key(world)


@case("E_POLICY")
def a_log_that_does_not_follow() -> Evidence:
    world = plain()
    old = f"{AUD}/log/2025"
    key = LogKey(old, Log("old", old).signer.verifier.vkey, ORIGIN, 3, b64url_encode(bytes(32)))
    world.tell("keys", LeafType.KEY, key.data(), START - 380)
    return world.evidence()


@case("E_POLICY")
def a_key_of_another_log_than_it_names() -> Evidence:
    world = plain()
    key = LogKey(NEXT_ORIGIN, world.log.signer.verifier.vkey, ORIGIN, 3, b64url_encode(bytes(32)))
    world.tell("keys", LeafType.KEY, key.data(), START - 380)
    return world.evidence()


@case("E_SPLIT_VIEW")
def an_old_log_that_went_on_in_secret() -> Evidence:
    world = rotated()
    old = world.log.before
    assert old is not None
    old.append(Leaf(LeafType.SEGMENT, digest(b"secret"), (END - 89) * 1000, "13"))
    return by_the_old_key(world)


@case("E_SPLIT_VIEW")
def an_old_log_that_ended_otherwise_than_the_new_one_says() -> Evidence:
    world = rotated(final=bytes(32))
    return by_the_old_key(world, **world.history())


# The first leaf of an object counts


@case()
def a_changed_memo_logged_twice_keeps_its_first_place() -> Evidence:
    world = plain()
    (segment,) = world.day(1)
    first = amended(world, segment, "Second", END + 10)
    amended(world, segment, "Third", END + 11)
    world.say("amends", LeafType.AMEND, first, END + 12)
    return world.evidence()


@case("N_DELETED")
def a_deletion_logged_twice_counts_once() -> Evidence:
    world = World()
    (segment,) = world.day(1)
    deleted(world, segment, ["time"], END + 10, [])
    (signed, _) = world.said["tombstones"][0]
    assert signed is not None
    world.say("tombstones", LeafType.TOMBSTONE, signed, LOCK)
    erased(world, segment, ["shot"], LOCK + 1)
    erased_at = world.said["tombstones"][-1][1]
    again = world.log.leaves[erased_at], world.log.objects[erased_at]
    world.said["tombstones"].append((None, world.log.append(*again)))
    return without(world.evidence(), *digest_of(segment, "shot_0"))


@case("E_LATE")
def a_late_leaf_of_a_deletion_without_the_first() -> Evidence:
    """Only evidence counts: the leaf in time is not in it."""
    world = plain()
    (segment,) = world.day(1)
    deleted(world, segment, ["time"], END + 10, [])
    (signed, _) = world.said["tombstones"].pop()
    assert signed is not None
    world.say("tombstones", LeafType.TOMBSTONE, signed, LOCK)
    return world.evidence()


@case("E_LATE")
def time_alone_given_back_late_deletes_nothing_that_it_names() -> Evidence:
    world = plain()
    (segment,) = world.day(1)
    deleted(world, segment, ["time"], LOCK, digest_of(segment, "memo"))
    return world.evidence()


@case("N_DELETED")
def a_memo_deleted_late_with_its_time_keeps_the_time() -> Evidence:
    world = plain()
    (segment,) = world.day(1)
    deleted(world, segment, ["memo", "time"], LOCK, digest_of(segment, "memo"))
    return world.evidence()


@case()
def what_a_client_said_logged_twice() -> Evidence:
    world = plain()
    said = review(world).data()
    for at_s in (START - 380, START - 370):
        world.tell("reviews", LeafType.REVIEW, said, at_s)
    return world.evidence()
