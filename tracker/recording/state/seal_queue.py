"""Closed segments to be sealed, and outdated journal records.

Segments are sealed one at a time, in the order of their time, each when nothing can change it. A
disk that refuses delays everything and is retried later; nothing is dropped. Until then the data is
in memory, bounded by the length of a run without a disk.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tracker.platform.clock import ClockReading
from tracker.recording.state import events
from tracker.recording.state.open_segment import OpenSegment
from tracker.recording.state.timers import Timing


class SealQueue:
    """The closed segments that wait for the seal, oldest first in `segments`. `retry_at` is the
    uptime (ms) at which a failing disk is retried, `refused_since` that since which it fails.
    """

    def __init__(self, pace: Timing) -> None:
        self._pace = pace
        self._sealing: OpenSegment | None = None
        self._changed: set[str] = set()
        self._all_changed = False
        self._journaled_at = 0
        self.segments: list[OpenSegment] = []
        self.retry_at: int | None = None
        self.refused_since: int | None = None
        self._owed: list[events.Effect] = []

    def add(self, segment: OpenSegment) -> None:
        """Add a segment that was closed, or closed again at an earlier instant, or restored."""
        if segment not in self.segments:
            later = [i for i, s in enumerate(self.segments) if s.begin.up > segment.begin.up]
            self.segments.insert(later[0] if later else len(self.segments), segment)
        self.mark_changed(segment)

    def remove(self, segment: OpenSegment) -> None:
        """Remove a discarded segment."""
        self.segments = [s for s in self.segments if s is not segment]

    def mark_changed(self, segment: OpenSegment) -> None:
        """The journal's record of an open or closed segment is outdated."""
        self._changed.add(segment.id)

    def release_held(self) -> None:
        """Segments held back as possibly idle count as work."""
        for segment in self.segments:
            segment.held = False

    def is_sealing(self, segment: OpenSegment) -> bool:
        """Whether it is being sealed and can no longer change."""
        return segment is self._sealing

    def pop_sealed(self, segment_id: str) -> OpenSegment:
        """Remove and return the segment that was sealed or set aside; ValueError for others."""
        segment = self.segments[0]
        if segment is not self._sealing or segment.id != segment_id:
            raise ValueError("another segment was to be sealed")
        self.segments.pop(0)
        self._sealing = self.retry_at = None
        return segment

    def postpone(self, now: ClockReading, owed: Iterable[events.Effect] = ()) -> None:
        """The disk failed: keep everything and the effects in `owed`; retry later."""
        self._sealing = None
        self.retry_at = now.up + self._pace.retry
        self._journaled_at = 0
        self._all_changed = True
        self._owed += owed

    def owe(self, effects: Iterable[events.Effect]) -> None:
        """Destroy files once the journal no longer names them, or retry what failed."""
        self._owed += effects

    def disk_refused(self, now: ClockReading, owed: Iterable[events.Effect]) -> None:
        """As `postpone`, when the disk accepts nothing."""
        self.postpone(now, owed)
        if self.refused_since is None:
            self.refused_since = now.up

    def disk_works(self) -> None:
        """The disk accepts writes again."""
        self.refused_since = None
        self.retry_now()

    def refused_too_long(self, now: ClockReading) -> bool:
        """Whether memory holds too much to record more."""
        since = self.refused_since
        return since is not None and now.up - since >= self._pace.unwritten

    def retry_now(self) -> None:
        """Retry the disk now."""
        if self.retry_at is not None:
            self.retry_at = 0

    def effects(
        self,
        opened: OpenSegment | None,
        away: Sequence[OpenSegment],
        now: ClockReading,
        *,
        seals: bool = True,
    ) -> list[events.Effect]:
        """The effects for the disk; `opened` is the open segment, `away` the undecided idle time.
        Without `seals` everything is journaled and nothing sealed.
        """
        if self.retry_at is not None and now.up >= self.retry_at:
            self.retry_at = None
        if self.retry_at is not None or self._sealing is not None:
            return []
        if self._all_changed:
            self._all_changed = False
            self._changed.update(s.id for s in [*self.segments, *away])
        drops = [each for each in self._owed if isinstance(each, events.DropBlobs)]
        asked = [each for each in self._owed if not isinstance(each, events.DropBlobs)]
        self._owed = []
        if opened is not None:
            if now.up - self._journaled_at >= self._pace.journal:
                self.mark_changed(opened)
            if opened.id in self._changed:
                self._journaled_at = now.up
                asked.append(events.WriteJournal(opened, now))
        for segment in self.segments:
            if seals and segment is self.segments[0] and not segment.waiting:
                self._sealing = segment
                asked.append(events.SealSegment(segment))
            elif segment.id in self._changed:
                asked.append(events.WriteJournal(segment, segment.finish or now))
        asked += [events.WriteJournal(s, s.finish or now) for s in away if s.id in self._changed]
        self._changed.clear()
        return [*asked, *drops]
