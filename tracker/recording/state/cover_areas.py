"""The areas of a picture that a person covers: checked before anything is painted.

An area that cannot be covered as drawn refuses the whole request, since the person relies on it.
"""

from __future__ import annotations

from collections.abc import Sequence

from diary.objects.picture import Picture

Area = tuple[int, int, int, int]
"""x, y, width, height, in pixels of the picture."""

#: Areas of a picture, those that were covered when it was taken included: with their disclosures
#: three such pictures stay far below the 64 kB of a segment.
MAX_AREAS = 100


def checked_areas(picture: Picture, areas: Sequence[Area]) -> tuple[Area, ...]:
    """The areas as far as they are in the picture, each once. Raises ValueError for none, for an
    area without a size or outside the picture, and for more than `MAX_AREAS`.
    """
    found: dict[Area, None] = {}
    for left, top, width, height in areas:
        right, bottom = min(left + width, picture.w), min(top + height, picture.h)
        x, y = max(left, 0), max(top, 0)
        if width < 1 or height < 1 or x >= right or y >= bottom:
            raise ValueError("an area covers no pixel of the picture")
        found[x, y, right - x, bottom - y] = None
    if not found:
        raise ValueError("no area")
    if len(found) + len(picture.redacted) > MAX_AREAS:
        raise ValueError("too many areas")
    return tuple(found)
