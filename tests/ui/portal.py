"""A settings portal for tests: reports the colour scheme and contrast given on standard input."""

from __future__ import annotations

import sys
import threading

from jeepney import (
    DBusAddress,
    HeaderFields,
    MessageType,
    new_error,
    new_method_return,
    new_signal,
)
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import open_dbus_connection

ADDRESS = DBusAddress(
    "/org/freedesktop/portal/desktop", interface="org.freedesktop.portal.Settings"
)
NAMESPACE = "org.freedesktop.appearance"


def main() -> None:
    """Lines like `color-scheme 1` set a value and emit its signal."""
    values = {"color-scheme": int(sys.argv[1]), "contrast": 0}
    bus = open_dbus_connection("SESSION")
    bus.send_and_get_reply(message_bus.RequestName("org.freedesktop.portal.Desktop"))
    sys.stdout.write("up\n")
    sys.stdout.flush()

    def follow() -> None:
        for line in sys.stdin:
            key, number = line.split()
            values[key] = int(number)
            body = (NAMESPACE, key, ("u", values[key]))
            bus.send(new_signal(ADDRESS, "SettingChanged", "ssv", body))

    threading.Thread(target=follow, daemon=True).start()
    while True:
        call = bus.receive()
        if call.header.message_type is not MessageType.method_call:
            continue
        known = call.header.fields.get(HeaderFields.member) == "ReadOne"
        if known and call.body[1] in values:
            bus.send(new_method_return(call, "v", (("u", values[call.body[1]]),)))
        else:
            bus.send(new_error(call, "org.freedesktop.DBus.Error.UnknownMethod"))


if __name__ == "__main__":
    main()
