"""Drawn parts of the own diary's window: an icon with a name, the chart of a slot's minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from ui.qt import plain_text
from ui.qt.icons import pixmap
from ui.qt.translation import translate
from ui.qt.widgets import Drawn, hatch

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from ui.presenters.own_diary.panel import MinuteBar
    from ui.qt.theme import Theme

_COLORS = {"good": "accent", "attention": "amber", "muted": "muted"}


class IconLabel(Drawn):
    """An icon beside a text, which names it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, 20)
        self._name = self._tone = ""
        self.setFixedWidth(18)

    def show_icon(self, name: str, tone: str, text: str) -> None:
        """Show an icon in a tone."""
        plain_text.set_accessible(self, name=text)
        if (name, tone) != (self._name, self._tone):
            self._name, self._tone = name, tone
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        if not self._name:
            return
        painter = QPainter(self)
        color = self.theme.color(_COLORS.get(self._tone, "text"))
        painter.drawPixmap(1, 2, pixmap(self._name, 16, color, self.devicePixelRatioF()))
        painter.end()


class MinuteChart(Drawn):
    """One bar for each of the ten minutes, as high as its input."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, 44)
        self._bars: tuple[MinuteBar, ...] = ()

    def show_bars(self, bars: tuple[MinuteBar, ...]) -> None:
        """Show the bars."""
        if bars != self._bars:
            self._bars = bars
            self.describe(
                translate("Day", "Activity of each minute"),
                "\n".join(bar.text for bar in bars if bar.text),
            )
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        base = self.height() - 2
        painter.setPen(QPen(self.theme.color("line"), 1))
        painter.drawLine(0, base + 1, self.width(), base + 1)
        painter.setPen(Qt.PenStyle.NoPen)
        step = self.width() / max(len(self._bars), 1)
        right = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        for number, bar in enumerate(self._bars):
            at = len(self._bars) - 1 - number if right else number
            height = max(bar.share * (base - 2), 3.0)
            if bar.state == "none":
                continue
            room = QRectF(at * step, base - height, step - 3, height)
            if bar.state == "active":
                painter.setBrush(self.theme.color("accent"))
            elif bar.state == "quiet":
                painter.setBrush(self.theme.color("quiet"))
            else:
                room.setTop(base - 8)
                painter.setBrush(hatch(self.theme, "hatch-strong"))
            painter.drawRoundedRect(room, 2, 2)
        painter.end()
