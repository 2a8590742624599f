"""Input counts on X11 from XInput2's raw events: each press once, at almost no cost.

Devices send raw events before the server repeats a held key or decides which window gets them. The
events are selected on the master devices only, which combine all attached ones: no event arrives
twice, and a keyboard plugged in later counts. Each event names its source device; programs type
through the server's XTEST devices.

Rules kept: of a key, only the press is read, never the keycode; of a movement, only whether there
is one. Movement is reported once a second: after the first motion event of a second, motion is
deselected until the next second.

Not detected: floating devices, which the desktop itself ignores, and virtual devices that look like
hardware (`uinput`).
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
from tracker.platform.x11 import open_display

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.input.backends.x11.connection import X11Connection
    from tracker.input.interface import InputSink

EXTENSION = "XInputExtension"
#: Since 2.1 raw events arrive while another program grabs the keyboard; 2.2 has touches.
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
#: In a raw event: the type and the device; the time and the keycode between them are skipped.
_RAW = struct.Struct("=8xH10xH")
_BUTTON = struct.Struct("=16xI")
_AXES_SIZE = struct.Struct("=22xH")
#: Axes 0 and 1 are the pointer position; the others are wheels and pressure.
_POSITION = 0b11


def xinput2(uptime_ms: Callable[[], int] | None = None) -> X11Input:
    """The input backend; reports at most one move per second of `uptime_ms`."""
    clock = uptime_ms or SystemClock("").uptime_ms
    return X11Input(
        "xinput2", "ok", lambda connection, sink: XInput2Decoder(connection, sink, clock)
    )


@dataclass(frozen=True)
class InputDevices:
    """Device ids: those through which programs type, and touch screens."""

    programs: frozenset[int]
    touched: frozenset[int]


class XInput2Decoder:
    """An `EventDecoder` for raw events."""

    def __init__(
        self, connection: X11Connection, sink: InputSink, uptime_ms: Callable[[], int]
    ) -> None:
        self._connection = connection
        self._sink = sink
        self._uptime_ms = uptime_ms
        self._opcode = 0
        self._devices = InputDevices(frozenset(), frozenset())
        # The second whose movement was reported, with motion deselected; None while it is selected.
        self._moved: int | None = None

    def begin(self) -> None:
        self._opcode = self._connection.opcode(EXTENSION)
        if not is_offered(self._connection.display):
            raise InputError("unavailable", "the X server's XInput is older than 2.2")
        self._connection.send(
            self._select((_ALL_DEVICES, 1 << _HIERARCHY_CHANGED), (_ALL_MASTERS, _PRESSES | _MOVES))
            + sync_request()
        )
        # After the request, so that a device plugged in from now on is reported as a change.
        self._devices = query_devices()

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
            if _AXES_SIZE.unpack_from(packet)[0] and packet[HEAD] & _POSITION:
                self._move(injected=injected)
        elif kind == _RAW_BUTTON_PRESS:
            wheel = _BUTTON.unpack_from(packet)[0] in _WHEEL
            (self._sink.scroll if wheel else self._sink.click)(injected=injected)
        elif kind == _HIERARCHY_CHANGED:
            self._devices = query_devices()
        # Older touchpads send touches as well as the pointer events made of them: count touches of
        # touch screens only.
        elif device in self._devices.touched:
            if kind == _RAW_TOUCH_BEGIN:
                self._sink.click(injected=injected)
            else:
                self._move(injected=injected)

    def _move(self, *, injected: bool) -> None:
        if self._moved is None:
            self._moved = self._uptime_ms() // 1000
            self._sink.move(injected=injected)
            self._connection.send(self._select((_ALL_MASTERS, _PRESSES)))

    def wait_s(self) -> float | None:
        """Seconds until the reported second is over; None while motion is selected."""
        if self._moved is None:
            return None
        return ((self._moved + 1) * 1000 - self._uptime_ms()) / 1000

    def on_timeout(self) -> None:
        if self._moved is not None and self._uptime_ms() // 1000 != self._moved:
            self._moved = None
            self._connection.send(self._select((_ALL_MASTERS, _PRESSES | _MOVES)))

    def _select(self, *masks: tuple[int, int]) -> bytes:
        """The XISelectEvents request for the root window."""
        head = struct.pack(
            "=BBHIHxx",
            self._opcode,
            _SELECT_EVENTS,
            3 + 2 * len(masks),
            self._connection.root,
            len(masks),
        )
        return head + b"".join(struct.pack("=HHI", device, 1, mask) for device, mask in masks)


def is_offered(display: Any) -> bool:
    """Whether the server has XInput 2.2; announces this version as the client's."""
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


def query_devices() -> InputDevices:
    """Query the devices on a separate connection: the decoder must not see the replies."""
    from Xlib.error import XError

    display = open_display()
    try:
        mark = display.intern_atom("XTEST Device")
        programs, touched = set[int](), set[int]()
        for device in display.xinput_query_device(_ALL_DEVICES).devices:
            # The device may have been unplugged meanwhile.
            with contextlib.suppress(XError):
                if display.xinput_get_device_property(device.deviceid, mark, 0, 0, 1).type:
                    programs.add(device.deviceid)
            if any(c.type == _TOUCH_CLASS and c.mode == _DIRECT for c in device.classes):
                touched.add(device.deviceid)
        return InputDevices(frozenset(programs), frozenset(touched))
    finally:
        display.display.socket.close()
