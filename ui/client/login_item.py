"""Selects the login item of this system, and the command that it runs."""

from __future__ import annotations

import os
import sys
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING

from system.autostart.interface import AutostartError
from system.updates.install import find_installation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from system.autostart.interface import LoginItem

_BACKGROUND = "org.freedesktop.portal.Background"
#: Seconds for the desktop to ask the person.
_PERSON_S = 120.0


def select_login_item(
    base: Path,
    reason: str,
    environ: Mapping[str, str] = os.environ,
    platform: str = sys.platform,
    root: Path = Path("/"),
) -> LoginItem:
    """The login item of this system; it starts the program with the base folder `base`. A portal
    shows the sentence `reason` to the person. Raises AutostartError where there is none.
    """
    command = start_command(base, environ)
    if platform == "win32":
        from system.autostart import windows

        if sys.platform == "win32":
            return windows.RunKeyLoginItem(windows.CurrentUser(), command)
        raise AutostartError("unavailable", "this is not Windows")
    if platform == "darwin":
        from system.autostart.macos import LaunchAgentLoginItem

        return LaunchAgentLoginItem(Path.home(), command)
    if is_sandboxed(environ, root):
        return PortalLoginItem(("workdiary", *arguments(base)), reason)
    from system.autostart.xdg import XdgLoginItem, autostart_folder

    return XdgLoginItem(autostart_folder(environ, Path.home()), command)


def is_sandboxed(environ: Mapping[str, str], root: Path) -> bool:
    """Whether Flatpak or Snap hides the autostart folder of the desktop."""
    return (root / ".flatpak-info").exists() or bool(environ.get("SNAP"))


def start_command(base: Path, environ: Mapping[str, str]) -> tuple[str, ...]:
    """The program by its absolute path, and its arguments for this base folder."""
    image = environ.get("APPIMAGE", "")
    script = Path(sysconfig.get_path("scripts"), "workdiary").with_suffix(
        ".exe" if sys.platform == "win32" else ""
    )
    if image:
        program: tuple[str, ...] = (image,)
    elif getattr(sys, "frozen", False):
        found = find_installation(Path(sys.executable))
        program = (str(found.entry_point() if found is not None else sys.executable),)
    elif script.is_file():
        program = (str(script),)
    else:
        program = (sys.executable, "-m", "ui.cli.main")
    return (*program, *arguments(base))


def arguments(base: Path) -> tuple[str, ...]:
    """The arguments of a start with this base folder."""
    from platformdirs import user_state_path

    standard = user_state_path("workdiary", appauthor=False)
    return () if base == standard else ("run", "--base-dir", str(base))


class PortalLoginItem:
    """The Background portal. The desktop may ask the person, and it does not report the state."""

    def __init__(self, command: Sequence[str], reason: str) -> None:
        self._command = command
        self._reason = reason

    def is_on(self) -> None:
        return None

    def set(self, on: bool) -> None:
        import time

        from tracker.capture.backends.portal_requests import open_portal
        from tracker.capture.interface import CaptureError

        options = {
            "autostart": ("b", on),
            "commandline": ("as", list(self._command)),
            "dbus-activatable": ("b", False),
            "reason": ("s", self._reason),
        }
        end = time.monotonic() + _PERSON_S
        try:
            with open_portal() as portal:
                results = portal.request(_BACKGROUND, "RequestBackground", "s", ("",), options, end)
        except CaptureError as error:
            denied = error.reason == "denied"
            raise AutostartError("denied" if denied else "unavailable", error.detail) from error
        granted = results.get("autostart", ("b", False))[1]
        if bool(granted) is not on:
            raise AutostartError("denied", "the desktop's portal granted something else")
