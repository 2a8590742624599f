"""The one place where values cross into Qt's thread.

The recorder, the upload worker and the opening run in threads of their own and call back from
there. The bridge keeps the last value of each kind and wakes Qt's thread once for all that came
since, so that a busy screen never works through a queue of old moments. While no window is shown,
a status that changes nothing on the screen wakes nobody.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot

from ui.presenters.tray import shows_the_same

if TYPE_CHECKING:
    from tracker.diagnostics import Diagnosis
    from tracker.model.status import Status
    from ui.client.interface import Client, Failure, SyncReport
    from ui.presenters.app_state import StartupPhase
    from uploader.store.local_diary import LocalDay


class Bridge(QObject):
    """Methods named `tell_…` may be called from any thread; the signals come in Qt's thread."""

    status = Signal(object)
    sync = Signal(object)
    phase = Signal(object)
    day = Signal(object)
    notice = Signal(str)
    applications = Signal(object)
    diagnoses = Signal(object)
    opened = Signal(object)
    failed = Signal(object)
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

    def report_status(self, status: Status) -> None:
        """The recorder's status."""
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
        """Hold back each status that would change nothing on the screen: no window is there that
        changes by the second. For Qt's thread, as is `spare_not`.
        """
        with self._lock:
            self._throttled = True

    def unthrottle(self) -> Status | None:
        """Hold back none any more; returns the one that was held back last, if it is the newest."""
        with self._lock:
            self._throttled = False
            held, self._held = self._held, None
            if held is not None:
                self._reported = held
                # An older one that is still on its way must not come after it.
                self._waiting.pop("status", None)
            return held

    def report_sync(self, post: SyncReport) -> None:
        """What the upload worker knows."""
        self._put("sync", post)

    def report_phase(self, phase: StartupPhase) -> None:
        """How far the opening has come."""
        self._put("phase", phase)

    def report_day(self, day: LocalDay) -> None:
        """Today's own diary."""
        self._put("day", day)

    def report_notice(self, code: str) -> None:
        """What a person should hear of."""
        self._put("notice", code)

    def report_applications(self, names: tuple[str, ...]) -> None:
        """Which applications have windows now."""
        self._put("applications", names)

    def report_diagnoses(self, findings: tuple[Diagnosis, ...]) -> None:
        """What works on this computer; nothing where that could not be found out."""
        self._put("diagnoses", findings)

    def report_opened(self, client: Client) -> None:
        """The client is ready."""
        self._put("opened", client)

    def report_failed(self, failure: Failure) -> None:
        """The client cannot be made ready."""
        self._put("failed", failure)

    def close(self) -> None:
        """Carry nothing any more; when this returns, no thread is on the bridge."""
        with self._lock:
            self._closed = True

    def _put(self, name: str, value: object) -> None:
        with self._lock:
            if self._closed:
                return
            first = not self._waiting
            # An older value of the same kind is dropped, its place in the order as well.
            self._waiting.pop(name, None)
            self._waiting[name] = value
            if first:
                # Only posts an event. Within the lock, so that nobody emits after `close`.
                self._wake.emit()

    @Slot()
    def _deliver(self) -> None:
        with self._lock:
            waiting, self._waiting = self._waiting, {}
        for name, value in waiting.items():
            getattr(self, name).emit(value)
