"""Opening the own diary with a year of work, beside one without work and one with a single day.

Opening means: read the day from the state folder, make the view, build the window, load the
thumbnails that are visible, draw. The program spreads this over two threads; here it is one sum.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

from benchmarks.measure import Figure, compare
from diary.core.slots import DAY, SLOT, day_of
from tests.diary.world import START
from tests.uploader.device_folder import DeviceFolder, enrolled_folder
from uploader.store.outbox import Outbox

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from ui.qt.theme import Theme

DAYS, SLOTS_A_DAY = 365, 12


def figures() -> list[Figure]:
    """All figures of this module."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        year, day, empty = (
            _opener(root / folder, days) for folder, days in (("y", DAYS), ("d", 1), ("e", 0))
        )
        against_empty, against_day = compare(year, empty), compare(year, day)
    name, what = f"open the own diary with {DAYS} days", f"{SLOTS_A_DAY} slots a day"
    return [
        Figure(name, what, *against_empty, "the same without any work", None),
        Figure(name, what, *against_day, "the same with one day", 1.5),
    ]


def _opener(base: Path, days: int) -> Callable[[], None]:
    """Opens the diary of a folder whose last `days` days have work."""
    base.mkdir()
    device = DeviceFolder(base)
    device.outbox.close()
    # Otherwise work of later months would count as sealed with a wrong clock.
    folder = enrolled_folder(base, device.world)
    device.outbox = Outbox(folder, lambda: START * 1000, ahead_s=2 * DAYS * DAY)
    first = day_of(START) + DAY
    # The folder is made in a minute instead of many: it need not survive a power cut.
    with patch("os.fsync"):
        for number in range(days):
            for slot in range(SLOTS_A_DAY):
                device.work(first + number * DAY + slot * SLOT)
                # They are stored; otherwise each turn would store all of them again.
                device.world.blobs.clear()
    last_s = first + max(days - 1, 0) * DAY + SLOTS_A_DAY * SLOT
    return lambda: _open(device, last_s * 1000)


def _open(device: DeviceFolder, now_ms: int) -> None:
    from PySide6.QtCore import QEvent

    from ui.presenters.app_state import AppState
    from ui.presenters.formatting import plain
    from ui.presenters.own_diary.choice import DiaryChoice
    from ui.presenters.own_diary.day import day_view
    from ui.qt_bridge import Bridge
    from ui.windows.own_diary.window import SIZE, DiaryWindow
    from uploader.store.local_diary import load_day

    (app, theme), bridge = _program(), Bridge()
    state = AppState(now_ms=now_ms, day=load_day(device.outbox, now_ms))
    window = DiaryWindow(theme)
    window.resize(SIZE)
    bridge.thumbnails.connect(window.thumbnails.add)
    window.thumbnails.wanted.connect(
        lambda names: bridge.report_thumbnails(
            {name: device.outbox.blob(name) or b"" for name in names}
        )
    )
    window.show_view(day_view(state, DiaryChoice(), plain), 0)
    window.show()
    # The first pass requests the thumbnails, the second one draws them.
    for _ in range(2):
        window.grab()
        app.processEvents()
    window.close()
    window.deleteLater()
    bridge.close()
    # A window that remains would slow down the next one.
    app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@cache
def _program() -> tuple[QApplication, Theme]:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from ui.qt.theme import LIGHT, Theme

    app = QApplication.instance() or QApplication(["benchmark"])
    assert isinstance(app, QApplication)
    return app, Theme(app, LIGHT)
