"""The views of a picture: in the main window, in the toast, and in the review window, where areas
are covered at full size.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from system.i18n import QT_TRANSLATE_NOOP
from tracker.quiet.interface import QuietReason
from ui.presenters.formatting import named, span, substitute, time_of_day

if TYPE_CHECKING:
    from tracker.model.status import PictureStatus
    from ui.presenters.app_state import AppState
    from ui.presenters.formatting import Translate


_CONTEXT = "Picture"
#: Why a preview is hidden: the person's choice, or a `QuietReason`.
CHOSEN = "chosen"
_HIDDEN: dict[str, str] = {
    CHOSEN: QT_TRANSLATE_NOOP("Picture", "Preview hidden"),
    QuietReason.SHARED: QT_TRANSLATE_NOOP("Picture", "Hidden: screen is shared"),
    QuietReason.FULL_SCREEN: QT_TRANSLATE_NOOP("Picture", "Hidden: full screen"),
    QuietReason.DO_NOT_DISTURB: QT_TRANSLATE_NOOP("Picture", "Hidden: do not disturb"),
    QuietReason.UNKNOWN: QT_TRANSLATE_NOOP("Picture", "Preview hidden"),
}
#: Real seconds in which a deletion can be undone.
UNDO_S = 10


@dataclass(frozen=True)
class PictureReviewView:
    """The last picture. Without a `thumb`, `empty` states the reason and the next step.

    `id` names the picture in commands; `missing` marks a picture that should be there. `short` is
    the title where there is no room, if it differs.
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
    short: str = ""


@dataclass(frozen=True)
class ToastView:
    """The toast of one picture under review, or of a deletion that can be undone.

    `share` is the part of the countdown that is left, 0 to 1; None while it is held. `cost` is a
    further line. Without a `thumb`, `empty` is the reason. The labels `keep`, `cover` and `delete`
    are empty for a deletion, `undo` for a picture.
    """

    id: str
    title: str
    line: str
    share: float | None
    thumb: bytes
    empty: str = ""
    cost: str = ""
    keep: str = ""
    cover: str = ""
    delete: str = ""
    undo: str = ""


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
        short=_short_countdown(picture.review_until_ms - state.now_ms, translate)
        if review and picture.review_until_ms is not None
        else "",
    )


def toast_view(state: AppState, translate: Translate, hidden: str = "") -> ToastView | None:
    """The toast; None when no picture is under review and no deletion can be undone. `hidden`:
    `CHOSEN` or a `QuietReason` why the picture itself is left out.
    """
    picture = state.status.picture if state.status else None
    if picture is not None and picture.state == "deleted":
        return _undo_view(state, picture, translate)
    if picture is None or picture.state != "review":
        return None
    title = translate("Picture", "Picture taken {time}")
    line, share = translate("Picture", "Not uploaded while you look"), None
    if picture.review_until_ms is not None:
        left_ms = max(picture.review_until_ms - state.now_ms, 0)
        line = _countdown(left_ms, translate)
        share = min(left_ms / max(picture.review_ms, 1), 1.0)
    return ToastView(
        id=picture.id,
        title=substitute(title, time=time_of_day(picture.taken_ms, state.zone)),
        line=line,
        share=share,
        thumb=b"" if hidden else picture.thumb,
        empty=translate(_CONTEXT, _HIDDEN[hidden]) if hidden else "",
        cost=substitute(
            translate("Picture", "Deleting {cost}"), cost=deletion_cost(picture, translate)
        ),
        keep=translate("Picture", "&Keep"),
        cover=translate("Picture", "&Cover …"),
        delete=translate("Picture", "&Delete"),
    )


def _undo_view(state: AppState, picture: PictureStatus, translate: Translate) -> ToastView | None:
    left_s = undo_left_s(state, picture)
    if left_s is None:
        return None
    title = translate("Picture", "Picture {time} deleted")
    removed = translate("Picture", "{span} of paid time removed")
    return ToastView(
        id=picture.id,
        title=substitute(title, time=time_of_day(picture.taken_ms, state.zone)),
        line=substitute(removed, span=span(picture.removes_s, translate)),
        share=min(left_s / UNDO_S, 1.0),
        thumb=b"",
        cost=translate("Picture", "You can undo this for %n\u00a0s", None, math.ceil(left_s)),
        undo=translate("Picture", "&Undo"),
    )


def undo_left_s(state: AppState, picture: PictureStatus) -> float | None:
    """Real seconds in which a deletion can still be undone; None for none, or a final one."""
    if picture.undo_until_ms is None or picture.undo_until_ms <= state.now_ms:
        return None
    speed = state.status.speed if state.status else 1
    return (picture.undo_until_ms - state.now_ms) / 1000 / speed


def deletion_cost(picture: PictureStatus, translate: Translate) -> str:
    """The cost of deleting: the time of the segment, in paid minutes."""
    return substitute(
        translate("Picture", "removes {span} of paid time"),
        span=span(picture.removes_s, translate),
    )


