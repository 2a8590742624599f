"""Calls to the desktop's portal, and the signals that answer them later.

Rules kept: a response counts only from the portal itself and for our own request; after a timeout
the request is closed, together with its dialog. If the response still arrives within `LATE_S`, the
caller can undo its effects.
"""

from __future__ import annotations

import logging
import secrets
import select
import threading
import time
from collections import deque
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from tracker.capture.interface import CaptureError

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Collection, Iterator, Mapping

    from jeepney import MatchRule, Message
    from jeepney.io.blocking import DBusConnection

    from tracker.capture.interface import CaptureReason

_log = logging.getLogger(__name__)

PORTAL = "org.freedesktop.portal.Desktop"
PATH = "/org/freedesktop/portal/desktop"
_REQUEST = "org.freedesktop.portal.Request"
_CALL_S = 5.0
#: Seconds for the user to answer a dialog of the desktop.
PERSON_S = 120.0
#: Seconds to wait for a response after its timeout; `LATE` names the thread that waits.
LATE_S = 300.0
LATE = "workdiary-late"


def version_of(interface: str, environ: Mapping[str, str]) -> int:
    """The version of a portal interface, 0 without it; shows no dialog. Raises OSError."""
    from jeepney import DBusAddress, MessageType, Properties
    from jeepney.io.blocking import open_dbus_connection

    bus_address = environ.get("DBUS_SESSION_BUS_ADDRESS")
    if not bus_address:
        return 0
    with open_dbus_connection(bus_address) as bus:
        portal = DBusAddress(PATH, PORTAL, interface)
        reply = bus.send_and_get_reply(Properties(portal).get("version"), timeout=_CALL_S)
    if reply.header.message_type is not MessageType.method_return:
        return 0
    return int(reply.body[0][1])


class _SilentError(TimeoutError):
    """The portal accepted the request `handle` with `reply`, and sent no response in time."""

    def __init__(self, handle: str, reply: Message) -> None:
        super().__init__("no answer in time")
        self.handle = handle
        self.reply = reply


@contextmanager
def open_portal(late: Callable[[dict[str, Any]], None] | None = None) -> Iterator[PortalSession]:
    """A connection to the session bus. Errors inside the block become CaptureError.

    `late` gets the results of a response that arrives after its timeout, on a separate thread; it
    may raise CaptureError and OSError.
    """
    from jeepney.io.blocking import open_dbus_connection
    from jeepney.wrappers import DBusErrorResponse

    try:
        with ExitStack() as ours:
            bus = ours.enter_context(open_dbus_connection("SESSION", enable_fds=True))
            try:
                yield PortalSession(bus)
            except _SilentError as silent:
                if late is not None:
                    ours.pop_all()
                    waiting = partial(_wait_for_late_response, bus, silent, late)
                    threading.Thread(target=waiting, name=LATE, daemon=True).start()
                raise
    except TimeoutError as error:
        raise CaptureError("error", "the desktop's portal did not answer in time") from error
    # KeyError without a session bus, ValueError for an invalid address or handshake.
    except (OSError, KeyError, ValueError, DBusErrorResponse) as error:
        raise CaptureError("unavailable", f"the session bus cannot be used: {error}") from error


def request_permission(grab: Callable[[], object]) -> None:
    """Take a picture only to let the desktop ask for permission; the log has the result."""
    try:
        grab()
    except CaptureError as error:
        _log.info("requesting permission for pictures: %s", error)


def portal_token() -> tuple[str, str]:
    """A handle token for a new portal object, as a D-Bus variant."""
    return ("s", "workdiary_" + secrets.token_hex(8))


def remaining_time(end: float) -> float:
    """Seconds until the monotonic time `end`."""
    return max(0.0, end - time.monotonic())


@dataclass(frozen=True)
class PortalSignal:
    """A signal of the portal."""

    name: str
    path: str
    body: tuple[Any, ...]


