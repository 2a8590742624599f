"""Whether any source reports a locked screen; no picture is taken then.

Thread-safe: watches update it from their threads, the picture worker reads it from its own.
"""

from __future__ import annotations

import threading

#: A program requested the lock. Not every desktop reports the unlock: the next Start also clears
#: it, since the user must have seen the screen.
REQUESTED = "asked"


class LockState:
    """The sources that report a locked screen."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        # Guarded by _lock.
        self._locked: set[str] = set()

    def update(self, source: str, locked: bool) -> bool:
        """Update one source; returns whether its state changed."""
        with self._lock:
            if (source in self._locked) == locked:
                return False
            (self._locked.add if locked else self._locked.discard)(source)
            return True

    def locked(self) -> bool:
        """Whether any source reports a locked screen."""
        with self._lock:
            return bool(self._locked)
