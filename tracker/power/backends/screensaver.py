"""The desktop's own screen saver: it tells when it covers the screen, and when it is gone.

Most desktops tell it under a name of their own, and some under two: the same thing told twice is
one thing. A saver that covers the screen without a lock counts as a lock: nobody works there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.platform.dbus import BusError, name_owner_change
from tracker.power.backends.dbus_thread import BusWatch

if TYPE_CHECKING:
    from tracker.platform.dbus import Bus, Signal
    from tracker.power.interface import PowerListener

#: Name on the bus, which is also the interface, and the object.
SAVERS = {
    "org.freedesktop.ScreenSaver": "/org/freedesktop/ScreenSaver",
    "org.gnome.ScreenSaver": "/org/gnome/ScreenSaver",
    "org.cinnamon.ScreenSaver": "/org/cinnamon/ScreenSaver",
    "org.mate.ScreenSaver": "/org/mate/ScreenSaver",
    "org.xfce.ScreenSaver": "/org/xfce/ScreenSaver",
}


class ScreenSaver(BusWatch):
    """See `PowerWatch`."""

    name = "screensaver"

    def begin(self, bus: Bus, listener: PowerListener) -> None:
        """See `BusWatch`."""
        for name in SAVERS:
            bus.subscribe_owner(name)
            bus.subscribe(name, name, "ActiveChanged")
        for name in SAVERS:
            if bus.has_owner(name):
                self._ask(bus, listener, name)

    def on_signal(self, bus: Bus, listener: PowerListener, signal: Signal) -> None:
        """See `BusWatch`."""
        owner = name_owner_change(signal)
        if owner is not None and owner[0] in SAVERS:
            if owner[1]:
                self._ask(bus, listener, owner[0])
            else:
                listener.lock_changed(owner[0], None)
        elif signal.interface in SAVERS and signal.member == "ActiveChanged":
            listener.lock_changed(signal.interface, bool(signal.body[0]))

    def connection_lost(self, listener: PowerListener) -> None:
        """See `BusWatch`."""
        for name in SAVERS:
            listener.lock_changed(name, None)

    def _ask(self, bus: Bus, listener: PowerListener, name: str) -> None:
        try:
            active = bool(bus.call(name, SAVERS[name], name, "GetActive")[0])
        except BusError:
            # Some only keep the screen awake for others, and know no more than that.
            return
        listener.lock_changed(name, active)
