"""The toast as a widget: the pointer over it holds the countdown, while it is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QCursor, QEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.ui import scenes
from ui.presenters.pictures import toast_view
from ui.qt.translation import translate
from ui.windows.toast import Toast

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from ui.presenters.app_state import AppState
    from ui.qt.theme import Theme


class ToastOnScreen:
    """A toast that shows `moment`; `held` collects the beginning and the end of its holds."""

    def __init__(self, qtbot: QtBot, theme: Theme) -> None:
        self.moment: AppState = scenes.reviewing()
        self.toast = Toast(theme, lambda: toast_view(self.moment, translate))
        qtbot.addWidget(self.toast)
        self.held: list[bool] = []
        self.toast.held.connect(self.held.append)
        self.toast.refresh()

    def enter(self) -> None:
        """The pointer moves over the toast."""
        inside = self.toast.mapToGlobal(self.toast.rect().center())
        QCursor.setPos(inside)
        local = QPointF(self.toast.rect().center())
        QApplication.sendEvent(self.toast, QEnterEvent(local, local, QPointF(inside)))


@pytest.fixture
def there(qtbot: QtBot, theme: Theme) -> Iterator[ToastOnScreen]:
    # A test before may have left the pointer where the toast appears.
    QCursor.setPos(QPoint(0, 0))
    made = ToastOnScreen(qtbot, theme)
    QApplication.processEvents()
    yield made
    made.toast.hide()
    QApplication.processEvents()


def test_the_pointer_over_the_toast_holds_the_countdown(there: ToastOnScreen) -> None:
    there.enter()
    there.toast.refresh()
    assert there.held == [True]
    QApplication.sendEvent(there.toast, QEvent(QEvent.Type.Leave))
    assert there.held == [True, False]


def test_a_hold_ends_when_the_event_of_the_leaving_pointer_was_lost(there: ToastOnScreen) -> None:
    there.enter()
    QCursor.setPos(there.toast.geometry().topLeft() - QPoint(50, 50))
    there.toast.refresh()
    assert there.held == [True, False]


def test_a_deletion_is_shown_with_undo_until_that_is_answered(there: ToastOnScreen) -> None:
    answers: list[tuple[str, str]] = []
    there.toast.delete.connect(lambda picture: answers.append(("delete", picture)))
    there.toast.undo.connect(lambda picture: answers.append(("undo", picture)))
    there.toast.delete_button.click()
    assert not there.toast.isVisible()
    there.moment = scenes.deleted(8)
    there.toast.refresh()
    assert there.toast.isVisible()
    assert not there.toast.delete_button.isVisible()
    assert there.toast.cost.accessibleName() == "You can undo this for 8\u00a0s"
    there.toast.undo_button.click()
    assert answers == [("delete", "p1"), ("undo", "p1")]
    assert not there.toast.isVisible()
    there.moment = scenes.reviewing()
    there.toast.refresh()
    assert there.toast.keep_button.isVisible()


def test_a_click_on_the_picture_opens_it(there: ToastOnScreen) -> None:
    opened: list[str] = []
    there.toast.cover.connect(opened.append)
    QTest.mouseClick(there.toast.picture, Qt.MouseButton.LeftButton)
    assert opened == ["p1"]


def test_a_pointer_event_that_arrives_after_the_toast_was_hidden_holds_nothing(
    there: ToastOnScreen,
) -> None:
    there.moment = scenes.scene()
    there.toast.refresh()
    there.enter()
    assert there.held == []


def test_a_toast_that_the_program_has_hidden_stays_hidden(
    qtbot: QtBot, there: ToastOnScreen
) -> None:
    timer = there.toast._timer
    assert timer.isActive()
    there.toast.hide()
    assert not timer.isActive()
    there.toast.refresh()
    assert there.toast.isVisible()
    with qtbot.waitSignal(timer.timeout):
        assert timer.isActive()
