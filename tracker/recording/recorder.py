"""The recorder: what the person does and what time brings, turned into stretches to be sealed.

A pure state machine: events with samples of the clocks go in, effects come out. It has no thread,
never waits, and reads only its ports, when it opens a stretch. The rules it keeps
(`docs/protocol.md` §3, §4):

- A stretch never leaves its slot and never covers an instant that an earlier one covers; its
  session clock stands fast; what it counts is time awake, whatever the wall clock does.
- A sleep of the machine ends the run at the last sample before it. A wall clock that is set ends
  the stretch and begins another, which tells by how much the clocks differ now; it credits nothing.
- A slot that ends in over a minute without input is held back until there is input again, or the
  run ends otherwise, or the idle threshold is reached: then the run ends at the last input. What
  lies after it the person keeps, with a note and if the terms allow it, or gives back; the next
  Start or Stop gives it back too. Where input cannot be measured, there is no idle time.
- A stretch is sealed when nothing can change it any more: not before its pictures have been looked
  at or the time for it is over. Deleting a picture before that discards the stretch.
- Stretches are sealed one at a time, in the order of their time, and none while clocks contradict
  each other: then nothing is recorded either.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import count
from typing import Protocol

from diary.core.slots import slot_of
from diary.core.vocabulary import End
from diary.interfaces import BeaconFile, ContractInfo, Head, PictureSchedule
from diary.objects.picture_times import draw_value, scheduled_times
from diary.objects.segment import MAX_TEXT
from tracker.model.activity import Activity, Counts
from tracker.model.status import Notice, NoticeCode, PictureStatus, State
from tracker.platform.clock import ClockMapping, ClockReading
from tracker.recording import events as e
from tracker.recording.open_segment import HOLD_MS, OpenSegment
from tracker.recording.picture_review import PictureReviewQueue
from tracker.recording.seal_queue import SealQueue
from tracker.recording.session_clock import Doubt, SessionClock
from tracker.recording.timers import Timing, next_deadlines
from tracker.recording.weekly_limit import WeeklyLimit

#: A sleep that ends the run. A verifier allows 2 s between a segment's length and its time awake,
#: and flooring both ends can take one of them.
SLEEP_MS = 1_000
#: From here on the wall clock has been set, not steered: a segment that begins anew tells it.
JUMP_MS = 2_000
#: From here on a person is told that the diary is ahead: the log allows no more.
TOLD_AHEAD_MS = 5_000


class RecordStore(Protocol):
    """The part of `diary.interfaces.Store` that the recorder reads."""

    def head(self, ctr: str) -> Head:
        """Where the contract's chain stands."""

    def beacon(self, slot: int) -> BeaconFile | None:
        """The slot's own beacon, else the newest before it."""

    def contract(self, ctr: str) -> ContractInfo:
        """One contract; KeyError if it is unknown."""

    def contracts(self) -> tuple[ContractInfo, ...]:
        """All of them."""

    def totals(self, now_s: int, ctr: str) -> tuple[int, int]:
        """Sealed seconds of the day and the week."""


@dataclass
class Run:
    """Work on one contract, from Start to its end. `opens_by` is the uptime until which Start
    waits for the slot's own beacon; `sealed_s` the seconds of it that are sealed already.
    """

    number: int
    ctr: str
    memo: str
    since_ms: int
    opens_by: int
    info: ContractInfo | None = None
    sealed_s: int = 0
    told_ahead: bool = False


