"""The main window: one column of 380 x 560 px whose layout never moves.

It shows a `WindowView` and emits a signal for each action of the person; it decides nothing itself.
While the pointer or the focus is on the picture or its buttons, the window holds the countdown, as
the toast does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QAction, QCursor, QKeySequence
from PySide6.QtWidgets import QScrollArea, QStackedLayout, QWidget

from ui.presenters.notices import Action
from ui.qt import plain_text
from ui.qt.icons import pixmap, tray_icon
from ui.qt.translation import translate
from ui.qt.widgets import (
    ChoiceBox,
    ElidedLine,
    MinuteBars,
    PictureBox,
    ShareBar,
    horizontal,
    rule,
    set_property,
    vertical,
)
from ui.windows.memo_field import MemoField

if TYPE_CHECKING:
    from PySide6.QtCore import QObject
    from PySide6.QtGui import QCloseEvent, QHideEvent, QShowEvent

    from ui.presenters.main_window import ContractChoice, WindowView
    from ui.presenters.notices import NoticeView
    from ui.presenters.pictures import PictureReviewView
    from ui.qt.theme import Theme

SIZE = QSize(380, 560)
BANNER = 24
_LOOKS = {
    QEvent.Type.Enter,
    QEvent.Type.Leave,
    QEvent.Type.FocusIn,
    QEvent.Type.FocusOut,
    QEvent.Type.Hide,
}


class MainWindow(QScrollArea):
    """The main window. It scrolls only on a screen that is lower than the window."""

    shown = Signal(bool)  # whether the window is visible
    toggled = Signal()  # Start or Stop was pressed
    contract_chosen = Signal(str)
    memo_written = Signal(str)  # each change of the text
    memo_settled = Signal(str)  # Enter, or the field was left
    keep = Signal(str)
    delete = Signal(str)
    held = Signal(bool)
    diary = Signal()
    day = Signal()
    acted = Signal(str)  # the notice's action
    closing = Signal()
    quitting = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self._picture_id = ""
        self._action = Action.NONE
        self._review = False
        self._contracts: tuple[ContractChoice, ...] = ()
        self._holding = False
        plain_text.set_title(self, "Workdiary")
        self.setWindowIcon(tray_icon("app"))
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._make_parts()
        self.setWidget(self._lay_out())
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
        self.contract = ChoiceBox(theme, 40)
        self.contract.setFont(theme.font("web", strong=True))
        plain_text.set_accessible(self.contract, name=translate("Window", "Contract"))
        self.memo = MemoField(theme)
        self.clock = plain_text.label()
        self.clock.setFont(theme.font("huge", strong=True))
        self.clock.setFixedHeight(40)
        self.line = ElidedLine()
        self.button = plain_text.button()
        self.button.setFont(theme.font("web", strong=True))
        # A click does not leave the focus here, where the next Space would start or stop.
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        set_property(self.button, "kind", "primary")
        self.totals = ElidedLine()
        self.totals.setFont(theme.font())
        self.week = ShareBar(theme, 4)
        self.slot_title = ElidedLine()
        self.minutes = MinuteBars(theme)
        self.picture_title = ElidedLine()
        self.picture = PictureBox(theme, QSize(212, 119), theme.tokens.radius["card"])
        self.keep_button, self.delete_button = plain_text.button(), plain_text.button()
        plain_text.label_button(self.keep_button, translate("Window", "&Keep"))
        plain_text.label_button(self.delete_button, translate("Window", "&Delete"))
        set_property(self.delete_button, "kind", "danger")
        self.delete_hint = ElidedLine()
        self.delete_hint.setFont(theme.font("small"))
        self.status_line = ElidedLine()
        self.diary_button = plain_text.button()
        plain_text.label_button(self.diary_button, translate("Window", "Open web diar&y"))
        plain_text.set_accessible(
            self.diary_button,
            description=translate("Window", "Opens your diary at the marketplace in the browser"),
        )
        set_property(self.diary_button, "kind", "link")
        self.day_button = plain_text.button()
        plain_text.label_button(self.day_button, translate("Window", "Today's &entries"))
        plain_text.set_accessible(
            self.day_button,
            description=translate(
                "Window", "Shows what was recorded today, to change or delete it"
            ),
        )
        set_property(self.day_button, "kind", "link")
        self.notice_icon, self.notice_text = plain_text.label(), plain_text.label(wrap=True)
        self.notice_text.setFont(theme.font("small"))
        self.notice_button = plain_text.button()
        for part in (self.keep_button, self.delete_button, self.delete_hint, self.notice_button):
            policy = part.sizePolicy()
            policy.setRetainSizeWhenHidden(part is not self.notice_button)
            part.setSizePolicy(policy)

    def _lay_out(self) -> QWidget:
        body = QWidget()
        whole = vertical()
        body.setLayout(whole)
        whole.addWidget(self.banner)
        self.banner.hide()
        self._column = column = vertical(margins=(24, 24, 24, 0))
        whole.addLayout(column, 1)
        for part, gap in (
            (self.contract, 8),
            (self.memo, 20),
            (self.clock, 0),
            (self.line, 12),
            (self.button, 16),
            (self.totals, 6),
            (self.week, 16),
            (self.slot_title, 4),
            (self.minutes, 16),
        ):
            column.addWidget(part)
            column.addSpacing(gap)
        title = horizontal(12)
        title.addWidget(self.picture_title, 1)
        title.addWidget(self.day_button)
        column.addLayout(title)
        row = horizontal(12)
        row.addWidget(self.picture)
        side = vertical()
        side.addStretch(1)
        side.addWidget(self.keep_button)
        side.addSpacing(8)
        side.addWidget(self.delete_button)
        side.addSpacing(2)
        side.addWidget(self.delete_hint)
        row.addLayout(side, 1)
        column.addLayout(row)
        column.addStretch(1)
        column.addWidget(rule())
        column.addWidget(self._bottom())
        return body

    def _bottom(self) -> QWidget:
        """A part of fixed height: the state of the upload, or a notice with its action."""
        holder = QWidget()
        holder.setFixedHeight(52)
        self._pages = QStackedLayout(holder)
        calm, urgent = QWidget(), QWidget()
        row = horizontal(12)
        calm.setLayout(row)
        row.addWidget(self.status_line, 1)
        row.addWidget(self.diary_button)
        row = horizontal(8)
        urgent.setLayout(row)
        row.addWidget(self.notice_icon)
        row.addWidget(self.notice_text, 1)
        row.addWidget(self.notice_button)
        self._pages.addWidget(calm)
        self._pages.addWidget(urgent)
        return holder

    def _connect(self) -> None:
        self.button.clicked.connect(self.toggled)
        self.button.clicked.connect(self._focus_memo)
        self.contract.activated.connect(
            lambda index: self.contract_chosen.emit(self.contract.itemData(index))
        )
        self.memo.written.connect(self.memo_written)
        self.memo.settled.connect(self.memo_settled)
        self.keep_button.clicked.connect(lambda: self.keep.emit(self._picture_id))
        self.delete_button.clicked.connect(lambda: self.delete.emit(self._picture_id))
        for part in (self.keep_button, self.delete_button, self.picture):
            part.installEventFilter(self)
        # A picture under review comes first.
        QWidget.setTabOrder(self.delete_button, self.day_button)
        QWidget.setTabOrder(self.day_button, self.diary_button)
        self.diary_button.clicked.connect(self.diary)
        self.day_button.clicked.connect(self.day)
        self.notice_button.clicked.connect(lambda: self.acted.emit(self._action))
        for keys, slot in (
            (QKeySequence.StandardKey.Quit, self.quitting.emit),
            (QKeySequence.StandardKey.Close, self.close),
        ):
            action = QAction(self)
            action.setShortcuts(keys)
            action.triggered.connect(slot)
            self.addAction(action)

    def _fit_screen(self) -> None:
        banner = not self.banner.isHidden()
        height = SIZE.height() + (BANNER - 12 if banner else 0)
        self._column.setContentsMargins(24, 12 if banner else 24, 24, 0)
        self.setFixedWidth(SIZE.width())
        available = self.screen().availableGeometry().height()
        self.setFixedHeight(min(height, max(available - 48, 240)))

    # Views

    def show_view(self, view: WindowView, memos: tuple[str, ...] = ()) -> None:
        """Show the view's texts; `memos` are the recent ones, newest first."""
        self._show_banner(view.banner)
        self._show_contracts(view)
        self.memo.show_recent(memos)
        plain_text.set_text(self.clock, view.clock)
        plain_text.set_accessible(self.clock, name=view.clock_spoken)
        set_property(self.clock, "tone", "" if view.running else "muted")
        self.line.show_text(view.line, "attention" if view.line_attention else "muted")
        plain_text.label_button(self.button, view.button)
        if self.button.isEnabled() != view.button_enabled:
            self.button.setEnabled(view.button_enabled)
            self._focus_memo()
        self.totals.show_text(view.totals)
        self.week.show_share(view.week_share, "amber" if view.week_attention else "accent")
        self.week.describe(translate("Window", "This week"), view.totals)
        self.slot_title.show_text(view.slot_title, "muted")
        self.minutes.show_minutes(view.minutes)
        self.minutes.describe(view.slot_title, view.minutes_spoken)
        self._show_picture(view.picture)
        self.status_line.show_text(view.status_text, "muted")
        self._show_notice(view.notice)

    def _show_banner(self, text: str) -> None:
        """Show the banner once the marketplace turns out to be a demonstration."""
        plain_text.set_text(self.banner, text)
        if self.banner.isHidden() == bool(text):
            self.banner.setVisible(bool(text))
            self._fit_screen()

    def _show_contracts(self, view: WindowView) -> None:
        box = self.contract
        if view.contracts != self._contracts:
            self._contracts = view.contracts
            box.clear()
            for each in view.contracts:
                plain_text.add_choice(box, each.title, each.ctr, tooltip=each.client)
        plain_text.set_placeholder(box, view.contract_hint)
        box.setEnabled(bool(view.contracts))
        if box.currentIndex() != view.contract:
            box.setCurrentIndex(view.contract)
        plain_text.set_tooltip(
            box, view.contracts[view.contract].client if view.contract >= 0 else ""
        )

    def _show_picture(self, view: PictureReviewView) -> None:
        self._picture_id = view.id
        self.picture_title.show_text(view.title, "muted")
        self.picture.show_picture(view.thumb, view.empty, missing=view.missing)
        plain_text.set_accessible(self.picture, name=view.spoken)
        self.keep_button.setVisible(view.can_keep)
        self.delete_button.setVisible(view.can_delete)
        plain_text.set_accessible(self.delete_button, description=view.delete_cost)
        self.delete_hint.setVisible(view.can_delete)
        self.delete_hint.show_text(view.delete_hint, "muted")
        self._review = view.can_keep
        self._update_hold()

    def _show_notice(self, view: NoticeView | None) -> None:
        self._pages.setCurrentIndex(1 if view else 0)
        if view is None:
            return
        self._action = view.action
        set_property(self.notice_text, "tone", "urgent" if view.urgent else "attention")
        plain_text.set_text(self.notice_text, view.text)
        plain_text.set_tooltip(self.notice_text, view.text)
        plain_text.label_button(self.notice_button, view.label)
        self.notice_button.setVisible(bool(view.action))
        self._paint_icons()

    def _paint_icons(self) -> None:
        urgent = self.notice_text.property("tone") == "urgent"
        color = self.theme.color("red" if urgent else "amber")
        self.notice_icon.setPixmap(pixmap("attention", 16, color, self.devicePixelRatioF()))

    # Actions

    def ask_memo(self) -> None:
        """Move the focus to the memo, which Start needs."""
        self.memo.setFocus(Qt.FocusReason.OtherFocusReason)

    def raise_now(self) -> None:
        """Show the window in front, also if it was hidden or minimised."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def set_memo(self, text: str) -> None:
        """Fill the memo's field, unless the person is writing in it."""
        self.memo.fill(text)

    def _focus_memo(self) -> None:
        """Focus the memo, where typing and Space do not start or stop."""
        if not self.memo.writing:
            self.memo.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hold the countdown while the pointer or the focus is on the picture."""
        if event.type() in _LOOKS:
            self._update_hold()
        return super().eventFilter(watched, event)

    def _update_hold(self) -> None:
        """Report when the person begins or ends to look at the picture under review.

        Qt may believe that the pointer is over a window that has just been moved away from it.
        """
        parts = (self.picture, self.keep_button, self.delete_button)
        holding = self._review and any(
            part.isVisible() and (part.hasFocus() or (part.underMouse() and _below_pointer(part)))
            for part in parts
        )
        if holding != self._holding:
            self._holding = holding
            self.held.emit(holding)

    def showEvent(self, event: QShowEvent) -> None:
        """Report that the window is visible: a hidden one is not kept up to date."""
        super().showEvent(event)
        self._focus_memo()
        self.shown.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """See showEvent."""
        super().hideEvent(event)
        self._update_hold()
        self.shown.emit(False)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let the controller decide: what closing does depends on the tray."""
        event.ignore()
        self.closing.emit()


def _below_pointer(part: QWidget) -> bool:
    return part.rect().contains(part.mapFromGlobal(QCursor.pos()))
