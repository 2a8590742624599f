"""The section about reminders to take a break and to start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.qt import plain_text
from ui.qt.translation import translate
from ui.settings.settings import REMIND_AFTER, REMIND_AT
from ui.windows.settings.section import SettingsSection

if TYPE_CHECKING:
    from ui.qt.theme import Theme
    from ui.settings.settings import Settings

#: The hours of recording offered for a reminder.
_HOURS = (2, 3, 4, 6, 8)


class RemindersSection(SettingsSection):
    """Hours of recording and times of day."""

    def __init__(self, theme: Theme, settings: Settings) -> None:
        super().__init__(theme, settings, translate("Settings", "Reminders"))
        self.divide()
        hours = sorted({*_HOURS, settings.number(REMIND_AFTER)} - {0})
        self.remind_box = self.add_choice(
            REMIND_AFTER,
            translate("Settings", "Remind me to take a &break"),
            "",
            (
                (0, translate("Settings", "Never")),
                *(
                    (count, translate("Settings", "After %n\u00a0hours of recording", None, count))
                    for count in hours
                ),
            ),
        )
        self.divide()
        self.times = self.add_list(
            REMIND_AT,
            translate("Settings", "Remind me to &start at"),
            (
                translate("Settings", "Times of the reminders to start"),
                translate("Settings", "Time of day"),
                translate("Settings", "Add reminder"),
                translate("Settings", "Remove reminder"),
            ),
            rows=3,
        )
        plain_text.set_placeholder(self.times.edit, translate("Settings", "e.g. 09:00"))
        self.column.addStretch(1)
