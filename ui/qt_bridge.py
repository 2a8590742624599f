"""Passes values from other threads to Qt's thread.

The recorder, the upload worker and the startup report from separate threads. The bridge keeps
the newest value of each kind, and every call, and wakes Qt's thread once for all of them, so that a
busy program never works through a queue of old values. While no window is visible, a status that
changes nothing on the screen does not wake Qt's thread.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QImage

from ui.presenters.tray import shows_the_same

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tracker.diagnostics import Diagnosis
    from tracker.model.status import Status
    from ui.client.interface import (
        Client,
        Failure,
        LoadedPicture,
        LoginItemState,
        SegmentViews,
        SyncReport,
    )
    from ui.client.trial_picture import TrialPicture
    from ui.presenters.app_state import StartupPhase
    from uploader.export.week_check import WeekRecord
    from uploader.store.local_diary import LocalDay


#: The reports that no client makes.
_KEPT = frozenset({"diagnoses", "login_item", "data", "calls"})
#: The width of the small image, for a slot of the own diary.
SMALL_WIDTH = 200


def _both_sizes(data: bytes) -> tuple[QImage, QImage]:
    image = QImage.fromData(data) if data else QImage()
    if image.width() <= SMALL_WIDTH:
        return image, image
    smooth = Qt.TransformationMode.SmoothTransformation
    return image, image.scaledToWidth(SMALL_WIDTH, smooth)


def _call_all(calls: tuple[Callable[[], None], ...]) -> None:
    for call in calls:
        call()


class Bridge(QObject):
    """Any thread may call the `report_…` methods; the signals are emitted in Qt's thread."""

    status = Signal(object)
    sync = Signal(object)
    phase = Signal(object)
    day = Signal(object)
    picture = Signal(object)  # the digest of its file, and a `QImage`
    thumbnails = Signal(object)  # by the digests of their files: the `QImage`, and a small one
    manual = Signal(str)
    week = Signal(object)
    views = Signal(object)
    notice = Signal(str)
    applications = Signal(object)
    diagnoses = Signal(object)
    trial = Signal(object)
    login_item = Signal(object)
    data = Signal(object)  # a function to call in Qt's thread
    opened = Signal(object)
    failed = Signal(object)
    calls = Signal(object)  # functions to call in Qt's thread, oldest first
    _wake = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        # All guarded by the lock.
        self._waiting: dict[str, object] = {}
        self._closed = False
        self._throttled = False
        self._reported: Status | None = None
        self._held: Status | None = None
        self._wake.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self.calls.connect(_call_all)

    def report_status(self, status: Status) -> None:
        """Report the recorder's status."""
        with self._lock:
            if (
                self._throttled
                and self._reported is not None
                and shows_the_same(self._reported, status)
            ):
                self._held = status
                return
            self._reported, self._held = status, None
        self._put("status", status)

    def throttle(self) -> None:
        """Hold back each status that would change nothing on the screen, while no visible window
        shows seconds. Call it and `unthrottle` in Qt's thread.
        """
        with self._lock:
            self._throttled = True

    def unthrottle(self) -> Status | None:
        """Deliver every status from now on; returns the held one, if it is the newest."""
        with self._lock:
            self._throttled = False
            held, self._held = self._held, None
            if held is not None:
                self._reported = held
                # An older status that is not delivered yet must not arrive after it.
                self._waiting.pop("status", None)
            return held

    def report_sync(self, post: SyncReport) -> None:
        """Report the state of the upload, and the contracts."""
        self._put("sync", post)

    def report_phase(self, phase: StartupPhase) -> None:
        """Report the phase of the startup."""
        self._put("phase", phase)

    def report_day(self, day: LocalDay) -> None:
        """Report today's entries."""
        self._put("day", day)

    def report_picture(self, picture: LoadedPicture) -> None:
        """Report a picture's file; it is decoded in the caller's thread."""
        image = QImage.fromData(picture.data) if picture.data else QImage()
        self._put("picture", (picture.file, image))

    def report_thumbnails(self, thumbnails: Mapping[str, bytes]) -> None:
        """Report files of thumbnails by their digests; they are decoded in the caller's thread.
        Those that wait to be delivered stay.
        """
        images = {name: _both_sizes(data) for name, data in thumbnails.items()}
        self._put("thumbnails", images, lambda old, new: {**old, **new})

    def report_manual(self, code: str) -> None:
        """Report whether manual time was added: "", or the code of the problem."""
        self._put("manual", code)

    def report_week(self, record: WeekRecord) -> None:
        """Report the check of a week's record."""
        self._put("week", record)

    def report_views(self, views: SegmentViews) -> None:
        """Report who viewed the pictures of a segment."""
        self._put("views", views)

    def report_notice(self, code: str) -> None:
        """Report a notice by its code."""
        self._put("notice", code)

    def report_applications(self, names: tuple[str, ...]) -> None:
        """Report the applications that have windows now."""
        self._put("applications", names)

    def report_diagnoses(self, findings: tuple[Diagnosis, ...]) -> None:
        """Report the results of the checks; empty if the checks failed."""
        self._put("diagnoses", findings)

    def report_trial(self, picture: TrialPicture) -> None:
        """Report a picture that is only shown."""
        self._put("trial", picture)

    def report_login_item(self, state: LoginItemState) -> None:
        """Report whether the system starts the program at login."""
        self._put("login_item", state)

    def report_data(self, show: Callable[[], None]) -> None:
        """Report the result of work on the local data: `show` is called in Qt's thread."""
        self._put("data", show)

    def report_call(self, call: Callable[[], None]) -> None:
        """Report a function to call in Qt's thread; none replaces another one."""
        self._put("calls", (call,), lambda old, new: (*old, *new))

    def report_opened(self, client: Client) -> None:
        """Report that the client is open."""
        self._put("opened", client)

    def report_failed(self, failure: Failure) -> None:
        """Report that the client failed to open, or was signed out."""
        self._put("failed", failure)

    def forget(self) -> Client | None:
        """Drop what a client has reported and was not delivered. Returns a client that was reported
        as open, which nobody has then.
        """
        with self._lock:
            opened = self._waiting.get("opened")
            self._waiting = {name: self._waiting[name] for name in self._waiting if name in _KEPT}
            self._reported = self._held = None
        return cast("Client | None", opened)

    def close(self) -> None:
        """Deliver no further values; when this returns, no thread is inside the bridge."""
        with self._lock:
            self._closed = True

    def _put(
        self, name: str, value: object, merge: Callable[[Any, Any], object] | None = None
    ) -> None:
        """Replace an older value of the same kind, or merge it with the new one."""
        with self._lock:
            if self._closed:
                return
            first = not self._waiting
            # In the order of the newest values.
            older = self._waiting.pop(name, None)
            if merge is not None and older is not None:
                value = merge(older, value)
            self._waiting[name] = value
            if first:
                # Only posts an event. Within the lock, so that no thread emits after `close`.
                self._wake.emit()

    @Slot()
    def _deliver(self) -> None:
        with self._lock:
            waiting, self._waiting = self._waiting, {}
        for name, value in waiting.items():
            getattr(self, name).emit(value)
