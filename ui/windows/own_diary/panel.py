"""The panel beside the grid: the picture, the protection, the activity, the memo and the actions of
one segment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFrame, QLineEdit, QMenu, QScrollArea, QSizePolicy, QWidget

from ui.qt import plain_text
from ui.qt.translation import translate
from ui.qt.widgets import (
    ElidedLine,
    PictureBox,
    horizontal,
    rule,
    set_property,
    vertical,
)
from ui.windows.own_diary.drawn_parts import IconLabel, MinuteChart
from ui.windows.own_diary.question_box import QuestionBox

if TYPE_CHECKING:
    from PySide6.QtCore import QObject
    from PySide6.QtGui import QHideEvent, QKeyEvent, QResizeEvent
    from PySide6.QtWidgets import QHBoxLayout, QLayout, QPushButton, QVBoxLayout

    from ui.presenters.own_diary.panel import PanelView
    from ui.qt.theme import Theme
    from ui.windows.own_diary.thumbnails import Thumbnails

WIDTH = 308
PICTURE = QSize(276, 155)
#: The least height to which the picture shrinks so that the facts below it are not cut.
_LEAST_PICTURE = 72


class SlotPanel(QWidget):
    """`acted` carries a `RowAction`, `memo_changed` the new memo, `part_chosen` a part's number."""

    acted = Signal(str)
    undone = Signal()
    memo_changed = Signal(str)
    memo_wanted = Signal()
    part_chosen = Signal(int)
    picture_opened = Signal()
    viewers = Signal()
    left = Signal()  # back to the grid, where the panel is a page of its own

    def __init__(self, theme: Theme, thumbnails: Thumbnails) -> None:
        super().__init__()
        self._theme = theme
        self._thumbnails = thumbnails
        self._view: PanelView | None = None
        self._part = 0
        self._make_parts()
        page = QWidget()
        self._column: QVBoxLayout = vertical(0, (16, 12, 16, 12))
        page.setLayout(self._column)
        self._lay_out()
        self._area = area = QScrollArea()
        area.setWidget(page)
        page.installEventFilter(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        whole = vertical()
        whole.addWidget(area, 1)
        # Always visible, also where the facts scroll.
        bottom = _line((self.delete_button, 1), (self.undo_button, 1), (self.more_button, 0))
        bottom.setContentsMargins(16, 8, 16, 12)
        whole.addLayout(bottom)
        self.setLayout(whole)
        thumbnails.changed.connect(self._show_picture)
        self._connect()

    # Construction

    def _make_parts(self) -> None:
        theme = self._theme
        self.back_button = _link(translate("Day", "&Back to the day"))
        self.back_button.hide()
        self.title, self.sent = ElidedLine(), ElidedLine()
        self.title.setFont(theme.font("web", strong=True))
        self.sent_icon = IconLabel(theme)
        self.part_line = ElidedLine()
        self.before, self.after = plain_text.button("\u2039"), plain_text.button("\u203a")
        for button, name in (
            (self.before, translate("Day", "Previous part of this slot")),
            (self.after, translate("Day", "Next part of this slot")),
        ):
            set_property(button, "kind", "icon")
            plain_text.set_accessible(button, name=name)
            plain_text.set_tooltip(button, name)
        self.question = QuestionBox(theme)
        self.picture = PictureBox(theme, PICTURE, theme.tokens.radius["control"])
        self.taken = ElidedLine()
        self.view_button = _link(translate("Day", "View &full size"))
        self.shield = IconLabel(theme)
        self.protected, self.reason = ElidedLine(), plain_text.label(wrap=True)
        self.protected.setFont(theme.font("desk", strong=True))
        set_property(self.reason, "tone", "muted")
        self.activity_title = _muted(translate("Day", "Activity"))
        self.activity = ElidedLine()
        self.chart = MinuteChart(theme)
        self.axis = tuple(_muted() for _ in range(3))
        self.memo_title = _muted(translate("Day", "Memo"))
        self.edit_button = _link(translate("Day", "Edit &memo"))
        self.memo = plain_text.label(wrap=True)
        self.memo_field = QLineEdit()
        plain_text.set_accessible(self.memo_field, name=translate("Day", "New memo"))
        self.memo_hint = _muted(translate("Day", "The earlier memo stays visible."), wrap=True)
        self.save_button = plain_text.button(translate("Day", "&Save memo"))
        set_property(self.save_button, "kind", "accent")
        self.cancel_button = plain_text.button(translate("Day", "&Cancel"))
        self.editor = QWidget()
        self.notes = _muted(wrap=True)
        self.receipt = _muted(wrap=True)
        self.seen_by = _muted(wrap=True)
        self.seen_by.hide()
        self.viewers_button = _link(translate("Day", "&Who viewed my pictures"))
        self.delete_button, self.undo_button = plain_text.button(), plain_text.button()
        set_property(self.delete_button, "kind", "danger")
        self.more_button = plain_text.button("…")
        name = translate("Day", "More actions on this time")
        plain_text.set_accessible(self.more_button, name=name)
        plain_text.set_tooltip(self.more_button, name)
        self.more_button.setFixedWidth(40)
        self.menu = QMenu(self.more_button)

    def _lay_out(self) -> None:
        column = self._column
        column.addWidget(self.back_button, 0, Qt.AlignmentFlag.AlignLeading)
        column.addSpacing(4)
        column.addWidget(self.title)
        column.addSpacing(2)
        column.addLayout(_line((self.sent_icon, 0), (self.sent, 1)))
        self.part_row = QWidget()
        self.part_row.setLayout(_line((self.part_line, 1), (self.before, 0), (self.after, 0)))
        column.addWidget(self.part_row)
        column.addSpacing(8)
        column.addWidget(self.question)
        column.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(6)
        column.addLayout(_line((self.taken, 1), (self.view_button, 0)))
        self._section()
        column.addLayout(_line((self.shield, 0), (self.protected, 1)))
        column.addLayout(_indented(self.reason))
        self._section()
        column.addWidget(self.activity_title)
        column.addWidget(self.activity)
        column.addSpacing(4)
        column.addWidget(self.chart)
        axis = horizontal()
        for label in self.axis:
            axis.addWidget(label)
            if label is not self.axis[-1]:
                axis.addStretch(1)
        column.addLayout(axis)
        self._section()
        head = horizontal(8)
        head.addWidget(self.memo_title)
        head.addStretch(1)
        head.addWidget(self.edit_button)
        column.addLayout(head)
        column.addWidget(self.memo)
        edit = vertical(6)
        edit.addWidget(self.memo_field)
        edit.addWidget(self.memo_hint)
        edit.addLayout(_line((self.save_button, 0), (self.cancel_button, 0), (QWidget(), 1)))
        self.editor.setLayout(edit)
        self.editor.hide()
        column.addWidget(self.editor)
        column.addWidget(self.notes)
        self._section()
        column.addWidget(self.receipt)
        column.addWidget(self.seen_by)
        column.addWidget(self.viewers_button, 0, Qt.AlignmentFlag.AlignLeading)
        column.addStretch(1)

    def _section(self) -> None:
        self._column.addSpacing(8)
        self._column.addWidget(rule())
        self._column.addSpacing(8)

    def _connect(self) -> None:
        self.back_button.clicked.connect(self.left)
        self.before.clicked.connect(lambda: self.part_chosen.emit(self._part - 1))
        self.after.clicked.connect(lambda: self.part_chosen.emit(self._part + 1))
        self.view_button.clicked.connect(self.picture_opened)
        self.edit_button.clicked.connect(self._edit)
        self.save_button.clicked.connect(self._save)
        self.memo_field.returnPressed.connect(self._save)
        self.cancel_button.clicked.connect(self.end_edit)
        self.memo_field.textChanged.connect(
            lambda text: self.save_button.setEnabled(bool(text.strip()))
        )
        self.viewers_button.clicked.connect(self.viewers)
        self.delete_button.clicked.connect(self._delete)
        self.undo_button.clicked.connect(self.undone)
        self.more_button.clicked.connect(
            lambda: self.menu.popup(
                self.more_button.mapToGlobal(self.more_button.rect().bottomLeft())
            )
        )

    # Views

    def show_view(self, view: PanelView | None, part: int) -> None:
        """Show a segment; None for an empty day. An open editor stays on its segment."""
        if view is None:
            self._view = None
            self.end_edit()
            return
        before, self._view = self._view, view
        self._part = part
        if before is None or (before.hash, before.title) != (view.hash, view.title):
            self.end_edit()
        if before == view:
            return
        plain_text.set_accessible(self, name=view.title)
        self.title.show_text(view.title)
        self.sent.show_text(view.sent, view.sent_tone)
        self.sent_icon.show_icon(view.sent_icon, view.sent_tone, view.sent)
        self.part_line.show_text(view.part, "muted")
        self.part_row.setVisible(view.parts > 1)
        self.before.setEnabled(part > 0)
        self.after.setEnabled(part < view.parts - 1)
        self._show_picture()
        self.taken.show_text(view.picture, "muted")
        self.view_button.setVisible(bool(view.file))
        self.shield.show_icon(view.protected_icon, view.protected_tone, view.protected)
        self.protected.show_text(
            view.protected, "" if view.protected_tone != "attention" else "attention"
        )
        plain_text.set_text(self.reason, view.protected_detail)
        self.activity.show_text(view.activity)
        self.chart.show_bars(view.bars)
        self.chart.setVisible(bool(view.bars))
        for label, text in zip(self.axis, view.axis, strict=True):
            plain_text.set_text(label, text)
            label.setVisible(bool(view.bars))
        plain_text.set_text(self.memo, view.memo)
        set_property(self.memo, "tone", "muted" if view.memo_muted else "")
        self.edit_button.setVisible(view.can_edit)
        plain_text.set_text(self.notes, "\n".join(view.notes))
        self.notes.setVisible(bool(view.notes))
        plain_text.set_text(self.receipt, view.receipt)
        self.receipt.setVisible(bool(view.receipt))
        for button, label_ in ((self.delete_button, view.delete), (self.undo_button, view.undo)):
            had_focus = button.hasFocus()
            if label_:
                plain_text.label_button(button, label_)
            button.setVisible(bool(label_))
            if had_focus and not label_:
                (self.undo_button if view.undo else self.delete_button).setFocus()
        self.more_button.setVisible(bool(view.more))
        self.menu.clear()
        for each in view.more:
            action = plain_text.entry(self.menu, each.text)
            action.triggered.connect(lambda _=False, name=each.action.value: self.acted.emit(name))

    def show_viewers(self, text: str) -> None:
        """Show who viewed the picture; "": not known."""
        plain_text.set_text(self.seen_by, text)
        self.seen_by.setVisible(bool(text))

    def set_page(self, on: bool) -> None:
        """Show the way back, where the panel is a page of its own."""
        self.back_button.setVisible(on)

    def end_edit(self) -> None:
        """Close the editor of the memo."""
        had_focus = self.editor.isVisible() and self.editor.isAncestorOf(self.focusWidget())
        self.editor.hide()
        self.memo.show()
        if had_focus:
            self.edit_button.setFocus()

    @property
    def view(self) -> PanelView | None:
        """The segment that is shown."""
        return self._view

    @property
    def editing(self) -> bool:
        """Whether the memo is being edited."""
        return self.editor.isVisible()

    def _fit_picture(self) -> None:
        """Give the picture the height that the facts leave."""
        # Without the scroll bar, which disappears once there is room.
        width = self._area.width()
        facts = self._column.totalHeightForWidth(width) - self.picture.height()
        room = self._area.viewport().height() - facts
        # Where even a small one leaves too little room, the page scrolls.
        height = min(room, PICTURE.height()) if room >= _LEAST_PICTURE else PICTURE.height()
        self.picture.setFixedSize(PICTURE.width() * height // PICTURE.height(), height)

    def _show_picture(self) -> None:
        view = self._view
        if view is None or not self.isVisible():
            return
        image = self._thumbnails.large(view.thumb) if view.thumb else QImage()
        gone = translate("Day", "The picture is no longer on this computer.")
        loading = translate("Day", "Loading the picture …")
        text = view.empty or (loading if image is None else gone)
        self.picture.show_image(image or QImage(), text, missing=view.missing and not view.thumb)
        plain_text.set_accessible(self.picture, name=view.picture or text)

    # Actions

    def _delete(self) -> None:
        if self._view is not None and self._view.delete_action is not None:
            self.acted.emit(self._view.delete_action.value)

    def _edit(self) -> None:
        if self._view is None:
            return
        if not self._view.hash:
            self.memo_wanted.emit()
            return
        plain_text.set_edit(self.memo_field, "" if self._view.memo_muted else self._view.memo)
        self.memo.hide()
        self.editor.show()
        self.memo_field.setFocus()
        self.memo_field.selectAll()

    def _save(self) -> None:
        text = self.memo_field.text().strip()
        if text:
            self.memo_changed.emit(text)
            self.end_edit()

    # Events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc ends the edit first."""
        if event.key() == Qt.Key.Key_Escape and self.editing:
            self.end_edit()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QEvent) -> None:  # type: ignore[override]
        """Load the picture, which is not done for a hidden panel."""
        super().showEvent(event)  # type: ignore[arg-type]
        self._show_picture()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the picture to the height."""
        super().resizeEvent(event)
        self._fit_picture()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Fit the picture when the facts below it have changed."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit_picture()
        return super().eventFilter(watched, event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Free the picture."""
        super().hideEvent(event)
        self.picture.show_image(QImage(), "")


def _link(text: str) -> QPushButton:
    button = plain_text.button(text)
    set_property(button, "kind", "link")
    return button


def _muted(text: str = "", *, wrap: bool = False):  # type: ignore[no-untyped-def]
    label = plain_text.label(text, wrap=wrap)
    set_property(label, "tone", "muted")
    return label


def _line(*parts: tuple[QWidget, int]) -> QHBoxLayout:
    line = horizontal(8)
    for part, stretch in parts:
        line.addWidget(part, stretch)
    return line


def _indented(part: QWidget) -> QLayout:
    line = horizontal(0, (0, 0, 0, 0))
    line.addSpacing(26)
    part.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    line.addWidget(part, 1)
    return line
