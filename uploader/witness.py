"""The client's eye on the log: nothing that the marketplace says counts before it is proven.

Rules kept (`docs/protocol.md` §7): every receipt is verified whole by the pinned log key; its time
must be the time of the upload; the largest checkpoint seen is kept, and two roots for one size are
kept as evidence and told. That a larger tree holds the smaller one is not checked here.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from diary.checkpoint import Checkpoint, open_checkpoint
from diary.encoding import digest
from diary.enrolment import Enrolment
from diary.errors import Code, DiaryError
from diary.evidence import open_beacon
from diary.leaf import LeafType, contract_attr
from diary.note import NoteVerifier
from diary.objects import Beacon, Terms
from diary.receipt import Logged, Receipt, open_receipt
from uploader.errors import Problem, ProofError
from uploader.shelf import KnownTerms

#: How far a receipt's time may lie from the session clock (`docs/protocol.md` §7).
TOLERANCE_MS = 60_000


@dataclass(frozen=True)
class Pinned:
    """The marketplace as it was when this device joined: its name and its log's key."""

    aud: str
    verifier: NoteVerifier


@dataclass(frozen=True)
class Witnessed:
    """A verified receipt; `larger` is its checkpoint's note if the tree is the largest so far."""

    logged: Logged
    larger: bytes | None


class Witness:
    """Opens what the marketplace says. Methods may be called from any thread.

    `now_ms` is session time (Unix ms); `speed` that of a demonstration, in whose time network
    delays are so many times as long; `largest` the note kept from an earlier run; `on_split` gets
    both notes of a split view.
    """

    def __init__(
        self,
        pinned: Pinned,
        now_ms: Callable[[], int],
        *,
        speed: int = 1,
        largest: bytes | None = None,
        on_split: Callable[[bytes, bytes], None] = lambda _a, _b: None,
    ) -> None:
        self._pinned = pinned
        self._now_ms = now_ms
        self._tolerance_ms = TOLERANCE_MS * speed
        self._on_split = on_split
        self._lock = threading.Lock()  # guards the two below
        self._largest: Checkpoint | None = None
        self._note = b""
        if largest is not None:
            try:
                self._largest = open_checkpoint(largest, (pinned.verifier,))
                self._note = largest
            except DiaryError:
                # It was the index's, not proven since; the next receipt brings another.
                self._largest = None

    def segment(
        self, receipt: bytes, object_digest: str, *, sent_ms: int, created: bool, t1: int
    ) -> Witnessed:
        """Verify a segment's receipt. Raises ProofError: WRONG_RECEIPT or WRONG_TIME.

        `sent_ms` is session time when the upload began. One that was there before (not `created`)
        came in between its end `t1` (Unix s) and now.
        """
        earliest_ms = sent_ms if created else t1 * 1000
        return self._receipt(receipt, LeafType.SEGMENT, object_digest, earliest_ms)

    def device(self, receipt: bytes, enrolment: Enrolment) -> Witnessed:
        """Verify an enrolment's receipt. Raises as `segment`.

        The same bytes again get the leaf of the first time, so it may be older than this upload,
        but not older than the week in which the enrolment begins.
        """
        earliest_ms = enrolment.week0 * 1000
        seen = self._receipt(receipt, LeafType.DEVICE, enrolment.digest, earliest_ms)
        if seen.logged.leaf.attrs != enrolment.kid:
            raise ProofError(Problem.WRONG_RECEIPT, "the leaf names another device")
        return seen

    def beacon(self, data: bytes) -> tuple[Beacon, bytes | None]:
        """Verify a beacon's file whole. Raises ProofError(WRONG_BEACON)."""
        try:
            beacon = open_beacon(data, (self._pinned.verifier,)).beacon
            receipt = Receipt.parse(data)
        except DiaryError as error:
            raise ProofError(Problem.WRONG_BEACON, str(error)) from error
        if receipt.leaf.rt_ms > self._now_ms() + self._tolerance_ms:
            raise ProofError(Problem.WRONG_BEACON, "it comes from the future")
        return beacon, self._see(receipt.checkpoint)

    def terms(self, data: bytes, ctr: str, sub: str) -> KnownTerms:
        """Verify a contract's terms. Raises ProofError(WRONG_TERMS)."""
        try:
            logged = open_receipt(data, (self._pinned.verifier,), type=LeafType.TERMS)
            terms = Terms.parse(logged.object or b"")
            if (terms.aud, terms.ctr, terms.sub) != (self._pinned.aud, ctr, sub):
                raise DiaryError(Code.E_TERMS, "terms of another contract or freelancer")
            if logged.leaf.attrs != contract_attr(ctr):
                raise DiaryError(Code.E_TERMS, "the leaf names another contract")
            if terms.from_s * 1000 < logged.leaf.rt_ms:
                raise DiaryError(Code.E_TERMS, "terms from before they were logged")
        except DiaryError as error:
            raise ProofError(Problem.WRONG_TERMS, str(error)) from error
        self._see(Receipt.parse(data).checkpoint)
        return KnownTerms(terms, digest(logged.object or b""), logged.index, data)

    def _receipt(
        self, data: bytes, kind: LeafType, object_digest: str, earliest_ms: int
    ) -> Witnessed:
        try:
            logged = open_receipt(
                data, (self._pinned.verifier,), type=kind, object_digest=object_digest
            )
        except DiaryError as error:
            raise ProofError(Problem.WRONG_RECEIPT, str(error)) from error
        latest_ms = self._now_ms() + self._tolerance_ms
        if not earliest_ms - self._tolerance_ms <= logged.leaf.rt_ms <= latest_ms:
            off_s = (logged.leaf.rt_ms - self._now_ms()) / 1000
            raise ProofError(Problem.WRONG_TIME, f"{off_s:+.0f} s")
        return Witnessed(logged, self._see(Receipt.parse(data).checkpoint))

    def _see(self, note: bytes) -> bytes | None:
        """Compare a verified checkpoint with the largest; returns the note if it is larger."""
        checkpoint = open_checkpoint(note, (self._pinned.verifier,))
        with self._lock:
            largest, kept = self._largest, self._note
            if largest is None or checkpoint.size > largest.size:
                self._largest, self._note = checkpoint, note
                return note
        if checkpoint.size == largest.size and checkpoint.root != largest.root:
            # A finding about the log, which never voids a segment: kept and told, not raised.
            self._on_split(kept, note)
        return None
