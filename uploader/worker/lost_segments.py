"""Sends again what a marketplace lost when it was restored from an old backup.

Rules kept (`docs/protocol.md` §6): a receipt proves that the log held a leaf. If the marketplace
shows less (a smaller log, another history, a new leaf at an old position, a head behind a receipt,
an unknown device), the newest receipts are compared with the log, leaf by leaf, until it holds some
in a row. Each segment and statement without its leaf is sent again with the same bytes, after its
pictures and its beacon. The old receipts, and contradicting notes of the log, are kept as evidence.
A lost enrolment is logged again by its receipt.
"""

from __future__ import annotations

from collections.abc import Callable

from diary.core.findings import DiaryError
from diary.formats.encoding import canonical, digest
from diary.log.checkpoint import open_checkpoint
from diary.log.position import Origin
from diary.objects.enrolment import Enrolment
from uploader.account.membership import ENROLMENT_RECEIPT
from uploader.api.client import MarketplaceClient
from uploader.api.responses import Me, WellKnown
from uploader.errors import NetworkError, Problem, RefusedError
from uploader.log.receipt_verifier import ReceiptVerifier
from uploader.store.chain.rebase import EVIDENCE
from uploader.store.index.rows import IndexRow, UploadState
from uploader.store.outbox import Outbox

#: After so many consecutive leaves that the log holds, it holds the older ones too.
_ENOUGH = 3


class LostSegmentRecovery:
    """Used by the uploading thread. Methods raise UploaderError; the next call starts again."""

    def __init__(
        self,
        outbox: Outbox,
        client: MarketplaceClient,
        verifier: ReceiptVerifier,
        enrolment: Enrolment,
        now_ms: Callable[[], int],
    ) -> None:
        self._outbox = outbox
        self._client = client
        self._verifier = verifier
        self._enrolment = enrolment
        self._now_ms = now_ms
        self._resent: set[str] = set()

    def check(self, known: WellKnown, me: Me) -> None:
        """Compare the log with the receipts if the log may have lost leaves."""
        shorter = self._is_shorter(known)
        behind = self._is_behind(me)
        if shorter or behind or self._verifier.history.doubted:
            # The doubt remains until the whole comparison is done.
            self._verifier.history.doubted = True
            self._compare()
            self._verifier.history.doubted = False
        self.update_fact()

    def recover_enrolment(self) -> bool:
        """After a refused sign-in: log the enrolment again if the log lost it. Returns whether the
        sign-in can be repeated.
        """
        if self._holds(self._enrolment.digest):
            return False
        receipt = self._outbox.folder.read(ENROLMENT_RECEIPT)
        if receipt is None:
            return False
        answer = self._client.enrol_again(self._enrolment.data, receipt)
        self._verifier.device(answer.receipt, self._enrolment)
        self._outbox.report(Problem.SERVER_LOST, f"enrolment {self._enrolment.kid}")
        return True

    def _is_shorter(self, known: WellKnown) -> bool:
        """Whether the log has fewer leaves than a checkpoint that this device holds."""
        name = Origin.parse(known.origin).name
        older = self._verifier.history.largest_signed(name)
        note = self._client.log_checkpoint(name)
        try:
            verifiers = self._verifier.trust.verifiers
            newer = open_checkpoint(note, verifiers)
            kept = None if older is None else open_checkpoint(older, verifiers)
        except DiaryError as error:
            self._outbox.report(Problem.LOG_UNPROVEN, f"{name}: {error.detail}")
            return False
        if older is None or kept is None or newer.origin != kept.origin:
            return False
        if newer.size >= kept.size:
            self._verifier.history.record(note, "checkpoint")
            return False
        self._keep_notes(name, older, note)
        return True

    def _is_behind(self, me: Me) -> bool:
        """Whether a head is behind one of our receipts."""
        heads, queue = {head.ctr: head.seq for head in me.heads}, self._outbox.queue
        for ctr in queue.chains():
            proven = queue.last(ctr, UploadState.DONE)
            if proven is not None and proven.kid == self._enrolment.kid:
                there = heads.get(ctr)
                if there is None or there < proven.seq:
                    self._outbox.report(Problem.SERVER_BEHIND, f"{ctr} {proven.seq}")
                    return True
        return False

    def _compare(self) -> None:
        found = 0
        for row in self._outbox.queue.delivered():
            if self._holds(row.hash):
                found += 1
                if found == _ENOUGH:
                    break
                continue
            found = 0
            self._return_beacon(row)
            self._outbox.lost(row)
            self._resent.add(row.hash)
        found = 0
        for statement in self._outbox.statements.delivered():
            if self._holds(statement.digest):
                found += 1
                if found == _ENOUGH:
                    break
                continue
            found = 0
            self._outbox.lost_statement(statement)
            self._resent.add(statement.digest)
        if self._resent:
            self._outbox.report(Problem.SERVER_LOST, f"{len(self._resent)} leaves")

    def _holds(self, name: str) -> bool:
        """Whether the log has a leaf of an object."""
        try:
            self._client.log_proof(name)
        except RefusedError as error:
            if error.status != 404:
                raise
            return False
        return True

    def _return_beacon(self, row: IndexRow) -> None:
        """Return the beacon that a segment names, unless the marketplace has it."""
        found = self._outbox.segment(row.hash)
        named = None if found is None else found[1].segment.bcn
        data = None if named is None else self._outbox.cache.beacon_file(named.slot, named.h)
        if named is None or data is None:
            return
        slot = named.slot
        try:
            if self._client.beacon(slot) == data:
                return
        except RefusedError as error:
            if error.status != 404:
                raise
        try:
            self._client.return_beacon(data)
        except RefusedError as error:
            self._outbox.report(Problem.WRONG_BEACON, f"{slot}: {error.detail}")

    def update_fact(self) -> None:
        """Hold a fact until all lost segments have arrived again."""
        rows = [self._outbox.row(name) for name in self._resent]
        open_ = [row for row in rows if row is not None and row.state is not UploadState.DONE]
        if open_:
            seconds = sum(row.t1 - row.t0 for row in open_)
            self._outbox.incident_list.hold(Problem.SERVER_LOST, count=len(open_), seconds=seconds)
        else:
            self._outbox.incident_list.clear(Problem.SERVER_LOST)
            self._resent.clear()

    def _keep_notes(self, name: str, older: bytes, newer: bytes) -> None:
        """Store both notes as received, once."""
        files = {"older": older, "newer": newer}
        about = f"{EVIDENCE}/shorter-{digest(older)}.json"
        if self._outbox.folder.exists(about):
            return
        for data in files.values():
            self._outbox.folder.write(f"{EVIDENCE}/{digest(data)}.checkpoint", data)
        record = {
            "v": 1,
            "kind": "shorter_log",
            "log": name,
            "at_ms": self._now_ms(),
            **{which: f"{digest(data)}.checkpoint" for which, data in files.items()},
        }
        self._outbox.folder.write(about, canonical(record))


def is_unknown_device(error: Exception) -> bool:
    """Whether the error is a refused sign-in, which an unknown device gets."""
    return isinstance(error, NetworkError | RefusedError) and error.code is Problem.SIGN_IN_REFUSED
