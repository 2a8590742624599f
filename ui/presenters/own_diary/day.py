"""The window of the own diary: a day of one contract or of all, its figures, its grid, the panel of
the selected slot.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date as date_type
from datetime import datetime
from typing import TYPE_CHECKING

from diary.core.day_bounds import DayBounds, day_bounds
from ui.presenters.formatting import Line, hours, moment, substitute
from ui.presenters.main_window import status_line
from ui.presenters.own_diary.choice import ContractEntry, DiaryChoice
from ui.presenters.own_diary.elsewhere import elsewhere_panel
from ui.presenters.own_diary.manual_time import hindrance
from ui.presenters.own_diary.panel import PanelOptions, PanelView, panel_view
from ui.presenters.own_diary.protection import Unprotected, unprotected
from ui.presenters.own_diary.signals import questions
from ui.presenters.own_diary.slots import GridOptions, RowView, SlotFacts, group, rows
from ui.presenters.own_diary.viewers import viewers
from ui.presenters.questions import ClientQuestion, asked_slots, question_view

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from tracker.model.status import Status
    from ui.presenters.app_state import AppState
    from ui.presenters.formatting import Translate
    from uploader.store.local_diary import DiaryEntry


@dataclass(frozen=True)
class OwnDayView:
    """The view of the window of the day `shown`, at most `today`. `empty` is the text for a day
    without time. `unprotected` leads to the slot `first_unprotected`. `live` is the thumbnail of
    the running slot. Manual time can be added if `can_add`; `add_hint` names why not. `viewers`
    names who viewed the picture in the panel, `question` is the client's about its slot.
    """

    title: str
    shown: date_type
    today: date_type
    contracts: tuple[ContractEntry, ...]
    contract: int
    day: Line
    week: Line
    unprotected: Line
    first_unprotected: int | None
    aside: tuple[str, str]
    rows: tuple[RowView, ...]
    selected: int | None
    panel: PanelView | None
    empty: str
    footer: str
    can_add: bool = False
    add_hint: str = ""
    live: bytes = b""
    viewers: str = ""
    question: ClientQuestion | None = None


def day_view(state: AppState, choice: DiaryChoice, translate: Translate) -> OwnDayView:
    """All texts of the window."""
    today = _date(state.now_ms // 1000, state.zone)
    shown = today if state.day is None else min(_date(state.day.bounds.begin_s, state.zone), today)
    past = shown < today
    slots = visible_slots(state, choice.ctr)
    titles = _titles(state, slots)
    deleting = frozenset(choice.undo_s)
    selected = _selected(slots, choice.slot)
    live = _running(state, choice.ctr)
    options = PanelOptions(state.zone, titles, choice.part, choice.undo_s)
    day, week = _totals(state, choice.ctr, translate)
    lacking, first = _unprotected(slots, translate)
    panel = None if selected is None else _panel(selected, options, translate)
    if panel is not None and state.day is not None:
        panel = _with_questions(panel, state.day.entries, translate)
    hinders = hindrance(state, choice.ctr, translate)
    grid = GridOptions(
        state.zone, titles, deleting, asked_slots(state.threads, choice.ctr, _bounds(state))
    )
    return OwnDayView(
        title=translate("Day", "Diary"),
        shown=shown,
        today=today,
        contracts=_contracts(state, translate),
        contract=_contract_index(state, choice.ctr),
        day=day,
        week=week,
        unprotected=lacking,
        first_unprotected=first,
        aside=_aside(state, choice.ctr, translate),
        rows=rows(slots, grid, translate),
        selected=None if selected is None else selected.begin_s,
        panel=panel,
        empty="" if slots else _nothing(past=past, translate=translate),
        footer=status_line(state, translate),
        can_add=not hinders,
        add_hint=hinders or translate("Day", "Add time that was not recorded"),
        live=live.picture.thumb if live is not None and live.picture is not None else b"",
        viewers=_viewers(panel, choice, state.zone, translate),
        question=None if selected is None else _question(state, choice, selected, translate),
    )


def _panel(facts: SlotFacts, options: PanelOptions, translate: Translate) -> PanelView:
    if facts.entries or facts.running is not None:
        return panel_view(facts, options, translate)
    return elsewhere_panel(facts.begin_s, options.zone, translate)


def _question(
    state: AppState, choice: DiaryChoice, facts: SlotFacts, translate: Translate
) -> ClientQuestion | None:
    return question_view(
        state, facts.begin_s, choice.ctr, choice.question, choice.number, translate
    )


def _with_questions(
    panel: PanelView, entries: tuple[DiaryEntry, ...], translate: Translate
) -> PanelView:
    """The panel with the questions that the client may ask about its segment."""
    chosen = next((entry for entry in entries if entry.hash == panel.hash), None)
    asked = () if chosen is None else questions(chosen, entries, translate)
    return replace(panel, notes=(*panel.notes, *asked))


def _viewers(
    panel: PanelView | None, choice: DiaryChoice, zone: tzinfo | None, translate: Translate
) -> str:
    """Who viewed the picture in the panel; empty until that was read."""
    if panel is None or panel.hash not in choice.views:
        return ""
    return viewers(choice.views[panel.hash], zone, translate)


def visible_slots(state: AppState, ctr: str) -> tuple[SlotFacts, ...]:
    """The slots of the day that is shown, of one contract or ("") of all."""
    entries = state.day.entries if state.day is not None else ()
    wanted = [entry for entry in entries if ctr in {"", entry.ctr}]
    return group(wanted, _running(state, ctr), asked_slots(state.threads, ctr, _bounds(state)))


def _bounds(state: AppState) -> DayBounds:
    """The day that is shown."""
    return day_bounds(state.now_ms // 1000, state.zone) if state.day is None else state.day.bounds


def _running(state: AppState, ctr: str) -> Status | None:
    """The recording that runs in the day that is shown."""
    status = state.status
    if status is None or state.recorder_state != "recording" or ctr not in {"", status.ctr}:
        return None
    return status if status.slot in _bounds(state) else None


def _selected(slots: tuple[SlotFacts, ...], wanted: int | None) -> SlotFacts | None:
    """The slot that was chosen, else the newest."""
    found = next((facts for facts in slots if facts.begin_s == wanted), None)
    return found or (slots[-1] if slots else None)


def _titles(state: AppState, slots: tuple[SlotFacts, ...]) -> Mapping[str, str]:
    """The titles of the contracts, if the slots belong to several."""
    found = {entry.ctr for facts in slots for entry in facts.entries}
    found |= {facts.running.ctr for facts in slots if facts.running and facts.running.ctr}
    if len(found) < 2:
        return {}
    return {info.ctr: info.title for info in state.contracts}


def _contracts(state: AppState, translate: Translate) -> tuple[ContractEntry, ...]:
    each = tuple(ContractEntry(c.ctr, c.title, c.client) for c in state.contracts)
    return (ContractEntry("", translate("Day", "All contracts")), *each)


def _contract_index(state: AppState, ctr: str) -> int:
    found = (i for i, info in enumerate(state.contracts, 1) if info.ctr == ctr)
    return next(found, 0)


def _totals(state: AppState, ctr: str, translate: Translate) -> tuple[Line, Line]:
    """The day and its week; of a contract with its weekly limit."""
    day = state.day
    known = dict(day.totals) if day is not None else {}
    chosen = [total for key, total in known.items() if ctr in ("", key)]
    day_s, week_s = sum(t.day_s for t in chosen), sum(t.week_s for t in chosen)
    limits = {info.ctr: info.terms.limit_s for info in state.contracts}
    limit_s = limits.get(ctr)
    of = "" if limit_s is None else translate("Day", "of {limit}")
    today = day is None or state.now_ms // 1000 in day.bounds
    below = translate("Day", "today") if today else translate("Day", "this day")
    week = translate("Day", "this week") if today else translate("Day", "its week")
    return (
        Line(strong=hours(day_s), after=below),
        Line(substitute(of, limit=hours(limit_s or 0)), hours(week_s), week),
    )


def _unprotected(slots: tuple[SlotFacts, ...], translate: Translate) -> tuple[Line, int | None]:
    """The paid time that is not protected, and its first slot."""
    no_concern = {None, Unprotected.WAITING, Unprotected.DELETED}
    found = [
        (facts.begin_s, entry.t1 - entry.t0)
        for facts in slots
        for entry in facts.entries
        if unprotected(entry) not in no_concern
    ]
    if not found:
        return Line(), None
    seconds = sum(length for _, length in found)
    return Line(strong=hours(seconds), after=translate("Day", "not protected")), found[0][0]


def _aside(state: AppState, ctr: str, translate: Translate) -> tuple[str, str]:
    """When the week locks, and the zone of the times."""
    totals = dict(state.day.totals) if state.day is not None else {}
    lock_ms = max((t.lock_ms for c, t in totals.items() if ctr in {"", c}), default=0)
    first = ""
    if lock_ms > state.now_ms:
        text = translate("Day", "The week can be changed until {when}")
        first = substitute(text, when=moment(lock_ms, state.zone))
    elif lock_ms:
        text = translate("Day", "The week is locked since {when}")
        first = substitute(text, when=moment(lock_ms, state.zone))
    return first, translate("Day", "Weeks begin on Monday at midnight UTC")


def _nothing(*, past: bool, translate: Translate) -> str:
    if past:
        return translate("Day", "This computer recorded nothing on this day.")
    return translate("Day", "No entries yet today. A new one appears every ten minutes of work.")


def _date(seconds: int, zone: tzinfo | None) -> date_type:
    """The date in a zone; for a time outside the calendar its first or last day."""
    try:
        return datetime.fromtimestamp(seconds, zone).date()
    except (OverflowError, ValueError, OSError):
        return date_type.max if seconds > 0 else date_type.min
