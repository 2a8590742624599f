"""The side panel: the facts of one segment of the selected slot, and its actions.

A slot may have several segments: after a pause, another memo or another contract.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from diary.core.slots import MINUTE, SLOT
from diary.objects.picture import has_input, is_measured
from tracker.model.protection import Missing, has_picture, missing
from ui.presenters.diary import RowAction, available_actions
from ui.presenters.findings import clause
from ui.presenters.findings import reason as refusal_reason
from ui.presenters.formatting import moment, named, span, substitute, time_of_day
from ui.presenters.own_diary import protection
from ui.presenters.own_diary.protection import Unprotected, unprotected
from ui.presenters.own_diary.slots import (
    LIVE,
    SentState,
    SlotFacts,
    missing_picture,
    sent_state,
    sent_text,
    slot_span,
)
from ui.presenters.pictures import ReviewView

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import tzinfo

    from diary.objects.picture import Row
    from tracker.model.activity import MinuteState
    from tracker.model.status import Status
    from ui.presenters.diary import AvailableAction
    from ui.presenters.formatting import Translate
    from uploader.store.local_diary import DiaryEntry, DiaryPicture


@dataclass(frozen=True)
class MinuteBar:
    """One minute of the chart: its state, its share of the highest bar (0 to 1), and its counts in
    words.
    """

    state: MinuteState
    share: float
    text: str


@dataclass(frozen=True)
class PanelView:
    """Final texts; a part without a text is left out.

    `hash` names the segment; it is empty for the running one. `part` names which of several
    segments this is. `delete` is the label of the button that carries out `delete_action`; while
    the deletion can be undone, `undo` is in its place. `more` are the further actions.
    """

    hash: str
    title: str
    part: str
    parts: int
    sent: str
    sent_icon: str
    sent_tone: str
    thumb: str
    empty: str
    missing: bool
    picture: str
    file: str
    protected: str
    protected_detail: str
    protected_icon: str
    protected_tone: str
    activity: str
    bars: tuple[MinuteBar, ...]
    axis: tuple[str, str, str]
    memo: str
    memo_muted: bool
    can_edit: bool
    notes: tuple[str, ...]
    receipt: str
    delete: str
    delete_action: RowAction | None
    undo: str
    more: tuple[AvailableAction, ...]


@dataclass(frozen=True)
class PanelOptions:
    """The zone of the clock, the titles of the contracts, the chosen part of the slot, and the
    seconds left to undo the deletions of segments.
    """

    zone: tzinfo | None
    titles: Mapping[str, str]
    part: int
    undo_s: Mapping[str, int]


def panel_view(facts: SlotFacts, options: PanelOptions, translate: Translate) -> PanelView:
    """The panel of a slot."""
    count = len(facts.entries) + (facts.running is not None)
    part = min(max(options.part, 0), count - 1)
    if part < len(facts.entries):
        return _entry_view(facts, facts.entries[part], part, count, options, translate)
    assert facts.running is not None  # noqa: S101 - a slot has a segment or runs
    return _running_view(facts, facts.running, part, count, options, translate)


def _part(
    part: int, count: int, t0: int, t1: int, zone: tzinfo | None, translate: Translate
) -> str:
    if count < 2:
        return ""
    return substitute(
        translate("Day", "{start}–{end}, part {number} of {count}"),
        start=time_of_day(t0 * 1000, zone),
        end=time_of_day(t1 * 1000, zone),
        number=str(part + 1),
        count=str(count),
    )


def picture_view(view: PanelView, translate: Translate) -> ReviewView:
    """The window with the segment's picture at full size, which only shows it."""
    return ReviewView(
        id=view.file,
        title=view.picture,
        canvas=view.picture,
        subtitle=view.memo,
        state=view.protected,
        detail=view.sent,
        hint="",
        empty="",
        can_cover=False,
        keeps=False,
        primary=translate("Day", "&Close"),
        without="",
        delete="",
        undo="",
        foot="",
    )


# A sealed segment


