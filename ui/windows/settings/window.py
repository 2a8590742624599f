"""The settings window: a list of sections at the side. A change takes effect at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QDialog,
    QListWidget,
    QScrollArea,
    QStackedWidget,
    QWidget,
)

from ui.qt import plain_text
from ui.qt.icons import pixmap, tray_icon
from ui.qt.translation import translate
from ui.qt.widgets import horizontal, paragraph, rule, set_property, vertical
from ui.settings.setting import Setting, Value
from ui.settings.settings import (
    CONTRACT_RULES,
    MASKED_APPLICATIONS,
    MASKED_REGIONS,
    Settings,
)
from ui.windows.settings.appearance import AppearanceSection
from ui.windows.settings.computer import ComputerSection
from ui.windows.settings.data import DataSection
from ui.windows.settings.marketplaces import MarketplacesSection
from ui.windows.settings.network import NetworkSection
from ui.windows.settings.privacy import PrivacySection
from ui.windows.settings.recording import RecordingSection
from ui.windows.settings.reminders import RemindersSection
from ui.windows.settings.section import SettingsSection

if TYPE_CHECKING:
    from ui.presenters.main_window import ContractChoice
    from ui.qt.theme import Theme

WIDTH, HEIGHT = 720, 560
SIDE = 212
_ICON = 16
_ROW = 38


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
        self._applies = ""
        plain_text.set_title(self, translate("Settings", "Settings"))
        self.setWindowIcon(tray_icon("app"))
        self.recording = RecordingSection(theme, settings)
        self.privacy = PrivacySection(theme, settings)
        self.reminders = RemindersSection(theme, settings)
        self.appearance = AppearanceSection(theme, settings)
        self.marketplaces = MarketplacesSection(theme, settings)
        self.network = NetworkSection(theme, settings)
        self.data = DataSection(theme, settings)
        self.computer = ComputerSection(theme, settings)
        #: The sections with their icons, in the order of the list.
        self.sections: tuple[tuple[str, SettingsSection], ...] = (
            ("record", self.recording),
            ("shield", self.privacy),
            ("bell", self.reminders),
            ("sun", self.appearance),
            ("upload", self.marketplaces),
            ("network", self.network),
            ("data", self.data),
            ("computer", self.computer),
        )
        self.privacy.lists_confirmed.connect(self._replace_lists)
        self.privacy.contract_chosen.connect(lambda: self.privacy.show_rules(self._settings))
        self.computer.check.connect(self.check)
        self.list = QListWidget()
        self.stack = QStackedWidget()
        for _, section in self.sections:
            self._add(section)
        whole = horizontal()
        whole.addWidget(self._side())
        line = rule()
        line.setFixedSize(1, 16_777_215)
        line.setMinimumHeight(0)
        whole.addWidget(line)
        main = vertical()
        main.addWidget(self.stack, 1)
        main.addWidget(rule())
        main.addLayout(self._foot())
        whole.addLayout(main, 1)
        self.setLayout(whole)
        self.list.currentRowChanged.connect(self._show_section)
        theme.changed.connect(self._draw_icons)
        self.list.setCurrentRow(0)
        self.setMinimumSize(600, 320)
        room = self.screen().availableGeometry().height() - 48
        self.resize(WIDTH, min(HEIGHT, room))

    def show_network(self) -> None:
        """Choose the section about the network."""
        sections = [section for _, section in self.sections]
        self.list.setCurrentRow(sections.index(self.network))

    def offer(self, names: tuple[str, ...]) -> None:
        """Offer the applications that have windows now."""
        self.privacy.offer(names)

    def offer_contracts(self, contracts: tuple[ContractChoice, ...]) -> None:
        """Offer rules for the pictures of each of these contracts."""
        self.privacy.offer_contracts(contracts)

    def show_saved(self, problem: str = "") -> None:
        """Report that the last change was saved, or the system's sentence about why it was not."""
        if problem:
            text = translate("Settings", "Not saved: {problem}. Applies until you quit.")
            self._show_foot("attention", text.replace("{problem}", problem), "attention")
        else:
            self._show_foot("check", self._applies, "muted")

    def show_outcome(self, text: str, *, attention: bool = False) -> None:
        """Report what an action of a section has done, or why it did nothing."""
        if attention:
            self._show_foot("attention", text, "attention")
        else:
            self._show_foot("check", text, "muted")

    def show_login_item(self, on: bool, problem: str, *, changed: bool) -> None:
        """Show whether the program starts at login. `problem` is a code of `AutostartError` or the
        system's sentence; `changed` is False after a mere reading.
        """
        self.computer.show_login_item(on)
        if problem:
            text = {
                "denied": translate(
                    "Settings", "The desktop does not let Workdiary start at login."
                ),
                "unavailable": translate("Settings", "This desktop has no start at login."),
            }.get(problem) or (
                translate("Settings", "Not changed: {problem}.")
                if changed
                else translate("Settings", "Start at login is unknown: {problem}.")
            )
            self._show_foot("attention", text.replace("{problem}", problem), "attention")
        elif changed:
            text = translate("Settings", "Saved. Applies at your next login.")
            self._show_foot("check", text, "muted")

    def _add(self, section: SettingsSection) -> None:
        plain_text.add_row(self.list, section.title)
        self.list.item(self.list.count() - 1).setSizeHint(QSize(0, _ROW))
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # It scrolls by the parts that get the focus.
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        plain_text.set_accessible(area, name=section.title)
        area.setWidget(section)
        self.stack.addWidget(area)
        section.changed.connect(self._change)

    def _side(self) -> QWidget:
        side = QWidget()
        side.setObjectName("side")
        side.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        side.setFixedWidth(SIDE)
        column = vertical(0, (8, 16, 8, 16))
        side.setLayout(column)
        self.list.setObjectName("sections")
        self.list.setIconSize(QSize(_ICON, _ICON))
        # A row has room for a title of two lines.
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        plain_text.set_accessible(self.list, name=translate("Settings", "Sections"))
        column.addWidget(self.list, 1)
        self.consent_button = plain_text.button(translate("Settings", "&What is recorded"))
        set_property(self.consent_button, "kind", "side")
        self.consent_button.setIconSize(QSize(_ICON, _ICON))
        self.consent_button.clicked.connect(self.consent)
        column.addWidget(self.consent_button)
        return side

    def _foot(self):  # type: ignore[no-untyped-def]
        foot = horizontal(10, (24, 12, 24, 12))
        self.foot_icon = plain_text.label()
        self.foot_icon.setFixedSize(_ICON, _ICON)
        self.foot_icon.hide()
        self.foot = paragraph("")
        foot.addWidget(self.foot_icon)
        foot.addWidget(self.foot, 1)
        self._foot_now = ("", "muted")
        self._show_foot_text(translate("Settings", "Changes apply at once."), "muted")
        return foot

    def _show_foot(self, icon: str, text: str, tone: str) -> None:
        self._foot_now = (icon, tone)
        self.foot_icon.setVisible(bool(icon))
        self._show_foot_text(text, tone)
        self._draw_icons()

    def _show_foot_text(self, text: str, tone: str) -> None:
        set_property(self.foot, "tone", tone)
        plain_text.set_text(self.foot, text)
        plain_text.set_accessible(self.foot, name=text)

    def _draw_icons(self) -> None:
        ratio = self.devicePixelRatioF()
        for row, (icon, _) in enumerate(self.sections):
            color = self._theme.color("accent" if row == self.list.currentRow() else "muted")
            self.list.item(row).setIcon(_both(icon, color, ratio))
        self.consent_button.setIcon(_both("eye", self._theme.color("muted"), ratio))
        icon, tone = self._foot_now
        if icon:
            color = self._theme.color("amber" if tone == "attention" else "muted")
            self.foot_icon.setPixmap(pixmap(icon, _ICON, color, ratio))

    def _show_section(self, row: int) -> None:
        self.stack.setCurrentIndex(row)
        for each in range(self.list.count()):
            font = self._theme.font(strong=each == row)
            self.list.item(each).setFont(font)
        self._draw_icons()

    def _replace_lists(self, applications: tuple[str, ...], regions: tuple[str, ...]) -> None:
        self._settings = self._settings.confirmed().changed(MASKED_REGIONS, regions)
        self._change(MASKED_APPLICATIONS, applications)

    def _change(self, row: Setting, value: Value) -> None:
        ctr = self.privacy.contract
        if ctr and row in CONTRACT_RULES.rows and not isinstance(value, Mapping):
            self._settings = self._settings.changed_for(ctr, row, value)
        else:
            self._settings = self._settings.changed(row, value)
        known = (
            section.applies[row.name] for _, section in self.sections if row.name in section.applies
        )
        self._applies = next(known, translate("Settings", "Saved."))
        self.changed.emit(self._settings)


def _both(name: str, color, ratio: float) -> QIcon:  # type: ignore[no-untyped-def]
    """An icon of one colour, selected or not."""
    icon = QIcon()
    drawn = pixmap(name, _ICON, color, ratio)
    for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected, QIcon.Mode.Active):
        icon.addPixmap(drawn, mode)
    return icon
