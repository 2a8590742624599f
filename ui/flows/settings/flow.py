"""The settings window, and the effects of a changed setting."""

from __future__ import annotations

import gc
import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from tracker.platform.heap import trim_heap
from ui.flows.settings.login_item import LoginItemFlow
from ui.flows.settings.shortcut import ShortcutFlow
from ui.presenters.main_window import contract_choices
from ui.settings.setting import Setting, Value
from ui.settings.settings import (
    CLOSE_EXPLAINED,
    MARKETPLACE,
    MORE_CONTRAST,
    QUIET,
    START_AT_LOGIN,
    THEME,
    Settings,
    save,
)

if TYPE_CHECKING:
    from pathlib import Path

    from ui.flows.settings.data import DataFlow
    from ui.flows.settings.network import NetworkFlow
    from ui.flows.settings.program import SettingsProgram
    from ui.flows.settings.support import SupportFlow

log = logging.getLogger(__name__)


class SettingsFlow(QObject):
    """Keeps the settings; `current` are those in force, `file` their path."""

    changed = Signal(object)  # the new `Settings`

    def __init__(self, program: SettingsProgram, current: Settings, file: Path) -> None:
        super().__init__(program.windows)
        self._session = program.session
        self._windows = windows = program.windows
        self._theme = program.theme
        self.current = current
        self.file = file
        self._login_item = LoginItemFlow(self, windows, program.bridge)
        # After the icon, which people look for first.
        QTimer.singleShot(0, self, self._login_item.apply_policy)
        self._program = program
        self._data: DataFlow | None = None
        self._network: NetworkFlow | None = None
        self._support: SupportFlow | None = None
        self._shortcut = ShortcutFlow(windows, program.tray)
        self._shortcut.apply_settings(current)
        windows.settings_changed.connect(self._change)
        windows.settings_closed.connect(self._closed)
        program.bridge.sync.connect(
            lambda report: windows.offer_contracts(contract_choices(report.contracts))
        )

    def show(self) -> None:
        """Show the settings, and ask the client which applications are open."""
        self._windows.show_settings(self.current)
        self._windows.offer_contracts(contract_choices(self._session.state.contracts))
        self._shortcut.show()
        self._login_item.read()
        self._program.marketplaces.show()
        if self._data is None:
            # Imported with the window, since few people open it.
            from ui.flows.settings.data import DataFlow

            self._data = DataFlow(self._program, self.file.parent)
        self._data.read()
        if self._network is None and self._windows.settings is not None:
            from ui.flows.settings.network import NetworkFlow
            from ui.flows.settings.support import SupportFlow

            self._network = NetworkFlow(self, self._program, self._windows.settings)
            self._support = SupportFlow(self._windows.settings, self.file.parent)
        if self._session.client is not None:
            self._session.client.request_applications()

    def show_network(self) -> None:
        """Show the settings with the section about the network."""
        self.show()
        if self._windows.settings is not None:
            self._windows.settings.show_network()

    def _closed(self) -> None:
        """Free the closed window, 5 MB of widgets, unless work that it began still needs it."""
        busy = any(flow is not None and flow.busy for flow in (self._network, self._support))
        if not busy and self._windows.question is None:
            self._network = self._support = None
            self._windows.drop_settings()
            # After the window has been destroyed.
            QTimer.singleShot(0, self, _free_memory)

    def set(self, row: Setting, value: Value) -> None:
        """Change one setting outside the settings window."""
        self.current = self.current.changed(row, value)
        self._save()

    def _change(self, settings: Settings) -> None:
        # The window has no values for the settings that it does not show.
        rows = (CLOSE_EXPLAINED, MARKETPLACE, QUIET, START_AT_LOGIN)
        self.current = settings = settings.with_rows(rows, self.current)
        self._theme.choose(settings.text(THEME), more_contrast=settings.flag(MORE_CONTRAST))
        if self._session.client is not None:
            self._session.client.apply_settings(settings)
        self._save()
        self._shortcut.apply_settings(settings)
        self.changed.emit(settings)

    def _save(self) -> None:
        problem = ""
        try:
            save(self.file, self.current)
        except OSError as error:
            log.warning("the settings could not be kept: %s", error.strerror)
            problem = error.strerror or type(error).__name__
        if self._windows.settings is not None:
            self._windows.settings.show_saved(problem)


def _free_memory() -> None:
    # Here, since Qt's objects must be destroyed in this thread.
    gc.collect()
    trim_heap()
