"""An opener that fails, hangs or is missing: the address is shown for copying."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QObject

from tests.desktop_fixtures.waiting import wait_for
from tests.ui.program_driver import ProgramDriver
from ui.links import LinkOpener

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from tests.desktop_fixtures.desktop import Desktop

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux opens addresses with xdg-open"
)

ADDRESS = "http://x/devices?a=1&b=$(touch pwned)"


def write_opener(folder: Path, script: str, mode: int = 0o755) -> dict[str, str]:
    """A fake `xdg-open` alone in the path; returns the environment. `script` runs after it has
    stored its argument.
    """
    folder.mkdir(exist_ok=True)
    opener = folder / "xdg-open"
    opener.write_text(f'#!/bin/sh\nprintf %s "$*" > "{folder}/asked"\n{script}\n')
    opener.chmod(mode)
    return {"PATH": str(folder)}


def open_it(
    environ: dict[str, str], patience_s: float = 60.0, platform: str = "linux"
) -> tuple[LinkOpener, list[tuple[str, str]]]:
    """Open the address; returns the signals in order."""
    links = LinkOpener(platform=platform, environ=environ, patience_s=patience_s)
    heard: list[tuple[str, str]] = []
    listener = Listener(heard)
    listener.setParent(links)
    links.unopened.connect(listener.unopened)
    links.unsure.connect(listener.unsure)
    links.opened.connect(listener.opened)
    links.open(ADDRESS)
    return links, heard


class Listener(QObject):
    def __init__(self, heard: list[tuple[str, str]]) -> None:
        super().__init__()
        self._heard = heard

    def unopened(self, address: str) -> None:
        self._heard.append(("unopened", address))

    def unsure(self, address: str) -> None:
        self._heard.append(("unsure", address))

    def opened(self, address: str) -> None:
        self._heard.append(("opened", address))


@pytest.fixture
def asked_qt(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Records what Qt was asked to open, and fails."""
    asked: list[str] = []

    def refuse(url: object) -> bool:
        asked.append(url.toString())  # type: ignore[attr-defined]
        return False

    monkeypatch.setattr("ui.links.QDesktopServices.openUrl", refuse)
    return asked


@pytest.mark.parametrize("end", ["exit 1", "exit 2", "exit 3", "exit 4", "exit 127", "kill -9 $$"])
def test_an_opener_that_fails_is_noticed(
    qtbot: QtBot, tmp_path: Path, asked_qt: list[str], end: str
) -> None:
    links, heard = open_it(write_opener(tmp_path / "bin", end))
    qtbot.waitUntil(lambda: heard == [("unopened", ADDRESS)], timeout=20_000)
    assert (tmp_path / "bin" / "asked").read_text() == ADDRESS
    assert asked_qt == []
    links.deleteLater()


def test_an_opener_that_succeeds_is_silent(
    qtbot: QtBot, tmp_path: Path, asked_qt: list[str]
) -> None:
    environ = write_opener(tmp_path / "bin", "exit 0")
    links, heard = open_it(environ)
    # A later failure is reported after the first one's outcome.
    wait_for((tmp_path / "bin" / "asked").exists, what="the opener to run")
    write_opener(tmp_path / "bin", "exit 3")
    links.open("http://x/second")
    qtbot.waitUntil(lambda: bool(heard), timeout=20_000)
    assert heard == [("unopened", "http://x/second")]
    assert asked_qt == []


@pytest.mark.parametrize(("word", "last"), [("0", "opened"), ("3", "unopened")])
def test_an_opener_that_hangs_is_unsure_until_it_ends(
    qtbot: QtBot, tmp_path: Path, word: str, last: str
) -> None:
    os.mkfifo(tmp_path / "word")
    environ = write_opener(tmp_path / "bin", f'read status < "{tmp_path}/word"; exit $status')
    links, heard = open_it(environ, patience_s=0.0)
    qtbot.waitUntil(lambda: heard == [("unsure", ADDRESS)], timeout=20_000)
    (tmp_path / "word").write_text(f"{word}\n")
    qtbot.waitUntil(lambda: heard == [("unsure", ADDRESS), (last, ADDRESS)], timeout=20_000)
    links.deleteLater()


def missing(folder: Path) -> dict[str, str]:
    folder.mkdir()
    return {"PATH": str(folder)}


def not_executable(folder: Path) -> dict[str, str]:
    return write_opener(folder, "exit 0", mode=0o644)


def in_a_snap(folder: Path) -> dict[str, str]:
    return {**write_opener(folder, "exit 0"), "SNAP": "/snap/workdiary/1"}


@pytest.mark.parametrize("make", [missing, not_executable, in_a_snap])
def test_without_an_opener_qt_is_asked(
    tmp_path: Path, asked_qt: list[str], make: Callable[[Path], dict[str, str]]
) -> None:
    _, heard = open_it(make(tmp_path / "bin"))
    assert len(asked_qt) == 1
    assert heard == [("unopened", ADDRESS)]
    assert not (tmp_path / "bin" / "asked").exists()


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_other_systems_are_asked_through_qt(
    tmp_path: Path, asked_qt: list[str], platform: str
) -> None:
    _, heard = open_it(write_opener(tmp_path / "bin", "exit 0"), platform=platform)
    assert len(asked_qt) == 1
    assert heard == [("unopened", ADDRESS)]


def test_a_file_that_cannot_be_run_is_noticed(tmp_path: Path, asked_qt: list[str]) -> None:
    environ = write_opener(tmp_path / "bin", "exit 0")
    (tmp_path / "bin" / "xdg-open").write_bytes(b"\x7fELF no program")
    _, heard = open_it(environ)
    assert heard == [("unopened", ADDRESS)]
    assert asked_qt == []


@pytest.mark.parametrize(
    ("script", "shown"), [("exit 0", False), ("exit 3", True), (None, True)], ids=str
)
def test_the_program_shows_the_address_that_the_desktop_did_not_open(
    clean_desktop: Desktop,
    tmp_path: Path,
    script: str | None,
    shown: bool,
) -> None:
    folder = tmp_path / "bin"
    environ = missing(folder) if script is None else write_opener(folder, script)
    clean_desktop.xdotool("mousemove", "10", "10")
    program = ProgramDriver(clean_desktop, env={**environ, "BROWSER": "", "DEFAULT_BROWSER": ""})
    program.click("window", "Diary")
    program.click("day", "Open web diary")
    if script is not None:
        wait_for((folder / "asked").exists, what="the opener to run")
        assert (folder / "asked").read_text() == "http://127.0.0.1:1/"
    if shown:
        program.wait("address", visible=True)
        clean_desktop.wait_window("Open this address")
    else:
        assert program.ask("address") is None
