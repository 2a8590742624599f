"""Cases of deletions, malformed parts and parts that were not received. See `common`."""

from __future__ import annotations

from dataclasses import replace

from diary.core.slots import SLOT
from diary.formats import sd_jwt
from diary.formats.encoding import b64url_encode, digest
from diary.formats.jws import sign
from diary.log.leaf import LeafType
from diary.objects.device_lifecycle import vouch
from diary.objects.picture_times import pick_times
from diary.objects.segment import TYP, SealedSegment, parse
from diary.objects.tombstone import TYP as TOMBSTONE_TYP
from diary.objects.tombstone import Tombstone
from diary.verification.evidence import Evidence
from tests.diary.cases.beacons_and_pictures import kept
from tests.diary.cases.common import (
    END,
    LOCK,
    amended,
    case,
    deleted,
    digest_of,
    erased,
    plain,
    revoked,
    without,
)
from tests.diary.world import AUD, START, World

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
    world.log_unsigned("tombstones", LeafType.TOMBSTONE, stone.data(), END + 10)
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
    world.log_signed(
        "tombstones", LeafType.TOMBSTONE, sign(payload, TOMBSTONE_TYP, world.key), END + 10
    )
    return world.evidence()


@case("E_FORMAT")
def a_deletion_of_nothing() -> Evidence:
    world = plain()
    (segment,) = world.day(1)
    stone = Tombstone(None, segment.hash, (), (), "", END)
    world.log_unsigned("tombstones", LeafType.TOMBSTONE, stone.data(), END + 10)
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
    world.log_signed("tombstones", LeafType.TOMBSTONE, data, START - 380)
    return world.evidence()
