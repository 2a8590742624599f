"""Where the cells of a day stand: hours as rows of six, memos as bands, empty hours folded.

Pure: values in, values out. Rules kept: a cell's place in its row is its local minute (every zone's
offset is a multiple of five minutes, so an hour holds six slots); an hour that a change of the
clocks repeats is two rows; nothing that has time is ever folded away.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from marketplace.review.view_models import MinuteRow, SlotView

_HOUR = dt.timedelta(hours=1)


@dataclass(frozen=True)
class PlacedSlot:
    """A cell and its place in the row, 0 to 5."""

    at: int
    cell: SlotView


@dataclass(frozen=True)
class Band:
    """Neighbouring cells of one hour that share a memo (None: no memo is known)."""

    memo: str | None
    cells: tuple[PlacedSlot, ...]

    @property
    def at(self) -> int:
        return self.cells[0].at

    @property
    def over(self) -> int:
        """How many places the band spans, 1 to 6."""
        return len(self.cells)


@dataclass(frozen=True)
class Hour:
    """A row of the day; `start` is on the hour in the day's own zone."""

    start: dt.datetime
    bands: tuple[Band, ...]


@dataclass(frozen=True)
class Fold:
    """Whole hours without time between two rows."""

    start: dt.datetime
    end: dt.datetime


def day_rows(cells: Iterable[SlotView]) -> tuple[Hour | Fold, ...]:
    """Rows of a day from its cells, which are in order of time."""
    rows: list[Hour | Fold] = []
    # The offset is part of the key: wall-clock times of a repeated hour compare as equal.
    for (start, _), group in groupby(cells, key=lambda c: (_hour(c.start), c.start.utcoffset())):
        if rows and (gap := _next_hour(rows[-1].start)).timestamp() < start.timestamp():
            rows.append(Fold(start=gap, end=start))
        rows.append(Hour(start=start, bands=_bands(group)))
    return tuple(rows)


def _hour(moment: dt.datetime) -> dt.datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def _next_hour(start: dt.datetime) -> dt.datetime:
    """An hour of real time later, in the same zone: wall-clock sums would skip or repeat it."""
    return _hour((start.astimezone(dt.UTC) + _HOUR).astimezone(start.tzinfo))


def _bands(cells: Iterable[SlotView]) -> tuple[Band, ...]:
    bands: list[Band] = []
    for cell in cells:
        placed = PlacedSlot(at=cell.start.minute // 10, cell=cell)
        last = bands[-1] if bands else None
        if last and last.memo == cell.memo and last.at + last.over == placed.at:
            bands[-1] = Band(memo=last.memo, cells=(*last.cells, placed))
        else:
            bands.append(Band(memo=cell.memo, cells=(placed,)))
    return tuple(bands)


@dataclass(frozen=True)
class Strip:
    """One kind of input over the ten minutes of a cell, for the chart.

    `heights` are 0 to 100, relative to the strip's own highest minute; None where not measured.
    """

    name: str
    total: int | None
    highest: int
    heights: tuple[int | None, ...]


def strips(rows: tuple[MinuteRow, ...]) -> tuple[Strip, ...]:
    """The strips of the per-minute chart: keys, clicks, scrolls."""
    return tuple(
        _strip(name, tuple(getattr(row, name) for row in rows))
        for name in ("keys", "clicks", "scrolls")
    )


def _strip(name: str, counts: tuple[int | None, ...]) -> Strip:
    measured = [count for count in counts if count is not None]
    highest = max(measured, default=0)
    return Strip(
        name=name,
        total=sum(measured) if measured else None,
        highest=highest,
        heights=tuple(None if count is None else _height(count, highest) for count in counts),
    )


def _height(count: int, highest: int) -> int:
    """At least 4 of 100 for a minute with any input, so that one key press can be seen."""
    return max(4, round(100 * count / highest)) if count else 0
