"""The view of the main window.

Each part always has a text, so that the layout never moves; an empty state names the next action.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from diary.core.slots import SLOT
from ui.presenters import attention, pictures
from ui.presenters.app_state import AppState, StartupPhase
from ui.presenters.diary import QuestionView
from ui.presenters.formatting import hours, named, span, stopwatch, substitute, time_of_day

if TYPE_CHECKING:
    from diary.interfaces import ContractInfo
    from ui.presenters.formatting import Translate
    from ui.presenters.notices import NoticeView
    from ui.presenters.pictures import PictureReviewView

NEAR_LIMIT = 0.8


@dataclass(frozen=True)
class ContractChoice:
    """One contract in the list."""

    ctr: str
    title: str
    client: str


@dataclass(frozen=True)
class WindowView:
    """Final texts and flags of the window.

    `clock` is the session's time and `clock_spoken` the same for a screen reader. Each of the ten
    `minutes` is `active`, `quiet`, `unmeasured` or `none`. `week_share` is 0 to 1, or None without
    a limit.
    """

    banner: str
    contracts: tuple[ContractChoice, ...]
    contract: int
    contract_hint: str
    clock: str
    clock_spoken: str
    running: bool
    line: str
    line_attention: bool
    button: str
    button_enabled: bool
    totals: str
    week_share: float | None
    week_attention: bool
    slot_title: str
    minutes: tuple[str, ...]
    minutes_spoken: str
    picture: PictureReviewView
    status_text: str
    notice: NoticeView | None


def window_view(state: AppState, translate: Translate) -> WindowView:
    """All texts of the window."""
    status = state.status
    choices = tuple(ContractChoice(c.ctr, c.title, c.client) for c in state.contracts)
    line, line_attention = _line(state, translate)
    totals, share, near = _totals(state, translate)
    minutes = status.minutes if status and state.recorder_state != "stopped" else ("none",) * 10
    return WindowView(
        banner=banner(state, translate),
        contracts=choices,
        contract=contract_index(state),
        contract_hint=_contract_hint(state, translate),
        clock=stopwatch(state.session_s),
        clock_spoken=span(state.session_s, translate),
        running=state.recorder_state == "recording",
        line=line,
        line_attention=line_attention,
        button=button(state, translate),
        button_enabled=can_toggle(state),
        totals=totals,
        week_share=share,
        week_attention=near,
        slot_title=_slot_title(state, translate),
        minutes=minutes,
        minutes_spoken=_minutes_spoken(minutes, translate),
        picture=pictures.picture_view(state, translate),
        status_text=status_line(state, translate),
        notice=next(iter(attention.attention(state, translate)), None),
    )


def switch_view(
    to: ContractInfo, current: ContractInfo | None, translate: Translate
) -> QuestionView:
    """The question before a running recording goes over to another contract."""
    details = translate(
        "Window", "From now on, time counts for {client}. The time up to now stays on {current}."
    )
    return QuestionView(
        text=substitute(
            translate("Window", "Record on {contract} from now on?"), contract=named(to.title)
        ),
        details=substitute(
            details,
            client=named(to.client or to.title),
            current=named(current.title) if current else "–",
        ),
        yes=translate("Window", "&Switch contract"),
        no=translate("Window", "&Continue as before"),
    )


def contract_index(state: AppState) -> int:
    """The index of the chosen contract among all of them, -1 for none."""
    ctr = state.contract.ctr if state.contract else None
    return next((i for i, c in enumerate(state.contracts) if c.ctr == ctr), -1)


def banner(state: AppState, translate: Translate) -> str:
    """The banner of a demo; empty for a real marketplace."""
    if not state.demo:
        return ""
    speed = state.status.speed if state.status else 1
    if speed == 1:
        return translate("Window", "Demo. Nothing is billed.")
    return translate("Window", "Demo at %nx speed. Nothing is billed.", None, +speed)


def button(state: AppState, translate: Translate) -> str:
    """The label of the large button and of its menu entry, with its mnemonic."""
    labels = {
        "stopped": translate("Window", "&Start"),
        "starting": translate("Window", "&Cancel"),
        "recording": translate("Window", "&Stop"),
        "idle": translate("Window", "&Start"),
    }
    return labels[state.recorder_state]


def can_toggle(state: AppState) -> bool:
    """Whether Start or Stop is possible now.

    A missing memo does not disable Start: pressing it then leads to the field.
    """
    if state.phase is StartupPhase.SIGNING_OUT:
        return False
    if state.recorder_state in {"recording", "starting"}:
        return True
    return state.phase is StartupPhase.READY and state.contract is not None


def _contract_hint(state: AppState, translate: Translate) -> str:
    if state.phase is StartupPhase.READY:
        return translate("Window", "No contract yet")
    return translate("Window", "Contracts appear here")


def _line(state: AppState, translate: Translate) -> tuple[str, bool]:
    """The line below the clock, and whether it asks for attention."""
    if state.phase is not StartupPhase.READY:
        return _phase_line(state.phase, translate), state.phase in {
            StartupPhase.KEYRING,
            StartupPhase.FAILED,
        }
    status = state.status
    since = time_of_day(status.since_ms, state.zone) if status and status.since_ms else ""
    match state.recorder_state:
        case "starting":
            return translate("Window", "Starting, this takes a few seconds at most"), False
        case "recording":
            return substitute(translate("Window", "Recording since {time}"), time=since), False
        case "idle":
            return translate("Window", "Paused: no input. Time is not counted."), True
    if state.contract is None:
        return translate("Window", "Accept a contract at the marketplace first"), False
    if not state.memo.strip():
        return translate("Window", "Write what you are working on, then press Start"), False
    return translate("Window", "Not recording"), False


def _phase_line(phase: StartupPhase, translate: Translate) -> str:
    texts = {
        StartupPhase.OPENING: translate("Window", "Opening the diary"),
        StartupPhase.KEYRING: translate("Window", "Waiting for the keyring. Is its dialog open?"),
        StartupPhase.SIGNING_IN: translate("Window", "Joining the marketplace"),
        StartupPhase.SIGNING_OUT: translate("Window", "Signing out, uploading pending work"),
        StartupPhase.FAILED: translate("Window", "Not ready to record"),
    }
    return texts[phase]


def _totals(state: AppState, translate: Translate) -> tuple[str, float | None, bool]:
    today, week = state.totals
    limit = state.limit_s
    if limit is None:
        text = translate("Window", "Today {today} · Week {week}")
        return substitute(text, today=hours(today), week=hours(week)), None, False
    share = min(week / limit, 1.0) if limit else 1.0
    near = share >= NEAR_LIMIT
    text = (
        translate("Window", "Today {today} · Week {week} of {limit}, {left} left")
        if near
        else translate("Window", "Today {today} · Week {week} of {limit}")
    )
    left = hours(max(limit - week, 0))
    return (
        substitute(text, today=hours(today), week=hours(week), limit=hours(limit), left=left),
        share,
        near,
    )


def _slot_title(state: AppState, translate: Translate) -> str:
    slot = state.status.slot if state.status and state.recorder_state != "stopped" else None
    start_ms = (slot if slot is not None else state.now_ms // 1000 // SLOT * SLOT) * 1000
    return substitute(
        translate("Window", "Current ten minutes, {start} to {end}"),
        start=time_of_day(start_ms, state.zone),
        end=time_of_day(start_ms + SLOT * 1000, state.zone),
    )


def _minutes_spoken(minutes: tuple[str, ...], translate: Translate) -> str:
    """The bars as a text, for a screen reader and a tooltip."""
    kinds = {
        "active": translate("Window", "%n active", "minutes", minutes.count("active")),
        "quiet": translate("Window", "%n without input", "minutes", minutes.count("quiet")),
        "unmeasured": translate(
            "Window", "%n not measured", "minutes", minutes.count("unmeasured")
        ),
        "none": translate("Window", "%n not recorded", "minutes", minutes.count("none")),
    }
    counts = ", ".join(text for kind, text in kinds.items() if minutes.count(kind))
    return substitute(translate("Window", "Minutes: {list}"), list=counts)


def status_line(state: AppState, translate: Translate) -> str:
    """What was uploaded, what is pending, and what the marketplace refused."""
    text = _upload_text(state, translate)
    upload = state.upload
    set_aside = upload.refused + upload.held + upload.damaged if upload is not None else 0
    if not set_aside:
        return text
    more = translate("Window", "%n set aside", "pieces of work", set_aside)
    return f"{text} · {more}"


def _upload_text(state: AppState, translate: Translate) -> str:
    upload, waiting = state.upload, state.waiting
    offline = upload is not None and upload.offline
    if waiting and state.status is not None and state.status.in_memory:
        return translate("Window", "%n waiting, some not on disk yet", None, waiting)
    if offline and waiting:
        return translate("Window", "Offline, %n waiting, safe here", None, waiting)
    if offline:
        return translate("Window", "Offline, nothing waiting")
    if waiting:
        return translate("Window", "%n waiting, safe on this computer", None, waiting)
    if upload is None or upload.last_ok_ms is None:
        return translate("Window", "Nothing to send yet")
    if not upload.confirmed:
        return translate("Window", "Sent, not yet confirmed")
    return translate("Window", "All sent")
