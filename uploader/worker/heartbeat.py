"""Reports to the marketplace that this computer records, about once a minute while it does.

Rules kept: nothing is sent while nothing is recorded, nor before the handshake with the
marketplace; a report that fails is dropped, never stored or repeated; it runs on a thread of its
own, so that neither recording nor uploads wait for it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from uploader.api.client import MarketplaceClient
from uploader.errors import UploaderError

_log = logging.getLogger(__name__)
#: Real seconds between two reports. A report expires after 120 s at the marketplace.
SHORTEST_S, LONGEST_S = 45.0, 60.0
_DEFECT_S = 600.0


class Heartbeat:
    """`may_send` is whether the marketplace is known; `random` is in [0, 1)."""

    def __init__(
        self,
        client: MarketplaceClient,
        *,
        may_send: Callable[[], bool],
        random: Callable[[], float],
    ) -> None:
        self._client = client
        self._may_send = may_send
        self._random = random
        self._lock = threading.Lock()  # guards the next
        self._recording: tuple[str, int] | None = None
        self._changed, self._stopping = threading.Event(), threading.Event()

    def start(self) -> None:
        """Start the thread, which sleeps while nothing is recorded."""
        threading.Thread(target=self._run, name="heartbeat", daemon=True).start()

    def stop(self) -> None:
        """End the thread; does not wait for it."""
        self._stopping.set()
        self._changed.set()

    def recording(self, ctr: str | None, since_s: int = 0) -> None:
        """The contract that is recorded since `since_s` (Unix s), or None. Returns at once."""
        now = None if ctr is None else (ctr, since_s)
        with self._lock:
            if now == self._recording:
                return
            self._recording = now
        self._changed.set()

    def beat(self) -> float | None:
        """Report once. Returns real seconds until the next report; None while nothing is recorded,
        until that changes.
        """
        with self._lock:
            recording = self._recording
        if recording is None:
            return None
        if self._may_send():
            try:
                self._client.heartbeat(*recording)
            except UploaderError as error:
                _log.debug("a heartbeat was not delivered: %s", error.code)
        return SHORTEST_S + self._random() * (LONGEST_S - SHORTEST_S)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._changed.clear()
            try:
                pause = self.beat()
            except Exception:  # noqa: BLE001 - a defect is logged, and the thread continues
                _log.exception("a heartbeat failed")
                pause = _DEFECT_S
            self._changed.wait(pause)
