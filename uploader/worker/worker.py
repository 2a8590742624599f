"""The two background threads: one uploads and refreshes the contracts, one fetches beacons.

Rules kept: nothing is sent before the handshake with the marketplace (`refresh`); an error becomes
a status and never ends a thread; the client may be offline for weeks; stopping takes at most two
seconds. `step` and `beacon_step` run one turn each and need no thread.
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
from uploader.worker.heartbeat import Heartbeat
from uploader.worker.lost_segments import LostSegmentRecovery
from uploader.worker.refresh import ServerSession
from uploader.worker.reviews import ReviewExchange
from uploader.worker.status import UploadStatus
from uploader.worker.uploads import UploadRunner, is_offline

_log = logging.getLogger(__name__)
_DISK_RETRY_S = 10.0
_DEFECT_RETRY_S = 60.0
_LONGEST_REST_S = 600.0
#: The user is asked for a new key this long before the picture times end (`docs/protocol.md` §3).
_RENEW_WEEKS = 8


@dataclass(frozen=True)
class WorkerTiming:
    """The clocks of the worker.

    `now_ms` is session time (Unix ms); `prove` receives each time that the log has signed (see
    `receipt_verifier`); `in_doubt` is whether clocks contradict each other, `time_refused` whether
    the marketplace's last time was refused. `real_delay` converts milliseconds of session time to
    real seconds, `monotonic` is in real seconds, `random` in [0, 1).
    """

    now_ms: Callable[[], int]
    prove: Callable[[int, int | None], None] = lambda *_: None
    in_doubt: Callable[[], bool] = lambda: False
    time_refused: Callable[[], bool] = lambda: False
    real_delay: Callable[[int], float] = lambda ms: ms / 1000
    monotonic: Callable[[], float] = time.monotonic
    random: Callable[[], float] = random.random


class UploadWorker:
    """Uploads sealed work and fetches contracts and beacons.

    `signer` is the device's key, which continues chains after a restored backup. `on_status`
    receives each changed status; `on_contracts` is called when contracts or terms have changed,
    `on_reviews` when questions or answers have; all on the worker's threads.
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
        on_reviews: Callable[[], None] = lambda: None,
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
        # Requests for a thread's next turn, and the events that begin it.
        self._retry_requested, self._refresh_requested, self._beacon_retry_requested = (
            threading.Event() for _ in range(3)
        )
        self._bell, self._beacon_bell = threading.Event(), threading.Event()
        self._threads: list[threading.Thread] = []
        self._status_lock = threading.Lock()  # guards the next
        self._status: UploadStatus | None = None
        self._beacons_refused: StoreError | None = None  # set by the beacon thread alone
        trust = TrustedLogKeys(membership.pinned, outbox.folder)
        history = LogHistory(outbox.folder, trust, timing.now_ms, outbox.report)
        verifier = ReceiptVerifier(
            trust,
            history,
            timing.now_ms,
            speed=membership.speed,
            prove=timing.prove,
            fetch_keys=client.log_keys,
            monotonic=timing.monotonic,
        )
        self._history = history
        self._doubt_handled = False  # this doubt about the log was compared at once
        self._consistency = ConsistencyChecker(
            history, client, monotonic=timing.monotonic, random=timing.random
        )
        resigner = DeviceResigner(signer, membership.aud, secrets.token_bytes)
        outbox.finish_resigning(resigner)
        reconciler = ChainReconciler(outbox, client, membership.enrolment, resigner, timing.now_ms)
        self._recovery = LostSegmentRecovery(
            outbox, client, verifier, membership.enrolment, timing.now_ms
        )
        self._reviews = ReviewExchange(
            outbox,
            client,
            verifier,
            membership.enrolment.sub,
            now_ms=timing.now_ms,
            monotonic=timing.monotonic,
            random=timing.random,
            on_change=on_reviews,
        )
        self._session = ServerSession(
            outbox,
            client,
            membership,
            membership.enrolment.sub,
            verifier,
            reconciler,
            EarlierStatements(outbox, client, verifier, membership.enrolment.sub),
            self._recovery,
            self._reviews,
            now_ms=timing.now_ms,
            monotonic=timing.monotonic,
            random=timing.random,
            on_contracts=on_contracts,
        )
        self._uploads = UploadRunner(
            outbox,
            client,
            verifier,
            reconciler,
            membership.enrolment.kid,
            now_ms=timing.now_ms,
            monotonic=timing.monotonic,
            random=timing.random,
            stopping=self._stopping.is_set,
        )
        #: Reports what is recorded; see `Heartbeat.recording`.
        self.heartbeat = Heartbeat(
            client, may_send=lambda: self._session.known is not None, random=timing.random
        )
        self._beacons = BeaconFetcher(
            outbox.cache,
            client,
            verifier,
            now_ms=timing.now_ms,
            in_doubt=timing.in_doubt,
            real_delay=timing.real_delay,
            monotonic=timing.monotonic,
            random=timing.random,
            learn_terms=self._session.fetch_contracts,
        )
        outbox.on_commit = self._committed

    # From any thread

    def start(self) -> None:
        """Start both threads, and that of the heartbeat."""
        turns = (
            ("uploads", self.step, self._bell),
            ("beacons", self.beacon_step, self._beacon_bell),
        )
        for name, turn, bell in turns:
            thread = threading.Thread(target=self._run, args=(turn, bell), name=name, daemon=True)
            self._threads.append(thread)
            thread.start()
        self.heartbeat.start()

    def wake(self) -> None:
        """Try everything now: the machine woke up, the network is back, or the user asked."""
        self._retry_requested.set()
        self._beacon_retry_requested.set()
        self._bell.set()
        self._beacon_bell.set()

    def refresh(self) -> None:
        """Fetch the contracts again."""
        self._refresh_requested.set()
        self._bell.set()

    def stop(self, timeout_s: float = 2.0) -> bool:
        """End the threads; returns whether they have ended. An interrupted request is repeated
        later with the same bytes.
        """
        self._stopping.set()
        self.heartbeat.stop()
        self._bell.set()
        self._beacon_bell.set()
        end = time.monotonic() + timeout_s
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def drain(self, seconds: float, wait: Callable[[float], object] | None = None) -> bool:
        """Send the queue on the caller's thread, after the others have ended. Returns whether
        everything is delivered; stops after so many real seconds, or if the marketplace cannot be
        reached. `wait` pauses for real seconds.
        """
        self._stopping.clear()
        self._retry_requested.set()
        monotonic = self._timing.monotonic
        end = monotonic() + seconds
        while True:
            pause = self.step()
            status = self.status
            if not status.waiting and self._session.known is not None:
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
        """The last published status."""
        with self._status_lock:
            return self._status or UploadStatus()

    # The uploading thread

    def step(self) -> float:
        """One turn: handshake, refresh, upload, status. Returns real seconds until the next."""
        if self._retry_requested.is_set():
            self._retry_requested.clear()
            self._session.refresh_now()
            self._uploads.retry_now()
            self._consistency.retry_now()
            self._reviews.retry_now()
        if self._refresh_requested.is_set():
            self._refresh_requested.clear()
            self._session.refresh_now()
        was_offline = self.status.offline
        self._check_key_expiry()
        try:
            pause = min(_LONGEST_REST_S, self._session.step())
            self._doubt_handled = self._doubt_handled and self._history.doubted
            if self._session.known is not None:
                self._beacons.spread = self._session.known.jitter_s > 0
                before = self._uploads.last_ok_ms
                due = self._uploads.run()
                pause = pause if due is None else min(pause, due)
                if self._session.problem is not None and self._uploads.last_ok_ms != before:
                    # The success shows that the marketplace is reachable again.
                    self._session.refresh_now()
                    pause = 0.0
                if self._uploads.unproven:
                    # Before anything else is sent, the marketplace's key is checked again.
                    self._uploads.unproven = False
                    self._session.start_over()
                    pause = 0.0
                if self._uploads.unsettled:
                    self._uploads.unsettled = False
                    self._session.refresh_now()
                later = [self._consistency.step()]
                if self._session.problem is None:
                    later.append(self._reviews.step())
                pause = min([pause, *(each for each in later if each is not None)])
                if self._history.doubted and not self._doubt_handled:
                    # The log may have lost leaves, as after a restored backup: compare now.
                    self._doubt_handled = True
                    self._session.refresh_now()
                    pause = 0.0
            self._publish_status()
        except StoreError as error:
            self._publish_status(error)
            return _DISK_RETRY_S
        if was_offline and not self.status.offline:
            self._beacon_retry_requested.set()
            self._beacon_bell.set()
        return pause

    def _check_key_expiry(self) -> None:
        """Warn in time: the picture times of an enrolment end after 56 weeks."""
        left_s = self._week0 + ANCHORS * WEEK - self._timing.now_ms() // 1000
        if left_s <= _RENEW_WEEKS * WEEK:
            self._outbox.report(Problem.KEY_ENDS_SOON, "")

    def _update_facts(self) -> None:
        """Set and clear the facts that the user sees while they hold."""
        self._recovery.update_fact()
        book, queue = self._outbox.incident_list, self._outbox.queue
        if self._timing.time_refused():
            book.hold(Problem.WRONG_SERVER_TIME)
        else:
            book.clear(Problem.WRONG_SERVER_TIME)
        week = week_of(self._timing.now_ms() // 1000)
        unpaid = [
            row
            for row in queue.unpaid_rows()
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
        """Whether the marketplace's present log is known to hold all receipted leaves."""
        contact = self._session
        return contact.known is not None and contact.problem is None and not self._history.doubted

    def _committed(self) -> None:
        """Upload a new segment, after a random delay within the marketplace's jitter."""
        known = self._session.known
        if known and known.jitter_s and self._outbox.queue.counts().waiting <= 1:
            self._uploads.hold_off(self._timing.random() * known.jitter_s)
        self._bell.set()

    def _publish_status(self, disk: StoreError | None = None) -> None:
        refused = disk or self._beacons_refused
        problem = refused or self._session.problem or self._uploads.problem
        if disk is None:
            self._update_facts()
            counts = self._outbox.queue.counts()
            status = UploadStatus(
                waiting=counts.waiting + self._outbox.waiting_statements(),
                refused=counts.refused,
                held=counts.held,
                damaged=counts.damaged,
            )
        else:
            status = self.status
        code = problem.code.value if problem else None
        if code is None and status.held and self._outbox.queue.any_foreign():
            code = Problem.FOREIGN_HEAD.value
        oks = [ms for ms in (self._session.last_ok_ms, self._uploads.last_ok_ms) if ms is not None]
        status = replace(
            status,
            last_ok_ms=max(oks, default=None),
            problem=code,
            detail=problem.detail if problem else "",
            offline=is_offline(problem),
            confirmed=self._is_confirmed(),
            unvouched=self._session.unvouched,
            notices=self._outbox.incidents(),
            facts=self._outbox.incident_list.facts(),
        )
        with self._status_lock:
            news = status != self._status
            self._status = status
        if news:
            self._on_status(status)

    # The beacon thread

    def beacon_step(self) -> float:
        """One turn of the beacon thread. Returns real seconds until the next."""
        if self._beacon_retry_requested.is_set():
            self._beacon_retry_requested.clear()
            self._beacons.retry_now()
        before = self._beacons.problem
        try:
            pause, fetched = self._beacons.step()
        except StoreError as error:
            # Shown while it lasts; the uploading thread publishes it.
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
        if fetched:
            if is_offline(before):
                # The network is back: uploads need not wait any longer.
                self._retry_requested.set()
            # Its checkpoint must be compared with the log.
            self._bell.set()
        return pause

    def _run(self, turn: Callable[[], float], bell: threading.Event) -> None:
        while not self._stopping.is_set():
            try:
                pause = turn()
            except Exception:  # noqa: BLE001 - a defect is logged, and the thread continues
                if self._stopping.is_set():
                    return
                _log.exception("a turn of an upload thread failed")
                pause = _DEFECT_RETRY_S
            bell.wait(pause)
            bell.clear()
