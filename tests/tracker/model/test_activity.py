"""Counts per minute: none lost, none invented."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from diary.objects.picture import UNMEASURED, check_minutes, has_input
from tests.diary.world import START
from tracker.model.activity import Activity, Counts, states


def key(number: int = 1) -> Counts:
    return Counts("ok", number, 0, 0, 0, None)


def test_counts_belong_to_the_minute_in_which_the_counting_began() -> None:
    activity = Activity(START)
    activity.add(START * 1000 + 59_999, key(3))
    activity.add(START * 1000 + 60_000, key(4))
    rows = activity.minutes(START, START + 600)
    assert rows[:2] == ((3, 0, 0, 0, None), (4, 0, 0, 0, None))
    assert rows[2:] == (UNMEASURED,) * 8


def test_a_minute_without_measurement_has_no_numbers() -> None:
    activity = Activity(START)
    for minute, quality in enumerate(("ok", "unavailable", "denied")):
        activity.add((START + 60 * minute) * 1000, Counts(quality, 0, 0, 0, 0, 0))  # type: ignore[arg-type]
    rows = activity.minutes(START, START + 180)
    assert rows[:4] == ((0, 0, 0, 0, 0), UNMEASURED, UNMEASURED, None)


def test_the_quality_is_the_best_there_was() -> None:
    activity = Activity(START)
    assert activity.quality == "unavailable"
    for given_quality, best in (
        ("denied", "denied"),
        ("active-only", "active-only"),
        ("unavailable", "active-only"),
        ("ok", "ok"),
    ):
        activity.add(START * 1000, Counts(given_quality))  # type: ignore[arg-type]
        assert activity.quality == best


def test_movement_never_takes_more_than_the_minute() -> None:
    activity = Activity(START)
    for _ in range(3):
        activity.add(START * 1000, Counts("ok", 0, 0, 0, 30, None))
    row = activity.minutes(START, START + 60)[0]
    assert row is not None
    assert row[3] == 60


def test_input_in_the_part_of_a_second_that_is_cut_off_goes_to_the_last_minute() -> None:
    activity = Activity(START)
    activity.add((START + 30) * 1000, key(5))
    activity.add((START + 60) * 1000, key(2))
    assert activity.minutes(START, START + 60)[0] == (7, 0, 0, 0, None)


def test_the_bars_of_a_slot_join_its_segments() -> None:
    first, second = Activity(START), Activity(START)
    first.add(START * 1000, key())
    first.add((START + 60) * 1000, key(0))
    second.add((START + 120) * 1000, Counts("unavailable"))
    rows = [first.minutes(START, START + 90), second.minutes(START + 90, START + 200)]
    assert states(rows)[:5] == ("active", "quiet", "unmeasured", "unmeasured", "none")
    assert states([]) == ("none",) * 10


@given(
    st.lists(st.tuples(st.integers(0, 599_999), st.integers(0, 9)), max_size=40),
    st.integers(0, 598),
    st.integers(1, 600),
)
def test_no_count_is_lost_and_the_rows_are_always_well_formed(
    added: list[tuple[int, int]], t0: int, length: int
) -> None:
    t1 = min(t0 + length, 600)
    activity = Activity(START)
    inside = [(at, n) for at, n in added if t0 * 1000 <= at < (t1 + 1) * 1000]
    for at, n in inside:
        activity.add(START * 1000 + at, key(n))
    rows = activity.minutes(START + t0, START + t1)
    as_json = [None if row is None else list(row) for row in rows]
    assert check_minutes(as_json, START, START + t0, START + t1, activity.quality) == rows
    assert sum(row[0] or 0 for row in rows if row) == sum(n for _, n in inside)
    assert any(has_input(row) for row in rows) == any(n for _, n in inside)
