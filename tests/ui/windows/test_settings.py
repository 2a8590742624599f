"""The settings window: its sections, locked rows, low screens, keys, and its status line."""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QAbstractButton, QLabel, QPushButton, QScrollArea, QWidget

from system.autostart.interface import AutostartError
from tests.ui.controllers import Make
from tests.ui.render import POLICY
from tests.ui.scenes import ACME, CONTRACTS
from tracker.masking.rules import Rules
from ui.client.interface import SyncReport
from ui.presenters.main_window import contract_choices
from ui.settings.policy.policy import parse_policy, unreadable
from ui.settings.settings import (
    BLUR,
    COUNT_INPUT,
    LANGUAGE,
    MASKED_APPLICATIONS,
    MINIMUM_REVIEW,
    SCREENS,
    SHOWN_APPLICATIONS,
    SHOWN_WINDOWS,
    START_AT_LOGIN,
    TABLE,
    THEME,
    Settings,
    load,
    parse,
)
from ui.windows.settings.section import LockedValue
from ui.windows.settings.window import SettingsWindow
from uploader.worker.status import UploadStatus

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from ui.controller import AppController
    from ui.qt.theme import Theme
    from ui.qt.widgets import ChoiceBox


def opened(qtbot: QtBot, theme: Theme, settings: Settings | None = None) -> SettingsWindow:
    page = SettingsWindow(theme, settings or Settings())
    qtbot.addWidget(page)
    with qtbot.waitExposed(page):
        page.show()
    return page


def focused(page: SettingsWindow) -> QWidget:
    found = page.window().focusWidget()
    assert isinstance(found, QWidget)
    return found


def fills(section: QWidget, area: QScrollArea) -> bool:
    return section.width() == area.viewport().width()


def texts(widget: QWidget) -> set[str]:
    return {label.text() for label in widget.findChildren(QLabel) if not label.isHidden()}


def test_the_arrow_keys_choose_a_section_and_tab_enters_it(qtbot: QtBot, theme: Theme) -> None:
    page = opened(qtbot, theme)
    page.list.setFocus()
    seen = []
    for _ in page.sections:
        area = page.stack.currentWidget()
        assert isinstance(area, QScrollArea)
        seen.append(area.widget())
        # Through the side's button into the section.
        qtbot.keyClick(focused(page), Qt.Key.Key_Tab)
        qtbot.keyClick(focused(page), Qt.Key.Key_Tab)
        assert area.isAncestorOf(focused(page))
        page.list.setFocus()
        qtbot.keyClick(page.list, Qt.Key.Key_Down)
    assert seen == [section for _, section in page.sections]


def test_there_is_no_button_that_accepts_or_applies(qtbot: QtBot, theme: Theme) -> None:
    page = opened(qtbot, theme)
    names = {button.text() for button in page.findChildren(QPushButton)}
    assert not names & {"OK", "Apply", "Cancel", "Save"}
    qtbot.keyClick(page, Qt.Key.Key_Return)
    assert page.isVisible()
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert not page.isVisible()


@pytest.mark.parametrize("size", [(1024, 600), (800, 480), (600, 320)])
def test_every_row_can_be_reached_on_a_low_screen(
    qtbot: QtBot, theme: Theme, size: tuple[int, int]
) -> None:
    page = opened(qtbot, theme)
    page.resize(*size)
    assert (page.width(), page.height()) == size
    for row, (_, section) in enumerate(page.sections):
        page.list.setCurrentRow(row)
        area = page.stack.currentWidget()
        assert isinstance(area, QScrollArea)
        qtbot.waitUntil(partial(fills, section, area))
        for part in section.findChildren(QWidget):
            if part.isVisible() and part.focusPolicy() & Qt.FocusPolicy.TabFocus:
                right = part.mapTo(section, part.rect().topRight()).x()
                assert right < section.width(), part.accessibleName()
                area.ensureWidgetVisible(part)
                top = part.mapTo(area.viewport(), part.rect().topLeft()).y()
                assert -part.height() < top < area.viewport().height()


