"""A program that failed to open: its sentence, its action, and its automatic retries."""

from __future__ import annotations

import http.server
import logging
import re
import threading
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtWidgets import QLabel

from tests.desktop_fixtures.waiting import wait_for
from tests.ui.program_host import AGREED, QuietClient
from tests.ui.test_app import ROOT, RUN, line
from tests.ui.test_links import write_opener
from tests.ui.windows.test_main_window import shown
from ui.client.interface import code_of
from ui.controller import AppController
from ui.presenters.app_state import AppState, StartupPhase
from ui.presenters.formatting import plain
from ui.presenters.notices import Action
from ui.presenters.startup_failure import _JOINING, TEMPORARY, opening_view
from ui.settings.settings import Settings
from uploader.errors import KeysError, NetworkError, Problem, StoreError

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from tests.desktop_fixtures.desktop import Desktop
    from ui.client.interface import Client, ClientCallbacks
    from ui.qt.theme import Theme


#: Codes of a running program, which opening it never raises.
_RUNNING = {
    "seq_taken", "file_lost", "restored_backup", "foreign_head", "week_locked", "nothing_left",
    "server_behind", "key_ends_soon", "no_room", "copied_folder", "unpaid_work", "server_lost",
    "wrong_server_time", "beacon_unreadable",
}  # fmt: skip
_JOIN_MODULES = (
    "account/join.py",
    "api/client.py",
    "api/proxy_errors.py",
    "api/responses.py",
    "api/transport.py",
    "log/receipt_verifier.py",
)
#: The modules for joining use every code of the network and of the marketplace.
_NETWORK = sorted(
    {
        Problem[name].value
        for path in _JOIN_MODULES
        for name in re.findall(r"Problem\.([A-Z_]+)", (ROOT / "uploader" / path).read_text())
        if name.isupper()
    }
    - _RUNNING
)
OPENING = sorted({problem.value for problem in Problem} - _RUNNING)


@pytest.mark.parametrize("code", [*OPENING, "internal"])
def test_every_failure_to_open_has_a_next_step(code: str) -> None:
    view = opening_view(code, plain)
    goes_on = view.action in {Action.RETRY, Action.QUIT} or code in TEMPORARY
    assert goes_on
    assert view.label
    assert "{" not in view.text


@pytest.mark.parametrize("code", _NETWORK)
def test_without_a_client_the_network_is_about_joining(code: str) -> None:
    text = opening_view(code, plain).text.casefold()
    assert "join" in text or "this computer" in text
    for wrong in (
        "work is safe",
        "sent again",
        "work continues",
        "recording continues",
        "not sent",
    ):
        assert wrong not in text


@pytest.mark.parametrize("code", sorted(_JOINING))
def test_every_sentence_fits_its_label(qtbot: QtBot, theme: Theme, code: str) -> None:
    moment = AppState(now_ms=0, phase=StartupPhase.FAILED, problem=code)
    window = shown(qtbot, theme, moment)
    text = window.notice_text
    assert text.heightForWidth(text.width()) <= text.height()


def program_of(
    theme: Theme, folder: Path, opener: Callable[[ClientCallbacks], Client]
) -> AppController:
    return AppController(theme, opener, Settings(), folder / "settings.json", "http://x")


@pytest.mark.parametrize("code", sorted(TEMPORARY))
def test_temporary_problems_are_retried(
    qtbot: QtBot, theme: Theme, tmp_path: Path, code: str
) -> None:
    failures: list[Exception] = [
        NetworkError(Problem(code), retry_after_s=0.0),
        NetworkError(Problem(code)),
    ]

    def open_it(reports: ClientCallbacks) -> Client:
        if failures:
            raise failures.pop()
        return QuietClient(AGREED)

    program = program_of(theme, tmp_path, open_it)
    program.begin()
    qtbot.waitUntil(lambda: program.state.phase is StartupPhase.READY, timeout=20_000)
    assert program.state.problem == ""
    program.end()


def test_what_was_asked_for_is_waited_for_but_not_for_ever(
    qtbot: QtBot, theme: Theme, tmp_path: Path
) -> None:
    asked = [1e9, 120.0]

    def open_it(reports: ClientCallbacks) -> Client:
        raise NetworkError(Problem.SERVER_BUSY, retry_after_s=asked.pop())

    program = program_of(theme, tmp_path, open_it)
    for least, most in ((120, 130), (3600, 3610)):
        program.begin()
        qtbot.waitUntil(lambda: program.state.phase is StartupPhase.FAILED)
        assert least * 1000 <= program.startup.retry_timer.interval() <= most * 1000
        assert program.startup.retry_timer.isActive()
    program.end()
    assert not program.startup.retry_timer.isActive()


@pytest.mark.parametrize(
    "error", [KeysError(Problem.KEYRING_ABSENT), KeysError(Problem.CODE_INVALID)]
)
def test_what_needs_the_person_waits_for_the_person(
    qtbot: QtBot, theme: Theme, tmp_path: Path, error: Exception
) -> None:
    def open_it(reports: ClientCallbacks) -> Client:
        raise error

    program = program_of(theme, tmp_path, open_it)
    program.begin()
    qtbot.waitUntil(lambda: program.state.phase is StartupPhase.FAILED)
    assert not program.startup.retry_timer.isActive()
    program.end()


