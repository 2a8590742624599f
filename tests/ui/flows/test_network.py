"""The network section: stored values, a password that never leaks, the connection's test."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from tests.ui.controllers import Make, calls
from tests.ui.program_host import QuietClient
from tests.uploader.connect_proxy import HOST, PASSWORD, USER, connect_proxy, tls_market
from tests.uploader.secret_service import SecretService
from ui.client.network.route import choice_of
from ui.log_file import FOLDER, NAME, open_log_file
from ui.settings.policy.policy import Policy
from ui.settings.settings import AUTHORITY, NETWORK, PROXY, PROXY_SCRIPT, PROXY_USER, Settings, load
from ui.support_bundle import collect
from uploader.account.proxy_password import read_password

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from ui.controller import AppController
    from ui.windows.settings.network import NetworkSection


@pytest.fixture
def keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SecretService]:
    home = tmp_path / "keyring"
    home.mkdir()
    service = SecretService(home)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", service.address)
    yield service
    service.close()


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    """The program's log, with everything that is logged."""
    handler = open_log_file(tmp_path)
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield tmp_path / FOLDER / NAME
    root.setLevel(level)
    root.removeHandler(handler)
    handler.close()


def opened(program: AppController) -> NetworkSection:
    program.settings.show()
    page = program.windows.settings
    assert page is not None
    page.list.setCurrentRow([section for _, section in page.sections].index(page.network))
    return page.network


def foot(program: AppController) -> str:
    page = program.windows.settings
    assert page is not None
    return page.foot.accessibleName()


def choose(section: NetworkSection, mode: str) -> None:
    section.mode_box.setCurrentIndex(section.mode_box.findData(mode))
    section.mode_box.activated.emit(section.mode_box.currentIndex())


