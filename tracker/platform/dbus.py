"""A connection to a D-Bus bus that waits without waking: for signals, or for a nudge of our own.

Whatever fails is a `BusError`; the connection is of no use after it. A service is never started by
a question: who asks looks first whether it is there.
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
#: Real seconds that an answer may take.
ANSWER_S = 5.0

Kind = Literal["session", "system"]


class BusError(Exception):
    """The bus or a service on it is gone, or does not do what was asked."""


@dataclass(frozen=True)
class Signal:
    """What somebody on the bus told."""

    path: str
    interface: str
    member: str
    body: tuple[Any, ...]


def address_of(kind: Kind, environ: Mapping[str, str]) -> str:
    """Where the bus is; empty where nothing says so."""
    if kind == "system":
        return environ.get("DBUS_SYSTEM_BUS_ADDRESS") or _SYSTEM
    found = environ.get("DBUS_SESSION_BUS_ADDRESS", "")
    runtime = environ.get("XDG_RUNTIME_DIR")
    return found or (f"unix:path={runtime}/bus" if runtime else "")


def is_reachable(address: str) -> bool:
    """Whether somebody listens there. Raises where the address says nothing."""
    if sys.platform == "win32":
        return False
    else:  # noqa: RET505 - so that the types of the other system are left alone
        from jeepney.bus import get_bus

        with socket.socket(socket.AF_UNIX) as trial:
            trial.settimeout(1.0)
            return bool(address) and trial.connect_ex(get_bus(address)) == 0


class Bus:
    """Belongs to one thread. `descriptors`: whether answers may carry some."""

    def __init__(self, address: str, *, descriptors: bool = False) -> None:
        from jeepney import MatchRule
        from jeepney.io.blocking import open_dbus_connection

        try:
            self._connection = open_dbus_connection(address, enable_fds=descriptors)
        # An address that cannot be read and a bus that refuses fail with errors of many kinds.
        except Exception as error:
            raise BusError(f"the bus cannot be reached: {error}") from error
        self._queue: deque[Any] = deque()
        self._connection.filter(MatchRule(type="signal"), queue=self._queue)

    def close(self) -> None:
        """End it."""
        self._connection.close()

    def call(
        self, name: str, path: str, interface: str, method: str, signature: str = "", *args: Any
    ) -> tuple[Any, ...]:
        """Ask, and return the body of the answer. Raises BusError."""
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
        """A property. Raises BusError."""
        properties = "org.freedesktop.DBus.Properties"
        return self.call(name, path, properties, "Get", "ss", interface, what)[0][1]

    def has_owner(self, name: str) -> bool:
        """Whether the service is there."""
        return bool(self.call(*_BUS, "NameHasOwner", "s", name)[0])

    def subscribe(self, sender: str, interface: str, member: str, path: str | None = None) -> None:
        """Signals of this kind are told from now on."""
        from jeepney import MatchRule

        rule = MatchRule(
            type="signal", sender=sender, interface=interface, member=member, path=path
        )
        self.call(*_BUS, "AddMatch", "s", rule.serialise())

    def subscribe_owner(self, name: str) -> None:
        """It is told when the service comes and goes: see `came`."""
        from jeepney import MatchRule

        rule = MatchRule(type="signal", sender=_BUS[0], member="NameOwnerChanged")
        rule.add_arg_condition(0, name)
        self.call(*_BUS, "AddMatch", "s", rule.serialise())

    def wait(self, nudge: socket.socket | None = None, seconds: float | None = None) -> bool:
        """Wait until there is a signal, or a byte on `nudge` (which is taken), or for `seconds`;
        returns whether anything came. Raises BusError.
        """
        watched = [self._connection.sock, *([nudge] if nudge else [])]
        try:
            # What came right behind an answer was read with it, and does not show as readable.
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
        """Queue all signals that have come so far."""
        with contextlib.suppress(TimeoutError):
            while True:
                self._connection.recv_messages(timeout=0)

    def signals(self) -> list[Signal]:
        """Those that came since the last time."""
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
    """The service that a signal of the bus itself speaks of, and whether it is there now."""
    if (signal.interface, signal.member) != (_BUS[0], "NameOwnerChanged"):
        return None
    return str(signal.body[0]), bool(signal.body[2])
