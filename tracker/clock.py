"""The machine's clocks, and the session clock that a segment's t0 and t1 are read from.

Three clocks, never mixed up (`docs/protocol.md` §4):

- *wall*: what the machine believes the Unix time is. It may jump; nothing is credited by it.
- *up*: milliseconds since boot, counting suspended time. It carries the session clock.
- *awake*: milliseconds since boot without suspended time. It is what can be credited.

The *session clock* is the marketplace's time as estimated at the last contact, carried by *up*;
before any contact, and offline after a reboot, the wall clock's time as it was when first asked,
carried in the same way. A `Fix` is a session clock that no later estimate can move: every segment
holds one from its beginning to its end.
"""

from __future__ import annotations

import ctypes
import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from diary.encoding import b64u, sha256
from diary.ports import Clock
from diary.timelapse import TimeLapse

#: An estimate this near to the one in force changes nothing. A reply's time is known no better
#: than the network's delay, and the verifier's finest rule about the session clock allows 2 s.
DEAD_BAND_MS = 1_000
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
        return b64u(random(16))
    return b64u(sha256(b"wd1-boot" + sha256(salt) + name)[:16])


def utc_offset() -> str:
    """The time zone that this computer shows now, as `+02:00`: enough to show, and it names no
    place.
    """
    minutes = (time.localtime().tm_gmtoff or 0) // 60
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


class SystemClock:
    """`diary.ports.Clock` of this machine; with a `lapse`, that of a demonstration, which runs all
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
class Instant:
    """All three clocks at one instant, in ms."""

    wall: int
    up: int
    awake: int

    def shifted(self, ms: int) -> Instant:
        """The instant `ms` later (or earlier), the machine being awake in between."""
        return Instant(self.wall + ms, self.up + ms, self.awake + ms)

    def asleep_since(self, earlier: Instant) -> int:
        """How long the machine slept since `earlier`, as the clocks tell, in ms."""
        return (self.up - earlier.up) - (self.awake - earlier.awake)


def sample(clock: Clock, speed: int = 1) -> Instant:
    """Read all clocks as of one instant.

    A thread can be put aside between two readings, which would look like a sleep of the machine.
    So the awake clock is read before and after; unless both agree within a moment, it is tried
    again, and the narrowest of a few tries is taken. `speed` is that of the clock.
    """
    prompt_ms = 1 + speed // 10
    tries = []
    for _ in range(8):
        awake = clock.awake_ms()
        instant = Instant(up=clock.uptime_ms(), wall=clock.wall_ms(), awake=awake)
        tries.append((clock.awake_ms() - awake, instant))
        if tries[-1][0] <= prompt_ms:
            break
    return min(tries, key=lambda found: found[0])[1]


@dataclass(frozen=True)
class Fix:
    """A session clock that stands fast: session time is uptime plus `offset_ms`."""

    offset_ms: int

    def at(self, up_ms: int) -> int:
        """Session time (Unix ms) at an uptime."""
        return up_ms + self.offset_ms

    def up(self, session_ms: int) -> int:
        """The uptime at a session time (Unix ms)."""
        return session_ms - self.offset_ms


@dataclass(frozen=True)
class Estimate:
    """What was learnt of the marketplace's time: valid for one boot of the machine."""

    boot: str
    offset_ms: int


class SessionClock:
    """The session clock. Every method may be called from any thread.

    `estimate` is one that was kept from an earlier start of the program; that of another boot is
    worth nothing. Without any, the wall clock is asked once, at the first use, and carried from
    there: setting the wall clock afterwards moves nothing. In a demonstration a network delay is
    `speed` times as long in its time, hence so is the dead band.
    """

    def __init__(self, clock: Clock, estimate: Estimate | None = None, speed: int = 1) -> None:
        self._clock = clock
        self._dead_band_ms = DEAD_BAND_MS * speed
        self._lock = threading.Lock()
        # Guarded by the lock: read, judged and replaced in one go.
        self._estimate = estimate if estimate and estimate.boot == clock.boot else None

    @property
    def estimate(self) -> Estimate:
        """What to keep for the next start."""
        with self._lock:
            return self._current()

    def observe(self, server_ms: int, uptime_ms: int) -> None:
        """The marketplace said that it was `server_ms` (Unix) when our uptime was `uptime_ms`.

        A new estimate takes effect with the next `fix`; running segments keep theirs.
        """
        offset_ms = server_ms - uptime_ms
        with self._lock:
            if abs(offset_ms - self._current().offset_ms) > self._dead_band_ms:
                self._estimate = Estimate(self._clock.boot, offset_ms)

    def fix(self) -> Fix:
        """The session clock as known now, for one segment."""
        return Fix(self.estimate.offset_ms)

    def now_ms(self) -> int:
        """Session time now, Unix ms."""
        return self.fix().at(self._clock.uptime_ms())

    def _current(self) -> Estimate:
        if self._estimate is None:
            offset_ms = self._clock.wall_ms() - self._clock.uptime_ms()
            self._estimate = Estimate(self._clock.boot, offset_ms)
        return self._estimate