# Unexpected errors


class CodedError(Exception):
    """A library's error with its own code."""

    code = 404


@pytest.mark.expected_logs("the client could not be opened")
@pytest.mark.parametrize("error", [OSError(5, "x"), CodedError(), RuntimeError("x"), KeyError("x")])
def test_an_unforeseen_failure_is_in_the_log_with_its_traceback(
    qtbot: QtBot,
    theme: Theme,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
) -> None:
    def open_it(reports: ClientCallbacks) -> Client:
        raise error

    program = program_of(theme, tmp_path, open_it)
    program.begin()
    qtbot.waitUntil(lambda: program.state.phase is StartupPhase.FAILED)
    [record] = [r for r in caplog.records if "could not be opened" in r.message]
    assert program.state.problem == "internal"
    assert record.levelno >= logging.WARNING
    assert record.exc_info is not None
    assert record.exc_info[1] is error
    program.end()


def test_only_codes_of_the_product_are_used() -> None:
    assert code_of(StoreError(Problem.DISK_FULL)) == "disk_full"
    assert code_of(CodedError()) == code_of(ValueError()) == "internal"


@pytest.mark.expected_logs("the keyring's helper could not be ended")
def test_ending_the_helper_never_fails_an_opening(monkeypatch: pytest.MonkeyPatch) -> None:
    from ui.client.interface import ClientCallbacks
    from ui.client.keys import KeyRing
    from uploader.account.keyring_helper import HelperKeyring

    def refuse(self: HelperKeyring) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(HelperKeyring, "close", refuse)
    KeyRing(ClientCallbacks(lambda _: None, lambda _: None, lambda _: None)).close()


# An address that the desktop cannot open


def test_an_address_that_cannot_be_opened_can_be_copied(
    qtbot: QtBot, theme: Theme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from PySide6.QtGui import QGuiApplication

    monkeypatch.setenv("PATH", write_opener(tmp_path / "bin", "exit 3")["PATH"])
    monkeypatch.setattr("ui.links.QDesktopServices.openUrl", lambda _: False)
    program = program_of(theme, tmp_path, lambda _: QuietClient(AGREED))
    program.begin()
    qtbot.waitUntil(lambda: program.state.phase is StartupPhase.READY)
    triggers: list[tuple[Callable[[], object], str]] = [
        (program.open_diary, "http://x"),
        (program.new_device.refused.emit, "http://x/devices"),
        (program.windows.viewers_wanted.emit, "http://x/views"),
        (lambda: program.act(Action.VISIT), "http://x"),
    ]
    program.windows.show_diagnostics()
    assert program.windows.diagnostics is not None
    triggers.append((lambda: program.windows.diagnostics.followed.emit("settings:x"), "settings:x"))  # type: ignore[union-attr]
    for trigger, address in triggers:
        trigger()
        qtbot.waitUntil(program.windows.shows_address, timeout=20_000)
        page = program.windows.address
        assert page is not None
        assert page.address.text() == page.address.selectedText() == address
        page.copy_button.click()
        assert QGuiApplication.clipboard().text() == address
        page.close_button.click()
        assert not page.isVisible()
        assert any("could not open" in label.text() for label in page.findChildren(QLabel))
    program.end()


@pytest.mark.parametrize("opened", [True, False])
def test_the_address_of_a_slow_opener_is_shown_until_the_page_is_open(
    qtbot: QtBot, theme: Theme, tmp_path: Path, opened: bool
) -> None:
    program = program_of(theme, tmp_path, lambda _: QuietClient(AGREED))
    program.links.unsure.emit("http://x")
    qtbot.waitUntil(program.windows.shows_address)
    page = program.windows.address
    assert page is not None
    assert not any("could not open" in label.text() for label in page.findChildren(QLabel))
    program.links.opened.emit("http://x" if opened else "http://x/views")
    qtbot.waitUntil(lambda: page.isVisible() is not opened)
    program.links.unopened.emit("http://x")
    qtbot.waitUntil(lambda: program.windows.address is not page)
    assert program.windows.shows_address()
    program.end()


# The whole program, at a marketplace that fails at first


class Troubled(http.server.BaseHTTPRequestHandler):
    """Answers with the server's list, one entry per request; then with 404."""

    server: Any

    def do_GET(self) -> None:
        asked = self.server.asked
        asked.append(self.path)
        answers = self.server.answers
        status, head, body = answers.pop(0) if answers else (404, {}, b"{}")
        self.send_response(status)
        for name, value in head.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Log nothing."""


def test_a_first_start_continues_by_itself_when_the_marketplace_does(
    clean_desktop: Desktop, tmp_path: Path
) -> None:
    server: Any = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Troubled)
    server.asked = []
    server.answers = [
        (503, {"Retry-After": "1"}, b"busy"),
        (200, {"Content-Type": "text/html"}, b"<html>sign in</html>"),
    ]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        address = f"http://127.0.0.1:{server.server_address[1]}"
        argv = [*RUN, "--base-dir", str(tmp_path), "--marketplace", address]
        process: subprocess.Popen[bytes] = clean_desktop.popen(
            argv, cwd=str(ROOT), stdout=-1, log="opening"
        )
        assert line(process) == "ready"
        wait_for(lambda: len(server.asked) >= 3, what="the third try")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
