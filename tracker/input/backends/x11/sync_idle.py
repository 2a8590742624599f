"""Seconds of activity on X11 from the idle counters of the SYNC extension, without reading events.

For servers that refuse to report events. Once a second the server is asked how long the pointer and
the keyboard have been idle; a second is active if one of them was used since the last reply. All
times are the server's own, so that the reply's delay does not matter.

A program that inhibits the screen saver (a film) resets both counters in the same millisecond,
which hands do not: this is not counted.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from tracker.input.backends.x11.connection import HEAD, REPLY, X11Input
from tracker.input.interface import InputError
from tracker.platform.clock import SystemClock

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.input.backends.x11.connection import X11Connection
    from tracker.input.interface import InputSink

EXTENSION = "SYNC"
#: The server's time, and the idle times of the master pointer and keyboard, whose ids are fixed.
COUNTERS = ("SERVERTIME", "DEVICEIDLETIME 2", "DEVICEIDLETIME 3")

# Numbers of the protocol.
_INITIALIZE, _LIST, _QUERY = 0, 1, 5
_VERSION = (3, 1)
_COUNT = struct.Struct("=8xI")
_COUNTER = struct.Struct("=I8xH")
_VALUE = struct.Struct("=8xiI")
#: The server reads the counters of one query one after the other, some milliseconds apart.
_LATER_MS = 50
_TOGETHER_MS = 5


def xsync_idle(uptime_ms: Callable[[], int] | None = None) -> X11Input:
    """The input backend; queries once per second of `uptime_ms`."""
    clock = uptime_ms or SystemClock("").uptime_ms
    return X11Input(
        "xsync-idle", "active-only", lambda connection, sink: IdleDecoder(connection, sink, clock)
    )


class IdleDecoder:
    """An `EventDecoder` that reads only the replies to its queries."""

    def __init__(
        self, connection: X11Connection, sink: InputSink, uptime_ms: Callable[[], int]
    ) -> None:
        self._connection = connection
        self._sink = sink
        self._uptime_ms = uptime_ms
        self._opcode = 0
        self._counters: list[int] = []
        self._initialized = False
        self._values: list[int] = []
        # Last use of pointer and keyboard, in the server's time; None before the first replies.
        self._used: tuple[int, int] | None = None
        self._asked = 0

    def begin(self) -> None:
        self._opcode = self._connection.opcode(EXTENSION)
        self._connection.send(
            struct.pack("=BBHBBxx", self._opcode, _INITIALIZE, 2, *_VERSION)
            + struct.pack("=BBH", self._opcode, _LIST, 1)
        )

    def on_reply(self, packet: memoryview) -> bool:
        """Handles three replies: the version, the list of counters, and the first values."""
        if packet[0] != REPLY:
            return False
        if not self._initialized:
            self._initialized = True
        elif not self._counters:
            names = _counter_ids(packet)
            if not names.keys() >= set(COUNTERS):
                raise InputError("unavailable", "the X server has no idle counters")
            self._counters = [names[name] for name in COUNTERS]
            self._ask()
        else:
            self.on_event(packet)
        return self._used is not None

    def on_event(self, packet: memoryview) -> None:
        if packet[0] != REPLY:
            return
        high, low = _VALUE.unpack_from(packet)
        self._values.append((high << 32) + low)
        if len(self._values) < len(COUNTERS):
            return
        now, *idle = self._values
        self._values = []
        used = (now - idle[0], now - idle[1])
        if self._used is not None and is_use(self._used, used):
            self._sink.move()
        self._used = used

    def wait_s(self) -> float | None:
        """Seconds until the next second begins."""
        return ((self._asked + 1) * 1000 - self._uptime_ms()) / 1000

    def on_timeout(self) -> None:
        if self._uptime_ms() // 1000 != self._asked:
            self._ask()

    def _ask(self) -> None:
        self._asked = self._uptime_ms() // 1000
        self._connection.send(
            b"".join(
                struct.pack("=BBHI", self._opcode, _QUERY, 2, counter) for counter in self._counters
            )
        )


def is_use(before: tuple[int, int], now: tuple[int, int]) -> bool:
    """Whether a person used pointer or keyboard, by the last uses before and now (server ms)."""
    later = any(new - old > _LATER_MS for old, new in zip(before, now, strict=True))
    return later and abs(now[0] - now[1]) > _TOGETHER_MS


def _counter_ids(packet: memoryview) -> dict[str, int]:
    """The counters' ids by name, from a ListSystemCounters reply."""
    found = {}
    offset = HEAD
    for _ in range(_COUNT.unpack_from(packet)[0]):
        counter, length = _COUNTER.unpack_from(packet, offset)
        begin = offset + _COUNTER.size
        found[bytes(packet[begin : begin + length]).decode("latin-1")] = counter
        offset = begin + length + -(_COUNTER.size + length) % 4
    return found
