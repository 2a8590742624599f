"""The question about time without input: a window that does not take the focus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QLineEdit, QWidget

from ui.qt import plain_text
from ui.qt.icons import tray_icon
from ui.qt.widgets import horizontal, paragraph, set_property, vertical

if TYPE_CHECKING:
    from ui.presenters.idle_question import IdleView
    from ui.qt.theme import Theme

WIDTH = 420
NOTE_MAX = 2_000


class IdleQuestion(QDialog):
    """Closing it answers nothing: the time stays on this computer and the question stays open."""

    kept = Signal(str)  # the note
    discarded = Signal()

    def __init__(self, theme: Theme, view: IdleView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        plain_text.set_title(self, view.title)
        self.setWindowIcon(tray_icon("app"))
        self.setFixedWidth(WIDTH)
        column = vertical(margins=(24, 24, 24, 16))
        self.setLayout(column)
        title = paragraph(view.text)
        title.setFont(theme.font("web", strong=True))
        column.addWidget(title)
        column.addSpacing(8)
        column.addWidget(paragraph(view.details))
        column.addSpacing(16)
        self.note = QLineEdit()
        self.note.setMaxLength(NOTE_MAX)
        plain_text.set_placeholder(self.note, view.note)
        plain_text.set_accessible(self.note, name=view.note)
        column.addWidget(self.note)
        column.addSpacing(16)
        row = horizontal(8)
        row.addStretch(1)
        self.discard_button = plain_text.button(view.discard)
        self.keep_button = plain_text.button(view.keep)
        set_property(self.keep_button, "kind", "accent")
        for button in (self.discard_button, self.keep_button):
            row.addWidget(button)
        column.addLayout(row)
        self.keep_button.setEnabled(False)
        self.note.textChanged.connect(lambda text: self.keep_button.setEnabled(bool(text.strip())))
        self.note.returnPressed.connect(self._keep)
        self.keep_button.clicked.connect(self._keep)
        self.discard_button.clicked.connect(self._discard)
        self.note.setFocus()

    def _keep(self) -> None:
        note = self.note.text().strip()
        if note:
            self.kept.emit(note)
            self.accept()

    def _discard(self) -> None:
        self.discarded.emit()
        self.accept()
