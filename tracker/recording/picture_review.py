"""The pictures of all stretches that can still change: asked for at their moments, taken in, looked
at for the time that the terms give, and destroyed when they are not wanted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from tracker.model.status import PictureStatus as ShownPicture
from tracker.platform.clock import ClockReading
from tracker.recording import events
from tracker.recording.open_segment import OpenPicture, OpenSegment
from tracker.recording.seal_queue import SealQueue
from tracker.recording.session_clock import SessionClock
from tracker.recording.timers import Timing


class PictureReviewQueue:
    """`stretches` are always those that can still change. `shown` is the last picture as the
    screen may show it, None once it is nowhere any more.
    """

    def __init__(self, session: SessionClock, pending: SealQueue, pace: Timing) -> None:
        self._session = session
        self._pending = pending
        self._pace = pace
        self.shown: ShownPicture | None = None

    def ask(self, stretch: OpenSegment, now: ClockReading) -> list[events.Effect]:
        """Captures for the open stretch's moments that have come."""
        session_ms = stretch.fix.at(now.up)
        asked: list[events.Effect] = []
        for due in stretch.dues:
            if due > session_ms or due in stretch.asked or stretch.settled(due):
                continue
            if session_ms > due + stretch.terms.shot_tol_ms:
                stretch.failures[due] = "error"
            else:
                stretch.asked[due] = now.up
                asked.append(events.TakePicture(stretch.id, due, stretch.fix))
        return asked

    def add(
        self, stretches: Sequence[OpenSegment], event: events.PictureTaken, now: ClockReading
    ) -> list[events.Effect]:
        """A capture succeeded: announce the picture, or destroy it if nobody waits for it, or if
        it was not taken within its time.
        """
        stretch = next((s for s in stretches if s.id == event.stretch), None)
        shot, due = event.shot, event.due
        picture = OpenPicture(f"{event.stretch}.{due}", due, shot, event.thumb)
        if stretch is None or due not in stretch.asked:
            return self.drop([picture], stretches)
        del stretch.asked[due]
        self._pending.changed(stretch)
        if not due <= shot.at <= due + stretch.terms.shot_tol_ms:
            stretch.failures[due] = "error"
            return self.drop([picture], stretches)
        if stretch.finish is not None and shot.at >= stretch.t1 * 1000:
            return self.drop([picture], stretches)
        stretch.pictures.append(picture)
        self.show(stretch, picture, now)
        return []

    def failed(self, stretches: Iterable[OpenSegment], event: events.PictureFailed) -> None:
        """A capture failed."""
        for stretch in stretches:
            if stretch.id == event.stretch and stretch.asked.pop(event.due, None) is not None:
                stretch.failures[event.due] = event.reason
                self._pending.changed(stretch)

    def show(self, stretch: OpenSegment, picture: OpenPicture, now: ClockReading) -> None:
        """Announce a picture; the time to look at it begins now."""
        review_ms = stretch.terms.review_s * 1000
        picture.review_until = now.up + review_ms
        self.shown = ShownPicture(
            id=picture.id,
            taken_ms=picture.shot.at,
            thumb=picture.thumb,
            width=picture.shot.w,
            height=picture.shot.h,
            review_until_ms=self._session.fix().at(now.up + review_ms),
            state="review",
            gives_back_s=0,
        )
        if review_ms == 0:
            self.keep(stretch, picture)

    def expire(self, stretches: Iterable[OpenSegment], now: ClockReading) -> None:
        """What time alone decides: reviews that are over, captures that were never answered."""
        for stretch in stretches:
            for picture in stretch.pictures:
                if picture.in_review and now.up >= picture.review_ends(self._pace.hold):
                    self.keep(stretch, picture)
            for due, asked in [*stretch.asked.items()]:
                if now.up >= asked + self._pace.capture:
                    del stretch.asked[due]
                    stretch.failures[due] = "error"

    def deadlines(self, stretches: Iterable[OpenSegment]) -> list[int]:
        """Uptimes (ms) at which `expire` has something to do."""
        found = []
        for stretch in stretches:
            found += [p.review_ends(self._pace.hold) for p in stretch.pictures if p.in_review]
            found += [asked + self._pace.capture for asked in stretch.asked.values()]
        return found

    def find(
        self, stretches: Iterable[OpenSegment], id_: str
    ) -> tuple[OpenSegment, OpenPicture] | None:
        """A picture that can still be deleted, and its stretch."""
        return next(((s, p) for s in stretches for p in s.pictures if p.id == id_), None)

    def keep(self, stretch: OpenSegment, picture: OpenPicture) -> None:
        """The time to look at it is over."""
        picture.review_until = picture.held_since = None
        picture.thumb = b""
        self._pending.changed(stretch)
        if self.shown is not None and self.shown.id == picture.id:
            self.shown = replace(self.shown, state="kept", review_until_ms=None)

    def hold(self, picture: OpenPicture, held: bool, now: ClockReading) -> None:
        """Let its countdown stand still, or go on."""
        picture.hold(held, now.up)
        if self.shown is not None and self.shown.id == picture.id and picture.in_review:
            until = None if held else self._session.fix().at(picture.review_until or 0)
            self.shown = replace(self.shown, review_until_ms=until)

    def drop(
        self, pictures: Sequence[OpenPicture], stretches: Iterable[OpenSegment]
    ) -> list[events.Effect]:
        """Destroy pictures, which are in none of `stretches`; a twin of equal bytes that is in one
        keeps its files.
        """
        needed = {file for s in stretches for p in s.pictures for file in p.files}
        files = [file for p in pictures for file in p.files if file not in needed]
        if self.shown is not None and self.shown.id in {p.id for p in pictures}:
            self.shown = None
        return [events.DropBlobs(tuple(files))] if files else []
