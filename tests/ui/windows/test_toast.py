"""The toast as a widget: the pointer over it holds the countdown, while it is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF
from PySide6.QtGui import QCursor, QEnterEvent
from PySide6.QtWidgets import QApplication

from tests.ui import scenes
from ui.presenters.pictures import toast_view
from ui.qt.translation import translate
from ui.windows.toast import Toast

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from ui.presenters.app_state import AppState
    from ui.qt.theme import Theme

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


class ToastOnScreen:
    """A toast that shows `moment`; `held` collects the begin and end of its holds."""

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
def there(qtbot: QtBot, theme: Theme) -> ToastOnScreen:
    return ToastOnScreen(qtbot, theme)


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


def test_a_pointer_event_that_arrives_after_the_toast_was_hidden_holds_nothing(
    there: ToastOnScreen,
) -> None:
    there.moment = scenes.scene()
    there.toast.refresh()
    there.enter()
    assert there.held == []
