"""Today's entries: the texts and actions of each row, and the question before a deletion."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QDate
from PySide6.QtWidgets import QApplication, QMessageBox

from diary.core.findings import UNPAYING
from tests.ui import scenes
from tests.ui.scenes import day, entry, scene
from ui.presenters.diary import (
    RowAction,
    day_view,
    new_device_question,
    question,
    sign_out_question,
)
from ui.presenters.finding_clauses import CLAUSES
from ui.presenters.findings import clause
from ui.presenters.formatting import plain
from ui.qt.widgets import ElidedLine
from ui.windows.dialogs import ask
from ui.windows.diary import DiaryWindow
from uploader.store.index.rows import UploadState

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from ui.qt.theme import Theme

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

EVERYTHING = [
    RowAction.MEMO,
    RowAction.DELETE_PICTURE,
    RowAction.DELETE_MEMO,
    RowAction.DELETE_MINUTES,
    RowAction.DELETE_TIME,
]


def rows(*entries: Any) -> Any:
    return day_view(scene(day=day(entries=entries)), plain).rows


def offered(**changes: Any) -> list[RowAction]:
    (row,) = rows(entry(0, **changes))
    return [offer.action for offer in row.actions]


def test_the_newest_comes_first_with_its_time_and_memo() -> None:
    view = day_view(scene(day=day()), plain)
    assert (view.title, view.total, view.empty) == ("Today's entries", "0:57 counted", "")
    assert [row.time for row in view.rows[:2]] == ["10:00 to 10:10", "09:50 to 09:57"]
    assert view.rows[-1].memo == scenes.MEMOS[0]
    assert view.rows[-1].note == "Sent"


def test_a_past_day_without_entries_says_so() -> None:
    moment = scene(day=day(begin_s=scenes.DAY - 86_400, entries=(), counted_s=0))
    view = day_view(moment, plain)
    assert (view.title, view.empty) == ("Diary", "This computer recorded nothing on this day.")
    assert (view.today - view.shown).days == 1


def test_arrows_and_calendar_lead_to_other_days_but_not_beyond_today(
    qtbot: QtBot, theme: Theme
) -> None:
    window = DiaryWindow(theme)
    qtbot.addWidget(window)
    wanted: list[date] = []
    window.day_wanted.connect(wanted.append)
    today = datetime.fromtimestamp(scenes.DAY, UTC).date()
    window.show_view(day_view(scene(day=day()), plain))
    assert wanted == []
    assert not window.later.isEnabled()
    assert not window.today_button.isEnabled()
    window.earlier.click()
    window.show_view(day_view(scene(day=day(begin_s=scenes.DAY - 86_400)), plain))
    window.earlier.click()
    window.later.click()
    window.today_button.click()
    days = [(today - each).days for each in wanted]
    assert days == [1, 2, 0, 0]
    window.date.setDate(QDate(today.year - 1, 1, 1))
    assert wanted[-1] == date(today.year - 1, 1, 1)
    window.date.setDate(QDate(today.year + 1, 1, 1))
    assert wanted[-1] == today


@pytest.mark.parametrize("known", [True, False])
def test_an_empty_day_names_what_comes(known: bool) -> None:
    empty = day(entries=(), counted_s=0) if known else None
    view = day_view(scene(day=empty), plain)
    assert (view.rows, view.total) == ((), "0:00 counted")
    assert "every ten minutes" in view.empty


def test_everything_can_be_changed_until_the_week_locks() -> None:
    assert offered() == EVERYTHING
    assert offered(locked=True) == [
        RowAction.DELETE_PICTURE,
        RowAction.DELETE_MEMO,
        RowAction.DELETE_MINUTES,
    ]


def test_deleted_parts_are_not_offered() -> None:
    assert offered(pictures=0, memo=None, minutes=False, gives_back=True) == []
    assert RowAction.DELETE_TIME not in offered(gives_back=True)
    assert RowAction.DELETE_PICTURE not in offered(pictures=0, thumb=b"")


@pytest.mark.parametrize(
    ("changes", "note"),
    [
        ({"state": UploadState.WAITING}, "Waiting, safe on this computer"),
        ({"state": UploadState.HELD}, "Waiting, safe on this computer"),
        ({"state": UploadState.REFUSED}, "Set aside"),
        (
            {"state": UploadState.REFUSED, "refusal": "E_SIG: Not stored: it does not fit."},
            "Refused: the signature does not match the signed data",
        ),
        ({"state": UploadState.REFUSED, "refusal": "too_odd: what?"}, "Refused: too_odd"),
        (
            {"unpaying": ("E_LATE", "E_SHOT_TIME")},
            (
                "Unpaid: it arrived too late · "
                "Unpaid: a picture was not taken at its random time · Sent"
            ),
        ),
        ({"changed": True}, "Memo changed · Sent"),
        ({"gives_back": True}, "Time removed · Sent"),
        ({"minutes": False, "deleted": frozenset({"minutes"})}, "Activity counts deleted · Sent"),
    ],
)
def test_a_row_shows_its_state(changes: dict[str, Any], note: str) -> None:
    (row,) = rows(entry(0, **changes))
    assert row.note == note


def test_the_contract_is_named_only_where_there_are_several() -> None:
    one, two = rows(entry(0), entry(1, ctr=scenes.HARBOUR.ctr))
    assert (one.note, two.note) == ("Harbour timetable · Sent", "Acme shop rebuild · Sent")


def test_a_deleted_picture_is_reported_and_a_missing_one_is_not_called_deleted() -> None:
    gone, none = rows(
        entry(0, pictures=0, thumb=b""),
        entry(1, pictures=0, thumb=b"", deleted=frozenset({"shot", "time"})),
    )
    assert (gone.empty, gone.missing) == ("Deleted", True)
    assert (none.empty, none.missing) == ("No picture", False)


@pytest.mark.parametrize("wish", EVERYTHING[1:])
@pytest.mark.parametrize("locked", [False, True])
def test_a_question_states_what_happens_and_what_remains(wish: RowAction, locked: bool) -> None:
    view = question(entry(0, locked=locked), wish, UTC, plain)
    assert "worked from 09:00 to 09:10" in view.details
    if wish is RowAction.DELETE_PICTURE:
        assert ("10\u00a0min of paid time are removed" in view.details) is not locked
        assert ("its time remains paid" in view.details) is locked
    elif wish is not RowAction.DELETE_TIME:
        assert "remains paid" in view.details


def test_signing_out_states_what_is_pending() -> None:
    assert "waiting" not in sign_out_question(0, plain).details
    assert "3 waiting" in sign_out_question(3, plain).details


def test_another_device_is_named_with_its_time() -> None:
    view = new_device_question("Linux", scenes.at(8, 5), UTC, plain)
    assert "Linux, since 2026-11-17 08:05" in view.details


# The window


def page(qtbot: QtBot, theme: Theme, **changes: Any) -> DiaryWindow:
    made = DiaryWindow(theme)
    qtbot.addWidget(made)
    made.show_view(day_view(scene(day=day(**changes)), plain))
    with qtbot.waitExposed(made):
        made.show()
    return made


def test_a_choice_in_a_rows_menu_is_emitted(qtbot: QtBot, theme: Theme) -> None:
    made = page(qtbot, theme)
    emitted: list[tuple[str, str]] = []
    made.action_requested.connect(lambda *args: emitted.append(args))
    first = entry(0).hash
    for action in made.rows[first].menu.actions():
        action.trigger()
    assert emitted == [(first, wish.value) for wish in EVERYTHING]


def test_each_link_of_the_footer_emits_what_was_pressed(qtbot: QtBot, theme: Theme) -> None:
    made = page(qtbot, theme)
    emitted: list[str] = []
    made.browser.connect(lambda: emitted.append("diary"))
    made.viewers.connect(lambda: emitted.append("viewers"))
    made.viewers_button.click()
    made.browser_button.click()
    assert emitted == ["viewers", "diary"]


def test_rows_come_go_and_stay_in_their_order(qtbot: QtBot, theme: Theme) -> None:
    made = page(qtbot, theme)
    kept = made.rows[entry(1).hash]
    made.show_view(day_view(scene(day=day(entries=(entry(1), entry(9)))), plain))
    assert list(made.rows) == [entry(1).hash, entry(9).hash]
    assert made.rows[entry(1).hash] is kept
    QApplication.processEvents()
    assert made.rows[entry(9).hash].y() < kept.y()
    made.show_view(day_view(scene(day=day(entries=())), plain))
    assert made.rows == {}
    assert made.empty.isVisible()


def test_every_row_has_a_name_for_its_menu_and_room_for_its_text(
    qtbot: QtBot, theme: Theme
) -> None:
    made = page(qtbot, theme)
    names = [row.button.accessibleName() for row in made.rows.values()]
    assert "Change or delete 09:10 to 09:20" in names
    assert len(set(names)) == len(names)
    assert [
        line.text() for line in made.findChildren(ElidedLine) if line.text().endswith("…")
    ] == []


def test_enter_and_escape_keep_what_a_question_would_delete(qtbot: QtBot) -> None:
    view = question(entry(0), RowAction.DELETE_PICTURE, UTC, plain)
    for danger in (True, False):
        box = ask(view, danger=danger)
        qtbot.addWidget(box)
        default = box.defaultButton()
        assert default is not None
        assert default.text() == view.no
        assert box.escapeButton() is default
        assert box.buttonRole(default) is QMessageBox.ButtonRole.RejectRole


def test_a_locked_row_is_still_shown_as_it_is() -> None:
    (row,) = rows(replace(entry(0), locked=True))
    assert row.thumb
    assert row.actions[0].text == "Delete &picture …"


@pytest.mark.parametrize("code", sorted(UNPAYING))
def test_each_finding_that_costs_pay_has_a_clause(code: str) -> None:
    assert code in CLAUSES
    assert clause(code, plain) != code


def test_only_what_was_refused_can_be_sent_again() -> None:
    wishes = {
        state: [offer.action for offer in rows(entry(0, state=state))[0].actions]
        for state in UploadState
    }
    assert [state for state, found in wishes.items() if RowAction.SEND_AGAIN in found] == [
        UploadState.REFUSED
    ]


def test_unpaid_time_is_struck_and_asks_for_attention() -> None:
    (row,) = rows(entry(0, unpaying=("E_TERMS",)))
    assert (row.struck, row.attention) == (True, True)
    (row,) = rows(entry(0))
    assert (row.struck, row.attention) == (False, False)
