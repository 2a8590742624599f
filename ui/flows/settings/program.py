"""The parts of the program that the settings use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from ui.flows.session import AppSession
    from ui.qt.theme import Theme
    from ui.qt_bridge import Bridge
    from ui.windows.window_manager import WindowManager


class SettingsProgram(Protocol):
    """The controller."""

    theme: Theme
    session: AppSession
    bridge: Bridge
    windows: WindowManager
