"""A short list of texts that the person edits."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QWidget

from ui.qt import plain_text
from ui.qt.widgets import horizontal, vertical

_ROW = 28


class _List(QListWidget):
    deleted = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self.deleted.emit()
        else:
            super().keyPressEvent(event)


class TextList(QWidget):
    """A list of texts with a field that adds one; `changed` carries all texts after each change.
    `fits` checks all texts with a further one at the end; if they do not fit, `add_button` is
    disabled. The owner sets the names for screen readers.
    """

    changed = Signal(tuple)

    def __init__(
        self,
        texts: tuple[str, ...],
        fits: Callable[[tuple[str, ...]], bool],
        add: str,
        remove: str,
        rows: int,
    ) -> None:
        super().__init__()
        self._fits = fits
        self.list = _List()
        for text in texts:
            plain_text.add_row(self.list, text)
        self.list.setFixedHeight(rows * _ROW + 4)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentRowChanged.connect(self._update_buttons)
        self.list.deleted.connect(self.remove)
        self.edit = QLineEdit()
        self.edit.textChanged.connect(self._update_buttons)
        self.edit.returnPressed.connect(self._add_typed)
        self.add_button, self.remove_button = plain_text.button(add), plain_text.button(remove)
        self.add_button.clicked.connect(self._add_typed)
        self.remove_button.clicked.connect(self.remove)
        column = vertical(6)
        self.setLayout(column)
        column.addWidget(self.list)
        row = horizontal(6)
        row.addWidget(self.edit, 1)
        row.addWidget(self.add_button)
        row.addWidget(self.remove_button)
        column.addLayout(row)
        self._update_buttons()

    @property
    def texts(self) -> tuple[str, ...]:
        """All texts, in their order."""
        return tuple(plain_text.row_text(self.list, row) for row in range(self.list.count()))

    def show_texts(self, texts: tuple[str, ...]) -> None:
        """Show other texts, without `changed`, and empty the field."""
        self.list.clear()
        for text in texts:
            plain_text.add_row(self.list, text)
        self.edit.clear()
        self._update_buttons()

    def add(self, text: str) -> None:
        """Append a text, unless it is in the list."""
        text = text.strip()
        if self._takes(text) and text not in self.texts:
            plain_text.add_row(self.list, text)
            self.list.scrollToBottom()
            self.changed.emit(self.texts)

    def remove(self) -> None:
        """Remove the selected text."""
        row = self.list.currentRow()
        if row >= 0:
            self.list.takeItem(row)
            self.changed.emit(self.texts)
            self._update_buttons()

    def _add_typed(self) -> None:
        if self.add_button.isEnabled():
            self.add(self.edit.text())
            self.edit.clear()

    def _takes(self, text: str) -> bool:
        return self._fits((*self.texts, text))

    def _update_buttons(self) -> None:
        self.add_button.setEnabled(self._takes(self.edit.text()))
        self.remove_button.setEnabled(self.list.currentRow() >= 0)
