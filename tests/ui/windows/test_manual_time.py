"""The dialog for time that was not recorded, and its way to the client and back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt, QTime
from PySide6.QtTest import QTest

from tests.ui import scenes
from tests.ui.controllers import Make, calls, report
from tests.ui.scenes import ACME, HARBOUR, at
from ui.presenters.own_diary.choice import ContractEntry
from ui.presenters.own_diary.manual_time import ManualEntry
from ui.windows.own_diary.manual_time import ManualTimeDialog
from uploader.errors import Problem

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from ui.controller import AppController
    from ui.qt.theme import Theme


TODAY = datetime.fromtimestamp(scenes.DAY, UTC).date()


@pytest.fixture
def dialog(qtbot: QtBot, theme: Theme) -> ManualTimeDialog:
    contracts = tuple(ContractEntry(c.ctr, c.title, c.client) for c in (ACME, HARBOUR))
    made = ManualTimeDialog(theme, contracts, UTC, lambda: at(15, 14))
    qtbot.addWidget(made)
    made.begin_entry(HARBOUR.ctr, TODAY, TODAY, "Whiteboard")
    with qtbot.waitExposed(made):
        made.show()
    return made


def test_the_times_are_shown(dialog: ManualTimeDialog) -> None:
    for box in (dialog.begin, dialog.end):
        field = box.lineEdit()
        margins = field.textMargins()
        room = field.width() - margins.left() - margins.right()
        assert room >= field.fontMetrics().horizontalAdvance(field.text()) > 0


def test_an_entry_needs_a_reason(dialog: ManualTimeDialog) -> None:
    added: list[ManualEntry] = []
    dialog.added.connect(added.append)
    QTest.keyClick(dialog.reason, Qt.Key.Key_Return)
    assert added == []
    assert not dialog.add_button.isEnabled()
    assert dialog.error.text() == "Write why it was not recorded."
    QTest.keyClicks(dialog.reason, "No computer")
    QTest.keyClick(dialog.reason, Qt.Key.Key_Return)
    assert added == [ManualEntry(HARBOUR.ctr, at(9, 0), at(9, 30), "Whiteboard", "No computer")]


def test_an_entry_is_sent_once_until_its_result_is_known(dialog: ManualTimeDialog) -> None:
    added: list[ManualEntry] = []
    dialog.added.connect(added.append)
    QTest.keyClicks(dialog.reason, "No computer")
    for _ in range(3):
        dialog.add_button.click()
        QTest.keyClicks(dialog.reason, "!")
    assert len(added) == 1
    dialog.show_result("It overlaps.")
    assert dialog.isVisible()
    assert dialog.error.text() == "It overlaps."
    dialog.begin.setTime(QTime(8, 0))
    dialog.add_button.click()
    assert len(added) == 2
    dialog.show_result("")
    assert not dialog.isVisible()


def open_dialog(program: AppController) -> ManualTimeDialog:
    report(program, scenes.stopped().status or scenes.RECORDING)
    program.diary.show()
    program.bridge.day.emit(scenes.full_day())
    page = program.windows.day
    assert page is not None
    page.add_button.click()
    assert program.diary.dialog is not None
    return program.diary.dialog


def test_the_client_gets_an_entry_and_the_dialog_its_result(make: Make) -> None:
    program = make()
    dialog = open_dialog(program)
    dialog.begin.setTime(QTime(0, 0))
    dialog.end.setTime(QTime(0, 20))
    dialog.reason.insert("No computer")
    dialog.add_button.click()
    (made,) = [call for call in calls(program) if call[0] == "add_manual_time"]
    assert made[1] == ACME.ctr
    assert made[3] - made[2] == 20 * 60
    assert made[5] == "No computer"
    program.bridge.manual.emit(Problem.MANUAL_OVERLAP.value)
    assert "in your diary already" in dialog.error.text()
    program.bridge.manual.emit("")
    assert program.diary.dialog is None


def test_a_recording_that_began_meanwhile_refuses_the_entry(make: Make) -> None:
    program = make()
    dialog = open_dialog(program)
    dialog.begin.setTime(QTime(0, 0))
    dialog.end.setTime(QTime(0, 20))
    dialog.reason.insert("No computer")
    report(program, scenes.RECORDING)
    dialog.add_button.click()
    assert [call for call in calls(program) if call[0] == "add_manual_time"] == []
    assert dialog.error.text() == "Stop the recording first."


def test_the_dialog_cannot_be_opened_while_recording(make: Make) -> None:
    program = make()
    report(program, scenes.RECORDING)
    program.diary.show()
    page = program.windows.day
    assert page is not None
    assert not page.add_button.isEnabled()
    program.diary.ask_manual_time()
    assert program.diary.dialog is None
