"""The picture in the review window, on which a person draws the areas to cover.

Dragging draws an area, or moves the one under the pointer. With the keyboard: Insert adds an area
in the middle; the arrow keys move the selected one, with Shift they change its size, with Ctrl by
one pixel; Delete removes it. Areas are in pixels of the picture and never leave it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from diary.core.display import tidy
from ui.presenters.pictures import area_name
from ui.qt import plain_text
from ui.qt.translation import translate
from ui.qt.widgets import hatch

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent, QObject
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent

    from tracker.recording.state.cover_areas import Area
    from ui.qt.theme import Theme

#: The colour that the recorder paints, and text on it: the same in the light and the dark theme.
COVER, ON_COVER, STRIPE = QColor(29, 31, 30), QColor(236, 238, 236), QColor(62, 66, 64)
#: A drag that is shorter is a click.
_SHORTEST = 4
_STEP = 10
_BUTTON = 24
_ARROWS = {
    Qt.Key.Key_Left: QPoint(-1, 0),
    Qt.Key.Key_Right: QPoint(1, 0),
    Qt.Key.Key_Up: QPoint(0, -1),
    Qt.Key.Key_Down: QPoint(0, 1),
}


class RemoveButton(QAbstractButton):
    """A cross in the corner of an area."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setFixedSize(_BUTTON, _BUTTON)
        self.setCursor(Qt.CursorShape.ArrowCursor)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus() or self.underMouse():
            painter.setPen(QPen(ON_COVER, 2 if self.hasFocus() else 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 2, -2, -2), 4, 4)
        painter.setPen(QPen(ON_COVER, 1.6, c=Qt.PenCapStyle.RoundCap))
        for start, end in (((8, 8), (16, 16)), ((16, 8), (8, 16))):
            painter.drawLine(QPointF(*start), QPointF(*end))
        painter.end()


