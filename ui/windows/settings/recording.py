"""The section about recording: what a picture shows, what is counted, and a shortcut."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.qt import plain_text
from ui.qt.shortcut_field import ShortcutField
from ui.qt.translation import translate
from ui.settings.settings import COUNT_INPUT, SCREENS, SHORTCUT
from ui.settings.shortcut import is_shortcut
from ui.windows.settings.section import SettingsSection

if TYPE_CHECKING:
    from ui.qt.theme import Theme
    from ui.settings.settings import Settings

_FIELD = 180


class RecordingSection(SettingsSection):
    """Monitors, input counts, and the shortcut."""

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
        self.divide()
        self.shortcut = ShortcutField(settings.text(SHORTCUT), is_shortcut)
        self.shortcut.setFixedWidth(_FIELD)
        plain_text.set_placeholder(self.shortcut, translate("Settings", "None", "no shortcut"))
        self.shortcut.chosen.connect(lambda text: self.changed.emit(SHORTCUT, text))
        self.shortcut.refused.connect(self._explain_keys)
        self.add_row(
            translate("Settings", "&Shortcut for Start and Stop"),
            translate(
                "Settings",
                "Works in every program. Press the keys here; Delete removes the shortcut.",
            ),
            self.shortcut,
        )
        self.shortcut_problem = self.add_note("", "attention")
        self.shortcut_problem.hide()
        self.column.addStretch(1)

    def show_shortcut(self, problem: str, keys: str = "") -> None:
        """Show why the shortcut does not work: a code of `ShortcutFlow`, or "" if it works; then
        `keys` are those that the desktop has set, if it chose them.
        """
        texts = {
            "taken": translate("Settings", "Another program uses these keys. Choose others."),
            "no_key": translate("Settings", "This keyboard lacks that key. Choose another one."),
            "failed": translate("Settings", "The shortcut does not work on this desktop."),
            "denied": translate("Settings", "The desktop did not allow the shortcut."),
            "no_portal": translate(
                "Settings", "This desktop does not offer shortcuts to programs."
            ),
            "unavailable": translate("Settings", "Works only on desktops with X11 or Wayland."),
        }
        self.shortcut.setEnabled(problem != "unavailable")
        chosen = translate("Settings", "The desktop has set: {keys}").replace("{keys}", keys)
        self._show_problem(texts.get(problem, chosen if keys else ""))

    def _explain_keys(self) -> None:
        self._show_problem(
            translate(
                "Settings",
                "Use Ctrl, Alt or Meta with a letter A to Z, a digit, an arrow or F1 to F24. "
                "Ctrl+Alt+F1 to F24 belong to the system.",
            )
        )

    def _show_problem(self, text: str) -> None:
        plain_text.set_text(self.shortcut_problem, text)
        self.shortcut_problem.setVisible(bool(text))
