"""The data section: what it shows, and a deletion that loses no unpaid time by itself."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.ui.controllers import Make, answer, calls, report
from tests.ui.program_host import AGREED, QuietClient
from tests.ui.scenes import RECORDING
from ui.presenters.app_state import StartupPhase
from ui.presenters.formatting import plain
from ui.presenters.settings.data import (
    covers_text,
    delete_question,
    pending_lines,
    pending_text,
    size_text,
    unsent_question,
)
from uploader.account import local_data
from uploader.account.local_data import LocalData, Unsent
from uploader.store.state_folder import StateFolder

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from tracker.model.status import State
    from ui.controller import AppController
    from ui.windows.settings.window import SettingsWindow

AUD = QuietClient.aud
UNSENT = Unsent(segments=3, size=2_400_000, seconds=8040)
LOST = "2\u00a0h 14\u00a0min of work is neither uploaded nor paid. Delete it?"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with StateFolder(tmp_path, AUD) as made:
        made.write("marketplace.json", b"{}")
        made.write("blobs/picture", b"x" * 5000)
        return made.root


@pytest.fixture
def left(monkeypatch: pytest.MonkeyPatch) -> list[Unsent]:
    """Work that the marketplace lacks, at each measurement of its folder; the last entry stays."""
    found = [Unsent()]

    def measured(*_: object) -> LocalData:
        return LocalData(5_000_000, found.pop(0) if len(found) > 1 else found[0])

    monkeypatch.setattr(local_data, "measure_one", measured)
    return found


def opened(program: AppController, qtbot: QtBot) -> SettingsWindow:
    program.settings.show()
    page = program.windows.settings
    assert page is not None
    qtbot.waitUntil(lambda: page.data.folder.text() != "")
    return page


def test_pending_uploads_name_their_marketplace() -> None:
    each = {"a.example": UNSENT, "b.example": Unsent()}
    lines = pending_lines(LocalData(1, UNSENT, each), plain).splitlines()
    assert [line.split(": ")[0] for line in lines] == ["a.example", "b.example"]
    assert "3 entries waiting" in lines[0]
    assert lines[1].endswith("Nothing is waiting.")
    assert pending_lines(LocalData(0, Unsent()), plain) == "Nothing is waiting."
    assert covers_text("a.example", plain) == "It covers a.example only."
    assert covers_text("", plain) == "There is no diary here to delete."


def ask(program: AppController, qtbot: QtBot) -> str:
    """Press the button; the question's text."""
    page = opened(program, qtbot)
    page.data.delete_button.click()
    qtbot.waitUntil(lambda: program.windows.question is not None)
    question = program.windows.question
    assert question is not None
    return question.informativeText()


def says(page: SettingsWindow, text: str) -> bool:
    return page.foot.accessibleName().startswith(text)


