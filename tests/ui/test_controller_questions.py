"""The controller's questions, and its actions on today's entries and devices."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui import scenes
from tests.ui.controllers import Make, answer, calls, report
from tests.ui.program_host import AGREED, QuietClient
from tests.ui.scenes import ACME, AWAY, HARBOUR, MEMOS, RECORDING
from tracker.model.status import Notice, Status
from ui.client.interface import SyncReport
from ui.controller import AppController
from ui.flows.startup import CLOSING_S
from ui.presenters.app_state import StartupPhase
from ui.presenters.notices import Action
from ui.windows.idle_question import IdleQuestion
from ui.windows.own_diary.window import DiaryWindow
from uploader.api.responses import UnconfirmedDevice


def changes(program: AppController) -> list[list[Any]]:
    commands = {"delete", "change_memo", "vouch", "sign_out", "request_day"}
    return [call for call in calls(program) if call[0] in commands]


def test_the_day_is_asked_for_when_it_is_shown_and_kept_up_while_it_is_seen(make: Make) -> None:
    program = make()
    program.tray.day.emit()
    assert changes(program) == [["request_day", None]]
    program.bridge.day.emit(scenes.day())
    page = program.windows.day
    assert page is not None
    model = page.grid.slots_model
    assert len(model.slots()) == len(scenes.day().entries)
    program.bridge.sync.emit(SyncReport(scenes.upload(), scenes.CONTRACTS))
    assert changes(program) == [["request_day", None]] * 2
    page.hide()
    program.bridge.sync.emit(SyncReport(scenes.upload(), scenes.CONTRACTS))
    assert len(changes(program)) == 2


def test_a_chosen_day_stays_until_the_window_is_opened_again(make: Make) -> None:
    program = make()
    program.diary.show()
    page = program.windows.day
    assert page is not None
    now = datetime.fromtimestamp(program.state.now_ms // 1000, UTC)
    for days, wanted in ((400, -400), (0, None), (-1, None), (1, -1)):
        page.day_wanted.emit((now - timedelta(days=days)).date())
        noon = datetime.combine(now.date(), time(12), UTC)
        at_s = None if wanted is None else int((noon + timedelta(days=wanted)).timestamp())
        assert changes(program)[-1] == ["request_day", at_s]
    yesterday = changes(program)[-1]
    program.bridge.sync.emit(SyncReport(scenes.upload(), scenes.CONTRACTS))
    assert changes(program)[-1] == yesterday
    program.diary.show()
    assert changes(program)[-1] == ["request_day", None]


def open_day(program: AppController) -> tuple[DiaryWindow, str]:
    """The own diary with its first slot selected, and that segment's hash."""
    program.diary.show()
    program.bridge.day.emit(scenes.day())
    page = program.windows.day
    assert page is not None
    first = scenes.day().entries[0]
    page.slot_chosen.emit(first.t0)
    return page, first.hash


@pytest.mark.parametrize("yes", [True, False])
def test_a_part_is_not_deleted_without_a_yes(make: Make, yes: bool) -> None:
    program = make()
    page, first = open_day(program)
    page.panel.acted.emit("delete-minutes")
    assert ["delete", first, "delete-minutes"] not in changes(program)
    answer(program, yes=yes)
    assert (["delete", first, "delete-minutes"] in changes(program)) is yes
    assert program.windows.question is None


def test_a_picture_and_its_time_are_deleted_when_undo_has_run_out(make: Make) -> None:
    program = make()
    page, first = open_day(program)
    page.panel.delete_button.click()
    for left in range(10, 0, -1):
        assert f"{left}\u00a0s" in page.panel.undo_button.text()
        assert ["delete", first, "delete-picture"] not in changes(program)
        program.diary._timer.timeout.emit()
    assert changes(program)[-1] == ["delete", first, "delete-picture"]
    assert not program.diary._timer.isActive()


def test_a_deletion_that_was_undone_is_never_made(make: Make) -> None:
    program = make()
    page, first = open_day(program)
    page.panel.delete_button.click()
    page.panel.undo_button.click()
    assert not page.panel.delete_button.isHidden()
    for _ in range(12):
        program.diary._timer.timeout.emit()
    program.diary.finish()
    assert ["delete", first, "delete-picture"] not in changes(program)


@pytest.mark.parametrize("how", ["end", "sign out"])
def test_a_deletion_is_made_before_the_program_ends(make: Make, how: str) -> None:
    program = make()
    page, first = open_day(program)
    page.panel.delete_button.click()
    if how == "end":
        client = program.client
        program.end()
        assert isinstance(client, QuietClient)
        made = client.engine.calls
        assert made.index(["delete", first, "delete-picture"]) < made.index(["close", CLOSING_S])
    else:
        program.signing_out.ask()
        answer(program, yes=True)
        assert ["delete", first, "delete-picture"] in changes(program)


