"""Today's entries: one row for each segment, and the questions before its menu's actions.

A question states what happens and what remains: the start, the end and the number of active minutes
of a sealed segment remain after every deletion (`docs/protocol.md` §5.4).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from datetime import date as date_type
from enum import StrEnum
from typing import TYPE_CHECKING

from ui.presenters.findings import clause, reason
from ui.presenters.formatting import LONGEST_NAME, date, hours, named, span, substitute, time_of_day

if TYPE_CHECKING:
    from datetime import tzinfo

    from ui.presenters.app_state import AppState
    from ui.presenters.formatting import Translate
    from uploader.store.local_diary import DiaryEntry


class RowAction(StrEnum):
    """The actions on a row."""

    MEMO = "memo"  # replace it
    DELETE_PICTURE = "delete-picture"
    DELETE_MEMO = "delete-memo"
    DELETE_MINUTES = "delete-minutes"
    DELETE_TIME = "delete-time"
    SEND_AGAIN = "send-again"  # what the marketplace refused


@dataclass(frozen=True)
class AvailableAction:
    """An entry of a row's menu."""

    action: RowAction
    text: str


@dataclass(frozen=True)
class RowView:
    """One segment. Without a `thumb`, `empty` is the reason; `struck`: its time is not paid. With
    `attention`, the `note` names why the segment is unpaid or was refused.
    """

    hash: str
    time: str
    memo: str
    memo_muted: bool
    note: str
    thumb: bytes
    empty: str
    missing: bool
    struck: bool
    actions: tuple[AvailableAction, ...]
    menu: str
    attention: bool = False


@dataclass(frozen=True)
class OwnDayView:
    """The view of the window of the UTC day `shown`, at most `today`. `empty` is the text for no
    rows.
    """

    title: str
    shown: date_type
    today: date_type
    total: str
    rows: tuple[RowView, ...]
    empty: str
    footer: str


@dataclass(frozen=True)
class QuestionView:
    """The question before an action that cannot be undone.

    `whole` is the full text of a name that `details` shows shortened.
    """

    text: str
    details: str
    yes: str
    no: str
    whole: str = ""


_NOT_SENT = {"waiting", "held"}


