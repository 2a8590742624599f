"""Seal the segments of the generated time, with the findings that ingest stores for them."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

from diary.core.findings import Code, Finding
from diary.core.slots import MINUTE, SLOT, covered_minutes
from diary.core.vocabulary import Kind
from diary.formats import sd_jwt
from diary.formats.encoding import b64url_encode, digest
from diary.objects.picture import Picture, Row, rows_with_input
from diary.objects.picture_times import draw_value, scheduled_times
from diary.objects.received_parts import MEMO, MINUTES, NOTE, picture
from diary.objects.segment import TYP, BeaconRef, Segment
from diary.objects.tombstone import tombstone
from marketplace.records import exceptions
from marketplace.records.segment_facts import CheckFacts, PictureFacts
from marketplace.seed.people import Computer, SeedContract
from marketplace.seed.pictures import HEIGHT, WIDTH, SeedPicture
from marketplace.seed.plan import PlannedSlot

#: One segment in this many is of the kind. They are prime, so that each combination occurs.
_KEPT, _MANUAL, _LOCKED, _OFFLINE, _MASKED, _DELETED = 61, 97, 71, 89, 101, 83
_LATE_MS = 500
#: Uptime is Unix time minus this, so that the clocks of a computer never drift.
_BOOT_MS = 1_000_000_000_000
_MEMOS = (
    "Checkout: address form validation", "Review comments on pull request 418",
    "Shipping table import", "Fix flaky search test", "Weekly call, notes", "Icons for the menu",
    "Data model for invoices", "تصميم صفحة الدفع", "Deploy to staging", "Översätt hjälptexter",
)  # fmt: skip
_NOTE = "On the phone with the client"


@dataclass(frozen=True)
class PublishedBeacon:
    """A beacon of the generated log."""

    slot: int
    val: bytes
    hash: str


@dataclass(frozen=True)
class MadeSegment:
    """A sealed segment and what the marketplace stores about it after its last check. `received` is
    the mask of its leaf, `tombstone` a deletion of all of it. `facts` has `rt_ms` None, since the
    segment is not logged yet; `attention` has the reasons for which its client should look at it.
    """

    contract: SeedContract
    computer: Computer
    body: Segment
    hash: str
    data: bytes
    received: int
    files: tuple[str, ...]
    findings: tuple[Finding, ...]
    facts: CheckFacts
    attention: tuple[str, ...]
    tombstone: bytes | None


class SegmentGenerator:
    """Makes the segments of all computers, in order of time."""

    def __init__(self, rng: random.Random, pictures: list[SeedPicture]) -> None:
        self._rng = rng
        self._pictures = pictures
        self._number = 0

    def make(
        self,
        planned: PlannedSlot,
        contract: SeedContract,
        beacon: PublishedBeacon,
        before: PublishedBeacon,
    ) -> MadeSegment:
        """The next segment of a contract. `beacon` is that of its slot, `before` the one before."""
        self._number += 1
        slot = planned.slot
        t0 = slot + (self._rng.randrange(5, 240) if planned.first else 0)
        t1 = slot + (self._rng.randrange(300, SLOT) if planned.last else SLOT)
        computer = contract.freelancer.computer_on(slot)
        kind = self._kind()
        used = before if kind == "auto" and self._is(_OFFLINE) else beacon
        chain = computer.chain(contract.ctr)
        body = Segment(
            aud=contract.terms.aud,
            sub=contract.freelancer.sub,
            ctr=contract.ctr,
            terms=contract.terms_hash,
            kind=kind,
            seq=chain.seq,
            epoch=0,
            prev=chain.prev,
            slot=slot,
            t0=t0,
            t1=t1,
            up0=t0 * 1000 - _BOOT_MS,
            up1=t1 * 1000 - _BOOT_MS,
            awake=(t1 - t0) * 1000,
            off=0,
            boot=computer.boot,
            bcn=BeaconRef(used.slot, used.hash),
            mom=b64url_encode(computer.chain_value(slot)),
            active=0,
            input="ok",
            pics=0,
            shot="ended",
            end="stop" if planned.last else "slot",
            tz=contract.freelancer.zone,
            app="0.1.0",
            os="linux",
        )
        rows = self._minutes(body)
        shots: list[Picture] = []
        if kind == "manual":
            body = replace(
                body, bcn=None, mom=None, boot=None, up0=None, up1=None, awake=None, active=None,
                shot="none", input="unavailable", end="stop",
            )  # fmt: skip
        elif kind == "auto":
            body = replace(body, active=rows_with_input(rows))
            body, shots = self._take(body, used, computer)
        return self._seal(contract, computer, body, rows, shots)

    def _is(self, every: int) -> bool:
        return self._number % every == every // 2

    def _kind(self) -> Kind:
        if self._is(_KEPT):
            return "kept"
        return "manual" if self._is(_MANUAL) else "auto"

    def _minutes(self, body: Segment) -> tuple[Row | None, ...]:
        level = 0 if body.kind == "kept" else self._rng.randrange(3, 11)
        covered = covered_minutes(body.slot, body.t0, body.t1)
        return tuple(self._row(level) if here else None for here in covered)

    def _row(self, level: int) -> Row:
        rng = self._rng
        if rng.randrange(10) >= level:
            return (0, 0, 0, 0, 0)
        return (
            rng.randrange(200), rng.randrange(20), rng.randrange(8), rng.randrange(1, MINUTE), 0
        )  # fmt: skip

    def _take(
        self, body: Segment, beacon: PublishedBeacon, computer: Computer
    ) -> tuple[Segment, list[Picture]]:
        """The picture of a segment, unless its time is outside or the screen was locked."""
        value = computer.chain_value(body.slot)
        val = draw_value(beacon.val, beacon.slot, body.slot)
        due = scheduled_times(value, val, body.slot, body.t0, 1)
        if not due or due[0] >= body.t1 * 1000:
            return body, []
        if self._is(_LOCKED):
            return replace(body, shot="locked"), []
        at = min(due[0] + _LATE_MS, body.t1 * 1000 - 1)
        chosen = self._pictures[self._number % len(self._pictures)]
        masked = ((60, 60, 400, 120),) if self._is(_MASKED) else ()
        shot = Picture(
            at=at, blob=chosen.blob, w=WIDTH, h=HEIGHT, screen="all", thumb=chosen.thumb_blob,
            redacted=masked,
        )  # fmt: skip
        return replace(body, shot="ok", pics=1, shot_at=(at,)), [shot]

    def _seal(
        self,
        contract: SeedContract,
        computer: Computer,
        body: Segment,
        rows: tuple[Row | None, ...],
        shots: list[Picture],
    ) -> MadeSegment:
        memo = _MEMOS[self._number // 5 % len(_MEMOS)]
        parts: list[tuple[str, object]] = [("memo", memo)]
        received = MEMO
        if body.kind == "kept":
            parts.append(("note", _NOTE))
            received |= NOTE
        if body.kind != "manual":
            parts.append(("minutes", [None if row is None else list(row) for row in rows]))
            received |= MINUTES
        for index, shot in enumerate(shots):
            parts.append((f"shot_{index}", shot.value()))
            received |= picture(index)
        random_bytes: Callable[[int], bytes] = self._rng.randbytes
        data = sd_jwt.issue(body.payload(), parts, TYP, computer.key, random_bytes)
        signed, *shown = data.split(b"~")
        name = digest(signed)
        chain = computer.chain(body.ctr)
        chain.seq, chain.prev = chain.seq + 1, name
        files = tuple(sorted({f for s in shots for f in (s.blob.sha256, s.thumb.sha256)}))
        gone = None
        if self._is(_DELETED) and all(file in contract.freelancer.named for file in files):
            gone = _deletion(computer, body, name, [digest(each) for each in shown if each])
        for file in files:
            contract.freelancer.named.setdefault(file, body.ctr)
        findings = _findings(body, name, [] if gone else shots)
        if gone:
            deletion = Finding("segment", name, Code.N_DELETED, "a part was deleted")
            findings = tuple(sorted((*findings, deletion)))
        facts = _facts(body, memo, rows, shots, findings)
        if gone:
            facts = replace(facts, memo=None, first_memo=None, note=None, minutes=None, pictures=())
        attention = exceptions.reasons(
            body.kind, facts, findings, picture_missing=False, deleted=gone is not None
        )
        return MadeSegment(
            contract, computer, body, name, data, received, files, findings, facts, attention, gone
        )


def _facts(
    body: Segment,
    memo: str,
    rows: tuple[Row | None, ...],
    shots: list[Picture],
    findings: tuple[Finding, ...],
) -> CheckFacts:
    """The facts that its check stores, before any deletion."""
    codes = {finding.code for finding in findings}
    assurance = "A" if body.kind == "auto" and Code.W_OFFLINE not in codes else "B"
    return CheckFacts(
        memo=memo,
        first_memo=memo,
        memos=(),
        note=_NOTE if body.kind == "kept" else None,
        minutes=None if body.kind == "manual" else rows,
        pictures=tuple(PictureFacts.of(number, shot) for number, shot in enumerate(shots)),
        pics=body.pics,
        shot=body.shot,
        end=body.end,
        input=body.input,
        assurance="C" if body.kind == "manual" else assurance,
        rt_ms=None,
        prev=body.prev,
        terms=body.terms,
        beacon=body.bcn.h if body.bcn else None,
        app=body.app,
        os=body.os,
        tz=body.tz,
    )


def _deletion(computer: Computer, body: Segment, name: str, digests: list[str]) -> bytes:
    scope: tuple[str, ...] = ("memo",)
    if body.kind != "manual":
        scope += ("minutes",)
    if body.pics:
        scope += ("shot",)
    return tombstone(
        computer.key,
        segment=name,
        digests=digests,
        scope=(*scope, "time"),  # type: ignore[arg-type]
        reason="deleted",
        at=body.t1 + 60,
    )


def _findings(body: Segment, name: str, shots: list[Picture]) -> tuple[Finding, ...]:
    found = []
    if body.bcn is not None and body.bcn.slot != body.slot:
        detail = "the beacon of its slot was not at hand"
        found.append(Finding("segment", name, Code.W_OFFLINE, detail))
    if body.kind == "auto" and body.shot not in ("ok", "ended"):
        detail = f"no picture: {body.shot}"
        found.append(Finding("segment", name, Code.W_SHOT_MISSING, detail))
    if any(shot.is_masked for shot in shots):
        found.append(Finding("segment", name, Code.N_MASKED, "masked by the freelancer"))
    return tuple(sorted(found))
