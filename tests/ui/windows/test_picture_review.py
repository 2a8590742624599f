"""The review window: drawing, moving and removing areas, zoom, answers, accessible names."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication

from tests.ui import scenes
from ui.presenters.pictures import review_view
from ui.qt.translation import translate
from ui.windows.cover_canvas import RemoveButton
from ui.windows.picture_review import PictureReviewWindow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QWidget
    from pytestqt.qtbot import QtBot

    from ui.presenters.app_state import AppState
    from ui.presenters.pictures import ReviewView
    from ui.qt.theme import Theme


WIDTH, HEIGHT = 1600, 800
HELD = replace(scenes.in_review(), review_until_ms=None)
NONE = Qt.KeyboardModifier.NoModifier
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


class ReviewOnScreen:
    """A window at 25 % with an image of WIDTH x HEIGHT; `answers` collects its signals."""

    def __init__(self, qtbot: QtBot, theme: Theme) -> None:
        self.moment = scenes.scene(status=replace(scenes.RECORDING, picture=HELD))
        self.window = PictureReviewWindow(theme, self.view)
        qtbot.addWidget(self.window)
        self.answers: list[tuple[object, ...]] = []
        for name in ("kept", "covered", "deleted", "undone"):
            getattr(self.window, name).connect(
                lambda *args, name=name: self.answers.append((name, *args))
            )
        self.window.begin("p1")
        self.window.raise_now()
        self.window.show_image(QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32))
        self.window._set_zoom(0.25)
        self.canvas = self.window.canvas

    def view(self, areas: int) -> ReviewView | None:
        assert self.moment.status is not None
        picture = self.moment.status.picture
        return None if picture is None else review_view(self.moment, picture, areas, translate)

    def show(self, moment: AppState) -> None:
        self.moment = moment
        self.window.refresh()

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """In pixels of the screen, a quarter of the picture's."""
        left = Qt.MouseButton.LeftButton
        QTest.mousePress(self.canvas, left, pos=QPoint(*start))
        QTest.mouseMove(self.canvas, QPoint(*end))
        QTest.mouseRelease(self.canvas, left, pos=QPoint(*end))

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        QTest.keyClick(self.canvas, key, modifiers)

    @property
    def areas(self) -> list[tuple[int, ...]]:
        return list(self.window.areas)

    def buttons(self) -> list[RemoveButton]:
        return [b for b in self.canvas.findChildren(RemoveButton) if b in self.canvas._buttons]


@pytest.fixture
def there(qtbot: QtBot, theme: Theme) -> Iterator[ReviewOnScreen]:
    made = ReviewOnScreen(qtbot, theme)
    QApplication.processEvents()
    yield made
    made.window.hide()
    QApplication.processEvents()


def test_a_drag_in_any_direction_covers_an_area_and_the_button_names_the_result(
    there: ReviewOnScreen,
) -> None:
    assert there.window.primary.text() == "Keep"
    there.drag((10, 20), (60, 40))
    there.drag((200, 150), (100, 100))
    assert there.areas == [(40, 80, 201, 81), (400, 400, 401, 201)]
    assert there.window.primary.text() == "Keep with 2 areas covered"
    there.window.primary.click()
    assert there.answers == [("covered", "p1", ((40, 80, 201, 81), (400, 400, 401, 201)))]
    assert not there.window.isVisible()


def test_an_area_never_leaves_the_picture_and_a_click_draws_none(there: ReviewOnScreen) -> None:
    there.drag((50, 50), (50, 50))
    assert there.areas == []
    there.drag((300, 150), (2_000, 2_000))
    ((x, y, width, height),) = there.areas
    assert (x + width, y + height) == (WIDTH, HEIGHT)
    there.drag((350, 180), (-900, -900))
    assert there.areas == [(0, 0, width, height)]


def test_areas_are_drawn_moved_resized_and_removed_by_keys(there: ReviewOnScreen) -> None:
    there.key(Qt.Key.Key_Insert)
    ((x, y, width, height),) = there.areas
    assert there.window.primary.text() == "Keep with 1 area covered"
    there.key(Qt.Key.Key_Left)
    there.key(Qt.Key.Key_Down, CTRL)
    there.key(Qt.Key.Key_Right, SHIFT)
    assert there.areas == [(x - 10, y + 1, width + 10, height)]
    for _ in range(WIDTH // 10):
        there.key(Qt.Key.Key_Left, SHIFT)
        there.key(Qt.Key.Key_Left)
    assert there.areas == [(0, y + 1, 1, height)]
    there.key(Qt.Key.Key_Delete)
    assert there.areas == []


def test_each_area_has_a_button_that_removes_it_and_takes_the_same_keys(
    there: ReviewOnScreen,
) -> None:
    there.drag((10, 20), (60, 40))
    there.drag((100, 100), (200, 150))
    first, second = there.buttons()
    assert first.accessibleName() == "Remove cover 1, 201 × 81 pixels"
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Right)
    assert there.areas[0] == (50, 80, 201, 81)
    first.click()
    assert there.areas == [(400, 400, 401, 201)]
    assert there.buttons()[0].accessibleName() == "Remove cover 1, 401 × 201 pixels"
    there.window.undo_cover_button.click()
    assert there.areas == []
    assert second not in there.buttons()


