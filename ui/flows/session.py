"""The state on the screen and the client behind it, shared by the controller and its flows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from tracker.model.status import Notice
from ui.presenters.attention import with_notice

if TYPE_CHECKING:
    from ui.client.interface import Client, SyncReport
    from ui.presenters.app_state import AppState


class AppSession(QObject):
    """Belongs to Qt's thread. `client` is None before it is open and after the sign-out."""

    changed = Signal()  # the views must be made again from `state`

    def __init__(self, state: AppState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state = state
        self.client: Client | None = None
        self.ending = False

    def take(self, report: SyncReport) -> None:
        """Take the contracts, their memos and the questions of a report into the state."""
        self.state = replace(
            self.state,
            contracts=report.contracts,
            known_memos=report.memos,
            threads=report.threads,
        )

    def show_notice(self, code: str) -> None:
        """Add a notice to those that wait for an answer."""
        self.state = replace(self.state, notices=with_notice(self.state.notices, Notice(code)))
        self.changed.emit()
