"""Signing out: one question, then sealing, uploading and destroying the keys on a thread."""

from __future__ import annotations

import logging
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from ui.client.interface import Failure, code_of
from ui.presenters.app_state import StartupPhase
from ui.presenters.diary import sign_out_question
from ui.qt.translation import translate

if TYPE_CHECKING:
    from ui.flows.idle import IdleFlow
    from ui.flows.session import AppSession
    from ui.qt_bridge import Bridge
    from ui.windows.window_manager import WindowManager

log = logging.getLogger(__name__)


class SignOutFlow:
    """The outcome arrives through the bridge as a `Failure`: `signed_out`, or the error's code."""

    def __init__(
        self, session: AppSession, windows: WindowManager, bridge: Bridge, idle: IdleFlow
    ) -> None:
        self._session = session
        self._windows = windows
        self._bridge = bridge
        self._idle = idle

    @property
    def running(self) -> bool:
        """Whether the thread is at work; it then closes the client itself."""
        return self._session.state.phase is StartupPhase.SIGNING_OUT

    def ask(self) -> None:
        """Ask the person; nothing happens while no client is ready. Idle time is decided first: it
        could not be sealed without the keys.
        """
        session = self._session
        if session.client is None or session.state.phase is not StartupPhase.READY:
            return
        if self._idle.pending:
            self._idle.ask()
            return
        view = sign_out_question(session.client.aud, session.state.waiting, translate)
        self._windows.ask(view, self.begin)

    def finish(self) -> None:
        """Forget the client and its reports."""
        session = self._session
        session.client = None
        session.state = replace(session.state, status=None, contracts=(), day=None, threads=())

    def begin(self) -> None:
        """Sign out; the person has been asked."""
        session, bridge = self._session, self._bridge
        client = session.client
        if client is None or session.ending:
            return
        session.state = replace(session.state, phase=StartupPhase.SIGNING_OUT, notices=())
        session.changed.emit()

        def work() -> None:
            from ui.client import SIGN_OUT_S

            try:
                code = client.sign_out(SIGN_OUT_S)
            except Exception as error:
                log.warning("signing out failed", exc_info=error)
                code = code_of(error)
            bridge.report_failed(Failure(code))

        threading.Thread(target=work, name="workdiary-leave", daemon=True).start()
