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


class Case:
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
def case(qtbot: QtBot) -> Case:
    return Case()


def test_two_notices_of_one_moment_are_both_shown(case: Case) -> None:
    case.status(STOPPED, "limit_reached", "run_disk_full", "recovered")
    assert case.keys() == {"limit", "disk"}


def test_nothing_is_shown_over_the_window_in_use(case: Case) -> None:
    case.used = True
    case.status(STOPPED, "limit_reached")
    assert case.keys() == set()
    assert case.session.state.notices[0].code == "limit_reached"


def test_a_settled_notification_is_withdrawn(case: Case) -> None:
    case.status(STOPPED, "limit_reached", "ended_lock")
    state = case.session.state
    case.session.state = answered(state, "notice:ended_lock")
    case.flow.update()
    assert case.keys() == {"limit"}


def test_the_idle_question_is_withdrawn_when_it_is_answered_elsewhere(case: Case) -> None:
    case.status(scenes.AWAY, "idle_question")
    assert case.keys() == {"idle"}
    case.status(scenes.AWAY)
    assert case.keys() == {"idle"}
    case.status(replace(scenes.AWAY, idle=None, state="stopped"))
    assert case.keys() == set()


def test_an_answer_carries_its_action_and_its_entry(case: Case, qtbot: QtBot) -> None:
    case.status(STOPPED, "ended_lock")
    assert case.shown is not None
    with qtbot.waitSignal(case.flow.acted):
        case.shown.receiver.answered("stop", Action.START)
    assert case.acted == [(Action.START, "notice:ended_lock")]
    assert case.keys() == set()
    case.status(STOPPED, "limit_reached")
    with qtbot.waitSignal(case.flow.opened):
        case.shown.receiver.answered("limit", OPEN)
    assert len(case.acted) == 1


def test_what_the_notifier_cannot_show_goes_to_the_tray(case: Case, qtbot: QtBot) -> None:
    case.status(STOPPED, "ended_lock")
    assert case.shown is not None
    with qtbot.waitSignal(case.flow.fallback) as caught:
        case.shown.receiver.not_shown(case.shown.notifications["stop"])
    assert caught.args[0] == "Recording stopped: screen locked"


def test_without_a_notifier_everything_goes_to_the_tray(qtbot: QtBot) -> None:
    case = Case(make=None)
    with qtbot.waitSignal(case.flow.fallback):
        case.status(STOPPED, "ended_lock")


def test_a_long_recording_reminds_once_in_each_run(case: Case) -> None:
    case.flow.apply_settings(Settings().changed(REMIND_AFTER, 2))
    for seconds in (7199, 7200, 7201):
        case.status(replace(RECORDING, session_s=seconds))
        assert case.keys() == ({"long"} if seconds >= 7200 else set())
    assert case.shown is not None
    assert case.shown.count == 1
    case.status(STOPPED)
    assert case.keys() == set()
    case.status(replace(RECORDING, session_s=7200))
    assert case.shown.count == 2


def test_a_start_from_the_tray_is_confirmed_and_one_in_the_window_is_not(case: Case) -> None:
    case.status(STOPPED)
    case.flow.confirm()
    case.status(replace(RECORDING, state="starting"))
    assert case.keys() == set()
    case.status(RECORDING)
    assert case.shown is not None
    assert case.shown.notifications["confirm"].title == "Recording started"
    case.status(STOPPED)
    assert case.shown.count == 1
    case.flow.confirm()
    case.used = True  # a missing memo has opened the window
    case.status(STOPPED)
    case.used = False
    case.status(RECORDING)
    assert case.shown.count == 1


@pytest.mark.parametrize(
    ("before", "after", "title"),
    [
        ("recording", "paused", "Recording paused"),
        ("paused", "recording", "Recording started"),
        ("paused", "stopped", "Recording stopped"),
    ],
)
def test_pause_and_resume_from_the_tray_are_confirmed(
    case: Case, before: State, after: State, title: str
) -> None:
    case.status(replace(RECORDING, state=before))
    case.flow.confirm()
    case.status(replace(RECORDING, state=after))
    assert case.shown is not None
    assert case.shown.notifications["confirm"].title == title


def test_the_person_is_reminded_to_start_at_the_chosen_time(case: Case) -> None:
    case.status(STOPPED)
    case.flow.apply_settings(Settings().changed(REMIND_AT, ("09:00",)))
    local = case.now.astimezone()
    case.now = local.replace(hour=8, minute=59)
    case.flow._remind()
    assert case.keys() == set()
    case.now += timedelta(minutes=1)
    case.flow._remind()
    assert case.keys() == {"start"}
    case.flow._remind()
    assert case.shown is not None
    assert case.shown.count == 1
    case.status(RECORDING)
    assert case.keys() == set()


def test_the_end_of_the_program_ends_the_notifier(case: Case) -> None:
    case.flow.stop()
    case.status(STOPPED, "ended_lock")
    case.flow.stop()
    assert case.shown is not None
    assert case.shown.stopped


def test_a_new_version_is_announced_once_and_never_during_a_recording(case: Case) -> None:
    case.session.state = replace(case.session.state, update_ready="1.1.0")
    case.status(RECORDING)
    assert case.keys() == set()
    case.status(STOPPED)
    assert case.shown is not None
    shown = case.shown.notifications["update"]
    assert (shown.title, shown.buttons[0].label, shown.stays) == ("Update ready", "Restart", False)
    # The next recording withdraws it; afterwards only the window shows it.
    case.status(RECORDING)
    assert case.keys() == set()
    case.status(STOPPED)
    assert case.keys() == set()
    case.session.state = replace(case.session.state, update_ready="1.2.0")
    case.status(STOPPED)
    assert "1.2.0" in case.shown.notifications["update"].body


def test_the_button_of_a_new_version_requests_the_restart(case: Case, qtbot: QtBot) -> None:
    case.session.state = replace(case.session.state, update_ready="1.1.0")
    case.status(STOPPED)
    case.flow.answered("update", Action.UPDATE)
    qtbot.waitUntil(lambda: case.acted == [("update", "update")])
