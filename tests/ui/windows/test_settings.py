"""The settings window: its sections, locked rows, low screens, keys, and what its foot reports."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea, QWidget

from tests.ui.controllers import Make
from tests.ui.render import POLICY
from ui.settings.settings import (
    COUNT_INPUT,
    MASKED_APPLICATIONS,
    SCREENS,
    THEME,
    Settings,
    load,
)
from ui.windows.settings.section import LockedValue
from ui.windows.settings.window import SettingsWindow

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from ui.qt.theme import Theme

# The offscreen platform has no such windows and logs that.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


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
    details = [label for label in section.findChildren(QLabel) if POLICY.file in label.text()]
    assert [label.isVisible() for label in details] == [False, False]
    button = next(b for b in section.findChildren(QPushButton) if b.text() == "Details")
    button.click()
    assert details[0].isVisible()
    assert f"“{SCREENS.name}”" in details[0].text()
    button.click()
    assert not details[0].isVisible()


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


def test_an_invalid_policy_is_reported_in_words(qtbot: QtBot, theme: Theme) -> None:
    broken = replace(POLICY, values={}, unreadable=True)
    page = opened(qtbot, theme, replace(Settings(), policy=broken))
    assert [text for text in texts(page.computer) if POLICY.file in text]
    assert page.recording.findChildren(LockedValue) == []


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

    monkeypatch.setattr("ui.flows.settings.save", full)
    page.appearance.changed.emit(THEME, "light")
    text = "Not saved: No space left on device. Applies until you quit."
    assert page.foot.accessibleName() == text
    assert load(tmp_path / "settings.json").text(THEME) == "dark"
    assert program.settings.current.text(THEME) == "light"
