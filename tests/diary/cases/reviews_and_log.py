"""Cases of reviews, the options of a check, the log's history and its keys. See `common`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from diary.core.slots import WEEK, week_of
from diary.formats.ed25519 import SigningKey
from diary.formats.encoding import b64url_encode, canonical, digest
from diary.log.checkpoint import Checkpoint
from diary.log.leaf import Leaf, LeafType
from diary.log.shard_keys import LogKey
from diary.log.witnessing.cosignature import CosignatureSigner
from diary.log.witnessing.witnesses import Witness, WitnessGroup, WitnessPolicy
from diary.objects.review_entry import ReviewEntry
from diary.verification.evidence import Evidence
from tests.diary.cases.common import END, NEXT_ORIGIN, case, plain
from tests.diary.world import AUD, ORIGIN, START, Log, World

# Reviews


def review(world: World, **changes: Any) -> ReviewEntry:
    good = ReviewEntry(AUD, world.ctr, START, "client", "approve", (), None)
    return replace(good, **changes)


@case()
def what_a_client_said() -> Evidence:
    world = plain()
    world.log_unsigned("reviews", LeafType.REVIEW, review(world).data(), START - 380)
    world.day(1)
    return world.evidence()


@case("E_FORMAT")
def what_a_client_may_not_say() -> Evidence:
    world = plain()
    data = canonical({"kind": "insult"})
    world.log_unsigned("reviews", LeafType.REVIEW, data, START - 380)
    return world.evidence()


@case("E_KID_UNKNOWN")
def what_was_said_of_another_contract() -> Evidence:
    world = plain()
    data = review(world, ctr=b64url_encode(bytes(16))).data()
    world.log_unsigned("reviews", LeafType.REVIEW, data, START - 380)
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


WITNESSES = [
    CosignatureSigner(f"witness.example/w{n}", SigningKey.from_seed(bytes([100 + n]) * 32))
    for n in (1, 2)
]
ONE_OF_TWO = WitnessPolicy(
    tuple(Witness(name, each.verifier) for name, each in zip("AB", WITNESSES, strict=True)),
    (WitnessGroup("any", 1, ("A", "B")),),
    "any",
)


def cosigned_by(*signers: CosignatureSigner, size: int | None = None) -> Evidence:
    """A day whose newest checkpoint is cosigned; of `size` leaves, if given, by mistake."""
    world = plain()
    world.day(1)
    history = world.history()
    [(name, note)] = history["checkpoints"].items()
    text = world.log.checkpoint(size).decode().partition("\n\n")[0] + "\n"
    lines = b"".join(each.sign(text, START) for each in signers)
    history["checkpoints"] = {name: note + lines}
    return world.evidence(**history, witnesses=ONE_OF_TWO)


@case()
def a_newest_checkpoint_that_one_of_two_witnesses_cosigned() -> Evidence:
    return cosigned_by(WITNESSES[1])


@case("E_QUORUM")
def a_newest_checkpoint_that_no_witness_cosigned() -> Evidence:
    return cosigned_by()


@case("E_QUORUM")
def a_newest_checkpoint_that_an_unknown_witness_cosigned() -> Evidence:
    return cosigned_by(CosignatureSigner("witness.example/w1", SigningKey.from_seed(bytes(32))))


@case("E_CONSISTENCY", "E_CP_SIG")
def a_newest_checkpoint_with_the_cosignature_of_another() -> Evidence:
    return cosigned_by(*WITNESSES, size=1)


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
    world.statements["keys"] = [(None, announcement), (None, opening)]
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
    return world.evidence(
        verifiers=verifiers, keys=[world.log.receipt(world.statements["keys"][0][1])]
    )


def with_misplaced_key(world: World) -> Evidence:
    """The world's evidence, with a key announced at a position that it does not name."""
    key = LogKey(
        NEXT_ORIGIN,
        Log("next", NEXT_ORIGIN).signer.verifier.vkey,
        ORIGIN,
        1,
        b64url_encode(bytes(32)),
    )
    world.log_unsigned("keys", LeafType.KEY, key.data(), START - 380)
    return world.evidence()


@case("E_POLICY")
def an_announcement_in_another_place() -> Evidence:
    world = plain()
    return with_misplaced_key(world)


@case("E_POLICY")
def the_leaf_of_a_refused_key_has_no_time() -> Evidence:
    """It is older than the leaves before it and proves nothing: no E_LOG_TIME."""
    world = plain()
    world.day(1)
    return with_misplaced_key(world)


@case("E_POLICY")
def an_opening_in_another_place() -> Evidence:
    world = rotated()
    data = LogKey(
        NEXT_ORIGIN, world.log.signer.verifier.vkey, ORIGIN, 1, b64url_encode(bytes(32))
    ).data()
    world.log_unsigned("keys", LeafType.KEY, data, END - 80)
    return by_the_old_key(world)


@case("E_POLICY")
def a_log_that_does_not_follow() -> Evidence:
    world = plain()
    old = f"{AUD}/log/2025"
    key = LogKey(old, Log("old", old).signer.verifier.vkey, ORIGIN, 3, b64url_encode(bytes(32)))
    world.log_unsigned("keys", LeafType.KEY, key.data(), START - 380)
    return world.evidence()


@case("E_POLICY")
def a_key_of_another_log_than_it_names() -> Evidence:
    world = plain()
    key = LogKey(NEXT_ORIGIN, world.log.signer.verifier.vkey, ORIGIN, 3, b64url_encode(bytes(32)))
    world.log_unsigned("keys", LeafType.KEY, key.data(), START - 380)
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
