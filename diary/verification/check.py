"""The check of a diary: evidence in, findings and assurance out (`docs/protocol.md` §9).

The same rules run at the marketplace on arrival, in `workdiary-verify` and in the client's browser.
All findings are reported, sorted. Only a signer can cancel pay, so an unsigned fact is at most a
warning.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from diary.core.findings import UNPAYING, Code, DiaryError, Finding
from diary.core.slots import SLOT
from diary.formats.jws import verify_jws
from diary.log.leaf import LeafType
from diary.log.position import LogPosition
from diary.log.receipt_set import ReceiptSet
from diary.objects.enrolment import Enrolment
from diary.objects.picture_times import HashChainVerifier
from diary.objects.review_entry import ReviewEntry
from diary.objects.segment import SealedSegment, parse
from diary.objects.terms import Terms
from diary.verification import segment_rules
from diary.verification.chain_rules import check_chain, check_switches, time_order
from diary.verification.credit import Credit, CreditEntry, credit, parallel
from diary.verification.current_view import CurrentView, current_view
from diary.verification.evidence import (
    Evidence,
    FindingCollector,
    LoggedBeacon,
    LoggedDevice,
    LoggedSegment,
    LoggedTerms,
    read_beacons,
    read_devices,
    read_terms,
)
from diary.verification.statements import (
    Keys,
    apply_changes,
    check_ended,
    lock_ms,
    read_keys,
    read_reviews,
)


@dataclass(frozen=True)
class Checked:
    """One authentic segment after the check. `position` and `rt_ms` are None if it is not logged;
    `shown` has its visible parts; `limit_s` is the weekly limit of its own terms and `client` their
    client, None and an empty text if its terms do not count.
    """

    sealed: SealedSegment
    position: LogPosition | None
    rt_ms: int | None
    shown: CurrentView
    codes: frozenset[Code]
    assurance: str
    limit_s: int | None
    client: str

    def entry(self) -> CreditEntry:
        """Its input to `credit`."""
        body = self.sealed.segment
        inside = body.slot <= body.t0 < body.t1 <= body.slot + SLOT
        return CreditEntry(
            hash=self.sealed.hash,
            order=self.position,
            kind=body.kind,
            t0=body.t0,
            t1=body.t1 if inside else body.t0,
            pays=UNPAYING.isdisjoint(self.codes),
            given_back=self.shown.given_back,
            given_back_at=self.shown.given_back_at,
            limit_s=self.limit_s,
            sub=body.sub,
            client=self.client,
            ctr=body.ctr,
        )


@dataclass(frozen=True)
class Report:
    """All findings, sorted; every authentic segment by its hash, in order of time; the credit of
    each; the devices that count; the review entries; the counted terms of the segments' contracts,
    in log order.
    """

    findings: tuple[Finding, ...]
    segments: dict[str, Checked]
    credits: dict[str, Credit]
    keys: Keys
    reviews: tuple[ReviewEntry, ...]
    terms: tuple[LoggedTerms, ...]


def authenticate(
    data: bytes, device_of: Callable[[str], Enrolment | None], aud: str
) -> SealedSegment:
    """Parse a segment and verify its signature; every other error is a finding.

    Raises E_FORMAT, E_ALG, E_TYP, E_KID_UNKNOWN (no such device, or not one of this freelancer and
    marketplace), E_KEY_WEAK or E_SIG. Refused disclosures are in `sdjwt.problems`.
    """
    sealed = parse(data)
    device = device_of(sealed.kid)
    if device is None:
        raise DiaryError(Code.E_KID_UNKNOWN, "no such device is enrolled")
    verify_jws(sealed.sdjwt.jws, device.public)
    if (sealed.segment.aud, sealed.segment.sub) != (device.aud, device.sub) or device.aud != aud:
        raise DiaryError(Code.E_KID_UNKNOWN, "the device is enrolled for another person")
    return sealed


def check(evidence: Evidence) -> Report:
    """Check all evidence. Never raises for its content; raises E_POLICY for `verifiers` that are
    not one for each log of the marketplace `aud`.
    """
    notes = FindingCollector()
    receipts = ReceiptSet(
        evidence.aud, evidence.verifiers, evidence.keys, witnesses=evidence.witnesses
    )
    keys = read_keys(evidence, read_devices(evidence, receipts, notes), receipts, notes)
    segments = _read_segments(evidence, keys.devices, receipts, notes)
    _check_chains(evidence, segments, keys, notes)
    known_terms = read_terms(evidence, receipts, notes)
    own_terms, own_beacon = _check_each(evidence, segments, known_terms, keys, receipts, notes)
    reviews = read_reviews(evidence, receipts, notes)
    checked = {}
    for segment in segments:
        name = segment.sealed.hash
        device, agreed = keys.devices[segment.sealed.kid], own_terms[name]
        checked[name] = Checked(
            sealed=segment.sealed,
            position=segment.position,
            rt_ms=segment.rt_ms,
            shown=segment.shown,
            codes=frozenset(segment.codes),
            assurance=segment_rules.assurance(segment, device, own_beacon[name]),
            limit_s=agreed.limit_s if agreed else None,
            client=agreed.client if agreed else "",
        )
    shares = _credits(checked, _allowed(reviews, checked), notes)
    findings = notes.findings | receipts.compare(evidence.checkpoints, evidence.consistency)
    terms = _terms_of(segments, known_terms)
    return Report(tuple(sorted(findings)), checked, shares, keys, tuple(reviews), terms)


def _terms_of(
    segments: list[LoggedSegment], known: Sequence[LoggedTerms]
) -> tuple[LoggedTerms, ...]:
    """The terms of the segments' contracts, each by its first leaf, in log order."""
    bodies = {(each.sealed.segment.ctr, each.sealed.segment.sub) for each in segments}
    found: dict[str, LoggedTerms] = {}
    for each in sorted(known, key=lambda one: one.position):
        if (each.terms.ctr, each.terms.sub) in bodies:
            found.setdefault(each.hash, each)
    return tuple(found.values())


