"""Builds the status for the screen and publishes each change."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace

from diary.core.day_bounds import DayBounds, day_bounds
from diary.core.slots import SLOT, slot_of
from diary.core.vocabulary import InputQuality
from diary.interfaces import Store
from tracker.model.status import KEPT_NOTICES, Notice, Status
from tracker.platform.clock import ClockReading
from tracker.recording.state.recorder import Recorder
from tracker.recording.state.session_clock import SessionClock
from tracker.recording.status_snapshot import RecorderFacts, snapshot

_log = logging.getLogger(__name__)


class StatusPublisher:
    """Belongs to the engine's thread, except for `selected` and `totals_changed`.

    `selected` is the contract whose totals are shown while nothing is recorded; `seals` counts the
    sealed segments, `quality` is the last input quality.
    """

    def __init__(
        self,
        recorder: Recorder,
        session: SessionClock,
        store: Store,
        on_status: Callable[[Status], None],
        quality: InputQuality,
        speed: int,
    ) -> None:
        self._recorder = recorder
        self._session = session
        self._store = store
        self._on_status = on_status
        self.selected: str | None = None
        self.quality = quality
        self.seals = 0
        self._facts = RecorderFacts(None, DayBounds(0, 0), 0, 0, None, quality, (), 0, speed)
        # The contract, day, slot and number of seals for which the totals were read.
        self._totals_key: tuple[str | None, DayBounds, int, int] | None = None
        self._status = Status(speed=speed)

    def totals_changed(self) -> None:
        """Read the totals again with the next status."""
        self._totals_key = None

    def until_change(self, session_ms: int) -> int:
        """Milliseconds until the shown totals change at the latest, also while nothing is recorded:
        with the slot, which the week follows, or with the day.
        """
        slot_ms = SLOT * 1000
        left_ms = slot_ms - session_ms % slot_ms
        day_ms = self._facts.day.end_s * 1000 - session_ms
        return min(left_ms, day_ms) if day_ms > 0 else left_ms

    def notify(self, notice: Notice, now: ClockReading) -> None:
        """Publish a notice."""
        notices = (*self._facts.notices, notice)[-KEPT_NOTICES:]
        seq = self._facts.notice_seq + 1
        self._facts = replace(self._facts, notices=notices, notice_seq=seq)
        self.publish(now)

    def publish(self, now: ClockReading) -> None:
        """Publish the status as of `now`. Never raises."""
        run = self._recorder.shown_run
        ctr = run.ctr if run else self.selected
        session_ms = self._session.mapping().at(now.up)
        self._facts = replace(self._facts, ctr=ctr, input=self.quality)
        try:
            self._read_totals(ctr, session_ms // 1000)
        except OSError as error:
            _log.info("the shown totals are outdated: %s", error)
        try:
            status = snapshot(self._recorder, session_ms, now, self._facts)
            if status != self._status:
                self._status = status
                self._on_status(status)
        except Exception:  # noqa: BLE001 - a failing display must not end the recording
            _log.exception("the status could not be shown")

    def _read_totals(self, ctr: str | None, now_s: int) -> None:
        """Read credited seconds and the limit: they change with a seal, a slot, a day, another
        contract, and after a synchronization.
        """
        day = self._facts.day if now_s in self._facts.day else day_bounds(now_s)
        key = (ctr, day, slot_of(now_s), self.seals)
        if key == self._totals_key:
            return
        if ctr is None:
            self._facts = replace(self._facts, day=day, today_s=0, week_s=0, limit_s=None)
        else:
            today_s, week_s = self._store.totals(now_s, ctr)
            known = {info.ctr: info.terms.limit_s for info in self._store.contracts()}
            limit_s = known.get(ctr)
            self._facts = replace(
                self._facts, day=day, today_s=today_s, week_s=week_s, limit_s=limit_s
            )
        self._totals_key = key
