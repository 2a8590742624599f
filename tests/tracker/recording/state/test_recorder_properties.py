"""Properties of the recorder under any sequence of events: time awake while recording is credited
once, and the verifier accepts every segment.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tracker.machine import Machine
from tracker.recording.journal import load
from tracker.recording.state.open_segment import OpenSegment


@dataclass
class TimedMachine:
    """A machine, and the time that it was awake while it recorded, counted independently."""

    machine: Machine
    worked_ms: int = 0
    unseen_ms: int = 0
    edges: int = 0

    def look(self) -> None:
        """Let the engine read its clocks. The time since its last reading counts as worked, unless
        a sleep or a changed wall clock has ended the run at that reading.
        """
        recording = self.machine.state() == "recording"
        ends = self._ends_at_last_reading()
        self.machine.step()
        if recording and self._ends_at_last_reading() == ends:
            self.worked_ms += self.unseen_ms
        self.unseen_ms = 0

    def _ends_at_last_reading(self) -> int:
        codes = ("ended_suspend", "clock_set_ahead", "clock_set_back")
        return sum(map(self.machine.notices.count, codes))

    def awake(self, ms: int, typing: bool = True) -> None:
        self.machine.pass_time(ms, typing)
        self.unseen_ms += ms

    def work(self, seconds: int, late_ms: int, typing: bool = True) -> None:
        """Work for so many seconds; the engine reads its clocks `late_ms` late each time."""
        left = seconds * 1000
        while left > 0:
            delay = self.machine.step()
            ms = left if delay is None else min(left, round(delay * 1000) + late_ms)
            self.awake(max(1, ms), typing)
            left -= max(1, ms)
            self.look()


def start(timed: TimedMachine, memo: int) -> None:
    timed.look()
    timed.machine.start(f"Memo {memo}")
    timed.edges += 1


def command(name: str) -> Callable[[TimedMachine], None]:
    def run(timed: TimedMachine) -> None:
        timed.look()
        getattr(timed.machine.engine, name)()
        timed.look()
        timed.edges += 1

    return run


def wall(timed: TimedMachine, jump_s: int) -> None:
    timed.machine.clocks.wall += jump_s * 1000


def observe(timed: TimedMachine, change_s: int) -> None:
    session = timed.machine.session
    session.observe(session.now_ms() + change_s * 1000, timed.machine.clocks.up)
    timed.edges += 2


def sleep(timed: TimedMachine, ms: int) -> None:
    timed.machine.clocks.sleep(ms)
    timed.look()
    timed.edges += 1


_LATE = st.sampled_from([0, 0, 7, 350, 2_900, 8_000])
_WORK = st.builds(
    lambda seconds, late: lambda timed: timed.work(seconds, late), st.integers(1, 900), _LATE
)
_PAUSE = st.builds(lambda ms: lambda timed: timed.awake(ms), st.integers(1, 5_000))
_START = st.builds(lambda memo: lambda timed: start(timed, memo), st.integers(0, 2))
_ENDS = st.sampled_from(["stop", "stop", "lock", "suspend", "unlock", "resume"]).map(command)
_WALL = st.builds(
    lambda s: lambda timed: wall(timed, s),
    st.sampled_from([3600, -3600, 86_400, -86_400, 1, -1, 7200]),
)
_SLEEP = st.builds(
    lambda ms: lambda timed: sleep(timed, ms),
    st.one_of(st.integers(1, 999), st.integers(1_001, 8 * 3_600_000)),
)
_OBSERVE = st.builds(lambda s: lambda timed: observe(timed, s), st.integers(-200, 200))


def machine(**terms: object) -> Machine:
    m = Machine(terms=dict(terms), slots=0)
    m.disk.published = True
    return m


def set_aside(m: Machine) -> list[OpenSegment]:
    """The segments that were not sealed because their clock was wrong."""
    return [load(data).segment for key, data in m.disk.journal.items() if key.startswith("aside/")]


def recorded(
    m: Machine, happenings: list[Callable[[TimedMachine], None]], after_s: int
) -> tuple[TimedMachine, int]:
    """Let all happen, stop, wait and check the record; also returns the credited milliseconds."""
    timed = TimedMachine(m)
    for happen in happenings:
        happen(timed)
    timed.look()
    m.stop()
    m.run(after_s, typing=False)
    check_the_record(m)
    return timed, sum(t1 - t0 for t0, t1 in m.spans()) * 1000


def check_the_record(m: Machine) -> None:
    assert m.errors() == []
    assert all(a[1] <= b[0] for a, b in pairwise(m.spans()))
    for sealed in m.disk.sealed:
        body = sealed.segment
        assert body.slot <= body.t0 < body.t1 <= body.slot + 600
    assert {key for key in m.disk.journal if not key.startswith("aside/")} <= {"clock"}
    assert len(set_aside(m)) == m.notices.count("set_aside_clock")


@settings(max_examples=60)
@given(st.lists(st.one_of(_WORK, _START, _ENDS, _PAUSE, _WALL, _SLEEP, _OBSERVE), max_size=25))
def test_credited_is_the_time_awake_whatever_the_clocks_do(
    happenings: list[Callable[[TimedMachine], None]],
) -> None:
    m = machine(idle_s=900)
    timed, credited_ms = recorded(m, happenings, 60)
    aside_ms = sum(segment.seconds for segment in set_aside(m)) * 1000
    # Each end of a contiguous piece of work is rounded down to the whole second.
    assert abs(credited_ms + aside_ms - timed.worked_ms) <= 1000 * (timed.edges + 1)


def quiet(timed: TimedMachine, seconds: int) -> None:
    timed.work(seconds, 0, typing=False)


def measure(timed: TimedMachine, quality: str) -> None:
    timed.machine.input.quality = quality


def on_picture(name: str) -> Callable[[TimedMachine], None]:
    def run(timed: TimedMachine) -> None:
        m = timed.machine
        if not m.has_picture():
            return
        if name == "hold_picture":
            m.engine.hold_picture(m.picture().id, held=True)
        elif name == "cover_picture":
            m.engine.cover_picture(m.picture().id, ((0, 0, 9, 1),))
        else:
            getattr(m.engine, name)(m.picture().id)
        timed.look()

    return run


def crash(timed: TimedMachine) -> None:
    timed.machine.boot()
    timed.machine.step()


def elsewhere(timed: TimedMachine) -> None:
    m = timed.machine
    others = [ctr for ctr in m.disk.contract_infos if ctr != m.ctr]
    m.start("Elsewhere", others[0] if others else m.other_contract())


def decide(timed: TimedMachine, *, keep: bool) -> None:
    timed.look()
    engine = timed.machine.engine
    engine.keep_idle("On the phone") if keep else engine.discard_idle()
    timed.look()


_DECIDE = st.builds(lambda keep: lambda timed: decide(timed, keep=keep), st.booleans())
_QUIET = st.builds(lambda s: lambda timed: quiet(timed, s), st.integers(1, 700))
_QUALITY = st.builds(
    lambda q: lambda timed: measure(timed, q),
    st.sampled_from(["ok", "active-only", "unavailable", "denied"]),
)
_PICTURE = st.sampled_from(
    ["keep_picture", "cover_picture", "delete_picture", "undo_deletion", "hold_picture"]
).map(on_picture)
_ANYTHING = st.one_of(
    _WORK,
    _QUIET,
    _DECIDE,
    _START,
    _ENDS,
    _PAUSE,
    _WALL,
    _SLEEP,
    _OBSERVE,
    _QUALITY,
    _PICTURE,
    st.sampled_from([crash, elsewhere]),
)


@settings(max_examples=60)
@given(
    st.lists(_ANYTHING, max_size=30),
    st.integers(0, 3),
    st.sampled_from([0, 15, 200]),
    st.sampled_from([60, 300, 900]),
    st.sampled_from([None, 500, 2000]),
)
def test_any_history_verifies_without_invented_or_doubled_time(
    happenings: list[Callable[[TimedMachine], None]],
    shots: int,
    review_s: int,
    idle_s: int,
    limit_s: int | None,
) -> None:
    m = machine(shots=shots, review_s=review_s, idle_s=idle_s, limit_s=limit_s)
    timed, credited_ms = recorded(m, happenings, 1000)
    awake_ms = m.clocks.awake - 5_432_123
    assert credited_ms <= awake_ms + 1000 * (timed.edges + 1)
    if limit_s is not None:
        mine = [s.segment for s in m.disk.sealed if s.segment.ctr == m.ctr]
        assert sum(s.seconds for s in mine) <= limit_s
    named = {
        f
        for s in m.disk.sealed
        for p in s.pictures.values()
        for f in (p.blob.sha256, p.thumb.sha256)
    }
    assert named <= m.disk.blobs.keys()
    leftover = len(m.disk.blobs.keys() - named)
    assert leftover <= 6 * happenings.count(crash)


def test_a_segment_is_never_compared_by_its_values() -> None:
    # Two segments of equal values are two segments: lists of them search by identity.
    assert OpenSegment.__eq__ is object.__eq__
