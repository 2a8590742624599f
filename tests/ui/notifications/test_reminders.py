"""Reminders at times of day, also across midnight, sleep and summer time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from tests.time_zone import in_zone
from ui.notifications.reminders import is_due, seconds_to_next


@pytest.fixture
def berlin() -> Iterator[None]:
    """The computer's time zone."""
    with in_zone("Europe/Berlin"):
        yield


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone()


@pytest.mark.usefixtures("berlin")
@pytest.mark.parametrize(
    ("since", "now", "due"),
    [
        ("2026-03-09T08:59", "2026-03-09T09:00", True),
        ("2026-03-09T09:00", "2026-03-09T09:01", False),
        ("2026-03-09T08:00", "2026-03-09T09:14", True),
        ("2026-03-08T22:00", "2026-03-09T09:16", False),  # the computer slept
        ("2026-03-08T23:00", "2026-03-09T00:03", True),  # 00:00
        ("2026-03-08T23:00", "2026-03-08T23:59", False),
    ],
)
def test_a_reminder_is_due_once_and_not_late(since: str, now: str, due: bool) -> None:
    assert is_due(("09:00", "00:00"), local(since), local(now)) is due


@pytest.mark.usefixtures("berlin")
@pytest.mark.parametrize(
    ("now", "seconds"),
    [
        ("2026-03-09T08:59:30", 30),
        ("2026-03-09T09:00:00", 86_400),
        ("2026-03-28T09:00:00", 82_800),  # the clock is set ahead in the night
        ("2026-10-24T09:00:00", 90_000),  # and back
    ],
)
def test_the_next_reminder_follows_the_local_clock(now: str, seconds: int) -> None:
    assert seconds_to_next(("09:00",), local(now)) == seconds


def test_without_times_nothing_is_due() -> None:
    assert seconds_to_next((), local("2026-03-09T09:00")) is None
    assert not is_due((), local("2026-03-08T09:00"), local("2026-03-09T09:00"))
