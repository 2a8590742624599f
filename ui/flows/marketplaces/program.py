"""The parts of the program that switching between marketplaces uses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from ui.flows.first_run.flow import FirstRunFlow
    from ui.flows.idle import IdleFlow
    from ui.flows.notice import NoticeFlow
    from ui.flows.notification import NotificationFlow
    from ui.flows.own_diary.diary import DiaryFlow
    from ui.flows.picture import PictureFlow
    from ui.flows.session import AppSession
    from ui.flows.settings.flow import SettingsFlow
    from ui.flows.sign_out import SignOutFlow
    from ui.flows.startup import StartupFlow
    from ui.qt_bridge import Bridge
    from ui.windows.main_window import MainWindow
    from ui.windows.tray import Tray
    from ui.windows.window_manager import WindowManager


class MarketplacesProgram(Protocol):
    """The controller."""

    site: str
    session: AppSession
    startup: StartupFlow
    bridge: Bridge
    windows: WindowManager
    tray: Tray
    settings: SettingsFlow
    signing_out: SignOutFlow
    first_run: FirstRunFlow
    idle: IdleFlow
    notices: NoticeFlow
    notifications: NotificationFlow
    diary: DiaryFlow
    picture: PictureFlow
    window: MainWindow | None

    def show_window(self) -> None:
        """Show the main window."""
