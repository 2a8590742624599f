"""The window: one column of 380 x 560 px in which nothing moves but the seconds.

It shows a `WindowView` and says by signals what the person asked for; it decides nothing itself.
Hovering or focusing the picture's buttons holds its countdown, as the toast does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QSize, QStringListModel, Qt, Signal
from PySide6.QtGui import QAction, QCursor, QKeySequence
from PySide6.QtWidgets import (
    QCompleter,
    QLineEdit,
    QListView,
    QScrollArea,
    QStackedLayout,
    QStyledItemDelegate,
    QWidget,
)

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

if TYPE_CHECKING:
    from PySide6.QtCore import QObject
    from PySide6.QtGui import QCloseEvent, QHideEvent, QKeyEvent, QShowEvent

    from ui.presenters.main_window import ContractChoice, WindowView
    from ui.presenters.notices import NoticeView
    from ui.presenters.pictures import PictureReviewView
    from ui.qt.theme import Theme

SIZE = QSize(380, 560)
BANNER = 24
MEMO_MAX = 500
_LOOKS = {
    QEvent.Type.Enter,
    QEvent.Type.Leave,
    QEvent.Type.FocusIn,
    QEvent.Type.FocusOut,
    QEvent.Type.Hide,
}


class MainWindow(QScrollArea):
    """The window. Scrolls only where the screen is lower than the window."""

    shown = Signal(bool)  # whether anybody can see it
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
        self._looking = False
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
        self.memo = QLineEdit()
        self.memo.setMaxLength(MEMO_MAX)
        plain_text.set_placeholder(self.memo, translate("Window", "What are you working on?"))
        plain_text.set_accessible(self.memo, name=translate("Window", "Memo"))
        self._recent = QAction(self.memo)
        plain_text.set_entry(self._recent, translate("Window", "Recent memos"))
        plain_text.set_tooltip(self._recent, translate("Window", "Recent memos (Down)"))
        self.memo.addAction(self._recent, QLineEdit.ActionPosition.TrailingPosition)
        self._memos = QStringListModel(self)
        completer = QCompleter(self._memos, self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setMaxVisibleItems(10)
        popup = QListView()
        completer.setPopup(popup)
        # Only this delegate takes its looks from the style sheet.
        popup.setItemDelegate(QStyledItemDelegate(popup))
        self._completer = completer
        self.clock = plain_text.label()
        self.clock.setFont(theme.font("huge", strong=True))
        self.clock.setFixedHeight(40)
        self.line = ElidedLine()
        self.button = plain_text.button()
        self.button.setFont(theme.font("web", strong=True))
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
        plain_text.label_button(self.delete_button, translate("Window", "Dele&te"))
        set_property(self.delete_button, "kind", "danger")
        self.delete_hint = ElidedLine()
        self.delete_hint.setFont(theme.font("small"))
        self.foot = ElidedLine()
        self.diary_button = plain_text.button()
        plain_text.label_button(self.diary_button, translate("Window", "&Diary"))
        plain_text.set_accessible(
            self.diary_button, description=translate("Window", "Opens your diary in the browser")
        )
        set_property(self.diary_button, "kind", "link")
        self.day_button = plain_text.button()
        plain_text.label_button(self.day_button, translate("Window", "All of t&oday"))
        plain_text.set_accessible(
            self.day_button,
            description=translate("Window", "Shows what is sealed today, to change or delete it"),
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
        column.addWidget(self._foot())
        return body

    def _foot(self) -> QWidget:
        """One place of fixed height: the state of what is sent, or a notice with its action."""
        holder = QWidget()
        holder.setFixedHeight(52)
        self._pages = QStackedLayout(holder)
        calm, urgent = QWidget(), QWidget()
        row = horizontal(12)
        calm.setLayout(row)
        row.addWidget(self.foot, 1)
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
        self.contract.activated.connect(
            lambda place: self.contract_chosen.emit(self.contract.itemData(place))
        )
        self.memo.textEdited.connect(self.memo_written)
        self.memo.editingFinished.connect(lambda: self.memo_settled.emit(self.memo.text().strip()))
        self.memo.installEventFilter(self)
        self._recent.triggered.connect(self.offer_memos)
        self._completer.activated.connect(self._take_memo)
        self._completer.setWidget(self.memo)
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

    # What is shown

    def show_view(self, view: WindowView, memos: tuple[str, ...] = ()) -> None:
        """Place the view's texts; `memos` are the recent ones, newest first."""
        self._show_banner(view.banner)
        self._show_contracts(view)
        plain_text.set_rows(self._memos, memos)
        self._recent.setVisible(bool(memos))
        plain_text.set_text(self.clock, view.clock)
        plain_text.set_accessible(self.clock, name=view.clock_spoken)
        set_property(self.clock, "tone", "" if view.running else "muted")
        self.line.show_text(view.line, "attention" if view.line_attention else "muted")
        plain_text.label_button(self.button, view.button)
        if self.button.isEnabled() != view.button_enabled:
            self.button.setEnabled(view.button_enabled)
            self._focus_next()
        self.totals.show_text(view.totals)
        self.week.show_share(view.week_share, "amber" if view.week_attention else "accent")
        self.week.describe(translate("Window", "This week"), view.totals)
        self.slot_title.show_text(view.slot_title, "muted")
        self.minutes.show_minutes(view.minutes)
        self.minutes.describe(view.slot_title, view.minutes_spoken)
        self._show_picture(view.picture)
        self.foot.show_text(view.foot, "muted")
        self._show_notice(view.notice)

    def _show_banner(self, text: str) -> None:
        """Once at the most, when the marketplace turns out to be a demonstration."""
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
        plain_text.set_accessible(self.delete_button, description=view.delete_hint)
        self.delete_hint.setVisible(view.can_delete)
        self.delete_hint.show_text(view.delete_hint, "muted")
        self._review = view.can_keep
        self._look_again()

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
        ratio = self.devicePixelRatioF()
        chevron = pixmap("chevron-down", 16, self.theme.color("muted"), ratio)
        self._recent.setIcon(chevron)
        urgent = self.notice_text.property("tone") == "urgent"
        color = self.theme.color("red" if urgent else "amber")
        self.notice_icon.setPixmap(pixmap("attention", 16, color, ratio))

    # What the person does

    def ask_memo(self) -> None:
        """Lead to the field that Start still needs."""
        self.memo.setFocus(Qt.FocusReason.OtherFocusReason)

    def raise_now(self) -> None:
        """Show the window in front, wherever it was."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def offer_memos(self) -> None:
        """Open the list of recent memos below the field."""
        self._completer.setCompletionPrefix("")
        self._completer.complete()

    def set_memo(self, text: str) -> None:
        """Fill the field, unless the person is writing in it."""
        if not self._writing():
            plain_text.set_edit(self.memo, text)

    def _writing(self) -> bool:
        return self.memo.hasFocus() and self.memo.isModified()

    def _focus_next(self) -> None:
        """What comes next has the focus: the memo while it is missing, else Start or Stop."""
        if not self._writing():
            (self.button if self.memo.text().strip() else self.memo).setFocus()

    def _take_memo(self, text: str) -> None:
        plain_text.set_edit(self.memo, text)
        self.memo_written.emit(text)
        self.memo_settled.emit(text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Down opens the memos; pointer or focus at the picture holds its countdown."""
        kind = event.type()
        if watched is self.memo:
            if kind == QEvent.Type.KeyPress and cast("QKeyEvent", event).key() == Qt.Key.Key_Down:
                self.offer_memos()
                return True
        elif kind in _LOOKS:
            self._look_again()
        return super().eventFilter(watched, event)

    def _look_again(self) -> None:
        """Tell when somebody begins or ends to look at a picture under review.

        Qt may believe that the pointer is over a window that has just been moved away from it.
        """
        parts = (self.picture, self.keep_button, self.delete_button)
        looking = self._review and any(
            part.isVisible() and (part.hasFocus() or (part.underMouse() and _below_pointer(part)))
            for part in parts
        )
        if looking != self._looking:
            self._looking = looking
            self.held.emit(looking)

    def showEvent(self, event: QShowEvent) -> None:
        """Say that the window is seen, and that it is not: hidden, nothing in it is kept up."""
        super().showEvent(event)
        self._focus_next()
        self.shown.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """See showEvent."""
        super().hideEvent(event)
        self._look_again()
        self.shown.emit(False)

    def closeEvent(self, event: QCloseEvent) -> None:
        """What closing means depends on the tray: the program decides."""
        event.ignore()
        self.closing.emit()


def _below_pointer(part: QWidget) -> bool:
    return part.rect().contains(part.mapFromGlobal(QCursor.pos()))
