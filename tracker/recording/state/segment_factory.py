"""Opens segments: session clock, beacon, terms and picture times of a segment that begins now.

No segment begins before `last_t1`, the end of recorded time: if the marketplace's clock is behind
it, the segment's session clock continues from there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from diary.core.slots import slot_of
from diary.interfaces import BeaconFile, ContractInfo, Head, PictureSchedule
from diary.objects.picture_times import draw_value, scheduled_times
from tracker.model.activity import Activity
from tracker.model.status import Notice
from tracker.platform.clock import ClockMapping, ClockReading
from tracker.recording.state.open_segment import OpenSegment
from tracker.recording.state.session_clock import SessionClock


class RecordStore(Protocol):
    """The part of `diary.interfaces.Store` that the recorder reads."""

    def head(self, ctr: str) -> Head:
        """The end of the contract's chain."""

    def beacon(self, slot: int) -> BeaconFile | None:
        """The slot's own beacon, else the newest before it."""

    def contract(self, ctr: str) -> ContractInfo:
        """One contract; KeyError if it is unknown."""

    def contracts(self) -> tuple[ContractInfo, ...]:
        """All contracts."""

    def totals(self, at_s: int, ctr: str) -> tuple[int, int]:
        """Sealed seconds of the day and the week."""

    def has_room(self) -> bool:
        """Whether another segment may begin."""


@dataclass
class Run:
    """Work on one contract, from Start to its end. `opens_by` is the uptime (ms) until which Start
    waits for the slot's own beacon; `sealed_s` counts the sealed seconds of the run.
    """

    number: int
    ctr: str
    memo: str
    since_ms: int
    opens_by: int
    info: ContractInfo | None = None
    sealed_s: int = 0
    warned_ahead: bool = False


@dataclass(frozen=True)
class Opened:
    """A new segment. `ahead_ms`: the lead of its session clock over the estimate."""

    segment: OpenSegment
    ahead_ms: int


class SegmentFactory:
    """Opens segments of a run. `boot` is the clock's, `zone()` returns the time zone to show,
    `numbers` gives each segment of this process a new number.
    """

    def __init__(
        self,
        store: RecordStore,
        schedule: PictureSchedule,
        session: SessionClock,
        *,
        boot: str,
        zone: Callable[[], str],
        numbers: Iterator[int],
    ) -> None:
        self._store = store
        self._schedule = schedule
        self._session = session
        self._boot = boot
        self._zone = zone
        self._numbers = numbers

    def heads(self, ctr: str) -> list[Head]:
        """The ends of all chains: no time is recorded twice, on any contract.

        Raises OSError where the chain of `ctr` cannot be read; skips others that cannot.
        """
        heads = [self._store.head(ctr)]
        for info in self._store.contracts():
            with suppress(OSError):
                heads.append(self._store.head(info.ctr))
        return heads

    def open(self, run: Run, at: ClockReading, last_t1: int) -> Opened | Notice | None:
        """A segment from `at` on; the reason why the run cannot continue; None to wait for a
        beacon.

        Sets the run's contract. Raises OSError.
        """
        if not self._store.has_room():
            return Notice("pending_full", {})
        mapping = self._session.mapping()
        ahead_ms = last_t1 * 1000 - mapping.at(at.up)
        if ahead_ms > 0:
            mapping = ClockMapping(mapping.offset_ms + ahead_ms)
        t0 = mapping.at(at.up) // 1000
        slot = slot_of(t0)
        beacon = self._store.beacon(slot)
        if (beacon is None or beacon.slot != slot) and at.up < run.opens_by:
            return None
        if beacon is None:
            return Notice("no_beacon", {})
        info = self._contract(run, t0)
        if isinstance(info, Notice):
            return info
        run.info, terms = info, info.terms
        mom = self._schedule.value(slot)
        times: tuple[int, ...] = ()
        if mom:
            drawn = draw_value(beacon.val, beacon.slot, slot)
            times = scheduled_times(mom, drawn, slot, t0, terms.shots)
        segment = OpenSegment(
            id=f"{self._boot[:8]}-{at.up}-{next(self._numbers)}",
            run=run.number,
            ctr=run.ctr,
            memo=run.memo,
            terms=terms,
            terms_hash=info.terms_hash,
            mapping=mapping,
            boot=self._boot,
            tz=self._zone(),
            slot=slot,
            begin=at,
            bcn_slot=beacon.slot,
            bcn_h=beacon.h,
            mom=mom,
            picture_times=times,
            activity=Activity(slot),
        )
        run.opens_by = at.up
        return Opened(segment, ahead_ms)

    def _contract(self, run: Run, t0: int) -> ContractInfo | Notice:
        """The terms for a segment from `t0` (Unix s), or the reason why there are none."""
        try:
            info = self._store.contract(run.ctr)
        except KeyError:
            return Notice("contract_unknown", {})
        if info.terms.from_s > t0 and run.info is not None:
            info = run.info
        if info.terms.from_s > t0:
            return Notice("terms_not_yet", {"from_s": info.terms.from_s})
        if info.terms.state != "active":
            ended = info.terms.state == "ended"
            return Notice("contract_ended" if ended else "contract_paused", {})
        return info
