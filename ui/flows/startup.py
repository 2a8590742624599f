"""Opens the client on a separate thread, and again after a temporary failure."""

from __future__ import annotations

import logging
import random
import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from ui.client.interface import ClientCallbacks, Failure, code_of
from uploader.retry import Outcome, Wait, decide

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.client.interface import Client
    from ui.qt_bridge import Bridge

log = logging.getLogger(__name__)


class StartupFlow(QObject):
    """Reports the client or its failure to the bridge."""

    opening = Signal()  # an attempt begins

    def __init__(
        self, open_client: Callable[[ClientCallbacks], Client], bridge: Bridge, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._open_client = open_client
        self._bridge = bridge
        self._attempts = 0
        self.retry_timer = QTimer(self)
        self.retry_timer.setSingleShot(True)
        self.retry_timer.timeout.connect(self.open)

    def open(self) -> None:
        """Begin an attempt now."""
        self.retry_timer.stop()
        self.opening.emit()
        threading.Thread(target=self._open, name="workdiary-open", daemon=True).start()

    def open_later(self, retry_after_s: float | None) -> None:
        """Begin an attempt after a pause, which grows with each failure and is never shorter than
        `retry_after_s`, the seconds that the marketplace asked for.
        """
        self._attempts += 1
        outcome = Outcome.UNREACHED if retry_after_s is None else Outcome.BUSY
        step = decide(outcome, self._attempts, retry_after_s, random.random())  # noqa: S311
        if isinstance(step, Wait):
            self.retry_timer.start(round(step.seconds * 1000))

    def stop(self) -> None:
        """Begin no further attempt."""
        self.retry_timer.stop()

    def _open(self) -> None:
        bridge = self._bridge
        callbacks = ClientCallbacks(
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
        try:
            client = self._open_client(callbacks)
        except Exception as error:
            code = code_of(error)
            level = logging.ERROR if code == "internal" else logging.INFO
            log.log(level, "the client could not be opened", exc_info=error)
            bridge.report_failed(Failure(code, getattr(error, "retry_after_s", None)))
        else:
            bridge.report_opened(client)
