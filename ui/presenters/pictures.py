"""The views of the last picture: in the main window and in the toast."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ui.presenters.formatting import span, substitute, time_of_day

if TYPE_CHECKING:
    from tracker.model.status import PictureStatus
    from ui.presenters.app_state import AppState
    from ui.presenters.formatting import Translate


@dataclass(frozen=True)
class PictureReviewView:
    """The last picture. Without a `thumb`, `empty` states the reason and what comes next.

    `id` names the picture in commands; `missing` marks a picture that should be there.
    """

    id: str
    title: str
    thumb: bytes
    empty: str
    missing: bool
    spoken: str
    can_keep: bool = False
    can_delete: bool = False
    delete_hint: str = ""
    delete_cost: str = ""


@dataclass(frozen=True)
class ToastView:
    """The toast of one picture under review.

    `share` is the part of the countdown that is left, 0 to 1; None while it is held.
    """

    id: str
    title: str
    line: str
    share: float | None
    thumb: bytes
    keep: str
    delete: str


def picture_view(state: AppState, translate: Translate) -> PictureReviewView:
    """The picture in the main window."""
    picture = state.status.picture if state.status else None
    if picture is None:
        text, missing = _why_no_picture(state, translate)
        title = translate("Picture", "Last picture")
        return PictureReviewView("", title, b"", text, missing, f"{title}. {text}")
    time = time_of_day(picture.taken_ms, state.zone)
    cost = deletion_cost(picture, translate)
    if picture.state == "deleted":
        title = substitute(translate("Picture", "Picture {time} deleted"), time=time)
        text = translate("Picture", "Deleted, with its time.")
        return PictureReviewView(picture.id, title, b"", text, True, f"{title}. {text}")
    review = picture.state == "review"
    title = (
        _countdown_title(picture, state.now_ms, time, translate)
        if review
        else substitute(translate("Picture", "Last picture {time}"), time=time)
    )
    return PictureReviewView(
        id=picture.id,
        title=title,
        thumb=picture.thumb,
        empty="",
        missing=False,
        can_keep=review,
        can_delete=picture.removes_s > 0,
        delete_hint=substitute(
            translate("Picture", "Deleting removes {span} of paid time"),
            span=span(picture.removes_s, translate),
        ),
        delete_cost=cost,
        spoken=title,
    )


def toast_view(state: AppState, translate: Translate) -> ToastView | None:
    """The toast; None when no picture is under review."""
    picture = state.status.picture if state.status else None
    if picture is None or picture.state != "review":
        return None
    title = translate("Picture", "Picture taken {time}")
    delete = translate("Picture", "&Delete ({cost})")
    line, share = translate("Picture", "Stays on this computer while you look at it"), None
    if picture.review_until_ms is not None:
        left_ms = max(picture.review_until_ms - state.now_ms, 0)
        line = translate("Picture", "Uploaded in %n\u00a0s", None, -(-left_ms // 1000))
        share = min(left_ms / max(_review_ms(state, picture), 1), 1.0)
    return ToastView(
        id=picture.id,
        title=substitute(title, time=time_of_day(picture.taken_ms, state.zone)),
        line=line,
        share=share,
        thumb=picture.thumb,
        keep=translate("Picture", "&Keep"),
        delete=substitute(delete, cost=deletion_cost(picture, translate)),
    )


def _review_ms(state: AppState, picture: PictureStatus) -> int:
    """The whole countdown, without the time for which it was held."""
    if state.contract:
        return state.contract.terms.review_s * 1000
    return (picture.review_until_ms or 0) - picture.taken_ms


def deletion_cost(picture: PictureStatus, translate: Translate) -> str:
    """What deleting costs: the time of the segment, in paid minutes."""
    return substitute(
        translate("Picture", "removes {span} of paid time"),
        span=span(picture.removes_s, translate),
    )


def _countdown_title(picture: PictureStatus, now_ms: int, time: str, translate: Translate) -> str:
    if picture.review_until_ms is None:
        return substitute(translate("Picture", "Picture {time}, held while you look"), time=time)
    left = max(-(-(picture.review_until_ms - now_ms) // 1000), 0)
    text = translate("Picture", "Picture {time}, uploaded in %n\u00a0s", None, left)
    return substitute(text, time=time)


def _why_no_picture(state: AppState, translate: Translate) -> tuple[str, bool]:
    """The text in place of a picture, and whether a picture is missing."""
    contract = state.contract
    if contract and contract.terms.shots == 0:
        return translate("Picture", "This contract asks for no pictures."), False
    reason = state.status.picture_reason if state.status else None
    reasons = {
        "locked": translate("Picture", "No picture: the screen was locked."),
        "masked": translate("Picture", "No picture: a hidden area could not be covered."),
        "denied": translate("Picture", "No picture: screenshots are blocked."),
        "unavailable": translate("Picture", "No picture: not possible on this desktop."),
        "error": translate("Picture", "No picture: the screenshot failed. Your time still counts."),
    }
    if reason in reasons and state.running:
        return reasons[reason], True
    if state.paused:
        return translate("Picture", "No picture yet. No pictures are taken while paused."), False
    if not state.running:
        return translate("Picture", "No picture yet. Press Start to begin."), False
    return translate("Picture", "The next picture is taken at a random moment."), False
