"""The engine: its thread, its commands, and failures around it."""

from __future__ import annotations

import errno
import threading
import time
from dataclasses import replace

import pytest

from diary.core.day_bounds import day_bounds
from diary.core.slots import SLOT, WEEK, week_of
from diary.interfaces import Head
from tests.desktop_fixtures.waiting import wait_for
from tests.diary.world import START
from tests.time_zone import in_zone
from tests.tracker.machine import AWAKE_AT_START, IDENTITY, UP_AT_START, Clocks, Machine
from tracker.capture.interface import CaptureError
from tracker.model.activity import Counts
from tracker.model.status import Status
from tracker.recording.engine import Engine
from tracker.recording.picture_worker import SerialWorker
from tracker.recording.sealer import Sealer
from tracker.recording.state.session_clock import SessionClock
from tracker.recording.wakeable_timer import ThreadTimer


class Running(Clocks):
    """The machine's clocks running by themselves, `speed` times as fast, from START."""

    def __init__(self, speed: int) -> None:
        super().__init__()
        self._speed, self._began = speed, time.monotonic()

    def _passed(self) -> int:
        return int((time.monotonic() - self._began) * 1000 * self._speed)

    def wall_ms(self) -> int:
        return START * 1000 + self._passed()

    def uptime_ms(self) -> int:
        return UP_AT_START + self._passed()

    def awake_ms(self) -> int:
        return AWAKE_AT_START + self._passed()


class Threaded:
    """The engine on its own threads, in a demo, beside the parts of a `Machine`."""

    def __init__(self, speed: int = 300, **terms: object) -> None:
        self.machine = Machine(terms={"shot_tol_ms": 300_000, "review_s": 0, **terms}, slots=0)
        self.machine.disk.published = True
        self.machine.input.quality = "unavailable"
        self.clock = Running(speed)
        self.shown: list[Status] = []
        self.changed = threading.Event()
        self.engine = Engine(
            clock=self.clock,
            session=SessionClock(self.clock, speed=speed),
            store=self.machine.disk,
            signer=self.machine.world.key,
            moments=self.machine.world.moments,
            identity=replace(IDENTITY, sub=self.machine.world.sub),
            capture=self.machine.screen,
            counters=self.machine.input,
            on_status=self.shown.append,
            speed=speed,
        )
        self.engine.start_thread()

    def state(self) -> str:
        return self.shown[-1].state if self.shown else "none"


def test_the_thread_records_whole_slots_by_itself_and_closes() -> None:
    t = Threaded()
    t.engine.start(t.machine.ctr, "Write tests")
    wait_for(lambda: len(t.machine.disk.sealed) >= 3)
    t.engine.stop()
    wait_for(lambda: t.state() == "stopped")
    assert t.engine.close(20)
    assert t.machine.spans()[0][1] % 600 == t.machine.spans()[1][0] % 600 == 0
    assert [s.segment.shot for s in t.machine.disk.sealed][1:3] == ["ok", "ok"]
    assert t.machine.errors() == []
    assert {s.speed for s in t.shown} == {300}


def test_closing_while_it_records_seals_and_ends_the_thread() -> None:
    t = Threaded(speed=60)
    t.engine.start(t.machine.ctr, "Write tests")
    wait_for(lambda: t.shown and t.shown[-1].session_s > 0)
    assert t.engine.close(20)
    assert t.engine.done
    assert t.machine.ends()[-1] == "stop"
    assert not t.engine.close(0) or t.engine.done


def test_a_screen_that_never_answers_does_not_prevent_quitting() -> None:
    t = Threaded(speed=60)
    asked, answer = threading.Event(), threading.Event()

    def hang(now_ms: object) -> None:
        asked.set()
        answer.wait(30)
        raise CaptureError("error", "too late")

    t.machine.screen.grab = hang  # type: ignore[assignment,method-assign]
    t.engine.start(t.machine.ctr, "Write tests")
    assert asked.wait(30)
    try:
        assert t.engine.close(20)
    finally:
        answer.set()


def test_nothing_to_do_means_one_wake_up_a_slot() -> None:
    m = Machine()
    assert m.step() == SLOT - m.now_s % SLOT
    m.start()
    assert m.step() == 1.0
    m.run(0.25)
    assert m.step() == 0.75
    m.stop()
    assert m.step() == SLOT - m.now_s % SLOT


@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles", "Asia/Kathmandu"])
@pytest.mark.parametrize("state", ["stopped", "idle"])
def test_while_nothing_is_recorded_the_totals_follow_the_day_and_the_week(
    state: str, zone: str
) -> None:
    with in_zone(zone):
        follow_day_and_week(state)


