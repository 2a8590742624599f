"""The session clock: the marketplace's time plus the uptime with sleep."""

from __future__ import annotations

import time
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from diary.core.demo_clock import TimeLapse
from diary.formats.encoding import b64url_decode
from tests.diary.world import START
from tests.time_zone import in_zone
from tests.tracker.machine import UP_AT_START, Clocks, Machine
from tracker.platform.clock import SystemClock, boot_token, sample, utc_offset
from tracker.recording.state.session_clock import ServerTimeEstimate, SessionClock


def test_the_machines_clocks_run() -> None:
    clock = SystemClock("boot")
    first = sample(clock)
    deadline = time.monotonic() + 10
    while clock.awake_ms() == first.awake:
        assert time.monotonic() < deadline
    second = sample(clock)
    assert second.up > first.up
    assert second.awake > first.awake
    assert abs(second.asleep_since(first)) <= 1
    assert abs(second.wall - time.time() * 1000) < 60_000
    assert clock.boot == "boot"


def test_a_sample_that_was_torn_apart_is_taken_again() -> None:
    class Torn(Clocks):
        reads = 0

        def uptime_ms(self) -> int:
            self.reads += 1
            if self.reads <= 2:
                self.work(5_000)
            return self.up

    clock = Torn()
    before = sample(Clocks())
    assert sample(clock).asleep_since(before) == 0
    assert clock.reads == 3


def test_one_boot_has_one_name_and_each_marketplace_another(tmp_path: Path) -> None:
    boot_id = tmp_path / "boot_id"
    boot_id.write_text("2d1ca1f8-6d5e-4a06-8b0c-6f1d5a4f7a01\n")
    name = boot_token(b"a.example", boot_id)
    assert len(b64url_decode(name, 16)) == 16
    assert boot_token(b"a.example", boot_id) == name
    assert boot_token(b"b.example", boot_id) != name
    boot_id.write_text("b0f1e0a7-53b5-4b7e-9d3e-0d9c4f4c1a02\n")
    assert boot_token(b"a.example", boot_id) != name


def test_where_boots_have_no_name_each_start_of_the_program_has_one(tmp_path: Path) -> None:
    names = iter([b"1" * 16, b"2" * 16])

    def token() -> str:
        return boot_token(b"", tmp_path / "none", lambda _: next(names))

    assert token() != token()


def test_the_shown_time_zone_is_an_offset() -> None:
    for zone, shown in (("UTC0", "+00:00"), ("XXX-5:30", "+05:30"), ("XXX3:30", "-03:30")):
        with in_zone(zone):
            assert utc_offset() == shown


def test_a_demonstration_runs_every_clock_faster() -> None:
    real = SystemClock("boot")
    origin_ms = real.wall_ms() - 1_000
    demo = SystemClock("boot", TimeLapse(600, origin_ms))
    before, first = sample(real), sample(demo, 600)
    deadline = time.monotonic() + 10
    while real.awake_ms() < before.awake + 50:
        assert time.monotonic() < deadline
    second, after = sample(demo, 600), sample(real)
    assert first.wall >= origin_ms + 600_000
    for name in ("wall", "up", "awake"):
        passed = getattr(second, name) - getattr(first, name)
        assert 48 * 600 <= passed <= (getattr(after, name) - getattr(before, name) + 1) * 600
    assert abs(second.asleep_since(first)) <= 2 * 61


def test_before_any_contact_the_first_reading_of_the_wall_clock_counts() -> None:
    clocks = Clocks()
    session = SessionClock(clocks)
    assert session.now_ms() == START * 1000
    clocks.wall -= 3_600_000
    clocks.work(10_000)
    clocks.sleep(5_000)
    assert session.now_ms() == START * 1000 + 15_000


def test_contact_changes_the_clock_but_no_earlier_mapping() -> None:
    clocks = Clocks()
    session = SessionClock(clocks)
    old = session.mapping()
    session.observe(START * 1000 + 90_000, clocks.up)
    assert session.now_ms() == START * 1000 + 90_000
    assert old.at(clocks.up) == START * 1000
    assert old.up(START * 1000) == clocks.up


@given(st.integers(-1_000, 1_000))
def test_small_differences_of_replies_do_not_change_the_clock(jitter_ms: int) -> None:
    clocks = Clocks()
    session = SessionClock(clocks)
    session.observe(START * 1000 + 90_000, clocks.up)
    fix = session.mapping()
    session.observe(START * 1000 + 90_000 + jitter_ms, clocks.up)
    assert session.mapping() == fix


def test_in_a_demonstration_a_delay_is_longer_in_its_time() -> None:
    clocks = Clocks()
    session = SessionClock(clocks, speed=60)
    session.observe(START * 1000 - 59_000, clocks.up)
    assert session.now_ms() == START * 1000
    session.observe(START * 1000 - 61_000, clocks.up)
    assert session.now_ms() == START * 1000 - 61_000


def test_an_estimate_is_good_for_its_boot_only() -> None:
    clocks = Clocks()
    session = SessionClock(clocks)
    session.observe(START * 1000 + 90_000, clocks.up)
    kept = session.estimate
    assert SessionClock(clocks, kept).now_ms() == START * 1000 + 90_000
    rebooted = Clocks(b"next" * 4)
    rebooted.up = 1_000
    assert SessionClock(rebooted, kept).now_ms() == START * 1000
    assert kept == ServerTimeEstimate(clocks.boot, START * 1000 + 90_000 - UP_AT_START)


def test_a_new_estimate_waits_for_the_next_segment() -> None:
    m = Machine()
    m.start()
    m.run(300)
    m.session.observe((START + 330) * 1000, m.clocks.up)
    m.run(400)
    m.finish()
    assert m.spans() == [(0, 600), (630, 730)]
    assert [s.segment.awake for s in m.disk.sealed] == [600_000, 100_000]
    assert m.errors() == []


def test_a_clock_that_was_ahead_continues_after_sealed_time_and_a_pause_corrects_it() -> None:
    m = Machine()
    m.start()
    m.run(590)
    m.session.observe((START + 580) * 1000, m.clocks.up)
    m.run(310)
    m.stop()
    m.run(60)
    assert m.spans() == [(0, 600), (600, 900)]
    assert m.notices == ["clock_ahead"]
    m.start()
    m.run(100)
    m.finish()
    assert m.spans()[2] == (950, 1050)
    assert m.errors() == []


def test_the_clock_survives_a_new_start_of_the_program() -> None:
    m = Machine()
    m.session.observe((START + 90) * 1000, m.clocks.up)
    m.step()
    m.boot()
    assert m.session.now_ms() == (START + 90) * 1000


def test_a_wall_clock_set_back_over_a_reboot_makes_no_instant_count_twice() -> None:
    m = Machine()
    other = m.other_contract()
    m.start()
    m.run(300)
    m.stop()
    m.run(60)
    m.clocks.wall = (START + 100) * 1000
    m.clocks.up, m.clocks.awake, m.clocks.boot = 5_000, 5_000, Clocks(b"next" * 4).boot
    m.boot()
    m.start("Elsewhere", other)
    m.run(50)
    m.finish()
    assert m.spans() == [(0, 300), (300, 350)]
    assert m.notices == ["clock_ahead"]
    assert m.errors() == []
