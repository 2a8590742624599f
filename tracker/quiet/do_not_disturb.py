"""Whether the person has switched on "do not disturb".

Three ways, since no standard covers all desktops: the property `Inhibited` of
org.freedesktop.Notifications (KDE Plasma), Xfce's settings service (xfce4-notifyd), and the setting
of GNOME, Cinnamon or MATE, read by the command `gsettings`.
"""

from __future__ import annotations

import contextlib
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass

from tracker.platform.dbus import Bus, BusError
from tracker.quiet.interface import QuietReason

SERVICE = "org.freedesktop.Notifications"
_PATH = "/org/freedesktop/Notifications"
XFCONF = "org.xfce.Xfconf"
_XFCONF_PATH = "/org/xfce/Xfconf"
_COMMAND_S = 2.0
_ON = frozenset({QuietReason.DO_NOT_DISTURB})


class BusDoNotDisturb:
    """See `QuietSource`. Reads the services that are on the bus; starts none."""

    name = "do-not-disturb"

    def __init__(self, address: str) -> None:
        self._address = address

    def reasons(self) -> frozenset[QuietReason]:
        """See `QuietSource`. Raises BusError."""
        with contextlib.closing(Bus(self._address)) as bus:
            return _ON if _inhibited(bus) or _xfce(bus) else frozenset()


def _inhibited(bus: Bus) -> bool:
    if not bus.has_owner(SERVICE):
        return False
    # `Get` of a missing property returns the same error as a failing service.
    found = bus.call(SERVICE, _PATH, "org.freedesktop.DBus.Properties", "GetAll", "s", SERVICE)[0]
    return bool(found["Inhibited"][1]) if "Inhibited" in found else False


def _xfce(bus: Bus) -> bool:
    if not bus.has_owner(XFCONF):
        return False
    channel, setting = "xfce4-notifyd", "/do-not-disturb"
    try:
        asked = bus.call(XFCONF, _XFCONF_PATH, XFCONF, "PropertyExists", "ss", channel, setting)
    except BusError:
        return False  # xfconf has no such channel before the daemon's first start
    if not asked[0]:
        return False
    found = bus.call(XFCONF, _XFCONF_PATH, XFCONF, "GetProperty", "ss", channel, setting)
    return bool(found[0][1])


@dataclass(frozen=True)
class _Key:
    """A setting of a desktop, and its value (as text) that means "do not disturb"."""

    schema: str
    key: str
    quiet: str


#: By the names in XDG_CURRENT_DESKTOP.
KEYS: dict[str, _Key] = {
    "GNOME": _Key("org.gnome.desktop.notifications", "show-banners", "false"),
    "X-Cinnamon": _Key("org.cinnamon.desktop.notifications", "display-notifications", "false"),
    "MATE": _Key("org.mate.NotificationDaemon", "do-not-disturb", "true"),
}


class SettingDoNotDisturb:
    """See `QuietSource`. Reads the desktop's setting."""

    name = "gsettings"

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = dict(environ)

    def reasons(self) -> frozenset[QuietReason]:
        """See `QuietSource`. Raises OSError and subprocess.SubprocessError."""
        desktops = self._environ.get("XDG_CURRENT_DESKTOP", "").split(":")
        command = shutil.which("gsettings", path=self._environ.get("PATH"))
        keys = [KEYS[name] for name in desktops if name in KEYS]
        if command is None or not keys:
            return frozenset()
        return _ON if any(self._is_quiet(command, key) for key in keys) else frozenset()

    def _is_quiet(self, command: str, key: _Key) -> bool:
        done = subprocess.run(
            (command, "get", key.schema, key.key),
            env=self._environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_COMMAND_S,
            check=True,
        )
        return done.stdout.decode("utf-8", "replace").strip() == key.quiet
