"""Selects the notice to show: each one of the recorder and of the upload once, until answered."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ui.presenters.notices import NOTIFIED, notice_view
from ui.qt.translation import translate

if TYPE_CHECKING:
    from tracker.model.status import Notice, Status
    from ui.flows.session import AppSession
    from uploader.worker.status import UploadStatus


class NoticeFlow(QObject):
    """Counts the notices that were shown."""

    urgent = Signal(str)  # the text of a notice that the desktop must show too

    def __init__(self, session: AppSession, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._notice_seen = 0
        self._incidents_seen = 0

    def on_status(self, status: Status) -> None:
        """Take the recorder's status into the state, and its notice if that is new."""
        state = self._session.state
        notice = state.notice
        if status.notice_seq != self._notice_seen:
            self._notice_seen = status.notice_seq
            notice = status.notice
            self._report_urgent(notice)
        self._session.state = replace(state, status=status, notice=notice)

    def on_upload(self, upload: UploadStatus) -> None:
        """Show a new incident; forget read ones that are over."""
        if len(upload.notices) > self._incidents_seen:
            self._incidents_seen = len(upload.notices)
            self._session.show_notice(upload.notices[-1].code.value)
        state = self._session.state
        dismissed = state.dismissed if upload.problem == state.dismissed else ""
        read = state.read & {*upload.facts}
        self._session.state = replace(state, upload=upload, dismissed=dismissed, read=read)

    def mark_read(self) -> None:
        """Show the upload's problem or fact again only after it has changed."""
        state, upload = self._session.state, self._session.state.upload
        if state.problem or state.notice is not None or upload is None:
            return
        if upload.problem and upload.problem not in {"offline", state.dismissed}:
            self._session.state = replace(state, dismissed=upload.problem)
        elif state.fact is not None:
            self._session.state = replace(state, read=state.read | {state.fact})

    def answer(self) -> None:
        """The person has pressed the notice's button: it is not shown again."""
        self.mark_read()
        self._session.state = replace(self._session.state, notice=None)

    def _report_urgent(self, notice: Notice | None) -> None:
        """Show a notice on the desktop if it cannot wait until the person opens the window."""
        if notice is not None and notice.code in NOTIFIED:
            view = notice_view(notice.code, notice.params, translate, self._session.state.zone)
            self.urgent.emit(view.text)
