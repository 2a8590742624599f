"""Several marketplaces: adds one, switches between them, signs out of one, and uploads pending work
to those that are not open.

Rules kept: a thread reads the list from the state folders; the program never records for two
marketplaces at once; a switch loses no pending work: the program asks before it stops and seals a
running recording, asks about unanswered idle time first, and refuses the switch while work is not
on the disk yet. If a policy sets the address, the user can neither add nor switch.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from ui.client.interface import Failure
from ui.presenters.app_state import AppState, JoinedMarketplace, StartupPhase
from ui.presenters.marketplaces import SWITCH_KEY, leave_question, marketplaces_view
from ui.qt.translation import translate
from ui.settings.settings import MARKETPLACE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ui.flows.first_run.flow import Join
    from ui.flows.marketplaces.program import MarketplacesProgram

log = logging.getLogger(__name__)

#: Milliseconds between two attempts to upload for marketplaces that are not open.
_AGAIN_MS = 15 * 60_000
#: Real seconds for one attempt. A switch to that marketplace waits until the attempt ends.
_UPLOAD_S = 20.0


class MarketplacesFlow(QObject):
    """Keeps `AppState.marketplaces`."""

    def __init__(self, program: MarketplacesProgram, base: Path, use: Join) -> None:
        """`base` is the base folder; `use` sets the address that the program opens next.

        Create the flow after the controller has connected its own slots: the slots of this flow
        need the state that those set.
        """
        super().__init__(program.startup)
        self._program = program
        self._session = program.session
        self._base = base
        self._use = use
        self._readings = 0
        #: The address that was open before the user began to add a marketplace.
        self._left = ""
        #: Called once, after the next reading.
        self._then: Callable[[], None] | None = None
        #: The number of pending entries at the last attempt to upload, by address.
        self._tried: dict[str, int] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_AGAIN_MS)
        self._timer.timeout.connect(self._try_again)
        program.startup.closed.connect(self.read)
        bridge, windows, tray = program.bridge, program.windows, program.tray
        bridge.opened.connect(lambda _: self.read())
        bridge.failed.connect(self._on_failed)
        for chosen in (tray.marketplace_chosen, windows.marketplace_chosen):
            chosen.connect(self.switch)
        for added in (tray.marketplace_added, windows.marketplace_added):
            added.connect(self.add)
        windows.sign_out_wanted.connect(program.signing_out.ask)
        self._session.changed.connect(self._show)

    @property
    def back(self) -> str:
        """The address to which the first-start window can return: the marketplace that was open
        before, else the first other one; "" if there is none.
        """
        others = [each.url for each in self._session.state.others]
        return self._left if self._left in others else next(iter(others), "")

    @property
    def _locked(self) -> bool:
        return self._program.settings.current.is_locked(MARKETPLACE)

    # The list

    def read(self) -> None:
        """Read the list again, on a thread."""
        self._readings += 1
        number, base, counts = self._readings, self._base, not self._program.startup.is_working
        only = self._program.settings.current.policy_address
        site, bridge = self._program.site, self._program.bridge

        def work() -> None:
            try:
                found = _joined(base, only, site, counts=counts)
            except Exception as error:
                log.warning("the list of marketplaces could not be read", exc_info=error)
                return
            bridge.report_call(lambda: self._on_read(number, found))

        threading.Thread(target=work, name="workdiary-marketplaces", daemon=True).start()

    def _on_read(self, number: int, found: tuple[JoinedMarketplace, ...]) -> None:
        if number != self._readings or self._session.ending:
            return
        self._session.state = replace(self._session.state, marketplaces=self._upload(found))
        self._session.changed.emit()
        self._program.first_run.offer_return()
        then, self._then = self._then, None
        if then is not None:
            then()

    def show(self) -> None:
        """Show the list in the settings, and read it again."""
        self._show()
        self.read()

    def _show(self) -> None:
        settings = self._program.windows.settings
        if settings is not None:
            settings.marketplaces.show_view(marketplaces_view(self._session.state, translate))

    # Uploading

    def _upload(self, found: tuple[JoinedMarketplace, ...]) -> tuple[JoinedMarketplace, ...]:
        """Upload pending work to the marketplaces that are not open: again at once while uploads
        succeed, else every `_AGAIN_MS`. Returns the list with 0 for those that upload now.
        """
        if self._session.client is None:
            # The keyring may be locked or missing.
            return found
        shown = []
        for each in found:
            waits = each.waiting and each.url != self._program.site
            if waits and each.waiting < self._tried.get(each.url, each.waiting + 1):
                self._tried[each.url] = each.waiting
                work = partial(_upload_pending, self._base, each.url)
                self._program.startup.run_before_open(each.url, work)
                shown.append(replace(each, waiting=0))
            else:
                shown.append(each)
            if waits and not self._timer.isActive():
                self._timer.start()
        return tuple(shown)

    def _try_again(self) -> None:
        self._tried.clear()
        self.read()

    # Switching and adding

    def switch(self, url: str) -> None:
        """Open another marketplace. `url` is its address or the key of its attention entry."""
        url = url.removeprefix(SWITCH_KEY)
        found = next((each for each in self._session.state.others if each.url == url), None)
        if found is not None:
            self._ask_to_leave(found.aud, lambda: self._open(found.url))
        # Until the next update the menu marks the chosen marketplace as open.
        self._session.changed.emit()

    def add(self) -> None:
        """Show the first-start page to add a marketplace."""
        if not self._locked:
            self._ask_to_leave("", self._begin)

    def _ask_to_leave(self, to: str, go: Callable[[], None]) -> None:
        program, state = self._program, self._session.state
        if self._session.ending or program.signing_out.running:
            return
        if program.idle.pending:
            program.idle.ask()
        elif state.status is not None and state.status.in_memory:
            self._session.show_notice("switch_unsaved")
        elif state.running and self._session.client is not None:
            view = leave_question(to, self._session.client.aud, translate)
            program.windows.ask(view, go, danger=False)
        else:
            go()

    def _open(self, url: str) -> None:
        self._leave()
        self._left = ""
        self._use(url, None)
        self._remember(url)
        self._program.startup.open()
        self._program.show_window()

    def _begin(self) -> None:
        self._left = self._program.site
        self._leave()
        self._use("", None)
        self._program.bridge.report_failed(Failure("not_enrolled"))

    def _leave(self) -> None:
        """Close the client on a thread and reset the state that it reported."""
        program, session = self._program, self._session
        program.first_run.finish()
        program.diary.finish()
        client, session.client = session.client, None
        if client is not None:
            program.windows.close_for_switch()
            program.picture.hide()
        program.startup.leave(client)
        self._forget()
        program.notifications.update()
        if program.window is not None:
            program.window.clear_memo()

    def _forget(self) -> None:
        old = self._session.state
        self._program.notices.reset()
        self._session.state = AppState(
            old.now_ms,
            StartupPhase.OPENING,
            zone=old.zone,
            site=old.site,
            marketplaces=old.marketplaces,
        )

    def _remember(self, url: str) -> None:
        if MARKETPLACE.accepts(url) and not self._locked:
            self._program.settings.set(MARKETPLACE, url)

    # After the sign-out

    def _on_failed(self, failure: Failure) -> None:
        if failure.code == "signed_out":
            # The next client numbers its reports from the beginning.
            self._program.notices.reset()
            self._then = self._open_remaining
        self.read()

    def _open_remaining(self) -> None:
        """Open another marketplace, if there is one, after the user signed out."""
        found = next(iter(self._session.state.others), None)
        if found is not None and self._session.client is None and not self._session.ending:
            self._open(found.url)
            self._session.show_notice("left_marketplace")


def _upload_pending(base: Path, url: str) -> None:
    from ui.client.options import Options
    from ui.client.uploads import upload_pending

    upload_pending(Options(base, url), _UPLOAD_S)


def _joined(base: Path, only: str, site: str, *, counts: bool) -> tuple[JoinedMarketplace, ...]:
    """The marketplaces that can be opened; with the pending work of the others if `counts`."""
    from uploader.account.local_data import Unsent, unsent
    from uploader.account.marketplaces import list_marketplaces
    from uploader.store.state_folder import folder_name

    found = []
    for each in list_marketplaces(base):
        if each.signed_in and (not only or each.url == only):
            counted = counts and each.url != site
            left = unsent(base / folder_name(each.aud)) if counted else Unsent()
            found.append(JoinedMarketplace(each.aud, each.url, left.waiting, left.unsealed))
    return tuple(found)
