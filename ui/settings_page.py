"""The settings in a small window; a change has its effect at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QLabel, QPushButton, QWidget

from ui.icons import tray_icon
from ui.qtwords import translate
from ui.settings import COUNT_INPUT, PICTURE_IN_TOAST, THEME, Setting, Settings, Value
from ui.widgets import ChoiceBox, TickBox, label_button, vertical

if TYPE_CHECKING:
    from ui.theme import Theme

WIDTH = 380


class SettingsPage(QDialog):
    """`changed` carries the settings after each change; `consent` asks for the consent page."""

    changed = Signal(object)
    consent = Signal()

    def __init__(self, theme: Theme, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._settings = settings
        self.setWindowTitle(translate("Settings", "Workdiary: settings"))
        self.setWindowIcon(tray_icon("app"))
        column = vertical(8, (24, 24, 24, 24))
        self.setLayout(column)
        heading = QLabel(translate("Settings", "&Colours"))
        heading.setFont(theme.font(strong=True))
        column.addWidget(heading)
        column.addWidget(self._colours(heading))
        column.addSpacing(12)
        column.addWidget(self._picture())
        column.addWidget(
            self._note(
                translate("Settings", "Turn this off while you share your screen with others.")
            )
        )
        column.addSpacing(12)
        column.addWidget(self._counts())
        column.addWidget(
            self._note(
                translate(
                    "Settings",
                    "Off, the record holds at most in which seconds there was input. Takes effect "
                    "at the next start of work.",
                )
            )
        )
        column.addSpacing(16)
        self.consent_button = QPushButton()
        label_button(self.consent_button, translate("Settings", "&What is recorded …"))
        self.consent_button.setAutoDefault(False)
        self.consent_button.clicked.connect(self.consent)
        column.addWidget(self.consent_button)
        column.addStretch(1)
        self.setFixedWidth(WIDTH)

    def _colours(self, heading: QLabel) -> ChoiceBox:
        self.theme_box = ChoiceBox(self._theme)
        for value, text in (
            ("system", translate("Settings", "As the desktop")),
            ("light", translate("Settings", "Light")),
            ("dark", translate("Settings", "Dark")),
        ):
            self.theme_box.addItem(text, value)
        box = self.theme_box
        box.setCurrentIndex(box.findData(self._settings.text(THEME)))
        box.activated.connect(lambda place: self._change(THEME, box.itemData(place)))
        heading.setBuddy(box)
        return box

    def _picture(self) -> TickBox:
        self.picture_box = TickBox(
            self._theme, translate("Settings", "Show the &picture in its notice")
        )
        self.picture_box.setChecked(self._settings.flag(PICTURE_IN_TOAST))
        self.picture_box.toggled.connect(lambda on: self._change(PICTURE_IN_TOAST, on))
        return self.picture_box

    def _counts(self) -> TickBox:
        self.counts_box = TickBox(
            self._theme, translate("Settings", "Count &keys, clicks and scrolls")
        )
        self.counts_box.setChecked(self._settings.flag(COUNT_INPUT))
        self.counts_box.toggled.connect(lambda on: self._change(COUNT_INPUT, on))
        return self.counts_box

    def _note(self, text: str) -> QLabel:
        """A line below what it explains."""
        note = QLabel(text)
        note.setWordWrap(True)
        note.setFont(self._theme.font("small"))
        note.setProperty("tone", "muted")
        return note

    def _change(self, row: Setting, value: Value) -> None:
        self._settings = self._settings.changed(row, value)
        self.changed.emit(self._settings)
