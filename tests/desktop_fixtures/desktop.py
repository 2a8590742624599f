"""A throw-away desktop: X, window manager, tray, notifications, D-Bus, keyring, home.

    with Desktop() as desktop:
        desktop.popen(["xmessage", "hello"])
        desktop.wait_window("xmessage")

or, for a command (see `command.py`):

    python -m tests.desktop_fixtures.desktop [options] -- command...

Rules kept: every part is ready, by its own sign (selection owner, bus name, unlocked collection),
before the caller gets the desktop; several desktops can run side by side, since the X server picks
its number and the other files are in a separate folder; nothing is left behind, even if the owner
is killed (`watchdog.py`).
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

from tests.desktop_fixtures.bus import ACCESSIBILITY, NOTIFICATIONS, SECRETS, Bus
from tests.desktop_fixtures.processes import DesktopError, Processes, Service
from tests.desktop_fixtures.programs import Programs
from tests.desktop_fixtures.screen import Screen
from tests.desktop_fixtures.tray import Tray
from tests.desktop_fixtures.waiting import wait_for
from tests.desktop_fixtures.x11 import Rect, XClient

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from subprocess import Popen

    from tests.desktop_fixtures.tray import TrayKind

Keyring = Literal["unlocked", "locked", "none"]

KEYRING_PASSWORD = "test"
GROUND = "#2e3440"
READY_S = 60.0

# Variables of the user's desktop that must not leak in.
FOREIGN = (
    "AT_SPI_", "DBUS_", "DESKTOP_", "DISPLAY", "GDK_", "GDM", "GNOME_", "GTK_", "KDE_", "LANGUAGE",
    "LC_", "PYNPUT_", "QT_", "SESSION_MANAGER", "SSH_AUTH_SOCK", "WAYLAND_", "XAUTHORITY", "XDG_",
)  # fmt: skip


class Desktop(Screen):
    """A running desktop. Use as a context manager; belongs to the thread that made it."""

    def __init__(
        self,
        geometry: str = "1920x1080",
        *,
        tray: TrayKind | Literal["none"] = "trayer",
        window_manager: bool = True,
        session: bool = True,
        notifications: bool = True,
        keyring: Keyring = "unlocked",
        nested: bool = False,
        accessibility: bool = False,
        home: Path | None = None,
    ) -> None:
        """Start it and wait until every part is ready.

        `geometry`: one WxH, or several with commas: monitors from left to right. `session`: D-Bus,
        which notifications, keyring, AT-SPI and lxqt-panel need. `nested`: a Xephyr inside, whose
        input from `hardware_xdotool` comes from its own devices instead of XTEST. `home`: a folder
        to keep; otherwise the home is thrown away too.
        """
        self.dir = Path(tempfile.mkdtemp(prefix="desktop-"))
        self.monitors = tuple(_size(part) for part in geometry.split(","))
        self.home = home or self.dir / "home"
        self.host_display = ""
        self.tray: Tray | None = None
        self._bus: Bus | None = None
        for folder in (self.home, self.dir / "run", self.dir / "logs"):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        super().__init__("", self._environment(accessibility=accessibility))
        self.programs = Programs(self.dir / "logs")
        self._processes = Processes(self.dir / "logs", remove=self.dir)
        self._services: list[Service] = []
        self._notifications: Service | None = None
        signs: dict[str, Callable[[], Any]] = {}
        try:
            self._start_screen(nested=nested)
            if window_manager:
                self.serve("openbox", ["openbox", "--sm-disable"])
                signs["the window manager"] = self.x.manager_is_ready
            if session:
                self._start_bus()
                signs |= self._start_session(
                    notifications=notifications, keyring=keyring, accessibility=accessibility
                )
            self.x.paint_ground(GROUND)
            for what, sign in signs.items():
                self._ready(what, sign)
            if tray != "none":
                self.start_tray(tray)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End everything and remove the folder, except a `home` given by the caller."""
        self.programs.end()
        if self._bus is not None:
            self._bus.close()
        self._bus = None
        self.disconnect()
        self._processes.close()

    # Starting

    def _environment(self, *, accessibility: bool) -> dict[str, str]:
        env = {k: v for k, v in os.environ.items() if not k.startswith(FOREIGN)}
        env |= {
            "HOME": str(self.home),
            "XDG_RUNTIME_DIR": str(self.dir / "run"),
            "XDG_CONFIG_HOME": str(self.home / ".config"),
            "XDG_DATA_HOME": str(self.home / ".local/share"),
            "XDG_STATE_HOME": str(self.home / ".local/state"),
            "XDG_CACHE_HOME": str(self.home / ".cache"),
            # Not the real machine's sleep and lock; a test may provide another bus there.
            "DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={self.dir}/run/system-bus",
            "XDG_SESSION_TYPE": "x11",
            "XDG_CURRENT_DESKTOP": "XFCE",
            "LANG": "C.UTF-8",
            # The programs' own daemons (settings, virtual file systems, portals) are not needed.
            "GSETTINGS_BACKEND": "memory",
            "GIO_USE_VFS": "local",
            "GTK_USE_PORTAL": "0",
            "QT_NO_XDG_DESKTOP_PORTAL": "1",
            "QT_QPA_PLATFORM": "xcb",
        }
        if accessibility:
            env |= {"QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1", "QT_ACCESSIBILITY": "1"}
        else:
            env["NO_AT_BRIDGE"] = "1"
        return env

    def serve(self, name: str, argv: Sequence[str], stdin: str | None = None) -> Service:
        """Start a part of the desktop, watched until the desktop is ready."""
        service = self._processes.start(name, argv, self.env, stdin=stdin)
        self._services.append(service)
        return service

    def _ready(self, what: str, sign: Callable[[], Any]) -> None:
        """Wait for a sign of readiness; fails at once if a service has ended."""

        def seen() -> bool:
            for service in self._services:
                service.check()
            return bool(sign())

        try:
            wait_for(seen, timeout=READY_S, what=what)
        except TimeoutError as error:
            logs = {s.name: s.log.read_text(errors="replace")[-500:] for s in self._services}
            raise DesktopError(f"{what} did not become ready; logs: {logs}") from error

    def _start_screen(self, *, nested: bool) -> None:
        width = sum(w for w, _ in self.monitors)
        height = max(h for _, h in self.monitors)
        xvfb = [
            "Xvfb", "-displayfd", "{fd}", "-screen", "0", f"{width}x{height}x24", "-dpi", "96",
            "-nolisten", "tcp", "-noreset", "+extension", "RANDR", "+extension", "RECORD",
            "+extension", "XTEST",
        ]  # fmt: skip
        self.x_server, number = self._processes.start_telling("Xvfb", xvfb, self.env)
        self.env["DISPLAY"] = self.display = f":{number}"
        if nested:
            self.env["HOST_DISPLAY"] = self.host_display = self.display
            xephyr = [
                "Xephyr", "-displayfd", "{fd}", "-screen", f"{width}x{height}", "-dpi", "96",
                "-nolisten", "tcp", "-noreset",
            ]  # fmt: skip
            self.x_server, number = self._processes.start_telling("Xephyr", xephyr, self.env)
            self.env["DISPLAY"] = self.display = f":{number}"
            with XClient(self.host_display) as host:
                # The host would turn a held key into many presses and releases; hardware sends one
                # press, which the tested server repeats.
                host.repeat_keys(on=False)
            # Keys go to the window below the host's pointer.
            self.hardware_xdotool("mousemove", str(width // 2), str(height // 2))
        if len(self.monitors) > 1:
            self._lay_out_monitors()

    def _lay_out_monitors(self) -> None:
        listing = self.run(["xrandr"]).splitlines()
        output = next(line.split()[0] for line in listing if " connected" in line)
        left = 0
        for place, (width, height) in enumerate(self.monitors, 1):
            millimetres = f"{width}/{width * 254 // 960}x{height}/{height * 254 // 960}"
            owner = output if place == 1 else "none"
            self.run(["xrandr", "--setmonitor", f"M{place}", f"{millimetres}+{left}+0", owner])
            left += width

    def _start_bus(self) -> None:
        argv = [
            "dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address={fd}",
            f"--address=unix:path={self.dir}/run/bus",
        ]  # fmt: skip
        service, address = self._processes.start_telling("dbus-daemon", argv, self.env)
        self._services.append(service)
        self.env["DBUS_SESSION_BUS_ADDRESS"] = address

    def _start_session(
        self, *, notifications: bool, keyring: Keyring, accessibility: bool
    ) -> dict[str, Callable[[], Any]]:
        """Start the services on the bus; returns the sign of readiness of each."""
        signs: dict[str, Callable[[], Any]] = {}
        if notifications:
            self._notifications = self.serve("xfce4-notifyd", [_notification_daemon()])
            signs["notifications"] = lambda: self.bus.owned(NOTIFICATIONS)
        if keyring != "none":
            argv = ["gnome-keyring-daemon", "--foreground", "--components=secrets"]
            if keyring == "unlocked":
                self.serve("gnome-keyring", [*argv, "--unlock"], stdin=KEYRING_PASSWORD)
                signs["the keyring"] = self.bus.keyring_is_open
            else:
                self.serve("gnome-keyring", argv)
                signs["the keyring"] = lambda: self.bus.owned(SECRETS.bus_name)
        if accessibility:
            self.serve("at-spi", ["/usr/libexec/at-spi-bus-launcher", "--launch-immediately"])
            signs["AT-SPI"] = lambda: self.bus.call(ACCESSIBILITY, "GetAddress")
        return signs

    def start_tray(self, kind: TrayKind) -> None:
        """Start a tray if there is none, and wait until it accepts icons.

        The window manager must be ready: a request to show the panel while the manager starts is
        sometimes lost.
        """
        self.tray = Tray(self, kind)
        self._ready("the tray", self.tray.is_ready)
        self.tray.remember_bare_panel()

    def restart_notifications(self) -> None:
        """End the notification daemon, and start another one."""
        assert self._notifications is not None, "there is no notification daemon"
        self._services.remove(self._notifications)
        self._notifications.stop()
        wait_for(lambda: not self.bus.owned(NOTIFICATIONS), what="the daemon to end")
        self._notifications = self.serve("xfce4-notifyd", [_notification_daemon()])
        self._ready("notifications", lambda: self.bus.owned(NOTIFICATIONS))

    def stop_tray(self) -> None:
        """End the tray, which simulates a crash of the panel."""
        assert self.tray is not None, "there is no tray"
        self._services.remove(self.tray.service)
        self.tray.service.stop()
        self.tray = None

    # Queries

    @property
    def bus(self) -> Bus:
        """A connection to the desktop's session bus, opened at its first use."""
        if self._bus is None:
            self._bus = Bus(self.env["DBUS_SESSION_BUS_ADDRESS"])
        return self._bus

    def tray_icon_geometry(self, *, index: int = 0, timeout: float = 20.0) -> Rect:
        """Wait for an icon in the tray; returns its position, counted from the left."""
        assert self.tray is not None, "there is no tray"
        return self.tray.icon(index=index, timeout=timeout)

    # Input

    def hardware_xdotool(self, *args: str) -> str:
        """Input through the devices of a nested desktop, as from hardware."""
        assert self.host_display, "only a nested desktop has separate devices"
        return self.run(["xdotool", *args], timeout=120.0, DISPLAY=self.host_display)

    def click_tray_icon(self, *, button: int = 1, index: int = 0) -> Rect:
        """Click the icon with the mouse: button 1 left, 3 right."""
        icon = self.tray_icon_geometry(index=index)
        self.click(*icon.centre, button=button)
        return icon

    def set_resolution(self, width: int, height: int) -> None:
        """Change the size of the screen, up to the initial one."""
        mode = f"{width}x{height}"
        listing = self.run(["xrandr"])
        output = next(line.split()[0] for line in listing.splitlines() if " connected" in line)
        if f" {mode} " not in listing:
            numbers = f"0 {width} 0 0 {width} {height} 0 0 {height}".split()
            self.run(["xrandr", "--newmode", mode, *numbers])
            self.run(["xrandr", "--addmode", output, mode])
        self.run(["xrandr", "--output", output, "--mode", mode, "--fb", mode])

        def changed() -> bool:
            shape = self.x.geometry(self.x.root)
            return (shape.width, shape.height) == (width, height)

        wait_for(changed, what=f"the screen to be {mode}")

    def kill_x(self) -> None:
        """Kill the X server, which simulates a crash; nothing on this desktop works afterwards."""
        self.x_server.stop(signal.SIGKILL)

    def start_x_again(self) -> None:
        """Start a new, empty X server after `kill_x`; bus and home stay."""
        self.disconnect()
        self._start_screen(nested=False)

    def popen(self, argv: Sequence[str], *, log: str = "", **options: Any) -> Popen[bytes]:
        """Start a program on the desktop; see `programs.py`."""
        return self.programs.start(argv, self.env, log=log, **options)

    def log(self, name: str) -> str:
        """The output of a service, or of a program started by `popen`."""
        return (self.dir / "logs" / f"{name}.log").read_text(errors="replace")

    def reset(self) -> None:
        """Reset to an empty desktop: no programs of `popen`, no held keys, the initial size."""
        self.programs.end()
        if self.host_display:
            with XClient(self.host_display) as host:
                host.release_everything()
        self.x.release_everything()
        width, height = sum(w for w, _ in self.monitors), max(h for _, h in self.monitors)
        shape = self.x.geometry(self.x.root)
        if (shape.width, shape.height) != (width, height):
            self.set_resolution(width, height)
        wait_for(lambda: not self.windows(), what="all windows to be gone")


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    return int(width), int(height)


def _notification_daemon() -> str:
    found = shutil.which("xfce4-notifyd") or next(
        (str(p) for p in Path("/usr/lib").glob("*/xfce4/notifyd/xfce4-notifyd")), None
    )
    if found is None:
        raise DesktopError("xfce4-notifyd is not installed")
    return found


if __name__ == "__main__":
    from tests.desktop_fixtures.command import main

    sys.exit(main(sys.argv[1:]))
