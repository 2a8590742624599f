"""Everything that needs the person's attention, as one list.

A notice stays in the list until the person answers it, until a newer one about the same subject
replaces it, or until Start makes it void. The question about idle time, the problems of the upload,
the facts about it, the questions of clients, the work that waits for other marketplaces and a new
version are in the list as long as they are true.
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING

from ui.presenters.marketplaces import waiting_notices
from ui.presenters.notices import NoticeView, notice_view
from ui.presenters.questions import question_notices
from ui.presenters.startup_failure import opening_view
from ui.presenters.updates import update_notice

if TYPE_CHECKING:
    from tracker.model.status import Notice
    from ui.presenters.app_state import AppState
    from ui.presenters.formatting import Translate


class Subject(StrEnum):
    """The subject of a notice about the recording."""

    CLOCK = "clock"
    CONTRACT = "contract"
    DISK = "disk"
    IDLE = "idle"
    LIMIT = "limit"
    MEMO = "memo"
    PERMISSION = "permission"
    PICTURE = "picture"
    STOP = "stop"


_CODES: dict[Subject, tuple[str, ...]] = {
    Subject.CLOCK: (
        *("clock_ahead", "clock_set", "clock_set_ahead", "clock_set_back", "clock_right"),
        *("clock_ahead_of_market", "clock_behind_market", "clock_behind_proof", "clock_insane"),
        *("market_clock_wrong", "diary_ahead"),
    ),
    Subject.CONTRACT: (
        *("contract_unknown", "contract_paused", "contract_ended", "terms_not_yet", "no_beacon"),
    ),
    Subject.DISK: (
        *("disk_full", "disk_read_only", "disk_error", "folder_exposed", "disk_paused"),
        *("run_disk_full", "run_disk_read_only", "run_disk_error", "disk_works"),
    ),
    Subject.IDLE: ("idle_question", "idle_kept", "note_too_long", "ended_idle"),
    Subject.LIMIT: ("limit_near", "limit_reached", "limit_unpaid"),
    Subject.MEMO: ("memo_required", "memo_too_long"),
    Subject.PERMISSION: ("leave_asked", "leave_given", "leave_denied", "leave_unknown"),
    Subject.PICTURE: ("given_back", "picture_gone"),
    Subject.STOP: ("ended_lock", "ended_suspend", "engine_error"),
}
#: The key of the question about idle time.
IDLE_KEY = "idle"
_NOTICE, _UPLOAD, _FACT = "notice:", "upload:", "fact:"
_SUBJECTS = {code: subject for subject, codes in _CODES.items() for code in codes}


def subject(code: str) -> str:
    """The subject of a notice; every other code is its own."""
    return _SUBJECTS.get(code, code)


def with_notice(notices: tuple[Notice, ...], new: Notice) -> tuple[Notice, ...]:
    """The notices, newest first, after a new one, which replaces those of its subject."""
    return (new, *without_subject(notices, subject(new.code)))


def without_subject(notices: tuple[Notice, ...], gone: str) -> tuple[Notice, ...]:
    """The notices about other subjects."""
    return tuple(notice for notice in notices if subject(notice.code) != gone)


def after_start(notices: tuple[Notice, ...]) -> tuple[Notice, ...]:
    """The notices that Start leaves: those about the recording before it are void."""
    return tuple(notice for notice in notices if notice.code not in _SUBJECTS)


def attention(state: AppState, translate: Translate) -> tuple[NoticeView, ...]:
    """The list: the urgent entries first, then by source (startup, recorder, upload, clients,
    other marketplaces, updates), the newest first. Each has a `key`, which names it in an answer.
    """
    found: list[NoticeView] = []
    if state.problem:
        found.append(replace(opening_view(state.problem, translate), key=f"start:{state.problem}"))
    idle = state.status.idle if state.status else None
    if idle is not None:
        params = {"at_ms": idle.since_ms, "seconds": idle.seconds}
        view = notice_view("idle_question", params, translate, state.zone)
        found.append(replace(view, key=IDLE_KEY))
    for notice in state.notices:
        if notice.code == "idle_question":
            continue
        view = notice_view(notice.code, notice.params, translate, state.zone)
        found.append(replace(view, key=f"{_NOTICE}{notice.code}"))
    problem = state.upload.problem if state.upload else None
    if problem and problem not in {"offline", state.dismissed}:
        found.append(replace(notice_view(problem, {}, translate), key=f"{_UPLOAD}{problem}"))
    for fact in state.unread_facts:
        view = notice_view(fact.code.value, dict(fact.params), translate, state.zone)
        found.append(replace(view, key=f"{_FACT}{fact.code.value}"))
    found += question_notices(state, translate)
    found += waiting_notices(state, translate)
    update = update_notice(state, translate)
    if update is not None:
        found.append(update)
    return tuple(sorted(found, key=lambda view: not view.urgent))


def answered(state: AppState, key: str) -> AppState:
    """The state after the person has answered the entry `key`. A startup problem and the question
    about idle time stay; an unknown key changes nothing.
    """
    if key.startswith(_NOTICE):
        code = key.removeprefix(_NOTICE)
        return replace(state, notices=tuple(n for n in state.notices if n.code != code))
    if key.startswith(_UPLOAD):
        return replace(state, dismissed=key.removeprefix(_UPLOAD))
    if key.startswith(_FACT):
        code = key.removeprefix(_FACT)
        read = {fact for fact in state.unread_facts if fact.code.value == code}
        return replace(state, read=state.read | read)
    return state
