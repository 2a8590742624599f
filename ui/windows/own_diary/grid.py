"""The grid of a day: a table of hours and slots for the keyboard, the pointer and screen readers.

The arrow keys move over slots in the order of time, also from one row to the next; Enter opens the
slot. Hours without time are one line that cannot be selected.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView

from ui.presenters.own_diary.slots import COLUMNS, GapView, HourView
from ui.qt import plain_text
from ui.windows.own_diary.slot_delegate import (
    GAP_HEIGHT,
    HOUR_WIDTH,
    SlotDelegate,
    row_height,
)

if TYPE_CHECKING:
    from PySide6.QtCore import QItemSelection
    from PySide6.QtGui import QKeyEvent, QResizeEvent

    from ui.presenters.own_diary.slots import OwnSlotView, RowView
    from ui.qt.theme import Theme
    from ui.windows.own_diary.thumbnails import Thumbnails

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_ROLE = Qt.ItemDataRole
_TEXT_ROLES = {_ROLE.DisplayRole, _ROLE.AccessibleTextRole}


class SlotModel(QAbstractTableModel):
    """Column 0 has the hour, or the text of a gap; the others have slots. `_ROLE.UserRole` is the
    `OwnSlotView` of a cell, or the `GapView` or `HourView` in column 0.
    """

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[RowView, ...] = ()

    def show_rows(self, rows: tuple[RowView, ...]) -> bool:
        """Show rows; returns whether the table was reset. A changed slot keeps its place."""
        before, self.rows = self.rows, rows
        if _shape(before) != _shape(rows):
            self.beginResetModel()
            self.endResetModel()
            return True
        for number, (old, new) in enumerate(zip(before, rows, strict=True)):
            if old != new:
                self.dataChanged.emit(self.index(number, 0), self.index(number, COLUMNS))
        return False

    def slot(self, index: Index) -> OwnSlotView | None:
        """The slot of a cell; None without one."""
        row = self.rows[index.row()] if 0 <= index.row() < len(self.rows) else None
        if not isinstance(row, HourView) or not 1 <= index.column() <= COLUMNS:
            return None
        return row.slots[index.column() - 1]

    def find(self, begin_s: int) -> QModelIndex:
        """The cell of a slot; invalid without one."""
        for index in self.slots():
            slot = self.slot(index)
            if slot is not None and slot.begin_s == begin_s:
                return index
        return QModelIndex()

    def slots(self) -> list[QModelIndex]:
        """The cells with slots in the order of time."""
        return [
            self.index(number, column + 1)
            for number, row in enumerate(self.rows)
            if isinstance(row, HourView)
            for column, slot in enumerate(row.slots)
            if slot is not None
        ]

    # QAbstractTableModel

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else COLUMNS + 1

    def flags(self, index: Index) -> Qt.ItemFlag:
        if self.slot(index) is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: Index, role: int = _ROLE.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, slot = self.rows[index.row()], self.slot(index)
        if role == _ROLE.UserRole:
            return slot
        if slot is not None:
            if role == _ROLE.ToolTipRole:
                return plain_text.tooltip(slot.spoken)
            return plain_text.tidy(slot.spoken) if role in _TEXT_ROLES else None
        if index.column() == 0 and role in _TEXT_ROLES:
            return row.label if isinstance(row, HourView) else row.text
        return None


def _shape(rows: tuple[RowView, ...]) -> list[object]:
    """The places of the slots and of the gaps."""
    return [
        None
        if isinstance(row, GapView)
        else tuple(None if slot is None else slot.begin_s for slot in row.slots)
        for row in rows
    ]


class SlotGrid(QTableView):
    """Emits `chosen` with a slot's start (Unix s) when another slot is selected, and `opened` for
    Enter and a double click.
    """

    chosen = Signal(int)
    opened = Signal()

    def __init__(self, theme: Theme, thumbnails: Thumbnails) -> None:
        super().__init__()
        self.slots_model = SlotModel()
        self._shown: int | None = None
        self.setObjectName("grid")
        self.setModel(self.slots_model)
        self._delegate = SlotDelegate(theme, thumbnails, self)
        self.setItemDelegate(self._delegate)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.hide()
            header.setMinimumSectionSize(1)
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        thumbnails.changed.connect(self.viewport().update)
        theme.changed.connect(self.viewport().update)
        self.activated.connect(lambda _: self.opened.emit())

    def show_rows(self, rows: tuple[RowView, ...], selected: int | None) -> None:
        """Show the rows, and select a slot."""
        self._delegate.rows = rows
        if self.slots_model.show_rows(rows):
            self.clearSpans()
            for number, row in enumerate(rows):
                if isinstance(row, GapView):
                    self.setSpan(number, 0, 1, COLUMNS + 1)
            self._shown = None
            self._fit()
        if selected == self._shown:
            return
        self._shown = selected
        index = self.slots_model.find(selected) if selected is not None else QModelIndex()
        if index.isValid() and index != self.currentIndex():
            self.setCurrentIndex(index)
            self.scrollTo(index)

    # Events

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """Report the slot that the person selects."""
        super().selectionChanged(selected, deselected)
        slot = self.slots_model.slot(self.currentIndex())
        if slot is not None and slot.begin_s != self._shown:
            self._shown = slot.begin_s
            self.chosen.emit(slot.begin_s)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and Right move over all slots of the day; Home and End to the first and last."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        key = Qt.Key(event.key())
        cells = self.slots_model.slots()
        if not cells or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().keyPressEvent(event)
        elif key in steps:
            right = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
            step = -steps[key] if right else steps[key]
            at = cells.index(self.currentIndex()) if self.currentIndex() in cells else -1
            self.setCurrentIndex(cells[min(max(at + step, 0), len(cells) - 1)])
        elif key in {Qt.Key.Key_Home, Qt.Key.Key_End}:
            self.setCurrentIndex(cells[0 if key == Qt.Key.Key_Home else -1])
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.opened.emit()
        elif key in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            self._move_row(-1 if key == Qt.Key.Key_Up else 1, cells)
        else:
            super().keyPressEvent(event)

    def _move_row(self, step: int, cells: list[QModelIndex]) -> None:
        """Go to the next hour's slot that is nearest."""
        here = self.currentIndex()
        there = [c for c in cells if (c.row() - here.row()) * step > 0]
        if not there:
            return
        row = min((c.row() for c in there), key=lambda row: abs(row - here.row()))
        nearest = min(
            (c for c in there if c.row() == row), key=lambda c: abs(c.column() - here.column())
        )
        self.setCurrentIndex(nearest)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Divide the width among the slots; the selected one stays visible."""
        super().resizeEvent(event)
        self._fit()
        self.scrollTo(self.currentIndex())

    def changeEvent(self, event: QEvent) -> None:
        """Follow a larger font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        width = max((self.viewport().width() - HOUR_WIDTH - 4) // COLUMNS, 1)
        header = self.horizontalHeader()
        header.resizeSection(0, HOUR_WIDTH)
        for column in range(1, COLUMNS + 1):
            header.resizeSection(column, width)
        height = row_height(width, self._delegate.line_height)
        for number, row in enumerate(self.slots_model.rows):
            self.setRowHeight(number, GAP_HEIGHT if isinstance(row, GapView) else height)
