"""Clocks that contradict each other: nothing is recorded, the user gets the reason and a choice.

A table of offsets, of the wrong clock, and of the time of detection. Whatever the clocks do, no
segment is sealed outside the sane years, the recorder never waits for a later time, and once the
clocks agree it records at the true time.
"""

from __future__ import annotations

import json
from itertools import pairwise

import pytest

from diary.formats.encoding import b64url_encode
from tests.diary.world import START
from tests.tracker.machine import Clocks, Machine
from tracker.recording.journal import Journal
from tracker.recording.state.session_clock import (
    LIMIT_MS,
    SANE_FROM_MS,
    SANE_TO_MS,
    ServerTimeEstimate,
    SessionClock,
    is_sane,
)

MINUTE, HOUR, DAY, YEAR = 60, 3_600, 86_400, 31_557_600
#: Seconds by which a clock is ahead; negative: behind.
OFFSETS = {
    "20 minutes": 20 * MINUTE,
    "-20 minutes": -20 * MINUTE,
    "2 hours": 2 * HOUR,
    "-2 hours": -2 * HOUR,
    "3 days": 3 * DAY,
    "-3 days": -3 * DAY,
    "4 years": 4 * YEAR,
    "-4 years": -4 * YEAR,
    "80 years": 80 * YEAR,
    "-60 years": -60 * YEAR,
    "2**53": 2**53 // 1000,
    "-2**53": -(2**53) // 1000,
}
#: The log's slots are 600 s long, and its newest beacon at most this old.
BEACON_AGE_MS = 720_000


def machine(**more: object) -> Machine:
    m = Machine(terms={"review_s": 0, "shots": 0, "idle_s": 900}, slots=0, **more)  # type: ignore[arg-type]
    m.disk.published = True
    return m


def true_ms(m: Machine) -> int:
    """The true time."""
    return START * 1000 + round(m.now_s * 1000)


def meet(m: Machine, off_s: int = 0) -> None:
    """The marketplace reports its time, off by so much."""
    m.session.observe(true_ms(m) + off_s * 1000, m.clocks.up)
    m.step()


def see_newest_beacon(m: Machine) -> None:
    """The beacon thread's check while clocks contradict each other."""
    now_ms = true_ms(m)
    m.session.prove(now_ms - now_ms % 600_000 - 60_000, BEACON_AGE_MS)
    m.step()


def records_at_the_true_time(m: Machine) -> bool:
    """Press Start, work a minute, stop: a new segment lies at the true time."""
    before, begin_ms = len(m.disk.sealed), true_ms(m)
    m.start()
    m.run(60)
    m.stop()
    m.run(10)
    new = m.disk.sealed[before:]
    return bool(new) and all(abs(s.segment.t0 * 1000 - begin_ms) <= LIMIT_MS + 120_000 for s in new)


def check_sealed(m: Machine) -> None:
    for sealed in m.disk.sealed:
        assert is_sane(sealed.segment.t0 * 1000)
        assert is_sane(sealed.segment.t1 * 1000 - 1)


def expected(off_s: int) -> str:
    return "clock_ahead_of_market" if off_s > 0 else "clock_behind_market"


def close_to(seconds: int, off_s: int) -> bool:
    return abs(seconds - abs(off_s)) <= 800


def record_until(m: Machine, phase: str) -> None:
    """Record 20 s; then stop when the phase is "ready", start again when it is "restart"."""
    m.start()
    m.run(20)
    if phase == "ready":
        m.stop()
        m.run(10)
    elif phase == "restart":
        m.boot()
        m.step()


PHASES = ("opening", "ready", "recording", "restart")


@pytest.mark.parametrize("choice", ["use the marketplace's time", "set the clock"])
@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("name", OFFSETS)
def test_a_wrong_wall_clock_is_explained_and_recording_can_continue(
    name: str, phase: str, choice: str
) -> None:
    off_s = OFFSETS[name]
    m = machine()
    m.clocks.wall += off_s * 1000
    m.boot()
    if phase == "opening":
        meet(m)
    else:
        m.step()
        record_until(m, phase)
        meet(m)
    assert m.state() == "stopped"
    doubts = [s.notice for s in m.shown if s.notice and s.notice.code == expected(off_s)]
    assert doubts
    assert close_to(doubts[-1].params["off_s"], off_s)
    m.start()
    assert (m.state(), m.notice().code) == ("stopped", expected(off_s))
    if choice == "set the clock":
        m.clocks.wall = true_ms(m)
        m.start("After")
        m.stop()
    else:
        m.engine.use_marketplace_time()
        m.step()
    assert records_at_the_true_time(m)
    assert records_at_the_true_time(m)
    check_sealed(m)
    # The chain continues: numbers are consecutive, with a new epoch where time went back.
    body = [s.segment for s in m.disk.sealed]
    assert [s.seq for s in body] == list(range(len(body)))
    for one, other in pairwise(body):
        assert other.epoch in {one.epoch, one.epoch + 1}
        assert other.t0 >= one.t1 or other.epoch == one.epoch + 1


