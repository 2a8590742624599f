"""Activity in a real Wayland session, compared with swayidle."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desktop_fixtures.waiting import wait_for
from tests.desktop_fixtures.wayland import WaylandSession
from tracker.input.backends.wayland.idle_notify import IdleNotifyInput
from tracker.input.interface import InputError
from tracker.input.minute_counters import Counters
from tracker.input.monitor import InputMonitor
from tracker.model.activity import Counts

pytestmark = pytest.mark.xdist_group("wayland")

ENDED = "listening to input failed"


def uptime_ms() -> int:
    return time.monotonic_ns() // 1_000_000


def enter(session: WaylandSession, monkeypatch: pytest.MonkeyPatch) -> None:
    """This process finds the session's compositor."""
    for name in ("WAYLAND_DISPLAY", "XDG_RUNTIME_DIR", "XDG_CURRENT_DESKTOP"):
        monkeypatch.setenv(name, session.env[name])


class Reference:
    """swayidle, which writes the times of idleness and resumption."""

    def __init__(self, session: WaylandSession) -> None:
        self._file: Path = session.folder / "swayidle"
        self._file.write_text("")
        self._file.chmod(0o666)
        note = f"date +'%s.%N {{}}' >>{self._file}"
        command = ["timeout", "1", note.format("idle"), "resume", note.format("active")]
        session.popen(["swayidle", "-C", "/dev/null", *command])

    def events(self) -> list[tuple[float, str]]:
        """Unix seconds and the event."""
        lines = [line.split() for line in self._file.read_text().splitlines()]
        return [(float(line[0]), line[1]) for line in lines]

    def idle(self, times: int = 1) -> bool:
        return [word for _, word in self.events()].count("idle") >= times


@pytest.fixture
def quiet(session: WaylandSession, monkeypatch: pytest.MonkeyPatch) -> Iterator[Reference]:
    """The session, found by this process, without activity."""
    session.programs.end()
    enter(session, monkeypatch)
    reference = Reference(session)
    wait_for(reference.idle, what="a session in which nothing happens")
    yield reference
    session.programs.end()


def test_as_many_seconds_are_reported_as_swayidle_sees(
    session: WaylandSession, quiet: Reference
) -> None:
    counters = Counters(uptime_ms)
    backend = IdleNotifyInput()
    backend.start(counters)
    for time_, letters in enumerate((1, 12, 6), start=2):
        session.type("-d", "250", "x" * letters)
        wait_for(lambda times=time_: quiet.idle(times), what="idleness")  # type: ignore[misc]
    backend.stop()
    counts = counters.take("active-only")

    # A slow machine types with longer gaps: then there are more spans.
    spans = list(zip(quiet.events()[1::2], quiet.events()[2::2], strict=True))
    assert len(spans) >= 3
    assert {(begun[1], ended[1]) for begun, ended in spans} == {("active", "idle")}
    # The last input came a second before its absence was noticed.
    seconds = [ended[0] - 1 - begun[0] for begun, ended in spans]
    expected = sum(int(span) + 1 for span in seconds)
    assert counts.moves is not None
    assert abs(counts.moves - expected) <= len(spans)
    assert counts == Counts("active-only", moves=counts.moves)


def test_nothing_is_reported_during_absence(session: WaylandSession, quiet: Reference) -> None:
    meter = InputMonitor(IdleNotifyInput(), uptime_ms)
    meter.start(wait_s=20)
    again = Reference(session)
    wait_for(again.idle, what="a second without input")
    assert meter.take() == Counts("active-only", moves=0)
    assert meter.last_input_uptime_ms is None
    session.type("x")
    wait_for(lambda: meter.last_input_uptime_ms, what="the input to be noticed")
    assert meter.take() == Counts("active-only", moves=1)
    meter.stop()


def test_the_pointer_is_activity_too(session: WaylandSession, quiet: Reference) -> None:
    counters = Counters(uptime_ms)
    backend = IdleNotifyInput()
    backend.start(counters)
    again = Reference(session)
    wait_for(again.idle, what="a second without input")
    session.sway_do("seat seat0 cursor move 10 10")
    wait_for(lambda: counters.last_input_uptime_ms, what="the movement to be noticed")
    backend.stop()
    assert counters.take("active-only").moves == 1


def test_nothing_is_reported_after_the_end(session: WaylandSession, quiet: Reference) -> None:
    counters = Counters(uptime_ms)
    backend = IdleNotifyInput()
    backend.start(counters)
    assert backend.alive()
    backend.stop()
    assert not backend.alive()
    session.type("x")
    wait_for(lambda: quiet.idle(2), what="idleness after the input")
    assert counters.take("active-only").moves == 0


@pytest.mark.expected_logs(ENDED)
def test_a_compositor_that_died_is_noticed_and_the_next_one_is_heard(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    meter = InputMonitor(IdleNotifyInput(), uptime_ms, retry_s=0.05)
    with WaylandSession(portal=False) as first:
        enter(first, monkeypatch)
        meter.start(wait_s=20)
        assert meter.take().measured
        first.sway.stop()
        gap = wait_for(lambda: next((c for c in [meter.take()] if not c.measured), None))
    assert gap == Counts("unavailable")
    with pytest.raises(InputError):
        IdleNotifyInput().start(Counters(uptime_ms))

    with WaylandSession(portal=False) as second:
        enter(second, monkeypatch)
        wait_for(lambda: meter.take().measured, what="the new compositor to be heard")
        reference = Reference(second)
        wait_for(reference.idle, what="a second without input")
        before = meter.last_input_uptime_ms
        second.type("x")
        wait_for(lambda: meter.last_input_uptime_ms != before, what="the input to be noticed")
        meter.stop()
