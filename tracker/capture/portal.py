"""Pictures by the desktop's portal: org.freedesktop.portal.Screenshot, on Wayland.

The portal writes a file and tells where. Rules kept:

- the file is opened, taken off the disk at once, and read from the open descriptor; only a regular
  file of our own user that was written after we asked is touched, never a link, never another one;
- no picture is asked for with a dialog of the portal's own (`interactive` is false); a desktop that
  wants its person's leave asks for that once, and `ask_once` is how the window lets it ask;
- an answer counts only from the portal itself and to our own request; one that does not come is
  not waited for beyond `WAIT_S`, and the request is withdrawn; if it comes all the same, within
  `LATE_S`, its file is removed.

A program that is killed between its request and the answer learns no name, and so it leaves no note
of one: the picture that the portal may still write is not swept by a later start, because a file
that merely looks like a picture of the screen can be one that its person took. The time for this is
the tenth of a second that a portal needs.
"""

from __future__ import annotations

import logging
import os
import secrets
import stat
import threading
import time
from collections import deque
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from tracker.capture.base import CaptureError, Frame
from tracker.capture.mss_backend import ALL

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jeepney import MatchRule, Message
    from jeepney.io.blocking import DBusConnection

    from tracker.capture.base import CaptureReason

_log = logging.getLogger(__name__)

PORTAL = "org.freedesktop.portal.Desktop"
_PATH = "/org/freedesktop/portal/desktop"
_SCREENSHOT = "org.freedesktop.portal.Screenshot"
_REQUEST = "org.freedesktop.portal.Request"

#: Seconds for a picture, and for a person who reads a question of the desktop.
WAIT_S = 10.0
PERSON_S = 120.0
#: Seconds in which an answer that was given up may still come and leave a file.
LATE_S = 300.0
#: The name of the thread that waits for it.
LATE = "workdiary-late"
_CALL_S = 5.0
LONGEST = 128 << 20
MOST_PIXELS = 64_000_000
#: How much older than the request its file may seem: file systems round their times.
_CLOCKS_NS = 2_000_000_000

Leave = Literal["unasked", "allowed", "denied"]


class PortalCapture:
    """Takes all monitors in one picture. `leave` is what the desktop's answers have told so far."""

    name = "portal"

    def __init__(self, wait_s: float = WAIT_S) -> None:
        self._wait_s = wait_s
        self.leave: Leave = "unasked"

    def grab(self, now_ms: Callable[[], int]) -> Frame:
        """Raises CaptureError: "denied" when the desktop says no, "unavailable" when no portal can
        be asked, "error" when it does not answer or what it gives is no picture.
        """
        return self._grab(now_ms, self._wait_s)

    def ask_once(self) -> Leave:
        """Let the desktop ask its person, if it wants to; waits for the answer (`PERSON_S`).

        To be called on a worker, while our window has the focus and has said what will be asked:
        GNOME asks only for the window in use, and remembers. The picture is thrown away.
        Returns `leave`; does nothing when that is known already.
        """
        if self.leave == "unasked":
            try:
                self._grab(lambda: 0, PERSON_S)
            except CaptureError as error:
                _log.info("the desktop was asked for leave to take pictures: %s", error)
        return self.leave

    def _grab(self, now_ms: Callable[[], int], wait_s: float) -> Frame:
        at_ms, asked_ns = now_ms(), time.time_ns()
        try:
            uri = _ask(wait_s, asked_ns - _CLOCKS_NS)
        except CaptureError as error:
            if error.reason == "denied":
                self.leave = "denied"
            raise
        self.leave = "allowed"
        descriptor = take_away(uri, asked_ns - _CLOCKS_NS)
        try:
            return _decode(descriptor, at_ms)
        finally:
            os.close(descriptor)


def can_take(environ: Mapping[str, str]) -> bool:
    """Whether there is a portal that takes pictures; asks no person. Raises OSError."""
    from jeepney import DBusAddress, MessageType, Properties
    from jeepney.io.blocking import open_dbus_connection

    bus_address = environ.get("DBUS_SESSION_BUS_ADDRESS")
    if not bus_address:
        return False
    with open_dbus_connection(bus_address) as bus:
        portal = DBusAddress(_PATH, PORTAL, _SCREENSHOT)
        reply = bus.send_and_get_reply(Properties(portal).get("version"), timeout=_CALL_S)
    return reply.header.message_type is MessageType.method_return


class _SilentError(TimeoutError):
    """The portal has accepted the request `handle` by `reply`, and did not answer in time."""

    def __init__(self, handle: str, reply: Message) -> None:
        super().__init__("no answer in time")
        self.handle = handle
        self.reply = reply


def _ask(wait_s: float, oldest_ns: int) -> str:
    """The URI of a new picture's file. Raises CaptureError.

    The file of an answer that comes too late is removed, if it is no older than `oldest_ns`.
    """
    from jeepney.io.blocking import open_dbus_connection
    from jeepney.wrappers import DBusErrorResponse

    try:
        with ExitStack() as ours:
            bus = ours.enter_context(open_dbus_connection("SESSION"))
            try:
                return _ask_on(bus, time.monotonic() + wait_s)
            except _SilentError as silent:
                ours.pop_all()
                late = partial(_await_late, bus, silent.handle, silent.reply, oldest_ns)
                threading.Thread(target=late, name=LATE, daemon=True).start()
                raise
    except TimeoutError as error:
        raise CaptureError("error", "the desktop's portal did not answer in time") from error
    # KeyError where the session has no bus, ValueError where its address or its greeting is wrong.
    except (OSError, KeyError, ValueError, DBusErrorResponse) as error:
        raise CaptureError("unavailable", f"the session's bus cannot be used: {error}") from error


