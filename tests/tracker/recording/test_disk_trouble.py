"""A disk that refuses during work: no time is lost; failure and recovery are reported."""

from __future__ import annotations

import errno
from collections.abc import Callable
from itertools import pairwise

import pytest

from diary.interfaces import BeaconFile, Head
from tests.tracker.machine import Machine
from tracker.recording.state.timers import Timing

REFUSALS = [
    (OSError(errno.ENOSPC, "full"), "disk_full"),
    (OSError(errno.EDQUOT, "full"), "disk_full"),
    (OSError(errno.EROFS, "read-only"), "disk_read_only"),
    (OSError(errno.EACCES, "no"), "disk_read_only"),
    (OSError(errno.EIO, "broken"), "disk_error"),
    (OSError(errno.ESTALE, "gone"), "disk_error"),
]
pytestmark = pytest.mark.expected_logs("the disk refused")


def machine(**terms: object) -> Machine:
    m = Machine(terms={"review_s": 0, "idle_s": 900, **terms}, slots=0)
    m.disk.published = True
    return m


def check(m: Machine, seconds: int) -> None:
    """All the time is sealed, once, and verifies."""
    assert sum(t1 - t0 for t0, t1 in m.spans()) == seconds
    assert all(a[1] <= b[0] for a, b in pairwise(m.spans()))
    assert m.errors() == []
    assert m.disk.journal.keys() == {"clock"}
    named = {
        f
        for s in m.disk.sealed
        for p in s.pictures.values()
        for f in (p.blob.sha256, p.thumb.sha256)
    }
    assert named == m.disk.blobs.keys()


@pytest.mark.parametrize(("refusal", "code"), REFUSALS)
@pytest.mark.parametrize("begins", [0, 302, 598])
@pytest.mark.parametrize("lasts", [6, 45, 1900])
def test_recording_continues_in_memory_and_is_saved_when_the_disk_works(
    refusal: OSError, code: str, begins: int, lasts: int
) -> None:
    m = machine()
    m.start()
    m.run(begins)
    m.disk.fail = refusal
    m.run(lasts)
    assert m.state() == "recording"
    sealed = len(m.disk.sealed)
    assert (m.notices, m.status.in_memory) == ([f"run_{code}"], True)
    m.disk.fail = None
    m.run(6)
    assert (m.notices, m.status.in_memory) == ([f"run_{code}", "disk_works"], False)
    assert len(m.disk.sealed) >= sealed
    m.run(100)
    m.finish()
    assert [s.segment.shot for s in m.disk.sealed][:-1] == ["ok"] * (len(m.disk.sealed) - 1)
    check(m, begins + lasts + 106)


def test_a_repeated_refusal_is_reported_each_time() -> None:
    m = machine()
    m.start()
    m.run(20)
    for _ in range(3):
        m.disk.fail = OSError(errno.EIO, "broken")
        m.run(20)
        m.disk.fail = None
        m.run(20)
    m.finish()
    assert m.notices == ["run_disk_error", "disk_works"] * 3
    check(m, 140)


def test_what_is_stopped_while_the_disk_refuses_is_saved_later() -> None:
    m = machine()
    m.start()
    m.run(302)
    m.disk.fail = OSError(errno.ENOSPC, "full")
    m.run(10)
    m.stop()
    m.run(60)
    assert (m.state(), m.disk.sealed, m.status.unsealed) == ("stopped", [], 1)
    m.disk.fail = None
    m.run(6)
    check(m, 312)
    assert m.notices == ["run_disk_full", "disk_works"]


def test_try_again_asks_the_disk_at_once() -> None:
    m = machine()
    m.start()
    m.run(302)
    m.disk.fail = OSError(errno.ENOSPC, "full")
    m.run(4)
    m.disk.fail = None
    m.engine.retry_now()
    m.step()
    assert m.notices == ["run_disk_full", "disk_works"]
    m.finish()
    check(m, 306)


def test_a_disk_that_refuses_at_the_start_is_reported_and_start_works_later() -> None:
    m = machine()
    head = m.disk.head

    def broken(ctr: str) -> Head:
        raise OSError(errno.EIO, ctr)

    m.disk.head = broken  # type: ignore[method-assign]
    m.start()
    m.run(2)
    assert (m.state(), m.notices) == ("stopped", ["disk_error"])
    m.disk.head = head  # type: ignore[method-assign]
    m.start()
    m.run(30)
    m.finish()
    check(m, 30)


