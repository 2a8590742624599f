"""The machine's clocks, and the session clock that a segment's t0 and t1 are read from.

Three clocks, never mixed up (`docs/protocol.md` §4):

- *wall*: what the machine believes the Unix time is. It may jump; nothing is credited by it.
- *up*: milliseconds since boot, counting suspended time. It carries the session clock.
- *awake*: milliseconds since boot without suspended time. It is what can be credited.

The *session clock* (`session_clock`) is read from them. A `Fix` is a session clock that no later
estimate can move: every segment holds one from its beginning to its end.
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
        # Goes on in sleep; kernelbase has it since Windows 10. In units of 100 ns.
        reading = ctypes.c_ulonglong()
        ctypes.WinDLL("kernelbase").QueryInterruptTime(ctypes.byref(reading))
        return reading.value * 100

    def _awake_ns() -> int:
        # Stands still in sleep. In units of 100 ns.
        reading = ctypes.c_ulonglong()
        ctypes.WinDLL("kernel32").QueryUnbiasedInterruptTime(ctypes.byref(reading))
        return reading.value * 100

elif sys.platform == "darwin":

    def _uptime_ns() -> int:
        # mach_continuous_time: goes on in sleep, and no clock setting moves it.
        return time.clock_gettime_ns(time.CLOCK_MONOTONIC_RAW)

    def _awake_ns() -> int:
        # mach_absolute_time: stands still in sleep.
        return time.clock_gettime_ns(time.CLOCK_UPTIME_RAW)

else:

    def _uptime_ns() -> int:
        return time.clock_gettime_ns(time.CLOCK_BOOTTIME)

    def _awake_ns() -> int:
        return time.clock_gettime_ns(time.CLOCK_MONOTONIC)


def boot_token(
    salt: bytes, boot_id: Path = _BOOT_ID, random: Callable[[int], bytes] = os.urandom
) -> str:
    """16 bytes for this boot of the machine, base64url; a segment's `boot`.

    Where the system names its boots (Linux), the same one after a restart of the program: a digest
    of that name with `salt`, which is different for each marketplace, so that two marketplaces
    cannot tell by it that they see one machine. Elsewhere random for each start of the program.
    """
    try:
        name = boot_id.read_bytes().strip()
    except OSError:
        return b64url_encode(random(16))
    return b64url_encode(sha256(b"wd1-boot" + sha256(salt) + name)[:16])


def utc_offset() -> str:
    """The time zone that this computer shows now, as `+02:00`: enough to show, and it names no
    place.
    """
    minutes = (time.localtime().tm_gmtoff or 0) // 60
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


class SystemClock:
    """`Clock` of this machine; with a `lapse`, that of a demonstration, which runs all
    three clocks faster. Scaled from nanoseconds, so that a millisecond of a demonstration is exact.
    """

    def __init__(self, boot: str, lapse: TimeLapse = REAL_TIME) -> None:
        self._boot = boot
        self._lapse = lapse

    @property
    def boot(self) -> str:
        """See `boot_token`."""
        return self._boot

    def wall_ms(self) -> int:
        """Unix time as the machine believes it."""
        origin_ms = self._lapse.origin_ms
        return origin_ms + self._scaled(time.time_ns() - origin_ms * _NS_IN_MS)

    def uptime_ms(self) -> int:
        """Since boot, counting suspended time."""
        return self._scaled(_uptime_ns())

    def awake_ms(self) -> int:
        """Since boot, without suspended time."""
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
        """The instant `ms` later (or earlier), the machine being awake in between."""
        return ClockReading(self.wall + ms, self.up + ms, self.awake + ms)

    def asleep_since(self, earlier: ClockReading) -> int:
        """How long the machine slept since `earlier`, as the clocks tell, in ms."""
        return (self.up - earlier.up) - (self.awake - earlier.awake)


def sample(clock: Clock, speed: int = 1) -> ClockReading:
    """Read all clocks as of one instant.

    A thread can be put aside between two readings, which would look like a sleep of the machine.
    So the awake clock is read before and after; unless both agree within a moment, it is tried
    again, and the narrowest of a few tries is taken. `speed` is that of the clock.
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
    """A session clock that stands fast: session time is uptime plus `offset_ms`."""

    offset_ms: int

    def at(self, up_ms: int) -> int:
        """Session time (Unix ms) at an uptime."""
        return up_ms + self.offset_ms

    def up(self, session_ms: int) -> int:
        """The uptime at a session time (Unix ms)."""
        return session_ms - self.offset_ms
