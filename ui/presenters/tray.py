"""The tray's view: icon, tooltip and the menu, at most twelve entries, and one more with several
marketplaces.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ui.presenters import main_window, marketplaces, pictures
from ui.presenters.app_state import StartupPhase
from ui.presenters.formatting import hours, named, substitute, time_of_day

if TYPE_CHECKING:
    from tracker.model.status import Status
    from ui.presenters.app_state import AppState
    from ui.presenters.formatting import Translate

_ICON = {
    "stopped": "idle",
    "starting": "idle",
    "recording": "recording",
    "paused": "paused",
    "idle": "paused",
}


@dataclass(frozen=True)
class TrayView:
    """Final texts and flags of the tray. `icon` is a name in `assets/icons`, without its suffix.

    The tooltip's text is also the menu's first line. The texts `pause` and those of the picture's
    entries are empty when they would do nothing; `contract` is the index of the checked one in
    `contracts`, or -1; likewise `marketplace` of `marketplaces`, which are empty while there is no
    other one to switch to.
    """

    icon: str
    tooltip: str
    toggle: str
    toggle_enabled: bool
    pause: str
    resumes: bool
    contracts: tuple[tuple[str, str], ...]
    contract: int
    today: str
    week: str
    picture: str
    picture_id: str
    open_picture: str
    keep: str
    delete: str
    undo: str
    signed_in: bool
    marketplaces: tuple[tuple[str, str], ...] = ()
    marketplace: int = -1


def tray_view(state: AppState, translate: Translate) -> TrayView:
    """All texts of the tray."""
    status = state.status
    today, week = state.totals
    limit = state.limit_s
    week_text = (
        translate("Tray", "Week {week}")
        if limit is None
        else translate("Tray", "Week {week} of {limit}")
    )
    picture = status.picture if status else None
    review = picture is not None and picture.state == "review"
    sites, site = marketplaces.choices(state)
    return TrayView(
        icon=icon(state),
        tooltip=tooltip(state, translate),
        toggle=main_window.button(state, translate),
        toggle_enabled=main_window.can_toggle(state),
        pause=main_window.pause_button(state, translate),
        resumes=state.paused,
        contracts=tuple((c.ctr, c.title) for c in state.contracts),
        contract=main_window.contract_index(state),
        today=substitute(translate("Tray", "&Diary, today {today}"), today=hours(today)),
        week=substitute(week_text, week=hours(week), limit=hours(limit or 0)),
        picture=substitute(
            translate("Tray", "Last picture {time} …"),
            time=time_of_day(picture.taken_ms, state.zone),
        )
        if picture
        else translate("Tray", "Pictures"),
        picture_id=picture.id if picture else "",
        open_picture=translate("Tray", "&Show or cover …") if picture and picture.file else "",
        keep=translate("Tray", "&Keep picture") if review else "",
        delete=substitute(
            translate("Tray", "Dele&te picture ({cost})"),
            cost=pictures.deletion_cost(picture, translate),
        )
        if picture and picture.removes_s and picture.state != "deleted"
        else "",
        undo=translate("Tray", "&Undo deletion")
        if picture and pictures.undo_left_s(state, picture) is not None
        else "",
        signed_in=state.phase is StartupPhase.READY,
        marketplaces=sites,
        marketplace=site,
    )


def shows_the_same(before: Status, after: Status) -> bool:
    """Whether icon, tooltip and menu, which show whole minutes, would look the same. The toast of a
    picture under review shows seconds.
    """

    def by_the_minute(status: Status) -> Status:
        today_s, week_s = status.today_s // 60, status.week_s // 60
        return replace(status, session_s=0, today_s=today_s, week_s=week_s, minutes=())

    in_review = after.picture is not None and after.picture.state == "review"
    return not in_review and by_the_minute(before) == by_the_minute(after)


def icon(state: AppState) -> str:
    """The name of the icon: the recorder's state, with a mark for attention or offline."""
    base = f"tray-{_ICON[state.recorder_state]}"
    if state.problem or state.notices or state.asks_about_idle:
        return f"{base}-attention"
    if state.upload and state.upload.offline:
        return f"{base}-offline"
    if state.upload and state.upload.problem:
        return f"{base}-attention"
    return base


def tooltip(state: AppState, translate: Translate) -> str:
    """Recording, Acme, 2:14 today."""
    states = {
        "stopped": translate("Tray", "Not recording"),
        "starting": translate("Tray", "Starting"),
        "recording": translate("Tray", "Recording"),
        "paused": translate("Tray", "Paused"),
        "idle": translate("Tray", "Paused, no input"),
    }
    parts = [states[state.recorder_state]]
    if (state.running or state.paused) and state.contract:
        parts.append(named(state.contract.client or state.contract.title))
    today = hours(state.totals[0])
    parts.append(substitute(translate("Tray", "{time} today"), time=today))
    if state.upload and state.upload.offline:
        parts.append(translate("Tray", "offline"))
    if state.demo:
        parts.append(translate("Tray", "demo"))
    if state.shown_name:
        parts.append(named(state.shown_name))
    return ", ".join(parts)
