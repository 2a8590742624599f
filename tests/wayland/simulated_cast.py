"""A simulated portal with screen casts; the frames may come from a real desktop.

A token is valid for one session, as with a real portal.
"""

from __future__ import annotations

import itertools
import os
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from jeepney import DBusAddress, HeaderFields, MatchRule, MessageType, message_bus, new_method_call
from jeepney.io.blocking import DBusConnection, Proxy, open_dbus_connection

from tests.wayland.simulated_portal import SimulatedService
from tracker.capture.backends.portal_screencast import SCREENCAST

if TYPE_CHECKING:
    from jeepney import Message

    from tests.desktop_fixtures.mutter import MutterSession
    from tests.wayland.simulated_portal import Answer

SESSION = "/org/freedesktop/portal/desktop/session/1_2/film"
CAST = "org.gnome.Mutter.ScreenCast"
Streams = list[tuple[int, dict[str, Any]]]


class SimulatedCast(SimulatedService):
    """Answers each request with `answer`, which gets its name and this portal. `tokens` are the
    returned ones that are still valid; `asked` are the received calls, `ended` the sessions that
    were closed.
    """

    version = 4

    def __init__(self, address: str, answer: Callable[[str, SimulatedCast], Answer]) -> None:
        self._answer = answer
        self._numbers = itertools.count(1)
        self.tokens: set[str] = set()
        self.asked: list[str] = []
        self.ended = 0
        self.options: dict[str, dict[str, Any]] = {}
        super().__init__(address)

    def lend(self) -> tuple[str, str]:
        """A new token, as in an answer."""
        token = f"token {next(self._numbers)}"
        self.tokens.add(token)
        return ("s", token)

    def restored(self) -> bool:
        """Whether the new session has a valid token, which it consumes."""
        token = self.options["SelectSources"].get("restore_token", ("s", ""))[1]
        held = token in self.tokens
        self.tokens.discard(token)
        return held

    def called(self, member: str, call: Message) -> bool:
        """See `SimulatedService`."""
        if member == "Get":
            if call.body[0] != SCREENCAST:
                return False
            self.reply(call, "v", ("u", self.version))
            return True
        if member == "Close":
            if call.header.fields[HeaderFields.path] != SESSION:
                return super().called(member, call)
            self.ended += 1
            return True
        self.asked.append(member)
        if member in {"CreateSession", "SelectSources", "Start"}:
            self.options[member] = call.body[-1]
            self.request(call, lambda: self._answer(member, self))
        elif member == "OpenPipeWireRemote":
            remote = self.remote()
            self.reply(call, "h", remote)
            os.close(remote)
        else:
            return False
        return True

    def remote(self) -> int:
        """A descriptor, which the caller closes."""
        return os.memfd_create("pipewire")


class MutterCast(SimulatedCast):
    """Shares mutter's own screen casts; the person always agrees."""

    def __init__(self, session: MutterSession) -> None:
        self._socket = session.dir / "run/pipewire-0"
        self._monitors = session.monitors
        address = session.env["DBUS_SESSION_BUS_ADDRESS"]
        self._mutter: DBusConnection = open_dbus_connection(address)
        signal = MatchRule(type="signal", interface=f"{CAST}.Stream", member="PipeWireStreamAdded")
        Proxy(message_bus, self._mutter).AddMatch(signal)
        self._signal = signal
        self._film = ""
        super().__init__(address, lambda method, _: self._film_of(method))

    def close(self) -> None:
        """Leave the bus."""
        super().close()
        self._mutter.close()

    def called(self, member: str, call: Message) -> bool:
        """The cast ends with its session."""
        if member == "Close" and call.header.fields[HeaderFields.path] == SESSION:
            self._ask(self._film, ".Session", "Stop")
        return super().called(member, call)

    def remote(self) -> int:
        """A connection to PipeWire."""
        with socket.socket(socket.AF_UNIX) as made:
            made.connect(str(self._socket))
            return made.detach()

    def _film_of(self, method: str) -> Answer:
        if method == "CreateSession":
            path = "/org/gnome/Mutter/ScreenCast"
            self._film = self._ask(path, "", "CreateSession", "a{sv}", {})[0]
            return 0, {"session_handle": ("s", SESSION)}
        if method == "SelectSources":
            return 0, {}
        held = {"cursor-mode": ("u", 0)}
        films = [
            self._ask(self._film, ".Session", "RecordMonitor", "sa{sv}", name, held)[0]
            for name in self._monitors
        ]
        with self._mutter.filter(self._signal, bufsize=16) as received:
            self._ask(self._film, ".Session", "Start")
            nodes: dict[str, int] = {}
            while len(nodes) < len(films):
                message = self._mutter.recv_until_filtered(received, timeout=20)
                nodes[message.header.fields[HeaderFields.path]] = message.body[0]
        streams = [(nodes[film], self._about(film)) for film in films]
        self.restored()
        return 0, {"streams": ("a(ua{sv})", streams), "restore_token": self.lend()}

    def _about(self, film: str) -> dict[str, Any]:
        body = (f"{CAST}.Stream", "Parameters")
        properties = self._call(film, "org.freedesktop.DBus.Properties", "Get", "ss", *body)[0][1]
        return {name: properties[name] for name in ("position", "size")}

    def _ask(self, path: str, part: str, method: str, *more: Any) -> Any:
        return self._call(path, CAST + part, method, *more)

    def _call(self, path: str, interface: str, method: str, signature: str = "", *body: Any) -> Any:
        address = DBusAddress(path, CAST, interface)
        call = new_method_call(address, method, signature or None, body)
        reply = self._mutter.send_and_get_reply(call, timeout=20)
        assert reply.header.message_type is MessageType.method_return, reply.body
        return reply.body
