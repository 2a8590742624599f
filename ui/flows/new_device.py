"""The question whether a further device of the account is the person's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ui.presenters.diary import new_device_question
from ui.qt.translation import translate

if TYPE_CHECKING:
    from ui.flows.session import AppSession
    from ui.windows.window_manager import WindowManager
    from uploader.api.responses import UnconfirmedDevice


class NewDeviceFlow(QObject):
    """Asks about each device once per run of the program."""

    refused = Signal()  # the device is not the person's

    def __init__(self, session: AppSession, windows: WindowManager) -> None:
        super().__init__(windows)
        self._session = session
        self._windows = windows
        self._asked: set[str] = set()

    def announce(self) -> None:
        """Show a notice about a device that was not asked about."""
        session = self._session
        if self._unasked() and session.client is not None:
            shown = any(notice.code == "new_device" for notice in session.state.notices)
            if not shown:
                session.show_notice("new_device")

    def ask(self) -> None:
        """Ask about the next device; Yes signs a vouch for it."""
        client, unasked = self._session.client, self._unasked()
        if client is None or not unasked:
            return
        device = unasked[0]
        self._asked.add(device.kid)
        view = new_device_question(device.name, device.since, self._session.state.zone, translate)
        self._windows.ask(view, lambda: client.vouch(device.kid), self.refused.emit, danger=False)

    def _unasked(self) -> list[UnconfirmedDevice]:
        upload = self._session.state.upload
        found = upload.unvouched if upload is not None else ()
        return [each for each in found if each.kid not in self._asked]
