"""Pause and Resume: no time counts in between, and the session continues."""

from __future__ import annotations

import errno

import pytest

from tests.tracker.machine import Machine

STARTED, PAUSED = 100, 200


def paused() -> Machine:
    """A run of 100 s that was paused 200 s ago."""
    m = Machine()
    m.start("Draft")
    m.run(STARTED)
    m.engine.pause()
    m.run(PAUSED, typing=False)
    return m


def test_a_pause_counts_no_time_and_resume_continues_the_session() -> None:
    m = paused()
    assert (m.state(), m.status.ctr, m.status.memo) == ("paused", m.ctr, "Draft")
    assert (m.status.session_s, m.status.today_s) == (STARTED, STARTED)
    since_ms = m.status.since_ms
    m.engine.resume_run()
    m.run(50)
    assert (m.state(), m.status.memo, m.status.session_s) == ("recording", "Draft", STARTED + 50)
    assert since_ms is not None
    assert m.status.since_ms == since_ms + PAUSED * 1000
    m.finish()
    assert m.spans() == [(0, STARTED), (STARTED + PAUSED, STARTED + PAUSED + 50)]
    assert m.ends() == ["stop", "stop"]
    report = m.verify()
    assert report.findings == ()


def test_no_picture_is_taken_while_paused_and_none_is_owed_for_it() -> None:
    m = Machine(terms={"shots": 3})
    m.start()
    m.run(1)
    m.engine.pause()
    m.step()
    taken = len(m.screen.taken)
    m.run(1800, typing=False)
    assert len(m.screen.taken) == taken
    m.finish()
    assert [s.segment.shot for s in m.disk.sealed] == ["ended"]


def test_stop_ends_a_pause() -> None:
    m = paused()
    m.stop()
    assert (m.state(), m.status.session_s) == ("stopped", 0)
    m.engine.resume_run()
    m.run(10)
    assert m.state() == "stopped"


def test_start_during_a_pause_begins_a_new_session() -> None:
    m = paused()
    other = m.other_contract()
    m.start("Other", other)
    m.run(10)
    assert (m.state(), m.status.ctr, m.status.session_s) == ("recording", other, 10)
    m.engine.resume_run()
    m.run(10)
    assert (m.status.ctr, m.status.memo) == (other, "Other")


def test_a_memo_written_during_a_pause_is_that_of_the_continued_work() -> None:
    m = paused()
    m.engine.set_memo("  Review ")
    m.step()
    assert m.status.memo == "Review"
    m.engine.resume_run()
    m.run(10)
    assert [s.memo for s in m.finish()] == ["Draft", "Review"]


def test_pause_and_resume_twice_do_nothing_more() -> None:
    m = paused()
    m.engine.pause()
    m.step()
    assert m.state() == "paused"
    for _ in range(2):
        m.engine.resume_run()
        m.step()
    m.run(10)
    m.finish()
    assert len(m.spans()) == 2


def test_pause_while_nothing_is_recorded_does_nothing() -> None:
    m = Machine()
    m.engine.pause()
    m.engine.resume_run()
    m.step()
    assert (m.state(), m.notices) == ("stopped", [])


@pytest.mark.parametrize("event", ["lock", "suspend"])
def test_a_locked_screen_and_a_sleep_leave_the_pause(event: str) -> None:
    m = paused()
    getattr(m.engine, event)()
    m.clocks.sleep(3_600_000)
    m.run(5, typing=False)
    assert (m.state(), m.notices) == ("paused", [])
    m.engine.resume_run()
    m.run(10)
    m.finish()
    assert [t1 - t0 for t0, t1 in m.spans()] == [STARTED, 10]
    assert m.errors() == []


def test_after_a_crash_the_pause_is_over() -> None:
    m = paused()
    m.boot()
    m.run(700, typing=False)
    assert m.state() == "stopped"
    m.engine.resume_run()
    m.run(10)
    assert m.state() == "stopped"
    assert m.spans() == [(0, STARTED)]


def test_the_limit_refuses_resume() -> None:
    m = Machine(terms={"limit_s": 3600, "limit_rule": "stop"})
    m.start()
    m.run(100)
    m.engine.pause()
    m.step()
    m.disk.elsewhere[m.ctr] = 3600
    m.engine.totals_changed()
    m.engine.resume_run()
    m.run(2)
    assert (m.state(), m.notices) == ("stopped", ["limit_reached"])


@pytest.mark.expected_logs("the disk refused")
def test_a_disk_that_fails_at_resume_is_reported_and_nothing_is_lost() -> None:
    m = paused()
    head = m.disk.head

    def broken(ctr: str) -> object:
        raise OSError(errno.EIO, ctr)

    m.disk.head = broken  # type: ignore[assignment,method-assign]
    m.engine.resume_run()
    m.run(2)
    assert (m.state(), m.notices) == ("stopped", ["disk_error"])
    m.disk.head = head  # type: ignore[method-assign]
    m.finish()
    assert m.spans() == [(0, STARTED)]
