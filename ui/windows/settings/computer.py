"""The section about this computer: the checks of `workdiary doctor`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from ui.qt import plain_text
from ui.qt.translation import translate
from ui.windows.settings.section import SettingsSection

if TYPE_CHECKING:
    from ui.qt.theme import Theme
    from ui.settings.settings import Settings


class ComputerSection(SettingsSection):
    """`check` asks for the diagnostics window."""

    check = Signal()

    def __init__(self, theme: Theme, settings: Settings) -> None:
        super().__init__(theme, settings, translate("Settings", "This computer"))
        if settings.policy.unreadable:
            self.add_note(
                translate(
                    "Settings",
                    "The policy file {file} is not valid, so its settings are not used. Ask the "
                    "administrator of this computer to correct it.",
                ).replace("{file}", settings.policy.file),
                "attention",
            )
        self.divide()
        self.check_button = plain_text.button(translate("Settings", "&Check …"))
        self.check_button.clicked.connect(self.check)
        self.add_row(
            translate("Settings", "Check this computer"),
            translate(
                "Settings",
                "Tests pictures, input counts, the keyring, the tray and the connection.",
            ),
            self.check_button,
        )
        self.column.addStretch(1)
