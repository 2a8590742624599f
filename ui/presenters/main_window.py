"""The view of the main window.

Each part always has a text, so that the layout never moves; an empty state names the next action.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from diary.core.slots import SLOT
from tracker.model.protection import Missing, has_picture, missing
from ui.presenters import pictures
from ui.presenters.app_state import AppState, StartupPhase
from ui.presenters.attention import attention
from ui.presenters.diary import QuestionView
from ui.presenters.formatting import Line, hours, named, span, stopwatch, substitute, time_of_day

if TYPE_CHECKING:
    from collections.abc import Iterable

    from diary.interfaces import ContractInfo
    from tracker.model.status import Status
    from ui.presenters.formatting import Translate
    from ui.presenters.notices import NoticeView
    from ui.presenters.pictures import PictureReviewView

NEAR_LIMIT = 0.8
#: Characters of a marketplace's name in the banner: a demo's, a real one's.
_LONGEST_DEMO, _LONGEST_REAL = 28, 44


@dataclass(frozen=True)
class ContractChoice:
    """One contract in the list."""

    ctr: str
    title: str
    client: str


class StateShape(StrEnum):
    """The shape beside the running time."""

    DISC = "disc"  # recording
    BARS = "bars"  # paused
    RING = "ring"  # not recording


_MARKS = {"recording": StateShape.DISC, "paused": StateShape.BARS, "idle": StateShape.BARS}


@dataclass(frozen=True)
class WindowView:
    """Final texts and flags of the window.

    `clock` is the session's time and `clock_spoken` the same for a screen reader; `aside` is the
    text at its end. `button` is the label of the large button, which is solid if it starts;
    `pause` that of the button beside it, if there is one, which is solid if it resumes. `line` is
    the line about the slot's protection. Each of the ten `minutes` is `active`, `quiet`,
    `unmeasured` or `none`. `week_share` is 0 to 1, or None without a limit. With `offers_memos`
    the recent memos are shown instead of the minutes and the picture.
    """

    banner: str
    is_demo: bool
    contracts: tuple[ContractChoice, ...]
    contract: int
    contract_hint: str
    mark: StateShape
    clock: str
    clock_spoken: str
    aside: str
    button: str
    button_enabled: bool
    starts: bool
    pause: str
    resumes: bool
    line: Line
    today: Line
    week: Line
    week_share: float | None
    week_attention: bool
    offers_memos: bool
    memo_hint: str
    slot_title: str
    slot_span: str
    minutes: tuple[str, ...]
    minutes_spoken: str
    picture: PictureReviewView
    status_icon: str
    status_text: str
    offline: bool
    attention: tuple[NoticeView, ...]

    @property
    def recording(self) -> bool:
        """Whether time counts now."""
        return self.mark is StateShape.DISC


def contract_choices(contracts: Iterable[ContractInfo]) -> tuple[ContractChoice, ...]:
    """The contracts for a list."""
    return tuple(ContractChoice(c.ctr, c.title, c.client) for c in contracts)


def window_view(state: AppState, translate: Translate) -> WindowView:
    """All texts of the window."""
    status = state.status
    stopped = state.recorder_state == "stopped"
    choices = contract_choices(state.contracts)
    today, week, share, near = _totals(state, translate)
    minutes = status.minutes if status and not stopped else ("none",) * 10
    picture = pictures.picture_view(state, translate)
    title, times = _slot_title(state, translate)
    return WindowView(
        banner=banner(state, translate),
        is_demo=state.demo,
        contracts=choices,
        contract=contract_index(state),
        contract_hint=_contract_hint(state, translate),
        mark=_MARKS.get(state.recorder_state, StateShape.RING),
        clock=stopwatch(state.session_s),
        clock_spoken=span(state.session_s, translate),
        aside=_aside(state, translate),
        button=button(state, translate),
        button_enabled=can_toggle(state),
        starts=state.recorder_state in {"stopped", "idle"},
        pause=pause_button(state, translate),
        resumes=state.paused,
        line=_line(state, translate),
        today=today,
        week=week,
        week_share=share,
        week_attention=near,
        # A picture under review stays visible until its time is over.
        offers_memos=stopped and not picture.can_keep,
        memo_hint=translate("Window", "Memos that you have used appear here"),
        slot_title=title,
        slot_span=times,
        minutes=minutes,
        minutes_spoken=_minutes_spoken(minutes, translate),
        picture=picture,
        status_icon=_upload_icon(state),
        status_text=status_line(state, translate),
        offline=state.upload is not None and state.upload.offline,
        attention=attention(state, translate),
    )


def switch_view(
    to: ContractInfo, current: ContractInfo | None, translate: Translate
) -> QuestionView:
    """The question before a running recording switches to another contract."""
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
    """The banner of a demo, and of one marketplace among several; empty for the only, real one."""
    if state.shown_name:
        name = named(state.shown_name, _LONGEST_DEMO if state.demo else _LONGEST_REAL)
        text = translate("Window", "{marketplace}: a demo, nothing is billed") if state.demo else ""
        return substitute(text, marketplace=name) or name
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
        "paused": translate("Window", "&Stop"),
        "idle": translate("Window", "&Start"),
    }
    return labels[state.recorder_state]


def pause_button(state: AppState, translate: Translate) -> str:
    """The label of Pause or Resume; empty while neither is possible."""
    labels = {
        "recording": translate("Window", "&Pause"),
        "paused": translate("Window", "&Resume"),
    }
    return labels.get(state.recorder_state, "")


def can_toggle(state: AppState) -> bool:
    """Whether Start or Stop is possible now.

    A missing memo does not disable Start: pressing it then leads to the field.
    """
    if state.phase is StartupPhase.SIGNING_OUT:
        return False
    if state.running or state.paused:
        return True
    return state.phase is StartupPhase.READY and state.contract is not None


def _contract_hint(state: AppState, translate: Translate) -> str:
    if state.phase is StartupPhase.READY:
        return translate("Window", "No contract yet")
    return translate("Window", "Contracts appear here")


def _aside(state: AppState, translate: Translate) -> str:
    """The text beside the clock, on at most two lines."""
    status = state.status
    since = time_of_day(status.since_ms, state.zone) if status and status.since_ms else ""
    texts = {
        "stopped": translate("Window", "Not recording"),
        "starting": translate("Window", "Starting"),
        "recording": translate("Window", "Recording\nsince {time}"),
        "paused": translate("Window", "Paused at {time},\ntime does not count"),
        "idle": translate("Window", "No input,\ntime does not count"),
    }
    return substitute(texts[state.recorder_state], time=since)


def _line(state: AppState, translate: Translate) -> Line:
    """The line below the header: how the running slot is protected, or what Start still needs."""
    if state.phase is not StartupPhase.READY:
        urgent = state.phase in {StartupPhase.KEYRING, StartupPhase.FAILED}
        text = _phase_line(state.phase, translate)
        return Line(after=text, icon="keyring", tone="attention" if urgent else "muted")
    match state.recorder_state:
        case "recording" if state.status is not None:
            return _protection(state.status, translate)
        case "starting":
            text = translate("Window", "This takes a few seconds at most")
            return Line(after=text, icon="shield", tone="muted")
        case "paused":
            text = translate("Window", "Nothing is recorded until you resume")
            return Line(after=text, icon="pause")
        case "idle":
            text = translate("Window", "Nothing is recorded until you start again")
            return Line(after=text, icon="pause", tone="attention")
    if state.contract is None:
        text = translate("Window", "Accept a contract at the marketplace first")
        return Line(after=text, icon="attention", tone="muted")
    if not state.memo.strip():
        text = translate("Window", "Write a memo, then press Start")
        return Line(after=text, icon="attention", tone="muted")
    return Line(after=translate("Window", "Ready to start"), icon="check", tone="muted")


def _protection(status: Status, translate: Translate) -> Line:
    """The line about the running slot's protection, with the missing condition first."""
    unprotected = translate("Window", " slot not protected")
    failed = {
        Missing.MEMO: translate("Window", "No memo yet:"),
        Missing.LIMIT: translate("Window", "Over the limit:"),
        Missing.ACTIVITY: translate("Window", "Input not measured:"),
        Missing.PICTURE: translate("Window", "No picture:"),
    }
    found = missing(status)
    if found is not None:
        return Line("", failed[found], unprotected, "shield-alert", "attention")
    there = (
        translate("Window", " memo, activity, picture")
        if has_picture(status)
        else translate("Window", " memo, activity")
    )
    return Line("", translate("Window", "Protected:"), there, "shield")


