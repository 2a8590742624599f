"""The notices of the window, by stable code, each with at most one action.

A sentence names the event and the safe data, and fits the window's status line; the action is the
next step. Sentences of the client's problems come from `uploader.problems`. A code without a
sentence is shown by its name.
"""
# Longer than 420 lines: the table has one row for each notice of the recorder.

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from system.i18n import QT_TRANSLATE_NOOP
from ui.presenters.formatting import date, hours, offset, span, substitute, time_of_day
from uploader.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from ui.presenters.formatting import Translate


class Action(StrEnum):
    """The actions of a notice's button."""

    NONE = ""
    DISMISS = "dismiss"  # hide the notice
    MEMO = "memo"  # go to the memo's field
    START = "start"
    RETRY = "retry"  # try again: the start, or the disk and the network of a running program
    TIME = "time"  # use the marketplace's time
    VISIT = "visit"  # open the marketplace in the browser
    IDLE = "idle"  # keep or discard idle time
    NEW_DEVICE = "sibling"  # confirm or reject another device
    QUIT = "quit"
    SEND = "send"  # send again what the marketplace refused
    DAY = "day"  # show today's own diary
    SWITCH = "switch"  # open another marketplace
    UPDATE = "update"  # restart with the new version
    ANSWER = "answer"  # answer a question of the client


@dataclass(frozen=True)
class NoticeView:
    """A notice. `urgent`: something has stopped; otherwise it asks for attention. `key` names it in
    an answer.
    """

    text: str
    action: Action = Action.NONE
    label: str = ""
    urgent: bool = False
    key: str = ""


@dataclass(frozen=True)
class _Row:
    text: str
    action: Action = Action.NONE
    urgent: bool = False


_CONTEXT = "Notice"

