"""The current run: opens its segments, closes them at their boundaries, ends it.

A segment ends with its slot, at the contract's weekly limit, when the memo changes and when the
wall clock is set; a run ends at the limit, by idle time, and where no segment can be opened.
"""

from __future__ import annotations

from dataclasses import replace

from diary.core.vocabulary import End
from tracker.model.status import Notice, NoticeCode
from tracker.platform.clock import ClockReading
from tracker.recording.state.effect_queue import EffectQueue
from tracker.recording.state.events import Notify
from tracker.recording.state.live_segments import LiveSegments
from tracker.recording.state.open_segment import HOLD_MS
from tracker.recording.state.picture_review import PictureReviewQueue
from tracker.recording.state.seal_queue import SealQueue
from tracker.recording.state.segment_factory import Run, SegmentFactory
from tracker.recording.state.session_clock import SessionClock
from tracker.recording.state.weekly_limit import WeeklyLimit

#: From this difference on the wall clock was set, not slewed: a new segment records it.
JUMP_MS = 2_000
#: From this lead on the person is warned that the diary is ahead; the log refuses more.
WARN_AHEAD_MS = 5_000


class ActiveRun:
    """The run that records. `run` is the current one; until the next Start or Stop, `idle_run` is
    the one that idle time ended and `paused_run` the one that the person paused. `last_input` are
    the clocks at the last input.
    """

    def __init__(
        self,
        factory: SegmentFactory,
        session: SessionClock,
        segments: LiveSegments,
        pictures: PictureReviewQueue,
        queue: SealQueue,
        limit: WeeklyLimit,
        effects: EffectQueue,
    ) -> None:
        self._factory = factory
        self._session = session
        self._segments = segments
        self._pictures = pictures
        self._queue = queue
        self._limit = limit
        self._effects = effects
        self.run: Run | None = None
        self.idle_run: Run | None = None
        self.paused_run: Run | None = None
        self.last_input = ClockReading(0, 0, 0)

    @property
    def running(self) -> bool:
        """Whether a run is under way."""
        return self.run is not None

    def saw_input(self, at: ClockReading) -> None:
        """Input arrived: time held back as possibly idle is work."""
        self.last_input = at
        self._queue.release_held()

    def begin(self, run: Run, now: ClockReading) -> None:
        """Begin a run: set it, then open its first segment. Raises OSError."""
        self.run = run
        heads = self._factory.heads(run.ctr)
        now_s, limit_s = run.since_ms // 1000, self._session.limit_ms // 1000
        ends = [head.last_t1 for head in heads]
        # An end far ahead comes from a clock that was corrected since: ignore it.
        ends += [end for end in (self._segments.last_t1,) if end <= now_s + limit_s]
        self._segments.last_t1 = max(ends)
        self.open(now)
        ahead_s = max(head.future_t1 for head in heads) - now_s
        if self.running and ahead_s > limit_s:
            self._effects.notify("diary_ahead", off_s=ahead_s)

    def pause(self, now: ClockReading) -> None:
        """End the run and remember it until the next Resume, Start or Stop."""
        if (run := self.run) is not None:
            self.end("stop", now)
            self.paused_run = replace(run, since_ms=self._session.mapping().at(now.up))

    def resume(self, now: ClockReading, opens_by: int) -> None:
        """Continue the paused run. Raises OSError; then it has ended."""
        run, self.paused_run = self.paused_run, None
        if run is not None:
            self._session.renew()
            self.saw_input(now)
            since_ms = self._session.mapping().at(now.up)
            self.begin(replace(run, since_ms=since_ms, opens_by=opens_by, info=None), now)

    def set_memo(self, memo: str, now: ClockReading) -> None:
        """Continue with another memo, in a new segment; a paused run continues with it later."""
        if self.paused_run is not None:
            self.paused_run.memo = memo
        if self.run is None or self.run.memo == memo:
            return
        self.saw_input(now)
        self.run.memo = memo
        if self._segments.open is not None:
            self._segments.close_open(now, "switch")
            self.open(now)

    def open(self, at: ClockReading) -> None:
        """Open a segment at `at`, or end the run if that is not possible. Raises OSError."""
        run = self.run
        if run is None:
            return
        opened = self._factory.open(run, at, self._segments.last_t1)
        if opened is None:
            return
        if isinstance(opened, Notice):
            self._refuse(opened)
            return
        segment = opened.segment
        self._segments.add_open(segment)
        if opened.ahead_ms > WARN_AHEAD_MS and not run.warned_ahead:
            run.warned_ahead = True
            self._effects.notify("clock_ahead", ahead_s=opened.ahead_ms // 1000)
        self._limit.measure(segment, self._segments.counted)
        if self._limit.edge_s <= segment.t0:
            self._segments.discard(segment)
            self._refuse(Notice("limit_reached", {"limit_s": segment.terms.limit_s or 0}))

    def _refuse(self, notice: Notice) -> None:
        """End a run that has no open segment."""
        self._effects.add([Notify(notice)])
        self._queue.release_held()
        self.run = None

    def advance(self, now: ClockReading) -> None:
        """Close the open segment at each boundary before `now`; request captures that are due."""
        while (segment := self._segments.open) is not None:
            session_ms = segment.mapping.at(now.up)
            if session_ms < self._limit.edge_s * 1000:
                break
            edge = now.shifted(self._limit.edge_s * 1000 - session_ms)
            if self._limit.stops(segment):
                self._effects.notify("limit_reached", limit_s=segment.terms.limit_s or 0)
                self.end("limit", edge)
            else:
                segment.held = edge.up - self.last_input.up > HOLD_MS
                self._segments.close_open(edge, "slot")
                self.open(edge)
        if (opened := self._segments.open) is not None:
            warning = self._limit.warning(opened, now)
            if warning is not None:
                self._effects.add([Notify(warning)])
            self._effects.add(self._pictures.request_due(opened, now))

    def check_jump(self, before: ClockReading, now: ClockReading) -> None:
        """If the wall clock was set, begin a new segment, which records the difference."""
        jump_ms = (now.wall - before.wall) - (now.up - before.up)
        segment = self._segments.open
        if abs(jump_ms) <= JUMP_MS or segment is None:
            return
        if abs(jump_ms) > self._session.limit_ms and not self._session.estimate.market:
            # Without another clock, neither the old nor the new time can be trusted.
            code: NoticeCode = "clock_set_ahead" if jump_ms > 0 else "clock_set_back"
            self.end("stop", before)
            self._effects.notify(code, off_s=round(abs(jump_ms) / 1000))
            return
        self._effects.notify("clock_set", ahead_s=round(jump_ms / 1000))
        if segment.begin.up < now.up:
            segment.held = now.up - self.last_input.up > HOLD_MS
            self._segments.close_open(now, "switch")
            self.open(now)

    def totals_changed(self, now: ClockReading) -> None:
        """Compare the open segment with the limit again, up to `now`. Raises OSError."""
        segment = self._segments.open
        if segment is not None:
            now_s = segment.mapping.at(now.up) // 1000
            self._limit.measure(segment, self._segments.counted, now_s)
            self.advance(now)

    def end(self, end: End, at: ClockReading) -> None:
        """End the run at `at`."""
        self._segments.close_open(at, end)
        self._queue.release_held()
        self.run = None

    def end_idle(self, now: ClockReading) -> None:
        """End the run at the last input; ask the person about the time since."""
        at, opened = self.last_input, self._segments.open
        mapping = opened.mapping if opened is not None else self._session.mapping()
        seconds = self._segments.cut_idle(at, now)
        if seconds:
            self._effects.notify("idle_question", at_ms=mapping.at(at.up), seconds=seconds)
        else:
            self._effects.notify("ended_idle", at_ms=mapping.at(at.up))
        self._queue.release_held()
        self.run, self.idle_run = None, self.run
