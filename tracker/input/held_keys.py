"""Counts a held key once, without storing which key it is.

A press is stored as a hash, keyed with a random key that lives as long as the listener. The hash is
dropped when the key is released; nothing else is stored or logged.
"""

from __future__ import annotations

import secrets


class HeldKeys:
    """Belongs to one listener's thread."""

    def __init__(self) -> None:
        self._salt = secrets.token_bytes(16)
        self._down: set[int] = set()

    def press(self, identity: int | str) -> bool:
        """Whether this is a press, not the repeat of a key that is already down."""
        token = hash((self._salt, identity))
        if token in self._down:
            return False
        self._down.add(token)
        return True

    def release(self, identity: int | str) -> None:
        """Forget a key."""
        self._down.discard(hash((self._salt, identity)))
