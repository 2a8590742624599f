"""Queries of a session bus for tests."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Self

from jeepney import DBusAddress, MessageType, Properties, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection

if TYPE_CHECKING:
    from jeepney import Message

BUS = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
NOTIFICATIONS = "org.freedesktop.Notifications"
SECRETS = DBusAddress(
    "/org/freedesktop/secrets", "org.freedesktop.secrets", "org.freedesktop.Secret.Service"
)
TRAY = DBusAddress(
    "/StatusNotifierWatcher", "org.kde.StatusNotifierWatcher", "org.kde.StatusNotifierWatcher"
)
ACCESSIBILITY = DBusAddress("/org/a11y/bus", "org.a11y.Bus", "org.a11y.Bus")


class Bus:
    """One connection to a session bus, for any thread; close it (or use `with`)."""

    def __init__(self, address: str) -> None:
        # A reader that waits for a reply would discard the reply of another thread.
        self._lock = threading.Lock()
        self._connection: DBusConnection = open_dbus_connection(bus=address)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._connection.close()

    def call(self, address: DBusAddress, method: str, signature: str = "", *args: Any) -> Any:
        """The body of the reply, or None for an error."""
        return self._body(new_method_call(address, method, signature or None, args))

    def get(self, address: DBusAddress, name: str) -> Any:
        """A property's value, or None."""
        body = self._body(Properties(address).get(name))
        return None if body is None else body[0][1]

    def owned(self, name: str) -> bool:
        """Whether a name has an owner; starts no service."""
        return bool(self.call(BUS, "NameHasOwner", "s", name)[0])

    def _body(self, message: Message) -> Any:
        with self._lock:
            reply = self._connection.send_and_get_reply(message, timeout=20.0)
        return None if reply.header.message_type == MessageType.error else reply.body

    # Readiness

    def keyring_is_open(self) -> bool:
        """Whether the default collection exists and is unlocked."""
        if not self.owned(SECRETS.bus_name):
            return False
        reply = self.call(SECRETS, "ReadAlias", "s", "default")
        if reply is None or reply[0] == "/":
            return False
        collection = DBusAddress(reply[0], SECRETS.bus_name, "org.freedesktop.Secret.Collection")
        return self.get(collection, "Locked") is False

    def tray_is_ready(self) -> bool:
        """Whether a panel shows StatusNotifier icons."""
        return self.owned(TRAY.bus_name) and bool(self.get(TRAY, "IsStatusNotifierHostRegistered"))

    def tray_items(self) -> tuple[str, ...]:
        """The StatusNotifier icons registered, as `bus name/path`."""
        return tuple(self.get(TRAY, "RegisteredStatusNotifierItems") or ())
