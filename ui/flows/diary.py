"""Today's entries: the window, and the changes and deletions of its rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from diary.core.slots import day_of
from ui.presenters.diary import RowAction, day_view, question
from ui.qt.translation import translate

if TYPE_CHECKING:
    from datetime import date

    from ui.flows.session import AppSession
    from ui.windows.window_manager import WindowManager
    from uploader.store.local_diary import LocalDay


class DiaryFlow:
    """Asks the client for a day while its window is visible."""

    def __init__(self, session: AppSession, windows: WindowManager) -> None:
        self._session = session
        self._windows = windows
        self._at_s: int | None = None
        windows.action_requested.connect(self.run_action)
        windows.day_wanted.connect(self.choose)

    def show(self) -> None:
        """Show today's entries in front."""
        self._session.state = replace(self._session.state, day=None)
        self._windows.show_day(day_view(self._session.state, translate))
        self._request(None)

    def choose(self, day: date) -> None:
        """Show the entries of a UTC day; today's, and those to come, follow the clock."""
        begin_s = int(datetime.combine(day, time(), UTC).timestamp())
        self._request(begin_s if begin_s < day_of(self._session.state.now_ms // 1000) else None)

    def update(self) -> None:
        """Read the day again, since a segment was sealed or uploaded; only if it is visible."""
        day = self._windows.day
        if day is not None and day.isVisible():
            self._request(self._at_s)

    def _request(self, at_s: int | None) -> None:
        self._at_s = at_s
        if self._session.client is not None:
            self._session.client.request_day(at_s)

    def on_day(self, day: LocalDay) -> None:
        """Show the day that the client has read."""
        self._session.state = replace(self._session.state, day=day)
        self._windows.refresh_day(day_view(self._session.state, translate))

    def run_action(self, segment: str, action: str) -> None:
        """Carry out a `RowAction` on a segment, named by its hash; ask first where it deletes."""
        state, client = self._session.state, self._session.client
        entries = state.day.entries if state.day is not None else ()
        entry = next((each for each in entries if each.hash == segment), None)
        if entry is None or client is None:
            return
        wanted = RowAction(action)
        if wanted is RowAction.SEND_AGAIN:
            client.send_again(segment)
        elif wanted is RowAction.MEMO:
            self._windows.ask_memo(entry.memo or "", lambda memo: self._change_memo(segment, memo))
        else:
            view = question(entry, wanted, state.zone, translate)
            self._windows.ask(view, lambda: client.delete(segment, wanted))

    def _change_memo(self, segment: str, memo: str) -> None:
        text = " ".join(memo.split())
        if self._session.client is not None and text:
            self._session.client.change_memo(segment, text)
