"""A question of the client about the selected slot, with the field for the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from ui.qt import plain_text
from ui.qt.translation import translate
from ui.qt.widgets import ElidedLine, horizontal, rule, set_property, vertical
from ui.windows.own_diary.drawn_parts import IconLabel

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from ui.presenters.questions import ClientQuestion
    from ui.qt.theme import Theme

#: Characters of an answer at most (`docs/protocol.md` §12.6).
MAX_TEXT = 2_000
#: Lines of the field that are visible at once.
_LINES = 4
#: The field's borders, paddings and inner margins in px.
_AROUND = 20


class QuestionBox(QWidget):
    """Shows a `ClientQuestion`. `answered` carries its key and the text, `number_chosen` the number
    of another question about the slot. What the person writes stays with its question until it is
    sent, also while another slot is selected.
    """

    answered = Signal(str, str)
    number_chosen = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._view: ClientQuestion | None = None
        self._drafts: dict[str, str] = {}
        self.icon, self.title = IconLabel(theme), ElidedLine()
        self.title.setFont(theme.font("desk", strong=True))
        self.times, self.part = ElidedLine(), plain_text.label()
        set_property(self.part, "tone", "muted")
        self.before, self.after = plain_text.button("\u2039"), plain_text.button("\u203a")
        for button, name in (
            (self.before, translate("Questions", "Previous question")),
            (self.after, translate("Questions", "Next question")),
        ):
            set_property(button, "kind", "icon")
            plain_text.set_accessible(button, name=name)
            plain_text.set_tooltip(button, name)
        self.texts = plain_text.label(wrap=True)
        self.texts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.field = QPlainTextEdit()
        self.field.setTabChangesFocus(True)
        plain_text.set_accessible(self.field, name=translate("Questions", "Your answer"))
        plain_text.set_placeholder(self.field, translate("Questions", "Your answer"))
        self.field.setFixedHeight(self.field.fontMetrics().lineSpacing() * _LINES + _AROUND)
        self.send_button = plain_text.button(translate("Questions", "Send a&nswer"))
        set_property(self.send_button, "kind", "accent")
        self.send_button.setEnabled(False)
        self.state = plain_text.label(wrap=True)
        self._lay_out()
        self.before.clicked.connect(lambda: self._choose(-1))
        self.after.clicked.connect(lambda: self._choose(1))
        self.field.textChanged.connect(self._written)
        self.send_button.clicked.connect(self._send)
        self.hide()

    def _lay_out(self) -> None:
        column = vertical(6)
        head = horizontal(8)
        head.addWidget(self.icon)
        head.addWidget(self.title, 1)
        column.addLayout(head)
        line = horizontal(8)
        line.addWidget(self.times, 1)
        self.row = QWidget()
        row = horizontal(4)
        for part in (self.part, self.before, self.after):
            row.addWidget(part)
        self.row.setLayout(row)
        line.addWidget(self.row)
        column.addLayout(line)
        column.addWidget(self.texts)
        column.addWidget(self.field)
        send = horizontal(8)
        send.addWidget(self.send_button)
        send.addStretch(1)
        column.addLayout(send)
        column.addWidget(self.state)
        column.addSpacing(2)
        column.addWidget(rule())
        column.addSpacing(6)
        self.setLayout(column)

    def show_view(self, view: ClientQuestion | None) -> None:
        """Show a question; None hides the box."""
        before, self._view = self._view, view
        if view == before:
            return
        self.setVisible(view is not None)
        if view is None:
            return
        plain_text.set_accessible(self, name=view.title)
        self.icon.show_icon("question", "attention" if view.waits else "muted", view.title)
        self.title.show_text(view.title)
        self.times.show_text(view.times, "muted")
        plain_text.set_text(self.part, view.part)
        self.row.setVisible(view.count > 1)
        self.before.setEnabled(view.number > 0)
        self.after.setEnabled(view.number < view.count - 1)
        plain_text.set_text(self.texts, "\n\n".join(view.lines))
        plain_text.set_text(self.state, view.state)
        set_property(self.state, "tone", view.tone)
        self.state.setVisible(bool(view.state))
        for part in (self.field, self.send_button):
            part.setVisible(view.takes_answer)
        if before is None or before.key != view.key or (before.draft != view.draft):
            draft = self._drafts.get(view.key) or view.draft
            plain_text.set_page(self.field, draft)

    @property
    def view(self) -> ClientQuestion | None:
        """The question that is shown."""
        return self._view

    def focus_field(self) -> None:
        """Put the cursor into the field of the answer."""
        if self.field.isVisible():
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _choose(self, step: int) -> None:
        if self._view is not None:
            self.number_chosen.emit(self._view.number + step)

    def _written(self) -> None:
        text = self.field.toPlainText()
        if len(text) > MAX_TEXT:
            # A pasted text; the beginning stays, and the cursor shows the end.
            plain_text.set_page(self.field, text[:MAX_TEXT])
            self.field.moveCursor(self.field.textCursor().MoveOperation.End)
            return
        self.send_button.setEnabled(bool(text.strip()))
        if self._view is not None:
            self._drafts[self._view.key] = text

    def _send(self) -> None:
        text = self.field.toPlainText().strip()
        if self._view is not None and text:
            key = self._view.key
            self.field.clear()
            self._drafts.pop(key, None)
            self.answered.emit(key, text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter sends the answer; Enter alone begins a line."""
        enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._send()
        else:
            super().keyPressEvent(event)
