"""The head on which the next segment of a contract is sealed (`docs/protocol.md` §6)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from diary.interfaces import Head
from uploader.store.chain.own_devices import OwnDevices
from uploader.store.chain.rebase import load_base
from uploader.store.index.index import Index
from uploader.store.state_folder import StateFolder


class ChainHeads:
    """Computes heads for the outbox, which holds its lock meanwhile. `now_ms` is session time (Unix
    ms); a wrong clock sealed each segment that ends more than `ahead_s` seconds later.
    """

    def __init__(
        self,
        folder: StateFolder,
        index: Index,
        devices: OwnDevices,
        now_ms: Callable[[], int],
        ahead_s: int,
    ) -> None:
        self._folder = folder
        self._index = index
        self._devices = devices
        self._now_ms = now_ms
        self._ahead_s = ahead_s

    def head(self, ctr: str) -> Head:
        """The head of a contract's chain. Raises StoreError."""
        latest = self._now_ms() // 1000 + self._ahead_s
        # Not the end of the marketplace's head: a copy of this folder may have sealed it while this
        # folder recorded the same seconds, and the ledger counts a second once.
        last_t1 = self._index.last_end(ctr, latest)
        future_t1 = self._index.epoch_end(ctr, 0)
        if future_t1 <= latest:
            future_t1 = 0
        return replace(self._next(ctr, latest), last_t1=last_t1, future_t1=future_t1)

    def _next(self, ctr: str, latest: int) -> Head:
        """The next number of a chain. If a wrong clock sealed its epoch, which then ends after
        `latest` (Unix s), the chain continues in a new epoch.
        """
        device, last = self._devices.current(), self._index.last(ctr)
        base = load_base(self._folder, ctr)
        if base is not None and base.kid == device.kid:
            after = last is not None and last.kid in {device.kid, ""} and last.epoch >= base.epoch
            if not after:
                return base.head
        if last is None:
            return Head(0, 0, device.digest, 0)
        if last.kid not in {device.kid, ""}:
            # A new device begins its own chain. The new epoch keeps its file names apart from those
            # of the earlier device.
            return Head(last.epoch + 1, 0, device.digest, 0)
        wrong = self._index.epoch_end(ctr, last.epoch) > latest
        return Head(last.epoch + wrong, last.seq + 1, last.hash, 0)
