"""Each notice's button works as labelled in each phase of the program."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, get_args

import pytest
from pytestqt.qtbot import QtBot

from tests.ui import scenes
from tests.ui.program_host import AGREED, QuietClient
from tests.ui.scenes import ACME, AWAY, MEMOS, RECORDING
from tracker.model.status import Notice, NoticeCode, Status
from ui.client.interface import Client, ClientCallbacks, SyncReport
from ui.controller import AppController
from ui.presenters.app_state import StartupPhase
from ui.presenters.attention import IDLE_KEY, attention
from ui.presenters.formatting import plain
from ui.presenters.notices import Action, NoticeView, action_label
from ui.qt.theme import Theme
from ui.qt.translation import translate
from ui.settings.settings import Settings
from uploader.errors import KeysError, Problem, StoreError

PARAMS = dict.fromkeys(
    (
        "limit",
        "from_s",
        "ahead_s",
        "until_s",
        "percent",
        "used_s",
        "limit_s",
        "at_ms",
        "seconds",
        "unpaid_s",
        "count",
    ),
    1_700_000_000,
)
CODES = sorted({*map(str, Problem), *get_args(NoticeCode), "internal", "new_device", "no such"})

#: The codes as carried by an error.
Code = StrEnum("Code", {f"CODE_{i}": code for i, code in enumerate(CODES)})  # type: ignore[misc]
INTERNAL = pytest.mark.expected_logs("the client could not be opened")

STOPPED = replace(RECORDING, state="stopped", session_s=0, picture=None)
#: The recorder's status in each phase of a program with an open client.
OPEN: dict[str, Status] = {
    "ready": STOPPED,
    "starting": replace(RECORDING, state="starting"),
    "recording": RECORDING,
    "review": replace(RECORDING, picture=scenes.in_review()),
    "idle": AWAY,
}


@dataclass
class NoticeActions:
    """A program, the number of attempts to open its client, and what it opened or asked."""

    program: AppController
    opened: list[int] = field(default_factory=list)
    visits: list[str] = field(default_factory=list)

    def commands(self) -> list[str]:
        client = self.program.client
        if client is None:
            return []
        assert isinstance(client, QuietClient)
        found = [call[0] for call in client.engine.calls if call[0] != "choose"]
        client.engine.calls.clear()
        return found

    def entries(self) -> list[NoticeView]:
        """The attention list without the question about idle time, which stays until answered."""
        found = attention(self.program.state, translate)
        return [view for view in found if view.key != IDLE_KEY]

    def press(self) -> Action:
        """Press the button of the entry beside the question about idle time."""
        view = self.entries()[0]
        self.program.act(view.action, view.key)
        return view.action


@pytest.fixture
def actions(
    qtbot: QtBot, theme: Theme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[NoticeActions]:
    actions = NoticeActions.__new__(NoticeActions)
    failures: list[Exception] = []

    def open_it(reports: ClientCallbacks) -> Client:
        actions.opened.append(1)
        if failures:
            raise failures.pop()
        reports.sync(SyncReport(scenes.upload(), scenes.CONTRACTS, {ACME.ctr: MEMOS}))
        return QuietClient(AGREED)

    program = AppController(theme, open_it, Settings(), tmp_path / "settings.json", "http://x")
    actions.__init__(program)  # type: ignore[misc]
    actions.failures = failures  # type: ignore[attr-defined]
    monkeypatch.setattr(AppController, "open_diary", lambda _: actions.visits.append("diary"))
    monkeypatch.setattr(AppController, "quit", lambda _: actions.visits.append("quit"))
    for page in ("ask_idle", "ask", "show_day"):
        monkeypatch.setattr(program.windows, page, lambda *_, **__: None)
    yield actions
    program.end()


def ready(actions: NoticeActions, qtbot: QtBot) -> None:
    actions.program.begin()
    qtbot.waitUntil(lambda: actions.program.state.phase is StartupPhase.READY)


@pytest.mark.parametrize("phase", OPEN)
def test_a_button_of_a_running_program_opens_nothing_and_stops_nothing(
    actions: NoticeActions, qtbot: QtBot, phase: str
) -> None:
    ready(actions, qtbot)
    program = actions.program
    client = program.client
    for source in ("the recorder", "a command", "the upload"):
        for code in CODES:
            program.bridge.status.emit(OPEN[phase])
            actions.commands()
            if source == "the upload":
                scene = replace(program.state, notices=(), upload=scenes.upload(problem=code))
                program.state = scene
                if not actions.entries():
                    continue
            elif code == "idle_question":
                continue  # it is in the list as long as the recorder has the question
            else:
                params = PARAMS if source == "the recorder" else {}
                scene = replace(program.state, notices=(Notice(code, params),))
            program.state = scene
            action = actions.press()
            sent = actions.commands()
            assert len(actions.opened) == 1, code
            assert program.client is client
            assert program.state.phase is StartupPhase.READY, code
            assert program.state.recorder_state == OPEN[phase].state
            assert "stop" not in sent, (code, action)
            if action is Action.RETRY:
                assert sent == ["try_again"], code
            if action is Action.START:
                assert sent == (["start"] if phase == "ready" else []), code
            if action is not Action.NONE:
                assert actions.entries() == [], code


@pytest.mark.parametrize(
    "code", [pytest.param(c, marks=[INTERNAL] if c == "internal" else []) for c in CODES]
)
def test_a_failed_start_offers_the_matching_action(
    actions: NoticeActions, qtbot: QtBot, code: str
) -> None:
    error = KeysError(Problem.KEYRING_ABSENT)
    error.code = Code(code)  # type: ignore[assignment]
    actions.failures.append(error)  # type: ignore[attr-defined]
    actions.program.begin()
    qtbot.waitUntil(lambda: actions.program.state.phase is StartupPhase.FAILED)
    if code == "not_enrolled":
        # The window of the first start leads on; its own tests press its buttons.
        qtbot.waitUntil(lambda: actions.program.first_run.active)
        window = actions.program.first_run.window
        assert window is not None
        assert window.isVisible()
        assert window.sign_in_button.isEnabled()
        return
    action = actions.press()
    assert action in {Action.RETRY, Action.VISIT, Action.QUIT}
    if action is Action.RETRY:
        # Two presses in a row open one client.
        actions.program.act(action)
        qtbot.waitUntil(lambda: actions.program.state.phase is StartupPhase.READY)
        assert len(actions.opened) == 2
    else:
        assert actions.visits == [{"visit": "diary", "quit": "quit"}[action]]
        assert actions.program.state.problem == code


@pytest.mark.parametrize(
    "phase",
    [StartupPhase.OPENING, StartupPhase.KEYRING, StartupPhase.SIGNING_IN, StartupPhase.SIGNING_OUT],
)
@pytest.mark.parametrize("action", [*Action])
def test_no_button_opens_a_client_while_the_program_is_on_its_way(
    actions: NoticeActions, qtbot: QtBot, phase: StartupPhase, action: Action
) -> None:
    ready(actions, qtbot)
    program = actions.program
    if phase is not StartupPhase.SIGNING_OUT:
        program.session.client = None
    program.state = replace(program.state, phase=phase, status=STOPPED)
    actions.commands()
    program.act(action)
    assert len(actions.opened) == 1
    assert program.state.phase is phase
    assert "try_again" not in actions.commands()


def test_the_disk_error_of_a_running_program_is_tried_again_by_its_button(
    actions: NoticeActions, qtbot: QtBot
) -> None:
    """The other program released its lock on the index; Start works again."""
    ready(actions, qtbot)
    program = actions.program
    refused = StoreError(Problem.DISK_ERROR, "database is locked")
    sent: Any = replace(STOPPED, notices=(Notice(refused.code.value),), notice_seq=1)
    program.bridge.status.emit(sent)
    assert actions.press() is Action.RETRY
    assert actions.commands() == ["try_again"]
    program.recording.toggle()
    assert actions.commands() == ["start"]


@pytest.mark.parametrize("action", [*Action])
def test_a_notices_button_shares_no_mnemonic_with_the_window(action: Action) -> None:
    """Qt ignores a mnemonic of two buttons. The window's: Start, Stop, Cancel, Pause, Resume, Keep,
    Delete, Try now, Diary.
    """
    _, found, letter = action_label(action, plain).partition("&")
    assert bool(found) is bool(action)
    assert letter[:1].lower() not in {*"scprkdny"}
