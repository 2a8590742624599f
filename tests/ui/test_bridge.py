"""The bridge: values cross into Qt's thread, the last of each kind, and none after its end."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QCoreApplication, QThread

from tracker.status import Status
from ui.bridge import Bridge
from ui.presenters.scene import Phase

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def in_a_thread(*calls: Any) -> None:
    def run() -> None:
        for call, value in calls:
            call(value)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


def test_values_arrive_in_qts_thread(qtbot: QtBot) -> None:
    bridge = Bridge()
    seen: list[tuple[Status, bool]] = []
    own = QThread.currentThread()
    bridge.status.connect(lambda one: seen.append((one, QThread.currentThread() is own)))
    in_a_thread((bridge.tell_status, Status(session_s=5)))
    assert seen == []
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == [(Status(session_s=5), True)]


def test_of_many_values_of_a_kind_the_last_one_arrives(qtbot: QtBot) -> None:
    bridge = Bridge()
    seen: list[object] = []
    bridge.status.connect(lambda one: seen.append(one.session_s))
    bridge.phase.connect(seen.append)
    moments = [(bridge.tell_status, Status(session_s=n)) for n in range(100)]
    in_a_thread(*moments[:50], (bridge.tell_phase, Phase.READY), *moments[50:])
    qtbot.waitUntil(lambda: len(seen) >= 2)
    QCoreApplication.processEvents()
    assert seen == [Phase.READY, 99]


def test_what_comes_while_the_last_values_are_delivered_is_not_lost(qtbot: QtBot) -> None:
    bridge = Bridge()
    seen: list[int] = []

    def hear(status: Status) -> None:
        seen.append(status.session_s)
        if status.session_s < 3:
            in_a_thread((bridge.tell_status, Status(session_s=status.session_s + 1)))

    bridge.status.connect(hear)
    in_a_thread((bridge.tell_status, Status(session_s=0)))
    qtbot.waitUntil(lambda: len(seen) == 4)
    assert seen == [0, 1, 2, 3]


def test_a_closed_bridge_carries_nothing(qtbot: QtBot) -> None:
    bridge = Bridge()
    seen: list[object] = []
    bridge.failed.connect(seen.append)
    bridge.close()
    in_a_thread((bridge.tell_failed, "offline"))
    QCoreApplication.processEvents()
    assert seen == []
    assert cast("Any", bridge)._waiting == {}