_ROWS: dict[str, _Row] = {
    # the recorder; shown once, until answered
    "memo_required": _Row(
        QT_TRANSLATE_NOOP("Notice", "Write what you are working on first."), Action.MEMO
    ),
    "memo_too_long": _Row(
        QT_TRANSLATE_NOOP("Notice", "The memo is too long: at most {limit} characters."),
        Action.MEMO,
    ),
    "contract_unknown": _Row(
        QT_TRANSLATE_NOOP("Notice", "This contract is not known on this computer."), Action.VISIT
    ),
    "contract_paused": _Row(
        QT_TRANSLATE_NOOP("Notice", "The contract is paused. Nothing is recorded."), Action.VISIT
    ),
    "contract_ended": _Row(
        QT_TRANSLATE_NOOP("Notice", "The contract has ended. Nothing is recorded."), Action.VISIT
    ),
    "terms_not_yet": _Row(
        QT_TRANSLATE_NOOP("Notice", "The contract's terms begin on {from_s}."), Action.DISMISS
    ),
    "no_beacon": _Row(
        QT_TRANSLATE_NOOP(
            "Notice",
            "Before the first recording, this computer must connect to the marketplace once.",
        ),
        Action.START,
    ),
    "clock_ahead": _Row(
        QT_TRANSLATE_NOOP(
            "Notice",
            "Your diary has entries up to {ahead_s} ahead of now. New time is added after them.",
        ),
        Action.DISMISS,
    ),
    "clock_set": _Row(
        QT_TRANSLATE_NOOP("Notice", "This computer's clock was set. Your time is not affected."),
        Action.DISMISS,
    ),
    "clock_set_ahead": _Row(
        QT_TRANSLATE_NOOP(
            "Notice", "This computer's clock was set ahead by {off_s}. Recording has stopped."
        ),
        Action.START,
        urgent=True,
    ),
    "clock_set_back": _Row(
        QT_TRANSLATE_NOOP(
            "Notice", "This computer's clock was set back by {off_s}. Recording has stopped."
        ),
        Action.START,
        urgent=True,
    ),
    "clock_ahead_of_market": _Row(
        QT_TRANSLATE_NOOP(
            "Notice",
            "Your clock is {off_s} ahead of the marketplace. Recording is stopped.",
        ),
        Action.TIME,
        urgent=True,
    ),
    "clock_behind_market": _Row(
        QT_TRANSLATE_NOOP(
            "Notice",
            "Your clock is {off_s} behind the marketplace. Recording is stopped.",
        ),
        Action.TIME,
        urgent=True,
    ),
    "clock_behind_proof": _Row(
        QT_TRANSLATE_NOOP(
            "Notice",
            "This computer's clock is {off_s} behind the last known time. Set it, then start.",
        ),
        Action.START,
        urgent=True,
    ),
    "clock_insane": _Row(
        QT_TRANSLATE_NOOP(
            "Notice", "This computer's clock shows an impossible year. Set it, then start."
        ),
        Action.START,
        urgent=True,
    ),
    "market_clock_wrong": _Row(
        QT_TRANSLATE_NOOP(
            "Notice",
            "The marketplace's clock is {off_s} off. Start again with this computer's clock.",
        ),
        Action.START,
        urgent=True,
    ),
    "clock_right": _Row(
        QT_TRANSLATE_NOOP("Notice", "The clocks agree again. Recording can start."),
        Action.START,
    ),
    "diary_ahead": _Row(
        QT_TRANSLATE_NOOP(
            "Notice",
            "Earlier work was saved with a clock {off_s} ahead and may not be paid. "
            "New work gets the right time.",
        ),
        Action.DISMISS,
    ),
    "set_aside_clock": _Row(
        QT_TRANSLATE_NOOP(
            "Notice", "{seconds} were recorded with a wrong clock. They are set aside, not paid."
        ),
        Action.DISMISS,
        urgent=True,
    ),
    "limit_near": _Row(
        QT_TRANSLATE_NOOP(
            "Notice", "{percent} % of this week's limit is used: {used_s} of {limit_s}."
        ),
        Action.DISMISS,
    ),
    "limit_reached": _Row(
        QT_TRANSLATE_NOOP(
            "Notice",
            "This week's limit of {limit_s} is reached. Recording stopped; your time is saved.",
        ),
        Action.DISMISS,
        urgent=True,
    ),
    "limit_unpaid": _Row(
        QT_TRANSLATE_NOOP("Notice", "Over the limit of {limit_s}: recording continues, unpaid."),
        Action.DISMISS,
    ),
    "idle_question": _Row(
        QT_TRANSLATE_NOOP("Notice", "Stopped: no input since {at_ms}. Keep these {seconds}?"),
        Action.IDLE,
    ),
    "idle_kept": _Row(
        QT_TRANSLATE_NOOP("Notice", "{seconds} without input are kept, with your note."),
        Action.DISMISS,
    ),
    "note_too_long": _Row(
        QT_TRANSLATE_NOOP("Notice", "The note is too long: at most {limit} characters."),
        Action.IDLE,
    ),
    # the desktop's permission dialog for pictures, at Start
    "leave_asked": _Row(
        QT_TRANSLATE_NOOP("Notice", "Your desktop asks whether Workdiary may take screenshots."),
        Action.DISMISS,
    ),
    "leave_given": _Row(QT_TRANSLATE_NOOP("Notice", "Screenshots are allowed."), Action.DISMISS),
    "leave_denied": _Row(
        QT_TRANSLATE_NOOP(
            "Notice", "Screenshots are blocked. Your time still counts; the record notes it."
        ),
        Action.DISMISS,
    ),
    "leave_unknown": _Row(
        QT_TRANSLATE_NOOP(
            "Notice",
            "Your desktop did not answer the request for screenshots. Your time still counts.",
        ),
        Action.DISMISS,
    ),
    "ended_idle": _Row(
        QT_TRANSLATE_NOOP("Notice", "Stopped: no input since {at_ms}. Time until then is saved."),
        Action.START,
    ),
    "ended_lock": _Row(
        QT_TRANSLATE_NOOP(
            "Notice", "Stopped at {at_ms}: the screen was locked. Your time is saved."
        ),
        Action.START,
    ),
    "ended_suspend": _Row(
        QT_TRANSLATE_NOOP(
            "Notice", "Stopped at {at_ms}: this computer went to sleep. Your time is saved."
        ),
        Action.START,
    ),
    "given_back": _Row(
        QT_TRANSLATE_NOOP("Notice", "Picture deleted. {seconds} of paid time removed."),
        Action.DISMISS,
    ),
    "cover_refused": _Row(
        QT_TRANSLATE_NOOP(
            "Notice", "Nothing was covered: at most {limit} areas, each inside the picture."
        ),
        Action.DISMISS,
        urgent=True,
    ),
    "cover_failed": _Row(
        QT_TRANSLATE_NOOP(
            "Notice", "The picture could not be covered, so it was destroyed. Your time counts."
        ),
        Action.DISMISS,
    ),
    "deletion_undone": _Row(
        QT_TRANSLATE_NOOP("Notice", "The picture and its {seconds} are back."), Action.DISMISS
    ),
    "undo_late": _Row(
        QT_TRANSLATE_NOOP("Notice", "Too late to undo: the picture and its time are deleted."),
        Action.DISMISS,
    ),
    "picture_gone": _Row(
        QT_TRANSLATE_NOOP("Notice", "The picture is already saved. Delete it in the diary."),
        Action.DISMISS,
    ),
    "recovered": _Row(
        QT_TRANSLATE_NOOP("Notice", "{seconds} from before the interruption are in the diary."),
        Action.DISMISS,
    ),
    "recovered_unpaid": _Row(
        QT_TRANSLATE_NOOP(
            "Notice",
            "{seconds} were recorded with a key that is lost. They are set aside and not paid.",
        ),
        Action.DISMISS,
        urgent=True,
    ),
    "journal_unreadable": _Row(
        QT_TRANSLATE_NOOP(
            "Notice",
            "A file of unfinished work cannot be read. It stays on this computer, unpaid.",
        ),
        Action.DISMISS,
        urgent=True,
    ),
    "set_aside": _Row(
        QT_TRANSLATE_NOOP(
            "Notice", "Some work could not be signed. It is set aside on this computer."
        ),
        Action.DISMISS,
        urgent=True,
    ),
    "engine_error": _Row(
        QT_TRANSLATE_NOOP("Notice", "Recording failed and stopped. Your time until then is saved."),
        Action.START,
        urgent=True,
    ),
    "internal": _Row(
        QT_TRANSLATE_NOOP("Notice", "Workdiary failed to start. Your saved work is safe."),
        Action.RETRY,
        urgent=True,
    ),
    # the disk and the state folder
    "disk_full": _Row(Problem.DISK_FULL.sentence, Action.RETRY, urgent=True),
    "disk_read_only": _Row(Problem.DISK_READ_ONLY.sentence, Action.RETRY, urgent=True),
    "folder_exposed": _Row(Problem.FOLDER_EXPOSED.sentence, Action.RETRY, urgent=True),
    "disk_error": _Row(Problem.DISK_ERROR.sentence, Action.RETRY, urgent=True),
    "pending_full": _Row(
        QT_TRANSLATE_NOOP(
            "Notice",
            "Too many pictures are waiting for upload. Start again once they are uploaded.",
        ),
        Action.START,
        urgent=True,
    ),
    "run_disk_full": _Row(
        QT_TRANSLATE_NOOP(
            "Notice", "The disk is full. Recording continues in memory. Free some space soon."
        ),
        Action.RETRY,
        urgent=True,
    ),
    "run_disk_read_only": _Row(
        QT_TRANSLATE_NOOP(
            "Notice", "The diary's folder cannot be written to. Recording continues in memory."
        ),
        Action.RETRY,
        urgent=True,
    ),
    "run_disk_error": _Row(
        QT_TRANSLATE_NOOP("Notice", "The disk accepts no data. Recording continues in memory."),
        Action.RETRY,
        urgent=True,
    ),
    "disk_paused": _Row(
        QT_TRANSLATE_NOOP(
            "Notice",
            "Nothing could be saved for an hour. Recording pauses until the disk works again.",
        ),
        Action.RETRY,
        urgent=True,
    ),
    "disk_works": _Row(
        QT_TRANSLATE_NOOP("Notice", "The disk works again. Your work is saved."), Action.DISMISS
    ),
    "already_running": _Row(Problem.ALREADY_RUNNING.sentence, Action.QUIT, urgent=True),
    "still_saving": _Row(Problem.STILL_SAVING.sentence, Action.RETRY, urgent=True),
    "no_locks": _Row(Problem.NO_LOCKS.sentence, Action.RETRY, urgent=True),
    "schema_newer": _Row(Problem.SCHEMA_NEWER.sentence, Action.QUIT, urgent=True),
    "seq_taken": _Row(Problem.SEQ_TAKEN.sentence, Action.DISMISS, urgent=True),
    "index_damaged": _Row(Problem.INDEX_DAMAGED.sentence, Action.DISMISS),
    "file_damaged": _Row(Problem.FILE_DAMAGED.sentence, Action.DISMISS),
    "file_lost": _Row(Problem.FILE_LOST.sentence, Action.DISMISS),
    "beacon_unreadable": _Row(Problem.BEACON_UNREADABLE.sentence, Action.DISMISS),
    "journal_damaged": _Row(Problem.JOURNAL_DAMAGED.sentence, Action.DISMISS, urgent=True),
    "restored_backup": _Row(Problem.RESTORED_BACKUP.sentence, Action.DISMISS),
    "copied_folder": _Row(
        QT_TRANSLATE_NOOP(
            "Notice",
            "A copy of this folder recorded too: {seconds} are sent again, {unpaid_s} are unpaid.",
        ),
        Action.DAY,
    ),
    "unpaid_work": _Row(
        QT_TRANSLATE_NOOP("Notice", "{seconds} of this week's work are unpaid. See why."),
        Action.DAY,
    ),
    "foreign_head": _Row(Problem.FOREIGN_HEAD.sentence, Action.VISIT, urgent=True),
    # changes by the person
    "week_locked": _Row(Problem.WEEK_LOCKED.sentence, Action.DISMISS),
    "nothing_left": _Row(Problem.NOTHING_LEFT.sentence, Action.DISMISS),
    "manual_invalid": _Row(Problem.MANUAL_INVALID.sentence, Action.DISMISS),
    "manual_ahead": _Row(Problem.MANUAL_AHEAD.sentence, Action.DISMISS),
    "manual_forbidden": _Row(Problem.MANUAL_FORBIDDEN.sentence, Action.DISMISS),
    "manual_overlap": _Row(Problem.MANUAL_OVERLAP.sentence, Action.DISMISS),
    # the network: recording continues, the status line shows the queue
    "offline": _Row(  # only if the program cannot start without it
        QT_TRANSLATE_NOOP(
            "Notice", "The marketplace cannot be reached. The first start needs a connection."
        ),
        Action.RETRY,
    ),
    "timeout": _Row(Problem.TIMEOUT.sentence),
    "connection_lost": _Row(Problem.CONNECTION_LOST.sentence),
    "tls_failed": _Row(Problem.TLS_FAILED.sentence, urgent=True),
    "insecure_address": _Row(Problem.INSECURE_ADDRESS.sentence, urgent=True),
    "captive_portal": _Row(Problem.CAPTIVE_PORTAL.sentence, Action.VISIT),
    "proxy_sign_in": _Row(Problem.PROXY_SIGN_IN.sentence, Action.RETRY),
    "proxy_unreachable": _Row(Problem.PROXY_UNREACHABLE.sentence, Action.RETRY),
    "proxy_unknown": _Row(Problem.PROXY_UNKNOWN.sentence, Action.RETRY),
    "proxy_unsupported": _Row(Problem.PROXY_UNSUPPORTED.sentence, Action.RETRY),
    "proxy_failed": _Row(Problem.PROXY_FAILED.sentence, Action.RETRY),
    "pac_unreadable": _Row(Problem.PAC_UNREADABLE.sentence, Action.RETRY),
    "pac_broken": _Row(Problem.PAC_BROKEN.sentence, Action.RETRY),
    "route_incomplete": _Row(Problem.ROUTE_INCOMPLETE.sentence, Action.RETRY),
    "ca_unusable": _Row(Problem.CA_UNUSABLE.sentence, Action.RETRY),
    "unexpected_redirect": _Row(Problem.UNEXPECTED_REDIRECT.sentence),
    "unexpected_answer": _Row(Problem.UNEXPECTED_ANSWER.sentence),
    "answer_too_large": _Row(Problem.ANSWER_TOO_LARGE.sentence),
    "answer_cut": _Row(Problem.ANSWER_CUT.sentence),
    # the marketplace
    "server_trouble": _Row(Problem.SERVER_TROUBLE.sentence),
    "no_room": _Row(Problem.NO_ROOM.sentence, Action.VISIT),
    "server_busy": _Row(Problem.SERVER_BUSY.sentence),
    "code_invalid": _Row(Problem.CODE_INVALID.sentence, Action.VISIT, urgent=True),
    "session_expired": _Row(Problem.SESSION_EXPIRED.sentence, Action.VISIT, urgent=True),
    "enrolment_refused": _Row(Problem.ENROLMENT_REFUSED.sentence, Action.VISIT, urgent=True),
    "sign_in_refused": _Row(Problem.SIGN_IN_REFUSED.sentence, Action.VISIT, urgent=True),
    "sign_in_cancelled": _Row(Problem.SIGN_IN_CANCELLED.sentence, Action.RETRY),
    "sign_in_timed_out": _Row(Problem.SIGN_IN_TIMED_OUT.sentence, Action.RETRY),
    "sign_in_failed": _Row(Problem.SIGN_IN_FAILED.sentence, Action.RETRY),
    "sign_in_unsupported": _Row(Problem.SIGN_IN_UNSUPPORTED.sentence, Action.RETRY),
    "sign_in_no_port": _Row(Problem.SIGN_IN_NO_PORT.sentence, Action.RETRY),
    "refused": _Row(Problem.REFUSED.sentence, Action.SEND),
    "server_behind": _Row(Problem.SERVER_BEHIND.sentence, Action.VISIT),
    "server_lost": _Row(Problem.SERVER_LOST.sentence, Action.DISMISS),
    "wrong_server_time": _Row(Problem.WRONG_SERVER_TIME.sentence, Action.DISMISS),
    # proofs
    "wrong_marketplace": _Row(Problem.WRONG_MARKETPLACE.sentence, urgent=True),
    "log_key_changed": _Row(Problem.LOG_KEY_CHANGED.sentence, urgent=True),
    "wrong_receipt": _Row(Problem.WRONG_RECEIPT.sentence),
    "wrong_time": _Row(Problem.WRONG_TIME.sentence),
    "wrong_beacon": _Row(Problem.WRONG_BEACON.sentence, Action.DISMISS),
    "wrong_terms": _Row(Problem.WRONG_TERMS.sentence, Action.DISMISS),
    "wrong_statement": _Row(Problem.WRONG_STATEMENT.sentence, Action.DISMISS),
    "split_view": _Row(Problem.SPLIT_VIEW.sentence, Action.DISMISS),
    "log_unproven": _Row(Problem.LOG_UNPROVEN.sentence, Action.DISMISS),
    # the keyring
    "keyring_absent": _Row(Problem.KEYRING_ABSENT.sentence, Action.RETRY, urgent=True),
    "keyring_locked": _Row(Problem.KEYRING_LOCKED.sentence, Action.RETRY, urgent=True),
    "keyring_failed": _Row(Problem.KEYRING_FAILED.sentence, Action.RETRY, urgent=True),
    "keys_missing": _Row(Problem.KEYS_MISSING.sentence, Action.VISIT, urgent=True),
    "signed_out": _Row(Problem.SIGNED_OUT.sentence, Action.QUIT),
    "new_device": _Row(
        QT_TRANSLATE_NOOP("Notice", "A new device signed in to your account. Is it yours?"),
        Action.NEW_DEVICE,
    ),
    "key_ends_soon": _Row(Problem.KEY_ENDS_SOON.sentence, Action.VISIT),
    "not_enrolled": _Row(Problem.NOT_ENROLLED.sentence, Action.VISIT, urgent=True),
    # several marketplaces
    "switch_unsaved": _Row(
        QT_TRANSLATE_NOOP("Notice", "Some work is not on the disk yet. Switch once it is saved."),
        Action.RETRY,
    ),
    "left_marketplace": _Row(
        QT_TRANSLATE_NOOP("Notice", "You are signed out. Your other marketplace is open now."),
        Action.DISMISS,
    ),
    # updates
    "update_reverted": _Row(
        QT_TRANSLATE_NOOP(
            "Notice", "The new version did not start. The earlier version continues."
        ),
        Action.DISMISS,
    ),
    "update_refused": _Row(
        QT_TRANSLATE_NOOP(
            "Notice",
            "Updates were refused: their signatures or dates are not valid. Nothing was changed.",
        ),
        Action.DISMISS,
    ),
}


