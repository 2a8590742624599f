"""The recorder: a state machine from commands and clock readings to segments to be sealed.

Events with clock readings go in, effects come out. It has no thread, never waits, and reads only
its ports, when it opens a segment. Rules kept (`docs/protocol.md` §3, §4):

- A segment never leaves its slot and never overlaps an earlier one. Its session clock does not
  change. It counts time awake, whatever the wall clock does.
- A sleep of the machine ends the run at the last reading before it. When the wall clock is set, the
  segment ends and another begins, which records the new difference; this credits no time.
- A slot that ends in over a minute without input is held back until there is input, the run ends
  otherwise, or the idle threshold is reached: then the run ends at the last input. The person keeps
  the time after it, with a note and if the terms allow it, or deletes it; the next Start or Stop
  deletes it too. Where input cannot be measured, there is no idle time.
- Pause ends the segment as Stop does, so that no time counts. The recorder remembers the run until
  Resume, which continues its session with a new segment, or Stop, Start or the end of the program.
- A deletion can be undone for ten seconds. Nothing is sealed then; a crash carries it out.
- A segment is sealed when nothing can change it: not before its pictures are reviewed or their
  review time is over, and their covers are painted. Deleting a picture before that deletes the
  segment.
- Segments are sealed one at a time, in the order of their time, and none while clocks contradict
  each other: then nothing is recorded either.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

from diary.core.vocabulary import End
from diary.interfaces import PictureSchedule
from diary.objects.segment import MAX_TEXT
from tracker.model.activity import Counts
from tracker.model.status import NoticeCode, PictureStatus, State
from tracker.platform.clock import ClockReading
from tracker.recording.state import events as e
from tracker.recording.state.active_run import ActiveRun
from tracker.recording.state.effect_queue import EffectQueue
from tracker.recording.state.live_segments import LiveSegments
from tracker.recording.state.open_segment import Deletions, OpenSegment
from tracker.recording.state.picture_commands import PictureCommands
from tracker.recording.state.picture_review import PictureReviewQueue
from tracker.recording.state.seal_queue import SealQueue
from tracker.recording.state.segment_factory import RecordStore, Run, SegmentFactory
from tracker.recording.state.session_clock import Doubt, SessionClock
from tracker.recording.state.timers import Timing, next_deadlines
from tracker.recording.state.weekly_limit import WeeklyLimit

#: A sleep of this length ends the run. A verifier allows 2 s between a segment's length and its
#: time awake, and rounding both ends can take one of them.
SLEEP_MS = 1_000


class Recorder:
    """See the module. `boot` is the clock's; `zone()` returns the time zone to show."""

    def __init__(
        self,
        store: RecordStore,
        schedule: PictureSchedule,
        session: SessionClock,
        *,
        boot: str,
        zone: Callable[[], str],
        timing: Timing,
    ) -> None:
        self._session = session
        self._timing = timing
        self._numbers = count(1)
        factory = SegmentFactory(
            store, schedule, session, boot=boot, zone=zone, numbers=self._numbers
        )
        self._limit = WeeklyLimit(store)
        self._effects = EffectQueue()
        self._queue = SealQueue(timing)
        self._deletions = Deletions()
        self._pictures = PictureReviewQueue(session, self._queue, timing, self._deletions)
        self.segments = LiveSegments(self._pictures, self._queue, self._effects, self._deletions)
        self._last: ClockReading | None = None
        self._doubt: Doubt | None = None
        #: The run that a full disk ended; it continues when the disk works again.
        self._after_disk: Run | None = None
        self._active = ActiveRun(
            factory, session, self.segments, self._pictures, self._queue, self._limit, self._effects
        )
        self._commands = PictureCommands(
            self.segments, self._pictures, self._deletions, self._active, self._effects, timing
        )

    @property
    def run(self) -> Run | None:
        """The current run."""
        return self._active.run

    @property
    def idle_run(self) -> Run | None:
        """The run that idle time ended, until the person answers with Start or Stop."""
        return self._active.idle_run

    @property
    def shown_run(self) -> Run | None:
        """The current run, else the one that idle time or the person has interrupted."""
        return self.run or self.idle_run or self._active.paused_run

    @property
    def segment(self) -> OpenSegment | None:
        """The open segment."""
        return self.segments.open

    @property
    def state(self) -> State:
        """The state to show."""
        if self.run is not None:
            return "recording" if self.segment is not None else "starting"
        if self.idle_run is not None or self.segments.undecided:
            return "idle"
        return "stopped" if self._active.paused_run is None else "paused"

    @property
    def picture(self) -> PictureStatus | None:
        """The last picture, as of its capture; None once it is deleted."""
        return self._pictures.shown

    def set_minimum_review(self, seconds: int) -> None:
        """Review the next pictures for at least these real seconds. May be called on any thread."""
        self._pictures.minimum_ms = seconds * self._timing.second

    @property
    def in_memory(self) -> bool:
        """Whether recorded data is in memory because the disk refuses writes."""
        return self._queue.refused_since is not None

    @property
    def capturing(self) -> bool:
        """Whether a closed segment waits for a picture that is being taken or covered."""
        return any(segment.in_work for segment in self.segments.closed)

    def handle(
        self, event: e.Event, now: ClockReading, counts: Counts | None = None
    ) -> list[e.Effect]:
        """Apply one event. `counts` is the input since the last counts; `now` never decreases.

        If a port raises, the event may be lost, but no effect: the next call returns them. Call
        with StorageFailed or StorageRefused then, which leave everything in a safe state.
        """
        self._apply_storage(event, now)
        if isinstance(event, e.UseMarketplaceTime):
            self._session.accept()
        self._compare_clocks(now)
        self._elapse(now, counts)
        self._act(event, now)
        segments = self.segments
        seals = self._doubt is None and not self._deletions.pending
        self._effects.add(self._queue.effects(segments.open, segments.undecided, now, seals=seals))
        self._effects.add(self._pictures.take_orders())
        return self._effects.take()

    def _apply_storage(self, event: e.Event, now: ClockReading) -> None:
        """Events of the disk come first: no later error may undo them."""
        match event:
            case e.Sealed() | e.JournalSetAside():
                self._sealed(event)
            case e.StorageFailed():
                self._active.end("stop", self._last or now)
                self._queue.postpone(now)
                if event.notice is not None:
                    self._effects.add([e.Notify(event.notice)])
            case e.StorageRefused():
                if self.run is not None and self.run.info is None:
                    # Even the first segment could not be opened: Start failed.
                    self._active.end("stop", self._last or now)
                self._queue.disk_refused(now, event.owed)
                if event.notice is not None:
                    self._effects.add([e.Notify(event.notice)])
            case e.StorageWorks() if self.in_memory:
                self._queue.disk_works()
                self._notify("disk_works")
            case _:
                pass

    def _act(self, event: e.Event, now: ClockReading) -> None:
        match event:
            case e.Start() | e.Stop() | e.Pause() | e.Resume():
                self._control(event, now)
            case e.SetMemo():
                self._set_memo(event.memo, now)
            case e.KeepIdle():
                self._keep_idle(event.note)
            case e.DiscardIdle():
                self._discard_idle()
            case e.Recovered():
                self.segments.recover(event, now)
                if event.end == "crash" and event.segment in self.segments.closed:
                    self._notify("recovered", seconds=event.segment.seconds)
            case e.RetryNow() | e.StorageWorks():
                self._queue.retry_now()
                if not self.in_memory:
                    self._continue_after_disk(now)
            case e.TotalsChanged():
                self._active.totals_changed(now)
            case _:
                self._commands.apply(event, now)

    def _control(self, event: e.Start | e.Stop | e.Pause | e.Resume, now: ClockReading) -> None:
        match event:
            case e.Start():
                self._start(event, now)
            case e.Stop():
                self._stop(event.end, now)
            case e.Pause():
                self._active.pause(now)
            case e.Resume():
                self._resume(now)

    def next_deadline(self, now: ClockReading) -> int | None:
        """The uptime (ms) by which a Tick is due; None if nothing is pending."""
        found: list[int] = []
        if self.segment is not None:
            found += next_deadlines(self.segment, now, self._limit.edge_s, self._timing)
            found.append(self._active.last_input.up + self.segment.terms.idle_s * 1000)
        elif self.run is not None:
            found.append(self._queue.retry_at or now.up + self._timing.poll)
        if self._doubt is not None and self.segments.closed:
            found.append(now.up + self._timing.retry)
        found += self._pictures.deadlines(self.segments.with_pictures)
        found += [deletion.until for deletion in self._deletions.pending]
        if self._queue.retry_at is not None:
            found.append(self._queue.retry_at)
        return min(found, default=None)

    # Time

    def _compare_clocks(self, now: ClockReading) -> None:
        """End the run when clocks contradict each other; notify then, and when they agree again."""
        before = self._doubt
        self._doubt = self._session.doubt(running=self.run is not None)
        if self._doubt is not None and self.run is not None:
            self._active.end("stop", self._last or now)
        if self._doubt == before:
            return
        if self._doubt is not None:
            self._notify_doubt(self._doubt)
        elif self.run is None:
            self._notify("clock_right")

    def _elapse(self, now: ClockReading, counts: Counts | None) -> None:
        before, self._last = self._last or now, now
        self._pictures.expire(self.segments.with_pictures, now)
        # Time whose deletion is final no longer counts towards the limit.
        if self.segments.finish_deletions(now.up) and self.segment is not None:
            self._limit.measure(self.segment, self.segments.counted)
        if self.run is None:
            return
        if self._queue.refused_too_long(now):
            self._end_until_disk_works(now)
            return
        segment = self.segment
        if _slept(before, now) or (segment is not None and _slept(segment.begin, now)):
            self._notify_end("ended_suspend", before)
            self._active.end("suspend", before)
        elif segment is None:
            if self._queue.retry_at is None or now.up >= self._queue.retry_at:
                self._active.open(now)
        else:
            if counts is not None:
                segment.activity.add(segment.mapping.at(before.up), counts)
                if counts.present or not counts.measured:
                    self._active.saw_input(now)
            if now.up - self._active.last_input.up >= segment.terms.idle_s * 1000:
                self._active.end_idle(now)
            else:
                self._active.advance(now)
                self._active.check_jump(before, now)

    def _end_until_disk_works(self, now: ClockReading) -> None:
        """End a run with too much data in memory; it continues when the disk works again."""
        run = self.run
        self._active.end("stop", now)
        if run is not None:
            self._after_disk = run
            self._notify("disk_paused")

    def _continue_after_disk(self, now: ClockReading) -> None:
        run, self._after_disk = self._after_disk, None
        if run is not None and self.run is None and not self.segments.undecided:
            self._start(e.Start(run.ctr, run.memo), now)

    # Runs

    def _start(self, event: e.Start, now: ClockReading) -> None:
        memo = self._checked_memo(event.memo)
        if memo is None:
            return
        if self._doubt is not None:
            self._notify_doubt(self._doubt)
            return
        if self.run is None:
            self._session.renew()
        self._active.saw_input(now)
        self._discard_idle()
        self._after_disk = self._active.paused_run = None
        if self.run is not None and self.run.ctr == event.ctr:
            self._set_memo(memo, now)
            return
        switching = self.segment is not None
        self._active.end("switch", now)
        since_ms = self._session.mapping().at(now.up)
        wait = 0 if switching else self._timing.beacon
        run = Run(next(self._numbers), event.ctr, memo, since_ms, now.up + wait)
        self._active.begin(run, now)

    def _stop(self, end: End, now: ClockReading) -> None:
        self._after_disk = None
        if end == "stop":
            self._discard_idle()
            self._active.paused_run = None
        if self.run is not None:
            if end == "lock":
                self._notify_end("ended_lock", now)
            elif end == "suspend":
                self._notify_end("ended_suspend", now)
            self._active.end(end, now)

    def _resume(self, now: ClockReading) -> None:
        if self._doubt is not None:
            self._notify_doubt(self._doubt)
        else:
            self._active.resume(now, now.up + self._timing.beacon)

    def _set_memo(self, text: str, now: ClockReading) -> None:
        memo = self._checked_memo(text)
        if memo is not None:
            self._active.set_memo(memo, now)

    def _checked_memo(self, text: str) -> str | None:
        # Some input methods leave half a surrogate pair, which UTF-8 cannot encode.
        memo = text.strip().encode("utf-8", "replace").decode("utf-8")
        if not memo:
            self._notify("memo_required")
        elif len(memo) > MAX_TEXT:
            self._notify("memo_too_long", limit=MAX_TEXT)
        else:
            return memo
        return None

    # Idle time

    def _keep_idle(self, text: str) -> None:
        note = " ".join(text.encode("utf-8", "replace").decode("utf-8").split())
        if not self.segments.undecided or not note:
            return
        if len(note) > MAX_TEXT:
            self._notify("note_too_long", limit=MAX_TEXT)
            return
        self._notify("idle_kept", seconds=sum(s.seconds for s in self.segments.undecided))
        self.segments.keep_idle(note)
        self._active.idle_run = None

    def _discard_idle(self) -> None:
        self._active.idle_run = None
        self.segments.discard_idle()

    def _sealed(self, event: e.Sealed | e.JournalSetAside) -> None:
        segment = self._queue.pop_sealed(event.segment_id)
        self._effects.add([e.ForgetJournal(segment.id)])
        if isinstance(event, e.JournalSetAside):
            self._notify("set_aside_clock" if event.clock else "set_aside", seconds=segment.seconds)
            return
        for run in (self.run, self.idle_run, self._active.paused_run):
            if run is not None and run.number == segment.run:
                run.sealed_s += segment.seconds

    # Notices

    def _notify(self, code: NoticeCode, **params: int) -> None:
        self._effects.notify(code, **params)

    def _notify_doubt(self, doubt: Doubt) -> None:
        params = {} if doubt.code == "clock_insane" else {"off_s": doubt.off_s}
        self._notify(doubt.code, **params)

    def _notify_end(self, code: NoticeCode, at: ClockReading) -> None:
        mapping = self.segment.mapping if self.segment is not None else self._session.mapping()
        self._notify(code, at_ms=mapping.at(at.up))


def _slept(earlier: ClockReading, now: ClockReading) -> bool:
    return abs(now.asleep_since(earlier)) > SLEEP_MS
