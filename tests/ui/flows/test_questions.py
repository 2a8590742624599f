"""A question of the client leads from the list and the notification to its slot and its answer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from diary.core.slots import DAY
from tests.ui import scenes
from tests.ui.controllers import Make, calls
from ui.client.interface import SyncReport
from ui.windows.own_diary.question_box import MAX_TEXT, QuestionBox
from uploader.store.reviews.entries import ReviewThread

if TYPE_CHECKING:
    from ui.controller import AppController

ASKED = ReviewThread(scenes.ASKED)
KEY = f"question:{scenes.ASKED.digest}"


def sync(program: AppController, *threads: ReviewThread) -> None:
    report = SyncReport(scenes.upload(), scenes.CONTRACTS, {}, threads)
    program.bridge.sync.emit(report)


def opened(program: AppController, *threads: ReviewThread) -> QuestionBox:
    """The question in the panel, reached by the button of its row."""
    sync(program, *threads)
    program.act("answer", KEY)
    program.bridge.day.emit(scenes.full_day())
    QApplication.processEvents()
    window = program.windows.day
    assert window is not None
    return window.panel.question


def answers(program: AppController) -> list[object]:
    return [call[1:] for call in calls(program) if call[0] == "answer_question"]


def test_answer_opens_the_slot_and_the_field(make: Make) -> None:
    program = make()
    box = opened(program, ASKED)
    assert box.view is not None
    assert box.view.key == scenes.ASKED.digest
    window = program.windows.day
    assert window is not None
    assert window.panel.title.text() == "09:20–09:30"
    assert window.focusWidget() is box.field


def test_a_question_of_an_earlier_day_opens_that_day(make: Make) -> None:
    program = make()
    yesterday = replace(scenes.ASKED, slots=tuple(s - DAY for s in scenes.ASKED.slots))
    sync(program, ReviewThread(yesterday))
    program.act("answer", KEY)
    asked = [call for call in calls(program) if call[0] == "request_day"]
    assert asked[-1][1] is not None
    assert asked[-1][1] < scenes.DAY


def test_many_questions_open_the_oldest(make: Make) -> None:
    program = make()
    sync(program, ASKED, ReviewThread(scenes.DISPUTED))
    program.act("answer", "questions")
    program.bridge.day.emit(scenes.full_day())
    window = program.windows.day
    assert window is not None
    assert window.panel.question.view is not None
    assert window.panel.question.view.key == scenes.ASKED.digest


def test_a_question_that_is_gone_opens_the_diary(make: Make) -> None:
    program = make()
    sync(program)
    program.act("answer", KEY)
    window = program.windows.day
    assert window is not None
    assert window.isVisible()
    assert window.panel.question.isHidden()


def test_an_answer_is_sent_once_and_the_field_is_empty(make: Make) -> None:
    program = make()
    box = opened(program, ASKED)
    assert not box.send_button.isEnabled()
    QTest.keyClicks(box.field, "  The postcodes. ")
    assert box.send_button.isEnabled()
    box.send_button.click()
    box.send_button.click()
    assert answers(program) == [[scenes.ACME.ctr, scenes.ASKED.digest, "The postcodes."]]
    assert box.field.toPlainText() == ""
    sync(program, replace(ASKED, answers=(scenes.UNSENT_ANSWER,)))
    assert box.state.text() == "Sending your answer …"
    sync(program, replace(ASKED, replies=(scenes.REPLIED,)))
    assert box.state.text() == "Answer sent. The client can read it."
    assert "The validation of postcodes." in box.texts.text()


def test_control_enter_sends_and_enter_begins_a_line(make: Make) -> None:
    program = make()
    box = opened(program, ASKED)
    QTest.keyClicks(box.field, "One")
    QTest.keyClick(box.field, Qt.Key.Key_Return)
    QTest.keyClicks(box.field, "Two")
    assert answers(program) == []
    QTest.keyClick(box.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert answers(program) == [[scenes.ACME.ctr, scenes.ASKED.digest, "One\nTwo"]]


def test_what_is_written_stays_with_its_question(make: Make) -> None:
    program = make()
    box = opened(program, ASKED)
    QTest.keyClicks(box.field, "Half of an")
    # Another slot, a further reply, the answer from the browser: the text stays.
    window = program.windows.day
    assert window is not None
    window.slot_chosen.emit(scenes.at(9, 0))
    assert box.isHidden()
    window.slot_chosen.emit(scenes.at(9, 20))
    assert box.field.toPlainText() == "Half of an"
    sync(program, replace(ASKED, replies=(scenes.REPLIED,)))
    assert box.field.toPlainText() == "Half of an"


def test_a_refused_answer_is_in_the_field_again(make: Make) -> None:
    program = make()
    box = opened(program, ASKED)
    QTest.keyClicks(box.field, "The validation of postcodes.")
    box.send_button.click()
    refused = replace(scenes.UNSENT_ANSWER, refused="too_often")
    sync(program, replace(ASKED, answers=(refused,)))
    assert box.field.toPlainText() == "The validation of postcodes."
    assert box.send_button.isEnabled()


def test_a_pasted_text_is_cut_at_the_limit(make: Make) -> None:
    box = opened(make(), ASKED)
    box.field.insertPlainText("x" * (MAX_TEXT + 5_000))
    assert len(box.field.toPlainText()) == MAX_TEXT


def test_the_buttons_lead_to_the_other_questions_of_the_slot(make: Make) -> None:
    program = make()
    other = replace(scenes.ASKED, digest="Z" * 43, text="And the rest?")
    box = opened(program, ASKED, ReviewThread(other))
    assert (box.part.text(), box.before.isEnabled(), box.after.isEnabled()) == (
        "1 of 2", False, True,
    )  # fmt: skip
    box.after.click()
    assert box.view is not None
    assert box.view.key == other.digest
    box.before.click()
    assert box.view.key == scenes.ASKED.digest


def test_the_notification_names_the_question_and_its_button_opens_it(make: Make) -> None:
    program = make()
    sync(program, ASKED)
    program.notifications.acted.emit("answer", KEY)
    window = program.windows.day
    assert window is not None
    assert window.isVisible()
