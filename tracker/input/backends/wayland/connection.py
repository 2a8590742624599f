"""The subset of the Wayland protocol that idle notifications need: a connection and its messages.

Rules kept: data from the compositor is bounded and checked before it is used, and an unrequested
event is an error; no window, keyboard or pointer is bound, so none of their events can arrive.
Format: https://wayland.freedesktop.org/docs/html/ch04.html
"""

from __future__ import annotations

import os
import socket
import struct
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Mapping

#: libwayland sends no longer message.
LONGEST = 4096
GLOBALS = 1000
SEND_S = 5.0
_HEADER = struct.Struct("=II")
_UINT = struct.Struct("=I")

DISPLAY, REGISTRY = 1, 2
_DISPLAY_SYNC, _DISPLAY_GET_REGISTRY = 0, 1
_DISPLAY_ERROR, _DISPLAY_DELETE_ID = 0, 1
_REGISTRY_BIND = 0
_REGISTRY_GLOBAL, _REGISTRY_GLOBAL_REMOVE = 0, 1
_CALLBACK_DONE = 0


class WaylandError(Exception):
    """The compositor cannot be reached, closed the connection, or sent an invalid message."""


class WaylandMessage:
    """A message to one object; its arguments are read in order."""

    def __init__(self, target: int, opcode: int, body: bytes) -> None:
        self.target = target
        self.opcode = opcode
        self._body = body

    def uint(self) -> int:
        if len(self._body) < _UINT.size:
            raise WaylandError("a message is too short")
        value: int = _UINT.unpack_from(self._body)[0]
        self._body = self._body[_UINT.size :]
        return value

    def string(self) -> str:
        length = self.uint()
        padded = (length + 3) // 4 * 4
        data, self._body = self._body[:padded], self._body[padded:]
        if length < 1 or len(data) < padded or data[length - 1] != 0:
            raise WaylandError("a text is cut off")
        return data[: length - 1].decode("utf-8", "replace")


def pack_string(text: str) -> bytes:
    """Encode a string argument."""
    data = text.encode() + b"\0"
    return _UINT.pack(len(data)) + data + bytes(-len(data) % 4)


