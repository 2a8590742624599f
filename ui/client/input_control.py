"""The recorder's commands, with the listener beside it: input is listened to from Start to Stop.

Start and Stop go through one thread, in their order: first the listener is up, so that the first
key counts, then the recorder begins; once it has stopped, nothing is listened to.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.input.monitor import InputMonitor
    from tracker.model.status import Status
    from tracker.recording.engine import Engine
    from tracker.recording.picture_worker import Worker

#: Real seconds that Start waits at most for the listener; then recording begins without it. On a
#: quiet machine it is there in a fraction of one; where there is none, that is known at once.
LISTEN_S = 5.0
_RUNNING = frozenset({"starting", "recording"})


class InputControl:
    """See `Commands`. `hands` is a worker with one thread, and belongs to this."""

    def __init__(
        self,
        engine: Engine,
        meter: InputMonitor,
        hands: Worker,
        look_again: Callable[[], None] = lambda: None,
    ) -> None:
        """`look_again` is called before each Start: what the system allows may have changed."""
        self._before_start = look_again
        self._engine = engine
        self._monitor = meter
        self._serial = hands
        # Belongs to the thread that calls `follow`.
        self._last_seen: tuple[str, int] | None = None
        # Both belong to the worker's thread.
        self._last_notice = 0
        self._awaited: int | None = None
        self.choose = engine.choose
        self.try_again = engine.try_again
        self.use_market_time = engine.use_market_time
        self.keep_idle = engine.keep_idle
        self.give_back_idle = engine.give_back_idle
        self.keep_picture = engine.keep_picture
        self.hold_picture = engine.hold_picture
        self.delete_picture = engine.delete_picture
        self.wait_closed = engine.wait_closed

    def start(self, ctr: str, memo: str) -> None:
        """Listen, then record."""
        self._serial.do(partial(self._begin, ctr, memo))

    def stop(self) -> None:
        """End the run."""
        self._serial.do(self._engine.stop)

    def set_memo(self, memo: str) -> None:
        """Go on with another memo."""
        self._serial.do(partial(self._engine.set_memo, memo))

    def on_status(self, status: Status) -> None:
        """Take in the recorder's status: what is not counted any more is not listened to.

        There is a new one each second; the worker is woken for those that may change something.
        """
        seen = (status.state, status.notice_seq)
        if seen != self._last_seen:
            self._last_seen = seen
            self._serial.do(partial(self._adjust_monitor, status))

    def close(self, timeout: float) -> bool:
        """Seal, end the recorder and the listener; whether the recorder ended in time."""
        ended = self._engine.close(timeout)
        self._serial.do(self._monitor.stop)
        self._serial.stop()
        return ended

    def _begin(self, ctr: str, memo: str) -> None:
        self._awaited = self._last_notice
        self._before_start()
        self._monitor.start(wait_s=LISTEN_S)
        self._engine.start(ctr, memo)

    def _adjust_monitor(self, status: Status) -> None:
        if status.state in _RUNNING:
            self._awaited = None
            self._monitor.start()
        elif self._awaited is None or status.notice_seq != self._awaited:
            # Not a status from before Start; and a new notice is the refusal of Start.
            self._awaited = None
            self._monitor.stop()
        self._last_notice = status.notice_seq
