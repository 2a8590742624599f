"""Undecided idle time: kept with a note, or deleted."""

from __future__ import annotations

import contextlib

import pytest

from tests.tracker.machine import Machine, PowerCut
from tracker.model.status import IdleTime


def idle(**terms: object) -> Machine:
    """Work for 400 s, then ten minutes without input, with the end of a slot in them."""
    m = Machine(terms=dict(terms))
    m.start("Read the draft")
    m.run(400)
    m.run(601, typing=False)
    assert m.state() == "idle"
    return m


def test_one_question_is_asked_about_the_time_that_was_held_back() -> None:
    m = idle()
    assert m.notices == ["idle_question"]
    begin_s = m.disk.sealed[0].segment.t1
    assert m.status.idle == IdleTime(begin_s * 1000, (begin_s + 600) * 1000, 600)
    assert m.notice().params == {"at_ms": begin_s * 1000, "seconds": 600}
    assert (m.spans(), m.ends()) == ([(0, 400)], ["idle"])
    assert m.status.session_s == 400


def test_kept_time_becomes_segments_with_the_note_and_the_pictures_of_that_time() -> None:
    m = idle(shots=3, review_s=0)
    m.engine.keep_idle("  On the phone\nwith Acme ")
    m.run(1)
    assert m.state() == "stopped"
    assert m.status.idle is None
    assert m.notice().code == "idle_kept"
    assert m.notice().params == {"seconds": 600}
    assert m.spans() == [(0, 400), (400, 600), (600, 1000)]
    assert m.ends() == ["idle", "slot", "idle"]
    auto, *kept = m.disk.sealed
    assert auto.segment.kind == "auto"
    assert auto.note is None
    for sealed in kept:
        assert (sealed.segment.kind, sealed.segment.active) == ("kept", 0)
        assert (sealed.memo, sealed.note) == ("Read the draft", "On the phone with Acme")
    pictures = [
        shot.at // 1000 - m.disk.sealed[0].segment.t0 for s in kept for shot in s.pictures.values()
    ]
    assert pictures
    assert all(400 <= at < 1000 for at in pictures)
    assert m.errors() == []


def test_the_minutes_of_kept_time_show_no_input() -> None:
    m = idle()
    m.engine.keep_idle("Thinking")
    m.run(60, typing=False)
    first = m.disk.sealed[1].minutes
    assert first is not None
    assert first[:6] == (None,) * 6
    assert first[6:] == ((0, 0, 0, 0, None),) * 4


@pytest.mark.parametrize("answer", ["discard_idle", "stop"])
def test_removed_idle_time_leaves_nothing(answer: str) -> None:
    m = idle(shots=3)
    getattr(m.engine, answer)()
    m.run(60, typing=False)
    assert m.state() == "stopped"
    assert m.status.idle is None
    assert m.spans() == [(0, 400)]
    named = {f for s in m.disk.sealed[0].pictures.values() for f in (s.blob.sha256, s.thumb.sha256)}
    assert m.disk.blobs.keys() == named
    assert m.disk.journal.keys() == {"clock"}


def test_start_deletes_undecided_time_and_continues_from_now() -> None:
    m = idle()
    m.start("Next")
    m.run(30)
    m.finish()
    assert m.spans() == [(0, 400), (1001, 1031)]
    assert m.errors() == []


def test_work_after_a_kept_time_never_covers_it() -> None:
    m = idle()
    m.engine.keep_idle("On the phone")
    m.start("Next")
    m.run(30)
    m.finish()
    assert m.spans() == [(0, 400), (400, 600), (600, 1000), (1001, 1031)]
    assert [s.segment.kind for s in m.disk.sealed] == ["auto", "kept", "kept", "auto"]
    assert m.errors() == []


def test_terms_without_kept_time_ask_no_question() -> None:
    m = idle(kept=False)
    assert m.notices == ["ended_idle"]
    assert m.status.idle is None
    m.engine.keep_idle("On the phone")
    m.run(60, typing=False)
    assert m.spans() == [(0, 400)]


def test_a_note_is_needed_and_must_fit() -> None:
    m = idle()
    m.engine.keep_idle(" \n ")
    m.step()
    assert m.status.idle is not None
    m.engine.keep_idle("x" * 2_001)
    m.step()
    assert m.notice().code == "note_too_long"
    assert m.status.idle is not None
    m.engine.keep_idle("half a pair: \ud800")
    m.run(60, typing=False)
    assert m.disk.sealed[1].note == "half a pair: ?"


def test_the_question_survives_a_crash() -> None:
    m = idle(shots=3)
    asked = m.status.idle
    m.boot()
    m.step()
    assert m.state() == "idle"
    assert m.status.idle == asked
    m.engine.keep_idle("On the phone")
    m.run(700, typing=False)
    assert m.spans() == [(0, 400), (400, 600), (600, 1000)]
    assert m.errors() == []


@pytest.mark.parametrize("writes", range(8))
def test_a_power_cut_at_any_write_after_the_answer_keeps_the_time_once(writes: int) -> None:
    m = idle()
    m.disk.power = writes
    m.engine.keep_idle("On the phone")
    with contextlib.suppress(PowerCut):
        m.run(60, typing=False)
    m.disk.power = None
    m.boot()
    m.run(60, typing=False)
    if m.status.idle is not None:
        # The answer was not on disk yet: the question is asked again.
        m.engine.keep_idle("On the phone")
        m.run(60, typing=False)
    assert m.spans() == [(0, 400), (400, 600), (600, 1000)]
    assert {s.note for s in m.disk.sealed[1:]} == {"On the phone"}
    assert m.errors() == []


def test_a_picture_of_undecided_time_can_be_deleted_with_its_time() -> None:
    m = Machine(terms={"shots": 1, "review_s": 600})
    m.start()
    m.run(1)
    m.run(600, typing=False)
    picture = m.picture()
    assert picture.removes_s > 0
    m.engine.delete_picture(picture.id)
    m.step()
    assert "given_back" in m.notices
    m.run(10, typing=False)
    assert m.disk.blobs == {}
    m.engine.keep_idle("What is left")
    m.run(700, typing=False)
    assert sum(t1 - t0 for t0, t1 in m.spans()) < 601
    assert m.errors() == []


@pytest.mark.parametrize("end", ["lock", "suspend"])
def test_a_lock_or_a_sleep_leaves_the_question_open(end: str) -> None:
    m = idle()
    getattr(m.engine, end)()
    m.step()
    m.clocks.sleep(8 * 3_600_000)
    m.step()
    assert m.status.idle is not None
    m.engine.keep_idle("On the phone")
    m.run(60, typing=False)
    assert m.spans() == [(0, 400), (400, 600), (600, 1000)]
    assert m.errors() == []
