"""The window, the settings and the consent page as widgets: layout, names, texts, directions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, get_args

import pytest
from PySide6.QtCore import QCoreApplication, Qt, QTranslator
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QPushButton, QWidget

from tests.ui import scenes
from tests.ui.render import window_scenes
from tracker.masking.rules import Rules
from tracker.model.status import Notice, NoticeCode
from ui.presenters.consent import consent_view
from ui.presenters.formatting import plain
from ui.presenters.main_window import window_view
from ui.presenters.tray import tray_view
from ui.qt.theme import DARK
from ui.qt.translation import translate
from ui.qt.widgets import ElidedLine
from ui.settings.settings import (
    MASKED_APPLICATIONS,
    MASKED_REGIONS,
    PICTURE_IN_TOAST,
    SCREENS,
    THEME,
    Settings,
    parse,
)
from ui.windows.consent import ConsentWindow
from ui.windows.main_window import MainWindow
from ui.windows.settings import SettingsWindow
from ui.windows.tray import Tray
from uploader.errors import Problem

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from ui.presenters.app_state import AppState
    from ui.qt.theme import Theme

SCENES = window_scenes()
CALM = {name: moment for name, moment in SCENES.items() if name != "demo"}
PLACES = (
    "contract", "memo", "clock", "line", "button", "totals", "week", "slot_title", "minutes",
    "picture_title", "picture", "keep_button", "delete_button", "delete_hint",
)  # fmt: skip


def shown(qtbot: QtBot, theme: Theme, moment: AppState) -> MainWindow:
    """A window that shows a state."""
    window = MainWindow(theme)
    qtbot.addWidget(window)
    window.set_memo(moment.memo)
    window.show_view(window_view(moment, translate), moment.memos)
    with qtbot.waitExposed(window):
        window.show()
    return window


def test_nothing_moves_from_one_state_to_another(qtbot: QtBot, theme: Theme) -> None:
    window = shown(qtbot, theme, SCENES["stopped"])
    size = window.size()

    def places() -> dict[str, object]:
        QCoreApplication.processEvents()
        return {name: getattr(window, name).geometry() for name in PLACES}

    first = places()
    for name, moment in CALM.items():
        window.show_view(window_view(moment, translate), moment.memos)
        assert places() == first, name
        assert window.size() == size, name


@pytest.mark.parametrize("name", SCENES)
def test_every_line_has_room_for_its_text(qtbot: QtBot, theme: Theme, name: str) -> None:
    window = shown(qtbot, theme, SCENES[name])
    cut = [line.text() for line in window.findChildren(ElidedLine) if line.text().endswith("…")]
    assert cut == []


CODES = sorted({*get_args(NoticeCode), *(problem.value for problem in Problem), "internal"})
PARAMS = {
    "limit": 500, "from_s": scenes.at(20, 0), "until_s": scenes.at(20, 0), "ahead_s": 8040,
    "percent": 95, "used_s": 36 * 3600, "limit_s": 40 * 3600, "at_ms": scenes.at(15, 2) * 1000,
    "seconds": 20 * 3600 + 59 * 60, "unpaid_s": 20 * 3600 + 59 * 60, "off_s": 364 * 86_400,
}  # fmt: skip


@pytest.mark.parametrize("code", CODES)
def test_every_notice_fits_the_status_line(qtbot: QtBot, theme: Theme, code: str) -> None:
    window = shown(qtbot, theme, scenes.stopped(notices=(Notice(code, PARAMS),)))
    text = window.notice_text
    assert "{" not in text.text()
    assert text.heightForWidth(text.width()) <= text.height()


def test_no_two_buttons_share_a_mnemonic(qtbot: QtBot, theme: Theme) -> None:
    window = shown(qtbot, theme, scenes.reviewing(11))
    buttons = [each for each in window.findChildren(QPushButton) if each.isVisible()]
    keys = [each.shortcut().toString() for each in buttons if not each.shortcut().isEmpty()]
    assert len(keys) == 5
    assert len(set(keys)) == len(keys)


@pytest.mark.qt_log_ignore("does not support propagateSizeHints")
def test_a_demonstration_shows_its_banner_above_all_else(qtbot: QtBot, theme: Theme) -> None:
    window = shown(qtbot, theme, SCENES["demo"])
    assert window.banner.isVisible()
    assert window.banner.text() == "Demo at 60x speed. Nothing is billed."
    assert window.banner.mapTo(window, window.banner.rect().topLeft()).y() == 0
    window.show_view(window_view(SCENES["recording"], translate))
    assert not window.banner.isVisible()


@pytest.mark.parametrize("name", SCENES)
def test_a_screen_reader_has_a_name_for_whatever_takes_the_focus(
    qtbot: QtBot, theme: Theme, name: str
) -> None:
    window = shown(qtbot, theme, SCENES[name])
    nameless = [
        part
        for part in window.findChildren(QWidget)
        if part.isVisible()
        and part.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not (part.accessibleName() or getattr(part, "text", str)())
    ]
    assert nameless == []


def test_drawn_parts_have_texts(qtbot: QtBot, theme: Theme) -> None:
    window = shown(qtbot, theme, SCENES["review"])
    assert window.clock.accessibleName() == "1\u00a0h 12\u00a0min"
    assert window.minutes.accessibleDescription().startswith("Minutes: 5 active, 1 without input")
    assert window.picture.accessibleName() == "Picture 15:14, uploaded in 11\u00a0s"
    assert window.delete_button.accessibleDescription() == "removes 4\u00a0min of paid time"


def test_from_right_to_left_the_window_is_mirrored(qtbot: QtBot, theme: Theme) -> None:
    window = MainWindow(theme)
    qtbot.addWidget(window)
    window.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    window.show_view(window_view(SCENES["review"], translate))
    with qtbot.waitExposed(window):
        window.show()
    assert window.keep_button.x() < window.picture.x()
    assert window.diary_button.x() < window.status_line.x()
    ground = window.minutes.grab().toImage()
    accent = theme.color("accent")
    assert ground.pixelColor(ground.width() - 8, 4) == accent
    assert ground.pixelColor(8, 4) != accent


@pytest.mark.parametrize("kind", ["active", "quiet", "unmeasured", "none"])
def test_the_kinds_of_minutes_can_be_distinguished_without_colour(
    qtbot: QtBot, theme: Theme, kind: str
) -> None:
    window = shown(qtbot, theme, SCENES["stopped"])
    pictures = {}
    for one in ("active", "quiet", "unmeasured", "none"):
        window.minutes.show_minutes((one,) * 10)
        grey = (
            window.minutes.grab()
            .toImage()
            .convertToFormat(window.minutes.grab().toImage().Format.Format_Grayscale8)
        )
        pictures[one] = bytes(grey.constBits())
    others = [picture for one, picture in pictures.items() if one != kind]
    assert pictures[kind] not in others


def test_light_and_dark_switch_while_the_window_is_open(qtbot: QtBot, theme: Theme) -> None:
    window = shown(qtbot, theme, SCENES["recording"])
    light = window.grab().toImage().pixelColor(4, 4)
    theme.choose(DARK)
    dark = window.grab().toImage().pixelColor(4, 4)
    assert (light.name(), dark.name()) == ("#fafaf8", "#161817")


def test_more_contrast_gives_lines_and_quiet_text_the_colour_of_the_text(theme: Theme) -> None:
    theme.set_desktop_scheme(False, True)
    assert theme.color("line") == theme.color("muted") == theme.color("text")
    theme.set_desktop_scheme(False, False)
    assert theme.color("line") != theme.color("text")


def test_following_the_desktop_a_change_there_is_followed(theme: Theme) -> None:
    theme.choose("system")
    seen = []
    for dark in (True, False):
        theme.set_desktop_scheme(dark, False)
        seen.append(theme.dark)
    theme.choose(DARK)
    assert [*seen, theme.dark] == [True, False, True]


def test_a_title_with_an_ampersand_is_shown_as_it_is(qtbot: QtBot, theme: Theme) -> None:
    odd = replace(scenes.ACME, title="Bits & bytes")
    moment = scenes.stopped(contracts=(odd,))
    window = shown(qtbot, theme, moment)
    assert window.contract.currentText() == "Bits & bytes"
    tray = Tray()
    tray.show_view(tray_view(moment, translate))
    assert "Bits && bytes" in [action.text() for action in tray.menu.actions()]


def test_a_memo_that_is_being_written_is_left_alone(qtbot: QtBot, theme: Theme) -> None:
    window = shown(qtbot, theme, scenes.stopped(memo=""))
    window.activateWindow()
    window.memo.setFocus()
    qtbot.waitUntil(window.memo.hasFocus)
    qtbot.keyClicks(window.memo, "Inv")
    window.set_memo("Shipping table import")
    assert window.memo.text() == "Inv"


def test_many_contracts_go_into_a_menu_of_their_own(qtbot: QtBot, theme: Theme) -> None:
    many = tuple(scenes.contract(f"Contract {n}", "Acme", "abcdefgh"[n]) for n in range(8))
    tray = Tray()
    tray.show_view(tray_view(scenes.stopped(contracts=many), translate))
    entries = [a for a in tray.menu.actions() if a.isVisible() and not a.isSeparator()]
    assert len(entries) <= 12
    assert [a.text() for a in tray.contracts.actions()] == [c.title for c in many]
    tray.show_view(tray_view(scenes.stopped(contracts=many[:2]), translate))
    assert not tray.contracts_entry.isVisible()


def test_the_settings_window_emits_each_change(qtbot: QtBot, theme: Theme) -> None:
    page = SettingsWindow(theme, Settings())
    qtbot.addWidget(page)
    emitted: list[Settings] = []
    page.changed.connect(emitted.append)
    page.picture_box.setChecked(False)
    page.theme_box.setCurrentIndex(2)
    page.theme_box.activated.emit(2)
    assert [one.flag(PICTURE_IN_TOAST) for one in emitted] == [False, False]
    assert [one.text(THEME) for one in emitted] == ["system", "dark"]


def test_applications_and_areas_are_added_and_removed_by_keyboard(
    qtbot: QtBot, theme: Theme
) -> None:
    page = SettingsWindow(theme, Settings())
    qtbot.addWidget(page)
    emitted: list[Settings] = []
    page.changed.connect(emitted.append)
    for part, texts in ((page.applications, ["KeePassXC", "Signal"]), (page.regions, ["0,0 5x5"])):
        for text in texts:
            qtbot.keyClicks(part.edit, text)
            qtbot.keyClick(part.edit, Qt.Key.Key_Return)
            assert part.edit.text() == ""
    assert emitted[-1].texts(MASKED_APPLICATIONS) == ("KeePassXC", "Signal")
    assert emitted[-1].texts(MASKED_REGIONS) == ("0,0 5x5",)
    page.applications.list.setCurrentRow(0)
    qtbot.keyClick(page.applications.list, Qt.Key.Key_Delete)
    assert emitted[-1].texts(MASKED_APPLICATIONS) == ("Signal",)


def test_an_invalid_area_cannot_be_added_and_nothing_twice(qtbot: QtBot, theme: Theme) -> None:
    page = SettingsWindow(theme, Settings().changed(MASKED_APPLICATIONS, ("Signal",)))
    qtbot.addWidget(page)
    emitted: list[Settings] = []
    page.changed.connect(emitted.append)
    page.regions.edit.setText("0,0 5x")
    assert not page.regions.add_button.isEnabled()
    page.regions.edit.returnPressed.emit()
    assert page.regions.edit.text() == "0,0 5x"
    page.regions.edit.setText("0,0 5x5")
    assert page.regions.add_button.isEnabled()
    page.applications.add("Signal")
    assert emitted == []
    assert not page.applications.remove_button.isEnabled()
    page.screens_box.setCurrentIndex(1)
    page.screens_box.activated.emit(1)
    assert emitted[-1].text(SCREENS) == "pointer"


def test_lists_that_could_not_be_read_are_reported_and_replaced(qtbot: QtBot, theme: Theme) -> None:
    settings, _ = parse(b'{"masked_applications": 7, "masked_regions": ["0,0 5x5"]}')
    page = SettingsWindow(theme, settings)
    qtbot.addWidget(page)
    emitted: list[Settings] = []
    page.changed.connect(emitted.append)
    assert not page.unread_note.isHidden()
    page.unread_button.click()
    assert page.unread_note.isHidden()
    assert emitted[-1].rules() == Rules(regions=((0, 0, 5, 5),))


def test_enter_does_not_agree_by_accident(qtbot: QtBot, theme: Theme) -> None:
    page = ConsentWindow(theme, consent_view(scenes.ACME.terms, "Acme", "m.example", False, plain))
    qtbot.addWidget(page)
    with qtbot.waitExposed(page):
        page.show()
    qtbot.keyClick(page, Qt.Key.Key_Return)
    assert page.isVisible()
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert not page.isVisible()
    assert page.result() == 0


class Marked(QTranslator):
    """Puts every translatable text into brackets."""

    def translate(
        self, context: str, text: str, disambiguation: str | None = None, n: int = -1
    ) -> str:
        del context, disambiguation, n
        return f"⟦{text}⟧"

    def isEmpty(self) -> bool:  # noqa: N802 - Qt's name
        return False


# Texts of people and the calendar, not of the program.
UNTRANSLATED = {"Acme shop rebuild", "Harbour timetable", "1:12:08", "0:00:00", "–", ""}


def words_of(widget: QWidget) -> set[str]:
    """Every text that a widget shows, describes or offers."""
    found = set()
    for part in (widget, *widget.findChildren(QWidget)):
        found |= {part.accessibleName(), part.accessibleDescription()}
        if isinstance(part, QLabel | QAbstractButton):
            found.add(part.text())
        if isinstance(part, QLineEdit):
            found.add(part.placeholderText())
        if isinstance(part, QComboBox):
            found |= {part.itemText(i) for i in range(part.count())}
        found |= {action.text() for action in part.actions() if action.shortcut().isEmpty()}
    return found


@pytest.mark.parametrize("name", [*SCENES, "settings", "consent", "menu"])
def test_every_visible_text_can_be_translated(qtbot: QtBot, theme: Theme, name: str) -> None:
    marker = Marked()
    QCoreApplication.installTranslator(marker)
    try:
        widget: QWidget
        if name == "settings":
            widget = SettingsWindow(theme, Settings())
        elif name == "consent":
            terms = scenes.ACME.terms
            widget = ConsentWindow(
                theme, consent_view(terms, "Acme", "m.example", False, translate)
            )
        elif name == "menu":
            tray = Tray()
            tray.show_view(tray_view(SCENES["review"], translate))
            widget = tray.menu
        else:
            widget = shown(qtbot, theme, SCENES[name])
        qtbot.addWidget(widget)
        plain_words = {
            text
            for text in words_of(widget)
            if "⟦" not in text and text not in UNTRANSLATED | set(scenes.MEMOS)
        }
    finally:
        QCoreApplication.removeTranslator(marker)
    assert plain_words == set()
