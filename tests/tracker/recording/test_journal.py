"""The journal: after a crash at any write, journaled work is sealed once, and nothing else."""

from __future__ import annotations

from itertools import pairwise

import pytest

from diary.formats.ed25519 import SigningKey
from diary.formats.encoding import b64url_encode
from tests.tracker.machine import Disk, Machine, PowerCut
from tracker.recording.journal import Journal, dump, load
from tracker.recording.state.timers import Timing

SPEED = 20
#: The time that a crash may lose: the journal's interval and one tick.
LOSS_S = (Timing.at(SPEED).journal + Timing.at(SPEED).tick) / 1000


def a_morning(m: Machine) -> None:
    """Two memos, a slot's end, pictures, a picture deleted, a stop: every kind of write."""
    m.start("Draft")
    m.run(400)
    m.engine.set_memo("Review")
    m.run(320)
    m.stop()
    m.run(60)
    m.start("Again")
    while not m.has_picture() or m.picture().state != "review":
        m.run(5)
    m.engine.delete_picture(m.picture().id)
    m.run(100)
    m.stop()
    m.run(100)


def writes_of_a_morning() -> list[str]:
    m = Machine(speed=SPEED, terms={"review_s": 30})
    a_morning(m)
    assert m.errors() == []
    return m.disk.writes


WRITES = writes_of_a_morning()


def test_a_morning_makes_every_kind_of_write() -> None:
    assert set(WRITES) == {"journal", "unjournal", "blob", "drop", "commit"}


@pytest.mark.parametrize("write", range(len(WRITES)))
def test_after_a_power_cut_at_any_write_nothing_journaled_is_lost_and_nothing_is_twice(
    write: int,
) -> None:
    m = Machine(speed=SPEED, terms={"review_s": 30})
    m.disk.power = write
    try:
        a_morning(m)
    except PowerCut:
        pass
    else:
        pytest.fail("the power did not fail")
    m.disk.power = None
    before, crashed_at, sealed_before = m.spans(), m.now_s, len(m.disk.sealed)
    recorder = m.engine._recorder
    open_, closed = recorder.segment, list(recorder.segments.closed)
    m.clocks.work(3_600_000)
    m.boot()
    m.run(60, typing=False)

    spans = m.spans()
    assert spans[:sealed_before] == before
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    assert m.errors() == []
    assert m.disk.journal.keys() <= {"clock"}
    # Memory is ahead of the journal by at most the journal's interval.
    known = sum(s.seconds for s in closed if s.t0 >= (before[-1][1] if before else 0))
    if open_ is not None:
        known += int(crashed_at) - (open_.t0 - m.disk.world.terms.from_s - 300)
    found = sum(t1 - t0 for t0, t1 in spans[sealed_before:])
    assert known - LOSS_S - 1 <= found
    # More only after a power cut at the instant of a deletion, before it reached the disk.
    deleting = WRITES[write] == "unjournal" and WRITES[write - 1] != "commit"
    assert found <= known or deleting
    named = {
        f
        for s in m.disk.sealed
        for p in s.pictures.values()
        for f in (p.blob.sha256, p.thumb.sha256)
    }
    assert named <= m.disk.blobs.keys()
    # Only the two files of a picture that was just being stored or deleted can be left over.
    assert len(m.disk.blobs.keys() - named) <= 2
    # Further work continues after everything.
    m.start("After")
    m.run(700)
    m.finish()
    assert m.errors() == []
    assert m.spans()[-2:] != spans[-2:]


def test_an_open_segment_is_sealed_up_to_the_last_record_with_end_crash() -> None:
    m = Machine()
    m.start()
    m.run(103.9)
    m.clocks.work(3_600_000)
    m.boot()
    m.run(20, typing=False)
    assert (m.spans(), m.ends()) == ([(0, 100)], ["crash"])
    assert m.notices == ["recovered"]
    assert m.notice().params == {"seconds": 100}
    assert m.errors() == []


def test_a_reboot_changes_nothing_about_what_was_recorded_before() -> None:
    m = Machine()
    m.start()
    m.run(100)
    m.clocks.up, m.clocks.awake = 5_000, 5_000
    m.clocks.wall += 120_000
    m.clocks.boot = b64url_encode(b"next" * 4)
    m.boot()
    m.run(20, typing=False)
    m.start("After")
    m.run(60)
    m.finish()
    assert m.spans() == [(0, 100), (240, 300)]
    assert len({s.segment.boot for s in m.disk.sealed}) == 2
    assert m.errors() == []


def test_quitting_seals_everything_out_of_review() -> None:
    m = Machine()
    m.start()
    m.run(60)
    m.engine.close()
    m.step()
    assert m.engine.done
    assert (m.spans(), m.ends()) == ([(0, 60)], ["stop"])
    assert m.disk.journal.keys() == {"clock"}


def test_quitting_while_a_slot_is_held_back_as_quiet_seals_it() -> None:
    m = Machine()
    m.start()
    m.run(500)
    m.run(200, typing=False)
    m.engine.close()
    m.step()
    assert m.spans() == [(0, 600), (600, 700)]


