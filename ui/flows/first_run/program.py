"""The parts of the program that the first start uses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from ui.flows.consent import ConsentFlow
    from ui.flows.session import AppSession
    from ui.flows.settings.flow import SettingsFlow
    from ui.flows.settings.program import Opener
    from ui.flows.startup import StartupFlow
    from ui.qt.theme import Theme
    from ui.qt_bridge import Bridge
    from ui.windows.main_window import MainWindow
    from ui.windows.tray import Tray


class Program(Protocol):
    """The controller."""

    theme: Theme
    site: str
    session: AppSession
    startup: StartupFlow
    bridge: Bridge
    consent: ConsentFlow
    settings: SettingsFlow
    tray: Tray
    window: MainWindow | None

    @property
    def links(self) -> Opener:
        """The opener of the browser."""

    def show_window(self) -> None:
        """Show the main window."""

    def quit(self) -> None:
        """End the program."""
