"""The toast: a picture was taken, and the seconds until its upload; then, for a deletion, Undo.

380 px wide, at the bottom right of the work area (bottom left for right-to-left languages), above
other windows. It never takes the focus, not even by a click. The pointer over it holds the
countdown. The main window and the tray's menu offer the same actions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QCursor, QPainterPath, QRegion
from PySide6.QtWidgets import QFrame, QWidget

from ui.qt import plain_text
from ui.qt.translation import translate
from ui.qt.widgets import ElidedLine, PictureBox, ShareBar, horizontal, set_property, vertical

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QObject, SignalInstance
    from PySide6.QtGui import QResizeEvent

    from ui.presenters.pictures import ToastView
    from ui.qt.theme import Theme

WIDTH = 380
MARGIN = 16
_FRAME_MS = 100


class Toast(QWidget):
    """One toast for all pictures. Its timer stops while it is hidden."""

    keep = Signal(str)
    cover = Signal(str)
    delete = Signal(str)
    undo = Signal(str)
    held = Signal(bool)

    def __init__(
        self,
        theme: Theme,
        view: Callable[[], ToastView | None],
        icon: Callable[[], QRect] = QRect,
    ) -> None:
        """`view` is called ten times a second while the toast is visible; `icon` returns the place
        of the tray's icon, an empty rectangle if the tray does not report it.
        """
        super().__init__(
            None,
            Qt.WindowType.Tool
            | Qt.WindowType.FramelessWindowHint
            | Qt.WindowType.WindowStaysOnTopHint
            | Qt.WindowType.WindowDoesNotAcceptFocus,
        )
        self.theme = theme
        self._view = view
        self._icon = icon
        self._id = ""
        #: The picture that the person answered, and whether that was Undo.
        self._dismissed = ("", False)
        self._undoing = False
        self._holding = False
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_X11NetWmWindowTypeNotification)
        plain_text.set_title(self, translate("Toast", "Picture taken"))
        self.setFixedWidth(WIDTH)
        self._timer = QTimer(self)
        self._timer.setInterval(_FRAME_MS)
        self._timer.timeout.connect(self.refresh)
        self._lay_out()

    def _lay_out(self) -> None:
        theme = self.theme
        outer = vertical()
        self.setLayout(outer)
        card = QFrame()
        card.setObjectName("toast")
        outer.addWidget(card)
        column = vertical(margins=(12, 12, 12, 12))
        card.setLayout(column)
        top = horizontal(12)
        self.picture = PictureBox(theme, QSize(112, 63), theme.tokens.radius["control"])
        self.picture.installEventFilter(self)
        self.title, self.line = ElidedLine(), ElidedLine()
        self.cost = plain_text.label(wrap=True)
        self.title.setFont(theme.font(strong=True))
        self.cost.setFont(theme.font("small"))
        set_property(self.cost, "tone", "muted")
        texts = vertical(2)
        texts.addWidget(self.title)
        texts.addWidget(self.line)
        texts.addWidget(self.cost)
        texts.addStretch(1)
        top.addWidget(self.picture)
        top.addLayout(texts, 1)
        column.addLayout(top)
        column.addSpacing(10)
        self.countdown = ShareBar(theme, 2)
        column.addWidget(self.countdown)
        column.addSpacing(10)
        buttons = horizontal(8)
        buttons.addStretch(1)
        self.keep_button, self.cover_button = plain_text.button(), plain_text.button()
        self.delete_button, self.undo_button = plain_text.button(), plain_text.button()
        set_property(self.delete_button, "kind", "danger")
        for button, signal in (
            (self.keep_button, self.keep),
            (self.cover_button, self.cover),
            (self.delete_button, self.delete),
            (self.undo_button, self.undo),
        ):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(lambda _=False, signal=signal: self._answer(signal))
            buttons.addWidget(button)
        column.addLayout(buttons)

    def refresh(self) -> None:
        """Show the picture under review, or hide. Called for each status and by its timer."""
        if self._holding and not self.rect().contains(self.mapFromGlobal(QCursor.pos())):
            # Qt can lose the event of a pointer that left, for example while a menu is open.
            self._hold(False)
        view = self._view()
        if view is None or (view.id, bool(view.undo)) == self._dismissed:
            self._timer.stop()
            self.hide()
            return
        new = (view.id, bool(view.undo)) != (self._id, self._undoing)
        self._id, self._undoing = view.id, bool(view.undo)
        self.title.show_text(view.title)
        self.line.show_text(view.line)
        plain_text.set_text(self.cost, view.cost)
        plain_text.set_accessible(self.cost, name=view.cost)
        self.picture.show_picture(view.thumb, view.empty)
        if view.share is not None:  # while held, the bar stays
            self.countdown.show_share(view.share)
        self.countdown.describe(view.title, view.line)
        for button, text in (
            (self.keep_button, view.keep),
            (self.cover_button, view.cover),
            (self.delete_button, view.delete),
            (self.undo_button, view.undo),
        ):
            plain_text.label_button(button, text)
            button.setVisible(bool(text))
        plain_text.set_accessible(self.delete_button, description=view.cost)
        if new or not self.isVisible():
            self._appear(view)

    def _appear(self, view: ToastView) -> None:
        self.adjustSize()
        area = self.screen().availableGeometry()
        self.move(place(area, self.size(), self._from_right(), self._icon()))
        self.show()
        self._timer.start()
        plain_text.set_accessible(self, name=f"{view.title}. {view.line}")
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def _from_right(self) -> bool:
        return self.layoutDirection() is Qt.LayoutDirection.RightToLeft

    def _answer(self, signal: SignalInstance) -> None:
        self._dismissed = (self._id, self._undoing)
        signal.emit(self._id)
        self.refresh()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A click on the picture opens it."""
        if event.type() == QEvent.Type.MouseButtonRelease and not self._undoing:
            self._answer(self.cover)
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        """Hold the countdown while the pointer is over the toast."""
        if event.type() == QEvent.Type.Enter:
            # One that arrives after the toast was hidden has no event that ends the hold.
            self._hold(self.isVisible())
        elif event.type() in {QEvent.Type.Leave, QEvent.Type.Hide}:
            self._hold(False)
            if event.type() == QEvent.Type.Hide and not event.spontaneous():
                # The program has hidden it: only a new status shows it again.
                self._timer.stop()
        return super().event(event)

    def _hold(self, on: bool) -> None:
        if on != self._holding:
            self._holding = on
            self.held.emit(on)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Round the corners without a compositor."""
        super().resizeEvent(event)
        path = QPainterPath()
        radius = self.theme.tokens.radius["card"]
        path.addRoundedRect(self.rect(), radius, radius)
        self.setMask(QRegion(path.toFillPolygon().toPolygon()))


def place(area: QRect, size: QSize, from_right: bool, icon: QRect) -> QPoint:
    """The toast's corner: bottom right of the work area, bottom left for right-to-left.

    Above the tray's icon if that is in the same corner: the sign of recording is never covered.
    """
    x = area.left() + MARGIN if from_right else area.right() + 1 - MARGIN - size.width()
    y = area.bottom() + 1 - MARGIN - size.height()
    if icon.isValid() and icon.intersects(QRect(QPoint(x, y), size)):
        y = icon.top() - MARGIN - size.height()
    return QPoint(x, max(y, area.top()))
