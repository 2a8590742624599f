"""Protocol time, which a demo runs faster, and real time.

Records, the log and bills use protocol time. Tokens, one-time codes, sessions, time-outs and retry
delays use real time.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from diary.core.demo_clock import TimeLapse


def system_ms() -> int:
    """The system's wall clock, Unix milliseconds."""
    return time.time_ns() // 1_000_000


@dataclass(frozen=True)
class MarketplaceClock:
    """Both times of a marketplace; `lapse` is None if they are equal."""

    lapse: TimeLapse | None = None
    system: Callable[[], int] = field(default=system_ms)

    def wall_ms(self) -> int:
        """Protocol time, Unix milliseconds."""
        real = self.system()
        return real if self.lapse is None else self.lapse.wall(real)

    def wall_s(self) -> int:
        """Protocol time, Unix seconds, floored."""
        return self.wall_ms() // 1000

    def real_s(self) -> int:
        """Real time, Unix seconds, floored."""
        return self.system() // 1000

    def real_delay(self, ms: int) -> float:
        """Real seconds that `ms` of protocol time take; never negative."""
        delay = ms / 1000 if self.lapse is None else self.lapse.real_delay(ms)
        return max(0.0, delay)

    @property
    def speed(self) -> int:
        """Protocol seconds per real second."""
        return 1 if self.lapse is None else self.lapse.speed
