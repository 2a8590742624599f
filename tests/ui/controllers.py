"""Controllers with a quiet client, without a desktop; `make` of conftest creates them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QMessageBox

from tests.ui.program_host import QuietClient
from tracker.model.status import Status
from ui.controller import AppController

Make = Callable[..., AppController]


def calls(program: AppController) -> list[list[Any]]:
    """The recorder's commands, except the choice of a contract."""
    client = program.client
    assert isinstance(client, QuietClient)
    return [call for call in client.engine.calls if call[0] != "choose"]


def report(program: AppController, status: Status) -> None:
    program.bridge.status.emit(status)


def answer(program: AppController, *, yes: bool) -> None:
    """Press a button of the open question."""
    question = program.windows.question
    assert question is not None
    roles = {True: QMessageBox.ButtonRole.AcceptRole, False: QMessageBox.ButtonRole.RejectRole}
    buttons = [b for b in question.buttons() if question.buttonRole(b) == roles[yes]]
    buttons[0].click()
