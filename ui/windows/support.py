"""The window that shows the files of the report for support before it is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QDialog, QListWidget, QPlainTextEdit, QWidget

from ui.qt import plain_text
from ui.qt.icons import tray_icon
from ui.qt.translation import translate
from ui.qt.widgets import ElidedLine, horizontal, paragraph, rule, set_property, vertical

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, HEIGHT = 720, 520
_LIST = 190


class SupportWindow(QDialog):
    """Signal: `saving` requests the choice of a file."""

    saving = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = translate("Support", "Report for support")
        plain_text.set_title(self, title)
        self.setWindowIcon(tray_icon("app"))
        plain_text.set_accessible(self, name=title)
        self._texts: list[str] = []
        whole = vertical()
        self.setLayout(whole)
        column = vertical(12, (24, 20, 24, 16))
        whole.addLayout(column, 1)
        column.addWidget(
            paragraph(
                translate(
                    "Support",
                    "This is all that the report contains. It is saved where you choose and sent "
                    "to no one.",
                )
            )
        )
        row = horizontal(12)
        self.list = QListWidget()
        self.list.setFixedWidth(_LIST)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        plain_text.set_accessible(self.list, name=translate("Support", "Files"))
        self.list.currentRowChanged.connect(self._show_text)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.text.document().setDocumentMargin(8)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        # Field names and times read from left to right in every language.
        self.text.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        plain_text.set_accessible(self.text, name=translate("Support", "Content of the file"))
        row.addWidget(self.list)
        row.addWidget(self.text, 1)
        column.addLayout(row, 1)
        whole.addWidget(rule())
        bottom = horizontal(8, (24, 12, 24, 12))
        self.summary = ElidedLine()
        self.close_button = plain_text.button(translate("Support", "C&lose"))
        self.close_button.clicked.connect(self.reject)
        self.save_button = plain_text.button(translate("Support", "&Save …"))
        set_property(self.save_button, "kind", "accent")
        self.save_button.clicked.connect(self.saving)
        bottom.addWidget(self.summary, 1)
        bottom.addWidget(self.close_button)
        bottom.addWidget(self.save_button)
        whole.addLayout(bottom)
        self.setMinimumSize(560, 320)
        room = self.screen().availableGeometry().height() - 48
        self.resize(WIDTH, min(HEIGHT, room))
        self.show_collecting()

    def show_collecting(self) -> None:
        """Show that the report is being collected."""
        self.show_files(())
        self.show_outcome(translate("Support", "The report is being collected …"))

    def show_files(self, files: Sequence[tuple[str, str]]) -> None:
        """Show the files, each with its text."""
        self._texts = [text for _, text in files]
        self.list.clear()
        for name, _ in files:
            plain_text.add_row(self.list, name)
        self.save_button.setEnabled(bool(files))
        if files:
            self.list.setCurrentRow(0)
        else:
            plain_text.set_page(self.text, "")

    def show_outcome(self, text: str, *, attention: bool = False) -> None:
        """Show a sentence at the foot."""
        self.summary.show_text(text, "attention" if attention else "muted")

    def _show_text(self, row: int) -> None:
        plain_text.set_page(self.text, self._texts[row] if 0 <= row < len(self._texts) else "")