def follow_day_and_week(state: str) -> None:
    m = Machine()
    m.start()
    m.run(1800)
    if state == "stopped":
        m.stop()
    m.run(1800, typing=False)
    assert m.state() == state
    recorded = m.status.week_s
    assert m.status.today_s == recorded > 0

    def run_to(end_s: int) -> None:
        m.run(end_s - START - m.now_s, typing=False)

    midnight = day_bounds(START + int(m.now_s)).end_s
    run_to(midnight - 1)
    assert m.status.today_s == recorded
    run_to(midnight)
    assert (m.status.today_s, m.status.week_s) == (0, recorded)
    run_to(week_of(START) + WEEK)
    assert (m.status.today_s, m.status.week_s) == (0, 0)


def test_the_status_is_current_and_only_changes_are_published() -> None:
    m = Machine(terms={"limit_s": 3600})
    m.engine.select_contract(m.ctr)
    m.step()
    assert (m.status.ctr, m.status.limit_s, m.state()) == (m.ctr, 3600, "stopped")
    m.start()
    m.run(90)
    before = len(m.shown)
    m.step()
    m.step()
    assert len(m.shown) == before
    status = m.status
    assert status == Status(
        state="recording",
        ctr=m.ctr,
        memo="Write tests",
        since_ms=START * 1000,
        session_s=90,
        today_s=90,
        week_s=90,
        limit_s=3600,
        slot=START,
        minutes=("active", "active", *("none",) * 8),
        input="ok",
        picture=None,
        speed=1,
    )
    m.run(510)
    m.engine.set_memo("Review")
    m.run(30)
    assert (m.status.session_s, m.status.today_s, m.status.memo) == (630, 630, "Review")
    assert (m.status.slot, m.status.minutes) == (START + 600, ("active", *("none",) * 9))
    m.finish()
    assert (m.status.session_s, m.status.today_s, m.status.week_s) == (0, 630, 630)


def test_quiet_and_unmeasured_minutes_are_distinguished() -> None:
    m = Machine()
    m.start()
    m.run(60)
    m.run(60, typing=False)
    m.input.quality = "unavailable"
    m.run(61)
    assert m.status.minutes == ("active", "quiet", "unmeasured", "unmeasured", *("none",) * 6)


def test_a_failing_screen_listener_only_loses_that_status() -> None:
    m = Machine()
    m.start()
    m.run(10)

    def broken(status: Status) -> None:
        raise RuntimeError(f"no screen for {status.state}")

    m.engine._publisher._on_status = broken
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tracker.recording.status_publisher._log.exception", lambda *_: None)
        m.run(10)
    m.engine._publisher._on_status = m.shown.append
    m.finish()
    assert m.spans() == [(0, 20)]


@pytest.mark.expected_logs("input could not be counted")
def test_counters_that_fail_are_reported_as_not_measured() -> None:
    class Broken:
        def take(self) -> Counts:
            raise RuntimeError("X is gone")

    m = Machine()
    m.engine._counts._source = Broken()
    m.start()
    m.run(60)
    assert m.status.input == "unavailable"
    m.finish()
    assert m.disk.sealed[0].segment.input == "unavailable"


@pytest.mark.expected_logs("with an unforeseen error")
def test_a_capture_that_breaks_is_an_error_and_work_continues() -> None:
    m = Machine()
    m.screen.grab = None  # type: ignore[assignment,method-assign]
    m.start()
    m.run(600)
    m.finish()
    assert [s.segment.shot for s in m.disk.sealed] == ["error"]
    assert m.errors() == []


@pytest.mark.expected_logs("the disk refused: disk_error")
def test_a_seal_that_reached_the_disk_before_it_failed_is_not_sealed_again() -> None:
    m = Machine(terms={"shots": 0})
    commit = m.disk.commit

    def late(ctr: str, head: Head, sdjwt: bytes) -> None:
        commit(ctr, head, sdjwt)
        m.disk.commit = commit  # type: ignore[method-assign]
        raise OSError(errno.EIO, "after the rename")

    m.disk.commit = late  # type: ignore[method-assign]
    m.start()
    m.run(100)
    m.stop()
    m.run(60)
    assert m.spans() == [(0, 100)]
    assert m.disk.journal.keys() == {"clock"}
    assert m.errors() == []


class RestoredBackupError(OSError):
    """Like the store's: an OSError with a code."""

    code = "restored_backup"


@pytest.mark.expected_logs("the disk refused: restored_backup")
def test_the_stores_code_of_a_refusal_is_passed_on() -> None:
    m = Machine()

    def held(ctr: str) -> Head:
        raise RestoredBackupError

    m.disk.head = held  # type: ignore[method-assign]
    m.start()
    assert (m.state(), m.notices) == ("stopped", ["restored_backup"])


@pytest.mark.expected_logs("the recorder failed")
def test_an_unforeseen_error_stops_the_run_safely_and_the_thread_continues() -> None:
    m = Machine()
    m.start()
    m.run(100)

    def broken(slot: int) -> None:
        raise ZeroDivisionError

    beacon = m.disk.beacon
    m.disk.beacon = broken  # type: ignore[method-assign]
    m.run(510)
    assert (m.state(), m.notices) == ("stopped", ["engine_error"])
    m.disk.beacon = beacon  # type: ignore[method-assign]
    m.run(60)
    assert m.spans() == [(0, 600)]
    m.start()
    m.run(30)
    m.finish()
    assert m.errors() == []