def test_a_locked_setting_keeps_its_place_with_value_and_origin(qtbot: QtBot, theme: Theme) -> None:
    page = opened(qtbot, theme, replace(Settings(), policy=POLICY))
    section = page.recording
    locked = section.findChildren(LockedValue)
    assert [one.accessibleName() for one in locked] == [
        "Capture: The monitor with the pointer",
        "Count key presses, clicks and scrolls: Off",
    ]
    assert all(one.focusPolicy() & Qt.FocusPolicy.TabFocus for one in locked)
    assert not section.screens_box.isVisible()
    assert not section.counts_box.isVisible()
    assert "Locked by your organisation, Acme IT." in texts(section)
    details = [label for label in section.findChildren(QLabel) if POLICY.place in label.text()]
    assert [label.isVisible() for label in details] == [False, False]
    button = next(b for b in section.findChildren(QPushButton) if b.text() == "Details")
    button.click()
    assert details[0].isVisible()
    assert f"“{SCREENS.name}”" in details[0].text()
    button.click()
    assert not details[0].isVisible()


def test_a_language_is_named_in_itself_and_applies_at_the_next_start(
    make: Make, qtbot: QtBot, tmp_path: Path
) -> None:
    program = make()
    program.settings.show()
    page = program.windows.settings
    assert page is not None
    box = page.appearance.language_box
    assert [box.itemText(index) for index in range(box.count())] == [
        "Same as system",
        "العربية",
        "Deutsch",
        "English",
        "Español",
        "Português",
    ]
    page.list.setCurrentRow(3)
    box.setFocus()
    qtbot.keyClicks(box, "Deu")
    assert page.foot.accessibleName() == "Saved. Applies when Workdiary starts again."
    assert load(tmp_path / "settings.json").text(LANGUAGE) == "de"
    assert page.windowTitle() == "Settings"


def test_a_policy_without_a_name_is_the_administrators(qtbot: QtBot, theme: Theme) -> None:
    page = opened(qtbot, theme, replace(Settings(), policy=replace(POLICY, organisation="")))
    assert "Locked by the administrator of this computer." in texts(page.recording)


def test_the_person_adds_to_a_list_of_the_policy_and_cannot_remove_from_it(
    qtbot: QtBot, theme: Theme
) -> None:
    own = Settings().changed(MASKED_APPLICATIONS, ("Signal",))
    page = opened(qtbot, theme, replace(own, policy=POLICY))
    emitted: list[Settings] = []
    page.changed.connect(emitted.append)
    assert page.privacy.applications.texts == ("Signal",)
    [locked] = page.privacy.findChildren(LockedValue)
    assert locked.accessibleName() == "Hidden applications: KeePassXC, Bitwarden"
    page.privacy.applications.list.setCurrentRow(0)
    page.privacy.applications.remove()
    assert emitted[-1].texts(MASKED_APPLICATIONS) == ("KeePassXC", "Bitwarden")
    page.privacy.applications.add("Notes")
    assert emitted[-1].texts(MASKED_APPLICATIONS) == ("KeePassXC", "Bitwarden", "Notes")


def test_a_default_of_the_policy_is_an_ordinary_value(qtbot: QtBot, theme: Theme) -> None:
    raw = {"defaults": {"count_input": False, "masked_applications": ["Vault"]}}
    settings = replace(Settings(), policy=parse_policy(raw, "policy.json", TABLE))
    page = opened(qtbot, theme, settings)
    emitted: list[Settings] = []
    page.changed.connect(emitted.append)
    assert page.findChildren(LockedValue) == []
    assert not page.recording.counts_box.isChecked()
    page.recording.counts_box.click()
    assert emitted[-1].flag(COUNT_INPUT)
    assert emitted[-1].values == {COUNT_INPUT.name: True}
    page.privacy.applications.list.setCurrentRow(0)
    page.privacy.applications.remove()
    assert emitted[-1].texts(MASKED_APPLICATIONS) == ()


def test_a_review_can_be_longer_than_the_policy_asks_and_not_shorter(
    qtbot: QtBot, theme: Theme
) -> None:
    raw = {"enforced": {"minimum_review_s": 90}}
    settings = replace(Settings(), policy=parse_policy(raw, "policy.json", TABLE))
    page = opened(qtbot, theme, settings)
    emitted: list[Settings] = []
    page.changed.connect(emitted.append)
    box = page.privacy.review_box
    assert box.currentData() == 90
    assert [box.itemData(index) for index in range(box.count())] == [90, 120, 300, 600]
    assert "The administrator of this computer requires at least 90\u00a0s." in texts(page.privacy)
    box.setCurrentIndex(2)
    box.activated.emit(2)
    assert emitted[-1].number(MINIMUM_REVIEW) == 300
    free = opened(qtbot, theme).privacy.review_box
    assert [free.itemData(index) for index in range(free.count())] == [0, 30, 60, 120, 300, 600]
    assert free.currentText() == "As in the contract"