@pytest.mark.parametrize(("text", "changed"), [("  Better \n words ", True), ("   ", False)])
def test_a_memo_is_changed_to_what_was_written(make: Make, text: str, changed: bool) -> None:
    program = make()
    page, first = open_day(program)
    page.panel.memo_changed.emit(text)
    assert (["change_memo", first, "Better words"] in changes(program)) is changed


def test_the_picture_of_a_slot_opens_at_full_size(make: Make, qtbot: QtBot) -> None:
    program = make()
    page, _ = open_day(program)
    page.panel.view_button.click()
    window = program.windows.picture
    assert window is not None
    assert window.isVisible()
    assert not window.cover_button.isVisible()
    assert ["request_picture", scenes.FILE] in calls(program)
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    program.bridge.picture.emit(("another file", image))
    assert window.canvas.picture_size.isEmpty()
    program.bridge.picture.emit((scenes.FILE, image))
    assert window.canvas.picture_size == image.size()
    window.primary.click()
    assert not window.isVisible()


def test_thumbnails_are_loaded_through_the_bridge(make: Make, qtbot: QtBot) -> None:
    program = make()
    page, _ = open_day(program)
    name = scenes.day().entries[0].pictures[0].thumb
    qtbot.waitUntil(lambda: page.thumbnails.small(name) is not None)
    small = page.thumbnails.small(name)
    assert small is not None
    assert small.width() == 200


def test_the_running_slot_follows_the_recorder_while_only_the_diary_is_open(make: Make) -> None:
    program = make()
    page, _ = open_day(program)
    seen = []
    for minutes in (("active",) * 3 + ("none",) * 7, ("active",) * 4 + ("none",) * 6):
        program.bridge.report_status(replace(scenes.RECORDING, minutes=minutes))
        QApplication.processEvents()
        slot = page.grid.slots_model.slot(page.grid.slots_model.find(scenes.RECORDING.slot))
        assert slot is not None
        seen.append(slot.level)
    assert seen == ["3", "4"]


def test_what_keeps_a_change_from_being_made_is_reported(make: Make) -> None:
    program = make()
    program.bridge.notice.emit("week_locked")
    assert program.state.notices == (Notice("week_locked"),)


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
    assert program.state.notices == (Notice("new_device"),)
    program.act(Action.NEW_DEVICE)
    answer(program, yes=yes)
    assert changes(program) == ([["vouch", sibling.kid]] if yes else [])
    assert opened == ([] if yes else ["http://x/devices"])
    program.bridge.sync.emit(post)
    assert not program.state.notices


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
    assert program.state.notices == AWAY.notices
    assert not page.keep_button.isEnabled()
    page.note.setText("  ")
    page.keep_button.click()
    assert calls(program) == []
    page.note.setText(" On the phone ")
    page.keep_button.click()
    assert calls(program) == [["keep_idle", "On the phone"]]
    assert program.windows.idle is None
    assert not program.state.notices


def test_kept_time_is_continued_on_its_contract_and_memo(make: Make) -> None:
    program = make()
    report(program, AWAY)
    program.recording.choose(HARBOUR.ctr)
    page = idle_page(program)
    assert not page.continue_button.isEnabled()
    page.note.setText("On the phone")
    page.continue_button.click()
    assert calls(program) == [["keep_idle", "On the phone"], ["start", ACME.ctr, AWAY.memo]]
    assert program.windows.idle is None


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


def test_a_question_that_is_answered_elsewhere_is_withdrawn(make: Make) -> None:
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


def test_signing_out_asks_first_and_then_shows_that_it_is_done(make: Make, qtbot: QtBot) -> None:
    program = make()
    notes = program.client
    assert isinstance(notes, QuietClient)
    program.tray.signing_out.emit()
    answer(program, yes=False)
    assert (program.state.phase, changes(program)) == (StartupPhase.READY, [])
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
    shown: list[str] = []
    program.notifications.fallback.connect(lambda _, text: shown.append(text))
    moments = ("run_disk_error", "run_disk_error", "disk_works", "given_back")
    for seq, code in enumerate(moments, 1):
        params = {"seconds": 60} if code == "given_back" else {}
        status = replace(RECORDING, notices=(Notice(code, params),), notice_seq=seq)
        report(program, status)
        report(program, replace(status, session_s=seq))
    assert shown == [
        "The disk accepts no data. Recording continues in memory.",
        "The disk accepts no data. Recording continues in memory.",
        "The disk works again. Your work is saved.",
    ]
    assert program.state.notices[0] == Notice("given_back", {"seconds": 60})
