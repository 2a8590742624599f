"""The window with one picture at full size: zoom, areas to cover, Keep, Delete and Undo.

Esc ends a drag, then closes the window; closing changes nothing, and the countdown continues.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import QMainWindow, QScrollArea

from ui.qt import plain_text
from ui.qt.icons import tray_icon
from ui.qt.translation import translate
from ui.qt.widgets import ElidedLine, horizontal, rule, set_content, set_property, vertical
from ui.qt.wrapping_row import WrappingRow
from ui.windows.cover_canvas import CoverCanvas

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QObject
    from PySide6.QtGui import QHideEvent, QKeyEvent, QResizeEvent, QShowEvent, QWheelEvent
    from PySide6.QtWidgets import QPushButton

    from tracker.recording.state.cover_areas import Area
    from ui.presenters.pictures import ReviewView
    from ui.qt.theme import Theme

SIZE, SMALLEST = QSize(900, 620), QSize(560, 400)
_REFRESH_MS = 250
_STEP, _LEAST, _MOST = 1.25, 0.05, 4.0


class PictureReviewWindow(QMainWindow):
    """`view` returns the texts for a number of drawn areas, None to close the window; it is called
    four times a second while the window is visible.
    """

    kept = Signal(str)
    covered = Signal(str, object)  # the areas
    deleted = Signal(str)
    undone = Signal(str)
    shown = Signal(bool)

    def __init__(self, theme: Theme, view: Callable[[int], ReviewView | None]) -> None:
        super().__init__()
        self.theme = theme
        self._view = view
        self._id = ""
        self._keeps = False
        self._fit = True
        self._zoom = 1.0
        self._failed = False
        self.setWindowIcon(tray_icon("app"))
        self.setMinimumHeight(SMALLEST.height())
        self.resize(SIZE.boundedTo(self.screen().availableGeometry().size() - QSize(48, 48)))
        self._timer = QTimer(self)
        self._timer.setInterval(_REFRESH_MS)
        self._timer.timeout.connect(self.refresh)
        self._make_parts()
        self._lay_out()
        self._connect()

    @property
    def areas(self) -> tuple[Area, ...]:
        """The areas drawn so far."""
        return self.canvas.areas

    # Construction

    def _make_parts(self) -> None:
        theme = self.theme
        self.title, self.subtitle = ElidedLine(), ElidedLine()
        self.title.setFont(theme.font("web", strong=True))
        self.state, self.detail = ElidedLine(), ElidedLine()
        self.state.setFont(theme.font(strong=True))
        for line in (self.state, self.detail):
            line.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.cover_button = _button(translate("Review", "Cover an &area"))
        plain_text.set_tooltip(
            self.cover_button,
            translate("Review", "Or drag over the picture. The arrow keys move the area."),
        )
        self.undo_cover_button = _button(translate("Review", "Remove la&st cover"))
        self.hint = plain_text.label(wrap=True)
        self.smaller = _button("−", translate("Review", "Zoom out"))
        self.zoom_label = plain_text.label()
        self.zoom_label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.zoom_label.setFixedWidth(52)
        self.larger = _button("+", translate("Review", "Zoom in"))
        self.fit_button = _button(translate("Review", "&Fit"))
        self.full_button = _button("100 %", translate("Review", "Original size"))
        self.canvas = CoverCanvas(theme)
        self.area = QScrollArea()
        self.area.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.area.setWidget(self.canvas)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.viewport().installEventFilter(self)
        self.delete_button, self.undo_button = plain_text.button(), plain_text.button()
        set_property(self.delete_button, "kind", "danger")
        self.foot = plain_text.label()
        for note in (self.hint, self.foot):
            set_property(note, "tone", "muted")
        self.without_button, self.primary = plain_text.button(), plain_text.button()
        set_property(self.primary, "kind", "accent")

    def _lay_out(self) -> None:
        column = vertical()
        set_content(self, column)
        head = horizontal(16, (16, 10, 16, 10))
        left, right = vertical(2), vertical(2)
        for line in (self.title, self.subtitle):
            left.addWidget(line)
        for line in (self.state, self.detail):
            right.addWidget(line)
        head.addLayout(left, 1)
        head.addLayout(right, 1)
        column.addLayout(head)
        column.addWidget(rule())
        zoom = (self.smaller, self.zoom_label, self.larger, self.fit_button, self.full_button)
        tools = WrappingRow(
            (self.cover_button, self.undo_cover_button), zoom, margins=(16, 8, 16, 8)
        )
        column.addWidget(tools)
        column.addWidget(rule())
        column.addWidget(self.area, 1)
        column.addWidget(rule())
        notes = horizontal(16, (16, 8, 16, 0))
        notes.addWidget(self.hint, 1)
        notes.addWidget(self.foot)
        column.addLayout(notes)
        answers = WrappingRow(
            (self.delete_button, self.undo_button),
            (self.without_button, self.primary),
            margins=(16, 8, 16, 12),
        )
        column.addWidget(answers)

    def _connect(self) -> None:
        self.cover_button.clicked.connect(self.canvas.add_area)
        self.undo_cover_button.clicked.connect(self.canvas.remove_last)
        self.canvas.changed.connect(self.refresh)
        self.smaller.clicked.connect(lambda: self._zoom_by(1 / _STEP))
        self.larger.clicked.connect(lambda: self._zoom_by(_STEP))
        self.fit_button.clicked.connect(self._fit_window)
        self.full_button.clicked.connect(lambda: self._set_zoom(1.0))
        self.primary.clicked.connect(self._keep)
        self.without_button.clicked.connect(self._keep_without)
        self.delete_button.clicked.connect(lambda: self._answer(self.deleted))
        self.undo_button.clicked.connect(lambda: self._answer(self.undone))
        for keys, slot in (
            (QKeySequence(QKeySequence.StandardKey.ZoomIn), lambda: self._zoom_by(_STEP)),
            (QKeySequence(Qt.Key.Key_Plus), lambda: self._zoom_by(_STEP)),
            (QKeySequence(QKeySequence.StandardKey.ZoomOut), lambda: self._zoom_by(1 / _STEP)),
            (QKeySequence(Qt.Key.Key_Minus), lambda: self._zoom_by(1 / _STEP)),
            (QKeySequence(Qt.Modifier.CTRL | Qt.Key.Key_0), self._fit_window),
            (QKeySequence(QKeySequence.StandardKey.Undo), self.canvas.remove_last),
            (QKeySequence(QKeySequence.StandardKey.Close), self.close),
        ):
            QShortcut(keys, self, slot)

    # Views

    def begin(self, picture: str) -> None:
        """Expect the image of a picture; areas drawn on another one are forgotten."""
        if picture != self._id:
            self.canvas.clear()
            self._fit = True
        self._id, self._failed = picture, False
        self.canvas.show_image(QImage())

    def show_image(self, image: QImage) -> None:
        """Show the expected image; a null one if the file is no longer on this computer."""
        self._failed = image.isNull()
        self.canvas.show_image(image)
        self.refresh()

    def raise_now(self) -> None:
        """Show the window in front."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()
        self.canvas.setFocus()

    def refresh(self) -> None:
        """Show the newest view, while the window is visible or about to be."""
        view = self._view(len(self.areas))
        if view is None:
            self.hide()
            return
        self._keeps = view.keeps
        plain_text.set_title(self, view.title)
        self.title.show_text(view.title)
        self.subtitle.show_text(view.subtitle, "muted")
        self.state.show_text(view.state)
        self.detail.show_text(view.detail, "muted")
        for line, text in ((self.hint, view.hint), (self.foot, view.foot)):
            plain_text.set_text(line, text)
            line.setVisible(bool(text))
        has_image = not self.canvas.picture_size.isEmpty() and not view.empty
        gone = translate("Review", "The picture is no longer on this computer.")
        loading = translate("Review", "Loading the picture …")
        text = view.empty or ("" if has_image else gone if self._failed else loading)
        self.canvas.show_text(text, missing=bool(view.empty) or self._failed)
        self.canvas.set_can_cover(view.can_cover and has_image)
        self.cover_button.setEnabled(view.can_cover and has_image)
        self.undo_cover_button.setEnabled(bool(self.areas))
        for button in (self.smaller, self.larger, self.fit_button, self.full_button):
            button.setEnabled(has_image)
        for button, label in (
            (self.delete_button, view.delete),
            (self.undo_button, view.undo),
            (self.without_button, view.without),
            (self.primary, view.primary),
        ):
            plain_text.label_button(button, label)
            button.setVisible(bool(label))
        plain_text.set_accessible(self.canvas, name=view.canvas, description=text or view.hint)
        self._apply_fit()

    # Actions

    def _keep(self) -> None:
        if self._keeps and self.areas:
            self.covered.emit(self._id, self.areas)
        elif self._keeps:
            self.kept.emit(self._id)
        self.canvas.clear()
        self.hide()

    def _keep_without(self) -> None:
        self.kept.emit(self._id)
        self.canvas.clear()
        self.hide()

    def _answer(self, signal) -> None:  # type: ignore[no-untyped-def]
        self.canvas.clear()
        signal.emit(self._id)
        self.refresh()

    # Zoom

    def _zoom_by(self, factor: float) -> None:
        self._set_zoom(self._zoom * factor)

    def _set_zoom(self, zoom: float) -> None:
        self._fit = False
        self._show_zoom(max(_LEAST, min(zoom, _MOST)))

    def _fit_window(self) -> None:
        self._fit = True
        self._apply_fit()

    def _apply_fit(self) -> None:
        size = self.canvas.picture_size
        if size.isEmpty():
            self.canvas.setFixedSize(self.area.maximumViewportSize())
            return
        if self._fit:
            room = self.area.maximumViewportSize() * self.devicePixelRatioF()
            self._show_zoom(min(room.width() / size.width(), room.height() / size.height(), 1.0))
        else:
            self._show_zoom(self._zoom)

    def _show_zoom(self, zoom: float) -> None:
        self._zoom = zoom
        self.canvas.set_zoom(zoom)
        plain_text.set_text(self.zoom_label, f"{round(zoom * 100)} %")

    # Events

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ctrl and the wheel zoom."""
        if event.type() == QEvent.Type.Wheel:
            wheel: QWheelEvent = event  # type: ignore[assignment]
            if wheel.modifiers() & Qt.KeyboardModifier.ControlModifier:
                if wheel.angleDelta().y():
                    self._zoom_by(_STEP if wheel.angleDelta().y() > 0 else 1 / _STEP)
                return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc ends a drag, then closes the window."""
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.canvas.drawing:
            self.canvas.cancel_drag()
        else:
            self.close()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit again."""
        super().resizeEvent(event)
        self._apply_fit()

    def showEvent(self, event: QShowEvent) -> None:
        """Report that the picture is looked at."""
        super().showEvent(event)
        self.refresh()
        self._timer.start()
        self.shown.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Free the picture, and report that it is no longer looked at."""
        super().hideEvent(event)
        self._timer.stop()
        self.canvas.clear()
        self.canvas.show_image(QImage())
        self.shown.emit(False)


def _button(text: str, name: str = "") -> QPushButton:
    button = plain_text.button(text)
    if name:
        plain_text.set_accessible(button, name=name)
        plain_text.set_tooltip(button, name)
    return button
