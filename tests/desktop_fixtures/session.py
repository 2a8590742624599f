"""The common parts of the tests' Wayland sessions: folder, bus, services, programs, keyring.

Rules kept, as in `desktop.py`: every part is ready, by its own sign, before the caller gets the
session; nothing is left behind, even if the owner is killed (`watchdog.py`). The compositors are in
`wayland.py` (sway) and `mutter.py`.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from tests.desktop_fixtures.bus import BUS as MESSAGE_BUS
from tests.desktop_fixtures.bus import Bus
from tests.desktop_fixtures.desktop import FOREIGN, KEYRING_PASSWORD, READY_S
from tests.desktop_fixtures.processes import DesktopError, Processes, Service
from tests.desktop_fixtures.programs import Programs
from tests.desktop_fixtures.waiting import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from subprocess import Popen

ROOT = Path(__file__).resolve().parent.parent.parent

# The session's user may use its bus, and so may the tests, if they run as root.
BUS_RULES = """\
<busconfig>
  <include>/usr/share/dbus-1/session.conf</include>
  <policy context="mandatory"><allow user="*"/></policy>
</busconfig>
"""


class Session:
    """A session and its folder. Use as a context manager; belongs to the thread that created it.
    `folder` is for files that its programs read and write.
    """

    def __init__(self, env: Mapping[str, str], user: Sequence[str] = ()) -> None:
        """`env` extends the environment of all sessions; `user` is the prefix of a command that
        runs it as the session's user.
        """
        # The path of a socket is limited to about 100 bytes.
        self.dir = Path(tempfile.mkdtemp(prefix="wayland-"))
        self.folder = self.dir / "files"
        self.user = list(user)
        for name in ("run", "home", "logs", "files"):
            (self.dir / name).mkdir(mode=0o700)
        self.env = self._environment() | dict(env)
        self.programs = Programs(self.dir / "logs")
        self._bus: Bus | None = None
        self._services: dict[str, Service] = {}
        self._processes = Processes(self.dir / "logs", remove=self.dir)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End everything and remove the folder."""
        self.programs.end()
        if self._bus is not None:
            self._bus.close()
        self._bus = None
        self._processes.close()

    # Starting

    @contextlib.contextmanager
    def _starting(self) -> Iterator[None]:
        """If the start fails, everything started is ended."""
        try:
            yield
        except BaseException:
            self.close()
            raise

    def _environment(self) -> dict[str, str]:
        env = {k: v for k, v in os.environ.items() if not k.startswith(FOREIGN)}
        home = self.dir / "home"
        return env | {
            "HOME": str(home),
            "XDG_RUNTIME_DIR": str(self.dir / "run"),
            "XDG_CONFIG_HOME": str(home / ".config"),
            "XDG_DATA_HOME": str(home / ".local/share"),
            "XDG_STATE_HOME": str(home / ".local/state"),
            "XDG_CACHE_HOME": str(home / ".cache"),
            "XDG_SESSION_TYPE": "wayland",
            "LANG": "C.UTF-8",
            "GSETTINGS_BACKEND": "memory",
            "GIO_USE_VFS": "local",
            "GTK_USE_PORTAL": "0",
            "NO_AT_BRIDGE": "1",
            "QT_NO_XDG_DESKTOP_PORTAL": "1",
            "QT_QPA_PLATFORM": "wayland",
            # The user who runs the tests owns the tree; the session's programs leave no files in
            # it.
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def serve(self, name: str, argv: Sequence[str], stdin: str | None = None) -> Service:
        """Start a part of the session, or restart it."""
        service = self._processes.start(name, [*self.user, *argv], self.env, stdin=stdin)
        self._services[name] = service
        return service

    def _ready(self, what: str, sign: Callable[[], Any]) -> None:
        """Wait for a sign of readiness; fails at once if a service has ended."""

        def seen() -> bool:
            for service in self._services.values():
                service.check()
            return bool(sign())

        try:
            wait_for(seen, timeout=READY_S, what=what)
        except TimeoutError as error:
            logs = {name: self.log(name)[-500:] for name in self._services}
            raise DesktopError(f"{what} did not become ready; logs: {logs}") from error

    def _start_bus(self) -> None:
        rules = self.dir / "bus.conf"
        argv = [
            *self.user, "dbus-daemon", f"--config-file={rules}", "--nofork",
            "--nopidfile", "--print-address={fd}", f"--address=unix:path={self.dir}/run/bus",
        ]  # fmt: skip
        service, address = self._processes.start_telling("dbus-daemon", argv, self.env)
        self._services["dbus-daemon"] = service
        self.env["DBUS_SESSION_BUS_ADDRESS"] = address

    def _tell_the_bus(self, *names: str) -> None:
        """Pass these variables to services that the bus starts."""
        variables = {name: self.env[name] for name in names}
        self.bus.call(MESSAGE_BUS, "UpdateActivationEnvironment", "a{ss}", variables)

    def _start_keyring(self) -> None:
        """Start an unlocked keyring."""
        argv = ["gnome-keyring-daemon", "--foreground", "--components=secrets", "--unlock"]
        self.serve("gnome-keyring", argv, stdin=KEYRING_PASSWORD)
        self._ready("the keyring", self.bus.keyring_is_open)

    def _start_pipewire(self) -> None:
        self.serve("pipewire", ["pipewire"])
        self._ready("pipewire", (self.dir / "run/pipewire-0").exists)
        self.serve("wireplumber", ["wireplumber"])

    # Queries

    @property
    def bus(self) -> Bus:
        """A connection to the session's bus, opened at its first use."""
        if self._bus is None:
            self._bus = Bus(self.env["DBUS_SESSION_BUS_ADDRESS"])
        return self._bus

    def log(self, name: str) -> str:
        """The output of a service, or of a program started by `popen`."""
        return (self.dir / "logs" / f"{name}.log").read_text(errors="replace")

    # Programs

    def popen(self, argv: Sequence[str], *, log: str = "", **options: Any) -> Popen[bytes]:
        """Start a program in the session; see `programs.py`."""
        name = log or Path(argv[0]).name
        return self.programs.start([*self.user, *argv], self.env, log=name, **options)

    def run(self, argv: Sequence[str]) -> str:
        """Run a program of the session to its end; returns its output."""
        done = self._do(argv)
        if done.returncode:
            raise DesktopError(f"{argv[0]} ended with {done.returncode}: {done.stderr}")
        return done.stdout

    def _do(self, argv: Sequence[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*self.user, *argv],
            env=self.env,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=READY_S,
            check=False,
        )

    def own_file(self, name: str, text: str) -> Path:
        """A file in `folder` that only the session's user can read."""
        path = self.folder / name
        path.touch(mode=0o600)
        path.write_text(text, encoding="utf-8")
        self._give_away(path)
        return path

    def _give_away(self, *paths: Path) -> None:
        """Make the session's user the owner, which is the owner of its folder."""

    def signal(self, name: str, number: int) -> None:
        """Send a signal to a part of the session, by the name of its log."""
        os.kill(self._services[name].pid, number)
