"""The controller's reactions to reports and actions, without a desktop."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from tests.ui import scenes
from tests.ui.program_host import AGREED, QuietClient
from tests.ui.scenes import ACME, AWAY, HARBOUR, MEMOS, RECORDING
from tracker.diagnostics import Diagnosis
from tracker.masking.rules import Rules
from tracker.model.status import Notice, Status
from ui.client.interface import Client, ClientCallbacks, SyncReport
from ui.controller import AppController
from ui.presenters.app_state import StartupPhase
from ui.presenters.consent import Agreement
from ui.presenters.diary import RowAction
from ui.presenters.main_window import notice
from ui.presenters.notices import Action
from ui.qt.theme import Theme
from ui.qt.translation import translate
from ui.settings.settings import PICTURE_IN_TOAST, THEME, Settings, load
from ui.windows.idle_question import IdleQuestion
from uploader.api.responses import UnconfirmedDevice
from uploader.errors import KeysError, Problem, StoreError
from uploader.incidents import Incident

# The offscreen platform has no such windows and logs that.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

Make = Callable[..., AppController]


@pytest.fixture
def make(qtbot: QtBot, theme: Theme, tmp_path: Path) -> Iterator[Make]:
    made: list[AppController] = []

    def program(
        client: QuietClient | None = None, *, settings: Settings | None = None, fails: int = 0
    ) -> AppController:
        failures = [KeysError(Problem.KEYRING_ABSENT) for _ in range(fails)]

        def open_it(reports: ClientCallbacks) -> Client:
            if failures:
                raise failures.pop()
            reports.sync(SyncReport(scenes.upload(), scenes.CONTRACTS, {ACME.ctr: MEMOS}))
            return client or QuietClient(AGREED)

        made.append(
            AppController(
                theme, open_it, settings or Settings(), tmp_path / "settings.json", "http://x"
            )
        )
        made[-1].begin()
        qtbot.waitUntil(lambda: made[-1].state.phase in {StartupPhase.READY, StartupPhase.FAILED})
        return made[-1]

    yield program
    for one in made:
        one.end()


def calls(program: AppController) -> list[list[Any]]:
    """The recorder's commands, except the choice of a contract."""
    client = program.client
    assert isinstance(client, QuietClient)
    return [call for call in client.engine.calls if call[0] != "choose"]


def report(program: AppController, status: Status) -> None:
    program.bridge.status.emit(status)


def test_the_first_contract_and_its_last_memo_are_offered(make: Make) -> None:
    program = make()
    assert (program.state.chosen, program.state.memo) == (ACME.ctr, MEMOS[0])


def test_a_memo_that_was_written_before_the_contracts_came_stays(make: Make) -> None:
    program = make()
    program.state = replace(program.state, chosen=None, contracts=(), memo="")
    program.show_window()
    assert program.window is not None
    program.window.memo.insert("Mine")
    program.bridge.sync.emit(SyncReport(scenes.upload(), scenes.CONTRACTS, {ACME.ctr: MEMOS}))
    assert (program.state.chosen, program.state.memo) == (ACME.ctr, "Mine")
    assert program.window.memo.text() == "Mine"
    program.recording.choose(HARBOUR.ctr)
    program.recording.choose(ACME.ctr)
    assert program.state.memo == MEMOS[0]


def test_the_contract_of_last_time_is_offered(make: Make) -> None:
    client = QuietClient(AGREED)
    client.remember_contract(HARBOUR.ctr)
    assert make(client).state.chosen == HARBOUR.ctr


def test_a_contract_that_is_gone_is_not_offered(make: Make) -> None:
    client = QuietClient(AGREED)
    client.remember_contract("x" * 22)
    assert make(client).state.chosen == ACME.ctr