@pytest.mark.parametrize("name", [n for n, s in OFFSETS.items() if s < 0])
def test_a_clock_behind_what_the_log_has_signed_records_nothing_offline(name: str) -> None:
    off_s = OFFSETS[name]
    m = machine(signed_ms=START * 1000 - 60_000)
    m.clocks.wall += off_s * 1000
    m.boot()
    m.start()
    m.run(10)
    code = m.notice().code
    assert m.state() == "stopped"
    assert code == ("clock_behind_proof" if is_sane(m.clocks.wall) else "clock_insane")
    if code == "clock_behind_proof":
        assert close_to(m.notice().params["off_s"], off_s)
    m.clocks.wall = true_ms(m)
    assert records_at_the_true_time(m)
    assert m.errors() == []


@pytest.mark.parametrize("phase", ["ready", "recording", "restart", "reboot"])
@pytest.mark.parametrize("name", [n for n, s in OFFSETS.items() if s > 0])
def test_a_clock_that_was_ahead_offline_blocks_nothing_after_it_was_set(
    name: str, phase: str
) -> None:
    """Boot offline with the clock ahead, record 20 s, correct the clock."""
    off_s = OFFSETS[name]
    m = machine(signed_ms=START * 1000 - 60_000)
    m.clocks.wall += off_s * 1000
    m.boot()
    m.start()
    m.run(20)
    sane = is_sane(m.clocks.wall)
    assert m.state() == ("recording" if sane else "stopped")
    if phase != "recording":
        m.stop()
        m.run(10)
    m.clocks.wall -= off_s * 1000
    m.step()
    if phase == "recording" and sane:
        assert (m.state(), m.notice().code) == ("stopped", "clock_set_back")
        assert m.notice().params == {"off_s": off_s}
    if phase == "reboot":
        m.clocks.boot, m.clocks.up, m.clocks.awake = b64url_encode(b"next" * 4), 5_000, 5_000
        m.signed_ms = 0
    if phase in {"restart", "reboot"}:
        m.boot()
        m.step()
    begin_ms = m.clocks.wall
    m.start("After")
    assert m.state() == "recording"
    m.run(60)
    m.stop()
    m.run(10)
    last = m.disk.sealed[-1].segment
    assert last.t0 == begin_ms // 1000
    if len(m.disk.sealed) > 1:
        assert last.epoch == 1
        assert "diary_ahead" in m.notices
    check_sealed(m)


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("name", OFFSETS)
def test_a_wrong_marketplace_clock_is_never_followed_without_asking(name: str, phase: str) -> None:
    """The header is off; this computer and the log agree."""
    off_s = OFFSETS[name]
    m = machine()
    if phase != "opening":
        meet(m)
        record_until(m, phase)
    fix = m.session.mapping()
    meet(m, off_s)
    assert m.session.mapping() == fix
    if phase != "opening":
        # Two against one: this computer's clock and the marketplace's earlier reports.
        assert m.state() == ("recording" if phase == "recording" else "stopped")
        m.stop()
        m.run(10)
        assert not {"clock_ahead_of_market", "clock_behind_market"} & {*m.notices}
    elif is_sane(true_ms(m) + off_s * 1000):
        assert m.notice().code == expected(-off_s)
    see_newest_beacon(m)
    assert m.session.doubt(running=False) is None
    assert records_at_the_true_time(m)
    meet(m, off_s)
    assert records_at_the_true_time(m)
    assert m.errors() == []
    check_sealed(m)


@pytest.mark.parametrize("name", [n for n, s in OFFSETS.items() if 0 < s < 5 * YEAR])
def test_a_wrong_time_that_was_chosen_is_left_again_once_the_log_contradicts_it(name: str) -> None:
    off_s = OFFSETS[name]
    m = machine()
    meet(m, off_s)
    m.engine.use_marketplace_time()
    m.step()
    m.start()
    m.run(20)
    assert m.state() == "recording"
    see_newest_beacon(m)
    assert m.state() == "stopped"
    assert "market_clock_wrong" in m.notices
    assert records_at_the_true_time(m)
    meet(m, off_s)
    assert records_at_the_true_time(m)
    check_sealed(m)


@pytest.mark.parametrize("bound", ["the log", "this computer's clock"])
@pytest.mark.parametrize("off_s", [*OFFSETS.values(), 301, -301, 299, -299])
def test_a_refused_time_of_the_marketplace_is_stored_until_a_valid_one(
    off_s: int, bound: str
) -> None:
    m = machine()
    if bound == "the log":
        now_ms = true_ms(m)
        # The log's clock is known to the millisecond.
        m.session.prove(now_ms, 0)
        m.clocks.wall = now_ms
    else:
        meet(m)
    assert not m.session.marketplace_refused
    meet(m, off_s)
    assert m.session.marketplace_refused is (abs(off_s) > 300)
    assert not m.session.in_doubt
    meet(m)
    assert not m.session.marketplace_refused


