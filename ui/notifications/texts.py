"""The notifications of the desktop: the events that must reach a person who does not look at the
window.

Each event is also in the window: as an entry of the attention list, in the status line or as the
state of the recording.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from system.i18n import QT_TRANSLATE_NOOP
from ui.presenters.attention import IDLE_KEY, subject
from ui.presenters.formatting import named, span, substitute
from ui.presenters.notices import Action, action_label, notice_view
from ui.presenters.questions import QUESTION_KEY, asked, question_notices, waiting
from ui.presenters.updates import UPDATE_KEY, update_notice

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from tracker.model.status import Notice
    from ui.presenters.app_state import AppState
    from ui.presenters.formatting import Translate

_CONTEXT = "Notification"
_HOUR = 3600
#: The action of a click on the notification itself.
OPEN = "default"
#: Offline for this long, or so many pieces of work that wait although the marketplace answers.
OFFLINE_S, QUEUE = _HOUR, 12
#: The keys of the notifications that no notice causes.
OFFLINE_KEY, QUEUE_KEY, LONG_KEY = "offline", "queue", "long"
START_KEY, CONFIRM_KEY, EXPLANATION_KEY = "start", "confirm", "explanation"

_STOPPED_BY_CLOCK = QT_TRANSLATE_NOOP("Notification", "Recording stopped: clock problem")
_STOPPED_BY_DISK = QT_TRANSLATE_NOOP("Notification", "Recording stopped: disk problem")
_DISK = QT_TRANSLATE_NOOP("Notification", "Disk problem")
_LOG = QT_TRANSLATE_NOOP("Notification", "The marketplace's log has changed")
_UNPAID = QT_TRANSLATE_NOOP("Notification", "Some work is not paid")

#: The titles of the notices that the desktop shows. The others are only in the window.
_TITLES: dict[str, str] = {
    "limit_near": QT_TRANSLATE_NOOP("Notification", "Weekly limit almost reached"),
    "limit_reached": QT_TRANSLATE_NOOP("Notification", "Recording stopped: weekly limit reached"),
    "limit_unpaid": QT_TRANSLATE_NOOP("Notification", "Weekly limit reached"),
    "idle_question": QT_TRANSLATE_NOOP("Notification", "Recording stopped: no input"),
    "ended_idle": QT_TRANSLATE_NOOP("Notification", "Recording stopped: no input"),
    "ended_lock": QT_TRANSLATE_NOOP("Notification", "Recording stopped: screen locked"),
    "ended_suspend": QT_TRANSLATE_NOOP(
        "Notification", "Recording stopped: this computer went to sleep"
    ),
    "contract_paused": QT_TRANSLATE_NOOP("Notification", "Recording stopped: contract paused"),
    "contract_ended": QT_TRANSLATE_NOOP("Notification", "Recording stopped: contract ended"),
    "engine_error": QT_TRANSLATE_NOOP("Notification", "Recording stopped: error"),
    "clock_set_ahead": _STOPPED_BY_CLOCK,
    "clock_set_back": _STOPPED_BY_CLOCK,
    "clock_ahead_of_market": _STOPPED_BY_CLOCK,
    "clock_behind_market": _STOPPED_BY_CLOCK,
    "clock_behind_proof": _STOPPED_BY_CLOCK,
    "clock_insane": _STOPPED_BY_CLOCK,
    "market_clock_wrong": _STOPPED_BY_CLOCK,
    "clock_right": QT_TRANSLATE_NOOP("Notification", "Clock problem solved"),
    "pending_full": QT_TRANSLATE_NOOP(
        "Notification", "Recording stopped: too many pictures are waiting"
    ),
    "disk_full": _STOPPED_BY_DISK,
    "disk_read_only": _STOPPED_BY_DISK,
    "disk_error": _STOPPED_BY_DISK,
    "disk_paused": _STOPPED_BY_DISK,
    "run_disk_full": _DISK,
    "run_disk_read_only": _DISK,
    "run_disk_error": _DISK,
    "disk_works": QT_TRANSLATE_NOOP("Notification", "Disk problem solved"),
    "recovered_unpaid": _UNPAID,
    "set_aside": _UNPAID,
    "set_aside_clock": _UNPAID,
    "split_view": _LOG,
    "server_lost": _LOG,
    "log_key_changed": _LOG,
    "new_device": QT_TRANSLATE_NOOP("Notification", "New device"),
}
#: These stay until they are answered: the person may be away, and the recording has ended.
_PASSING = frozenset({"limit_near", "limit_unpaid", "clock_right", "disk_works"})


@dataclass(frozen=True)
class Button:
    """A button: `action` is reported when it is pressed, `label` is its plain text."""

    action: str
    label: str


@dataclass(frozen=True)
class Notification:
    """One notification. A newer one with the same `key` replaces it. `stays`: until it is closed or
    withdrawn. `brief`: the desktop does not keep it in its list.
    """

    key: str
    title: str
    body: str
    buttons: tuple[Button, ...] = ()
    urgent: bool = False
    stays: bool = False
    brief: bool = False


def notice_notification(
    notice: Notice, state: AppState, translate: Translate
) -> Notification | None:
    """The notification of a notice; None if it is only for the window."""
    title = _TITLES.get(notice.code)
    if title is None:
        return None
    view = notice_view(notice.code, notice.params, translate, state.zone)
    idle = notice.code == "idle_question"
    return Notification(
        key=IDLE_KEY if idle else subject(notice.code),
        title=translate(_CONTEXT, title),
        body=view.text,
        buttons=_buttons(view.action, translate),
        urgent=view.urgent,
        stays=notice.code not in _PASSING,
    )


def offline_notification(state: AppState, translate: Translate) -> Notification | None:
    """The notification of a long time without a connection; None if there is none, or if nothing
    waits.
    """
    upload = state.upload
    if upload is None or not upload.offline or upload.last_ok_ms is None or not state.waiting:
        return None
    seconds = (state.now_ms - upload.last_ok_ms) // 1000
    if seconds < OFFLINE_S:
        return None
    text = translate(
        "Notification",
        "The marketplace has not answered for {span}. Your work is stored on this computer.",
    )
    return Notification(
        OFFLINE_KEY,
        translate("Notification", "Offline"),
        substitute(text, span=span(seconds, translate)),
        _buttons(Action.RETRY, translate),
    )


def queue_notification(state: AppState, translate: Translate) -> Notification | None:
    """The notification of much work that waits although the marketplace can be reached."""
    upload = state.upload
    if upload is None or upload.offline or upload.waiting < QUEUE:
        return None
    text = translate(
        "Notification",
        "%n entries are waiting. They are safe on this computer.",
        None,
        upload.waiting,
    )
    return Notification(
        QUEUE_KEY,
        translate("Notification", "Uploading takes long"),
        text,
        _buttons(Action.RETRY, translate),
    )


def long_notification(state: AppState, hours: int, translate: Translate) -> Notification | None:
    """The reminder of a recording that has run for `hours` without a break; None before, and if
    `hours` is 0.
    """
    if not hours or state.recorder_state != "recording" or state.session_s < hours * _HOUR:
        return None
    text = translate("Notification", "Recording for {span} without a break.")
    return Notification(
        LONG_KEY,
        translate("Notification", "Still recording"),
        substitute(text, span=span(state.session_s, translate)),
    )


def update_notification(state: AppState, translate: Translate) -> Notification | None:
    """The notification of a new version; None without one, or while no restart is allowed."""
    notice = update_notice(state, translate)
    if notice is None:
        return None
    title = translate("Notification", "Update ready")
    return Notification(UPDATE_KEY, title, notice.text, _buttons(notice.action, translate))


def question_notification(
    state: AppState, announced: AbstractSet[str], translate: Translate
) -> Notification | None:
    """The notification of questions of clients, by their digests, that were not announced; None
    without any. Their texts are only in the window: the screen may be shared.
    """
    new = [each for each in waiting(state) if each.first.digest not in announced]
    if not new:
        return None
    rows = question_notices(state, translate)
    key = f"{QUESTION_KEY}{new[0].first.digest}"
    entry = next((row.key for row in rows if row.key == key), rows[0].key)
    body = (
        asked(new[0], state, translate)
        if len(new) == 1
        else translate("Notification", "%n new questions", None, len(new))
    )
    title = translate("Notification", "A client has a question")
    return Notification(entry, title, body, _buttons(Action.ANSWER, translate), stays=True)


def start_reminder(state: AppState, translate: Translate) -> Notification | None:
    """The reminder to start; None while a recording runs or while none can start."""
    if state.running or state.contract is None:
        return None
    text = translate("Notification", "You chose this time to be reminded. Contract: {contract}")
    return Notification(
        START_KEY,
        translate("Notification", "Start recording?"),
        substitute(text, contract=named(state.contract.title)),
        (Button(Action.START, _plain_label(translate("Notification", "Start"))),),
        stays=True,
    )


def confirmation(state: AppState, translate: Translate) -> Notification:
    """The confirmation of a Start, Stop, Pause or Resume that was not given in the window."""
    contract = state.contract
    titles = {
        "recording": translate("Notification", "Recording started"),
        "paused": translate("Notification", "Recording paused"),
    }
    title = titles.get(state.recorder_state, translate("Notification", "Recording stopped"))
    body = named(contract.title) if contract is not None else ""
    return Notification(CONFIRM_KEY, title, body, brief=True)


def _buttons(action: Action, translate: Translate) -> tuple[Button, ...]:
    if action in {Action.NONE, Action.DISMISS}:
        return ()
    return (Button(action, _plain_label(action_label(action, translate))),)


def _plain_label(text: str) -> str:
    """A label without the mark of its mnemonic."""
    return text.replace("&", "")
