"""Uploads the queue in batches: pictures first, then their segment, then statements about it.

Rules kept: up to three pictures are sent at once, segments one after the other, so that a chain
reaches the log in its order; a segment is sent when none of its pictures waits, and statements
about it after it; a receipt is verified before anything is marked as delivered; the marketplace's
head is compared after each segment; a failure never delays the rest (`failures`). The caller passes
the time in; nothing here sleeps.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from diary.core.findings import Code
from uploader.api.client import MarketplaceClient
from uploader.api.direct_uploads import PictureSender
from uploader.errors import Problem, RefusedError, StoreError, UploaderError
from uploader.log.receipt_verifier import ReceiptVerifier
from uploader.retry import Outcome, outcome_of
from uploader.store.index.rows import IndexRow
from uploader.store.outbox import Outbox
from uploader.store.statements import Statement, StatementKind
from uploader.worker.chain_reconciliation import ChainReconciler
from uploader.worker.failures import FailureTracker
from uploader.worker.pending_findings import PendingFindings
from uploader.worker.segment_uploads import SegmentSender
from uploader.worker.thread_pool import DaemonThreadPool

_BATCH = 8
#: The number of pictures that are sent before the segments of a lot, at most, with one segment.
_PICTURES_OF_A_LOT = 16
#: The marketplace's reason for a picture that was deleted.
_ERASED = "blob_erased"
_PICTURES_AT_ONCE = 3
#: The number of waiting segments to examine, and of due ones to sort, while storage is full.
_MANY, _MANY_DUE = 10_000, 64


@dataclass(frozen=True)
class _PictureUpload:
    """A picture to send, the segment and the contract that show it (empty without one), and the
    time of its capture (Unix ms; None if unknown).
    """

    sha: str
    segment: str = ""
    ctr: str = ""
    at_ms: int | None = None


class UploadRunner:
    """Sends what the outbox queues. Used by one thread.

    `kid` is the device that signs in; `monotonic` is in seconds, `now_ms` session time (Unix ms),
    `random` in [0, 1); `stopping` is checked between two requests. `unproven` is set after a
    response with a wrong proof; the caller resets it.
    """

    def __init__(
        self,
        outbox: Outbox,
        client: MarketplaceClient,
        verifier: ReceiptVerifier,
        reconciler: ChainReconciler,
        kid: str,
        *,
        now_ms: Callable[[], int],
        monotonic: Callable[[], float],
        random: Callable[[], float],
        stopping: Callable[[], bool] = lambda: False,
    ) -> None:
        self._outbox = outbox
        self._queue = outbox.queue
        self._statements = outbox.statements
        self._kid = kid
        self._client = client
        self._verifier = verifier
        self._now_ms = now_ms
        self._stopping = stopping
        self._pictures = PictureSender(client, monotonic)
        self._pool = DaemonThreadPool(_PICTURES_AT_ONCE, "pictures")
        self._failures = FailureTracker(monotonic, random)
        self._pending = PendingFindings(outbox.queue, client, monotonic, now_ms)
        self._segments = SegmentSender(
            outbox, client, verifier, reconciler, self._failures, self._pending,
            now_ms=now_ms, stopping=stopping, failed=self._failed,
            # The marketplace has attached the pictures to the contract: others have room now.
            passed=lambda key, ctr: self._passed(key, ctr, room=True),
        )  # fmt: skip
        self.unproven = False
        self.last_ok_ms: int | None = None

    @property
    def unsettled(self) -> bool:
        """Whether the marketplace's head differed and could not be reconciled; the caller resets
        it.
        """
        return self._segments.unsettled

    @unsettled.setter
    def unsettled(self, on: bool) -> None:
        self._segments.unsettled = on

    @property
    def problem(self) -> UploaderError | None:
        """The current error, of everything or of something that waits; a wrong proof first."""
        return self._failures.problem

    def close(self) -> None:
        """Let the picture threads end."""
        self._pool.close()
        self._pictures.close()

    def hold_off(self, seconds: float) -> None:
        """Send nothing for so many seconds, to spread the clients that all seal at a slot's end."""
        self._failures.hold_off(seconds)

    def retry_now(self) -> None:
        """End all waiting: the network is back, or the user asked."""
        self._failures.retry_now()

    def run(self) -> float | None:
        """Send a batch of due items.

        Returns the seconds until something is due again (0 if more is due now), None if nothing
        waits. Raises StoreError if the disk fails.
        """
        pause = self._failures.pause
        if pause > 0:
            return pause if self._anything() else None
        self._pending.ask()
        self._forget_removed()
        sent = self._late_pictures()
        self._send_retirements()
        rows, statements = self._due_rows(), self._due_statements()
        if not rows and not sent and not statements:
            return self._next_due()
        self._send_pictures([blob for row in rows for blob in self._pictures_of(row)])
        self._segments.send(rows)
        for statement in statements:
            if self._stopping() or self._failures.pause > 0:
                break
            # A later statement about the same subject waits for the earlier one.
            if statement.digest in self._first_statements() and self._failures.may_send(
                self._contract_of(statement)
            ):
                self._send_statement(statement)
        return 0.0

    # One item

    def _send_retirements(self) -> None:
        """Send the retirements of earlier devices of this folder first: without them the
        marketplace accepts nothing that those devices signed.
        """
        for statement in self._due_statements():
            if statement.kind is StatementKind.RETIRE and statement.signed.kid != self._kid:
                self._send_statement(statement)

    def _send_statement(self, statement: Statement) -> None:
        data = self._statements.read(statement)
        if data is None:
            self._failures.set_lost(statement.digest)
            return
        sent_ms = self._now_ms()
        form = statement.form
        try:
            answer = self._client.post_statement(form.folder, data, form.mime)
            logged = self._verifier.statement(
                answer.receipt,
                form.leaf,
                statement.digest,
                earliest_ms=sent_ms if answer.created else 0,
            )
        except StoreError:
            raise
        except UploaderError as error:
            if self._failed(statement.digest, self._contract_of(statement), error):
                self._outbox.statement_refused(statement, error.detail)
            return
        self._statements.done(statement, answer.receipt, logged.leaf.rt_ms)
        if any(f.code == Code.E_LATE for f in answer.findings):
            self._outbox.report(Problem.WEEK_LOCKED, statement.name)
        self._passed(statement.digest, self._contract_of(statement))

    def _send_pictures(self, wanted: Sequence[_PictureUpload]) -> None:
        once = {blob.sha: blob for blob in reversed(wanted)}
        due = [blob for blob in once.values() if self._failures.is_due(blob.sha)]
        # In small batches, so that a broken connection costs no more than three attempts.
        while due:
            due = [blob for blob in due if self._failures.may_send(blob.ctr)]
            if self._stopping() or self._failures.pause > 0:
                return
            if self._failures.is_full(None):
                return
            lot, due = due[:_PICTURES_AT_ONCE], due[_PICTURES_AT_ONCE:]
            for blob, error in self._pool.map(lot, self._send_picture):
                if error is None:
                    self._passed(blob.sha, blob.ctr)
                elif isinstance(error, StoreError):
                    raise error
                elif self._failed(blob.sha, blob.ctr, error):
                    self._queue.picture_refused(blob.sha, error.detail)
                elif outcome_of(error) is Outcome.NO_ROOM:
                    self._failures.set_full(None, blob.sha)

    def _pictures_of(
        self, row: IndexRow, shas: Sequence[str] | None = None
    ) -> list[_PictureUpload]:
        """The waiting pictures of a segment, or the given ones of it."""
        wanted = self._queue.pictures_of(row) if shas is None else shas
        if not wanted:
            return []
        taken = self._queue.taken_at(row)
        return [_PictureUpload(sha, row.hash, row.ctr, taken.get(sha)) for sha in wanted]

    def _send_picture(self, blob: _PictureUpload) -> None:
        """Send one picture; runs on a thread of the pool."""
        picture = self._queue.read_picture(blob.sha)
        if picture is None:
            return
        failed_before = self._failures.has_failed(blob.sha)
        if not (failed_before and self._client.has_blob(blob.sha)):
            try:
                self._pictures.put(blob.sha, picture.data, blob.at_ms)
            except RefusedError as error:
                if error.reason != _ERASED:
                    raise
                # It was deleted, and the deletion has not been fetched yet.
                self._outbox.picture_erased(blob.segment, blob.sha)
                return
        self._queue.picture_done(blob.sha)

    # Due items

    def _anything(self) -> bool:
        return bool(
            self._queue.waiting(1) or self._queue.late_pictures(1) or self._ready_statements()
        )

    def _ready_statements(self) -> list[Statement]:
        """The statements that may be sent: deletions and memos only after their segment."""
        return [
            statement
            for statement in self._statements.waiting()
            if self._outbox.may_send(statement)
        ]

    def _due_statements(self) -> list[Statement]:
        """The ready statements that are due, none before an earlier one about the same subject."""
        late: set[str] = set()
        due = []
        for statement in self._ready_statements():
            may_go = self._failures.may_send(self._contract_of(statement))
            if statement.about not in late and may_go and self._failures.is_due(statement.digest):
                due.append(statement)
            else:
                late.add(statement.about)
        return due[:_BATCH]

    def _first_statements(self) -> set[str]:
        """The first ready statement about each segment or device."""
        first: dict[str, str] = {}
        for statement in self._ready_statements():
            first.setdefault(statement.about, statement.digest)
        return set(first.values())

    def _contract_of(self, statement: Statement) -> str:
        """The contract of the segment that a statement is about; empty for one about a device."""
        row = self._outbox.row(statement.about)
        return "" if row is None else row.ctr

    def _forget_removed(self) -> None:
        """Forget the failures of items that were deleted, signed again or set aside."""
        if not self._failures.count:
            return
        live = {
            *self._queue.waiting_keys(),
            *(statement.digest for statement in self._statements.waiting()),
        }
        heads = {f"head {ctr}" for ctr in self._queue.chains() if self._queue.is_held(ctr)}
        self._failures.keep(live | heads)

    def _due_rows(self) -> list[IndexRow]:
        """The oldest due segments, none of them with a picture that must wait.

        No segment is sent before the marketplace's time has reached its end, as could happen after
        that clock was set back: a segment that ends after its receipt is not paid
        (E_AFTER_RECEIPT). Segments that failed before come last, so that a few that always fail do
        not delay the others.
        """
        full = self._failures.any_full
        late = self._failures.late_contracts()
        # Behind the segments of a full contract there may be many of others.
        most = _MANY if full else _MANY_DUE + self._failures.count
        rows = self._queue.waiting(most, without=late)
        due: list[tuple[int, IndexRow]] = []
        for row in rows:
            if len(due) == _MANY_DUE:
                break
            pictures = self._queue.pictures_of(row)
            if self._failures.is_full(row.ctr) or (pictures and self._failures.is_full(None)):
                continue
            keys = [row.hash, *pictures]
            over = row.t1 * 1000 <= self._now_ms()
            if over and all(self._failures.is_due(key) for key in keys):
                failed = sum(self._failures.attempts(key) for key in keys)
                due.append((failed, row))
        due.sort(key=lambda pair: pair[0])
        return self._lot([row for _, row in due])

    def _lot(self, rows: Sequence[IndexRow]) -> list[IndexRow]:
        """The first segments, as many as one request takes, with only a few waiting pictures."""
        lot: list[IndexRow] = []
        pictures = 0
        for row in rows:
            pictures += len(self._queue.pictures_of(row))
            if lot and pictures > _PICTURES_OF_A_LOT:
                break
            lot.append(row)
        return lot

    def _late_pictures(self) -> bool:
        """Send the pictures that the marketplace lacks; returns whether some were due."""
        if self._failures.is_full(None):
            return False
        shas = self._queue.late_pictures(_BATCH + self._failures.count)
        found = []
        for sha in shas:
            row = self._queue.shown_in(sha)
            found += [_PictureUpload(sha)] if row is None else self._pictures_of(row, [sha])
        due = [
            blob
            for blob in found
            if self._failures.is_due(blob.sha) and self._failures.may_send(blob.ctr)
        ]
        self._send_pictures(due)
        return bool(due)

    def _next_due(self) -> float | None:
        due = [self._pending.next_due(), self._failures.next_due() if self._anything() else None]
        return min((each for each in due if each is not None), default=None)

    # Results

    def _passed(self, key: str, ctr: str, *, room: bool = False) -> None:
        self._failures.passed(key, ctr, room=room)
        self.last_ok_ms = self._now_ms()

    def _failed(self, key: str, ctr: str, error: UploaderError) -> bool:
        """Note a failure; returns whether the item is to be set aside."""
        outcome = outcome_of(error)
        self.unproven |= outcome is Outcome.WRONG_PROOF
        if outcome in {Outcome.REFUSED, Outcome.NO_ROOM}:
            self.last_ok_ms = self._now_ms()  # the marketplace responded
        return self._failures.failed(key, ctr, error)


def is_offline(error: UploaderError | None) -> bool:
    """Whether the error means that the marketplace was not reached at all."""
    return error is not None and outcome_of(error) is Outcome.UNREACHED
