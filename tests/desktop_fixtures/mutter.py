"""A session of GNOME's compositor: headless mutter without GNOME Shell, D-Bus, a keyring.

    with MutterSession() as session:
        session.popen([...])
        session.press("Control_L", "q")
        session.reader.window("A title")

Without tray, panel and portal, which GNOME Shell provides. Keys are pressed through mutter's remote
desktop interface; windows are read through accessibility, since nothing else lists them.
"""

from __future__ import annotations

import signal
from typing import Any

from jeepney import DBusAddress

from tests.desktop_fixtures.processes import DesktopError
from tests.desktop_fixtures.reader import Reader
from tests.desktop_fixtures.session import BUS_RULES, Session
from tests.desktop_fixtures.waiting import wait_for

REMOTE = "org.gnome.Mutter.RemoteDesktop"
IDLE = "org.gnome.Mutter.IdleMonitor"

#: X keysyms; those of letters and digits are their character codes.
KEYSYMS = {"Control_L": 0xFFE3, "Alt_L": 0xFFE9}
# A slow machine would hold each key long enough to repeat it.
SETTINGS = """\
[org/gnome/desktop/peripherals/keyboard]
repeat=false
"""
ENVIRONMENT = {
    "XDG_CURRENT_DESKTOP": "GNOME",
    "GSETTINGS_BACKEND": "keyfile",
    "NO_AT_BRIDGE": "0",
    "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
}


class MutterSession(Session):
    """A running session. Use as a context manager; belongs to the thread that made it."""

    def __init__(self, *sizes: str, keyring: bool = False, pipewire: bool = False) -> None:
        """Start it and wait until every part is ready. `sizes` are the monitors as WxH, from left
        to right; by default one of 1280x720. `pipewire`: for screen casts.
        """
        super().__init__(ENVIRONMENT)
        self.monitors = tuple(f"Meta-{n}" for n in range(len(sizes) or 1))
        self._monitors = [f"--virtual-monitor={size}" for size in sizes or ("1280x720",)]
        self._reader: Reader | None = None
        with self._starting():
            (self.dir / "bus.conf").write_text(BUS_RULES)
            settings = self.dir / "home/.config/glib-2.0/settings"
            settings.mkdir(parents=True)
            (settings / "keyfile").write_text(SETTINGS)
            self._start_bus()
            if pipewire:
                self._start_pipewire()
            self.start_mutter()
            if keyring:
                self._start_keyring()

    def close(self) -> None:
        """End everything and remove the folder."""
        if self._reader is not None:
            self._reader.close()
        self._reader = None
        super().close()

    def start_mutter(self) -> None:
        """Start the compositor, or restart it, with a keyboard and a pointer."""
        argv = ["mutter", "--wayland", "--no-x11", "--headless", *self._monitors]
        self.serve("mutter", argv)
        self.env["WAYLAND_DISPLAY"] = "wayland-0"
        self._ready("mutter's socket", (self.dir / "run/wayland-0").exists)
        self._ready("mutter", lambda: self.bus.owned(IDLE) and self.bus.owned(REMOTE))
        self._tell_the_bus("WAYLAND_DISPLAY")
        # The devices belong to our bus connection and are created at their first use: a program
        # that was started before loses the first key.
        made = self.bus.call(_remote("/org/gnome/Mutter/RemoteDesktop"), "CreateSession")
        self._hands = _remote(made[0], ".Session")
        self._ask("Start")
        self.press("Control_L")

    def kill_mutter(self) -> None:
        """Kill the compositor, which simulates a crash."""
        self._services.pop("mutter").stop(signal.SIGKILL)
        wait_for(lambda: not self.bus.owned(REMOTE), what="the end of mutter")

    def _ask(self, method: str, *more: Any) -> None:
        if self.bus.call(self._hands, method, *more) is None:
            raise DesktopError(f"mutter refused {method}; its log: {self.log('mutter')}")

    @property
    def reader(self) -> Reader:
        """The accessibility reader, started at its first use."""
        if self._reader is None:
            self._reader = Reader(self.bus)
        return self._reader

    def press(self, *keys: str) -> None:
        """Press keys together: characters or names of `KEYSYMS`."""
        signs = [KEYSYMS.get(key) or ord(key) for key in keys]
        for sign in signs:
            self._ask("NotifyKeyboardKeysym", "ub", sign, True)
        for sign in reversed(signs):
            self._ask("NotifyKeyboardKeysym", "ub", sign, False)

    def move(self) -> None:
        """Move the pointer a little."""
        self._ask("NotifyPointerMotionRelative", "dd", 3.0, 3.0)

    def type(self, text: str) -> None:
        """Press one key after the other."""
        for letter in text:
            self.press(letter)


def _remote(path: str, part: str = "") -> DBusAddress:
    return DBusAddress(path, REMOTE, REMOTE + part)