def test_too_long_in_memory_pauses_and_continues_with_the_disk() -> None:
    m = machine()
    m.start("Long")
    m.run(302)
    m.disk.fail = OSError(errno.ENOSPC, "full")
    limit_s = Timing().unwritten // 1000
    m.run(limit_s + 100)
    assert (m.state(), m.notices) == ("stopped", ["run_disk_full", "disk_paused"])
    m.disk.fail = None
    m.run(10)
    assert (m.state(), m.status.memo) == ("recording", "Long")
    assert m.notices[2:] == ["disk_works"]
    m.run(50)
    m.finish()
    recorded = sum(t1 - t0 for t0, t1 in m.spans())
    assert abs(recorded - (302 + limit_s + 55)) <= 10
    check(m, recorded)


@pytest.mark.parametrize("left", ["stop", "lock", "suspend"])
def test_a_paused_run_does_not_continue_after_the_person_has_left(left: str) -> None:
    m = machine()
    m.start()
    m.run(10)
    m.disk.fail = OSError(errno.ENOSPC, "full")
    m.run(Timing().unwritten / 1000 + 10)
    getattr(m.engine, left)()
    m.step()
    m.disk.fail = None
    m.run(10)
    assert m.state() == "stopped"
    assert m.notices[-1] == "disk_works"


def test_reading_that_fails_at_a_slots_end_ends_no_run() -> None:
    m = machine()
    m.start()
    m.run(595)
    beacon = m.disk.beacon

    def broken(slot: int) -> BeaconFile | None:
        raise OSError(errno.EIO, str(slot))

    m.disk.beacon = broken  # type: ignore[method-assign]
    m.run(30)
    assert m.state() == "starting"
    m.disk.beacon = beacon  # type: ignore[method-assign]
    m.run(60)
    assert m.state() == "recording"
    m.finish()
    # Time without any beacon is not recorded; nothing else is lost.
    assert m.spans()[0] == (0, 600)
    assert m.spans()[1][0] <= 635
    assert m.errors() == []


def _keep_away(m: Machine) -> None:
    m.engine.keep_idle("A call")


def _give_away(m: Machine) -> None:
    m.engine.discard_idle()


@pytest.mark.parametrize(("answer", "left"), [(_keep_away, 1), (_give_away, 0)])
@pytest.mark.parametrize("crash", [False, True])
def test_idle_time_that_the_disk_refused_is_journaled_later(
    answer: Callable[[Machine], None], left: int, crash: bool
) -> None:
    m = machine(idle_s=120, kept=True, shots=0)
    m.start()
    m.run(60)
    m.run(110, typing=False)
    m.disk.fail = OSError(errno.ENOSPC, "full")
    m.run(60, typing=False)
    assert m.state() == "idle"
    m.disk.fail = None
    m.run(6, typing=False)
    if crash:
        m.boot()
        m.step()
    answer(m)
    m.run(6, typing=False)
    kinds = [s.segment.kind for s in m.disk.sealed]
    assert kinds.count("kept") == left
    assert m.disk.journal.keys() == {"clock"}


def test_a_picture_deleted_while_the_disk_refuses_never_returns() -> None:
    m = machine(review_s=600)
    m.start()
    while not m.has_picture():
        m.run(1)
    m.run(10)
    drop = m.disk.drop_blob

    def refuse(sha: str) -> None:
        raise OSError(errno.EROFS, sha)

    m.disk.fail = OSError(errno.EROFS, "read-only")
    m.disk.drop_blob = refuse  # type: ignore[method-assign]
    m.engine.delete_picture(m.picture().id)
    m.step()
    m.stop()
    m.run(11)
    m.disk.fail = None
    m.disk.drop_blob = drop  # type: ignore[method-assign]
    m.run(6)
    assert m.disk.journal.keys() == {"clock"}
    assert m.disk.blobs == {}
    m.boot()
    m.run(10)
    assert (m.disk.sealed, m.status.picture) == ([], None)


def test_a_picture_without_room_in_memory_is_an_error_and_work_continues() -> None:
    m = machine()
    m.engine._unwritten._limit = 0
    m.start()
    m.run(1)
    m.disk.fail = OSError(errno.ENOSPC, "full")
    m.run(650)
    m.disk.fail = None
    m.run(6)
    m.finish()
    assert m.disk.sealed[0].segment.shot == "error"
    check(m, 657)


def test_no_record_names_a_picture_that_is_not_on_the_disk() -> None:
    """A crash while the disk accepts records again, and refuses pictures."""
    m = machine(review_s=600)
    put = m.disk.put_blob

    def full(data: bytes) -> str:
        raise OSError(errno.ENOSPC, str(len(data)))

    m.disk.put_blob = full  # type: ignore[method-assign]
    m.start()
    while not m.has_picture():
        m.run(1)
    m.run(30)
    m.disk.put_blob = put  # type: ignore[method-assign]
    m.boot()
    m.run(700)
    named = {
        f
        for s in m.disk.sealed
        for p in s.pictures.values()
        for f in (p.blob.sha256, p.thumb.sha256)
    }
    assert named <= m.disk.blobs.keys()
