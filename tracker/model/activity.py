"""Counted input, grouped into the ten minutes of a slot.

A minute that was not measured (no backend, a failed listener, a stopped program) has no numbers,
never zeros. Keys and pointer positions never reach this module.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from diary.core.slots import MINUTE, SLOT, covered_minutes
from diary.core.vocabulary import InputQuality
from diary.objects.picture import UNMEASURED, Minutes, Row, has_input, is_measured

MinuteState = Literal["active", "quiet", "unmeasured", "none"]

#: Best first.
_ORDER: tuple[InputQuality, ...] = ("ok", "active-only", "denied", "unavailable")


@dataclass(frozen=True)
class Counts:
    """Input since the last query, and the quality of its measurement.

    Presses without repeats; `moves` are seconds with pointer movement, with `active-only` seconds
    with any activity. None means "not measured".
    """

    quality: InputQuality = "unavailable"
    keys: int | None = None
    clicks: int | None = None
    scrolls: int | None = None
    moves: int | None = None
    injected: int | None = None

    @property
    def row(self) -> Row:
        """The counts as a row of `minutes`."""
        return (self.keys, self.clicks, self.scrolls, self.moves, self.injected)

    @property
    def measured(self) -> bool:
        """Whether zero counts mean that there was no input."""
        return self.quality in ("ok", "active-only")

    @property
    def present(self) -> bool:
        """Whether there was any input."""
        return has_input(self.row)


class Activity:
    """The ten rows of one segment of work in one slot.

    `slot` is the slot's start in Unix s; times given to it are session time in ms.
    """

    def __init__(
        self, slot: int, rows: Iterable[Row | None] = (), quality: InputQuality | None = None
    ) -> None:
        self._slot = slot
        self._rows: list[Row | None] = [*rows] or [None] * (SLOT // MINUTE)
        self._quality = quality

    @property
    def quality(self) -> InputQuality:
        """The best quality in the segment; rows without a measurement show the gaps."""
        return self._quality or "unavailable"

    def add(self, since_ms: int, counts: Counts) -> None:
        """Add the counts since `since_ms`.

        The recorder calls this at each turn of the minute, so all of them belong to the minute of
        `since_ms`. After a longer gap, the minutes in between stay unmeasured.
        """
        if self._quality is None or _ORDER.index(counts.quality) < _ORDER.index(self._quality):
            self._quality = counts.quality
        if counts.measured:
            minute = (since_ms // 1000 - self._slot) // MINUTE
            minute = min(max(minute, 0), len(self._rows) - 1)
            self._rows[minute] = _sum(self._rows[minute], counts.row)

    def minutes(self, t0: int, t1: int) -> Minutes:
        """The rows of a segment [t0, t1) (Unix s) of this slot.

        `t1` is cut to the whole second; input in the rest of that second goes to the segment's last
        minute.
        """
        covered = covered_minutes(self._slot, t0, t1)
        last = max(i for i, is_covered in enumerate(covered) if is_covered)
        rows: list[Row | None] = [
            (row or UNMEASURED) if is_covered else None
            for row, is_covered in zip(self._rows, covered, strict=True)
        ]
        for row in self._rows[last + 1 :]:
            if has_input(row):
                rows[last] = _sum(rows[last], row or UNMEASURED)
        return tuple(rows)

    def without_input(self) -> Activity:
        """The same minutes with the same quality and no input."""
        rows = [row and _sum_of_nothing(row) for row in self._rows]
        return Activity(self._slot, rows, self._quality)

    def stored(self) -> list[Row | None]:
        """The raw rows, for the journal."""
        return [*self._rows]


def states(minutes: Iterable[Minutes]) -> tuple[MinuteState, ...]:
    """The states for drawing a slot's ten minutes, from the rows of all its segments."""
    found: list[MinuteState] = []
    columns = [*zip(*minutes, strict=True)] or [()] * (SLOT // MINUTE)
    for column in columns:
        if any(has_input(row) for row in column):
            found.append("active")
        elif any(is_measured(row) for row in column):
            found.append("quiet")
        else:
            found.append("unmeasured" if any(row is not None for row in column) else "none")
    return tuple(found)


def _sum_of_nothing(row: Row) -> Row:
    keys, clicks, scrolls, moves, injected = (None if value is None else 0 for value in row)
    return (keys, clicks, scrolls, moves, injected)


def _sum(a: Row | None, b: Row) -> Row:
    pairs = [*zip(a or UNMEASURED, b, strict=True)]
    sums = [x if y is None else (x or 0) + y for x, y in pairs]
    if sums[3] is not None:
        sums[3] = min(sums[3], MINUTE)
    return (sums[0], sums[1], sums[2], sums[3], sums[4])
