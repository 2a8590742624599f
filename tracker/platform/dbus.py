"""A D-Bus connection that waits, without polling, for signals or for a byte on a socket.

Every failure is a `BusError`, after which the connection is unusable. A call never starts a
service: callers check `has_owner` first.
"""

from __future__ import annotations

import contextlib
import select
import socket
import sys
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

_SYSTEM = "unix:path=/run/dbus/system_bus_socket"
_BUS = ("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus")
#: Seconds to wait for a reply.
ANSWER_S = 5.0

Kind = Literal["session", "system"]


class BusError(Exception):
    """The bus or a service is gone, or refused a call."""


@dataclass(frozen=True)
class Signal:
    """A signal received from the bus."""

    path: str
    interface: str
    member: str
    body: tuple[Any, ...]


def address_of(kind: Kind, environ: Mapping[str, str]) -> str:
    """The bus's address; empty when none is known."""
    if kind == "system":
        return environ.get("DBUS_SYSTEM_BUS_ADDRESS") or _SYSTEM
    found = environ.get("DBUS_SESSION_BUS_ADDRESS", "")
    runtime = environ.get("XDG_RUNTIME_DIR")
    return found or (f"unix:path={runtime}/bus" if runtime else "")


def is_reachable(address: str) -> bool:
    """Whether the bus accepts connections. Raises when the address is invalid."""
    if sys.platform == "win32":
        return False
    else:  # noqa: RET505 - so that the types of the other system are left alone
        from jeepney.bus import get_bus

        with socket.socket(socket.AF_UNIX) as trial:
            trial.settimeout(1.0)
            return bool(address) and trial.connect_ex(get_bus(address)) == 0


class Bus:
    """A connection, owned by one thread. `descriptors`: whether replies may carry descriptors."""

    def __init__(self, address: str, *, descriptors: bool = False) -> None:
        from jeepney import MatchRule
        from jeepney.io.blocking import open_dbus_connection

        try:
            self._connection = open_dbus_connection(address, enable_fds=descriptors)
        # An unreadable address and a bus that refuses raise errors of many kinds.
        except Exception as error:
            raise BusError(f"the bus cannot be reached: {error}") from error
        self._queue: deque[Any] = deque()
        self._connection.filter(MatchRule(type="signal"), queue=self._queue)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def call(
        self, name: str, path: str, interface: str, method: str, signature: str = "", *args: Any
    ) -> tuple[Any, ...]:
        """Call a method and return the reply's body. Raises BusError."""
        from jeepney import DBusAddress, MessageType, new_method_call

        address = DBusAddress(path, name, interface)
        message = new_method_call(address, method, signature or None, args)
        try:
            reply = self._connection.send_and_get_reply(message, timeout=ANSWER_S)
        except (OSError, RuntimeError, ValueError) as error:
            raise BusError(f"{method} was not answered: {error}") from error
        if reply.header.message_type is MessageType.error:
            raise BusError(f"{method} was refused: {reply.body}")
        return tuple(reply.body)

    def get(self, name: str, path: str, interface: str, what: str) -> Any:
        """Read a property. Raises BusError."""
        properties = "org.freedesktop.DBus.Properties"
        return self.call(name, path, properties, "Get", "ss", interface, what)[0][1]

    def has_owner(self, name: str) -> bool:
        """Whether the service is on the bus."""
        return bool(self.call(*_BUS, "NameHasOwner", "s", name)[0])

    def subscribe(self, sender: str, interface: str, member: str, path: str | None = None) -> None:
        """Receive signals of this kind from now on."""
        from jeepney import MatchRule

        rule = MatchRule(
            type="signal", sender=sender, interface=interface, member=member, path=path
        )
        self.call(*_BUS, "AddMatch", "s", rule.serialise())

    def subscribe_owner(self, name: str) -> None:
        """Receive a signal when the service appears or leaves: see `name_owner_change`."""
        from jeepney import MatchRule

        rule = MatchRule(type="signal", sender=_BUS[0], member="NameOwnerChanged")
        rule.add_arg_condition(0, name)
        self.call(*_BUS, "AddMatch", "s", rule.serialise())

    def wait(self, nudge: socket.socket | None = None, seconds: float | None = None) -> bool:
        """Wait for a signal, for a byte on `nudge` (which is read), or for `seconds`; returns
        whether anything arrived. Raises BusError.
        """
        watched = [self._connection.sock, *([nudge] if nudge else [])]
        try:
            # A signal read together with a reply is queued, and the socket is not readable.
            self._take_in()
            if self._queue:
                return True
            ready = select.select(watched, [], [], seconds)[0]
            if nudge in ready and nudge is not None:
                nudge.recv(64)
            if self._connection.sock in ready:
                self._take_in()
        except (OSError, RuntimeError, ValueError) as error:
            raise BusError(f"the bus is gone: {error}") from error
        return bool(ready)

    def _take_in(self) -> None:
        """Queue all signals received so far."""
        with contextlib.suppress(TimeoutError):
            while True:
                self._connection.recv_messages(timeout=0)

    def signals(self) -> list[Signal]:
        """The signals since the last call."""
        from jeepney import HeaderFields

        found = []
        while self._queue:
            message = self._queue.popleft()
            fields = message.header.fields
            found.append(
                Signal(
                    fields.get(HeaderFields.path, ""),
                    fields.get(HeaderFields.interface, ""),
                    fields.get(HeaderFields.member, ""),
                    tuple(message.body),
                )
            )
        return found


def name_owner_change(signal: Signal) -> tuple[str, bool] | None:
    """The service whose owner changed, and whether it has one now; None for other signals."""
    if (signal.interface, signal.member) != (_BUS[0], "NameOwnerChanged"):
        return None
    return str(signal.body[0]), bool(signal.body[2])
