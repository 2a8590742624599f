"""The login item of each system is selected, and the Background portal answers."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jeepney import (
    DBusAddress,
    HeaderFields,
    MessageType,
    new_error,
    new_method_return,
    new_signal,
)
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import open_dbus_connection

from system.autostart.interface import AutostartError, LoginItem
from system.autostart.macos import LaunchAgentLoginItem
from system.autostart.xdg import XdgLoginItem
from tests.desktop_fixtures.services import Services
from tests.system.updates.simulated_repository import make_installation
from ui.client.login_item import PortalLoginItem, arguments, select_login_item, start_command

if TYPE_CHECKING:
    from jeepney import Message

linux = pytest.mark.skipif(sys.platform != "linux", reason="the portal is part of Linux")
REASON = "Start Workdiary when you log in."


@pytest.mark.parametrize(
    ("platform", "environ", "kind"),
    [
        ("linux", {}, XdgLoginItem),
        ("linux", {"SNAP": "/snap/workdiary/1"}, PortalLoginItem),
        ("freebsd14", {}, XdgLoginItem),
        ("darwin", {}, LaunchAgentLoginItem),
    ],
)
def test_each_system_has_its_login_item(
    tmp_path: Path, platform: str, environ: dict[str, str], kind: type
) -> None:
    assert type(select_login_item(tmp_path, REASON, environ, platform, tmp_path)) is kind


def test_a_flatpak_uses_the_portal(tmp_path: Path) -> None:
    (tmp_path / ".flatpak-info").touch()
    assert type(select_login_item(tmp_path, REASON, {}, "linux", tmp_path)) is PortalLoginItem


def test_the_command_is_absolute_and_names_another_folder(tmp_path: Path) -> None:
    command = start_command(tmp_path, {})
    assert Path(command[0]).is_absolute()
    assert command[-3:] == ("run", "--base-dir", str(tmp_path))
    assert start_command(tmp_path, {"APPIMAGE": "/x/W.AppImage"})[0] == "/x/W.AppImage"


def test_the_usual_folder_needs_no_arguments(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platformdirs.user_state_path", lambda *_, **__: tmp_path)
    assert arguments(tmp_path) == ()


PORTAL = "org.freedesktop.portal.Desktop"
PATH = "/org/freedesktop/portal/desktop"


class BackgroundPortal(threading.Thread):
    """A portal that answers each request with `answer`, a code and the granted state."""

    def __init__(self, address: str, answer: tuple[int, bool] | None) -> None:
        super().__init__(daemon=True)
        self.requests: list[dict[str, Any]] = []
        self._answer = answer
        self._bus = open_dbus_connection(bus=address)
        self._bus.send_and_get_reply(message_bus.RequestName(PORTAL))
        self.start()

    def run(self) -> None:
        with self._bus, contextlib.suppress(OSError):
            while True:
                call = self._bus.receive()
                if call.header.message_type is MessageType.method_call:
                    self._respond(call)

    def _respond(self, call: Message) -> None:
        if self._answer is None:
            self._bus.send(new_error(call, "org.freedesktop.DBus.Error.UnknownMethod"))
            return
        parent, options = call.body
        assert parent == ""
        self.requests.append({name: value for name, (_, value) in options.items()})
        sender = call.header.fields[HeaderFields.sender].removeprefix(":").replace(".", "_")
        handle = f"{PATH}/request/{sender}/{options['handle_token'][1]}"
        code, granted = self._answer
        address = DBusAddress(handle, interface="org.freedesktop.portal.Request")
        results = {"background": ("b", True), "autostart": ("b", granted)}
        self._bus.send(new_method_return(call, "o", (handle,)))
        self._bus.send(new_signal(address, "Response", "ua{sv}", (code, results)))


Play = Callable[[tuple[int, bool] | None], BackgroundPortal]


@pytest.fixture
def play(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Play]:
    """A session bus; the function starts its portal."""
    portals: list[BackgroundPortal] = []
    with Services(tmp_path) as services:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", services.address)

        def play(answer: tuple[int, bool] | None) -> BackgroundPortal:
            portals.append(BackgroundPortal(services.address, answer))
            return portals[-1]

        yield play
    # Without its bus, a portal ends.
    for portal in portals:
        portal.join()


@linux
@pytest.mark.parametrize("on", [True, False])
def test_the_portal_is_asked_with_the_command(play: Play, on: bool) -> None:
    portal = play((0, on))
    item: LoginItem = PortalLoginItem(("workdiary", "run"), REASON)
    item.set(on)
    assert item.is_on() is None
    [request] = portal.requests
    assert request["autostart"] is on
    assert request["commandline"] == ["workdiary", "run"]
    assert request["reason"] == REASON


@linux
@pytest.mark.parametrize(
    ("answer", "reason"),
    [((1, True), "denied"), ((2, True), "denied"), ((0, False), "denied"), (None, "unavailable")],
)
def test_a_refusal_of_the_portal_is_an_error(
    play: Play, answer: tuple[int, bool] | None, reason: str
) -> None:
    play(answer)
    with pytest.raises(AutostartError) as caught:
        PortalLoginItem(("workdiary",), REASON).set(True)
    assert caught.value.reason == reason


@linux
def test_without_a_portal_there_is_an_error(play: Play) -> None:
    with pytest.raises(AutostartError):
        PortalLoginItem(("workdiary",), REASON).set(True)


def test_the_login_item_of_a_program_that_updates_itself_names_no_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installation = make_installation(tmp_path / "root", "1.0.0")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(installation.program_of("1.0.0")))
    started = Path(start_command(tmp_path, {})[0])
    assert started == installation.root / "current" / "workdiary"
    assert installation.entry_point("win32") == installation.root / "workdiary"
    # Another installation, as of a package.
    monkeypatch.setattr(sys, "executable", "/usr/lib/workdiary/workdiary")
    assert start_command(tmp_path, {})[0] == "/usr/lib/workdiary/workdiary"
