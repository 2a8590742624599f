"""The controller's reactions to reports and actions, without a desktop."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import SignalInstance
from pytestqt.qtbot import QtBot

from tests.ui import scenes
from tests.ui.controllers import Make, answer, calls, report
from tests.ui.program_host import AGREED, QuietClient
from tests.ui.scenes import ACME, HARBOUR, MEMOS, RECORDING
from tracker.diagnostics import Diagnosis
from tracker.masking.rules import Rules
from tracker.model.status import Notice, State, Status
from ui.client.interface import SyncReport
from ui.presenters.app_state import StartupPhase
from ui.presenters.attention import attention
from ui.presenters.consent import VERSION, Agreement
from ui.presenters.diary import RowAction
from ui.presenters.notices import Action
from ui.qt.theme import Theme
from ui.qt.translation import translate
from ui.settings.settings import CLOSE_EXPLAINED, PICTURE_IN_TOAST, THEME, Settings, load
from uploader.errors import Problem, StoreError
from uploader.incidents import Incident


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


def test_a_notice_is_shown_once_until_it_is_answered(make: Make) -> None:
    program = make()
    with_notice = replace(RECORDING, notices=(Notice("given_back", {"seconds": 60}),), notice_seq=1)
    report(program, with_notice)
    assert program.state.notices == with_notice.notices
    program.act(Action.DISMISS)
    report(program, replace(with_notice, session_s=99))
    assert not program.state.notices
    report(program, replace(with_notice, notice_seq=2))
    assert program.state.notices == with_notice.notices


def test_start_removes_the_notices_about_the_recording_before_it(make: Make) -> None:
    program = make()
    lost = Notice("recovered_unpaid", {"seconds": 60})
    stopped = Notice("ended_lock", {"at_ms": 0})
    report(program, Status(notices=(lost, stopped), notice_seq=2))
    assert [*program.state.notices] == [stopped, lost]
    program.recording.toggle()
    assert [*program.state.notices] == [lost]
    assert calls(program) == [["start", ACME.ctr, MEMOS[0]]]


def test_what_was_found_damaged_is_reported_once(make: Make) -> None:
    program = make()
    trouble = Incident(Problem.INDEX_DAMAGED, "")
    post = SyncReport(scenes.upload(notices=(trouble,)), scenes.CONTRACTS)
    program.bridge.sync.emit(post)
    assert program.state.notices == (Notice("index_damaged"),)
    program.act(Action.DISMISS)
    program.bridge.sync.emit(post)
    assert not program.state.notices


def test_a_fact_is_shown_until_it_ends_or_is_read(make: Make) -> None:
    program = make()

    def post(*facts: Incident) -> str | None:
        program.bridge.sync.emit(SyncReport(scenes.upload(facts=facts), scenes.CONTRACTS))
        view = next(iter(attention(program.state, translate)), None)
        return None if view is None else view.text

    one = Incident(Problem.COPIED_FOLDER, "", (("seconds", 600), ("unpaid_s", 0)))
    two = Incident(Problem.COPIED_FOLDER, "", (("seconds", 1200), ("unpaid_s", 60)))
    shown = post(one)
    assert shown is not None
    assert "10\u00a0min are sent again" in shown
    program.notices.answer()
    assert post(one) is None
    assert "20\u00a0min" in (post(two) or "")
    assert post() is None
    assert post(one) == shown


def test_a_refusal_is_sent_again_by_its_button_and_from_its_row(make: Make) -> None:
    program = make()
    fact = Incident(Problem.REFUSED, "E_SIG: no", (("count", 1),))
    program.bridge.sync.emit(SyncReport(scenes.upload(refused=1, facts=(fact,)), scenes.CONTRACTS))
    view = next(iter(attention(program.state, translate)), None)
    assert view is not None
    assert view.label == "Send a&gain"
    program.act(view.action)
    program.state = replace(program.state, day=scenes.day())
    assert program.state.day is not None
    row = program.state.day.entries[0].hash
    program.diary.run_action(row, RowAction.SEND_AGAIN.value)
    assert calls(program) == [["send again", None], ["send again", row]]


def test_a_dismissed_problem_is_shown_again_only_after_it_was_solved(make: Make) -> None:
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
    few = Agreement(VERSION, 0, shots=1, retention_days=180)
    client = QuietClient(few)
    program = make(client)
    asks_more = replace(HARBOUR, terms=replace(HARBOUR.terms, shots=3))
    program.bridge.sync.emit(SyncReport(scenes.upload(), (ACME, asks_more)))
    report(program, RECORDING)
    program.recording.choose(asks_more.ctr)
    answer(program, yes=True)
    assert calls(program) == []
    assert program.windows.consent is not None
    program.windows.consent.accept()
    assert calls(program) == [["start", asks_more.ctr, MEMOS[0]]]
    agreement = client.agreement()
    assert agreement is not None
    assert (agreement.shots, agreement.retention_days) == (3, 180)


def test_a_contract_picked_while_recording_counts_only_after_a_yes(make: Make) -> None:
    program = make()
    report(program, RECORDING)
    program.show_window()
    window = program.window
    assert window is not None
    for yes, chosen, expected in (
        (False, ACME.ctr, []),
        (True, HARBOUR.ctr, [["start", HARBOUR.ctr, MEMOS[0]]]),
    ):
        window.contract.setCurrentIndex(1)
        window.contract.activated.emit(1)
        assert window.contract.currentIndex() == 0
        assert program.windows.question is not None
        assert "Harbour timetable" in program.windows.question.text()
        answer(program, yes=yes)
        assert (program.state.chosen, calls(program)) == (chosen, expected)


def test_pause_and_resume_are_passed_on_and_the_rest_of_the_program_knows_the_pause(
    make: Make,
) -> None:
    program = make()
    report(program, RECORDING)
    program.recording.pause()
    report(program, replace(RECORDING, state="paused"))
    program.recording.resume()
    program.recording.start_again()
    program.recording.set_memo("Invoices")
    program.recording.toggle()
    expected = [["pause"], ["resume"], ["resume"], ["set_memo", "Invoices"], ["stop"]]
    assert calls(program) == expected
    program.quit()
    assert program.windows.question is None


def test_start_stop_pause_and_resume_are_confirmed_from_the_tray_only(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = make()
    shown: list[str] = []
    monkeypatch.setattr(program.tray, "notify", lambda title, _: shown.append(title))
    steps: tuple[tuple[State, SignalInstance | None], ...] = (
        ("stopped", program.tray.toggled),
        ("recording", program.tray.paused),
        ("paused", program.tray.resumed),
        ("recording", program.tray.toggled),
        ("stopped", None),
    )
    for state, signal in steps:
        report(program, replace(RECORDING, state=state))
        if signal is not None:
            signal.emit()
    assert [call[0] for call in calls(program)] == ["start", "pause", "resume", "stop"]
    assert shown == [
        "Recording started", "Recording paused", "Recording started", "Recording stopped",
    ]  # fmt: skip
    program.recording.toggle()
    report(program, RECORDING)
    assert len(shown) == 4


def test_another_contract_ends_a_pause(make: Make) -> None:
    program = make()
    report(program, replace(RECORDING, state="paused"))
    program.recording.choose(ACME.ctr)
    assert calls(program) == []
    program.recording.choose(HARBOUR.ctr)
    assert (program.state.chosen, calls(program)) == (HARBOUR.ctr, [["stop"]])
    assert program.windows.question is None


def test_each_of_several_notices_is_answered_alone(make: Make) -> None:
    program = make()
    fact = Incident(Problem.REFUSED, "", (("count", 1),))
    upload = scenes.upload(problem="split_view", refused=1, facts=(fact,))
    program.bridge.sync.emit(SyncReport(upload, scenes.CONTRACTS))
    report(
        program, replace(RECORDING, notices=(Notice("recovered", {"seconds": 9}),), notice_seq=1)
    )
    program.show_window()
    window = program.window
    assert window is not None
    left = [view.key for view in attention(program.state, translate)]
    assert len(left) == 3
    while left:
        window.acted.emit(Action.DISMISS, left.pop(1 if len(left) > 1 else 0))
        assert [view.key for view in attention(program.state, translate)] == left
    assert not window.attention.isVisible()


def test_try_now_connects_at_once(make: Make) -> None:
    program = make()
    program.show_window()
    assert program.window is not None
    program.bridge.sync.emit(SyncReport(scenes.upload(offline=True), scenes.CONTRACTS))
    program.window.retry_button.click()
    assert calls(program) == [["try_again"]]


def test_a_yes_after_the_recording_has_ended_starts_nothing(make: Make) -> None:
    program = make()
    report(program, RECORDING)
    program.recording.choose(HARBOUR.ctr)
    report(program, replace(RECORDING, state="stopped"))
    answer(program, yes=True)
    assert (program.state.chosen, calls(program)) == (HARBOUR.ctr, [])


@pytest.mark.parametrize(
    ("status", "part"),
    [(RECORDING, "Recording continues."), (replace(RECORDING, state="stopped"), "stays in")],
)
def test_the_first_close_explains_once_where_the_program_went(
    make: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, status: Status, part: str
) -> None:
    program = make()
    shown: list[str] = []
    program.closing.explained.connect(shown.append)
    monkeypatch.setattr(program.tray, "_there", True)
    report(program, status)
    program.settings.show()
    for _ in range(2):
        program.show_window()
        assert program.window is not None
        program.window.close()
        assert not program.window.isVisible()
    assert len(shown) == 1
    assert part in shown[0]
    # A change in the settings window, which was open before, does not forget it.
    page = program.windows.settings
    assert page is not None
    page.privacy.picture_box.click()
    kept = load(tmp_path / "settings.json")
    assert (kept.flag(CLOSE_EXPLAINED), kept.flag(PICTURE_IN_TOAST)) == (True, False)
    again = make(settings=kept)
    again.closing.explained.connect(shown.append)
    monkeypatch.setattr(again.tray, "_there", True)
    again.show_window()
    assert again.window is not None
    again.window.close()
    assert len(shown) == 1


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
    assert program.state.notices == (Notice("disk_full"),)


def test_the_check_of_the_computer_is_asked_for_from_the_settings(
    make: Make, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Path] = []

    def examine(base: Path) -> tuple[Diagnosis, ...]:
        asked.append(base)
        return (Diagnosis("tray", "ok", "works"),)

    monkeypatch.setattr("ui.diagnostics.examine", examine)
    program = make()
    program.settings.show()
    assert program.windows.settings is not None
    program.windows.settings.computer.check_button.click()
    page = program.windows.diagnostics
    assert page is not None
    qtbot.waitUntil(page.again_button.isEnabled)
    assert page.summary.accessibleName() == "Nothing needs attention."
    page.again_button.click()
    qtbot.waitUntil(page.again_button.isEnabled)
    assert asked == [program.settings.file.parent] * 2


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
    program.settings.show()
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
    program.settings.show()
    assert program.windows.settings is not None
    program.windows.settings.changed.emit(program.settings.current.changed(THEME, "dark"))
    assert theme.dark
    assert load(tmp_path / "settings.json").text(THEME) == "dark"


def test_what_is_never_shown_is_passed_to_the_client_at_once(make: Make) -> None:
    client = QuietClient(None)
    program = make(client)
    assert [one.rules() for one in client.followed] == [Rules()]
    program.settings.show()
    page = program.windows.settings
    assert page is not None
    assert client.looks == 1
    program.bridge.applications.emit(("KeePassXC", "Notes"))
    assert [page.privacy.open_box.itemText(i) for i in range(page.privacy.open_box.count())] == [
        "KeePassXC",
        "Notes",
    ]
    page.privacy.open_box.activated.emit(0)
    assert client.followed[-1].rules() == Rules(frozenset({"keepassxc"}))


def test_the_closed_settings_are_freed_and_made_anew(make: Make, qtbot: QtBot) -> None:
    program = make()
    program.settings.show()
    page = program.windows.settings
    assert page is not None
    page.changed.emit(program.settings.current.changed(THEME, "dark"))
    with qtbot.waitSignal(page.destroyed):
        page.close()
    program.settings.show()
    again = program.windows.settings
    assert again is not None
    assert again is not page
    assert again._settings.text(THEME) == "dark"


def test_settings_that_are_closed_during_a_test_of_the_connection_keep_their_window(
    make: Make, qtbot: QtBot
) -> None:
    program = make()
    program.settings.show()
    page, flow = program.windows.settings, program.settings._network
    assert page is not None
    assert flow is not None
    release = threading.Event()
    done: list[bool] = []

    def work() -> Callable[[], None]:
        release.wait(10)
        return lambda: done.append(True)

    flow._begin(work, lambda _: None)
    page.close()
    assert program.windows.settings is page
    release.set()
    qtbot.waitUntil(lambda: bool(done))
    program.settings.show()
    assert program.windows.settings is page
    with qtbot.waitSignal(page.destroyed):
        page.close()


@pytest.mark.parametrize("shown", [True, False])
def test_the_picture_is_in_its_toast_unless_that_was_turned_off(make: Make, shown: bool) -> None:
    program = make(settings=Settings().changed(PICTURE_IN_TOAST, shown))
    report(program, replace(RECORDING, picture=scenes.in_review()))
    view = program.picture.toast_view()
    assert view is not None
    assert bool(view.thumb) is shown


def test_the_review_of_a_picture_is_paused_while_it_is_viewed(make: Make) -> None:
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
