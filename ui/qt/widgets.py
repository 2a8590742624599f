"""Small drawn widgets of the windows. They take their colours from the theme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QFontMetrics, QImage, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListView,
    QMainWindow,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QVBoxLayout,
    QWidget,
)

from diary.core.display import shorten, tidy
from ui.qt import plain_text
from ui.qt.icons import pixmap
from ui.qt.painted_text import fit

if TYPE_CHECKING:
    from PySide6.QtCore import QRect
    from PySide6.QtGui import QPaintEvent, QWheelEvent
    from PySide6.QtWidgets import QLayout

    from ui.qt.theme import Theme

TICK = 16
#: Maximum characters of a line that are laid out; its tooltip has more.
LONGEST_LINE = 300
#: The edge of a missing picture, and the height of the sign above its text.
_EDGE, _GLYPH = 12, 20
Margins = tuple[int, int, int, int]


def set_property(widget: QWidget, name: str, value: str) -> None:
    """Set a property that the style sheet uses, and apply the style sheet again."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def hatch(theme: Theme, name: str, width: int = 2) -> QBrush:
    """Diagonal stripes, for something that is missing."""
    tile = QImage(8, 8, QImage.Format.Format_ARGB32_Premultiplied)
    tile.fill(Qt.GlobalColor.transparent)
    painter = QPainter(tile)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.color(name), width))
    for start in (-8, 0, 8):
        painter.drawLine(start, 8, start + 8, 0)
    painter.end()
    return QBrush(tile)


class Drawn(QLabel):
    """A widget that draws itself, with a description for screen readers. A label, since Qt calls a
    plain widget a filler.
    """

    def __init__(self, theme: Theme, height: int) -> None:
        super().__init__()
        self.theme = theme
        self.setFixedHeight(height)
        theme.changed.connect(self.update)

    def describe(self, name: str, text: str) -> None:
        """Set the texts for screen readers and the tooltip."""
        plain_text.set_accessible(self, name=name, description=text)
        plain_text.set_tooltip(self, text)


