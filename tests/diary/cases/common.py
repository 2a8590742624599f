"""Each finding code, from an otherwise honest diary with exactly that fault.

A case is a function that creates the evidence, and the codes that its check must find, no more and
no fewer. The tests check them, and `tests/vectors` writes them for other verifiers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from diary.core.slots import SLOT, WEEK, week_of
from diary.formats.encoding import b64url_encode, canonical, digest
from diary.log.leaf import LeafType
from diary.objects.amendment import amend
from diary.objects.device_lifecycle import RetirementHead, Revoke, retire, vouch
from diary.objects.segment import TYP, SealedSegment, parse
from diary.objects.tombstone import Tombstone, tombstone
from diary.verification.evidence import Evidence
from tests.diary.world import AUD, START, World

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


END = START + SLOT


#: The week of START locks then, by the world's terms.
LOCK = week_of(START) + WEEK + 43_200


NEXT_ORIGIN = f"{AUD}/log/2027"


def vouched(world: World, by: World, whom: World, at_s: float) -> None:
    data = vouch(by.key, aud=AUD, sub=by.sub, kid=whom.key.kid)
    world.log_signed("vouches", LeafType.VOUCH, data, at_s)


def revoked(world: World, at_s: float, kid: str | None = None) -> None:
    word = Revoke(kid or world.key.kid, round(at_s), "lost").data()
    world.log_unsigned("revokes", LeafType.REVOKE, word, at_s, kid or world.key.kid)


def retired(world: World, heads: list[RetirementHead], at_s: float) -> None:
    data = retire(
        world.key, aud=AUD, sub=world.sub, at=round(at_s), heads=heads, random=world.random
    )
    world.log_signed("retires", LeafType.RETIRE, data, at_s, world.key.kid)


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
    world.log_signed("amends", LeafType.AMEND, data, at_s)
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
    world.log_signed("tombstones", LeafType.TOMBSTONE, data, at_s)


def erased(world: World, segment: SealedSegment, scope: list[Any], at_s: float) -> None:
    digests = tuple(sorted(digest_of(segment, f"{scope[0]}_0" if scope[0] == "shot" else scope[0])))
    stone = Tombstone(None, segment.hash, digests, tuple(scope), "retention", round(at_s))
    world.log_unsigned("tombstones", LeafType.TOMBSTONE, stone.data(), at_s)


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
