"""The segments that can still change: the open one, closed ones, undecided idle time.

Closing, discarding and splitting a segment keeps its pictures, its journal record and its position
in the seal queue consistent.

The journal record of a deleted segment is gone at once, so that a crash carries out the deletion;
its pictures stay on the disk until it is too late to undo that. Until then nothing is sealed, since
a segment that returns precedes the later ones.
"""

from __future__ import annotations

from diary.core.vocabulary import End
from tracker.platform.clock import ClockReading
from tracker.recording.state.effect_queue import EffectQueue
from tracker.recording.state.events import ForgetJournal, Recovered
from tracker.recording.state.open_segment import Deletions, OpenSegment, UndoableDeletion
from tracker.recording.state.picture_review import PictureReviewQueue
from tracker.recording.state.seal_queue import SealQueue


class LiveSegments:
    """Segments that may still change. `last_t1` (Unix s): end of all recorded or closed time."""

    def __init__(
        self,
        pictures: PictureReviewQueue,
        queue: SealQueue,
        effects: EffectQueue,
        deletions: Deletions,
    ) -> None:
        self._deletions = deletions
        self._pictures = pictures
        self._queue = queue
        self._effects = effects
        self.last_t1 = 0
        self.open: OpenSegment | None = None
        #: Undecided idle time: closed and journaled, but not sealed.
        self.undecided: list[OpenSegment] = []
        #: Segments of the open segment's slot, sealed ones too, from which the slot's bars are
        #: drawn.
        self.of_slot: list[OpenSegment] = []

    @property
    def closed(self) -> list[OpenSegment]:
        """Closed segments that are not sealed yet, oldest first."""
        return self._queue.segments

    @property
    def unsealed(self) -> list[OpenSegment]:
        """The closed segments and the open one, oldest first."""
        return [*self.closed, *([self.open] if self.open else [])]

    @property
    def with_pictures(self) -> list[OpenSegment]:
        """All segments whose pictures can still be deleted."""
        return [*self.unsealed, *self.undecided]

    @property
    def counted(self) -> list[OpenSegment]:
        """The closed segments, and those whose deletion can still be undone."""
        return [*self.closed, *self._deletions.segments]

    def add_open(self, segment: OpenSegment) -> None:
        """Add a segment that has just begun."""
        self.open = segment
        self.of_slot = [s for s in self.of_slot if s.slot == segment.slot] + [segment]
        self._queue.mark_changed(segment)

    def close_open(self, at: ClockReading, end: End) -> None:
        """Close the open segment at `at`, if there is one."""
        if self.open is not None:
            self.close(self.open, at, end)
            self.open = None

    def close(self, segment: OpenSegment, at: ClockReading, end: End) -> None:
        """Close a segment at `at`, or move its end back to `at`; discard it if no second is left.

        No capture starts for it afterwards.
        """
        self._effects.add(self._pictures.drop(segment.close(at, end), self.with_pictures))
        self._effects.cancel_captures(segment)
        if segment.seconds <= 0:
            self.discard(segment)
            return
        self._queue.add(segment)
        self.last_t1 = max(self.last_t1, segment.t1)

    def discard(self, segment: OpenSegment) -> None:
        """Delete a segment with its pictures."""
        self._remove(segment)
        self._effects.add(self._pictures.drop(segment.pictures, self.with_pictures))

    def _remove(self, segment: OpenSegment) -> None:
        self._effects.cancel_captures(segment)
        self._queue.remove(segment)
        self.of_slot = [s for s in self.of_slot if s is not segment]
        self.undecided = [s for s in self.undecided if s is not segment]
        if self.open is segment:
            self.open = None
        # The journal first: a crash in between leaves an extra file, never extra time.
        self._effects.add([ForgetJournal(segment.id)])

    def delete(self, segment: OpenSegment, picture: str, now: ClockReading, until: int) -> int:
        """Delete a segment because of its picture, so that it can return until uptime `until`; an
        open one ends now. Returns its seconds.
        """
        undecided = any(each is segment for each in self.undecided)
        lost = segment.close(now, "switch") if self.open is segment else []
        for due in segment.requested:
            # The capture's result will find no segment.
            segment.failures[due] = "error"
        self._remove(segment)
        segment.requested.clear()
        deletion = UndoableDeletion(picture, segment, until, lost, undecided)
        self._deletions.pending.append(deletion)
        self._pictures.show_deleted(deletion)
        if segment.seconds <= 0:
            self._finish_deletion(deletion)
        return segment.seconds

    def _finish_deletion(self, deletion: UndoableDeletion) -> None:
        """Make a deletion final: destroy its pictures."""
        self._deletions.remove(deletion)
        pictures = [*deletion.segment.pictures, *deletion.lost]
        self._pictures.show_final(deletion)
        self._effects.add(self._pictures.destroy(pictures, self.with_pictures))

    def finish_deletions(self, up: int | None = None) -> bool:
        """Make all deletions final, or those whose time to undo is over at uptime `up`; returns
        whether there was one.
        """
        over = [each for each in self._deletions.pending if up is None or up >= each.until]
        for deletion in over:
            self._finish_deletion(deletion)
        return bool(over)

    def restore(self, deletion: UndoableDeletion, now: ClockReading) -> None:
        """Undo a deletion."""
        segment = deletion.segment
        self._deletions.remove(deletion)
        self._effects.add(self._pictures.drop(deletion.lost, self.with_pictures))
        if deletion.undecided:
            self.undecided = _by_time([*self.undecided, segment])
            self._queue.mark_changed(segment)
        else:
            self._queue.add(segment)
            self.last_t1 = max(self.last_t1, segment.t1)
        self.of_slot = _by_time([*self.of_slot, segment])
        self._pictures.restored(deletion, now)

    def _finish_undecided(self) -> None:
        """Deleted idle time can no longer return once the person has decided about the rest."""
        for deletion in [each for each in self._deletions.pending if each.undecided]:
            self._finish_deletion(deletion)

    def cut_idle(self, last_input: ClockReading, now: ClockReading) -> int:
        """End all unsealed work at the last input; set the time after it apart if the terms allow
        the person to keep it. Returns the undecided seconds.
        """
        for segment in self.unsealed:
            if segment is not self.open and not segment.held:
                continue
            if segment.finish is not None and segment.finish.up <= last_input.up:
                continue
            self._set_apart(segment, last_input, now)
            if segment.begin.up >= last_input.up:
                self.discard(segment)
            else:
                self.close(segment, last_input, "idle")
        self.open = None
        return sum(segment.seconds for segment in self.undecided)

    def _set_apart(self, segment: OpenSegment, at: ClockReading, now: ClockReading) -> None:
        """Move the idle time of a segment, with its pictures, to the undecided idle time."""
        if not segment.terms.kept:
            return
        tail = segment.idle_tail(f"{segment.id}-idle", at, now)
        if tail.seconds <= 0:
            return
        tail.pictures = [p for p in segment.pictures if p.due >= tail.t0 * 1000]
        segment.pictures = [p for p in segment.pictures if p not in tail.pictures]
        outside = tail.close(tail.finish or now, tail.end)
        self._effects.add(self._pictures.drop(outside, self.with_pictures))
        self.undecided.append(tail)
        self._queue.mark_changed(tail)

    def keep_idle(self, note: str) -> None:
        """Seal the undecided idle time with this note."""
        self._finish_undecided()
        for segment in self.undecided:
            segment.note = note
            self._queue.add(segment)
            self.last_t1 = max(self.last_t1, segment.t1)
        self.undecided = []

    def discard_idle(self) -> None:
        """Delete the undecided idle time."""
        self._finish_undecided()
        undecided, self.undecided = self.undecided, []
        for segment in undecided:
            self.discard(segment)

    def recover(self, event: Recovered, now: ClockReading) -> None:
        """Add a segment of an earlier start; its reviews start again."""
        segment = event.segment
        if segment.kind == "kept" and not segment.note:
            segment.close(event.upto, event.end)
            self.undecided.append(segment)
        else:
            self.close(segment, event.upto, event.end)
        self._pictures.resume(segment, now)


def _by_time(segments: list[OpenSegment]) -> list[OpenSegment]:
    return sorted(segments, key=lambda segment: segment.begin.up)
