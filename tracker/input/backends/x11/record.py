"""Counting on X11 by the RECORD extension, for servers without XInput2.

Of an event its first byte is read, which says what happened. Only of a key the second one too: the
server repeats a key that is held, and its repeats can be told from presses only by what was let go
(see `pressed.py`, by which nothing that tells the key is kept). RECORD does not say which device it
was, hence not whether a program acted.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from tracker.input.backends.x11.connection import HEAD, REPLY, X11Input
from tracker.input.held_keys import HeldKeys

if TYPE_CHECKING:
    from tracker.input.backends.x11.connection import X11Connection
    from tracker.input.interface import InputSink

EXTENSION = "RECORD"

# Numbers of the protocol.
_CREATE_CONTEXT, _ENABLE_CONTEXT = 1, 5
_FROM_SERVER, _START_OF_DATA = 0, 4
_ALL_CLIENTS = 3
_KEY_PRESS, _KEY_RELEASE, _BUTTON_PRESS, _MOTION = 2, 3, 4, 6
_WHEEL = range(4, 8)
_EVENT = 32


def record() -> X11Input:
    """The way."""
    return X11Input("record", "ok", RecordDecoder)


class RecordDecoder:
    """An `Ear` for what RECORD copies. The context goes with the connection."""

    def __init__(self, wire: X11Connection, sink: InputSink) -> None:
        self._wire = wire
        self._sink = sink
        self._pressed = HeldKeys()

    def begin(self) -> None:
        opcode = self._wire.opcode(EXTENSION)
        context = int(self._wire.display.display.allocate_resource_id())
        events = ((_KEY_PRESS, _BUTTON_PRESS), (_MOTION, _MOTION))
        # A range names kinds of requests, replies and events; only the devices' events are asked.
        ranges = b"".join(struct.pack("=18x2B4x", first, last) for first, last in events)
        body = struct.pack("=IB3xIII", context, 0, 1, len(events), _ALL_CLIENTS) + ranges
        self._wire.send(
            struct.pack("=BBH", opcode, _CREATE_CONTEXT, 1 + len(body) // 4)
            + body
            + struct.pack("=BBHI", opcode, _ENABLE_CONTEXT, 2, context)
        )

    def on_reply(self, packet: memoryview) -> bool:
        # No event comes before the start; only of the context's connection are there replies.
        return packet[0] == REPLY and packet[1] == _START_OF_DATA

    def on_event(self, packet: memoryview) -> None:
        if packet[0] != REPLY or packet[1] != _FROM_SERVER:
            return
        for place in range(HEAD, len(packet), _EVENT):
            kind = packet[place]
            if kind == _MOTION:
                self._sink.move()
            elif kind == _KEY_PRESS:
                if self._pressed.press(packet[place + 1]):
                    self._sink.key()
            elif kind == _KEY_RELEASE:
                self._pressed.release(packet[place + 1])
            elif kind == _BUTTON_PRESS:
                tell = self._sink.scroll if packet[place + 1] in _WHEEL else self._sink.click
                tell()

    def wait_s(self) -> float | None:
        return None

    def on_timeout(self) -> None:
        """Nothing is done by the clock."""
