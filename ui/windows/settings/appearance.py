"""The section about the appearance and the language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.qt.translation import translate
from ui.settings.settings import LANGUAGE, LANGUAGES, MORE_CONTRAST, THEME
from ui.windows.settings.section import SettingsSection

if TYPE_CHECKING:
    from ui.qt.theme import Theme
    from ui.settings.settings import Settings


class AppearanceSection(SettingsSection):
    """Theme, contrast and language."""

    def __init__(self, theme: Theme, settings: Settings) -> None:
        super().__init__(theme, settings, translate("Settings", "Appearance and language"))
        self.applies = {
            LANGUAGE.name: translate("Settings", "Saved. Applies when Workdiary starts again.")
        }
        self.divide()
        self.theme_box = self.add_choice(
            THEME,
            translate("Settings", "&Theme"),
            "",
            (
                ("system", translate("Settings", "Same as system")),
                ("light", translate("Settings", "Light")),
                ("dark", translate("Settings", "Dark")),
            ),
        )
        self.divide()
        self.contrast_box = self.add_tick(
            MORE_CONTRAST,
            translate("Settings", "More co&ntrast"),
            translate("Settings", "Lines and secondary texts get the colour of the text."),
        )
        self.divide()
        self.language_box = self.add_choice(
            LANGUAGE,
            translate("Settings", "&Language"),
            translate("Settings", "A change applies when Workdiary starts again."),
            (("system", translate("Settings", "Same as system")), *LANGUAGES.items()),
        )
        self.column.addStretch(1)
