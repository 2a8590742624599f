"""The actions on a segment of the own diary, and the questions before them.

A question states what happens and what remains: the start, the end and the number of active minutes
of a sealed segment remain after every deletion (`docs/protocol.md` §5.4).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from ui.presenters.formatting import LONGEST_NAME, date, named, span, substitute, time_of_day

if TYPE_CHECKING:
    from datetime import tzinfo

    from ui.presenters.formatting import Translate
    from uploader.store.local_diary import DiaryEntry


class RowAction(StrEnum):
    """The actions on a segment."""

    MEMO = "memo"  # replace it
    DELETE_PICTURE = "delete-picture"
    DELETE_MEMO = "delete-memo"
    DELETE_MINUTES = "delete-minutes"
    DELETE_TIME = "delete-time"
    SEND_AGAIN = "send-again"  # what the marketplace refused


@dataclass(frozen=True)
class AvailableAction:
    """An action with its label."""

    action: RowAction
    text: str


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


def _time(entry: DiaryEntry, zone: tzinfo | None, translate: Translate) -> str:
    return substitute(
        translate("Day", "{start} to {end}"),
        start=time_of_day(entry.t0 * 1000, zone),
        end=time_of_day(entry.t1 * 1000, zone),
    )


def available_actions(entry: DiaryEntry, translate: Translate) -> tuple[AvailableAction, ...]:
    """The actions that are possible on a segment."""
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
    if entry.minutes is not None:
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


def sign_out_question(marketplace: str, waiting: int, translate: Translate) -> QuestionView:
    """The question before signing out of a marketplace."""
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
        substitute(
            translate("SignOut", "Sign out of {marketplace} on this computer?"),
            marketplace=named(marketplace),
        ),
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
