"""The section about privacy: applications and areas that pictures never show, and the preview."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal

from ui.qt import plain_text
from ui.qt.translation import translate
from ui.qt.widgets import ChoiceBox
from ui.settings.settings import (
    BLUR,
    MASKED_APPLICATIONS,
    MASKED_REGIONS,
    PICTURE_IN_TOAST,
    SHOWN_APPLICATIONS,
    SHOWN_WINDOWS,
)
from ui.windows.settings.section import SettingsSection

if TYPE_CHECKING:
    from ui.qt.text_list import TextList
    from ui.qt.theme import Theme
    from ui.settings.settings import Settings


class PrivacySection(SettingsSection):
    """What pictures do not show. `lists_confirmed` carries the applications and the areas that
    replace lists which could not be read.
    """

    lists_confirmed = Signal(tuple, tuple)

    def __init__(self, theme: Theme, settings: Settings) -> None:
        super().__init__(theme, settings, translate("Settings", "Privacy"))
        next_picture = translate("Settings", "Saved. Applies from the next picture.")
        rows = (
            MASKED_APPLICATIONS, MASKED_REGIONS, SHOWN_WINDOWS, SHOWN_APPLICATIONS, BLUR,
        )  # fmt: skip
        self.applies = {row.name: next_picture for row in rows}
        self.unread_note = self.add_note(
            translate(
                "Settings",
                "The lists below could not be read. No pictures are taken until you confirm them.",
            ),
            "attention",
        )
        self.unread_button = plain_text.button(translate("Settings", "Use the lists as shown"))
        self.unread_button.clicked.connect(self._confirm_lists)
        self.column.addWidget(self.unread_button, 0, Qt.AlignmentFlag.AlignLeading)
        for widget in (self.unread_note, self.unread_button):
            widget.setVisible(bool(settings.unread))
        self.divide()
        self._add_applications()
        self.divide()
        self._add_regions()
        self.divide()
        self._add_shown()
        self.divide()
        self.blur_box = self.add_choice(
            BLUR,
            translate("Settings", "&Blur pictures"),
            translate(
                "Settings",
                "Removes small details, so that text is hard to read. Cover what must stay secret. "
                "The client sees that pictures are blurred.",
            ),
            (
                ("none", translate("Settings", "Not blurred")),
                ("light", translate("Settings", "Light", "strength of the blur")),
                ("medium", translate("Settings", "Medium", "strength of the blur")),
                ("strong", translate("Settings", "Strong", "strength of the blur")),
            ),
        )
        self.divide()
        self.picture_box = self.add_tick(
            PICTURE_IN_TOAST,
            translate("Settings", "Show a pre&view when a picture is taken"),
            translate(
                "Settings",
                "It stays hidden during do not disturb, while another program fills the screen, "
                "and while the screen is shared, if the desktop reports that. Otherwise choose "
                "Hide previews in the tray's menu before you share your screen.",
            ),
        )
        self.column.addStretch(1)

    def offer(self, names: tuple[str, ...]) -> None:
        """Offer the applications that have windows now."""
        for box in (self.open_box, self.shown_open_box):
            box.clear()
            for name in names:
                plain_text.add_choice(box, name, name)
            box.setCurrentIndex(-1)
            box.setVisible(bool(names))

    def _add_applications(self) -> None:
        self.applications = self.add_list(
            MASKED_APPLICATIONS,
            translate("Settings", "Hidden &applications"),
            (
                translate("Settings", "Hidden applications"),
                translate("Settings", "Name of an application"),
                translate("Settings", "Add application"),
                translate("Settings", "Remove application"),
            ),
            rows=3,
        )
        plain_text.set_placeholder(
            self.applications.edit, translate("Settings", "Name of an application")
        )
        self.open_box = self._add_open_box(
            self.applications, translate("Settings", "Add one that is open now")
        )
        self.add_note(
            translate(
                "Settings",
                "Their windows are covered before a picture is saved, and the record notes it. "
                "If the desktop does not report where windows are, as on Wayland, no pictures "
                "are taken.",
            )
        )

    def _add_regions(self) -> None:
        self.regions = self.add_list(
            MASKED_REGIONS,
            translate("Settings", "Hidden screen a&reas"),
            (
                translate("Settings", "Hidden screen areas"),
                translate("Settings", "A screen area in pixels: left, top, width and height"),
                translate("Settings", "Add area"),
                translate("Settings", "Remove area"),
            ),
            rows=2,
        )
        plain_text.set_placeholder(self.regions.edit, translate("Settings", "e.g. 1920,0 640x480"))

    def _add_shown(self) -> None:
        self.shown_box = self.add_choice(
            SHOWN_WINDOWS,
            translate("Settings", "W&indows in pictures"),
            "",
            (
                ("all", translate("Settings", "All but the hidden ones")),
                ("listed", translate("Settings", "Only those listed")),
            ),
        )
        self.shown = self.add_list(
            SHOWN_APPLICATIONS,
            translate("Settings", "Applications that pictures &show"),
            (
                translate("Settings", "Applications that pictures show"),
                translate("Settings", "Name of an application to show"),
                translate("Settings", "Add application to show"),
                translate("Settings", "Remove application to show"),
            ),
            rows=3,
        )
        plain_text.set_placeholder(self.shown.edit, translate("Settings", "Name of an application"))
        self.shown_open_box = self._add_open_box(
            self.shown, translate("Settings", "Show one that is open now")
        )
        self.add_note(
            translate(
                "Settings",
                "With “Only those listed” everything else is covered, also the desktop and a "
                "listed window that moves at that moment. The client sees that only chosen "
                "applications are shown, not which. If the desktop does not report where windows "
                "are, as on Wayland, no pictures are taken.",
            )
        )

    def _add_open_box(self, to: TextList, name: str) -> ChoiceBox:
        """Add a list of the applications that have windows; a choice is added to `to`."""
        box = ChoiceBox(self.theme)
        plain_text.set_placeholder(box, name)
        plain_text.set_accessible(box, name=name)

        def add(index: int) -> None:
            to.add(box.itemData(index))
            box.setCurrentIndex(-1)

        box.activated.connect(add)
        box.hide()
        self.column.addWidget(box)
        return box

    def _confirm_lists(self) -> None:
        self.unread_note.hide()
        self.unread_button.hide()
        self.lists_confirmed.emit(self.applications.texts, self.regions.texts)
