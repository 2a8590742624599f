"""Every part of every window has a name and a role, and what reacts has a place in the focus
order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QCalendarWidget,
    QComboBox,
    QLineEdit,
    QWidget,
)

from tests.ui.controllers import Make
from tests.ui.render import POLICY
from tests.ui.windows.test_wheel import open_all
from ui.qt.widgets import ElidedLine
from ui.settings.settings import MASKED_APPLICATIONS, Settings
from ui.windows.settings.section import LockedValue
from ui.windows.settings.window import SettingsWindow

if TYPE_CHECKING:
    from collections.abc import Iterator


#: Their inner parts belong to them, and are reached by their keys.
COMPOUND = (QComboBox, QAbstractSpinBox, QCalendarWidget, QLineEdit)
INTERACTIVE = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    LockedValue,
)


def parts(window: QWidget) -> Iterator[QWidget]:
    """The interactive parts that a person sees. A part inside another one belongs to it."""
    for part in window.findChildren(QWidget):
        if not part.isVisible() or not isinstance(part, INTERACTIVE):
            continue
        parent = part.parentWidget()
        inner = False
        while parent is not None and parent is not window:
            inner |= isinstance(parent, COMPOUND)
            parent = parent.parentWidget()
        if not inner:
            yield part


def showings(windows: list[QWidget]) -> Iterator[QWidget]:
    """Each window; the settings once with each of their sections."""
    for window in windows:
        if isinstance(window, SettingsWindow):
            for row in range(window.list.count()):
                window.list.setCurrentRow(row)
                yield window
        else:
            yield window


def named(part: QWidget) -> str:
    """The part's description in the message of a failed test."""
    return f"{type(part).__name__} in {part.window().windowTitle()!r}: {part.objectName()!r}"


def test_every_interactive_part_has_a_name_a_role_and_a_focus_position(make: Make) -> None:
    settings = Settings(policy=POLICY).changed(MASKED_APPLICATIONS, ("Signal",))
    windows = open_all(make(settings=settings))
    # In a dict, since the side of the settings is seen with each section.
    found = list(dict.fromkeys(part for window in showings(windows) for part in parts(window)))
    assert len(found) > 50
    without_name, without_role, without_focus = [], [], []
    for part in found:
        seen = QAccessible.queryAccessibleInterface(part)
        if not seen.text(QAccessible.Text.Name).strip():
            without_name.append(named(part))
        if seen.role() in {QAccessible.Role.NoRole, QAccessible.Role.Client}:
            without_role.append(named(part))
        if not part.focusPolicy() & Qt.FocusPolicy.TabFocus:
            without_focus.append(named(part))
    assert (without_name, without_role, without_focus) == ([], [], [])


def test_every_drawn_part_has_a_role_and_a_name(make: Make) -> None:
    """A part that the program paints itself would be a nameless filler for a screen reader. A frame
    around other parts needs no name.
    """
    drawn = [
        part
        for window in showings(open_all(make()))
        for part in window.findChildren(QWidget)
        if part.isVisible()
        and type(part).paintEvent is not QWidget.paintEvent
        and type(part).__module__.startswith("ui.")
        and not part.findChildren(QWidget)
        and not isinstance(part, ElidedLine)  # a text, which may be empty
    ]
    assert len(drawn) > 5
    for part in drawn:
        seen = QAccessible.queryAccessibleInterface(part)
        assert seen.role() not in {QAccessible.Role.NoRole, QAccessible.Role.Client}, named(part)
        assert seen.text(QAccessible.Text.Name).strip(), named(part)


def test_a_screen_reader_announces_every_window(make: Make) -> None:
    """A top-level widget of another role is a filler, whose name a screen reader does not speak."""
    windows = open_all(make())
    role = QAccessible.Role
    announced = {role.Window, role.Dialog, role.AlertMessage}
    others = [
        named(window)
        for window in windows
        if QAccessible.queryAccessibleInterface(window).role() not in announced
    ]
    assert others == []


def test_every_window_has_a_title_of_its_own(make: Make) -> None:
    titles = [window.windowTitle() for window in open_all(make())]
    assert all(titles)
    assert sorted(titles) == sorted(set(titles))
