"""The list of contracts: title and client, and a search from eight contracts on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QCompleter

from diary.core.display import tidy
from ui.qt import plain_text
from ui.qt.widgets import ChoiceBox

if TYPE_CHECKING:
    from PySide6.QtCore import QRect
    from PySide6.QtGui import QFocusEvent, QResizeEvent

    from ui.presenters.main_window import ContractChoice
    from ui.qt.theme import Theme

#: From this number of contracts on, typing a part of a title or a client finds them.
SEARCH_FROM = 8


class ContractBox(ChoiceBox):
    """Shows each contract's title, and its client's name in a quieter tone."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, 40)
        self._contracts: tuple[ContractChoice, ...] = ()
        self.setInsertPolicy(ChoiceBox.InsertPolicy.NoInsert)

    def show_contracts(self, contracts: tuple[ContractChoice, ...], index: int) -> None:
        """Show the contracts, with that of `index` selected; -1 for none."""
        if contracts != self._contracts:
            self._contracts = contracts
            self.clear()
            for each in contracts:
                text = " · ".join(part for part in (each.title, each.client) if part)
                plain_text.add_choice(self, text, each.ctr, tooltip=each.client)
            self._allow_search(len(contracts) >= SEARCH_FROM)
        self.setEnabled(bool(contracts))
        if self.currentIndex() != index:
            self.setCurrentIndex(index)
        plain_text.set_tooltip(self, contracts[index].client if index >= 0 else "")
        self.update()

    def _allow_search(self, allowed: bool) -> None:
        if allowed == self.isEditable():
            return
        self.setEditable(allowed)
        edit = self.lineEdit()
        if edit is None:
            return
        edit.setObjectName("search")
        edit.setFont(self.font())
        edit.editingFinished.connect(self._show_chosen)
        plain_text.set_accessible(edit, name=self.accessibleName())
        found = QCompleter(self.model(), self)
        found.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        found.setFilterMode(Qt.MatchFlag.MatchContains)
        found.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self.setCompleter(found)
        self._place_search()

    def _show_chosen(self) -> None:
        """Replace a search text that selected nothing by the selected contract."""
        edit = self.lineEdit()
        if edit is not None:
            plain_text.set_edit(edit, self.itemText(self.currentIndex()))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._show_chosen()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_search()

    def _place_search(self) -> None:
        edit = self.lineEdit()
        if edit is not None:
            room = self.text_rect().adjusted(0, 4, 0, -4)
            edit.setGeometry(room)

    def paint_text(self, painter: QPainter, room: QRect) -> None:
        if self.isEditable():
            return
        if self.currentIndex() < 0:
            super().paint_text(painter, room)
            return
        chosen = self._contracts[self.currentIndex()]
        self.paint_part(painter, room, tidy(chosen.title), "text")
        used = self.fontMetrics().horizontalAdvance(tidy(chosen.title)) + 8
        left = self.layoutDirection() is not Qt.LayoutDirection.RightToLeft
        rest = room.adjusted(used, 0, 0, 0) if left else room.adjusted(0, 0, -used, 0)
        if rest.width() > 2 * self.fontMetrics().averageCharWidth():
            painter.setFont(self.theme.font())
            self.paint_part(painter, rest, tidy(chosen.client), "muted")
