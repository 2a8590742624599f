"""Properties of PySide6 that the program relies on."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

CALLS = 500


class Sender(QObject):
    sent = Signal(bool)


@pytest.mark.skipif(
    sys.version_info >= (3, 12),
    reason="Python 3.12 and later do not count references to None, True and False",
)
def test_calls_into_qt_drop_no_foreign_reference(qapp: QApplication) -> None:
    sender = Sender()
    heard: list[bool] = []
    sender.sent.connect(heard.append)
    before = [sys.getrefcount(one) for one in (None, True, False)]
    for _ in range(CALLS):
        sender.sent.emit(True)
        sender.setObjectName("sender")
        qapp.processEvents()
        sender.blockSignals(False)
    after = [sys.getrefcount(one) for one in (None, True, False)]
    lost = [b - a for b, a in zip(before, after, strict=True)]
    # Other threads and pytest itself hold a few; a defect loses one with every call.
    assert max(lost) < CALLS // 2
    assert len(heard) == CALLS
