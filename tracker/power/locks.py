"""Whether the screen is locked, as far as anybody knows; and the rule that it is then not captured.

Thread-safe: the watches tell from their threads, the camera asks from its own.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from tracker.capture.base import CaptureError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.capture.base import CaptureBackend, Frame

#: Somebody asked for the lock. Not every desktop says later that it was opened: the next Start of
#: a person, who must have seen the screen, ends it too.
ASKED = "asked"


class Locks:
    """Who says that the screen is locked."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        # Guarded by _lock.
        self._locked: set[str] = set()

    def tell(self, source: str, locked: bool) -> bool:
        """Note it; whether it is news."""
        with self._lock:
            if (source in self._locked) == locked:
                return False
            (self._locked.add if locked else self._locked.discard)(source)
            return True

    def locked(self) -> bool:
        """Whether anybody says so."""
        with self._lock:
            return bool(self._locked)


class WhileUnlocked:
    """A `CaptureBackend` that takes no picture of a locked screen, and gives none away that it
    took while the screen was being locked.
    """

    def __init__(self, backend: CaptureBackend, locked: Callable[[], bool]) -> None:
        self.name = backend.name
        self._backend = backend
        self._locked = locked

    def grab(self, now_ms: Callable[[], int]) -> Frame:
        """See `CaptureBackend`."""
        self._refuse()
        frame = self._backend.grab(now_ms)
        self._refuse()
        return frame

    def _refuse(self) -> None:
        if self._locked():
            raise CaptureError("locked", "the screen is locked")
