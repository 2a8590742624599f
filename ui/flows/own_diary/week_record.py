"""Saves and checks the record of the week that the own diary shows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from diary.core.slots import week_of
from ui.presenters.own_diary.week_record import file_name, outcome
from ui.qt import plain_text
from ui.qt.translation import translate

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMessageBox

    from ui.flows.session import AppSession
    from ui.qt_bridge import Bridge
    from ui.windows.own_diary.window import DiaryWindow
    from uploader.export.week_check import WeekRecord


class WeekRecordFlow(QObject):
    """One at a time: the button is disabled until the outcome is known."""

    def __init__(self, session: AppSession, bridge: Bridge) -> None:
        super().__init__(session)
        self._session = session
        self._window: DiaryWindow | None = None
        self.dialog: QFileDialog | None = None
        self.message: QMessageBox | None = None
        bridge.week.connect(self._on_week)

    def save(self, window: DiaryWindow, ctr: str) -> None:
        """Ask for a file, then save the week of a contract and check it."""
        self._window = window
        begin = self._week()
        self.dialog = dialog = QFileDialog(window)
        plain_text.set_title(dialog, translate("Week", "Save the week's record"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("zip")
        dialog.selectFile(str(Path.home() / file_name(begin)))
        dialog.fileSelected.connect(lambda file: self._start(ctr, begin, file))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def check(self, window: DiaryWindow, ctr: str) -> None:
        """Check the week of a contract."""
        self._window = window
        self._start(ctr, self._week(), "")

    def _week(self) -> int:
        state = self._session.state
        return week_of(state.now_ms // 1000 if state.day is None else state.day.bounds.noon_s)

    def _start(self, ctr: str, week: int, file: str) -> None:
        if self._session.client is not None and self._window is not None:
            self._window.week_button.setEnabled(False)
            self._session.client.check_week(ctr, week, file)

    def _on_week(self, record: WeekRecord) -> None:
        if self._window is None:
            return
        self._window.week_button.setEnabled(True)
        text, details = outcome(record, translate)
        title = translate("Week", "The week's record")
        self.message = plain_text.message_box(title, text, details, parent=self._window)
        self.message.finished.connect(self.message.deleteLater)
        self.message.open()
