"""Compares pending tree heads (`consistency`) with the log's tiles, and retries after failures. The
caller passes the time in; nothing here sleeps.
"""

from __future__ import annotations

from collections.abc import Callable

from uploader.api.client import MarketplaceClient
from uploader.errors import NetworkError, StoreError, UploaderError
from uploader.log.consistency import LogHistory
from uploader.retry import LONGEST_ASKED_S, Wait, decide, outcome_of

#: The delay (s) before tiles that do not fit, or a log without tiles, are read again.
_LATER_S = 300.0


class ConsistencyChecker:
    """Used by one thread. `monotonic` is in seconds, `random` in [0, 1)."""

    def __init__(
        self,
        history: LogHistory,
        client: MarketplaceClient,
        *,
        monotonic: Callable[[], float],
        random: Callable[[], float],
    ) -> None:
        self._history = history
        self._client = client
        self._monotonic = monotonic
        self._random = random
        self._attempts = 0
        self._not_before = 0.0

    def retry_now(self) -> None:
        """End the wait for the next attempt."""
        self._not_before = 0.0

    def step(self) -> float | None:
        """Compare pending tree heads, when due. Returns seconds until the next attempt, None if
        none is pending. Raises StoreError if the disk fails.
        """
        if not self._history.pending:
            return None
        pause = self._not_before - self._monotonic()
        if pause > 0:
            return pause
        try:
            self._history.verify_pending(self._client.log_tile, self._client.log_checkpoint)
        except StoreError:
            raise
        except UploaderError as error:
            self._attempts += 1
            retry_after = error.retry_after_s if isinstance(error, NetworkError) else None
            step = decide(outcome_of(error), self._attempts, retry_after, self._random())
            pause = step.seconds if isinstance(step, Wait) else LONGEST_ASKED_S
        else:
            self._attempts = 0
            pause = _LATER_S
        self._not_before = self._monotonic() + (pause if self._history.pending else 0.0)
        return pause if self._history.pending else None
