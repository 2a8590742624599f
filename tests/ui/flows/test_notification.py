"""Notifications: which are shown, when they are withdrawn, and the effect of an answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from pytestqt.qtbot import QtBot

from tests.ui import scenes
from tests.ui.scenes import RECORDING
from tracker.model.status import Notice, State, Status
from ui.flows.notice import NoticeFlow
from ui.flows.notification import NotificationFlow
from ui.flows.session import AppSession
from ui.notifications.interface import Receiver
from ui.notifications.texts import OPEN, Notification
from ui.presenters.attention import answered
from ui.presenters.notices import Action
from ui.settings.settings import REMIND_AFTER, REMIND_AT, Settings

STOPPED = replace(RECORDING, state="stopped", session_s=0)


@dataclass
class Shown:
    """A `Notifier` that records its calls."""

    receiver: Receiver
    notifications: dict[str, Notification] = field(default_factory=dict)
    count: int = 0
    stopped: bool = False

    def show(self, notification: Notification) -> None:
        self.notifications[notification.key] = notification
        self.count += 1

    def withdraw(self, key: str) -> None:
        self.notifications.pop(key, None)

    def stop(self) -> None:
        self.stopped = True


class Desk:
    """A notification flow; `status` reports a status with new notices."""

    def __init__(self, make: Callable[[Receiver], Shown] | None = Shown) -> None:
        self.session = AppSession(scenes.stopped())
        self.used = False
        self.now = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)
        self.shown: Shown | None = None
        self.flow = NotificationFlow(
            self.session, None if make is None else self._make, lambda: self.used, lambda: self.now
        )
        self.notices = NoticeFlow(self.session, self.session)
        self.notices.raised.connect(self.flow.on_notice)
        self.acted: list[tuple[str, str]] = []
        self.flow.acted.connect(lambda *answer: self.acted.append(answer))
        self._seq = 0

    def _make(self, receiver: Receiver) -> Shown:
        self.shown = Shown(receiver)
        return self.shown

    def status(self, status: Status, *codes: str) -> None:
        notices = tuple(Notice(code, {"at_ms": 0, "limit_s": 3600}) for code in codes)
        self._seq += len(codes)
        self.notices.on_status(replace(status, notices=notices, notice_seq=self._seq))
        self.flow.update()

    def keys(self) -> set[str]:
        return set() if self.shown is None else {*self.shown.notifications}


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk()


def test_two_notices_of_one_moment_are_both_shown(desk: Desk) -> None:
    desk.status(STOPPED, "limit_reached", "run_disk_full", "recovered")
    assert desk.keys() == {"limit", "disk"}


def test_nothing_is_shown_over_the_window_in_use(desk: Desk) -> None:
    desk.used = True
    desk.status(STOPPED, "limit_reached")
    assert desk.keys() == set()
    assert desk.session.state.notices[0].code == "limit_reached"


def test_a_settled_notification_is_withdrawn(desk: Desk) -> None:
    desk.status(STOPPED, "limit_reached", "ended_lock")
    state = desk.session.state
    desk.session.state = answered(state, "notice:ended_lock")
    desk.flow.update()
    assert desk.keys() == {"limit"}


def test_the_idle_question_is_withdrawn_when_it_is_answered_elsewhere(desk: Desk) -> None:
    desk.status(scenes.AWAY, "idle_question")
    assert desk.keys() == {"idle"}
    desk.status(scenes.AWAY)
    assert desk.keys() == {"idle"}
    desk.status(replace(scenes.AWAY, idle=None, state="stopped"))
    assert desk.keys() == set()


def test_an_answer_carries_its_action_and_its_entry(desk: Desk, qtbot: QtBot) -> None:
    desk.status(STOPPED, "ended_lock")
    assert desk.shown is not None
    with qtbot.waitSignal(desk.flow.acted):
        desk.shown.receiver.answered("stop", Action.START)
    assert desk.acted == [(Action.START, "notice:ended_lock")]
    assert desk.keys() == set()
    desk.status(STOPPED, "limit_reached")
    with qtbot.waitSignal(desk.flow.opened):
        desk.shown.receiver.answered("limit", OPEN)
    assert len(desk.acted) == 1


def test_what_the_notifier_cannot_show_goes_to_the_tray(desk: Desk, qtbot: QtBot) -> None:
    desk.status(STOPPED, "ended_lock")
    assert desk.shown is not None
    with qtbot.waitSignal(desk.flow.fallback) as caught:
        desk.shown.receiver.not_shown(desk.shown.notifications["stop"])
    assert caught.args[0] == "Recording stopped: screen locked"


def test_without_a_notifier_everything_goes_to_the_tray(qtbot: QtBot) -> None:
    desk = Desk(make=None)
    with qtbot.waitSignal(desk.flow.fallback):
        desk.status(STOPPED, "ended_lock")


def test_a_long_recording_reminds_once_in_each_run(desk: Desk) -> None:
    desk.flow.apply_settings(Settings().changed(REMIND_AFTER, 2))
    for seconds in (7199, 7200, 7201):
        desk.status(replace(RECORDING, session_s=seconds))
        assert desk.keys() == ({"long"} if seconds >= 7200 else set())
    assert desk.shown is not None
    assert desk.shown.count == 1
    desk.status(STOPPED)
    assert desk.keys() == set()
    desk.status(replace(RECORDING, session_s=7200))
    assert desk.shown.count == 2


def test_a_start_from_the_tray_is_confirmed_and_one_in_the_window_is_not(desk: Desk) -> None:
    desk.status(STOPPED)
    desk.flow.confirm()
    desk.status(replace(RECORDING, state="starting"))
    assert desk.keys() == set()
    desk.status(RECORDING)
    assert desk.shown is not None
    assert desk.shown.notifications["confirm"].title == "Recording started"
    desk.status(STOPPED)
    assert desk.shown.count == 1
    desk.flow.confirm()
    desk.used = True  # a missing memo has opened the window
    desk.status(STOPPED)
    desk.used = False
    desk.status(RECORDING)
    assert desk.shown.count == 1


@pytest.mark.parametrize(
    ("before", "after", "title"),
    [
        ("recording", "paused", "Recording paused"),
        ("paused", "recording", "Recording started"),
        ("paused", "stopped", "Recording stopped"),
    ],
)
def test_pause_and_resume_from_the_tray_are_confirmed(
    desk: Desk, before: State, after: State, title: str
) -> None:
    desk.status(replace(RECORDING, state=before))
    desk.flow.confirm()
    desk.status(replace(RECORDING, state=after))
    assert desk.shown is not None
    assert desk.shown.notifications["confirm"].title == title


def test_the_person_is_reminded_to_start_at_the_chosen_time(desk: Desk) -> None:
    desk.status(STOPPED)
    desk.flow.apply_settings(Settings().changed(REMIND_AT, ("09:00",)))
    local = desk.now.astimezone()
    desk.now = local.replace(hour=8, minute=59)
    desk.flow._remind()
    assert desk.keys() == set()
    desk.now += timedelta(minutes=1)
    desk.flow._remind()
    assert desk.keys() == {"start"}
    desk.flow._remind()
    assert desk.shown is not None
    assert desk.shown.count == 1
    desk.status(RECORDING)
    assert desk.keys() == set()


def test_the_end_of_the_program_ends_the_notifier(desk: Desk) -> None:
    desk.flow.stop()
    desk.status(STOPPED, "ended_lock")
    desk.flow.stop()
    assert desk.shown is not None
    assert desk.shown.stopped


def test_a_new_version_is_announced_once_and_never_during_a_recording(desk: Desk) -> None:
    desk.session.state = replace(desk.session.state, update_ready="1.1.0")
    desk.status(RECORDING)
    assert desk.keys() == set()
    desk.status(STOPPED)
    assert desk.shown is not None
    shown = desk.shown.notifications["update"]
    assert (shown.title, shown.buttons[0].label, shown.stays) == ("Update ready", "Restart", False)
    # The next recording withdraws it; afterwards only the window shows it.
    desk.status(RECORDING)
    assert desk.keys() == set()
    desk.status(STOPPED)
    assert desk.keys() == set()
    desk.session.state = replace(desk.session.state, update_ready="1.2.0")
    desk.status(STOPPED)
    assert "1.2.0" in desk.shown.notifications["update"].body


def test_the_button_of_a_new_version_requests_the_restart(desk: Desk, qtbot: QtBot) -> None:
    desk.session.state = replace(desk.session.state, update_ready="1.1.0")
    desk.status(STOPPED)
    desk.flow.answered("update", Action.UPDATE)
    qtbot.waitUntil(lambda: desk.acted == [("update", "update")])