def day_view(state: AppState, translate: Translate) -> OwnDayView:
    """All texts of the window."""
    day = state.day
    entries = day.entries if day is not None else ()
    titles = {info.ctr: info.title for info in state.contracts}
    several = len({entry.ctr for entry in entries}) > 1
    rows = tuple(
        _row(
            entry,
            titles.get(entry.ctr, "") if several else "",
            state.zone,
            translate,
            earlier=day is not None and entry.t0 < day.begin_s,
        )
        for entry in reversed(entries)
    )
    counted = hours(day.counted_s if day is not None else 0)
    today = _utc_date(state.now_ms // 1000)
    shown = today if day is None else min(_utc_date(day.begin_s), today)
    past = shown < today
    return OwnDayView(
        title=translate("Day", "Diary") if past else translate("Day", "Today's entries"),
        shown=shown,
        today=today,
        total=substitute(translate("Day", "{time} counted"), time=counted),
        rows=rows,
        empty="" if rows else _nothing(past=past, translate=translate),
        footer=translate(
            "Day", "Newest first. Days begin at midnight UTC. The web diary has all computers."
        ),
    )


def _nothing(*, past: bool, translate: Translate) -> str:
    if past:
        return translate("Day", "This computer recorded nothing on this day.")
    return translate("Day", "No entries yet today. A new one appears every ten minutes of work.")


def _utc_date(seconds: int) -> date_type:
    """The day in UTC; for a time outside the calendar its first or last day."""
    try:
        return datetime.fromtimestamp(seconds, UTC).date()
    except (OverflowError, ValueError, OSError):
        return date_type.max if seconds > 0 else date_type.min


def _row(
    entry: DiaryEntry, contract: str, zone: tzinfo | None, translate: Translate, *, earlier: bool
) -> RowView:
    time = _time(entry, zone, translate)
    if earlier:
        time = f"{date(entry.t0, zone)} {time}"
    empty, missing = _empty(entry, translate)
    note = [named(contract)] if contract else []
    note += _notes(entry, translate)
    return RowView(
        hash=entry.hash,
        time=time,
        memo=translate("Day", "Memo deleted") if entry.memo is None else entry.memo,
        memo_muted=entry.memo is None,
        note=" · ".join(note),
        thumb=entry.thumb,
        empty=empty,
        missing=missing,
        struck=entry.gives_back or bool(entry.unpaying),
        actions=_available_actions(entry, translate),
        menu=substitute(translate("Day", "Change or delete {time}"), time=time),
        attention=bool(entry.unpaying) or entry.state == "refused",
    )


def _time(entry: DiaryEntry, zone: tzinfo | None, translate: Translate) -> str:
    return substitute(
        translate("Day", "{start} to {end}"),
        start=time_of_day(entry.t0 * 1000, zone),
        end=time_of_day(entry.t1 * 1000, zone),
    )


def _notes(entry: DiaryEntry, translate: Translate) -> list[str]:
    notes = [
        substitute(translate("Day", "Unpaid: {reason}"), reason=clause(code, translate))
        for code in entry.unpaying
    ]
    if entry.gives_back:
        notes.append(translate("Day", "Time removed"))
    if entry.changed and entry.memo is not None:
        notes.append(translate("Day", "Memo changed"))
    if not entry.minutes and "minutes" in entry.deleted:
        notes.append(translate("Day", "Activity counts deleted"))
    if entry.state in _NOT_SENT:
        notes.append(translate("Day", "Waiting, safe on this computer"))
    elif entry.state == "done":
        notes.append(translate("Day", "Sent"))
    elif entry.refusal:
        why = reason(entry.refusal, translate)
        notes.append(substitute(translate("Day", "Refused: {reason}"), reason=why))
    else:
        notes.append(translate("Day", "Set aside"))
    return notes


def _empty(entry: DiaryEntry, translate: Translate) -> tuple[str, bool]:
    if entry.thumb:
        return "", False
    if "shot" in entry.deleted:
        return translate("Day", "Deleted"), True
    return translate("Day", "No picture"), False


def _available_actions(entry: DiaryEntry, translate: Translate) -> tuple[AvailableAction, ...]:
    """The actions that are possible on a row."""
    actions = []
    if entry.state == "refused":
        actions.append(AvailableAction(RowAction.SEND_AGAIN, translate("Day", "&Send again")))
    if not entry.locked and not entry.gives_back:
        actions.append(AvailableAction(RowAction.MEMO, translate("Day", "&Change memo …")))
    if entry.pictures:
        text = (
            translate("Day", "Delete &picture …")
            if entry.locked or entry.gives_back
            else translate("Day", "Delete &picture and its time …")
        )
        actions.append(AvailableAction(RowAction.DELETE_PICTURE, text))
    if entry.memo is not None:
        actions.append(AvailableAction(RowAction.DELETE_MEMO, translate("Day", "Delete &memo …")))
    if entry.minutes:
        actions.append(
            AvailableAction(RowAction.DELETE_MINUTES, translate("Day", "Delete activity cou&nts …"))
        )
    if not entry.locked and not entry.gives_back:
        actions.append(
            AvailableAction(
                RowAction.DELETE_TIME, translate("Day", "Remove this &time from my bill …")
            )
        )
    return tuple(actions)


def question(
    entry: DiaryEntry, action: RowAction, zone: tzinfo | None, translate: Translate
) -> QuestionView:
    """The question before a deletion: what happens, and what remains."""
    time = _time(entry, zone, translate)
    length = span(entry.t1 - entry.t0, translate)
    remains = substitute(
        translate(
            "Day",
            "The record keeps that you worked from {time}, the number of minutes with input, and "
            "that you deleted something.",
        ),
        time=time,
    )
    match action:
        case RowAction.DELETE_PICTURE if entry.locked:
            text = translate("Day", "Delete this picture?")
            what = translate(
                "Day",
                "It is erased here and at the marketplace. The week is locked, so its time remains "
                "paid.",
            )
        case RowAction.DELETE_PICTURE:
            text = translate("Day", "Delete this picture and its time?")
            what = substitute(
                translate(
                    "Day",
                    "It is erased here and at the marketplace. {length} of paid time are removed.",
                ),
                length=length,
            )
        case RowAction.DELETE_MEMO:
            text = translate("Day", "Delete this memo?")
            what = translate(
                "Day",
                "It is erased here and at the marketplace, with its earlier versions. The time "
                "remains paid, but without a memo it is not protected.",
            )
        case RowAction.DELETE_MINUTES:
            text = translate("Day", "Delete the activity counts of this time?")
            what = translate(
                "Day",
                "The numbers of key presses and clicks are erased here and at the marketplace. The "
                "time remains paid.",
            )
        case _:
            text = translate("Day", "Remove this time from your bill?")
            what = substitute(
                translate("Day", "{length} will no longer count. The picture and the memo stay."),
                length=length,
            )
    yes = (
        substitute(translate("Day", "&Remove {length}"), length=length)
        if action is RowAction.DELETE_TIME
        else translate("Day", "&Delete")
    )
    return QuestionView(text, f"{what}\n\n{remains}", yes, translate("Day", "&Cancel"))


def sign_out_question(waiting: int, translate: Translate) -> QuestionView:
    """The question before signing out."""
    details = translate(
        "SignOut",
        "Current work is saved, pending work is uploaded, and this computer's keys are destroyed. "
        "To record here again, sign in with a new code.",
    )
    if waiting:
        more = translate(
            "SignOut",
            "%n waiting: work that cannot be uploaded now stays safe on this computer and is "
            "uploaded after your next sign-in.",
            None,
            waiting,
        )
        details = f"{details}\n\n{more}"
    return QuestionView(
        translate("SignOut", "Sign out on this computer?"),
        details,
        translate("SignOut", "&Sign out"),
        translate("SignOut", "Stay signed &in"),
    )


def new_device_question(
    name: str, since_s: int, zone: tzinfo | None, translate: Translate
) -> QuestionView:
    """The question about a further device of the account."""
    when = f"{date(since_s, zone)} {time_of_day(since_s * 1000, zone)}"
    return QuestionView(
        translate("Device", "A new device signed in to your account. Is it yours?"),
        substitute(
            translate(
                "Device",
                "{name}, since {when}. If it is yours, this computer confirms that. If not, open "
                "your devices page and stop it there.",
            ),
            name=named(name),
            when=when,
        ),
        translate("Device", "&Yes, it is mine"),
        translate("Device", "&No, show my devices"),
        whole=name if len(name) > LONGEST_NAME else "",
    )
