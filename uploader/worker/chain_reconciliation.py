"""Compares this device's chains with the marketplace's heads, and reconciles differences.

Rules kept (`docs/protocol.md` §6): a head that this device signed and that is not in this folder
shows that the folder is a backup, or that a copy of it is in use: nothing is overwritten, and the
chain continues after that head (`uploader.store.chain.rebase`). Time that is unpaid because of its
number is signed again, each interval at most `MAX_RESIGNS` times. A head that this device did not
sign is kept as evidence and reported, and nothing of the contract is sent.
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
from uploader.store.chain.rebase import (
    EVIDENCE,
    ChainBase,
    load_base,
    own_head,
    resign,
    resign_statement,
)
from uploader.store.index.rows import IndexRow
from uploader.store.outbox import Outbox
from uploader.store.statements import StatementKind

#: How often one interval may be delivered unpaid and signed again (`docs/protocol.md` §6).
MAX_RESIGNS = 16
#: A copy in use is shown until this long after its last trace (session ms).
_COPY_SHOWN_MS = DAY * 1000


class DeviceResigner:
    """See `uploader.store.chain_continuation.Resigner`."""

    def __init__(self, signer: Signer, aud: str, random: Callable[[int], bytes]) -> None:
        self._signer = signer
        self._aud = aud
        self._random = random

    def resign(self, sealed: SealedSegment, head: Head) -> bytes:
        """Seal the same time after another head."""
        return resign(sealed, head, self._signer, self._random)

    def resign_statement(
        self, body: Amendment | Tombstone, segment: str
    ) -> tuple[StatementKind, bytes] | None:
        """The same statement about another segment."""
        return resign_statement(body, segment, self._signer, self._aud, self._random)


class ChainReconciler:
    """Used by the uploading thread. Methods raise UploaderError; held contracts then stay held."""

    def __init__(
        self,
        outbox: Outbox,
        client: MarketplaceClient,
        enrolment: Enrolment,
        resigner: DeviceResigner,
        now_ms: Callable[[], int],
    ) -> None:
        self._outbox = outbox
        self._client = client
        self._enrolment = enrolment
        self._resigner = resigner
        self._now_ms = now_ms
        self._compared = False
        self._resigned_s = 0
        self._copied_ms: int | None = None

    def compare(self, me: Me) -> None:
        """Compare the marketplace's heads of this device with ours."""
        for head in me.heads:
            self._check_head(head)
        self._compared = True
        self._hold_fact()

    def after_upload(self, row: IndexRow, answer: SegmentResponse) -> None:
        """Check the response to an uploaded segment: the head of its chain, and whether a copy of
        this folder used the number first.
        """
        if answer.head is not None:
            if answer.head.ctr == row.ctr and row.kid == self._enrolment.kid:
                self._check_head(answer.head)
        elif self._lost(row.ctr):
            for head in self._client.me().heads:
                self._check_head(head)
        self._hold_fact()

    def _check_head(self, head: ServerHead) -> None:
        queue, kid = self._outbox.queue, self._enrolment.kid
        ours, last = queue.at(head.ctr, head.seq, kid), queue.last(head.ctr)
        ahead = last is None or last.kid not in {kid, ""} or head.seq > last.seq
        other = ours is not None and ours.hash not in {head.h, ""}
        if ahead or other or self._lost(head.ctr):
            self._reconcile(head)
        elif queue.is_held(head.ctr):
            # The marketplace's head is known here again.
            queue.release(head.ctr)

    def _lost(self, ctr: str) -> list[IndexRow]:
        """Segments that are unpaid only because of their number, and may be signed again."""
        queue = self._outbox.queue
        return [
            row
            for row in queue.lost_to_another(ctr, self._enrolment.kid)
            if not self._outbox.gives_back(row) and queue.resign_count(row) < MAX_RESIGNS
        ]

    def _reconcile(self, head: ServerHead) -> None:
        queue, kid = self._outbox.queue, self._enrolment.kid
        base = load_base(self._outbox.folder, head.ctr)
        unsent, lost = queue.unsent(head.ctr, kid), self._lost(head.ctr)
        known = base is not None and (base.kid, base.h) == (kid, head.h)
        if base is not None and known:
            unsent = [row for row in unsent if row.epoch < base.epoch]
            if not unsent and not lost and not queue.is_held(head.ctr):
                return
        queue.hold(head.ctr)
        data = self._client.segment(head.h)
        try:
            theirs = own_head(
                data, h=head.h, ctr=head.ctr, seq=head.seq, public=self._enrolment.public
            )
        except DiaryError as error:
            queue.hold(head.ctr, foreign=True)
            self._keep_foreign(head, data, error)
            return
        # A segment that arrived without a response is sent again as it is.
        rows = lost + [row for row in unsent if self._client.segment(row.hash) is None]
        if base is None or not known or lost:
            epochs = [theirs.segment.epoch, *(row.epoch for row in queue.epochs(head.ctr))]
            if base is not None:
                epochs.append(base.epoch)
            base = ChainBase(kid, max(epochs) + 1, head.seq + 1, head.h, theirs.segment.t1)
        rows.sort(key=lambda row: (row.epoch, row.seq))
        self._outbox.continue_chain(head.ctr, base, rows, self._resigner)
        self._report(head, rows, lost)

    def _report(self, head: ServerHead, rows: Sequence[IndexRow], lost: Sequence[IndexRow]) -> None:
        if not self._compared and not lost:
            self._outbox.report(Problem.RESTORED_BACKUP, f"{head.ctr} {head.seq}")
            return
        self._copied_ms = self._now_ms()
        self._resigned_s += sum(row.t1 - row.t0 for row in rows)
        self._hold_fact()

    def _hold_fact(self) -> None:
        """Hold the fact of a copy in use while its traces are recent, with its unpaid time."""
        if self._copied_ms is None:
            return
        if self._now_ms() - self._copied_ms > _COPY_SHOWN_MS:
            self._copied_ms, self._resigned_s = None, 0
            self._outbox.incident_list.clear(Problem.COPIED_FOLDER)
            return
        left = [
            row
            for row in self._outbox.queue.unpaid_rows()
            if {"E_FORK", "E_PREV"} & set(row.unpaying)
        ]
        self._outbox.incident_list.hold(
            Problem.COPIED_FOLDER,
            seconds=self._resigned_s,
            unpaid_s=sum(row.t1 - row.t0 for row in left),
        )

    def _keep_foreign(self, head: ServerHead, data: bytes | None, error: DiaryError) -> None:
        """Keep evidence of a head that this device did not sign, and of its segment."""
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
