"""The window of the own diary: keys, selection, actions, pictures on demand, narrow windows."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QDate, QPoint, Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from diary.core.day_bounds import day_bounds
from tests.ui import scenes
from tests.ui.scenes import entry, full_day, scene
from ui.presenters.formatting import plain
from ui.presenters.own_diary.choice import DiaryChoice
from ui.presenters.own_diary.day import day_view
from ui.windows.own_diary.thumbnails import Thumbnails
from ui.windows.own_diary.window import NARROW, DiaryWindow

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from ui.qt.theme import Theme


ROW = [entry(n).t0 for n in range(3)]


def show(window: DiaryWindow, *, part: int = 0, begin_s: int = scenes.DAY, **choice: Any) -> None:
    moment = scene(day=full_day(bounds=day_bounds(begin_s, UTC)))
    window.show_view(day_view(moment, DiaryChoice(part=part, **choice), plain), part)


@pytest.fixture
def window(qtbot: QtBot, theme: Theme) -> DiaryWindow:
    made = DiaryWindow(theme)
    qtbot.addWidget(made)
    made.resize(1000, 700)
    show(made, slot=ROW[1])
    with qtbot.waitExposed(made):
        made.show()
    return made


def selected(window: DiaryWindow) -> int:
    found = window.grid.slots_model.slot(window.grid.currentIndex())
    assert found is not None
    return found.begin_s


def press(window: DiaryWindow, *keys: Qt.Key) -> int:
    for key in keys:
        QTest.keyClick(window.grid, key)
    return selected(window)


def test_the_focus_begins_in_the_grid_on_the_selected_slot(window: DiaryWindow) -> None:
    assert window.focusWidget() is window.grid
    assert selected(window) == ROW[1]


def test_the_focus_goes_to_the_grid_when_the_slots_arrive(qtbot: QtBot, theme: Theme) -> None:
    made = DiaryWindow(theme)
    qtbot.addWidget(made)
    made.show_view(day_view(scenes.stopped(), DiaryChoice(), plain), 0)
    with qtbot.waitExposed(made):
        made.show()
    show(made)
    assert made.focusWidget() is made.grid
    made.date.setFocus()
    show(made, slot=ROW[1])
    assert made.focusWidget() is made.date


def test_the_arrow_keys_move_over_slots_and_rows(window: DiaryWindow) -> None:
    key = Qt.Key
    chosen: list[int] = []
    window.slot_chosen.connect(chosen.append)
    assert press(window, key.Key_Left) == ROW[0]
    assert press(window, key.Key_Left) == ROW[0]
    # The hour ends after six slots; its last neighbour is the first slot of the next hour.
    assert press(window, *[key.Key_Right] * 6) == entry(6).t0
    assert press(window, key.Key_Down) == entry(18).t0
    assert press(window, key.Key_Up) == entry(6).t0
    assert press(window, key.Key_End) == scenes.RECORDING.slot
    assert press(window, key.Key_Home) == ROW[0]
    assert chosen[0] == ROW[0]
    assert chosen[-1] == ROW[0]


def test_the_arrow_keys_follow_the_reading_direction(window: DiaryWindow) -> None:
    window.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    assert press(window, Qt.Key.Key_Left) == ROW[2]
    grid = window.grid
    cells = [grid.visualRect(grid.slots_model.find(begin)) for begin in ROW]
    assert cells[0].x() > cells[1].x() > cells[2].x()


def test_a_click_selects_a_slot_and_an_empty_place_selects_nothing(window: DiaryWindow) -> None:
    chosen: list[int] = []
    window.slot_chosen.connect(chosen.append)
    grid = window.grid
    place = grid.visualRect(grid.slots_model.find(ROW[2])).center()
    QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=place)
    hour = QPoint(10, place.y())
    QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=hour)
    assert chosen == [ROW[2]]


def test_the_selection_stays_when_slots_are_added(window: DiaryWindow) -> None:
    later = (*full_day().entries, entry(37))
    moment = scene(day=full_day(entries=later))
    window.show_view(day_view(moment, DiaryChoice(slot=ROW[1]), plain), 0)
    assert selected(window) == ROW[1]


def test_every_slot_has_its_facts_for_a_screen_reader(window: DiaryWindow) -> None:
    grid = QAccessible.queryAccessibleInterface(window.grid)
    assert grid.role() == QAccessible.Role.Table
    names = [grid.child(n).text(QAccessible.Text.Name) for n in range(grid.childCount())]
    (one,) = [name for name in names if name.startswith("09:20–09:30")]
    assert one.startswith(f"09:20–09:30, {scenes.MEMOS[0]}, activity ")
    assert one.endswith(", picture, Receipted and logged")


def test_only_visible_thumbnails_are_loaded_and_once(qtbot: QtBot, window: DiaryWindow) -> None:
    wanted: list[str] = []
    window.thumbnails.wanted.connect(lambda names: wanted.extend(names))
    window.thumbnails.clear()
    window.resize(1000, 400)
    window.repaint()
    qtbot.waitUntil(lambda: len(wanted) >= 6)
    window.repaint()
    QApplication.processEvents()
    every = {e.pictures[0].thumb for e in full_day().entries if e.pictures}
    assert len(wanted) == len(set(wanted)) < len(every)


def test_a_hidden_window_keeps_no_pictures(window: DiaryWindow) -> None:
    image = QImage(4, 4, QImage.Format.Format_RGB32)
    window.thumbnails.add({"x": (image, image)})
    assert window.thumbnails.small("x") is not None
    window.hide()
    assert window.thumbnails.small("x") is None


def test_the_cache_of_thumbnails_is_bounded(window: DiaryWindow) -> None:
    made = Thumbnails(window)
    image = QImage(4, 4, QImage.Format.Format_RGB32)
    for number in range(1000):
        made.add({str(number): (image, image)})
    assert len(made._small) == 150
    assert made.small("999") is not None


def test_buttons_of_the_panel_emit_their_action(window: DiaryWindow) -> None:
    emitted: list[str] = []
    window.panel.acted.connect(emitted.append)
    window.panel.delete_button.click()
    for action in window.panel.menu.actions():
        action.trigger()
    assert emitted == ["delete-picture", "delete-memo", "delete-minutes", "delete-time"]


def test_undo_takes_the_place_and_the_focus_of_delete(window: DiaryWindow) -> None:
    window.panel.delete_button.setFocus()
    show(window, slot=ROW[1], undo_s={entry(1).hash: 9})
    assert not window.panel.delete_button.isVisible()
    assert window.focusWidget() is window.panel.undo_button
    undone: list[bool] = []
    window.panel.undone.connect(lambda: undone.append(True))
    QTest.keyClick(window.panel.undo_button, Qt.Key.Key_Space)
    assert undone == [True]


def test_the_memo_is_edited_in_place(window: DiaryWindow) -> None:
    panel = window.panel
    changed: list[str] = []
    panel.memo_changed.connect(changed.append)
    panel.edit_button.click()
    assert panel.memo_field.text() == scenes.MEMOS[0]
    panel.memo_field.clear()
    assert not panel.save_button.isEnabled()
    QTest.keyClick(panel.memo_field, Qt.Key.Key_Escape)
    assert (panel.editing, window.isVisible(), changed) == (False, True, [])
    panel.edit_button.click()
    panel.memo_field.clear()
    QTest.keyClicks(panel.memo_field, " Better words ")
    QTest.keyClick(panel.memo_field, Qt.Key.Key_Return)
    assert (changed, panel.editing) == (["Better words"], False)


def test_an_editor_does_not_move_to_another_slot(window: DiaryWindow) -> None:
    window.panel.edit_button.click()
    show(window, slot=ROW[1], undo_s={entry(9).hash: 3})
    assert window.panel.editing
    show(window, slot=ROW[2])
    assert not window.panel.editing


def test_the_parts_of_a_slot_can_be_chosen(window: DiaryWindow) -> None:
    show(window, slot=scenes.at(12, 30))
    chosen: list[int] = []
    window.panel.part_chosen.connect(chosen.append)
    assert (window.panel.before.isEnabled(), window.panel.after.isEnabled()) == (False, True)
    window.panel.after.click()
    show(window, slot=scenes.at(12, 30), part=1)
    window.panel.before.click()
    assert chosen == [1, 0]
    assert window.panel.memo.text() == "Second part"


def test_the_unprotected_time_leads_to_its_first_slot(window: DiaryWindow) -> None:
    chosen: list[int] = []
    window.slot_chosen.connect(chosen.append)
    window.lacking.click()
    assert chosen == [entry(4).t0]


def test_a_narrow_window_shows_the_panel_as_a_page_of_its_own(window: DiaryWindow) -> None:
    window.resize(NARROW - 1, 500)
    assert (window.grid.isVisible(), window.panel.isVisible()) == (True, False)
    QTest.keyClick(window.grid, Qt.Key.Key_Return)
    assert (window.grid.isVisible(), window.panel.isVisible()) == (False, True)
    QTest.keyClick(window.panel.back_button, Qt.Key.Key_Escape)
    assert (window.grid.isVisible(), window.isVisible()) == (True, True)
    assert window.focusWidget() is window.grid
    QTest.keyClick(window.grid, Qt.Key.Key_Escape)
    assert not window.isVisible()


def test_enter_opens_the_picture_beside_a_wide_panel(window: DiaryWindow) -> None:
    opened: list[bool] = []
    window.picture_opened.connect(lambda: opened.append(True))
    QTest.keyClick(window.grid, Qt.Key.Key_Return)
    assert opened == [True]


def test_arrows_and_calendar_lead_to_other_days_but_not_beyond_today(window: DiaryWindow) -> None:
    wanted: list[date] = []
    window.day_wanted.connect(wanted.append)
    today = datetime.fromtimestamp(scenes.DAY, UTC).date()
    assert not window.later.isEnabled()
    assert not window.today_button.isEnabled()
    window.earlier.click()
    show(window, begin_s=scenes.DAY - 86_400)
    window.earlier.click()
    window.later.click()
    window.today_button.click()
    assert [(today - each).days for each in wanted] == [1, 2, 0, 0]
    window.date.setDate(QDate(today.year - 1, 1, 1))
    assert wanted[-1] == date(today.year - 1, 1, 1)
    window.date.setDate(QDate(today.year + 1, 1, 1))
    assert wanted[-1] == today


def test_a_contract_is_chosen_from_the_list(window: DiaryWindow) -> None:
    chosen: list[str] = []
    window.contract_chosen.connect(chosen.append)
    for at in (1, 0):
        window.contract.activated.emit(at)
    assert chosen == [scenes.ACME.ctr, ""]


def test_an_empty_day_shows_its_text_and_no_grid(window: DiaryWindow) -> None:
    moment = scenes.stopped(day=full_day(entries=()))
    window.show_view(day_view(moment, DiaryChoice(), plain), 0)
    assert window.empty.isVisible()
    assert not window.grid.isVisible()
    assert not window.panel.isVisible()


def test_each_link_emits_what_was_pressed(window: DiaryWindow) -> None:
    emitted: list[str] = []
    window.browser.connect(lambda: emitted.append("diary"))
    window.panel.viewers.connect(lambda: emitted.append("viewers"))
    window.panel.viewers_button.click()
    window.browser_button.click()
    assert emitted == ["viewers", "diary"]
