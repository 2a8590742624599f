"""The data on this computer: measuring them, opening their folder, deleting them.

Rules kept: files are read and deleted on a thread; nothing is deleted while a recording runs or
waits for an answer; the sign-out comes first, so that pending work is uploaded and the keys are
destroyed; work that the marketplace does not have is deleted only after a second question, which
names its time.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl

from ui.client.interface import Failure, code_of
from ui.presenters.app_state import StartupPhase
from ui.presenters.notices import notice_view
from ui.presenters.settings.data import (
    covers_text,
    delete_question,
    pending_lines,
    space_text,
    unsent_question,
)
from ui.qt.translation import translate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ui.flows.settings.program import SettingsProgram
    from uploader.account.local_data import LocalData

    #: Runs on the thread; returns what to call in Qt's thread.
    _Work = Callable[[], Callable[[], None]]

log = logging.getLogger(__name__)

#: The failures of a program that has no client because this computer is signed out.
_SIGNED_OUT = frozenset({"signed_out", "not_enrolled"})


class DataFlow:
    """One job at a time on a thread; the others wait."""

    def __init__(self, program: SettingsProgram, base: Path) -> None:
        self._program = program
        self._base = base
        self._jobs: deque[tuple[_Work, Callable[[str], None]]] = deque()
        self._working = False
        #: The marketplace whose data are deleted after the sign-out that runs.
        self._leaving = ""
        program.windows.folder_wanted.connect(self._open_folder)
        program.windows.deletion_wanted.connect(self.ask)
        program.bridge.data.connect(self._on_done)
        program.bridge.failed.connect(self._on_failed)

    def read(self) -> None:
        """Measure the data for the settings window."""
        base, site = self._base, self._program.site

        def work() -> Callable[[], None]:
            from uploader.account.local_data import measure
            from uploader.account.membership import find

            return partial(self._measured, measure(base), find(base, site) or "")

        unknown = translate("Data", "The folder cannot be read.")
        self._begin(work, lambda _: self._show(unknown, unknown, ""))

    def _measured(self, data: LocalData, aud: str) -> None:
        self._show(
            space_text(data.size, translate),
            pending_lines(data, translate),
            covers_text(aud, translate),
        )

    def _show(self, space: str, pending: str, covers: str) -> None:
        if self._program.windows.settings is not None:
            self._program.windows.settings.data.show_data(str(self._base), space, pending, covers)

    def _open_folder(self) -> None:
        self._program.links.open(QUrl.fromLocalFile(str(self._base)).toString())

    # Deleting

    def ask(self) -> None:
        """Ask before the data of the marketplace are deleted."""
        if self._refuses():
            return
        client = self._program.session.client
        site, base = self._program.site, self._base
        aud = "" if client is None else client.aud

        def work() -> Callable[[], None]:
            from uploader.account.local_data import measure_one
            from uploader.account.membership import find

            found = aud or find(base, site) or ""
            if not found:
                return partial(self._report, translate("Data", "There is no diary here to delete."))
            return partial(self._question, found, measure_one(base, found), signed_in=bool(aud))

        self._begin(work)

    def _question(self, aud: str, data: LocalData, *, signed_in: bool) -> None:
        view = delete_question(aud, data, translate, signed_in=signed_in)
        self._program.windows.ask(view, partial(self._leave, aud))

    def _leave(self, aud: str) -> None:
        # A recording may have begun while the question was open.
        if self._refuses():
            return
        if self._program.session.client is None:
            self._check(aud)
            return
        self._leaving = aud
        self._report(translate("Data", "Signing out and uploading pending work …"))
        self._program.signing_out.begin()

    def _on_failed(self, failure: Failure) -> None:
        aud, self._leaving = self._leaving, ""
        if not aud:
            return
        if failure.code == "signed_out":
            self._check(aud)
        else:
            self._fail(failure.code)

    def _check(self, aud: str) -> None:
        base = self._base

        def work() -> Callable[[], None]:
            from uploader.account.local_data import measure_one

            return partial(self._checked, aud, measure_one(base, aud))

        self._begin(work)

    def _checked(self, aud: str, data: LocalData) -> None:
        if data.unsent.is_empty:
            self._delete(aud)
            return
        kept = translate("Data", "Nothing was deleted. Your work is kept.")
        self._report(kept)
        view = unsent_question(data.unsent, translate)
        self._program.windows.ask(view, partial(self._delete, aud))

    def _delete(self, aud: str) -> None:
        client = self._program.session.client
        if client is not None and client.aud == aud:
            # The person has signed in again while the question was open.
            return
        base = self._base

        def work() -> Callable[[], None]:
            from uploader.account.local_data import delete

            delete(base, aud)
            return self._deleted

        self._begin(work)

    def _deleted(self) -> None:
        text = translate("Data", "Deleted. What was uploaded remains at the marketplace.")
        self._report(text)
        self.read()
        self._program.marketplaces.read()
        state = self._program.session.state
        if state.phase is StartupPhase.FAILED and state.problem in _SIGNED_OUT:
            # The sentence about work that waits for the next sign-in is no longer true.
            self._program.bridge.report_failed(Failure("not_enrolled"))

    def _refuses(self) -> bool:
        """Whether nothing can be deleted now; the window then shows the reason."""
        state = self._program.session.state
        ready = state.phase is StartupPhase.READY
        if ready and state.recorder_state != "stopped":
            text = translate("Data", "Stop the recording first.")
        elif ready or (state.phase is StartupPhase.FAILED and state.problem in _SIGNED_OUT):
            return False
        else:
            text = translate("Data", "Not possible now: the diary is not open.")
        self._report(text, attention=True)
        return True

    # Threads

    def _begin(self, work: _Work, failed: Callable[[str], None] | None = None) -> None:
        """Run `work` after the earlier jobs; `failed` receives the code of its error."""
        self._jobs.append((work, failed or self._fail))
        if not self._working:
            self._next()

    def _next(self) -> None:
        self._working = True
        (work, failed), bridge = self._jobs.popleft(), self._program.bridge

        def run() -> None:
            try:
                show = work()
            except Exception as error:
                log.warning("the work on the local data failed", exc_info=error)
                show = partial(failed, code_of(error))
            bridge.report_data(show)

        threading.Thread(target=run, name="workdiary-data", daemon=True).start()

    def _on_done(self, show: Callable[[], None]) -> None:
        self._working = False
        if self._jobs:
            self._next()
        show()

    def _fail(self, code: str) -> None:
        reason = notice_view(code, {}, translate, failed=True).text
        text = translate("Data", "Nothing was deleted. {reason}").replace("{reason}", reason)
        self._report(text, attention=True)

    def _report(self, text: str, *, attention: bool = False) -> None:
        if self._program.windows.settings is not None:
            self._program.windows.settings.show_outcome(text, attention=attention)
