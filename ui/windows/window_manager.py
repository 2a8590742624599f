"""The windows beside the main one: settings, the consent page, the own diary, questions.

Each is made when it is first needed, and there is never a second one of a kind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QInputDialog, QMessageBox, QWidget

    from ui.presenters.consent import ConsentView
    from ui.presenters.diagnostics import DiagnosticsView
    from ui.presenters.diary import OwnDayView, QuestionView
    from ui.presenters.idle_question import IdleView
    from ui.qt.theme import Theme
    from ui.settings.settings import Settings
    from ui.windows.address import AddressWindow
    from ui.windows.consent import ConsentWindow
    from ui.windows.diagnostics import DiagnosticsWindow
    from ui.windows.diary import DiaryWindow
    from ui.windows.idle_question import IdleQuestion
    from ui.windows.settings import SettingsWindow


class WindowManager(QObject):
    """Shows the pages; says by signals what became of them."""

    settings_changed = Signal(object)
    consent_wanted = Signal()  # to be read again, from the settings
    consent_answered = Signal(bool)
    check_wanted = Signal()
    quit_confirmed = Signal()
    action_requested = Signal(str, str)  # a segment's hash, and what its menu's entry wants
    browser_wanted = Signal()
    link_wanted = Signal(str)  # an address to open
    viewers_wanted = Signal()
    idle_kept = Signal(str)  # the note
    idle_discarded = Signal()

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self.settings: SettingsWindow | None = None
        self.consent: ConsentWindow | None = None
        self.question: QMessageBox | None = None
        self.day: DiaryWindow | None = None
        self.diagnostics: DiagnosticsWindow | None = None
        self.address: AddressWindow | None = None
        self.memo: QInputDialog | None = None
        self.idle: IdleQuestion | None = None

    def show_settings(self, settings: Settings) -> None:
        """The settings; what they change is told at once."""
        if self.settings is None:
            from ui.windows.settings import SettingsWindow

            self.settings = SettingsWindow(self._theme, settings)
            self.settings.changed.connect(self.settings_changed)
            self.settings.consent.connect(self.consent_wanted)
            self.settings.check.connect(self.check_wanted)
        _raise(self.settings)

    def offer_applications(self, names: tuple[str, ...]) -> None:
        """Offer these applications in the settings' list of masked ones."""
        if self.settings is not None:
            self.settings.offer(names)

    def show_consent(self, view: ConsentView) -> None:
        """The consent page; one that is open already stays as it is."""
        if self.consent is None:
            from ui.windows.consent import ConsentWindow

            self.consent = ConsentWindow(self._theme, view)
            self.consent.finished.connect(self._consent_finished)
        _raise(self.consent)

    def ask_to_quit(self, waiting: int, *, running: bool, unsaved: bool) -> None:
        """The question before quitting; `waiting` pieces of work are not sent. See
        `ui.windows.dialogs.ask_to_quit`.
        """
        if self.question is None:
            from ui.windows.dialogs import ask_to_quit

            self.question = ask_to_quit(waiting, running=running, unsaved=unsaved)
            self.question.accepted.connect(self.quit_confirmed)
            self.question.finished.connect(self._question_finished)
        _raise(self.question)

    def show_day(self, view: OwnDayView) -> None:
        """Today's own diary, in front."""
        if self.day is None:
            from ui.windows.diary import DiaryWindow

            self.day = DiaryWindow(self._theme)
            self.day.action_requested.connect(self.action_requested)
            self.day.browser.connect(self.browser_wanted)
            self.day.viewers.connect(self.viewers_wanted)
        self.day.show_view(view)
        _raise(self.day)

    def refresh_day(self, view: OwnDayView) -> None:
        """Keep it up to date while it is seen."""
        if self.day is not None and self.day.isVisible():
            self.day.show_view(view)

    def show_diagnostics(self) -> None:
        """What works on this computer, in front, while it is being looked at."""
        if self.diagnostics is None:
            from ui.windows.diagnostics import DiagnosticsWindow

            self.diagnostics = DiagnosticsWindow(self._theme)
            self.diagnostics.again.connect(self.check_wanted)
            self.diagnostics.followed.connect(self.link_wanted)
        self.diagnostics.show_checking()
        _raise(self.diagnostics)

    def show_address(self, address: str) -> None:
        """An address that the desktop did not open."""
        self._show_address(address, failed=True)

    def offer_address(self, address: str) -> None:
        """An address that the desktop may not have opened."""
        self._show_address(address, failed=False)

    def shows_address(self) -> bool:
        """Whether an address is on the screen."""
        return self.address is not None and self.address.isVisible()

    def drop_address(self, address: str) -> None:
        """The desktop has opened the address after all."""
        if self.address is not None and self.address.address.text() == address:
            self.address.close()

    def _show_address(self, address: str, *, failed: bool) -> None:
        from ui.windows.address import AddressWindow

        if self.address is not None:
            self.address.close()
        self.address = AddressWindow(address, failed=failed)
        _raise(self.address)

    def show_diagnoses(self, view: DiagnosticsView) -> None:
        """What was found."""
        if self.diagnostics is not None:
            self.diagnostics.show_view(view)

    def ask(
        self,
        view: QuestionView,
        yes: Callable[[], None],
        no: Callable[[], None] = lambda: None,
        *,
        danger: bool = True,
    ) -> None:
        """A question; one that is open already stays, and nothing is asked beside it."""
        if self.question is None:
            from ui.windows.dialogs import ask

            self.question = question = ask(view, danger=danger, parent=self._front())
            question.accepted.connect(yes)
            question.rejected.connect(no)
            question.finished.connect(self._question_finished)
        _raise(self.question)

    def ask_memo(self, memo: str, done: Callable[[str], None]) -> None:
        """Another memo for a piece of work."""
        if self.memo is None:
            from ui.windows.dialogs import ask_memo

            self.memo = ask_memo(memo, self._front())
            self.memo.textValueSelected.connect(done)
            self.memo.finished.connect(self._memo_finished)
        _raise(self.memo)

    def ask_idle(self, view: IdleView) -> None:
        """The question about time without input, where the person will find it on return."""
        if self.idle is None:
            from ui.windows.idle_question import IdleQuestion

            self.idle = IdleQuestion(self._theme, view)
            self.idle.kept.connect(self.idle_kept)
            self.idle.discarded.connect(self.idle_discarded)
            self.idle.finished.connect(self._idle_finished)
        self.idle.show()
        self.idle.raise_()

    def close_idle_question(self) -> None:
        """There is nothing to decide any more."""
        if self.idle is not None:
            self.idle.reject()

    def _front(self) -> QWidget | None:
        return self.day if self.day is not None and self.day.isVisible() else None

    def hide(self) -> None:
        """Take all of them from the screen."""
        pages = (
            self.settings, self.consent, self.question, self.memo, self.day, self.diagnostics,
            self.idle, self.address,
        )  # fmt: skip
        for page in pages:
            if page is not None:
                page.hide()

    def _consent_finished(self, result: int) -> None:
        page, self.consent = self.consent, None
        if page is not None:
            page.deleteLater()
        self.consent_answered.emit(bool(result))

    def _question_finished(self) -> None:
        self.question = None

    def _memo_finished(self) -> None:
        self.memo = None

    def _idle_finished(self) -> None:
        page, self.idle = self.idle, None
        if page is not None:
            page.deleteLater()


def _raise(page: QWidget) -> None:
    page.show()
    page.raise_()
    page.activateWindow()