def _countdown_title(picture: PictureStatus, now_ms: int, time: str, translate: Translate) -> str:
    if picture.review_until_ms is None:
        return substitute(translate("Picture", "Picture {time}, upload paused"), time=time)
    left = max(-(-(picture.review_until_ms - now_ms) // 1000), 0)
    text = translate("Picture", "Picture {time}, upload in %n\u00a0s", None, left)
    return substitute(text, time=time)


def _countdown(left_ms: int, translate: Translate) -> str:
    return translate("Picture", "Upload in %n\u00a0s", None, max(-(-left_ms // 1000), 0))


def _short_countdown(left_ms: int, translate: Translate) -> str:
    left = max(-(-left_ms // 1000), 0)
    return translate("Picture", "Upload in %n\u00a0s", "on a narrow line", left)


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


@dataclass(frozen=True)
class ReviewView:
    """Final texts of the window; a button without a label is left out.

    `canvas` is the spoken name of the picture; `state` and `detail` state what happens to it.
    Instead of the picture, `empty` is shown if it has a text. `primary` keeps the picture with the
    areas drawn so far if `keeps`, else it closes the window; `without` keeps it without them.
    """

    id: str
    title: str
    canvas: str
    subtitle: str
    state: str
    detail: str
    hint: str
    empty: str
    can_cover: bool
    keeps: bool
    primary: str
    without: str
    delete: str
    undo: str
    foot: str


def review_view(
    state: AppState, picture: PictureStatus, areas: int, translate: Translate
) -> ReviewView:
    """The window of `picture` while `areas` areas are drawn."""
    deleted = picture.state == "deleted"
    changeable = picture.removes_s > 0 and not deleted
    can_cover = changeable and picture.state != "covering"
    line, detail = _review_line(state, picture, translate)
    left_s = undo_left_s(state, picture)
    foot = ""
    if changeable:
        foot = translate("Review", "Can be undone for %n\u00a0s", None, UNDO_S)
    elif left_s is not None:
        foot = translate("Review", "%n\u00a0s left to undo", None, math.ceil(left_s))
    time = time_of_day(picture.taken_ms, state.zone)
    return ReviewView(
        id=picture.id,
        title=substitute(translate("Review", "Picture {time}"), time=time),
        canvas=substitute(translate("Review", "Picture {time} at full size"), time=time),
        subtitle=_subtitle(state),
        state=line,
        detail=detail,
        hint=translate("Review", "Your time stays; the client sees the covers.")
        if can_cover
        else "",
        empty=substitute(
            translate("Review", "Deleted. {span} of paid time removed."),
            span=span(picture.removes_s, translate),
        )
        if deleted
        else "",
        can_cover=can_cover,
        keeps=can_cover and (picture.state == "review" or areas > 0),
        primary=_primary(picture, areas if can_cover else 0, translate),
        without=translate("Review", "Keep &without covers")
        if picture.state == "review" and areas
        else "",
        delete=substitute(
            translate("Review", "&Delete ({cost})"), cost=deletion_cost(picture, translate)
        )
        if changeable
        else "",
        undo=translate("Review", "&Undo deletion") if left_s is not None else "",
        foot=foot,
    )


def area_name(number: int, width: int, height: int, translate: Translate) -> str:
    """The spoken name of the button that removes an area."""
    return substitute(
        translate("Review", "Remove cover {number}, {width} × {height} pixels"),
        number=str(number),
        width=str(width),
        height=str(height),
    )


def _subtitle(state: AppState) -> str:
    contract = named(state.contract.title) if state.contract else ""
    memo = named(state.status.memo) if state.status and state.status.memo else ""
    return " · ".join(part for part in (contract, memo) if part)


def _review_line(state: AppState, picture: PictureStatus, translate: Translate) -> tuple[str, str]:
    if picture.state == "deleted":
        return translate("Review", "Deleted, with its time"), ""
    if picture.state == "covering":
        return translate("Review", "The areas are being covered"), ""
    if picture.state == "review" and picture.review_until_ms is None:
        return (
            translate("Review", "Stays on this computer"),
            translate("Review", "Held while this window is open"),
        )
    if picture.state == "review":
        left = max(-(-((picture.review_until_ms or 0) - state.now_ms) // 1000), 0)
        return translate("Review", "Upload in %n\u00a0s", None, left), ""
    if picture.removes_s:
        return (
            translate("Review", "Kept, not uploaded yet"),
            translate("Review", "Uploaded when the current ten minutes have ended"),
        )
    return (
        translate("Review", "Saved"),
        translate("Review", "You can delete it in the diary"),
    )


def _primary(picture: PictureStatus, areas: int, translate: Translate) -> str:
    if picture.state == "review":
        if not areas:
            return translate("Review", "&Keep")
        if areas == 1:
            return translate("Review", "&Keep with 1 area covered")
        return translate("Review", "&Keep with %n areas covered", None, areas)
    if not areas:
        return translate("Review", "Cl&ose")
    if areas == 1:
        return translate("Review", "Cove&r 1 area")
    return translate("Review", "Cove&r %n areas", None, areas)
