"""A talk with the desktop's portal: calls, and the answers that come to them later.

Rules kept: an answer counts only from the portal itself and to our own request; one that does not
come in time is not waited for, and the request is withdrawn, with the dialog that it may have put
up. If it comes all the same, within `LATE_S`, who asked can still undo what it brought.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections import deque
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from tracker.capture.interface import CaptureError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from jeepney import MatchRule, Message
    from jeepney.io.blocking import DBusConnection

    from tracker.capture.interface import CaptureReason

_log = logging.getLogger(__name__)

PORTAL = "org.freedesktop.portal.Desktop"
PATH = "/org/freedesktop/portal/desktop"
_REQUEST = "org.freedesktop.portal.Request"
_CALL_S = 5.0
#: Seconds for a person who reads a question of the desktop.
PERSON_S = 120.0
#: Seconds in which an answer that was given up may still come, and the thread that waits for it.
LATE_S = 300.0
LATE = "workdiary-late"


def version_of(interface: str, environ: Mapping[str, str]) -> int:
    """The version of one of the portal's interfaces, 0 where it is not there; asks no person.
    Raises OSError.
    """
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
    """The portal has accepted the request `handle` by `reply`, and did not answer in time."""

    def __init__(self, handle: str, reply: Message) -> None:
        super().__init__("no answer in time")
        self.handle = handle
        self.reply = reply


@contextmanager
def open_portal(late: Callable[[dict[str, Any]], None] | None = None) -> Iterator[PortalSession]:
    """A connection to the session's bus. What goes wrong on it in the block is a CaptureError.

    `late` gets the results of a request that was given up and then answered, on a thread of its
    own; it may raise CaptureError and OSError.
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
                    waiting = partial(_await_late, bus, silent, late)
                    threading.Thread(target=waiting, name=LATE, daemon=True).start()
                raise
    except TimeoutError as error:
        raise CaptureError("error", "the desktop's portal did not answer in time") from error
    # KeyError where the session has no bus, ValueError where its address or its greeting is wrong.
    except (OSError, KeyError, ValueError, DBusErrorResponse) as error:
        raise CaptureError("unavailable", f"the session's bus cannot be used: {error}") from error


def request_permission(grab: Callable[[], object]) -> None:
    """Take a picture only so that the desktop asks its person; the log tells what became of it."""
    try:
        grab()
    except CaptureError as error:
        _log.info("the desktop was asked for leave to take pictures: %s", error)


def portal_token() -> tuple[str, str]:
    """A name for something of ours at the portal, as a D-Bus variant."""
    return ("s", "workdiary_" + secrets.token_hex(8))


def remaining_time(end: float) -> float:
    """Seconds until `end`, which is a reading of the monotonic clock."""
    return max(0.0, end - time.monotonic())


class PortalSession:
    """Calls on one connection; `end` is when to give up, as in `left`."""

    def __init__(self, bus: DBusConnection) -> None:
        self._bus = bus

    def call(
        self, interface: str, method: str, signature: str, body: tuple[Any, ...], end: float
    ) -> Message:
        """A call that is answered at once. Raises CaptureError where the portal refuses."""
        from jeepney import DBusAddress, new_method_call

        call = new_method_call(DBusAddress(PATH, PORTAL, interface), method, signature, body)
        reply = self._bus.send_and_get_reply(call, timeout=remaining_time(end))
        _check(reply)
        return reply

    def send(self, path: str, interface: str, method: str) -> None:
        """A call whose answer is of no interest."""
        from jeepney import DBusAddress, new_method_call

        self._bus.send(new_method_call(DBusAddress(path, PORTAL, interface), method))

    def request(
        self,
        interface: str,
        method: str,
        signature: str,
        body: tuple[Any, ...],
        options: Mapping[str, tuple[str, Any]],
        end: float,
    ) -> dict[str, Any]:
        """A call that is answered later, perhaps by a person: the results.

        `signature` and `body` are without the options, which come last. Raises CaptureError:
        "denied" where the answer is no; TimeoutError.
        """
        from jeepney import MatchRule, message_bus
        from jeepney.io.blocking import Proxy

        bus = self._bus
        answers = _answers_to(bus)
        owners = MatchRule(
            type="signal",
            sender=message_bus.bus_name,
            interface=message_bus.interface,
            member="NameOwnerChanged",
        )
        owners.add_arg_condition(0, PORTAL)
        came: deque[Message] = deque(maxlen=16)
        daemon = Proxy(message_bus, bus)
        with bus.filter(answers, queue=came), bus.filter(owners, queue=came):
            # Before the call: a portal may answer before it has said that it will.
            daemon.AddMatch(answers)
            daemon.AddMatch(owners)
            whole = (*body, {"handle_token": portal_token(), **options})
            reply = self.call(interface, method, f"{signature}a{{sv}}", whole, end)
            handle = str(reply.body[0])
            try:
                while True:
                    message = bus.recv_until_filtered(came, timeout=remaining_time(end))
                    if _is_answer(message, handle, reply):
                        return _results(message.body)
            except TimeoutError:
                self.send(handle, _REQUEST, "Close")
                raise _SilentError(handle, reply) from None


def _await_late(
    bus: DBusConnection, silent: _SilentError, late: Callable[[dict[str, Any]], None]
) -> None:
    """Closes the connection in the end."""
    end, came = time.monotonic() + LATE_S, deque[Any](maxlen=16)
    try:
        with bus, bus.filter(_answers_to(bus), queue=came):
            while True:
                message = bus.recv_until_filtered(came, timeout=remaining_time(end))
                if _is_answer(message, silent.handle, silent.reply):
                    late(_results(message.body))
                    _log.info("what the portal brought too late was undone")
                    return
    except (OSError, CaptureError) as error:
        _log.info("no late answer of the portal: %s", error)


def _answers_to(bus: DBusConnection) -> MatchRule:
    from jeepney import MatchRule

    requests = f"{PATH}/request/" + bus.unique_name.removeprefix(":").replace(".", "_")
    return MatchRule(type="signal", interface=_REQUEST, member="Response", path_namespace=requests)


def _check(reply: Message) -> None:
    """Whether the portal has accepted a call. Raises CaptureError."""
    from jeepney import HeaderFields, MessageType

    if reply.header.message_type is MessageType.method_return:
        return
    name = str(reply.header.fields.get(HeaderFields.error_name, ""))
    reason: CaptureReason = (
        "denied" if name.endswith((".AccessDenied", ".NotAllowed")) else "unavailable"
    )
    raise CaptureError(reason, f"the desktop's portal takes no pictures: {name}")


def _is_answer(message: Message, handle: str, reply: Message) -> bool:
    """Whether it is the answer to our request. Raises CaptureError when the portal has ended."""
    from jeepney import HeaderFields

    fields = message.header.fields
    portal = reply.header.fields[HeaderFields.sender]
    if fields[HeaderFields.member] == "NameOwnerChanged":
        _, before, _ = message.body
        if before == portal:
            raise CaptureError("error", "the desktop's portal ended before it answered")
        return False  # the call itself has started it
    return (fields[HeaderFields.path], fields.get(HeaderFields.sender)) == (handle, portal)


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
