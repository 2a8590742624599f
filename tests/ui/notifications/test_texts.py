"""The notifications of the desktop: their texts, buttons and conditions."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from tests.ui import scenes
from tracker.model.status import Notice, NoticeCode
from ui.notifications import texts
from ui.notifications.texts import Button
from ui.presenters.attention import IDLE_KEY
from ui.presenters.formatting import plain
from ui.presenters.notices import Action
from uploader.errors import Problem

#: Codes after which work is not recorded although the person did not press Stop.
STOPS = (
    *("limit_reached", "ended_idle", "idle_question", "ended_lock", "ended_suspend"),
    *("clock_set_ahead", "clock_set_back", "clock_ahead_of_market", "clock_behind_market"),
    *("clock_behind_proof", "clock_insane", "market_clock_wrong", "engine_error"),
    *("contract_paused", "contract_ended", "disk_full", "disk_read_only", "disk_error"),
    "disk_paused",
)
PARAMS = {"at_ms": 0, "seconds": 60, "limit_s": 108_000, "used_s": 0, "percent": 80, "off_s": 600}


@pytest.mark.parametrize("code", STOPS)
def test_whatever_ends_the_recording_stays_on_the_desktop_with_its_reason(code: str) -> None:
    shown = texts.notice_notification(Notice(code, PARAMS), scenes.stopped(), plain)
    assert shown is not None
    assert shown.title.startswith("Recording stopped: ")
    assert shown.stays
    assert "{" not in shown.title + shown.body


def test_every_title_belongs_to_a_known_code() -> None:
    known = {*get_args(NoticeCode), *map(str, Problem), "new_device"}
    assert texts._TITLES.keys() <= known


def test_minor_notices_give_no_notification_of_the_desktop() -> None:
    for code in ("memo_required", "given_back", "picture_gone", "recovered"):
        assert texts.notice_notification(Notice(code, PARAMS), scenes.stopped(), plain) is None


def test_a_button_has_the_action_of_the_notice() -> None:
    idle = texts.notice_notification(scenes.AWAY.notices[0], scenes.stopped(), plain)
    assert idle is not None
    assert (idle.key, idle.buttons) == (IDLE_KEY, (Button(Action.IDLE, "Answer"),))
    limit = texts.notice_notification(Notice("limit_reached", PARAMS), scenes.stopped(), plain)
    assert limit is not None
    assert limit.buttons == ()


@pytest.mark.parametrize(
    ("offline", "minutes", "waiting", "shown"),
    [(True, 60, 1, True), (True, 59, 1, False), (True, 60, 0, False), (False, 60, 1, False)],
)
def test_a_long_time_offline_with_waiting_work_is_reported(
    offline: bool, minutes: int, waiting: int, shown: bool
) -> None:
    state = scenes.stopped()
    upload = scenes.upload(
        offline=offline, waiting=waiting, last_ok_ms=state.now_ms - minutes * 60_000
    )
    found = texts.offline_notification(replace(state, upload=upload), plain)
    assert (found is not None) is shown
    if found is not None:
        assert "for 1\u00a0h." in found.body
        assert found.buttons == (Button(Action.RETRY, "Try again"),)


@pytest.mark.parametrize(
    ("waiting", "offline", "shown"), [(12, False, True), (11, False, False), (12, True, False)]
)
def test_a_growing_queue_is_reported(waiting: int, offline: bool, shown: bool) -> None:
    upload = scenes.upload(waiting=waiting, offline=offline)
    found = texts.queue_notification(replace(scenes.stopped(), upload=upload), plain)
    assert (found is not None) is shown


def test_a_long_recording_is_reported_if_the_setting_is_on() -> None:
    state = scenes.scene(status=replace(scenes.RECORDING, session_s=2 * 3600))
    found = texts.long_notification(state, 2, plain)
    assert found is not None
    assert found.body == "Recording for 2\u00a0h without a break."
    assert texts.long_notification(state, 3, plain) is None
    assert texts.long_notification(state, 0, plain) is None
    assert texts.long_notification(scenes.stopped(), 2, plain) is None


def test_the_reminder_to_start_names_the_contract_unless_it_is_recorded() -> None:
    found = texts.start_reminder(scenes.stopped(), plain)
    assert found is not None
    assert "Acme shop rebuild" in found.body
    assert found.buttons == (Button(Action.START, "Start"),)
    assert texts.start_reminder(scenes.scene(), plain) is None
    assert texts.start_reminder(scenes.stopped(contracts=()), plain) is None
