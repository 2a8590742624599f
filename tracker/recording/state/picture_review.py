"""The pictures of all segments that can still change: requested at their scheduled times, reviewed
for the duration in the terms or a longer one, covered in part, destroyed when deleted.

A picture whose areas cannot be covered is destroyed (`masked`); its time stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal

from tracker.model.status import Notice
from tracker.model.status import PictureStatus as ShownPicture
from tracker.platform.clock import ClockReading
from tracker.recording.state import events
from tracker.recording.state.cover_areas import Area, checked_areas
from tracker.recording.state.open_segment import (
    Deletions,
    OpenPicture,
    OpenSegment,
    UndoableDeletion,
)
from tracker.recording.state.seal_queue import SealQueue
from tracker.recording.state.session_clock import SessionClock
from tracker.recording.state.timers import Timing


class PictureReviewQueue:
    """The pictures of the segments that can still change, until their review ends. `shown` is the
    last picture for the screen, None once it is deleted.
    """

    def __init__(
        self, session: SessionClock, pending: SealQueue, pace: Timing, deletions: Deletions
    ) -> None:
        self._session = session
        self._deletions = deletions
        self._pending = pending
        self._pace = pace
        self._orders: list[events.Effect] = []
        #: The least review (ms), also if the terms allow a shorter one. Read for each picture.
        self.minimum_ms = 0
        self.shown: ShownPicture | None = None

    def request_due(self, segment: OpenSegment, now: ClockReading) -> list[events.Effect]:
        """Captures for the open segment's picture times that have passed."""
        session_ms = segment.mapping.at(now.up)
        asked: list[events.Effect] = []
        for due in segment.picture_times:
            if due > session_ms or due in segment.requested or segment.is_resolved(due):
                continue
            if session_ms > due + segment.terms.shot_tol_ms:
                segment.failures[due] = "error"
            else:
                segment.requested[due] = now.up
                asked.append(events.TakePicture(segment.id, due, segment.mapping, segment.ctr))
        return asked

    def add(
        self, segments: Sequence[OpenSegment], event: events.PictureTaken, now: ClockReading
    ) -> list[events.Effect]:
        """A capture succeeded: show the picture, or delete it if it is unexpected or was not taken
        within its time.
        """
        segment = next((s for s in segments if s.id == event.segment_id), None)
        shot, due = event.picture, event.due
        picture = OpenPicture(f"{event.segment_id}.{due}", due, shot, event.thumb)
        if segment is None or due not in segment.requested:
            return self.drop([picture], segments)
        del segment.requested[due]
        self._pending.mark_changed(segment)
        if not due <= shot.at <= due + segment.terms.shot_tol_ms:
            segment.failures[due] = "error"
            return self.drop([picture], segments)
        if segment.finish is not None and shot.at >= segment.t1 * 1000:
            return self.drop([picture], segments)
        segment.pictures.append(picture)
        self.show(segment, picture, now)
        return []

    def failed(self, segments: Iterable[OpenSegment], event: events.PictureFailed) -> None:
        """A capture failed."""
        for segment in segments:
            if (
                segment.id == event.segment_id
                and segment.requested.pop(event.due, None) is not None
            ):
                segment.failures[event.due] = event.reason
                self._pending.mark_changed(segment)

    def show(self, segment: OpenSegment, picture: OpenPicture, now: ClockReading) -> None:
        """Show a picture; its review begins now."""
        review_ms = max(segment.terms.review_s * 1000, self.minimum_ms)
        picture.review_until = now.up + review_ms
        self.shown = ShownPicture(
            id=picture.id,
            taken_ms=picture.picture.at,
            thumb=picture.thumb,
            width=picture.picture.w,
            height=picture.picture.h,
            review_until_ms=self._session.mapping().at(now.up + review_ms),
            state="review",
            removes_s=0,
            file=picture.picture.blob.sha256,
            review_ms=review_ms,
        )
        if review_ms == 0:
            self.keep(segment, picture)

    def expire(self, segments: Sequence[OpenSegment], now: ClockReading) -> None:
        """End reviews whose time is over, and captures without a result."""
        for segment in segments:
            for picture in [*segment.pictures]:
                if picture.in_review and now.up >= picture.review_ends(self._pace.hold):
                    self.keep(segment, picture)
                if picture.areas and now.up >= picture.covering_since + self._pace.capture:
                    self._withhold(segment, picture, segments)
            for due, asked in [*segment.requested.items()]:
                if now.up >= asked + self._pace.capture:
                    del segment.requested[due]
                    segment.failures[due] = "error"

    def deadlines(self, segments: Iterable[OpenSegment]) -> list[int]:
        """Uptimes (ms) at which `expire` has work."""
        found = []
        for segment in segments:
            found += [p.review_ends(self._pace.hold) for p in segment.pictures if p.in_review]
            found += [p.covering_since + self._pace.capture for p in segment.pictures if p.areas]
            found += [asked + self._pace.capture for asked in segment.requested.values()]
        return found

    def find(
        self, segments: Iterable[OpenSegment], id_: str
    ) -> tuple[OpenSegment, OpenPicture] | None:
        """A picture that can still change, and its segment."""
        found = ((s, p) for s in segments for p in s.pictures if p.id == id_)
        return next((each for each in found if not self._pending.is_sealing(each[0])), None)

    def keep(self, segment: OpenSegment, picture: OpenPicture) -> None:
        """End its review."""
        picture.review_until = picture.held_since = None
        picture.thumb = b""
        self._pending.mark_changed(segment)
        if self.shown is not None and self.shown.id == picture.id:
            self.shown = replace(self.shown, state=_state(picture), review_until_ms=None)

    def cover(
        self, segment: OpenSegment, picture: OpenPicture, areas: Sequence[Area], now: ClockReading
    ) -> bool:
        """Cover areas, also of a picture whose review is over, and end its review. Returns whether
        that is possible; if not, the person has the whole review again.
        """
        try:
            checked = checked_areas(picture.picture, [*picture.areas, *areas])
        except ValueError:
            self.show(segment, picture, now)
            return False
        picture.areas = checked
        self.keep(segment, picture)
        self.paint(picture, now)
        return True

    def paint(self, picture: OpenPicture, now: ClockReading) -> None:
        """Have its areas painted over."""
        picture.covering_since = now.up
        self._orders.append(events.PaintCovers(picture.id, picture.areas, picture.picture))

    def take_orders(self) -> list[events.Effect]:
        """Pictures to be painted, for after the journal has their areas, and notices."""
        orders, self._orders = self._orders, []
        return orders

    def covered(
        self, segments: Sequence[OpenSegment], event: events.PictureCovered
    ) -> list[events.Effect]:
        """Use the covered picture; destroy the earlier one once the journal has the covered one."""
        segment, picture = self.find(segments, event.picture_id) or (None, None)
        if segment is None or picture is None or picture.areas != event.areas:
            # Deleted, or covered further, in the meantime.
            unused = OpenPicture(event.picture_id, 0, event.picture, b"")
            return self.destroy([unused], segments)
        earlier = replace(picture)
        picture.picture, picture.areas = event.picture, ()
        picture.thumb = event.thumb if picture.in_review else b""
        self._pending.mark_changed(segment)
        self._pending.owe(self.destroy([earlier], segments))
        if self.shown is not None and self.shown.id == picture.id:
            self.shown = replace(
                self.shown,
                thumb=event.thumb,
                file=event.picture.blob.sha256,
                state=_state(picture),
            )
        return []

    def cover_failed(self, segments: Sequence[OpenSegment], event: events.CoverFailed) -> None:
        """Destroy the picture, unless it was deleted, or covered further, in the meantime."""
        segment, picture = self.find(segments, event.picture_id) or (None, None)
        if segment is not None and picture is not None and picture.areas == event.areas:
            self._withhold(segment, picture, segments)

    def _withhold(
        self, segment: OpenSegment, picture: OpenPicture, segments: Sequence[OpenSegment]
    ) -> None:
        segment.pictures = [each for each in segment.pictures if each is not picture]
        segment.failures[picture.due] = "masked"
        self._pending.mark_changed(segment)
        self._pending.owe(self.drop([picture], segments))
        self._orders.append(events.Notify(Notice("cover_failed")))

    def hold(self, picture: OpenPicture, held: bool, now: ClockReading) -> None:
        """Pause or resume its countdown."""
        picture.hold(held, now.up)
        if self.shown is not None and self.shown.id == picture.id and picture.in_review:
            until = None if held else self._session.mapping().at(picture.review_until or 0)
            self.shown = replace(self.shown, review_until_ms=until)

    def show_deleted(self, deletion: UndoableDeletion) -> None:
        """Show the deletion, if its picture is shown."""
        if self.shown is not None and self.shown.id == deletion.picture:
            self.shown = replace(
                self.shown,
                state="deleted",
                review_until_ms=None,
                undo_until_ms=self._session.mapping().at(deletion.until),
                removes_s=deletion.segment.seconds,
            )

    def show_final(self, deletion: UndoableDeletion) -> None:
        """Show that a deletion is final."""
        if self.shown is not None and self.shown.id == deletion.picture:
            self.shown = replace(self.shown, thumb=b"", file="", undo_until_ms=None)

    def restored(self, deletion: UndoableDeletion, now: ClockReading) -> None:
        """Continue with the pictures of a segment that returned."""
        for picture in deletion.segment.pictures:
            if self.shown is not None and self.shown.id == picture.id:
                self.shown = replace(
                    self.shown, state=_state(picture), undo_until_ms=None, removes_s=0
                )
        self.resume(deletion.segment, now)

    def resume(self, segment: OpenSegment, now: ClockReading) -> None:
        """Start the reviews and covers again that a crash or a deletion interrupted."""
        for picture in segment.pictures:
            if picture.areas:
                self.paint(picture, now)
            if picture.in_review:
                picture.held_since = None
                self.show(segment, picture, now)

    def drop(
        self, pictures: Sequence[OpenPicture], segments: Iterable[OpenSegment]
    ) -> list[events.Effect]:
        """Delete pictures that are in none of `segments`; the files of a picture with equal bytes
        in one of them, or in one that can return, stay.
        """
        if self.shown is not None and self.shown.id in {p.id for p in pictures}:
            self.shown = None
        return self.destroy(pictures, segments)

    def destroy(
        self, pictures: Sequence[OpenPicture], segments: Iterable[OpenSegment]
    ) -> list[events.Effect]:
        """As `drop`; a deletion stays shown."""
        others = [p for s in segments for p in s.pictures]
        needed = {file for p in [*others, *self._deletions.pictures] for file in p.files}
        files = [file for p in pictures for file in p.files if file not in needed]
        return [events.DropBlobs(tuple(files))] if files else []


def _state(picture: OpenPicture) -> Literal["review", "covering", "kept"]:
    if picture.areas:
        return "covering"
    return "review" if picture.in_review else "kept"
