"""What the program makes of reports and of people's wishes, without a desktop."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from tests.ui import scenes
from tests.ui.scenes import ACME, HARBOUR, MEMOS, RECORDING
from tests.ui.stage import AGREED, QuietClient
from tracker.status import Notice, Status
from ui.client import Client, Post, Reports
from ui.presenters.consent import Agreement
from ui.presenters.notices import Action
from ui.presenters.scene import Phase
from ui.program import Program
from ui.settings import PICTURE_IN_TOAST, THEME, Settings, load
from ui.theme import Theme
from uploader.errors import KeysError, Problem, StoreError
from uploader.outbox import Trouble

# The offscreen platform has no such windows, and says so.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

Make = Callable[..., Program]


@pytest.fixture
def make(qtbot: QtBot, theme: Theme, tmp_path: Path) -> Iterator[Make]:
    made: list[Program] = []

    def program(
        client: QuietClient | None = None, *, settings: Settings | None = None, fails: int = 0
    ) -> Program:
        failures = [KeysError(Problem.KEYRING_ABSENT) for _ in range(fails)]

        def open_it(reports: Reports) -> Client:
            if failures:
                raise failures.pop()
            reports.post(Post(scenes.upload(), scenes.CONTRACTS, {ACME.ctr: MEMOS}))
            return client or QuietClient(AGREED)

        made.append(
            Program(theme, open_it, settings or Settings(), tmp_path / "settings.json", "http://x")
        )
        made[-1].begin()
        qtbot.waitUntil(lambda: made[-1].scene.phase in {Phase.READY, Phase.FAILED})
        return made[-1]

    yield program
    for one in made:
        one.end()


def calls(program: Program) -> list[list[Any]]:
    """What the recorder was told, but for the choice of a contract."""
    client = program.client
    assert isinstance(client, QuietClient)
    return [call for call in client.engine.calls if call[0] != "choose"]


def report(program: Program, status: Status) -> None:
    program.bridge.status.emit(status)


def test_the_first_contract_and_its_last_memo_are_offered(make: Make) -> None:
    program = make()
    assert (program.scene.chosen, program.scene.memo) == (ACME.ctr, MEMOS[0])


def test_the_contract_of_last_time_is_offered(make: Make) -> None:
    client = QuietClient(AGREED)
    client.remember_contract(HARBOUR.ctr)
    assert make(client).scene.chosen == HARBOUR.ctr


def test_a_contract_that_is_gone_is_not_offered(make: Make) -> None:
    client = QuietClient(AGREED)
    client.remember_contract("x" * 22)
    assert make(client).scene.chosen == ACME.ctr


def test_a_notice_is_shown_once_and_goes_when_it_is_answered(make: Make) -> None:
    program = make()
    told = replace(RECORDING, notice=Notice("given_back", {"seconds": 60}), notice_seq=1)
    report(program, told)
    assert program.scene.notice == told.notice
    program.act(Action.DISMISS)
    report(program, replace(told, session_s=99))
    assert program.scene.notice is None
    report(program, replace(told, notice_seq=2))
    assert program.scene.notice == told.notice


def test_start_takes_an_old_notice_away(make: Make) -> None:
    program = make()
    report(program, Status(notice=Notice("recovered", {"seconds": 60}), notice_seq=1))
    program.toggle()
    assert program.scene.notice is None
    assert calls(program) == [["start", ACME.ctr, MEMOS[0]]]


def test_what_was_found_damaged_is_told_once(make: Make) -> None:
    program = make()
    trouble = Trouble(Problem.INDEX_DAMAGED, "")
    post = Post(scenes.upload(notices=(trouble,)), scenes.CONTRACTS)
    program.bridge.post.emit(post)
    assert program.scene.notice == Notice("index_damaged")
    program.act(Action.DISMISS)
    program.bridge.post.emit(post)
    assert program.scene.notice is None


def test_a_problem_that_was_read_comes_back_only_after_it_was_gone(make: Make) -> None:
    program = make()

    def post(problem: str | None) -> None:
        program.bridge.post.emit(Post(scenes.upload(problem=problem), scenes.CONTRACTS))

    post("split_view")
    program.act(Action.DISMISS)
    post("split_view")
    assert program.scene.dismissed == "split_view"
    post(None)
    post("split_view")
    assert program.scene.dismissed == ""


def test_what_could_not_be_opened_is_told_and_tried_again(make: Make, qtbot: QtBot) -> None:
    program = make(fails=1)
    assert (program.scene.phase, program.scene.problem) == (Phase.FAILED, "keyring_absent")
    program.toggle()
    assert program.client is None
    program.act(Action.RETRY)
    qtbot.waitUntil(lambda: program.scene.phase is Phase.READY)
    assert program.scene.problem == ""


def test_another_contract_while_recording_asks_for_its_own_consent(make: Make) -> None:
    few = Agreement(1, 0, shots=1, retention_days=180)
    client = QuietClient(few)
    program = make(client)
    asks_more = replace(HARBOUR, terms=replace(HARBOUR.terms, shots=3))
    program.bridge.post.emit(Post(scenes.upload(), (ACME, asks_more)))
    report(program, RECORDING)
    program.choose(asks_more.ctr)
    assert calls(program) == []
    assert program.pages.consent is not None
    program.pages.consent.accept()
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

    monkeypatch.setattr(client, "keep_agreement", refuse)
    program.toggle()
    assert program.pages.consent is not None
    program.pages.consent.accept()
    assert calls(program) == []
    assert program.scene.notice == Notice("disk_full")


def test_reading_the_page_again_starts_nothing(make: Make) -> None:
    program = make()
    program.show_settings()
    assert program.pages.settings is not None
    program.pages.settings.consent_button.click()
    assert program.pages.consent is not None
    assert not program.pages.consent.agree_button.isVisible()
    program.pages.consent.decline_button.click()
    assert calls(program) == []
    assert program.pages.consent is None


def test_settings_have_their_effect_at_once_and_are_kept(
    make: Make, theme: Theme, tmp_path: Path
) -> None:
    program = make()
    program.show_settings()
    assert program.pages.settings is not None
    program.pages.settings.changed.emit(program.settings.changed(THEME, "dark"))
    assert theme.dark
    assert load(tmp_path / "settings.json").text(THEME) == "dark"


@pytest.mark.parametrize("shown", [True, False])
def test_the_picture_is_in_its_toast_unless_that_was_turned_off(make: Make, shown: bool) -> None:
    program = make(settings=Settings().changed(PICTURE_IN_TOAST, shown))
    report(program, replace(RECORDING, picture=scenes.in_review()))
    view = program._toast_view()
    assert view is not None
    assert bool(view.thumb) is shown


def test_a_picture_is_held_as_long_as_anybody_looks(make: Make) -> None:
    program = make()
    report(program, replace(RECORDING, picture=scenes.in_review()))
    program._hold("toast", True)
    program._hold("window", True)
    program._hold("toast", False)
    assert calls(program) == [["hold_picture", "p1", True]]
    program._hold("window", False)
    assert calls(program)[-1] == ["hold_picture", "p1", False]


def test_the_next_picture_is_held_too_while_somebody_looks(make: Make) -> None:
    program = make()
    program._hold("window", True)
    assert calls(program) == []
    report(program, replace(RECORDING, picture=scenes.in_review()))
    report(program, RECORDING)
    report(program, replace(RECORDING, picture=replace(scenes.in_review(), id="p2")))
    assert calls(program) == [["hold_picture", "p1", True], ["hold_picture", "p2", True]]


def test_the_end_seals_once(make: Make) -> None:
    program = make()
    program.end()
    program.end()
    assert [call[0] for call in calls(program)] == ["close"]