def test_an_enforced_start_at_login_is_locked(qtbot: QtBot, theme: Theme) -> None:
    raw = {"enforced": {"start_at_login": True, "update_channel": "off", "disk_share_gb": 7}}
    page = opened(qtbot, theme, replace(Settings(), policy=parse_policy(raw, "x", TABLE)))
    names = {one.accessibleName() for one in page.findChildren(LockedValue)}
    assert names == {
        "Start Workdiary when you log in: On",
        "Updates of Workdiary: None",
        "Limit for pending pictures: 7\u00a0GB",
    }
    page.show_login_item(True, "", changed=False)
    assert not page.computer.login_box.isVisible()


def test_a_policy_with_a_wrong_entry_is_reported(qtbot: QtBot, theme: Theme) -> None:
    raw = {"enforced": {"theme": "dark"}}
    page = opened(qtbot, theme, replace(Settings(), policy=parse_policy(raw, "/place", TABLE)))
    [text] = [text for text in texts(page.computer) if "/place" in text]
    assert text.endswith("Ask an administrator of this computer to correct it.")
    assert not any("/place" in text for text in texts(page.privacy))


def test_an_invalid_policy_is_reported_in_words(qtbot: QtBot, theme: Theme) -> None:
    broken = unreadable(POLICY.place, "malformed", ())
    page = opened(qtbot, theme, replace(Settings(), policy=broken))
    for section in (page.computer, page.privacy):
        [text] = [text for text in texts(section) if POLICY.place in text]
        assert "No pictures are taken" in text
    assert page.recording.findChildren(LockedValue) == []


def choose(qtbot: QtBot, box: ChoiceBox, times: int) -> None:
    """Open the list with the keyboard, go down and choose."""
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Space)
    view = box.view()
    for _ in range(times):
        qtbot.keyClick(view, Qt.Key.Key_Down)
    qtbot.keyClick(view, Qt.Key.Key_Return)


def test_only_listed_applications_and_a_blur_are_chosen_by_keyboard(
    qtbot: QtBot, theme: Theme
) -> None:
    page = opened(qtbot, theme)
    page.list.setCurrentRow(1)
    emitted: list[Settings] = []
    page.changed.connect(emitted.append)
    qtbot.keyClicks(page.privacy.shown.edit, "Code")
    qtbot.keyClick(page.privacy.shown.edit, Qt.Key.Key_Return)
    assert emitted[-1].rules() == Rules(), "the list alone changes nothing"
    choose(qtbot, page.privacy.shown_box, 1)
    assert emitted[-1].rules() == Rules(allowed=frozenset({"code"}))
    choose(qtbot, page.privacy.blur_box, 2)
    assert emitted[-1].rules() == Rules(allowed=frozenset({"code"}), blur=16)
    page.show_saved()
    assert page.foot.accessibleName() == "Saved. Applies from the next picture."
    page.privacy.shown.list.setCurrentRow(0)
    qtbot.keyClick(page.privacy.shown.list, Qt.Key.Key_Delete)
    assert emitted[-1].rules() == Rules(allowed=frozenset(), blur=16), "everything is covered"


def test_the_stored_choices_are_shown(qtbot: QtBot, theme: Theme) -> None:
    settings = Settings().changed(SHOWN_WINDOWS, "listed").changed(BLUR, "strong")
    page = opened(qtbot, theme, settings.changed(SHOWN_APPLICATIONS, ("Code", "xterm")))
    assert page.privacy.shown_box.currentText() == "Only those listed"
    assert page.privacy.blur_box.currentText() == "Strong"
    assert page.privacy.shown.texts == ("Code", "xterm")


def test_an_open_application_is_added_to_the_list_that_offered_it(
    qtbot: QtBot, theme: Theme
) -> None:
    page = opened(qtbot, theme)
    emitted: list[Settings] = []
    page.changed.connect(emitted.append)
    boxes = (page.privacy.open_box, page.privacy.shown_open_box)
    assert all(box.isHidden() for box in boxes), "there is none to choose"
    page.offer(("Firefox", "Inkscape"))
    assert not any(box.isHidden() for box in boxes)
    page.privacy.shown_open_box.activated.emit(1)
    assert emitted[-1].texts(SHOWN_APPLICATIONS) == ("Inkscape",)
    page.privacy.open_box.activated.emit(0)
    assert emitted[-1].texts(MASKED_APPLICATIONS) == ("Firefox",)
    assert emitted[-1].texts(SHOWN_APPLICATIONS) == ("Inkscape",)
    assert [box.currentIndex() for box in boxes] == [-1, -1]


