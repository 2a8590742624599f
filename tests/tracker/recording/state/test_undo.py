"""A deleted picture returns with its time within ten seconds, and is gone for good afterwards."""

from __future__ import annotations

import contextlib
import errno

import pytest

from tests.tracker.machine import Machine, PowerCut


def machine(**terms: object) -> Machine:
    """Recording, 20 s after a picture."""
    m = Machine(terms={"review_s": 60, **terms})
    m.start()
    while not m.has_picture():
        m.run(1)
    m.run(20)
    return m


def delete(m: Machine) -> None:
    m.engine.delete_picture(m.picture().id)
    m.step()


def undo(m: Machine) -> None:
    m.engine.undo_deletion(m.picture().id)
    m.step()


def rest_of_the_slot(m: Machine) -> None:
    m.run(600 - m.now_s)
    m.finish()


def named(m: Machine) -> set[str]:
    pictures = [p for s in m.disk.sealed for p in s.pictures.values()]
    return {f for p in pictures for f in (p.blob.sha256, p.thumb.sha256)}


def test_undo_restores_the_picture_with_its_whole_time() -> None:
    m = machine()
    before, at, seconds = m.picture(), int(m.now_s), m.status.session_s
    delete(m)
    deleted = m.picture()
    assert (deleted.state, deleted.removes_s) == ("deleted", seconds)
    assert deleted.undo_until_ms == m.session.now_ms() + 10_000
    assert (m.status.session_s, m.status.today_s) == (0, 0)
    m.run(9)
    undo(m)
    assert m.notices == ["given_back", "deletion_undone"]
    assert m.notice().params == {"seconds": seconds}
    assert (m.picture().state, m.picture().thumb) == ("review", before.thumb)
    assert m.picture().review_until_ms == m.session.now_ms() + 60_000
    assert m.status.session_s == seconds + 9
    rest_of_the_slot(m)
    assert m.spans() == [(0, at), (at, 600)]
    assert m.ends() == ["switch", "slot"]
    assert m.disk.sealed[0].segment.pics == 1
    assert named(m) <= m.disk.blobs.keys()
    assert m.errors() == []


def test_ten_seconds_later_the_picture_is_gone() -> None:
    m = machine()
    at = int(m.now_s)
    delete(m)
    delete(m)
    m.run(10)
    assert (m.picture().state, m.picture().undo_until_ms, m.picture().thumb) == (
        "deleted",
        None,
        b"",
    )
    assert m.disk.blobs == {}
    undo(m)
    assert m.notices == ["given_back", "undo_late"]
    rest_of_the_slot(m)
    assert m.spans() == [(at, 600)]
    assert m.errors() == []


def test_nothing_is_sealed_while_a_deletion_can_be_undone() -> None:
    m = machine(review_s=600)
    m.run(600 - m.now_s)
    first = m.picture().id
    m.run(1)
    m.engine.delete_picture(first)
    m.run(4)
    m.engine.set_memo("Review")
    m.run(4)
    m.stop()
    assert (m.disk.sealed, m.status.unsealed) == ([], 2)
    m.engine.undo_deletion(first)
    m.finish()
    assert m.spans() == [(0, 600), (600, 605), (605, 609)]
    assert [s.memo for s in m.disk.sealed] == ["Write tests", "Write tests", "Review"]
    assert m.errors() == []


def test_a_kept_picture_returns_as_kept() -> None:
    m = machine()
    m.engine.keep_picture(m.picture().id)
    m.step()
    delete(m)
    undo(m)
    assert (m.picture().state, m.picture().undo_until_ms) == ("kept", None)
    m.stop()
    assert [s.segment.pics for s in m.disk.sealed] == [1]


def test_two_deletions_are_undone_separately() -> None:
    m = machine()
    first = m.picture().id
    delete(m)
    m.run(4)
    m.engine.undo_deletion("no such picture")
    m.step()
    assert m.notices[-1] == "undo_late"
    m.run(600 - m.now_s)
    while m.picture().id == first:
        m.run(1)
    second = m.picture()
    delete(m)
    m.engine.undo_deletion(first)
    m.step()
    assert m.notices[-1] == "undo_late"
    undo(m)
    assert (m.picture().id, m.picture().state) == (second.id, second.state)
    m.finish()
    assert m.errors() == []


