"""Checks for updates once a day, installs them while nothing is recorded, and offers the restart.

Rules kept: a thread calls the helper process, so that Qt's thread never waits; no installation
begins while a recording runs or is paused; nothing interrupts the user.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, QTimer

from system.updates.errors import REFUSED, UpdateError, UpdateProblem
from system.updates.schedule import RETRY_S, seconds_to_next
from system.updates.trial import CONFIRM_S, confirm_start, current_state, take_reverted
from ui.presenters.updates import may_install, update_notice
from ui.qt.translation import translate
from ui.settings.settings import UPDATE_CHANNEL

if TYPE_CHECKING:
    from collections.abc import Callable

    from system.updates.install import Installation
    from system.updates.run import Step
    from ui.client.updates import UpdateResult
    from ui.flows.session import AppSession
    from ui.qt_bridge import Bridge
    from ui.settings.settings import Settings

log = logging.getLogger(__name__)

#: The longest interval of the timer in seconds: the computer may sleep, or its clock may be set.
_LONGEST_S = 3600.0
#: Seconds until the next attempt if a check is due while another one runs.
_AGAIN_S = 60.0
OFF = "off"


class UpdateProgram(Protocol):
    """The parts of the controller that updates use."""

    session: AppSession
    bridge: Bridge

    def end(self) -> None:
        """Seal and end the program."""


class UpdateWorker(Protocol):
    """See `ui.client.updates.UpdateHelper`."""

    def run(self, step: Step) -> UpdateResult:
        """Carry out a step, and block until it is done."""

    def close(self) -> None:
        """End the helper."""


class UpdateFlow(QObject):
    """Updates `installation` from a channel; with "off" it never checks.

    `changed` is called on Qt's thread after a change of `AppState.update_ready`. `now` returns the
    Unix time in seconds, `chance` a random number from 0 to 1.
    """

    def __init__(
        self,
        program: UpdateProgram,
        parent: QObject,
        installation: Installation,
        helper: UpdateWorker,
        channel: str,
        changed: Callable[[], None],
        now: Callable[[], float] = time.time,
        chance: Callable[[], float] = random.random,
    ) -> None:
        super().__init__(parent)
        self._program = program
        self._session = program.session
        self._installation = installation
        self._helper = helper
        self._channel = channel
        self._changed = changed
        self._now = now
        self._chance = chance
        self._working = False
        #: A release was downloaded during a recording and is not installed yet.
        self._waits = False
        self._due_s = 0.0
        #: The code of the problem that was shown last.
        self._shown = ""
        #: The program ends and must start again, as the new version.
        self.restarting = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_time)
        program.bridge.status.connect(lambda _: self._install_waiting())

    def start(self) -> None:
        """Begin to check. After `CONFIRM_S` the running version confirms its start."""
        if self._channel != OFF:
            self._plan(current_state(self._installation).checked_s)
        self._on_thread(self._report_reverted)
        QTimer.singleShot(round(CONFIRM_S * 1000), self, self._confirm)

    def stop(self) -> None:
        """End the helper and all timers."""
        self._timer.stop()
        self._helper.close()

    def apply_settings(self, settings: Settings) -> None:
        """Check a newly chosen channel at once; with "off", withdraw the prepared version."""
        channel, before = settings.text(UPDATE_CHANNEL), self._channel
        if channel == before:
            return
        self._channel = channel
        self._timer.stop()
        self._waits = False
        self._show_ready("")
        if channel != OFF:
            self.check()

    def restart(self) -> None:
        """End the program, so that the new version starts. Does nothing during a recording."""
        if update_notice(self._session.state, translate) is not None:
            self.restarting = True
            self._program.end()

    def check(self) -> None:
        """Check now, or a minute later if a check is running."""
        if self._session.ending:
            return
        if self._working:
            self._wait(_AGAIN_S)
            return
        self._working = True
        self._waits = False
        step: Step = "prepare" if may_install(self._session.state) else "download"
        self._on_thread(lambda: self._run(step))

    # On a thread

    def _run(self, step: Step) -> None:
        result = self._helper.run(step)
        self._program.bridge.report_call(lambda: self._on_result(result))

    def _report_reverted(self) -> None:
        reverted = take_reverted(self._installation)
        ready = current_state(self._installation).ready
        self._program.bridge.report_call(lambda: self._on_begun(reverted, ready))

    def _confirm_start(self) -> None:
        try:
            confirm_start(self._installation)
        except UpdateError as error:
            log.info("the start is not confirmed yet: %s", error.code)
            self._program.bridge.report_call(
                lambda: QTimer.singleShot(round(CONFIRM_S * 1000), self, self._confirm)
            )

    # On Qt's thread

    def _confirm(self) -> None:
        if not self._session.ending:
            self._on_thread(self._confirm_start)

    def _on_begun(self, reverted: str, ready: str) -> None:
        if reverted:
            log.info("a new version did not start")
            self._session.show_notice("update_reverted")
        if self._channel != OFF and ready != self._installation.version:
            self._show_ready(ready)

    def _on_result(self, result: UpdateResult) -> None:
        self._working = False
        if self._channel == OFF or self._session.ending:
            return
        if result.problem:
            log.info("no update: %s", UpdateProblem(result.problem))
            if result.problem in REFUSED and result.problem != self._shown:
                self._shown = result.problem
                self._session.show_notice("update_refused")
            self._wait(RETRY_S)
            return
        self._shown = ""
        self._plan(round(self._now()))
        self._show_ready(result.version if result.state == "ready" else "")
        if result.state == "downloaded":
            self._waits = True
            self._install_waiting()

    def _show_ready(self, version: str) -> None:
        if version != self._session.state.update_ready:
            self._session.state = replace(self._session.state, update_ready=version)
            self._changed()

    def _install_waiting(self) -> None:
        if self._waits and may_install(self._session.state):
            self.check()

    def _plan(self, checked_s: int) -> None:
        self._wait(seconds_to_next(checked_s, self._now(), self._chance()))

    def _wait(self, seconds: float) -> None:
        self._due_s = self._now() + seconds
        self._timer.start(round(min(seconds, _LONGEST_S) * 1000))

    def _on_time(self) -> None:
        left_s = self._due_s - self._now()
        if left_s <= 0:
            self.check()
        else:
            self._timer.start(round(min(left_s, _LONGEST_S) * 1000) + 1)

    def _on_thread(self, work: Callable[[], None]) -> None:
        threading.Thread(target=work, name="workdiary-update", daemon=True).start()
