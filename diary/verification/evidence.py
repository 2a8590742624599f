"""The input of a check, and the parts of it that are read once: devices, terms, beacons.

Each reader verifies objects against the log and keeps what the rules need. An object that cannot be
verified is reported and counts as absent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from diary.core.findings import Code, DiaryError, Finding, SubjectKind
from diary.formats.encoding import digest
from diary.log.leaf import Leaf, LeafType, contract_attr
from diary.log.position import LogPosition
from diary.log.receipt import LoggedObject, open_receipt
from diary.log.receipt_set import ReceiptSet
from diary.log.signed_note import NoteVerifier
from diary.log.witnessing.witnesses import NO_WITNESSES, WitnessPolicy
from diary.objects.beacon import Beacon
from diary.objects.enrolment import Enrolment, parse_enrolment
from diary.objects.segment import SealedSegment
from diary.objects.terms import Terms
from diary.verification.current_view import CurrentView

#: A beacon counts if the log received it in [slot - 120 s, slot].
BEACON_EARLY_MS = 120_000
SLOT_MS = 600_000

#: A signed object and its receipt.
Pair = tuple[bytes, bytes]


@dataclass(frozen=True)
class BlobFacts:
    """Length and digest of a stored picture, which the caller reads as a stream."""

    length: int
    digest: str

    @classmethod
    def of(cls, data: bytes | None) -> BlobFacts | None:
        """The facts of a picture in memory; None for None."""
        return None if data is None else cls(len(data), digest(data))


@dataclass(frozen=True)
class Evidence:
    """The complete input of a check.

    `verifiers` are the log keys trusted from outside. Signed objects are paired with their
    receipts; objects of the marketplace are inside their receipts, and its tombstones are paired
    with None. `beacons` are files by their claimed digest, `segments` pairs (SD-JWT, receipt or
    None) by their claimed hash. `blob` returns the facts of a picture, None for a missing one;
    without `blob` no pictures are checked.

    `checkpoints` are the newest of each shard by the log's name, None if there are none to compare
    with, and `consistency` the proofs that lead to them, by name and older size. With `partial` the
    lowest number of each chain needs no segment before it. `ctr`, `sub` and `period` (Unix s,
    from and before) are the required contract, freelancer and time. `known_terms` count already.
    """

    aud: str
    verifiers: Sequence[NoteVerifier]
    devices: Sequence[Pair]
    terms: Sequence[bytes]
    beacons: Mapping[str, bytes]
    segments: Mapping[str, tuple[bytes, bytes | None]]
    blob: Callable[[str], BlobFacts | None] | None = None
    partial: bool = False
    keys: Sequence[bytes] = ()
    vouches: Sequence[Pair] = ()
    retires: Sequence[Pair] = ()
    revokes: Sequence[bytes] = ()
    amends: Sequence[Pair] = ()
    tombstones: Sequence[tuple[bytes | None, bytes]] = ()
    reviews: Sequence[bytes] = ()
    checkpoints: Mapping[str, bytes] | None = None
    consistency: Mapping[tuple[str, int], bytes] = field(default_factory=dict)
    ctr: str | None = None
    sub: str | None = None
    period: tuple[int, int] | None = None
    known_terms: Sequence[LoggedTerms] = ()
    witnesses: WitnessPolicy = NO_WITNESSES


@dataclass(frozen=True)
class LoggedDevice:
    """An enrolled device and the position of its enrolment in the log."""

    enrolment: Enrolment
    position: LogPosition
    rt_ms: int


@dataclass(frozen=True)
class LoggedTerms:
    """Terms that count, by the digest of the object's bytes, and when the log received them."""

    terms: Terms
    hash: str
    position: LogPosition
    rt_ms: int


@dataclass(frozen=True)
class LoggedBeacon:
    """A beacon that counts."""

    beacon: Beacon
    position: LogPosition


@dataclass
class LoggedSegment:
    """An authentic segment during a check. `position`, `rt_ms` and `received` (the mask of the
    parts that the marketplace had, `received_parts`) are None if it is not logged; `shown` has its
    visible parts; `switches` is its number among the day's changes of the device, 0 if it is none;
    `codes` collects the codes of its findings.
    """

    sealed: SealedSegment
    position: LogPosition | None
    rt_ms: int | None
    shown: CurrentView
    received: int | None = None
    switches: int = 0
    codes: set[Code] = field(default_factory=set)


