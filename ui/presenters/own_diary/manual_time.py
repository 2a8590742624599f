"""Entering time by hand: the permission, the missing input and the texts of the dialog."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from ui.presenters.formatting import hours, substitute

if TYPE_CHECKING:
    from datetime import tzinfo

    from ui.presenters.app_state import AppState
    from ui.presenters.formatting import Translate

#: The longest time of one entry, s; the client refuses more.
LONGEST_S = 12 * 3600


@dataclass(frozen=True)
class ManualEntry:
    """Time to enter; `t0` and `t1` in Unix s."""

    ctr: str
    t0: int
    t1: int
    memo: str
    reason: str


def allowed(state: AppState, ctr: str) -> tuple[str, ...]:
    """The contracts, of one or ("") of all, whose terms allow manual time."""
    return tuple(
        info.ctr
        for info in state.contracts
        if ctr in {"", info.ctr} and info.terms.manual and info.terms.state == "active"
    )


def hindrance(state: AppState, ctr: str, translate: Translate) -> str:
    """Why no time can be entered now; empty if it can."""
    if not allowed(state, ctr):
        return translate("Manual", "The contract does not allow manual time.")
    status = state.status
    busy = status is not None and (status.unsealed or status.idle is not None)
    if state.recorder_state != "stopped" or busy:
        return translate("Manual", "Stop the recording first.")
    return ""


def moments(day: date, begin: time, end: time, zone: tzinfo | None) -> tuple[int, int]:
    """Unix seconds of the start and the end on a day; an end at midnight is on the next day."""
    end_day = day + timedelta(days=1) if end == time() else day
    at = (datetime.combine(day, begin), datetime.combine(end_day, end))
    if zone is None:
        return int(at[0].timestamp()), int(at[1].timestamp())
    t0, t1 = (int(each.replace(tzinfo=zone).astimezone(UTC).timestamp()) for each in at)
    return t0, t1


def problem(entry: ManualEntry, now_s: int, translate: Translate) -> str:
    """The first thing that is missing or wrong; empty if the entry can be added."""
    for wrong, text in (
        (entry.t1 <= entry.t0, translate("Manual", "The end must be after the beginning.")),
        (entry.t1 > now_s, translate("Manual", "Only time that has passed can be added.")),
        (entry.t1 - entry.t0 > LONGEST_S, translate("Manual", "At most 12 hours at once.")),
        (not entry.memo.strip(), translate("Manual", "Write a memo.")),
        (not entry.reason.strip(), translate("Manual", "Write why it was not recorded.")),
    ):
        if wrong:
            return text
    return ""


def add_label(entry: ManualEntry, translate: Translate) -> str:
    """The label of the button that adds the time."""
    length = hours(max(entry.t1 - entry.t0, 0))
    return substitute(translate("Manual", "&Add {time}"), time=length)