def _await_late(bus: DBusConnection, handle: str, reply: Message, oldest_ns: int) -> None:
    """Let no picture stay on the disk that came after its time. Closes the connection."""
    end, came = time.monotonic() + LATE_S, deque[Any](maxlen=16)
    try:
        with bus, bus.filter(_answers_to(bus), queue=came):
            while True:
                message = bus.recv_until_filtered(came, timeout=_left(end))
                if _is_answer(message, handle, reply):
                    os.close(take_away(_uri(message.body), oldest_ns))
                    _log.info("the portal answered too late; its picture was removed")
                    return
    except (OSError, CaptureError) as error:
        _log.info("no late answer of the portal: %s", error)


def _answers_to(bus: DBusConnection) -> MatchRule:
    from jeepney import MatchRule

    requests = f"{_PATH}/request/" + bus.unique_name.removeprefix(":").replace(".", "_")
    return MatchRule(type="signal", interface=_REQUEST, member="Response", path_namespace=requests)


def _ask_on(bus: DBusConnection, end: float) -> str:
    from jeepney import DBusAddress, MatchRule, message_bus, new_method_call
    from jeepney.io.blocking import Proxy

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
        options = {
            "handle_token": ("s", "workdiary_" + secrets.token_hex(8)),
            "interactive": ("b", False),
        }
        portal = DBusAddress(_PATH, PORTAL, _SCREENSHOT)
        call = new_method_call(portal, "Screenshot", "sa{sv}", ("", options))
        reply = bus.send_and_get_reply(call, timeout=_left(end))
        handle = _handle(reply)
        try:
            while True:
                message = bus.recv_until_filtered(came, timeout=_left(end))
                if _is_answer(message, handle, reply):
                    return _uri(message.body)
        except TimeoutError:
            bus.send(new_method_call(DBusAddress(handle, PORTAL, _REQUEST), "Close"))
            raise _SilentError(handle, reply) from None


def _left(end: float) -> float:
    return max(0.0, end - time.monotonic())


def _handle(reply: Message) -> str:
    """The path of the request that the portal has accepted."""
    from jeepney import HeaderFields, MessageType

    if reply.header.message_type is MessageType.method_return:
        return str(reply.body[0])
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


def _uri(body: tuple[Any, ...]) -> str:
    try:
        code, results = body
        if code == 0:
            kind, uri = results["uri"]
            if kind == "s":
                return str(uri)
    except (KeyError, TypeError, ValueError) as error:
        raise CaptureError("error", "the desktop's portal answered without a picture") from error
    if code in {1, 2}:
        raise CaptureError("denied", f"the desktop did not allow a picture (answer {code})")
    raise CaptureError("error", f"the desktop's portal answered {code}")


def take_away(uri: str, oldest_ns: int) -> int:
    """Open the file of a `file:` URI and take it off the disk; returns the descriptor.

    Raises CaptureError, and leaves the file alone, when it is not a regular file of our own that
    was written at `oldest_ns` (Unix time) or later.
    """
    # Here, because it brings a whole web client along.
    from urllib.request import url2pathname

    try:
        parts = urlsplit(uri)
    except ValueError as error:
        raise CaptureError("error", "the desktop's portal named no address") from error
    path = url2pathname(parts.path)
    if parts.scheme != "file" or parts.netloc not in {"", "localhost"} or "\0" in path:
        raise CaptureError("error", "the desktop's portal named something that is no file here")
    try:
        descriptor = _open(path)
    except OSError as error:
        raise CaptureError("error", f"the portal's file cannot be read: {error}") from error
    try:
        about = os.fstat(descriptor)
        if not stat.S_ISREG(about.st_mode) or about.st_uid != _own():
            raise CaptureError("error", "what the portal named is no regular file of ours")
        if about.st_mtime_ns < oldest_ns:
            raise CaptureError("error", "the portal's file was there before it was asked")
        os.unlink(path)  # noqa: PTH108 - the name that was opened
        if about.st_size > LONGEST:
            raise CaptureError("error", f"the portal's file has {about.st_size} bytes")
    except OSError as error:
        os.close(descriptor)
        raise CaptureError("error", f"the portal's file cannot be removed: {error}") from error
    except CaptureError:
        os.close(descriptor)
        raise
    return descriptor


# What is ignored for the types is what Windows lacks, which never comes here.


def _open(path: str) -> int:
    # A pipe in its place would otherwise be waited for.
    flags = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC  # type: ignore[attr-defined, unused-ignore]
    return os.open(path, os.O_RDONLY | flags)


def _own() -> int:
    own: int = os.getuid()  # type: ignore[attr-defined, unused-ignore]
    return own


def _decode(descriptor: int, at_ms: int) -> Frame:
    from PIL import Image

    try:
        with (
            os.fdopen(descriptor, "rb", closefd=False) as file,
            Image.open(file, formats=["PNG", "JPEG", "WEBP"]) as picture,
        ):
            width, height = picture.size
            if width * height > MOST_PIXELS:
                raise CaptureError("error", f"a picture of {width}x{height}")
            bgrx = picture.convert("RGB").tobytes("raw", "BGRX")
    # Pillow says SyntaxError and ValueError of files that are broken.
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise CaptureError("error", f"the portal's file is no picture: {error}") from error
    return Frame(width, height, bgrx, ALL, at_ms)
