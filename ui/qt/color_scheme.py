"""Light or dark, from the Linux desktop's settings portal.

The small platform theme that this program uses does not read the desktop's settings. The portal
(org.freedesktop.portal.Settings) reports them and each change over D-Bus. No portal is started for
this: without a running one the scheme stays light.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import SLOT, QObject, Slot
from PySide6.QtDBus import (
    QDBusConnection,
    QDBusMessage,
    QDBusPendingCallWatcher,
    QDBusVariant,
)

if TYPE_CHECKING:
    from ui.qt.theme import Theme

_SERVICE = "org.freedesktop.portal.Desktop"
_PATH = "/org/freedesktop/portal/desktop"
_INTERFACE = "org.freedesktop.portal.Settings"
_NAMESPACE = "org.freedesktop.appearance"
_PREFERS_DARK = 1
_MORE_CONTRAST = 1


class DesktopScheme(QObject):
    """Reads the settings once, then follows their changes, and passes them to the theme."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._theme = theme
        self._values = {"color-scheme": 0, "contrast": 0}
        self._watchers: list[QDBusPendingCallWatcher] = []
        bus = QDBusConnection.sessionBus()
        if not bus.isConnected():
            return
        bus.connect(  # type: ignore[call-overload]  # SLOT() returns str, not bytes
            _SERVICE,
            _PATH,
            _INTERFACE,
            "SettingChanged",
            self,
            SLOT("changed(QString,QString,QDBusVariant)"),
        )
        for key in self._values:
            self._ask(bus, key)

    def _ask(self, bus: QDBusConnection, key: str) -> None:
        message = QDBusMessage.createMethodCall(_SERVICE, _PATH, _INTERFACE, "ReadOne")
        message.setArguments([_NAMESPACE, key])
        message.setAutoStartService(False)
        watcher = QDBusPendingCallWatcher(bus.asyncCall(message), self)
        watcher.finished.connect(lambda done: self._answered(key, done))
        self._watchers.append(watcher)

    def _answered(self, key: str, watcher: QDBusPendingCallWatcher) -> None:
        reply = watcher.reply()
        self._watchers.remove(watcher)
        watcher.deleteLater()
        if reply.type() == QDBusMessage.MessageType.ReplyMessage and reply.arguments():
            self._set(key, reply.arguments()[0])

    @Slot(str, str, QDBusVariant)
    def changed(self, namespace: str, key: str, value: QDBusVariant) -> None:
        """Receive the portal's signal SettingChanged."""
        if namespace == _NAMESPACE and key in self._values:
            self._set(key, value)

    def _set(self, key: str, value: object) -> None:
        number = value.variant() if isinstance(value, QDBusVariant) else value
        if not isinstance(number, int):
            return
        self._values[key] = number
        dark = self._values["color-scheme"] == _PREFERS_DARK
        self._theme.set_desktop_scheme(dark, self._values["contrast"] == _MORE_CONTRAST)
