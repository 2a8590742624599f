"""The diagnostics window: the checks of `workdiary doctor`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QScrollArea, QWidget

from ui.qt import plain_text
from ui.qt.icons import tray_icon
from ui.qt.translation import translate
from ui.qt.widgets import ElidedLine, horizontal, paragraph, rule, set_property, vertical

if TYPE_CHECKING:
    from ui.presenters.diagnostics import DiagnosticsView, LineView
    from ui.qt.theme import Theme

WIDTH, HEIGHT = 520, 600
TITLES = 120
_TONES = {"ok": "muted", "limited": "muted", "attention": "attention"}


class DiagnosticsWindow(QDialog):
    """Shows a `DiagnosticsView`; `again` asks for a new check."""

    again = Signal()
    followed = Signal(str)  # a link that the person clicked

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        title = translate("Doctor", "This computer")
        plain_text.set_title(self, title)
        self.setWindowIcon(tray_icon("app"))
        plain_text.set_accessible(self, name=title)
        whole = vertical()
        self.setLayout(whole)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        plain_text.set_accessible(self.area, name=title)
        self.lines = QWidget()
        self.area.setWidget(self.lines)
        whole.addWidget(self.area, 1)
        whole.addWidget(rule())
        bottom = horizontal(12, (24, 12, 24, 12))
        self.summary = ElidedLine()
        self.again_button = plain_text.button(translate("Doctor", "&Check again"))
        self.again_button.clicked.connect(self.again)
        bottom.addWidget(self.summary, 1)
        bottom.addWidget(self.again_button)
        whole.addLayout(bottom)
        self.setFixedWidth(WIDTH)
        room = self.screen().availableGeometry().height() - 48
        self.resize(WIDTH, min(HEIGHT, room))
        self.show_checking()

    def show_checking(self) -> None:
        """Show that a check is running; earlier results stay visible."""
        self.summary.show_text(translate("Doctor", "Checking …"), "muted")
        self.again_button.setEnabled(False)

    def show_view(self, view: DiagnosticsView) -> None:
        """Show the results."""
        self.lines = QWidget()
        column = vertical(16, (24, 20, 24, 20))
        self.lines.setLayout(column)
        for line in view.lines:
            column.addLayout(self._line(line))
        column.addStretch(1)
        # The area destroys its former lines.
        self.area.setWidget(self.lines)
        attention = any(line.state == "attention" for line in view.lines)
        self.summary.show_text(view.summary, "attention" if attention else "muted")
        self.again_button.setEnabled(True)

    def _line(self, line: LineView) -> QHBoxLayout:
        row = horizontal(12)
        title = plain_text.label(line.title, wrap=True)
        title.setFont(self._theme.font("desk", strong=True))
        title.setFixedWidth(TITLES)
        row.addWidget(title, 0, Qt.AlignmentFlag.AlignTop)
        texts = vertical(2)
        mark = plain_text.label(line.mark)
        mark.setFont(self._theme.font("small"))
        set_property(mark, "tone", _TONES[line.state])
        text = paragraph(line.text)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        texts.addWidget(mark)
        texts.addWidget(text)
        if line.link:
            button = plain_text.button(line.button)
            set_property(button, "kind", "link")
            button.clicked.connect(lambda: self.followed.emit(line.link))
            texts.addWidget(button, 0, Qt.AlignmentFlag.AlignLeading)
        row.addLayout(texts, 1)
        return row
