"""The question about time without input: keep it with a note, or discard it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ui.presenters.attention import Subject, without_subject
from ui.presenters.idle_question import idle_view
from ui.qt.translation import translate

if TYPE_CHECKING:
    from tracker.model.status import Status
    from ui.flows.session import AppSession
    from ui.windows.window_manager import WindowManager


class IdleFlow(QObject):
    """Remembers whether Start waits for the answer."""

    start_wanted = Signal()  # the answer is given, and Start waited for it
    continue_wanted = Signal(str, str)  # contract and memo of the work that idle time ended

    def __init__(self, session: AppSession, windows: WindowManager) -> None:
        super().__init__(windows)
        self._session = session
        self._windows = windows
        self._start_after = False
        windows.idle_kept.connect(self._keep)
        windows.idle_continued.connect(self._keep_and_continue)
        windows.idle_discarded.connect(self._discard)

    @property
    def pending(self) -> bool:
        """Whether there is idle time without an answer."""
        status = self._session.state.status
        return status is not None and status.idle is not None

    def on_status(self, before: Status | None, status: Status) -> None:
        """Ask about new idle time; close the question once the recorder has an answer."""
        if status.idle is None:
            self._start_after = False
            self._windows.close_idle_question()
        elif before is None or before.idle is None:
            self.ask()

    def ask(self, *, start_after: bool = False) -> None:
        """Show the question; `start_after`: the answer starts the recording."""
        state = self._session.state
        if state.status is None or state.status.idle is None:
            return
        self._start_after = self._start_after or start_after
        ctr = state.status.ctr
        client = next((info.client for info in state.contracts if info.ctr == ctr), "")
        self._windows.ask_idle(idle_view(state.status.idle, client, state.zone, translate))

    def _keep(self, note: str) -> None:
        if self._session.client is not None:
            self._session.client.engine.keep_idle(note)
        self._answered()

    def _keep_and_continue(self, note: str) -> None:
        status = self._session.state.status
        self._start_after = False
        self._keep(note)
        if status is not None and status.ctr is not None:
            self.continue_wanted.emit(status.ctr, status.memo)

    def _discard(self) -> None:
        if self._session.client is not None:
            self._session.client.engine.discard_idle()
        self._answered()

    def _answered(self) -> None:
        start, self._start_after = self._start_after, False
        state = self._session.state
        self._session.state = replace(state, notices=without_subject(state.notices, Subject.IDLE))
        if start:
            self.start_wanted.emit()
