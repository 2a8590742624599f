"""The question about time without input: a window that does not take the focus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QLineEdit, QWidget

from ui.qt import plain_text
from ui.qt.icons import tray_icon
from ui.qt.widgets import horizontal, paragraph, set_property, vertical

if TYPE_CHECKING:
    from PySide6.QtCore import SignalInstance

    from ui.presenters.idle_question import IdleView
    from ui.qt.theme import Theme

WIDTH = 420
_MARGIN = 24
NOTE_MAX = 2_000


class IdleQuestion(QDialog):
    """Closing it answers nothing: the time stays on this computer and the question stays open."""

    kept = Signal(str)  # the note
    continued = Signal(str)  # the note; the recording continues
    discarded = Signal()

    def __init__(self, theme: Theme, view: IdleView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        plain_text.set_title(self, view.title)
        self.setWindowIcon(tray_icon("app"))
        column = vertical(margins=(_MARGIN, 24, _MARGIN, 16))
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
        self.continue_button = plain_text.button(view.keep_and_continue)
        set_property(self.continue_button, "kind", "accent")
        keeps = (self.keep_button, self.continue_button)
        for button in (self.discard_button, *keeps):
            row.addWidget(button)
        column.addLayout(row)
        for button in (self.discard_button, *keeps):
            button.ensurePolished()
        # The buttons are side by side: the width follows their texts.
        self.setFixedWidth(max(WIDTH, row.sizeHint().width() + 2 * _MARGIN))
        for button, signal in zip(keeps, (self.kept, self.continued), strict=True):
            button.setEnabled(False)
            button.clicked.connect(lambda _=False, signal=signal: self._keep(signal))
        self.note.textChanged.connect(self._allow_keeping)
        self.note.returnPressed.connect(lambda: self._keep(self.kept))
        self.discard_button.clicked.connect(self._discard)
        self.note.setFocus()

    def _allow_keeping(self, text: str) -> None:
        for button in (self.keep_button, self.continue_button):
            button.setEnabled(bool(text.strip()))

    def _keep(self, signal: SignalInstance) -> None:
        note = self.note.text().strip()
        if note:
            signal.emit(note)
            self.accept()

    def _discard(self) -> None:
        self.discarded.emit()
        self.accept()
