"""Every bound of the check, on both sides, to the millisecond."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from diary.core.findings import Code
from diary.core.slots import DAY, SLOT
from diary.log.leaf import LeafType
from diary.objects.picture_times import pick_times, scheduled_times
from diary.verification.check import check
from tests.diary.cases.common import one, plain
from tests.diary.world import START, Random, World

END = START + SLOT
MS = 0.001


def codes(world: World) -> set[str]:
    return {finding.code.value for finding in check(world.evidence()).findings}


@pytest.mark.parametrize(
    ("at_s", "found"),
    [
        (END - 5.001, {"E_AFTER_RECEIPT"}),
        (END - 5, set()),
        (END + 1800, set()),
        (END + 1800 + MS, {"W_LATE"}),
        (END + 60 * DAY, {"W_LATE"}),
        (END + 60 * DAY + MS, {"E_LATE"}),
    ],
)
def test_when_a_segment_was_received(at_s: float, found: set[str]) -> None:
    assert {f.code.value for f in check(one(at_s=at_s)).findings} == found


def test_late_is_counted_from_the_slot_and_too_late_from_the_end() -> None:
    for at_s, found in [
        (END + 1800, set()),
        (START + 60 + 60 * DAY, {"W_LATE"}),
        (START + 60 + 60 * DAY + MS, {"E_LATE"}),
    ]:
        evidence = one(plain(), START, START + 60, at_s=at_s)
        assert {f.code.value for f in check(evidence).findings} == found


@pytest.mark.parametrize(("at_s", "found"), [(5.0, set()), (5.001, {"E_DEVICE_UNLOGGED"})])
def test_when_the_device_was_enrolled(at_s: float, found: set[str]) -> None:
    world = plain()
    world.add_beacon(START)
    world.enrolled_at = world.log_object(
        LeafType.DEVICE, world.enrolment.digest, START + at_s, world.enrolment.kid
    )
    assert {f.code.value for f in check(one(world)).findings} == found


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"awake": 598_000}, set()),
        ({"awake": 597_999}, {"E_TIME_RANGE"}),
        ({"awake": 602_000}, set()),
        ({"awake": 602_001}, {"E_TIME_RANGE"}),
        ({"up1": 10_602_000}, set()),
        ({"up1": 10_602_001}, {"E_TIME_RANGE"}),
        ({"up1": 10_000_000}, set()),
        ({"t1": END + 1, "awake": 601_000}, {"E_TIME_RANGE"}),
    ],
)
def test_how_long_a_segment_was(change: dict[str, Any], found: set[str]) -> None:
    assert {f.code.value for f in check(one(**change)).findings} == found


@pytest.mark.parametrize(
    ("t0", "t1", "found"),
    [
        (START, END, set()),
        (START - 1, START + 1, {"E_TIME_RANGE"}),
        (START + 70, START + 70, {"E_TIME_RANGE"}),
        (START + 70, START + 71, set()),
        (END - 1, END, set()),
        (END, END, {"E_TIME_RANGE"}),
    ],
)
def test_where_in_its_slot_a_segment_lies(t0: int, t1: int, found: set[str]) -> None:
    assert {f.code.value for f in check(one(plain(), t0, t1)).findings} == found


@pytest.mark.parametrize(
    ("logged_s", "found"), [(START - 300, set()), (START - 300 + MS, {"E_TERMS"})]
)
def test_when_terms_were_logged(logged_s: float, found: set[str]) -> None:
    world = plain()
    world.terms_at = [world.log_terms(world.terms, logged_s)]
    assert {f.code.value for f in check(one(world)).findings} == found


@pytest.mark.parametrize(
    ("from_s", "found"),
    [
        (START - 300, set()),  # as old as the ones in use: the device may use either
        (START - 299, {"E_TERMS"}),
        (START, {"E_TERMS"}),
        (START + 1, set()),
    ],
)
def test_from_when_newer_terms_bind(from_s: int, found: set[str]) -> None:
    world = plain()
    newer = replace(world.terms, from_s=from_s, limit_s=3600)
    world.terms_at.append(world.log_terms(newer, START - 310))
    assert {f.code.value for f in check(one(world)).findings} == found


def test_terms_may_begin_with_the_segment() -> None:
    world = plain()
    world.terms = replace(world.terms, from_s=START)
    world.terms_at.append(world.log_terms(world.terms, START - 310))
    assert codes_of(world) == set()


def codes_of(world: World) -> set[str]:
    """The findings for one complete segment in it."""
    world.log_segment(world.work(START))
    return codes(world)


@pytest.mark.parametrize(
    ("at_s", "void"),
    [(-120 - MS, True), (-120.0, False), (0.0, False), (MS, True), (539.0, True)],
)
def test_when_a_beacon_was_logged(at_s: float, void: bool) -> None:
    world = plain()
    world.add_beacon(START, START + at_s)
    assert codes_of(world) == ({"E_BEACON"} if void else set())


@pytest.mark.parametrize(
    ("at_s", "void"),
    [(-120 - MS, True), (-120.0, False), (0.0, False), (600 - MS, False), (600.0, True)],
)
def test_when_the_genesis_beacon_was_logged(at_s: float, void: bool) -> None:
    world = World(shots=0, genesis_s=START - SLOT + at_s)
    found = check(world.evidence(devices=[], terms=[])).findings
    assert {f.code for f in found} == ({Code.E_BEACON} if void else set())


@pytest.mark.parametrize(
    ("drift", "jumped"), [(2_000, False), (2_001, True), (-2_000, False), (-2_001, True)]
)
def test_how_far_the_clock_may_move(drift: int, jumped: bool) -> None:
    world = plain()
    world.day(1)
    up0, up1 = 10_600_000 + drift, 11_200_000 + drift
    world.log_segment(world.work(START + SLOT, up0=up0, up1=up1))
    assert codes(world) == ({"W_CLOCK_JUMP"} if jumped else set())


def with_due(wanted: Callable[[int], bool]) -> tuple[World, int]:
    """A world with the wanted picture time in the slot, and that time."""
    world, random = World(), Random("beacons")
    value = world.moments.value(START)
    assert value is not None
    while True:
        val = random(32)
        (due,) = scheduled_times(value, val, START, START, 1)
        if wanted(due):
            world.add_beacon(START, val=val)
            return world, due


def on_a_second(due: int) -> bool:
    return due % 1000 == 0 and 60_000 < due - START * 1000 < 500_000


def found_with(world: World, t0: int, t1: int, shots: list[int], shot: str) -> set[str]:
    """The findings for a segment [t0, t1) with pictures at these times."""
    body = world.body(START, t0, t1)
    minutes = world.minutes(body)
    active = sum(row is not None and any(row[:4]) for row in minutes)
    pictures = [world.picture(at) for at in shots]
    body = replace(body, pics=len(shots), shot=shot, active=active)  # type: ignore[arg-type]
    world.log_segment(world.seal(body, "memo", minutes, pictures))
    return codes(world)


def test_a_picture_time_on_the_first_millisecond_is_in_the_segment() -> None:
    world, due = with_due(on_a_second)
    assert found_with(world, due // 1000, due // 1000 + 20, [due], "ok") == set()
    world, due = with_due(on_a_second)
    # One second later it has passed, and the next draw counts.
    assert "E_SHOT_TIME" in found_with(world, due // 1000 + 1, END, [due + 1000], "ok")


def test_a_picture_time_on_the_last_millisecond_has_ended() -> None:
    world, due = with_due(on_a_second)
    assert found_with(world, START, due // 1000, [], "ended") == set()
    world, due = with_due(on_a_second)
    assert found_with(world, START, due // 1000, [due - 1], "ok") == {"E_MOMENT", "E_SHOT_TIME"}


@pytest.mark.parametrize(("late_s", "found"), [(10, set()), (11, {"E_MOMENT"})])
def test_a_segment_may_end_within_the_tolerance_without_its_picture(
    late_s: int, found: set[str]
) -> None:
    world, due = with_due(on_a_second)
    assert found_with(world, START, due // 1000 + late_s, [], "ended") == found


@pytest.mark.parametrize(
    ("late_ms", "found"), [(-1, {"E_SHOT_TIME"}), (0, set()), (999, set()), (1000, {"E_SHOT_TIME"})]
)
def test_a_picture_lies_within_its_segment(late_ms: int, found: set[str]) -> None:
    world, due = with_due(on_a_second)
    assert found_with(world, START, due // 1000 + 1, [due + late_ms], "ok") == found


def test_a_kept_picture_lies_within_its_segment() -> None:
    for late_ms, found in [(0, set()), (999, set()), (1000, {"E_SHOT_TIME"})]:
        world = World()
        value = world.moments.value(START)
        world.body(START)  # makes the beacon
        assert value is not None
        due = max(pick_times(value, world.beacon_value(START), START))
        t1 = due // 1000 + 1
        at = t1 * 1000 - 1000 + late_ms
        body = replace(world.body(START, START, t1), kind="kept", pics=1, shot="ok")
        minutes = world.minutes(body)
        active = sum(row is not None and any(row[:4]) for row in minutes)
        at = max(at, due)
        world.log_segment(
            world.seal(replace(body, active=active), "memo", minutes, [world.picture(at)])
        )
        assert codes(world) == found


def test_a_kept_picture_at_the_first_millisecond() -> None:
    world, due = with_due(on_a_second)
    body = replace(world.body(START, due // 1000, END), kind="kept", pics=1, shot="ok")
    minutes = world.minutes(body)
    active = sum(row is not None and any(row[:4]) for row in minutes)
    picture = world.picture(due)
    world.log_segment(world.seal(replace(body, active=active), "memo", minutes, [picture]))
    assert codes(world) == set()


def test_a_segment_may_use_the_same_beacon_but_no_older_one() -> None:
    world = plain()
    world.log_segment(world.work(START, START, START + 100))
    world.log_segment(world.work(START, START + 100, START + 200))
    assert codes(world) == set()
