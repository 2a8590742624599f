"""A marketplace that was restored from an old backup: what it lost is sent again.

Rules kept (`docs/protocol.md` §6): a receipt proves that the log held a leaf. Where the
marketplace shows less (a smaller log, another history, a new leaf at a place that another leaf had,
a head behind a receipt, a device that it does not know), the newest receipts are compared with the
log, leaf by leaf, until it holds some in a row; each segment and each statement whose leaf is gone
goes out again with the same bytes, after its pictures and the beacon that it names; the old
receipts, and the two notes of the log that contradict each other, are kept as evidence. An
enrolment that is gone is logged again by its receipt.
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
from uploader.store.chain_rebase import EVIDENCE
from uploader.store.index import IndexRow, UploadState
from uploader.store.outbox import Outbox

#: So many newest leaves that the log holds, one after the other, say that it holds the older ones.
_ENOUGH = 3


class LostSegmentRecovery:
    """Used by the uploading thread. Methods raise UploaderError; then it is looked at again."""

    def __init__(
        self,
        outbox: Outbox,
        client: MarketplaceClient,
        witness: ReceiptVerifier,
        enrolment: Enrolment,
        now_ms: Callable[[], int],
    ) -> None:
        self._outbox = outbox
        self._client = client
        self._witness = witness
        self._enrolment = enrolment
        self._now_ms = now_ms
        self._again: set[str] = set()

    def look(self, known: WellKnown, me: Me) -> None:
        """Compare the log with the receipts, where there is a reason to."""
        shorter = self._is_shorter(known)
        behind = self._is_behind(me)
        if shorter or behind or self._witness.history.doubted:
            # It stays in doubt until the comparison is done, and whatever is found meanwhile.
            self._witness.history.doubted = True
            self._compare()
            self._witness.history.doubted = False
        self.tell()

    def look_at_enrolment(self) -> bool:
        """After a sign-in that was refused: log the enrolment again if the log lost it. Returns
        whether the sign-in may be tried again.
        """
        if self._holds(self._enrolment.digest):
            return False
        receipt = self._outbox.folder.read(ENROLMENT_RECEIPT)
        if receipt is None:
            return False
        answer = self._client.enrol_again(self._enrolment.data, receipt)
        self._witness.device(answer.receipt, self._enrolment)
        self._outbox.report(Problem.SERVER_LOST, f"enrolment {self._enrolment.kid}")
        return True

    def _is_shorter(self, known: WellKnown) -> bool:
        """Whether the log has fewer leaves than a checkpoint that this device has verified."""
        name = Origin.parse(known.origin).name
        older = self._witness.history.largest(name)
        note = self._client.log_checkpoint(name)
        try:
            verifiers = self._witness.trust.verifiers
            newer = open_checkpoint(note, verifiers)
            kept = None if older is None else open_checkpoint(older, verifiers)
        except DiaryError as error:
            self._outbox.report(Problem.LOG_UNPROVEN, f"{name}: {error.detail}")
            return False
        if older is None or kept is None or newer.origin != kept.origin:
            return False
        if newer.size >= kept.size:
            self._witness.history.record(note, "checkpoint")
            return False
        self._keep_notes(name, older, note)
        return True

    def _is_behind(self, me: Me) -> bool:
        """Whether a head is behind a receipt of ours."""
        told, sending = {head.ctr: head.seq for head in me.heads}, self._outbox.sending
        for ctr in sending.chains():
            proven = sending.last(ctr, UploadState.DONE)
            if proven is not None and proven.kid == self._enrolment.kid:
                there = told.get(ctr)
                if there is None or there < proven.seq:
                    self._outbox.report(Problem.SERVER_BEHIND, f"{ctr} {proven.seq}")
                    return True
        return False

    def _compare(self) -> None:
        found = 0
        for row in self._outbox.sending.delivered():
            if self._holds(row.hash):
                found += 1
                if found == _ENOUGH:
                    break
                continue
            found = 0
            self._hand_back_beacon(row)
            self._outbox.lost(row)
            self._again.add(row.hash)
        found = 0
        for deed in self._outbox.deeds.delivered():
            if self._holds(deed.digest):
                found += 1
                if found == _ENOUGH:
                    break
                continue
            found = 0
            self._outbox.lost_statement(deed)
            self._again.add(deed.digest)
        if self._again:
            self._outbox.report(Problem.SERVER_LOST, f"{len(self._again)} leaves")

    def _holds(self, name: str) -> bool:
        """Whether the log has a leaf of an object."""
        try:
            self._client.log_proof(name)
        except RefusedError as error:
            if error.status != 404:
                raise
            return False
        return True

    def _hand_back_beacon(self, row: IndexRow) -> None:
        """The beacon that a segment names, unless the marketplace gives it out itself."""
        named = self._outbox.beacon_of(row)
        if named is None:
            return
        slot, data = named
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

    def tell(self) -> None:
        """A fact as long as something that was lost has not arrived again."""
        rows = [self._outbox.row(name) for name in self._again]
        open_ = [row for row in rows if row is not None and row.state is not UploadState.DONE]
        if open_:
            seconds = sum(row.t1 - row.t0 for row in open_)
            self._outbox.book.hold(Problem.SERVER_LOST, count=len(open_), seconds=seconds)
        else:
            self._outbox.book.clear(Problem.SERVER_LOST)
            self._again.clear()

    def _keep_notes(self, name: str, older: bytes, newer: bytes) -> None:
        """Both notes, as they came, once."""
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
    """Whether a sign-in was refused, which a marketplace does that does not know the device."""
    return isinstance(error, NetworkError | RefusedError) and error.code is Problem.SIGN_IN_REFUSED
