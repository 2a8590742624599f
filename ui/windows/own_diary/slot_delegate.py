"""Draws the cells of the own diary's grid: the memo over its slots, a picture or the reason why
there is none, ten bars with their sum and the state, and the exception word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate

from ui.presenters.own_diary.slots import GapView, Ground, HourView
from ui.qt.icons import pixmap
from ui.qt.painted_text import fit
from ui.qt.plain_text import tidy
from ui.qt.widgets import cover, hatch

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex
    from PySide6.QtGui import QColor, QImage, QPixmap
    from PySide6.QtWidgets import QStyleOptionViewItem

    from ui.presenters.own_diary.slots import MemoBand, OwnSlotView, RowView
    from ui.qt.theme import Theme
    from ui.windows.own_diary.thumbnails import Thumbnails

HOUR_WIDTH, GAP_HEIGHT = 60, 34
#: Half of the distance between two slots.
SIDE = 4
_ICON, _GAP, _BAR = 16, 5, 6
#: The space between an icon and its word, and the width of the level.
_BESIDE, _LEVEL = 1, 18
_RATIO = 56 / 97
_FLAGS = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading
_TONES = {"attention": "amber", "good": "accent", "": "muted"}


def row_height(width: int, line: int) -> int:
    """The height of an hour whose slots are `width` wide, with lines of text of height `line`."""
    return 8 + line + _GAP + _picture_height(width) + _GAP + line + 2 + line + 4


def _picture_height(width: int) -> int:
    return round((width - 2 * SIDE) * _RATIO)


class SlotDelegate(QStyledItemDelegate):
    """Draws the rows of `rows`, which the view sets."""

    def __init__(self, theme: Theme, thumbnails: Thumbnails, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self._thumbnails = thumbnails
        self._font, self._strong = theme.font("small"), theme.font("desk", strong=True)
        self._icons: dict[tuple[str, str, float], QPixmap] = {}
        self.rows: tuple[RowView, ...] = ()

    @property
    def line_height(self) -> int:
        """The height of a line of text."""
        return max(QFontMetrics(self._strong).height(), _ICON + 2)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:  # type: ignore[override]  # noqa: ARG002
        """The view sets the sizes."""
        return QSize(1, 1)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw one slot, or the line of a gap."""
        row = self.rows[index.row()]
        painter.save()
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        painter.setLayoutDirection(option.direction)  # type: ignore[attr-defined]
        cell: QRect = option.rect  # type: ignore[attr-defined]
        if isinstance(row, GapView):
            self._gap(painter, option, cell, row)
        elif index.column() == 0:
            self._hour(painter, cell, row)
        else:
            self._cell(painter, option, cell, row, index.column() - 1)
        painter.restore()

    # Rows

    def _gap(
        self, painter: QPainter, option: QStyleOptionViewItem, cell: QRect, row: GapView
    ) -> None:
        painter.setFont(self._font)
        painter.setPen(self._theme.color("muted"))
        text = tidy(row.text)
        width = painter.fontMetrics().horizontalAdvance(text)
        room = QRect(cell.left() + HOUR_WIDTH + SIDE, cell.top(), width, cell.height())
        line = QRect(room.right() + 12, cell.center().y(), cell.right() - room.right() - 20, 1)
        painter.drawText(self._placed(option, cell, room), _FLAGS, text)
        painter.fillRect(self._placed(option, cell, line), self._theme.color("line"))

    def _hour(self, painter: QPainter, cell: QRect, row: HourView) -> None:
        painter.setFont(self._theme.font("desk"))
        painter.setPen(self._theme.color("muted"))
        top = cell.top() + 8 + self.line_height + _GAP
        room = QRect(cell.left(), top, cell.width() - 8, self.line_height)
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, row.label)

    def _cell(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        cell: QRect,
        row: HourView,
        column: int,
    ) -> None:
        band = next((b for b in row.bands if b.first <= column <= b.last), None)
        line = self.line_height
        if band is not None:
            self._band(painter, option, cell, band, column)
        slot = row.slots[column]
        if slot is None:
            return
        inner = cell.adjusted(SIDE, 8 + line + _GAP, -SIDE, -4)
        picture = QRect(inner.left(), inner.top(), inner.width(), _picture_height(cell.width()))
        selected = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)  # type: ignore[attr-defined]
        self._picture(painter, picture, slot, selected=selected, hovered=hovered)
        bars = QRect(inner.left(), picture.bottom() + _GAP, inner.width(), line)
        self._bars(painter, option, bars, slot)
        words = QRect(inner.left(), bars.bottom() + 2, inner.width(), line)
        self._words(painter, option, words, slot)

    def _band(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        cell: QRect,
        band: MemoBand,
        column: int,
    ) -> None:
        """Draw this cell's part of the memo, so that a cell can be drawn again alone."""
        width = cell.width()
        steps = column - band.first
        right = option.direction is Qt.LayoutDirection.RightToLeft  # type: ignore[attr-defined]
        whole = QRect(
            cell.left() - (band.last - column if right else steps) * width + SIDE,
            cell.top() + 8,
            (band.last - band.first + 1) * width - 2 * SIDE,
            self.line_height,
        )
        painter.save()
        painter.setClipRect(cell)
        edge = QRect(whole.left(), whole.top(), 3, whole.height())
        painter.fillRect(self._placed(option, whole, edge), self._theme.color("hatch"))
        painter.setFont(self._font)
        painter.setPen(self._theme.color("text"))
        room = self._placed(option, whole, whole.adjusted(9, 0, 0, 0))
        painter.drawText(room, _FLAGS, self._cut(painter, band.text, room.width()))
        painter.restore()

    # Slots

    def _picture(
        self, painter: QPainter, room: QRect, slot: OwnSlotView, *, selected: bool, hovered: bool
    ) -> None:
        theme = self._theme
        frame = QRectF(room).adjusted(0.5, 0.5, -0.5, -0.5)
        path = QPainterPath()
        path.addRoundedRect(frame, 4, 4)
        image = self._thumbnails.small(slot.thumb) if slot.thumb else None
        painter.save()
        painter.setClipPath(path)
        if image is not None and not image.isNull():
            painter.drawImage(frame, image, cover(image.size(), frame))
        else:
            self._empty(painter, frame, slot, image)
        painter.restore()
        amber = slot.ground is Ground.AMBER and not slot.thumb
        missing = not slot.thumb and not amber
        pen = QPen(theme.color("amber" if amber else "hatch" if missing else "line"), 1)
        if missing:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(pen)
        painter.drawPath(path)
        if slot.running:
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.drawRoundedRect(frame, 4, 4)
        if selected or hovered:
            color = "focus" if selected else "muted"
            painter.setPen(QPen(theme.color(color), 2 if selected else 1))
            painter.drawRoundedRect(frame.adjusted(-3, -3, 3, 3), 6, 6)

    def _empty(
        self, painter: QPainter, frame: QRectF, slot: OwnSlotView, image: QImage | None
    ) -> None:
        theme = self._theme
        text = slot.text
        if slot.thumb:
            # It is being loaded, or its file is gone.
            painter.fillRect(frame, theme.color("quiet"))
            if image is None:
                return
            text = ""
        amber = slot.ground is Ground.AMBER
        painter.fillRect(frame, theme.color("amber-wash" if amber else "ground"))
        painter.fillRect(frame, hatch(theme, "amber-line" if amber else "hatch", 1))
        if not text:
            return
        painter.setFont(self._font)
        flags = Qt.AlignmentFlag.AlignCenter
        room = frame.adjusted(6, 4, -6, -4).toRect()
        shown = fit(text, QFontMetrics(self._font), room.width(), room.height())
        needed = painter.boundingRect(room, flags, shown).intersected(room)
        painter.fillRect(
            needed.adjusted(-3, -1, 3, 1), theme.color("amber-wash" if amber else "ground")
        )
        painter.setPen(theme.color("text" if amber else "muted"))
        painter.drawText(room, flags, shown)

    def _bars(
        self, painter: QPainter, option: QStyleOptionViewItem, room: QRect, slot: OwnSlotView
    ) -> None:
        theme = self._theme
        if slot.sent:
            place = QRect(room.right() + 1 - _ICON, room.top(), _ICON, room.height())
            sent = "accent" if slot.running else "amber" if slot.sent == "attention" else "muted"
            self._icon(painter, self._placed(option, room, place), slot.sent, theme.color(sent))
        whole, room = room, self._placed(option, room, room.adjusted(0, 0, -_ICON - 2, 0))
        step = (room.width() - _LEVEL) / len(slot.minutes)
        top = room.center().y() - _BAR // 2
        for number, state in enumerate(slot.minutes):
            left = whole.left() + round(number * step)
            bar = QRect(left, top, max(round(step) - 2, 2), _BAR)
            placed = QRectF(self._placed(option, whole, bar))
            painter.setPen(Qt.PenStyle.NoPen)
            if state in {"active", "quiet"}:
                painter.setBrush(theme.color("accent" if state == "active" else "quiet"))
                painter.drawRoundedRect(placed, 1, 1)
            elif state == "unmeasured":
                painter.setBrush(hatch(theme, "hatch-strong"))
                painter.drawRoundedRect(placed, 1, 1)
            elif slot.running:
                painter.setPen(QPen(theme.color("line"), 1))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(placed.adjusted(0.5, 0.5, -0.5, -0.5), 1, 1)
        painter.setFont(self._strong)
        painter.setPen(theme.color("text"))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignTrailing
        painter.drawText(room, flags, slot.level)

    def _words(
        self, painter: QPainter, option: QStyleOptionViewItem, room: QRect, slot: OwnSlotView
    ) -> None:
        color = self._theme.color(_TONES[slot.tone])
        left = room.left()
        painter.setFont(self._font)
        # A word that has no room beside its icon is more than the icon.
        spare = room.width() - self.word_width(slot)
        if slot.word_icon and (not slot.word or spare >= 0):
            place = QRect(left, room.top(), _ICON, room.height())
            self._icon(painter, self._placed(option, room, place), slot.word_icon, color)
            left += _ICON + _BESIDE + min(spare, 2)
        painter.setPen(color)
        end = room.right() + 1
        words = self._placed(option, room, QRect(left, room.top(), end - left, room.height()))
        painter.drawText(words, _FLAGS, self._cut(painter, slot.word, words.width()))

    def shown_text(self, slot: OwnSlotView, width: int) -> str:
        """The text in place of the picture of a cell of this width, as it is drawn."""
        room = width - 2 * SIDE - 12, _picture_height(width) - 8
        return "" if slot.thumb else fit(slot.text, QFontMetrics(self._font), *room)

    def word_width(self, slot: OwnSlotView) -> int:
        """The room that the exception word needs, with its icon."""
        icon = _ICON + _BESIDE if slot.word_icon else 0
        return icon + QFontMetrics(self._font).horizontalAdvance(tidy(slot.word))

    def _icon(self, painter: QPainter, room: QRect, name: str, color: QColor) -> None:
        ratio = painter.device().devicePixelRatioF()
        top = room.center().y() - _ICON // 2 + 1
        key = (name, color.name(), ratio)
        if key not in self._icons:
            self._icons[key] = pixmap(name, _ICON, color, ratio)
        painter.drawPixmap(room.left(), top, self._icons[key])

    @staticmethod
    def _placed(option: QStyleOptionViewItem, whole: QRect, part: QRect) -> QRect:
        """Mirror a part of a whole for right-to-left languages."""
        return QStyle.visualRect(option.direction, whole, part)  # type: ignore[attr-defined]

    @staticmethod
    def _cut(painter: QPainter, text: str, room: int) -> str:
        return fit(text, painter.fontMetrics(), room, 1)
