"""The engine: one thread that gives the recorder its events and does what it asks for.

Everything that can fail is here: the disk, the screen, the counters. Whatever fails, the run is
ended safely, what was recorded is kept and tried again, the person is told, and the thread goes on.

Quitting seals what can be sealed within its time. A picture that may still be looked at is not
hurried out: its stretch stays in the journal, and is shown and sealed at the next start.
"""

from __future__ import annotations

import errno
import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from diary.core.signer import Signer
from diary.core.slots import slot_of
from diary.interfaces import Clock, PictureSchedule, Store
from tracker.capture.interface import CaptureBackend
from tracker.masking.masker import Masker
from tracker.model.activity import Counts
from tracker.model.status import Notice, Status
from tracker.platform.clock import ClockReading, sample, utc_offset
from tracker.recording import events as e
from tracker.recording.journal import Journal
from tracker.recording.open_segment import OpenSegment
from tracker.recording.picture_worker import PictureWorker, SerialWorker, Worker
from tracker.recording.recorder import Recorder
from tracker.recording.sealer import Identity, Sealer, UnsealableError, WrongClockError
from tracker.recording.session_clock import SANE_TO_MS, ServerTimeEstimate, SessionClock
from tracker.recording.status_snapshot import RecorderFacts, snapshot
from tracker.recording.timers import Timing
from tracker.recording.unwritten_pictures import UnwrittenPictures

_log = logging.getLogger(__name__)

#: Real seconds that quitting waits for a capture under way.
_LAST_CAPTURE_S = 1.0
#: Real seconds until the journal is tried again that could not be read at the start.
_RECOVER_AGAIN_S = 5.0
_DISK_NOTICES = {
    errno.ENOSPC: "disk_full",
    errno.EDQUOT: "disk_full",
    errno.EROFS: "disk_read_only",
    errno.EACCES: "disk_read_only",
    errno.EPERM: "disk_read_only",
}


#: Errors of the disk that may end by themselves: a run goes on meanwhile.
_DISK = frozenset({*_DISK_NOTICES.values(), "disk_error"})


class InputCountSource(Protocol):
    """What counts input."""

    def take(self) -> Counts:
        """Input since the last call, and how well it was measured."""


class WakeableTimer(Protocol):
    """How the thread waits."""

    def wait(self, seconds: float | None) -> None:
        """Return after `seconds` of real time (None: never), or as soon as somebody wakes it."""

    def wake(self) -> None:
        """End the wait, or the next one."""


