"""The memo's field with the list of recent memos below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCompleter, QLineEdit, QListView, QStyledItemDelegate

from ui.qt import plain_text
from ui.qt.icons import pixmap
from ui.qt.translation import translate
from ui.qt.widgets import set_property

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QKeyEvent

    from ui.qt.theme import Theme

MEMO_MAX = 500


class MemoField(QLineEdit):
    """Down, or the button in the field, opens the list."""

    written = Signal(str)  # each change by the person
    settled = Signal(str)  # Enter, a memo from the list, or the field was left

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setMaxLength(MEMO_MAX)
        plain_text.set_placeholder(self, translate("Window", "What are you working on?"))
        plain_text.set_accessible(self, name=translate("Window", "Memo"))
        self._recent = QAction(self)
        plain_text.set_entry(self._recent, translate("Window", "Recent memos"))
        plain_text.set_tooltip(self._recent, translate("Window", "Recent memos (Down)"))
        self.addAction(self._recent, QLineEdit.ActionPosition.TrailingPosition)
        self._memos = QStringListModel(self)
        self._completer = completer = QCompleter(self._memos, self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setMaxVisibleItems(10)
        popup = QListView()
        completer.setPopup(popup)
        # Only this delegate takes its looks from the style sheet.
        popup.setItemDelegate(QStyledItemDelegate(popup))
        completer.setWidget(self)
        completer.activated.connect(self.take)
        self._recent.triggered.connect(self._offer)
        self.textEdited.connect(self.written)
        self.textChanged.connect(self._on_change)
        self.textChanged.connect(lambda _: set_property(self, "tone", ""))
        self._filling = False
        self.editingFinished.connect(lambda: self.settled.emit(self.text().strip()))
        theme.changed.connect(self._paint_icon)
        self._paint_icon()

    @property
    def writing(self) -> bool:
        """Whether the person is changing the text."""
        return self.hasFocus() and self.isModified()

    def fill(self, text: str, *, always: bool = False) -> None:
        """Show a memo, unless the person is writing one; `always` replaces that one too."""
        if always or not self.writing:
            self._fill(text)

    def _fill(self, text: str) -> None:
        self._filling = True
        plain_text.set_edit(self, text)
        self._filling = False

    def _on_change(self, text: str) -> None:
        # Assistive technology, such as dictation, sets the text as a whole, without an edit, and
        # may leave the focus there.
        if not self._filling and not self.isModified():
            self.written.emit(text)
            self.settled.emit(text.strip())

    def ask(self) -> None:
        """Take the focus, with a frame that stands out until the text changes."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        set_property(self, "tone", "attention")

    def show_recent(self, memos: Iterable[str]) -> None:
        """Offer these memos, newest first."""
        plain_text.set_rows(self._memos, memos)
        self._recent.setVisible(bool(self._memos.stringList()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down:
            self._offer()
        else:
            super().keyPressEvent(event)

    def _offer(self) -> None:
        self._completer.setCompletionPrefix("")
        self._completer.complete()

    def take(self, text: str) -> None:
        """Fill in a memo that the person has chosen from a list."""
        self._fill(text)
        self.written.emit(text)
        self.settled.emit(text)

    def _paint_icon(self) -> None:
        color = self._theme.color("muted")
        self._recent.setIcon(pixmap("chevron-down", 16, color, self.devicePixelRatioF()))
