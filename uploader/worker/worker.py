"""The threads of the way out: one uploads and keeps contracts, one keeps beacons.

Rules kept: nothing is sent before the marketplace was greeted (`refresh`); every trouble
becomes a status, never a dead thread; to be offline for weeks is normal; ending takes two seconds
at most. `step` and `beacon_step` are one turn each and can be driven without threads.
"""

from __future__ import annotations

import logging
import random
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from diary.core.signer import Signer
from diary.core.slots import WEEK, week_of
from diary.objects.picture_times import ANCHORS
from uploader.account.membership import Membership
from uploader.api.client import MarketplaceClient
from uploader.errors import Problem, ProofError, StoreError
from uploader.log.consistency import LogHistory
from uploader.log.consistency_checker import ConsistencyChecker
from uploader.log.receipt_verifier import ReceiptVerifier
from uploader.log.trusted_keys import TrustedLogKeys
from uploader.store.outbox import Outbox
from uploader.worker.beacons import BeaconFetcher
from uploader.worker.chain_reconciliation import ChainReconciler, DeviceResigner
from uploader.worker.earlier_statements import EarlierStatements
from uploader.worker.lost_segments import LostSegmentRecovery
from uploader.worker.refresh import ServerSession
from uploader.worker.status import UploadStatus
from uploader.worker.uploads import UploadRunner, is_offline

_log = logging.getLogger(__name__)
_DISK_RETRY_S = 10.0
_DEFECT_RETRY_S = 60.0
_LONGEST_REST_S = 600.0
#: A key is renewed so long before its moments end (`docs/protocol.md` §3).
_RENEW_WEEKS = 8


@dataclass(frozen=True)
class WorkerTiming:
    """The clocks of the worker.

    `now_ms` is session time (Unix ms); `prove` is told each time that the log has signed (see
    `receipt_verifier`), `in_doubt` whether clocks contradict each other, `time_refused` whether
    the last time that the marketplace reported was refused. `real_delay` turns milliseconds
    of session time into real seconds, `monotonic` is in real seconds, `random` in [0, 1).
    """

    now_ms: Callable[[], int]
    prove: Callable[[int, int | None], None] = lambda *_: None
    in_doubt: Callable[[], bool] = lambda: False
    time_refused: Callable[[], bool] = lambda: False
    real_delay: Callable[[int], float] = lambda ms: ms / 1000
    monotonic: Callable[[], float] = time.monotonic
    random: Callable[[], float] = random.random


