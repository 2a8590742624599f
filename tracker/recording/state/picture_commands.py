"""Applies the events about pictures, of the person and the worker: keep, hold, cover, delete, undo.

Each of the person's actions counts as input.
"""

from __future__ import annotations

from tracker.platform.clock import ClockReading
from tracker.recording.state import events as e
from tracker.recording.state.active_run import ActiveRun
from tracker.recording.state.cover_areas import MAX_AREAS
from tracker.recording.state.effect_queue import EffectQueue
from tracker.recording.state.live_segments import LiveSegments
from tracker.recording.state.open_segment import Deletions, OpenPicture, OpenSegment
from tracker.recording.state.picture_review import PictureReviewQueue
from tracker.recording.state.timers import Timing


class PictureCommands:
    """Applies the events about pictures."""

    def __init__(
        self,
        segments: LiveSegments,
        pictures: PictureReviewQueue,
        deletions: Deletions,
        active: ActiveRun,
        effects: EffectQueue,
        timing: Timing,
    ) -> None:
        self._segments = segments
        self._pictures = pictures
        self._deletions = deletions
        self._active = active
        self._effects = effects
        self._timing = timing

    def apply(self, event: e.Event, now: ClockReading) -> None:
        """Apply an event; those about other things change nothing."""
        match event:
            case e.PictureTaken():
                self._effects.add(self._pictures.add(self._segments.unsealed, event, now))
            case e.PictureFailed():
                self._pictures.failed(self._segments.unsealed, event)
            case e.CoverPicture():
                self._cover(event, now)
            case e.PictureCovered():
                self._effects.add(self._pictures.covered(self._segments.with_pictures, event))
            case e.CoverFailed():
                self._pictures.cover_failed(self._segments.with_pictures, event)
            case e.KeepPicture() | e.HoldPicture():
                self._review(event, now)
            case e.DeletePicture():
                self._delete(event.picture, now)
            case e.UndoDeletion():
                self._undo(event.picture, now)
            case e.FinishDeletions():
                self._segments.finish_deletions()
            case _:
                pass

    def _delete(self, id_: str, now: ClockReading) -> None:
        if self._deletions.find(id_) or (found := self._find_unsealed(id_, now)) is None:
            return
        seconds = self._segments.delete(found[0], id_, now, now.up + self._timing.undo)
        if self._segments.open is None:
            self._active.open(now)
        self._effects.notify("given_back", seconds=seconds)

    def _undo(self, id_: str, now: ClockReading) -> None:
        if (deletion := self._deletions.find(id_)) is None:
            self._effects.notify("undo_late")
        else:
            self._active.saw_input(now)
            self._segments.restore(deletion, now)
            self._effects.notify("deletion_undone", seconds=deletion.segment.seconds)

    def _cover(self, event: e.CoverPicture, now: ClockReading) -> None:
        found = self._find_unsealed(event.picture, now)
        if found is not None and not self._pictures.cover(*found, event.areas, now):
            self._effects.notify("cover_refused", limit=MAX_AREAS)

    def _find_unsealed(self, id_: str, now: ClockReading) -> tuple[OpenSegment, OpenPicture] | None:
        found = self._pictures.find(self._segments.with_pictures, id_)
        if found is None:
            self._effects.notify("picture_gone")
        else:
            self._active.saw_input(now)
        return found

    def _review(self, event: e.KeepPicture | e.HoldPicture, now: ClockReading) -> None:
        found = self._pictures.find(self._segments.with_pictures, event.picture)
        if found is not None and isinstance(event, e.HoldPicture):
            self._pictures.hold(found[1], event.held, now)
        elif found is not None:
            self._active.saw_input(now)
            self._pictures.keep(*found)