def enter(qtbot: QtBot, field, text: str) -> None:  # type: ignore[no-untyped-def]
    field.clear()
    # QTest has no keys for other letters than those of ASCII.
    field.insert(text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def test_a_choice_shows_its_rows_and_applies_at_once(
    make: Make, qtbot: QtBot, tmp_path: Path
) -> None:
    program = make()
    section = opened(program)
    assert (section.manual.isVisible(), section.script.isVisible()) == (False, False)
    choose(section, "manual")
    assert (section.manual.isVisible(), section.script.isVisible()) == (True, False)
    enter(qtbot, section.proxy_field, "proxy.example:3128")
    assert section.proxy_field.text() == "http://proxy.example:3128"
    enter(qtbot, section.user_field, USER)
    assert foot(program) == "Saved. Applies to the next connection."
    kept = load(tmp_path / "settings.json")
    assert (kept.text(NETWORK), kept.text(PROXY)) == ("manual", "http://proxy.example:3128")
    assert kept.text(PROXY_USER) == USER
    client = program.client
    assert isinstance(client, QuietClient)
    assert choice_of(client.followed[-1]) == choice_of(kept)
    choose(section, "pac")
    assert (section.manual.isVisible(), section.script.isVisible()) == (False, True)
    enter(qtbot, section.script_field, "file:///etc/proxy.pac")
    assert load(tmp_path / "settings.json").text(PROXY_SCRIPT) == "/etc/proxy.pac"


@pytest.mark.parametrize("address", ["http://ana:secret@proxy.example:3128", "socks5://x:1", "a b"])
def test_an_address_that_does_not_fit_is_explained_and_not_kept(
    make: Make, qtbot: QtBot, tmp_path: Path, address: str
) -> None:
    section = opened(make(settings=Settings().changed(NETWORK, "manual")))
    shown: list[str] = []
    section.changed.connect(lambda _, value: shown.append(value))
    enter(qtbot, section.proxy_field, address)
    notes = [n.text() for n in section.manual.findChildren(type(section.result)) if n.isVisible()]
    assert any(text.startswith("Enter the address of an HTTP proxy") for text in notes)
    assert shown == []
    assert not (tmp_path / "settings.json").exists()
    enter(qtbot, section.proxy_field, "proxy.example")
    assert shown == ["http://proxy.example"]
    enter(qtbot, section.proxy_field, "")
    assert shown == ["http://proxy.example", ""]


@pytest.mark.expected_logs("the end")
def test_a_password_is_in_the_keyring_and_nowhere_else(
    make: Make, qtbot: QtBot, tmp_path: Path, keyring: SecretService, log: Path
) -> None:
    program = make()
    section = opened(program)
    choose(section, "manual")
    enter(qtbot, section.proxy_field, "proxy.example:3128")
    enter(qtbot, section.password_field, PASSWORD)
    assert foot(program) == "Enter the proxy's address and the user name first."
    enter(qtbot, section.user_field, USER)
    enter(qtbot, section.password_field, PASSWORD)
    assert section.password_field.text() == ""
    qtbot.waitUntil(lambda: foot(program).startswith("Saved in the keyring"), timeout=20_000)
    assert read_password(choice_of(program.settings.current)) == PASSWORD
    assert ["try_again"] in calls(program), "pending work is sent now"
    logging.getLogger("ui.test").warning("the end %s", PASSWORD)
    assert b"the end" in log.read_bytes()
    for file in tmp_path.rglob("*"):
        if file.is_file() and keyring_home(tmp_path) not in file.parents:
            assert PASSWORD.encode() not in file.read_bytes(), file
    assert all(PASSWORD not in file.text for file in collect(tmp_path).files)
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            assert PASSWORD.encode() not in process.read_bytes()
        except OSError:
            continue
    enter(qtbot, section.password_field, "")
    qtbot.waitUntil(lambda: foot(program).startswith("The password was removed"), timeout=20_000)
    assert read_password(choice_of(program.settings.current)) is None


def keyring_home(tmp_path: Path) -> Path:
    return tmp_path / "keyring"


def test_without_a_keyring_the_password_is_not_saved(
    make: Make, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    settings = Settings().changed(NETWORK, "manual").changed(PROXY, "http://p:1")
    program = make(settings=settings.changed(PROXY_USER, USER))
    section = opened(program)
    enter(qtbot, section.password_field, PASSWORD)
    qtbot.waitUntil(lambda: foot(program).startswith("The password was not saved."), timeout=20_000)
    assert PASSWORD not in foot(program)


def test_a_file_is_used_only_if_it_has_certificates(
    make: Make, qtbot: QtBot, tmp_path: Path
) -> None:
    program = make()
    section = opened(program)
    flow = program.settings._network
    assert flow is not None
    section.choose_button.click()
    assert flow.dialog is not None
    flow.dialog.reject()
    with tls_market(tmp_path):
        pass
    flow.use_file(str(tmp_path / "server.key"))
    qtbot.waitUntil(lambda: "private key" in section.file_problem.text())
    assert program.settings.current.text(AUTHORITY) == ""
    flow.use_file(str(tmp_path / "authority.pem"))
    qtbot.waitUntil(lambda: program.settings.current.text(AUTHORITY) != "")
    assert section.file.text() == str(tmp_path / "authority.pem")
    assert not section.file_problem.isVisible()
    section.remove_button.click()
    assert program.settings.current.text(AUTHORITY) == section.file.text() == ""
    assert not section.remove_button.isEnabled()


def test_the_test_reports_the_way_to_the_marketplace(
    make: Make, qtbot: QtBot, tmp_path: Path, keyring: SecretService
) -> None:
    program = make()
    program.site = f"https://{HOST}"
    section = opened(program)
    with (
        tls_market(tmp_path) as market,
        connect_proxy(int(market.url.rpartition(":")[2]), user=USER, password=PASSWORD) as proxy,
    ):

        def tested() -> str:
            section.test_button.click()
            assert not section.test_button.isEnabled()
            assert section.result.text() == "Testing …"
            qtbot.waitUntil(section.test_button.isEnabled, timeout=60_000)
            return section.result.text()

        choose(section, "manual")
        assert tested() == "An address is missing. Enter it first."
        enter(qtbot, section.proxy_field, proxy.address)
        assert "does not accept the sign-in" in tested()
        enter(qtbot, section.user_field, USER)
        enter(qtbot, section.password_field, PASSWORD)
        qtbot.waitUntil(lambda: foot(program).startswith("Saved in the keyring"), timeout=20_000)
        assert "certificate is not trusted" in tested()
        flow = program.settings._network
        assert flow is not None
        flow.use_file(str(tmp_path / "authority.pem"))
        qtbot.waitUntil(lambda: program.settings.current.text(AUTHORITY) != "")
        assert not section.result.isVisible(), "the result was for other settings"
        text = tested()
        assert HOST in text
        assert f"through the proxy {proxy.address}." in text


def test_without_a_marketplace_nothing_is_tested(make: Make) -> None:
    program = make()
    program.site = ""
    section = opened(program)
    section.test_button.click()
    assert section.result.text() == "No marketplace is set yet. Enter its address first."
    assert section.test_button.isEnabled()


def test_a_policy_locks_each_row(make: Make) -> None:
    values = {
        NETWORK.name: "pac",
        PROXY_SCRIPT.name: "http://proxy.acme.example/proxy.pac",
        AUTHORITY.name: "/etc/ssl/acme.pem",
    }
    settings = Settings(policy=Policy(values, "Acme IT", "/etc/workdiary/policy.json"))
    section = opened(make(settings=settings))
    assert section.script.isVisible()
    for part in (section.mode_box, section.script_field, section.choose_button, section.file):
        assert not part.isVisible()
    origins = [n.text() for n in section.findChildren(type(section.result)) if n.isVisible()]
    assert sum("Acme IT" in text for text in origins) == 3
