"""The review window in the program: which picture it shows, holds, covers, deletes and restores."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from tests.ui import scenes
from tests.ui.controllers import Make, calls, report
from tests.ui.scenes import FILE, RECORDING

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tracker.model.status import PictureStatus
    from ui.controller import AppController
    from ui.windows.picture_review import PictureReviewWindow


FIRST = replace(scenes.in_review(), review_until_ms=None)
NEXT = replace(scenes.in_review(), id="p2", file="g" * 43)


def show(program: AppController, picture: PictureStatus) -> None:
    report(program, replace(RECORDING, picture=picture))


def opened(program: AppController, qtbot: QtBot) -> PictureReviewWindow:
    """The window, opened from the tray's menu, once the picture is loaded."""
    program.tray.open_entry.trigger()
    window = program.picture.window
    assert window is not None
    qtbot.waitUntil(lambda: not window.canvas.picture_size.isEmpty())
    return window


def draw(window: PictureReviewWindow) -> None:
    QTest.mousePress(window.canvas, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    QTest.mouseMove(window.canvas, QPoint(60, 60))
    QTest.mouseRelease(window.canvas, Qt.MouseButton.LeftButton, pos=QPoint(60, 60))


def test_the_tray_opens_the_last_picture_and_holds_it_until_the_window_closes(
    make: Make, qtbot: QtBot
) -> None:
    program = make()
    show(program, FIRST)
    window = opened(program, qtbot)
    assert program.picture.toast is None or not program.picture.toast.isVisible()
    assert (window.canvas.picture_size.width(), window.title.text()) == (1920, "Picture 15:14")
    window.close()
    assert calls(program) == [
        ["request_picture", FILE],
        ["hold_picture", "p1", True],
        ["hold_picture", "p1", False],
    ]
    assert window.canvas.picture_size.isEmpty()


def test_covered_areas_reach_the_recorder(make: Make, qtbot: QtBot) -> None:
    program = make()
    show(program, FIRST)
    window = opened(program, qtbot)
    draw(window)
    areas = window.areas
    assert len(areas) == 1
    window.primary.click()
    assert ["cover_picture", "p1", areas] in calls(program)
    assert not window.isVisible()


def test_the_window_stays_on_its_picture_when_the_next_one_is_taken(
    make: Make, qtbot: QtBot
) -> None:
    program = make()
    show(program, FIRST)
    window = opened(program, qtbot)
    draw(window)
    show(program, NEXT)
    program.picture.open_review()
    assert ["hold_picture", "p1", False] not in calls(program)
    window.without_button.click()
    assert calls(program)[-2:] == [["keep_picture", "p1"], ["hold_picture", "p1", False]]
    program.picture.open_review("p1")
    assert not window.isVisible()
    program.picture.open_review("p2")
    assert calls(program)[-2:] == [["request_picture", "g" * 43], ["hold_picture", "p2", True]]
    assert window.areas == ()


def test_the_deletion_of_an_earlier_picture_can_be_undone_too(make: Make, qtbot: QtBot) -> None:
    program = make()
    show(program, FIRST)
    window = opened(program, qtbot)
    show(program, NEXT)
    window.delete_button.click()
    assert window.undo_button.isVisible()
    window.undo_button.click()
    assert window.delete_button.isVisible()
    commands = [call[:2] for call in calls(program)]
    assert commands.index(["delete_picture", "p1"]) < commands.index(["undo_deletion", "p1"])


def test_the_tray_undoes_a_deletion_as_long_as_that_is_possible(make: Make) -> None:
    program = make()
    deleted = scenes.deleted(8).status
    assert deleted is not None
    report(program, deleted)
    assert program.tray.undo_entry.isVisible()
    assert not program.tray.delete_entry.isVisible()
    program.tray.undo_entry.trigger()
    assert calls(program) == [["undo_deletion", "p1"]]
    final = replace(scenes.in_review(), state="deleted", file="", undo_until_ms=None)
    show(program, final)
    assert not program.tray.undo_entry.isVisible()
    assert not program.tray.open_entry.isVisible()


def test_a_file_that_arrives_for_another_picture_is_not_shown(make: Make, qtbot: QtBot) -> None:
    program = make()
    show(program, FIRST)
    window = opened(program, qtbot)
    size = window.canvas.picture_size
    program.bridge.picture.emit(("g" * 43, type(window.canvas._image)()))
    assert window.canvas.picture_size == size


def test_a_covered_picture_is_loaded_again(make: Make, qtbot: QtBot) -> None:
    program = make()
    show(program, FIRST)
    opened(program, qtbot)
    show(program, replace(FIRST, state="kept", file="g" * 43))
    assert ["request_picture", "g" * 43] in calls(program)
