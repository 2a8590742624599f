"""Counting on X11 by the raw events of XInput2: each press once, and nearly free.

Raw events are what devices did, before the server repeats a held key or looks who gets them. They
are taken from the masters alone, to each of which its devices send: so none is told twice, and a
keyboard that is plugged in later counts. Each event names the device it comes from, and the
server's own XTEST devices are those by which programs type.

Rules kept: of a key, only that it went down is looked at, its code never; of a movement, only
whether it has a direction. Movement is told once a second: at the first of a second the server is
asked to tell no more of it until the next begins.

What is not seen: a device that is floating (the system itself does not listen to it then), and
whether a device that looks like hardware is one (`uinput`).
"""

from __future__ import annotations

import contextlib
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tracker.input.backends.x11.connection import (
    GENERIC_EVENT,
    HEAD,
    REPLY,
    X11Input,
    sync_request,
)
from tracker.input.interface import InputError
from tracker.platform.clock import SystemClock

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.input.backends.x11.connection import X11Connection
    from tracker.input.interface import InputSink

EXTENSION = "XInputExtension"
#: Raw events reach us while another program holds the keyboard since 2.1; touches are in 2.2.
VERSION = (2, 2)

# Numbers of the protocol (XI2proto).
_SELECT_EVENTS = 46
_ALL_DEVICES, _ALL_MASTERS = 0, 1
_HIERARCHY_CHANGED = 11
_RAW_KEY_PRESS, _RAW_BUTTON_PRESS, _RAW_MOTION = 13, 15, 17
_RAW_TOUCH_BEGIN, _RAW_TOUCH_UPDATE = 22, 23
_TOUCH_CLASS, _DIRECT = 8, 1
_PRESSES = 1 << _RAW_KEY_PRESS | 1 << _RAW_BUTTON_PRESS | 1 << _RAW_TOUCH_BEGIN
_MOVES = 1 << _RAW_MOTION | 1 << _RAW_TOUCH_UPDATE
_WHEEL = range(4, 8)
#: In a raw event: the kind, and the device. Between them lie the time and the key's code.
_RAW = struct.Struct("=8xH10xH")
_BUTTON = struct.Struct("=16xI")
_AXES_SIZE = struct.Struct("=22xH")
#: The axes 0 and 1 are the pointer's place, the others are wheels and pressure.
_PLACE = 0b11


def xinput2(uptime_ms: Callable[[], int] | None = None) -> X11Input:
    """The way; `uptime_ms` is the clock whose seconds are counted as moved or not."""
    clock = uptime_ms or SystemClock("").uptime_ms
    return X11Input("xinput2", "ok", lambda wire, sink: XInput2Decoder(wire, sink, clock))


@dataclass(frozen=True)
class InputDevices:
    """By their numbers: those by which programs act, and screens that are touched."""

    programs: frozenset[int]
    touched: frozenset[int]


class XInput2Decoder:
    """An `Ear` for raw events."""

    def __init__(self, wire: X11Connection, sink: InputSink, uptime_ms: Callable[[], int]) -> None:
        self._wire = wire
        self._sink = sink
        self._uptime_ms = uptime_ms
        self._opcode = 0
        self._devices = InputDevices(frozenset(), frozenset())
        # The second in which a movement was told and no more are asked for; None while they are.
        self._moved: int | None = None

    def begin(self) -> None:
        self._opcode = self._wire.opcode(EXTENSION)
        if not is_offered(self._wire.display):
            raise InputError("unavailable", "the X server's XInput is older than 2.2")
        self._wire.send(
            self._select((_ALL_DEVICES, 1 << _HIERARCHY_CHANGED), (_ALL_MASTERS, _PRESSES | _MOVES))
            + sync_request()
        )
        # After the request: of a device that comes from now on, a change is told.
        self._devices = look_at_devices()

    def on_reply(self, packet: memoryview) -> bool:
        if packet[0] != REPLY:
            self.on_event(packet)
        return packet[0] == REPLY

    def on_event(self, packet: memoryview) -> None:
        if packet[0] != GENERIC_EVENT or packet[1] != self._opcode:
            return
        kind, device = _RAW.unpack_from(packet)
        injected = device in self._devices.programs
        if kind == _RAW_KEY_PRESS:
            self._sink.key(injected=injected)
        elif kind == _RAW_MOTION:
            if _AXES_SIZE.unpack_from(packet)[0] and packet[HEAD] & _PLACE:
                self._move(injected=injected)
        elif kind == _RAW_BUTTON_PRESS:
            wheel = _BUTTON.unpack_from(packet)[0] in _WHEEL
            (self._sink.scroll if wheel else self._sink.click)(injected=injected)
        elif kind == _HIERARCHY_CHANGED:
            self._devices = look_at_devices()
        # A touchpad of the older kind tells its fingers too; what they do comes as the pointer's.
        elif device in self._devices.touched:
            if kind == _RAW_TOUCH_BEGIN:
                self._sink.click(injected=injected)
            else:
                self._move(injected=injected)

    def _move(self, *, injected: bool) -> None:
        if self._moved is None:
            self._moved = self._uptime_ms() // 1000
            self._sink.move(injected=injected)
            self._wire.send(self._select((_ALL_MASTERS, _PRESSES)))

    def wait_s(self) -> float | None:
        """Until the second that was told is over; without a movement nothing is awaited."""
        if self._moved is None:
            return None
        return ((self._moved + 1) * 1000 - self._uptime_ms()) / 1000

    def on_timeout(self) -> None:
        if self._moved is not None and self._uptime_ms() // 1000 != self._moved:
            self._moved = None
            self._wire.send(self._select((_ALL_MASTERS, _PRESSES | _MOVES)))

    def _select(self, *masks: tuple[int, int]) -> bytes:
        """XISelectEvents on the root window."""
        head = struct.pack(
            "=BBHIHxx",
            self._opcode,
            _SELECT_EVENTS,
            3 + 2 * len(masks),
            self._wire.root,
            len(masks),
        )
        return head + b"".join(struct.pack("=HHI", device, 1, mask) for device, mask in masks)


def is_offered(display: Any) -> bool:
    """Whether the server has XInput2, new enough; tells it that we know this version."""
    from Xlib.ext import xinput

    if display.query_extension(EXTENSION) is None:
        return False
    reply = xinput.XIQueryVersion(
        display=display.display,
        opcode=display.display.get_extension_major(xinput.extname),
        major_version=VERSION[0],
        minor_version=VERSION[1],
    )
    return (reply.major_version, reply.minor_version) >= VERSION


def look_at_devices() -> InputDevices:
    """By a connection of its own: the one that is heard must not be asked for other things."""
    from Xlib.display import Display
    from Xlib.error import XError

    display = Display()
    try:
        mark = display.intern_atom("XTEST Device")
        programs, touched = set[int](), set[int]()
        for device in display.xinput_query_device(_ALL_DEVICES).devices:
            # It may be unplugged meanwhile.
            with contextlib.suppress(XError):
                if display.xinput_get_device_property(device.deviceid, mark, 0, 0, 1).type:
                    programs.add(device.deviceid)
            if any(c.type == _TOUCH_CLASS and c.mode == _DIRECT for c in device.classes):
                touched.add(device.deviceid)
        return InputDevices(frozenset(programs), frozenset(touched))
    finally:
        display.display.socket.close()
