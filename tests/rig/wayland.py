"""A whole Wayland session to throw away: sway without a screen, D-Bus, portal, panel, keyring.

    with WaylandSession() as session:
        session.popen(["foot"])
        session.picture()

Rules kept, as by `desktop.py`: every part is ready, seen by its own sign, before the caller gets
the session; nothing is left behind, however the owner ends (`minder.py`). sway refuses to run as
root: where the tests do, the session and what is started in it belong to `nobody`, who owns the
session's folder (`folder` is a place for what its programs read and write) and nothing else.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from PIL import Image

from tests.rig.bus import BUS as MESSAGE_BUS
from tests.rig.bus import Bus
from tests.rig.desktop import FOREIGN, KEYRING_PASSWORD, READY_S
from tests.rig.processes import Processes, RigError, Service
from tests.rig.programs import Programs
from tests.rig.waiting import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from subprocess import Popen

ROOT = Path(__file__).resolve().parent.parent.parent
NOBODY = 65534
PORTAL = "org.freedesktop.portal.Desktop"
WLR_PORTAL = "org.freedesktop.impl.portal.desktop.wlr"

SWAY = """\
output HEADLESS-1 resolution {size} position 0,0 background #2e3440 solid_color
xwayland disable
default_border none
for_window [app_id=".*"] floating enable
"""
# The session's own user may use its bus, and so may the tests, if they run as root.
BUS_RULES = """\
<busconfig>
  <include>/usr/share/dbus-1/session.conf</include>
  <policy context="mandatory"><allow user="*"/></policy>
