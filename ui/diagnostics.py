"""The checks of `workdiary doctor`: the desktop's abilities and their surroundings. No Qt.

Rules kept: no check asks the person; each check ends within seconds; no personal data is printed:
of a path below the home folder only the part after `~`.
"""

from __future__ import annotations

import contextlib
import os
import platform
import sys
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.diagnostics import Diagnosis
from tracker.diagnostics import diagnose as examine_desktop
from tracker.selection.environment import detect_environment
from ui.client.folder_check import folder_finding
from ui.client.network.route import open_route
from ui.client.options import active_marketplace
from ui.qt.platform_check import trial
from ui.settings.settings import COUNT_INPUT, SETTINGS, load
from uploader.account.marketplaces import list_marketplaces

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tracker.selection.environment import Environment
    from uploader.api.network.route import Route

#: Seconds for a keyring, a bus and a marketplace to answer.
KEYRING_S = 8.0
BUS_S = 2.0
NETWORK_S = 4.0
NOTIFICATIONS = "org.freedesktop.Notifications"
TRAY = "org.kde.StatusNotifierWatcher"


def examine(base: Path, environ: Mapping[str, str] = os.environ) -> tuple[Diagnosis, ...]:
    """All checks, in their order on the screen."""
    environment = detect_environment(environ)
    counts = load(base / SETTINGS).flag(COUNT_INPUT)
    names = _bus_names() if sys.platform == "linux" else None
    found = (
        *_tried(examine_desktop(environment, counts=counts), environ),
        tray_finding(environment, names, embeds=environment.session == "x11" and _tray_embeds()),
        notifications_finding(environment, names),
        keyring_finding(),
        folder_finding(base),
        *marketplace_findings(base),
        versions_finding(),
    )
    return tuple(_impersonal(one) for one in found)


def _tried(found: tuple[Diagnosis, ...], environ: Mapping[str, str]) -> tuple[Diagnosis, ...]:
    """The desktop's checks; the session works only if Qt can open it."""
    session = found[0]
    if session.code == "none":
        return found
    why = trial(dict(environ))
    if why:
        session = Diagnosis("session", "attention", "cannot_open", session.code, (why,))
    return (session, *found[1:])


def tray_finding(
    environment: Environment, names: frozenset[str] | None, *, embeds: bool
) -> Diagnosis:
    """Whether there is a tray. `names` are those on the session's bus, None without a bus."""
    if environment.platform in {"win32", "darwin"}:
        return Diagnosis("tray", "ok", "system")
    if names is not None and TRAY in names:
        return Diagnosis("tray", "ok", "works", "StatusNotifier")
    if embeds:
        return Diagnosis("tray", "ok", "works", "XEMBED")
    return Diagnosis("tray", "attention", "none")


def notifications_finding(environment: Environment, names: frozenset[str] | None) -> Diagnosis:
    """Whether the desktop shows notifications."""
    if environment.platform in {"win32", "darwin"}:
        return Diagnosis("notices", "ok", "system")
    if names is None:
        return Diagnosis("notices", "attention", "no_bus")
    if NOTIFICATIONS in names:
        return Diagnosis("notices", "ok", "works", NOTIFICATIONS)
    return Diagnosis("notices", "limited", "none")


def keyring_finding(give_up_s: float = KEYRING_S) -> Diagnosis:
    """Whether there is a keyring; it is not unlocked."""
    from uploader.account.device_keys import with_keyring_timeout
    from uploader.account.keyring_helper import HelperKeyring
    from uploader.errors import KeysError

    keyring = HelperKeyring()
    try:
        with_keyring_timeout(keyring.find, lambda: None, give_up_s=give_up_s)
    except KeysError as error:
        return Diagnosis("keyring", "attention", error.code.value)
    finally:
        # The result holds even if the helper process cannot be ended.
        with contextlib.suppress(OSError):
            keyring.close()
    return Diagnosis("keyring", "ok", "works", keyring.name)


def marketplace_findings(base: Path) -> tuple[Diagnosis, ...]:
    """One check for each marketplace of this folder. If there are several, the fact `active` is
    "yes" for the one that a start without an address opens, "no" for the others.
    """
    known, route = list_marketplaces(base), open_route(base)
    found = tuple(_marketplace(each.aud, each.url, route) for each in known)
    if len(known) > 1:
        active = active_marketplace(base)
        found = tuple(
            replace(one, facts={**one.facts, "active": "yes" if each.url == active else "no"})
            for each, one in zip(known, found, strict=True)
        )
    return found or (Diagnosis("marketplace", "ok", "none"),)


def _marketplace(name: str, url: str, route: Route) -> Diagnosis:
    from tracker.platform.clock import SystemClock
    from uploader.api.client import MarketplaceClient
    from uploader.api.transport import Limits, ServerClockObserver, Transport
    from uploader.errors import UploaderError

    limits = Limits(NETWORK_S, NETWORK_S, NETWORK_S)
    times = ServerClockObserver(uptime_ms=SystemClock("").uptime_ms)
    transport = Transport(times, limits, route=route)
    try:
        answers_as = MarketplaceClient(url, transport).well_known().aud
    except UploaderError as error:
        facts = {"name": name, "problem": error.code.value}
        if error.code.value.startswith("proxy_"):
            facts["detail"] = error.detail
            return Diagnosis("marketplace", "attention", error.code.value, facts=facts)
        return Diagnosis("marketplace", "attention", "failed", facts=facts)
    finally:
        transport.close()
    if answers_as != name:
        facts = {"name": name, "problem": "wrong_marketplace"}
        return Diagnosis("marketplace", "attention", "failed", facts=facts)
    return Diagnosis("marketplace", "ok", "works", facts={"name": name})


def versions_finding() -> Diagnosis:
    """The versions of the program and of its surroundings."""
    facts = {
        "workdiary": _version("workdiary"),
        "python": platform.python_version(),
        "qt": _version("PySide6-Essentials"),
        "system": f"{platform.system()} {platform.release()}",
    }
    return Diagnosis("versions", "ok", "works", facts=facts)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "?"


def _bus_names() -> frozenset[str] | None:
    """The names on the session's bus that are owned or can be activated."""
    from jeepney import DBusAddress, new_method_call
    from jeepney.io.blocking import open_dbus_connection

    bus = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
    names: set[str] = set()
    try:
        with open_dbus_connection("SESSION") as connection:
            for method in ("ListNames", "ListActivatableNames"):
                call = new_method_call(bus, method)
                names |= set(connection.send_and_get_reply(call, timeout=BUS_S).body[0])
    # No address, no socket, no reply or an error reply: there is no usable bus.
    except Exception:  # noqa: BLE001
        return None
    return frozenset(names)


def _tray_embeds() -> bool:
    """Whether a tray of the X server embeds icons of the older kind (XEMBED)."""
    from Xlib.display import Display

    try:
        display = Display()
    # python-xlib raises errors of many types.
    except Exception:  # noqa: BLE001
        return False
    try:
        atom = display.intern_atom(f"_NET_SYSTEM_TRAY_S{display.get_default_screen()}")
        return bool(display.get_selection_owner(atom))
    finally:
        display.close()


def _impersonal(finding: Diagnosis) -> Diagnosis:
    """Without the home folder, whose path may have the person's name."""
    home = str(Path.home())
    if len(home) < 2:
        return finding
    facts = {name: value.replace(home, "~") for name, value in finding.facts.items()}
    return replace(finding, facts=facts)