def _read_segments(
    evidence: Evidence,
    devices: dict[str, LoggedDevice],
    receipts: ReceiptSet,
    notes: FindingCollector,
) -> list[LoggedSegment]:
    found = []
    for name, (data, receipt) in evidence.segments.items():
        try:
            sealed = authenticate(
                data,
                lambda kid: devices[kid].enrolment if kid in devices else None,
                evidence.aud,
            )
            if sealed.hash != name:
                raise DiaryError(Code.E_SIG, "the name belongs to another segment")
        except DiaryError as error:
            notes.add("segment", name, error.code, error.detail)
            continue
        if not _is_in_scope(evidence, sealed):
            detail = "of another contract, freelancer or time than required"
            notes.add("bundle", f"segments/{name}", Code.E_MANIFEST, detail)
            continue
        segment = LoggedSegment(sealed, None, None, current_view(sealed))
        if receipt is not None:
            _read_receipt(segment, receipt, receipts, notes)
        found.append(segment)
    return sorted(found, key=time_order)


def _is_in_scope(evidence: Evidence, sealed: SealedSegment) -> bool:
    body = sealed.segment
    first, end = evidence.period or (body.t0, body.t0 + 1)
    same = (evidence.ctr or body.ctr, evidence.sub or body.sub) == (body.ctr, body.sub)
    return same and first <= body.t0 < end


def _read_receipt(
    segment: LoggedSegment, receipt: bytes, receipts: ReceiptSet, notes: FindingCollector
) -> None:
    try:
        logged = receipts.open(receipt, LeafType.SEGMENT, segment.sealed.hash)
    except DiaryError as error:
        if error.code is Code.E_CP_SIG:
            notes.add("log", segment.sealed.hash, error.code, error.detail)
        notes.add_to_segment(segment, Code.E_INCLUSION, error.detail)
        return
    segment.position, segment.rt_ms = logged.position, logged.leaf.rt_ms
    segment.received = int(logged.leaf.attrs)


def _check_chains(
    evidence: Evidence, segments: list[LoggedSegment], keys: Keys, notes: FindingCollector
) -> None:
    chains: defaultdict[tuple[str, str], list[LoggedSegment]] = defaultdict(list)
    for segment in segments:
        chains[segment.sealed.kid, segment.sealed.segment.ctr].append(segment)
    for (kid, _), chain in chains.items():
        check_chain(chain, keys.devices[kid].enrolment.digest, evidence.partial, notes)
    check_switches(segments, notes)
    check_ended(segments, keys, notes)


def _check_each(
    evidence: Evidence,
    segments: list[LoggedSegment],
    known_terms: Sequence[LoggedTerms],
    keys: Keys,
    receipts: ReceiptSet,
    notes: FindingCollector,
) -> tuple[dict[str, Terms | None], dict[str, LoggedBeacon | None]]:
    """Check each segment against the log; returns the segments' own terms and beacons, by hash."""
    known_beacons = read_beacons(evidence, receipts, notes)
    terms: dict[str, Terms | None] = {}
    beacons: dict[str, LoggedBeacon | None] = {}
    for segment in segments:
        name = segment.sealed.hash
        segment_rules.check_times(segment, keys.devices[segment.sealed.kid], notes)
        beacons[name] = segment_rules.check_beacon(segment, known_beacons, notes)
        terms[name] = segment_rules.check_terms(segment, known_terms, beacons[name], notes)
        segment_rules.check_lock(segment, lock_ms(segment.sealed.segment.t0, terms[name]), notes)
    apply_changes(evidence, segments, terms, keys, receipts, notes)
    walked: defaultdict[str, HashChainVerifier] = defaultdict(HashChainVerifier)
    for segment in segments:
        name, kid = segment.sealed.hash, segment.sealed.kid
        enrolment = keys.devices[kid].enrolment
        segment_rules.check_pictures(
            segment, enrolment, terms[name], beacons[name], walked[kid], notes
        )
        segment_rules.check_received_parts(segment, notes)
        segment_rules.check_parts(segment, evidence.blob, notes)
    return terms, beacons


def _allowed(reviews: Sequence[ReviewEntry], checked: dict[str, Checked]) -> frozenset[str]:
    """The segments whose time over the limit their own client allowed."""
    return frozenset(
        name
        for review in reviews
        if review.kind == "allow"
        for name in review.segments
        if name in checked and checked[name].client == review.client
    )


def _credits(
    checked: dict[str, Checked], allowed: Collection[str], notes: FindingCollector
) -> dict[str, Credit]:
    """The credit of all segments; `allowed` are those with `CreditEntry.allowed`. Adds W_OVERLAP
    and W_PARALLEL to those in `checked`.
    """
    entries = [replace(item.entry(), allowed=name in allowed) for name, item in checked.items()]
    shares = credit(entries)
    found = {
        name: [(Code.W_OVERLAP, f"{share.overlap} s are in earlier ones")]
        for name, share in shares.items()
        if share.overlap
    }
    for name in parallel(entries):
        found.setdefault(name, []).append((Code.W_PARALLEL, "also recorded for another client"))
    for name, listed in found.items():
        for code, detail in listed:
            notes.add("segment", name, code, detail)
        codes = checked[name].codes | {code for code, _ in listed}
        checked[name] = replace(checked[name], codes=codes)
    return shares
