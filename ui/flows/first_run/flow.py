"""The first start: find the marketplace, sign in with the browser or a code, then check everything.

Slow steps run on threads; results of an attempt that the person has replaced are ignored. A
temporary failure is tried again by itself, with growing pauses; the window also has a button. The
browser is opened only for a press of its button, never by a retry after it was open.
"""

from __future__ import annotations

import logging
import random
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from ui.client.interface import code_of
from ui.client.options import has_joined
from ui.presenters.app_state import StartupPhase
from ui.presenters.first_run import (
    FirstRunState,
    Step,
    Work,
    check_lines,
    failed_state,
    first_run_view,
    first_state,
    is_temporary,
)
from ui.presenters.startup_failure import MARKETPLACE_FAILURES
from ui.qt.release import release
from ui.qt.translation import translate
from ui.settings.address import address_of
from ui.settings.settings import MARKETPLACE
from uploader.retry import Outcome, Wait, decide

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tracker.diagnostics import Diagnosis
    from ui.client.interface import Client, Failure
    from ui.client.trial_picture import TrialPicture
    from ui.flows.first_run.program import Program
    from ui.windows.first_run import FirstRunWindow
    from uploader.account.browser_sign_in import BrowserSignIn
    from uploader.account.join import Login

    Join = Callable[[str, Login | None], None]

log = logging.getLogger(__name__)

#: Milliseconds after the last key until an address is looked up, and between two checks.
_TYPED_MS = 600
_CHECK_MS = 4000


