"""The network settings: the proxy's password, the authority's file, the test of the connection.

Rules kept: only threads use the keyring, files and the network; the password is stored in the
keyring and in no setting.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog

from ui.client.interface import code_of
from ui.presenters.notices import notice_view
from ui.presenters.settings.network import file_text, result_text
from ui.qt import plain_text
from ui.qt.translation import translate
from ui.settings.settings import AUTHORITY, PROXY, PROXY_USER

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.flows.settings.program import SettingsProgram
    from ui.settings.settings import Settings
    from ui.windows.settings.window import SettingsWindow

log = logging.getLogger(__name__)


class CurrentSettings(Protocol):
    """The settings in force."""

    current: Settings


class NetworkFlow(QObject):
    """Serves the section of one settings window."""

    _done = Signal(object)

    def __init__(
        self, settings: CurrentSettings, program: SettingsProgram, window: SettingsWindow
    ) -> None:
        super().__init__(window)
        self._settings = settings
        self._program = program
        self._window = window
        self.dialog: QFileDialog | None = None
        self._running = 0
        self._done.connect(lambda call: call(), Qt.ConnectionType.QueuedConnection)
        section = window.network
        section.password_given.connect(self._keep_password)
        section.file_wanted.connect(self._choose_file)
        section.test_wanted.connect(self._test)

    @property
    def busy(self) -> bool:
        """Whether the result of a thread is still to be shown."""
        return self._running > 0

    # The password

    def _keep_password(self, password: str) -> None:
        settings = self._settings.current
        if not settings.text(PROXY) or not settings.text(PROXY_USER):
            text = translate("Network", "Enter the proxy's address and the user name first.")
            self._window.show_outcome(text, attention=True)
            return

        def work() -> Callable[[], None]:
            from ui.client.network.route import choice_of
            from uploader.account.proxy_password import save_password

            save_password(choice_of(settings), password)
            return lambda: self._password_kept(removed=not password)

        self._begin(work, self._password_failed)

    def _password_kept(self, *, removed: bool) -> None:
        text = (
            translate("Network", "The password was removed from the keyring.")
            if removed
            else translate("Network", "Saved in the keyring. Applies to the next connection.")
        )
        self._window.show_outcome(text)
        client = self._program.session.client
        if client is not None:
            # The next request reads the new password.
            client.apply_settings(self._settings.current)
            client.try_again()

    def _password_failed(self, error: Exception) -> None:
        reason = notice_view(code_of(error), {}, translate, failed=True).text
        text = translate("Network", "The password was not saved. {reason}")
        self._window.show_outcome(text.replace("{reason}", reason), attention=True)

    # The file

    def _choose_file(self) -> None:
        self.dialog = dialog = QFileDialog(self._window)
        plain_text.set_title(dialog, translate("Network", "Choose the certificate authority"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters(
            [
                translate("Network", "Certificates (*.pem *.crt *.cer)"),
                translate("Network", "All files (*)"),
            ]
        )
        dialog.setDirectory(str(Path.home()))
        dialog.fileSelected.connect(self.use_file)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def use_file(self, path: str) -> None:
        """Trust the certificates in a file, if it can be used."""

        def work() -> Callable[[], None]:
            from uploader.api.network.authority import read_authority

            read_authority(path)
            return lambda: self._use(path)

        self._begin(work, self._file_refused)

    def _use(self, path: str) -> None:
        if AUTHORITY.accepts(path):
            self._window.network.show_file(path)
            self._window.network.changed.emit(AUTHORITY, path)
        else:
            self._window.network.show_file_problem(file_text("unreadable", translate))

    def _file_refused(self, error: Exception) -> None:
        reason = str(getattr(error, "detail", ""))
        self._window.network.show_file_problem(file_text(reason, translate))

    # The test

    def _test(self) -> None:
        site, settings = self._program.site, self._settings.current
        if not site:
            text = translate("Network", "No marketplace is set yet. Enter its address first.")
            self._window.network.show_result(text, attention=True)
            return

        def work() -> Callable[[], None]:
            from ui.client.network.route import route_by
            from uploader.api.connection_test import try_connection

            result = try_connection(site, route_by(settings))
            text = result_text(result, translate)
            return lambda: self._window.network.show_result(text, attention=bool(result.problem))

        self._begin(work, self._test_failed)

    def _test_failed(self, error: Exception) -> None:
        text = notice_view(code_of(error), {}, translate, failed=True).text
        self._window.network.show_result(text, attention=True)

    def _begin(self, work: Callable[[], Callable[[], None]], failed) -> None:  # type: ignore[no-untyped-def]
        """Run `work` on a thread and the call that it returns on Qt's thread; `failed` receives an
        error of `work`.
        """
        self._running += 1

        def run() -> None:
            try:
                call = work()
            except Exception as error:
                log.info("the network's settings: %s", code_of(error), exc_info=error)
                reason = error

                def call() -> None:
                    failed(reason)

            def finish() -> None:
                self._running -= 1
                call()

            # Qt destroys the signal when the program ends.
            with contextlib.suppress(RuntimeError):
                self._done.emit(finish)

        threading.Thread(target=run, name="workdiary-network", daemon=True).start()