def test_a_jumping_marketplace_moves_nothing() -> None:
    m = machine()
    meet(m)
    m.start()
    for off_s in (*OFFSETS.values(), 0, *OFFSETS.values()):
        meet(m, off_s)
        m.run(5)
        assert m.state() == "recording"
    m.finish()
    assert m.errors() == []
    assert sum(t1 - t0 for t0, t1 in m.spans()) == 5 * (2 * len(OFFSETS) + 1)


@pytest.mark.parametrize("name", OFFSETS)
def test_a_receipt_shows_the_logs_time(name: str) -> None:
    """The marketplace's responses carry no time; a receipt of a new segment does."""
    off_s = OFFSETS[name]
    m = machine()
    m.clocks.wall += off_s * 1000
    m.boot()
    m.session.prove(true_ms(m), 60_000)
    m.step()
    assert m.notice().code == expected(off_s)
    m.engine.use_marketplace_time()
    m.step()
    assert records_at_the_true_time(m)


@pytest.mark.parametrize("value", [-1, 0, 1, 2**31, SANE_FROM_MS - 1, SANE_TO_MS, 2**53 - 1, 2**70])
def test_times_outside_of_the_sane_range_are_no_claims(value: int) -> None:
    clocks = Clocks()
    session = SessionClock(clocks, signed_ms=value)
    session.observe(value, clocks.up)
    session.prove(value)
    session.prove(value, 60_000)
    assert session.now_ms() == clocks.wall
    assert session.doubt(running=False) is None
    kept = SessionClock(clocks, ServerTimeEstimate(clocks.boot, value - clocks.up))
    assert kept.now_ms() == clocks.wall


@pytest.mark.parametrize(
    "record",
    [
        b"",
        b"{}",
        b"null",
        b"[]",
        b'["b", 1]',
        b'["b", 1.5, true]',
        b'["b", "1", true]',
        b'["b", true, true]',
        b'["b", Infinity, true]',
        b'["b", NaN, true]',
        b"[1, 1, true]",
        b'["b", 1, 1]',
        b"[" * 100_000,
        b"\xff",
    ],
)
def test_an_invalid_stored_clock_is_ignored(record: bytes) -> None:
    m = machine()
    m.disk.journal["clock"] = record
    assert Journal(m.disk).read_clock() is None
    m.boot()
    assert records_at_the_true_time(m)


def test_a_kept_clock_outside_of_the_sane_range_does_not_outlive_a_restart() -> None:
    m = machine()
    m.disk.journal["clock"] = json.dumps([m.clocks.boot, 2**53 - 1, True]).encode()
    m.boot()
    assert records_at_the_true_time(m)


def test_what_a_clock_in_the_future_recorded_is_set_aside_when_the_clocks_agree() -> None:
    m = machine()
    m.clocks.wall += 3 * DAY * 1000
    m.boot()
    m.start()
    m.run(90)
    meet(m)
    assert (m.state(), m.status.unsealed, m.disk.sealed) == ("stopped", 1, [])
    # Held in the journal while it is unknown which clock is right.
    m.boot()
    meet(m)
    m.run(60, typing=False)
    assert (m.status.unsealed, m.disk.sealed) == (1, [])
    m.engine.use_marketplace_time()
    m.run(10, typing=False)
    assert (m.status.unsealed, m.disk.sealed) == (0, [])
    assert "set_aside_clock" in m.notices
    assert [key.partition("/")[0] for key in sorted(m.disk.journal)] == ["aside", "clock"]
    assert records_at_the_true_time(m)


@pytest.mark.parametrize("jump_s", [-280, -3, 3, 280])
def test_a_few_minutes_stop_nothing(jump_s: int) -> None:
    m = machine()
    m.start()
    m.run(30)
    m.clocks.wall += jump_s * 1000
    m.run(30)
    assert m.state() == "recording"
    meet(m, jump_s)
    m.run(30)
    assert m.state() == "recording"
    m.finish()
    assert m.errors() == []


@pytest.mark.parametrize("off_s", [0, -7_200], ids=["this computer's", "the marketplace's"])
def test_that_the_clocks_agree_again_is_reported(off_s: int) -> None:
    """One clock is two hours off, and is set."""
    m = machine()
    if off_s == 0:
        m.clocks.wall += 7_200_000
    m.boot()
    meet(m, off_s)
    assert m.notices == ["clock_ahead_of_market"]
    m.clocks.wall = true_ms(m)
    meet(m)
    assert m.notices == ["clock_ahead_of_market", "clock_right"]
