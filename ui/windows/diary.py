"""The window of a day's entries: one row for each segment, newest first, with a menu. It opens with
today's; arrows and a calendar lead to any other day.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QLayout,
    QMenu,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ui.qt import plain_text
from ui.qt.date_box import DateBox
from ui.qt.icons import tray_icon
from ui.qt.translation import translate
from ui.qt.widgets import ElidedLine, PictureBox, horizontal, rule, set_property, vertical

if TYPE_CHECKING:
    from ui.presenters.diary import OwnDayView, RowView
    from ui.qt.theme import Theme

WIDTH, HEIGHT = 520, 600
THUMB = QSize(112, 70)


class DiaryWindow(QDialog):
    """Shows an `OwnDayView`. `action_requested` carries a segment's hash and a `RowAction`,
    `day_wanted` the `date` of the day to show.
    """

    action_requested = Signal(str, str)
    day_wanted = Signal(object)
    browser = Signal()
    viewers = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._view: OwnDayView | None = None
        self.rows: dict[str, _Row] = {}
        plain_text.set_title(self, translate("Day", "Today's entries"))
        self.setWindowIcon(tray_icon("app"))
        whole = vertical()
        self.setLayout(whole)
        head = horizontal(12, (24, 20, 24, 16))
        self.title, self.total = plain_text.label(), ElidedLine()
        self.title.setFont(theme.font("large", strong=True))
        self.total.setFont(theme.font("web"))
        self.total.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(self.title)
        head.addWidget(self.total, 1)
        whole.addLayout(head)
        whole.addLayout(self._days())
        whole.addWidget(rule())
        self.empty = plain_text.label(wrap=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setMargin(32)
        set_property(self.empty, "tone", "muted")
        page = QWidget()
        self._column: QVBoxLayout = vertical(0, (24, 8, 24, 8))
        page.setLayout(self._column)
        self._column.addWidget(self.empty)
        self._column.addStretch(1)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(page)
        whole.addWidget(self.area, 1)
        whole.addWidget(rule())
        bottom = vertical(4, (24, 12, 24, 8))
        links = horizontal(12)
        self.footer = ElidedLine()
        self.footer.setFont(theme.font("small"))
        self.browser_button = plain_text.button(translate("Day", "&Open web diary"))
        set_property(self.browser_button, "kind", "link")
        self.browser_button.clicked.connect(self.browser)
        self.viewers_button = plain_text.button(translate("Day", "&Who viewed my pictures"))
        set_property(self.viewers_button, "kind", "link")
        self.viewers_button.clicked.connect(self.viewers)
        bottom.addWidget(self.footer)
        links.addWidget(self.viewers_button)
        links.addStretch(1)
        links.addWidget(self.browser_button)
        bottom.addLayout(links)
        whole.addLayout(bottom)
        self.setFixedWidth(WIDTH)
        room = self.screen().availableGeometry().height() - 48
        self.resize(WIDTH, min(HEIGHT, room))

    def _days(self) -> QLayout:
        line = horizontal(8, (24, 0, 24, 12))
        self.date = DateBox(self._theme, translate("Day", "Day"))
        self.date.dateChanged.connect(lambda _: self.day_wanted.emit(self.date.chosen()))
        self.earlier, self.later = plain_text.button("\u2039"), plain_text.button("\u203a")
        for button, name, days in (
            (self.earlier, translate("Day", "Previous day"), -1),
            (self.later, translate("Day", "Next day"), 1),
        ):
            button.setFixedWidth(44)
            plain_text.set_accessible(button, name=name)
            plain_text.set_tooltip(button, name)
            button.clicked.connect(lambda _=False, days=days: self._move(days))
        self.today_button = plain_text.button()
        plain_text.label_button(self.today_button, translate("Day", "To&day"))
        self.today_button.clicked.connect(self._show_today)
        for part in (self.earlier, self.date, self.later, self.today_button):
            line.addWidget(part)
        line.addStretch(1)
        return line

    def _move(self, days: int) -> None:
        if self._view is not None:
            self.day_wanted.emit(self._view.shown + timedelta(days=days))

    def _show_today(self) -> None:
        if self._view is not None:
            self.day_wanted.emit(self._view.today)

    def show_view(self, view: OwnDayView) -> None:
        """Show the day. Unchanged rows keep their widgets, and with them the focus."""
        if view == self._view:
            return
        self._view = view
        plain_text.set_text(self.title, view.title)
        plain_text.set_accessible(self.area, name=view.title)
        self.total.show_text(view.total)
        self.date.show_date(view.shown, view.today)
        past = view.shown < view.today
        self.later.setEnabled(past)
        self.today_button.setEnabled(past)
        self.footer.show_text(view.footer, "muted")
        plain_text.set_text(self.empty, view.empty)
        self.empty.setVisible(bool(view.empty))
        wanted = {row.hash for row in view.rows}
        for name in [name for name in self.rows if name not in wanted]:
            removed = self.rows.pop(name)
            self._column.removeWidget(removed)
            removed.deleteLater()
        for index, row in enumerate(view.rows):
            widget = self.rows.get(row.hash)
            if widget is None:
                widget = self.rows[row.hash] = _Row(self._theme)
                widget.action_requested.connect(self.action_requested)
            if self._column.indexOf(widget) != index:
                self._column.insertWidget(index, widget)
            widget.show_row(row)


class _Row(QWidget):
    """One segment."""

    action_requested = Signal(str, str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._hash = ""
        line = horizontal(16, (0, 8, 0, 8))
        self.setLayout(line)
        self.picture = PictureBox(theme, THUMB, theme.tokens.radius["control"])
        line.addWidget(self.picture)
        texts = vertical(2)
        self.time, self.memo, self.note = ElidedLine(), ElidedLine(), ElidedLine()
        self.time.setFont(theme.font("desk", strong=True))
        self.note.setFont(theme.font("small"))
        texts.addStretch(1)
        for part in (self.time, self.memo, self.note):
            texts.addWidget(part)
        texts.addStretch(1)
        line.addLayout(texts, 1)
        self.button = plain_text.button("…")
        self.button.setFixedWidth(44)
        self.menu = QMenu(self.button)
        self.button.clicked.connect(self._open)
        line.addWidget(self.button)

    def show_row(self, row: RowView) -> None:
        """Show a segment's texts and make its menu."""
        self._hash = row.hash
        self.picture.show_picture(row.thumb, row.empty, missing=row.missing)
        plain_text.set_accessible(self.picture, name=row.empty or row.time)
        font = self.time.font()
        font.setStrikeOut(row.struck)
        self.time.setFont(font)
        self.time.show_text(row.time, "muted" if row.struck else "")
        self.memo.show_text(row.memo, "muted" if row.memo_muted else "")
        self.note.show_text(row.note, "attention" if row.attention else "muted")
        plain_text.set_accessible(self.button, name=row.menu)
        plain_text.set_tooltip(self.button, row.menu)
        self.button.setVisible(bool(row.actions))
        self.menu.clear()
        for each in row.actions:
            action = plain_text.entry(self.menu, each.text)
            action.triggered.connect(
                lambda _=False, name=each.action.value: self.action_requested.emit(self._hash, name)
            )

    def _open(self) -> None:
        corner = self.button.rect().bottomLeft()
        self.menu.popup(self.button.mapToGlobal(corner))