class FirstRunFlow(QObject):
    """Owns the window of the first start. `active` until the person has finished it."""

    def __init__(self, controller: Program, base: Path, join: Join) -> None:
        """`base` is the base folder; `join` sets the address and the login of the next opening.
        Create it after the controller's own connections: its slots need the state that those set.
        """
        super().__init__(controller.startup)
        self._controller = controller
        self._session = controller.session
        self._startup = controller.startup
        self._consent = controller.consent
        self._base = base
        self._use = join
        self.state = FirstRunState()
        self.active = False
        self.window: FirstRunWindow | None = None
        self._attempt = self._failures = self._lookup = 0
        self._sign_in: BrowserSignIn | None = None
        self._checking = False
        self.lookup_timer = self._timer(self._look_up)
        self.retry_timer = self._timer(self.retry)
        self._check_timer = self._timer(self._check)
        bridge = controller.bridge
        bridge.phase.connect(self._on_phase)
        bridge.failed.connect(self._on_failed)
        bridge.opened.connect(self._on_opened)
        bridge.sync.connect(self._on_contracts)
        bridge.trial.connect(self._on_trial)
        self._consent.agreed.connect(self._on_contracts)

    def _timer(self, call: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.timeout.connect(call)
        return timer

    # The window

    def show(self) -> None:
        """Show the window in front."""
        self.window = self.window or self._make_window()
        self.refresh()
        self.window.showNormal()
        self.window.raise_()
        self.window.activateWindow()

    def stop(self) -> None:
        """End everything that runs; the program ends."""
        self._cancel()
        self.lookup_timer.stop()
        self._check_timer.stop()
        self._lookup += 1
        if self.window is not None:
            self.window.hide()

    def finish(self) -> None:
        """Close the window: the person has finished, or opens another marketplace."""
        self.active = False
        self.stop()
        if self.window is not None:
            release(self.window)
            self.window = None

    def offer_return(self) -> None:
        """Offer to return to a marketplace where this computer is signed in, if there is one."""
        if self.active and self.state.step is Step.SIGN_IN:
            self._change(back=self._controller.marketplaces.back)

    def _make_window(self) -> FirstRunWindow:
        from ui.windows.first_run import FirstRunWindow

        window = FirstRunWindow(self._controller.theme, self.state.text)
        window.typed.connect(self._typed)
        window.sign_in.connect(self.sign_in)
        window.cancelled.connect(self.cancel)
        window.retried.connect(self.retry)
        window.network_wanted.connect(self._controller.settings.show_network)
        window.codes_opened.connect(lambda: self._change(codes=True))
        window.code_given.connect(self.join_by_code)
        window.read.connect(self._read)
        window.closed.connect(self._closed)
        window.next_step.connect(self._next)
        window.picture_wanted.connect(self._take_picture)
        window.followed.connect(self._controller.links.open)
        return window

    def _closed(self) -> None:
        """Return to the marketplace that was left, if there is one; else continue in the tray.
        Without a tray, nothing would be left to open the window.
        """
        if self.active and self.state.back and self.state.is_idle:
            self._controller.marketplaces.switch(self.state.back)
        elif self.active and not self._session.ending and not self._controller.tray.is_shown:
            self._controller.quit()

    def refresh(self) -> None:
        """Show the state."""
        if self.window is not None:
            self.window.show_view(first_run_view(self.state, translate), self.state.link)

    def _change(self, **values: object) -> None:
        self.state = replace(self.state, **values)  # type: ignore[arg-type]
        self.refresh()

    # Threads

    def _in_thread(self, work: Callable[[], Callable[[], None]]) -> None:
        """Run `work` on a thread, and the call that it returns in Qt's thread."""

        def run() -> None:
            self._controller.bridge.report_call(work())

        threading.Thread(target=run, name="workdiary-first-run", daemon=True).start()

    def _pause_ms(self, retry_after_s: float | None) -> int:
        self._failures += 1
        outcome = Outcome.UNREACHED if retry_after_s is None else Outcome.BUSY
        step = decide(outcome, self._failures, retry_after_s, random.random())  # noqa: S311
        return round(step.seconds * 1000) if isinstance(step, Wait) else 60_000

    # The address

    def _typed(self, text: str) -> None:
        self._lookup += 1
        self._failures = 0
        self.retry_timer.stop()
        if self.state.work is Work.OPENING:
            self._startup.leave(None)
        self._change(text=text, found="", address_problem="", problem="", work=Work.NONE)
        self.lookup_timer.start(_TYPED_MS)

    def _look_up(self) -> None:
        address = address_of(self.state.text)
        if address is None:
            return
        self._lookup += 1
        number, base = self._lookup, self._base

        def work() -> Callable[[], None]:
            from ui.client.sign_in import marketplace_name

            try:
                name = marketplace_name(address, base)
            except Exception as error:  # noqa: BLE001 - the window shows its code
                code, wait = code_of(error), getattr(error, "retry_after_s", None)
                return lambda: self._not_found(number, code, wait)
            return lambda: self._found(number, name)

        self._in_thread(work)

    def _found(self, number: int, name: str) -> None:
        if number == self._lookup:
            self._failures = 0
            self._change(found=name, address_problem="")

    def _not_found(self, number: int, code: str, wait_s: float | None) -> None:
        if number != self._lookup:
            return
        self._change(found="", address_problem=code)
        if is_temporary(code):
            self.lookup_timer.start(self._pause_ms(wait_s))

    # Signing in

    def sign_in(self) -> None:
        """Sign in with the browser."""
        address = address_of(self.state.text)
        if address is None or self.state.work is not Work.NONE:
            return
        self._attempt += 1
        number, base = self._attempt, self._base
        self.retry_timer.stop()
        self._change(work=Work.STARTING, problem="", link="", codes=False)

        def shown(link: str) -> None:
            self._controller.bridge.report_call(lambda: self._open_browser(number, link))

        def work() -> Callable[[], None]:
            from ui.client.sign_in import browser_sign_in

            text = translate("FirstRun", "Return to Workdiary. You can close this page.")
            try:
                with browser_sign_in(address, base, shown, text) as sign_in:
                    self._sign_in = sign_in
                    if number != self._attempt:
                        sign_in.cancel()
                    login = sign_in.run()
            except Exception as error:
                code, wait = code_of(error), getattr(error, "retry_after_s", None)
                log.info("the sign-in ended: %s", code, exc_info=code == "internal")
                return lambda: self._refused(number, code, wait)
            return lambda: self._join(number, address, login)

        self._in_thread(work)

    def join_by_code(self, code: str) -> None:
        """Join with a typed or pasted one-time code."""
        address = address_of(self.state.text)
        code = "".join(code.split())
        if address is None or not code or self.state.work is not Work.NONE:
            return
        self._attempt += 1
        number = self._attempt
        self.retry_timer.stop()
        self._change(work=Work.JOINING, problem="", link="")

        def work() -> Callable[[], None]:
            # The import of the network's library is too slow for Qt's thread.
            from uploader.account.join import CodeLogin

            login = CodeLogin(code)
            return lambda: self._join(number, address, login)

        self._in_thread(work)

    def cancel(self) -> None:
        """Cancel what runs; the person may begin again. If nothing runs, return to the marketplace
        that was left.
        """
        if self.state.is_idle and self.state.back:
            self._controller.marketplaces.switch(self.state.back)
            return
        self._cancel()
        if self.state.work in {Work.JOINING, Work.KEYRING}:
            self._startup.stop()
        self._change(work=Work.NONE, problem="", link="")

    def _cancel(self) -> None:
        self._attempt += 1
        self.retry_timer.stop()
        if self._sign_in is not None:
            self._sign_in.cancel()

    def retry(self) -> None:
        """Try again what failed."""
        if self.state.work in {Work.OPENING, Work.JOINING, Work.KEYRING}:
            self._change(problem="")
            self._startup.open()
        elif self.state.problem:
            self.sign_in()
        else:
            self._change(address_problem="")
            self._look_up()

    def _open_browser(self, number: int, link: str) -> None:
        if number == self._attempt:
            self._change(work=Work.BROWSER, link=link)
            self._controller.links.open(link)

    def _refused(self, number: int, code: str, wait_s: float | None) -> None:
        if number != self._attempt:
            return
        opened = bool(self.state.link)
        self._change(work=Work.NONE, problem=code, link="")
        if is_temporary(code) and not opened:
            self.retry_timer.start(self._pause_ms(wait_s))

    def _join(self, number: int, address: str, login: Login) -> None:
        if number == self._attempt:
            self._failures = 0
            self._change(work=Work.JOINING, problem="", link="")
            self._use(address, login)
            self._startup.open()

    # Joining

    def _on_phase(self, phase: StartupPhase) -> None:
        if self.active and self.state.work in {Work.JOINING, Work.KEYRING}:
            keyring = phase is StartupPhase.KEYRING
            self._change(work=Work.KEYRING if keyring else Work.JOINING)

    def _on_failed(self, failure: Failure) -> None:
        """Begin the first start on a computer that has not joined. Once begun, show the failure."""
        code, site = failure.code, self._controller.site
        if self.active:
            self.state = failed_state(self.state, code)
        elif code == "not_enrolled" or (
            code in MARKETPLACE_FAILURES and not has_joined(self._base, site)
        ):
            self.active = True
            self.state = first_state(site, self._controller.settings.current, code)
            self.offer_return()
            if self._controller.window is not None:
                self._controller.window.hide()
            self.show()
        if self.active and not self.state.problem:
            self.lookup_timer.start(0)
        self.refresh()

    def _on_opened(self, client: Client) -> None:
        if not self.active:
            return
        # A login is used once: after a sign-out the person signs in again.
        self._use(self._controller.site, None)
        if not self.state.locked:
            self._controller.settings.set(MARKETPLACE, self._controller.site)
        self._change(
            step=Step.RECORDED,
            back="",
            work=Work.NONE,
            problem="",
            account=client.account,
            marketplace=client.aud,
        )
        self._on_contracts()
        self.show()

    # What is recorded, and the checks

    def _on_contracts(self) -> None:
        if self.active and self._session.client is not None:
            contract = self._session.state.contract
            agreed = contract is not None and self._consent.is_agreed(contract)
            if (contract is not None, agreed) != (self.state.has_contract, self.state.agreed):
                self._change(has_contract=contract is not None, agreed=agreed)

    def _read(self) -> None:
        contract = self._session.state.contract
        if contract is not None:
            self._consent.show(contract, start_after=False)

    def _next(self) -> None:
        if self.state.step is Step.RECORDED:
            self._change(step=Step.CHECK)
            self._check()
        elif self.state.step is Step.CHECK:
            self.finish()
            self._controller.show_window()

    def _check(self) -> None:
        """Run the checks now, and again while the page is visible."""
        if self._checking or self.window is None:
            return
        self._checking = True
        base = self._base

        def work() -> Callable[[], None]:
            from ui.flows.first_run.checks import run_checks

            findings = run_checks(base)
            return lambda: self._checked(findings)

        self._in_thread(work)

    def _checked(self, findings: tuple[Diagnosis, ...]) -> None:
        self._checking = False
        if self.window is not None and self.state.step is Step.CHECK:
            self.window.show_checks(check_lines(findings, translate))
            self._check_timer.start(_CHECK_MS)

    def _take_picture(self) -> None:
        if self._session.client is not None:
            self._session.client.request_trial_picture()

    def _on_trial(self, picture: TrialPicture) -> None:
        if self.window is not None:
            self.window.show_picture(picture.data, picture.reason)
