"""A field for a date, with a calendar. The wheel does not change it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QDateEdit, QDateTimeEdit, QWidget

from ui.qt import plain_text
from ui.qt.icons import pixmap

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent, QWheelEvent

    from ui.qt.theme import Theme


def show_sections(edit: QDateTimeEdit, sections: tuple[str, ...], between: str) -> None:
    """Set the display format. Qt reverses it in a right-to-left program, where people read
    2026-03-09 and 14:05 as anywhere.
    """
    right = edit.layoutDirection() is Qt.LayoutDirection.RightToLeft
    edit.setDisplayFormat(between.join(reversed(sections) if right else sections))


class DateBox(QDateEdit):
    """Shows a date as 2026-03-09."""

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        """`name` is the accessible name."""
        super().__init__(parent)
        self._theme = theme
        self.setCalendarPopup(True)
        show_sections(self, ("yyyy", "MM", "dd"), "-")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setKeyboardTracking(False)
        plain_text.set_accessible(self, name=name)

    def show_date(self, shown: date, last: date) -> None:
        """Show a date without a signal; dates after `last` cannot be chosen."""
        blocked = self.blockSignals(True)
        self.setMaximumDate(QDate(last.year, last.month, last.day))
        self.setDate(QDate(shown.year, shown.month, shown.day))
        self.blockSignals(blocked)

    def chosen(self) -> date:
        """The date that is shown."""
        shown = self.date()
        return date(shown.year(), shown.month(), shown.day())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the chevron of the calendar: the style sheet leaves it out."""
        super().paintEvent(event)
        painter = QPainter(self)
        glyph = pixmap("chevron-down", 16, self._theme.color("muted"), self.devicePixelRatioF())
        x = 7 if self.layoutDirection() is Qt.LayoutDirection.RightToLeft else self.width() - 23
        painter.drawPixmap(x, (self.height() - 16) // 2, glyph)
        painter.end()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page."""
        event.ignore()
