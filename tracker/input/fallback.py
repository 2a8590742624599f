"""An ordered list of input backends: when one fails, the next replaces it.

Rules kept: the best backend that works is used, and `quality` is that of the backend in use; a
backend that was given up is tried again at the next Start, since the user may have granted a
permission or changed an antivirus program; when every backend fails, the desktop was gone and the
best one is tried first again.
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

#: Failed starts between Start and Stop after which a backend is given up.
FAILURES = 3


class Fallback:
    """An `InputBackend` made of several. `backends` lists them, best first; called once per Start.

    `start` keeps the first that starts. When that one fails later, the caller calls `start` again:
    after `FAILURES` such failures the next replaces it. `stop` resets all this.
    """

    def __init__(self, backends: Callable[[], Sequence[InputBackend]]) -> None:
        self._list = backends
        # Replaced as a whole by the thread that starts and stops; others only read.
        self._backends: tuple[InputBackend, ...] = ()
        self._current: InputBackend | None = None
        self._failed: dict[int, int] = {}

    @property
    def name(self) -> str:
        """The name of the backend in use; of the best one before the first start."""
        return self._in_use().name

    @property
    def quality(self) -> InputQuality:
        """The quality of the backend in use."""
        return self._in_use().quality

    def start(self, sink: InputSink) -> None:
        """Start the best backend that works. Raises the InputError of the best backend when none
        starts.
        """
        backends = self._known()
        if self._current is not None:
            index = backends.index(self._current)
            self._failed[index] = self._failed.get(index, 0) + 1
            self._current.stop()
            self._current = None
        refusals: list[InputError] = []
        for index, backend in enumerate(backends):
            last = index == len(backends) - 1
            if self._failed.get(index, 0) >= FAILURES and not last:
                continue
            try:
                backend.start(sink)
            except InputError as error:
                refusals.append(error)
            else:
                self._current = backend
                if index:
                    log.info("input is measured by %s, since what is better failed", backend.name)
                return
        # All failed, so the desktop did and not one backend: try the best first again.
        self._failed.clear()
        raise refusals[0]

    def stop(self) -> None:
        current, self._current = self._current, None
        if current is not None:
            current.stop()
        self._failed.clear()
        self._backends = ()

    def alive(self) -> bool:
        current = self._current
        return current is not None and current.alive()

    def _known(self) -> tuple[InputBackend, ...]:
        if not self._backends:
            self._backends = tuple(self._list())
        return self._backends

    def _in_use(self) -> InputBackend:
        return self._current or self._known()[0]
