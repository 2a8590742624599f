"""Areas of rectangles, compared with the sets of their pixels."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tracker.masking.region import common, intersection, joined, outside, without
from tracker.masking.rules import Rectangle

WHOLE = (-3, -2, 22, 17)
SIDE = st.integers(1, 9)
RECTANGLES = st.lists(st.tuples(st.integers(-6, 20), st.integers(-6, 20), SIDE, SIDE), max_size=7)


def pixels(area: list[Rectangle]) -> set[tuple[int, int]]:
    return {(x + i, y + j) for x, y, w, h in area for i in range(w) for j in range(h)}


def is_disjoint(area: list[Rectangle]) -> bool:
    return len(pixels(area)) == sum(w * h for _, _, w, h in area)


@given(RECTANGLES, RECTANGLES)
def test_the_operations_are_those_of_sets(some: list[Rectangle], others: list[Rectangle]) -> None:
    one, other = joined([[each] for each in some]), joined([[each] for each in others])
    assert (pixels(one), pixels(other)) == (pixels(some), pixels(others))
    assert pixels(without(one, others)) == pixels(one) - pixels(other)
    assert pixels(common(one, other)) == pixels(one) & pixels(other)
    for area in (one, other, without(one, others), common(one, other)):
        assert is_disjoint(area)


@given(RECTANGLES)
def test_the_outside_is_the_rest_of_the_whole(some: list[Rectangle]) -> None:
    area = joined([[each] for each in some])
    rest = outside(area, WHOLE, 1000)
    assert pixels(rest) == pixels([WHOLE]) - pixels(area)
    assert is_disjoint(rest)


@given(RECTANGLES, st.integers(1, 6))
def test_a_limited_number_of_parts_covers_the_whole_rest(
    some: list[Rectangle], longest: int
) -> None:
    area = joined([[each] for each in some])
    rest = outside(area, WHOLE, longest)
    assert len(rest) <= longest
    assert is_disjoint(rest)
    assert pixels([WHOLE]) >= pixels(rest) >= pixels([WHOLE]) - pixels(area)


def test_rectangles_that_only_touch_do_not_intersect() -> None:
    assert intersection((0, 0, 5, 5), (5, 0, 5, 5)) is None
    assert intersection((0, 0, 5, 5), (4, 4, 5, 5)) == (4, 4, 1, 1)


def test_a_window_in_the_middle_leaves_four_parts() -> None:
    rest = outside([(100, 100, 300, 200)], (0, 0, 800, 600), 100)
    assert len(rest) == 4
    assert outside([], (0, 0, 800, 600), 1) == [(0, 0, 800, 600)]
    assert outside([(0, 0, 800, 600)], (0, 0, 800, 600), 1) == []
