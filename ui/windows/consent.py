"""The window of the consent page; the keyboard is enough to read and answer it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QScrollArea,
    QWidget,
)

from ui.qt import plain_text
from ui.qt.icons import tray_icon
from ui.qt.widgets import horizontal, paragraph, rule, set_property, vertical

if TYPE_CHECKING:
    from ui.presenters.consent import ConsentView
    from ui.qt.theme import Theme

WIDTH = 520


class ConsentWindow(QDialog):
    """Accepted means that the person agrees; closing it in any other way does not."""

    def __init__(self, theme: Theme, view: ConsentView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        plain_text.set_title(self, view.title)
        self.setWindowIcon(tray_icon("app"))
        plain_text.set_accessible(self, name=view.title)
        whole = vertical()
        self.setLayout(whole)
        page = QWidget()
        column = vertical(margins=(32, 24, 32, 24))
        page.setLayout(column)
        title = paragraph(view.title)
        title.setFont(theme.font("large", strong=True))
        column.addWidget(title)
        column.addSpacing(8)
        column.addWidget(paragraph(view.lead))
        for section in view.sections:
            column.addSpacing(20)
            heading = paragraph(section.title)
            heading.setFont(theme.font("web", strong=True))
            column.addWidget(heading)
            for point in section.points:
                column.addSpacing(6)
                column.addLayout(_point(point))
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(page)
        plain_text.set_accessible(area, name=view.title)
        whole.addWidget(area, 1)
        whole.addWidget(rule())
        row = horizontal(8, (32, 16, 32, 16))
        row.addStretch(1)
        self.decline_button = plain_text.button(view.decline)
        self.agree_button = plain_text.button(view.agree)
        set_property(self.agree_button, "kind", "accent")
        # No button is the default, so that Enter does not agree by accident.
        for button, slot in (
            (self.decline_button, self.reject),
            (self.agree_button, self.accept),
        ):
            button.clicked.connect(slot)
            row.addWidget(button)
        self.agree_button.setVisible(bool(view.agree))
        whole.addLayout(row)
        self.setFixedWidth(WIDTH)
        room = self.screen().availableGeometry().height() - 48
        wanted = column.totalHeightForWidth(WIDTH) + 44 + 32 + 8
        self.setMinimumHeight(min(320, room))
        self.resize(WIDTH, min(wanted, room))
        area.setFocus()


def _point(text: str) -> QHBoxLayout:
    """A point of a list: a dash, then lines that stay indented."""
    row = horizontal(8)
    dash = plain_text.label("–")
    set_property(dash, "tone", "muted")
    row.addWidget(dash, 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(paragraph(text), 1)
    return row
