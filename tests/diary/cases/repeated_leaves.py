"""Cases of objects that the log holds twice: the first leaf counts. See `common`."""

from __future__ import annotations

from diary.log.leaf import LeafType
from diary.verification.evidence import Evidence
from tests.diary.cases.common import (
    END,
    LOCK,
    amended,
    case,
    deleted,
    digest_of,
    erased,
    plain,
    without,
)
from tests.diary.cases.reviews_and_log import review
from tests.diary.world import START, World

# The first leaf of an object counts


@case()
def a_changed_memo_logged_twice_keeps_its_first_place() -> Evidence:
    world = plain()
    (segment,) = world.day(1)
    first = amended(world, segment, "Second", END + 10)
    amended(world, segment, "Third", END + 11)
    world.log_signed("amends", LeafType.AMEND, first, END + 12)
    return world.evidence()


@case("N_DELETED")
def a_deletion_logged_twice_counts_once() -> Evidence:
    world = World()
    (segment,) = world.day(1)
    deleted(world, segment, ["time"], END + 10, [])
    (signed, _) = world.statements["tombstones"][0]
    assert signed is not None
    world.log_signed("tombstones", LeafType.TOMBSTONE, signed, LOCK)
    erased(world, segment, ["shot"], LOCK + 1)
    erased_at = world.statements["tombstones"][-1][1]
    again = world.log.leaves[erased_at], world.log.objects[erased_at]
    world.statements["tombstones"].append((None, world.log.append(*again)))
    return without(world.evidence(), *digest_of(segment, "shot_0"))


@case("E_LATE")
def a_late_leaf_of_a_deletion_without_the_first() -> Evidence:
    """Only evidence counts: the leaf in time is not in it."""
    world = plain()
    (segment,) = world.day(1)
    deleted(world, segment, ["time"], END + 10, [])
    (signed, _) = world.statements["tombstones"].pop()
    assert signed is not None
    world.log_signed("tombstones", LeafType.TOMBSTONE, signed, LOCK)
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
        world.log_unsigned("reviews", LeafType.REVIEW, said, at_s)
    return world.evidence()
