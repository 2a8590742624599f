"""Keeps an input backend running and returns its counts.

Rules kept: a listener that fails (the X server exited) is restarted until it works, and the time
without it is reported as not measured, never as no input; a separate thread starts and stops
listeners, so that the engine never waits for a desktop that hangs.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from tracker.input.interface import InputError
from tracker.input.minute_counters import Counters
from tracker.model.activity import Counts

if TYPE_CHECKING:
    from collections.abc import Callable

    from diary.core.vocabulary import InputQuality
    from tracker.input.interface import InputBackend

log = logging.getLogger(__name__)

RETRY_S = 5.0
END_S = 15.0


class InputMonitor:
    """The engine's source of counts. `take` may be called from any thread, the rest from one.

    `uptime_ms` is the machine's uptime; `retry_s` the real seconds between two attempts to start a
    listener that failed.
    """

    def __init__(
        self, backend: InputBackend, uptime_ms: Callable[[], int], *, retry_s: float = RETRY_S
    ) -> None:
        self._backend = backend
        self._counters = Counters(uptime_ms)
        self._retry_s = retry_s
        self._keeper: _Keeper | None = None
        # A gap to be reported by the next `take`, because this one returned the counts before it.
        self._owes_gap = False

    def start(self, *, wait_s: float = 0.0) -> None:
        """Start listening, once; wait up to `wait_s` for the result."""
        if self._keeper is None:
            self._keeper = _Keeper(self._backend, self._counters, self._retry_s)
            self._keeper.start()
        if wait_s:
            self._keeper.answered.wait(wait_s)

    def stop(self) -> None:
        """Stop, and drop counts that were not taken."""
        keeper, self._keeper = self._keeper, None
        if keeper is not None:
            keeper.stop()
        self._counters.take()
        self._owes_gap = False

    def take(self) -> Counts:
        """Counts since the last call, and how well they were measured."""
        keeper = self._keeper
        if keeper is None:
            return Counts()
        if not keeper.listening.is_set():
            self._owes_gap = False
            return self._counters.take(keeper.refused)
        if self._owes_gap:
            # It listens again; the next call returns the counts since then.
            self._owes_gap = False
            return Counts(keeper.refused)
        counts = self._counters.take(self._backend.quality)
        if self._backend.alive():
            return counts
        keeper.restart()
        # Events before the failure count; the silence after it does not.
        self._owes_gap = counts.present
        return counts if counts.present else Counts(keeper.refused)

    @property
    def last_input_uptime_ms(self) -> int | None:
        """The uptime in ms of the last input of any kind; None before the first."""
        return self._counters.last_input_uptime_ms


class _Keeper(threading.Thread):
    """The only thread that starts and stops the listener."""

    def __init__(self, backend: InputBackend, counters: Counters, retry_s: float) -> None:
        super().__init__(name="workdiary-input", daemon=True)
        self.listening = threading.Event()
        self.answered = threading.Event()
        self.refused: InputQuality = "unavailable"
        self._backend = backend
        self._counters = counters
        self._retry_s = retry_s
        self._called = threading.Event()
        self._stopping = threading.Event()

    def restart(self) -> None:
        """Restart the failed listener."""
        self.listening.clear()
        self._called.set()

    def stop(self) -> None:
        """End the listener and the thread."""
        self._stopping.set()
        self._called.set()
        self.join(END_S)

    def run(self) -> None:
        while True:
            self._called.clear()
            if self._stopping.is_set():
                break
            try:
                self._backend.start(self._counters)
            except InputError as error:
                self.refused = error.quality
                self.answered.set()
                log.info("input is not counted: %s", error)
                self._stopping.wait(self._retry_s)
            else:
                self.refused = "unavailable"
                self.listening.set()
                self.answered.set()
                self._called.wait()
        self.listening.clear()
        self._backend.stop()
