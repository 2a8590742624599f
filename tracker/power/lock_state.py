"""Whether the screen is locked, as far as anybody knows: then the camera takes no picture.

Thread-safe: the watches tell from their threads, the camera asks from its own.
"""

from __future__ import annotations

import threading

#: Somebody asked for the lock. Not every desktop says later that it was opened: the next Start of
#: a person, who must have seen the screen, ends it too.
REQUESTED = "asked"


class LockState:
    """Who says that the screen is locked."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        # Guarded by _lock.
        self._locked: set[str] = set()

    def update(self, source: str, locked: bool) -> bool:
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
