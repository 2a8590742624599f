"""The program on the desk: what people do becomes commands, what is reported becomes views.

It holds the one `Scene` that everything on the screen is made from. Windows are made when they are
first needed; hidden, they cost nothing and no timer runs. Nothing is recorded before the consent
page was agreed to, and quitting while recording asks once.
"""

from __future__ import annotations

import gc
import logging
import random
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication

from tracker.platform.heap import trim_heap
from ui.client.interface import ClientCallbacks, Failure, code_of
from ui.links import LinkOpener
from ui.presenters.app_state import AppState, StartupPhase
from ui.presenters.consent import agree, consent_view
from ui.presenters.diary import RowAction, day_view, question, sibling_question, sign_out_question
from ui.presenters.idle_question import idle_view
from ui.presenters.main_window import window_view
from ui.presenters.notices import NOTIFIED, Action, notice_view
from ui.presenters.pictures import toast_view
from ui.presenters.startup_failure import TEMPORARY
from ui.presenters.tray import shows_the_same, tray_view
from ui.qt.translation import translate
from ui.qt_bridge import Bridge
from ui.settings.settings import PICTURE_IN_TOAST, THEME, Settings, save
from ui.windows.tray import Tray
from ui.windows.window_manager import WindowManager
from uploader.retry import Outcome, Wait, decide

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from diary.interfaces import ContractInfo
    from tracker.diagnostics import Diagnosis
    from tracker.model.status import Notice, Status
    from ui.client.interface import Client, SyncReport
    from ui.presenters.pictures import ToastView
    from ui.presenters.tray import TrayView
    from ui.qt.theme import Theme
    from ui.windows.main_window import MainWindow
    from ui.windows.toast import Toast
    from uploader.store.local_diary import LocalDay

log = logging.getLogger(__name__)

#: Real seconds for sealing and for ending the threads; the rest is in the journal.
CLOSING_S = 1.8
_VISIBLE_MS = 1000


