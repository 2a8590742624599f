"""Areas of the desktop as lists of rectangles that do not overlap.

Only whole pixels; a rectangle is x, y, width, height. The functions never show more than asked: a
list that would be too long loses its smallest rectangles.
"""

from __future__ import annotations

from collections.abc import Iterable

from tracker.masking.rules import Rectangle


def intersection(one: Rectangle, other: Rectangle) -> Rectangle | None:
    """The common part of two rectangles, if there is one."""
    left, top = max(one[0], other[0]), max(one[1], other[1])
    right = min(one[0] + one[2], other[0] + other[2])
    bottom = min(one[1] + one[3], other[1] + other[3])
    return (left, top, right - left, bottom - top) if left < right and top < bottom else None


def without(area: Iterable[Rectangle], holes: Iterable[Rectangle]) -> list[Rectangle]:
    """The area without the holes. Rectangles of `area` must not overlap."""
    rest = list(area)
    for hole in holes:
        rest = [part for rectangle in rest for part in _cut(rectangle, hole)]
    return rest


def common(area: Iterable[Rectangle], other: Iterable[Rectangle]) -> list[Rectangle]:
    """The common part of two areas, each without overlaps."""
    others = list(other)
    found = (intersection(one, each) for one in area for each in others)
    return [part for part in found if part is not None]


def joined(areas: Iterable[Iterable[Rectangle]]) -> list[Rectangle]:
    """All areas together, without overlaps."""
    whole: list[Rectangle] = []
    for area in areas:
        whole += without(area, whole)
    return whole


def outside(area: Iterable[Rectangle], whole: Rectangle, longest: int) -> list[Rectangle]:
    """The part of `whole` outside the area, in at most `longest` rectangles without overlaps: if
    there would be more, the smallest parts of the area count as outside.
    """
    shown = sorted(area, key=lambda one: one[2] * one[3], reverse=True)
    while len(found := _merged(without([whole], shown))) > longest:
        # The list ends with one rectangle, the whole.
        shown = shown[: max(len(shown) * 3 // 4, 0)]
    return found


def _cut(rectangle: Rectangle, hole: Rectangle) -> list[Rectangle]:
    """The parts of a rectangle that are not in the hole: above, below, left and right of it."""
    part = intersection(rectangle, hole)
    if part is None:
        return [rectangle]
    x, y, width, height = rectangle
    left, top, right, bottom = part[0], part[1], part[0] + part[2], part[1] + part[3]
    found = (
        (x, y, width, top - y),
        (x, bottom, width, y + height - bottom),
        (x, top, left - x, bottom - top),
        (right, top, x + width - right, bottom - top),
    )
    return [one for one in found if one[2] > 0 and one[3] > 0]


def _merged(area: Iterable[Rectangle]) -> list[Rectangle]:
    """The same area with fewer rectangles: neighbours of one width, one above the other."""
    found: list[Rectangle] = []
    ends: dict[tuple[int, int, int], int] = {}  # by left, width and bottom: the index in `found`
    for x, y, width, height in sorted(area, key=lambda one: (one[1], one[0])):
        index = ends.pop((x, width, y), None)
        if index is None:
            ends[x, width, y + height] = len(found)
            found.append((x, y, width, height))
        else:
            above = found[index]
            found[index] = (x, above[1], width, above[3] + height)
            ends[x, width, y + height] = index
    return found