class PortalSession:
    """Calls on one connection; `end` is the monotonic time of the timeout."""

    def __init__(self, bus: DBusConnection) -> None:
        self._bus = bus

    def call(
        self, interface: str, method: str, signature: str, body: tuple[Any, ...], end: float
    ) -> Message:
        """A call with an immediate reply. Raises CaptureError where the portal refuses."""
        from jeepney import DBusAddress, new_method_call

        call = new_method_call(DBusAddress(PATH, PORTAL, interface), method, signature, body)
        reply = self._bus.send_and_get_reply(call, timeout=remaining_time(end))
        _check(reply)
        return reply

    def send(self, path: str, interface: str, method: str) -> None:
        """Call a method and ignore the reply."""
        from jeepney import DBusAddress, new_method_call

        self._bus.send(new_method_call(DBusAddress(path, PORTAL, interface), method))

    @contextmanager
    def signals(
        self, wanted: Collection[tuple[str, str]], nudge: socket.socket
    ) -> Iterator[Iterator[PortalSignal]]:
        """The portal's own signals from now on, wanted by interface and name, until `nudge` is
        readable. The iterator raises CaptureError when the portal exits.
        """
        from jeepney import MatchRule, message_bus
        from jeepney.io.blocking import Proxy

        daemon = Proxy(message_bus, self._bus)
        portal = str(daemon.GetNameOwner(PORTAL)[0])
        rules = [
            MatchRule(type="signal", sender=portal, interface=interface, member=member)
            for interface, member in wanted
        ]
        received: deque[Message] = deque(maxlen=16)
        with ExitStack() as filters:
            for rule in (*rules, _owner_rule()):
                filters.enter_context(self._bus.filter(rule, queue=received))
                daemon.AddMatch(rule)
            yield self._received(received, portal, nudge)

    def _received(
        self, received: deque[Message], portal: str, nudge: socket.socket
    ) -> Iterator[PortalSignal]:
        from jeepney import HeaderFields

        while True:
            # Those that were read together with a reply come first.
            while received:
                message = received.popleft()
                if not _check_owner(message, portal):
                    fields = message.header.fields
                    name, path = fields[HeaderFields.member], fields[HeaderFields.path]
                    yield PortalSignal(name, path, message.body)
            if nudge in select.select([self._bus.sock, nudge], [], [])[0]:
                return
            with suppress(TimeoutError):
                while True:
                    self._bus.recv_messages(timeout=0)

    def request(
        self,
        interface: str,
        method: str,
        signature: str,
        body: tuple[Any, ...],
        options: Mapping[str, tuple[str, Any]],
        end: float,
    ) -> dict[str, Any]:
        """Call a method whose response follows later, perhaps after a dialog; returns the results.

        `signature` and `body` exclude the options, which come last. Raises CaptureError: "denied"
        for a refusal; TimeoutError.
        """
        from jeepney import message_bus
        from jeepney.io.blocking import Proxy

        bus = self._bus
        answers = _response_rule(bus)
        owners = _owner_rule()
        received: deque[Message] = deque(maxlen=16)
        daemon = Proxy(message_bus, bus)
        with bus.filter(answers, queue=received), bus.filter(owners, queue=received):
            # Subscribe before the call: the response may arrive before the reply.
            daemon.AddMatch(answers)
            daemon.AddMatch(owners)
            whole = (*body, {"handle_token": portal_token(), **options})
            reply = self.call(interface, method, f"{signature}a{{sv}}", whole, end)
            handle = str(reply.body[0])
            try:
                while True:
                    message = bus.recv_until_filtered(received, timeout=remaining_time(end))
                    if _is_response(message, handle, reply):
                        return _results(message.body)
            except TimeoutError:
                self.send(handle, _REQUEST, "Close")
                raise _SilentError(handle, reply) from None


def _wait_for_late_response(
    bus: DBusConnection, silent: _SilentError, late: Callable[[dict[str, Any]], None]
) -> None:
    """Wait for a late response and pass it to `late`; closes the connection."""
    end, received = time.monotonic() + LATE_S, deque[Any](maxlen=16)
    try:
        with bus, bus.filter(_response_rule(bus), queue=received):
            while True:
                message = bus.recv_until_filtered(received, timeout=remaining_time(end))
                if _is_response(message, silent.handle, silent.reply):
                    late(_results(message.body))
                    _log.info("undid a late response of the portal")
                    return
    except (OSError, CaptureError) as error:
        _log.info("no late response of the portal: %s", error)


def _response_rule(bus: DBusConnection) -> MatchRule:
    from jeepney import MatchRule

    requests = f"{PATH}/request/" + bus.unique_name.removeprefix(":").replace(".", "_")
    return MatchRule(type="signal", interface=_REQUEST, member="Response", path_namespace=requests)


def _check(reply: Message) -> None:
    """Raise CaptureError unless the portal accepted the call."""
    from jeepney import HeaderFields, MessageType

    if reply.header.message_type is MessageType.method_return:
        return
    name = str(reply.header.fields.get(HeaderFields.error_name, ""))
    reason: CaptureReason = (
        "denied" if name.endswith((".AccessDenied", ".NotAllowed")) else "unavailable"
    )
    raise CaptureError(reason, f"the desktop's portal refused the request: {name}")


def _is_response(message: Message, handle: str, reply: Message) -> bool:
    """Whether it is the response to our request. Raises CaptureError when the portal exited."""
    from jeepney import HeaderFields

    fields = message.header.fields
    portal = reply.header.fields[HeaderFields.sender]
    if _check_owner(message, portal):
        return False  # our call started the portal
    return (fields[HeaderFields.path], fields.get(HeaderFields.sender)) == (handle, portal)


def _owner_rule() -> MatchRule:
    from jeepney import MatchRule, message_bus

    rule = MatchRule(
        type="signal",
        sender=message_bus.bus_name,
        interface=message_bus.interface,
        member="NameOwnerChanged",
    )
    rule.add_arg_condition(0, PORTAL)
    return rule


def _check_owner(message: Message, portal: str) -> bool:
    """Whether it is about the portal's name. Raises CaptureError when the portal exited."""
    from jeepney import HeaderFields

    if message.header.fields[HeaderFields.member] != "NameOwnerChanged":
        return False
    _, before, _ = message.body
    if before == portal:
        raise CaptureError("error", "the desktop's portal exited before it answered")
    return True


def _results(body: tuple[Any, ...]) -> dict[str, Any]:
    try:
        code, results = body
    except ValueError as error:
        raise CaptureError("error", "the desktop's portal answered without a picture") from error
    if code in {1, 2}:
        raise CaptureError("denied", f"the desktop did not allow a picture (answer {code})")
    if code != 0 or not isinstance(results, dict):
        raise CaptureError("error", f"the desktop's portal answered {code}")
    return results
