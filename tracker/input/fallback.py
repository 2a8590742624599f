"""Several ways to count, in order: where one fails, the next takes its place.

Rules kept: the best way that works is used, and a lesser one tells by its quality what is
lost; a way that was left is tried again at the next Start, since a permission may have been given
and an antivirus program may have been told; a whole desktop that went away (every way fails) comes
back with its best way.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from tracker.input.interface import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from diary.core.vocabulary import InputQuality
    from tracker.input.interface import InputBackend, InputSink

log = logging.getLogger(__name__)

#: A way that was started so often between Start and Stop, and failed each time, is left.
FAILURES = 3


class Fallback:
    """An `InputBackend` out of several. `ways` is asked for them, best first, once for each Start.

    `start` tries them in turn and keeps the first that starts. When that one fails later, `start`
    is called again: after `FAILURES` such failures it is left for the next. `stop` forgets all.
    """

    def __init__(self, ways: Callable[[], Sequence[InputBackend]]) -> None:
        self._ask = ways
        # Replaced as a whole by the thread that starts and stops; others only read.
        self._ways: tuple[InputBackend, ...] = ()
        self._current: InputBackend | None = None
        self._failed: dict[int, int] = {}

    @property
    def name(self) -> str:
        """That of the way in use; of the best one before the first start."""
        return self._in_use().name

    @property
    def quality(self) -> InputQuality:
        """That of the way in use."""
        return self._in_use().quality

    def start(self, sink: InputSink) -> None:
        """Raises the InputError of the best way when none can be started."""
        ways = self._known()
        if self._current is not None:
            place = ways.index(self._current)
            self._failed[place] = self._failed.get(place, 0) + 1
            self._current.stop()
            self._current = None
        refusals: list[InputError] = []
        for place, way in enumerate(ways):
            last = place == len(ways) - 1
            if self._failed.get(place, 0) >= FAILURES and not last:
                continue
            try:
                way.start(sink)
            except InputError as error:
                refusals.append(error)
            else:
                self._current = way
                if place:
                    log.info("input is measured by %s, since what is better failed", way.name)
                return
        # Not one way's failure but the desktop's: when it is back, the best is tried first.
        self._failed.clear()
        raise refusals[0]

    def stop(self) -> None:
        current, self._current = self._current, None
        if current is not None:
            current.stop()
        self._failed.clear()
        self._ways = ()

    def alive(self) -> bool:
        current = self._current
        return current is not None and current.alive()

    def _known(self) -> tuple[InputBackend, ...]:
        if not self._ways:
            self._ways = tuple(self._ask())
        return self._ways

    def _in_use(self) -> InputBackend:
        return self._current or self._known()[0]
