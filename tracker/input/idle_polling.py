"""Seconds of activity, from a system that only tells how long ago the last input was.

Rules kept: no hook, no key, no place of the pointer; the system is asked once a second, and only
between `start` and `stop`; a second in which there was input is told once, as a move.
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
#: The systems tell the time of the last input no more exactly than this.
GRAIN_MS = 50


class IdlePoller:
    """Asks for the last input once a second.

    `connect` is called at each start, and returns how to ask for the milliseconds since the last
    input; both raise OSError or AttributeError where the system does not tell. `wait(event)` waits
    a second at most, and returns whether the event was set; `now_ms` is a monotonic clock.
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
        """Raises InputError("unavailable") where the system does not tell."""
        self.stop()
        try:
            since_input_ms = self._connect()
            since_input_ms()
        except (OSError, AttributeError) as error:
            raise InputError("unavailable", f"the last input is not told: {error}") from error
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
        told_ms: int,
    ) -> None:
        """`told_ms`: the last input that needs no telling any more."""
        while not self._wait(ending):
            try:
                last_ms = self._now_ms() - since_input_ms()
            except OSError as error:
                log.warning("asking for the last input ended: %s", error)
                return
            if last_ms > told_ms + GRAIN_MS:
                told_ms = last_ms
                sink.move()
