"""Quiet mode: whether a picture may be shown that the person did not ask for, as in the toast.

Previews are hidden if the person has chosen that, and while the desktop reports a reason. The flow
asks the desktop before the toast of each new picture appears, and again about once a second while
the toast is visible, on a separate thread. The toast does not wait long: without an answer it
appears without the picture.
"""

from __future__ import annotations

import contextlib
import threading
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from tracker.quiet.interface import QuietReason
from ui.presenters.pictures import CHOSEN
from ui.settings.settings import PICTURE_IN_TOAST, QUIET

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QAction

    from ui.flows.settings.flow import SettingsFlow

#: Seconds that a toast waits for the first answer about its picture, and between two questions.
WAIT_S, AGAIN_S = 1.0, 1.0


class PreviewFlow(QObject):
    """Decides whether a preview is hidden, and for which reason."""

    changed = Signal()
    _answered = Signal(int, object)

    def __init__(
        self,
        settings: SettingsFlow,
        find: Callable[[], frozenset[QuietReason]] | None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`find` asks the desktop and may take seconds; None: the desktop reports nothing."""
        super().__init__(settings)
        self._settings = settings
        self._find = find
        self._clock = clock
        self._picture = ""
        self._question = 0
        self._pending = False
        self._asked_at = self._since = 0.0
        self._reasons: frozenset[QuietReason] | None = None
        self._answered.connect(self._on_answer, Qt.ConnectionType.QueuedConnection)
        # A coarse timer may end up to 5 % early, when `hidden` would still have no answer.
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setTimerType(Qt.TimerType.PreciseTimer)
        self._wait.timeout.connect(self.changed)

    def follow(self, entry: QAction) -> None:
        """Hide all previews while this entry of a menu is checked."""
        entry.setChecked(self._settings.current.flag(QUIET))
        entry.toggled.connect(self._hide)

    def _hide(self, on: bool) -> None:
        self._settings.set(QUIET, on)
        self.changed.emit()

    def hidden(self, picture: str) -> str | None:
        """Why the preview of this picture is hidden: `CHOSEN`, a `QuietReason`, or "" if it may be
        shown; None if that is not known yet (then `changed` follows).
        """
        settings = self._settings.current
        if settings.flag(QUIET) or not settings.flag(PICTURE_IN_TOAST):
            return CHOSEN
        if self._find is None:
            return ""
        now = self._clock()
        if picture != self._picture:
            self._picture, self._reasons, self._since = picture, None, now
            # An answer to an earlier question is about the time before this picture.
            self._ask(now)
            self._wait.start(round(WAIT_S * 1000))
        elif not self._pending and now - self._asked_at >= AGAIN_S:
            self._ask(now)
        if self._reasons is None:
            return QuietReason.UNKNOWN if now - self._since >= WAIT_S else None
        return next((reason for reason in QuietReason if reason in self._reasons), "")

    def _ask(self, now: float) -> None:
        self._question += 1
        self._pending, self._asked_at = True, now
        threading.Thread(
            target=self._work, args=(self._question,), name="workdiary-quiet", daemon=True
        ).start()

    def _work(self, question: int) -> None:
        assert self._find is not None  # noqa: S101 - the thread is started only with it
        found = self._find()
        with contextlib.suppress(RuntimeError):  # the program has ended
            self._answered.emit(question, found)

    def _on_answer(self, question: int, found: frozenset[QuietReason]) -> None:
        if question != self._question:
            return
        self._pending = False
        if found != self._reasons:
            self._reasons = found
            self.changed.emit()
