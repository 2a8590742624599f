"""A simulated portal: the real ones here always allow and never fail.

It runs on a separate bus that starts no other services.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jeepney import (
    DBusAddress,
    HeaderFields,
    Message,
    MessageType,
    message_bus,
    new_error,
    new_method_return,
    new_signal,
)
from jeepney.io.blocking import DBusConnection, open_dbus_connection

from tests.desktop_fixtures.processes import Processes
from tracker.capture.backends.portal_requests import PORTAL
from tracker.capture.backends.portal_screenshot import SCREENSHOT

BUS = """\
<busconfig>
  <type>session</type>
  <listen>unix:path={path}</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
  </policy>
</busconfig>
"""

#: RequestName: the flag that replaces the owner, and the reply of the new owner.
_REPLACE, _OWNER = 2, 1

#: The portal's answer to a request: a code and results, or None for silence.
Answer = tuple[int, dict[str, Any]] | None


@contextmanager
def bus(folder: Path, env: dict[str, str]) -> Iterator[str]:
    """A session bus that starts no services; its address."""
    rules = folder / "bus.conf"
    rules.write_text(BUS.format(path=folder / "bus"))
    processes = Processes(folder)
    argv = ["dbus-daemon", f"--config-file={rules}", "--nofork", "--print-address={fd}"]
    try:
        yield processes.start_telling("dbus-daemon", argv, env)[1]
    finally:
        processes.close()


class SimulatedService:
    """The portal's name and its requests. End it with `close`."""

    def __init__(self, address: str) -> None:
        self._address = address
        self.withdrawn = threading.Event()
        self.handle = ""
        self._bus: DBusConnection = open_dbus_connection(address, enable_fds=True)
        # Replaces a real one, which a panel may have started and which allows replacement.
        reply = self._bus.send_and_get_reply(message_bus.RequestName(PORTAL, _REPLACE))
        assert reply.body == (_OWNER,)
        self._thread = threading.Thread(target=self._run, name="simulated portal", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Leave the bus, like a portal that exits."""
        other = open_dbus_connection(self._address)
        other.send(_to(self._bus.unique_name, "End"))
        self._thread.join(20)
        other.close()

    def end(self) -> None:
        """Leave the bus during an answer."""
        self._bus.close()

    def forge(self, body: tuple[int, dict[str, Any]]) -> None:
        """Another program on the bus answers in the portal's place."""
        other = open_dbus_connection(self._address)
        other.send(self._response(body))
        other.close()

    def _response(self, body: tuple[int, dict[str, Any]]) -> Message:
        request = DBusAddress(self.handle, interface="org.freedesktop.portal.Request")
        return new_signal(request, "Response", "ua{sv}", body)

    def _run(self) -> None:
        while self._bus.sock.fileno() >= 0:
            call = self._bus.receive()
            if call.header.message_type is not MessageType.method_call:
                continue
            member = call.header.fields[HeaderFields.member]
            if member == "End":
                self._bus.close()
            elif not self.called(member, call):
                self._bus.send(new_error(call, "org.freedesktop.DBus.Error.UnknownMethod"))

    def called(self, member: str, call: Message) -> bool:  # noqa: ARG002 - for those that answer
        """Answer a call; returns whether it is known."""
        if member == "Close":
            self.withdrawn.set()
        return member == "Close"

    def answer_late(self, body: tuple[int, dict[str, Any]]) -> None:
        """Answer the last request late."""
        self._bus.send(self._response(body))

    def request(self, call: Message, answer: Callable[[], Answer]) -> None:
        """Accept a request, and answer it."""
        sender = call.header.fields[HeaderFields.sender].removeprefix(":").replace(".", "_")
        token = call.body[-1]["handle_token"][1]
        self.handle = f"/org/freedesktop/portal/desktop/request/{sender}/{token}"
        self.reply(call, "o", self.handle)
        given = answer()
        if given is not None and self._bus.sock.fileno() >= 0:
            self._bus.send(self._response(given))

    def reply(self, call: Message, signature: str, *body: Any) -> None:
        """Answer at once."""
        self._bus.send(new_method_return(call, signature, body))


class SimulatedPortal(SimulatedService):
    """Answers each request for a picture with `answer`, which gets this portal."""

    def __init__(self, address: str, answer: Callable[[SimulatedPortal], Answer]) -> None:
        self._answer = answer
        self.options: dict[str, Any] = {}
        super().__init__(address)

    def called(self, member: str, call: Message) -> bool:
        """See `SimulatedService`."""
        if member == "Get" and call.body[0] == SCREENSHOT:
            # Its version, by which it is detected.
            self.reply(call, "v", ("u", 2))
            return True
        if member != "Screenshot":
            return super().called(member, call)
        self.options = call.body[-1]
        self.request(call, lambda: self._answer(self))
        return True


def _to(name: str, member: str) -> Message:
    from jeepney import new_method_call

    return new_method_call(DBusAddress("/", bus_name=name, interface="test.Portal"), member)
