"""The running program: passes the client's reports to the views, and a person's actions to the
client.

`AppController` keeps the one `AppState` from which all views are made. Windows are created when
they are first needed; while they are hidden, no timer runs for them. Nothing is recorded before the
person accepts the consent page. Quitting while recording asks once.
"""

from __future__ import annotations

import gc
import time
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication

from tracker.platform.heap import trim_heap
from ui.client.interface import Failure
from ui.flows.closing import ClosingFlow
from ui.flows.consent import ConsentFlow
from ui.flows.diagnostics import DiagnosticsFlow
from ui.flows.first_run.flow import FirstRunFlow
from ui.flows.idle import IdleFlow
from ui.flows.marketplaces.flow import MarketplacesFlow
from ui.flows.new_device import NewDeviceFlow
from ui.flows.notice import NoticeFlow
from ui.flows.notification import NotificationFlow
from ui.flows.own_diary.diary import DiaryFlow
from ui.flows.picture import PictureFlow
from ui.flows.quiet.preview import PreviewFlow
from ui.flows.recording import RecordingFlow
from ui.flows.session import AppSession
from ui.flows.settings.flow import SettingsFlow
from ui.flows.sign_out import SignOutFlow
from ui.flows.startup import StartupFlow
from ui.links import LinkOpener
from ui.presenters.app_state import AppState, StartupPhase
from ui.presenters.main_window import window_view
from ui.presenters.notices import Action
from ui.presenters.startup_failure import TEMPORARY
from ui.presenters.tray import shows_the_same, tray_view
from ui.qt.translation import translate
from ui.qt_bridge import Bridge
from ui.settings.settings import Settings
from ui.windows.tray import Tray
from ui.windows.window_manager import WindowManager

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tracker.model.status import Status
    from tracker.quiet.interface import QuietReason
    from ui.client.interface import Client, ClientCallbacks, SyncReport
    from ui.flows.first_run.flow import Join
    from ui.notifications.interface import Notifier, Receiver
    from ui.presenters.tray import TrayView
    from ui.qt.theme import Theme
    from ui.windows.main_window import MainWindow


