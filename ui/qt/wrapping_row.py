"""A row of groups of widgets, one group below the other where they do not fit side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import QBoxLayout, QLayout, QSizePolicy, QWidget

from ui.qt.widgets import Margins, horizontal

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent
    from PySide6.QtWidgets import QHBoxLayout

_SPACING = 8


class WrappingRow(QWidget):
    """The last group is at the end of the line. Its texts are never narrower than they need."""

    def __init__(self, *groups: tuple[QWidget, ...], margins: Margins = (0, 0, 0, 0)) -> None:
        super().__init__()
        self._margins = margins[0] + margins[2]
        self._column: QBoxLayout = horizontal(_SPACING, margins)
        self._column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self._rows: list[QHBoxLayout] = []
        for number, group in enumerate(groups):
            row = horizontal(_SPACING)
            if number and number == len(groups) - 1:
                row.addStretch(1)
            for part in group:
                row.addWidget(part)
            self._rows.append(row)
            self._column.addLayout(row)
        for before in self._rows[:-1]:
            before.addStretch(1)
        self.setLayout(self._column)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        """The widest group, in as many lines as there are now."""
        widest = max(row.minimumSize().width() for row in self._rows)
        return QSize(widest + self._margins, self._height())

    def sizeHint(self) -> QSize:
        """All groups side by side, in as many lines as there are now."""
        return QSize(self._whole(), self._height())

    def _whole(self) -> int:
        widths = [row.minimumSize().width() for row in self._rows if not row.isEmpty()]
        return sum(widths) + _SPACING * max(len(widths) - 1, 0) + self._margins

    def _height(self) -> int:
        return self._column.minimumSize().height()

    def _wrap(self) -> None:
        wraps = self._whole() > self.width()
        way = QBoxLayout.Direction.TopToBottom if wraps else QBoxLayout.Direction.LeftToRight
        if self._column.direction() is not way:
            self._column.setDirection(way)
            self.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the width."""
        super().resizeEvent(event)
        self._wrap()

    def event(self, event: QEvent) -> bool:
        """Follow the texts."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._wrap()
            self.updateGeometry()
        return done