def _phase_line(phase: StartupPhase, translate: Translate) -> str:
    texts = {
        StartupPhase.OPENING: translate("Window", "Opening the diary"),
        StartupPhase.KEYRING: translate("Window", "Waiting for the keyring. Is its dialog open?"),
        StartupPhase.SIGNING_IN: translate("Window", "Joining the marketplace"),
        StartupPhase.SIGNING_OUT: translate("Window", "Signing out, uploading pending work"),
        StartupPhase.FAILED: translate("Window", "Not ready to record"),
    }
    return texts[phase]


def _totals(state: AppState, translate: Translate) -> tuple[Line, Line, float | None, bool]:
    """Today, the week, its share of the limit, and whether the limit is near."""
    today, week = state.totals
    limit = state.limit_s
    first = _figure(translate("Window", "Today {time}"), today)
    if limit is None:
        return first, _figure(translate("Window", "Week {time}"), week), None, False
    share = min(week / limit, 1.0) if limit else 1.0
    near = share >= NEAR_LIMIT
    text = (
        translate("Window", "Week {time} of {limit}, {left} left")
        if near
        else translate("Window", "Week {time} of {limit}")
    )
    text = substitute(text, limit=hours(limit), left=hours(max(limit - week, 0)))
    return first, _figure(text, week), share, near


def _figure(text: str, seconds: int) -> Line:
    """A text whose `{time}` is shown bold."""
    before, _, after = text.partition("{time}")
    return Line(before, hours(seconds), after)


def _slot_title(state: AppState, translate: Translate) -> tuple[str, str]:
    """The title of the slot, and its times."""
    slot = state.status.slot if state.status and state.recorder_state != "stopped" else None
    start_ms = (slot if slot is not None else state.now_ms // 1000 // SLOT * SLOT) * 1000
    span_ = substitute(
        translate("Window", "{start}–{end}"),
        start=time_of_day(start_ms, state.zone),
        end=time_of_day(start_ms + SLOT * 1000, state.zone),
    )
    return translate("Window", "Current ten minutes"), span_


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
    """The line about uploaded, pending and refused work."""
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
        return translate("Window", "Offline, %n safe here", None, waiting)
    if offline:
        return translate("Window", "Offline, all sent")
    if waiting:
        return translate("Window", "%n waiting, safe on this computer", None, waiting)
    if upload is None or upload.last_ok_ms is None:
        return translate("Window", "Nothing to send yet")
    if not upload.confirmed:
        return translate("Window", "Sent, not yet confirmed")
    return translate("Window", "All sent")


def _upload_icon(state: AppState) -> str:
    if state.upload is not None and state.upload.offline:
        return "offline"
    return "computer" if state.waiting else "check"
