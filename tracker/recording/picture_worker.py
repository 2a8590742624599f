"""Captures, masks, encodes and stores the requested pictures, and covers areas of stored ones, on a
worker thread.
"""

from __future__ import annotations

import logging
import queue
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from diary.core.vocabulary import PictureReason
from diary.formats.encoding import digest
from diary.interfaces import Clock
from diary.objects.picture import Blob, Masks, Picture
from tracker.capture.interface import CaptureBackend, CaptureError
from tracker.capture.picture_helper import cover_in_helper
from tracker.masking.masked_picture import take_masked
from tracker.masking.masker import Masker, UnavailableLocator
from tracker.masking.rules import Rules
from tracker.platform.heap import trim_heap
from tracker.recording.state.events import (
    CoverFailed,
    PaintCovers,
    PictureCovered,
    PictureFailed,
    PictureTaken,
    TakePicture,
)
from tracker.recording.unwritten_pictures import UnwrittenPictures

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.capture.interface import Encoded, Frame, HeldFrame, Mask

_log = logging.getLogger(__name__)


def _never() -> bool:
    return False


class PictureWorker:
    """Captures, masks, encodes and stores a picture in both sizes. Never raises.

    `guard` holds the masking rules; no picture reaches the store before it is masked. `locked`
    returns whether the screen is locked: then no picture is taken.
    """

    def __init__(
        self,
        backend: CaptureBackend,
        unwritten: UnwrittenPictures,
        clock: Clock,
        guard: Masker | None = None,
        locked: Callable[[], bool] = _never,
    ) -> None:
        self._backend = backend
        self._unwritten = unwritten
        self._clock = clock
        self._guard = guard or Masker(UnavailableLocator("windows are not located here"))
        self._locked = locked

    def take(self, order: TakePicture) -> tuple[PictureTaken | PictureFailed, OSError | None]:
        """The picture for `order`, or the reason for its absence; and the disk's error, if the
        picture is missing or only in memory because of it.
        """
        stored: list[str] = []
        try:
            return self._take(order, stored)
        except CaptureError as error:
            _log.info("no picture: %s", error)
            return self._failed(order, error.reason, stored), None
        except OSError as error:
            return self._failed(order, "error", stored), error
        except Exception:  # noqa: BLE001 - the record states `error`
            _log.exception("no picture: the capture failed with an unforeseen error")
            return self._failed(order, "error", stored), None
        finally:
            trim_heap()

    def cover(self, order: PaintCovers) -> tuple[PictureCovered | CoverFailed, OSError | None]:
        """The picture of `order` with its areas painted over, stored beside the earlier one; and
        the disk's error, if a file is missing or only in memory because of it.
        """
        stored: list[str] = []
        try:
            return self._cover(order, stored)
        except (CaptureError, OSError) as error:
            # Also for a picture that was deleted in the meantime.
            _log.info("a picture could not be covered: %s", error)
            refusal = error if isinstance(error, OSError) else None
        except Exception:  # noqa: BLE001 - the picture is destroyed instead
            _log.exception("a picture could not be covered: an unforeseen error")
            refusal = None
        finally:
            trim_heap()
        for sha in stored:
            if sha not in {order.picture.blob.sha256, order.picture.thumb.sha256}:
                self._forget(sha)
        return CoverFailed(order.picture_id, order.areas), refusal

    def _cover(
        self, order: PaintCovers, stored: list[str]
    ) -> tuple[PictureCovered, OSError | None]:
        old = order.picture
        data = self._unwritten.read(old.blob.sha256)
        if data is None or digest(data) != old.blob.sha256:
            raise CaptureError("error", "its file is missing or was changed")
        encoded = _paint_over(data, [*old.redacted, *order.areas])
        del data
        blobs, refusal = self._store(encoded, stored)
        new = replace(
            old,
            blob=blobs[0],
            w=encoded.w,
            h=encoded.h,
            thumb=blobs[1],
            redacted=tuple(dict.fromkeys(encoded.redacted)),
        )
        return PictureCovered(order.picture_id, order.areas, new, encoded.thumb), refusal

    def _store(self, picture: Encoded, stored: list[str]) -> tuple[list[Blob], OSError | None]:
        """Store both sizes; adds their digests to `stored`."""
        blobs, refusal = [], None
        for data in (picture.data, picture.thumb):
            sha, refused = self._unwritten.put(data)
            stored.append(sha)
            refusal = refusal or refused
            blobs.append(Blob(picture.mime, len(data), sha))
        return blobs, refusal

    def discard(self, answer: object) -> None:
        """Delete a picture that was taken after the engine had closed. One that was covered is
        covered again at the next start.
        """
        if isinstance(answer, PictureTaken):
            for sha in (answer.picture.blob.sha256, answer.picture.thumb.sha256):
                self._forget(sha)

    def _take(self, order: TakePicture, stored: list[str]) -> tuple[PictureTaken, OSError | None]:
        taken = take_masked(
            self._guard, self._backend, lambda backend: self._grab(backend, order), order.ctr
        )
        picture = taken.encoded
        blobs, refusal = self._store(picture, stored)
        shot = Picture(
            taken.at_ms,
            blobs[0],
            picture.w,
            picture.h,
            taken.screen,
            blobs[1],
            redacted=picture.redacted,
            masks=_disclosed(taken.rules),
        )
        return PictureTaken(order.segment_id, order.due, shot, picture.thumb), refusal

    def _grab(self, backend: CaptureBackend, order: TakePicture) -> Frame | HeldFrame:
        """Check before and after: a lock during the capture may precede its pixels."""
        self._refuse_if_locked()
        frame = backend.grab(lambda: order.mapping.at(self._clock.uptime_ms()))
        self._refuse_if_locked()
        return frame

    def _refuse_if_locked(self) -> None:
        if self._locked():
            raise CaptureError("locked", "the screen is locked")

    def _failed(
        self, order: TakePicture, reason: PictureReason, stored: list[str]
    ) -> PictureFailed:
        for sha in stored:
            self._forget(sha)
        return PictureFailed(order.segment_id, order.due, reason)

    def _forget(self, sha: str) -> None:
        try:
            self._unwritten.drop(sha)
        except OSError:
            _log.warning("an unneeded picture could not be deleted from the disk")


