"""Weeks of work for several tests and for the vectors' bundles."""

from __future__ import annotations

from diary.core.slots import SLOT
from diary.log.leaf import LeafType
from diary.objects.amendment import amend
from diary.objects.device_lifecycle import RetirementHead, Revoke, retire
from diary.objects.review_entry import ReviewEntry
from diary.objects.tombstone import Tombstone, tombstone
from tests.diary.world import AUD, START, World

NEXT = f"{AUD}/log/2027"


def full_world() -> World:
    """A week with every statement that causes no finding but N_DELETED."""
    world = World()
    first, second, third = world.day(3)
    at = START + 3 * SLOT + 5
    data = amend(
        world.key, aud=AUD, segment=first.hash, at=at, memo="Better words", random=world.random
    )
    world.log_signed("amends", LeafType.AMEND, data, at)
    memo = next(part for part in second.sdjwt.disclosures if part.name == "memo")
    gone = tombstone(
        world.key,
        segment=second.hash,
        digests=[memo.digest],
        scope=["memo"],
        reason="deleted",
        at=at,
    )
    world.log_signed("tombstones", LeafType.TOMBSTONE, gone, at)
    note = Tombstone(None, third.hash, (), ("minutes",), "retention", at)
    world.log_unsigned("tombstones", LeafType.TOMBSTONE, note.data(), at)
    said = ReviewEntry(AUD, world.ctr, at, "client", "approve", (first.hash,), None)
    world.log_unsigned("reviews", LeafType.REVIEW, said.data(), at)
    last = retire(
        world.key,
        aud=AUD,
        sub=world.sub,
        at=at,
        heads=[RetirementHead(world.ctr, 2, third.hash)],
        random=world.random,
    )
    world.log_signed("retires", LeafType.RETIRE, last, at, world.key.kid)
    word = Revoke(world.key.kid, at, "lost").data()
    world.log_unsigned("revokes", LeafType.REVOKE, word, at, world.key.kid)
    return world


def rotated() -> World:
    """Two segments in one shard, two in the next."""
    world = World()
    world.day(2)
    at = START + 2 * SLOT + 100
    world.log, announced, opening = world.log.follow(NEXT, at)
    world.statements["keys"] = [(None, announced), (None, opening)]
    for n in (3, 4):
        world.log_segment(world.work(START + n * SLOT))
    return world
