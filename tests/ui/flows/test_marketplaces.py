"""Several marketplaces in one program: adding, switching, signing out of one, and a policy."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from tests.ui import scenes
from tests.ui.controllers import answer, report
from tests.ui.program_host import AGREED, QuietClient
from tests.ui.scenes import AWAY, RECORDING
from tests.uploader.account.test_marketplaces import add
from ui.client import sign_in as signing
from ui.client.interface import Client, ClientCallbacks, SyncReport
from ui.controller import AppController
from ui.flows import startup as startup_module
from ui.flows.marketplaces import flow as flow_module
from ui.presenters.app_state import StartupPhase
from ui.presenters.attention import attention
from ui.presenters.diary import QuestionView
from ui.presenters.first_run import Step
from ui.presenters.formatting import plain
from ui.settings.policy.policy import Policy
from ui.settings.settings import MARKETPLACE, Settings, load
from uploader.account import local_data
from uploader.account.join import Login
from uploader.account.local_data import Unsent
from uploader.errors import KeysError, Problem

if TYPE_CHECKING:
    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QPushButton
    from pytestqt.qtbot import QtBot

    from ui.qt.theme import Theme
    from ui.windows.first_run import FirstRunWindow
    from ui.windows.settings.window import SettingsWindow

A, B = "a.example", "b.example"
POLICY = Policy({MARKETPLACE.name: f"https://{A}"}, "Acme IT", "/etc/workdiary/policy.json")


def url(name: str) -> str:
    return f"https://{name}"


class MarketClient(QuietClient):
    """A client of one marketplace; its sign-out removes the enrolment."""

    def __init__(self, base: Path, aud: str) -> None:
        super().__init__(AGREED)
        self.aud = aud
        self._folder = base / aud

    def sign_out(self, seconds: float) -> str:
        (self._folder / "enrolment.jws").unlink()
        return super().sign_out(seconds)

    @property
    def ended(self) -> list[str]:
        return [call[0] for call in self.engine.calls if call[0] in {"leave", "close"}]


class Computer:
    """A program with state folders in which quiet clients stand for the marketplaces."""

    def __init__(self, theme: Theme, base: Path, settings: Settings) -> None:
        self.base = base
        #: All clients that were opened, and the reports that each of them was given.
        self.clients: list[MarketClient] = []
        self.reports: list[ClientCallbacks] = []
        #: Openings of these marketplaces wait for the event.
        self.slow: dict[str, threading.Event] = {}
        self._login: Login | None = None
        site = settings.policy_address or settings.text(MARKETPLACE)
        self.program = AppController(
            theme, self._open, settings, base / "settings.json", site, join=self._join
        )

    def _join(self, address: str, login: Login | None) -> None:
        self.program.site = address
        self._login = login

    def _open(self, reports: ClientCallbacks) -> Client:
        aud = self.program.site.removeprefix("https://")
        if aud in self.slow:
            assert self.slow[aud].wait(30)
        if not (self.base / aud / "enrolment.jws").exists():
            if self._login is None:
                raise KeysError(Problem.NOT_ENROLLED)
            add(self.base, aud)
        reports.sync(SyncReport(scenes.upload(), scenes.CONTRACTS))
        self.reports.append(reports)
        self.clients.append(MarketClient(self.base, aud))
        return self.clients[-1]

    @property
    def menu(self) -> list[str]:
        """The marketplaces in the tray's menu."""
        return [action.text() for action in self.program.tray._sites.actions()]

    def entry(self, name: str) -> QAction:
        return next(a for a in self.program.tray._sites.actions() if a.text() == name)

    @property
    def active(self) -> str:
        client = self.program.client
        return client.aud if client is not None else ""


Start = Callable[..., Computer]


@pytest.fixture
def start(
    qtbot: QtBot, theme: Theme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Start]:
    monkeypatch.setattr(signing, "marketplace_name", lambda address: address.split("//")[1])
    made: list[Computer] = []

    def computer(*names: str, settings: Settings | None = None) -> Computer:
        for name in names:
            add(tmp_path, name)
        first = names[0] if names else A
        one = Computer(theme, tmp_path, settings or Settings().changed(MARKETPLACE, url(first)))
        made.append(one)
        one.program.begin()
        if names and settings is None:
            opened(one, first, qtbot)
            qtbot.waitUntil(lambda: len(one.program.state.marketplaces) == len(names))
        return one

    yield computer
    for one in made:
        for event in one.slow.values():
            event.set()
        one.program.end()
        one.program.deleteLater()


