"""The outcome of saving or checking a week's record, in words."""

from __future__ import annotations

from typing import Any

import pytest

from tests.ui import scenes
from ui.presenters.formatting import plain
from ui.presenters.own_diary.week_record import file_name, outcome
from uploader.export.week_check import WeekRecord


def test_the_file_is_named_after_the_iso_week() -> None:
    assert file_name(scenes.DAY) == "workdiary-2026-W47.zip"


@pytest.mark.parametrize(
    ("facts", "headline", "detail"),
    [
        ({"segments": 46}, "46 checked: no errors", ""),
        ({}, "Nothing of this week is in the log yet", ""),
        ({"waiting": 2}, "Nothing of this week is in the log yet", "2 not in the log yet"),
        ({"segments": 1, "missing": 3}, "1 checked: no errors", "3 parts are missing"),
        ({"segments": 2, "wrong": ("E_SIG",)}, "The check found errors", "the signature does not"),
        ({"problem": "disk_full"}, "The week's record could not be written", "disk"),
        ({"problem": "unheard_of"}, "The week's record could not be written", "unheard_of"),
    ],
)
def test_the_outcome_is_named(facts: dict[str, Any], headline: str, detail: str) -> None:
    text, details = outcome(WeekRecord("", **facts), plain)
    assert text == headline
    assert detail.lower() in details.lower()


def test_a_saved_file_is_named() -> None:
    _, details = outcome(WeekRecord("/home/ana/week.zip", segments=1), plain)
    assert "/home/ana/week.zip" in details
    assert "workdiary-verify" in details