class AppController(QObject):
    """Controls the windows and the icon. `open_client` is called on a separate thread and may take
    long; it reports through the bridge and returns the client, or raises an error with a `code`.
    """

    startup_finished = Signal()  # the client is open, failed to open, or waits for the keyring
    restart_wanted = Signal()  # to start the new version

    def __init__(
        self,
        theme: Theme,
        open_client: Callable[[ClientCallbacks], Client],
        settings: Settings,
        settings_file: Path,
        site: str,
        make_notifier: Callable[[Receiver], Notifier] | None = None,
        join: Join = lambda *_: None,
        find_quiet: Callable[[], frozenset[QuietReason]] | None = None,
    ) -> None:
        """`site` is the marketplace's address, or "" until the first start sets it by `join`;
        `make_notifier` is that of `NotificationFlow`, `find_quiet` that of `PreviewFlow`.
        """
        super().__init__()
        self.site = site
        self.theme = theme
        self._tray_view: TrayView | None = None
        self.window: MainWindow | None = None
        self.session = AppSession(AppState(now_ms=0, phase=StartupPhase.OPENING), self)
        self.session.changed.connect(self.refresh)
        self.bridge = Bridge(self)
        self.tray = Tray(self)
        self.windows = WindowManager(theme, self)
        self.links = LinkOpener(self)
        self.startup = StartupFlow(open_client, lambda: self.site, self.bridge, self)
        self.settings = SettingsFlow(self, settings, settings_file)
        self.closing = ClosingFlow(self.session, self.settings, self.tray, self)
        self.consent = ConsentFlow(self.session, self.windows, self.settings)
        self.idle = IdleFlow(self.session, self.windows)
        self.recording = RecordingFlow(self.session, self.consent, self.idle, self.windows)
        self.notices = NoticeFlow(self.session, self)
        self.diary = DiaryFlow(self.session, self.windows, self.bridge)
        self.new_device = NewDeviceFlow(self.session, self.windows)
        self.diagnostics = DiagnosticsFlow(self.windows, self.bridge, settings_file.parent)
        self.signing_out = SignOutFlow(self.session, self.windows, self.bridge, self.idle)
        self.previews = PreviewFlow(self.settings, find_quiet)
        self.picture = PictureFlow(self.session, theme, self.previews, self.tray.icon.geometry)
        self.notifications = NotificationFlow(
            self.session, make_notifier, self._window_in_use, lambda: datetime.now().astimezone()
        )
        self.notifications.apply_settings(settings)
        self._seconds = QTimer(self)
        self._seconds.setInterval(1000)
        self._seconds.timeout.connect(self._second)
        self._connect_reports()
        self._connect_tray()
        self._connect_windows()
        self.marketplaces = MarketplacesFlow(self, settings_file.parent, join)
        self.first_run = FirstRunFlow(self, settings_file.parent, join)

    def _connect_reports(self) -> None:
        bridge = self.bridge
        bridge.status.connect(self._on_status)
        bridge.sync.connect(self._on_sync)
        bridge.phase.connect(self._on_phase)
        bridge.picture.connect(lambda found: self.picture.on_picture(*found))
        bridge.notice.connect(self.session.show_notice)
        bridge.applications.connect(self.windows.offer_applications)
        bridge.opened.connect(self._on_opened)
        bridge.failed.connect(self._on_failed)
        self.startup.opening.connect(self._on_opening)

    def _connect_tray(self) -> None:
        tray = self.tray
        tray.opened.connect(self.show_window)
        for signal, command in (
            (tray.toggled, self.recording.toggle),
            (tray.paused, self.recording.pause),
            (tray.resumed, self.recording.resume),
        ):
            # In this order: the confirmation compares the state before and after the command.
            signal.connect(self.notifications.confirm)
            signal.connect(command)
        tray.contract_chosen.connect(self.recording.choose)
        tray.picture_opened.connect(self.picture.open_review)
        tray.keep.connect(self.picture.keep)
        tray.delete.connect(self.picture.delete)
        tray.undo.connect(self.picture.undo)
        self.previews.follow(tray.quiet_entry)
        tray.diary.connect(self.open_diary)
        tray.day.connect(self.diary.show)
        tray.signing_out.connect(self.signing_out.ask)
        tray.settings.connect(self.settings.show)
        tray.quitting.connect(self.quit)

    def _connect_windows(self) -> None:
        windows, links = self.windows, self.links
        self.consent.window_wanted.connect(self.show_window)
        windows.quit_confirmed.connect(self.end)
        windows.browser_wanted.connect(self.open_diary)
        windows.viewers_wanted.connect(lambda: self.open_diary("views"))
        windows.link_wanted.connect(links.open)
        self.new_device.refused.connect(lambda: self.open_diary("devices"))
        self.notices.raised.connect(self.notifications.on_notice)
        self.notifications.opened.connect(self.show_window)
        self.notifications.acted.connect(self.act)
        self.notifications.fallback.connect(self.tray.notify)
        self.settings.changed.connect(self.notifications.apply_settings)
        self.closing.explained.connect(self.notifications.explain)
        self.recording.window_wanted.connect(self.show_window)
        self.recording.memo_wanted.connect(self._ask_memo)
        self.diary.memo_wanted.connect(self._ask_memo)
        self.diary.shown.connect(self._window_shown)
        self.recording.memo_proposed.connect(self._propose_memo)
        queued = Qt.ConnectionType.QueuedConnection
        links.unopened.connect(windows.show_address, queued)
        links.unsure.connect(windows.offer_address, queued)
        links.opened.connect(windows.drop_address, queued)

    @property
    def state(self) -> AppState:
        """The values from which all views are made."""
        return self.session.state

    @state.setter
    def state(self, state: AppState) -> None:
        self.session.state = state

    @property
    def client(self) -> Client | None:
        """The client, while it is open."""
        return self.session.client

    # Start and end of the program

    def begin(self) -> None:
        """Show the icon and open the client."""
        self.tray.refresh()
        self.refresh()
        if self.site:
            self.startup.open()
        else:
            self.bridge.report_failed(Failure("not_enrolled"))

    def end(self) -> None:
        """Seal, end the threads, quit. Takes at most two seconds."""
        if self.session.ending:
            return
        self.session.ending = True
        self._seconds.stop()
        for part in (self.startup, self.first_run, self.notifications):
            part.stop()
        self.links.blockSignals(True)
        for shown in (self.tray, self.windows, self.picture):
            shown.hide()
        self.diary.finish()
        if self.window is not None:
            self.window.hide()
        self.startup.close(None if self.signing_out.running else self.client)
        self.bridge.close()
        QApplication.quit()

    def quit(self) -> None:
        """End; while recording, or with work that is not on the disk, ask once."""
        state = self.state
        unsaved = state.status is not None and state.status.in_memory
        if state.running or unsaved:
            self.windows.ask_to_quit(state.waiting, running=state.running, unsaved=unsaved)
        else:
            self.end()

    # Reports of the client

    def _on_opening(self) -> None:
        self.state = replace(self.state, phase=StartupPhase.OPENING, problem="")
        self.refresh()

    def _on_phase(self, phase: StartupPhase) -> None:
        self.state = replace(self.state, phase=phase)
        self.refresh()
        if phase is StartupPhase.KEYRING:
            self.startup_finished.emit()

    def _on_opened(self, client: Client) -> None:
        self.session.client = client
        # Free the startup's objects here: Qt's must be destroyed in this thread.
        gc.collect()
        trim_heap()
        # The person may have changed the settings while the client was being opened.
        client.apply_settings(self.settings.current)
        self.state = replace(self.state, phase=StartupPhase.READY, demo=client.demo)
        self.recording.choose_default()
        self.refresh()
        self.startup_finished.emit()

    def _on_failed(self, failure: Failure) -> None:
        if self.signing_out.running:
            self.signing_out.finish()
        elif failure.code in TEMPORARY:
            self.startup.open_later(failure.retry_after_s)
        self.state = replace(self.state, phase=StartupPhase.FAILED, problem=failure.code)
        self.refresh()
        self.startup_finished.emit()

    def _on_status(self, status: Status) -> None:
        before = self.state.status
        self.notices.on_status(status)
        self.idle.on_status(before, status)
        self.picture.update_hold()
        self.notifications.update()
        if before is None or self._shows_seconds() or not shows_the_same(before, status):
            self.refresh()

    def _shows_seconds(self) -> bool:
        """Whether a window is visible that changes every second."""
        toast = self.picture.toast
        return self._watched() or (toast is not None and toast.isVisible())

    def _watched(self) -> bool:
        return any(w is not None and w.isVisible() for w in (self.window, self.windows.day))

    def _on_sync(self, report: SyncReport) -> None:
        self.notices.on_upload(report.upload)
        self.session.take(report)
        self.recording.choose_default()
        self.new_device.announce()
        self.diary.update()
        self.refresh()
        self.notifications.update()

    # Views

    def refresh(self) -> None:
        """Make the views again from the state. Hidden and unchanged views are skipped."""
        if self.session.ending:
            return
        now_ms = self.client.now_ms() if self.client is not None else time.time_ns() // 10**6
        self.state = replace(self.state, now_ms=now_ms, site=self.site)
        view = tray_view(self.state, translate)
        if view != self._tray_view:
            self._tray_view = view
            self.tray.show_view(view)
        if self.window is not None and self.window.isVisible():
            self.window.show_view(window_view(self.state, translate), self.state.memos)
        self.picture.refresh()
        self.diary.refresh()

    def _second(self) -> None:
        if self.state.recorder_state != "recording":  # then there is a status every second
            self.refresh()

    def _window_in_use(self) -> bool:
        return self.window is not None and self.window.isActiveWindow()

    def show_window(self) -> None:
        """Show the main window in front, or that of the first start until it is finished."""
        if self.first_run.active or not self.site:
            self.first_run.show()
            return
        if self.window is None:
            self.closing.window = self.window = self._make_window()
        self._catch_up()
        self.window.show_view(window_view(self.state, translate), self.state.memos)
        self.window.raise_now()

    def _make_window(self) -> MainWindow:
        from ui.windows.main_window import MainWindow

        window = MainWindow(self.theme)
        window.toggled.connect(lambda *_: self.recording.toggle())
        window.paused.connect(self.recording.pause)
        window.resumed.connect(self.recording.resume)
        window.contract_chosen.connect(self.recording.choose)
        window.memo_written.connect(self.recording.write_memo)
        window.memo_settled.connect(self.recording.set_memo)
        window.view_picture.connect(self.picture.open_review)
        window.keep.connect(self.picture.keep)
        window.delete.connect(self.picture.delete)
        window.held.connect(lambda on: self.picture.hold("window", on))
        window.day.connect(self.diary.show)
        window.settings.connect(self.settings.show)
        window.retried.connect(self._try_again)
        window.acted.connect(self.act)
        window.closing.connect(self.closing.close)
        window.quitting.connect(self.quit)
        window.shown.connect(self._window_shown)
        window.set_memo(self.state.memo)
        return window

    def _window_shown(self, shown: bool) -> None:
        if shown:
            self._catch_up()
            self._seconds.start()
            self.refresh()
        elif not self._watched():
            self._seconds.stop()
            self.bridge.throttle()
            trim_heap()

    def _catch_up(self) -> None:
        """Receive every status from now on, and the one that the bridge held back."""
        held = self.bridge.unthrottle()
        if held is not None:
            self._on_status(held)

    def _ask_memo(self) -> None:
        self.show_window()
        if self.window is not None:
            self.window.ask_memo()

    def _propose_memo(self, memo: str) -> None:
        if self.window is not None:
            self.window.set_memo(memo)

    # Notices

    def act(self, action: str, key: str = "") -> None:
        """Carry out the action of the notice `key`, by default the first one. It never stops a
        recording or opens a second client.
        """
        self.notices.answer(key)
        actions: dict[str, Callable[[], object]] = {
            Action.START: self.recording.start_again,
            Action.MEMO: self._ask_memo,
            Action.RETRY: self._try_again,
            Action.TIME: self.recording.start_with_marketplace_time,
            Action.VISIT: self.open_diary,
            Action.IDLE: self.idle.ask,
            Action.NEW_DEVICE: self.new_device.ask,
            Action.SEND: self._send_again,
            Action.DAY: self.diary.show,
            Action.QUIT: self.quit,
            Action.SWITCH: lambda: self.marketplaces.switch(key),
            Action.UPDATE: self.restart_wanted.emit,
            Action.ANSWER: lambda: self.diary.show_question(key),
        }
        actions.get(action, lambda: None)()
        self.refresh()

    def _send_again(self) -> None:
        if self.client is not None:
            self.client.send_again(None)

    def _try_again(self) -> None:
        if self.state.phase is StartupPhase.READY and self.client is not None:
            self.client.try_again()
        elif self.first_run.active and not self.first_run.state.is_opening:
            self.first_run.show()
        elif self.state.phase is StartupPhase.FAILED and self.client is None:
            self.startup.open()

    # Browser, settings, consent

    def open_diary(self, page: str = "") -> None:
        """Open the freelancer's page in the browser, or another one of the account."""
        self.links.open(f"{self.site.rstrip('/')}/{page}" if page else self.site)
