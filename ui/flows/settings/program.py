"""The parts of the program that the settings use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from ui.flows.session import AppSession
    from ui.flows.sign_out import SignOutFlow
    from ui.qt.theme import Theme
    from ui.qt_bridge import Bridge
    from ui.windows.tray import Tray
    from ui.windows.window_manager import WindowManager


class Opener(Protocol):
    """Opens addresses on the desktop, as `ui.links.LinkOpener` does."""

    def open(self, address: str) -> None:
        """Open an address."""


class MarketplaceList(Protocol):
    """The list of marketplaces in the settings, as `MarketplacesFlow` shows it."""

    def show(self) -> None:
        """Show the list, and read it again."""

    def read(self) -> None:
        """Read the list again."""


class SettingsProgram(Protocol):
    """The controller."""

    theme: Theme
    session: AppSession
    bridge: Bridge
    windows: WindowManager
    tray: Tray
    site: str
    signing_out: SignOutFlow

    @property
    def marketplaces(self) -> MarketplaceList:
        """The list of marketplaces."""

    @property
    def links(self) -> Opener:
        """The opener of folders."""
