"""Notifications through org.freedesktop.Notifications (Desktop Notifications Specification 1.2).

The bus starts the service if it is not running. A service that restarts has forgotten every
notification; those that stay are shown again. All texts are plain: the body is escaped for a
service that renders markup.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from tracker.platform.bus_thread import BusThread
from tracker.platform.dbus import BusError, name_owner_change
from ui.notifications.interface import Receiver
from ui.notifications.texts import OPEN, Notification

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.platform.dbus import Bus, Signal

SERVICE = "org.freedesktop.Notifications"
_PATH = "/org/freedesktop/Notifications"
_NORMAL, _CRITICAL = 1, 2
#: Expiry in milliseconds: the service's own, and none.
_USUAL, _NEVER = -1, 0


class FreedesktopNotifier(BusThread[Receiver]):
    """See `Notifier`. `open_label` is the label of a click on the notification, `icon` the path of
    an image file.
    """

    name = "notifications"

    def __init__(
        self, address: str, delay: Callable[[int], float], open_label: str, icon: str
    ) -> None:
        super().__init__(address, delay)
        self._open_label = open_label
        self._icon = icon
        self._lock = threading.Lock()
        #: Guarded by the lock: by key, the notifications to show (None: to withdraw), in order.
        self._orders: dict[str, Notification | None] = {}
        # The thread's own: the capabilities, the ids of shown notifications, those that stay.
        self._capabilities: frozenset[str] = frozenset()
        self._ids: dict[str, int] = {}
        self._staying: dict[str, Notification] = {}

    # Notifier

    def show(self, notification: Notification) -> None:
        """See `Notifier`."""
        self._order(notification.key, notification)

    def withdraw(self, key: str) -> None:
        """See `Notifier`."""
        self._order(key, None)

    def _order(self, key: str, notification: Notification | None) -> None:
        with self._lock:
            # The newest order of a key replaces an older one and moves to the end.
            self._orders.pop(key, None)
            self._orders[key] = notification
        self.wake()

    # The thread

    def begin(self, bus: Bus, receiver: Receiver) -> None:
        """See `BusThread`."""
        bus.subscribe_owner(SERVICE)
        bus.subscribe(SERVICE, SERVICE, "ActionInvoked")
        bus.subscribe(SERVICE, SERVICE, "NotificationClosed")
        self._connect(bus, receiver)

    def _connect(self, bus: Bus, receiver: Receiver) -> None:
        """Read the capabilities; show again what stays, since a new service shows nothing."""
        found = bus.call(SERVICE, _PATH, SERVICE, "GetCapabilities")
        self._capabilities = (
            frozenset(found[0]) if found and isinstance(found[0], list) else frozenset()
        )
        self._ids.clear()
        staying, self._staying = self._staying, {}
        for notification in staying.values():
            self._show(bus, notification, receiver)

    def on_signal(self, bus: Bus, receiver: Receiver, signal: Signal) -> None:
        """See `BusThread`."""
        owner = name_owner_change(signal)
        if owner is not None:
            if owner[0] == SERVICE and owner[1]:
                self._connect(bus, receiver)
            return
        if len(signal.body) != 2:
            return
        key = next((key for key, number in self._ids.items() if number == signal.body[0]), None)
        if key is None:
            return  # of another program
        if signal.member == "ActionInvoked":
            receiver.answered(key, str(signal.body[1]))
        elif signal.member == "NotificationClosed":
            self._forget(key)

    def on_wake(self, bus: Bus, receiver: Receiver) -> None:
        """See `BusThread`."""
        with self._lock:
            orders, self._orders = self._orders, {}
        if self._stopping.is_set():
            # A button that nothing answers must not stay on the screen.
            orders = dict.fromkeys(self._ids)
        for key, notification in orders.items():
            if notification is not None:
                self._show(bus, notification, receiver)
            elif key in self._ids:
                number = self._ids[key]
                self._forget(key)
                bus.call(SERVICE, _PATH, SERVICE, "CloseNotification", "u", number)

    def connection_lost(self, receiver: Receiver) -> None:
        """See `BusThread`."""
        with self._lock:
            orders, self._orders = self._orders, {}
        for notification in orders.values():
            if notification is not None:
                receiver.not_shown(notification)

    def _show(self, bus: Bus, notification: Notification, receiver: Receiver) -> None:
        arguments = self._arguments(notification)
        try:
            reply = bus.call(SERVICE, _PATH, SERVICE, "Notify", "susssasa{sv}i", *arguments)
        except BusError:
            receiver.not_shown(notification)
            raise
        number = reply[0] if reply else None
        if not isinstance(number, int):
            receiver.not_shown(notification)
            return
        self._ids[notification.key] = number
        if notification.stays:
            self._staying[notification.key] = notification

    def _arguments(self, notification: Notification) -> tuple[Any, ...]:
        actions: list[str] = []
        if "actions" in self._capabilities:
            actions += [OPEN, self._open_label]
            for button in notification.buttons:
                actions += [button.action, button.label]
        markup = "body-markup" in self._capabilities
        body = notification.body
        if markup and any(each in body for each in "&<>"):
            # Few texts need its table of entities, 0.5 MB.
            from html import escape

            body = escape(body, quote=False)
        hints: dict[str, tuple[str, Any]] = {
            "urgency": ("y", _CRITICAL if notification.urgent else _NORMAL),
            "desktop-entry": ("s", "workdiary"),
        }
        if notification.brief:
            hints["transient"] = ("b", True)
        return (
            "Workdiary",
            self._ids.get(notification.key, 0),
            self._icon,
            notification.title,
            body,
            actions,
            hints,
            _NEVER if notification.stays else _USUAL,
        )

    def _forget(self, key: str) -> None:
        self._ids.pop(key, None)
        self._staying.pop(key, None)
