"""Later statements about devices and segments: revocations, retirements, vouches, amendments,
tombstones, reviews (`docs/protocol.md` §2.2 to §2.4, §5.3 to §5.5).

A statement counts only if it is authentic, logged, and signed by a party that may make it. Any
other statement is a finding about the bundle, is ignored, and never changes pay. Statements that a
device makes after the revocation of its key do not count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from diary.core.findings import Code, DiaryError
from diary.core.slots import WEEK, week_of
from diary.formats.encoding import digest
from diary.formats.jws import Jws, verify_jws
from diary.formats.sd_jwt import SdJwt
from diary.log.leaf import LeafType
from diary.log.position import LogPosition
from diary.log.receipt_set import ReceiptSet
from diary.objects.amendment import parse_amend
from diary.objects.device_lifecycle import RetirementHead, Revoke, parse_retire, parse_vouch
from diary.objects.review_entry import ReviewEntry
from diary.objects.terms import Terms
from diary.objects.tombstone import Tombstone, parse_object, parse_tombstone
from diary.verification.current_view import AmendedMemo, current_view
from diary.verification.evidence import (
    Evidence,
    FindingCollector,
    LoggedDevice,
    LoggedSegment,
    Pair,
)

T = TypeVar("T")


@dataclass(frozen=True)
class Keys:
    """The devices that count, and the state of their keys. `revoked` has the position of each
    revocation, `retired` that of each first retirement, `heads` the last segments of retired
    devices; `unvouched` are later devices of a freelancer for which no earlier one has vouched.
    """

    devices: dict[str, LoggedDevice]
    revoked: dict[str, LogPosition]
    retired: dict[str, LogPosition]
    heads: dict[str, tuple[RetirementHead, ...]]
    unvouched: frozenset[str]


@dataclass(frozen=True)
class _SignedStatement(Generic[T]):
    """A statement that a counted device has signed and the log holds."""

    body: T
    name: str
    device: LoggedDevice
    position: LogPosition
    rt_ms: int


class _Reader:
    """Reads the signed statements of one kind."""

    def __init__(
        self, receipts: ReceiptSet, notes: FindingCollector, devices: Mapping[str, LoggedDevice]
    ) -> None:
        self.receipts = receipts
        self.notes = notes
        self.devices = devices
        self.revoked: dict[str, LogPosition] = {}

    def each_receipt(self, receipts: Sequence[bytes], folder: str) -> Iterator[tuple[str, bytes]]:
        """Each receipt once, with its subject."""
        for receipt in sorted(set(receipts)):
            yield f"{folder}/{digest(receipt)}", receipt

    def read(
        self,
        pairs: Sequence[Pair],
        folder: str,
        leaf: LeafType,
        parse: Callable[[bytes], T],
        parts: Callable[[T], tuple[Jws, str | None, str | None]],
    ) -> list[_SignedStatement[T]]:
        """The statements that count so far, each once, by its first leaf. `parts` returns the JWS,
        `aud` and `sub` of a statement, None for a missing one.
        """
        found: dict[str, _SignedStatement[T]] = {}
        for data, receipt in sorted(set(pairs)):
            name = digest(data.partition(b"~")[0])
            try:
                body = parse(data)
                signed, aud, sub = parts(body)
                device = self.devices.get(signed.kid)
                if device is None:
                    raise DiaryError(Code.E_KID_UNKNOWN, "no such device is enrolled")
                verify_jws(signed, device.enrolment.public)
                here = (device.enrolment.aud, device.enrolment.sub)
                if (aud or here[0], sub or here[1]) != here:
                    raise DiaryError(Code.E_KID_UNKNOWN, "the device belongs to another person")
                logged = self.receipts.open(receipt, leaf, signed.digest)
                if leaf is LeafType.RETIRE and logged.leaf.attrs != signed.kid:
                    raise DiaryError(Code.E_INCLUSION, "the leaf names another device")
                if signed.kid in self.revoked and self.revoked[signed.kid] < logged.position:
                    raise DiaryError(Code.E_REVOKED, "signed after its key was revoked")
            except DiaryError as error:
                self.notes.add_error(error, "bundle", f"{folder}/{name}")
                continue
            if name not in found or logged.position < found[name].position:
                found[name] = _SignedStatement(
                    body, name, device, logged.position, logged.leaf.rt_ms
                )
        return list(found.values())

    def disclosures(self, opened: SdJwt) -> None:
        """Report the refused disclosures of a statement that counts."""
        for problem in opened.problems:
            self.notes.add("disclosure", opened.jws.digest, problem.code, problem.detail)


def read_keys(
    evidence: Evidence,
    devices: dict[str, LoggedDevice],
    receipts: ReceiptSet,
    notes: FindingCollector,
) -> Keys:
    """The states of the devices' keys. `devices` are in log order; adds W_UNVOUCHED."""
    reader = _Reader(receipts, notes, devices)
    for subject, receipt in reader.each_receipt(evidence.revokes, "revokes"):
        try:
            logged = receipts.open(receipt, LeafType.REVOKE)
            revoke = Revoke.parse(logged.object or b"")
            if logged.leaf.attrs != revoke.kid:
                raise DiaryError(Code.E_INCLUSION, "the leaf names another device")
        except DiaryError as error:
            notes.add_error(error, "bundle", subject)
            continue
        first = reader.revoked.get(revoke.kid, logged.position)
        reader.revoked[revoke.kid] = min(first, logged.position)
    heads: defaultdict[str, tuple[RetirementHead, ...]] = defaultdict(tuple)
    ended: dict[str, LogPosition] = {}
    for retired in reader.read(
        evidence.retires,
        "retires",
        LeafType.RETIRE,
        parse_retire,
        lambda body: (body.sdjwt.jws, body.aud, body.sub),
    ):
        reader.disclosures(retired.body.sdjwt)
        kid = retired.device.enrolment.kid
        heads[kid] += retired.body.heads
        ended[kid] = min(ended.get(kid, retired.position), retired.position)
    return Keys(devices, reader.revoked, ended, dict(heads), _unvouched(evidence, reader))


