"""Detects the environment that decides the selection of backends: platform, session, features.

The selection tables read only this value, so that tests can check each row on any machine.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.platform.macos_permissions import mac_may_capture, mac_may_listen
from tracker.selection.probes import PROBES, detect

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tracker.selection.probes import Probe, Session


@dataclass(frozen=True)
class Environment:
    """The facts by which backends are selected. `platform` is as in `sys.platform`; a permission is
    None where the system has no such permission.

    `session` is "none" without a screen: a text console, a remote login. `features` lists what the
    probes found: see `tracker.selection.probes`.
    """

    platform: str
    session: Session
    may_capture: bool | None = None
    may_listen: bool | None = None
    features: frozenset[str] = frozenset()


def detect_environment(
    environ: Mapping[str, str],
    platform: str = sys.platform,
    probes: Sequence[Probe] = PROBES,
) -> Environment:
    """The environment of this process. Probes permissions and features; shows no dialog."""
    if platform == "win32":
        session: Session = "windows"
    elif platform == "darwin":
        session = "aqua"
    else:
        session = free_desktop_session(environ)
    permissions = (mac_may_capture(), mac_may_listen()) if platform == "darwin" else (None, None)
    return Environment(platform, session, *permissions, detect(probes, session, environ))


def free_desktop_session(environ: Mapping[str, str]) -> Session:
    """The session type. Any sign of Wayland wins: XWayland sets DISPLAY but captures are black."""
    if environ.get("WAYLAND_DISPLAY") or environ.get("XDG_SESSION_TYPE") == "wayland":
        return "wayland"
    return "x11" if environ.get("DISPLAY") else "none"