class MinuteBars(Drawn):
    """The ten minutes of a slot: filled active, grey without input, hatched not measured."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, 8)
        self._minutes: tuple[str, ...] = ("none",) * 10

    def show_minutes(self, minutes: tuple[str, ...]) -> None:
        """Show the minutes, each `active`, `quiet`, `unmeasured` or `none`."""
        if minutes != self._minutes:
            self._minutes = minutes
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        gap, count = 4.0, len(self._minutes)
        width = (self.width() - gap * (count - 1)) / count
        line = QPen(self.theme.color("line"), 1)
        for index, kind in enumerate(self._minutes):
            at = (
                count - 1 - index
                if self.layoutDirection() is Qt.LayoutDirection.RightToLeft
                else index
            )
            bar = QRectF(at * (width + gap), 0, width, self.height())
            inner = bar.adjusted(0.5, 0.5, -0.5, -0.5)
            painter.setPen(Qt.PenStyle.NoPen)
            if kind == "active":
                painter.setBrush(self.theme.color("accent"))
                painter.drawRoundedRect(bar, 2, 2)
                continue
            painter.setBrush(self.theme.color("quiet" if kind == "quiet" else "card"))
            if kind == "quiet":
                painter.drawRoundedRect(bar, 2, 2)
                continue
            painter.setPen(line)
            painter.drawRoundedRect(inner, 2, 2)
            if kind == "unmeasured":
                painter.setPen(QPen(self.theme.color("hatch-strong"), 1))
                painter.setBrush(hatch(self.theme, "hatch-strong"))
                painter.drawRoundedRect(inner, 2, 2)
        painter.end()


class ShareBar(Drawn):
    """A thin bar that is filled from its start; without a share its place stays empty."""

    def __init__(self, theme: Theme, height: int) -> None:
        super().__init__(theme, height)
        self._share: float | None = None
        self._color = "accent"

    def show_share(self, share: float | None, color: str = "accent") -> None:
        """Show a share, 0 to 1."""
        if (share, color) != (self._share, self._color):
            self._share, self._color = share, color
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        if self._share is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        whole = QRectF(self.rect())
        radius = self.height() / 2
        painter.setBrush(self.theme.color("quiet"))
        painter.drawRoundedRect(whole, radius, radius)
        width = whole.width() * self._share
        part = QRectF(0, 0, width, self.height())
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            part.moveRight(whole.right())
        painter.setBrush(self.theme.color(self._color))
        painter.drawRoundedRect(part, radius, radius)
        painter.end()


class PictureBox(QLabel):
    """A picture that fills its frame, or the reason why there is none."""

    def __init__(self, theme: Theme, size: QSize, radius: int) -> None:
        super().__init__()
        self.theme = theme
        self._radius = radius
        self._data = b""
        self._image = QImage()
        self._text = ""
        self._missing = False
        self.setFixedSize(size)
        theme.changed.connect(self.update)

    def show_picture(self, data: bytes, text: str = "", *, missing: bool = False) -> None:
        """Show `data`, an encoded picture; if empty, the sentence. `missing` hatches the frame."""
        if (data, text, missing) == (self._data, self._text, self._missing):
            return
        if data != self._data:
            self._image = QImage.fromData(data) if data else QImage()
        self._data, self._text, self._missing = data, text, missing
        plain_text.set_tooltip(self, text)
        self.update()

    def show_image(self, image: QImage, text: str = "", *, missing: bool = False) -> None:
        """Show a decoded picture; if it is null, as `show_picture` without data."""
        self._data, self._text, self._missing = b"", text, missing
        self._image = image
        plain_text.set_tooltip(self, text)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        path = QPainterPath()
        path.addRoundedRect(frame, self._radius, self._radius)
        painter.setClipPath(path)
        if self._image.isNull():
            self._paint_empty(painter, frame)
        else:
            painter.fillRect(frame, self.theme.color("quiet"))
            painter.drawImage(frame, self._image, cover(self._image.size(), frame))
        painter.setClipping(False)
        painter.setPen(QPen(self.theme.color("line"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)
        painter.end()

    def shown_text(self) -> str:
        """The sentence as it is drawn; empty beside a picture."""
        if not self._image.isNull():
            return ""
        inner = self.rect().adjusted(8, 0, -8, 0)
        if self._missing:
            inner = inner.adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE)
        metrics = QFontMetrics(self.theme.font("small"))
        return fit(self._text, metrics, inner.width(), inner.height() - _GLYPH)

    def _paint_empty(self, painter: QPainter, frame: QRectF) -> None:
        painter.fillRect(frame, self.theme.color("card"))
        inner = frame
        if self._missing:
            painter.fillRect(frame, hatch(self.theme, "hatch"))
            inner = frame.adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE)
            painter.fillRect(inner, self.theme.color("card"))
        ratio = self.devicePixelRatioF()
        glyph = pixmap("picture", 16, self.theme.color("muted"), ratio)
        shown = self.shown_text()
        painter.setFont(self.theme.font("small"))
        painter.setPen(self.theme.color("muted"))
        flags = Qt.AlignmentFlag.AlignHCenter
        needed = painter.boundingRect(inner, flags, shown)
        top = inner.top() + (inner.height() - needed.height() - _GLYPH) / 2
        painter.drawPixmap(int(inner.center().x() - 8), int(top), glyph)
        painter.drawText(inner.adjusted(0, top + _GLYPH - inner.top(), 0, 0), flags, shown)


def cover(picture: QSize, frame: QRectF) -> QRectF:
    """The part of the picture that fills the frame, cut evenly at both ends."""
    part = frame.size().scaled(picture.toSizeF(), Qt.AspectRatioMode.KeepAspectRatio)
    return QRectF(
        (picture.width() - part.width()) / 2,
        (picture.height() - part.height()) / 2,
        part.width(),
        part.height(),
    )


class ElidedLine(QLabel):
    """One line of text. If it is cut with an ellipsis, the tooltip has the full text."""

    def __init__(self) -> None:
        super().__init__()
        self._full = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_text(self, text: str, tone: str = "") -> None:
        """Show the text in a tone: "", `muted`, `attention` or `urgent`."""
        set_property(self, "tone", tone)
        if text != self._full:
            self._full = text
            plain_text.set_accessible(self, name=text)
            self._fit()

    def resizeEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        # Qt lays out the whole text before it cuts it.
        full = tidy(self._full)
        room = max(self.width(), 1)
        shown = self.fontMetrics().elidedText(
            shorten(full, LONGEST_LINE), Qt.TextElideMode.ElideRight, room
        )
        plain_text.set_text(self, shown)
        plain_text.set_tooltip(self, self._full if shown != full else "")


class ChoiceBox(QComboBox):
    """A list to choose from, drawn as one card with a chevron. The wheel scrolls the page under it:
    it must not change a contract or a setting in passing.
    """

    def __init__(self, theme: Theme, height: int = 36) -> None:
        super().__init__()
        self.theme = theme
        self.setFixedHeight(height)
        # A plain list takes its looks from the style sheet; the style's own popup does not.
        self.setView(QListView(self))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        focus = self.hasFocus()
        pen = QPen(self.theme.color("focus" if focus else "field"), 2 if focus else 1)
        half = pen.widthF() / 2
        radius = self.theme.tokens.radius["control"]
        painter.setPen(pen)
        painter.setBrush(self.theme.color("card"))
        painter.drawRoundedRect(
            QRectF(self.rect()).adjusted(half, half, -half, -half), radius, radius
        )
        painter.setFont(self.font())
        self.paint_text(painter, self.text_rect())
        glyph = pixmap("chevron-down", 16, self.theme.color("muted"), self.devicePixelRatioF())
        x = 7 if self.layoutDirection() is Qt.LayoutDirection.RightToLeft else self.width() - 23
        painter.drawPixmap(x, (self.height() - 16) // 2, glyph)
        painter.end()

    def text_rect(self) -> QRect:
        """The room between the frame and the chevron."""
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            return self.rect().adjusted(36, 0, -12, 0)
        return self.rect().adjusted(12, 0, -36, 0)

    def paint_text(self, painter: QPainter, room: QRect) -> None:
        """Draw the chosen entry, or the placeholder."""
        empty = self.currentIndex() < 0
        text = self.placeholderText() if empty else tidy(self.currentText())
        self.paint_part(painter, room, text, "muted" if empty else "text")

    def paint_part(self, painter: QPainter, room: QRect, text: str, color: str) -> None:
        """Draw a text on one line, cut if it has no room."""
        painter.setPen(self.theme.color(color))
        align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, align, plain_text.directed(shown))


class TickBox(QCheckBox):
    """A check box whose frame is visible on any background."""

    def __init__(self, theme: Theme, text: str) -> None:
        super().__init__()
        plain_text.label_button(self, text)
        self.theme = theme
        self.setStyleSheet(f"QCheckBox::indicator {{ width: {TICK}px; height: {TICK}px; }}")
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        indicator = self.style().subElementRect(
            QStyle.SubElement.SE_CheckBoxIndicator, option, self
        )
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(indicator, self.theme.color("ground"))
        ticked, focus = self.isChecked(), self.hasFocus()
        painter.setPen(QPen(self.theme.color("focus" if focus else "muted"), 2 if focus else 1))
        painter.setBrush(self.theme.color("accent" if ticked else "card"))
        painter.drawRoundedRect(QRectF(indicator).adjusted(1, 1, -1, -1), 3, 3)
        if ticked:
            size = TICK - 4
            tick = pixmap("check", size, self.theme.color("on-accent"), self.devicePixelRatioF())
            painter.drawPixmap(indicator.x() + 2, indicator.y() + 2, tick)
        painter.end()


def vertical(spacing: int = 0, margins: Margins = (0, 0, 0, 0)) -> QVBoxLayout:
    """A column."""
    layout = QVBoxLayout()
    layout.setSpacing(spacing)
    layout.setContentsMargins(*margins)
    return layout


def horizontal(spacing: int = 0, margins: Margins = (0, 0, 0, 0)) -> QHBoxLayout:
    """A row; it follows the reading direction."""
    layout = QHBoxLayout()
    layout.setSpacing(spacing)
    layout.setContentsMargins(*margins)
    return layout


def paragraph(text: str) -> QLabel:
    """A label with plain text that wraps."""
    return plain_text.label(text, wrap=True)


def rule() -> QFrame:
    """A line between parts."""
    frame = QFrame()
    frame.setObjectName("rule")
    frame.setFixedHeight(1)
    return frame


def set_content(window: QMainWindow, layout: QLayout) -> None:
    """Fill a window with a layout. A screen reader announces windows and dialogs; a plain QWidget
    is a nameless filler for it.
    """
    content = QWidget()
    content.setLayout(layout)
    window.setCentralWidget(content)
