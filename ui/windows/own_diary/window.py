"""The window of the own diary: header with contract, day and figures; the grid; the panel; the foot
with the legend. In a narrow window the panel is a page of its own.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QBoxLayout, QDialog, QFrame, QMenu, QWidget

from ui.qt import plain_text
from ui.qt.date_box import DateBox
from ui.qt.icons import pixmap, tray_icon
from ui.qt.translation import translate
from ui.qt.widgets import ChoiceBox, ElidedLine, horizontal, rule, set_property, vertical
from ui.windows.own_diary.drawn_parts import IconLabel
from ui.windows.own_diary.grid import SlotGrid
from ui.windows.own_diary.panel import WIDTH as PANEL_WIDTH
from ui.windows.own_diary.panel import SlotPanel
from ui.windows.own_diary.thumbnails import Thumbnails

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent, QKeyEvent, QResizeEvent, QShowEvent
    from PySide6.QtWidgets import QHBoxLayout, QLayout

    from ui.presenters.formatting import Line
    from ui.presenters.own_diary.choice import ContractEntry
    from ui.presenters.own_diary.day import OwnDayView
    from ui.qt.theme import Theme

SIZE, SMALLEST = QSize(1000, 700), QSize(560, 420)
#: Below this width the panel is a page of its own.
NARROW = 860
_LEAST_CONTRACT = 180
_MARGIN = 48


class DiaryWindow(QDialog):
    """Shows an `OwnDayView`. `day_wanted` carries the `date` of a day, `contract_chosen` a
    contract's id or "", `slot_chosen` the start of a slot (Unix s); for the panel's signals see
    `SlotPanel`.
    """

    day_wanted = Signal(object)
    contract_chosen = Signal(str)
    slot_chosen = Signal(int)
    picture_opened = Signal()
    manual_wanted = Signal()
    save_wanted = Signal()
    check_wanted = Signal()
    browser = Signal()
    shown = Signal(bool)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._view: OwnDayView | None = None
        self._contracts: tuple[ContractEntry, ...] = ()
        self._on_panel = False
        self._focus_grid = False
        plain_text.set_title(self, translate("Day", "Diary"))
        self.setWindowIcon(tray_icon("app"))
        self.thumbnails = Thumbnails(self)
        self.grid = SlotGrid(theme, self.thumbnails)
        self.panel = SlotPanel(theme, self.thumbnails)
        self._make_header()
        whole = vertical()
        self.setLayout(whole)
        whole.addLayout(self._header())
        whole.addWidget(rule())
        whole.addLayout(self._middle(), 1)
        whole.addWidget(rule())
        whole.addLayout(self._foot())
        self._connect()
        theme.changed.connect(self._paint_icon)
        self._paint_icon()
        self.setMinimumSize(SMALLEST)
        room = self.screen().availableGeometry().size() - QSize(_MARGIN, _MARGIN)
        self.resize(SIZE.boundedTo(room))
        self._arrange()

    # Construction

    def _make_header(self) -> None:
        theme = self._theme
        self.contract = ChoiceBox(theme)
        plain_text.set_accessible(self.contract, name=translate("Day", "Contract"))
        self.date = DateBox(theme, translate("Day", "Day"))
        self.earlier, self.later = plain_text.button("\u2039"), plain_text.button("\u203a")
        for button, name in (
            (self.earlier, translate("Day", "Previous day")),
            (self.later, translate("Day", "Next day")),
        ):
            button.setFixedWidth(36)
            plain_text.set_accessible(button, name=name)
            plain_text.set_tooltip(button, name)
        self.today_button = plain_text.button(translate("Day", "&Today"))
        self.add_button = plain_text.button(translate("Day", "Add m&anual time"))
        self.week_button = plain_text.button(translate("Day", "W&eek"))
        # The arrow is at the end of the label.
        right = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        direction = Qt.LayoutDirection.LeftToRight if right else Qt.LayoutDirection.RightToLeft
        self.week_button.setLayoutDirection(direction)
        name = translate("Day", "Save or check the week's record")
        plain_text.set_accessible(self.week_button, name=name)
        self.week_menu = QMenu(self.week_button)
        save = plain_text.entry(self.week_menu, translate("Day", "&Save the week's record …"))
        save.triggered.connect(self.save_wanted)
        check = plain_text.entry(self.week_menu, translate("Day", "&Check the week's record now"))
        check.triggered.connect(self.check_wanted)
        self.week_button.clicked.connect(self._open_week_menu)
        self.day, self.week = _Figure(theme), _Figure(theme)
        self.lacking = plain_text.button()
        set_property(self.lacking, "kind", "link")
        set_property(self.lacking, "tone", "attention")
        plain_text.set_tooltip(self.lacking, translate("Day", "Show the first such slot"))
        self.lock, self.zone = ElidedLine(), ElidedLine()
        for line in (self.lock, self.zone):
            line.setFont(theme.font("small"))
            line.setAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)

    def _header(self) -> QLayout:
        column = vertical(10, (16, 12, 16, 10))
        self.contract.setMinimumWidth(_LEAST_CONTRACT)
        choice: QHBoxLayout = horizontal(8)
        choice.addWidget(self.contract, 4)
        choice.addStretch(1)
        for part in (self.earlier, self.date, self.later, self.today_button):
            choice.addWidget(part)
        actions: QHBoxLayout = horizontal(8)
        actions.addStretch(1)
        actions.addWidget(self.add_button)
        actions.addWidget(self.week_button)
        self.tools: QHBoxLayout = horizontal(8)
        self.tools.addLayout(choice, 5)
        self.tools.addLayout(actions, 1)
        column.addLayout(self.tools)
        self.figures: QHBoxLayout = horizontal(28)
        self.figures.addLayout(self.day.layout)
        self.figures.addLayout(self.week.layout)
        self.figures.addWidget(self.lacking, 0, Qt.AlignmentFlag.AlignVCenter)
        aside = vertical(2)
        aside.addWidget(self.lock)
        aside.addWidget(self.zone)
        self.figures.addLayout(aside, 1)
        column.addLayout(self.figures)
        return column

    def _middle(self) -> QLayout:
        self.empty = plain_text.label(wrap=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setMargin(32)
        set_property(self.empty, "tone", "muted")
        self._edge = QFrame()
        self._edge.setObjectName("rule")
        self._edge.setFixedWidth(1)
        middle = horizontal()
        middle.addWidget(self.grid, 1)
        middle.addWidget(self.empty, 1)
        middle.addWidget(self._edge)
        middle.addWidget(self.panel)
        return middle

    def _foot(self) -> QLayout:
        foot = horizontal(6, (16, 5, 16, 5))
        small = self._theme.font("small")
        for icon, text in (
            ("check", translate("Day", "Receipted")),
            ("upload", translate("Day", "Uploaded")),
            ("computer", translate("Day", "Waiting on this computer")),
        ):
            mark = IconLabel(self._theme)
            mark.show_icon(icon, "muted", text)
            label = plain_text.label(text)
            label.setFont(small)
            set_property(label, "tone", "muted")
            foot.addWidget(mark)
            foot.addWidget(label)
            foot.addSpacing(8)
        self.footer = ElidedLine()
        self.footer.setFont(small)
        self.footer.setAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
        foot.addWidget(self.footer, 1)
        self.foot: QHBoxLayout = foot
        self.browser_button = plain_text.button(translate("Day", "&Open web diary"))
        set_property(self.browser_button, "kind", "link")
        foot.addSpacing(8)
        foot.addWidget(self.browser_button)
        return foot

    def _connect(self) -> None:
        self.contract.activated.connect(
            lambda at: self.contract_chosen.emit(self._contracts[at].ctr)
        )
        self.date.dateChanged.connect(lambda _: self.day_wanted.emit(self.date.chosen()))
        self.earlier.clicked.connect(lambda: self._move(-1))
        self.later.clicked.connect(lambda: self._move(1))
        self.today_button.clicked.connect(self._show_today)
        self.browser_button.clicked.connect(self.browser)
        self.add_button.clicked.connect(self.manual_wanted)
        self.lacking.clicked.connect(self._show_lacking)
        self.grid.chosen.connect(self.slot_chosen)
        self.grid.opened.connect(self._open)
        self.panel.left.connect(lambda: self._show_panel(on=False))

    # Views

    def show_view(self, view: OwnDayView, part: int) -> None:
        """Show the day; `part` is the chosen segment of the selected slot."""
        self.thumbnails.set_live(view.live)
        if view == self._view:
            return
        self._view = view
        self._show_contracts(view)
        self.day.show_line(view.day)
        self.week.show_line(view.week)
        plain_text.label_button(self.lacking, f"{view.unprotected.strong} {view.unprotected.after}")
        self.lacking.setVisible(bool(view.unprotected.text))
        self.lock.show_text(view.aside[0], "muted")
        self.zone.show_text(view.aside[1], "muted")
        plain_text.set_accessible(self.grid, name=view.title)
        self.date.show_date(view.shown, view.today)
        past = view.shown < view.today
        self.later.setEnabled(past)
        self.today_button.setEnabled(past)
        self.add_button.setEnabled(view.can_add)
        plain_text.set_tooltip(self.add_button, view.add_hint)
        self.footer.show_text(view.footer, "muted")
        plain_text.set_text(self.empty, view.empty)
        self.grid.show_rows(view.rows, view.selected)
        self.panel.show_view(view.panel, part)
        self.panel.show_viewers(view.viewers)
        self.panel.question.show_view(view.question)
        self._arrange()

    def _show_contracts(self, view: OwnDayView) -> None:
        if view.contracts != self._contracts:
            self._contracts = view.contracts
            self.contract.clear()
            for each in view.contracts:
                text = f"{each.title} · {each.client}" if each.client else each.title
                plain_text.add_choice(self.contract, text)
        self.contract.setCurrentIndex(view.contract)

    def _arrange(self) -> None:
        """Show the panel beside the grid or, in a narrow window, instead of it."""
        narrow = self.width() < NARROW
        below, beside = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self.tools.setDirection(below if narrow else beside)
        empty = self._view is None or not self._view.rows
        on_panel = narrow and self._on_panel and not empty
        self.grid.setVisible(not empty and not on_panel)
        self.empty.setVisible(empty)
        self.panel.setVisible(not empty and (on_panel or not narrow))
        self._edge.setVisible(not empty and not narrow)
        if self._focus_grid and self.grid.isVisible():
            self._focus_grid = False
            self.grid.setFocus()
        self.panel.set_page(on_panel)
        self.panel.setMinimumWidth(PANEL_WIDTH)
        self.panel.setMaximumWidth(16_777_215 if on_panel else PANEL_WIDTH)

    def _show_panel(self, *, on: bool) -> None:
        self._on_panel = on
        self._arrange()
        (self.panel.back_button if on else self.grid).setFocus()

    def open_question(self) -> None:
        """Show the panel with its question, and put the cursor into the answer."""
        self._focus_grid = False
        if self.width() < NARROW:
            self._show_panel(on=True)
        self.panel.question.focus_field()

    # Actions

    def _move(self, days: int) -> None:
        if self._view is not None:
            self.day_wanted.emit(self._view.shown + timedelta(days=days))

    def _show_today(self) -> None:
        if self._view is not None:
            self.day_wanted.emit(self._view.today)

    def _show_lacking(self) -> None:
        if self._view is not None and self._view.first_unprotected is not None:
            self.slot_chosen.emit(self._view.first_unprotected)
            self.grid.setFocus()

    def _open_week_menu(self) -> None:
        corner = self.week_button.rect().bottomLeft()
        self.week_menu.popup(self.week_button.mapToGlobal(corner))

    def _paint_icon(self) -> None:
        color, ratio = self._theme.color("muted"), self.devicePixelRatioF()
        self.week_button.setIcon(QIcon(pixmap("chevron-down", 16, color, ratio)))

    def _open(self) -> None:
        if self.width() < NARROW:
            self._show_panel(on=True)
        else:
            self.picture_opened.emit()

    # Events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leads from the panel's page back to the grid, then closes the window. Enter presses
        no button: it belongs to the part that has the focus.
        """
        if event.key() == Qt.Key.Key_Escape and self._on_panel and self.width() < NARROW:
            self._show_panel(on=False)
        elif event.key() not in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the width."""
        super().resizeEvent(event)
        self._arrange()

    def showEvent(self, event: QShowEvent) -> None:
        """Report that the window is seen; the focus begins in the grid, once it has slots."""
        super().showEvent(event)
        self._focus_grid = True
        self._arrange()
        self.shown.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Free the pictures."""
        super().hideEvent(event)
        self.thumbnails.clear()
        self.shown.emit(False)


class _Figure:
    """A large figure above its name."""

    def __init__(self, theme: Theme) -> None:
        self.number, self.of, self.name = plain_text.label(), plain_text.label(), plain_text.label()
        self.number.setFont(theme.font("large", strong=True))
        self.name.setFont(theme.font("small"))
        for label in (self.of, self.name):
            set_property(label, "tone", "muted")
        self.layout = vertical(0)
        above = horizontal(4)
        above.addWidget(self.number)
        above.addWidget(self.of, 0, Qt.AlignmentFlag.AlignBottom)
        above.addStretch(1)
        self.layout.addLayout(above)
        self.layout.addWidget(self.name)

    def show_line(self, line: Line) -> None:
        """Show a figure (`strong`) with its name (`after`) and an addition (`before`)."""
        plain_text.set_text(self.number, line.strong)
        plain_text.set_text(self.of, line.before)
        plain_text.set_text(self.name, line.after)
