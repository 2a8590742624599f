"""Compares this device's chains with the marketplace's heads, and clears up what differs.

Rules kept (`docs/protocol.md` §6): a head that this device has signed and this folder does not know
means that the folder is a backup, or that a copy of it is in use: nothing is overwritten, and work
goes on behind that head (`chain_rebase`); time that was refused for its number is sealed
anew, each stretch at most `MOST_ANEW` times; a head that this device has not signed is kept as
evidence, told, and nothing of the contract is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from diary.core.findings import DiaryError
from diary.core.signer import Signer
from diary.core.slots import DAY
from diary.formats.encoding import canonical, digest
from diary.interfaces import Head
from diary.objects.amendment import Amendment
from diary.objects.enrolment import Enrolment
from diary.objects.segment import SealedSegment
from diary.objects.tombstone import Tombstone
from uploader.api.client import MarketplaceClient
from uploader.api.responses import Me, SegmentResponse, ServerHead
from uploader.errors import Problem
from uploader.store.chain_rebase import (
    EVIDENCE,
    ChainBase,
    load_base,
    own_head,
    resign,
    resign_statement,
)
from uploader.store.index import IndexRow
from uploader.store.outbox import Outbox
from uploader.store.statements import Kind

#: How often one stretch of time is delivered in vain and sealed anew (`docs/protocol.md` §6).
MOST_ANEW = 16
#: A copy in use is told for so long after it was last met (session ms).
_COPY_TOLD_MS = DAY * 1000


class DeviceResigner:
    """Seals anew by this device's key. See `uploader.store.outbox.Resealer`."""

    def __init__(self, signer: Signer, aud: str, random: Callable[[int], bytes]) -> None:
        self._signer = signer
        self._aud = aud
        self._random = random

    def seal(self, sealed: SealedSegment, head: Head) -> bytes:
        """The same time on another head."""
        return resign(sealed, head, self._signer, self._random)

    def say(self, body: Amendment | Tombstone, segment: str) -> tuple[Kind, bytes] | None:
        """The same said of another segment."""
        return resign_statement(body, segment, self._signer, self._aud, self._random)


class ChainReconciler:
    """Used by the uploading thread. Methods raise UploaderError: then nothing more may be sent of
    the contracts that are held.
    """

    def __init__(
        self,
        outbox: Outbox,
        client: MarketplaceClient,
        enrolment: Enrolment,
        resealing: DeviceResigner,
        now_ms: Callable[[], int],
    ) -> None:
        self._outbox = outbox
        self._client = client
        self._enrolment = enrolment
        self._resealing = resealing
        self._now_ms = now_ms
        self._compared = False
        self._anew_s = 0
        self._copied_ms: int | None = None

    def compare(self, me: Me) -> None:
        """Compare the marketplace's heads of this device with ours."""
        for head in me.heads:
            self._look_at(head)
        self._compared = True
        self._hold_fact()

    def after_upload(self, row: IndexRow, answer: SegmentResponse) -> None:
        """Look at what the marketplace said of a segment that it took: its head of the chain, and
        whether another copy of this folder used the number first.
        """
        if answer.head is not None:
            if answer.head.ctr == row.ctr and row.kid == self._enrolment.kid:
                self._look_at(answer.head)
        elif self._lost(row.ctr):
            for head in self._client.me().heads:
                self._look_at(head)
        self._hold_fact()

    def _look_at(self, head: ServerHead) -> None:
        sending, kid = self._outbox.sending, self._enrolment.kid
        ours, last = sending.at(head.ctr, head.seq, kid), sending.last(head.ctr)
        ahead = last is None or last.kid not in {kid, ""} or head.seq > last.seq
        other = ours is not None and ours.hash not in {head.h, ""}
        if ahead or other or self._lost(head.ctr):
            self._differs(head)
        elif sending.is_held(head.ctr):
            # The marketplace names a head of ours again.
            sending.release(head.ctr)

    def _lost(self, ctr: str) -> list[IndexRow]:
        """Segments that are unpaid for nothing but their number, and may be sealed anew."""
        sending = self._outbox.sending
        return [
            row
            for row in sending.lost_to_another(ctr, self._enrolment.kid)
            if not self._outbox.gives_back(row) and sending.times_anew(row) < MOST_ANEW
        ]

    def _differs(self, head: ServerHead) -> None:
        sending, kid = self._outbox.sending, self._enrolment.kid
        base = load_base(self._outbox.folder, head.ctr)
        unsent, lost = sending.unsent(head.ctr, kid), self._lost(head.ctr)
        known = base is not None and (base.kid, base.h) == (kid, head.h)
        if base is not None and known:
            unsent = [row for row in unsent if row.epoch < base.epoch]
            if not unsent and not lost and not sending.is_held(head.ctr):
                return
        sending.hold(head.ctr)
        data = self._client.segment(head.h)
        try:
            theirs = own_head(
                data, h=head.h, ctr=head.ctr, seq=head.seq, public=self._enrolment.public
            )
        except DiaryError as error:
            sending.hold(head.ctr, foreign=True)
            self._keep_foreign(head, data, error)
            return
        # What arrived without an answer is sent again as it is.
        rows = lost + [row for row in unsent if self._client.segment(row.hash) is None]
        if base is None or not known or lost:
            epochs = [theirs.segment.epoch, *(row.epoch for row in sending.epochs(head.ctr))]
            if base is not None:
                epochs.append(base.epoch)
            base = ChainBase(kid, max(epochs) + 1, head.seq + 1, head.h, theirs.segment.t1)
        rows.sort(key=lambda row: (row.epoch, row.seq))
        self._outbox.go_on(head.ctr, base, rows, self._resealing)
        self._tell(head, rows, lost)

    def _tell(self, head: ServerHead, rows: Sequence[IndexRow], lost: Sequence[IndexRow]) -> None:
        if not self._compared and not lost:
            self._outbox.report(Problem.RESTORED_BACKUP, f"{head.ctr} {head.seq}")
            return
        self._copied_ms = self._now_ms()
        self._anew_s += sum(row.t1 - row.t0 for row in rows)
        self._hold_fact()

    def _hold_fact(self) -> None:
        """A copy in use is told as long as it was met lately, with what it costs."""
        if self._copied_ms is None:
            return
        if self._now_ms() - self._copied_ms > _COPY_TOLD_MS:
            self._copied_ms, self._anew_s = None, 0
            self._outbox.book.clear(Problem.COPIED_FOLDER)
            return
        left = [
            row
            for row in self._outbox.sending.unpaid_rows()
            if {"E_FORK", "E_PREV"} & set(row.unpaying)
        ]
        self._outbox.book.hold(
            Problem.COPIED_FOLDER,
            seconds=self._anew_s,
            unpaid_s=sum(row.t1 - row.t0 for row in left),
        )

    def _keep_foreign(self, head: ServerHead, data: bytes | None, error: DiaryError) -> None:
        """Evidence of a head that is not ours: what was told, and what was shown for it."""
        record = {
            "v": 1,
            "kind": "foreign_head",
            "ctr": head.ctr,
            "seq": head.seq,
            "h": head.h,
            "at_ms": self._now_ms(),
            "from": "me",
            "shown": None if data is None else digest(data),
        }
        if data is not None:
            self._outbox.folder.write(f"{EVIDENCE}/{digest(data)}.sdjwt", data)
        about = f"{EVIDENCE}/head-{head.ctr}-{head.h}.json"
        if not self._outbox.folder.exists(about):
            self._outbox.folder.write(about, canonical(record))
        self._outbox.report(Problem.FOREIGN_HEAD, f"{head.ctr} {head.seq}: {error.detail}")