class ThreadTimer:
    """Waits on an event of this process."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def wait(self, seconds: float | None) -> None:
        """See `Waiter`."""
        self._event.wait(seconds)
        self._event.clear()

    def wake(self) -> None:
        """See `Waiter`."""
        self._event.set()


class _Close:
    """The last event."""


@dataclass(frozen=True)
class _Refusal:
    """The disk had no room for a picture."""

    error: OSError


@dataclass(frozen=True)
class _Settle:
    """Somebody waits until everything before it is done."""

    done: threading.Event


_Item = e.Event | _Refusal | _Settle | _Close


class Engine:
    """The recorder at work. Commands may be called from any thread and return at once.

    `on_status` is called from the engine's thread at each change, and once a second while
    recording. `speed` is that of `clock`, 1 for real time. `begin` starts the thread; a test may
    call `step` itself instead, and give its own `worker` and `waiter`. `guard` and `locked` are the
    camera's.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        session: SessionClock,
        store: Store,
        signer: Signer,
        moments: PictureSchedule,
        identity: Identity,
        capture: CaptureBackend,
        counters: InputCountSource,
        on_status: Callable[[Status], None],
        speed: int = 1,
        zone: Callable[[], str] = utc_offset,
        waiter: WakeableTimer | None = None,
        worker: Worker | None = None,
        guard: Masker | None = None,
        locked: Callable[[], bool] = lambda: False,
    ) -> None:
        self._clock = clock
        self._session = session
        self._store = store
        self._counters = counters
        self._on_status = on_status
        self._speed = speed
        self._waiter = waiter or ThreadTimer()
        self._worker = worker or SerialWorker("workdiary-capture")
        self._unwritten = UnwrittenPictures(store)
        self._camera = PictureWorker(capture, self._unwritten, clock, guard, locked)
        self._journal = Journal(store, signer.kid)
        self._kid = signer.kid
        self._sealer = Sealer(store, signer, identity, self._latest_ms)
        self._recorder = Recorder(
            store, moments, session, boot=clock.boot, zone=zone, pace=Timing.at(speed)
        )
        self._inbox: queue.SimpleQueue[_Item] = queue.SimpleQueue()
        session.on_news = lambda: self._post(e.Tick())
        self._thread: threading.Thread | None = None
        self._chosen: str | None = None
        # All below belong to the engine's thread.
        self._recovered = False
        self._close_by: float | None = None
        self._done = False
        self._trouble: str | None = None
        self._saved: ServerTimeEstimate | None = None
        self._quality = Counts().quality
        self._seals = 0
        self._told = RecorderFacts(None, 0, 0, None, self._quality, None, 0, speed)
        self._told_for: tuple[str | None, int, int] | None = None
        self._status = Status(speed=speed)

    # Commands

    def begin(self) -> None:
        """Start the thread."""
        self._thread = threading.Thread(target=self._run, name="workdiary-engine", daemon=True)
        self._thread.start()

    def choose(self, ctr: str) -> None:
        """The contract whose totals are shown while nothing is recorded."""
        self._chosen = ctr
        # Its totals may have changed beside the record: by a deletion, say.
        self._told_for = None
        self._post(e.Tick())

    def credited(self) -> None:
        """The store's totals have changed beside the record: by a contact with the marketplace."""
        self._told_for = None
        self._post(e.Credited())

    def start(self, ctr: str, memo: str) -> None:
        """Record on this contract with this memo, from now on."""
        self._chosen = ctr
        self._post(e.Start(ctr, memo))

    def stop(self) -> None:
        """End the run; also the answer to a run that idle time ended."""
        self._post(e.Stop())

    def set_memo(self, memo: str) -> None:
        """Go on with another memo."""
        self._post(e.SetMemo(memo))

    def keep_idle(self, note: str) -> None:
        """Keep the idle time that ended the run, with a note of what it was."""
        self._post(e.KeepIdle(note))

    def give_back_idle(self) -> None:
        """Let nothing of the idle time remain."""
        self._post(e.GiveBackIdle())

    def keep_picture(self, picture: str) -> None:
        """End the countdown of a picture: it may leave."""
        self._post(e.KeepPicture(picture))

    def hold_picture(self, picture: str, held: bool) -> None:
        """Let the countdown stand still, or go on."""
        self._post(e.HoldPicture(picture, held))

    def delete_picture(self, picture: str) -> None:
        """Destroy a picture, and give the time of its stretch back."""
        self._post(e.DeletePicture(picture))

    def try_again(self) -> None:
        """Ask the disk at once for what it refused."""
        self._post(e.TryAgain())

    def use_market_time(self) -> None:
        """Go by the marketplace's time, whatever this computer's clock shows."""
        self._post(e.UseMarketTime())

    def lock(self) -> None:
        """The screen is locked."""
        self._post(e.Stop("lock"))

    def unlock(self) -> None:
        """The screen is unlocked; the person decides whether to go on."""
        self._post(e.Tick())

    def suspend(self) -> None:
        """The machine is about to sleep."""
        self._post(e.Stop("suspend"))

    def resume(self) -> None:
        """The machine woke up; the clocks tell how long it slept."""
        self._post(e.Tick())

    def settle(self, timeout: float) -> bool:
        """Wait until everything commanded so far is done and on the disk, at most `timeout` real
        seconds; whether it is.
        """
        mark = _Settle(threading.Event())
        self._post(mark)
        return mark.done.wait(timeout) or self._done

    def close(self, timeout: float = 2.0) -> bool:
        """Seal what can be sealed, journal the rest, end the thread; returns whether it ended
        within `timeout` real seconds.
        """
        self._post(_Close())
        if self._thread is None:
            return False
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def wait_closed(self) -> None:
        """Return when the thread has ended, however long that takes."""
        if self._thread is not None:
            self._thread.join()

    # The thread

    @property
    def done(self) -> bool:
        """Whether the engine has closed."""
        return self._done

    def step(self) -> float | None:
        """Do what is due; returns the real seconds until the next time, None for no time."""
        if not self._recovered and not self._recover():
            self._refuse_commands()
            self._publish(sample(self._clock, self._speed))
            return _RECOVER_AGAIN_S
        marks: list[_Settle] = []
        while (item := self._next()) is not None:
            match item:
                case _Settle():
                    marks.append(item)
                case _Close():
                    self._close_by = time.monotonic() + _LAST_CAPTURE_S
                    self._turn(e.Stop())
                case _Refusal():
                    self._turn(self._trouble_of(item.error))
                case _:
                    self._turn(item)
        now = self._turn(e.Tick())
        for mark in marks:
            mark.done.set()
        self._keep_clock()
        self._publish(now)
        if self._close_by is not None:
            if not self._recorder.capturing or time.monotonic() >= self._close_by:
                self._finish()
                return None
            return 0.02
        return self._delay()

    def _run(self) -> None:
        while not self._done:
            try:
                delay = self.step()
            except Exception:  # noqa: BLE001 - the thread must never die silently
                _log.exception("the recorder's thread goes on after an unforeseen error")
                delay = 1.0
            if not self._done:
                self._waiter.wait(delay)

    def _next(self) -> _Item | None:
        try:
            return self._inbox.get_nowait()
        except queue.Empty:
            return None

    def _post(self, item: _Item) -> None:
        self._inbox.put(item)
        self._waiter.wake()

    def _delay(self) -> float | None:
        now = sample(self._clock, self._speed)
        turn = self._recorder.next_deadline(now)
        return None if turn is None else max(0, turn - now.up) / 1000 / self._speed

    def _turn(self, event: e.Event) -> ClockReading:
        now, counts = sample(self._clock, self._speed), self._count()
        self._apply(event, now, counts)
        return now

    def _apply(self, first: e.Event, now: ClockReading, counts: Counts | None) -> None:
        """Give the recorder an event and do what it asks, with all that follows from it."""
        events: deque[tuple[e.Event, Counts | None]] = deque([(first, counts)])
        troubles = 0
        while events:
            event, counted = events.popleft()
            answers: list[e.Event] = []
            owed: list[e.Effect] = []
            failure: Exception | None = None
            try:
                effects = self._recorder.handle(event, now, counted)
            except Exception as error:  # noqa: BLE001 - told, and answered by a safe stop
                effects, failure = [], error
            for effect in effects:
                try:
                    answers += self._perform(effect)
                except Exception as error:  # noqa: BLE001 - as above
                    failure = failure or error
                    if isinstance(effect, e.ForgetJournal | e.DropBlobs):
                        owed.append(effect)
            if failure is not None:
                answer = self._trouble_of(failure, tuple(owed))
                # One is enough to be safe; more of them in one turn would never end.
                if not troubles or owed:
                    events.append((answer, None))
                troubles += 1
                answers = [each for each in answers if not isinstance(each, e.StorageWorks)]
            for each in answers:
                events.appendleft((each, None))

    def _perform(self, effect: e.Effect) -> list[e.Event]:
        match effect:
            case e.TakePicture():
                self._worker.do(lambda: self._shoot(effect))
            case e.WriteJournal():
                self._unwritten.flush(_files(effect.stretch))
                self._journal.write(effect.stretch, effect.upto)
                return self._worked()
            case e.ForgetJournal():
                self._journal.forget(effect.stretch)
            case e.DropBlobs():
                for sha in effect.digests:
                    self._unwritten.drop(sha)
            case e.SealSegment():
                sealed = self._seal(effect)
                # In this order: the answer to the seal is the first that the recorder gets.
                return [*self._worked(), sealed]
            case e.Notify():
                self._say(effect.notice)
        return []

    def _worked(self) -> list[e.Event]:
        """The disk has taken something."""
        self._trouble = None
        return [e.StorageWorks()] if self._recorder.in_memory else []

    def _seal(self, effect: e.SealSegment) -> e.Event:
        self._unwritten.flush(_files(effect.stretch))
        try:
            self._sealer.seal(effect.stretch)
        except UnsealableError as error:
            wrong = isinstance(error, WrongClockError)
            level = logging.INFO if wrong else logging.ERROR
            _log.log(level, "a stretch cannot be sealed and is set aside: %s", error)
            self._journal.set_aside(effect.stretch)
            return e.JournalSetAside(effect.stretch.id, wrong)
        self._seals += 1
        return e.Sealed(effect.stretch.id)

    def _latest_ms(self) -> int:
        """The latest session time (Unix ms) at which a segment may end now."""
        return min(self._session.now_ms() + self._session.limit_ms, SANE_TO_MS)

    def _shoot(self, order: e.TakePicture) -> None:
        answer, refusal = self._camera.take(order)
        if self._done and isinstance(answer, e.PictureTaken):
            self._camera.discard(answer)
            return
        self._post(answer)
        if refusal is not None:
            self._post(_Refusal(refusal))

    def _count(self) -> Counts:
        try:
            counts = self._counters.take()
        except Exception:  # noqa: BLE001 - not measured is said, and work goes on
            _log.exception("input could not be counted")
            counts = Counts()
        self._quality = counts.quality
        if counts.moves and self._speed > 1:
            counts = replace(counts, moves=counts.moves * self._speed)
        return counts

    # What fails

    def _trouble_of(
        self, error: Exception, owed: tuple[e.Effect, ...] = ()
    ) -> e.StorageTrouble | e.StorageRefused:
        code = getattr(error, "code", None)  # the store's own word
        if code is None and isinstance(error, OSError):
            code = _DISK_NOTICES.get(error.errno or 0, "disk_error")
        if code is None:
            code = "engine_error"
            _log.error("the recorder failed", exc_info=error)
        elif str(code) != self._trouble:
            # No more of it: an OSError carries a path, and with it a person's name.
            _log.warning("the disk refused: %s (%s)", code, type(error).__name__)
        code = str(code)
        known = code == self._trouble
        self._trouble = code
        if code not in _DISK:
            return e.StorageTrouble(None if known else Notice(code))
        run = self._recorder.run
        goes_on = run is not None and run.info is not None
        notice = None if known else Notice(f"run_{code}" if goes_on else code)
        return e.StorageRefused(notice, owed)

    def _recover(self) -> bool:
        """Take over what an earlier start left, before anything new can be sealed over it."""
        try:
            found = self._journal.recover(self._store.head)
        except OSError as error:
            notice = self._trouble_of(error).notice
            if notice is not None:
                self._say(notice)
            return False
        self._recovered, self._trouble = True, None
        if self._journal.unreadable:
            self._say(Notice("journal_unreadable"))
        foreign = [each for each in found if each.kid not in {"", self._kid}]
        for recovered in found:
            if recovered not in foreign:
                now = sample(self._clock, self._speed)
                self._apply(recovered, now, None)
                self._publish(now)
        if foreign:
            self._say(Notice("recovered_unpaid", {"seconds": sum(map(self._put_by, foreign))}))
        return True

    def _put_by(self, recovered: e.Recovered) -> int:
        """Set aside what was recorded with a key that is gone; returns its seconds."""
        stretch = recovered.stretch
        stretch.close(recovered.upto, recovered.end)
        try:
            self._journal.set_aside(stretch, recovered.kid)
            self._journal.forget(stretch.id)
        except OSError as error:
            # It stays in the journal, and the next start finds it again.
            _log.warning("a record was not set aside: %s", type(error).__name__)
        return max(0, stretch.seconds)

    def _refuse_commands(self) -> None:
        """Nothing can be recorded before the journal was read."""
        while (event := self._next()) is not None:
            if isinstance(event, _Close):
                self._finish()
            elif isinstance(event, _Settle):
                event.done.set()
            elif isinstance(event, e.Start) and self._trouble is not None:
                self._say(Notice(self._trouble))

    def _finish(self) -> None:
        self._done = True
        self._worker.stop()
        while (event := self._next()) is not None:
            if isinstance(event, e.PictureTaken):
                self._camera.discard(event)
            elif isinstance(event, _Settle):
                event.done.set()

    # What is shown

    def _say(self, notice: Notice) -> None:
        seq = self._told.notice_seq + 1
        self._told = replace(self._told, notice=notice, notice_seq=seq)
        # At once: a second notice in the same turn must not hide it.
        self._publish(sample(self._clock, self._speed))

    def _keep_clock(self) -> None:
        estimate = self._session.estimate
        if estimate == self._saved:
            return
        try:
            self._journal.keep_clock(estimate)
        except OSError as error:
            # The next contact tells it anew.
            _log.info("the clock's estimate was not kept: %s", error)
        self._saved = estimate

    def _publish(self, now: ClockReading) -> None:
        run = self._recorder.run or self._recorder.idle_run
        ctr = run.ctr if run else self._chosen
        session_ms = self._session.fix().at(now.up)
        self._told = replace(self._told, ctr=ctr, input=self._quality)
        try:
            self._look_up(ctr, session_ms // 1000)
        except OSError as error:
            _log.info("the totals are shown as they were: %s", error)
        try:
            status = snapshot(self._recorder, session_ms, now, self._told)
            if status != self._status:
                self._status = status
                self._on_status(status)
        except Exception:  # noqa: BLE001 - a screen that fails must not end the record
            _log.exception("the status could not be shown")

    def _look_up(self, ctr: str | None, now_s: int) -> None:
        """Credited seconds and the limit: they change with a seal, a slot, another contract, a
        contact.
        """
        key = (ctr, slot_of(now_s), self._seals)
        if key == self._told_for:
            return
        if ctr is None:
            self._told = replace(self._told, today_s=0, week_s=0, limit_s=None)
        else:
            today_s, week_s = self._store.totals(now_s, ctr)
            known = {info.ctr: info.terms.limit_s for info in self._store.contracts()}
            limit_s = known.get(ctr)
            self._told = replace(self._told, today_s=today_s, week_s=week_s, limit_s=limit_s)
        self._told_for = key


def _files(stretch: OpenSegment) -> list[str]:
    return [sha for picture in stretch.pictures for sha in picture.files]