class AppController(QObject):
    """Everything on the screen. `open_client` is called in a thread of its own and may take long;
    it reports through the bridge and returns the client, or raises an error with a `code`.
    """

    answered = Signal()  # the opening has come to a first end: ready, failed or waiting

    def __init__(
        self,
        theme: Theme,
        open_client: Callable[[ClientCallbacks], Client],
        settings: Settings,
        settings_file: Path,
        site: str,
    ) -> None:
        """`site` is the marketplace's address."""
        super().__init__()
        self.site = site
        self.theme = theme
        self._open_client = open_client
        self.settings = settings
        self._settings_file = settings_file
        self.client: Client | None = None
        self._notice_seen = 0
        self._troubles_seen = 0
        self._tray_view: TrayView | None = None
        self._holds: set[str] = set()
        self._held_picture = ""
        self._consent_for: ContractInfo | None = None
        self._start_after_consent = False
        self._start_after_idle = False
        self._ending = False
        self._checking = False
        self._siblings_asked: set[str] = set()
        self.scene = AppState(now_ms=_wall_ms(), phase=StartupPhase.OPENING)
        self.window: MainWindow | None = None
        self.toast: Toast | None = None
        self.bridge = Bridge(self)
        self.bridge.status.connect(self._on_status)
        self.bridge.post.connect(self._on_post)
        self.bridge.phase.connect(self._on_phase)
        self.bridge.day.connect(self._on_day)
        self.bridge.told.connect(self._tell)
        self.bridge.applications.connect(self._on_applications)
        self.bridge.checked.connect(self._on_checked)
        self.bridge.opened.connect(self._on_opened)
        self.bridge.failed.connect(self._on_failed)
        self.tray = Tray(self)
        self._connect_tray()
        self.pages = WindowManager(theme, self)
        self.pages.settings_changed.connect(self._settings_changed)
        self.pages.consent_wanted.connect(self._read_consent)
        self.pages.consent_answered.connect(self._consent_answered)
        self.pages.check_wanted.connect(self.check_computer)
        self.pages.quit_confirmed.connect(self.end)
        self.pages.wished.connect(self._wished)
        self.pages.browser_wanted.connect(self.open_diary)
        self.pages.viewers_wanted.connect(self.open_viewers)
        self.links = LinkOpener(self)
        queued = Qt.ConnectionType.QueuedConnection
        self.links.unopened.connect(self.pages.show_address, queued)
        self.links.unsure.connect(self.pages.offer_address, queued)
        self.links.opened.connect(self.pages.drop_address, queued)
        self.pages.link_wanted.connect(self.links.open)
        self.pages.idle_kept.connect(self._keep_idle)
        self.pages.idle_given_back.connect(self._give_back_idle)
        self._seconds = QTimer(self)
        self._seconds.setInterval(_VISIBLE_MS)
        self._seconds.timeout.connect(self._second)
        self._thread: threading.Thread | None = None
        self._openings = 0
        self._reopening = QTimer(self)
        self._reopening.setSingleShot(True)
        self._reopening.timeout.connect(self._open)

    # Life

    def begin(self) -> None:
        """Show the icon, open the client beside it."""
        self.tray.look()
        self.refresh()
        self._open()

    def _open_later(self, retry_after_s: float | None) -> None:
        """Try again by itself, with growing pauses, and never earlier than it was asked for."""
        self._openings += 1
        outcome = Outcome.UNREACHED if retry_after_s is None else Outcome.BUSY
        step = decide(outcome, self._openings, retry_after_s, random.random())  # noqa: S311
        if isinstance(step, Wait):
            self._reopening.start(round(step.seconds * 1000))

    def _open(self) -> None:
        self._reopening.stop()
        self.scene = replace(self.scene, phase=StartupPhase.OPENING, problem="")
        self._thread = threading.Thread(target=self._opening, name="workdiary-open", daemon=True)
        self._thread.start()
        self.refresh()

    def _opening(self) -> None:
        bridge = self.bridge
        reports = ClientCallbacks(
            bridge.tell_phase,
            bridge.tell_status,
            bridge.tell_post,
            bridge.tell_day,
            bridge.tell_told,
            bridge.tell_applications,
        )
        try:
            client = self._open_client(reports)
        except Exception as error:
            code = code_of(error)
            level = logging.ERROR if code == "internal" else logging.INFO
            log.log(level, "the client could not be opened", exc_info=error)
            bridge.tell_failed(Failure(code, getattr(error, "retry_after_s", None)))
        else:
            bridge.tell_opened(client)

    def end(self) -> None:
        """Seal, end the threads, leave. Takes at most two seconds."""
        if self._ending:
            return
        self._ending = True
        self._seconds.stop()
        self._reopening.stop()
        self.links.blockSignals(True)
        self.tray.hide()
        self.pages.hide()
        for widget in (self.toast, self.window):
            if widget is not None:
                widget.hide()
        if self.client is not None and self.scene.phase is not StartupPhase.SIGNING_OUT:
            self.client.close(CLOSING_S)
        self.bridge.close()
        QApplication.quit()

    # What is reported

    def _on_phase(self, phase: StartupPhase) -> None:
        self.scene = replace(self.scene, phase=phase)
        self.refresh()
        if phase is StartupPhase.KEYRING:
            self.answered.emit()

    def _on_opened(self, client: Client) -> None:
        self.client = client
        # The start is over: what it needed, nobody needs any more. Here, since what belongs to Qt
        # may be let go in this thread only.
        gc.collect()
        trim_heap()
        # What was changed while it was being opened.
        client.follow(self.settings)
        self.scene = replace(self.scene, phase=StartupPhase.READY, demo=client.demo)
        self._choose_something()
        self.refresh()
        self.answered.emit()

    def _on_failed(self, failure: Failure) -> None:
        if self.scene.phase is StartupPhase.SIGNING_OUT:
            self.client = None
            self.scene = replace(self.scene, status=None, contracts=(), day=None)
        elif failure.code in TEMPORARY:
            self._open_later(failure.retry_after_s)
        self.scene = replace(self.scene, phase=StartupPhase.FAILED, problem=failure.code)
        self.refresh()
        self.answered.emit()

    def _on_status(self, status: Status) -> None:
        before, notice = self.scene.status, self.scene.notice
        if status.notice_seq != self._notice_seen:
            self._notice_seen = status.notice_seq
            notice = status.notice
            self._notify(notice)
        asked = before.idle if before else None
        self.scene = replace(self.scene, status=status, notice=notice)
        if status.idle is None:
            self._start_after_idle = False
            self.pages.idle_decided()
        elif asked is None:
            self._ask_idle()
        self._follow_hold()
        if before is None or self._is_seen() or not shows_the_same(before, status):
            self.refresh()

    def _notify(self, told: Notice | None) -> None:
        """Show a notice on the desktop that must not wait until the window is opened."""
        if told is not None and told.code in NOTIFIED:
            view = notice_view(told.code, told.params, translate, self.scene.zone)
            self.tray.tell(view.text)

    def _is_seen(self) -> bool:
        """Whether anything is on the screen that changes by the second."""
        return any(each is not None and each.isVisible() for each in (self.window, self.toast))

    def _on_post(self, post: SyncReport) -> None:
        troubles = post.upload.notices
        if len(troubles) > self._troubles_seen:
            self._troubles_seen = len(troubles)
            self._tell(troubles[-1].code.value)
        if post.upload.problem != self.scene.dismissed:
            self.scene = replace(self.scene, dismissed="")
        self.scene = replace(self.scene, read=self.scene.read & {*post.upload.facts})
        self.scene = replace(
            self.scene, upload=post.upload, contracts=post.contracts, memos=self._memos(post)
        )
        self._choose_something()
        self._look_for_siblings()
        self._look_at_day()
        self.refresh()

    def _on_day(self, day: LocalDay) -> None:
        self.scene = replace(self.scene, day=day)
        self.pages.refresh_day(day_view(self.scene, translate))

    def _look_at_day(self) -> None:
        """Something was sealed or sent: the day that is seen is read again."""
        if self.client is not None and self.pages.day is not None and self.pages.day.isVisible():
            self.client.look_at_day()

    def _look_for_siblings(self) -> None:
        upload = self.scene.upload
        unasked = upload is not None and any(
            each.kid not in self._siblings_asked for each in upload.unvouched
        )
        if unasked and self.scene.notice is None and self.client is not None:
            self._tell("new_device")

    def _memos(self, post: SyncReport) -> tuple[str, ...]:
        return post.memos.get(self.scene.chosen or "", ())

    def _choose_something(self) -> None:
        """The contract of last time, else the first; with its last memo."""
        client, scene = self.client, self.scene
        if client is None or not scene.contracts:
            return
        known = {info.ctr for info in scene.contracts}
        if scene.chosen not in known:
            last = client.last_contract()
            self._choose(last if last in known else scene.contracts[0].ctr)

    def _choose(self, ctr: str) -> None:
        if self.client is None:
            return
        memos = self.client.memos(ctr)
        self.client.engine.choose(ctr)
        # What the person wrote before there was a contract to choose is theirs.
        written = self.scene.memo if self.scene.chosen is None else ""
        memo = written or (memos[0] if memos else self.scene.memo)
        self.scene = replace(self.scene, chosen=ctr, memos=memos, memo=memo)
        if self.window is not None:
            self.window.set_memo(self.scene.memo)

    # What is shown

    def refresh(self) -> None:
        """Make all views anew from the scene; what is hidden or unchanged costs next to nothing."""
        if self._ending:
            return
        now_ms = self.client.now_ms() if self.client is not None else _wall_ms()
        self.scene = replace(self.scene, now_ms=now_ms)
        view = tray_view(self.scene, translate)
        if view != self._tray_view:
            self._tray_view = view
            self.tray.show_view(view)
        if self.window is not None and self.window.isVisible():
            self.window.show_view(window_view(self.scene, translate), self.scene.memos)
        picture = self.scene.status.picture if self.scene.status else None
        if picture is not None and picture.state == "review":
            self._toast().refresh()
        elif self.toast is not None:
            self.toast.refresh()

    def _second(self) -> None:
        """Keep the visible window up to date; while recording, its reports come every second."""
        if self.scene.state != "recording":
            self.refresh()

    def _toast_view(self) -> ToastView | None:
        if self.client is None or self._ending:
            return None
        view = toast_view(replace(self.scene, now_ms=self.client.now_ms()), translate)
        if view is not None and not self.settings.flag(PICTURE_IN_TOAST):
            view = replace(view, thumb=b"")
        return view

    def _toast(self) -> Toast:
        if self.toast is None:
            from ui.windows.toast import Toast

            self.toast = Toast(self.theme, self._toast_view, self.tray.icon.geometry)
            self.toast.keep.connect(self.keep)
            self.toast.delete.connect(self.delete)
            self.toast.held.connect(lambda on: self._hold("toast", on))
        return self.toast

    def show_window(self) -> None:
        """Show the window in front."""
        if self.window is None:
            from ui.windows.main_window import MainWindow

            self.window = window = MainWindow(self.theme)
            window.toggled.connect(lambda *_: self.toggle())
            window.contract_chosen.connect(self.choose)
            window.memo_written.connect(self._memo_written)
            window.memo_settled.connect(self._memo_settled)
            window.keep.connect(self.keep)
            window.delete.connect(self.delete)
            window.held.connect(lambda on: self._hold("window", on))
            window.diary.connect(self.open_diary)
            window.day.connect(self.show_day)
            window.acted.connect(self.act)
            window.closing.connect(self._window_closing)
            window.quitting.connect(self.quit)
            window.shown.connect(self._window_shown)
            window.set_memo(self.scene.memo)
        self._catch_up()
        self.window.show_view(window_view(self.scene, translate), self.scene.memos)
        self.window.raise_now()

    def _window_shown(self, shown: bool) -> None:
        if shown:
            self._catch_up()
            self._seconds.start()
            self.refresh()
        else:
            self._seconds.stop()
            self.bridge.throttle()
            trim_heap()

    def _catch_up(self) -> None:
        """Every status counts from now on, and so does the one that was held back."""
        held = self.bridge.unthrottle()
        if held is not None:
            self._on_status(held)

    def _window_closing(self) -> None:
        """With a tray the window hides in it; without one it stays in the task bar."""
        if self.window is None:
            return
        if self.tray.there:
            self.window.hide()
        else:
            self.window.showMinimized()

    # What the person does

    def _connect_tray(self) -> None:
        tray = self.tray
        tray.opened.connect(self.show_window)
        tray.toggled.connect(self.toggle)
        tray.contract_chosen.connect(self.choose)
        tray.keep.connect(self.keep)
        tray.delete.connect(self.delete)
        tray.diary.connect(self.open_diary)
        tray.day.connect(self.show_day)
        tray.leaving.connect(self.sign_out)
        tray.settings.connect(self.show_settings)
        tray.quitting.connect(self.quit)
        tray.available.connect(self._tray_came_or_went)

    def _tray_came_or_went(self, there: bool) -> None:
        if not there and self.window is not None and not self.window.isVisible():
            # Recording is always visible.
            self.window.showMinimized()

    def toggle(self) -> None:
        """Start or stop; Start first leads through what it still needs."""
        contract = self.scene.contract
        if self.client is not None and self.scene.running:
            self.client.engine.stop()
        elif contract is None:
            self.show_window()
        elif self.scene.status is not None and self.scene.status.idle is not None:
            self._start_after_idle = True
            self._ask_idle()
        else:
            self._start(contract.ctr, self.scene.memo)

    # Time without input

    def _ask_idle(self) -> None:
        status = self.scene.status
        if status is None or status.idle is None:
            return
        info = next((c for c in self.scene.contracts if c.ctr == status.ctr), None)
        client = info.client if info is not None else ""
        self.pages.ask_idle(idle_view(status.idle, client, self.scene.zone, translate))

    def _keep_idle(self, note: str) -> None:
        if self.client is not None:
            self.client.engine.keep_idle(note)
        self._idle_answered()

    def _give_back_idle(self) -> None:
        if self.client is not None:
            self.client.engine.give_back_idle()
        self._idle_answered()

    def _idle_answered(self) -> None:
        start, self._start_after_idle = self._start_after_idle, False
        self.scene = replace(self.scene, notice=None)
        contract = self.scene.contract
        if start and contract is not None:
            self._start(contract.ctr, self.scene.memo)

    def _start(self, ctr: str, memo: str) -> None:
        contract = next((c for c in self.scene.contracts if c.ctr == ctr), None)
        client = self.client
        if client is None or contract is None:
            self.show_window()
        elif not memo.strip():
            self._ask_memo()
        elif not _agreed(client, contract):
            self._ask_consent(contract, then_start=True)
        else:
            self.scene = replace(self.scene, notice=None)
            client.remember_contract(ctr)
            if client.asks_leave():
                # The desktop asks for the window in use only.
                self.show_window()
            client.engine.start(ctr, memo.strip())

    def _ask_memo(self) -> None:
        self.show_window()
        if self.window is not None:
            self.window.ask_memo()

    def choose(self, ctr: str) -> None:
        """Another contract; while recording, the work goes over to it at once."""
        status = self.scene.status
        over = self.scene.running and status is not None and status.ctr != ctr
        self._choose(ctr)
        if over:
            self._start(ctr, self.scene.memo)
        self.refresh()

    def _memo_written(self, text: str) -> None:
        self.scene = replace(self.scene, memo=text)
        self.refresh()

    def _memo_settled(self, text: str) -> None:
        self.scene = replace(self.scene, memo=text)
        status = self.scene.status
        new = status is not None and self.scene.running and text not in {"", status.memo}
        if new and self.client is not None:
            self.client.engine.set_memo(text)

    def keep(self, picture: str) -> None:
        """End a picture's countdown."""
        if self.client is not None:
            self.client.engine.keep_picture(picture)

    def delete(self, picture: str) -> None:
        """Destroy a picture and give its time back."""
        if self.client is not None:
            self.client.engine.delete_picture(picture)

    def _hold(self, who: str, on: bool) -> None:
        """The countdown stands still as long as anybody looks."""
        (self._holds.add if on else self._holds.discard)(who)
        self._follow_hold()

    def _follow_hold(self) -> None:
        picture = self.scene.status.picture if self.scene.status else None
        review = picture.id if picture is not None and picture.state == "review" else ""
        wanted = review if self._holds else ""
        if self.client is None or wanted == self._held_picture:
            return
        if self._held_picture:
            # By the picture that was held: the next one may have taken its place on the screen.
            self.client.engine.hold_picture(self._held_picture, False)
        if wanted:
            self.client.engine.hold_picture(wanted, True)
        self._held_picture = wanted

    def _mark_read(self) -> None:
        """What the notice said of the way out is not shown again while it stays the same."""
        scene, upload = self.scene, self.scene.upload
        if scene.problem or scene.notice is not None or upload is None:
            return
        if upload.problem and upload.problem not in {"offline", scene.dismissed}:
            self.scene = replace(scene, dismissed=upload.problem)
        elif scene.fact is not None:
            self.scene = replace(scene, read=scene.read | {scene.fact})

    def act(self, action: str) -> None:
        """A notice's button. It never stops a run and never opens a second client."""
        self._mark_read()
        self.scene = replace(self.scene, notice=None)
        match action:
            case Action.START:
                if not self.scene.running:
                    self.toggle()
            case Action.MEMO:
                self._ask_memo()
            case Action.RETRY:
                self._try_again()
            case Action.TIME:
                self._use_market_time()
            case Action.VISIT:
                self.open_diary()
            case Action.IDLE:
                self._ask_idle()
            case Action.SIBLING:
                self._ask_about_sibling()
            case Action.SEND:
                self._send_again()
            case Action.DAY:
                self.show_day()
            case Action.QUIT:
                self.quit()
        self.refresh()

    def _use_market_time(self) -> None:
        """Go by the marketplace's time, and record."""
        if self.scene.phase is StartupPhase.READY and self.client is not None:
            self.client.engine.use_market_time()
            if not self.scene.running:
                self.toggle()

    def _try_again(self) -> None:
        """Open the client where that has failed; a client that is open tries its disk and its
        network again.
        """
        if self.scene.phase is StartupPhase.READY and self.client is not None:
            self.client.try_again()
        elif self.scene.phase is StartupPhase.FAILED and self.client is None:
            self._open()

    def _send_again(self, segment: str | None = None) -> None:
        """Send what the marketplace refused: one segment, by its hash, or all of it."""
        if self.client is not None:
            self.client.send_again(segment)

    def open_diary(self) -> None:
        """The freelancer's page, in the browser."""
        self.links.open(self.site)

    # The own diary

    def show_day(self) -> None:
        """Today's own diary."""
        self.pages.show_day(day_view(self.scene, translate))
        if self.client is not None:
            self.client.look_at_day()

    def _wished(self, segment: str, wish: str) -> None:
        day, client = self.scene.day, self.client
        entry = next((e for e in day.entries if e.hash == segment), None) if day else None
        if entry is None or client is None:
            return
        wanted = RowAction(wish)
        if wanted is RowAction.SEND_AGAIN:
            self._send_again(segment)
        elif wanted is RowAction.MEMO:
            self.pages.ask_memo(entry.memo or "", lambda memo: self._change_memo(segment, memo))
        else:
            view = question(entry, wanted, self.scene.zone, translate)
            self.pages.ask(view, lambda: client.delete(segment, wanted))

    def _change_memo(self, segment: str, memo: str) -> None:
        text = " ".join(memo.split())
        if self.client is not None and text:
            self.client.change_memo(segment, text)

    def _ask_about_sibling(self) -> None:
        client, upload = self.client, self.scene.upload
        if client is None or upload is None:
            return
        unasked = [each for each in upload.unvouched if each.kid not in self._siblings_asked]
        if not unasked:
            return
        sibling = unasked[0]
        self._siblings_asked.add(sibling.kid)
        view = sibling_question(sibling.name, sibling.since, self.scene.zone, translate)
        self.pages.ask(view, lambda: client.vouch(sibling.kid), self.open_devices, danger=False)

    def open_devices(self) -> None:
        """The account's devices, in the browser."""
        self.links.open(f"{self.site.rstrip('/')}/devices")

    def open_viewers(self) -> None:
        """The list of who viewed which picture, in the browser."""
        self.links.open(f"{self.site.rstrip('/')}/views")

    # Signing out

    def sign_out(self) -> None:
        """Ask once, then seal, send and destroy the keys, on a thread of its own."""
        if self.client is None or self.scene.phase is not StartupPhase.READY:
            return
        self.pages.ask(sign_out_question(self.scene.waiting, translate), self._sign_out)

    def _sign_out(self) -> None:
        client = self.client
        if client is None or self._ending:
            return
        self.scene = replace(self.scene, phase=StartupPhase.SIGNING_OUT, notice=None)
        self.refresh()
        bridge = self.bridge

        def work() -> None:
            from ui.client import SIGN_OUT_S

            try:
                code = client.sign_out(SIGN_OUT_S)
            except Exception as error:
                log.warning("signing out failed", exc_info=error)
                code = code_of(error)
            bridge.tell_failed(Failure(code))

        self._thread = threading.Thread(target=work, name="workdiary-leave", daemon=True)
        self._thread.start()

    # Pages

    def show_settings(self) -> None:
        """The settings."""
        self.pages.show_settings(self.settings)
        if self.client is not None:
            self.client.look_for_applications()

    def _on_applications(self, names: tuple[str, ...]) -> None:
        if self.pages.settings is not None:
            self.pages.settings.offer(names)

    def _settings_changed(self, settings: Settings) -> None:
        self.settings = settings
        self.theme.choose(settings.text(THEME))
        if self.client is not None:
            self.client.follow(settings)
        try:
            save(self._settings_file, settings)
        except OSError as error:
            log.warning("the settings could not be kept: %s", error.strerror)

    def _read_consent(self) -> None:
        """The page once more, from the settings."""
        contract = self.scene.contract
        if contract is None:
            self.show_window()
        else:
            self._ask_consent(contract, then_start=False)

    def check_computer(self) -> None:
        """Look what works here, on a thread of its own: a keyring or a network may be slow."""
        if self._checking:
            return
        self._checking = True
        self.pages.show_doctor()
        bridge, base = self.bridge, self._settings_file.parent

        def work() -> None:
            from ui.diagnostics import examine

            findings: tuple[Diagnosis, ...] = ()
            try:
                findings = examine(base)
            except Exception as error:
                log.warning("what works here could not be found out", exc_info=error)
            bridge.tell_checked(findings)

        threading.Thread(target=work, name="workdiary-check", daemon=True).start()

    def _on_checked(self, findings: tuple[Diagnosis, ...]) -> None:
        from ui.presenters.diagnostics import doctor_view

        self._checking = False
        self.pages.tell_doctor(doctor_view(findings, translate))

    def _ask_consent(self, contract: ContractInfo, *, then_start: bool) -> None:
        client = self.client
        if client is None:
            return
        self._consent_for, self._start_after_consent = contract, then_start
        name = contract.client or contract.title
        agreed = _agreed(client, contract)
        view = consent_view(contract.terms, name, client.aud, agreed, translate, client.measures())
        self.pages.show_consent(view)

    def _consent_answered(self, yes: bool) -> None:
        contract, self._consent_for = self._consent_for, None
        client = self.client
        if not yes or client is None or contract is None:
            return
        agreement = agree(contract.terms, client.now_ms(), client.agreement())
        try:
            client.keep_agreement(agreement)
        except OSError as error:
            self._tell(code_of(error))
            return
        if self._start_after_consent:
            self._start(contract.ctr, self.scene.memo)

    def _tell(self, code: str) -> None:
        from tracker.model.status import Notice

        self.scene = replace(self.scene, notice=Notice(code))
        self.refresh()

    def quit(self) -> None:
        """End; while recording, or with work that is not on the disk, ask once."""
        status = self.scene.status
        unsaved = status is not None and status.in_memory
        if self.scene.running or unsaved:
            self.pages.ask_to_quit(self.scene.waiting, running=self.scene.running, unsaved=unsaved)
        else:
            self.end()


def _wall_ms() -> int:
    """This computer's own time, to show something before the diary's clock is known."""
    return time.time_ns() // 1_000_000


def _agreed(client: Client, contract: ContractInfo) -> bool:
    agreement = client.agreement()
    return agreement is not None and agreement.covers(contract.terms)
