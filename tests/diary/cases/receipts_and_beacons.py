"""Cases of single rules of receipts, checkpoints and beacons. See `common`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from diary.core.slots import SLOT
from diary.formats.encoding import b64_encode, b64url_encode, digest
from diary.log.checkpoint import Checkpoint
from diary.log.leaf import LeafType
from diary.log.receipt import Receipt
from diary.objects.segment import parse
from diary.verification.evidence import Evidence
from tests.diary.cases.common import END, NEXT_ORIGIN, case, plain
from tests.diary.world import START, World


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
    world.statements["reviews"] = [(None, at)]
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
    text = Checkpoint(NEXT_ORIGIN, len(world.log.leaves), world.log.root()).text()
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
