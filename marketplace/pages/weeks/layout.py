"""The layout of the strips of a week: hours from the first to the last work, as SVG coordinates.

Pure functions. A strip has one rectangle per slot and one frame per exception and day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from marketplace.review.week_view import StripSlot, WeekDay

#: The widest strip, the widest slot and the gap between hours, in CSS pixels.
_WIDTH, _SLOT, _GAP = 830, 17, 4
_OF_HOUR = 6
#: The hours of a week without work.
_USUAL = (9, 17)


@dataclass(frozen=True)
class StripRect:
    """A slot: its place, its style (`level0` to `level4`, `unmeasured` or `other`), its label."""

    x: float
    width: float
    style: str
    slot: int
    label: str


@dataclass(frozen=True)
class StripFrame:
    """Neighbouring slots of an exception with its number."""

    x: float
    width: float
    number: int


@dataclass(frozen=True)
class DayStrip:
    """The strip of a day, in order of time."""

    rects: tuple[StripRect, ...]
    frames: tuple[StripFrame, ...]


@dataclass(frozen=True)
class HourLabel:
    """A label above the strips: an hour of the day, 0 to 23."""

    x: float
    hour: int
    width: float


@dataclass(frozen=True)
class WeekStrips:
    """The strips of a week with their common width and hours."""

    width: float
    hours: tuple[HourLabel, ...]
    days: tuple[DayStrip, ...]


def week_strips(days: Sequence[WeekDay]) -> WeekStrips:
    """The strips of the days."""
    minutes = [slot.minute for day in days for slot in day.slots]
    first, last = (min(minutes) // 60, max(minutes) // 60) if minutes else _USUAL
    count = last - first + 1
    unit = min(_SLOT, (_WIDTH - count * _GAP) / (count * _OF_HOUR))

    def x_of(minute: int) -> float:
        hour, rest = divmod(minute - first * 60, 60)
        return round(hour * (_OF_HOUR * unit + _GAP) + rest / 10 * unit, 2)

    return WeekStrips(
        width=round(count * (_OF_HOUR * unit + _GAP) - _GAP, 2),
        hours=tuple(
            HourLabel(x_of(60 * hour), hour, round(_OF_HOUR * unit, 2))
            for hour in range(first, last + 1)
        ),
        days=tuple(
            DayStrip(
                tuple(
                    StripRect(
                        x_of(slot.minute), round(unit - 1, 2), _style(slot), slot.slot, slot.label
                    )
                    for slot in day.slots
                ),
                tuple(
                    StripFrame(x_of(begin), round(x_of(end) + unit - x_of(begin), 2), number)
                    for begin, end, number in _runs(day.slots)
                ),
            )
            for day in days
        ),
    )


def _style(slot: StripSlot) -> str:
    if not slot.recorded:
        return "other"
    if slot.level is None:
        return "unmeasured"
    return f"level{sum(slot.level > most for most in (0, 3, 6, 8))}"


def _runs(slots: Iterable[StripSlot]) -> list[tuple[int, int, int]]:
    """First and last minute of the slots with the same exception, and its number.

    Of several exceptions the last one is shown: time over the limit comes first and is the longest.
    """
    runs: list[tuple[int, int, int]] = []
    for slot in slots:
        if not slot.exceptions:
            continue
        number = slot.exceptions[-1]
        if runs and runs[-1][2] == number and slot.minute - runs[-1][1] <= 10:
            runs[-1] = (runs[-1][0], slot.minute, number)
        else:
            runs.append((slot.minute, slot.minute, number))
    return runs
