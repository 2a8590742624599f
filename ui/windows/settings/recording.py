"""The section about recording: what a picture shows and what is counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.qt.translation import translate
from ui.settings.settings import COUNT_INPUT, SCREENS
from ui.windows.settings.section import SettingsSection

if TYPE_CHECKING:
    from ui.qt.theme import Theme
    from ui.settings.settings import Settings


class RecordingSection(SettingsSection):
    """Monitors and input counts."""

    def __init__(self, theme: Theme, settings: Settings) -> None:
        super().__init__(theme, settings, translate("Settings", "Recording"))
        self.applies = {
            SCREENS.name: translate("Settings", "Saved. Applies from the next picture."),
            COUNT_INPUT.name: translate("Settings", "Saved. Applies at the next Start."),
        }
        self.divide()
        self.screens_box = self.add_choice(
            SCREENS,
            translate("Settings", "Ca&pture"),
            translate("Settings", "On Wayland, pictures always show all monitors."),
            (
                ("all", translate("Settings", "All monitors")),
                ("pointer", translate("Settings", "The monitor with the pointer")),
            ),
        )
        self.divide()
        self.counts_box = self.add_tick(
            COUNT_INPUT,
            translate("Settings", "Count &key presses, clicks and scrolls"),
            translate(
                "Settings",
                "When off, only the seconds with input are recorded, if the system reports "
                "them. Takes effect at the next Start.",
            ),
        )
        self.column.addStretch(1)
