"""Collects the notices of the recorder and of the upload, each once, until they are answered."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from tracker.model.status import Notice
from ui.presenters.attention import answered, attention, with_notice
from ui.qt.translation import translate

if TYPE_CHECKING:
    from tracker.model.status import Status
    from ui.flows.session import AppSession
    from uploader.worker.status import UploadStatus


class NoticeFlow(QObject):
    """Counts the notices that were taken into the state."""

    raised = Signal(object)  # a new `Notice`

    def __init__(self, session: AppSession, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._notices_seen = 0
        self._incidents_seen = 0

    def on_status(self, status: Status) -> None:
        """Take the recorder's status and its new notices into the state."""
        new = status.notices_since(self._notices_seen)
        self._notices_seen = status.notice_seq
        self._session.state = replace(self._session.state, status=status)
        self._add(new)

    def on_upload(self, upload: UploadStatus) -> None:
        """Take the upload's status and its new incidents into the state; forget read facts that are
        over.
        """
        new = upload.notices[self._incidents_seen :]
        self._incidents_seen += len(new)
        state = self._session.state
        dismissed = state.dismissed if upload.problem == state.dismissed else ""
        read = state.read & {*upload.facts}
        self._session.state = replace(state, upload=upload, dismissed=dismissed, read=read)
        self._add(tuple(Notice(incident.code.value, dict(incident.params)) for incident in new))

    def reset(self) -> None:
        """Forget the notices of a client that is closed: the next one counts its own."""
        self._notices_seen = self._incidents_seen = 0

    def answer(self, key: str = "") -> None:
        """The person has answered the entry `key`, by default the first one."""
        state = self._session.state
        if not key:
            key = next((view.key for view in attention(state, translate)), "")
        self._session.state = answered(state, key)

    def _add(self, new: tuple[Notice, ...]) -> None:
        for notice in new:
            state = self._session.state
            self._session.state = replace(state, notices=with_notice(state.notices, notice))
            self.raised.emit(notice)