def opened(computer: Computer, name: str, qtbot: QtBot) -> None:
    """Wait until a marketplace is open."""
    state = lambda: computer.program.state  # noqa: E731
    qtbot.waitUntil(lambda: computer.active == name and state().phase is StartupPhase.READY)


def first_run(computer: Computer, qtbot: QtBot) -> FirstRunWindow:
    qtbot.waitUntil(lambda: computer.program.first_run.window is not None)
    window = computer.program.first_run.window
    assert window is not None
    return window


def settings_of(computer: Computer, qtbot: QtBot) -> SettingsWindow:
    computer.program.settings.show()
    page = computer.program.windows.settings
    assert page is not None
    return page


def click(qtbot: QtBot, button: QPushButton) -> None:
    assert button.isEnabled()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def waiting(monkeypatch: pytest.MonkeyPatch, *counts: int) -> list[str]:
    """Let these numbers of segments wait elsewhere, one after each upload; returns the uploads."""
    uploads: list[str] = []

    def unsent(_folder: Path) -> Unsent:
        return Unsent(segments=counts[min(len(uploads), len(counts) - 1)])

    monkeypatch.setattr(local_data, "unsent", unsent)
    monkeypatch.setattr(flow_module, "_upload_pending", lambda _base, url: uploads.append(url))
    return uploads


def remembered(tmp_path: Path) -> str:
    return load(tmp_path / "settings.json").text(MARKETPLACE)


# Switching


def test_the_menu_switches_and_the_choice_is_remembered(
    start: Start, qtbot: QtBot, tmp_path: Path
) -> None:
    computer = start(A, B)
    program = computer.program
    program.recording.write_memo("Something for a.example")
    assert computer.menu == [A, B]
    assert computer.entry(A).isChecked()
    computer.entry(B).trigger()
    opened(computer, B, qtbot)
    qtbot.waitUntil(lambda: computer.clients[0].ended == ["leave"])
    assert remembered(tmp_path) == url(B)
    assert program.state.memo == ""
    assert program.window is not None
    assert program.window.banner.text() == B
    qtbot.waitUntil(lambda: computer.entry(B).isChecked() and not computer.entry(A).isChecked())


def test_a_single_marketplace_has_no_menu(start: Start) -> None:
    computer = start(A)
    assert computer.menu == []
    assert not computer.program.tray.marketplaces_entry.isVisible()


def test_a_recording_is_stopped_only_after_a_yes(start: Start, qtbot: QtBot) -> None:
    computer = start(A, B)
    report(computer.program, RECORDING)
    computer.entry(B).trigger()
    answer(computer.program, yes=False)
    assert (computer.active, computer.clients[0].ended) == (A, [])
    assert computer.entry(A).isChecked()
    computer.entry(B).trigger()
    answer(computer.program, yes=True)
    opened(computer, B, qtbot)
    assert computer.program.state.recorder_state == "stopped"
    assert computer.clients[0].ended == ["leave"]


def test_a_question_is_not_deleted_by_its_own_answer(start: Start, qtbot: QtBot) -> None:
    """Deleting it while it emits the answer would crash the program."""
    computer = start(A, B)
    report(computer.program, RECORDING)
    computer.entry(B).trigger()
    question = computer.program.windows.question
    assert question is not None
    ends: list[str] = []
    question.finished.connect(lambda _: ends.append("finished"))
    question.destroyed.connect(lambda: ends.append("destroyed"))
    del question
    answer(computer.program, yes=True)
    opened(computer, B, qtbot)
    assert computer.program.windows.question is None
    assert ends[0] == "finished"


def test_an_open_question_about_the_former_marketplace_is_closed_without_an_answer(
    start: Start, qtbot: QtBot
) -> None:
    computer = start(A, B)
    answers: list[bool] = []
    view = QuestionView("Is this computer yours?", "", "Yes", "No")
    windows = computer.program.windows
    windows.ask(view, lambda: answers.append(True), lambda: answers.append(False))
    computer.entry(B).trigger()
    opened(computer, B, qtbot)
    assert (answers, windows.question) == ([], None)


