"""The shortcut for Start and Stop that works in every program.

It triggers the entry of the tray's menu: the same questions, the same confirmation.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal

from ui.qt.translation import translate
from ui.settings.settings import SHORTCUT

if TYPE_CHECKING:
    from tracker.selection.probes import Session
    from ui.client.shortcut import Shortcut
    from ui.settings.settings import Settings
    from ui.windows.tray import Tray
    from ui.windows.window_manager import WindowManager


class ShortcutFlow(QObject):
    """Follows the setting. `problem` is "" while the shortcut works or there is none; else it is
    "unavailable" or one of `X11Shortcut` and `PortalShortcut`. `keys` are those that the desktop
    has set, in its words, or "".
    """

    _pressed = Signal(object)
    _reported = Signal(object, str, str)

    def __init__(self, windows: WindowManager, tray: Tray) -> None:
        super().__init__(windows)
        self._windows = windows
        self._tray = tray
        self._text = ""
        self._grab: Shortcut | None = None
        #: Identifies the grab: reports of earlier ones are ignored.
        self._key = object()
        self._session = session_with_shortcuts()
        self.problem = "unavailable" if self._session is None else ""
        self.keys = ""
        queued = Qt.ConnectionType.QueuedConnection
        self._pressed.connect(self._on_pressed, queued)
        self._reported.connect(self._on_report, queued)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self._release)

    def apply_settings(self, settings: Settings) -> None:
        """Use the keys of the settings from now on."""
        text = settings.text(SHORTCUT)
        if text == self._text or self._session is None:
            return
        self._release()
        self._text, self.problem, self.keys = text, "", ""
        if text:
            from ui.client.shortcut import begin

            self._key = key = object()
            self._grab = begin(
                self._session,
                text,
                translate("Settings", "Start or stop recording"),
                lambda: self._pressed.emit(key),
                lambda problem, keys: self._reported.emit(key, problem, keys),
            )
        self.show()

    def show(self) -> None:
        """Show the state in the settings window."""
        if self._windows.settings is not None:
            self._windows.settings.recording.show_shortcut(self.problem, self.keys)

    def _release(self) -> None:
        self._key = object()
        self._tray.show_shortcut("")
        if self._grab is not None:
            self._grab.stop()
            self._grab = None

    def _on_pressed(self, key: object) -> None:
        settings = self._windows.settings
        # Keys that are pressed in the field of the settings choose a shortcut and do nothing else.
        chooses = settings is not None and settings.recording.shortcut.hasFocus()
        if key is self._key and not chooses:
            self._tray.toggle.trigger()

    def _on_report(self, key: object, problem: str, keys: str) -> None:
        if key is self._key:
            self.problem, self.keys = problem, keys
            # The desktop's words are no key sequence; its own settings list them.
            self._tray.show_shortcut("" if problem or keys else self._text)
            self.show()


def session_with_shortcuts(platform: str = sys.platform) -> Session | None:
    """The kind of this session, if programs may get shortcuts there."""
    from tracker.selection.environment import free_desktop_session

    if platform in {"win32", "darwin"}:
        return None
    session = free_desktop_session(os.environ)
    return None if session == "none" else session
