"""Widgets and controllers without a screen; one theme for the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent
from pytestqt.qtbot import QtBot

from tests.ui import scenes
from tests.ui.program_host import AGREED, QuietClient
from tests.ui.scenes import ACME, MEMOS
from ui.client.interface import Client, ClientCallbacks, SyncReport
from ui.controller import AppController
from ui.presenters.app_state import StartupPhase
from ui.qt.theme import LIGHT, Theme
from ui.settings.settings import Settings
from uploader.errors import KeysError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

    from tests.ui.controllers import Make
    from tracker.quiet.interface import QuietReason


#: Milliseconds. Generous because machines are shared: the bound ends a hopeless wait.
_HOPELESS_MS = 60_000
for _wait in (QtBot.waitUntil, QtBot.waitSignal, QtBot.waitSignals):
    _wait.__kwdefaults__ = {**(_wait.__kwdefaults__ or {}), "timeout": _HOPELESS_MS}


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    """The light theme, whatever the previous test has chosen. The test's windows are deleted: a
    theme is applied to every widget of the program, so those of earlier tests would slow each test.
    """
    made = Theme(qapp, LIGHT)
    yield made
    made.deleteLater()
    for window in qapp.topLevelWidgets():
        if window.parent() is None and type(window).__module__.startswith("ui."):
            window.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def make(qtbot: QtBot, theme: Theme, tmp_path: Path) -> Iterator[Make]:
    """Creates controllers and ends them after the test."""
    made: list[AppController] = []

    def program(
        client: QuietClient | None = None,
        *,
        settings: Settings | None = None,
        fails: int = 0,
        find_quiet: Callable[[], frozenset[QuietReason]] | None = None,
    ) -> AppController:
        failures = [KeysError(Problem.KEYRING_ABSENT) for _ in range(fails)]

        def open_it(reports: ClientCallbacks) -> Client:
            if failures:
                raise failures.pop()
            reports.sync(SyncReport(scenes.upload(), scenes.CONTRACTS, {ACME.ctr: MEMOS}))
            opened = client or QuietClient(AGREED)
            opened.reports = reports
            return opened

        made.append(
            AppController(
                theme,
                open_it,
                settings or Settings(),
                tmp_path / "settings.json",
                "http://x",
                find_quiet=find_quiet,
            )
        )
        made[-1].begin()
        qtbot.waitUntil(lambda: made[-1].state.phase in {StartupPhase.READY, StartupPhase.FAILED})
        return made[-1]

    yield program
    for one in made:
        one.end()
        one.deleteLater()
