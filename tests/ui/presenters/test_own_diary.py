"""The own diary: its hours and slots, the exceptions, the panel, the totals."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta, timezone
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from diary.core.day_bounds import day_bounds
from diary.core.slots import DAY, SLOT
from tests.ui import scenes
from tests.ui.scenes import at, entry, full_day, scene, stopped
from ui.presenters.diary import RowAction
from ui.presenters.formatting import plain
from ui.presenters.own_diary.choice import DiaryChoice
from ui.presenters.own_diary.day import day_view
from ui.presenters.own_diary.protection import Unprotected, unprotected
from ui.presenters.own_diary.slots import LIVE, GapView, Ground, HourView
from uploader.store.index.rows import UploadState

if TYPE_CHECKING:
    from ui.presenters.app_state import AppState
    from ui.presenters.own_diary.day import OwnDayView
    from ui.presenters.own_diary.panel import PanelView
    from ui.presenters.own_diary.slots import OwnSlotView


def view(*entries: Any, moment: AppState | None = None, **choice: Any) -> OwnDayView:
    """The view of a day with these segments, while nothing is recorded."""
    state = replace(moment or stopped(), day=full_day(entries=entries))
    return day_view(state, DiaryChoice(**choice), plain)


def slots(made: OwnDayView) -> dict[int, OwnSlotView]:
    hours = [row for row in made.rows if isinstance(row, HourView)]
    return {slot.begin_s: slot for row in hours for slot in row.slots if slot is not None}


def slot(**changes: Any) -> OwnSlotView:
    (found,) = slots(view(entry(0, **changes))).values()
    return found


def panel(moment: AppState | None = None, undo_s: int | None = None, **changes: Any) -> PanelView:
    only = entry(0, **changes)
    left = {} if undo_s is None else {only.hash: undo_s}
    found = view(only, moment=moment, undo_s=left).panel
    assert found is not None
    return found


# Rows


def test_hours_have_six_slots_and_hours_without_time_fold() -> None:
    made = view(entry(0), entry(2), entry(6), entry(24))
    hours = [row.label if isinstance(row, HourView) else row.text for row in made.rows]
    assert hours == ["09:00", "10:00", "10:10–13:00: no time recorded", "13:00"]
    first = made.rows[0]
    assert isinstance(first, HourView)
    assert [each is not None for each in first.slots] == [True, False, True, False, False, False]


def test_a_memo_spans_the_slots_that_share_it() -> None:
    made = view(*(entry(n) for n in range(6)))
    (row,) = made.rows
    assert isinstance(row, HourView)
    bands = [(band.first, band.last, band.text) for band in row.bands]
    assert bands == [(0, 2, scenes.MEMOS[0]), (3, 5, scenes.MEMOS[1])]


@pytest.mark.parametrize(
    ("zone", "label", "column"),
    [
        (timezone(timedelta(hours=5, minutes=30)), "14:00", 3),
        (timezone(timedelta(hours=5, minutes=45)), "14:00", 4),
        (timezone(timedelta(hours=-5)), "04:00", 0),
    ],
)
def test_hours_follow_the_persons_clock(zone: timezone, label: str, column: int) -> None:
    (row,) = view(entry(0), moment=stopped(zone=zone)).rows
    assert isinstance(row, HourView)
    assert (row.label, row.slots[column] is not None) == (label, True)


def test_the_hour_that_a_clock_change_repeats_is_two_rows() -> None:
    # 2026-10-25 01:00 UTC: the clock goes back from 03:00 to 02:00 in Berlin.
    back = 1_792_890_000
    first, again = (
        entry(n, t0=back + (n - 1) * 3600, t1=back + (n - 1) * 3600 + SLOT) for n in range(2)
    )
    made = view(first, again, moment=stopped(zone=ZoneInfo("Europe/Berlin")))
    assert [row.label for row in made.rows if isinstance(row, HourView)] == ["02:00", "02:00"]


def test_a_long_gap_is_named_once() -> None:
    gaps = [row for row in view(entry(0), entry(60)).rows if isinstance(row, GapView)]
    assert len(gaps) == 1


# Slots


@pytest.mark.parametrize(
    ("changes", "word", "tone", "sent"),
    [
        ({}, "", "", "check"),
        (scenes.UNSENT, "Waiting", "", "computer"),
        ({"state": UploadState.HELD}, "Waiting", "", "computer"),
        ({"pictures_sent": False}, "Uploaded", "", "upload"),
        ({"state": UploadState.REFUSED}, "Set aside", "attention", "attention"),
        ({"unpaying": ("E_LATE",)}, "Unpaid", "attention", "check"),
        ({"gives_back": True}, "Deleted", "", "check"),
        ({"memo": None}, "No memo", "attention", "check"),
        ({"over_limit": True}, "Over limit", "attention", "check"),
        ({"input": "denied"}, "Unmeasured", "attention", "check"),
        ({"shot": "denied", "pictures": ()}, "No picture", "attention", "check"),
        ({"shot": "ended", "pictures": ()}, "", "", "check"),
        ({"kind": "kept", "pictures": ()}, "Idle, kept", "attention", "check"),
        ({"kind": "manual", "pictures": (), "minutes": None}, "Manual", "attention", "check"),
        ({"drawn": False}, "Unprotected", "attention", "check"),
    ],
)
def test_a_slot_names_its_exception_and_its_state(
    changes: dict[str, Any], word: str, tone: str, sent: str
) -> None:
    found = slot(**changes)
    assert (found.word, found.tone, found.sent) == (word, tone, sent)
    assert word in found.spoken


def test_a_covered_picture_is_named() -> None:
    covered = replace(entry(0).pictures[0], covered=True)
    assert slot(pictures=(covered,)).word == "Covered"


def test_the_level_is_the_number_of_active_minutes() -> None:
    found = slot()
    assert found.level == str(found.minutes.count("active"))
    assert "activity" in found.spoken
    unmeasured = tuple((None,) * 5 for _ in range(10))
    assert slot(minutes=unmeasured, input="denied").level == ""


def test_time_without_a_picture_shows_why() -> None:
    assert (slot(pictures=(), shot="locked").text, slot(pictures=()).ground) == (
        "Screen locked",
        Ground.HATCH,
    )
    kept = slot(kind="kept", pictures=(), note="Call with Li")
    assert (kept.text, kept.ground, kept.thumb) == ("Call with Li", Ground.AMBER, "")
    assert slot(gives_back=True, pictures=()).text == "10\u00a0min unpaid"


def test_several_segments_of_a_slot_are_one_slot_with_the_least_state() -> None:
    half = replace(entry(0), t1=at(9, 4))
    rest = replace(entry(0, **scenes.UNSENT), hash="r" * 43, t0=at(9, 5))
    (found,) = slots(view(half, rest)).values()
    assert found.sent == "computer"


# The running slot


def running(**changes: Any) -> OwnDayView:
    status = replace(scenes.RECORDING, **changes)
    moment = scene(status=status, day=full_day(entries=(entry(0),)))
    return day_view(moment, DiaryChoice(), plain)


def test_the_running_slot_is_protected_live() -> None:
    made = running()
    found = slots(made)[scenes.RECORDING.slot]
    assert (found.running, found.word, found.tone) == (True, "6 of 10 min", "good")
    assert made.panel is not None
    assert (made.panel.protected, made.panel.protected_tone) == ("Will be protected", "good")
    made = running(memo="")
    assert made.panel is not None
    assert made.panel.protected_detail == "No memo yet: this slot will not be protected"
    assert slots(made)[scenes.RECORDING.slot].tone == "attention"


def test_the_running_slot_shows_its_own_picture_only() -> None:
    assert slots(running())[scenes.RECORDING.slot].thumb == ""
    now = scenes.picture(taken_ms=at(15, 12) * 1000)
    made = running(picture=now)
    assert slots(made)[scenes.RECORDING.slot].thumb == LIVE
    assert made.live == now.thumb


@pytest.mark.parametrize("state", ["stopped", "paused", "idle"])
def test_nothing_runs_after_a_stop(state: Any) -> None:
    assert scenes.RECORDING.slot not in slots(running(state=state))


def test_a_past_day_and_another_contract_have_no_running_slot() -> None:
    past = scene(day=full_day(bounds=day_bounds(scenes.DAY - DAY, UTC), entries=()))
    assert day_view(past, DiaryChoice(), plain).rows == ()
    other = scene(day=full_day(entries=()))
    assert day_view(other, DiaryChoice(ctr=scenes.HARBOUR.ctr), plain).rows == ()


@pytest.mark.parametrize(("hours", "today"), [(0, 17), (9, 18), (-16, 16)])
def test_today_is_the_day_of_the_time_zone(hours: int, today: int) -> None:
    zone = timezone(timedelta(hours=hours))
    bounds = day_bounds(scenes.RECORDING.slot, zone)
    moment = replace(scene(status=scenes.RECORDING), zone=zone)
    made = day_view(replace(moment, day=full_day(bounds=bounds)), DiaryChoice(), plain)
    assert (made.today.day, made.shown.day, made.day.after) == (today, today, "today")
    assert scenes.RECORDING.slot in slots(made)
    before = full_day(bounds=day_bounds(bounds.begin_s - 1, zone), entries=())
    made = day_view(replace(moment, day=before), DiaryChoice(), plain)
    assert (made.today.day, made.shown.day, made.day.after) == (today, today - 1, "this day")
    assert made.rows == ()


# Protection


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, None),
        ({"kind": "kept", "memo": None}, Unprotected.KIND),
        ({"memo": " ", "over_limit": True}, Unprotected.MEMO),
        ({"over_limit": True, "input": "denied"}, Unprotected.LIMIT),
        ({"input": "unavailable", "shot": "error"}, Unprotected.INPUT),
        ({"shot": "masked", "drawn": False}, Unprotected.PICTURE),
        ({"shot": "none"}, None),
        ({"unpaying": ("E_FORK",)}, Unprotected.UNPAID),
        ({"drawn": False}, Unprotected.NO_TIME),
        (scenes.UNSENT, Unprotected.WAITING),
        ({"gives_back": True, "memo": None}, Unprotected.DELETED),
    ],
)
def test_the_first_condition_that_fails_is_named(
    changes: dict[str, Any], found: Unprotected | None
) -> None:
    assert unprotected(entry(0, **changes)) is found
    texts = panel(**changes)
    assert (texts.protected == "Protected") is (found is None)
    assert texts.protected_detail


def test_unprotected_time_is_counted_and_leads_to_its_first_slot() -> None:
    made = view(entry(0), entry(1, memo=None), entry(2, **scenes.UNSENT), entry(3, input="denied"))
    assert (made.unprotected.text, made.first_unprotected) == ("0:20not protected", entry(1).t0)
    assert view(entry(0)).unprotected.text == ""


# The panel


def test_the_panel_shows_the_newest_slot_until_one_is_chosen() -> None:
    made = view(entry(0), entry(5))
    assert made.selected == entry(5).t0
    made = view(entry(0), entry(5), slot=entry(0).t0)
    assert made.panel is not None
    assert made.panel.title == "09:00–09:10"


def test_each_part_of_a_slot_has_its_own_facts() -> None:
    first = replace(entry(0, memo="One"), t1=at(9, 4))
    second = replace(entry(0, memo="Two"), hash="r" * 43, t0=at(9, 5))
    parts = [view(first, second, part=part).panel for part in (0, 1, 7)]
    assert [each.memo for each in parts if each] == ["One", "Two", "Two"]
    assert parts[1] is not None
    assert parts[1].part == "09:05–09:10, part 2 of 2"


def test_the_panel_has_receipt_picture_and_counts() -> None:
    found = panel()
    assert (found.sent, found.picture) == ("Receipted 09:11, logged", "Picture taken 09:06")
    assert found.receipt == "Log entry 1200, received 2026-11-17 09:11"
    assert "keys" in found.activity
    assert len(found.bars) == 10
    assert max(bar.share for bar in found.bars) == 1
    assert panel(**scenes.UNSENT).receipt == ""


@pytest.mark.parametrize(
    ("changes", "label", "action"),
    [
        ({}, "&Delete (removes 10\u00a0min)", RowAction.DELETE_PICTURE),
        ({"pictures": ()}, "&Delete (removes 10\u00a0min)", RowAction.DELETE_TIME),
        (
            {"locked": True},
            "&Delete the picture (its time stays as it is)",
            RowAction.DELETE_PICTURE,
        ),
        ({"locked": True, "pictures": ()}, "", None),
    ],
)
def test_deleting_names_its_cost(
    changes: dict[str, Any], label: str, action: RowAction | None
) -> None:
    found = panel(**changes)
    assert (found.delete, found.delete_action) == (label, action)
    assert action not in {each.action for each in found.more}
    assert found.can_edit is not changes.get("locked", False)


def test_a_deletion_can_be_undone_in_the_place_of_its_button() -> None:
    found = panel(undo_s=7)
    assert (found.delete, found.undo, found.more) == ("", "&Undo (7\u00a0s)", ())
    assert not found.can_edit
    made = view(entry(0), undo_s={entry(0).hash: 7})
    assert slots(made)[entry(0).t0].word == "Deleting"


def test_a_manual_segment_is_marked_everywhere() -> None:
    found = panel(kind="manual", pictures=(), minutes=None, note="Whiteboard")
    assert (found.empty, found.protected) == ("Entered manually", "Not protected")
    assert found.protected_detail == "Entered manually, not recorded"
    assert "Reason: Whiteboard" in found.notes


def test_refusals_and_unpaid_time_have_their_reason() -> None:
    assert "Unpaid: it arrived too late" in panel(unpaying=("E_LATE",)).notes
    refused = panel(state=UploadState.REFUSED, refusal="E_SIG: Not stored.")
    assert "Refused: the signature does not match the signed data" in refused.notes
    assert next(each.action for each in refused.more) is RowAction.SEND_AGAIN


# Totals


def test_the_totals_are_of_the_chosen_contract() -> None:
    made = view(entry(0), ctr=scenes.ACME.ctr)
    assert (made.day.strong, made.week.strong, made.week.before) == ("2:34", "18:42", "of 30:00")
    assert made.aside[0] == "The week can be changed until 2026-11-23 12:00"
    other = view(entry(0), ctr=scenes.HARBOUR.ctr)
    assert (other.day.strong, other.week.before, other.rows) == ("0:00", "", ())
    assert made.contracts[made.contract].title == "Acme shop rebuild"


def test_the_contract_is_named_in_the_grid_only_where_there_are_several() -> None:
    def memos(made: OwnDayView) -> list[str]:
        hours = [row for row in made.rows if isinstance(row, HourView)]
        return [band.text for row in hours for band in row.bands]

    assert memos(view(entry(0))) == [scenes.MEMOS[0]]
    both = memos(view(entry(0), entry(1, ctr=scenes.HARBOUR.ctr)))
    assert "Harbour timetable" in both[1]


def test_a_past_day_without_entries_is_named() -> None:
    moment = scene(day=full_day(bounds=day_bounds(scenes.DAY - DAY, UTC), entries=()))
    made = day_view(moment, DiaryChoice(), plain)
    assert made.empty == "This computer recorded nothing on this day."
    assert (made.today - made.shown).days == 1
    assert (made.panel, made.selected) == (None, None)


@pytest.mark.parametrize("known", [True, False])
def test_an_empty_day_names_the_next_step(known: bool) -> None:
    made = day_view(stopped(day=full_day(entries=()) if known else None), DiaryChoice(), plain)
    assert "every ten minutes" in made.empty


# Questions


def test_a_question_that_the_client_may_ask_comes_with_harmless_causes() -> None:
    steady = ((60, 0, 0, 0, 0),) * 10
    made = view(entry(0, minutes=steady), entry(1, minutes=steady))
    assert made.panel is not None
    asked = [note for note in made.panel.notes if note.startswith("The client may ask")]
    assert len(asked) == 1
    assert "so regular" in asked[0]
    assert "A game pad" in asked[0]
    assert "change no payment" in made.panel.notes[-1]


def test_ordinary_work_raises_no_question() -> None:
    assert not [note for note in panel().notes if "ask" in note]
    lone = view(entry(0, minutes=((60, 0, 0, 0, 0),) * 10)).panel
    assert lone is not None
    assert not [note for note in lone.notes if "ask" in note]