def test_a_picture_in_review_can_be_reviewed_after_the_next_start() -> None:
    m = Machine(terms={"review_s": 60})
    m.start()
    while not m.has_picture():
        m.run(1)
    thumb, end = m.picture().thumb, int(m.now_s)
    m.engine.close()
    m.step()
    assert m.engine.done
    assert m.disk.sealed == []
    m.clocks.work(3_600_000)
    m.shown.clear()
    m.boot()
    m.step()
    assert (m.picture().state, m.picture().thumb, m.picture().removes_s) == (
        "review",
        thumb,
        end,
    )
    m.run(59, typing=False)
    assert m.disk.sealed == []
    m.run(1, typing=False)
    assert (m.spans(), m.ends()) == ([(0, end)], ["stop"])
    assert m.errors() == []


def test_such_a_picture_can_also_be_deleted_after_the_next_start() -> None:
    m = Machine(terms={"review_s": 60})
    m.start()
    while not m.has_picture():
        m.run(1)
    m.run(6)
    m.boot()
    m.step()
    m.engine.delete_picture(m.picture().id)
    m.run(100)
    assert (m.disk.sealed, m.disk.blobs) == ([], {})
    assert m.disk.journal.keys() == {"clock"}


def test_a_picture_that_was_kept_is_not_asked_about_again() -> None:
    m = Machine(terms={"review_s": 60})
    m.start()
    while not m.has_picture():
        m.run(1)
    m.engine.keep_picture(m.picture().id)
    m.step()
    m.boot()
    m.step()
    assert m.ends() == ["crash"]


@pytest.mark.expected_logs("cannot be read and is left alone")
def test_an_unreadable_record_stays_and_delays_nothing() -> None:
    m = Machine()
    m.disk.journal["stretch/x"] = b"{}"
    m.boot()
    m.start()
    m.run(60)
    m.finish()
    assert m.spans() == [(0, 60)]
    assert m.disk.journal["stretch/x"] == b"{}"
    assert m.notices == ["journal_unreadable"]


@pytest.mark.parametrize("crash", [True, False], ids=["crash", "quit"])
@pytest.mark.parametrize("away", [False, True], ids=["work", "idle time"])
def test_what_a_lost_key_has_recorded_is_set_aside_and_never_called_kept(
    crash: bool, away: bool
) -> None:
    m = Machine(terms={"review_s": 600, "idle_s": 120, "kept": True, "shots": 1})
    m.start()
    while not m.has_picture():
        m.run(1)
    m.run(60)
    if away:
        m.run(200, typing=False)
        assert m.state() == "idle"
    if not crash:
        m.engine.close()
        m.step()
    blobs = m.disk.blobs.keys()
    before = {key for key in m.disk.journal if key.startswith("stretch/")}
    seconds = sum(
        load(m.disk.journal[key]).upto.up - load(m.disk.journal[key]).segment.begin.up
        for key in before
    )
    # The keyring lost the keys, and this computer has joined again.
    m.world.key = SigningKey.from_seed(b"new key!" * 4)
    m.shown.clear()
    m.boot()
    m.run(60, typing=False)
    assert m.notices == ["recovered_unpaid"]
    assert abs(m.notice().params["seconds"] - seconds / 1000) <= len(before)
    assert m.disk.sealed == []
    aside = {key.replace("stretch/", "aside/") for key in before}
    assert m.disk.journal.keys() == {"clock", *aside}
    assert Journal(m.disk).blobs() == blobs
    # It is reported once, and blocks nothing.
    m.shown.clear()
    m.boot()
    m.step()
    assert m.notices == []
    assert m.status.unsealed == 0


def test_a_record_is_read_as_it_was_written() -> None:
    m = Machine(terms={"shots": 3, "review_s": 600})
    m.start()
    m.run(300)
    segment = m.engine._recorder.segment
    assert segment is not None
    data = dump(segment, segment.begin.shifted(300_000))
    again = load(data)
    assert again.end == "crash"
    assert dump(again.segment, again.upto) == data
    assert [p.files for p in again.segment.pictures] == [p.files for p in segment.pictures]


def test_the_journal_names_the_pictures_that_must_stay() -> None:
    m = Machine(terms={"review_s": 600})
    m.start()
    m.run(600)
    assert Journal(m.disk).blobs() == m.disk.blobs.keys() != set()


def test_the_journal_has_the_memo_of_the_newest_unsealed_segment() -> None:
    m = Machine(terms={"review_s": 600})
    m.start("Draft")
    m.run(600)
    m.engine.set_memo("Review")
    m.run(10)
    assert len([key for key in m.disk.journal if key != "clock"]) == 2
    m.disk.journal["stretch/broken"] = b"{}"
    (memo,) = Journal(m.disk).memos().values()
    assert memo == "Review"


@pytest.mark.expected_logs("the disk refused: disk_error")
def test_a_chain_that_cannot_be_read_yet_is_asked_again_by_the_sealer() -> None:
    class Locked(Disk):
        locked = False

        def head(self, ctr: str):  # type: ignore[no-untyped-def]
            if self.locked:
                raise OSError("held")
            return super().head(ctr)

    m = Machine()
    m.disk = Locked(m.world)
    m.boot()
    m.start()
    m.run(100)
    assert isinstance(m.disk, Locked)
    m.disk.locked = True
    m.boot()
    m.run(60)
    assert m.notices == ["recovered", "disk_error"]
    m.disk.locked = False
    m.run(60)
    assert m.spans() == [(0, 100)]
