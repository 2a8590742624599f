"""The section about privacy: what pictures never show, the time to check them, and the preview.

Most rules are for the pictures of all contracts, or further ones for those of one contract.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QWidget

from ui.presenters.formatting import span
from ui.qt import plain_text
from ui.qt.translation import translate
from ui.qt.widgets import ChoiceBox, rule, vertical
from ui.settings.settings import (
    BLUR,
    BLUR_SIDES,
    MASKED_APPLICATIONS,
    MASKED_REGIONS,
    MINIMUM_REVIEW,
    PICTURE_IN_TOAST,
    SHOWN_APPLICATIONS,
    SHOWN_WINDOWS,
)
from ui.windows.settings.section import SettingsSection, fill

if TYPE_CHECKING:
    from ui.presenters.main_window import ContractChoice
    from ui.qt.text_list import TextList
    from ui.qt.theme import Theme
    from ui.settings.setting import Setting
    from ui.settings.settings import Settings

#: The seconds offered for the review of a picture.
_REVIEWS = (30, 60, 120, 300, 600)
#: Values with their texts.
Choices = tuple[tuple[str, str], ...]


class PrivacySection(SettingsSection):
    """The masking rules and the preview. `lists_confirmed` carries the applications and the areas
    that replace unreadable lists. `contract` is the contract whose rules are shown, "" for the
    rules of all contracts; `contract_chosen` asks the owner for `show_rules`.
    """

    lists_confirmed = Signal(tuple, tuple)
    contract_chosen = Signal()

    def __init__(self, theme: Theme, settings: Settings) -> None:
        super().__init__(theme, settings, translate("Settings", "Privacy"))
        self._offered: tuple[ContractChoice, ...] = ()
        next_picture = translate("Settings", "Saved. Applies from the next picture.")
        rows = (
            MASKED_APPLICATIONS, MASKED_REGIONS, SHOWN_WINDOWS, SHOWN_APPLICATIONS, BLUR,
            MINIMUM_REVIEW,
        )  # fmt: skip
        self.applies = dict.fromkeys((row.name for row in rows), next_picture)
        if settings.policy.withholds:
            self.add_policy_problem()
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
        self._add_regions()
        self.divide()
        self._add_contracts()
        self._add_applications()
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
            _blurs(),
        )
        self.divide()
        self._add_review()
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

    @property
    def contract(self) -> str:
        """The contract whose rules are shown; "" for those of all contracts."""
        return str(self.contract_box.currentData() or "")

    def offer_contracts(self, contracts: tuple[ContractChoice, ...]) -> None:
        """Offer these contracts; the chosen one stays chosen if it is among them."""
        if contracts == self._offered:
            return
        self._offered = contracts
        before = self.contract
        choices = [("", translate("Settings", "All contracts"))]
        choices += [
            (each.ctr, " · ".join(part for part in (each.title, each.client) if part))
            for each in contracts
        ]
        fill(self.contract_box, choices, before)
        self._contracts.setVisible(bool(contracts) and self.unread_button.isHidden())
        if self.contract != before:
            self.contract_chosen.emit()

    def show_rules(self, settings: Settings) -> None:
        """Show the rules of `contract` in these settings."""
        self.settings = settings
        ctr, for_all = self.contract, translate("Settings", "As for all contracts")
        shown, listed = settings.own_texts(SHOWN_APPLICATIONS), settings.text(SHOWN_WINDOWS)
        hidden, blurs, blur = settings.own_texts(MASKED_APPLICATIONS), _blurs(), settings.text(BLUR)
        if not ctr:
            self._show(hidden, (_windows(), listed), shown, (blurs, blur))
            self._show_common("", "")
            return
        common = ""
        if listed == "listed":
            common = translate(
                "Settings",
                "All contracts: only {names}. An application in this contract's list must be in "
                "that list too.",
            ).replace("{names}", ", ".join(shown) or "–")
        (unchanged, _), *more = _windows()
        windows = ((unchanged, for_all), *more)
        # A weaker blur than that of all contracts has no effect.
        stronger = [each for each in blurs if BLUR_SIDES[each[0]] > BLUR_SIDES[blur]]
        self._show(
            _of(settings, MASKED_APPLICATIONS, ctr),
            (windows, str(settings.of_contract(SHOWN_WINDOWS, ctr))),
            _of(settings, SHOWN_APPLICATIONS, ctr),
            ((("none", for_all), *stronger), str(settings.of_contract(BLUR, ctr))),
        )
        also = translate("Settings", "All contracts: {names}").replace("{names}", ", ".join(hidden))
        self._show_common(also if hidden else "", common)

    def _show(
        self,
        hidden: tuple[str, ...],
        windows: tuple[Choices, str],
        shown: tuple[str, ...],
        blur: tuple[Choices, str],
    ) -> None:
        self.applications.show_texts(hidden)
        fill(self.shown_box, *windows)
        self.shown.show_texts(shown)
        fill(self.blur_box, *blur)

    def _show_common(self, hidden: str, shown: str) -> None:
        """Show the rules of all contracts that apply beside those shown."""
        for note, text in ((self.common_hidden, hidden), (self.common_shown, shown)):
            plain_text.set_text(note, text)
            note.setVisible(bool(text))

    def _add_contracts(self) -> None:
        """Add the choice of the contract, hidden while there is none to choose."""
        self.contract_box = ChoiceBox(self.theme)
        self._contracts = QWidget()
        column = vertical(8)
        self._contracts.setLayout(column)
        column.addLayout(self.row(translate("Settings", "Rules &for"), "", self.contract_box))
        # Below both: names of contracts are long and leave little space beside them.
        column.addWidget(
            self.note(
                translate(
                    "Settings",
                    "Rules for one contract add to those for all contracts: what either covers is "
                    "covered.",
                )
            )
        )
        column.addWidget(rule())
        self.column.addWidget(self._contracts)
        self.contract_box.activated.connect(lambda _: self.contract_chosen.emit())
        fill(self.contract_box, (("", translate("Settings", "All contracts")),), "")
        self._contracts.hide()

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
        self.common_hidden = self._add_common()
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
        self.add_note(translate("Settings", "A screen area in pixels: left, top, width and height"))

    def _add_shown(self) -> None:
        self.shown_box = self.add_choice(
            SHOWN_WINDOWS,
            translate("Settings", "W&indows in pictures"),
            "",
            _windows(),
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
        self.common_shown = self._add_common()
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

    def _add_review(self) -> None:
        """Add the least time for the review of a picture."""
        durations = sorted({*_REVIEWS, self.settings.number(MINIMUM_REVIEW)} - {0})
        least = self.settings.policy.enforced.get(MINIMUM_REVIEW.name)
        origin = translate(
            "Settings", "The administrator of this computer requires at least {span}."
        )
        self.review_box = self.add_least(
            MINIMUM_REVIEW,
            translate("Settings", "&Time to check each picture"),
            translate(
                "Settings",
                "It is uploaded after that, unless you delete it. A contract may give more time.",
            ),
            (
                (0, translate("Settings", "As in the contract")),
                *((seconds, _duration(seconds)) for seconds in durations),
            ),
            origin.replace("{span}", _duration(least) if isinstance(least, int) else ""),
        )

    def _add_common(self) -> QLabel:
        note = self.add_note("", "plain")
        note.hide()
        return note

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
        self._contracts.setVisible(self.contract_box.count() > 1)
        self.lists_confirmed.emit(self.applications.texts, self.regions.texts)


def _windows() -> Choices:
    return (
        ("all", translate("Settings", "All but the hidden ones")),
        ("listed", translate("Settings", "Only those listed")),
    )


def _blurs() -> Choices:
    return (
        ("none", translate("Settings", "Not blurred")),
        ("light", translate("Settings", "Light", "strength of the blur")),
        ("medium", translate("Settings", "Medium", "strength of the blur")),
        ("strong", translate("Settings", "Strong", "strength of the blur")),
    )


def _duration(seconds: int) -> str:
    """A duration in whole minutes, else in seconds."""
    if seconds % 60:
        return translate("Span", "%n\u00a0s", "seconds", seconds)
    return span(seconds, translate)


def _of(settings: Settings, row: Setting, ctr: str) -> tuple[str, ...]:
    value = settings.of_contract(row, ctr)
    return value if isinstance(value, tuple) else ()
