"""The tray's icons: their shapes differ, and they can be seen on any panel."""

from __future__ import annotations

from importlib.resources import files
from itertools import combinations

import pytest
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from tests.ui import scenes
from ui.presenters.tray import icon
from ui.qt.icons import TRAY_SIZES, pixmap, tray_icon

STATES = ("idle", "recording", "paused")
MARKS = ("", "-offline", "-attention")
NAMES = [f"tray-{state}{mark}" for state in STATES for mark in MARKS]
PANELS = ("#FFFFFF", "#F0F0F0", "#808080", "#3C3C3C", "#161817")


def on(panel: str, name: str, size: int) -> QImage:
    image = QImage(size, size, QImage.Format.Format_RGB32)
    image.fill(QColor(panel))
    painter = QPainter(image)
    painter.drawPixmap(0, 0, pixmap(name, size))
    painter.end()
    return image


def differing(one: QImage, other: QImage, least: int = 60) -> int:
    """Pixels whose grey differs by at least so much of 255."""
    a, b = (image.convertToFormat(QImage.Format.Format_Grayscale8) for image in (one, other))
    return sum(
        abs(a.pixelColor(x, y).value() - b.pixelColor(x, y).value()) >= least
        for x in range(a.width())
        for y in range(a.height())
    )


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("name", NAMES)
def test_an_icon_is_visible_on_every_panel(qapp: QApplication, name: str, panel: str) -> None:
    empty = QImage(22, 22, QImage.Format.Format_RGB32)
    empty.fill(QColor(panel))
    assert differing(on(panel, name, 22), empty, least=40) >= 60


@pytest.mark.parametrize("panel", ["#FFFFFF", "#161817"])
@pytest.mark.parametrize(("one", "other"), [*combinations(NAMES, 2)])
def test_two_icons_differ_in_shape_not_only_in_colour(
    qapp: QApplication, one: str, other: str, panel: str
) -> None:
    assert differing(on(panel, one, 22), on(panel, other, 22)) >= 8


def test_icons_are_there_in_the_sizes_that_panels_ask_for(qapp: QApplication) -> None:
    sizes = {size.width() for size in tray_icon("tray-recording").availableSizes()}
    assert sizes == set(TRAY_SIZES)


def test_every_state_that_the_presenter_names_has_its_file() -> None:
    named = {icon(scenes.stopped()), icon(scenes.scene()), *NAMES, "app"}
    there = {path.name.removesuffix(".svg") for path in files("assets").joinpath("icons").iterdir()}
    assert named - there == set()


def test_a_control_icon_takes_the_colour_of_its_text(qapp: QApplication) -> None:
    red = pixmap("attention", 32, QColor("#FF0000")).toImage()
    colours = {
        red.pixelColor(x, y).name()
        for x in range(32)
        for y in range(32)
        if red.pixelColor(x, y).alpha() == 255
    }
    assert colours == {"#ff0000"}
