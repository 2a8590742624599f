"""Restarts the program after a package manager has replaced its files (Linux).

Before an upgrade the package's script creates a marker file and sends SIGUSR1 to the program. The
program seals, ends as after SIGTERM, and turns its process into a shell that uses none of the
replaced files. The shell waits until the script has removed the marker, then starts the new
version, which continues a recording that was running. The process, its session and its environment
stay the same.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from ui.presenters.app_state import StartupPhase

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Never

    from ui.controller import AppController

#: Exists while the package is being replaced; only root can create it.
MARKER = Path("/run/workdiary/upgrading")
#: The option of `workdiary run` that continues the recording.
RESUME = "--resume"
#: Milliseconds in which the recording may continue by itself.
_GIVE_UP_MS = 5 * 60_000
#: The shell's script. It waits at most 15 minutes: a failed upgrade may leave the marker.
_WAIT = 'n=0; while [ -e "$1" ] && [ $n -lt 900 ]; do sleep 1; n=$((n + 1)); done; shift; exec "$@"'


def restart_command(arguments: Sequence[str], *, resume: bool) -> list[str]:
    """The command line that starts this program again. `arguments` are those of this start;
    `resume`: the new start continues the recording.
    """
    frozen = bool(getattr(sys, "frozen", False))
    program = [sys.executable] if frozen else [sys.executable, "-m", "ui.cli.main"]
    kept = [each for each in arguments if each != RESUME] or ["run"]
    return [*program, *kept, *([RESUME] if resume else [])]


def restart_when_replaced(command: Sequence[str], marker: Path = MARKER) -> Never:
    """Replace this process with a shell that runs `command` as soon as the marker is gone, or after
    15 minutes.
    """
    os.execv("/bin/sh", ["sh", "-c", _WAIT, "workdiary", str(marker), *command])  # noqa: S606


class UpgradeRequest:
    """Ends the program for the upgrade of its package, and restarts it."""

    def __init__(self, controller: AppController) -> None:
        self._controller = controller
        #: Whether a recording was running when the request arrived; None without a request.
        self._resume: bool | None = None

    def end(self) -> None:
        """End the program. Call it on Qt's thread."""
        self._resume = self._controller.state.running
        self._controller.end()

    def restart(self, arguments: Sequence[str]) -> None:
        """Restart the program if there was a request, and then never return. Call it when
        everything is closed. `arguments` are those of this start.
        """
        if self._resume is not None:
            restart_when_replaced(restart_command(arguments, resume=self._resume))


class ResumeAfterRestart(QObject):
    """Starts recording once, as soon as the contract and the memo of the last recording are known.

    Gives up after a command of the user, and after five minutes: a recording must not begin by
    itself when the user unlocks the keyring hours later.
    """

    def __init__(self, controller: AppController) -> None:
        super().__init__(controller)
        self._controller = controller
        #: Whether the recording may still start by itself.
        self.pending = True
        tray = controller.tray
        for command in (tray.toggled, tray.paused, tray.contract_chosen):
            command.connect(self._cancel)
        controller.session.changed.connect(self._try)
        QTimer.singleShot(_GIVE_UP_MS, self, self._cancel)

    def _cancel(self) -> None:
        self.pending = False

    def _try(self) -> None:
        state = self._controller.state
        if state.running or state.paused:
            self.pending = False
        ready = state.phase is StartupPhase.READY and state.contract is not None and state.memo
        if self.pending and ready:
            self.pending = False
            self._controller.notifications.confirm()
            self._controller.recording.start_again()
