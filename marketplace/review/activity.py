"""The activity of a slot per minute: states, counts, level. Pure functions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from diary.core.slots import MINUTE, SLOT, to_datetime
from diary.objects.picture import Minutes, Row, has_input, is_measured
from diary.verification.credit import activity_level
from marketplace.core.i18n import tr, trn
from marketplace.records.checked_segment import CheckedSegment
from marketplace.review.view_models import MinuteRow, MinuteState


def minute_rows(slot: int, items: Sequence[CheckedSegment], tz: dt.tzinfo) -> tuple[MinuteRow, ...]:
    """The ten minutes of a slot, with the summed counts of its segments."""
    minutes = minutes_of(items)
    rows = []
    for index, state in enumerate(minute_states(minutes)):
        covered = [table[index] for table in minutes if table[index] is not None]
        keys, clicks, scrolls, moves, injected = (_sum(covered, column) for column in range(5))
        rows.append(
            MinuteRow(
                index,
                to_datetime(slot + index * MINUTE, tz),
                state,
                keys,
                clicks,
                scrolls,
                None if moves is None else min(moves, MINUTE),
                injected,
            )
        )
    return tuple(rows)


def minute_states(minutes: Sequence[Minutes]) -> list[MinuteState]:
    """The state of each of the ten minutes."""
    states: list[MinuteState] = []
    for index in range(SLOT // MINUTE):
        covered = [table[index] for table in minutes if table[index] is not None]
        if not covered:
            states.append("none")
        elif any(has_input(row) for row in covered):
            states.append("active")
        else:
            states.append("quiet" if any(is_measured(row) for row in covered) else "unmeasured")
    return states


def level_text(minutes: Sequence[Minutes]) -> str:
    """The activity level as text, for screen readers."""
    found = activity_level(minutes)
    if not found.covered:
        return ""
    if not found.measured:
        return tr("activity was not measured")
    return trn(
        "%(active)d of %(covered)d minute with input",
        "%(active)d of %(covered)d minutes with input",
        found.covered,
    ) % {"active": found.active, "covered": found.covered}


def slot_level(items: Sequence[CheckedSegment]) -> tuple[str, str]:
    """The activity level, short and as text."""
    minutes = minutes_of(items)
    return str(activity_level(minutes)), level_text(minutes)


def minutes_of(items: Sequence[CheckedSegment]) -> list[Minutes]:
    """The disclosed activity tables of the segments."""
    return [item.facts.minutes for item in items if item.facts and item.facts.minutes]


def _sum(rows: Sequence[Row | None], column: int) -> int | None:
    counts = [row[column] for row in rows if row is not None]
    measured = [count for count in counts if count is not None]
    return sum(measured) if measured else None