#: Actions that a program which failed to open can carry out; others become RETRY.
_WITHOUT_CLIENT = frozenset({Action.RETRY, Action.VISIT, Action.QUIT})


def notice_view(
    code: str,
    params: Mapping[str, int],
    translate: Translate,
    zone: tzinfo | None = None,
    *,
    failed: bool = False,
) -> NoticeView:
    """The notice for a code.

    `{name}` in its sentence is filled from `params`; the name's suffix selects the format: a time,
    a span or a number. With `failed` the program could not be opened and has no recorder.
    """
    unknown = _Row(
        QT_TRANSLATE_NOOP(
            "Notice", "Something did not work ({code}). Your saved work is safe on this computer."
        )
    )
    row = _ROWS.get(code, unknown)
    written = {name: _format(name, value, translate, zone) for name, value in params.items()}
    text = substitute(translate(_CONTEXT, row.text), code=code, **written)
    action = Action.RETRY if failed and row.action not in _WITHOUT_CLIENT else row.action
    return NoticeView(text, action, action_label(action, translate), row.urgent)


def action_label(action: Action, translate: Translate) -> str:
    """The label of an action's button, with its mnemonic."""
    labels = {
        Action.NONE: "",
        Action.DISMISS: translate("Notice", "&OK"),
        Action.MEMO: translate("Notice", "&Write"),
        Action.START: translate("Notice", "Start a&gain"),
        Action.RETRY: translate("Notice", "&Try again"),
        Action.TIME: translate("Notice", "&Use its time"),
        Action.VISIT: translate("Notice", "&Open"),
        Action.IDLE: translate("Notice", "&Answer"),
        Action.NEW_DEVICE: translate("Notice", "&Answer"),
        Action.QUIT: translate("Notice", "&Quit"),
        Action.SEND: translate("Notice", "Send a&gain"),
        Action.DAY: translate("Notice", "S&how"),
        Action.SWITCH: translate("Notice", "S&witch"),
        Action.UPDATE: translate("Notice", "R&estart"),
        Action.ANSWER: translate("Notice", "&Answer"),
    }
    return labels[action]


def _format(name: str, value: int, translate: Translate, zone: tzinfo | None) -> str:
    match name:
        case "at_ms":
            return time_of_day(value, zone)
        case "from_s" | "until_s":
            return f"{date(value, zone)} {time_of_day(value * 1000, zone)}"
        case "used_s" | "limit_s":
            return hours(value)
        case "ahead_s" | "off_s":
            return offset(value, translate)
        case "seconds" | "unpaid_s":
            return span(value, translate)
    return str(value)