def _entry_view(
    facts: SlotFacts,
    entry: DiaryEntry,
    part: int,
    count: int,
    options: PanelOptions,
    translate: Translate,
) -> PanelView:
    zone = options.zone
    sent, icon, tone = _sent(entry, zone, translate)
    title, detail, shield, shield_tone = _protected(entry, translate)
    activity, bars = _activity(entry, translate)
    picture = entry.pictures[0] if entry.pictures else None
    actions = available_actions(entry, translate)
    delete = next(
        (a for a in (RowAction.DELETE_PICTURE, RowAction.DELETE_TIME) if _has(actions, a)), None
    )
    left_s = options.undo_s.get(entry.hash)
    return PanelView(
        hash=entry.hash,
        title=slot_span(facts.begin_s, zone, translate),
        part=_part(part, count, entry.t0, entry.t1, zone, translate),
        parts=count,
        sent=sent,
        sent_icon=icon,
        sent_tone=tone,
        thumb=picture.thumb if picture else "",
        empty="" if picture else _empty(entry, translate),
        missing=entry.kind == "auto",
        picture=_taken(picture, zone, translate) if picture else "",
        file=picture.file if picture else "",
        protected=title,
        protected_detail=detail,
        protected_icon=shield,
        protected_tone=shield_tone,
        activity=activity,
        bars=bars,
        axis=_axis(facts.begin_s, zone),
        memo=translate("Day", "Memo deleted") if entry.memo is None else entry.memo,
        memo_muted=entry.memo is None,
        can_edit=_has(actions, RowAction.MEMO) and left_s is None,
        notes=_notes(entry, options, translate),
        receipt=_receipt(entry, zone, translate),
        delete="" if left_s is not None else _delete_text(entry, delete, translate),
        delete_action=delete,
        undo="" if left_s is None else translate("Day", "&Undo (%n\u00a0s)", None, left_s),
        more=tuple(
            each
            for each in actions
            if each.action not in {delete, RowAction.MEMO} and left_s is None
        ),
    )


def _has(actions: Sequence[AvailableAction], wanted: RowAction) -> bool:
    return any(each.action is wanted for each in actions)


def _sent(entry: DiaryEntry, zone: tzinfo | None, translate: Translate) -> tuple[str, str, str]:
    state = sent_state([entry])
    assert state is not None  # noqa: S101 - there is an entry
    if state is SentState.LOGGED and entry.rt_ms is not None:
        text = translate("Day", "Receipted {time}, logged")
        text = substitute(text, time=time_of_day(entry.rt_ms, zone))
    else:
        text = sent_text(state, translate)
    return text, state.value, "attention" if state is SentState.REFUSED else "muted"


def _empty(entry: DiaryEntry, translate: Translate) -> str:
    if entry.kind == "manual":
        return translate("Day", "Entered manually")
    if entry.kind == "kept":
        return translate("Day", "Idle time has no picture")
    return missing_picture(entry, translate)


def _taken(picture: DiaryPicture, zone: tzinfo | None, translate: Translate) -> str:
    text = (
        translate("Day", "Picture taken {time}, partly covered")
        if picture.covered
        else translate("Day", "Picture taken {time}")
    )
    return substitute(text, time=time_of_day(picture.at_ms, zone))


def _protected(entry: DiaryEntry, translate: Translate) -> tuple[str, str, str, str]:
    """The title, the reason, the icon and the tone."""
    found = unprotected(entry)
    if found is None:
        there = translate("Day", "Automatic, memo, activity, within the limit")
        return translate("Day", "Protected"), there, "shield", "good"
    why = protection.reason(found, entry, translate)
    if found is Unprotected.WAITING:
        return translate("Day", "Not protected yet"), why, "shield", "muted"
    tone = "muted" if found is Unprotected.DELETED else "attention"
    return translate("Day", "Not protected"), why, "shield-alert", tone


def _notes(entry: DiaryEntry, options: PanelOptions, translate: Translate) -> tuple[str, ...]:
    title = options.titles.get(entry.ctr, "")
    notes = [named(title)] if title else []
    if entry.note:
        notes.append(substitute(translate("Day", "Reason: {note}"), note=entry.note))
    if entry.changed and entry.memo is not None:
        notes.append(translate("Day", "Memo changed. The earlier memo stays visible."))
    notes += [
        substitute(translate("Day", "Unpaid: {reason}"), reason=clause(code, translate))
        for code in entry.unpaying
    ]
    if entry.gives_back:
        length = span(entry.t1 - entry.t0, translate)
        notes.append(substitute(translate("Day", "{length} are unpaid."), length=length))
    if entry.refusal:
        why = refusal_reason(entry.refusal, translate)
        notes.append(substitute(translate("Day", "Refused: {reason}"), reason=why))
    return tuple(notes)


def _receipt(entry: DiaryEntry, zone: tzinfo | None, translate: Translate) -> str:
    if entry.rt_ms is None or entry.log_index is None:
        return ""
    return substitute(
        translate("Day", "Log entry {number}, received {when}"),
        number=str(entry.log_index),
        when=moment(entry.rt_ms, zone),
    )


def _delete_text(entry: DiaryEntry, action: RowAction | None, translate: Translate) -> str:
    length = span(entry.t1 - entry.t0, translate)
    match action:
        case RowAction.DELETE_PICTURE if entry.locked or entry.gives_back:
            return translate("Day", "&Delete the picture (its time stays as it is)")
        case RowAction.DELETE_PICTURE | RowAction.DELETE_TIME:
            return substitute(translate("Day", "&Delete (removes {length})"), length=length)
    return ""


# Activity


