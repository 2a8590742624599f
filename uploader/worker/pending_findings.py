"""Asks for the findings of segments that the marketplace logged before it checked them.

A busy marketplace answers an upload with the receipt alone. Which segments wait is stored with
them, so that a restart forgets none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from diary.core.slots import WEEK
from uploader.api.client import MAX_ASKED, MarketplaceClient
from uploader.api.responses import ServerFinding
from uploader.errors import StoreError, UploaderError
from uploader.store.upload_queue import UploadQueue

#: Seconds until the first question, until the next one, and after a failed one.
_FIRST_S, _AGAIN_S, _FAILED_S = 5.0, 30.0, 300.0
#: Earlier segments can no longer change: their week has locked.
_PERIOD_S = 2 * WEEK


class PendingFindings:
    """Used by one thread. `monotonic` is in seconds, `now_ms` session time (Unix ms)."""

    def __init__(
        self,
        queue: UploadQueue,
        client: MarketplaceClient,
        monotonic: Callable[[], float],
        now_ms: Callable[[], int],
    ) -> None:
        self._queue = queue
        self._client = client
        self._monotonic = monotonic
        self._now_ms = now_ms
        self._due: dict[str, float] = {}
        self._restored = False

    def add(self, digests: Iterable[str]) -> None:
        """Ask for the findings of segments, soon."""
        at = self._monotonic() + _FIRST_S
        self._due.update((digest, at) for digest in digests)

    def ask(self) -> None:
        """Ask for the findings that are due. A failure postpones them. Raises StoreError.

        The first call finds the segments that waited when the program ended.
        """
        if not self._restored:
            self._restored = True
            now_s = self._now_ms() // 1000
            self.add(self._queue.unchecked(now_s - _PERIOD_S, now_s + WEEK))
        now = self._monotonic()
        asked = [digest for digest, at in self._due.items() if at <= now][:MAX_ASKED]
        if not asked:
            return
        try:
            found = self._client.findings(asked).segments
        except StoreError:
            raise
        except UploaderError:
            self._due.update((digest, now + _FAILED_S) for digest in asked)
            return
        self.received(found)
        for digest in asked:
            if digest not in found:
                # A segment that the marketplace has lost is sent again (`lost_segments`).
                del self._due[digest]
            elif digest in self._due:
                self._due[digest] = now + _AGAIN_S

    def received(self, found: Mapping[str, Sequence[ServerFinding] | None]) -> None:
        """Store findings that were awaited; others are ignored. Raises StoreError."""
        for digest, listed in found.items():
            if listed is not None and digest in self._due:
                self._queue.checked(digest, listed)
                del self._due[digest]

    def next_due(self) -> float | None:
        """Seconds until `ask` is due again, None if nothing waits."""
        if not self._due:
            return None
        return max(0.0, min(self._due.values()) - self._monotonic())
