"""Cases of changed memos. See `common`."""

from __future__ import annotations

from dataclasses import replace

from diary.core.slots import SLOT
from diary.formats import sd_jwt
from diary.formats.encoding import b64url_encode
from diary.log.leaf import LeafType
from diary.objects.amendment import TYP as AMEND_TYP
from diary.objects.amendment import amend
from diary.verification.evidence import Evidence
from tests.diary.cases.common import END, LOCK, amended, case, plain, revoked
from tests.diary.world import AUD, START

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
    world.log_signed("amends", LeafType.AMEND, data, END + 10)
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
    world.log_signed("amends", LeafType.AMEND, data, END + 10)
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
