"""Timed waits of the engine's thread that another thread can end."""

from __future__ import annotations

import threading
from typing import Protocol


class WakeableTimer(Protocol):
    """A timed wait of the engine's thread, which another thread can end."""

    def wait(self, seconds: float | None) -> None:
        """Return after `seconds` of real time (None: never) or at `wake`."""

    def wake(self) -> None:
        """End the wait, or the next one."""


class ThreadTimer:
    """A `WakeableTimer` on an event of this process."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def wait(self, seconds: float | None) -> None:
        """See `WakeableTimer`."""
        self._event.wait(seconds)
        self._event.clear()

    def wake(self) -> None:
        """See `WakeableTimer`."""
        self._event.set()