def test_a_notice_is_shown_once_and_goes_when_it_is_answered(make: Make) -> None:
    program = make()
    told = replace(RECORDING, notice=Notice("given_back", {"seconds": 60}), notice_seq=1)
    report(program, told)
    assert program.state.notice == told.notice
    program.act(Action.DISMISS)
    report(program, replace(told, session_s=99))
    assert program.state.notice is None
    report(program, replace(told, notice_seq=2))
    assert program.state.notice == told.notice


def test_start_takes_an_old_notice_away(make: Make) -> None:
    program = make()
    report(program, Status(notice=Notice("recovered", {"seconds": 60}), notice_seq=1))
    program.recording.toggle()
    assert program.state.notice is None
    assert calls(program) == [["start", ACME.ctr, MEMOS[0]]]


def test_what_was_found_damaged_is_reported_once(make: Make) -> None:
    program = make()
    trouble = Incident(Problem.INDEX_DAMAGED, "")
    post = SyncReport(scenes.upload(notices=(trouble,)), scenes.CONTRACTS)
    program.bridge.sync.emit(post)
    assert program.state.notice == Notice("index_damaged")
    program.act(Action.DISMISS)
    program.bridge.sync.emit(post)
    assert program.state.notice is None


def test_a_fact_is_shown_as_long_as_it_holds_and_is_not_read(make: Make) -> None:
    program = make()

    def post(*facts: Incident) -> str | None:
        program.bridge.sync.emit(SyncReport(scenes.upload(facts=facts), scenes.CONTRACTS))
        view = notice(program.state, translate)
        return None if view is None else view.text

    one = Incident(Problem.COPIED_FOLDER, "", (("seconds", 600), ("unpaid_s", 0)))
    two = Incident(Problem.COPIED_FOLDER, "", (("seconds", 1200), ("unpaid_s", 60)))
    shown = post(one)
    assert shown is not None
    assert "10\u00a0min are sent again" in shown
    program.notices.mark_read()
    assert post(one) is None
    assert "20\u00a0min" in (post(two) or "")
    assert post() is None
    assert post(one) == shown


def test_a_refusal_is_sent_again_by_its_button_and_from_its_row(make: Make) -> None:
    program = make()
    fact = Incident(Problem.REFUSED, "E_SIG: no", (("count", 1),))
    program.bridge.sync.emit(SyncReport(scenes.upload(refused=1, facts=(fact,)), scenes.CONTRACTS))
    view = notice(program.state, translate)
    assert view is not None
    assert view.label == "Send a&gain"
    program.act(view.action)
    program.state = replace(program.state, day=scenes.day())
    assert program.state.day is not None
    row = program.state.day.entries[0].hash
    program.diary.run_action(row, RowAction.SEND_AGAIN.value)
    assert calls(program) == [["send again", None], ["send again", row]]


def test_a_problem_that_was_read_comes_back_only_after_it_was_gone(make: Make) -> None:
    program = make()

    def post(problem: str | None) -> None:
        program.bridge.sync.emit(SyncReport(scenes.upload(problem=problem), scenes.CONTRACTS))

    post("split_view")
    program.act(Action.DISMISS)
    post("split_view")
    assert program.state.dismissed == "split_view"
    post(None)
    post("split_view")
    assert program.state.dismissed == ""


def test_what_could_not_be_opened_is_reported_and_tried_again(make: Make, qtbot: QtBot) -> None:
    program = make(fails=1)
    assert (program.state.phase, program.state.problem) == (StartupPhase.FAILED, "keyring_absent")
    program.recording.toggle()
    assert program.client is None
    program.act(Action.RETRY)
    qtbot.waitUntil(lambda: program.state.phase is StartupPhase.READY)
    assert program.state.problem == ""


