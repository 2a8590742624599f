"""The settings window. A change takes effect at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QLabel, QScrollArea, QVBoxLayout, QWidget

from ui.qt import plain_text
from ui.qt.icons import tray_icon
from ui.qt.text_list import TextList
from ui.qt.translation import translate
from ui.qt.widgets import ChoiceBox, TickBox, paragraph, vertical
from ui.settings.settings import (
    COUNT_INPUT,
    MASKED_APPLICATIONS,
    MASKED_REGIONS,
    MORE_CONTRAST,
    PICTURE_IN_TOAST,
    REMIND_AFTER,
    REMIND_AT,
    SCREENS,
    THEME,
    Setting,
    Settings,
    Value,
)

if TYPE_CHECKING:
    from ui.qt.theme import Theme

WIDTH = 420
MARGIN = 24
#: The hours of recording offered for a reminder.
_HOURS = (2, 3, 4, 6, 8)


class SettingsWindow(QDialog):
    """The settings window. `changed` carries the settings after each change; `consent` asks for the
    consent page, `check` for the diagnostics window.
    """

    changed = Signal(object)
    consent = Signal()
    check = Signal()

    def __init__(self, theme: Theme, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._settings = settings
        plain_text.set_title(self, translate("Settings", "Settings"))
        self.setWindowIcon(tray_icon("app"))
        column = vertical(8, (MARGIN, MARGIN, MARGIN, MARGIN))
        page = QWidget()
        page.setLayout(column)
        column.addWidget(self._heading(translate("Settings", "&Theme"), self._theme_choice()))
        column.addWidget(self.theme_box)
        column.addWidget(self._contrast())
        column.addSpacing(8)
        column.addWidget(self._picture())
        column.addWidget(
            self._note(translate("Settings", "Turn this off while you share your screen."))
        )
        column.addSpacing(8)
        self._add_reminders(column)
        column.addSpacing(8)
        column.addWidget(self._heading(translate("Settings", "Ca&pture"), self._screens()))
        column.addWidget(self.screens_box)
        column.addWidget(
            self._note(translate("Settings", "On Wayland, pictures always show all monitors."))
        )
        column.addSpacing(8)
        self._add_masks(column)
        column.addSpacing(8)
        column.addWidget(self._counts())
        column.addWidget(
            self._note(
                translate(
                    "Settings",
                    "When off, only the seconds with input are recorded, if the system reports "
                    "them. Takes effect at the next Start.",
                )
            )
        )
        column.addSpacing(8)
        self.consent_button = plain_text.button(translate("Settings", "&What is recorded …"))
        self.consent_button.clicked.connect(self.consent)
        column.addWidget(self.consent_button)
        self.check_button = plain_text.button(translate("Settings", "Check this co&mputer …"))
        self.check_button.clicked.connect(self.check)
        column.addWidget(self.check_button)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        plain_text.set_accessible(area, name=self.windowTitle())
        area.setWidget(page)
        whole = vertical()
        whole.addWidget(area)
        self.setLayout(whole)
        self.setFixedWidth(WIDTH)
        # On a low screen it scrolls.
        room = self.screen().availableGeometry().height() - 48
        self.resize(WIDTH, min(page.sizeHint().height(), room))

    def offer(self, names: tuple[str, ...]) -> None:
        """Offer the applications that have windows now."""
        self.open_box.clear()
        for name in names:
            plain_text.add_choice(self.open_box, name, name)
        self.open_box.setCurrentIndex(-1)
        self.open_box.setVisible(bool(names))

    def _heading(self, text: str, buddy: QWidget) -> QLabel:
        heading = plain_text.heading(text, buddy)
        heading.setFont(self._theme.font(strong=True))
        return heading

    def _note(self, text: str, tone: str = "muted") -> QLabel:
        note = paragraph(text)
        note.setFont(self._theme.font("small"))
        note.setProperty("tone", tone)
        # A column does not ask a wrapped text for the height that it needs.
        note.setMinimumHeight(note.heightForWidth(WIDTH - 2 * MARGIN))
        return note

    def _add_reminders(self, column: QVBoxLayout) -> None:
        self.remind_box = box = ChoiceBox(self._theme)
        plain_text.add_choice(box, translate("Settings", "Never"), 0)
        for hours in _HOURS:
            text = translate("Settings", "After %n\u00a0hours of recording", None, hours)
            plain_text.add_choice(box, text, hours)
        chosen = self._settings.number(REMIND_AFTER)
        if box.findData(chosen) < 0:
            text = translate("Settings", "After %n\u00a0hours of recording", None, chosen)
            plain_text.add_choice(box, text, chosen)
        box.setCurrentIndex(box.findData(chosen))
        box.activated.connect(lambda index: self._change(REMIND_AFTER, box.itemData(index)))
        heading = self._heading(translate("Settings", "Remind me to take a &break"), box)
        column.addWidget(heading)
        column.addWidget(box)
        self.times = self._list(REMIND_AT, rows=2)
        plain_text.set_accessible(
            self.times.list, name=translate("Settings", "Times of the reminders to start")
        )
        plain_text.set_accessible(self.times.edit, name=translate("Settings", "Time of day"))
        plain_text.set_placeholder(self.times.edit, translate("Settings", "e.g. 09:00"))
        plain_text.set_accessible(self.times.add_button, name=translate("Settings", "Add reminder"))
        plain_text.set_accessible(
            self.times.remove_button, name=translate("Settings", "Remove reminder")
        )
        column.addSpacing(8)
        text = translate("Settings", "Remind me to &start at")
        column.addWidget(self._heading(text, self.times.list))
        column.addWidget(self.times)

    def _screens(self) -> ChoiceBox:
        self.screens_box = box = ChoiceBox(self._theme)
        plain_text.add_choice(box, translate("Settings", "All monitors"), "all")
        plain_text.add_choice(box, translate("Settings", "The monitor with the pointer"), "pointer")
        box.setCurrentIndex(box.findData(self._settings.text(SCREENS)))
        box.activated.connect(lambda index: self._change(SCREENS, box.itemData(index)))
        return box

    def _add_masks(self, column: QVBoxLayout) -> None:
        self.unread_note = self._note(
            translate(
                "Settings",
                "The lists below could not be read. No pictures are taken until you confirm them.",
            ),
            "attention",
        )
        self.unread_button = plain_text.button(translate("Settings", "Use the lists as shown"))
        self.unread_button.clicked.connect(self._use_lists)
        for widget in (self.unread_note, self.unread_button):
            column.addWidget(widget)
            widget.setVisible(bool(self._settings.unread))
        self.applications = self._list(MASKED_APPLICATIONS, rows=3)
        plain_text.set_accessible(
            self.applications.list,
            name=translate("Settings", "Hidden applications"),
        )
        plain_text.set_accessible(
            self.applications.edit, name=translate("Settings", "Name of an application")
        )
        plain_text.set_placeholder(
            self.applications.edit, translate("Settings", "Name of an application")
        )
        plain_text.set_accessible(
            self.applications.add_button, name=translate("Settings", "Add application")
        )
        plain_text.set_accessible(
            self.applications.remove_button, name=translate("Settings", "Remove application")
        )
        self.open_box = ChoiceBox(self._theme)
        plain_text.set_placeholder(self.open_box, translate("Settings", "Add one that is open now"))
        plain_text.set_accessible(
            self.open_box, name=translate("Settings", "Add one that is open now")
        )
        self.open_box.activated.connect(self._add_open)
        text = translate("Settings", "Hidden &applications")
        column.addWidget(self._heading(text, self.applications.list))
        column.addWidget(self.applications)
        column.addWidget(self.open_box)
        self.offer(())
        column.addWidget(
            self._note(
                translate(
                    "Settings",
                    "Their windows are covered before a picture is saved, and the record notes it. "
                    "If the desktop does not report where windows are, as on Wayland, no pictures "
                    "are taken.",
                )
            )
        )
        self.regions = self._list(MASKED_REGIONS, rows=2)
        plain_text.set_accessible(
            self.regions.list, name=translate("Settings", "Hidden screen areas")
        )
        plain_text.set_accessible(
            self.regions.edit,
            name=translate("Settings", "A screen area in pixels: left, top, width and height"),
        )
        plain_text.set_placeholder(self.regions.edit, translate("Settings", "e.g. 1920,0 640x480"))
        plain_text.set_accessible(self.regions.add_button, name=translate("Settings", "Add area"))
        plain_text.set_accessible(
            self.regions.remove_button, name=translate("Settings", "Remove area")
        )
        text = translate("Settings", "Hidden screen a&reas")
        column.addSpacing(8)
        column.addWidget(self._heading(text, self.regions.list))
        column.addWidget(self.regions)

    def _list(self, row: Setting, rows: int) -> TextList:
        made = TextList(
            self._settings.texts(row),
            lambda text: row.accepts((text,)),
            translate("Settings", "Add"),
            translate("Settings", "Remove"),
            rows,
        )
        made.changed.connect(lambda texts: self._change(row, texts))
        return made

    def _add_open(self, index: int) -> None:
        self.applications.add(self.open_box.itemData(index))
        self.open_box.setCurrentIndex(-1)

    def _use_lists(self) -> None:
        self._settings = self._settings.changed(MASKED_REGIONS, self.regions.texts)
        self._change(MASKED_APPLICATIONS, self.applications.texts)
        self.unread_note.hide()
        self.unread_button.hide()

    def _theme_choice(self) -> ChoiceBox:
        self.theme_box = ChoiceBox(self._theme)
        for value, text in (
            ("system", translate("Settings", "Same as system")),
            ("light", translate("Settings", "Light")),
            ("dark", translate("Settings", "Dark")),
        ):
            plain_text.add_choice(self.theme_box, text, value)
        box = self.theme_box
        box.setCurrentIndex(box.findData(self._settings.text(THEME)))
        box.activated.connect(lambda index: self._change(THEME, box.itemData(index)))
        return box

    def _contrast(self) -> TickBox:
        self.contrast_box = TickBox(self._theme, translate("Settings", "More co&ntrast"))
        self.contrast_box.setChecked(self._settings.flag(MORE_CONTRAST))
        self.contrast_box.toggled.connect(lambda on: self._change(MORE_CONTRAST, on))
        return self.contrast_box

    def _picture(self) -> TickBox:
        self.picture_box = TickBox(
            self._theme, translate("Settings", "Show a pre&view when a picture is taken")
        )
        self.picture_box.setChecked(self._settings.flag(PICTURE_IN_TOAST))
        self.picture_box.toggled.connect(lambda on: self._change(PICTURE_IN_TOAST, on))
        return self.picture_box

    def _counts(self) -> TickBox:
        self.counts_box = TickBox(
            self._theme, translate("Settings", "Count &key presses, clicks and scrolls")
        )
        self.counts_box.setChecked(self._settings.flag(COUNT_INPUT))
        self.counts_box.toggled.connect(lambda on: self._change(COUNT_INPUT, on))
        return self.counts_box

    def _change(self, row: Setting, value: Value) -> None:
        self._settings = self._settings.changed(row, value)
        self.changed.emit(self._settings)