class Recorder:
    """See the module. `boot` is the clock's, `zone()` the time zone to show."""

    def __init__(
        self,
        books: RecordStore,
        moments: PictureSchedule,
        session: SessionClock,
        *,
        boot: str,
        zone: Callable[[], str],
        pace: Timing,
    ) -> None:
        self._books = books
        self._moments = moments
        self._session = session
        self._boot = boot
        self._zone = zone
        self._pace = pace
        self._numbers = count(1)
        self._out: list[e.Effect] = []
        self._last: ClockReading | None = None
        self._last_input = ClockReading(0, 0, 0)
        self._last_t1 = 0
        self._doubt: Doubt | None = None
        self._quota = WeeklyLimit(books)
        self._pending = SealQueue(pace)
        self._album = PictureReviewQueue(session, self._pending, pace)
        #: What is going on; and what idle time ended, until the person answers with Start or Stop.
        self._paused: Run | None = None
        self.run: Run | None = None
        self.idle_run: Run | None = None
        #: Idle time that the person has not decided about: closed, journaled, not to be sealed.
        self.away: list[OpenSegment] = []
        #: The stretch that is open now.
        self.stretch: OpenSegment | None = None
        #: Stretches of the slot of `stretch`, sealed ones too: what the slot's bars are drawn from.
        self.slot_so_far: list[OpenSegment] = []

    @property
    def state(self) -> State:
        """For the screen."""
        if self.run is not None:
            return "recording" if self.stretch is not None else "starting"
        return "idle" if self.idle_run is not None or self.away else "stopped"

    @property
    def picture(self) -> PictureStatus | None:
        """The last picture, as of when it was taken; None once it is nowhere any more."""
        return self._album.shown

    @property
    def closed(self) -> list[OpenSegment]:
        """Closed stretches that are not sealed yet, oldest first."""
        return self._pending.stretches

    @property
    def unsealed(self) -> list[OpenSegment]:
        """All stretches that can still change, oldest first."""
        return [*self.closed, *([self.stretch] if self.stretch else [])]

    @property
    def in_memory(self) -> bool:
        """Whether the disk refuses to keep the recording."""
        return self._pending.refused_since is not None

    @property
    def capturing(self) -> bool:
        """Whether the answer to a capture is outstanding that a closed stretch waits for."""
        return any(due < s.t1 * 1000 for s in self.closed for due in s.asked)

    def handle(
        self, event: e.Event, now: ClockReading, counts: Counts | None = None
    ) -> list[e.Effect]:
        """Take in one event. `counts` is the input since they were last given, `now` never falls.

        If a port raises, the event may be lost and so may not the effects: the next call returns
        them. Answer with Trouble or Refused then, which leave everything in a safe state.
        """
        self._settle(event, now)
        if isinstance(event, e.UseMarketTime):
            self._session.accept()
        self._compare_clocks(now)
        self._elapse(now, counts)
        self._act(event, now)
        seals = self._doubt is None
        self._out += self._pending.effects(self.stretch, self.away, now, seals=seals)
        effects, self._out = self._out, []
        return effects

    def _settle(self, event: e.Event, now: ClockReading) -> None:
        """What the disk said, first of all: nothing that fails later may undo it."""
        match event:
            case e.Sealed() | e.JournalSetAside():
                self._sealed(event)
            case e.StorageTrouble():
                self._end_run("stop", self._last or now)
                self._pending.put_off(now)
                if event.notice is not None:
                    self._out.append(e.Notify(event.notice))
            case e.StorageRefused():
                if self.run is not None and self.run.info is None:
                    # Not even the first stretch could be opened: Start has failed.
                    self._end_run("stop", self._last or now)
                self._pending.refused(now, event.owed)
                if event.notice is not None:
                    self._out.append(e.Notify(event.notice))
            case e.StorageWorks() if self.in_memory:
                self._pending.works()
                self._say("disk_works")
            case _:
                pass

    def _act(self, event: e.Event, now: ClockReading) -> None:
        match event:
            case e.Start():
                self._start(event, now)
            case e.Stop():
                self._stop(event.end, now)
            case e.SetMemo():
                self._set_memo(event.memo, now)
            case e.KeepIdle() | e.GiveBackIdle():
                self._answer_idle(event)
            case e.PictureTaken():
                self._out += self._album.add(self.unsealed, event, now)
            case e.PictureFailed():
                self._album.failed(self.unsealed, event)
            case e.KeepPicture() | e.HoldPicture():
                self._look_at(event, now)
            case e.DeletePicture():
                self._delete(event.picture, now)
            case e.Recovered():
                self._recovered(event, now)
            case e.TryAgain() | e.StorageWorks() | e.Credited():
                self._look_again(event, now)
            case _:
                pass

    def _look_again(
        self, event: e.TryAgain | e.StorageWorks | e.Credited, now: ClockReading
    ) -> None:
        if not isinstance(event, e.Credited):
            self._pending.hurry()
            if not self.in_memory:
                self._resume(now)
        elif self.stretch is not None:
            now_s = self.stretch.fix.at(now.up) // 1000
            self._quota.measure(self.stretch, self.closed, now_s)
            self._advance(now)

    def next_deadline(self, now: ClockReading) -> int | None:
        """The uptime (ms) at which a Tick is due at the latest; None if nothing is under way."""
        found: list[int] = []
        if self.stretch is not None:
            found += next_deadlines(self.stretch, now, self._quota.edge_s, self._pace)
            found.append(self._last_input.up + self.stretch.terms.idle_s * 1000)
        elif self.run is not None:
            found.append(self._pending.retry_at or now.up + self._pace.poll)
        if self._doubt is not None and self.closed:
            found.append(now.up + self._pace.retry)
        found += self._album.deadlines(self._with_pictures)
        if self._pending.retry_at is not None:
            found.append(self._pending.retry_at)
        return min(found, default=None)

    # Time

    def _compare_clocks(self, now: ClockReading) -> None:
        """End the run when clocks contradict each other, and say so; say too when they agree."""
        before = self._doubt
        self._doubt = self._session.doubt(running=self.run is not None)
        if self._doubt is not None and self.run is not None:
            self._end_run("stop", self._last or now)
        if self._doubt == before:
            return
        if self._doubt is not None:
            self._tell_doubt(self._doubt)
        elif self.run is None:
            self._say("clock_right")

    def _tell_doubt(self, doubt: Doubt) -> None:
        params = {} if doubt.code == "clock_insane" else {"off_s": doubt.off_s}
        self._say(doubt.code, **params)

    def _elapse(self, now: ClockReading, counts: Counts | None) -> None:
        before, self._last = self._last or now, now
        self._album.expire(self._with_pictures, now)
        if self.run is None:
            return
        if self._pending.lasts_too_long(now):
            self._pause(now)
            return
        stretch = self.stretch
        if _slept(before, now) or (stretch is not None and _slept(stretch.begin, now)):
            self._tell_end("ended_suspend", before)
            self._end_run("suspend", before)
        elif stretch is None:
            if self._pending.retry_at is None or now.up >= self._pending.retry_at:
                self._open(now)
        else:
            if counts is not None:
                stretch.activity.add(stretch.fix.at(before.up), counts)
                if counts.present or not counts.measured:
                    self._saw_input(now)
            if now.up - self._last_input.up >= stretch.terms.idle_s * 1000:
                self._end_idle(now)
            else:
                self._advance(now)
                self._note_jump(before, now)

    def _pause(self, now: ClockReading) -> None:
        """End a run of which too much is in memory; it goes on when the disk works again."""
        run = self.run
        self._end_run("stop", now)
        if run is not None:
            self._paused = run
            self._say("disk_paused")

    def _resume(self, now: ClockReading) -> None:
        run, self._paused = self._paused, None
        if run is not None and self.run is None and not self.away:
            self._start(e.Start(run.ctr, run.memo), now)

    def _note_jump(self, before: ClockReading, now: ClockReading) -> None:
        """Seal and go on where the wall clock was set, so that the record tells it."""
        jump_ms = (now.wall - before.wall) - (now.up - before.up)
        if abs(jump_ms) <= JUMP_MS or self.stretch is None:
            return
        if abs(jump_ms) > self._session.limit_ms and not self._session.estimate.market:
            # No other clock is known: neither the old time nor the new one can be believed.
            code: NoticeCode = "clock_set_ahead" if jump_ms > 0 else "clock_set_back"
            self._end_run("stop", before)
            self._say(code, off_s=round(abs(jump_ms) / 1000))
            return
        self._say("clock_set", ahead_s=round(jump_ms / 1000))
        if self.stretch.begin.up < now.up:
            self.stretch.held = now.up - self._last_input.up > HOLD_MS
            self._close(self.stretch, now, "switch")
            self.stretch = None
            self._open(now)

    def _advance(self, now: ClockReading) -> None:
        while (stretch := self.stretch) is not None:
            session_ms = stretch.fix.at(now.up)
            if session_ms < self._quota.edge_s * 1000:
                break
            edge = now.shifted(self._quota.edge_s * 1000 - session_ms)
            if self._quota.stops(stretch):
                self._say("limit_reached", limit_s=stretch.terms.limit_s or 0)
                self._end_run("limit", edge)
            else:
                stretch.held = edge.up - self._last_input.up > HOLD_MS
                self._close(stretch, edge, "slot")
                self.stretch = None
                self._open(edge)
        if self.stretch is not None:
            warning = self._quota.warning(self.stretch, now)
            if warning is not None:
                self._out.append(e.Notify(warning))
            self._out += self._album.ask(self.stretch, now)

    def _saw_input(self, at: ClockReading) -> None:
        self._last_input = at
        self._pending.release()

    # What the person does

    def _start(self, event: e.Start, now: ClockReading) -> None:
        memo = self._good_memo(event.memo)
        if memo is None:
            return
        if self._doubt is not None:
            self._tell_doubt(self._doubt)
            return
        if self.run is None:
            self._session.renew()
        self._saw_input(now)
        self._give_back_idle()
        self._paused = None
        if self.run is not None and self.run.ctr == event.ctr:
            self._set_memo(memo, now)
            return
        switching = self.stretch is not None
        self._end_run("switch", now)
        since_ms = self._session.fix().at(now.up)
        wait = 0 if switching else self._pace.beacon
        self.run = Run(next(self._numbers), event.ctr, memo, since_ms, now.up + wait)
        heads = [self._books.head(event.ctr)]
        for info in self._books.contracts():
            # No instant is recorded twice, on whatever contract. One that is held up cannot tell.
            with suppress(OSError):
                heads.append(self._books.head(info.ctr))
        # What this program has closed by a clock that was set right since does not count either.
        now_s, limit_s = since_ms // 1000, self._session.limit_ms // 1000
        ends = [head.last_t1 for head in heads]
        ends += [end for end in (self._last_t1,) if end <= now_s + limit_s]
        self._last_t1 = max(ends)
        self._open(now)
        ahead_s = max(head.future_t1 for head in heads) - now_s
        if self.state != "stopped" and ahead_s > limit_s:
            self._say("diary_ahead", off_s=ahead_s)

    def _stop(self, end: End, now: ClockReading) -> None:
        self._paused = None
        if end == "stop":
            self._give_back_idle()
        if self.run is not None:
            if end == "lock":
                self._tell_end("ended_lock", now)
            elif end == "suspend":
                self._tell_end("ended_suspend", now)
            self._end_run(end, now)

    def _set_memo(self, text: str, now: ClockReading) -> None:
        memo = self._good_memo(text)
        if memo is None or self.run is None or self.run.memo == memo:
            return
        self._saw_input(now)
        self.run.memo = memo
        if self.stretch is not None:
            self._close(self.stretch, now, "switch")
            self.stretch = None
            self._open(now)

    def _good_memo(self, text: str) -> str | None:
        # Half a character, as some input methods leave one, cannot be written down.
        memo = text.strip().encode("utf-8", "replace").decode("utf-8")
        if not memo:
            self._say("memo_required")
        elif len(memo) > MAX_TEXT:
            self._say("memo_too_long", limit=MAX_TEXT)
        else:
            return memo
        return None

    # A stretch's life

    def _open(self, at: ClockReading) -> None:
        """Open a stretch at `at`; wait for the beacon if Start may; end the run if it cannot be."""
        run = self.run
        if run is None:
            return
        fix = self._session.fix()
        ahead_ms = self._last_t1 * 1000 - fix.at(at.up)
        if ahead_ms > 0:
            # The marketplace's clock is behind what is sealed: go on from there, never over it.
            fix = ClockMapping(fix.offset_ms + ahead_ms)
        t0 = fix.at(at.up) // 1000
        slot = slot_of(t0)
        beacon = self._books.beacon(slot)
        if (beacon is None or beacon.slot != slot) and at.up < run.opens_by:
            return
        if beacon is None:
            self._refuse("no_beacon")
            return
        info = self._agree(run, t0)
        if info is None:
            return
        run.info, terms = info, info.terms
        mom = self._moments.value(slot)
        self.stretch = stretch = OpenSegment(
            id=f"{self._boot[:8]}-{at.up}-{next(self._numbers)}",
            run=run.number,
            ctr=run.ctr,
            memo=run.memo,
            terms=terms,
            terms_hash=info.terms_hash,
            fix=fix,
            boot=self._boot,
            tz=self._zone(),
            slot=slot,
            begin=at,
            bcn_slot=beacon.slot,
            bcn_h=beacon.h,
            mom=mom,
            dues=scheduled_times(
                mom, draw_value(beacon.val, beacon.slot, slot), slot, t0, terms.shots
            )
            if mom
            else (),
            activity=Activity(slot),
        )
        run.opens_by = at.up
        self.slot_so_far = [s for s in self.slot_so_far if s.slot == slot] + [stretch]
        self._pending.changed(stretch)
        if ahead_ms > TOLD_AHEAD_MS and not run.told_ahead:
            run.told_ahead = True
            self._say("clock_ahead", ahead_s=ahead_ms // 1000)
        self._quota.measure(stretch, self.closed)
        if self._quota.edge_s <= t0:
            self._discard(stretch)
            self._refuse("limit_reached", limit_s=terms.limit_s or 0)

    def _agree(self, run: Run, t0: int) -> ContractInfo | None:
        """The terms for a stretch from `t0`; ends the run if there are none to work by."""
        try:
            info = self._books.contract(run.ctr)
        except KeyError:
            self._refuse("contract_unknown")
            return None
        if info.terms.from_s > t0 and run.info is not None:
            info = run.info
        if info.terms.from_s > t0:
            self._refuse("terms_not_yet", from_s=info.terms.from_s)
            return None
        if info.terms.state != "active":
            ended = info.terms.state == "ended"
            self._refuse("contract_ended" if ended else "contract_paused")
            return None
        return info

    def _refuse(self, code: NoticeCode, **params: int) -> None:
        self._say(code, **params)
        self.stretch = None
        self._pending.release()
        self.run = None

    def _close(self, stretch: OpenSegment, at: ClockReading, end: End) -> None:
        """Close a stretch at `at`, or move its end back to there."""
        self._out += self._album.drop(stretch.close(at, end), self._with_pictures)
        self._call_off(stretch)
        if stretch.seconds <= 0:
            self._discard(stretch)
            return
        self._pending.add(stretch)
        self._last_t1 = max(self._last_t1, stretch.t1)

    def _call_off(self, stretch: OpenSegment) -> None:
        """Captures that are not handed out yet: after its end nothing is captured for it."""
        kept = []
        for effect in self._out:
            if isinstance(effect, e.TakePicture) and effect.stretch == stretch.id:
                del stretch.asked[effect.due]
            else:
                kept.append(effect)
        self._out = kept

    def _discard(self, stretch: OpenSegment) -> None:
        """Let nothing of it remain."""
        self._call_off(stretch)
        self._pending.remove(stretch)
        self.slot_so_far = [s for s in self.slot_so_far if s is not stretch]
        if self.stretch is stretch:
            self.stretch = None
        # The record first: a crash in between leaves a file too many, never a time too much.
        self._out.append(e.ForgetJournal(stretch.id))
        self._out += self._album.drop(stretch.pictures, self._with_pictures)

    def _end_run(self, end: End, at: ClockReading) -> None:
        if self.stretch is not None:
            self._close(self.stretch, at, end)
            self.stretch = None
        self._pending.release()
        self.run = None

    def _end_idle(self, now: ClockReading) -> None:
        at = self._last_input
        since_ms = (self.stretch.fix if self.stretch else self._session.fix()).at(at.up)
        for stretch in self.unsealed:
            if stretch is not self.stretch and not stretch.held:
                continue
            if stretch.finish is not None and stretch.finish.up <= at.up:
                continue
            self._set_apart(stretch, at, now)
            if stretch.begin.up >= at.up:
                self._discard(stretch)
            else:
                self._close(stretch, at, "idle")
        if self.away:
            seconds = sum(stretch.seconds for stretch in self.away)
            self._say("idle_question", at_ms=since_ms, seconds=seconds)
        else:
            self._say("ended_idle", at_ms=since_ms)
        self.stretch = None
        self._pending.release()
        self.run, self.idle_run = None, self.run

    # Idle time

    def _set_apart(self, stretch: OpenSegment, at: ClockReading, now: ClockReading) -> None:
        """Take the idle time of a stretch out of it, with its pictures, to be decided about."""
        if not stretch.terms.kept:
            return
        tail = stretch.idle_tail(f"{stretch.id}-idle", at, now)
        if tail.seconds <= 0:
            return
        tail.pictures = [p for p in stretch.pictures if p.due >= tail.t0 * 1000]
        stretch.pictures = [p for p in stretch.pictures if p not in tail.pictures]
        self._out += self._album.drop(tail.close(tail.finish or now, tail.end), self._with_pictures)
        self.away.append(tail)
        self._pending.changed(tail)

    def _answer_idle(self, event: e.KeepIdle | e.GiveBackIdle) -> None:
        if isinstance(event, e.KeepIdle):
            self._keep_idle(event.note)
        else:
            self._give_back_idle()

    def _keep_idle(self, text: str) -> None:
        note = " ".join(text.encode("utf-8", "replace").decode("utf-8").split())
        if not self.away or not note:
            return
        if len(note) > MAX_TEXT:
            self._say("note_too_long", limit=MAX_TEXT)
            return
        self._say("idle_kept", seconds=sum(stretch.seconds for stretch in self.away))
        for stretch in self.away:
            stretch.note = note
            self._pending.add(stretch)
            self._last_t1 = max(self._last_t1, stretch.t1)
        self.away, self.idle_run = [], None

    def _give_back_idle(self) -> None:
        away, self.away, self.idle_run = self.away, [], None
        for stretch in away:
            self._discard(stretch)

    # Pictures

    @property
    def _with_pictures(self) -> list[OpenSegment]:
        return [*self.unsealed, *self.away]

    def _delete(self, id_: str, now: ClockReading) -> None:
        found = self._album.find(self._with_pictures, id_)
        if found is None or self._pending.is_sealing(found[0]):
            self._say("picture_gone")
            return
        self._saw_input(now)
        stretch, shown = found[0], self._album.shown
        seconds = stretch.seconds_at(now) if stretch.finish is None else stretch.seconds
        self.away = [each for each in self.away if each is not stretch]
        self._discard(stretch)
        if shown is not None and shown.id == id_:
            self._album.shown = replace(shown, state="deleted", review_until_ms=None)
        if self.stretch is not None:
            self._quota.measure(self.stretch, self.closed)
        else:
            self._open(now)
        self._say("given_back", seconds=seconds)

    def _look_at(self, event: e.KeepPicture | e.HoldPicture, now: ClockReading) -> None:
        found = self._album.find(self._with_pictures, event.picture)
        if found is None:
            return
        if isinstance(event, e.HoldPicture):
            self._album.hold(found[1], event.held, now)
        else:
            self._saw_input(now)
            self._album.keep(*found)

    # On the way to the disk

    def _recovered(self, event: e.Recovered, now: ClockReading) -> None:
        stretch = event.stretch
        if stretch.kind == "kept" and not stretch.note:
            stretch.close(event.upto, event.end)
            self.away.append(stretch)
        else:
            self._close(stretch, event.upto, event.end)
        for picture in stretch.pictures:
            if picture.in_review:
                self._album.show(stretch, picture, now)
        if event.end == "crash" and stretch in self.closed:
            self._say("recovered", seconds=stretch.seconds)

    def _sealed(self, event: e.Sealed | e.JournalSetAside) -> None:
        stretch = self._pending.done(event.stretch)
        self._out.append(e.ForgetJournal(stretch.id))
        if isinstance(event, e.JournalSetAside):
            self._say("set_aside_clock" if event.clock else "set_aside", seconds=stretch.seconds)
            return
        for run in (self.run, self.idle_run):
            if run is not None and run.number == stretch.run:
                run.sealed_s += stretch.seconds

    # Words

    def _say(self, code: NoticeCode, **params: int) -> None:
        self._out.append(e.Notify(Notice(code, params)))

    def _tell_end(self, code: NoticeCode, at: ClockReading) -> None:
        fix = self.stretch.fix if self.stretch is not None else self._session.fix()
        self._say(code, at_ms=fix.at(at.up))


def _slept(earlier: ClockReading, now: ClockReading) -> bool:
    return abs(now.asleep_since(earlier)) > SLEEP_MS
