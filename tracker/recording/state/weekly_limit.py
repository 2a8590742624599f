"""The weekly limit of a contract, for the open segment.

It counts the credited seconds of all devices as of the last contact, the seconds that this computer
has sealed since, and those not sealed yet (`docs/protocol.md` §5.2, §12.4).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from diary.core.slots import SLOT, week_of
from tracker.model.status import Notice
from tracker.platform.clock import ClockReading
from tracker.recording.state.open_segment import OpenSegment

#: Percentages of the limit that cause a notice, each once a week.
_LEVELS = (80, 95, 100)


class TotalsReader(Protocol):
    """The part of `diary.interfaces.Store` that counts credited seconds."""

    def totals(self, at_s: int, ctr: str) -> tuple[int, int]:
        """Seconds of the day and of the week that contain `at_s`."""


class WeeklyLimit:
    """The end of the open segment that the contract's weekly limit allows: `edge_s`, in Unix s."""

    def __init__(self, totals: TotalsReader) -> None:
        self._totals = totals
        self._used_s = 0
        self._warned: dict[tuple[str, int], int] = {}
        self.edge_s = 0

    def measure(self, segment: OpenSegment, closed: Iterable[OpenSegment], now_s: int = 0) -> None:
        """Compute the open segment's limit again; `closed` ones count as used. The segment does not
        end before `now_s` (session time, Unix s), since recorded time stays.
        """
        week = week_of(segment.slot)
        _, self._used_s = self._totals.totals(segment.t0, segment.ctr)
        self._used_s += sum(
            s.seconds for s in closed if s.ctr == segment.ctr and week_of(s.slot) == week
        )
        self.edge_s = segment.slot + SLOT
        if segment.terms.limit_s is not None and segment.terms.limit_rule == "stop":
            left_s = max(0, segment.terms.limit_s - self._used_s)
            self.edge_s = min(self.edge_s, max(now_s, segment.t0 + left_s))

    def stops(self, segment: OpenSegment) -> bool:
        """Whether the limit ends the segment at its edge."""
        limit_s = segment.terms.limit_s
        if limit_s is None or segment.terms.limit_rule != "stop":
            return False
        return self._used_s + self.edge_s - segment.t0 >= limit_s

    def warning(self, segment: OpenSegment, now: ClockReading) -> Notice | None:
        """The notice about the limit that is due now, if it was not shown this week."""
        limit_s = segment.terms.limit_s
        if not limit_s:
            return None
        used_s = self._used_s + segment.seconds_at(now)
        level = max((lv for lv in _LEVELS if used_s * 100 >= lv * limit_s), default=0)
        week = (segment.ctr, week_of(segment.slot))
        if level <= self._warned.get(week, 0):
            return None
        self._warned[week] = level
        if level == 100:
            return Notice("limit_unpaid", {"limit_s": limit_s})
        return Notice("limit_near", {"percent": level, "used_s": used_s, "limit_s": limit_s})
