"""Contract, memo, Start and Stop.

Start first asks for missing input: a contract, the answer about idle time, a memo, consent.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ui.presenters.app_state import StartupPhase
from ui.presenters.attention import after_start
from ui.presenters.main_window import switch_view
from ui.qt.translation import translate

if TYPE_CHECKING:
    from ui.flows.consent import ConsentFlow
    from ui.flows.idle import IdleFlow
    from ui.flows.session import AppSession
    from ui.windows.window_manager import WindowManager


class RecordingFlow(QObject):
    """Selects what is recorded, and gives the recorder its commands."""

    window_wanted = Signal()  # the person must see the main window
    memo_wanted = Signal()  # Start needs a memo
    memo_proposed = Signal(str)  # the text for the memo's field

    def __init__(
        self, session: AppSession, consent: ConsentFlow, idle: IdleFlow, windows: WindowManager
    ) -> None:
        super().__init__(windows)
        self._windows = windows
        self._session = session
        self._consent = consent
        self._idle = idle
        consent.start_agreed.connect(lambda ctr: self._start(ctr, session.state.memo))
        idle.start_wanted.connect(self._start_selected)
        idle.continue_wanted.connect(self._start)

    def choose(self, ctr: str) -> None:
        """Select a contract; while recording, ask first: a slip must not bill another client. It
        ends a pause, since another contract's work is not continued.
        """
        state = self._session.state
        if state.running and state.status is not None:
            if state.status.ctr != ctr:
                self._ask_to_switch(ctr)
        else:
            client = self._session.client
            if client is not None and state.paused and ctr != state.chosen:
                client.engine.stop()
            self._select(ctr)
        # The list shows the picked contract until the views are made again.
        self._session.changed.emit()

    def _ask_to_switch(self, ctr: str) -> None:
        state = self._session.state
        contract = next((c for c in state.contracts if c.ctr == ctr), None)
        if contract is not None:
            view = switch_view(contract, state.contract, translate)
            self._windows.ask(view, lambda: self._switch(ctr), danger=False)

    def _switch(self, ctr: str) -> None:
        """The person agreed: record on the contract from now on, if it still records."""
        records = self._session.state.running
        self._select(ctr)
        if records:
            self._start(ctr, self._session.state.memo)
        self._session.changed.emit()

    def choose_default(self) -> None:
        """Select the contract of last time, else the first one, unless one is selected."""
        client, state = self._session.client, self._session.state
        if client is None or not state.contracts:
            return
        known = {info.ctr for info in state.contracts}
        if state.chosen not in known:
            last = client.last_contract()
            self._select(last if last in known else state.contracts[0].ctr)

    def write_memo(self, text: str) -> None:
        """The person changes the text of the memo."""
        self._session.state = replace(self._session.state, memo=text)
        self._session.changed.emit()

    def set_memo(self, text: str) -> None:
        """The person has finished the memo; a running recording continues with it."""
        session = self._session
        session.state = state = replace(session.state, memo=text)
        ongoing = state.running or state.paused
        new = state.status is not None and ongoing and text not in {"", state.status.memo}
        if new and session.client is not None:
            session.client.engine.set_memo(text)

    def toggle(self) -> None:
        """Start or stop; before Start, ask for what it still needs."""
        client, state = self._session.client, self._session.state
        if client is not None and (state.running or state.paused):
            client.engine.stop()
        elif state.contract is not None and self._idle.pending:
            self._idle.ask(start_after=True)
        else:
            self._start_selected()

    def pause(self) -> None:
        """Interrupt the recording."""
        if self._session.client is not None:
            self._session.client.engine.pause()

    def resume(self) -> None:
        """Continue the paused recording."""
        client = self._session.client
        if client is not None and self._session.state.phase is StartupPhase.READY:
            client.engine.resume()

    def start_again(self) -> None:
        """Start or continue, unless it is recording."""
        if self._session.state.paused:
            self.resume()
        elif not self._session.state.running:
            self.toggle()

    def start_with_marketplace_time(self) -> None:
        """Start with the marketplace's time instead of this computer's clock."""
        session = self._session
        if session.state.phase is StartupPhase.READY and session.client is not None:
            session.client.engine.use_marketplace_time()
            self.start_again()

    def _select(self, ctr: str) -> None:
        session = self._session
        if session.client is None:
            return
        memos = session.state.known_memos.get(ctr, ())
        session.client.engine.choose(ctr)
        # A memo that the person wrote before there was a contract stays.
        written = session.state.memo if session.state.chosen is None else ""
        memo = written or (memos[0] if memos else session.state.memo)
        session.state = replace(session.state, chosen=ctr, memo=memo)
        self.memo_proposed.emit(memo)

    def _start_selected(self) -> None:
        contract = self._session.state.contract
        if contract is None:
            self.window_wanted.emit()
        else:
            self._start(contract.ctr, self._session.state.memo)

    def _start(self, ctr: str, memo: str) -> None:
        session = self._session
        client = session.client
        contract = next((c for c in session.state.contracts if c.ctr == ctr), None)
        if client is None or contract is None:
            self.window_wanted.emit()
        elif not memo.strip():
            self.memo_wanted.emit()
        elif not self._consent.is_agreed(contract):
            self._consent.show(contract, start_after=True)
        else:
            session.state = replace(session.state, notices=after_start(session.state.notices))
            client.remember_contract(ctr)
            if client.needs_permission():
                # The desktop shows its question only to the window in use.
                self.window_wanted.emit()
            client.engine.start(ctr, memo.strip())
