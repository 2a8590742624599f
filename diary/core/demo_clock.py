"""The time of a demonstration marketplace: real time, run faster from a published origin.

A demo publishes (speed, origin). Every program computes demo time from them, also after a restart.
Network timeouts, tokens and retry delays stay in real time. Speed 1 is real time for every origin.
"""

from __future__ import annotations

from dataclasses import dataclass

MAX_SPEED = 600


@dataclass(frozen=True)
class TimeLapse:
    """A demo's time: `speed` demo milliseconds pass in a real one, from `origin_ms` (Unix) on."""

    speed: int
    origin_ms: int

    def __post_init__(self) -> None:
        if not 1 <= self.speed <= MAX_SPEED or self.origin_ms < 0:
            raise ValueError("speed is 1 to 600, the origin a Unix time in ms")

    def wall(self, real_ms: int) -> int:
        """Demo wall time in ms at a real wall time in ms."""
        return self.origin_ms + (real_ms - self.origin_ms) * self.speed

    def span(self, real_ms: int) -> int:
        """The demo milliseconds that pass in `real_ms`."""
        return real_ms * self.speed

    def real_delay(self, ms: int) -> float:
        """The real seconds to wait for `ms` of demo time."""
        return ms / 1000 / self.speed
