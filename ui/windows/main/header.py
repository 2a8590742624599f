"""The header of the main window: contract, memo, running time, Start or Stop, Pause or Resume.

It is 229 px high in every state and nothing in it moves. While recording it is tinted, and Stop is
outlined; Start is solid.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QFrame, QPushButton

from ui.qt import plain_text
from ui.qt.icons import pixmap
from ui.qt.translation import translate
from ui.qt.widgets import horizontal, set_property, vertical
from ui.windows.main.contract_box import ContractBox
from ui.windows.main.lines import StateMark
from ui.windows.main.memo_field import MemoField

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from ui.presenters.main_window import WindowView
    from ui.qt.theme import Theme

HEIGHT = 229
_LEAST_PAUSE = 116


class Header(QFrame):
    """Shows its part of a `WindowView`, and emits a signal for each action of the person."""

    toggled = Signal()  # Start or Stop was pressed
    paused = Signal()
    resumed = Signal()
    contract_chosen = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._look = ("", "", False)  # the icons, and whether the large button is enabled
        self._resumes = False
        self.setObjectName("header")
        self.setFixedHeight(HEIGHT)
        self.contract = ContractBox(theme)
        self.contract.setFont(theme.font("web", strong=True))
        plain_text.set_accessible(self.contract, name=translate("Window", "Contract"))
        self.memo = MemoField(theme)
        self.mark = StateMark(theme)
        self.clock = plain_text.label()
        self.clock.setFont(theme.font("huge", strong=True))
        self.clock.setFixedHeight(40)
        self.aside = plain_text.label()
        self.aside.setFont(theme.font("small"))
        self.aside.setAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
        set_property(self.aside, "tone", "muted")
        self.button, self.pause_button = self._large_button(), self._large_button()
        self.pause_button.setFixedWidth(self._pause_width())
        self._lay_out()
        self.contract.activated.connect(
            lambda index: self.contract_chosen.emit(self.contract.itemData(index))
        )
        self.button.clicked.connect(self.toggled)
        self.pause_button.clicked.connect(self._pause_or_resume)
        for button in (self.button, self.pause_button):
            button.clicked.connect(self.focus_memo)
        theme.changed.connect(self._paint_icons)

    def _large_button(self) -> QPushButton:
        button = plain_text.button()
        button.setFont(self._theme.font("web", strong=True))
        button.setIconSize(QSize(16, 16))
        # A click does not leave the focus here, where the next Space would start or stop.
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.installEventFilter(self)
        return button

    def _pause_width(self) -> int:
        """The width of Pause and of Resume, so that nothing moves between them."""
        width = _LEAST_PAUSE
        for text, resumes in (
            (translate("Window", "&Pause"), False),
            (translate("Window", "&Resume"), True),
        ):
            sample = self._large_button()
            sample.setFont(self._theme.font("web", strong=resumes))
            plain_text.label_button(sample, text)
            sample.setIcon(QIcon(pixmap("pause", 16, self._theme.color("text"))))
            set_property(sample, "kind", "primary" if resumes else "pause")
            width = max(width, sample.sizeHint().width())
            sample.deleteLater()
        return width

    def _lay_out(self) -> None:
        column = vertical(margins=(24, 16, 24, 16))
        self.setLayout(column)
        column.addWidget(self.contract)
        column.addSpacing(8)
        column.addWidget(self.memo)
        column.addSpacing(16)
        row = horizontal(12)
        row.addWidget(self.mark)
        row.addWidget(self.clock)
        row.addWidget(self.aside, 1)
        column.addLayout(row)
        column.addSpacing(12)
        row = horizontal(8)
        row.addWidget(self.button, 1)
        row.addWidget(self.pause_button)
        column.addLayout(row)

    def show_view(self, view: WindowView, memos: tuple[str, ...]) -> None:
        """Show the view's texts; `memos` are the recent ones, newest first."""
        set_property(self, "recording", "yes" if view.recording else "")
        self.contract.show_contracts(view.contracts, view.contract)
        plain_text.set_placeholder(self.contract, view.contract_hint)
        self.memo.show_recent(memos)
        self.mark.show_mark(view.mark)
        plain_text.set_accessible(self.mark, name=view.aside)
        plain_text.set_text(self.clock, view.clock)
        plain_text.set_accessible(self.clock, name=view.clock_spoken)
        set_property(self.clock, "tone", "" if view.pause else "muted")
        plain_text.set_text(self.aside, view.aside)
        plain_text.label_button(self.button, view.button)
        set_property(self.button, "kind", "primary" if view.starts else "stop")
        if self.button.isEnabled() != view.button_enabled:
            self.button.setEnabled(view.button_enabled)
        plain_text.label_button(self.pause_button, view.pause)
        set_property(self.pause_button, "kind", "primary" if view.resumes else "pause")
        self.pause_button.setVisible(bool(view.pause))
        self.pause_button.setFont(self._theme.font("web", strong=view.resumes))
        self._resumes = view.resumes
        icons = ("play" if view.starts else "stop", "play" if view.resumes else "pause")
        look = (*icons, view.button_enabled)
        if look != self._look:
            self._look = look
            self._paint_icons()

    def focus_memo(self) -> None:
        """Focus the memo, where typing and Space do not start or stop."""
        if not self.memo.writing:
            self.memo.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ignore the second click of a double click: it would undo the first."""
        if event.type() == QEvent.Type.MouseButtonDblClick:
            return True
        return super().eventFilter(watched, event)

    def _pause_or_resume(self) -> None:
        (self.resumed if self._resumes else self.paused).emit()

    def _paint_icons(self) -> None:
        for button, name in zip((self.button, self.pause_button), self._look[:2], strict=True):
            solid = button.property("kind") == "primary"
            color = self._theme.color("on-accent" if solid else "text")
            if not button.isEnabled():
                color = self._theme.color("muted")
            if name:
                button.setIcon(QIcon(pixmap(name, 16, color, self.devicePixelRatioF())))
