"""The first start in a program without a screen: sign-in, code, failures and their retries."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt

from tests.ui import scenes
from tests.ui.program_host import QuietClient
from tests.uploader.account.test_marketplaces import add
from ui.client import sign_in as signing
from ui.client.interface import Client, ClientCallbacks, SyncReport
from ui.client.options import known_marketplace
from ui.client.trial_picture import TrialPicture
from ui.controller import AppController
from ui.presenters.app_state import StartupPhase
from ui.presenters.first_run import Step, Work
from ui.settings.policy.policy import Policy
from ui.settings.settings import MARKETPLACE, Settings, load
from uploader.account.browser_sign_in import TokenLogin
from uploader.account.join import CodeLogin, Login
from uploader.errors import KeysError, NetworkError, Problem, RefusedError, SignInError

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from ui.qt.theme import Theme
    from ui.windows.first_run import FirstRunWindow

SITE = "https://work.example.org"
LINK = "https://work.example.org/oauth/authorize?state=x"


class Marketplace:
    """The answers of the marketplace and the browser; an exception is raised."""

    def __init__(self) -> None:
        self.names: list[str | Exception] = []
        self.answers: list[TokenLogin | Exception] = []
        self.opens: list[Exception] = []
        self.used: list[tuple[str, Login | None]] = []
        self.cancelled = threading.Event()
        self.shows = True

    def name(self, _address: str, _base: Path) -> str:
        found = self.names.pop(0) if self.names else "work.example.org"
        if isinstance(found, Exception):
            raise found
        return found

    @contextlib.contextmanager
    def signing_in(
        self, _address: str, _base: Path, show: Callable[[str], None], _text: str
    ) -> Iterator[Any]:
        outer = self

        class SignIn:
            def run(self) -> TokenLogin:
                if outer.shows:
                    show(LINK)
                if not outer.answers:
                    assert outer.cancelled.wait(30)
                    raise SignInError(Problem.SIGN_IN_CANCELLED)
                found = outer.answers.pop(0)
                if isinstance(found, Exception):
                    raise found
                return found

            def cancel(self) -> None:
                outer.cancelled.set()

        yield SignIn()


@pytest.fixture
def market(monkeypatch: pytest.MonkeyPatch) -> Marketplace:
    found = Marketplace()
    monkeypatch.setattr(signing, "marketplace_name", found.name)
    monkeypatch.setattr(signing, "browser_sign_in", found.signing_in)
    return found


@pytest.fixture
def start(
    qtbot: QtBot, theme: Theme, tmp_path: Path, market: Marketplace, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., AppController]]:
    made: list[AppController] = []

    def program(site: str = "", settings: Settings | None = None) -> AppController:
        def open_it(reports: ClientCallbacks) -> Client:
            if market.opens:
                raise market.opens.pop(0)
            reports.sync(SyncReport(scenes.upload(), scenes.CONTRACTS))
            return QuietClient(None)

        def join(address: str, login: Login | None) -> None:
            one.site = address
            market.used.append((address, login))

        chosen = settings or Settings()
        one = AppController(theme, open_it, chosen, tmp_path / "settings.json", site, join=join)
        made.append(one)
        opened: list[str] = []
        monkeypatch.setattr(one.links, "open", opened.append)
        one.opened_links = opened  # type: ignore[attr-defined]
        one.begin()
        return one

    yield program
    for one in made:
        one.end()


def window_of(program: AppController, qtbot: QtBot) -> FirstRunWindow:
    qtbot.waitUntil(lambda: program.first_run.window is not None)
    window = program.first_run.window
    assert window is not None
    return window


def type_address(qtbot: QtBot, window: FirstRunWindow, text: str = SITE) -> None:
    window.address.clear()
    qtbot.keyClicks(window.address, text)


def click(qtbot: QtBot, button: Any) -> None:
    assert button.isEnabled()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def joined(program: AppController, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: program.first_run.state.step is Step.RECORDED)
    assert program.state.phase is StartupPhase.READY


def test_without_a_marketplace_the_window_asks_for_it(
    start: Callable[..., AppController], qtbot: QtBot
) -> None:
    program = start()
    window = window_of(program, qtbot)
    assert window.isVisible()
    assert not window.sign_in_button.isEnabled()
    program.show_window()
    assert program.window is None  # not the main window
    type_address(qtbot, window)
    qtbot.waitUntil(lambda: program.first_run.state.found == "work.example.org")
    assert "Found: work.example.org" in window.address_line.text()


def test_a_sign_in_in_the_browser_joins(
    start: Callable[..., AppController], qtbot: QtBot, market: Marketplace, tmp_path: Path
) -> None:
    market.answers = [TokenLogin("t")]
    program = start()
    window = window_of(program, qtbot)
    type_address(qtbot, window)
    click(qtbot, window.sign_in_button)
    joined(program, qtbot)
    assert program.opened_links == [LINK]  # type: ignore[attr-defined]
    # The login is used once.
    assert market.used == [(SITE, TokenLogin("t")), (SITE, None)]
    assert "Ana Ruiz" in window.account_line.text()
    assert load(tmp_path / "settings.json").text(MARKETPLACE) == SITE


def test_a_code_joins(
    start: Callable[..., AppController], qtbot: QtBot, market: Marketplace
) -> None:
    program = start()
    window = window_of(program, qtbot)
    type_address(qtbot, window)
    click(qtbot, window.code_button)
    assert window.code.isVisible()
    click(qtbot, window.join_button)
    assert market.used == []  # there is no code yet
    qtbot.keyClicks(window.code, " ab cd ")
    click(qtbot, window.join_button)
    joined(program, qtbot)
    assert market.used[0] == (SITE, CodeLogin("abcd"))


def test_a_wrong_code_can_be_typed_again(
    start: Callable[..., AppController], qtbot: QtBot, market: Marketplace
) -> None:
    market.opens = [RefusedError(Problem.CODE_INVALID, 401, "code_invalid")]
    program = start()
    window = window_of(program, qtbot)
    type_address(qtbot, window)
    click(qtbot, window.code_button)
    qtbot.keyClicks(window.code, "wrong")
    click(qtbot, window.join_button)
    qtbot.waitUntil(lambda: "This code is unknown" in window.status.text())
    window.code.clear()
    qtbot.keyClicks(window.code, "right")
    click(qtbot, window.join_button)
    joined(program, qtbot)


def test_a_marketplace_that_is_offline_is_looked_for_again(
    start: Callable[..., AppController], qtbot: QtBot, market: Marketplace
) -> None:
    market.names = [NetworkError(Problem.OFFLINE), "work.example.org"]
    program = start()
    window = window_of(program, qtbot)
    type_address(qtbot, window)
    qtbot.waitUntil(lambda: program.first_run.state.address_problem == "offline")
    assert program.first_run.lookup_timer.isActive()
    click(qtbot, window.retry_button)
    qtbot.waitUntil(lambda: program.first_run.state.found == "work.example.org")


def test_a_failure_of_the_network_leads_to_its_settings(
    start: Callable[..., AppController], qtbot: QtBot, market: Marketplace
) -> None:
    market.names = [NetworkError(Problem.PROXY_UNREACHABLE), "work.example.org"]
    program = start()
    window = window_of(program, qtbot)
    assert not window.network_button.isVisible()
    type_address(qtbot, window)
    qtbot.waitUntil(window.network_button.isVisible)
    click(qtbot, window.network_button)
    page = program.windows.settings
    assert page is not None
    assert page.network.isVisible()
    click(qtbot, window.retry_button)
    qtbot.waitUntil(lambda: program.first_run.state.found == "work.example.org")
    assert not window.network_button.isVisible()


def test_a_temporary_failure_before_the_browser_is_retried_by_itself(
    start: Callable[..., AppController], qtbot: QtBot, market: Marketplace
) -> None:
    market.shows = False
    market.answers = [NetworkError(Problem.SERVER_BUSY, retry_after_s=2), TokenLogin("t")]
    program = start()
    window = window_of(program, qtbot)
    type_address(qtbot, window)
    click(qtbot, window.sign_in_button)
    qtbot.waitUntil(lambda: program.first_run.state.problem == "server_busy")
    timer = program.first_run.retry_timer
    assert timer.isActive()
    assert timer.interval() >= 2000  # what the marketplace asked for
    timer.timeout.emit()
    joined(program, qtbot)


def test_no_retry_opens_the_browser_a_second_time(
    start: Callable[..., AppController], qtbot: QtBot, market: Marketplace
) -> None:
    market.answers = [NetworkError(Problem.CONNECTION_LOST)]
    program = start()
    window = window_of(program, qtbot)
    type_address(qtbot, window)
    click(qtbot, window.sign_in_button)
    qtbot.waitUntil(lambda: program.first_run.state.problem == "connection_lost")
    assert not program.first_run.retry_timer.isActive()
    market.answers = [TokenLogin("t")]
    click(qtbot, window.retry_button)
    joined(program, qtbot)


def test_a_failure_while_joining_keeps_the_login(
    start: Callable[..., AppController], qtbot: QtBot, market: Marketplace
) -> None:
    market.answers = [TokenLogin("t")]
    market.opens = [NetworkError(Problem.TIMEOUT), KeysError(Problem.KEYRING_ABSENT)]
    program = start()
    window = window_of(program, qtbot)
    type_address(qtbot, window)
    click(qtbot, window.sign_in_button)
    qtbot.waitUntil(lambda: program.first_run.state.problem == "timeout")
    assert program.startup.retry_timer.isActive()
    program.startup.retry_timer.timeout.emit()
    qtbot.waitUntil(lambda: program.first_run.state.problem == "keyring_absent")
    click(qtbot, window.retry_button)
    joined(program, qtbot)
    assert [login for _, login in market.used] == [TokenLogin("t"), None]


def test_an_expired_sign_in_begins_again(
    start: Callable[..., AppController], qtbot: QtBot, market: Marketplace
) -> None:
    market.answers = [TokenLogin("old"), TokenLogin("new")]
    market.opens = [RefusedError(Problem.SESSION_EXPIRED, 401, "session_invalid")]
    program = start()
    window = window_of(program, qtbot)
    type_address(qtbot, window)
    click(qtbot, window.sign_in_button)
    qtbot.waitUntil(lambda: program.first_run.state.problem == "session_expired")
    click(qtbot, window.sign_in_button)
    joined(program, qtbot)


def test_cancel_ends_the_wait_for_the_browser(
    start: Callable[..., AppController], qtbot: QtBot, market: Marketplace
) -> None:
    program = start()
    window = window_of(program, qtbot)
    type_address(qtbot, window)
    click(qtbot, window.sign_in_button)
    qtbot.waitUntil(lambda: program.first_run.state.work is Work.BROWSER)
    click(qtbot, window.copy_button)
    click(qtbot, window.cancel_button)
    assert market.cancelled.wait(10)
    assert program.first_run.state.work is Work.NONE
    market.answers = [TokenLogin("t")]
    click(qtbot, window.sign_in_button)
    joined(program, qtbot)


def test_a_computer_that_has_not_joined_a_known_marketplace_begins_there(
    start: Callable[..., AppController], qtbot: QtBot, market: Marketplace
) -> None:
    market.opens = [KeysError(Problem.NOT_ENROLLED)]
    program = start(SITE)
    window = window_of(program, qtbot)
    assert window.address.text() == SITE
    market.answers = [TokenLogin("t")]
    click(qtbot, window.sign_in_button)
    joined(program, qtbot)


def test_a_policys_marketplace_that_cannot_be_reached_is_tried_again(
    start: Callable[..., AppController], qtbot: QtBot, market: Marketplace
) -> None:
    codes = Problem.OFFLINE, Problem.TIMEOUT
    market.opens = [NetworkError(code, retry_after_s=600) for code in codes]
    market.opens.append(KeysError(Problem.NOT_ENROLLED))
    program = start(SITE, Settings(policy=Policy({MARKETPLACE.name: SITE}, "Acme IT")))
    program.show_window()
    window = window_of(program, qtbot)
    assert window.isVisible()
    assert program.window is None or not program.window.isVisible()
    assert (window.address.text(), window.address.isReadOnly()) == (SITE, True)
    assert window.origin_line.text() == "Set by Acme IT."
    assert "the marketplace must be reached" in window.status.text()
    assert not window.sign_in_button.isEnabled()
    assert program.startup.retry_timer.isActive()
    program.startup.retry_timer.timeout.emit()
    qtbot.waitUntil(lambda: "did not answer in time" in window.status.text())
    click(qtbot, window.retry_button)
    qtbot.waitUntil(lambda: "Found: work.example.org" in window.address_line.text())
    assert not window.status.isVisible()
    market.answers = [TokenLogin("t")]
    click(qtbot, window.sign_in_button)
    joined(program, qtbot)


def test_a_code_of_the_start_joins_when_the_marketplace_can_be_reached(
    start: Callable[..., AppController], qtbot: QtBot, market: Marketplace
) -> None:
    market.opens = [NetworkError(Problem.OFFLINE, retry_after_s=600)]
    program = start(SITE)
    window_of(program, qtbot)
    program.startup.retry_timer.timeout.emit()
    joined(program, qtbot)


def test_another_address_ends_the_attempts_to_reach_the_first_one(
    start: Callable[..., AppController], qtbot: QtBot, market: Marketplace
) -> None:
    market.opens = [NetworkError(Problem.OFFLINE, retry_after_s=600)]
    program = start("https://old.example.org")
    window = window_of(program, qtbot)
    assert program.startup.retry_timer.isActive()
    type_address(qtbot, window)
    assert not program.startup.retry_timer.isActive()
    qtbot.waitUntil(lambda: "Found: work.example.org" in window.address_line.text())
    assert window.sign_in_button.isEnabled()


def test_a_computer_that_has_joined_never_begins_again(
    start: Callable[..., AppController], qtbot: QtBot, market: Marketplace, tmp_path: Path
) -> None:
    add(tmp_path, "work.example.org")
    market.opens = [NetworkError(Problem.CA_UNUSABLE)]
    program = start(SITE)
    program.show_window()
    qtbot.waitUntil(lambda: program.state.phase is StartupPhase.FAILED)
    assert program.first_run.window is None
    assert program.window is not None
    assert program.window.isVisible()


def test_the_pages_lead_to_the_main_window(
    start: Callable[..., AppController], qtbot: QtBot, market: Marketplace
) -> None:
    market.answers = [TokenLogin("t")]
    program = start()
    window = window_of(program, qtbot)
    type_address(qtbot, window)
    click(qtbot, window.sign_in_button)
    joined(program, qtbot)
    qtbot.waitUntil(lambda: window.read_button.isVisible())
    click(qtbot, window.read_button)
    consent = program.windows.consent
    assert consent is not None
    consent.accept()
    qtbot.waitUntil(lambda: "You have agreed" in window.recorded_line.text())
    click(qtbot, window.continue_button)
    assert program.first_run.state.step is Step.CHECK
    click(qtbot, window.picture_button)
    client = program.client
    assert isinstance(client, QuietClient)
    assert ["trial picture"] in client.engine.calls
    assert ["start"] not in [call[:1] for call in client.engine.calls]
    program.bridge.report_trial(TrialPicture(reason="denied"))
    qtbot.waitUntil(lambda: "did not allow" in window.picture.accessibleDescription())
    click(qtbot, window.finish_button)
    qtbot.waitUntil(lambda: program.window is not None and program.window.isVisible())
    assert program.first_run.window is None


def test_the_only_marketplace_of_a_folder_is_known(tmp_path: Path) -> None:
    def add(name: str, data: bytes) -> None:
        (tmp_path / name).mkdir()
        (tmp_path / name / "marketplace.json").write_bytes(data)

    assert known_marketplace(tmp_path / "nowhere", "") == ""
    add("damaged", b"{")
    add("other", b'{"url": 7}')
    assert known_marketplace(tmp_path, "") == ""
    add("one", json.dumps({"aud": "one.example", "url": SITE}).encode())
    assert known_marketplace(tmp_path, "") == SITE
    assert known_marketplace(tmp_path, "https://remembered.example") == "https://remembered.example"
    add("two", json.dumps({"aud": "two.example", "url": "https://two.example"}).encode())
    assert known_marketplace(tmp_path, "") == ""
    for name in ("enrolment.jws", "enrolment.tlog-proof"):
        (tmp_path / "two" / name).write_bytes(b"x")
    assert known_marketplace(tmp_path, "") == "https://two.example"  # the only one signed in
