"""The machine's clocks, and the session clock from which a segment's t0 and t1 are read.

Three clocks (`docs/protocol.md` §4):

- *wall*: the machine's Unix time. It may jump; it credits nothing.
- *up*: milliseconds since boot, including suspended time. It drives the session clock.
- *awake*: milliseconds since boot without suspended time. Only this time can be credited.

`session_clock` computes the *session clock* from them. A `ClockMapping` fixes it for one segment:
later estimates do not move it.
"""

from __future__ import annotations

import ctypes
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from diary.core.demo_clock import TimeLapse
from diary.formats.encoding import b64url_encode, sha256
from diary.interfaces import Clock

REAL_TIME = TimeLapse(1, 0)
_NS_IN_MS = 1_000_000
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")

if sys.platform == "win32":

    def _uptime_ns() -> int:
        # Includes sleep; kernelbase has it since Windows 10. In units of 100 ns.
        query = getattr(ctypes.WinDLL("kernelbase"), "QueryInterruptTime", None)
        if query is None:
            # Wine 8 lacks it. GetTickCount64 includes sleep; in ms, updated every 16 ms.
            ticks = ctypes.WinDLL("kernel32").GetTickCount64
            ticks.restype = ctypes.c_ulonglong
            return int(ticks()) * _NS_IN_MS
        reading = ctypes.c_ulonglong()
        query(ctypes.byref(reading))
        return reading.value * 100

    def _awake_ns() -> int:
        # Excludes sleep. In units of 100 ns.
        reading = ctypes.c_ulonglong()
        ctypes.WinDLL("kernel32").QueryUnbiasedInterruptTime(ctypes.byref(reading))
        return reading.value * 100

elif sys.platform == "darwin":

    def _uptime_ns() -> int:
        # mach_continuous_time: includes sleep, independent of the wall clock.
        return time.clock_gettime_ns(time.CLOCK_MONOTONIC_RAW)

    def _awake_ns() -> int:
        # mach_absolute_time: excludes sleep.
        return time.clock_gettime_ns(time.CLOCK_UPTIME_RAW)

else:

    def _uptime_ns() -> int:
        return time.clock_gettime_ns(time.CLOCK_BOOTTIME)

    def _awake_ns() -> int:
        return time.clock_gettime_ns(time.CLOCK_MONOTONIC)


def boot_token(
    salt: bytes, boot_id: Path = _BOOT_ID, random: Callable[[int], bytes] = os.urandom
) -> str:
    """16 bytes that identify this boot, base64url; a segment's `boot`.

    Where the system identifies its boots (Linux), a digest of that id with `salt`: the same after a
    restart of the program, and different for each marketplace, so that two marketplaces cannot
    recognize one machine. Elsewhere random at each start of the program.
    """
    try:
        name = boot_id.read_bytes().strip()
    except OSError:
        return b64url_encode(random(16))
    return b64url_encode(sha256(b"wd1-boot" + sha256(salt) + name)[:16])


def utc_offset() -> str:
    """The current time zone as an offset such as `+02:00`, which names no place."""
    minutes = (time.localtime().tm_gmtoff or 0) // 60
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


class SystemClock:
    """The `Clock` of this machine. In a demo, `lapse` accelerates all three clocks, scaled from
    nanoseconds so that a millisecond is exact.
    """

    def __init__(self, boot: str, lapse: TimeLapse = REAL_TIME) -> None:
        self._boot = boot
        self._lapse = lapse

    @property
    def boot(self) -> str:
        """See `boot_token`."""
        return self._boot

    def wall_ms(self) -> int:
        """The machine's Unix time."""
        origin_ms = self._lapse.origin_ms
        return origin_ms + self._scaled(time.time_ns() - origin_ms * _NS_IN_MS)

    def uptime_ms(self) -> int:
        """Time since boot, including suspended time."""
        return self._scaled(_uptime_ns())

    def awake_ms(self) -> int:
        """Time since boot, without suspended time."""
        return self._scaled(_awake_ns())

    def _scaled(self, ns: int) -> int:
        return ns * self._lapse.speed // _NS_IN_MS


@dataclass(frozen=True)
class ClockReading:
    """All three clocks at one instant, in ms."""

    wall: int
    up: int
    awake: int

    def shifted(self, ms: int) -> ClockReading:
        """The reading `ms` later (or earlier) if the machine stays awake."""
        return ClockReading(self.wall + ms, self.up + ms, self.awake + ms)

    def asleep_since(self, earlier: ClockReading) -> int:
        """The time that the machine slept since `earlier`, in ms."""
        return (self.up - earlier.up) - (self.awake - earlier.awake)


def sample(clock: Clock, speed: int = 1) -> ClockReading:
    """Read all clocks at one instant.

    A thread can be preempted between two readings, which would look like a sleep of the machine.
    So the awake clock is read before and after; unless both readings agree within a moment, it
    tries again, and returns the narrowest of a few tries. `speed` is the demo clock's factor.
    """
    prompt_ms = 1 + speed // 10
    tries = []
    for _ in range(8):
        awake = clock.awake_ms()
        instant = ClockReading(up=clock.uptime_ms(), wall=clock.wall_ms(), awake=awake)
        tries.append((clock.awake_ms() - awake, instant))
        if tries[-1][0] <= prompt_ms:
            break
    return min(tries, key=lambda found: found[0])[1]


@dataclass(frozen=True)
class ClockMapping:
    """A fixed session clock: session time is uptime plus `offset_ms`."""

    offset_ms: int

    def at(self, up_ms: int) -> int:
        """Session time (Unix ms) at an uptime."""
        return up_ms + self.offset_ms

    def up(self, session_ms: int) -> int:
        """The uptime at a session time (Unix ms)."""
        return session_ms - self.offset_ms