def _paint_over(data: bytes, areas: Sequence[Mask]) -> Encoded:
    """An encoded picture of this program with areas painted over. Raises CaptureError."""
    if sys.platform == "linux":
        return cover_in_helper(data, areas)
    else:  # noqa: RET505 - mypy checks one branch per platform
        from tracker.capture.encode import encode_masked, paint_over

        return encode_masked(paint_over(data, areas))


def _disclosed(rules: Rules) -> Masks | None:
    """The rules in force, as the record discloses them: without any name."""
    masks = Masks(
        allow=rules.allowed is not None,
        areas=bool(rules.regions),
        blur=rules.blur,
        deny=bool(rules.applications),
    )
    return None if masks == Masks() else masks


class Worker(Protocol):
    """Runs jobs asynchronously, one after the other."""

    def do(self, job: Callable[[], None]) -> None:
        """Run `job` after earlier ones."""

    def stop(self) -> None:
        """Accept no more jobs; does not wait for the current one."""


class SerialWorker:
    """A `Worker` on a daemon thread: a screen that never answers must not prevent quitting."""

    def __init__(self, name: str) -> None:
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def do(self, job: Callable[[], None]) -> None:
        """See `Worker`."""
        self._jobs.put(job)

    def stop(self) -> None:
        """See `Worker`."""
        self._jobs.put(None)

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            try:
                job()
            except Exception:  # noqa: BLE001 - the next job must run
                _log.exception("a job of the worker failed")