def test_rules_that_could_not_be_read_are_reported_and_replaced(qtbot: QtBot, theme: Theme) -> None:
    settings, _ = parse(b'{"shown_windows": 7, "picture_blur": "light"}')
    page = opened(qtbot, theme, settings)
    emitted: list[Settings] = []
    page.changed.connect(emitted.append)
    assert not page.privacy.unread_note.isHidden()
    page.privacy.unread_button.click()
    assert emitted[-1].rules() == Rules(blur=8)


def hidden(page: SettingsWindow) -> tuple[str, ...]:
    return page.privacy.applications.texts


def test_rules_for_one_contract_are_added_to_those_for_all(qtbot: QtBot, theme: Theme) -> None:
    settings = Settings().changed(MASKED_APPLICATIONS, ("Signal",)).changed(BLUR, "light")
    settings = settings.changed(SHOWN_WINDOWS, "listed").changed(SHOWN_APPLICATIONS, ("Code",))
    page = opened(qtbot, theme, settings)
    page.list.setCurrentRow(1)
    emitted: list[Settings] = []
    page.changed.connect(emitted.append)
    section = page.privacy
    assert not section.contract_box.isVisible(), "there is none to choose"
    page.offer_contracts(contract_choices(CONTRACTS))
    assert section.contract_box.isVisible()
    choose(qtbot, section.contract_box, 1)
    assert section.contract == ACME.ctr
    assert hidden(page) == ()
    assert section.common_hidden.text() == "All contracts: Signal"
    assert "only Code" in section.common_shown.text()
    # A blur that is not stronger than that for all contracts is not offered.
    blurs = [section.blur_box.itemText(index) for index in range(section.blur_box.count())]
    assert blurs == ["As for all contracts", "Medium", "Strong"]
    choose(qtbot, section.blur_box, 2)
    qtbot.keyClicks(section.applications.edit, "Mail")
    qtbot.keyClick(section.applications.edit, Qt.Key.Key_Return)
    choose(qtbot, section.shown_box, 1)
    assert emitted[-1].contract_rules() == {
        ACME.ctr: Rules(frozenset({"mail"}), allowed=frozenset(), blur=32)
    }
    assert emitted[-1].rules() == settings.rules()
    # A report of the client in between changes nothing.
    page.offer_contracts(contract_choices(CONTRACTS[:1]))
    assert section.contract == ACME.ctr
    assert hidden(page) == ("Mail",)
    page.offer_contracts(contract_choices(CONTRACTS))
    choose(qtbot, section.contract_box, 2)
    assert hidden(page) == ()
    assert section.blur_box.currentText() == "As for all contracts"
    # The contract ends while its rules are shown.
    page.offer_contracts(contract_choices(CONTRACTS[:1]))
    assert section.contract == ""
    assert hidden(page) == ("Signal",)
    assert section.blur_box.currentText() == "Light"
    assert section.common_hidden.isHidden()
    assert section.common_shown.isHidden()
    section.applications.add("Notes")
    assert emitted[-1].texts(MASKED_APPLICATIONS) == ("Signal", "Notes")


def test_the_settings_offer_the_contracts_of_the_client_and_reach_its_pictures(
    make: Make, tmp_path: Path
) -> None:
    program = make()
    program.settings.show()
    page = program.windows.settings
    assert page is not None
    program.bridge.sync.emit(SyncReport(UploadStatus(), CONTRACTS, {}))
    assert page.privacy.contract_box.count() == 1 + len(CONTRACTS)
    page.privacy.contract_box.setCurrentIndex(1)
    page.privacy.contract_box.activated.emit(1)
    page.privacy.changed.emit(BLUR, "medium")
    assert load(tmp_path / "settings.json").contract_rules() == {ACME.ctr: Rules(blur=16)}
    assert page.foot.accessibleName() == "Saved. Applies from the next picture."


def test_no_two_rows_of_a_section_share_a_mnemonic(qtbot: QtBot, theme: Theme) -> None:
    page = opened(qtbot, theme)
    page.offer(("Firefox",))
    page.offer_contracts(contract_choices(CONTRACTS))
    for row, (_, section) in enumerate(page.sections):
        page.list.setCurrentRow(row)
        labels = [label for label in section.findChildren(QLabel) if label.buddy() is not None]
        keys = [QKeySequence.mnemonic(label.text()) for label in labels if label.isVisible()]
        keys += [each.shortcut() for each in page.findChildren(QAbstractButton) if each.isVisible()]
        keys = [key for key in keys if not key.isEmpty()]
        assert len(keys) > 1
        assert len({key.toString() for key in keys}) == len(keys), section.title


