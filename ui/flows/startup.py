"""Opens the client on a separate thread, and again after a temporary failure."""

from __future__ import annotations

import logging
import random
import threading
import time
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from ui.client.interface import ClientCallbacks, Failure, code_of
from uploader.retry import Outcome, Wait, decide

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.client.interface import Client
    from ui.qt_bridge import Bridge

log = logging.getLogger(__name__)

#: Real seconds for sealing and for ending the threads; what is not sealed is in the journal.
CLOSING_S = 1.8
#: Real seconds for the upload of pending work when a marketplace is left; the rest waits there.
LEAVING_S = 10.0


class StartupFlow(QObject):
    """Reports the client or its failure to the bridge. Nothing is reported of an attempt that is
    not the newest one, or of a client that was left.
    """

    opening = Signal()  # an attempt begins
    closed = Signal()  # the work for a marketplace that is not open has ended

    def __init__(
        self,
        open_client: Callable[[ClientCallbacks], Client],
        site: Callable[[], str],
        bridge: Bridge,
        parent: QObject,
    ) -> None:
        """`open_client` opens the marketplace whose address `site` returns."""
        super().__init__(parent)
        self._open_client = open_client
        self._site = site
        self._bridge = bridge
        self._failures = 0
        self._lock = threading.Lock()
        # Guarded by the lock: while a thread reports for an attempt, it stays the newest one.
        self._attempt = 0
        #: The threads that work for marketplaces which are not open, by their addresses.
        self._others: dict[str, threading.Thread] = {}
        self.retry_timer = QTimer(self)
        self.retry_timer.setSingleShot(True)
        self.retry_timer.timeout.connect(self.open)

    def open(self) -> None:
        """Begin an attempt now. It waits until a client of the same marketplace is closed."""
        self.retry_timer.stop()
        self.opening.emit()
        with self._lock:
            self._attempt += 1
            number = self._attempt
        before = self._others.get(self._site())
        threading.Thread(
            target=self._open, args=(number, before), name="workdiary-open", daemon=True
        ).start()

    def open_later(self, retry_after_s: float | None) -> None:
        """Begin an attempt after a pause, which grows with each failure and is never shorter than
        `retry_after_s`, the seconds that the marketplace asked for.
        """
        self._failures += 1
        outcome = Outcome.UNREACHED if retry_after_s is None else Outcome.BUSY
        step = decide(outcome, self._failures, retry_after_s, random.random())  # noqa: S311
        if isinstance(step, Wait):
            self.retry_timer.start(round(step.seconds * 1000))

    def stop(self) -> None:
        """Begin no further attempt."""
        self.retry_timer.stop()

    @property
    def is_working(self) -> bool:
        """Whether something still works for a marketplace that is not open."""
        return bool(self._others)

    def leave(self, client: Client | None) -> None:
        """Leave the marketplace: its client uploads what waits and closes on a thread. A running
        attempt comes to nothing. What they report from now on is dropped.
        """
        self.stop()
        self._failures = 0
        with self._lock:
            self._attempt += 1
            late = self._bridge.forget()
        client = client or late
        if client is not None:
            self._begin(self._site(), partial(client.leave, LEAVING_S))

    def run_before_open(self, site: str, work: Callable[[], None]) -> None:
        """Run `work` with the folder of a marketplace that is not open, on a thread. An attempt to
        open it waits for the end.
        """
        if site not in self._others:
            self._begin(site, work)

    def close(self, client: Client | None) -> None:
        """The program ends: close the client, and wait for the end of all work for marketplaces
        that are not open, at most `CLOSING_S` together.
        """
        end = time.monotonic() + CLOSING_S
        if client is not None:
            client.close(CLOSING_S)
        for thread in (*self._others.values(),):
            thread.join(max(0.0, end - time.monotonic()))

    def _begin(self, site: str, work: Callable[[], None]) -> None:
        thread = threading.Thread(
            target=self._run, args=(site, work), name="workdiary-other", daemon=True
        )
        self._others[site] = thread
        thread.start()

    def _run(self, site: str, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:
            level = logging.WARNING if code_of(error) == "internal" else logging.INFO
            log.log(level, "work for another marketplace failed", exc_info=error)
        del self._others[site]
        self._bridge.report_call(self.closed.emit)

    def _open(self, number: int, before: threading.Thread | None) -> None:
        if before is not None:
            before.join()
        try:
            client = self._open_client(self._callbacks(number))
        except Exception as error:
            code = code_of(error)
            level = logging.ERROR if code == "internal" else logging.INFO
            log.log(level, "the client could not be opened", exc_info=error)
            failure = Failure(code, getattr(error, "retry_after_s", None))
            self._current(number, self._bridge.report_failed)(failure)
            return
        with self._lock:
            if number == self._attempt:
                self._bridge.report_opened(client)
                return
        # The person has gone on to another marketplace.
        client.close(CLOSING_S)

    def _callbacks(self, number: int) -> ClientCallbacks:
        bridge = self._bridge
        return ClientCallbacks(
            *(
                self._current(number, report)
                for report in (
                    bridge.report_phase,
                    bridge.report_status,
                    bridge.report_sync,
                    bridge.report_day,
                    bridge.report_notice,
                    bridge.report_applications,
                    bridge.report_trial,
                    bridge.report_picture,
                    bridge.report_thumbnails,
                    bridge.report_manual,
                    bridge.report_week,
                    bridge.report_views,
                )
            )
        )

    def _current(self, number: int, report: Callable[[Any], None]) -> Callable[[Any], None]:
        """Report only while the attempt is the newest one."""

        def checked(value: Any) -> None:
            with self._lock:
                if number == self._attempt:
                    report(value)

        return checked
