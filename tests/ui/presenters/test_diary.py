"""The actions on a segment of the own diary, and the questions before them."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtWidgets import QMessageBox

from diary.core.findings import UNPAYING
from tests.ui import scenes
from tests.ui.scenes import entry
from ui.presenters.diary import (
    RowAction,
    available_actions,
    new_device_question,
    question,
    sign_out_question,
)
from ui.presenters.finding_clauses import CLAUSES
from ui.presenters.findings import clause
from ui.presenters.formatting import plain
from ui.windows.dialogs import ask
from uploader.store.index.rows import UploadState

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


EVERYTHING = [
    RowAction.MEMO,
    RowAction.DELETE_PICTURE,
    RowAction.DELETE_MEMO,
    RowAction.DELETE_MINUTES,
    RowAction.DELETE_TIME,
]


def offered(**changes: Any) -> list[RowAction]:
    return [offer.action for offer in available_actions(entry(0, **changes), plain)]


def test_everything_can_be_changed_until_the_week_locks() -> None:
    assert offered() == EVERYTHING
    assert offered(locked=True) == [
        RowAction.DELETE_PICTURE,
        RowAction.DELETE_MEMO,
        RowAction.DELETE_MINUTES,
    ]


def test_deleted_parts_are_not_offered() -> None:
    assert offered(pictures=(), memo=None, minutes=None, gives_back=True) == []
    assert RowAction.DELETE_TIME not in offered(gives_back=True)
    assert RowAction.DELETE_PICTURE not in offered(pictures=())


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
    assert "waiting" not in sign_out_question("a.example", 0, plain).details
    question = sign_out_question("a.example", 3, plain)
    assert "3 waiting" in question.details
    assert "a.example" in question.text


def test_another_device_is_named_with_its_time() -> None:
    view = new_device_question("Linux", scenes.at(8, 5), UTC, plain)
    assert "Linux, since 2026-11-17 08:05" in view.details


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


@pytest.mark.parametrize("code", sorted(UNPAYING))
def test_each_finding_that_costs_pay_has_a_clause(code: str) -> None:
    assert code in CLAUSES
    assert clause(code, plain) != code


def test_only_what_was_refused_can_be_sent_again() -> None:
    wishes = {state: offered(state=state) for state in UploadState}
    assert [state for state, found in wishes.items() if RowAction.SEND_AGAIN in found] == [
        UploadState.REFUSED
    ]