class CoverCanvas(QWidget):
    """Shows an image at a zoom, and the areas drawn on it; `changed` is emitted for each change of
    the areas.
    """

    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._image = QImage()
        self._scaled = QImage()
        self._text = ""
        self._missing = False
        self._zoom = 1.0
        self._can_cover = False
        self._rects: list[QRect] = []
        self._buttons: list[RemoveButton] = []
        self._selected = -1
        #: The drag: where it began, the area when it began, and whether it moves that.
        self._from: QPoint | None = None
        self._drawn = QRect()
        self._moved: QRect | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        theme.changed.connect(self.update)

    @property
    def areas(self) -> tuple[Area, ...]:
        """The areas drawn so far: x, y, width, height."""
        return tuple((r.x(), r.y(), r.width(), r.height()) for r in self._rects)

    @property
    def drawing(self) -> bool:
        """Whether a drag is under way."""
        return self._from is not None

    @property
    def picture_size(self) -> QSize:
        """The image's size; empty without one."""
        return self._image.size()

    def show_image(self, image: QImage) -> None:
        """Show an image, or a text without one; the areas stay if the size does."""
        if image.size() != self._image.size():
            self.clear()
        self._image = image
        self._scaled = QImage()
        self._resize()

    def show_text(self, text: str, *, missing: bool = False) -> None:
        """The text to show instead of the picture, empty for the picture; `missing` hatches it."""
        if (text, missing) != (self._text, self._missing):
            self._text, self._missing = text, missing
            self.update()

    def set_zoom(self, zoom: float) -> None:
        """Show `zoom` device pixels for each pixel of the picture."""
        if zoom != self._zoom:
            self._zoom = zoom
            self._scaled = QImage()
            self._resize()

    def set_can_cover(self, on: bool) -> None:
        """Whether areas can be drawn."""
        if on != self._can_cover:
            self._can_cover = on
            self.setCursor(Qt.CursorShape.CrossCursor if on else Qt.CursorShape.ArrowCursor)
            if not on:
                self.clear()

    def clear(self) -> None:
        """Remove all areas."""
        self._from = None
        self._set_rects([], -1)

    def cancel_drag(self) -> None:
        """Forget the area that is being drawn."""
        if self._moved is not None and 0 <= self._selected < len(self._rects):
            self._rects[self._selected] = self._moved
        self._from = self._moved = None
        self._place_buttons()

    def remove_last(self) -> None:
        """Remove the area that was drawn last."""
        if self._rects:
            self._remove(len(self._rects) - 1)

    def add_area(self) -> None:
        """Add an area in the middle of the visible part, and select it."""
        if not self._can_cover or self._image.isNull():
            return
        seen = self._to_picture(QRectF(self.visibleRegion().boundingRect()))
        seen = seen.intersected(self._image.rect())
        if seen.isEmpty():
            seen = self._image.rect()
        size = QSize(max(seen.width() // 4, 1), max(seen.height() // 4, 1))
        rect = QRect(QPoint(), size)
        rect.moveCenter(seen.center())
        self._set_rects([*self._rects, rect], len(self._rects))
        self.setFocus()

    # Areas

    def _set_rects(self, rects: list[QRect], selected: int) -> None:
        self._rects, self._selected = rects, selected
        while len(self._buttons) > len(rects):
            self._buttons.pop().deleteLater()
        while len(self._buttons) < len(rects):
            button = RemoveButton(self._theme, self)
            button.clicked.connect(lambda _=False, button=button: self._remove_by(button))
            button.installEventFilter(self)
            button.show()
            self._buttons.append(button)
        self._place_buttons()
        self.changed.emit()

    def _remove_by(self, button: RemoveButton) -> None:
        self._remove(self._buttons.index(button))

    def _remove(self, index: int) -> None:
        rects = [rect for i, rect in enumerate(self._rects) if i != index]
        self.setFocus()
        self._set_rects(rects, min(self._selected, len(rects) - 1))

    def _change_selected(self, rect: QRect) -> None:
        rect = _inside(rect, self._image.rect())
        if rect != self._rects[self._selected]:
            self._rects[self._selected] = rect
            self._place_buttons()
            self.changed.emit()

    def _place_buttons(self) -> None:
        for number, (button, rect) in enumerate(zip(self._buttons, self._rects, strict=True), 1):
            shown = self._to_screen(rect)
            button.move(
                max(int(shown.right()) - _BUTTON - 2, int(shown.left())), int(shown.top()) + 2
            )
            name = area_name(number, rect.width(), rect.height(), translate)
            plain_text.set_accessible(button, name=name)
            plain_text.set_tooltip(button, name)
        self.update()

    # Coordinates

    @property
    def _scale(self) -> float:
        return self._zoom / self.devicePixelRatioF()

    def _to_screen(self, rect: QRect) -> QRectF:
        scale = self._scale
        return QRectF(
            rect.x() * scale, rect.y() * scale, rect.width() * scale, rect.height() * scale
        )

    def _to_picture(self, rect: QRectF) -> QRect:
        scale = self._scale
        return QRectF(
            rect.x() / scale, rect.y() / scale, rect.width() / scale, rect.height() / scale
        ).toAlignedRect()

    def _point(self, event: QMouseEvent) -> QPoint:
        return (event.position() / self._scale).toPoint()

    def _resize(self) -> None:
        size = self._image.size().toSizeF() * self._scale
        self.setFixedSize(max(round(size.width()), 1), max(round(size.height()), 1))
        self._place_buttons()

    # Mouse and keyboard

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to draw an area, or to move the one under the pointer."""
        if event.button() is not Qt.MouseButton.LeftButton or not self._can_cover:
            return
        self._from = point = self._point(event)
        below = [i for i, rect in enumerate(self._rects) if rect.contains(point)]
        self._selected = below[-1] if below else -1
        self._moved = QRect(self._rects[below[-1]]) if below else None
        self._drawn = QRect()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw or move."""
        if self._from is None:
            return
        point = self._point(event)
        if self._moved is not None:
            self._change_selected(self._moved.translated(point - self._from))
        else:
            drawn = QRect(self._from, QSize(1, 1)).united(QRect(point, QSize(1, 1)))
            self._drawn = drawn.intersected(self._image.rect())
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the drag; a click draws nothing."""
        if self._from is None or event.button() is not Qt.MouseButton.LeftButton:
            return
        drawn, moved = self._drawn, self._moved
        self._from = self._moved = None
        if moved is None and min(drawn.width(), drawn.height()) >= _SHORTEST:
            self._set_rects([*self._rects, drawn], len(self._rects))
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """See the module."""
        if not self._on_key(event):
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The keys also work on an area's button, which selects its area."""
        if watched in self._buttons:
            if event.type() == event.Type.FocusIn:
                self._selected = self._buttons.index(watched)  # type: ignore[arg-type]
                self.update()
            elif event.type() == event.Type.KeyPress:
                return self._on_key(event)  # type: ignore[arg-type]
        return super().eventFilter(watched, event)

    def _on_key(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Insert:
            self.add_area()
        elif not 0 <= self._selected < len(self._rects):
            return False
        elif key in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self._remove(self._selected)
        elif key in _ARROWS:
            modifiers = event.modifiers()
            step = _ARROWS[key] * (1 if modifiers & Qt.KeyboardModifier.ControlModifier else _STEP)
            rect = QRect(self._rects[self._selected])
            if modifiers & Qt.KeyboardModifier.ShiftModifier:
                width, height = max(rect.width() + step.x(), 1), max(rect.height() + step.y(), 1)
                rect.setSize(QSize(width, height))
                rect = rect.intersected(self._image.rect())
            else:
                rect.translate(step)
            self._change_selected(rect)
        else:
            return False
        return True

    # Drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._text or self._image.isNull():
            self._paint_text(painter)
        else:
            painter.setClipRect(event.rect())
            self._paint_image(painter)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for index, rect in enumerate(self._rects):
                self._paint_area(painter, self._to_screen(rect), selected=index == self._selected)
            if self._from is not None and self._moved is None and not self._drawn.isEmpty():
                self._paint_drawn(painter)
        painter.end()

    def _paint_text(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), self._theme.color("card"))
        if self._missing:
            painter.fillRect(self.rect(), hatch(self._theme, "hatch"))
        painter.setPen(self._theme.color("text"))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        text = tidy(self._text)
        room = QRectF(self.rect()).adjusted(16, 16, -16, -16)
        box = painter.boundingRect(room, flags, text).adjusted(-12, -8, 12, 8)
        if text:
            painter.fillRect(box, self._theme.color("card"))
        painter.drawText(room, flags, text)

    def _paint_image(self, painter: QPainter) -> None:
        if self._zoom >= 1:
            painter.drawImage(self.rect(), self._image)
            return
        if self._scaled.isNull():
            ratio = self.devicePixelRatioF()
            size = (self.size().toSizeF() * ratio).toSize()
            self._scaled = self._image.scaled(
                size,
                Qt.AspectRatioMode.IgnoreAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
            self._scaled.setDevicePixelRatio(ratio)
        painter.drawImage(QPoint(), self._scaled)

    def _paint_area(self, painter: QPainter, place: QRectF, *, selected: bool) -> None:
        painter.fillRect(place, COVER)
        painter.fillRect(place, _STRIPES)
        edge = self._theme.color("accent") if selected else ON_COVER
        painter.setPen(QPen(edge, 2 if selected else 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(place.adjusted(0.5, 0.5, -0.5, -0.5))
        text = translate("Review", "Covered")
        painter.setFont(self._theme.font())
        box = painter.boundingRect(place, Qt.AlignmentFlag.AlignCenter, text)
        if box.width() + 2 * _BUTTON < place.width() and box.height() + 8 < place.height():
            painter.fillRect(box.adjusted(-6, -2, 6, 2), COVER)
            painter.setPen(ON_COVER)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_drawn(self, painter: QPainter) -> None:
        place = self._to_screen(self._drawn)
        see_through = QColor(COVER)
        see_through.setAlpha(170)
        painter.fillRect(place, see_through)
        accent = self._theme.color("accent")
        painter.setPen(QPen(accent, 2))
        painter.drawRect(place)
        painter.setPen(QPen(QColor(255, 255, 255), 1, Qt.PenStyle.DashLine))
        painter.drawRect(place)
        text = f"{self._drawn.width()} × {self._drawn.height()}"
        painter.setFont(self._theme.font("small"))
        box = painter.boundingRect(QRectF(place.left(), 0, 200, 20), 0, text)
        label = QRectF(place.left(), place.top() - 24, box.width() + 12, 20)
        if label.top() < 0:
            label.moveTop(place.top() + 4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(accent)
        painter.drawRoundedRect(label, 4, 4)
        painter.setPen(self._theme.color("on-accent"))
        painter.drawText(label, Qt.AlignmentFlag.AlignCenter, text)


def _inside(rect: QRect, whole: QRect) -> QRect:
    """The area, moved into the picture."""
    moved = QRect(rect)
    moved.moveLeft(max(min(moved.left(), whole.right() + 1 - moved.width()), 0))
    moved.moveTop(max(min(moved.top(), whole.bottom() + 1 - moved.height()), 0))
    return moved.intersected(whole)


_STRIPES = QBrush(STRIPE, Qt.BrushStyle.BDiagPattern)