def test_an_undone_deletion_never_exceeds_the_weekly_limit() -> None:
    m = machine(limit_s=400, review_s=600)
    m.run(395 - m.now_s)
    delete(m)
    m.run(9)
    undo(m)
    m.finish()
    assert sum(t1 - t0 for t0, t1 in m.spans()) == 400
    assert m.errors() == []


def test_after_a_final_deletion_its_time_is_free_again() -> None:
    m = machine(limit_s=400, review_s=600)
    m.run(385 - m.now_s)
    delete(m)
    m.run(610 - m.now_s)
    assert m.state() == "recording"
    m.finish()
    assert m.errors() == []


def test_a_picture_that_is_being_taken_when_its_segment_is_deleted_is_missing_after_undo() -> None:
    m = machine(shots=2, review_s=600)
    first = m.picture().id
    m.worker.at_once = False
    while not m.worker.jobs:
        m.run(1)
    m.engine.delete_picture(first)
    m.step()
    m.worker.finish()
    m.worker.at_once = True
    m.engine.undo_deletion(first)
    m.run(1)
    rest_of_the_slot(m)
    assert (m.disk.sealed[0].segment.pics, m.disk.sealed[0].segment.shot) in {
        (1, "error"),
        (1, "ended"),
    }
    assert m.errors() == []


def test_deleted_idle_time_returns_until_the_person_has_decided_about_the_rest() -> None:
    m = Machine(terms={"idle_s": 900, "kept": True, "review_s": 600})
    m.start()
    m.run(1)
    m.run(950, typing=False)
    idle = m.status.idle
    assert idle is not None
    assert m.has_picture()
    delete(m)
    assert m.status.idle != idle
    undo(m)
    assert m.status.idle == idle
    delete(m)
    m.engine.keep_idle("On the phone")
    m.step()
    undo(m)
    assert m.notices[-1] == "undo_late"
    m.finish()
    assert m.spans() in ([(0, 1), (1, 600)], [(0, 1), (600, 901)])
    assert m.disk.blobs.keys() == named(m)
    assert m.errors() == []


def test_quitting_makes_a_deletion_final() -> None:
    m = machine()
    at = int(m.now_s)
    delete(m)
    m.run(5)
    m.engine.close()
    m.step()
    assert m.engine.done
    assert m.disk.blobs == {}
    assert m.spans() == [(at, at + 5)]


@pytest.mark.expected_logs("the disk refused: disk_full")
def test_a_deletion_that_the_disk_refused_can_be_undone() -> None:
    m = machine()
    m.disk.fail = OSError(errno.ENOSPC, "full")
    delete(m)
    m.run(3)
    undo(m)
    m.disk.fail = None
    m.run(10)
    rest_of_the_slot(m)
    assert m.disk.sealed[0].segment.pics == 1
    assert named(m) <= m.disk.blobs.keys()
    assert m.errors() == []


def deleting(power: int | None, *, undone: bool) -> Machine:
    m = machine(review_s=600)
    m.disk.writes.clear()
    m.disk.power = power
    with contextlib.suppress(PowerCut):
        delete(m)
        m.run(2)
        if undone:
            undo(m)
        m.run(12)
    m.disk.power = None
    return m


DELETED = deleting(None, undone=False).disk.writes
UNDONE = deleting(None, undone=True).disk.writes


@pytest.mark.parametrize("write", range(1, len(DELETED)))
def test_a_crash_before_it_can_no_longer_be_undone_carries_out_the_deletion(write: int) -> None:
    """From the first write on, which removes the segment from the journal."""
    assert DELETED[0] == "unjournal"
    m = deleting(write, undone=False)
    m.clocks.work(60_000)
    m.boot()
    m.run(60, typing=False)
    assert not m.has_picture()
    assert all(s.segment.pics == 0 for s in m.disk.sealed)
    assert m.disk.journal.keys() == {"clock"}
    assert m.errors() == []


@pytest.mark.parametrize("write", range(len(UNDONE)))
def test_a_crash_around_undo_leaves_the_whole_segment_or_nothing_of_it(write: int) -> None:
    m = deleting(write, undone=True)
    m.clocks.work(60_000)
    m.boot()
    m.run(700, typing=False)
    first = m.disk.sealed[0].segment if m.disk.sealed else None
    assert first is None or (first.pics == 1) == (first.t0 % 600 == 0)
    if first is not None and first.pics:
        assert named(m) <= m.disk.blobs.keys()
    assert m.disk.journal.keys() == {"clock"}
    assert m.errors() == []
