"""Windows are destroyed after their last signal, not while they emit it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QMetaObject, QObject, Qt
from PySide6.QtWidgets import QDialog, QMessageBox

from tests.ui.scenes import ACME
from ui.presenters.consent import consent_view
from ui.presenters.diary import QuestionView
from ui.presenters.formatting import plain
from ui.presenters.idle_question import IdleView
from ui.settings.settings import Settings
from ui.windows.window_manager import WindowManager

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from ui.qt.theme import Theme

QUESTION = QuestionView("Stop recording?", "Details", "&Stop", "&Keep")
IDLE = IdleView("Time without input", "text", "details", "note", "keep", "continue", "discard")


def ask(manager: WindowManager) -> None:
    # The answers of the program replace windows, as a change of the marketplace does.
    manager.ask(QUESTION, manager.close_for_switch)


def ask_to_quit(manager: WindowManager) -> None:
    manager.ask_to_quit(1, running=True, unsaved=False)


def ask_idle(manager: WindowManager) -> None:
    manager.ask_idle(IDLE)


def show_consent(manager: WindowManager) -> None:
    manager.show_consent(consent_view(ACME.terms, "Acme", "market.example", False, plain, "ok"))


def show_settings(manager: WindowManager) -> None:
    manager.settings_closed.connect(manager.drop_settings)
    manager.show_settings(Settings())


def yes(dialog: QDialog) -> QObject:
    """The button for the first answer of a message box."""
    assert isinstance(dialog, QMessageBox)
    roles = {dialog.buttonRole(each): each for each in dialog.buttons()}
    return roles[QMessageBox.ButtonRole.AcceptRole]


@pytest.mark.parametrize(
    ("show", "name", "target", "slot"),
    [
        (ask, "question", yes, "click"),
        (ask, "question", None, "reject"),
        (ask_to_quit, "question", yes, "click"),
        (ask_idle, "idle", None, "reject"),
        (show_consent, "consent", None, "accept"),
        (show_settings, "settings", None, "reject"),
    ],
)
def test_a_window_lives_until_its_last_signal_was_handled(
    qtbot: QtBot,
    theme: Theme,
    show: Callable[[WindowManager], None],
    name: str,
    target: Callable[[QDialog], QObject] | None,
    slot: str,
) -> None:
    owner = QObject()
    manager = WindowManager(theme, owner)
    show(manager)
    seen: list[str] = []
    dialog = getattr(manager, name)
    # Called after the manager's own slot.
    dialog.finished.connect(lambda _: seen.append("finished"))
    dialog.destroyed.connect(lambda: seen.append("destroyed"))
    receiver = target(dialog) if target else dialog
    # An event, as that of a click: no Python frame refers to the dialog while it is handled.
    QMetaObject.invokeMethod(receiver, slot, Qt.ConnectionType.QueuedConnection)
    del dialog, receiver
    qtbot.waitUntil(lambda: "destroyed" in seen)
    assert seen == ["finished", "destroyed"]
    assert getattr(manager, name) is None