def _activity(entry: DiaryEntry, translate: Translate) -> tuple[str, tuple[MinuteBar, ...]]:
    if entry.minutes is None:
        if "minutes" in entry.deleted:
            return translate("Day", "Activity counts deleted"), ()
        return translate("Day", "Not measured"), ()
    rows = entry.minutes
    if not any(is_measured(row) for row in rows):
        return translate("Day", "Not measured"), _bars(rows, translate)
    active = sum(has_input(row) for row in rows)
    text = substitute(translate("Day", "{level} of 10 min"), level=str(active))
    keys, clicks = (sum((row[i] or 0) for row in rows if row is not None) for i in (0, 1))
    if entry.input == "ok":
        counted = [
            translate("Day", "%n keys", None, min(keys, 999_999)),
            translate("Day", "%n clicks", None, min(clicks, 999_999)),
        ]
        text = " · ".join([text, *counted])
    return text, _bars(rows, translate)


def _bars(rows: Sequence[Row | None], translate: Translate) -> tuple[MinuteBar, ...]:
    sums = [sum(n or 0 for n in row[:4]) if row is not None else 0 for row in rows]
    highest = max(sums, default=0) or 1
    return tuple(
        MinuteBar(_state(row), total / highest, _counts(number, row, total, translate))
        for number, (row, total) in enumerate(zip(rows, sums, strict=True), 1)
    )


def _state(row: Row | None) -> MinuteState:
    if has_input(row):
        return "active"
    if is_measured(row):
        return "quiet"
    return "none" if row is None else "unmeasured"


def _counts(number: int, row: Row | None, total: int, translate: Translate) -> str:
    states = {
        "quiet": translate("Day", "minute {number}: no input"),
        "unmeasured": translate("Day", "minute {number}: not measured"),
        "none": translate("Day", "minute {number}: not recorded"),
        "active": translate("Day", "minute {number}: {total} actions"),
    }
    return substitute(states[_state(row)], number=str(number), total=str(total))


def _axis(begin_s: int, zone: tzinfo | None) -> tuple[str, str, str]:
    times = (begin_s, begin_s + 5 * MINUTE, begin_s + SLOT)
    first, middle, last = (time_of_day(each * 1000, zone) for each in times)
    return first, middle, last


# The running segment


def _running_view(
    facts: SlotFacts,
    status: Status,
    part: int,
    count: int,
    options: PanelOptions,
    translate: Translate,
) -> PanelView:
    failed = missing(status)
    shows = has_picture(status) and status.picture is not None
    active = status.minutes.count("active")
    bars = tuple(
        MinuteBar(state, 1.0 if state == "active" else 0.0, "") for state in status.minutes
    )
    title = options.titles.get(status.ctr or "", "")
    return PanelView(
        hash="",
        title=slot_span(facts.begin_s, options.zone, translate),
        part=""
        if count < 2
        else substitute(
            translate("Day", "Recording now, part {number} of {count}"),
            number=str(part + 1),
            count=str(count),
        ),
        parts=count,
        sent=translate("Day", "Recording now"),
        sent_icon="running",
        sent_tone="good",
        thumb=LIVE if shows else "",
        empty="" if shows else translate("Day", "No picture yet"),
        missing=False,
        picture=_live_picture(status, options.zone, translate) if shows else "",
        file=status.picture.file if shows and status.picture is not None else "",
        protected=translate("Day", "Not protected")
        if failed
        else translate("Day", "Will be protected"),
        protected_detail=_live_reason(failed, translate),
        protected_icon="shield-alert" if failed else "shield",
        protected_tone="attention" if failed else "good",
        activity=substitute(translate("Day", "{level} of 10 min so far"), level=str(active)),
        bars=bars,
        axis=_axis(facts.begin_s, options.zone),
        memo=status.memo or translate("Day", "No memo"),
        memo_muted=not status.memo,
        can_edit=True,
        notes=(named(title),) if title else (),
        receipt="",
        delete="",
        delete_action=None,
        undo="",
        more=(),
    )


def _live_picture(status: Status, zone: tzinfo | None, translate: Translate) -> str:
    assert status.picture is not None  # noqa: S101 - the caller has checked it
    text = translate("Day", "Picture taken {time}")
    return substitute(text, time=time_of_day(status.picture.taken_ms, zone))


def _live_reason(failed: Missing | None, translate: Translate) -> str:
    texts = {
        None: translate("Day", "Memo, activity, within the limit so far"),
        Missing.MEMO: translate("Day", "No memo yet: this slot will not be protected"),
        Missing.LIMIT: translate("Day", "Over the weekly limit"),
        Missing.ACTIVITY: translate("Day", "Input is not measured"),
        Missing.PICTURE: translate("Day", "A picture was due and could not be taken"),
    }
    return texts[failed]
