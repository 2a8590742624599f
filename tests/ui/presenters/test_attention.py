"""The attention list: what is in it, in which order, and how entries leave it."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from tests.ui import scenes
from tracker.model.status import KEPT_NOTICES, Notice, NoticeCode, Status
from ui.presenters import attention as module
from ui.presenters.app_state import AppState
from ui.presenters.attention import (
    IDLE_KEY,
    after_start,
    answered,
    attention,
    subject,
    with_notice,
    without_subject,
)
from ui.presenters.formatting import plain
from uploader.errors import Problem
from uploader.incidents import Incident

LOCKED = Notice("ended_lock", {"at_ms": 0})
LOST = Notice("recovered_unpaid", {"seconds": 60})
FACT = Incident(Problem.COPIED_FOLDER, "", (("seconds", 60), ("unpaid_s", 0)))


def keys(state: AppState) -> list[str]:
    return [view.key for view in attention(state, plain)]


def test_every_subject_has_codes_of_the_recorder() -> None:
    known = {*get_args(NoticeCode), *map(str, Problem)}
    permission = {"leave_asked", "leave_given", "leave_denied", "leave_unknown"}
    assert {code for codes in module._CODES.values() for code in codes} <= known | permission


def test_all_that_needs_attention_is_in_one_list_the_urgent_first() -> None:
    state = replace(
        scenes.stopped(notices=(LOST, LOCKED)),
        status=scenes.AWAY,
        upload=scenes.upload(problem="no_room", facts=(FACT,)),
        problem="",
    )
    assert keys(state) == [
        "notice:recovered_unpaid",
        IDLE_KEY,
        "notice:ended_lock",
        "upload:no_room",
        "fact:copied_folder",
    ]


def test_a_startup_problem_is_first() -> None:
    state = replace(scenes.stopped(notices=(LOCKED,)), problem="keyring_locked")
    assert keys(state) == ["start:keyring_locked", "notice:ended_lock"]


def test_a_new_version_is_offered_while_nothing_is_recorded() -> None:
    ready = scenes.stopped(notices=(LOCKED,), update_ready="1.1.0")
    assert keys(ready) == ["notice:ended_lock", "update"]
    # It stays: the next start uses it anyway.
    assert keys(answered(ready, "update")) == keys(ready)
    for status in (scenes.RECORDING, replace(scenes.RECORDING, state="paused"), scenes.AWAY):
        assert "update" not in keys(replace(ready, status=status))


def test_an_answer_removes_its_entry_only() -> None:
    state = replace(
        scenes.stopped(notices=(LOST, LOCKED)),
        upload=scenes.upload(problem="no_room", facts=(FACT,)),
    )
    for key in keys(state):
        assert keys(answered(state, key)) == [other for other in keys(state) if other != key]
    assert answered(state, "unknown") == state
    assert answered(state, "") == state


def test_the_question_about_idle_time_stays_until_the_recorder_has_an_answer() -> None:
    state = scenes.scene(status=scenes.AWAY, notices=scenes.AWAY.notices)
    assert keys(state) == [IDLE_KEY]
    assert keys(answered(state, IDLE_KEY)) == [IDLE_KEY]
    without = without_subject(state.notices, subject("idle_question"))
    assert keys(replace(state, notices=without)) == [IDLE_KEY]
    assert keys(replace(state, status=replace(scenes.AWAY, idle=None))) == []


@pytest.mark.parametrize("code", ["offline", "no_room"])
def test_a_problem_that_was_read_and_a_lost_connection_are_left_out(code: str) -> None:
    state = replace(scenes.stopped(), upload=scenes.upload(problem=code), dismissed="no_room")
    assert keys(state) == []


def test_a_newer_notice_replaces_those_of_its_subject() -> None:
    notices: tuple[Notice, ...] = ()
    for code in ("run_disk_full", "ended_lock", "disk_works", "recovered_unpaid"):
        notices = with_notice(notices, Notice(code))
    assert [notice.code for notice in notices] == ["recovered_unpaid", "disk_works", "ended_lock"]
    assert [notice.code for notice in after_start(notices)] == ["recovered_unpaid"]


def test_no_notice_is_lost_between_two_statuses() -> None:
    notices = tuple(Notice("limit_near", {"percent": n}) for n in range(KEPT_NOTICES))
    status = Status(notices=notices, notice_seq=100)
    assert status.notices_since(100) == ()
    assert status.notices_since(98) == notices[-2:]
    assert status.notices_since(0) == notices
    assert status.notice == notices[-1]
    assert Status().notice is None
