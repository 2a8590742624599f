"""The desktop's screen saver, which signals when it covers and uncovers the screen.

Most desktops use their own bus name, and some two; the same signal twice has no effect. A
saver that covers the screen without a lock counts as a lock, since no work happens on a covered
screen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.platform.dbus import BusError, name_owner_change
from tracker.power.backends.dbus_thread import BusWatch

if TYPE_CHECKING:
    from tracker.platform.dbus import Bus, Signal
    from tracker.power.interface import PowerListener

#: Bus name, which is also the interface, and object path.
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
            # Some services of this name only inhibit the screen saver and have no GetActive.
            return
        listener.lock_changed(name, active)
