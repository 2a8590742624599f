"""The last picture in the main window: at its full size, or on one line where there is no room.

While the pointer or the focus is on the picture or its buttons, its countdown is held.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Signal
from PySide6.QtGui import QCursor, QIcon
from PySide6.QtWidgets import QPushButton, QWidget

from ui.qt import plain_text
from ui.qt.icons import pixmap
from ui.qt.translation import translate
from ui.qt.widgets import ElidedLine, PictureBox, horizontal, set_property, vertical

if TYPE_CHECKING:
    from ui.presenters.pictures import PictureReviewView
    from ui.qt.theme import Theme

#: The height of the one line, with the space above it.
LINE = 40
_LOOKS = {
    QEvent.Type.Enter,
    QEvent.Type.Leave,
    QEvent.Type.FocusIn,
    QEvent.Type.FocusOut,
    QEvent.Type.Hide,
}


class PictureArea(QObject):
    """Two widgets of which the window shows at most one: `large` and `line`."""

    view = Signal(str)
    keep = Signal(str)
    delete = Signal(str)
    held = Signal(bool)

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self._picture_id = ""
        self._review = self._holding = False
        self.title, self.line_title = ElidedLine(), ElidedLine()
        self.title.setFixedHeight(18)
        self.picture = PictureBox(theme, QSize(176, 99), theme.tokens.radius["card"])
        self.keep_button, self.delete_button = self._buttons("")
        self.keep_link, self.delete_link = self._buttons("link")
        self.view_button = self._view_link(translate("Window", "&View and cover"))
        self.view_link = self._view_link(translate("Window", "&View"))
        self.hint = plain_text.label(wrap=True)
        self.hint.setFont(theme.font("small"))
        set_property(self.hint, "tone", "muted")
        for button in (self.keep_button, self.delete_button, self.view_button):
            policy = button.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            button.setSizePolicy(policy)
        self.large, self.line = self._lay_out_large(), self._lay_out_line()
        for part in self._parts():
            part.installEventFilter(self)
        theme.changed.connect(self._paint_icon)
        self._paint_icon()

    def _buttons(self, kind: str) -> tuple[QPushButton, QPushButton]:
        keep, delete = plain_text.button(), plain_text.button()
        plain_text.label_button(keep, translate("Window", "&Keep"))
        plain_text.label_button(delete, translate("Window", "&Delete"))
        set_property(keep, "kind", kind)
        set_property(delete, "kind", kind or "danger")
        set_property(delete, "tone", "danger")
        keep.clicked.connect(lambda: self.keep.emit(self._picture_id))
        delete.clicked.connect(lambda: self.delete.emit(self._picture_id))
        return keep, delete

    def _view_link(self, text: str) -> QPushButton:
        view = plain_text.button(text)
        set_property(view, "kind", "link")
        view.clicked.connect(lambda: self.view.emit(self._picture_id))
        return view

    def _lay_out_large(self) -> QWidget:
        side = vertical(4)
        for part in (self.keep_button, self.delete_button, self.hint):
            side.addWidget(part)
        side.addStretch(1)
        row = horizontal(12)
        row.addWidget(self.picture)
        row.addLayout(side, 1)
        heading = horizontal(12)
        heading.addWidget(self.title, 1)
        heading.addWidget(self.view_button)
        column = vertical(4, (0, 16, 0, 0))
        column.addLayout(heading)
        column.addLayout(row)
        large = QWidget()
        large.setLayout(column)
        return large

    def _lay_out_line(self) -> QWidget:
        row = horizontal(12, (0, 16, 0, 0))
        row.addWidget(self.line_title, 1)
        row.addWidget(self.view_link)
        row.addWidget(self.keep_link)
        row.addWidget(self.delete_link)
        line = QWidget()
        line.setLayout(row)
        line.setFixedHeight(LINE)
        return line

    def _parts(self) -> tuple[QWidget, ...]:
        buttons = (
            *(self.view_button, self.keep_button, self.delete_button),
            *(self.view_link, self.keep_link, self.delete_link),
        )
        return (self.picture, self.line_title, *buttons)

    def show_view(self, view: PictureReviewView) -> None:
        """Show a picture, or why there is none."""
        self._picture_id = view.id
        self.title.show_text(view.title, "muted")
        self.line_title.show_text(view.short or view.title, "muted")
        self.picture.show_picture(view.thumb, view.empty, missing=view.missing)
        plain_text.set_accessible(self.picture, name=view.spoken)
        for button in (self.view_button, self.view_link):
            button.setVisible(bool(view.thumb))
        for keep in (self.keep_button, self.keep_link):
            keep.setVisible(view.can_keep)
        for delete in (self.delete_button, self.delete_link):
            delete.setVisible(view.can_delete)
            plain_text.set_accessible(delete, description=view.delete_cost)
        plain_text.set_text(self.hint, view.delete_hint if view.can_delete else "")
        self._review = view.can_keep
        self.update_hold()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hold the countdown while the pointer or the focus is on the picture; a click on it opens
        it.
        """
        if (
            watched is self.picture
            and event.type() is QEvent.Type.MouseButtonRelease
            and self.view_button.isVisible()
        ):
            self.view.emit(self._picture_id)
        if event.type() in _LOOKS:
            self.update_hold()
        return super().eventFilter(watched, event)

    def update_hold(self) -> None:
        """Report when the pointer or the focus enters or leaves the picture under review.

        Qt may report the pointer over a window that has just been moved away from it.
        """
        holding = self._review and any(
            part.isVisible() and (part.hasFocus() or (part.underMouse() and _below_pointer(part)))
            for part in self._parts()
        )
        if holding != self._holding:
            self._holding = holding
            self.held.emit(holding)

    def _paint_icon(self) -> None:
        icon = pixmap("trash", 16, self._theme.color("red"), self.picture.devicePixelRatioF())
        self.delete_button.setIcon(QIcon(icon))


def _below_pointer(part: QWidget) -> bool:
    return part.rect().contains(part.mapFromGlobal(QCursor.pos()))