</busconfig>
"""
WAYBAR = {"layer": "top", "position": "bottom", "height": 32, "modules-right": ["tray"]}


class WaylandSession:
    """A running session. Use as a context manager; belongs to the thread that made it."""

    def __init__(
        self,
        size: str = "1280x720",
        *,
        portal: bool = True,
        panel: bool = False,
        keyring: bool = False,
    ) -> None:
        """Start it and wait until every part is ready. `size` is the screen's, as WxH."""
        self.dir = Path(tempfile.mkdtemp(prefix="wayland-"))
        self.folder = self.dir / "files"
        self.user = _user()
        for name in ("run", "home", "logs", "files"):
            (self.dir / name).mkdir(mode=0o700)
        self.env = self._environment()
        self.programs = Programs(self.dir / "logs")
        self._bus: Bus | None = None
        self._services: dict[str, Service] = {}
        self._processes = Processes(self.dir / "logs", remove=self.dir)
        try:
            self._write_settings(size)
            self._start_bus()
            self._start_sway()
            signs: dict[str, Callable[[], Any]] = {}
            if portal:
                signs |= self._start_portal()
            if keyring:
                argv = ["gnome-keyring-daemon", "--foreground", "--components=secrets", "--unlock"]
                self.serve("gnome-keyring", argv, stdin=KEYRING_PASSWORD)
                signs["the keyring"] = self.bus.keyring_is_open
            for what, sign in signs.items():
                self._ready(what, sign)
            if panel:
                self.serve("waybar", ["waybar"])
                self._ready("the panel", self.bus.tray_is_ready)
        except BaseException:
            self.close()
            raise

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
            "XDG_CURRENT_DESKTOP": "sway",
            "LANG": "C.UTF-8",
            "GSETTINGS_BACKEND": "memory",
            "GIO_USE_VFS": "local",
            "GTK_USE_PORTAL": "0",
            "NO_AT_BRIDGE": "1",
            "QT_NO_XDG_DESKTOP_PORTAL": "1",
            "QT_QPA_PLATFORM": "wayland",
            # Whoever runs the tests owns the tree; its programs here leave no files in it.
            "PYTHONDONTWRITEBYTECODE": "1",
            "WLR_BACKENDS": "headless",
            "WLR_HEADLESS_OUTPUTS": "1",
            "WLR_LIBINPUT_NO_DEVICES": "1",
            "WLR_RENDERER": "pixman",
        }

    def _write_settings(self, size: str) -> None:
        waybar = self.dir / "home/.config/waybar"
        waybar.mkdir(parents=True)
        (waybar / "config").write_text(json.dumps(WAYBAR))
        (waybar / "style.css").write_text("* { font-family: sans-serif; }\n")
        (self.dir / "sway.conf").write_text(SWAY.format(size=size))
        (self.dir / "bus.conf").write_text(BUS_RULES)
        if self.user:
            for path in [self.dir, *self.dir.rglob("*")]:
                os.chown(path, NOBODY, NOBODY)

    def serve(self, name: str, argv: Sequence[str], stdin: str | None = None) -> Service:
        """Start a part of the session itself, or start it again."""
        service = self._processes.start(name, [*self.user, *argv], self.env, stdin=stdin)
        self._services[name] = service
        return service

    def _ready(self, what: str, sign: Callable[[], Any]) -> None:
        """Wait for a sign of readiness; a service that has ended is told at once."""

        def seen() -> bool:
            for service in self._services.values():
                service.check()
            return bool(sign())

        try:
            wait_for(seen, timeout=READY_S, what=what)
        except TimeoutError as error:
            logs = {name: self.log(name)[-500:] for name in self._services}
            raise RigError(f"{what} did not become ready; logs: {logs}") from error

    def _start_bus(self) -> None:
        argv = [
            *self.user, "dbus-daemon", f"--config-file={self.dir}/bus.conf", "--nofork",
            "--nopidfile", "--print-address={fd}", f"--address=unix:path={self.dir}/run/bus",
        ]  # fmt: skip
        service, address = self._processes.start_telling("dbus-daemon", argv, self.env)
        self._services["dbus-daemon"] = service
        self.env["DBUS_SESSION_BUS_ADDRESS"] = address

    def _start_sway(self) -> None:
        self.sway = self.serve("sway", ["sway", "-c", str(self.dir / "sway.conf")])
        run = self.dir / "run"
        self._ready("sway's sockets", lambda: len(list(run.glob("sway-ipc*"))) == 1)
        self.env["SWAYSOCK"] = str(next(run.glob("sway-ipc*")))
        self._ready("sway's answer", self._outputs)
        self.env["WAYLAND_DISPLAY"] = next(
            path.name for path in run.glob("wayland-*") if path.suffix != ".lock"
        )
        # What the bus starts belongs to the session too.
        told = {name: self.env[name] for name in ("SWAYSOCK", "WAYLAND_DISPLAY")}
        self.bus.call(MESSAGE_BUS, "UpdateActivationEnvironment", "a{ss}", told)

    def _outputs(self) -> bool:
        done = self._do(["swaymsg", "-t", "get_outputs"])
        return done.returncode == 0 and any(one["active"] for one in json.loads(done.stdout))

    def _start_portal(self) -> dict[str, Callable[[], Any]]:
        """The portal asks its backend what it can do when it starts: the backend comes first."""
        self.serve("pipewire", ["pipewire"])
        self._ready("pipewire", (self.dir / "run/pipewire-0").exists)
        self.serve("wireplumber", ["wireplumber"])
        self.serve("portal-wlr", ["/usr/libexec/xdg-desktop-portal-wlr"])
        self._ready("the portal's backend", lambda: self.bus.owned(WLR_PORTAL))
        self.serve("portal", ["/usr/libexec/xdg-desktop-portal"])
        return {"the portal": lambda: self.bus.owned(PORTAL)}

    # Looking

    @property
    def bus(self) -> Bus:
        """A connection to the session's bus, opened at its first use."""
        if self._bus is None:
            self._bus = Bus(self.env["DBUS_SESSION_BUS_ADDRESS"])
        return self._bus

    def picture(self) -> Image.Image:
        """What grim sees of the whole screen."""
        path = self.folder / "grim.png"
        self.run(["grim", str(path)])
        with Image.open(path) as picture:
            return picture.convert("RGB")

    def windows(self) -> list[dict[str, Any]]:
        """sway's own list: `name`, `app_id`, `rect`, `focused` and more of each window."""
        found: list[dict[str, Any]] = []
        layer = [json.loads(self.run(["swaymsg", "-t", "get_tree"]))]
        while layer:
            node = layer.pop()
            layer += node["nodes"] + node["floating_nodes"]
            if node.get("pid"):
                found.append(node)
        return found

    def wait_window(self, name: str) -> dict[str, Any]:
        """Wait for a window whose title begins with `name`."""
        return wait_for(
            lambda: next((w for w in self.windows() if str(w["name"]).startswith(name)), None),
            what=f"a window named {name}",
        )

    def log(self, name: str) -> str:
        """What a service, or a program started by `popen`, has written."""
        return (self.dir / "logs" / f"{name}.log").read_text(errors="replace")

    # Acting

    def popen(self, argv: Sequence[str], *, log: str = "", **options: Any) -> Popen[bytes]:
        """Start a program in the session; see `programs.py`."""
        name = log or Path(argv[0]).name
        return self.programs.start([*self.user, *argv], self.env, log=name, **options)

    def run(self, argv: Sequence[str]) -> str:
        """Run a program of the session to its end; returns what it printed."""
        done = self._do(argv)
        if done.returncode:
            raise RigError(f"{argv[0]} ended with {done.returncode}: {done.stderr}")
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
        """A file of the session's user in `folder`, for its eyes only."""
        path = self.folder / name
        path.touch(mode=0o600)
        path.write_text(text, encoding="utf-8")
        if self.user:
            os.chown(path, NOBODY, NOBODY)
        return path

    def type(self, *words: str) -> None:
        """Press keys as a keyboard does, by wtype's words."""
        self.run(["wtype", *words])

    def signal(self, name: str, number: int) -> None:
        """Send a signal to a part of the session, by the name of its log."""
        os.kill(self._services[name].pid, number)

    def sway_do(self, command: str) -> None:
        """Run one of sway's commands."""
        self.run(["swaymsg", command])


def _user() -> list[str]:
    """The words before a command that make it an unprivileged user's: none where we are one.

    A tree that only root can read (a clone below root's home) is still read: then the session's
    programs keep the one privilege of passing over the permissions of files.
    """
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        raise RigError("setpriv is not installed")
    ids = [f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--pdeathsig", "KILL"]
    plain = ["setpriv", *ids, "--"]
    look = [sys.executable, "-I", "-S", "-c", f"open({str(ROOT / 'pyproject.toml')!r})"]
    try:
        seen = subprocess.run([*plain, *look], capture_output=True, check=False, cwd="/")
    except OSError as error:
        raise RigError(f"setpriv cannot be run: {error}") from error
    if seen.returncode == 0:
        return plain
    # The last word lets access(2) say so too, which Qt asks before it reads.
    keep = ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
    keep += ["--securebits=+no_setuid_fixup"]
    return ["setpriv", *ids, *keep, "--"]
