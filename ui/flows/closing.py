"""Closing the main window: the program continues in the tray, or in the task bar without a tray.

Recording is always visible. The first close explains that the program continues.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ui.qt.translation import translate
from ui.settings.settings import CLOSE_EXPLAINED

if TYPE_CHECKING:
    from ui.flows.session import AppSession
    from ui.flows.settings.flow import SettingsFlow
    from ui.windows.main_window import MainWindow
    from ui.windows.tray import Tray


class ClosingFlow(QObject):
    """Hides the window."""

    explained = Signal(str)  # the explanation to show, once

    def __init__(
        self, session: AppSession, settings: SettingsFlow, tray: Tray, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._settings = settings
        self._tray = tray
        self.window: MainWindow | None = None
        tray.available.connect(self._on_tray_available)

    def close(self) -> None:
        """Hide the window if a tray shows the icon; otherwise keep it in the task bar."""
        if self.window is None:
            return
        if not self._tray.is_shown:
            self.window.showMinimized()
            return
        self.window.hide()
        if not self._settings.current.flag(CLOSE_EXPLAINED):
            self._settings.set(CLOSE_EXPLAINED, True)
            self.explained.emit(explanation(running=self._session.state.running))

    def _on_tray_available(self, available: bool) -> None:
        if not available and self.window is not None and not self.window.isVisible():
            self.window.showMinimized()


def explanation(*, running: bool) -> str:
    """The text of the first close."""
    if running:
        return translate(
            "Closing",
            "Recording continues. Workdiary is in the system tray: its icon opens the window and "
            "its menu stops recording.",
        )
    return translate(
        "Closing",
        "Workdiary stays in the system tray. Its icon opens the window, its menu has Quit.",
    )
