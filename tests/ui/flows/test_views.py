"""The own diary asks who viewed the picture in its panel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QApplication

from tests.ui import scenes
from tests.ui.controllers import Make, calls
from ui.client.interface import SegmentViews
from ui.flows.own_diary import diary
from uploader.api.picture_views import ViewResponse, ViewsResponse

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from ui.controller import AppController
    from ui.windows.own_diary.window import DiaryWindow

SEEN = ViewsResponse((ViewResponse(scenes.at(14, 0) * 1000, "Acme", own=False),))


def opened(program: AppController) -> DiaryWindow:
    program.diary.show()
    program.bridge.day.emit(scenes.day())
    window = program.windows.day
    assert window is not None
    return window


def settle(program: AppController) -> None:
    """Show the state again, and run the timers that are due."""
    program.diary.refresh()
    QApplication.processEvents()


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A selected segment is asked about at the next turn of the event loop."""
    monkeypatch.setattr(diary, "VIEWS_AFTER_MS", 0)


def requests(program: AppController) -> list[object]:
    return [call[1] for call in calls(program) if call[0] == "request_views"]


@pytest.mark.usefixtures("at_once")
def test_the_views_of_the_selected_picture_are_read_once(make: Make, qtbot: QtBot) -> None:
    program = make()
    window = opened(program)
    window.slot_chosen.emit(scenes.entry(0).t0)
    name = scenes.entry(0).hash
    assert window.panel.view is not None
    assert window.panel.view.hash == name
    qtbot.waitUntil(lambda: requests(program) == [name])
    assert window.panel.seen_by.isHidden()
    program.diary.refresh()
    program.bridge.views.emit(SegmentViews(name, SEEN))
    assert not window.panel.seen_by.isHidden()
    assert "Acme" in window.panel.seen_by.text()
    settle(program)
    assert requests(program) == [name]


@pytest.mark.usefixtures("at_once")
def test_after_a_failure_they_are_read_when_the_slot_is_selected_again(
    make: Make, qtbot: QtBot
) -> None:
    program = make()
    window = opened(program)
    first, second = scenes.entry(0), scenes.entry(1)
    window.slot_chosen.emit(first.t0)
    qtbot.waitUntil(lambda: requests(program) == [first.hash])
    program.bridge.views.emit(SegmentViews(first.hash, None))
    assert window.panel.seen_by.text() == "The list of views cannot be read now."
    settle(program)
    assert requests(program) == [first.hash]
    window.slot_chosen.emit(second.t0)
    assert window.panel.seen_by.isHidden()
    qtbot.waitUntil(lambda: requests(program) == [first.hash, second.hash])
    window.slot_chosen.emit(first.t0)
    qtbot.waitUntil(lambda: requests(program) == [first.hash, second.hash, first.hash])


def test_a_slot_that_is_left_at_once_is_not_read(make: Make, qtbot: QtBot) -> None:
    program = make()
    window = opened(program)
    for number in (0, 1, 3):
        window.slot_chosen.emit(scenes.entry(number).t0)
    qtbot.waitUntil(lambda: requests(program) == [scenes.entry(3).hash])


@pytest.mark.usefixtures("at_once")
def test_what_the_marketplace_lacks_is_not_asked_about(make: Make) -> None:
    program = make()
    window = opened(program)
    for number in (2, 4, 6):
        window.slot_chosen.emit(scenes.entry(number).t0)
        settle(program)
    assert requests(program) == []
    window.slot_chosen.emit(scenes.entry(0).t0)
    settle(program)
    assert requests(program) == [scenes.entry(0).hash]


def test_opening_the_window_anew_reads_the_views_again(make: Make, qtbot: QtBot) -> None:
    program = make()
    window = opened(program)
    window.slot_chosen.emit(scenes.entry(0).t0)
    name = scenes.entry(0).hash
    qtbot.waitUntil(lambda: requests(program) == [name])
    program.bridge.views.emit(SegmentViews(name, SEEN))
    window.close()
    opened(program).slot_chosen.emit(scenes.entry(0).t0)
    qtbot.waitUntil(lambda: requests(program) == [name, name])
