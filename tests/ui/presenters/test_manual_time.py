"""Entering time by hand: when it is possible, and what an entry lacks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, time, timedelta, timezone
from typing import Any

import pytest

from tests.ui import scenes
from tests.ui.scenes import ACME, HARBOUR, at, scene, stopped
from ui.presenters.formatting import plain
from ui.presenters.own_diary.choice import DiaryChoice
from ui.presenters.own_diary.day import day_view
from ui.presenters.own_diary.manual_time import (
    ManualEntry,
    add_label,
    allowed,
    hindrance,
    moments,
    problem,
)
from uploader.store import manual_time as store

ENTRY = ManualEntry(ACME.ctr, at(9, 0), at(9, 30), "Whiteboard", "No computer")
TODAY = date(2026, 11, 17)


def with_terms(**terms: Any) -> Any:
    return replace(ACME, terms=replace(ACME.terms, **terms))


@pytest.mark.parametrize("terms", [{"manual": False}, {"state": "ended"}, {"state": "paused"}])
def test_only_contracts_whose_terms_allow_it_take_manual_time(terms: dict[str, Any]) -> None:
    moment = stopped(contracts=(with_terms(**terms), HARBOUR))
    assert allowed(moment, "") == (HARBOUR.ctr,)
    assert hindrance(moment, "", plain) == ""
    assert hindrance(moment, ACME.ctr, plain) == "The contract does not allow manual time."


@pytest.mark.parametrize(
    "changes", [{}, {"state": "paused"}, {"state": "stopped", "unsealed": 1}, {"state": "idle"}]
)
def test_nothing_is_entered_beside_time_that_is_not_sealed(changes: dict[str, Any]) -> None:
    moment = scene(status=replace(scenes.RECORDING, **changes))
    assert hindrance(moment, "", plain) == "Stop the recording first."
    view = day_view(moment, DiaryChoice(), plain)
    assert (view.can_add, view.add_hint) == (False, "Stop the recording first.")
    assert day_view(stopped(), DiaryChoice(), plain).can_add


def test_an_undecided_idle_time_is_not_entered_twice() -> None:
    away = replace(scenes.RECORDING, state="stopped", idle=scenes.IDLE)
    assert hindrance(scene(status=away), "", plain) == "Stop the recording first."


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({}, ""),
        ({"t1": at(9, 0)}, "The end must be after the beginning."),
        ({"t1": at(8, 0)}, "The end must be after the beginning."),
        ({"t1": at(15, 15)}, "Only time that has passed can be added."),
        ({"t0": at(0, 0), "t1": at(12, 1)}, "At most 12 hours at once."),
        ({"memo": "  "}, "Write a memo."),
        ({"reason": "\t"}, "Write why it was not recorded."),
    ],
)
def test_the_first_thing_that_an_entry_lacks_is_named(
    changes: dict[str, Any], missing: str
) -> None:
    entry = replace(ENTRY, **changes)
    assert problem(entry, at(15, 14), plain) == missing


def test_the_longest_entry_is_that_of_the_record() -> None:
    longest = replace(ENTRY, t0=at(0, 0), t1=at(0, 0) + store.LONGEST_S)
    assert problem(longest, at(15, 14), plain) == ""


def test_times_are_those_of_the_persons_clock() -> None:
    assert moments(TODAY, time(9, 0), time(9, 30), UTC) == (at(9, 0), at(9, 30))
    east = timezone(timedelta(hours=5, minutes=30))
    assert moments(TODAY, time(9, 0), time(9, 30), east) == (at(3, 30), at(4, 0))
    assert moments(TODAY, time(23, 0), time(), UTC) == (at(23, 0), at(24, 0))


def test_the_button_names_the_time_that_it_adds() -> None:
    assert add_label(ENTRY, plain) == "&Add 0:30"
    assert add_label(replace(ENTRY, t1=at(8, 0)), plain) == "&Add 0:00"
