"""A separate bus with services simulated by python-dbusmock, from Debian's package.

dbusmock does not check the signatures of methods added by `AddMethod`; tests read its log of calls.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from jeepney import DBusAddress

from tests.desktop_fixtures.bus import Bus
from tests.desktop_fixtures.processes import Processes, Service
from tests.desktop_fixtures.waiting import wait_for

if TYPE_CHECKING:
    from pathlib import Path

MOCK = "org.freedesktop.DBus.Mock"
LOGIND = "org.freedesktop.login1"
MANAGER = "/org/freedesktop/login1"
#: The user's session in logind.
SESSION = f"{MANAGER}/session/c7"


class Services:
    """A bus at `<folder>/<name>` and its simulated services. Belongs to one thread."""

    def __init__(self, folder: Path, name: str = "bus") -> None:
        self.address = f"unix:path={folder}/{name}"
        self._socket = folder / name
        self._env = {
            "PATH": "/usr/bin:/bin",
            "HOME": str(folder),
            "DBUS_SESSION_BUS_ADDRESS": self.address,
            "DBUS_SYSTEM_BUS_ADDRESS": self.address,
        }
        self._processes = Processes(folder)
        self._players: dict[str, Service] = {}
        self._daemon: Service
        self.bus: Bus
        self.start_bus()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.bus.close()
        self._processes.close()

    def start_bus(self) -> None:
        """Start it, and wait until it answers."""
        argv = [
            "dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address={fd}",
            f"--address={self.address}",
        ]  # fmt: skip
        self._daemon, _ = self._processes.start_telling("dbus-daemon", argv, self._env)
        self.bus = Bus(self.address)

    def kill_bus(self) -> None:
        """Kill it with all its connections."""
        self.bus.close()
        self._daemon.stop()
        for player in self._players.values():
            player.stop()
        self._players.clear()
        self._socket.unlink(missing_ok=True)

    def play(self, name: str, *argv: str) -> None:
        """Start a service and wait until its name is owned."""
        command = ["/usr/bin/python3", "-m", "dbusmock", *argv]
        self._players[name] = self._processes.start(f"mock-{name}", command, self._env)

        def there() -> bool:
            self._players[name].check()
            return self.bus.owned(name)

        wait_for(there, what=name)

    def end(self, name: str) -> None:
        """End a service and wait until its name is free."""
        self._players.pop(name).stop()
        wait_for(lambda: not self.bus.owned(name), what=f"the end of {name}")

    def ask(self, name: str, path: str, interface: str, method: str, *more: Any) -> Any:
        """Call a method; `more` is a signature with its arguments."""
        return self.bus.call(DBusAddress(path, name, interface), method, *more)

    def emit(self, name: str, path: str, interface: str, signal: str, value: bool) -> None:
        """Let a service emit a signal with one boolean."""
        body = ("b", [("b", value)])
        self.ask(name, path, MOCK, "EmitSignal", "sssav", interface, signal, *body)

    # logind

    def play_logind(self) -> None:
        """logind, with one session of the user, found by XDG_SESSION_ID=c7."""
        self.play(LOGIND, "--template", "logind", "--session")
        self.ask(LOGIND, MANAGER, MOCK, "AddSession", "ssusb", "c7", "seat0", 1000, "me", True)

    def inhibitors(self) -> list[tuple[Any, ...]]:
        """What, who, why and mode of the held inhibitors."""
        answer = self.ask(LOGIND, MANAGER, f"{LOGIND}.Manager", "ListInhibitors")
        return [tuple(each[:4]) for each in answer[0]]

    def session(self, method: str, *more: Any) -> None:
        """Lock or unlock the session, or set its LockedHint."""
        self.ask(LOGIND, SESSION, f"{LOGIND}.Session", method, *more)

    def prepare(self, what: str, begins: bool) -> None:
        """PrepareForSleep or PrepareForShutdown."""
        self.emit(LOGIND, MANAGER, f"{LOGIND}.Manager", f"PrepareFor{what}", begins)
