"""What a process keeps together with the others that share its database (ADR 0036)."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from marketplace.accounts.pending import PendingSignIns
from marketplace.core.clock import MarketplaceClock
from marketplace.devices.dpop_proofs import SKEW_S
from marketplace.devices.shared_proofs import SharedProofs
from marketplace.http.shared_counters import SharedCounters
from marketplace.storage.database import Database

if TYPE_CHECKING:
    from marketplace.storage.engines.shared_postgresql import Lease


@dataclass(frozen=True)
class Together:
    """Used proofs, counted attempts, begun sign-ins, and the lease of the work in the background;
    None of them for a process that serves alone.
    """

    proofs: SharedProofs | None = None
    counters: SharedCounters | None = None
    pending: PendingSignIns | None = None
    lease: Lease | None = None

    @classmethod
    def open(
        cls,
        store: Database,
        secret: bytes,
        clock: MarketplaceClock,
        stack: contextlib.ExitStack,
    ) -> Together:
        """What `store` needs; `stack` closes it. All processes have the `secret`."""
        if not store.shared:
            return cls()
        # Loads psycopg.
        from marketplace.storage.engines.shared_postgresql import SharedPostgresqlDatabase

        assert isinstance(store, SharedPostgresqlDatabase)  # noqa: S101 - the only shared one
        proofs = SharedProofs(store.side, secret, SKEW_S, clock.real_s)
        stack.callback(proofs.close)
        lease = store.lease()
        stack.callback(lease.release)
        return cls(
            proofs,
            SharedCounters(store.side, secret),
            PendingSignIns(store.side, clock.real_s),
            lease,
        )
