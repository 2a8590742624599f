"""The consent page: shown before the first Start on a contract, and again from the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ui.client.interface import code_of
from ui.presenters.consent import agree, consent_view
from ui.qt.translation import translate
from ui.settings.settings import MINIMUM_REVIEW

if TYPE_CHECKING:
    from diary.interfaces import ContractInfo
    from ui.flows.session import AppSession
    from ui.flows.settings.flow import SettingsFlow
    from ui.windows.window_manager import WindowManager


class ConsentFlow(QObject):
    """Remembers for which contract the page is open, and whether recording follows."""

    window_wanted = Signal()  # there is no contract whose page could be shown
    agreed = Signal()
    start_agreed = Signal(str)  # the contract to record on, now that its page was accepted

    def __init__(self, session: AppSession, windows: WindowManager, settings: SettingsFlow) -> None:
        super().__init__(windows)
        self._session = session
        self._windows = windows
        self._settings = settings
        self._contract: ContractInfo | None = None
        self._start_after = False
        windows.consent_answered.connect(self._answered)
        windows.consent_wanted.connect(self.show_again)

    def is_agreed(self, contract: ContractInfo) -> bool:
        """Whether the person accepted a page with these terms, or with wider ones."""
        client = self._session.client
        agreement = client.agreement() if client is not None else None
        return agreement is not None and agreement.covers(contract.terms)

    def show_again(self) -> None:
        """Show the page of the selected contract again."""
        contract = self._session.state.contract
        if contract is None:
            self.window_wanted.emit()
        else:
            self.show(contract, start_after=False)

    def show(self, contract: ContractInfo, *, start_after: bool) -> None:
        """Show the contract's page; `start_after`: accepting it starts the recording."""
        client = self._session.client
        if client is None:
            return
        self._contract, self._start_after = contract, start_after
        view = consent_view(
            contract.terms,
            contract.client or contract.title,
            client.aud,
            self.is_agreed(contract),
            translate,
            client.input_quality(),
            starts=start_after,
            minimum_review_s=self._settings.current.number(MINIMUM_REVIEW),
        )
        self._windows.show_consent(view)

    def _answered(self, accepted: bool) -> None:
        contract, self._contract = self._contract, None
        client = self._session.client
        if not accepted or client is None or contract is None:
            return
        agreement = agree(contract.terms, client.now_ms(), client.agreement())
        try:
            client.save_agreement(agreement)
        except OSError as error:
            self._session.show_notice(code_of(error))
            return
        self.agreed.emit()
        if self._start_after:
            self.start_agreed.emit(contract.ctr)
