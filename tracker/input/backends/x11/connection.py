"""Raw X11 packets for the X11 input backends.

python-xlib connects (display name, authorization, extension opcodes). Afterwards this module reads
the bytes: python-xlib would build an object with the keycode for each event, which costs more than
counting and holds data that must not be read. An `EventDecoder` reads only the bytes it needs.

Rules kept: `start` returns after the server has answered, so that no later event is missed; a
connection that fails is detected (`alive`) and logged once; stopping is prompt; nothing polls while
nothing happens, unless the decoder asks for it.
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
from tracker.platform.x11 import open_display

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from diary.core.vocabulary import InputQuality
    from tracker.input.interface import InputSink

log = logging.getLogger(__name__)

#: The packet types that are not events of 32 bytes.
ERROR, REPLY, GENERIC_EVENT = 0, 1, 35
HEAD = 32
ANSWER_S = 10.0
END_S = 5.0
_RECEIVE = 65_536
_LENGTH = struct.Struct("=4xI")
_GET_INPUT_FOCUS = 43


class X11Connection:
    """One connection, owned by one thread at a time; `wake` may be called from any."""

    def __init__(self) -> None:
        """Connect to $DISPLAY. Raises python-xlib's errors, which are of many kinds."""
        self.display: Any = open_display()
        self._socket: socket.socket = self.display.display.socket
        # Packets that arrived while python-xlib connected, such as a changed keyboard layout.
        self._rest = bytes(self.display.display.data_recv)
        self._woken, self._waker = socket.socketpair()
        # Ignored: Windows has no poll() and never runs this.
        self._poll = select.poll()  # type: ignore[attr-defined, unused-ignore]
        readable = select.POLLIN  # type: ignore[attr-defined, unused-ignore]
        self._poll.register(self._socket, readable)
        self._poll.register(self._woken, readable)

    def opcode(self, extension: str) -> int:
        """The extension's major opcode. Raises InputError where the server lacks the extension."""
        found = self.display.query_extension(extension)
        if found is None:
            raise InputError("unavailable", f"the X server does not offer {extension}")
        return int(found.major_opcode)

    @property
    def root(self) -> int:
        """The root window's id."""
        return int(self.display.screen().root.id)

    def send(self, request: bytes) -> None:
        """Send a raw request."""
        self._socket.sendall(request)

    def packets(self, wait_s: float | None) -> Iterator[memoryview]:
        """The packets that arrive within `wait_s` seconds (None: no limit); empty after `wake`.

        Raises ConnectionError when the server is gone or refuses a request.
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
        """Split into whole packets; an incomplete rest is kept."""
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
        """End a wait now."""
        self._waker.send(b".")

    def close(self) -> None:
        # Display.close() fails and leaves its socket open once the server is gone.
        for end in (self._socket, self._woken, self._waker):
            end.close()


class EventDecoder(Protocol):
    """Counts the events in the packets of one connection."""

    def begin(self) -> None:
        """Send the requests that select events. Raises InputError when that is impossible."""
        ...

    def on_reply(self, packet: memoryview) -> bool:
        """Handle a packet during the start; returns whether events are selected now."""
        ...

    def on_event(self, packet: memoryview) -> None:
        """Count a packet's event."""
        ...

    def wait_s(self) -> float | None:
        """Seconds until `on_timeout` must be called; None while it need not be."""
        ...

    def on_timeout(self) -> None:
        """Called when the wait has passed or was ended."""
        ...


class X11Input:
    """An `InputBackend` whose decoder runs on a separate thread and connection."""

    def __init__(
        self,
        name: str,
        quality: InputQuality,
        decoder: Callable[[X11Connection, InputSink], EventDecoder],
    ) -> None:
        self.name = name
        self.quality: InputQuality = quality
        self._decoder = decoder
        self._listener: X11Listener | None = None

    def start(self, sink: InputSink) -> None:
        """Request the reports. Raises InputError("unavailable") if the server refuses them."""
        self.stop()
        connection: X11Connection | None = None
        try:
            connection = X11Connection()
            decoder = self._decoder(connection, sink)
            begin(connection, decoder)
        # python-xlib raises errors of many kinds: display name, socket, permission.
        except Exception as error:
            if connection is not None:
                connection.close()
            if isinstance(error, InputError):
                raise
            raise InputError("unavailable", f"cannot listen to input: {error}") from error
        self._listener = X11Listener(connection, decoder, self.name)
        self._listener.start()

    def stop(self) -> None:
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.end()

    def alive(self) -> bool:
        return self._listener is not None and self._listener.is_alive()


def begin(connection: X11Connection, decoder: EventDecoder) -> None:
    """Start the decoder and wait for the server's reply; earlier events are decoded as well."""
    decoder.begin()
    begun = False
    end = time.monotonic() + ANSWER_S
    while not begun:
        left = end - time.monotonic()
        if left <= 0:
            raise InputError("unavailable", "the X server does not answer")
        for packet in connection.packets(left):
            if begun:
                decoder.on_event(packet)
            else:
                begun = decoder.on_reply(packet)


def sync_request() -> bytes:
    """GetInputFocus: the reply to it shows that the server has handled all earlier requests."""
    return struct.pack("=BxH", _GET_INPUT_FOCUS, 1)


class X11Listener(threading.Thread):
    """Decodes packets until it is stopped or the connection fails."""

    def __init__(self, connection: X11Connection, decoder: EventDecoder, name: str) -> None:
        super().__init__(name=f"workdiary-{name}", daemon=True)
        self._connection = connection
        self._decoder = decoder
        self._ended = threading.Event()

    def run(self) -> None:
        decoder, connection = self._decoder, self._connection
        try:
            while not self._ended.is_set():
                for packet in connection.packets(decoder.wait_s()):
                    if self._ended.is_set():
                        return
                    decoder.on_event(packet)
                decoder.on_timeout()
        # A failed listener must not stop the recorder, which then reports input as not measured.
        except Exception as error:  # noqa: BLE001
            log.warning("listening to input failed: %s", error)

    def check_time(self) -> None:
        """Let the decoder check the time now."""
        self._connection.wake()

    def end(self) -> None:
        """Stop and close the connection; nothing is reported after the return."""
        self._ended.set()
        self._connection.wake()
        self.join(END_S)
        self._connection.close()
