"""Parsers and the check fail only with a code, for any bytes."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from diary.core.findings import DiaryError
from diary.formats import sd_jwt
from diary.formats.encoding import MAX_INT, canonical, digest
from diary.formats.jws import parse as parse_jws
from diary.formats.jws import sign
from diary.log.leaf import Leaf, LeafType
from diary.log.receipt import Receipt
from diary.objects.beacon import Beacon
from diary.objects.enrolment import TYP as DEVICE_TYP
from diary.objects.enrolment import parse_enrolment
from diary.objects.segment import TYP
from diary.objects.terms import Terms
from diary.verification.check import authenticate, check
from diary.verification.evidence import BlobFacts, Evidence
from tests.diary.world import AUD, START, World


def honest() -> World:
    world = World(shots=2)
    world.day(2)
    world.log_segment(world.manual(START + 1200))
    return world


WORLD = honest()
EVIDENCE = WORLD.evidence()
PAYLOAD = parse_jws(WORLD.segments[0].partition(b"~")[0], TYP).payload
DEVICE = parse_jws(WORLD.enrolment.data, DEVICE_TYP).payload

JSON: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-MAX_INT, MAX_INT)
    | st.sampled_from([0, 1, 600, START, START * 1000, MAX_INT, -MAX_INT])
    | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(max_codepoint=126), max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)


@st.composite
def mutated(draw: st.DrawFn, data: bytes) -> bytes:
    """The bytes with one to three small changes anywhere."""
    made = bytearray(data)
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.integers(0, len(made)))
        match draw(st.integers(0, 4)):
            case 0 if made:
                made[place % len(made)] ^= draw(st.integers(1, 255))
            case 1:
                del made[place : place + draw(st.integers(1, 40))]
            case 2:
                made[place:place] = draw(st.binary(max_size=10))
            case 3:
                del made[place:]
            case _:
                made[place:place] = made[: draw(st.integers(0, 80))]
    return bytes(made)


SEGMENTS = list(EVIDENCE.segments.items())
PIECES: list[bytes] = [
    *(data for data, _ in EVIDENCE.segments.values()),
    *(receipt for _, receipt in EVIDENCE.segments.values() if receipt),
    *(data for pair in EVIDENCE.devices for data in pair),
    *EVIDENCE.terms,
    *EVIDENCE.beacons.values(),
]


def readers(data: bytes) -> None:
    enrolled = {WORLD.enrolment.kid: WORLD.enrolment}
    for read in (
        lambda: authenticate(data, enrolled.get, AUD),
        lambda: parse_enrolment(data),
        lambda: Receipt.parse(data),
        lambda: Leaf.parse(data),
        lambda: Terms.parse(data),
        lambda: Beacon.parse(data),
    ):
        with contextlib.suppress(DiaryError):
            read()


@given(st.sampled_from(PIECES).flatmap(mutated) | st.binary(max_size=300))
def test_readers_raise_no_other_error(data: bytes) -> None:
    readers(data)


@given(st.data())
def test_no_evidence_makes_the_check_fail(draw: st.DataObject) -> None:
    any_piece = st.sampled_from(PIECES)
    bad = draw.draw(any_piece.flatmap(mutated) | any_piece | st.binary(max_size=50))
    name, (data, receipt) = draw.draw(st.sampled_from(SEGMENTS))
    enrolment, proof = EVIDENCE.devices[0]
    first = next(iter(EVIDENCE.beacons))
    evidence = draw.draw(
        st.sampled_from(
            [
                replace(EVIDENCE, segments={**EVIDENCE.segments, name: (bad, receipt)}),
                replace(EVIDENCE, segments={**EVIDENCE.segments, name: (data, bad)}),
                replace(EVIDENCE, segments={**EVIDENCE.segments, "x": (data, bad)}),
                replace(EVIDENCE, devices=[(bad, proof)]),
                replace(EVIDENCE, devices=[(enrolment, bad)]),
                replace(EVIDENCE, terms=[bad]),
                replace(EVIDENCE, beacons={**EVIDENCE.beacons, first: bad}),
                replace(EVIDENCE, blob=lambda _: BlobFacts.of(bad)),
            ]
        )
    )
    report = check(evidence)
    assert list(report.findings) == sorted(report.findings)
    # Without a finding the segments must be the honest ones.
    if not report.findings:
        assert set(report.segments) == set(EVIDENCE.segments)
        assert {s.assurance for s in report.segments.values()} == {"A", "C"}


@given(st.sampled_from(sorted(PAYLOAD)), JSON, st.dictionaries(st.text("ab"), JSON, max_size=1))
def test_no_signed_field_makes_the_check_fail(name: str, value: Any, more: Any) -> None:
    """A device can sign anything: its own key does not make data valid."""
    payload = {**PAYLOAD, name: value, **more}
    with contextlib.suppress(DiaryError):
        signed = sign(payload, TYP, WORLD.key)
        data = b"~".join([signed, *WORLD.segments[0].split(b"~")[1:]])
        at = WORLD.log.append(Leaf(LeafType.SEGMENT, digest(signed), (START + 1210) * 1000, "63"))
        segments = {**EVIDENCE.segments, digest(signed): (data, WORLD.log.receipt(at))}
        report = check(replace(EVIDENCE, segments=segments))
        assert report.findings or value == PAYLOAD[name] or name in {"off", "tz", "app", "end"}


@given(st.sampled_from(["memo", "note", "minutes", "shot_0", "shot_1", "other"]), JSON)
def test_no_signed_disclosure_makes_the_check_fail(name: str, value: Any) -> None:
    parts = {part.name: part.value for part in sd_jwt.parse(WORLD.segments[0], TYP).disclosures}
    payload = {key: PAYLOAD[key] for key in PAYLOAD if key not in ("_sd", "_sd_alg")}
    with contextlib.suppress(DiaryError):
        data = sd_jwt.issue(
            payload, list({**parts, name: value}.items()), TYP, WORLD.key, WORLD.random
        )
        signed = data.partition(b"~")[0]
        check(replace(EVIDENCE, segments={digest(signed): (data, None)}))


@given(st.sampled_from(sorted(DEVICE)), JSON)
def test_no_enrolment_makes_the_check_fail(name: str, value: Any) -> None:
    with contextlib.suppress(DiaryError):
        data = sign({**DEVICE, name: value}, DEVICE_TYP, WORLD.key)
        at = WORLD.log.append(
            Leaf(LeafType.DEVICE, digest(data), (START - 10) * 1000, WORLD.key.kid)
        )
        check(replace(EVIDENCE, devices=[(data, WORLD.log.receipt(at))]))


@given(st.sampled_from(["beacon", "terms"]), JSON)
def test_no_object_of_the_marketplace_makes_the_check_fail(kind: str, value: Any) -> None:
    data = canonical(value)
    at = WORLD.log.append(Leaf(LeafType(kind), digest(data), START * 1000), data)
    receipt: Evidence
    if kind == "terms":
        receipt = replace(EVIDENCE, terms=[WORLD.log.receipt(at)])
    else:
        receipt = replace(EVIDENCE, beacons={digest(WORLD.log.receipt(at)): WORLD.log.receipt(at)})
    assert check(receipt).findings