class WaylandConnection:
    """A connection, and the compositor's list of globals; must be closed.

    `globals` maps an interface to the number and version of its first offer. One thread owns the
    connection; only `wake` may be called from any.
    """

    def __init__(self, environ: Mapping[str, str], timeout_s: float) -> None:
        """Connect and read the globals within `timeout_s` seconds. Raises WaylandError."""
        self.globals: dict[str, tuple[int, int]] = {}
        self._bound: set[int] = set()
        self._buffer = b""
        self._next_id = 2
        # Ignored: Windows has no AF_UNIX and never runs this.
        family = socket.AF_UNIX  # type: ignore[attr-defined, unused-ignore]
        self._socket = socket.socket(family, socket.SOCK_STREAM)
        try:
            self._socket.settimeout(timeout_s)
            self._socket.connect(str(_path(environ)))
            self.new_object(DISPLAY, _DISPLAY_GET_REGISTRY)
            self.round_trip(timeout_s)
        except OSError as error:
            self.close()
            raise WaylandError(f"the compositor cannot be reached: {error}") from error
        except WaylandError:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._socket.close()

    def wake(self) -> None:
        """End a waiting `receive` with a WaylandError; may be called from any thread."""
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # the compositor closed it

    def send(self, target: int, opcode: int, arguments: bytes = b"") -> None:
        size = _HEADER.size + len(arguments)
        try:
            self._socket.settimeout(SEND_S)
            self._socket.sendall(_HEADER.pack(target, size << 16 | opcode) + arguments)
        except OSError as error:
            raise WaylandError(f"the compositor has gone: {error}") from error

    def new_object(self, target: int, opcode: int, *arguments: int) -> int:
        """Send a request whose first argument is a new object's id; returns that id."""
        number = self._number()
        self.send(target, opcode, b"".join(map(_UINT.pack, (number, *arguments))))
        return number

    def bind(self, interface: str, version: int) -> int:
        """Bind an interface of `globals`; returns the object's id."""
        name, _ = self.globals[interface]
        number = self._number()
        self._bound.add(name)
        arguments = _UINT.pack(name) + pack_string(interface)
        self.send(REGISTRY, _REGISTRY_BIND, arguments + _UINT.pack(version) + _UINT.pack(number))
        return number

    def round_trip(self, timeout_s: float) -> list[WaylandMessage]:
        """Wait until the compositor has handled all requests; returns the messages received
        meanwhile.
        """
        callback = self.new_object(DISPLAY, _DISPLAY_SYNC)
        end = time.monotonic() + timeout_s
        received: list[WaylandMessage] = []
        while True:
            message = self.receive(max(0.0, end - time.monotonic()))
            if message is None:
                raise WaylandError("the compositor does not answer")
            if (message.target, message.opcode) == (callback, _CALLBACK_DONE):
                return received
            received.append(message)

    def receive(self, timeout_s: float | None) -> WaylandMessage | None:
        """The next message, except those about the connection; None after `timeout_s` seconds."""
        end = None if timeout_s is None else time.monotonic() + timeout_s
        while True:
            message = self._next_message()
            if message is None:
                if not self._readable(end):
                    return None
            elif message.target == DISPLAY:
                self._on_display_event(message)
            elif message.target == REGISTRY:
                self._on_registry_event(message)
            else:
                return message

    def _readable(self, end: float | None) -> bool:
        """Wait for bytes and buffer them; False on a timeout."""
        rest = None if end is None else max(0.0, end - time.monotonic())
        try:
            self._socket.settimeout(rest)
            data = self._socket.recv(LONGEST)
        except (TimeoutError, BlockingIOError):
            return False
        except OSError as error:
            raise WaylandError(f"the compositor has gone: {error}") from error
        if not data:
            raise WaylandError("the compositor has closed the connection")
        self._buffer += data
        return True

    def _next_message(self) -> WaylandMessage | None:
        if len(self._buffer) < _HEADER.size:
            return None
        target, word = _HEADER.unpack_from(self._buffer)
        size, opcode = word >> 16, word & 0xFFFF
        if not _HEADER.size <= size <= LONGEST or size % 4:
            raise WaylandError(f"a message has the invalid size of {size} bytes")
        if len(self._buffer) < size:
            return None
        body, self._buffer = self._buffer[_HEADER.size : size], self._buffer[size:]
        return WaylandMessage(target, opcode, body)

    def _number(self) -> int:
        number, self._next_id = self._next_id, self._next_id + 1
        return number

    def _on_display_event(self, message: WaylandMessage) -> None:
        if message.opcode == _DISPLAY_ERROR:
            target, code = message.uint(), message.uint()
            raise WaylandError(f"the compositor refuses (object {target}, error {code})")
        if message.opcode != _DISPLAY_DELETE_ID:
            raise WaylandError("an unknown event of the display")

    def _on_registry_event(self, message: WaylandMessage) -> None:
        name = message.uint()
        if message.opcode == _REGISTRY_GLOBAL:
            if len(self.globals) >= GLOBALS:
                raise WaylandError("the compositor offers too many globals")
            interface = message.string()
            self.globals.setdefault(interface, (name, message.uint()))
        elif message.opcode != _REGISTRY_GLOBAL_REMOVE:
            raise WaylandError("an unknown event of the registry")
        elif name in self._bound:
            raise WaylandError("the compositor has removed an object in use")
        else:
            self.globals = {i: offer for i, offer in self.globals.items() if offer[0] != name}


def _path(environ: Mapping[str, str]) -> Path:
    """The compositor's socket: a name in XDG_RUNTIME_DIR, or an absolute path."""
    name = environ.get("WAYLAND_DISPLAY") or "wayland-0"
    folder = environ.get("XDG_RUNTIME_DIR")
    if not folder and not os.path.isabs(name):  # noqa: PTH117 - a name, not yet a path
        raise WaylandError("XDG_RUNTIME_DIR is not set")
    return Path(folder or "/") / name