def test_keep_without_covers_keeps_the_whole_picture(there: ReviewOnScreen) -> None:
    assert not there.window.without_button.isVisible()
    there.drag((10, 20), (60, 40))
    there.window.without_button.click()
    assert there.answers == [("kept", "p1")]


def test_delete_turns_into_undo_in_the_same_place(there: ReviewOnScreen) -> None:
    there.drag((10, 20), (60, 40))
    assert "4\u00a0min of paid time" in there.window.delete_button.text()
    place = there.window.delete_button.pos()
    there.window.delete_button.click()
    there.show(scenes.deleted(8))
    assert not there.window.delete_button.isVisible()
    assert there.window.undo_button.isVisible()
    QApplication.processEvents()
    assert there.window.undo_button.pos() == place
    there.window.undo_button.click()
    assert there.answers == [("deleted", "p1"), ("undone", "p1")]
    assert there.areas == []


def test_a_deletion_that_is_final_offers_no_undo(there: ReviewOnScreen) -> None:
    final = replace(HELD, state="deleted", undo_until_ms=None)
    there.show(scenes.scene(status=replace(scenes.RECORDING, picture=final)))
    assert not there.window.undo_button.isVisible()
    there.window.primary.click()
    assert there.answers == []
    assert not there.window.isVisible()


@pytest.mark.parametrize("state", ["kept", "covering"])
def test_a_kept_picture_is_covered_while_it_is_not_sealed(
    there: ReviewOnScreen, state: Literal["kept", "covering"]
) -> None:
    kept = replace(HELD, state=state)
    there.show(scenes.scene(status=replace(scenes.RECORDING, picture=kept)))
    there.drag((10, 20), (60, 40))
    assert there.window.primary.text() == ("Cover 1 area" if state == "kept" else "Close")
    there.window.primary.click()
    assert [answer[0] for answer in there.answers] == (["covered"] if state == "kept" else [])


def test_a_sealed_picture_can_only_be_looked_at(there: ReviewOnScreen) -> None:
    there.show(scenes.scene())
    there.drag((10, 20), (60, 40))
    there.key(Qt.Key.Key_Insert)
    assert there.areas == []
    assert not there.window.delete_button.isVisible()
    assert not there.window.cover_button.isEnabled()


def test_ctrl_with_the_wheel_and_the_buttons_zoom(there: ReviewOnScreen) -> None:
    def wheel(delta: int, modifiers: Qt.KeyboardModifier) -> None:
        center = QPointF(20, 20)
        event = QWheelEvent(
            center, center, QPoint(), QPoint(0, delta), Qt.MouseButton.NoButton, modifiers,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(there.window.area.viewport(), event)

    wheel(120, Qt.KeyboardModifier.NoModifier)
    assert there.window.zoom_label.text() == "25 %"
    wheel(120, CTRL)
    assert there.window.zoom_label.text() == "31 %"
    wheel(-120, CTRL)
    there.window.full_button.click()
    assert there.window.zoom_label.text() == "100 %"
    assert there.canvas.width() == WIDTH
    there.drag((10, 20), (60, 40))
    assert there.areas == [(10, 20, 51, 21)]
    for _ in range(40):
        there.window.larger.click()
    assert there.window.zoom_label.text() == "400 %"
    there.window.fit_button.click()
    assert there.canvas.width() <= there.window.area.viewport().width() + 2


def test_escape_ends_a_drag_and_then_closes_the_window(there: ReviewOnScreen) -> None:
    QTest.mousePress(there.canvas, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    QTest.mouseMove(there.canvas, QPoint(80, 80))
    there.key(Qt.Key.Key_Escape)
    QTest.mouseRelease(there.canvas, Qt.MouseButton.LeftButton, pos=QPoint(80, 80))
    assert there.areas == []
    assert there.window.isVisible()
    there.key(Qt.Key.Key_Escape)
    assert not there.window.isVisible()
    assert there.answers == []


def test_a_picture_that_is_gone_is_said_to_be_gone(there: ReviewOnScreen) -> None:
    there.window.show_image(QImage())
    assert there.canvas.accessibleDescription() == "The picture is no longer on this computer."
    assert not there.window.cover_button.isEnabled()


def test_every_control_has_a_name(there: ReviewOnScreen) -> None:
    there.drag((10, 20), (60, 40))
    controls: list[QWidget] = [*there.window.findChildren(QAbstractButton), there.canvas]
    nameless = [
        c for c in controls
        if c.isVisible() and not (c.accessibleName() or getattr(c, "text", str)())
    ]  # fmt: skip
    assert nameless == []
    visible = [b for b in there.window.findChildren(QAbstractButton) if b.isVisible()]
    keys = [b.shortcut().toString() for b in visible if not b.shortcut().isEmpty()]
    assert "Alt+K" in keys
    assert len(keys) == len(set(keys))
