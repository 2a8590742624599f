"""A throw-away Wayland session: headless sway, D-Bus, portal, panel, keyring.

    with WaylandSession() as session:
        session.popen(["foot"])
        session.picture()

sway refuses to run as root: if the tests do, the session and its programs run as `nobody`, who owns
the session's folder and nothing else. `session.py` has the rules of all sessions.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from PIL import Image

from tests.desktop_fixtures.processes import DesktopError
from tests.desktop_fixtures.session import BUS_RULES, ROOT, Session
from tests.desktop_fixtures.waiting import wait_for

if TYPE_CHECKING:
    from pathlib import Path

NOBODY = 65534
PORTAL = "org.freedesktop.portal.Desktop"
WLR_PORTAL = "org.freedesktop.impl.portal.desktop.wlr"

SWAY = """\
output HEADLESS-1 resolution {size} position 0,0 background #2e3440 solid_color
xwayland disable
default_border none
for_window [app_id=".*"] floating enable
"""
ENVIRONMENT = {
    "XDG_CURRENT_DESKTOP": "sway",
    "WLR_BACKENDS": "headless",
    "WLR_HEADLESS_OUTPUTS": "1",
    "WLR_LIBINPUT_NO_DEVICES": "1",
    "WLR_RENDERER": "pixman",
}
WAYBAR = {"layer": "top", "position": "bottom", "height": 32, "modules-right": ["tray"]}


class WaylandSession(Session):
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
        super().__init__(ENVIRONMENT, _user())
        with self._starting():
            self._write_settings(size)
            self._start_bus()
            self._start_sway()
            if portal:
                self._start_portal()
            if keyring:
                self._start_keyring()
            if portal:
                self._ready("the portal", lambda: self.bus.owned(PORTAL))
            if panel:
                self.serve("waybar", ["waybar"])
                self._ready("the panel", self.bus.tray_is_ready)

    # Starting

    def _write_settings(self, size: str) -> None:
        waybar = self.dir / "home/.config/waybar"
        waybar.mkdir(parents=True)
        (waybar / "config").write_text(json.dumps(WAYBAR))
        (waybar / "style.css").write_text("* { font-family: sans-serif; }\n")
        (self.dir / "sway.conf").write_text(SWAY.format(size=size))
        (self.dir / "bus.conf").write_text(BUS_RULES)
        self._give_away(self.dir, *self.dir.rglob("*"))

    def _give_away(self, *paths: Path) -> None:
        if self.user:
            for path in paths:
                os.chown(path, NOBODY, NOBODY)

    def _start_sway(self) -> None:
        self.sway = self.serve("sway", ["sway", "-c", str(self.dir / "sway.conf")])
        run = self.dir / "run"
        self._ready("sway's sockets", lambda: len(list(run.glob("sway-ipc*"))) == 1)
        self.env["SWAYSOCK"] = str(next(run.glob("sway-ipc*")))
        self._ready("sway's answer", self._outputs)
        self.env["WAYLAND_DISPLAY"] = next(
            path.name for path in run.glob("wayland-*") if path.suffix != ".lock"
        )
        self._tell_the_bus("SWAYSOCK", "WAYLAND_DISPLAY")

    def _outputs(self) -> bool:
        done = self._do(["swaymsg", "-t", "get_outputs"])
        return done.returncode == 0 and any(one["active"] for one in json.loads(done.stdout))

    def _start_portal(self) -> None:
        """Start the backend before the portal, which queries it at its start."""
        self._start_pipewire()
        self.serve("portal-wlr", ["/usr/libexec/xdg-desktop-portal-wlr"])
        self._ready("the portal's backend", lambda: self.bus.owned(WLR_PORTAL))
        self.serve("portal", ["/usr/libexec/xdg-desktop-portal"])

    # Queries

    def picture(self) -> Image.Image:
        """The whole screen as captured by grim."""
        path = self.folder / "grim.png"
        self.run(["grim", str(path)])
        with Image.open(path) as picture:
            return picture.convert("RGB")

    def windows(self) -> list[dict[str, Any]]:
        """sway's list of windows: `name`, `app_id`, `rect`, `focused` and more of each."""
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

    # Input

    def type(self, *words: str) -> None:
        """Press keys like a keyboard; arguments are those of wtype."""
        self.run(["wtype", *words])

    def sway_do(self, command: str) -> None:
        """Run one of sway's commands."""
        self.run(["swaymsg", command])


def _user() -> list[str]:
    """The prefix of a command that runs it as an unprivileged user; empty if the tests do not run
    as root.

    If only root can read the tree (a clone below root's home), the session's programs keep the one
    capability to bypass read permissions.
    """
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        raise DesktopError("setpriv is not installed")
    ids = [f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--pdeathsig", "KILL"]
    plain = ["setpriv", *ids, "--"]
    look = [sys.executable, "-I", "-S", "-c", f"open({str(ROOT / 'pyproject.toml')!r})"]
    try:
        seen = subprocess.run([*plain, *look], capture_output=True, check=False, cwd="/")
    except OSError as error:
        raise DesktopError(f"setpriv cannot be run: {error}") from error
    if seen.returncode == 0:
        return plain
    # The last argument makes access(2) succeed, which Qt calls before it reads.
    keep = ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
    keep += ["--securebits=+no_setuid_fixup"]
    return ["setpriv", *ids, *keep, "--"]
