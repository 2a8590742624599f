"""Carries out the recorder's effects: on disk, in the journal, on the screen."""

from __future__ import annotations

import logging
from collections.abc import Callable

from tracker.recording.journal import Journal
from tracker.recording.sealer import Sealer, UnsealableError, WrongClockError
from tracker.recording.state import events as e
from tracker.recording.state.open_segment import OpenSegment
from tracker.recording.status_publisher import StatusPublisher
from tracker.recording.storage_errors import StorageErrors
from tracker.recording.unwritten_pictures import UnwrittenPictures

_log = logging.getLogger(__name__)


class EffectRunner:
    """Belongs to the engine's thread. `capture` starts a capture and `paint` the covering of a
    picture; both return at once. `notify` shows a notice; `in_memory` returns whether the recorder
    holds data that the disk refused.

    The pictures of a segment are flushed before the segment is journaled or sealed, so that a
    record never names a picture that is not on disk.
    """

    def __init__(
        self,
        journal: Journal,
        sealer: Sealer,
        unwritten: UnwrittenPictures,
        errors: StorageErrors,
        publisher: StatusPublisher,
        *,
        capture: Callable[[e.TakePicture], None],
        paint: Callable[[e.PaintCovers], None],
        notify: Callable[[e.Notify], None],
        in_memory: Callable[[], bool],
    ) -> None:
        self._journal = journal
        self._sealer = sealer
        self._unwritten = unwritten
        self._errors = errors
        self._publisher = publisher
        self._capture = capture
        self._paint = paint
        self._notify = notify
        self._in_memory = in_memory

    def run(self, effect: e.Effect) -> list[e.Event]:
        """Carry out one effect; returns the resulting events. Raises OSError."""
        match effect:
            case e.TakePicture():
                self._capture(effect)
            case e.PaintCovers():
                self._paint(effect)
            case e.WriteJournal():
                self._unwritten.flush(_files(effect.segment))
                self._journal.write(effect.segment, effect.upto)
                return self._worked()
            case e.ForgetJournal():
                self._journal.forget(effect.segment_id)
            case e.DropBlobs():
                for sha in effect.digests:
                    self._unwritten.drop(sha)
            case e.SealSegment():
                sealed = self._seal(effect)
                # The caller handles the events last to first, so the seal's event comes first.
                return [*self._worked(), sealed]
            case e.Notify():
                self._notify(effect)
        return []

    def _worked(self) -> list[e.Event]:
        """The disk accepted a write."""
        self._errors.clear()
        return [e.StorageWorks()] if self._in_memory() else []

    def _seal(self, effect: e.SealSegment) -> e.Event:
        self._unwritten.flush(_files(effect.segment))
        try:
            self._sealer.seal(effect.segment)
        except UnsealableError as error:
            wrong = isinstance(error, WrongClockError)
            level = logging.INFO if wrong else logging.ERROR
            _log.log(level, "a segment cannot be sealed and is set aside: %s", error)
            self._journal.set_aside(effect.segment)
            return e.JournalSetAside(effect.segment.id, wrong)
        self._publisher.seals += 1
        return e.Sealed(effect.segment.id)


def _files(segment: OpenSegment) -> list[str]:
    return [sha for picture in segment.pictures for sha in picture.files]