@pytest.mark.expected_logs("the settings could not be kept")
def test_the_foot_reports_when_a_change_applies_and_whether_it_is_saved(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = make()
    program.settings.show()
    page = program.windows.settings
    assert page is not None
    page.recording.changed.emit(SCREENS, "pointer")
    assert page.foot.accessibleName() == "Saved. Applies from the next picture."
    page.recording.changed.emit(COUNT_INPUT, False)
    assert page.foot.accessibleName() == "Saved. Applies at the next Start."
    page.appearance.changed.emit(THEME, "dark")
    assert page.foot.accessibleName() == "Saved."

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ui.flows.settings.flow.save", full)
    page.appearance.changed.emit(THEME, "light")
    text = "Not saved: No space left on device. Applies until you quit."
    assert page.foot.accessibleName() == text
    assert load(tmp_path / "settings.json").text(THEME) == "dark"
    assert program.settings.current.text(THEME) == "light"


def toggle_login(program: AppController, qtbot: QtBot) -> SettingsWindow:
    program.settings.show()
    page = program.windows.settings
    assert page is not None
    qtbot.waitUntil(page.computer.login_box.isEnabled)
    page.computer.login_box.click()
    assert not page.computer.login_box.isEnabled()
    qtbot.waitUntil(page.computer.login_box.isEnabled)
    return page


@pytest.mark.skipif(sys.platform != "linux", reason="an autostart folder of freedesktop.org")
def test_start_at_login_is_off_until_the_box_is_ticked(
    make: Make, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    file = tmp_path / "config" / "autostart" / "workdiary.desktop"
    program = make()
    program.settings.show()
    page = program.windows.settings
    assert page is not None
    qtbot.waitUntil(page.computer.login_box.isEnabled)
    assert not page.computer.login_box.isChecked()
    assert not file.exists()
    toggle_login(program, qtbot)
    assert page.computer.login_box.isChecked()
    assert f"--base-dir {tmp_path}" in file.read_text()
    assert page.foot.accessibleName() == "Saved. Applies at your next login."
    assert load(tmp_path / "settings.json").flag(START_AT_LOGIN)
    # The desktop's own settings may remove it.
    file.unlink()
    program.settings.show()
    qtbot.waitUntil(lambda: not page.computer.login_box.isChecked())
    assert not load(tmp_path / "settings.json").flag(START_AT_LOGIN)


@pytest.mark.expected_logs("the login item could not be changed")
@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (AutostartError("denied"), "The desktop does not let Workdiary start at login."),
        (AutostartError("unavailable"), "This desktop has no start at login."),
        (OSError(30, "Read-only file system"), "Not changed: Read-only file system."),
    ],
)
def test_a_refused_start_at_login_stays_off_with_a_reason(
    make: Make,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    sentence: str,
) -> None:
    class Refusing:
        def is_on(self) -> None:
            return None

        def set(self, _: bool) -> None:
            raise error

    monkeypatch.setattr("ui.client.login_item.select_login_item", lambda *_: Refusing())
    program = make()
    page = toggle_login(program, qtbot)
    assert not page.computer.login_box.isChecked()
    assert page.foot.accessibleName().startswith(sentence)
    assert not program.settings.current.flag(START_AT_LOGIN)


@pytest.mark.expected_logs("the login item could not be read")
def test_an_unreadable_start_at_login_is_reported(
    make: Make, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Unreadable:
        def is_on(self) -> bool:
            raise PermissionError(13, "Permission denied", "/home/ana/secret")

    monkeypatch.setattr("ui.client.login_item.select_login_item", lambda *_: Unreadable())
    program = make()
    program.settings.show()
    page = program.windows.settings
    assert page is not None
    qtbot.waitUntil(page.computer.login_box.isEnabled)
    assert not page.computer.login_box.isChecked()
    assert page.foot.accessibleName() == "Start at login is unknown: Permission denied."


def test_a_full_list_takes_no_further_text(qtbot: QtBot, theme: Theme) -> None:
    settings = Settings().changed(MASKED_APPLICATIONS, tuple(f"App {n}" for n in range(100)))
    page = SettingsWindow(theme, settings)
    qtbot.addWidget(page)
    hidden = page.privacy.applications
    hidden.edit.setText("Notes")
    assert not hidden.add_button.isEnabled()
    with qtbot.assertNotEmitted(hidden.changed):
        hidden.add("Notes")
    hidden.list.setCurrentRow(0)
    hidden.remove()
    assert hidden.add_button.isEnabled()