class UploadWorker:
    """Uploads what is sealed and fetches what work needs.

    `signer` is the device's key, by which a chain goes on that a backup has cut off. `on_status`
    gets each changed status, and `on_contracts` is called when contracts or terms have changed,
    both from the worker's own threads.
    """

    def __init__(
        self,
        outbox: Outbox,
        client: MarketplaceClient,
        membership: Membership,
        timing: WorkerTiming,
        signer: Signer,
        *,
        on_status: Callable[[UploadStatus], None] = lambda _: None,
        on_contracts: Callable[[], None] = lambda: None,
    ) -> None:
        """Raises StoreError(NOT_ENROLLED) without an enrolment."""
        if membership.enrolment is None:
            raise StoreError(Problem.NOT_ENROLLED)
        self._outbox = outbox
        self._client = client
        self._timing = timing
        self._week0 = membership.enrolment.week0
        self._on_status = on_status
        self._stopping = threading.Event()
        # What a thread is asked to do at its next turn, and the bells that begin it.
        self._hurry, self._refresh, self._beacon_hurry = (threading.Event() for _ in range(3))
        self._bell, self._beacon_bell = threading.Event(), threading.Event()
        self._threads: list[threading.Thread] = []
        self._status_lock = threading.Lock()  # guards the next
        self._status: UploadStatus | None = None
        self._beacons_refused: StoreError | None = None  # set by the beacon thread alone
        trust = TrustedLogKeys(membership.pinned, outbox.folder)
        history = LogHistory(outbox.folder, trust, timing.now_ms, outbox.report)
        witness = ReceiptVerifier(
            trust,
            history,
            timing.now_ms,
            speed=membership.speed,
            prove=timing.prove,
            fetch_keys=client.log_keys,
            monotonic=timing.monotonic,
        )
        self._history = history
        self._heeded = False  # a doubt about the log has been answered by a comparison at once
        self._watch = ConsistencyChecker(
            history, client, monotonic=timing.monotonic, random=timing.random
        )
        resealing = DeviceResigner(signer, membership.aud, secrets.token_bytes)
        outbox.finish_resealing(resealing)
        restoration = ChainReconciler(
            outbox, client, membership.enrolment, resealing, timing.now_ms
        )
        self._losses = LostSegmentRecovery(
            outbox, client, witness, membership.enrolment, timing.now_ms
        )
        self._contact = ServerSession(
            outbox,
            client,
            membership,
            membership.enrolment.sub,
            witness,
            restoration,
            EarlierStatements(outbox, client, witness, membership.enrolment.sub),
            self._losses,
            now_ms=timing.now_ms,
            monotonic=timing.monotonic,
            random=timing.random,
            on_contracts=on_contracts,
        )
        self._uploads = UploadRunner(
            outbox,
            client,
            witness,
            restoration,
            membership.enrolment.kid,
            now_ms=timing.now_ms,
            monotonic=timing.monotonic,
            random=timing.random,
            stopping=self._stopping.is_set,
        )
        self._beacons = BeaconFetcher(
            outbox.shelf,
            client,
            witness,
            now_ms=timing.now_ms,
            in_doubt=timing.in_doubt,
            real_delay=timing.real_delay,
            monotonic=timing.monotonic,
            random=timing.random,
            learn_terms=self._contact.fetch_contracts,
        )
        outbox.on_commit = self._committed

    # From any thread

    def start(self) -> None:
        """Start both threads."""
        turns = (
            ("uploads", self.step, self._bell),
            ("beacons", self.beacon_step, self._beacon_bell),
        )
        for name, turn, bell in turns:
            thread = threading.Thread(target=self._run, args=(turn, bell), name=name, daemon=True)
            self._threads.append(thread)
            thread.start()

    def wake(self) -> None:
        """Try everything now: the machine woke up, the network is back, or a person asked."""
        self._hurry.set()
        self._beacon_hurry.set()
        self._bell.set()
        self._beacon_bell.set()

    def refresh(self) -> None:
        """Ask for the contracts again."""
        self._refresh.set()
        self._bell.set()

    def stop(self, timeout_s: float = 2.0) -> bool:
        """End the threads; returns whether they have ended. What is under way is left: it is sent
        again, with the same bytes, another time.
        """
        self._stopping.set()
        self._bell.set()
        self._beacon_bell.set()
        end = time.monotonic() + timeout_s
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def drain(self, seconds: float, wait: Callable[[float], object] | None = None) -> bool:
        """Send what waits, on the caller's thread; the others must have ended. Returns whether
        everything is delivered; gives up when it is not within so many real seconds, or when the
        marketplace cannot be reached. `wait` pauses for real seconds.
        """
        self._stopping.clear()
        self._hurry.set()
        monotonic = self._timing.monotonic
        end = monotonic() + seconds
        while True:
            pause = self.step()
            status = self.status
            if not status.waiting and self._contact.known is not None:
                return True
            if status.offline or monotonic() + pause >= end:
                return False
            (wait or self._bell.wait)(pause)
            self._bell.clear()

    def close(self, timeout_s: float = 2.0) -> None:
        """Stop, and close the connections."""
        self.stop(timeout_s)
        self._uploads.close()
        self._client.close()

    @property
    def status(self) -> UploadStatus:
        """The last status told."""
        with self._status_lock:
            return self._status or UploadStatus()

    # The uploading thread

    def step(self) -> float:
        """One turn: greet, refresh, upload, tell. Returns real seconds until the next."""
        if self._hurry.is_set():
            self._hurry.clear()
            self._contact.is_due()
            self._uploads.retry_now()
            self._watch.retry_now()
        if self._refresh.is_set():
            self._refresh.clear()
            self._contact.is_due()
        was_offline = self.status.offline
        self._look_at_the_key()
        try:
            pause = min(_LONGEST_REST_S, self._contact.step())
            self._heeded = self._heeded and self._history.doubted
            if self._contact.known is not None:
                self._beacons.spread = self._contact.known.jitter_s > 0
                before = self._uploads.last_ok_ms
                due = self._uploads.run()
                pause = pause if due is None else min(pause, due)
                if self._contact.problem is not None and self._uploads.last_ok_ms != before:
                    # What went out shows that the marketplace is back.
                    self._contact.is_due()
                    pause = 0.0
                if self._uploads.unproven:
                    # Before anything else is sent, the marketplace shows its key again.
                    self._uploads.unproven = False
                    self._contact.start_over()
                    pause = 0.0
                if self._uploads.unsettled:
                    self._uploads.unsettled = False
                    self._contact.is_due()
                later = self._watch.step()
                pause = pause if later is None else min(pause, later)
                if self._history.doubted and not self._heeded:
                    # The log may have lost leaves, as after a restored backup: compare now.
                    self._heeded = True
                    self._contact.is_due()
                    pause = 0.0
            self._tell()
        except StoreError as error:
            self._tell(error)
            return _DISK_RETRY_S
        if was_offline and not self.status.offline:
            self._beacon_hurry.set()
            self._beacon_bell.set()
        return pause

    def _look_at_the_key(self) -> None:
        """The moments of an enrolment end after 56 weeks: say so in time."""
        left_s = self._week0 + ANCHORS * WEEK - self._timing.now_ms() // 1000
        if left_s <= _RENEW_WEEKS * WEEK:
            self._outbox.report(Problem.KEY_ENDS_SOON, "")

    def _look_at_facts(self) -> None:
        """Facts that a person should know as long as they hold."""
        self._losses.tell()
        book, sending = self._outbox.book, self._outbox.sending
        if self._timing.time_refused():
            book.hold(Problem.WRONG_SERVER_TIME)
        else:
            book.clear(Problem.WRONG_SERVER_TIME)
        week = week_of(self._timing.now_ms() // 1000)
        unpaid = [
            row
            for row in sending.unpaid_rows()
            if week <= row.t0 < week + WEEK and not self._outbox.gives_back(row)
        ]
        if unpaid:
            book.hold(Problem.UNPAID_WORK, seconds=sum(row.t1 - row.t0 for row in unpaid))
        else:
            book.clear(Problem.UNPAID_WORK)
        refused = self._outbox.refused_details()
        if refused:
            book.hold(Problem.REFUSED, refused[0], count=len(refused))
        else:
            book.clear(Problem.REFUSED)

    def _is_confirmed(self) -> bool:
        """Whether the marketplace's present log was seen to hold what it has receipted."""
        contact = self._contact
        return contact.known is not None and contact.problem is None and not self._history.doubted

    def _committed(self) -> None:
        """A segment was sealed: out with it, spread by the marketplace's jitter."""
        known = self._contact.known
        if known and known.jitter_s and self._outbox.sending.counts().waiting <= 1:
            self._uploads.hold_off(self._timing.random() * known.jitter_s)
        self._bell.set()

    def _tell(self, disk: StoreError | None = None) -> None:
        refused = disk or self._beacons_refused
        problem = refused or self._contact.problem or self._uploads.problem
        if disk is None:
            self._look_at_facts()
            counts = self._outbox.sending.counts()
            status = UploadStatus(
                waiting=counts.waiting + self._outbox.waiting_statements(),
                refused=counts.refused,
                held=counts.held,
                damaged=counts.damaged,
            )
        else:
            status = self.status
        code = problem.code.value if problem else None
        if code is None and status.held and self._outbox.sending.any_foreign():
            code = Problem.FOREIGN_HEAD.value
        oks = [ms for ms in (self._contact.last_ok_ms, self._uploads.last_ok_ms) if ms is not None]
        status = replace(
            status,
            last_ok_ms=max(oks, default=None),
            problem=code,
            detail=problem.detail if problem else "",
            offline=is_offline(problem),
            confirmed=self._is_confirmed(),
            unvouched=self._contact.unvouched,
            notices=self._outbox.incidents(),
            facts=self._outbox.book.facts(),
        )
        with self._status_lock:
            news = status != self._status
            self._status = status
        if news:
            self._on_status(status)

    # The beacon thread

    def beacon_step(self) -> float:
        """One turn of the beacons. Returns real seconds until the next look."""
        if self._beacon_hurry.is_set():
            self._beacon_hurry.clear()
            self._beacons.retry_now()
        before = self._beacons.problem
        try:
            pause, came = self._beacons.step()
        except StoreError as error:
            # Shown as long as it lasts: the uploading thread tells it.
            self._beacons_refused = error
            self._bell.set()
            return _DISK_RETRY_S
        if self._beacons_refused is not None:
            self._beacons_refused = None
            self._bell.set()
        problem = self._beacons.problem
        if isinstance(problem, ProofError) and problem is not before:
            self._outbox.report(problem.code, problem.detail)
            self._bell.set()
        if came:
            if is_offline(before):
                # The network is back: uploads need not wait any longer.
                self._hurry.set()
            # What the log has said in it is owed a comparison.
            self._bell.set()
        return pause

    def _run(self, turn: Callable[[], float], bell: threading.Event) -> None:
        while not self._stopping.is_set():
            try:
                pause = turn()
            except Exception:  # noqa: BLE001 - a defect of ours is said, and the work goes on
                if self._stopping.is_set():
                    return
                _log.exception("a turn of the way out met a defect")
                pause = _DEFECT_RETRY_S
            bell.wait(pause)
            bell.clear()