class FindingCollector:
    """Collects findings; a finding about a segment also goes to that segment's codes."""

    def __init__(self) -> None:
        self.findings: set[Finding] = set()

    def add(self, kind: SubjectKind, subject: str, code: Code, detail: str = "") -> None:
        """Add one finding."""
        self.findings.add(Finding(kind, subject, code, detail))

    def add_to_segment(self, segment: LoggedSegment, code: Code, detail: str = "") -> None:
        """Add a finding about a segment."""
        segment.codes.add(code)
        self.add("segment", segment.sealed.hash, code, detail)

    def add_error(self, error: DiaryError, kind: SubjectKind, subject: str) -> None:
        """Add the reason why an object does not count; for a bad checkpoint, about the log."""
        self.add("log" if error.code is Code.E_CP_SIG else kind, subject, error.code, error.detail)


def read_devices(
    evidence: Evidence, receipts: ReceiptSet, notes: FindingCollector
) -> dict[str, LoggedDevice]:
    """The enrolments that the log holds, by kid, in log order."""
    devices: dict[str, LoggedDevice] = {}
    for data, receipt in evidence.devices:
        name = digest(data)
        try:
            enrolment = parse_enrolment(data)
            name = enrolment.kid
            logged = receipts.open(receipt, LeafType.DEVICE, enrolment.digest)
            if enrolment.aud != evidence.aud or logged.leaf.attrs != enrolment.kid:
                raise DiaryError(Code.E_DEVICE_UNLOGGED, "enrolled elsewhere")
        except DiaryError as error:
            notes.add_error(error, "device", name)
            notes.add("device", name, Code.E_DEVICE_UNLOGGED, "its enrolment does not count")
            continue
        found = LoggedDevice(enrolment, logged.position, logged.leaf.rt_ms)
        if name not in devices or found.position < devices[name].position:
            devices[name] = found
    return dict(sorted(devices.items(), key=lambda item: item[1].position))


def read_terms(
    evidence: Evidence, receipts: ReceiptSet, notes: FindingCollector
) -> list[LoggedTerms]:
    """The terms that count: logged, of this marketplace, and never backdated (§5)."""
    known = []
    for receipt in evidence.terms:
        try:
            logged = receipts.open(receipt, LeafType.TERMS)
            known.append(
                count_terms(evidence.aud, logged.leaf, logged.position, logged.object or b"")
            )
        except DiaryError as error:
            notes.add_error(error, "bundle", f"terms/{digest(receipt)}")
    return [*known, *evidence.known_terms]


def count_terms(aud: str, leaf: Leaf, position: LogPosition, data: bytes) -> LoggedTerms:
    """The terms `data` of the proven leaf at `position`. Raises E_FORMAT, and E_TERMS where they do
    not count.
    """
    terms = Terms.parse(data)
    if terms.aud != aud or leaf.attrs != contract_attr(terms.ctr):
        raise DiaryError(Code.E_TERMS, "terms of another marketplace or contract")
    if terms.from_s * 1000 < leaf.rt_ms:
        raise DiaryError(Code.E_TERMS, "terms from before they were logged")
    return LoggedTerms(terms, leaf.digest, position, leaf.rt_ms)


def read_beacons(
    evidence: Evidence, receipts: ReceiptSet, notes: FindingCollector
) -> dict[str, LoggedBeacon]:
    """The beacons that count, by the digest of their file."""
    known = {}
    for h, data in evidence.beacons.items():
        try:
            if digest(data) != h:
                raise DiaryError(Code.E_BEACON, "the file is not the one under this digest")
            known[h] = _beacon(receipts.open(data, LeafType.BEACON))
        except DiaryError as error:
            notes.add_error(error, "bundle", f"beacons/{h}")
    return known


def open_beacon(data: bytes, verifiers: Sequence[NoteVerifier]) -> LoggedBeacon:
    """Verify a beacon file completely. Raises E_FORMAT, E_CP_SIG, E_INCLUSION, or E_BEACON if void.

    A beacon is void unless it was logged in [slot - 120 s, slot]. The exception is leaf 0, the
    genesis beacon of a log, which may be logged until its slot ends, so that a new marketplace can
    be used at once. It precedes every enrolment and so never gives class A.
    """
    return _beacon(open_receipt(data, verifiers, type=LeafType.BEACON))


def _beacon(logged: LoggedObject) -> LoggedBeacon:
    beacon = Beacon.parse(logged.object or b"")
    start = beacon.slot * 1000
    latest = start + SLOT_MS - 1 if logged.index == 0 else start
    if logged.leaf.attrs != str(beacon.slot):
        raise DiaryError(Code.E_BEACON, "the leaf names another slot")
    if not start - BEACON_EARLY_MS <= logged.leaf.rt_ms <= latest:
        raise DiaryError(Code.E_BEACON, "the beacon was not logged in its time")
    return LoggedBeacon(beacon, logged.position)
