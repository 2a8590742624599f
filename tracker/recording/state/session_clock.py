"""The session clock, from which a segment's t0 and t1 are read (`docs/protocol.md` §4.4).

It is the marketplace's time as estimated at the last contact plus the uptime since; before any
contact, and offline after a reboot, the wall clock's time plus the uptime.

No clock is trusted alone. There are three kinds of claims: this computer's wall clock, the time in
the marketplace's responses, and the times that the log's key has signed. An estimate changes by at
most `LIMIT_MS` without a question to the person. Two claims that agree overrule a third. While
claims contradict each other, there is a `Doubt`, and nothing may be recorded. Times outside
`SANE_FROM_MS` to `SANE_TO_MS` are ignored.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from diary.core.slots import SANE_FROM, SANE_TO
from diary.interfaces import Clock
from tracker.platform.clock import ClockMapping

#: An estimate this near to the current one changes nothing. A response's time is known no better
#: than the network's delay, and the verifier's finest rule about the session clock allows 2 s.
DEAD_BAND_MS = 1_000
#: Clocks that differ by more contradict each other. In a demo this is real time.
LIMIT_MS = 300_000
SANE_FROM_MS, SANE_TO_MS = SANE_FROM * 1000, SANE_TO * 1000

#: Codes of `tracker.model.status.NoticeCode`.
DoubtCode = Literal[
    "clock_ahead_of_market",
    "clock_behind_market",
    "clock_behind_proof",
    "clock_insane",
    "market_clock_wrong",
]
Source = Literal["market", "log", "wall"]


def is_sane(unix_ms: int) -> bool:
    """Whether `unix_ms` is within the years in which this program can be used."""
    return SANE_FROM_MS <= unix_ms < SANE_TO_MS


@dataclass(frozen=True)
class ServerTimeEstimate:
    """A session clock's offset from the uptime, valid for one boot of the machine. `market`: it
    comes from the marketplace's time, otherwise from the wall clock alone.
    """

    boot: str
    offset_ms: int
    market: bool = True


@dataclass(frozen=True)
class Doubt:
    """Clocks that contradict each other, by `off_s` seconds. `choice`: the person may choose the
    marketplace's time.
    """

    code: DoubtCode
    off_s: int
    choice: bool = False


@dataclass(frozen=True)
class _Claim:
    """A time that contradicts the current estimate, as an offset from the uptime (ms)."""

    offset_ms: int
    source: Source


class SessionClock:
    """The session clock. Every method may be called from any thread.

    `estimate` was stored by an earlier start; one of another boot, or from the wall clock alone, is
    ignored. `signed_ms` is the newest time (Unix ms) that the marketplace's log has signed, 0 if
    none is known. A demo's clocks run `speed` times as fast, and so the limits are multiplied by
    it. `on_doubt_change` is called when a doubt may have begun or ended.
    """

    def __init__(
        self,
        clock: Clock,
        estimate: ServerTimeEstimate | None = None,
        speed: int = 1,
        signed_ms: int = 0,
    ) -> None:
        self._clock = clock
        self._dead_band_ms = DEAD_BAND_MS * speed
        self.limit_ms = LIMIT_MS * speed
        self.on_doubt_change: Callable[[], None] = lambda: None
        self._lock = threading.Lock()
        # All below are guarded by the lock: read, compared and replaced together.
        kept = estimate is not None and estimate.boot == clock.boot and estimate.market
        sane = estimate is not None and is_sane(clock.uptime_ms() + estimate.offset_ms)
        self._estimate = estimate if kept and sane else None
        self._claim: _Claim | None = None
        self._refused = False
        # Bounds of the log's clock by signed times, as offsets from the uptime.
        self._least: int | None = None
        self._most: int | None = None
        self._proof_is_old = is_sane(signed_ms)
        if self._proof_is_old:
            self._least = signed_ms - clock.uptime_ms()

    @property
    def estimate(self) -> ServerTimeEstimate:
        """The estimate to store for the next start."""
        with self._lock:
            return self._current()

    @property
    def in_doubt(self) -> bool:
        """Whether clocks contradict each other now."""
        with self._lock:
            return self._doubt() is not None

    @property
    def marketplace_refused(self) -> bool:
        """Whether the last time in the marketplace's responses was refused: it differs by more than
        the limit from every clock that bounds it, or is outside the sane range.
        """
        with self._lock:
            return self._refused

    def observe(self, server_ms: int, uptime_ms: int) -> None:
        """The marketplace reported `server_ms` (Unix) when the uptime was `uptime_ms`.

        A new estimate takes effect with the next `mapping`; open segments keep theirs.
        """
        offset_ms = server_ms - uptime_ms
        with self._lock:
            before = self._doubt()
            current = self._current()
            self._refused = False
            if not is_sane(server_ms) or not self._fits_proofs(offset_ms):
                # Even the marketplace's own log contradicts it.
                self._refused = True
            elif self._near(offset_ms, current.offset_ms):
                self._claim = None
                moved = abs(offset_ms - current.offset_ms) > self._dead_band_ms
                if moved or not current.market:
                    self._adopt(offset_ms if moved else current.offset_ms)
            elif not (current.market and self._near(self._wall(), current.offset_ms)):
                self._claim = _Claim(offset_ms, "market")
            else:
                # This computer's clock and the marketplace's earlier reports outvote it.
                self._refused = True
            news = self._doubt() != before
        if news:
            self.on_doubt_change()

    def prove(self, signed_ms: int, within_ms: int | None = None) -> None:
        """The log has signed `signed_ms` (Unix). With `within_ms`, that was at most so long ago by
        the log's clock.
        """
        if not is_sane(signed_ms):
            return
        with self._lock:
            before = self._doubt()
            least = signed_ms - self._clock.uptime_ms()
            if self._most is not None and least > self._most + self.limit_ms:
                # The log's clock itself was set: earlier signatures bound nothing.
                self._least = self._most = None
            self._least = least if self._least is None else max(least, self._least)
            if within_ms is not None:
                self._proof_is_old = False
                most = least + within_ms
                if most < self._least - self.limit_ms:
                    self._least = least
                self._most = most if self._most is None else min(most, self._most)
            self._judge()
            news = self._doubt() != before
        if news:
            self.on_doubt_change()

    def doubt(self, *, running: bool) -> Doubt | None:
        """The contradiction that prevents recording. Unless `running`, one that was resolved, for
        example by a corrected clock, ends with this call.
        """
        with self._lock:
            if not running:
                self._settle()
            return self._doubt()

    def renew(self) -> None:
        """Between two runs: read the wall clock again, where nothing better is known."""
        with self._lock:
            if self._estimate is not None and not self._estimate.market:
                self._estimate = None
            self._settle()

    def accept(self) -> None:
        """The person chooses the marketplace's time."""
        with self._lock:
            if self._claim is not None:
                self._adopt(self._claim.offset_ms)
                self._claim = None

    def mapping(self) -> ClockMapping:
        """The session clock as known now, for one segment."""
        return ClockMapping(self.estimate.offset_ms)

    def now_ms(self) -> int:
        """Session time now, Unix ms."""
        return self.mapping().at(self._clock.uptime_ms())

    # With the lock held

    def _current(self) -> ServerTimeEstimate:
        if self._estimate is None:
            self._estimate = ServerTimeEstimate(self._clock.boot, self._wall(), market=False)
        return self._estimate

    def _wall(self) -> int:
        return self._clock.wall_ms() - self._clock.uptime_ms()

    def _adopt(self, offset_ms: int, *, market: bool = True) -> None:
        self._estimate = ServerTimeEstimate(self._clock.boot, offset_ms, market)

    def _near(self, one: int, other: int) -> bool:
        return abs(one - other) <= self.limit_ms

    def _fits_proofs(self, offset_ms: int) -> bool:
        least, most = self._least, self._most
        early = least is not None and offset_ms < least - self.limit_ms
        late = most is not None and offset_ms > most + self.limit_ms
        return not early and not late

    def _judge(self) -> None:
        """Compare the estimate and the claim with the log's signed times."""
        if self._claim is not None and not self._fits_proofs(self._claim.offset_ms):
            self._claim = None
        current = self._current()
        if self._fits_proofs(current.offset_ms) or self._claim is not None:
            return
        if current.market and self._fits_proofs(self._wall()):
            # The estimate contradicts the log, and this computer's clock does not.
            self._claim = _Claim(self._wall(), "wall")
        elif not self._proof_is_old:
            # The smallest: too early a time is paid, one after the receipt is not.
            self._claim = _Claim(self._least or 0, "log")

    def _settle(self) -> None:
        """Adopt the wall clock if it agrees with the claim that contradicts the estimate."""
        wall = self._wall()
        if self._claim is not None:
            if self._near(wall, self._claim.offset_ms):
                self._adopt(self._claim.offset_ms, market=self._claim.source == "market")
                self._claim = None
        elif self._estimate is not None and not self._estimate.market:
            unfit = not self._fits_proofs(self._estimate.offset_ms)
            if unfit or not is_sane(self._now(self._estimate.offset_ms)):
                self._estimate = None

    def _now(self, offset_ms: int) -> int:
        return self._clock.uptime_ms() + offset_ms

    def _doubt(self) -> Doubt | None:
        current = self._current()
        if self._claim is not None:
            off_ms = current.offset_ms - self._claim.offset_ms
            if self._claim.source == "wall":
                return Doubt("market_clock_wrong", abs(off_ms) // 1000)
            ahead: DoubtCode = "clock_ahead_of_market"
            code = ahead if off_ms > 0 else "clock_behind_market"
            return Doubt(code, abs(off_ms) // 1000, choice=True)
        if not is_sane(self._now(current.offset_ms)):
            return Doubt("clock_insane", 0)
        if not self._fits_proofs(current.offset_ms):
            off_ms = (self._least or 0) - current.offset_ms
            return Doubt("clock_behind_proof", max(0, off_ms) // 1000)
        return None
