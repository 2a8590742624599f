"""Idle time: held back, decided, and never measured where it cannot be."""

from __future__ import annotations

import pytest

from tests.tracker.machine import Machine


def test_a_slot_that_ends_in_a_quiet_minute_waits_for_input() -> None:
    m = Machine()
    m.start()
    m.run(530)
    m.run(100, typing=False)
    assert m.disk.sealed == []
    m.run(1, typing=True)
    m.run(1)
    assert m.spans() == [(0, 600)]
    assert m.ends() == ["slot"]


def test_a_slot_whose_tail_is_shorter_than_a_minute_is_sealed_at_once() -> None:
    m = Machine(terms={"shots": 0})
    m.start()
    m.run(545)
    m.run(56, typing=False)
    assert m.spans() == [(0, 600)]


def test_at_the_threshold_the_run_ends_at_the_last_input() -> None:
    m = Machine(terms={"kept": False})
    m.start()
    m.run(400)
    m.run(599, typing=False)
    assert m.state() == "recording"
    m.run(2, typing=False)
    assert m.state() == "idle"
    assert m.notices == ["ended_idle"]
    m.run(60, typing=True)
    assert m.state() == "idle"
    assert (m.spans(), m.ends()) == ([(0, 400)], ["idle"])
    body = m.disk.sealed[0].segment
    assert body.up0 is not None
    assert body.up1 is not None
    assert (body.up1 - body.up0, body.awake) == (400_000, 400_000)
    assert m.errors() == []


@pytest.mark.parametrize("kept", [False, True])
def test_wholly_idle_slots_vanish_with_their_pictures(kept: bool) -> None:
    m = Machine(terms={"idle_s": 900, "shots": 3, "kept": kept})
    m.start()
    m.run(500)
    m.run(1000, typing=False)
    assert m.state() == "idle"
    m.stop()
    m.run(60, typing=False)
    assert m.spans() == [(0, 500)]
    named = {f for s in m.disk.sealed[0].pictures.values() for f in (s.blob.sha256, s.thumb.sha256)}
    assert m.disk.blobs.keys() == named
    assert m.disk.journal.keys() == {"clock"}
    assert m.errors() == []


def test_a_run_without_any_input_leaves_nothing() -> None:
    m = Machine()
    m.start()
    m.run(700, typing=False)
    assert m.state() == "idle"
    m.stop()
    assert (m.disk.sealed, m.disk.blobs, [*m.disk.journal]) == ([], {}, ["clock"])


def test_start_after_idle_time_begins_a_new_segment_now() -> None:
    m = Machine()
    m.start()
    m.run(100)
    m.run(650, typing=False)
    m.start()
    m.run(50)
    m.finish()
    assert m.spans() == [(0, 100), (750, 800)]


def test_stop_answers_the_idle_state() -> None:
    m = Machine()
    m.start()
    m.run(700, typing=False)
    m.stop()
    assert m.state() == "stopped"


@pytest.mark.parametrize(
    ("end", "name"), [("stop", "stop"), ("lock", "lock"), ("suspend", "suspend")]
)
def test_a_run_that_ends_below_the_threshold_keeps_its_quiet_time(end: str, name: str) -> None:
    m = Machine()
    m.start()
    m.run(500)
    m.run(200, typing=False)
    assert m.disk.sealed == []
    getattr(m.engine, end)()
    m.run(60, typing=False)
    assert m.spans() == [(0, 600), (600, 700)]
    assert m.ends() == ["slot", name]
    assert m.errors() == []


@pytest.mark.parametrize("quality", ["unavailable", "denied"])
def test_where_input_cannot_be_measured_nothing_is_idle_and_nothing_is_held_back(
    quality: str,
) -> None:
    m = Machine()
    m.input.quality = quality
    m.start()
    m.run(1250, typing=False)
    assert m.state() == "recording"
    assert m.spans() == [(0, 600), (600, 1200)]
    assert {s.segment.input for s in m.disk.sealed} == {quality}
    assert {s.minutes for s in m.disk.sealed} == {((None,) * 5,) * 10}
    assert m.errors() == []


def test_active_seconds_alone_are_enough_to_detect_idle_time() -> None:
    m = Machine()
    m.input.quality = "active-only"
    m.start()
    m.run(100)
    m.run(650, typing=False)
    assert m.state() == "idle"
    body = m.disk.sealed[0]
    assert m.spans() == [(0, 100)]
    assert body.segment.input == "active-only"
    assert body.minutes is not None
    assert body.minutes[0] == (None, None, None, 60, None)
    assert m.errors() == []


def test_a_listener_that_dies_is_not_idle_time_and_its_minutes_are_not_measured() -> None:
    m = Machine()
    m.start()
    m.run(120)
    m.input.quality = "unavailable"
    m.run(1080, typing=False)
    m.input.quality = "ok"
    m.run(30)
    sealed = m.finish()
    assert m.spans() == [(0, 600), (600, 1200), (1200, 1230)]
    assert [s.segment.input for s in sealed] == ["ok", "unavailable", "ok"]
    assert sealed[0].minutes is not None
    assert sealed[0].minutes[2:] == ((None,) * 5,) * 8
    assert m.errors() == []


def test_quiet_time_on_one_contract_is_kept_by_the_switch_to_another() -> None:
    m = Machine()
    other = m.other_contract()
    m.start()
    m.run(500)
    m.run(200, typing=False)
    m.start("Elsewhere", other)
    m.run(60)
    m.finish()
    assert m.spans() == [(0, 600), (600, 700), (700, 760)]
    assert m.ends() == ["slot", "switch", "stop"]
