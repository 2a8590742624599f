"""The Wayland wire protocol, as far as listening to idleness needs it: a connection and messages.

Rules kept: what the compositor sends is bounded and checked before it is used, and anything that
was not asked for is an error; nothing of a window, a key or the pointer is bound, so none can
arrive. (https://wayland.freedesktop.org/docs/html/ch04.html is the format.)
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

#: libwayland itself sends nothing longer.
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


class WireError(Exception):
    """The compositor cannot be reached, has gone, or sent what cannot be right."""


class WaylandMessage:
    """What came for one object; its arguments are read in their order."""

    def __init__(self, target: int, opcode: int, body: bytes) -> None:
        self.target = target
        self.opcode = opcode
        self._body = body

    def uint(self) -> int:
        if len(self._body) < _UINT.size:
            raise WireError("a message is too short")
        value: int = _UINT.unpack_from(self._body)[0]
        self._body = self._body[_UINT.size :]
        return value

    def string(self) -> str:
        length = self.uint()
        padded = (length + 3) // 4 * 4
        data, self._body = self._body[:padded], self._body[padded:]
        if length < 1 or len(data) < padded or data[length - 1] != 0:
            raise WireError("a text is cut off")
        return data[: length - 1].decode("utf-8", "replace")


def pack_string(text: str) -> bytes:
    """A text as an argument."""
    data = text.encode() + b"\0"
    return _UINT.pack(len(data)) + data + bytes(-len(data) % 4)


class WaylandConnection:
    """A connection with the list of what the compositor offers; `close` it.

    `globals` maps an interface to its first offer: its number and version. All but `wake` belongs
    to one thread.
    """

    def __init__(self, environ: Mapping[str, str], timeout_s: float) -> None:
        """Connect and read the list. Raises WireError, also when that takes too long."""
        self.globals: dict[str, tuple[int, int]] = {}
        self._bound: set[int] = set()
        self._buffer = b""
        self._next_id = 2
        # Ignored: Windows has no such thing, and never comes here.
        family = socket.AF_UNIX  # type: ignore[attr-defined, unused-ignore]
        self._socket = socket.socket(family, socket.SOCK_STREAM)
        try:
            self._socket.settimeout(timeout_s)
            self._socket.connect(str(_path(environ)))
            self.new_object(DISPLAY, _DISPLAY_GET_REGISTRY)
            self.settle(timeout_s)
        except OSError as error:
            self.close()
            raise WireError(f"the compositor cannot be reached: {error}") from error
        except WireError:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._socket.close()

    def wake(self) -> None:
        """Let a `receive` that waits end with a WireError; for any thread."""
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # the other side has closed it

    def send(self, target: int, opcode: int, arguments: bytes = b"") -> None:
        size = _HEADER.size + len(arguments)
        try:
            self._socket.settimeout(SEND_S)
            self._socket.sendall(_HEADER.pack(target, size << 16 | opcode) + arguments)
        except OSError as error:
            raise WireError(f"the compositor has gone: {error}") from error

    def new_object(self, target: int, opcode: int, *arguments: int) -> int:
        """Send a request whose first argument is a new object's number; returns that."""
        number = self._number()
        self.send(target, opcode, b"".join(map(_UINT.pack, (number, *arguments))))
        return number

    def bind(self, interface: str, version: int) -> int:
        """Take up an offer of `globals`; returns the object's number."""
        name, _ = self.globals[interface]
        number = self._number()
        self._bound.add(name)
        arguments = _UINT.pack(name) + pack_string(interface)
        self.send(REGISTRY, _REGISTRY_BIND, arguments + _UINT.pack(version) + _UINT.pack(number))
        return number

    def settle(self, timeout_s: float) -> list[WaylandMessage]:
        """Wait until the compositor has done all that was asked; returns what came meanwhile."""
        callback = self.new_object(DISPLAY, _DISPLAY_SYNC)
        end = time.monotonic() + timeout_s
        came: list[WaylandMessage] = []
        while True:
            message = self.receive(max(0.0, end - time.monotonic()))
            if message is None:
                raise WireError("the compositor does not answer")
            if (message.target, message.opcode) == (callback, _CALLBACK_DONE):
                return came
            came.append(message)

    def receive(self, timeout_s: float | None) -> WaylandMessage | None:
        """The next message that is not the connection's own; None when none comes in time."""
        end = None if timeout_s is None else time.monotonic() + timeout_s
        while True:
            message = self._whole_message()
            if message is None:
                if not self._readable(end):
                    return None
            elif message.target == DISPLAY:
                self._of_display(message)
            elif message.target == REGISTRY:
                self._of_registry(message)
            else:
                return message

    def _readable(self, end: float | None) -> bool:
        """Wait for bytes and keep them; False when none came in time."""
        rest = None if end is None else max(0.0, end - time.monotonic())
        try:
            self._socket.settimeout(rest)
            data = self._socket.recv(LONGEST)
        except (TimeoutError, BlockingIOError):
            return False
        except OSError as error:
            raise WireError(f"the compositor has gone: {error}") from error
        if not data:
            raise WireError("the compositor has closed the connection")
        self._buffer += data
        return True

    def _whole_message(self) -> WaylandMessage | None:
        if len(self._buffer) < _HEADER.size:
            return None
        target, word = _HEADER.unpack_from(self._buffer)
        size, opcode = word >> 16, word & 0xFFFF
        if not _HEADER.size <= size <= LONGEST or size % 4:
            raise WireError(f"a message of {size} bytes")
        if len(self._buffer) < size:
            return None
        body, self._buffer = self._buffer[_HEADER.size : size], self._buffer[size:]
        return WaylandMessage(target, opcode, body)

    def _number(self) -> int:
        number, self._next_id = self._next_id, self._next_id + 1
        return number

    def _of_display(self, message: WaylandMessage) -> None:
        if message.opcode == _DISPLAY_ERROR:
            target, code = message.uint(), message.uint()
            raise WireError(f"the compositor refuses (object {target}, error {code})")
        if message.opcode != _DISPLAY_DELETE_ID:
            raise WireError("an unknown event of the display")

    def _of_registry(self, message: WaylandMessage) -> None:
        name = message.uint()
        if message.opcode == _REGISTRY_GLOBAL:
            if len(self.globals) >= GLOBALS:
                raise WireError("the compositor offers without end")
            interface = message.string()
            self.globals.setdefault(interface, (name, message.uint()))
        elif message.opcode != _REGISTRY_GLOBAL_REMOVE:
            raise WireError("an unknown event of the registry")
        elif name in self._bound:
            raise WireError("the compositor has taken back what is in use")
        else:
            self.globals = {i: offer for i, offer in self.globals.items() if offer[0] != name}


def _path(environ: Mapping[str, str]) -> Path:
    """The compositor's socket: a name in the runtime folder, or a whole path."""
    name = environ.get("WAYLAND_DISPLAY") or "wayland-0"
    folder = environ.get("XDG_RUNTIME_DIR")
    if not folder and not os.path.isabs(name):  # noqa: PTH117 - a name, not a path yet
        raise WireError("XDG_RUNTIME_DIR is not set")
    return Path(folder or "/") / name
