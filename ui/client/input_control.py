"""The recorder's commands, which also switch the input monitor: it runs from Start to Stop.

Start and Stop run in order on one thread. The monitor starts before the recorder, so that the first
key counts, and stops after it.
"""

from __future__ import annotations

import threading
import time
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.input.monitor import InputMonitor
    from tracker.model.status import Status
    from tracker.recording.engine import Engine
    from tracker.recording.picture_worker import Worker

#: Real seconds that Start waits at most for the monitor; then recording begins without it. The
#: monitor normally needs a fraction of a second.
LISTEN_S = 5.0
_RUNNING = frozenset({"starting", "recording"})


class InputControl:
    """See `Commands`. It owns `serial`, a worker with one thread."""

    def __init__(
        self,
        engine: Engine,
        monitor: InputMonitor,
        serial: Worker,
        before_start: Callable[[], None] = lambda: None,
    ) -> None:
        """`before_start` is called before each Start: the system's permissions may have changed."""
        self._before_start = before_start
        self._engine = engine
        self._monitor = monitor
        self._serial = serial
        # Belongs to the thread that calls `on_status`.
        self._last_seen: tuple[str, int] | None = None
        #: Set while no recording and no unsealed segment is reported.
        self._settled = threading.Event()
        self._settled.set()
        # Both belong to the worker's thread.
        self._last_notice = 0
        self._awaited: int | None = None
        self.choose = engine.select_contract
        self.try_again = engine.retry_now
        self.use_marketplace_time = engine.use_marketplace_time
        self.keep_idle = engine.keep_idle
        self.discard_idle = engine.discard_idle
        self.keep_picture = engine.keep_picture
        self.hold_picture = engine.hold_picture
        self.cover_picture = engine.cover_picture
        self.delete_picture = engine.delete_picture
        self.undo_deletion = engine.undo_deletion
        self.read_picture = engine.read_picture
        self.set_minimum_review = engine.set_minimum_review
        self.wait_closed = engine.wait_closed

    def start(self, ctr: str, memo: str) -> None:
        """Start the monitor, then the recorder."""
        self._serial.do(partial(self._start_after_monitor, partial(self._engine.start, ctr, memo)))

    def stop(self) -> None:
        """End the recording."""
        self._serial.do(self._engine.stop)

    def pause(self) -> None:
        """Interrupt the recording."""
        self._serial.do(self._engine.pause)

    def resume(self) -> None:
        """Start the monitor, then continue the paused recording."""
        self._serial.do(partial(self._start_after_monitor, self._engine.resume_run))

    def set_memo(self, memo: str) -> None:
        """Continue with another memo."""
        self._serial.do(partial(self._engine.set_memo, memo))

    def on_status(self, status: Status) -> None:
        """Switch the monitor by the recorder's status.

        A status arrives every second; the worker is woken only for one that may change something.
        """
        if status.state in {*_RUNNING, "paused"} or status.unsealed:
            self._settled.clear()
        else:
            self._settled.set()
        seen = (status.state, status.notice_seq)
        if seen != self._last_seen:
            self._last_seen = seen
            self._serial.do(partial(self._adjust_monitor, status))

    def settle(self, timeout: float) -> bool:
        """End the recording and wait, at most `timeout` real seconds, until all of it is sealed;
        returns whether it is. A picture under review and undecided idle time delay that.
        """
        end = time.monotonic() + timeout
        stopped = threading.Event()
        self.stop()
        self._serial.do(stopped.set)
        return (
            stopped.wait(timeout)
            and self._engine.drain(max(0.0, end - time.monotonic()))
            and self._settled.wait(max(0.0, end - time.monotonic()))
        )

    def close(self, timeout: float) -> bool:
        """Seal, end the recorder and the monitor; returns whether the recorder ended in time."""
        ended = self._engine.close(timeout)
        self._serial.do(self._monitor.stop)
        self._serial.stop()
        return ended

    def _start_after_monitor(self, start: Callable[[], None]) -> None:
        self._awaited = self._last_notice
        self._before_start()
        self._monitor.start(wait_s=LISTEN_S)
        start()

    def _adjust_monitor(self, status: Status) -> None:
        if status.state in _RUNNING:
            self._awaited = None
            self._monitor.start()
        elif self._awaited is None or status.notice_seq != self._awaited:
            # The status is newer than Start, or its new notice is the refusal of Start.
            self._awaited = None
            self._monitor.stop()
        self._last_notice = status.notice_seq