def _unvouched(evidence: Evidence, reader: _Reader) -> frozenset[str]:
    vouchers: defaultdict[str, set[str]] = defaultdict(set)
    for vouched in reader.read(
        evidence.vouches,
        "vouches",
        LeafType.VOUCH,
        parse_vouch,
        lambda body: (body.signed, body.aud, body.sub),
    ):
        new, old = reader.devices.get(vouched.body.kid), vouched.device
        if new is None or new.enrolment.sub != old.enrolment.sub or new.position <= old.position:
            reader.notes.add(
                "bundle",
                f"vouches/{vouched.name}",
                Code.E_KID_UNKNOWN,
                "it is for no later device of the same freelancer",
            )
            continue
        vouchers[vouched.body.kid].add(old.enrolment.kid)
    known: set[str] = set()
    good: set[str] = set()
    for kid, device in reader.devices.items():
        if device.enrolment.sub not in known or not good.isdisjoint(vouchers[kid]):
            good.add(kid)
        else:
            detail = "no earlier device has vouched for it"
            reader.notes.add("device", kid, Code.W_UNVOUCHED, detail)
        known.add(device.enrolment.sub)
    return frozenset(set(reader.devices) - good)


def check_ended(segments: Sequence[LoggedSegment], keys: Keys, notes: FindingCollector) -> None:
    """E_REVOKED and E_RETIRED for segments that were not logged before their device was revoked or
    retired, unless a retirement names the segment or one that follows it.
    """
    by_hash = {segment.sealed.hash: segment for segment in segments}
    for kid in {**keys.revoked, **keys.retired}:
        spared = _chain_up_to(by_hash, kid, keys.heads.get(kid, ()))
        for segment in segments:
            if segment.sealed.kid != kid or segment.sealed.hash in spared:
                continue
            if _logged_after(segment, keys.revoked.get(kid)):
                notes.add_to_segment(
                    segment, Code.E_REVOKED, "its device was revoked before it was logged"
                )
            if _logged_after(segment, keys.retired.get(kid)):
                notes.add_to_segment(
                    segment, Code.E_RETIRED, "its device was retired before it was logged"
                )


def _chain_up_to(
    by_hash: Mapping[str, LoggedSegment], kid: str, heads: Sequence[RetirementHead]
) -> frozenset[str]:
    """The segments that the heads name, and those that lead there."""
    reached: set[str] = set()
    for head in heads:
        name, number = head.h, head.seq
        while name in by_hash and name not in reached:
            body = by_hash[name].sealed.segment
            if (by_hash[name].sealed.kid, body.ctr, body.seq) != (kid, head.ctr, number):
                break
            reached.add(name)
            name, number = body.prev, number - 1
    return frozenset(reached)


def _logged_after(segment: LoggedSegment, end: LogPosition | None) -> bool:
    """Whether the log did not hold it at `end`; an unlogged one precedes nothing."""
    return end is not None and (segment.position is None or segment.position > end)


def lock_ms(t0: int, terms: Terms | None) -> int:
    """When the week of a segment that begins at `t0` (Unix s) locks, Unix ms: `edit_until_s` of its
    own terms after the week's end, or at the week's end where they do not count.
    """
    return (week_of(t0) + WEEK + (terms.edit_until_s if terms else 0)) * 1000


@dataclass
class _Change:
    """The statements about one segment."""

    segment: LoggedSegment
    lock_ms: int
    memos: list[tuple[LogPosition, AmendedMemo]] = field(default_factory=list)
    deleted: set[str] = field(default_factory=set)
    deletions: int = 0
    given_back_at: LogPosition | None = None


