"""The windows beside the main one: settings, consent, own diary, diagnostics, questions.

Each is created when it is first needed, once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ui.qt.release import release

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QMessageBox, QWidget

    from ui.presenters.consent import ConsentView
    from ui.presenters.diagnostics import DiagnosticsView
    from ui.presenters.diary import QuestionView
    from ui.presenters.idle_question import IdleView
    from ui.presenters.main_window import ContractChoice
    from ui.presenters.pictures import ReviewView
    from ui.qt.theme import Theme
    from ui.settings.settings import Settings
    from ui.windows.address import AddressWindow
    from ui.windows.consent import ConsentWindow
    from ui.windows.diagnostics import DiagnosticsWindow
    from ui.windows.idle_question import IdleQuestion
    from ui.windows.own_diary.window import DiaryWindow
    from ui.windows.picture_review import PictureReviewWindow
    from ui.windows.settings.window import SettingsWindow


class WindowManager(QObject):
    """Shows the windows, and emits a signal for each answer and action of the person."""

    settings_changed = Signal(object)
    settings_closed = Signal()
    consent_wanted = Signal()  # show the page again, from the settings
    consent_answered = Signal(bool)
    check_wanted = Signal()
    login_changed = Signal(bool)
    folder_wanted = Signal()  # open the folder of the data
    deletion_wanted = Signal()
    marketplace_chosen = Signal(str)  # the address
    marketplace_added = Signal()
    sign_out_wanted = Signal()
    quit_confirmed = Signal()
    browser_wanted = Signal()
    link_wanted = Signal(str)  # an address to open
    viewers_wanted = Signal()
    idle_kept = Signal(str)  # the note
    idle_continued = Signal(str)  # the note; the recording continues
    idle_discarded = Signal()

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self.theme = theme
        self.settings: SettingsWindow | None = None
        self.consent: ConsentWindow | None = None
        self.question: QMessageBox | None = None
        self.day: DiaryWindow | None = None
        self.diagnostics: DiagnosticsWindow | None = None
        self.picture: PictureReviewWindow | None = None
        self.address: AddressWindow | None = None
        self.idle: IdleQuestion | None = None

    def show_settings(self, settings: Settings) -> None:
        """Show the settings; each change is emitted at once."""
        if self.settings is None:
            from ui.windows.settings.window import SettingsWindow

            self.settings = SettingsWindow(self.theme, settings)
            self.settings.changed.connect(self.settings_changed)
            self.settings.finished.connect(self.settings_closed)
            self.settings.consent.connect(self.consent_wanted)
            self.settings.check.connect(self.check_wanted)
            self.settings.computer.login_changed.connect(self.login_changed)
            self.settings.data.folder_opened.connect(self.folder_wanted)
            self.settings.data.deletion_wanted.connect(self.deletion_wanted)
            self.settings.marketplaces.chosen.connect(self.marketplace_chosen)
            self.settings.marketplaces.added.connect(self.marketplace_added)
            self.settings.marketplaces.sign_out.connect(self.sign_out_wanted)
        _raise(self.settings)

    def drop_settings(self) -> None:
        """Destroy the closed window of the settings; the next one is made anew."""
        page, self.settings = self.settings, None
        if page is not None:
            release(page)

    def offer_applications(self, names: tuple[str, ...]) -> None:
        """Offer these applications in the settings' list of masked ones."""
        if self.settings is not None:
            self.settings.offer(names)

    def offer_contracts(self, contracts: tuple[ContractChoice, ...]) -> None:
        """Offer these contracts in the settings' rules for pictures."""
        if self.settings is not None:
            self.settings.offer_contracts(contracts)

    def show_consent(self, view: ConsentView) -> None:
        """Show the consent page; one that is already open stays as it is."""
        if self.consent is None:
            from ui.windows.consent import ConsentWindow

            self.consent = ConsentWindow(self.theme, view)
            self.consent.finished.connect(self._consent_finished)
        _raise(self.consent)

    def ask_to_quit(self, waiting: int, *, running: bool, unsaved: bool) -> None:
        """Ask before quitting; see `ui.windows.dialogs.ask_to_quit`."""
        if self.question is None:
            from ui.windows.dialogs import ask_to_quit

            self.question = ask_to_quit(waiting, running=running, unsaved=unsaved)
            self.question.accepted.connect(self.quit_confirmed)
            self.question.finished.connect(self._question_finished)
        _raise(self.question)

    def make_day(self) -> DiaryWindow:
        """The window of the own diary, not shown yet; the caller connects its own signals."""
        from ui.windows.own_diary.window import DiaryWindow

        self.day = DiaryWindow(self.theme)
        self.day.browser.connect(self.browser_wanted)
        self.day.panel.viewers.connect(self.viewers_wanted)
        return self.day

    def make_picture(self, view: Callable[[int], ReviewView | None]) -> PictureReviewWindow:
        """The window that shows a picture of the own diary, without covering it."""
        from ui.windows.picture_review import PictureReviewWindow

        self.picture = PictureReviewWindow(self.theme, view)
        for button in (self.picture.cover_button, self.picture.undo_cover_button):
            button.hide()
        return self.picture

    def show_day(self) -> None:
        """Show the own diary, in front."""
        if self.day is not None:
            _raise(self.day)

    def show_diagnostics(self) -> None:
        """Show the diagnostics window, in front, while a check runs."""
        if self.diagnostics is None:
            from ui.windows.diagnostics import DiagnosticsWindow

            self.diagnostics = DiagnosticsWindow(self.theme)
            self.diagnostics.again.connect(self.check_wanted)
            self.diagnostics.followed.connect(self.link_wanted)
        self.diagnostics.show_checking()
        _raise(self.diagnostics)

    def show_address(self, address: str) -> None:
        """Show an address that the desktop did not open."""
        self._show_address(address, failed=True)

    def offer_address(self, address: str) -> None:
        """Offer an address that the desktop may not have opened."""
        self._show_address(address, failed=False)

    def shows_address(self) -> bool:
        """Whether the address window is visible."""
        return self.address is not None and self.address.isVisible()

    def drop_address(self, address: str) -> None:
        """Close the window of an address that the desktop has opened after all."""
        if self.address is not None and self.address.address.text() == address:
            self.address.close()

    def _show_address(self, address: str, *, failed: bool) -> None:
        from ui.windows.address import AddressWindow

        if self.address is not None:
            self.address.close()
        self.address = AddressWindow(address, failed=failed)
        _raise(self.address)

    def show_diagnoses(self, view: DiagnosticsView) -> None:
        """Show the results of a check."""
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
        """Ask a question; while another one is open, that one comes to the front instead."""
        if self.question is None:
            from ui.windows.dialogs import ask

            self.question = question = ask(view, danger=danger, parent=self._front())
            question.accepted.connect(yes)
            question.rejected.connect(no)
            question.finished.connect(self._question_finished)
        _raise(self.question)

    def ask_idle(self, view: IdleView) -> None:
        """Ask about the time without input; the question waits until the person returns."""
        if self.idle is None:
            from ui.windows.idle_question import IdleQuestion

            self.idle = IdleQuestion(self.theme, view)
            self.idle.kept.connect(self.idle_kept)
            self.idle.continued.connect(self.idle_continued)
            self.idle.discarded.connect(self.idle_discarded)
            self.idle.finished.connect(self._idle_finished)
        self.idle.show()
        self.idle.raise_()

    def close_idle_question(self) -> None:
        """Close the question: it has been answered elsewhere."""
        if self.idle is not None:
            self.idle.reject()

    def _front(self) -> QWidget | None:
        return self.day if self.day is not None and self.day.isVisible() else None

    def close_for_switch(self) -> None:
        """Close the windows about one marketplace: another one is opened."""
        # One that is being answered is hidden already.
        if self.question is not None and self.question.isVisible():
            # Not an answer: a No may have an effect of its own.
            self.question.blockSignals(True)
            self.question.reject()
            self._question_finished()
        for dialog in (self.consent, self.idle):
            if dialog is not None:
                dialog.reject()
        for window in (self.day, self.picture):
            if window is not None:
                window.hide()

    def hide(self) -> None:
        """Hide all windows."""
        windows = (
            self.settings, self.consent, self.question, self.day, self.diagnostics,
            self.idle, self.address, self.picture,
        )  # fmt: skip
        for window in windows:
            if window is not None:
                window.hide()

    def _consent_finished(self, result: int) -> None:
        page, self.consent = self.consent, None
        if page is not None:
            release(page)
        self.consent_answered.emit(bool(result))

    def _question_finished(self) -> None:
        box, self.question = self.question, None
        if box is not None:
            release(box)

    def _idle_finished(self) -> None:
        page, self.idle = self.idle, None
        if page is not None:
            release(page)


def _raise(page: QWidget) -> None:
    page.show()
    page.raise_()
    page.activateWindow()
