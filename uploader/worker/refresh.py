"""The session with the marketplace: handshake, comparison and refresh of the contracts.

Rules kept (`docs/protocol.md` §6): before anything is sent, the marketplace's key is compared with
the pinned one and its heads with ours (`uploader.worker.chain_reconciliation`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from diary.core.day_bounds import day_bounds
from uploader.account.membership import Membership, check_pinned
from uploader.api.client import MarketplaceClient
from uploader.api.responses import Me, UnconfirmedDevice, WellKnown
from uploader.errors import NetworkError, ProofError, StoreError, UploaderError
from uploader.log.receipt_verifier import ReceiptVerifier
from uploader.retry import LONGEST_ASKED_S, Wait, decide, outcome_of
from uploader.store.contract_cache import CachedContract
from uploader.store.outbox import Outbox
from uploader.worker.chain_reconciliation import ChainReconciler
from uploader.worker.earlier_statements import EarlierStatements
from uploader.worker.lost_segments import LostSegmentRecovery, is_unknown_device
from uploader.worker.reviews import ReviewExchange

#: Contracts are fetched with each slot's beacon, and at least this often (real s): their sums
#: include the time of the freelancer's other devices, which counts against the same limit.
REFRESH_S = 60.0


class ServerSession:
    """Runs handshake, comparison and refresh when they are due. Used by one thread, except for
    `fetch_contracts`.

    `sub` is the freelancer as enrolled; `monotonic` is in seconds, `now_ms` session time, `random`
    in [0, 1); `on_contracts` is called when contracts or terms have changed.
    """

    def __init__(
        self,
        outbox: Outbox,
        client: MarketplaceClient,
        membership: Membership,
        sub: str,
        verifier: ReceiptVerifier,
        reconciler: ChainReconciler,
        statements: EarlierStatements,
        losses: LostSegmentRecovery,
        reviews: ReviewExchange,
        *,
        now_ms: Callable[[], int],
        monotonic: Callable[[], float],
        random: Callable[[], float],
        on_contracts: Callable[[], None],
    ) -> None:
        self._outbox = outbox
        self._client = client
        self._membership = membership
        self._sub = sub
        self._verifier = verifier
        self._reconciler = reconciler
        self._statements = statements
        self._recovery = losses
        self._reviews = reviews
        self._now_ms = now_ms
        self._monotonic = monotonic
        self._random = random
        self._on_contracts = on_contracts
        self._attempts = 0
        self._due_at = 0.0
        self._fetching = threading.Lock()  # one response after the other, so that the newest stays
        self.known: WellKnown | None = None
        self.unvouched: tuple[UnconfirmedDevice, ...] = ()
        self.problem: UploaderError | None = None
        self.last_ok_ms: int | None = None

    def refresh_now(self) -> None:
        """Make the next refresh due now."""
        self._due_at = 0.0

    def start_over(self) -> None:
        """After a wrong proof: repeat the handshake before anything else is sent."""
        self.known = None
        self.refresh_now()

    def step(self) -> float:
        """Handshake and refresh, when due. Returns seconds until they are due again.

        Nothing may be sent while `known` is None. Raises StoreError if the disk fails.
        """
        pause = self._due_at - self._monotonic()
        if pause > 0:
            return pause
        try:
            if self.known is None:
                known = self._client.well_known()
                check_pinned(self._membership, known, self._verifier)
                me = self._handshake(known)
                self.known = known
            else:
                me = self._handshake(self.known)
            self.unvouched = me.unvouched
            self.fetch_contracts()
        except StoreError:
            raise
        except UploaderError as error:
            self._attempts += 1
            self.problem = error
            retry_after = error.retry_after_s if isinstance(error, NetworkError) else None
            step = decide(outcome_of(error), self._attempts, retry_after, self._random())
            pause = step.seconds if isinstance(step, Wait) else LONGEST_ASKED_S
        else:
            self._attempts, self.problem = 0, None
            self.last_ok_ms = self._now_ms()
            pause = REFRESH_S
        self._due_at = self._monotonic() + pause
        return pause

    def _handshake(self, known: WellKnown) -> Me:
        """Fetch earlier statements, find lost leaves, and compare the heads. Deletions must be
        read before anything is signed again or sent.
        """
        try:
            me = self._client.me()
        except UploaderError as error:
            if not (is_unknown_device(error) and self._recovery.recover_enrolment()):
                raise
            me = self._client.me()
        self._statements.learn()
        self._recovery.check(known, me)
        self._reconciler.compare(me)
        return me

    def fetch_contracts(self) -> None:
        """Fetch contracts and terms now; from any thread. Raises UploaderError."""
        with self._fetching:
            received_s = self._now_ms() // 1000
            notes, terms = [], []
            found = self._client.contracts(day_bounds(received_s))
            self._reviews.announce(found.reviews)
            for each in found.contracts:
                notes.append(
                    CachedContract(each.ctr, each.title, each.client, each.figure, received_s)
                )
                for proof in (each.terms, *each.upcoming):
                    try:
                        terms.append(self._verifier.terms(proof, each.ctr, self._sub))
                    except ProofError as error:
                        # The earlier terms stay in use; other contracts are not delayed.
                        self._outbox.report(error.code, f"{each.ctr}: {error.detail}")
            if self._outbox.cache.keep_contracts(notes, terms):
                self._on_contracts()
