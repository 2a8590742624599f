"""One batch after another of what waits: pictures first, then their segment.

Rules kept: up to three pictures at once, segments one after the other, so that a chain reaches the
log in its order; a segment goes only when none of its pictures waits any more, and what is said
about it goes after it; a receipt is verified before anything is marked; the marketplace's head is
compared after each segment; what fails is tried again when the policy says so and never holds up
the rest: an item waits alone, a contract waits alone after a 429 or 503, and everything waits only
for a marketplace that is not reached. Time is the caller's, nothing here sleeps.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from diary.core.findings import Code
from uploader.api.client import MarketplaceClient
from uploader.errors import (
    NetworkError,
    Problem,
    ProofError,
    RefusedError,
    StoreError,
    UploaderError,
)
from uploader.log.receipt_verifier import ReceiptVerifier
from uploader.retry import LONGEST_ASKED_S, Outcome, Wait, decide, outcome_of
from uploader.store.index import IndexRow
from uploader.store.outbox import Outbox
from uploader.store.statements import Kind, Statement
from uploader.worker.chain_reconciliation import ChainReconciler
from uploader.worker.thread_pool import DaemonThreadPool

_BATCH = 8
#: The marketplace's reason for a picture that was deleted.
_ERASED = "blob_erased"
_PICTURES_AT_ONCE = 3
#: Waiting segments that are looked at, and due ones that are compared, where storage is full.
_MANY, _MANY_DUE = 10_000, 64
#: So many different items failing one after the other say that it is not the items.
_STRIKES = 3
#: HTTP 412: the marketplace does not hold a part that the segment was sent with.
_PARTS_MISSING = 412


@dataclass
class _Failures:
    """How often something failed, the earliest time (monotonic s) to try it again, and why."""

    attempts: int = 0
    not_before: float = 0.0
    error: UploaderError | None = None


@dataclass
class _Strikes:
    """Failures of different items in a row, without one success between them."""

    items: set[str] = field(default_factory=set)
    contracts: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class _Blob:
    """A picture to send, the segment and the contract that show it (empty if none does any more),
    and when it was taken (Unix ms; None if that is not known).
    """

    sha: str
    segment: str = ""
    ctr: str = ""
    at_ms: int | None = None


class UploadRunner:
    """The way out of a queue. Used by one thread.

    `kid` is the device that signs in; `monotonic` is in seconds, `now_ms` session time, `random`
    in [0, 1); `stopping` is asked between two requests. `unproven` is set when an answer proved
    not what it should, and `unsettled` when the marketplace's head differs and could not be
    followed yet; the caller resets both.
    """

    def __init__(
        self,
        outbox: Outbox,
        client: MarketplaceClient,
        witness: ReceiptVerifier,
        restoration: ChainReconciler,
        kid: str,
        *,
        now_ms: Callable[[], int],
        monotonic: Callable[[], float],
        random: Callable[[], float],
        stopping: Callable[[], bool] = lambda: False,
    ) -> None:
        self._outbox = outbox
        self._sending = outbox.sending
        self._deeds = outbox.deeds
        self._kid = kid
        self._client = client
        self._witness = witness
        self._restoration = restoration
        self._now_ms = now_ms
        self._monotonic = monotonic
        self._random = random
        self._stopping = stopping
        self._crew = DaemonThreadPool(_PICTURES_AT_ONCE, "pictures")
        self._items: dict[str, _Failures] = {}
        self._contracts: dict[str, _Failures] = {}
        self._everything = _Failures()
        self._strikes = _Strikes()
        #: The contracts whose storage is full, and until when (monotonic s) nothing of them is
        #: sent; under None, until when no picture is sent.
        self._full: dict[str | None, float] = {}
        self._no_room: UploaderError | None = None
        self.unproven = self.unsettled = False
        self.last_ok_ms: int | None = None

    @property
    def problem(self) -> UploaderError | None:
        """What is wrong now: with everything, or with something that waits. A wrong proof comes
        before anything else.
        """
        errors = [f.error for f in (*self._items.values(), *self._contracts.values())]
        if any(self._is_full(key) for key in self._full):
            errors.append(self._no_room)
        standing = [error for error in errors if error is not None]
        proofs = [error for error in standing if isinstance(error, ProofError)]
        return next(iter(proofs), self._everything.error or next(iter(standing), None))

    def close(self) -> None:
        """Let the picture threads end."""
        self._crew.close()

    def hold_off(self, seconds: float) -> None:
        """Begin nothing for so long: spreads the clients that all seal at the slot's end."""
        until = self._monotonic() + seconds
        self._everything.not_before = max(self._everything.not_before, until)

    def retry_now(self) -> None:
        """Forget all waiting: the network is back, or a person asked."""
        self._everything.not_before = 0.0
        self._full.clear()
        for failures in (*self._items.values(), *self._contracts.values()):
            failures.not_before = 0.0

    def run(self) -> float | None:
        """Send a batch of what is due.

        Returns seconds until something is due again (0 if more waits already), None if nothing
        waits. Raises StoreError if the disk refuses.
        """
        pause = self._everything.not_before - self._monotonic()
        if pause > 0:
            return pause if self._anything() else None
        self._forget_what_is_gone()
        sent = self._late_pictures()
        self._last_words()
        rows, deeds = self._due_rows(), self._due_deeds()
        if not rows and not sent and not deeds:
            return self._next_due()
        self._pictures([blob for row in rows for blob in self._blobs_of(row)])
        for row in rows:
            if self._stopping() or self._everything.not_before > self._monotonic():
                break
            # It may have been sealed anew meanwhile, behind another head.
            if self._may_go(row.ctr) and self._sending.may_go(row):
                self._segment(row)
        for deed in deeds:
            if self._stopping() or self._everything.not_before > self._monotonic():
                break
            # What was said later about the same waits for what was said before.
            if deed.digest in self._first_words() and self._may_go(self._contract_of(deed)):
                self._deed(deed)
        return 0.0

    # One item

    def _segment(self, row: IndexRow) -> None:
        data = self._sending.read(row)
        if data is None:
            return
        sent_ms = self._now_ms()
        try:
            parts = self._sending.parts_of(row, data)
            answer = self._client.put_segment(row.hash, data, parts)
            logged = self._witness.segment(
                answer.receipt, row.hash, sent_ms=sent_ms, created=answer.created, t1=row.t1
            )
        except StoreError:
            raise
        except UploaderError as error:
            if isinstance(error, RefusedError) and error.status == _PARTS_MISSING:
                # It lost a picture since it took it. Nothing was logged yet.
                self._sending.send_again(row)
            if self._failed(row.hash, row.ctr, error):
                self._sending.refused(row, error.detail)
            elif row.hash in self._items and outcome_of(error) is Outcome.NO_ROOM:
                # More of its pictures would take the room of other contracts.
                self._full[row.ctr] = self._items[row.hash].not_before
            return
        self._sending.done(
            row,
            answer.receipt,
            answer.findings,
            log_index=logged.index,
            rt_ms=logged.leaf.rt_ms,
        )
        # Its contract holds the pictures now: there is room for others that wait for a segment.
        self._full.pop(None, None)
        self._passed(row.hash, row.ctr)
        try:
            self._restoration.after_upload(row, answer)
        except StoreError:
            raise
        except UploaderError as error:
            # Nothing more of this contract goes until the heads could be compared.
            self.unsettled = True
            self._failed(f"head {row.ctr}", row.ctr, error)
        else:
            # Only now: what has to be sealed anew needs its parts.
            self._outbox.delivered(row)

    def _last_words(self) -> None:
        """Retirements of devices that were here before go ahead: without them, the marketplace
        does not take what those devices have signed.
        """
        for deed in self._due_deeds():
            if deed.kind is Kind.RETIRE and deed.signed.kid != self._kid:
                self._deed(deed)

    def _deed(self, deed: Statement) -> None:
        data = self._deeds.read(deed)
        if data is None:
            self._items[deed.digest] = _Failures(not_before=float("inf"))
            return
        sent_ms = self._now_ms()
        form = deed.form
        try:
            answer = self._client.post_statement(form.folder, data, form.mime)
            logged = self._witness.deed(
                answer.receipt,
                form.leaf,
                deed.digest,
                earliest_ms=sent_ms if answer.created else 0,
            )
        except StoreError:
            raise
        except UploaderError as error:
            if self._failed(deed.digest, self._contract_of(deed), error):
                self._outbox.unsaid(deed, error.detail)
            return
        self._deeds.done(deed, answer.receipt, logged.leaf.rt_ms)
        if any(f.code == Code.E_LATE for f in answer.findings):
            self._outbox.report(Problem.WEEK_LOCKED, deed.name)
        self._passed(deed.digest, self._contract_of(deed))

    def _pictures(self, wanted: Sequence[_Blob]) -> None:
        once = {blob.sha: blob for blob in reversed(wanted)}
        due = [blob for blob in once.values() if self._is_due(blob.sha)]
        # In small lots, so that a line that is down is found out with the first three.
        while due:
            due = [blob for blob in due if self._may_go(blob.ctr)]
            if self._stopping() or self._everything.not_before > self._monotonic():
                return
            if self._is_full(None):
                return
            lot, due = due[:_PICTURES_AT_ONCE], due[_PICTURES_AT_ONCE:]
            for blob, error in self._crew.map(lot, self._picture):
                if error is None:
                    self._passed(blob.sha, blob.ctr)
                elif isinstance(error, StoreError):
                    raise error
                elif self._failed(blob.sha, blob.ctr, error):
                    self._sending.picture_refused(blob.sha, error.detail)
                elif outcome_of(error) is Outcome.NO_ROOM:
                    self._full[None] = self._items[blob.sha].not_before

    def _blobs_of(self, row: IndexRow, shas: Sequence[str] | None = None) -> list[_Blob]:
        """The pictures of a segment that wait, or these of it."""
        wanted = self._sending.pictures_of(row) if shas is None else shas
        if not wanted:
            return []
        taken = self._sending.taken_at(row)
        return [_Blob(sha, row.hash, row.ctr, taken.get(sha)) for sha in wanted]

    def _picture(self, blob: _Blob) -> None:
        """Send one picture; runs on a thread of the crew."""
        picture = self._sending.read_picture(blob.sha)
        if picture is None:
            return
        failed_before = blob.sha in self._items
        if not (failed_before and self._client.has_blob(blob.sha)):
            try:
                self._client.put_blob(blob.sha, picture.data, blob.at_ms)
            except RefusedError as error:
                if error.reason != _ERASED:
                    raise
                # It was deleted, and this folder did not know it.
                self._outbox.picture_erased(blob.segment, blob.sha)
                return
        self._sending.picture_done(blob.sha)

    # What is due

    def _anything(self) -> bool:
        return bool(
            self._sending.waiting(1) or self._sending.late_pictures(1) or self._ready_deeds()
        )

    def _ready_deeds(self) -> list[Statement]:
        """What may go: a deletion or another memo goes after its segment."""
        return [deed for deed in self._deeds.waiting() if self._outbox.may_send(deed)]

    def _due_deeds(self) -> list[Statement]:
        """What may go and is due, and nothing behind an earlier word about the same that is not."""
        late: set[str] = set()
        due = []
        for deed in self._ready_deeds():
            may_go = self._may_go(self._contract_of(deed))
            if deed.about not in late and may_go and self._is_due(deed.digest):
                due.append(deed)
            else:
                late.add(deed.about)
        return due[:_BATCH]

    def _first_words(self) -> set[str]:
        """Of what may go, the first word about each segment or device."""
        first: dict[str, str] = {}
        for deed in self._ready_deeds():
            first.setdefault(deed.about, deed.digest)
        return set(first.values())

    def _is_due(self, key: str) -> bool:
        failures = self._items.get(key)
        return failures is None or failures.not_before <= self._monotonic()

    def _may_go(self, ctr: str) -> bool:
        """Whether the marketplace has not asked for patience with this contract."""
        failures = self._contracts.get(ctr)
        return failures is None or failures.not_before <= self._monotonic()

    def _contract_of(self, deed: Statement) -> str:
        """The contract of the segment that a deed speaks of; empty for one about a device."""
        row = self._outbox.row(deed.about)
        return "" if row is None else row.ctr

    def _forget_what_is_gone(self) -> None:
        """What was deleted, sealed anew or set aside has no failures any more."""
        if not self._items:
            return
        live = {*self._sending.waiting_keys(), *(deed.digest for deed in self._deeds.waiting())}
        heads = {f"head {ctr}" for ctr in self._sending.chains() if self._sending.is_held(ctr)}
        self._items = {k: f for k, f in self._items.items() if k in live or k in heads}

    def _due_rows(self) -> list[IndexRow]:
        """The oldest segments that are due, and none whose picture has still to be waited for.

        None goes before the marketplace's time has reached its end, as it would where that clock
        was set back: what ends after its receipt is not paid (E_AFTER_RECEIPT).

        What failed before comes after what did not, so that a few that always fail cannot keep
        using up the patience for all.
        """
        full = any(self._is_full(key) for key in self._full)
        late = [ctr for ctr in self._contracts if not self._may_go(ctr)]
        # Where one contract is full, those of others may lie far behind it.
        most = _MANY if full else _BATCH + len(self._items)
        rows = self._sending.waiting(most, without=late)
        due: list[tuple[int, IndexRow]] = []
        for row in rows:
            if len(due) == _MANY_DUE:
                break
            pictures = self._sending.pictures_of(row)
            if self._is_full(row.ctr) or (pictures and self._is_full(None)):
                continue
            keys = [row.hash, *pictures]
            over = row.t1 * 1000 <= self._now_ms()
            if over and all(self._is_due(key) for key in keys):
                failed = sum(self._items[key].attempts for key in keys if key in self._items)
                due.append((failed, row))
        due.sort(key=lambda pair: pair[0])
        return [row for _, row in due[:_BATCH]]

    def _is_full(self, key: str | None) -> bool:
        return self._full.get(key, 0.0) > self._monotonic()

    def _late_pictures(self) -> bool:
        """Pictures that the marketplace found missing; whether some were due."""
        if self._is_full(None):
            return False
        shas = self._sending.late_pictures(_BATCH + len(self._items))
        found = []
        for sha in shas:
            row = self._sending.shown_in(sha)
            found += [_Blob(sha)] if row is None else self._blobs_of(row, [sha])
        due = [blob for blob in found if self._is_due(blob.sha) and self._may_go(blob.ctr)]
        self._pictures(due)
        return bool(due)

    def _next_due(self) -> float | None:
        if not self._anything():
            return None
        now = self._monotonic()
        failures = (*self._items.values(), *self._contracts.values())
        times = [*(f.not_before for f in failures), *self._full.values()]
        later = [time for time in times if time > now]
        return max(0.0, min(later, default=now + 1.0) - now)

    # What became of it

    def _passed(self, key: str, ctr: str) -> None:
        self._items.pop(key, None)
        self._contracts.pop(ctr, None)
        self._everything = _Failures()
        self._strikes = _Strikes()
        self.last_ok_ms = self._now_ms()

    def _failed(self, key: str, ctr: str, error: UploaderError) -> bool:
        """Note a failure; returns whether the item is to be set aside."""
        outcome = outcome_of(error)
        if outcome is Outcome.REFUSED:
            self._items.pop(key, None)
            self._strikes = _Strikes()
            self.last_ok_ms = self._now_ms()  # it was reached, and it answered
            return True
        item = self._items.setdefault(key, _Failures())
        item.attempts += 1
        if outcome is Outcome.NO_ROOM:
            self._no_room = error
            self._strikes = _Strikes()
            self.last_ok_ms = self._now_ms()
            item.not_before = self._after(outcome, item.attempts, error)
            return False
        item.error = error
        self.unproven |= outcome is Outcome.WRONG_PROOF
        whole = self._whole_of(outcome, key, ctr)
        if whole is None:
            item.not_before = self._after(outcome, item.attempts, error)
            return False
        whole.attempts += 1
        whole.error = error
        whole.not_before = self._after(outcome, whole.attempts, error)
        if outcome in {Outcome.TROUBLE, Outcome.WRONG_PROOF}:
            # It may be the item after all: it takes its turn again after the others.
            item.not_before = whole.not_before
        else:
            del self._items[key]
        return False

    def _whole_of(self, outcome: Outcome, key: str, ctr: str) -> _Failures | None:
        """What has to wait with an item: everything, its contract, or (None) nothing else."""
        if outcome in {Outcome.UNREACHED, Outcome.LOCKED_OUT}:
            return self._everything
        if outcome is Outcome.BUSY:
            return self._contracts.setdefault(ctr, _Failures())
        self._strikes.items.add(key)
        self._strikes.contracts.add(ctr)
        if len(self._strikes.items) < _STRIKES:
            return None
        if len(self._strikes.contracts) > 1:
            return self._everything
        return self._contracts.setdefault(ctr, _Failures())

    def _after(self, outcome: Outcome, attempts: int, error: UploaderError) -> float:
        """The time (monotonic s) before which it is not tried again."""
        retry_after = error.retry_after_s if isinstance(error, NetworkError) else None
        step = decide(outcome, attempts, retry_after, self._random())
        # What only a person can clear up may be cleared up elsewhere, so not for ever.
        seconds = step.seconds if isinstance(step, Wait) else LONGEST_ASKED_S
        return self._monotonic() + seconds


def is_offline(error: UploaderError | None) -> bool:
    """Whether the error says that the marketplace was not reached at all."""
    return error is not None and outcome_of(error) is Outcome.UNREACHED
