"""Cases of signatures, enrolments, receipts and the chain of segments. See `common`."""

from __future__ import annotations

from dataclasses import replace

from diary.core.slots import SLOT
from diary.formats.ed25519 import SigningKey, jwk
from diary.formats.encoding import b64url_encode, digest
from diary.formats.jws import parse as parse_jws
from diary.formats.jws import sign
from diary.log.leaf import LeafType
from diary.objects.enrolment import TYP as DEVICE_TYP
from diary.objects.segment import parse
from diary.verification.evidence import Evidence
from tests.diary.cases.common import case, one, plain, resigned
from tests.diary.world import START, Log, World


@case()
def honest() -> Evidence:
    world = World(shots=2)
    world.day(3)
    return world.evidence()


@case()
def nothing_at_all() -> Evidence:
    return replace(World().evidence(), devices=[], terms=[], beacons={})


@case()
def not_logged_yet() -> Evidence:
    world = World()
    world.work(START)
    return world.evidence()


@case("E_FORMAT")
def not_a_segment() -> Evidence:
    return plain().evidence(segments={"x": (b"x~", None)})


@case("E_ALG")
def another_algorithm() -> Evidence:
    world = plain()
    return resigned(world, world.work(START), alg="EdDSA")


@case("E_TYP")
def another_type() -> Evidence:
    world = plain()
    return resigned(world, world.work(START), typ="wd-tombstone+jwt")


@case("E_KID_UNKNOWN")
def another_key_in_the_header() -> Evidence:
    world = plain()
    return resigned(world, world.work(START), kid=b64url_encode(bytes(32)))


@case("E_KID_UNKNOWN")
def of_another_freelancer() -> Evidence:
    return one(sub=b64url_encode(bytes(16)))


@case("E_KID_UNKNOWN")
def of_another_marketplace() -> Evidence:
    return one(aud="other.example")


@case("E_SIG")
def another_signature() -> Evidence:
    world = plain()
    signed, *rest = world.work(START).split(b"~")
    body = signed[: signed.rindex(b".")]
    signed = body + b"." + b64url_encode(SigningKey.from_seed(b"k" * 32).sign(body)).encode()
    return world.evidence(segments={digest(signed): (b"~".join([signed, *rest]), None)})


@case("E_SIG")
def another_segment_under_the_name() -> Evidence:
    world = plain()
    data = world.work(START)
    return world.evidence(segments={b64url_encode(bytes(32)): (data, None)})


@case("E_KEY_WEAK", "E_DEVICE_UNLOGGED")
def a_weak_key() -> Evidence:
    world = plain()
    payload = parse_jws(world.enrolment.data, DEVICE_TYP).payload
    weak = sign(payload | {"jwk": jwk(bytes(32))}, DEVICE_TYP, world.key)
    good = (world.enrolment.data, world.log.receipt(world.enrolled_at))
    return world.evidence(devices=[good, (weak, b"")])


@case("E_DEVICE_UNLOGGED", "E_INCLUSION")
def an_enrolment_that_is_not_in_the_log() -> Evidence:
    world = plain()
    return world.evidence(devices=[(world.enrolment.data, world.log.receipt(0))])


@case("E_DEVICE_UNLOGGED", "E_KID_UNKNOWN")
def an_enrolment_under_another_kid() -> Evidence:
    world = plain()
    at = world.log_object(
        LeafType.DEVICE, world.enrolment.digest, START - 350, b64url_encode(bytes(32))
    )
    world.work(START)
    return world.evidence(devices=[(world.enrolment.data, world.log.receipt(at))])


@case("E_DEVICE_UNLOGGED")
def an_enrolment_elsewhere() -> Evidence:
    world = plain()
    payload = parse_jws(world.enrolment.data, DEVICE_TYP).payload
    data = sign(payload | {"aud": "other.example"}, DEVICE_TYP, world.key)
    at = world.log_object(LeafType.DEVICE, digest(data), START - 350, world.key.kid)
    return world.evidence(devices=[(data, world.log.receipt(at))])


@case("E_DEVICE_UNLOGGED")
def work_before_the_enrolment() -> Evidence:
    world = plain()
    world.add_beacon(START)
    world.enrolled_at = world.log_object(
        LeafType.DEVICE, world.enrolment.digest, START + 6, world.enrolment.kid
    )
    return one(world)


@case()
def the_first_leaf_of_an_enrolment_counts() -> Evidence:
    world = plain()
    world.add_beacon(START)
    again = world.log_object(
        LeafType.DEVICE, world.enrolment.digest, START + 6, world.enrolment.kid
    )
    world.day(1)
    receipts = [world.log.receipt(at) for at in (again, world.enrolled_at, again)]
    return world.evidence(devices=[(world.enrolment.data, receipt) for receipt in receipts])


@case("E_CP_SIG", "E_INCLUSION")
def a_receipt_of_another_log() -> Evidence:
    world = plain()
    data = world.work(START)
    stranger = World(log=Log("stranger")).log.receipt(0)
    return world.evidence(segments={parse(data).hash: (data, stranger)})


@case("E_INCLUSION")
def a_receipt_of_another_object() -> Evidence:
    world = plain()
    data = world.work(START)
    return world.evidence(segments={parse(data).hash: (data, world.log.receipt(0))})


@case("E_FORK")
def a_fork() -> Evidence:
    world = plain()
    world.log_segment(world.work(START, START, START + 100))
    first = world.enrolment.digest
    world.log_segment(world.work(START, START + 100, START + 200, seq=0, prev=first))
    return world.evidence()


@case("E_FORK")
def a_fork_that_is_not_logged_falls_behind() -> Evidence:
    world = plain()
    first = world.enrolment.digest
    world.work(START, START, START + 100)
    world.log_segment(world.work(START, START + 100, START + 200, seq=0, prev=first))
    return world.evidence()


@case("E_GAP")
def a_gap() -> Evidence:
    world = plain()
    segments = world.day(3)
    evidence = world.evidence()
    kept = {name: evidence.segments[name] for name in (segments[0].hash, segments[2].hash)}
    return replace(evidence, segments=kept)


@case("E_GAP")
def a_part_of_the_diary_has_a_gap_within_only() -> Evidence:
    world = plain()
    segments = world.day(5)
    evidence = world.evidence(partial=True)
    kept = {segments[i].hash: evidence.segments[segments[i].hash] for i in (1, 2, 4)}
    return replace(evidence, segments=kept)


@case()
def a_part_of_the_diary_begins_anywhere() -> Evidence:
    world = plain()
    segments = world.day(3)
    evidence = world.evidence(partial=True)
    kept = {segment.hash: evidence.segments[segment.hash] for segment in segments[1:]}
    return replace(evidence, segments=kept)


@case("E_PREV")
def a_chain_that_does_not_begin_at_the_enrolment() -> Evidence:
    return one(prev=b64url_encode(bytes(32)))


@case("E_PREV")
def a_broken_chain() -> Evidence:
    world = plain()
    world.day(1)
    world.log_segment(world.work(START + SLOT, prev=b64url_encode(bytes(32))))
    return world.evidence()


@case("W_EPOCH")
def a_restored_backup() -> Evidence:
    world = plain()
    world.day(1)
    world.log_segment(world.work(START + SLOT, epoch=1))
    world.log_segment(world.work(START + 2 * SLOT, epoch=1))
    return world.evidence()
