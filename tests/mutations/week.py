"""An honest week with every kind of object: two devices, every kind of time, changed memos,
deletions, a retirement and a revocation, reviews, new terms, and a change of the log's key.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from diary.bundle.check import CheckOptions
from diary.core.slots import SLOT, WEEK, week_of
from diary.log.leaf import LeafType
from diary.objects.device_lifecycle import RetirementHead, Revoke, retire, vouch
from diary.objects.picture_times import scheduled_times
from diary.objects.review_entry import ReviewEntry
from diary.objects.segment import SealedSegment, parse, seal
from tests.diary.cases.common import amended, deleted, digest_of, erased, without
from tests.diary.world import AUD, START, Log, Random, World

NEXT_ORIGIN = f"{AUD}/log/2026-2"


@dataclass(frozen=True)
class Week:
    """The week: its devices, and the files of its bundle."""

    desk: World
    laptop: World
    files: dict[str, bytes]

    @property
    def asked(self) -> CheckOptions:
        """A client's outside knowledge: the first shard's key, and the check options."""
        key = self.desk.shards()[0].signer.verifier
        first = week_of(START)
        return CheckOptions((key,), self.desk.ctr, self.desk.sub, first, first + WEEK)


def sealed(world: World, slot: int, kind: str = "auto", note: str | None = None) -> bytes:
    """A whole slot with its pictures, masked, or kept with a note."""
    body = world.body(slot)
    value = world.moments.value(slot)
    assert value is not None
    due = scheduled_times(value, world.beacon_value(slot), slot, body.t0, world.terms.shots)
    shots = [world.picture(d + 40) for d in due]
    if note is None:
        shots = [replace(shots[0], redacted=((0, 0, 200, 100),)), *shots[1:]]
    rows = world.minutes(body)
    changes: dict[str, Any] = {"kind": kind, "active": 9, "pics": len(shots), "shot": "ok"}
    data = seal(
        replace(body, **changes),
        memo="Read mail",
        note=note,
        minutes=rows,
        shots=shots,
        signer=world.key,
        random=world.random,
    )
    world.segments.append(data)
    return data


def segment_of(world: World, number: int) -> SealedSegment:
    return parse(world.segments[number])


@cache
def honest() -> Week:
    """The week; the same at every call."""
    desk = World(random=Random("mutations"), log=Log("mutations"), limit_s=7_000)
    desk.name = "laptop"
    laptop = desk.sibling(START - 390, "laptop")
    desk.name = "desk"
    data = vouch(desk.key, aud=AUD, sub=desk.sub, kid=laptop.key.kid)
    desk.log_signed("vouches", LeafType.VOUCH, data, START - 380)

    def at(number: int, offset: int = 0) -> int:
        return START + number * SLOT + offset

    # The morning, on two devices.
    desk.log_segment(desk.work(at(0)))
    desk.log_segment(desk.work(at(1), late_ms=300))
    desk.log_segment(desk.work(at(2), at(2), at(2, 290), end="switch"))
    desk.log_segment(desk.work(at(2), at(2, 290), at(3), memo="Review"))
    laptop.log_segment(laptop.work(at(3)))
    desk.log_segment(sealed(desk, at(4), "kept", "On the telephone"))
    desk.log_segment(desk.manual(at(5)))
    # New terms from the slot after next: two pictures.
    terms = replace(desk.terms, shots=2, from_s=at(7))
    desk.terms_at.append(desk.log_terms(terms, at(6, 10)))
    amended(laptop, segment_of(desk, 1), "Write more tests", at(6, 20))
    desk.log_segment(desk.work(at(6)))
    desk.terms = laptop.terms = terms
    desk.log_segment(desk.work(at(7)))
    # The log's key changes.
    old = desk.log
    desk.log, announcement, opening = old.follow(NEXT_ORIGIN, at(8, 30), "mutations/2")
    laptop.log = desk.log
    desk.statements["keys"] = [(None, announcement), (None, opening)]
    desk.log_segment(desk.work(at(8)))
    # The laptop is retired: the retirement names its unsent segments, its key is revoked, then it
    # sends.
    late = laptop.work(at(9))
    body = parse(late).segment
    word = retire(
        laptop.key,
        aud=AUD,
        sub=laptop.sub,
        at=at(10, 5),
        heads=[RetirementHead(body.ctr, body.seq, parse(late).hash)],
        random=laptop.random,
    )
    laptop.log_signed("retires", LeafType.RETIRE, word, at(10, 5), laptop.key.kid)
    revoke = Revoke(laptop.key.kid, at(10, 20), "lost").data()
    desk.log_unsigned("revokes", LeafType.REVOKE, revoke, at(10, 20), laptop.key.kid)
    laptop.log_segment(late, at(10, 60))
    desk.log_segment(sealed(desk, at(11)))
    desk.log_segment(desk.work(at(12)))
    desk.log_segment(desk.manual(at(13), "Meeting"))
    # Later changes.
    amended(desk, segment_of(desk, 0), "Draft", at(14, 30))
    amended(desk, segment_of(desk, 0), "Draft of the letter", at(14, 40))
    first, third = segment_of(desk, 0), segment_of(desk, 2)
    pictured = segment_of(desk, 7)
    gone = digest_of(first, "shot_0")
    deleted(desk, first, ["shot", "time"], at(14, 50), gone)
    words = digest_of(third, "memo")
    deleted(desk, third, ["memo"], at(14, 51), words)
    erased(desk, pictured, ["shot"], at(14, 52))
    hashes = (segment_of(desk, 1).hash, segment_of(desk, 6).hash)
    review = ReviewEntry(AUD, desk.ctr, at(15), "client", "approve", hashes, None)
    desk.log_unsigned("reviews", LeafType.REVIEW, review.data(), at(15))
    asks = replace(review, at=at(15, 5), kind="question", segments=hashes[:1])
    desk.log_unsigned("reviews", LeafType.REVIEW, asks.data(), at(15, 5))
    for digests in ((first, "shot_0"), (pictured, "shot_0")):
        shot = digests[0].pictures[0]
        del desk.blobs[shot.blob.sha256], desk.blobs[shot.thumb.sha256]
    evidence = without(desk.together(laptop), *gone, *words, *digest_of(pictured, "shot_0"))
    return Week(desk, laptop, desk.bundle(evidence))
