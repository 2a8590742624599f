"""Verifies receipts, beacons and terms before the client uses them.

Rules kept (`docs/protocol.md` §7): every receipt is verified completely with a trusted log key
(`trusted_keys`); its time must be the time of the upload; its checkpoint is recorded in the log's
history (`consistency`). A contradiction there is a finding about the log and voids no receipt.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from diary.core.findings import Code, DiaryError
from diary.core.slots import SANE_TO
from diary.formats.encoding import digest
from diary.log.leaf import LeafType, contract_attr
from diary.log.receipt import LoggedObject, Receipt, open_receipt
from diary.log.signed_note import NoteVerifier
from diary.objects.beacon import Beacon
from diary.objects.enrolment import Enrolment
from diary.objects.terms import Terms
from diary.verification.evidence import open_beacon
from uploader.api.responses import LATEST_S
from uploader.errors import Problem, ProofError, RefusedError
from uploader.log.consistency import LogHistory
from uploader.log.trusted_keys import TrustedLogKeys
from uploader.store.contract_cache import CachedTerms

T = TypeVar("T")

#: The maximum distance of a receipt's time from the session clock (`docs/protocol.md` §7).
TOLERANCE_MS = 60_000
#: The greatest age of the newest beacon by the log's clock: it is logged up to two minutes before
#: its slot, and the next one before the slot's end (`docs/protocol.md` §3.2).
_BEACON_AGE_MS = 720_000
#: The shortest time between two requests for an unknown key (real s).
_ASK_AGAIN_S = 60.0


class ReceiptVerifier:
    """Verifies the marketplace's objects. Methods may be called from any thread.

    `now_ms` is session time (Unix ms); `speed` is that of a demonstration, in whose time network
    delays are so many times as long; `prove(rt_ms, within_ms)` receives a time that the log has
    signed, and its greatest age by the log's clock (None: unknown), before it is compared with the
    session clock; `fetch_keys` fetches the receipts of the log's keys when an unknown key occurs,
    and raises UploaderError; `monotonic` is in seconds.
    """

    def __init__(
        self,
        trust: TrustedLogKeys,
        history: LogHistory,
        now_ms: Callable[[], int],
        *,
        speed: int = 1,
        prove: Callable[[int, int | None], None] = lambda *_: None,
        fetch_keys: Callable[[], Sequence[bytes]] = lambda: (),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.trust = trust
        self.history = history
        self._now_ms = now_ms
        self._tolerance_ms = TOLERANCE_MS * speed
        self._prove = prove
        self._fetch_keys = fetch_keys
        self._monotonic = monotonic
        self._asked: dict[str, float] = {}

    def segment(
        self, receipt: bytes, object_digest: str, *, sent_ms: int, created: bool, t1: int
    ) -> LoggedObject:
        """Verify a segment's receipt. Raises ProofError: WRONG_RECEIPT or WRONG_TIME.

        `sent_ms` is the session time when the upload began. A segment that the marketplace already
        had (not `created`) was logged between its end `t1` (Unix s) and now.
        """
        if created:
            return self._receipt(receipt, LeafType.SEGMENT, object_digest, sent_ms, fresh=True)
        # A segment that a wrong clock sealed ends in the future: it was logged before its end.
        earliest_ms = t1 * 1000 if t1 * 1000 <= self._now_ms() else 0
        return self._receipt(receipt, LeafType.SEGMENT, object_digest, earliest_ms)

    def statement(
        self, receipt: bytes, kind: LeafType, object_digest: str, *, earliest_ms: int
    ) -> LoggedObject:
        """Verify the receipt of another signed statement. Raises as `segment`."""
        return self._receipt(receipt, kind, object_digest, earliest_ms)

    def server_object(self, data: bytes, kind: LeafType) -> LoggedObject:
        """Verify the receipt of an object of the marketplace, which it contains. Raises as
        `segment`.
        """
        try:
            logged = open_receipt(data, self._verifiers(data), type=kind)
        except DiaryError as error:
            raise ProofError(Problem.WRONG_RECEIPT, str(error)) from error
        self._record(data, f"{kind.value} {logged.leaf.digest}")
        return logged

    def device(self, receipt: bytes, enrolment: Enrolment) -> LoggedObject:
        """Verify an enrolment's receipt. Raises as `segment`.

        The same bytes again get the first leaf, so the receipt may be older than this upload, but
        not older than the week in which the enrolment begins. It may be later than the session
        clock: a computer that joins with a clock that is behind must become a member first. Only
        then can it show the difference and offer the marketplace's time.
        """
        logged = self._receipt(
            receipt,
            LeafType.DEVICE,
            enrolment.digest,
            enrolment.week0 * 1000,
            latest_ms=SANE_TO * 1000,
        )
        if logged.leaf.attrs != enrolment.kid:
            raise ProofError(Problem.WRONG_RECEIPT, "the leaf names another device")
        return logged

    def beacon(self, data: bytes, *, newest: bool = False) -> Beacon:
        """Verify a beacon's file completely; `newest`: the marketplace has just sent it as such.
        Raises ProofError(WRONG_BEACON).
        """
        try:
            beacon = open_beacon(data, self._verifiers(data)).beacon
            receipt = Receipt.parse(data)
        except DiaryError as error:
            raise ProofError(Problem.WRONG_BEACON, str(error)) from error
        self._prove(receipt.leaf.rt_ms, _BEACON_AGE_MS if newest else None)
        if receipt.leaf.rt_ms > self._now_ms() + self._tolerance_ms:
            raise ProofError(Problem.WRONG_BEACON, "it comes from the future")
        self._record(data, f"beacon {beacon.slot}")
        return beacon

    def terms(self, data: bytes, ctr: str, sub: str) -> CachedTerms:
        """Verify a contract's terms. Raises ProofError(WRONG_TERMS)."""
        try:
            logged = open_receipt(data, self._verifiers(data), type=LeafType.TERMS)
            terms = Terms.parse(logged.object or b"")
            if (terms.aud, terms.ctr, terms.sub) != (self.trust.aud, ctr, sub):
                raise DiaryError(Code.E_TERMS, "terms of another contract or freelancer")
            if logged.leaf.attrs != contract_attr(ctr):
                raise DiaryError(Code.E_TERMS, "the leaf names another contract")
            if terms.from_s > LATEST_S:
                raise DiaryError(Code.E_TERMS, "terms that begin after every calendar")
            if terms.from_s * 1000 < logged.leaf.rt_ms:
                raise DiaryError(Code.E_TERMS, "terms from before they were logged")
        except DiaryError as error:
            raise ProofError(Problem.WRONG_TERMS, str(error)) from error
        self._record(data, f"terms {ctr}")
        return CachedTerms(terms, digest(logged.object or b""), logged.position, data)

    def learn_keys(self) -> None:
        """Fetch the log's keys, and trust those that a trusted key has announced. A marketplace may
        have no announcements. Raises UploaderError.
        """
        try:
            receipts = self._fetch_keys()
        except RefusedError:
            return
        self.trust.learn(receipts)

    def _receipt(
        self,
        data: bytes,
        kind: LeafType,
        object_digest: str,
        earliest_ms: int,
        *,
        fresh: bool = False,
        latest_ms: int | None = None,
    ) -> LoggedObject:
        try:
            verifiers = self._verifiers(data)
            logged = open_receipt(data, verifiers, type=kind, object_digest=object_digest)
        except DiaryError as error:
            raise ProofError(Problem.WRONG_RECEIPT, str(error)) from error
        self._prove(logged.leaf.rt_ms, self._tolerance_ms if fresh else None)
        # After `prove`, which may move the session clock.
        if latest_ms is None:
            latest_ms = self._now_ms() + self._tolerance_ms
        if not earliest_ms - self._tolerance_ms <= logged.leaf.rt_ms <= latest_ms:
            off_s = (logged.leaf.rt_ms - self._now_ms()) / 1000
            raise ProofError(Problem.WRONG_TIME, f"{off_s:+.0f} s")
        self._record(data, f"{kind.value} {object_digest}")
        return logged

    def _record(self, data: bytes, source: str) -> None:
        """Record the position and the checkpoint of a verified receipt."""
        receipt = Receipt.parse(data)
        origin = receipt.checkpoint.split(b"\n", 1)[0].decode()
        self.history.record_leaf(origin, receipt.index, receipt.leaf.rt_ms)
        self.history.record(receipt.checkpoint, source)

    def _verifiers(self, data: bytes) -> tuple[NoteVerifier, ...]:
        """The trusted keys, after an attempt to fetch the one that this receipt needs."""
        line = Receipt.parse(data).checkpoint.split(b"\n", 1)[0]
        origin = line.decode("utf-8", "replace")
        if not self.trust.has(origin) and origin.startswith(f"{self.trust.aud}/log/"):
            asked = self._asked.get(origin)
            if asked is None or self._monotonic() - asked >= _ASK_AGAIN_S:
                self._asked = {origin: self._monotonic()}
                self.learn_keys()
        return self.trust.verifiers