def test_the_section_shows_folder_size_and_pending_uploads(
    make: Make, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    threads = []

    def measure(_: Path) -> LocalData:
        threads.append(threading.current_thread())
        return LocalData(1_234_567_890, replace(UNSENT, refused=1))

    monkeypatch.setattr(local_data, "measure", measure)
    program = make()
    links: list[str] = []
    monkeypatch.setattr(program.links, "open", links.append)
    page = opened(program, qtbot)
    assert page.data.folder.text() == str(tmp_path)
    assert page.data.folder.isReadOnly()
    assert page.data.space.text() == "It takes 1.2\u00a0GB."
    assert "3 entries waiting, 2.4\u00a0MB. Safe on this computer." in page.data.pending.text()
    assert "refused 1" in page.data.pending.text()
    assert threads[0] is not threading.main_thread()
    page.data.open_button.click()
    assert links == [tmp_path.as_uri()]


@pytest.mark.expected_logs("the work on the local data failed")
def test_a_folder_that_cannot_be_read_is_reported(
    make: Make, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: Path) -> LocalData:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(local_data, "measure", fails)
    page = opened(make(), qtbot)
    assert page.data.space.text() == "The folder cannot be read."


def test_uploaded_data_are_deleted_after_one_question_and_a_sign_out(
    make: Make, qtbot: QtBot, folder: Path, left: list[Unsent]
) -> None:
    program = make()
    client = program.client
    assert isinstance(client, QuietClient)
    details = ask(program, qtbot)
    assert AUD in details
    assert "receipts that prove your hours" in details
    assert "everything that was uploaded remains as it is" in details
    answer(program, yes=False)
    assert folder.is_dir()
    assert calls(program) == []
    ask(program, qtbot)
    answer(program, yes=True)
    qtbot.waitUntil(lambda: not folder.exists())
    assert ["sign_out", 20.0] in client.engine.calls
    page = program.windows.settings
    assert page is not None
    qtbot.waitUntil(lambda: says(page, "Deleted. What was uploaded remains"))
    # The window of the first start: nothing of the account is left here.
    qtbot.waitUntil(lambda: program.state.problem == "not_enrolled")
    assert left == [Unsent()]


def test_unsent_work_needs_a_second_answer_that_names_its_time(
    make: Make, qtbot: QtBot, folder: Path, left: list[Unsent]
) -> None:
    left[:] = [UNSENT]
    program = make()
    ask(program, qtbot)
    answer(program, yes=True)
    qtbot.waitUntil(lambda: program.state.phase is StartupPhase.FAILED)
    qtbot.waitUntil(lambda: program.windows.question is not None)
    question = program.windows.question
    assert question is not None
    assert question.text() == LOST
    assert [button.text() for button in question.buttons()] == [
        "&Delete, lose 2\u00a0h 14\u00a0min",
        "&Keep it",
    ]
    default = question.defaultButton()
    assert default is not None
    assert default.text() == "&Keep it"
    answer(program, yes=False)
    page = program.windows.settings
    assert page is not None
    assert says(page, "Nothing was deleted. Your work is kept")
    assert folder.is_dir()


def test_unsent_work_is_deleted_after_the_second_answer(
    make: Make, qtbot: QtBot, folder: Path, left: list[Unsent]
) -> None:
    # The upload before the sign-out delivers only a part of it.
    left[:] = [replace(UNSENT, seconds=9000), UNSENT]
    program = make()
    ask(program, qtbot)
    answer(program, yes=True)
    qtbot.waitUntil(
        lambda: program.windows.question is not None and program.windows.question.text() == LOST
    )
    assert folder.is_dir()
    answer(program, yes=True)
    qtbot.waitUntil(lambda: not folder.exists())


@pytest.mark.parametrize("state", ["recording", "starting", "paused", "idle"])
def test_nothing_is_deleted_while_a_recording_runs_or_waits(
    make: Make, qtbot: QtBot, folder: Path, left: list[Unsent], state: State
) -> None:
    program = make()
    page = opened(program, qtbot)
    report(program, replace(RECORDING, state=state))
    page.data.delete_button.click()
    assert says(page, "Stop the recording first")
    assert program.windows.question is None
    # Neither does one that begins while the question is open.
    report(program, replace(RECORDING, state="stopped"))
    ask(program, qtbot)
    report(program, replace(RECORDING, state=state))
    answer(program, yes=True)
    assert says(page, "Stop the recording first")
    assert not [call for call in calls(program) if call[0] == "sign_out"]
    assert folder.is_dir()
    assert left == [Unsent()]


def test_a_failed_sign_out_deletes_nothing(
    make: Make, qtbot: QtBot, folder: Path, left: list[Unsent]
) -> None:
    class Stuck(QuietClient):
        def sign_out(self, seconds: float) -> str:
            super().sign_out(seconds)
            return "still_saving"

    program = make(Stuck(AGREED))
    ask(program, qtbot)
    answer(program, yes=True)
    page = program.windows.settings
    assert page is not None
    qtbot.waitUntil(lambda: program.state.phase is StartupPhase.FAILED)
    assert says(page, "Nothing was deleted. ")
    assert folder.is_dir()
    assert left == [Unsent()]
    program.startup.stop()


def test_a_diary_that_is_not_open_is_not_deleted(make: Make, qtbot: QtBot, folder: Path) -> None:
    program = make(fails=1)
    page = opened(program, qtbot)
    page.data.delete_button.click()
    assert says(page, "Not possible now: the diary is not open.")
    assert folder.is_dir()


def test_a_computer_that_has_signed_out_before_deletes_without_a_sign_out(
    make: Make, qtbot: QtBot, folder: Path, left: list[Unsent]
) -> None:
    (folder / "marketplace.json").write_text(f'{{"aud": "{AUD}", "url": "http://x"}}')
    program = make()
    program.signing_out.begin()
    qtbot.waitUntil(lambda: program.state.problem == "signed_out")
    details = ask(program, qtbot)
    assert "signed out first" not in details
    answer(program, yes=True)
    qtbot.waitUntil(lambda: not folder.exists())
    assert left == [Unsent()]


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0\u00a0kB"),
        (1, "1\u00a0kB"),
        (999_999, "1000\u00a0kB"),
        (12_440_000, "12.4\u00a0MB"),
        (5 * 10**9, "5.0\u00a0GB"),
    ],
)
def test_sizes(size: int, text: str) -> None:
    assert size_text(size, plain) == text


def test_a_size_has_the_decimal_point_of_the_language() -> None:
    def german(context: str, text: str, comment: str | None = None, n: int = -1) -> str:
        return plain(context, text.replace("{whole}.{tenths}", "{whole},{tenths}"), comment, n)

    assert size_text(12_440_000, german) == "12,4\u00a0MB"


def test_the_questions_name_what_is_lost() -> None:
    assert pending_text(Unsent(), plain) == "Nothing is waiting."
    first = delete_question(AUD, LocalData(5_000_000, UNSENT), plain, signed_in=False)
    assert "5.0\u00a0MB" in first.details
    assert "signed out" not in first.details
    second = unsent_question(replace(UNSENT, changes=2, unsealed=1), plain)
    assert second.text == LOST
    assert "2 changes" in second.details
    assert "1 recordings ended unexpectedly" in second.details
    only = unsent_question(Unsent(changes=2, size=10), plain)
    assert only.text == "Some of your work is not uploaded. Delete it?"
    assert only.yes == "&Delete it"