@pytest.mark.expected_logs("cannot be sealed and is set aside")
def test_a_segment_that_breaks_the_rules_is_set_aside_and_delays_nothing() -> None:
    m = Machine(terms={"shots": 0})
    m.start()
    m.run(100)
    m.engine._recorder.segment.tz = "z" * 65  # type: ignore[union-attr]
    m.stop()
    assert m.notices == ["set_aside"]
    m.start()
    m.run(50)
    m.finish()
    assert m.spans() == [(100, 150)]
    assert [key.partition("/")[0] for key in m.disk.journal] == ["clock", "aside"]


def test_an_open_segment_is_never_sealed() -> None:
    m = Machine()
    m.start()
    m.run(100)
    sealer = Sealer(m.disk, m.world.key, IDENTITY)
    assert m.engine._recorder.segment is not None
    with pytest.raises(Exception, match="still open"):
        sealer.seal(m.engine._recorder.segment)


def test_a_chain_that_moves_while_a_segment_is_sealed_is_followed() -> None:
    """The upload thread may change the chain's head between reading and commit."""
    m = Machine()
    real, asked = m.disk.head, []

    def head(ctr: str) -> Head:
        found = real(ctr)
        asked.append(found)
        return replace(found, seq=found.seq + 7) if len(asked) == 1 else found

    m.start()
    m.run(100)
    m.disk.head = head  # type: ignore[method-assign]
    m.stop()
    m.run(50)
    m.finish()
    assert m.spans() == [(0, 100)]
    assert len(asked) > 1
    assert m.notices == []


@pytest.mark.expected_logs("the disk refused: disk_error")
def test_nothing_is_recorded_before_the_journal_was_read() -> None:
    m = Machine()
    m.start()
    m.run(100)
    read = m.disk.read_journal

    def broken() -> dict[str, bytes]:
        raise OSError(errno.EIO, "no")

    m.boot()
    m.disk.read_journal = broken  # type: ignore[method-assign]
    m.shown.clear()
    m.start()
    assert (m.state(), m.notices) == ("stopped", ["disk_error", "disk_error"])
    m.disk.read_journal = read  # type: ignore[method-assign]
    m.run(20)
    assert m.spans() == [(0, 100)]


@pytest.mark.expected_logs("the disk refused: disk_error")
def test_an_engine_that_could_not_read_its_journal_can_be_closed() -> None:
    m = Machine()

    def broken() -> dict[str, bytes]:
        raise OSError(errno.EIO, "no")

    m.disk.read_journal = broken  # type: ignore[method-assign]
    m.step()
    m.engine.close()
    m.step()
    assert m.engine.done


def test_movement_fills_more_of_a_demonstrations_minute() -> None:
    class Moving:
        def take(self) -> Counts:
            return Counts("ok", 0, 0, 0, 1, None)

    m = Machine(speed=20, terms={"shots": 0})
    m.engine._counts._source = Moving()
    m.start()
    m.run(600)
    m.finish()
    assert m.disk.sealed[0].minutes == ((0, 0, 0, 60, None),) * 10


def test_the_worker_does_its_jobs_in_order_and_survives_one_that_fails(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tracker.recording.picture_worker._log.exception", lambda *_: done.append(0))
        done: list[int] = []
        worker = SerialWorker("test")
        worker.do(lambda: done.append(1))
        worker.do(lambda: done.append(1 // 0))
        worker.do(lambda: done.append(2))
        wait_for(lambda: len(done) == 3)
        worker.stop()
        worker._thread.join(20)
    assert done == [1, 0, 2]
    assert not worker._thread.is_alive()


def test_the_waiter_ends_its_wait_when_it_is_rung() -> None:
    waiter = ThreadTimer()
    waiter.wake()
    waiter.wait(None)
    waiter.wait(0)


def test_draining_the_engine_returns_when_all_is_on_the_disk() -> None:
    t = Threaded(speed=60, shots=0)
    t.engine.start(t.machine.ctr, "Write tests")
    wait_for(lambda: t.shown and t.shown[-1].session_s > 0)
    t.engine.suspend()
    assert t.engine.drain(20)
    assert t.machine.ends()[-1] == "suspend"
    assert t.engine.close(20)
    assert t.engine.drain(0)


@pytest.mark.expected_logs("the disk refused: disk_error")
def test_draining_an_engine_without_a_journal_does_not_block() -> None:
    m = Machine()

    def broken() -> dict[str, bytes]:
        raise OSError(errno.EIO, "no")

    m.disk.read_journal = broken  # type: ignore[method-assign]
    waiting = threading.Thread(target=lambda: m.engine.drain(20))
    m.bell.rung = False
    waiting.start()
    wait_for(lambda: m.bell.rung, what="the wait")
    m.engine.step()
    waiting.join(20)
    assert not waiting.is_alive()
