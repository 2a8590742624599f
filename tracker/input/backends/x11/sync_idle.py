"""Seconds of activity on X11 by the idle counters of the SYNC extension: no event is read at all.

For servers that let nobody listen. Once a second the server is asked how long the pointer and the
keyboard have been idle; a second is active where one of them was used since the last answer. All
is reckoned in the server's own time, so that it does not matter when an answer arrives.

A program that keeps the screen awake (a film) makes pointer and keyboard look used in the same
millisecond, which hands do not: this is not counted.
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
#: The server's time, and how long the master pointer and keyboard (their numbers never change)
#: have been idle.
COUNTERS = ("SERVERTIME", "DEVICEIDLETIME 2", "DEVICEIDLETIME 3")

# Numbers of the protocol.
_INITIALIZE, _LIST, _QUERY = 0, 1, 5
_VERSION = (3, 1)
_COUNT = struct.Struct("=8xI")
_COUNTER = struct.Struct("=I8xH")
_VALUE = struct.Struct("=8xiI")
#: The counters of one round are read one after the other, some milliseconds apart.
_LATER_MS = 50
_TOGETHER_MS = 5


def xsync_idle(uptime_ms: Callable[[], int] | None = None) -> X11Input:
    """The way; `uptime_ms` is the clock in each of whose seconds the server is asked."""
    clock = uptime_ms or SystemClock("").uptime_ms
    return X11Input("xsync-idle", "active-only", lambda wire, sink: IdleDecoder(wire, sink, clock))


class IdleDecoder:
    """An `Ear` that hears only answers to what it asks."""

    def __init__(self, wire: X11Connection, sink: InputSink, uptime_ms: Callable[[], int]) -> None:
        self._wire = wire
        self._sink = sink
        self._uptime_ms = uptime_ms
        self._opcode = 0
        self._counters: list[int] = []
        self._initialized = False
        self._values: list[int] = []
        # When pointer and keyboard were used last, in the server's time; None before all answers.
        self._used: tuple[int, int] | None = None
        self._asked = 0

    def begin(self) -> None:
        self._opcode = self._wire.opcode(EXTENSION)
        self._wire.send(
            struct.pack("=BBHBBxx", self._opcode, _INITIALIZE, 2, *_VERSION)
            + struct.pack("=BBH", self._opcode, _LIST, 1)
        )

    def on_reply(self, packet: memoryview) -> bool:
        """Three answers: the version, the counters, and the first round of values."""
        if packet[0] != REPLY:
            return False
        if not self._initialized:
            self._initialized = True
        elif not self._counters:
            names = _names(packet)
            if not names.keys() >= set(COUNTERS):
                raise InputError("unavailable", "the X server has no counters of idleness")
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
        """To the end of the second."""
        return ((self._asked + 1) * 1000 - self._uptime_ms()) / 1000

    def on_timeout(self) -> None:
        if self._uptime_ms() // 1000 != self._asked:
            self._ask()

    def _ask(self) -> None:
        self._asked = self._uptime_ms() // 1000
        self._wire.send(
            b"".join(
                struct.pack("=BBHI", self._opcode, _QUERY, 2, counter) for counter in self._counters
            )
        )


def is_use(before: tuple[int, int], now: tuple[int, int]) -> bool:
    """Whether somebody used pointer or keyboard between two rounds, by when each was used last."""
    later = any(new - old > _LATER_MS for old, new in zip(before, now, strict=True))
    return later and abs(now[0] - now[1]) > _TOGETHER_MS


def _names(packet: memoryview) -> dict[str, int]:
    """The counters of ListSystemCounters by their names."""
    found = {}
    place = HEAD
    for _ in range(_COUNT.unpack_from(packet)[0]):
        counter, length = _COUNTER.unpack_from(packet, place)
        begin = place + _COUNTER.size
        found[bytes(packet[begin : begin + length]).decode("latin-1")] = counter
        place = begin + length + -(_COUNTER.size + length) % 4
    return found
