"""The wheel over a closed box scrolls the page and changes nothing, in every window."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QWidget

from tests.ui import scenes
from tests.ui.controllers import Make, report
from ui.presenters.diary import QuestionView

if TYPE_CHECKING:
    from ui.controller import AppController


def open_all(program: AppController) -> list[QWidget]:
    """Every window of the program."""
    windows = program.windows
    report(program, scenes.AWAY)
    program.show_window()
    program.settings.show()
    windows.offer_applications(("Firefox", "Inkscape"))
    program.diary.show()
    program.bridge.day.emit(scenes.day())
    state = program.state
    program.state = replace(state, status=None)
    program.diary.ask_manual_time()
    program.state = state
    windows.show_address("http://x")
    windows.show_diagnostics()
    windows.ask(QuestionView("Really?", "", "Yes", "No"), lambda: None)
    assert program.state.contract is not None
    program.consent.show(program.state.contract, start_after=False)
    return [each for each in QApplication.topLevelWidgets() if each.isVisible()]


def scroll(box: QWidget) -> None:
    for ticks in (-120, 120, -360):
        event = QWheelEvent(
            QPointF(5, 5),
            QPointF(box.mapToGlobal(QPoint(5, 5))),
            QPoint(),
            QPoint(0, ticks),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(box, event)


def test_the_wheel_changes_no_closed_box(make: Make) -> None:
    boxes: list[QComboBox | QAbstractSpinBox] = []
    for window in open_all(make()):
        boxes += window.findChildren(QComboBox)
        boxes += window.findChildren(QAbstractSpinBox)
    assert len(boxes) >= 4
    for box in boxes:
        if isinstance(box, QComboBox):
            assert box.count() >= 2
            box.setCurrentIndex(box.count() // 2)
        before = box.currentIndex() if isinstance(box, QComboBox) else box.text()
        for focused in (False, True):
            if focused:
                box.setFocus()
            scroll(box)
            after = box.currentIndex() if isinstance(box, QComboBox) else box.text()
            assert after == before, box.accessibleName()
