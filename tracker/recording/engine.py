"""The engine: one thread that passes events to the recorder and carries out its effects.

All errors of the disk, the screen and the counters are handled here: the engine ends the run
safely, keeps and retries recorded data, notifies the person, and continues.

Quitting seals what it can in its time. A picture in review stays on this computer: its segment
remains in the journal, and the next start shows and seals it.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Callable

from diary.core.signer import Signer
from diary.interfaces import Clock, PictureSchedule, Store
from tracker.capture.interface import CaptureBackend
from tracker.masking.masker import Masker
from tracker.model.activity import Counts
from tracker.model.status import Notice, Status
from tracker.platform.clock import ClockReading, sample, utc_offset
from tracker.recording.effect_runner import EffectRunner
from tracker.recording.inbox import Close, Drain, Item, Refusal
from tracker.recording.input_counts import InputCounts, InputCountSource
from tracker.recording.journal import Journal
from tracker.recording.picture_worker import PictureWorker, SerialWorker, Worker
from tracker.recording.sealer import Identity, Sealer
from tracker.recording.state import events as e
from tracker.recording.state.cover_areas import Area
from tracker.recording.state.recorder import Recorder
from tracker.recording.state.session_clock import SANE_TO_MS, ServerTimeEstimate, SessionClock
from tracker.recording.state.timers import Timing
from tracker.recording.status_publisher import StatusPublisher
from tracker.recording.storage_errors import StorageErrors
from tracker.recording.unwritten_pictures import UnwrittenPictures
from tracker.recording.wakeable_timer import ThreadTimer, WakeableTimer

_log = logging.getLogger(__name__)

#: Seconds that quitting waits for a running capture.
_LAST_CAPTURE_S = 1.0
#: Seconds until a journal that could not be read at the start is tried again.
_RECOVER_AGAIN_S = 5.0


class Engine:
    """Runs the recorder. Commands may be called from any thread and return at once.

    The engine's thread calls `on_status` at each change, and once a second while recording. `speed`
    is that of `clock`, 1 for real time. A test may call `step` instead of `start_thread`, and pass
    its own `worker` and `waiter`. `guard` and `locked` are those of `PictureWorker`.
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
        self._counts = InputCounts(counters, speed)
        self._speed = speed
        self._waiter = waiter or ThreadTimer()
        self._worker = worker or SerialWorker("workdiary-capture")
        self._unwritten = UnwrittenPictures(store)
        self._camera = PictureWorker(capture, self._unwritten, clock, guard, locked)
        self._journal = Journal(store, signer.kid)
        self._kid = signer.kid
        self._recorder = Recorder(
            store, moments, session, boot=clock.boot, zone=zone, timing=Timing.at(speed)
        )
        self.set_minimum_review = self._recorder.set_minimum_review
        self._inbox: queue.SimpleQueue[Item] = queue.SimpleQueue()
        session.on_doubt_change = lambda: self._post(e.Tick())
        self._thread: threading.Thread | None = None
        self._errors = StorageErrors()
        self._publisher = StatusPublisher(
            self._recorder, session, store, on_status, Counts().quality, speed
        )
        self._effects = EffectRunner(
            self._journal,
            Sealer(store, signer, identity, self._latest_ms),
            self._unwritten,
            self._errors,
            self._publisher,
            capture=lambda effect: self._on_worker(lambda: self._camera.take(effect)),
            paint=lambda effect: self._on_worker(lambda: self._camera.cover(effect)),
            notify=lambda effect: self._notify(effect.notice),
            in_memory=lambda: self._recorder.in_memory,
        )
        # All below belong to the engine's thread.
        self._recovered = False
        self._close_by: float | None = None
        self._done = False
        self._saved: ServerTimeEstimate | None = None

    # Commands, from any thread

    def start_thread(self) -> None:
        """Start the thread."""
        self._thread = threading.Thread(target=self._run, name="workdiary-engine", daemon=True)
        self._thread.start()

    def select_contract(self, ctr: str) -> None:
        """Show the totals of this contract while nothing is recorded."""
        self._publisher.selected = ctr
        # A deletion may have changed them.
        self._publisher.totals_changed()
        self._post(e.Tick())

    def totals_changed(self) -> None:
        """The store's totals have changed, for example after a synchronization."""
        self._publisher.totals_changed()
        self._post(e.TotalsChanged())

    def start(self, ctr: str, memo: str) -> None:
        """Record on this contract with this memo from now on."""
        self._publisher.selected = ctr
        self._post(e.Start(ctr, memo))

    def stop(self) -> None:
        """End the run; also the answer to a run that idle time ended."""
        self._post(e.Stop())

    def pause(self) -> None:
        """Interrupt the run; no time counts until `resume`."""
        self._post(e.Pause())

    def resume_run(self) -> None:
        """Continue the paused run."""
        self._post(e.Resume())

    def set_memo(self, memo: str) -> None:
        """Continue with another memo."""
        self._post(e.SetMemo(memo))

    def keep_idle(self, note: str) -> None:
        """Keep the idle time that ended the run, with a note about it."""
        self._post(e.KeepIdle(note))

    def discard_idle(self) -> None:
        """Delete the idle time."""
        self._post(e.DiscardIdle())

    def keep_picture(self, picture: str) -> None:
        """End the review of a picture: it may leave this computer."""
        self._post(e.KeepPicture(picture))

    def hold_picture(self, picture: str, held: bool) -> None:
        """Pause or resume the countdown of a picture's review."""
        self._post(e.HoldPicture(picture, held))

    def cover_picture(self, picture: str, areas: tuple[Area, ...]) -> None:
        """Cover areas of a picture (pixels) and keep it: then it may leave this computer."""
        self._post(e.CoverPicture(picture, areas))

    def read_picture(self, file: str) -> bytes | None:
        """A picture's file by its digest; None if it was deleted. Raises OSError."""
        return self._unwritten.read(file)

    def delete_picture(self, picture: str) -> None:
        """Delete a picture with the time of its segment; that can be undone for ten seconds."""
        self._post(e.DeletePicture(picture))

    def undo_deletion(self, picture: str) -> None:
        """Undo the deletion of a picture."""
        self._post(e.UndoDeletion(picture))

    def retry_now(self) -> None:
        """Retry now the writes that the disk refused."""
        self._post(e.RetryNow())

    def use_marketplace_time(self) -> None:
        """Use the marketplace's time instead of this computer's clock."""
        self._post(e.UseMarketplaceTime())

    def lock(self) -> None:
        """The screen was locked."""
        self._post(e.Stop("lock"))

    def unlock(self) -> None:
        """The screen was unlocked; the person decides whether to continue."""
        self._post(e.Tick())

    def suspend(self) -> None:
        """The machine is about to sleep."""
        self._post(e.Stop("suspend"))

    def resume(self) -> None:
        """The machine woke up; the clocks show for how long it slept."""
        self._post(e.Tick())

    def drain(self, timeout: float) -> bool:
        """Wait up to `timeout` real seconds until all commands so far are done and on disk."""
        mark = Drain(threading.Event())
        self._post(mark)
        return mark.done.wait(timeout) or self._done

    def close(self, timeout: float = 2.0) -> bool:
        """Seal what can be sealed, journal the rest, end the thread; returns whether it ended
        within `timeout` real seconds.
        """
        self._post(Close())
        if self._thread is None:
            return False
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def wait_closed(self) -> None:
        """Wait, without a timeout, until the thread has ended."""
        if self._thread is not None:
            self._thread.join()

    # The engine's thread

    @property
    def done(self) -> bool:
        """Whether the engine has closed."""
        return self._done

    def step(self) -> float | None:
        """Do what is due; returns the real seconds until the next step, None without one."""
        if not self._recovered and not self._recover():
            self._refuse_commands()
            self._publisher.publish(sample(self._clock, self._speed))
            return _RECOVER_AGAIN_S
        marks: list[Drain] = []
        while (item := self._next()) is not None:
            match item:
                case Drain():
                    marks.append(item)
                case Close():
                    self._close_by = time.monotonic() + _LAST_CAPTURE_S
                    self._turn(e.FinishDeletions())
                    self._turn(e.Stop())
                case Refusal():
                    self._turn(self._storage_event(item.error))
                case _:
                    self._turn(item)
        now = self._turn(e.Tick())
        for mark in marks:
            mark.done.set()
        self._keep_clock()
        self._publisher.publish(now)
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
            except Exception:  # noqa: BLE001 - the thread must keep running
                _log.exception("the recorder's thread continues after an unforeseen error")
                delay = 1.0
            if not self._done:
                self._waiter.wait(delay)

    def _next(self) -> Item | None:
        try:
            return self._inbox.get_nowait()
        except queue.Empty:
            return None

    def _post(self, item: Item) -> None:
        self._inbox.put(item)
        self._waiter.wake()

    def _delay(self) -> float:
        now = sample(self._clock, self._speed)
        left_ms = self._publisher.until_change(self._session.mapping().at(now.up))
        turn = self._recorder.next_deadline(now)
        wait_ms = left_ms if turn is None else min(left_ms, turn - now.up)
        return max(0, wait_ms) / 1000 / self._speed

    def _turn(self, event: e.Event) -> ClockReading:
        now, counts = sample(self._clock, self._speed), self._counts.take()
        self._publisher.quality = counts.quality
        self._apply(event, now, counts)
        return now

    def _apply(self, first: e.Event, now: ClockReading, counts: Counts | None) -> None:
        """Pass an event to the recorder and carry out all resulting effects."""
        events: deque[tuple[e.Event, Counts | None]] = deque([(first, counts)])
        troubles = 0
        while events:
            event, counted = events.popleft()
            answers: list[e.Event] = []
            owed: list[e.Effect] = []
            failure: Exception | None = None
            try:
                effects = self._recorder.handle(event, now, counted)
            except Exception as error:  # noqa: BLE001 - handled by a safe stop
                effects, failure = [], error
            for effect in effects:
                if failure is not None and isinstance(effect, e.DropBlobs):
                    # The journal may still name the files.
                    owed.append(effect)
                    continue
                try:
                    answers += self._effects.run(effect)
                except Exception as error:  # noqa: BLE001 - as above
                    failure = failure or error
                    if isinstance(effect, e.ForgetJournal | e.DropBlobs):
                        owed.append(effect)
            if failure is not None:
                answer = self._storage_event(failure, tuple(owed))
                # One safe stop suffices; further ones in this turn would never end.
                if not troubles or owed:
                    events.append((answer, None))
                troubles += 1
                answers = [each for each in answers if not isinstance(each, e.StorageWorks)]
            for each in answers:
                events.appendleft((each, None))

    def _latest_ms(self) -> int:
        """The latest session time (Unix ms) at which a segment may end now."""
        return min(self._session.now_ms() + self._session.limit_ms, SANE_TO_MS)

    def _on_worker(self, job: Callable[[], tuple[e.Event, OSError | None]]) -> None:
        def work() -> None:
            answer, refusal = job()
            if self._done:
                self._camera.discard(answer)
                return
            self._post(answer)
            if refusal is not None:
                self._post(Refusal(refusal))

        self._worker.do(work)

    # Failures and recovery

    def _storage_event(
        self, error: Exception, owed: tuple[e.Effect, ...] = ()
    ) -> e.StorageFailed | e.StorageRefused:
        run = self._recorder.run
        recording = run is not None and run.info is not None
        return self._errors.event(error, recording=recording, owed=owed)

    def _recover(self) -> bool:
        """Recover the data of an earlier start, before anything new is sealed over its time."""
        try:
            found = self._journal.recover(self._store.head)
        except OSError as error:
            notice = self._storage_event(error).notice
            if notice is not None:
                self._notify(notice)
            return False
        self._recovered = True
        self._errors.clear()
        if self._journal.unreadable:
            self._notify(Notice("journal_unreadable"))
        foreign = [each for each in found if each.kid not in {"", self._kid}]
        for recovered in found:
            if recovered not in foreign:
                now = sample(self._clock, self._speed)
                self._apply(recovered, now, None)
                self._publisher.publish(now)
        if foreign:
            seconds = sum(self._journal.set_aside_foreign(each) for each in foreign)
            self._notify(Notice("recovered_unpaid", {"seconds": seconds}))
        return True

    def _refuse_commands(self) -> None:
        """Refuse to record before the journal was read."""
        while (event := self._next()) is not None:
            if isinstance(event, Close):
                self._finish()
            elif isinstance(event, Drain):
                event.done.set()
            elif isinstance(event, e.Start) and self._errors.known is not None:
                self._notify(Notice(self._errors.known))

    def _finish(self) -> None:
        self._done = True
        self._worker.stop()
        while (event := self._next()) is not None:
            self._camera.discard(event)
            if isinstance(event, Drain):
                event.done.set()

    # Output

    def _notify(self, notice: Notice) -> None:
        self._publisher.notify(notice, sample(self._clock, self._speed))

    def _keep_clock(self) -> None:
        estimate = self._session.estimate
        if estimate == self._saved:
            return
        try:
            self._journal.write_clock(estimate)
        except OSError as error:
            # The next synchronization reports it again.
            _log.info("the clock's estimate was not kept: %s", error)
        self._saved = estimate
