"""The section about marketplaces: lists them, switches, adds one, signs out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from ui.qt import plain_text
from ui.qt.translation import translate
from ui.qt.widgets import horizontal, rule, vertical
from ui.settings.settings import MARKETPLACE
from ui.windows.settings.section import SettingsSection

if TYPE_CHECKING:
    from ui.presenters.marketplaces import MarketplaceRow, MarketplacesView
    from ui.qt.theme import Theme
    from ui.settings.settings import Settings


class MarketplacesSection(SettingsSection):
    """Signals: `chosen` carries the address of the marketplace to switch to; `added` requests the
    page that adds one; `sign_out` requests signing out of the active one.
    """

    chosen = Signal(str)
    added = Signal()
    sign_out = Signal()

    def __init__(self, theme: Theme, settings: Settings) -> None:
        super().__init__(theme, settings, translate("Marketplaces", "Marketplaces"))
        self._view: MarketplacesView | None = None
        self.divide()
        self._rows = vertical(8)
        self.column.addLayout(self._rows)
        self.empty = self.add_note(
            translate("Marketplaces", "This computer is not signed in to a marketplace.")
        )
        if settings.policy_address:
            self.add_locked(
                MARKETPLACE,
                translate("Marketplaces", "Address"),
                translate("Marketplaces", "No other marketplace can be opened."),
                settings.policy_address,
            )
        else:
            self.add_button = plain_text.button(translate("Marketplaces", "&Add …"))
            self.add_button.clicked.connect(self.added)
            self.add_row(
                translate("Marketplaces", "Add a marketplace"),
                translate(
                    "Marketplaces",
                    "This computer stays signed in to the others. One is open at a time.",
                ),
                self.add_button,
            )
        self.column.addStretch(1)

    def show_view(self, view: MarketplacesView) -> None:
        """Show the marketplaces."""
        if view == self._view:
            return
        self._view = view
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for row in view.rows:
            self._rows.addWidget(self._make_row(row, can_sign_out=view.can_sign_out))
            self._rows.addWidget(rule())
        self.empty.setVisible(not view.rows)

    def _make_row(self, row: MarketplaceRow, *, can_sign_out: bool) -> QWidget:
        made = QWidget()
        line = horizontal(16)
        made.setLayout(line)
        texts = vertical(2)
        name = plain_text.label()
        name.setFont(self.theme.font(strong=True))
        name.setWordWrap(True)
        plain_text.set_text(name, row.name)
        texts.addWidget(name)
        texts.addWidget(self.note(row.url))
        texts.addWidget(self.note(row.text))
        line.addLayout(texts, 1)
        line.addWidget(self._button(row, can_sign_out=can_sign_out))
        return made

    def _button(self, row: MarketplaceRow, *, can_sign_out: bool) -> QPushButton:
        if row.active:
            button = plain_text.button(translate("Marketplaces", "Sign &out …"))
            button.setEnabled(can_sign_out)
            button.clicked.connect(self.sign_out)
            return button
        button = plain_text.button(translate("Marketplaces", "Switch"))
        text = translate("Marketplaces", "Switch to {marketplace}")
        plain_text.set_accessible(button, name=text.replace("{marketplace}", row.name))
        button.clicked.connect(lambda: self.chosen.emit(row.url))
        return button
