"""The own diary: its window, the changes of its segments, and deletions that can be undone.

A deletion is signed ten seconds after the person asked for it, or when the program ends: until then
it can be undone. Once it is signed, nothing can bring back what it erased.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from diary.core.day_bounds import date_bounds, day_bounds
from tracker.platform.heap import trim_heap
from ui.flows.own_diary.week_record import WeekRecordFlow
from ui.presenters.app_state import StartupPhase
from ui.presenters.diary import RowAction, question
from ui.presenters.notices import notice_view
from ui.presenters.own_diary.choice import ContractEntry, DiaryChoice
from ui.presenters.pictures import UNDO_S
from ui.presenters.questions import QUESTION_KEY, waiting
from ui.qt.release import release
from ui.qt.translation import translate

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from PySide6.QtGui import QImage

    from ui.client.interface import SegmentViews
    from ui.flows.session import AppSession
    from ui.presenters.own_diary.manual_time import ManualEntry
    from ui.presenters.own_diary.panel import PanelView
    from ui.presenters.pictures import ReviewView
    from ui.qt_bridge import Bridge
    from ui.windows.own_diary.manual_time import ManualTimeDialog
    from ui.windows.own_diary.window import DiaryWindow
    from ui.windows.window_manager import WindowManager
    from uploader.api.picture_views import ViewsResponse
    from uploader.store.local_diary import DiaryEntry, LocalDay

#: A segment that is selected only in passing is not asked about.
VIEWS_AFTER_MS = 400
#: Deletions that can be undone; the others ask before.
_WITH_UNDO = {RowAction.DELETE_PICTURE, RowAction.DELETE_TIME}


class DiaryFlow(QObject):
    """Asks the client for a day while its window is visible."""

    memo_wanted = Signal()  # the memo of the running slot is to be changed
    shown = Signal(bool)

    def __init__(self, session: AppSession, windows: WindowManager, bridge: Bridge) -> None:
        super().__init__(session)
        self._session = session
        self._windows = windows
        self._at_s: int | None = None
        self._choice = DiaryChoice()
        #: The seconds left to undo, and the action, by segment.
        self._deleting: dict[str, tuple[int, RowAction]] = {}
        #: The segment whose picture is shown at full size.
        self._picture: PanelView | None = None
        #: Who viewed the pictures of the segments, as far as that was read.
        self._views: dict[str, ViewsResponse | None] = {}
        #: The segment that was asked about last.
        self._views_of = ""
        self._views_timer = QTimer(self)
        self._views_timer.setSingleShot(True)
        self._views_timer.setInterval(VIEWS_AFTER_MS)
        self._views_timer.timeout.connect(self._request_views)
        #: The question whose answer gets the cursor once it is shown.
        self._question_wanted = ""
        self.dialog: ManualTimeDialog | None = None
        self.week = WeekRecordFlow(session, bridge)
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self._second)
        bridge.day.connect(self.on_day)
        bridge.thumbnails.connect(self._on_thumbnails)
        bridge.picture.connect(self._on_picture)
        bridge.manual.connect(self._on_manual)
        bridge.views.connect(self._on_views)

    @property
    def window(self) -> DiaryWindow | None:
        """The window, once it was opened."""
        return self._windows.day

    # Views

    def show(self) -> None:
        """Show today's entries in front."""
        self._session.state = replace(self._session.state, day=None)
        self._choice = DiaryChoice()
        self._views.clear()
        self._views_of = ""
        if self._windows.day is None:
            self._connect(self._windows.make_day())
        self._show()
        self._windows.show_day()
        self._request(None)

    def show_question(self, key: str) -> None:
        """Show the question with a key of the attention list, on its day and slot; with another
        key, the first that waits.
        """
        state = self._session.state
        found = [each.first for each in state.threads]
        first = next((e for e in found if key == f"{QUESTION_KEY}{e.digest}"), None)
        if first is None:
            first = next((each.first for each in waiting(state)), None)
        self.show()
        if first is None:
            return
        bounds = day_bounds(first.slots[0], state.zone)
        self._choice = DiaryChoice(slot=first.slots[0], question=first.digest)
        self._question_wanted = first.digest
        self._request(bounds.noon_s if bounds.end_s <= state.now_ms // 1000 else None)
        self._show()

    def refresh(self) -> None:
        """Show the newest state; only if the window is visible."""
        if self._session.state.phase is StartupPhase.SIGNING_OUT:
            self.finish()
        if self.window is not None and self.window.isVisible():
            self._show()

    def update(self) -> None:
        """Read the day again, since a segment was sealed or uploaded; only if it is visible."""
        if self.window is not None and self.window.isVisible():
            self._request(self._at_s)

    def on_day(self, day: LocalDay) -> None:
        """Show the day that the client has read."""
        self._session.state = replace(self._session.state, day=day)
        self.refresh()

    def _connect(self, window: DiaryWindow) -> None:
        window.day_wanted.connect(self.choose)
        window.contract_chosen.connect(lambda ctr: self._choose_slot(None, ctr))
        window.slot_chosen.connect(self._choose_slot)
        window.picture_opened.connect(self._open_picture)
        window.manual_wanted.connect(self.ask_manual_time)
        window.save_wanted.connect(lambda: self.week.save(window, self._contract()))
        window.check_wanted.connect(lambda: self.week.check(window, self._contract()))
        window.shown.connect(self._shown)
        window.thumbnails.wanted.connect(self._load)
        panel = window.panel
        panel.part_chosen.connect(lambda part: self._choose(part=part))
        panel.picture_opened.connect(self._open_picture)
        panel.acted.connect(lambda action: self.run_action(self._segment(), action))
        panel.undone.connect(self._undo)
        panel.question.answered.connect(self._answer)
        panel.question.number_chosen.connect(lambda n: self._choose(question="", number=n))
        panel.memo_changed.connect(self._change_memo)
        panel.memo_wanted.connect(self.memo_wanted)

    def _show(self) -> None:
        if self.window is not None:
            from ui.presenters.own_diary.day import day_view

            undo_s = {segment: left for segment, (left, _) in self._deleting.items()}
            choice = replace(self._choice, undo_s=undo_s, views=dict(self._views))
            self.window.show_view(day_view(self._session.state, choice, translate), choice.part)
            found = self.window.panel.question.view
            if found is not None and found.key == self._question_wanted:
                self._question_wanted = ""
                self.window.open_question()
            if self._unread_views() and not self._views_timer.isActive():
                self._views_timer.start()

    def _shown(self, on: bool) -> None:
        self.shown.emit(on)
        if not on:
            trim_heap()

    # Choices

    def choose(self, day: date) -> None:
        """Show the entries of a day; for today or a later day, those of the current day."""
        state = self._session.state
        bounds = date_bounds(day, state.zone)
        self._choice = replace(self._choice, slot=None, part=0, question="", number=0)
        self._request(bounds.noon_s if bounds.end_s <= state.now_ms // 1000 else None)

    def _choose(self, **changes: object) -> None:
        self._choice = replace(self._choice, **changes)  # type: ignore[arg-type]
        self._show()

    def _choose_slot(self, slot: int | None, ctr: str | None = None) -> None:
        ctr = self._choice.ctr if ctr is None else ctr
        self._choose(ctr=ctr, slot=slot, part=0, question="", number=0)

    def _request(self, at_s: int | None) -> None:
        self._at_s = at_s
        if self._session.client is not None:
            self._session.client.request_day(at_s)

    # Pictures

    def _load(self, names: tuple[str, ...]) -> None:
        if self._session.client is not None:
            self._session.client.request_thumbnails(names)

    def _on_thumbnails(self, images: Mapping[str, tuple[QImage, QImage]]) -> None:
        if self.window is not None and self.window.isVisible():
            self.window.thumbnails.add(images)

    def _open_picture(self) -> None:
        """Open the picture of the segment in the panel at full size."""
        view = self.window.panel.view if self.window is not None else None
        if view is None or not view.file or self._session.client is None:
            return
        self._picture = view
        window = self._windows.picture or self._windows.make_picture(self._picture_view)
        window.begin(view.file)
        self._session.client.request_picture(view.file)
        window.raise_now()

    def _picture_view(self, _: int) -> ReviewView | None:
        from ui.presenters.own_diary.panel import picture_view

        return None if self._picture is None else picture_view(self._picture, translate)

    def _on_picture(self, found: tuple[str, QImage]) -> None:
        window, view = self._windows.picture, self._picture
        if window is not None and view is not None and found[0] == view.file:
            window.show_image(found[1])

    # Views of the pictures

    def _unread_views(self) -> str:
        """The segment in the panel if its picture is at the marketplace and the views are to be
        read; else "". After a failure they are read again once the segment is selected again.
        """
        view = self.window.panel.view if self.window is not None else None
        if view is None or not view.receipt or not view.thumb:
            return ""
        known = self._views.get(view.hash) is not None or view.hash == self._views_of
        return "" if known else view.hash

    def _request_views(self) -> None:
        segment, client = self._unread_views(), self._session.client
        if segment and client is not None:
            self._views_of = segment
            client.request_views(segment)

    def _on_views(self, found: SegmentViews) -> None:
        self._views[found.segment] = found.views
        self.refresh()

    # Changes

    def run_action(self, segment: str, action: str) -> None:
        """Carry out a `RowAction` on a segment, named by its hash: some can be undone for ten
        seconds, other deletions ask before.
        """
        client, entry = self._session.client, self._entry(segment)
        if entry is None or client is None:
            return
        wanted = RowAction(action)
        if wanted is RowAction.SEND_AGAIN:
            client.send_again(segment)
        elif wanted in _WITH_UNDO:
            self._deleting[segment] = (UNDO_S, wanted)
            self._timer.start()
            self._show()
        elif wanted is not RowAction.MEMO:
            view = question(entry, wanted, self._session.state.zone, translate)
            self._windows.ask(view, lambda: client.delete(segment, wanted))

    def ask_manual_time(self) -> None:
        """Open the dialog for time that was not recorded."""
        from ui.presenters.own_diary.day import day_view
        from ui.presenters.own_diary.manual_time import allowed, hindrance
        from ui.windows.own_diary.manual_time import ManualTimeDialog

        state, client = self._session.state, self._session.client
        if client is None or hindrance(state, self._choice.ctr, translate):
            return
        if self.dialog is not None:
            self.dialog.raise_()
            self.dialog.activateWindow()
            return
        may = allowed(state, "")
        contracts = tuple(
            ContractEntry(c.ctr, c.title, c.client) for c in state.contracts if c.ctr in may
        )
        self.dialog = ManualTimeDialog(
            self._windows.theme, contracts, state.zone, lambda: client.now_ms() // 1000, self.window
        )
        self.dialog.added.connect(self._add_manual_time)
        self.dialog.finished.connect(self._dialog_finished)
        today = day_view(state, self._choice, translate)
        self.dialog.begin_entry(
            self._choice.ctr or state.chosen or "", today.shown, today.today, state.memo
        )
        self.dialog.open()

    def _add_manual_time(self, entry: ManualEntry) -> None:
        from ui.presenters.own_diary.manual_time import hindrance

        hinders = hindrance(self._session.state, entry.ctr, translate)
        client = self._session.client
        if client is None or hinders:
            self._on_manual_text(hinders)
        else:
            client.add_manual_time(entry)

    def _on_manual(self, code: str) -> None:
        self._on_manual_text(notice_view(code, {}, translate).text if code else "")

    def _on_manual_text(self, error: str) -> None:
        if self.dialog is not None:
            self.dialog.show_result(error)

    def _dialog_finished(self) -> None:
        dialog, self.dialog = self.dialog, None
        if dialog is not None:
            release(dialog)

    def finish(self) -> None:
        """Carry out the deletions at once, and close the dialog: the program ends."""
        if self.dialog is not None:
            self.dialog.reject()
        for segment in [*self._deleting]:
            self._delete(segment)

    def _entry(self, segment: str) -> DiaryEntry | None:
        day = self._session.state.day
        entries = day.entries if day is not None else ()
        return next((each for each in entries if each.hash == segment), None)

    def _segment(self) -> str:
        """The hash of the segment in the panel."""
        view = self.window.panel.view if self.window is not None else None
        return view.hash if view is not None else ""

    def _contract(self) -> str:
        """The contract of the chosen list entry, else that of the segment in the panel."""
        entry = self._entry(self._segment())
        shown = entry.ctr if entry is not None else self._session.state.chosen
        return self._choice.ctr or shown or ""

    def _undo(self) -> None:
        self._deleting.pop(self._segment(), None)
        self._show()

    def _second(self) -> None:
        for segment, (left, action) in [*self._deleting.items()]:
            if left > 1:
                self._deleting[segment] = (left - 1, action)
            else:
                self._delete(segment)
        if not self._deleting:
            self._timer.stop()
        self.refresh()

    def _delete(self, segment: str) -> None:
        _, action = self._deleting.pop(segment)
        if self._session.client is not None:
            self._session.client.delete(segment, action)

    def _answer(self, question: str, text: str) -> None:
        """Send the answer to a question, by its digest."""
        threads, client = self._session.state.threads, self._session.client
        first = next((e.first for e in threads if e.first.digest == question), None)
        if first is not None and client is not None:
            client.answer_question(first.ctr, question, text)

    def _change_memo(self, memo: str) -> None:
        text, segment = " ".join(memo.split()), self._segment()
        if self._session.client is not None and text and segment:
            self._session.client.change_memo(segment, text)
