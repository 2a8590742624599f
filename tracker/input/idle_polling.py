"""Seconds of activity, from a system that reports only how long ago the last input was.

Rules kept: no hook, no key, no pointer position; the system is polled once a second, and only
between `start` and `stop`; a second with input is reported once, as a move.
"""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING

from tracker.input.interface import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from diary.core.vocabulary import InputQuality
    from tracker.input.interface import InputSink

log = logging.getLogger(__name__)

POLL_S = 1.0
END_S = 5.0
#: Resolution of the systems' time of the last input.
GRAIN_MS = 50


class IdlePoller:
    """Polls the time of the last input once a second.

    `start` calls `connect`, which returns a function for the milliseconds since the last input;
    both raise OSError or AttributeError where the system does not report it. `wait(event)` waits a
    second at most and returns whether the event was set; `now_ms` is a monotonic clock.
    """

    quality: InputQuality = "active-only"

    def __init__(
        self,
        name: str,
        connect: Callable[[], Callable[[], int]],
        *,
        wait: Callable[[threading.Event], bool] = lambda event: event.wait(POLL_S),
        now_ms: Callable[[], int] = lambda: time.monotonic_ns() // 1_000_000,
    ) -> None:
        self.name = name
        self._connect = connect
        self._wait = wait
        self._now_ms = now_ms
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, sink: InputSink) -> None:
        """Start. Raises InputError("unavailable") if the system does not report the last input."""
        self.stop()
        try:
            since_input_ms = self._connect()
            since_input_ms()
        except (OSError, AttributeError) as error:
            raise InputError(
                "unavailable", f"the system does not report the last input: {error}"
            ) from error
        self._ending = threading.Event()
        self._thread = threading.Thread(
            target=self._run,
            args=(sink, since_input_ms, self._ending, self._now_ms()),
            name="workdiary-seconds",
            daemon=True,
        )
        self._thread.start()

    def stop(self) -> None:
        thread, self._thread = self._thread, None
        self._ending.set()
        if thread is not None:
            thread.join(END_S)

    def alive(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def _run(
        self,
        sink: InputSink,
        since_input_ms: Callable[[], int],
        ending: threading.Event,
        reported_ms: int,
    ) -> None:
        """`reported_ms`: the time of the last input that was reported."""
        while not self._wait(ending):
            try:
                last_ms = self._now_ms() - since_input_ms()
            except OSError as error:
                log.warning("asking for the last input ended: %s", error)
                return
            if last_ms > reported_ms + GRAIN_MS:
                reported_ms = last_ms
                sink.move()
