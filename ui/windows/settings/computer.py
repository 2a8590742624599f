"""The section about this computer: errors of the policy, start at login, updates, the checks of
`workdiary doctor`, and the report for support.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from ui.qt import plain_text
from ui.qt.translation import translate
from ui.qt.widgets import TickBox
from ui.settings.settings import START_AT_LOGIN, UPDATE_CHANNEL
from ui.windows.settings.section import SettingsSection

if TYPE_CHECKING:
    from ui.qt.theme import Theme
    from ui.settings.settings import Settings


class ComputerSection(SettingsSection):
    """`check` asks for the diagnostics window, `report` for the report for support; `login_changed`
    carries whether the program starts at login.
    """

    check = Signal()
    report = Signal()
    login_changed = Signal(bool)

    def __init__(self, theme: Theme, settings: Settings) -> None:
        super().__init__(theme, settings, translate("Settings", "This computer"))
        self.add_policy_problem()
        self.divide()
        self.login_box = TickBox(theme, translate("Settings", "&Start Workdiary when you log in"))
        # Until the system has reported its state.
        self.login_box.setEnabled(False)
        self.login_box.clicked.connect(self._change_login)
        if settings.is_locked(START_AT_LOGIN):
            on = settings.flag(START_AT_LOGIN)
            self.add_locked(START_AT_LOGIN, self.login_box.text(), "", self.switch_text(on=on))
            self.keep_hidden(self.login_box)
        else:
            self.column.addWidget(self.login_box)
        self.add_note(
            translate("Settings", "It opens its window then and records nothing before Start.")
        )
        self.divide()
        self.updates_box = self.add_choice(
            UPDATE_CHANNEL,
            translate("Settings", "&Updates of Workdiary"),
            "",
            (
                ("stable", translate("Settings", "Stable versions")),
                ("preview", translate("Settings", "Previews too")),
                ("off", translate("Settings", "None", "no updates")),
            ),
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
        self.divide()
        self.report_button = plain_text.button(translate("Settings", "&Report …"))
        self.report_button.clicked.connect(self.report)
        self.add_row(
            translate("Settings", "Save a report for support"),
            translate(
                "Settings",
                "The checks, the settings and the log, without personal data. You see all of it "
                "before it is saved.",
            ),
            self.report_button,
        )
        self.column.addStretch(1)

    def show_login_item(self, on: bool) -> None:
        """Show whether the program starts at login."""
        self.login_box.setEnabled(True)
        self.login_box.setChecked(on)

    def _change_login(self, on: bool) -> None:
        self.login_box.setEnabled(False)
        self.login_changed.emit(on)
