"""Sends segments: those of one chain in one request if several are due.

Rules kept: the marketplace's response to a batch only accepts segments; the first one that it
refuses is sent again by itself, so that its own response decides. A receipt is verified before a
segment is marked as delivered. The marketplace's head is compared after all of them are marked,
since a reconciliation signs undelivered segments again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from uploader.api.batch import MAX_BYTES, MAX_SEGMENTS, SegmentUpload, put_segments
from uploader.api.client import MarketplaceClient
from uploader.api.responses import SegmentResponse
from uploader.errors import RefusedError, StoreError, UploaderError
from uploader.log.receipt_verifier import ReceiptVerifier
from uploader.retry import Outcome, outcome_of
from uploader.store.index.rows import IndexRow
from uploader.store.outbox import Outbox
from uploader.worker.chain_reconciliation import ChainReconciler
from uploader.worker.failures import FailureTracker
from uploader.worker.pending_findings import PendingFindings

#: Segments of one chain that are sent together, at least: single ones get their findings at once.
FEWEST = 4
#: HTTP 412: the marketplace does not hold a part that the segment was sent with.
_PARTS_MISSING = 412
#: Answers of a marketplace that takes no batches.
_NO_BATCHES = frozenset({404, 405})


class SegmentSender:
    """Used by the uploading thread. `failed(key, ctr, error)` notes a failure and returns whether
    the item is to be set aside; `passed(key, ctr)` notes a success. `unsettled` is set when the
    marketplace's head differs and could not be reconciled yet.
    """

    def __init__(
        self,
        outbox: Outbox,
        client: MarketplaceClient,
        verifier: ReceiptVerifier,
        reconciler: ChainReconciler,
        failures: FailureTracker,
        pending: PendingFindings,
        *,
        now_ms: Callable[[], int],
        stopping: Callable[[], bool],
        failed: Callable[[str, str, UploaderError], bool],
        passed: Callable[[str, str], None],
    ) -> None:
        self._outbox = outbox
        self._queue = outbox.queue
        self._client = client
        self._verifier = verifier
        self._reconciler = reconciler
        self._failures = failures
        self._pending = pending
        self._now_ms = now_ms
        self._stopping = stopping
        self._failed = failed
        self._passed = passed
        #: Whether the marketplace takes batches, and whether it takes the present chain's.
        self._takes_batches = self._together = True
        self.unsettled = False

    def send(self, rows: Sequence[IndexRow]) -> None:
        """Send segments whose pictures have been sent. Raises StoreError."""
        chains: dict[tuple[str, str], list[IndexRow]] = {}
        for row in rows:
            chains.setdefault((row.kid, row.ctr), []).append(row)
        for chain in chains.values():
            rest = chain
            self._together = self._takes_batches
            while rest:
                done = 0
                if self._may_go(rest[0]):
                    if self._together and len(rest) >= FEWEST:
                        done = self._send_batch(rest)
                    if not done:
                        self._send_one(rest[0])
                rest = rest[done or 1 :]

    def _may_go(self, row: IndexRow) -> bool:
        """Whether it may be sent now: it may have been signed again meanwhile, behind another
        head.
        """
        may = not self._stopping() and self._failures.pause <= 0
        return may and self._failures.may_send(row.ctr) and self._queue.may_go(row)

    def _send_one(self, row: IndexRow) -> None:
        data = self._queue.read(row)
        if data is None:
            return
        sent_ms = self._now_ms()
        try:
            answer = self._client.put_segment(row.hash, data, self._queue.parts_of(row, data))
            self._deliver(row, answer, sent_ms)
        except StoreError:
            raise
        except UploaderError as error:
            self._refused(row, error)
        else:
            self._settle([row], answer)

    def _send_batch(self, rows: Sequence[IndexRow]) -> int:
        """Send the first of these segments together. Returns for how many nothing more is to be
        done now: those that were accepted, or all if the marketplace did not answer.
        """
        lot, uploads = [], []
        size = 0
        for row in rows[:MAX_SEGMENTS]:
            data = self._queue.read(row) if self._may_go(row) else None
            if data is None or not data.isascii() or size + len(data) > MAX_BYTES:
                break
            size += len(data)
            lot.append(row)
            uploads.append(SegmentUpload(row.hash, data, self._queue.parts_of(row, data)))
        if len(lot) < FEWEST:
            return 0
        sent_ms = self._now_ms()
        try:
            answers = put_segments(self._client, uploads)
        except StoreError:
            raise
        except UploaderError as error:
            if outcome_of(error) in {Outcome.UNREACHED, Outcome.BUSY, Outcome.LOCKED_OUT}:
                self._failed(lot[0].hash, lot[0].ctr, error)
                return len(rows)
            # One of them may be the reason: the response to each by itself decides.
            self._together = False
            if isinstance(error, RefusedError) and error.status in _NO_BATCHES:
                self._takes_batches = False
            return 0
        delivered = []
        for row, answer in zip(lot, answers, strict=False):
            try:
                self._deliver(row, answer, sent_ms)
            except StoreError:
                raise
            except UploaderError as error:
                self._refused(row, error)
                break
            delivered.append(row)
        if delivered:
            self._settle(delivered, answers[len(delivered) - 1])
        wrong = len(delivered) < len(answers)
        return len(rows) if wrong else len(delivered)

    def _deliver(self, row: IndexRow, answer: SegmentResponse, sent_ms: int) -> None:
        """Verify the receipt, and mark the segment as delivered. Raises ProofError."""
        logged = self._verifier.segment(
            answer.receipt, row.hash, sent_ms=sent_ms, created=answer.created, t1=row.t1
        )
        self._queue.done(
            row,
            answer.receipt,
            answer.findings,
            log_index=logged.index,
            rt_ms=logged.leaf.rt_ms,
            pending=answer.pending,
        )
        if answer.pending:
            self._pending.add([row.hash])
        self._pending.received(answer.earlier)
        self._passed(row.hash, row.ctr)

    def _settle(self, rows: Sequence[IndexRow], answer: SegmentResponse) -> None:
        """Compare the head of the chain after its delivered segments; `answer` is the last one."""
        row = rows[-1]
        try:
            self._reconciler.after_upload(row, answer)
        except StoreError:
            raise
        except UploaderError as error:
            # The contract waits until the heads could be compared.
            self.unsettled = True
            self._failed(f"head {row.ctr}", row.ctr, error)
        else:
            for each in rows:
                # Only now: signing it again would have needed its parts.
                self._outbox.delivered(each)

    def _refused(self, row: IndexRow, error: UploaderError) -> None:
        if isinstance(error, RefusedError) and error.status == _PARTS_MISSING:
            # The marketplace lost a picture after storing it, and has logged nothing yet.
            self._queue.send_again(row)
        if self._failed(row.hash, row.ctr, error):
            self._queue.refused(row, error.detail)
        elif self._failures.has_failed(row.hash) and outcome_of(error) is Outcome.NO_ROOM:
            # Further pictures would use the room of other contracts.
            self._failures.set_full(row.ctr, row.hash)
