"""A clock for tests of time limits."""

from __future__ import annotations


class Clock:
    """A monotonic clock in seconds that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now