def test_idle_time_is_asked_about_first(start: Start) -> None:
    computer = start(A, B)
    report(computer.program, AWAY)
    computer.program.windows.close_idle_question()
    computer.entry(B).trigger()
    assert computer.program.windows.idle is not None
    assert computer.active == A


def test_work_that_is_not_on_the_disk_keeps_the_program_where_it_is(start: Start) -> None:
    computer = start(A, B)
    report(computer.program, replace(RECORDING, state="stopped", in_memory=True))
    computer.entry(B).trigger()
    assert computer.active == A
    assert [notice.code for notice in computer.program.state.notices] == ["switch_unsaved"]


def test_what_the_former_client_still_reports_is_dropped(start: Start, qtbot: QtBot) -> None:
    computer = start(A, B)
    computer.entry(B).trigger()
    opened(computer, B, qtbot)
    old, new = computer.reports
    old.notice("engine_error")
    old.status(RECORDING)
    new.notice("leave_given")
    qtbot.waitUntil(lambda: bool(computer.program.state.notices))
    assert [notice.code for notice in computer.program.state.notices] == ["leave_given"]
    assert computer.program.state.recorder_state == "stopped"


def test_a_client_that_opens_too_late_is_closed(start: Start, qtbot: QtBot) -> None:
    computer = start(A, B)
    computer.slow[B] = threading.Event()
    computer.entry(B).trigger()
    qtbot.waitUntil(lambda: computer.active == "")
    computer.entry(A).trigger()
    opened(computer, A, qtbot)
    computer.slow[B].set()
    qtbot.waitUntil(lambda: [c.ended for c in computer.clients if c.aud == B] == [["close"]])
    assert computer.active == A


