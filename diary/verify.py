"""The check of a diary: evidence in, findings and assurance out (`docs/protocol.md` §9).

The same rules run at the marketplace on arrival, in `workdiary-verify` and in the client's own
browser. Findings come sorted, all of them; nobody but a signer can cancel pay, so what is unsigned
is at most a warning.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from diary import rules
from diary.chain import check_chain, time_order
from diary.enrolment import Enrolment
from diary.errors import UNPAYING, Code, DiaryError, Finding
from diary.evidence import (
    Evidence,
    LoggedDevice,
    LoggedSegment,
    Notebook,
    read_beacons,
    read_devices,
    read_terms,
)
from diary.jws import verify_jws
from diary.leaf import LeafType
from diary.ledger import Entry, credit
from diary.moment import AnchorCheck
from diary.receipt import open_receipt
from diary.segment import SealedSegment, parse


@dataclass(frozen=True)
class Checked:
    """One authentic segment after the check. `index` and `rt_ms` are None if it is not logged;
    `limit_s` is the weekly limit of its own terms.
    """

    sealed: SealedSegment
    index: int | None
    rt_ms: int | None
    codes: frozenset[Code]
    assurance: str
    limit_s: int | None

    def entry(self) -> Entry:
        """How the ledger sees it."""
        body = self.sealed.segment
        return Entry(
            hash=self.sealed.hash,
            order=self.index,
            kind=body.kind,
            t0=body.t0,
            t1=body.t1,
            pays=UNPAYING.isdisjoint(self.codes),
            limit_s=self.limit_s,
        )


@dataclass(frozen=True)
class Report:
    """All findings, sorted, and every authentic segment by its hash, in order of time."""

    findings: tuple[Finding, ...]
    segments: dict[str, Checked]


def authenticate(
    data: bytes, device_of: Callable[[str], Enrolment | None], aud: str
) -> SealedSegment:
    """Read a segment and verify who signed it; everything else about it is a finding.

    Raises E_FORMAT, E_ALG, E_TYP, E_KID_UNKNOWN (no such device, or not of this freelancer and
    marketplace), E_KEY_WEAK or E_SIG. Disclosures that do not fit are in `sdjwt.problems`.
    """
    sealed = parse(data)
    device = device_of(sealed.kid)
    if device is None:
        raise DiaryError(Code.E_KID_UNKNOWN, "no such device is enrolled")
    verify_jws(sealed.sdjwt.jws, device.public)
    if (sealed.segment.aud, sealed.segment.sub) != (device.aud, device.sub) or device.aud != aud:
        raise DiaryError(Code.E_KID_UNKNOWN, "the device is enrolled for somebody else")
    return sealed


def check(evidence: Evidence) -> Report:
    """Check everything that is there. Never raises for what the evidence says."""
    notes = Notebook()
    devices = read_devices(evidence, notes)
    terms = read_terms(evidence, notes)
    beacons = read_beacons(evidence, notes)
    segments = _read_segments(evidence, devices, notes)
    chains: defaultdict[tuple[str, str], list[LoggedSegment]] = defaultdict(list)
    for segment in segments:
        chains[segment.sealed.kid, segment.sealed.segment.ctr].append(segment)
    for (kid, _), chain in chains.items():
        check_chain(chain, devices[kid].enrolment.digest, evidence.partial, notes)
    own_terms = {}
    own_beacon = {}
    walked: defaultdict[str, AnchorCheck] = defaultdict(AnchorCheck)
    for segment in segments:
        device = devices[segment.sealed.kid]
        name = segment.sealed.hash
        rules.check_times(segment, device, notes)
        own_beacon[name] = beacon = rules.check_beacon(segment, beacons, notes)
        own_terms[name] = agreed = rules.check_terms(segment, terms, beacon, notes)
        anchors = walked[segment.sealed.kid]
        rules.check_moment(segment, device.enrolment, agreed, beacon, anchors, notes)
        rules.check_parts(segment, evidence.blob, notes)
    checked = {}
    for segment in segments:
        name = segment.sealed.hash
        agreed = own_terms[name]
        checked[name] = Checked(
            sealed=segment.sealed,
            index=segment.index,
            rt_ms=segment.rt_ms,
            codes=frozenset(segment.codes),
            assurance=rules.assurance(segment, devices[segment.sealed.kid], own_beacon[name]),
            limit_s=agreed.limit_s if agreed else None,
        )
    return Report(_with_overlaps(checked, notes), checked)


def _read_segments(
    evidence: Evidence, devices: dict[str, LoggedDevice], notes: Notebook
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
                raise DiaryError(Code.E_SIG, "another segment lies under this name")
        except DiaryError as error:
            notes.add("segment", name, error.code, error.detail)
            continue
        segment = LoggedSegment(sealed, None, None)
        if receipt is not None:
            _read_receipt(evidence, segment, receipt, notes)
        found.append(segment)
    return sorted(found, key=time_order)


def _read_receipt(
    evidence: Evidence, segment: LoggedSegment, receipt: bytes, notes: Notebook
) -> None:
    try:
        logged = open_receipt(
            receipt,
            evidence.verifiers,
            type=LeafType.SEGMENT,
            object_digest=segment.sealed.hash,
        )
    except DiaryError as error:
        if error.code is Code.E_CP_SIG:
            notes.add("log", segment.sealed.hash, error.code, error.detail)
        notes.on(segment, Code.E_INCLUSION, error.detail)
        return
    segment.index, segment.rt_ms = logged.index, logged.leaf.rt_ms


def _with_overlaps(checked: dict[str, Checked], notes: Notebook) -> tuple[Finding, ...]:
    contracts: defaultdict[str, list[Entry]] = defaultdict(list)
    for item in checked.values():
        contracts[item.sealed.segment.ctr].append(item.entry())
    for entries in contracts.values():
        for name, share in credit(entries).items():
            if share.overlap:
                notes.add("segment", name, Code.W_OVERLAP, f"{share.overlap} s are in earlier ones")
    return tuple(sorted(notes.findings))
