"""The reminders to start, at the times of day that the person has set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta

#: A reminder later than this, for example after the computer slept, is left out.
LATEST = timedelta(minutes=15)


def is_due(times: Iterable[str], since: datetime, now: datetime) -> bool:
    """Whether a reminder falls between `since` (exclusive) and `now`, and is not late. Both are
    aware local times.
    """
    earliest = max(since, now - LATEST)
    return any(earliest < moment <= now for moment in _moments(times, now))


def seconds_to_next(times: Iterable[str], now: datetime) -> float | None:
    """Seconds until the next reminder; None if there is none."""
    coming = [(moment - now).total_seconds() for moment in _moments(times, now) if moment > now]
    return min(coming, default=None)


def _moments(times: Iterable[str], now: datetime) -> Iterator[datetime]:
    """The reminders from yesterday to tomorrow, in `now`'s time zone or the computer's."""
    for text in times:
        for days in (-1, 0, 1):
            day = now.date() + timedelta(days=days)
            # Without a zone, so that the computer's rules for summer time apply to that day.
            yield datetime.combine(day, time.fromisoformat(text)).astimezone()