def test_work_that_waits_elsewhere_is_reported_and_leads_there(
    start: Start, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    uploads = waiting(monkeypatch, 2)
    computer = start(A, B)
    program = computer.program
    program.show_window()
    window = program.window
    assert window is not None
    qtbot.waitUntil(lambda: window.notice_text.text() == "2 entries are waiting for b.example.")
    assert window.attention.isVisible()
    assert uploads == [url(B)]
    click(qtbot, window.notice_button)
    opened(computer, B, qtbot)


def test_work_that_waits_elsewhere_is_uploaded_while_that_succeeds(
    start: Start, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    uploads = waiting(monkeypatch, 5, 2, 1, 1)
    computer = start(A, B)
    state = lambda: computer.program.state  # noqa: E731
    qtbot.waitUntil(lambda: [each.waiting for each in state().others] == [1])
    assert uploads == [url(B)] * 3
    assert [view.text for view in attention(state(), plain)] == [
        "1 entries are waiting for b.example."
    ]
    # The next attempt, after a pause.
    flow = computer.program.marketplaces
    assert flow._timer.isActive()
    flow._timer.timeout.emit()
    qtbot.waitUntil(lambda: len(uploads) == 4)


def test_work_that_is_not_sealed_is_reported_and_not_uploaded(
    start: Start, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    uploads = waiting(monkeypatch, 0)
    monkeypatch.setattr(local_data, "unsent", lambda folder: Unsent(unsealed=1))
    computer = start(A, B)
    state = lambda: computer.program.state  # noqa: E731
    qtbot.waitUntil(lambda: [each.unsealed for each in state().others] == [1])
    assert [view.text for view in attention(state(), plain)] == [
        "1 entries are waiting for b.example."
    ]
    assert uploads == []


def test_a_switch_waits_until_the_folder_is_free(
    start: Start, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = threading.Event()
    monkeypatch.setattr(local_data, "unsent", lambda folder: Unsent(segments=2))
    monkeypatch.setattr(flow_module, "_upload_pending", lambda base, url: free.wait(30))
    computer = start(A, B)
    computer.entry(B).trigger()
    qtbot.waitUntil(lambda: computer.clients[0].ended == ["leave"])
    assert computer.program.state.phase is StartupPhase.OPENING
    assert attention(computer.program.state, plain) == ()
    free.set()
    opened(computer, B, qtbot)


def test_nothing_is_uploaded_elsewhere_while_the_keyring_is_missing(
    start: Start, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    uploads = waiting(monkeypatch, 2)
    add(tmp_path, B)
    computer = start()  # not signed in at the remembered one
    qtbot.waitUntil(lambda: [each.waiting for each in computer.program.state.others] == [2])
    assert uploads == []


def test_the_program_ends_in_order_while_a_marketplace_is_left(start: Start, qtbot: QtBot) -> None:
    computer = start(A, B)
    computer.entry(B).trigger()
    opened(computer, B, qtbot)
    computer.program.end()
    assert [client.ended for client in computer.clients] == [["leave"], ["close"]]


@pytest.mark.expected_logs("work for another marketplace failed")
def test_a_marketplace_that_cannot_be_closed_does_not_delay_a_switch(
    start: Start, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    computer = start(A, B)

    def fails(_seconds: float) -> None:
        raise RuntimeError("a fault")

    monkeypatch.setattr(computer.clients[0], "leave", fails)
    computer.entry(B).trigger()
    opened(computer, B, qtbot)
    computer.entry(A).trigger()
    opened(computer, A, qtbot)


def test_the_end_of_the_program_does_not_wait_for_a_slow_upload(
    start: Start, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    free, begun = threading.Event(), threading.Event()

    def hangs(_base: Path, _url: str) -> None:
        begun.set()
        free.wait(30)

    monkeypatch.setattr(local_data, "unsent", lambda folder: Unsent(segments=2))
    monkeypatch.setattr(flow_module, "_upload_pending", hangs)
    monkeypatch.setattr(startup_module, "CLOSING_S", 0.05)
    computer = start(A, B)
    qtbot.waitUntil(begun.is_set)
    computer.program.end()
    assert computer.program.startup.is_working
    assert computer.clients[0].ended == ["close"]
    free.set()


# Adding


def test_a_marketplace_is_added_beside_the_first(
    start: Start, qtbot: QtBot, tmp_path: Path
) -> None:
    computer = start(A)
    click(qtbot, settings_of(computer, qtbot).marketplaces.add_button)
    window = first_run(computer, qtbot)
    assert window.address.text() == ""
    qtbot.keyClicks(window.address, B)
    click(qtbot, window.code_button)
    qtbot.keyClicks(window.code, "abcd")
    click(qtbot, window.join_button)
    qtbot.waitUntil(lambda: computer.program.first_run.state.step is Step.RECORDED)
    assert computer.active == B
    assert remembered(tmp_path) == url(B)
    qtbot.waitUntil(lambda: computer.menu == [A, B])
    assert computer.clients[0].ended == ["leave"]


@pytest.mark.parametrize("way", ["cancel", "close", "menu"])
def test_adding_can_be_given_up(start: Start, qtbot: QtBot, tmp_path: Path, way: str) -> None:
    computer = start(A, B)
    computer.program.marketplaces.add()
    window = first_run(computer, qtbot)
    qtbot.waitUntil(window.cancel_button.isVisible)
    if way == "cancel":
        click(qtbot, window.cancel_button)
    elif way == "close":
        window.close()
    else:
        computer.entry(A).trigger()
    opened(computer, A, qtbot)
    assert not computer.program.first_run.active
    assert computer.program.window is not None
    assert computer.program.window.isVisible()
    assert remembered(tmp_path) == url(A)


def test_adding_while_recording_asks_first(start: Start, qtbot: QtBot) -> None:
    computer = start(A)
    report(computer.program, RECORDING)
    computer.program.marketplaces.add()
    assert computer.program.first_run.window is None
    answer(computer.program, yes=True)
    first_run(computer, qtbot)
    qtbot.waitUntil(lambda: computer.clients[0].ended == ["leave"])


def test_a_start_at_a_marketplace_without_sign_in_can_return_to_another(
    start: Start, qtbot: QtBot, tmp_path: Path
) -> None:
    add(tmp_path, B)
    computer = start()
    window = first_run(computer, qtbot)
    assert window.address.text() == url(A)
    qtbot.waitUntil(window.cancel_button.isVisible)
    click(qtbot, window.cancel_button)
    opened(computer, B, qtbot)


# Signing out


def test_after_signing_out_of_one_the_other_opens(
    start: Start, qtbot: QtBot, tmp_path: Path
) -> None:
    computer = start(A, B)
    page = settings_of(computer, qtbot)
    computer.program.signing_out.ask()
    question = computer.program.windows.question
    assert question is not None
    assert A in question.text()
    answer(computer.program, yes=True)
    opened(computer, B, qtbot)
    assert remembered(tmp_path) == url(B)
    assert [n.code for n in computer.program.state.notices] == ["left_marketplace"]
    qtbot.waitUntil(lambda: [m.aud for m in computer.program.state.marketplaces] == [B])
    assert computer.menu == []
    view = page.marketplaces._view
    assert view is not None
    assert [row.name for row in view.rows] == [B]


def test_after_signing_out_of_the_only_one_nothing_opens(start: Start, qtbot: QtBot) -> None:
    computer = start(A)
    computer.program.signing_out.begin()
    qtbot.waitUntil(lambda: computer.program.state.problem == "signed_out")
    qtbot.waitUntil(lambda: computer.program.state.marketplaces == ())
    assert computer.active == ""


def test_a_diary_is_deleted_although_another_marketplace_opens_meanwhile(
    start: Start, qtbot: QtBot, tmp_path: Path
) -> None:
    computer = start(A, B)
    page = settings_of(computer, qtbot)
    qtbot.waitUntil(lambda: page.data.covers.text() == "It covers a.example only.")
    assert page.data.pending.text().splitlines() == [
        "a.example: Nothing is waiting.",
        "b.example: Nothing is waiting.",
    ]
    click(qtbot, page.data.delete_button)
    qtbot.waitUntil(lambda: computer.program.windows.question is not None)
    answer(computer.program, yes=True)
    opened(computer, B, qtbot)
    qtbot.waitUntil(lambda: not (tmp_path / A).exists())
    qtbot.waitUntil(lambda: page.data.covers.text() == "It covers b.example only.")
    assert (tmp_path / B / "enrolment.jws").exists()


# The policy


def test_a_policy_leaves_one_marketplace(start: Start, qtbot: QtBot, tmp_path: Path) -> None:
    own = Settings().changed(MARKETPLACE, url(B))
    add(tmp_path, A)
    add(tmp_path, B)
    computer = start(settings=replace(own, policy=POLICY))
    opened(computer, A, qtbot)
    qtbot.waitUntil(lambda: [m.aud for m in computer.program.state.marketplaces] == [A])
    assert computer.menu == []
    page = settings_of(computer, qtbot).marketplaces
    assert not hasattr(page, "add_button")
    computer.program.marketplaces.add()
    computer.program.marketplaces.switch(url(B))
    assert computer.active == A
    assert computer.clients[0].ended == []
    # Of the other marketplace nothing is deleted.
    assert (tmp_path / B / "enrolment.jws").exists()


def test_the_first_start_shows_a_policys_address_read_only(
    start: Start, qtbot: QtBot, tmp_path: Path
) -> None:
    add(tmp_path, B)
    computer = start(settings=replace(Settings(), policy=POLICY))
    window = first_run(computer, qtbot)
    assert window.address.text() == url(A)
    assert window.address.isReadOnly()
    assert window.origin_line.text() == "Set by Acme IT."
    qtbot.keyClicks(window.address, "x")
    assert window.address.text() == url(A)
    click(qtbot, window.code_button)
    qtbot.keyClicks(window.code, "abcd")
    click(qtbot, window.join_button)
    qtbot.waitUntil(lambda: computer.program.first_run.state.step is Step.RECORDED)
    # The person's own value stays for a computer without the policy.
    assert not (tmp_path / "settings.json").exists()
    assert not window.cancel_button.isVisible()


def test_signing_out_under_a_policy_opens_no_other_marketplace(
    start: Start, qtbot: QtBot, tmp_path: Path
) -> None:
    add(tmp_path, A)
    add(tmp_path, B)
    computer = start(settings=replace(Settings(), policy=POLICY))
    opened(computer, A, qtbot)
    computer.program.signing_out.begin()
    qtbot.waitUntil(lambda: computer.program.state.problem == "signed_out")
    qtbot.waitUntil(lambda: computer.program.state.marketplaces == ())
    assert computer.active == ""


def test_the_settings_file_holds_no_list_of_marketplaces(
    start: Start, qtbot: QtBot, tmp_path: Path
) -> None:
    computer = start(A, B)
    computer.entry(B).trigger()
    opened(computer, B, qtbot)
    text = (tmp_path / "settings.json").read_text()
    assert A not in text
    assert json.loads(text)["marketplace"] == url(B)
