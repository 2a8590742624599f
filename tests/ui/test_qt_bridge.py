"""The bridge passes the last value of each kind to Qt's thread, and none after its end."""

from __future__ import annotations

import threading
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QCoreApplication, QThread

from tests.ui.program_host import QuietClient
from tests.ui.scenes import RECORDING, in_review
from tracker.model.status import Status
from ui.client.interface import Failure
from ui.presenters.app_state import StartupPhase
from ui.qt_bridge import Bridge

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
    in_a_thread((bridge.report_status, Status(session_s=5)))
    assert seen == []
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == [(Status(session_s=5), True)]


def test_of_many_values_of_a_kind_the_last_one_arrives(qtbot: QtBot) -> None:
    bridge = Bridge()
    seen: list[object] = []
    bridge.status.connect(lambda one: seen.append(one.session_s))
    bridge.phase.connect(seen.append)
    moments = [(bridge.report_status, Status(session_s=n)) for n in range(100)]
    in_a_thread(*moments[:50], (bridge.report_phase, StartupPhase.READY), *moments[50:])
    qtbot.waitUntil(lambda: len(seen) >= 2)
    QCoreApplication.processEvents()
    assert seen == [StartupPhase.READY, 99]


def test_what_comes_while_the_last_values_are_delivered_is_not_lost(qtbot: QtBot) -> None:
    bridge = Bridge()
    seen: list[int] = []

    def hear(status: Status) -> None:
        seen.append(status.session_s)
        if status.session_s < 3:
            in_a_thread((bridge.report_status, Status(session_s=status.session_s + 1)))

    bridge.status.connect(hear)
    in_a_thread((bridge.report_status, Status(session_s=0)))
    qtbot.waitUntil(lambda: len(seen) == 4)
    assert seen == [0, 1, 2, 3]


def test_every_call_arrives_in_its_order(qtbot: QtBot) -> None:
    bridge = Bridge()
    seen: list[int] = []
    in_a_thread(*((bridge.report_call, partial(seen.append, n)) for n in range(100)))
    assert seen == []
    qtbot.waitUntil(lambda: len(seen) == 100)
    assert seen == [*range(100)]


def test_reports_of_a_former_client_are_dropped(qtbot: QtBot) -> None:
    bridge = Bridge()
    seen: list[object] = []
    for signal in (bridge.status, bridge.opened, bridge.failed):
        signal.connect(seen.append)
    client = QuietClient(None)

    def call(name: str) -> None:
        bridge.report_call(lambda: seen.append(name))

    in_a_thread(
        (bridge.report_status, Status(session_s=5)),
        (call, "a call"),
        (bridge.report_opened, client),
    )
    assert bridge.forget() is client
    assert bridge.forget() is None
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == ["a call"]


def test_a_closed_bridge_carries_nothing(qtbot: QtBot) -> None:
    bridge = Bridge()
    seen: list[object] = []
    bridge.failed.connect(seen.append)
    bridge.close()
    in_a_thread((bridge.report_failed, Failure("offline")))
    QCoreApplication.processEvents()
    assert seen == []
    assert cast("Any", bridge)._waiting == {}


def test_without_a_window_a_status_that_changes_nothing_wakes_no_thread(qtbot: QtBot) -> None:
    bridge = Bridge()
    seen: list[Status] = []
    bridge.status.connect(seen.append)
    recording = replace(RECORDING, session_s=0, today_s=60, week_s=60, picture=None)
    in_a_thread((bridge.report_status, recording))
    qtbot.waitUntil(lambda: len(seen) == 1)
    bridge.throttle()
    moments = [replace(recording, session_s=n, today_s=60 + n) for n in range(1, 60)]
    in_a_thread(*((bridge.report_status, one) for one in moments))
    QCoreApplication.processEvents()
    assert len(seen) == 1
    minute = replace(recording, session_s=60, today_s=120)
    in_a_thread((bridge.report_status, minute))
    qtbot.waitUntil(lambda: len(seen) == 2)
    assert seen[1] == minute
    assert bridge.unthrottle() is None


def test_the_status_that_was_held_back_is_there_when_it_is_wanted(qtbot: QtBot) -> None:
    bridge = Bridge()
    seen: list[Status] = []
    bridge.status.connect(seen.append)
    bridge.throttle()
    older, newer = replace(RECORDING, session_s=1), replace(RECORDING, session_s=2)
    # The older one is on its way when the newer one is requested.
    in_a_thread((bridge.report_status, older), (bridge.report_status, newer))
    assert bridge.unthrottle() == newer
    QCoreApplication.processEvents()
    assert seen == []
    in_a_thread((bridge.report_status, replace(RECORDING, session_s=3)))
    qtbot.waitUntil(lambda: len(seen) == 1)
    assert (seen[0].session_s, bridge.unthrottle()) == (3, None)


def test_a_picture_in_review_is_followed_by_the_second(qtbot: QtBot) -> None:
    bridge = Bridge()
    seen: list[int] = []
    bridge.status.connect(lambda one: seen.append(one.session_s))
    bridge.throttle()
    review = replace(RECORDING, picture=in_review(11))
    for second in (1, 2, 3):
        in_a_thread((bridge.report_status, replace(review, session_s=second)))
        QCoreApplication.processEvents()
    assert seen == [1, 2, 3]
