"""The sources of quiet mode on a real desktop: a window manager, Xfce's daemon, GNOME's setting."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest
from jeepney import DBusAddress

from tests.desktop_fixtures.appwindow import Application
from tests.desktop_fixtures.services import Services
from tests.desktop_fixtures.waiting import wait_for
from tests.desktop_fixtures.x11 import Rect
from tracker.quiet.do_not_disturb import BusDoNotDisturb, SettingDoNotDisturb
from tracker.quiet.interface import QuietReason
from tracker.quiet.x11_fullscreen import X11FullScreen

if TYPE_CHECKING:
    from pathlib import Path

    from tests.desktop_fixtures.desktop import Desktop

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has these services")

NONE: frozenset[QuietReason] = frozenset()
FULL = frozenset({QuietReason.FULL_SCREEN})
DND = frozenset({QuietReason.DO_NOT_DISTURB})
NOTIFICATIONS, PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
XFCONF = DBusAddress("/org/xfce/Xfconf", "org.xfce.Xfconf", "org.xfce.Xfconf")


def test_a_full_screen_of_another_program_counts_while_it_is_visible(
    clean_desktop: Desktop,
) -> None:
    source = X11FullScreen()
    with Application(clean_desktop, "Film") as film, Application(clean_desktop, "Notes") as notes:
        window = film.window("#335577", Rect(10, 10, 300, 200))
        other = notes.window("#557733", Rect(400, 300, 300, 200))
        wait_for(lambda: window.shown and other.shown and len(clean_desktop.windows()) == 2)
        assert source.reasons() == NONE
        window.fill_screen()
        other.raise_()
        assert source.reasons() == FULL, "also below another window, as on a second monitor"
        window.minimise()
        wait_for(lambda: not window.shown, what="the window to be minimised")
        assert source.reasons() == NONE
        window.show()
        wait_for(lambda: window.shown)
        assert source.reasons() == FULL
        window.fill_screen(on=False)
        assert source.reasons() == NONE


def test_a_window_on_another_workspace_does_not_count(clean_desktop: Desktop) -> None:
    with Application(clean_desktop, "Film") as film:
        window = film.window("#335577", Rect(10, 10, 300, 200))
        wait_for(lambda: window.shown)
        window.fill_screen()
        window.choose_workspace(1)
        wait_for(lambda: X11FullScreen().reasons() == NONE, what="the other workspace")
        window.choose_workspace(0)
        wait_for(lambda: X11FullScreen().reasons() == FULL, what="the first workspace")


def test_our_own_full_screen_does_not_count(clean_desktop: Desktop) -> None:
    with Application(clean_desktop, "Workdiary", process=os.getpid()) as ours:
        window = ours.window("#335577", Rect(10, 10, 300, 200))
        wait_for(lambda: window.shown)
        window.fill_screen()
        assert X11FullScreen().reasons() == NONE
        assert X11FullScreen(process=1).reasons() == FULL


def test_xfces_switch_counts(desktop: Desktop) -> None:
    source = BusDoNotDisturb(desktop.env["DBUS_SESSION_BUS_ADDRESS"])
    assert source.reasons() == NONE
    setting = ("xfce4-notifyd", "/do-not-disturb")
    try:
        desktop.bus.call(XFCONF, "SetProperty", "ssv", *setting, ("b", True))
        assert source.reasons() == DND
        desktop.bus.call(XFCONF, "SetProperty", "ssv", *setting, ("b", False))
        assert source.reasons() == NONE
    finally:
        desktop.bus.call(XFCONF, "ResetProperty", "ssb", *setting, False)
    assert source.reasons() == NONE


def test_the_property_of_plasma_counts(tmp_path: Path) -> None:
    """The specification's property, of a simulated daemon: only KDE's has it."""
    with Services(tmp_path) as services:
        source = BusDoNotDisturb(services.address)
        assert source.reasons() == NONE, "without a daemon"
        services.play(NOTIFICATIONS, NOTIFICATIONS, PATH, NOTIFICATIONS)
        assert source.reasons() == NONE, "a daemon without the property"
        mock = DBusAddress(PATH, NOTIFICATIONS, "org.freedesktop.DBus.Mock")
        services.bus.call(mock, "AddProperty", "ssv", NOTIFICATIONS, "Inhibited", ("b", True))
        assert source.reasons() == DND
        services.bus.call(
            mock, "UpdateProperties", "sa{sv}", NOTIFICATIONS, {"Inhibited": ("b", False)}
        )
        assert source.reasons() == NONE


def test_gnomes_setting_counts(desktop: Desktop, tmp_path: Path) -> None:
    # Kept in a file, since the test desktop has no settings service.
    def put(value: str) -> None:
        command = ["gsettings", "set", "org.gnome.desktop.notifications", "show-banners", value]
        desktop.run(command, GSETTINGS_BACKEND="keyfile", XDG_CONFIG_HOME=str(tmp_path))

    environ = desktop.env | {
        "GSETTINGS_BACKEND": "keyfile",
        "XDG_CONFIG_HOME": str(tmp_path),
        "XDG_CURRENT_DESKTOP": "ubuntu:GNOME",
    }
    source = SettingDoNotDisturb(environ)
    assert source.reasons() == NONE
    put("false")
    assert source.reasons() == DND
    elsewhere = SettingDoNotDisturb(environ | {"XDG_CURRENT_DESKTOP": "XFCE"})
    assert elsewhere.reasons() == NONE, "another desktop ignores the setting"
    put("true")
    assert source.reasons() == NONE
    assert SettingDoNotDisturb({**environ, "PATH": str(tmp_path)}).reasons() == NONE
