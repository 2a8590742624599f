"""The week's record, from the button of the own diary to the outcome."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from diary.core.slots import week_of
from tests.ui import scenes
from tests.ui.controllers import Make, calls
from uploader.export.week_check import WeekRecord

if TYPE_CHECKING:
    from ui.controller import AppController
    from ui.windows.own_diary.window import DiaryWindow


WEEK = week_of(scenes.DAY)


def open_diary(program: AppController) -> DiaryWindow:
    program.diary.show()
    program.bridge.day.emit(scenes.full_day())
    page = program.windows.day
    assert page is not None
    return page


def checks(program: AppController) -> list[list[object]]:
    return [call[1:] for call in calls(program) if call[0] == "check_week"]


def test_the_week_is_checked_once_and_its_outcome_is_shown(make: Make) -> None:
    program = make()
    page = open_diary(program)
    _, check = page.week_menu.actions()
    check.trigger()
    assert checks(program) == [[scenes.ACME.ctr, WEEK, ""]]
    assert not page.week_button.isEnabled()
    program.bridge.week.emit(WeekRecord("", segments=46))
    assert page.week_button.isEnabled()
    message = program.diary.week.message
    assert message is not None
    assert message.text() == "46 checked: no errors"
    message.accept()


def test_the_week_is_saved_to_the_chosen_file(make: Make, tmp_path: Path) -> None:
    program = make()
    page = open_diary(program)
    page.contract_chosen.emit(scenes.HARBOUR.ctr)
    save, _ = page.week_menu.actions()
    save.trigger()
    dialog = program.diary.week.dialog
    assert dialog is not None
    assert Path(dialog.selectedFiles()[0]).name == "workdiary-2026-W47.zip"
    assert checks(program) == []
    file = str(tmp_path / "week.zip")
    dialog.fileSelected.emit(file)
    assert checks(program) == [[scenes.HARBOUR.ctr, WEEK, file]]
    dialog.reject()


def test_a_cancelled_dialog_saves_nothing(make: Make) -> None:
    program = make()
    page = open_diary(program)
    page.week_menu.actions()[0].trigger()
    dialog = program.diary.week.dialog
    assert dialog is not None
    dialog.reject()
    assert checks(program) == []
    assert page.week_button.isEnabled()
