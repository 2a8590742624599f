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


class FormerMarketplaces(Protocol):
    """The marketplaces where this computer is signed in, as `MarketplacesFlow` knows them."""

    @property
    def back(self) -> str:
        """The address of the marketplace to return to; "" if there is none."""

    def switch(self, url: str) -> None:
        """Open a marketplace."""


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
    def marketplaces(self) -> FormerMarketplaces:
        """The marketplaces to return to."""

    @property
    def links(self) -> Opener:
        """The opener of the browser."""

    def show_window(self) -> None:
        """Show the main window."""

    def quit(self) -> None:
        """End the program."""
