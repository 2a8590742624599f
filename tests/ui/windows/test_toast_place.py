"""The toast's position: in its corner, and never over the icon that shows the recording."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, QSize

from ui.windows.toast import MARGIN, place

AREA = QRect(0, 0, 1920, 1080)
SIZE = QSize(380, 143)
BOTTOM = 1080 - MARGIN - 143


@pytest.mark.parametrize(
    ("area", "from_right", "icon", "corner"),
    [
        (AREA, False, QRect(), QPoint(1920 - MARGIN - 380, BOTTOM)),
        (AREA, True, QRect(), QPoint(MARGIN, BOTTOM)),
        (AREA, False, QRect(1890, 1050, 24, 24), QPoint(1524, 1050 - MARGIN - 143)),
        (AREA, False, QRect(10, 10, 24, 24), QPoint(1524, BOTTOM)),
        (QRect(1920, 40, 800, 560), False, QRect(), QPoint(2720 - MARGIN - 380, 600 - 16 - 143)),
        (QRect(0, 0, 800, 100), False, QRect(), QPoint(800 - MARGIN - 380, 0)),
    ],
)
def test_the_toast_lies_in_its_corner(
    area: QRect, from_right: bool, icon: QRect, corner: QPoint
) -> None:
    assert place(area, SIZE, from_right, icon) == corner
