"""The X server's events as they lie on the wire, for the ways to count on X11.

python-xlib makes the connection (names, permission, numbers of the extensions). From then on the
bytes are read here: it would make an object of each event, with the key's code in it, which costs
more than counting and knows more than may be known. A way of counting is an `Ear`, which looks at
as few bytes as it must.

Rules kept: begun means that the server has answered, so that nothing after is missed; a connection
that fails is logged once and noticed (`alive`); the end is prompt; nothing polls while nothing
happens, unless the ear asks for it.
"""

from __future__ import annotations

import logging
import select
import socket
import struct
import threading
import time
from typing import TYPE_CHECKING, Any, Protocol

from tracker.input.interface import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from diary.core.vocabulary import InputQuality
    from tracker.input.interface import InputSink

log = logging.getLogger(__name__)

#: The kinds of packets that are not an event of 32 bytes.
ERROR, REPLY, GENERIC_EVENT = 0, 1, 35
HEAD = 32
ANSWER_S = 10.0
END_S = 5.0
_RECEIVE = 65_536
_LENGTH = struct.Struct("=4xI")
_GET_INPUT_FOCUS = 43


class X11Connection:
    """One connection. It belongs to one thread at a time; `wake` may be called from any."""

    def __init__(self) -> None:
        """Connect to $DISPLAY. Raises python-xlib's errors, which are of many kinds."""
        from Xlib.display import Display

        self.display: Any = Display()
        self._socket: socket.socket = self.display.display.socket
        # What came while the connection was made: the keyboard's layout changed, perhaps.
        self._rest = bytes(self.display.display.data_recv)
        self._woken, self._waker = socket.socketpair()
        # Ignored: Windows has no such thing, and never comes here.
        self._poll = select.poll()  # type: ignore[attr-defined, unused-ignore]
        readable = select.POLLIN  # type: ignore[attr-defined, unused-ignore]
        self._poll.register(self._socket, readable)
        self._poll.register(self._woken, readable)

    def opcode(self, extension: str) -> int:
        """The extension's number at this server. Raises InputError where it is refused."""
        found = self.display.query_extension(extension)
        if found is None:
            raise InputError("unavailable", f"the X server does not offer {extension}")
        return int(found.major_opcode)

    @property
    def root(self) -> int:
        """The number of the root window."""
        return int(self.display.screen().root.id)

    def send(self, request: bytes) -> None:
        """Send a request that is answered by packets, if at all."""
        self._socket.sendall(request)

    def packets(self, wait_s: float | None) -> Iterator[memoryview]:
        """What has come within the wait, or nothing when it passes or `wake` is called.

        Raises ConnectionError when the server is gone.
        """
        ready = self._poll.poll(None if wait_s is None else max(0.0, wait_s) * 1000)
        numbers = {number for number, _ in ready}
        if self._woken.fileno() in numbers:
            self._woken.recv(_RECEIVE)
        if self._socket.fileno() not in numbers:
            return
        data = self._socket.recv(_RECEIVE)
        if not data:
            raise ConnectionError("the X server closed the connection")
        yield from self._cut(data)

    def _cut(self, data: bytes) -> Iterator[memoryview]:
        """The whole packets; the rest is kept for the next time."""
        view = memoryview(self._rest + data)
        self._rest = b""
        begin, end = 0, len(view)
        while end - begin >= HEAD:
            size = HEAD
            if view[begin] in {REPLY, GENERIC_EVENT}:
                size += 4 * _LENGTH.unpack_from(view, begin)[0]
            if end - begin < size:
                break
            if view[begin] == ERROR:
                raise ConnectionError(f"the X server refused a request: error {view[begin + 1]}")
            yield view[begin : begin + size]
            begin += size
        self._rest = bytes(view[begin:])

    def wake(self) -> None:
        """Let a wait end now."""
        self._waker.send(b".")

    def close(self) -> None:
        # Display.close() fails, and leaves its socket open, when the server is gone.
        for end in (self._socket, self._woken, self._waker):
            end.close()


class EventDecoder(Protocol):
    """Counts from the packets of one wire. It is made with the wire and the sink."""

    def begin(self) -> None:
        """Send what asks the server to tell; refused with InputError."""
        ...

    def on_reply(self, packet: memoryview) -> bool:
        """Hear a packet of the beginning; whether it says that the server tells from now on."""
        ...

    def on_event(self, packet: memoryview) -> None:
        """Count what the packet tells."""
        ...

    def wait_s(self) -> float | None:
        """Seconds until `tick` must be called; None while there is nothing to do."""
        ...

    def on_timeout(self) -> None:
        """The wait has passed, or was ended."""
        ...


class X11Input:
    """An `InputBackend` that lets an ear listen on a thread and a connection of its own."""

    def __init__(
        self,
        name: str,
        quality: InputQuality,
        ear: Callable[[X11Connection, InputSink], EventDecoder],
    ) -> None:
        self.name = name
        self.quality: InputQuality = quality
        self._ear = ear
        self._listener: X11Listener | None = None

    def start(self, sink: InputSink) -> None:
        """Raises InputError("unavailable") when the server does not let us listen."""
        self.stop()
        wire: X11Connection | None = None
        try:
            wire = X11Connection()
            ear = self._ear(wire, sink)
            begin(wire, ear)
        # python-xlib lets errors of many kinds through: of the name, the socket, the permission.
        except Exception as error:
            if wire is not None:
                wire.close()
            if isinstance(error, InputError):
                raise
            raise InputError("unavailable", f"input cannot be listened to: {error}") from error
        self._listener = X11Listener(wire, ear, self.name)
        self._listener.start()

    def stop(self) -> None:
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.end()

    def alive(self) -> bool:
        return self._listener is not None and self._listener.is_alive()


def begin(wire: X11Connection, ear: EventDecoder) -> None:
    """Let the ear begin and wait for the server's answer; what comes before it is heard as well."""
    ear.begin()
    begun = False
    end = time.monotonic() + ANSWER_S
    while not begun:
        left = end - time.monotonic()
        if left <= 0:
            raise InputError("unavailable", "the X server does not answer")
        for packet in wire.packets(left):
            if begun:
                ear.on_event(packet)
            else:
                begun = ear.on_reply(packet)


def sync_request() -> bytes:
    """GetInputFocus: any request with an answer tells that those before it are done."""
    return struct.pack("=BxH", _GET_INPUT_FOCUS, 1)


class X11Listener(threading.Thread):
    """Hears until it is ended or the connection fails."""

    def __init__(self, wire: X11Connection, ear: EventDecoder, name: str) -> None:
        super().__init__(name=f"workdiary-{name}", daemon=True)
        self._wire = wire
        self._ear = ear
        self._ended = threading.Event()

    def run(self) -> None:
        ear, wire = self._ear, self._wire
        try:
            while not self._ended.is_set():
                for packet in wire.packets(ear.wait_s()):
                    if self._ended.is_set():
                        return
                    ear.on_event(packet)
                ear.on_timeout()
        # Whatever ends a listener, the recorder must go on and say that input is not measured.
        except Exception as error:  # noqa: BLE001
            log.warning("listening to input ended: %s", error)

    def look(self) -> None:
        """Let the ear look at the clock now."""
        self._wire.wake()

    def end(self) -> None:
        """End, and close the connection; nothing is told after the return."""
        self._ended.set()
        self._wire.wake()
        self.join(END_S)
        self._wire.close()