def apply_changes(
    evidence: Evidence,
    segments: Sequence[LoggedSegment],
    terms: Mapping[str, Terms | None],
    keys: Keys,
    receipts: ReceiptSet,
    notes: FindingCollector,
) -> None:
    """Apply amendments and tombstones to the visible parts of the segments, and to the time that is
    given back. `terms` are the segments' own by hash. Adds N_DELETED, and findings about statements
    that do not count.
    """
    reader = _Reader(receipts, notes, keys.devices)
    reader.revoked = keys.revoked
    changes: dict[str, _Change] = {}
    for segment in segments:
        name = segment.sealed.hash
        changes[name] = _Change(segment, lock_ms(segment.sealed.segment.t0, terms.get(name)))
    _amend(evidence, changes, reader)
    _delete(evidence, changes, reader)
    for change in changes.values():
        if change.memos or change.deletions:
            change.segment.shown = current_view(
                change.segment.sealed,
                [memo for _, memo in sorted(change.memos, key=lambda pair: pair[0])],
                frozenset(change.deleted),
                deletions=change.deletions,
                given_back_at=change.given_back_at,
            )
        if change.deletions:
            notes.add_to_segment(change.segment, Code.N_DELETED, "a part was deleted")


def _amend(evidence: Evidence, changes: Mapping[str, _Change], reader: _Reader) -> None:
    for statement in reader.read(
        evidence.amends,
        "amends",
        LeafType.AMEND,
        parse_amend,
        lambda body: (body.sdjwt.jws, body.aud, None),
    ):
        body = statement.body
        name = f"amends/{statement.name}"
        change = _target(changes, body.segment, statement.device, name, reader.notes)
        if change is None:
            continue
        if statement.rt_ms >= change.lock_ms:
            detail = "the memo was changed after the week was locked"
            reader.notes.add("bundle", name, Code.E_LATE, detail)
            continue
        reader.disclosures(body.sdjwt)
        shown = {part.name: part.digest for part in body.sdjwt.disclosures}
        withheld = frozenset(body.sdjwt.withheld)
        memo = AmendedMemo(statement.name, body.at, body.memo, shown.get("memo"), withheld)
        change.memos.append((statement.position, memo))


def _delete(evidence: Evidence, changes: Mapping[str, _Change], reader: _Reader) -> None:
    signed = [(data, receipt) for data, receipt in evidence.tombstones if data is not None]
    for statement in reader.read(
        signed,
        "tombstones",
        LeafType.TOMBSTONE,
        parse_tombstone,
        lambda body: (_jws_of(body), None, None),
    ):
        name = f"tombstones/{statement.name}"
        change = _target(changes, statement.body.segment, statement.device, name, reader.notes)
        if change is None:
            continue
        in_time = statement.rt_ms < change.lock_ms
        if statement.body.scope == ("time",) and not in_time:
            detail = "time was given back after the week was locked"
            reader.notes.add("bundle", name, Code.E_LATE, detail)
        else:
            # A picture may be deleted at any time; its time then stays as it was.
            if in_time and "time" in statement.body.scope:
                change.given_back_at = min(
                    change.given_back_at or statement.position, statement.position
                )
            change.deleted.update(statement.body.digests)
            change.deletions += 1
    unsigned = [receipt for data, receipt in evidence.tombstones if data is None]
    known: set[str] = set()
    for name, receipt in reader.each_receipt(unsigned, "tombstones"):
        try:
            logged = reader.receipts.open(receipt, LeafType.TOMBSTONE)
            body = parse_object(logged.object or b"")
        except DiaryError as error:
            reader.notes.add_error(error, "bundle", name)
            continue
        change = _target(changes, body.segment, None, name, reader.notes)
        if change is not None and logged.leaf.digest not in known:
            known.add(logged.leaf.digest)
            change.deleted.update(body.digests)
            change.deletions += 1


def _jws_of(body: Tombstone) -> Jws:
    assert body.signed is not None  # noqa: S101 - parse_tombstone has read it from one
    return body.signed


def _target(
    changes: Mapping[str, _Change],
    segment: str,
    device: LoggedDevice | None,
    subject: str,
    notes: FindingCollector,
) -> _Change | None:
    """The segment that a statement names, if it exists and belongs to the device's freelancer."""
    change = changes.get(segment)
    if change is None:
        notes.add("bundle", subject, Code.E_GAP, "the segment that it names is missing")
    elif device is not None and device.enrolment.sub != change.segment.sealed.segment.sub:
        notes.add("bundle", subject, Code.E_KID_UNKNOWN, "the segment belongs to another person")
        return None
    return change


def read_reviews(
    evidence: Evidence, receipts: ReceiptSet, notes: FindingCollector
) -> list[ReviewEntry]:
    """The logged review entries about the segments, in log order."""
    found: dict[str, tuple[LogPosition, ReviewEntry]] = {}
    for receipt in sorted(set(evidence.reviews)):
        try:
            logged = receipts.open(receipt, LeafType.REVIEW)
            review = ReviewEntry.parse(logged.object or b"")
            if review.aud != evidence.aud or review.ctr != (evidence.ctr or review.ctr):
                raise DiaryError(Code.E_KID_UNKNOWN, "about another contract")
        except DiaryError as error:
            notes.add_error(error, "bundle", f"reviews/{digest(receipt)}")
            continue
        first, _ = found.get(logged.leaf.digest, (logged.position, None))
        found[logged.leaf.digest] = (min(first, logged.position), review)
    return [review for _, review in sorted(found.values(), key=lambda pair: pair[0])]
