"""The layout of a day: hours as rows of six slots, memos as bands, empty hours folded.

Pure functions. Rules kept: the column of a slot follows from its local minute (offsets of time
zones are multiples of five minutes, so an hour has six slots); an hour that a clock change repeats
has two rows; an hour with time is never folded.
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
    """A slot and its column in the row, 0 to 5."""

    column: int
    slot: SlotView


@dataclass(frozen=True)
class Band:
    """Neighbouring slots of one hour that share a memo (None: no memo is known)."""

    memo: str | None
    slots: tuple[PlacedSlot, ...]

    @property
    def column(self) -> int:
        return self.slots[0].column

    @property
    def span(self) -> int:
        """The number of columns of the band, 1 to 6."""
        return len(self.slots)


@dataclass(frozen=True)
class Hour:
    """A row of the day; `start` is a full hour in the time zone of the day."""

    start: dt.datetime
    bands: tuple[Band, ...]


@dataclass(frozen=True)
class Fold:
    """Whole hours without time between two rows."""

    start: dt.datetime
    end: dt.datetime


def day_rows(slots: Iterable[SlotView]) -> tuple[Hour | Fold, ...]:
    """The rows of a day; `slots` are in order of time."""
    rows: list[Hour | Fold] = []
    # The offset is part of the key: wall-clock times of a repeated hour compare as equal.
    for (start, _), group in groupby(slots, key=lambda c: (_hour(c.start), c.start.utcoffset())):
        if rows and (gap := _next_hour(rows[-1].start)).timestamp() < start.timestamp():
            rows.append(Fold(start=gap, end=start))
        rows.append(Hour(start=start, bands=_bands(group)))
    return tuple(rows)


def _hour(time: dt.datetime) -> dt.datetime:
    return time.replace(minute=0, second=0, microsecond=0)


def _next_hour(start: dt.datetime) -> dt.datetime:
    """An hour of elapsed time later: adding to the wall clock would be wrong at a clock change."""
    return _hour((start.astimezone(dt.UTC) + _HOUR).astimezone(start.tzinfo))


def _bands(slots: Iterable[SlotView]) -> tuple[Band, ...]:
    bands: list[Band] = []
    for slot in slots:
        placed = PlacedSlot(column=slot.start.minute // 10, slot=slot)
        last = bands[-1] if bands else None
        if last and last.memo == slot.memo and last.column + last.span == placed.column:
            bands[-1] = Band(memo=last.memo, slots=(*last.slots, placed))
        else:
            bands.append(Band(memo=slot.memo, slots=(placed,)))
    return tuple(bands)


@dataclass(frozen=True)
class Strip:
    """One kind of input over the ten minutes of a slot, for the chart.

    `heights` are 0 to 100 relative to the highest minute of the strip; None where not measured.
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
    """At least 4 for a minute with input, so that a single key press is visible."""
    return max(4, round(100 * count / highest)) if count else 0
