"""Each case of `tests.diary.cases` has exactly its findings."""

from __future__ import annotations

from dataclasses import replace

import pytest

from diary.core.findings import UNPAYING, Code
from diary.formats.ed25519 import SigningKey
from diary.formats.encoding import b64url_encode, canonical, digest
from diary.formats.jws import sign
from diary.objects.segment import TYP, parse
from diary.verification.check import check
from tests.diary.all_cases import CASES
from tests.diary.cases import (
    alternating_devices,
    beacons_and_pictures,
    deletions_and_parts,
    device_lifecycle,
    disclosures_and_overlaps,
    receipts_and_beacons,
    signatures_and_chains,
    slots_and_terms,
)
from tests.diary.cases.common import Case
from tests.diary.world import START, World


@pytest.mark.parametrize(
    ("expected", "make"), [pytest.param(codes, make, id=name) for name, codes, make in CASES]
)
def test_each_case_has_exactly_its_findings(expected: set[str], make: Case) -> None:
    evidence = make()
    findings = check(evidence).findings
    assert {finding.code.value for finding in findings} == expected
    assert list(findings) == sorted(findings)
    # The order of the evidence has no effect.
    turned = replace(
        evidence,
        keys=list(evidence.keys)[::-1],
        devices=list(evidence.devices)[::-1],
        vouches=list(evidence.vouches)[::-1],
        retires=list(evidence.retires)[::-1],
        revokes=list(evidence.revokes)[::-1],
        amends=list(evidence.amends)[::-1],
        tombstones=list(evidence.tombstones)[::-1],
        reviews=list(evidence.reviews)[::-1],
        terms=list(evidence.terms)[::-1],
        beacons=dict(list(evidence.beacons.items())[::-1]),
        segments=dict(list(evidence.segments.items())[::-1]),
    )
    assert check(turned).findings == findings


def test_every_code_has_a_case() -> None:
    covered = {code for _, codes, _ in CASES for code in codes}
    assert covered == {code.value for code in Code}


def test_a_finding_that_costs_pay_makes_class_c_and_nothing_else_does() -> None:
    for name, codes, make in CASES:
        for segment in check(make()).segments.values():
            unpaid = not UNPAYING.isdisjoint(segment.codes)
            assert segment.entry().pays is not unpaid, name
            assert not unpaid or segment.assurance == "C", name
        assert codes >= {f.code.value for f in check(make()).findings if f.kind == "segment"}, name


@pytest.mark.parametrize(
    ("wanted", "make"),
    [
        ("A", signatures_and_chains.honest),
        ("A", beacons_and_pictures.a_picture_that_failed),
        ("A", disclosures_and_overlaps.a_part_withheld),
        ("A", disclosures_and_overlaps.seconds_that_were_claimed_before),
        ("B", beacons_and_pictures.an_older_beacon),
        ("B", receipts_and_beacons.a_beacon_from_before_the_enrolment_gives_class_b),
        ("B", slots_and_terms.received_after_half_an_hour),
        ("B", beacons_and_pictures.kept_time_without_a_picture),
        ("C", signatures_and_chains.not_logged_yet),
        ("C", slots_and_terms.manual_time_just_before_the_lock),
        ("C", slots_and_terms.manual_time_at_the_lock),
        ("C", beacons_and_pictures.no_moment_value_past_the_anchors),
        ("C", slots_and_terms.received_after_60_days),
        ("C", beacons_and_pictures.a_picture_too_late),
        ("A", deletions_and_parts.every_part_was_received),
        ("C", deletions_and_parts.a_picture_that_was_never_shown),
        ("C", deletions_and_parts.a_picture_that_was_not_received_deleted_after_the_lock),
    ],
)
def test_assurance(wanted: str, make: Case) -> None:
    assert {segment.assurance for segment in check(make()).segments.values()} == {wanted}


@pytest.mark.parametrize(
    ("make", "classes"),
    [
        (alternating_devices.another_device_goes_on, "ABA"),
        (alternating_devices.another_device_goes_on_after_four_hours, "AA"),
        (alternating_devices.five_changes_of_the_device_in_a_day, "ABBBCC"),
        (alternating_devices.a_new_day_counts_the_changes_of_the_device_anew, "ABBBBBB"),
        (alternating_devices.each_contract_on_a_device_of_its_own, "AAA"),
    ],
)
def test_changes_of_the_device_cost_the_class(make: Case, classes: str) -> None:
    report = check(make())
    assert "".join(segment.assurance for segment in report.segments.values()) == classes
    assert all(segment.entry().pays for segment in report.segments.values())


def test_a_clock_jump_costs_the_class_of_the_segment_after_it() -> None:
    report = check(disclosures_and_overlaps.a_clock_that_was_moved())
    assert [segment.assurance for segment in report.segments.values()] == ["A", "B"]


def test_only_the_signer_can_cancel_pay() -> None:
    """Whatever an exporter leaves out or adds beside the signed parts, the time is paid."""
    world = World(shots=2)
    (segment,) = world.day(1)
    evidence = world.evidence()
    data, receipt = evidence.segments[segment.hash]
    signed, *texts, _ = data.split(b"~")
    junk = [
        b"",
        b"AA",
        texts[0],
        b64url_encode(canonical([b64url_encode(bytes(16)), "t1", 0])).encode(),
    ]
    for shown in ([], texts[:1], [*texts, *junk], texts[::-1]):
        bare = b"~".join([signed, *shown, b""])
        report = check(replace(evidence, segments={segment.hash: (bare, receipt)}, blob=None))
        checked = report.segments[segment.hash]
        assert checked.entry().pays
        assert checked.assurance == "A"


@pytest.mark.parametrize(
    "make",
    [
        deletions_and_parts.a_memo_that_is_no_text_costs_no_pay,
        deletions_and_parts.a_note_that_is_no_text_costs_no_pay,
        deletions_and_parts.minutes_that_are_no_rows_cost_no_pay,
        deletions_and_parts.a_picture_beyond_their_number_costs_no_pay,
        device_lifecycle.a_retirement_with_a_good_head_beside_one_that_is_none,
    ],
)
def test_a_part_of_another_form_costs_no_pay(make: Case) -> None:
    """Otherwise leaving it out would raise the pay."""
    report = check(make())
    assert all(segment.entry().pays for segment in report.segments.values())


def test_another_key_cannot_sign_for_a_device() -> None:
    world = World(shots=0)
    forged = sign(parse(world.work(START)).sdjwt.jws.payload, TYP, SigningKey.from_seed(b"f" * 32))
    report = check(world.evidence(segments={digest(forged): (forged + b"~", None)}))
    assert {finding.code for finding in report.findings} == {Code.E_KID_UNKNOWN}
    assert report.segments == {}
