"""The report for support: collects it on a thread, shows it, saves it where the user chooses."""

from __future__ import annotations

import contextlib
import logging
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog

from ui.presenters.settings.support import failed_text, file_name, saved_text, summary_text
from ui.qt import plain_text
from ui.qt.translation import translate

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.support_bundle import SupportReport
    from ui.windows.settings.window import SettingsWindow
    from ui.windows.support import SupportWindow

log = logging.getLogger(__name__)


class SupportFlow(QObject):
    """One report at a time; its window belongs to the settings window."""

    _done = Signal(object)

    def __init__(self, settings: SettingsWindow, base: Path) -> None:
        """`base` is the base folder."""
        super().__init__(settings)
        self._settings = settings
        self._base = base
        self._report: SupportReport | None = None
        self._working = False
        self.window: SupportWindow | None = None
        self.dialog: QFileDialog | None = None
        self._done.connect(lambda call: call(), Qt.ConnectionType.QueuedConnection)
        settings.computer.report.connect(self.show)

    @property
    def busy(self) -> bool:
        """Whether a report is collected, shown or saved."""
        return self._working or (self.window is not None and self.window.isVisible())

    def show(self) -> None:
        """Show the window and collect a new report."""
        if self.window is None:
            from ui.windows.support import SupportWindow

            self.window = SupportWindow(self._settings)
            self.window.saving.connect(self._ask_place)
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()
        if self._working:
            return
        self._report = None
        self.window.show_collecting()
        base = self._base

        def work() -> Callable[[], None]:
            from ui.support_bundle import collect

            report = collect(base)
            return lambda: self._show_report(report)

        self._begin(work, translate("Support", "The report could not be collected."))

    def _show_report(self, report: SupportReport) -> None:
        if self.window is not None:
            self._report = report
            self.window.show_files([(file.name, file.text) for file in report.files])
            self.window.show_outcome(summary_text(len(report.files), len(report.data), translate))

    def _ask_place(self) -> None:
        self.dialog = dialog = QFileDialog(self.window)
        plain_text.set_title(dialog, translate("Support", "Save the report"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("zip")
        dialog.selectFile(str(Path.home() / file_name(datetime.now(UTC).date())))
        dialog.fileSelected.connect(self.save)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def save(self, file: str) -> None:
        """Save the report that is shown."""
        report = self._report
        if report is None or self._working:
            return

        def work() -> Callable[[], None]:
            from system.files import write_private

            try:
                write_private(Path(file), report.data)
            except OSError as error:
                reason = error.strerror or type(error).__name__
                return lambda: self._show_outcome(failed_text(reason, translate), attention=True)
            return lambda: self._show_outcome(saved_text(file, translate))

        self._begin(work, translate("Support", "The report could not be saved."))

    def _show_outcome(self, text: str, *, attention: bool = False) -> None:
        if self.window is not None:
            self.window.show_outcome(text, attention=attention)

    def _begin(self, work: Callable[[], Callable[[], None]], failure: str) -> None:
        """Run `work` on a thread and the call that it returns on Qt's thread; show `failure` after
        any error.
        """
        self._working = True

        def run() -> None:
            try:
                call = work()
            except Exception as error:
                log.warning("the report for support failed", exc_info=error)

                def call() -> None:
                    self._show_outcome(failure, attention=True)

            def finish() -> None:
                self._working = False
                call()

            # Qt destroys the signal when the program ends.
            with contextlib.suppress(RuntimeError):
                self._done.emit(finish)

        threading.Thread(target=run, name="workdiary-support", daemon=True).start()
