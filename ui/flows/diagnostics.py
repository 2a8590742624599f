"""Runs the checks of `workdiary doctor` for the diagnostics window."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from ui.qt.translation import translate

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.diagnostics import Diagnosis
    from ui.qt_bridge import Bridge
    from ui.windows.window_manager import WindowManager

log = logging.getLogger(__name__)


class DiagnosticsFlow:
    """Runs one check at a time, on a thread: a keyring or a network may be slow."""

    def __init__(self, windows: WindowManager, bridge: Bridge, base: Path) -> None:
        """`base` is the base folder."""
        self._windows = windows
        self._bridge = bridge
        self._base = base
        self._running = False
        windows.check_wanted.connect(self.check)
        bridge.diagnoses.connect(self._on_diagnoses)

    def check(self) -> None:
        """Show the window and run the checks, unless they run already."""
        if self._running:
            return
        self._running = True
        self._windows.show_diagnostics()
        bridge, base = self._bridge, self._base

        def work() -> None:
            from ui.diagnostics import examine

            diagnoses: tuple[Diagnosis, ...] = ()
            try:
                diagnoses = examine(base)
            except Exception as error:
                log.warning("the checks of this computer failed", exc_info=error)
            bridge.report_diagnoses(diagnoses)

        threading.Thread(target=work, name="workdiary-check", daemon=True).start()

    def _on_diagnoses(self, diagnoses: tuple[Diagnosis, ...]) -> None:
        from ui.presenters.diagnostics import diagnostics_view

        self._running = False
        self._windows.show_diagnoses(diagnostics_view(diagnoses, translate))
