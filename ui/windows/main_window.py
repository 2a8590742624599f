"""The main window: one column of 380 x 560 px.

It shows a `WindowView` and emits a signal for each action of the person; it decides nothing itself.
The header, the line about protection, the attention row and the status line are always visible.
Where there is too little height, the picture becomes one line; then the minutes, that line and the
week's bar are hidden, in this order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QIcon, QKeySequence
from PySide6.QtWidgets import QMainWindow, QScrollArea, QWidget

from ui.qt import plain_text
from ui.qt.icons import pixmap, tray_icon
from ui.qt.translation import translate
from ui.qt.widgets import (
    ElidedLine,
    MinuteBars,
    ShareBar,
    horizontal,
    rule,
    set_content,
    set_property,
    vertical,
)
from ui.windows.main.header import HEIGHT, Header
from ui.windows.main.lines import AttentionRow, StrongLine, icon_button
from ui.windows.main.picture_area import LINE, PictureArea

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent, QHideEvent, QShowEvent
    from PySide6.QtWidgets import QHBoxLayout, QPushButton

    from ui.presenters.main_window import WindowView
    from ui.qt.theme import Theme

SIZE = QSize(380, 560)
BANNER = 24
#: The heights of the parts, each with the space above it.
_FIXED = HEIGHT + 34 + 34 + 12 + 44  # header, protection, figures, space, status line
_BAR, _MINUTES, _PICTURE = 10, 48, 139
_MEMO_TITLE, _MEMO_ROW, _MEMO_ROWS = 36, 36, 3
#: The parts shown in each step of collapsing: week's bar, minutes, picture, line of the picture.
_STEPS = (
    (True, True, True, False),
    (True, True, False, True),
    (True, False, False, True),
    (True, False, False, False),
    (False, False, False, False),
)


class MainWindow(QMainWindow):
    """The main window. On a screen that is lower than its smallest form, the part above the
    attention row scrolls.
    """

    shown = Signal(bool)  # whether the window is visible
    toggled = Signal()  # Start or Stop was pressed
    paused = Signal()
    resumed = Signal()
    contract_chosen = Signal(str)
    memo_written = Signal(str)  # each change of the text
    memo_settled = Signal(str)  # Enter, or the field was left
    view_picture = Signal(str)
    keep = Signal(str)
    delete = Signal(str)
    held = Signal(bool)
    day = Signal()
    settings = Signal()
    retried = Signal()  # connect now
    acted = Signal(str, str)  # the action and the key of a notice
    closing = Signal()
    quitting = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self._offers_memos = False
        plain_text.set_title(self, "Workdiary")
        self.setWindowIcon(tray_icon("app"))
        self._make_parts()
        self._lay_out()
        self._fit_screen()
        self._connect()
        theme.changed.connect(self._paint_icons)
        self._paint_icons()

    # Construction

    def _make_parts(self) -> None:
        theme = self.theme
        self.banner = plain_text.label()
        self.banner.setObjectName("banner")
        self.banner.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.banner.setFixedHeight(BANNER)
        self.banner.setFont(theme.font("small"))
        self.header = header = Header(theme)
        self.contract, self.memo = header.contract, header.memo
        self.clock, self.button, self.pause_button = (
            header.clock,
            header.button,
            header.pause_button,
        )
        self.line = StrongLine(theme, icon=True)
        protection = translate(
            "Window",
            "Protected time has a memo, measured activity and its pictures, and is within the "
            "weekly limit.",
        )
        plain_text.set_tooltip(self.line, protection)
        self.today, self.week_line = StrongLine(theme), StrongLine(theme, whole=True)
        self.week = ShareBar(theme, 4)
        self.slot_title, self.slot_span = ElidedLine(), plain_text.label()
        set_property(self.slot_span, "tone", "muted")
        self.minutes = MinuteBars(theme)
        self.pictures = pictures = PictureArea(theme, self)
        self.picture, self.keep_button = pictures.picture, pictures.keep_button
        self.delete_button = pictures.delete_button
        self.memo_title = ElidedLine()
        self.memo_rows = [plain_text.button() for _ in range(_MEMO_ROWS)]
        self.attention = AttentionRow(theme)
        self.notice_text, self.notice_button = self.attention.message, self.attention.button
        self.status_icon, self.status_line = plain_text.label(), ElidedLine()
        self.retry_button, self.day_button = plain_text.button(), plain_text.button()
        plain_text.label_button(self.retry_button, translate("Window", "Try &now"))
        plain_text.label_button(self.day_button, translate("Window", "Diar&y"))
        plain_text.set_accessible(
            self.day_button,
            description=translate(
                "Window", "Shows what was recorded today, to change or delete it"
            ),
        )
        for link in (self.retry_button, self.day_button):
            set_property(link, "kind", "link")
        self.settings_button = icon_button(translate("Window", "Settings"))

    def _lay_out(self) -> None:
        body = QWidget()
        whole = vertical()
        body.setLayout(whole)
        whole.addWidget(self.banner)
        self.banner.hide()
        whole.addWidget(self.header)
        column = vertical(margins=(24, 16, 24, 0))
        whole.addLayout(column, 1)
        column.addWidget(self.line)
        column.addSpacing(16)
        row = horizontal(12)
        row.addWidget(self.today, 1)
        row.addWidget(self.week_line)
        column.addLayout(row)
        column.addSpacing(6)
        column.addWidget(self.week)
        self._minutes_part = self._part(16, (self.slot_title, self.slot_span), self.minutes)
        self._memo_part = self._memo_list()
        pictures = self.pictures
        for part in (self._minutes_part, pictures.large, pictures.line, self._memo_part):
            column.addWidget(part)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(body)
        window = vertical()
        set_content(self, window)
        window.addWidget(area, 1)
        bottom = vertical(margins=(24, 0, 24, 0))
        bottom.addWidget(self.attention)
        bottom.addSpacing(12)
        bottom.addWidget(rule())
        bottom.addLayout(self._foot())
        window.addLayout(bottom)

    @staticmethod
    def _part(above: int, title: tuple[QWidget, ...], *rest: QWidget) -> QWidget:
        """A part with its title, and its space above."""
        holder = QWidget()
        column = vertical(6, (0, above, 0, 0))
        holder.setLayout(column)
        row = horizontal(12)
        for index, part in enumerate(title):
            row.addWidget(part, 1 if index == 0 else 0)
        column.addLayout(row)
        for part in rest:
            column.addWidget(part)
        title[0].setFixedHeight(18)
        return holder

    def _memo_list(self) -> QWidget:
        column = vertical(margins=(0, 16, 0, 0))
        self.memo_title.setFixedHeight(20)
        column.addWidget(self.memo_title)
        for button in self.memo_rows:
            set_property(button, "kind", "row")
            column.addWidget(button)
        holder = QWidget()
        holder.setLayout(column)
        return holder

    def _foot(self) -> QHBoxLayout:
        row = horizontal(12)
        row.addWidget(self.status_icon)
        row.addWidget(self.status_line, 1)
        row.addWidget(self.retry_button)
        row.addWidget(self.day_button)
        row.addWidget(self.settings_button)
        for part in (self.status_line, self.settings_button):
            part.setMinimumHeight(24)
        row.setContentsMargins(0, 9, 0, 10)
        return row

    def _connect(self) -> None:
        header = self.header
        header.toggled.connect(self.toggled)
        header.paused.connect(self.paused)
        header.resumed.connect(self.resumed)
        header.contract_chosen.connect(self.contract_chosen)
        self.memo.written.connect(self.memo_written)
        self.memo.settled.connect(self.memo_settled)
        for button in self.memo_rows:
            button.clicked.connect(lambda _=False, button=button: self._take_memo(button))
        self.pictures.view.connect(self.view_picture)
        self.pictures.keep.connect(self.keep)
        self.pictures.delete.connect(self.delete)
        self.pictures.held.connect(self.held)
        self.day_button.clicked.connect(self.day)
        self.retry_button.clicked.connect(self.retried)
        self.settings_button.clicked.connect(self.settings)
        self.attention.acted.connect(self.acted)
        for keys, slot in (
            (QKeySequence.StandardKey.Quit, self.quitting.emit),
            (QKeySequence.StandardKey.Close, self.close),
        ):
            action = QAction(self)
            action.setShortcuts(keys)
            action.triggered.connect(slot)
            self.addAction(action)

    def _fit_screen(self) -> None:
        height = SIZE.height() + (0 if self.banner.isHidden() else BANNER)
        self.setFixedWidth(SIZE.width())
        available = self.screen().availableGeometry().height()
        self.fit(min(height, max(available - 48, 240)))

    def fit(self, height: int) -> None:
        """Take this height, and show what fits into it."""
        self.setFixedHeight(height)
        self._collapse()

    def _collapse(self) -> None:
        room = self.height() - _FIXED
        room -= 0 if self.banner.isHidden() else BANNER
        room -= 0 if self.attention.isHidden() else 12 + self.attention.height()
        bar, minutes, picture, line = self._fitting(room)
        self.week.setVisible(bar)
        self._minutes_part.setVisible(minutes and not self._offers_memos)
        self.pictures.large.setVisible(picture and not self._offers_memos)
        self.pictures.line.setVisible(line and not self._offers_memos)
        rows = (room - _BAR - _MEMO_TITLE) // _MEMO_ROW if self._offers_memos else 0
        filled = sum(bool(button.text()) for button in self.memo_rows)
        for index, button in enumerate(self.memo_rows):
            button.setVisible(index < min(rows, filled))
        self._memo_part.setVisible(self._offers_memos and rows > 0)

    def _fitting(self, room: int) -> tuple[bool, bool, bool, bool]:
        """The first step whose parts fit into the room."""
        if self._offers_memos:
            return room >= _BAR, False, False, False
        heights = (_BAR, _MINUTES, _PICTURE, LINE)
        for step in _STEPS:
            if sum(height for height, seen in zip(heights, step, strict=True) if seen) <= room:
                return step
        return _STEPS[-1]

    # Views

    def show_view(self, view: WindowView, memos: tuple[str, ...] = ()) -> None:
        """Show the view's texts; `memos` are the recent ones, newest first."""
        self._show_banner(view.banner, "" if view.is_demo else "muted")
        self.header.show_view(view, memos)
        self.line.show_line(view.line)
        self.today.show_line(view.today)
        self.week_line.show_line(view.week)
        self.week.show_share(view.week_share, "amber" if view.week_attention else "accent")
        self.week.describe(translate("Window", "This week"), view.week.text)
        self.slot_title.show_text(view.slot_title, "muted")
        plain_text.set_text(self.slot_span, view.slot_span)
        self.minutes.show_minutes(view.minutes)
        self.minutes.describe(f"{view.slot_title} {view.slot_span}", view.minutes_spoken)
        self.pictures.show_view(view.picture)
        self._show_memos(view, memos)
        self._show_foot(view)
        self.attention.show_attention(view.attention)
        self._collapse()

    def _show_banner(self, text: str, tone: str) -> None:
        """Show the banner once the marketplace turns out to be a demo or one of several."""
        plain_text.set_text(self.banner, text)
        set_property(self.banner, "tone", tone)
        if self.banner.isHidden() == bool(text):
            self.banner.setVisible(bool(text))
            self._fit_screen()

    def _show_memos(self, view: WindowView, memos: tuple[str, ...]) -> None:
        self._offers_memos = view.offers_memos
        title = translate("Window", "Recent memos") if memos else view.memo_hint
        self.memo_title.show_text(title, "muted")
        for index, button in enumerate(self.memo_rows):
            memo = memos[index] if index < len(memos) else ""
            if button.property("memo") != memo:
                button.setProperty("memo", memo)
                plain_text.label_name(button, memo, SIZE.width() - 60)

    def _take_memo(self, button: QPushButton) -> None:
        self.memo.take(str(button.property("memo")))
        self.header.focus_memo()

    def _show_foot(self, view: WindowView) -> None:
        self.status_line.show_text(view.status_text, "muted")
        self.retry_button.setVisible(view.offline)
        if self.status_icon.property("icon") != view.status_icon:
            self.status_icon.setProperty("icon", view.status_icon)
            self._paint_icons()

    def _paint_icons(self) -> None:
        color, ratio = self.theme.color("muted"), self.devicePixelRatioF()
        name = self.status_icon.property("icon") or "check"
        self.status_icon.setPixmap(pixmap(name, 16, color, ratio))
        self.settings_button.setIcon(QIcon(pixmap("gear", 16, color, ratio)))

    # Actions

    def ask_memo(self) -> None:
        """Lead to the memo, which Start needs."""
        self.memo.ask()
        self.line.stress()

    def raise_now(self) -> None:
        """Show the window in front, also if it was hidden or minimised."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def set_memo(self, text: str) -> None:
        """Fill the memo's field, unless the person is writing in it."""
        self.memo.fill(text)

    def clear_memo(self) -> None:
        """Empty the memo's field: it was written for a contract of another marketplace."""
        self.memo.fill("", always=True)

    def showEvent(self, event: QShowEvent) -> None:
        """Report that the window is visible: a hidden one is not kept up to date."""
        super().showEvent(event)
        self.header.focus_memo()
        self.shown.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """See showEvent."""
        super().hideEvent(event)
        self.pictures.update_hold()
        self.shown.emit(False)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let the controller decide: the effect of closing depends on the tray."""
        event.ignore()
        self.closing.emit()
