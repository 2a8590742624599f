"""Texts about a version that is ready to start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.presenters.formatting import substitute
from ui.presenters.notices import Action, NoticeView, action_label

if TYPE_CHECKING:
    from ui.presenters.app_state import AppState
    from ui.presenters.formatting import Translate

#: The key of the attention entry and of the notification.
UPDATE_KEY = "update"


def may_install(state: AppState) -> bool:
    """Whether a new version may be installed and the program may restart: no recording runs, is
    paused, or waits for an answer about idle time, and all work is on the disk.
    """
    status = state.status
    in_memory = status is not None and bool(status.in_memory)
    return state.recorder_state == "stopped" and not state.asks_about_idle and not in_memory


def update_notice(state: AppState, translate: Translate) -> NoticeView | None:
    """The attention entry for a version that is ready; None without one, and while the program may
    not restart.
    """
    if not state.update_ready or not may_install(state):
        return None
    text = translate("Update", "Workdiary {version} is ready for the next start.")
    return NoticeView(
        substitute(text, version=state.update_ready),
        Action.UPDATE,
        action_label(Action.UPDATE, translate),
        key=UPDATE_KEY,
    )
