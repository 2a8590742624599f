"""Fair signals (`docs/protocol.md` §11): patterns in the segments of a person on a contract that a
reader may ask about. Pure functions.

Each has harmless causes. A signal is a question, never a verdict and never a deduction, and the
freelancer sees it first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from diary.core.slots import MINUTE, SLOT
from diary.objects.picture import Minutes, Row, has_input

#: Injected events of a segment at least, and their least part of all its events.
LEAST_INJECTED, INJECTED_PART = 50, 0.5
#: Regular minutes in a row at least, events of each at least, and the greatest difference between
#: them as a part of their mean.
REGULAR_MINUTES, REGULAR_EVENTS, REGULAR_PART = 15, 10, 0.05
#: Identical pictures in a row at least, and minutes with input beside each.
SAME_PICTURES, SAME_MINUTES = 3, 5


class SignalKind(StrEnum):
    """What the question is about."""

    INJECTED = "injected"
    REGULAR = "regular"
    SAME_PICTURE = "same-picture"
    PARALLEL = "parallel"


@dataclass(frozen=True)
class SignalInput:
    """The facts of a segment: `slot` and `t0` in Unix s, its `minutes` if they are disclosed, the
    digests of its pictures in order of time, and whether it has the finding W_PARALLEL.
    """

    slot: int
    t0: int
    minutes: Minutes | None
    pictures: tuple[str, ...]
    parallel: bool = False


@dataclass(frozen=True)
class FairSignal:
    """A question about these slots (Unix s), in order."""

    kind: SignalKind
    slots: tuple[int, ...]


def signals(segments: Iterable[SignalInput]) -> tuple[FairSignal, ...]:
    """The signals of segments, at most one of each kind."""
    ordered = sorted(segments, key=lambda each: (each.t0, each.slot))
    found = (
        (SignalKind.INJECTED, [each.slot for each in ordered if _is_injected(each)]),
        (SignalKind.REGULAR, _regular(ordered)),
        (SignalKind.SAME_PICTURE, _same_picture(ordered)),
        (SignalKind.PARALLEL, [each.slot for each in ordered if each.parallel]),
    )
    return tuple(FairSignal(kind, tuple(sorted(set(slots)))) for kind, slots in found if slots)


def _events(row: Row) -> int | None:
    """Keys, clicks and scrolls of a minute; None where none was measured."""
    counts = [count for count in row[:3] if count is not None]
    return sum(counts) if counts else None


def _is_injected(segment: SignalInput) -> bool:
    rows = [row for row in segment.minutes or () if row is not None]
    injected = sum(row[4] or 0 for row in rows)
    events = sum(_events(row) or 0 for row in rows)
    return injected >= LEAST_INJECTED and injected >= INJECTED_PART * events


def _regular(segments: Sequence[SignalInput]) -> list[int]:
    """The slots of runs of minutes whose events hardly differ."""
    counted: dict[int, int] = {}
    for segment in segments:
        for index, row in enumerate(segment.minutes or ()):
            events = None if row is None else _events(row)
            if events is not None and events >= REGULAR_EVENTS:
                minute = segment.slot + index * MINUTE
                counted[minute] = counted.get(minute, 0) + events
    found: list[int] = []
    run: list[int] = []
    for minute in sorted(counted):
        follows = bool(run) and minute == run[-1] + MINUTE
        if not (follows and _hardly_differ([counted[each] for each in (*run, minute)])):
            run = []
        run.append(minute)
        if len(run) >= REGULAR_MINUTES:
            found += (each // SLOT * SLOT for each in run)
    return found


def _hardly_differ(events: Sequence[int]) -> bool:
    return max(events) - min(events) <= max(1.0, REGULAR_PART * sum(events) / len(events))


def _same_picture(segments: Sequence[SignalInput]) -> list[int]:
    """The slots of identical pictures in a row with much input beside each."""
    active: dict[int, int] = {}
    for segment in segments:
        rows = sum(has_input(row) for row in segment.minutes or ())
        active[segment.slot] = active.get(segment.slot, 0) + rows
    taken = [(sha, segment.slot) for segment in segments for sha in segment.pictures]
    found: list[int] = []
    for _, group in groupby(taken, key=lambda picture: picture[0]):
        slots = sorted({slot for _, slot in group})
        if len(slots) >= SAME_PICTURES and all(active[slot] >= SAME_MINUTES for slot in slots):
            found += slots
    return found
