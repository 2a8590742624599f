"""Fetches each slot's beacon in the minute before the slot, so that work is of class A.

Rules kept (`docs/protocol.md` §3): at a random time within that minute, which spreads the devices;
immediately if the running slot's beacon is missing; every file is verified before it is stored;
failures are retried. The caller passes the time in; nothing here sleeps.
"""

from __future__ import annotations

from collections.abc import Callable

from diary.core.slots import SLOT, slot_of
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
from uploader.retry import Wait, decide, outcome_of
from uploader.store.contract_cache import ContractCache

#: The marketplace publishes a beacon this long before its slot.
EARLY_MS = 60_000
#: The first part of that minute is for the marketplace to log and publish it; the last part for a
#: slow connection and a second attempt.
_START_MS, _RESERVE_MS = 5_000, 15_000
#: The longest pause: the machine may have slept, or its clock may have been corrected.
_LONGEST_PAUSE_S = 15.0
#: The longest delay between attempts, however long the network was down.
_LONGEST_RETRY_S = 60.0


class BeaconFetcher:
    """Keeps the cached beacons up to date. Used by one thread.

    `now_ms` is session time, `real_delay` converts its milliseconds to real seconds, `monotonic` is
    in seconds, `random` in [0, 1); `in_doubt` is whether clocks contradict each other.
    `learn_terms` fetches the contracts and raises UploaderError. Without `spread` (a marketplace on
    this machine, a demonstration) beacons are fetched at the beginning of the minute.
    """

    def __init__(
        self,
        cache: ContractCache,
        client: MarketplaceClient,
        verifier: ReceiptVerifier,
        *,
        now_ms: Callable[[], int],
        real_delay: Callable[[int], float],
        monotonic: Callable[[], float],
        random: Callable[[], float],
        learn_terms: Callable[[], None],
        in_doubt: Callable[[], bool] = lambda: False,
    ) -> None:
        self._cache = cache
        self._client = client
        self._verifier = verifier
        self._now_ms = now_ms
        self._real_delay = real_delay
        self._monotonic = monotonic
        self._random = random
        self._learn_terms = learn_terms
        self._in_doubt = in_doubt
        self._drawn: dict[int, float] = {}
        self._attempts = 0
        self._not_before = 0.0
        self.spread = True
        self.problem: UploaderError | None = None

    def retry_now(self) -> None:
        """End the wait for the next attempt: the network is back."""
        self._not_before = 0.0

    def step(self) -> tuple[float, bool]:
        """Fetch a due beacon. Returns real seconds until the next step, and whether one arrived.

        Raises StoreError if the disk fails.
        """
        pause = self._not_before - self._monotonic()
        if pause > 0:
            return min(pause, _LONGEST_PAUSE_S), False
        if self._in_doubt():
            return self._check_newest()
        slot = slot_of(self._now_ms() // 1000)
        if not self._has(slot):
            due_ms = 0
        else:
            slot += SLOT
            if self._has(slot):
                return self._until(slot * 1000), False
            due_ms = self._plan(slot)
        if self._now_ms() < due_ms:
            return self._until(due_ms), False
        try:
            fetched = self._fetch(slot)
        except StoreError:
            raise
        except UploaderError as error:
            self._failed(error)
            return min(max(0.0, self._not_before - self._monotonic()), _LONGEST_PAUSE_S), False
        self._attempts, self.problem = 0, None
        return 0.0, fetched

    def _check_newest(self) -> tuple[float, bool]:
        """While clocks contradict each other, read the log's time from the newest beacon."""
        try:
            self._verifier.beacon(self._client.current_beacon(), newest=True)
        except StoreError:
            raise
        except UploaderError as error:
            self._failed(error)
        return _LONGEST_PAUSE_S, False

    def _fetch(self, slot: int) -> bool:
        try:
            data = self._client.beacon(slot)
        except RefusedError as error:
            if error.status != 404:
                raise
            # Not published yet, or never (the marketplace was down): use the newest one.
            self._keep(self._client.current_beacon(), newest=True)
            if not self._has(slot):
                raise
            return True
        self._keep(data)
        if not self._has(slot):
            raise ProofError(Problem.WRONG_BEACON, "the beacon of another slot")
        return True

    def _keep(self, data: bytes, *, newest: bool = False) -> None:
        beacon = self._verifier.beacon(data, newest=newest)
        # A beacon proves that its user had read the log up to its leaf, so that terms logged before
        # it bind (`docs/protocol.md` §5): fetch the terms first.
        if not self._has(beacon.slot):
            self._learn_terms()
            self._cache.keep_beacon(beacon, data)

    def _has(self, slot: int) -> bool:
        found = self._cache.beacon(slot)
        return found is not None and found.slot == slot

    def _plan(self, slot: int) -> int:
        """The time (Unix ms) to fetch a slot's beacon, drawn once for each slot."""
        if slot not in self._drawn:
            self._drawn = {slot: self._random()}
        width = EARLY_MS - _START_MS - _RESERVE_MS if self.spread else 0
        return slot * 1000 - EARLY_MS + _START_MS + int(self._drawn[slot] * width)

    def _until(self, when_ms: int) -> float:
        wait = self._real_delay(max(0, when_ms - self._now_ms()))
        # Slightly late: an early step would find nothing due and spin.
        return min(wait + 0.01, _LONGEST_PAUSE_S)

    def _failed(self, error: UploaderError) -> None:
        self._attempts += 1
        self.problem = error
        retry_after = error.retry_after_s if isinstance(error, NetworkError) else None
        step = decide(outcome_of(error), self._attempts, retry_after, self._random())
        seconds = step.seconds if isinstance(step, Wait) else _LONGEST_RETRY_S
        if retry_after is None:
            seconds = min(seconds, _LONGEST_RETRY_S)
        self._not_before = self._monotonic() + seconds