def test_another_contract_while_recording_asks_for_its_own_consent(make: Make) -> None:
    few = Agreement(1, 0, shots=1, retention_days=180)
    client = QuietClient(few)
    program = make(client)
    asks_more = replace(HARBOUR, terms=replace(HARBOUR.terms, shots=3))
    program.bridge.sync.emit(SyncReport(scenes.upload(), (ACME, asks_more)))
    report(program, RECORDING)
    program.recording.choose(asks_more.ctr)
    assert calls(program) == []
    assert program.windows.consent is not None
    program.windows.consent.accept()
    assert calls(program) == [["start", asks_more.ctr, MEMOS[0]]]
    agreement = client.agreement()
    assert agreement is not None
    assert (agreement.shots, agreement.retention_days) == (3, 180)


def test_an_agreement_that_cannot_be_kept_starts_nothing(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = QuietClient(None)
    program = make(client)

    def refuse(_: Agreement) -> None:
        raise StoreError(Problem.DISK_FULL)

    monkeypatch.setattr(client, "save_agreement", refuse)
    program.recording.toggle()
    assert program.windows.consent is not None
    program.windows.consent.accept()
    assert calls(program) == []
    assert program.state.notice == Notice("disk_full")


def test_the_check_of_the_computer_is_asked_for_from_the_settings(
    make: Make, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Path] = []

    def examine(base: Path) -> tuple[Diagnosis, ...]:
        asked.append(base)
        return (Diagnosis("tray", "ok", "works"),)

    monkeypatch.setattr("ui.diagnostics.examine", examine)
    program = make()
    program.show_settings()
    assert program.windows.settings is not None
    program.windows.settings.check_button.click()
    page = program.windows.diagnostics
    assert page is not None
    qtbot.waitUntil(page.again_button.isEnabled)
    assert page.summary.accessibleName() == "Nothing needs attention."
    page.again_button.click()
    qtbot.waitUntil(page.again_button.isEnabled)
    assert asked == [program._settings_file.parent] * 2


@pytest.mark.expected_logs("the checks of this computer failed")
def test_a_failed_check_is_reported(
    make: Make, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Path) -> tuple[Diagnosis, ...]:
        raise RuntimeError

    monkeypatch.setattr("ui.diagnostics.examine", broken)
    program = make()
    program.diagnostics.check()
    page = program.windows.diagnostics
    assert page is not None
    qtbot.waitUntil(page.again_button.isEnabled)
    assert "failed" in page.summary.accessibleName()


def test_reading_the_page_again_starts_nothing(make: Make) -> None:
    program = make()
    program.show_settings()
    assert program.windows.settings is not None
    program.windows.settings.consent_button.click()
    assert program.windows.consent is not None
    assert not program.windows.consent.agree_button.isVisible()
    program.windows.consent.decline_button.click()
    assert calls(program) == []
    assert program.windows.consent is None


def test_settings_have_their_effect_at_once_and_are_kept(
    make: Make, theme: Theme, tmp_path: Path
) -> None:
    program = make()
    program.show_settings()
    assert program.windows.settings is not None
    program.windows.settings.changed.emit(program.settings.changed(THEME, "dark"))
    assert theme.dark
    assert load(tmp_path / "settings.json").text(THEME) == "dark"


def test_what_is_never_shown_is_passed_to_the_client_at_once(make: Make) -> None:
    client = QuietClient(None)
    program = make(client)
    assert [one.rules() for one in client.followed] == [Rules()]
    program.show_settings()
    page = program.windows.settings
    assert page is not None
    assert client.looks == 1
    program.bridge.applications.emit(("KeePassXC", "Notes"))
    assert [page.open_box.itemText(i) for i in range(page.open_box.count())] == [
        "KeePassXC",
        "Notes",
    ]
    page.open_box.activated.emit(0)
    assert client.followed[-1].rules() == Rules(frozenset({"keepassxc"}))


@pytest.mark.parametrize("shown", [True, False])
def test_the_picture_is_in_its_toast_unless_that_was_turned_off(make: Make, shown: bool) -> None:
    program = make(settings=Settings().changed(PICTURE_IN_TOAST, shown))
    report(program, replace(RECORDING, picture=scenes.in_review()))
    view = program.picture.toast_view()
    assert view is not None
    assert bool(view.thumb) is shown


def test_a_picture_is_held_as_long_as_anybody_looks(make: Make) -> None:
    program = make()
    report(program, replace(RECORDING, picture=scenes.in_review()))
    program.picture.hold("toast", True)
    program.picture.hold("window", True)
    program.picture.hold("toast", False)
    assert calls(program) == [["hold_picture", "p1", True]]
    program.picture.hold("window", False)
    assert calls(program)[-1] == ["hold_picture", "p1", False]


def test_the_next_picture_is_held_too_during_a_hold(make: Make) -> None:
    program = make()
    program.picture.hold("window", True)
    assert calls(program) == []
    report(program, replace(RECORDING, picture=scenes.in_review()))
    report(program, RECORDING)
    report(program, replace(RECORDING, picture=replace(scenes.in_review(), id="p2")))
    assert calls(program) == [
        ["hold_picture", "p1", True],
        ["hold_picture", "p1", False],
        ["hold_picture", "p2", True],
    ]


SECOND = replace(scenes.in_review(), id="p2")


@pytest.mark.parametrize("who", ["toast", "window"])
@pytest.mark.parametrize(
    "after",
    [
        replace(RECORDING, picture=SECOND),
        replace(RECORDING, picture=scenes.picture(id="p2")),
        replace(RECORDING, picture=replace(scenes.in_review(), state="deleted")),
        replace(RECORDING, picture=scenes.picture()),
        replace(RECORDING, picture=None),
        replace(RECORDING, state="stopped", picture=SECOND),
    ],
    ids=["the next in review", "the next kept", "deleted", "kept", "none", "stopped"],
)
def test_no_picture_stays_held_that_is_no_longer_looked_at(
    make: Make, who: str, after: Status
) -> None:
    program = make()
    report(program, replace(RECORDING, picture=scenes.in_review()))
    program.picture.hold(who, True)
    report(program, after)
    program.picture.hold(who, False)
    held = {picture: on for _, picture, on in calls(program)}
    assert held["p1"] is False
    assert not any(held.values())


def test_the_end_seals_once(make: Make) -> None:
    program = make()
    program.end()
    program.end()
    assert [call[0] for call in calls(program)] == ["close"]


# Today's entries, other devices, signing out


def answer(program: AppController, *, yes: bool) -> None:
    """Press a button of the open question."""
    question = program.windows.question
    assert question is not None
    roles = {True: QMessageBox.ButtonRole.AcceptRole, False: QMessageBox.ButtonRole.RejectRole}
    buttons = [b for b in question.buttons() if question.buttonRole(b) == roles[yes]]
    buttons[0].click()


def deeds(program: AppController) -> list[list[Any]]:
    told = {"delete", "change_memo", "vouch", "sign_out", "request_day"}
    return [call for call in calls(program) if call[0] in told]


def test_the_day_is_asked_for_when_it_is_shown_and_kept_up_while_it_is_seen(make: Make) -> None:
    program = make()
    program.tray.day.emit()
    assert deeds(program) == [["request_day"]]
    program.bridge.day.emit(scenes.day())
    page = program.windows.day
    assert page is not None
    assert len(page.rows) == len(scenes.day().entries)
    program.bridge.sync.emit(SyncReport(scenes.upload(), scenes.CONTRACTS))
    assert deeds(program) == [["request_day"]] * 2
    page.hide()
    program.bridge.sync.emit(SyncReport(scenes.upload(), scenes.CONTRACTS))
    assert len(deeds(program)) == 2


@pytest.mark.parametrize("yes", [True, False])
def test_nothing_is_deleted_without_a_yes(make: Make, yes: bool) -> None:
    program = make()
    program.diary.show()
    program.bridge.day.emit(scenes.day())
    first = scenes.day().entries[0].hash
    page = program.windows.day
    assert page is not None
    page.action_requested.emit(first, "delete-picture")
    assert ["delete", first, "delete-picture"] not in deeds(program)
    answer(program, yes=yes)
    assert (["delete", first, "delete-picture"] in deeds(program)) is yes
    assert program.windows.question is None


@pytest.mark.parametrize(("text", "told"), [("  Better \n words ", True), ("   ", False)])
def test_a_memo_is_changed_to_what_was_written(make: Make, text: str, told: bool) -> None:
    program = make()
    program.diary.show()
    program.bridge.day.emit(scenes.day())
    first = scenes.day().entries[0]
    page = program.windows.day
    assert page is not None
    page.action_requested.emit(first.hash, "memo")
    dialog = program.windows.memo
    assert dialog is not None
    assert dialog.textValue() == first.memo
    dialog.setTextValue(text)
    dialog.accept()
    assert (["change_memo", first.hash, "Better words"] in deeds(program)) is told


def test_what_keeps_a_change_from_being_made_is_reported(make: Make) -> None:
    program = make()
    program.bridge.notice.emit("week_locked")
    assert program.state.notice == Notice("week_locked")


@pytest.mark.parametrize("yes", [True, False])
def test_a_new_device_is_asked_about_once(
    make: Make, monkeypatch: pytest.MonkeyPatch, yes: bool
) -> None:
    opened: list[str] = []
    program = make()
    monkeypatch.setattr(program.links, "open", opened.append)
    sibling = UnconfirmedDevice("k" * 43, "Windows", scenes.at(8, 0))
    post = SyncReport(scenes.upload(unvouched=(sibling,)), scenes.CONTRACTS)
    program.bridge.sync.emit(post)
    assert program.state.notice == Notice("new_device")
    program.act(Action.NEW_DEVICE)
    answer(program, yes=yes)
    assert deeds(program) == ([["vouch", sibling.kid]] if yes else [])
    assert opened == ([] if yes else ["http://x/devices"])
    program.bridge.sync.emit(post)
    assert program.state.notice is None


def idle_page(program: AppController) -> IdleQuestion:
    """The open question."""
    page = program.windows.idle
    assert page is not None
    assert page.isVisible()
    return page


def test_time_without_input_is_asked_about_once(make: Make) -> None:
    program = make()
    report(program, AWAY)
    page = idle_page(program)
    report(program, AWAY)
    assert idle_page(program) is page
    assert program.state.notice == AWAY.notice
    assert not page.keep_button.isEnabled()
    page.note.setText("  ")
    page.keep_button.click()
    assert calls(program) == []
    page.note.setText(" On the phone ")
    page.keep_button.click()
    assert calls(program) == [["keep_idle", "On the phone"]]
    assert program.windows.idle is None
    assert program.state == replace(program.state, notice=None)


def test_time_without_input_is_given_back_by_the_other_button(make: Make) -> None:
    program = make()
    report(program, AWAY)
    idle_page(program).discard_button.click()
    assert calls(program) == [["discard_idle"]]


def test_closing_the_question_decides_nothing_and_the_notice_asks_it_again(make: Make) -> None:
    program = make()
    report(program, AWAY)
    idle_page(program).reject()
    assert program.windows.idle is None
    assert calls(program) == []
    program.act(Action.IDLE)
    idle_page(program)


def test_start_asks_about_the_time_before_it_begins(make: Make) -> None:
    program = make()
    report(program, AWAY)
    idle_page(program).reject()
    program.recording.toggle()
    assert calls(program) == []
    page = idle_page(program)
    page.note.setText("On the phone")
    page.keep_button.click()
    assert calls(program) == [["keep_idle", "On the phone"], ["start", ACME.ctr, MEMOS[0]]]


def test_a_question_that_is_decided_elsewhere_goes(make: Make) -> None:
    program = make()
    report(program, AWAY)
    idle_page(program)
    report(program, replace(AWAY, state="stopped", idle=None))
    assert program.windows.idle is None
    program.recording.toggle()
    assert calls(program) == [["start", ACME.ctr, MEMOS[0]]]


@pytest.mark.parametrize("asks", [True, False])
def test_the_window_is_shown_where_the_desktop_will_ask(make: Make, asks: bool) -> None:
    client = QuietClient(AGREED)
    client.asks = asks
    program = make(client)
    program.recording.toggle()
    assert (program.window is not None) == asks
    assert calls(program) == [["start", ACME.ctr, MEMOS[0]]]


def test_signing_out_asks_first_and_ends_at_a_sentence(make: Make, qtbot: QtBot) -> None:
    program = make()
    notes = program.client
    assert isinstance(notes, QuietClient)
    program.tray.signing_out.emit()
    answer(program, yes=False)
    assert (program.state.phase, deeds(program)) == (StartupPhase.READY, [])
    program.tray.signing_out.emit()
    answer(program, yes=True)
    qtbot.waitUntil(lambda: program.state.phase is StartupPhase.FAILED)
    assert [call[0] for call in notes.engine.calls if call[0] != "choose"] == ["sign_out"]
    assert (program.state.problem, program.client) == ("signed_out", None)
    assert (program.state.contracts, program.state.status) == ((), None)
    program.end()
    assert ["close"] not in [call[:1] for call in notes.engine.calls]


def test_signing_out_requires_a_sign_in(make: Make) -> None:
    program = make(fails=1)
    program.signing_out.ask()
    assert program.windows.question is None


def test_a_hidden_window_knows_the_second_when_it_is_shown_again(make: Make, qtbot: QtBot) -> None:
    program = make()
    program.show_window()
    assert program.window is not None
    program.bridge.report_status(replace(RECORDING, session_s=1, picture=None))
    qtbot.waitUntil(lambda: program.state.recorder_state == "recording")
    program.window.hide()
    program.bridge.report_status(replace(RECORDING, session_s=2, picture=None))
    QApplication.processEvents()
    assert program.state.status is not None
    assert program.state.status.session_s == 1
    program.show_window()
    assert program.state.status.session_s == 2
    program.bridge.report_status(replace(RECORDING, session_s=3, picture=None))
    qtbot.waitUntil(
        lambda: program.state.status is not None and program.state.status.session_s == 3
    )


@pytest.mark.parametrize(
    ("status", "details", "button"),
    [
        (RECORDING, "saved on this computer", "&Stop and quit"),
        (replace(RECORDING, in_memory=True), "it is lost", "&Quit, lose unsaved work"),
        (
            replace(RECORDING, state="stopped", in_memory=True, unsealed=1),
            "it is lost",
            "&Quit, lose unsaved work",
        ),
    ],
    ids=["recording", "recording in memory", "stopped, with work in memory"],
)
def test_quitting_asks_before_work_ends_or_is_lost(
    make: Make, status: Status, details: str, button: str
) -> None:
    program = make()
    report(program, status)
    program.quit()
    box = program.windows.question
    assert box is not None
    assert details in box.informativeText()
    assert button in [each.text() for each in box.buttons()]
    assert "close" not in [call[0] for call in calls(program)]


def test_the_desktop_reports_when_the_disk_refuses_and_when_it_works_again(
    make: Make,
) -> None:
    program = make()
    told: list[str] = []
    program.notices.urgent.connect(told.append)
    moments = ("run_disk_error", "run_disk_error", "disk_works", "given_back")
    for seq, code in enumerate(moments, 1):
        params = {"seconds": 60} if code == "given_back" else {}
        status = replace(RECORDING, notice=Notice(code, params), notice_seq=seq)
        report(program, status)
        report(program, replace(status, session_s=seq))
    assert told == [
        "The disk accepts no data. Recording continues in memory.",
        "The disk accepts no data. Recording continues in memory.",
        "The disk works again. Your work is saved.",
    ]
    assert program.state.notice == Notice("given_back", {"seconds": 60})
