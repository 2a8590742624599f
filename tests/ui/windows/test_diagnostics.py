"""`workdiary doctor` and its window: the state of this computer, without personal data."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.desktop_fixtures.target import Target
from tests.repository.tree import ROOT
from tests.uploader.account.test_marketplaces import add
from tracker.diagnostics import Diagnosis
from tracker.selection.environment import Environment
from ui import diagnostics
from ui.client.folder_check import folder_finding
from ui.diagnostics import (
    keyring_finding,
    marketplace_findings,
    notifications_finding,
    tray_finding,
    versions_finding,
)
from ui.presenters.diagnostics import _SENTENCES, _TITLES, as_json, diagnostics_view, table
from ui.presenters.formatting import plain
from ui.settings.settings import NETWORK, PROXY, SETTINGS, Settings, save
from ui.windows.diagnostics import DiagnosticsWindow

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.desktop_fixtures.desktop import Desktop
    from ui.qt.theme import Theme

X11 = Environment("linux", "x11")
GOOD = Diagnosis("tray", "ok", "works", "XEMBED")
PART = Diagnosis("sleep", "limited", "clock_only")
BAD = Diagnosis("folder", "attention", "full", facts={"folder": "~/x", "free": "0.1"})


def run(home: Path, env: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    inherited = {n: v for n, v in os.environ.items() if n in {"PATH", "LANG", "PYTHONPATH"}}
    return subprocess.run(
        [sys.executable, "-m", "ui.cli.main", "doctor", *arguments],
        env={**inherited, "HOME": str(home), **env},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


# The real command


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can be without a display")
def test_without_a_display_it_lists_what_does_not_work(tmp_path: Path) -> None:
    done = run(tmp_path, {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/no/such/bus"}, "--json")
    report = json.loads(done.stdout)
    checks = {one["check"]: one for one in report["checks"]}
    assert (done.returncode, report["ok"], done.stderr) == (1, False, "")
    assert checks["session"]["code"] == "none"
    assert checks["notices"]["code"] == "no_bus"
    assert checks["folder"]["state"] == "ok"
    assert list(checks) == list(_TITLES)
    assert list(tmp_path.iterdir()) == []
    assert str(tmp_path) not in done.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has an X session")
def test_on_a_complete_desktop_nothing_needs_attention(
    clean_desktop: Desktop, tmp_path: Path
) -> None:
    Target(clean_desktop, "seen")
    env = {name: clean_desktop.env[name] for name in ("DISPLAY", "DBUS_SESSION_BUS_ADDRESS")}
    done = run(tmp_path, env)
    assert done.returncode == 0, done.stdout
    assert done.stdout.endswith("\nNothing needs attention.\n")
    for title in _TITLES.values():
        assert re.search(rf"^{title} +Works", done.stdout, re.MULTILINE), title
    assert str(tmp_path) not in done.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has an X session")
def test_counting_that_was_switched_off_in_the_settings_is_reported(
    clean_desktop: Desktop, tmp_path: Path
) -> None:
    folder = tmp_path / "base"
    folder.mkdir()
    (folder / SETTINGS).write_text('{"count_input": false}')
    env = {name: clean_desktop.env[name] for name in ("DISPLAY", "DBUS_SESSION_BUS_ADDRESS")}
    done = run(tmp_path, env, "--base-dir", str(folder), "--json")
    checks = {one["check"]: one for one in json.loads(done.stdout)["checks"]}
    assert (checks["input"]["code"], checks["input"]["way"]) == ("off", "xsync-idle")
    assert checks["input"]["state"] == "limited"
    assert (done.returncode, checks["idle"]["code"]) == (0, "by_input")


# The checks


def test_a_folder_is_looked_at_and_not_made(tmp_path: Path) -> None:
    base = tmp_path / "not" / "there"
    found = folder_finding(base)
    assert (found.state, found.code) == ("ok", "works")
    assert list(tmp_path.iterdir()) == []


def test_a_disk_without_room_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=10_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    found = folder_finding(tmp_path)
    assert (found.state, found.code, found.facts["free"]) == ("attention", "full", "0.0")


def test_a_link_to_nowhere_is_reported_with_its_target(tmp_path: Path) -> None:
    base = tmp_path / "base"
    base.symlink_to("/nowhere/x")
    for folder in (base, base / "below"):
        found = folder_finding(folder)
        assert (found.state, found.code) == ("attention", "dangling")
        assert found.facts["detail"] == f"{base} -> /nowhere/x"
    real = tmp_path / "real"
    real.mkdir()
    (real / "market.example").symlink_to("/nowhere/y")
    found = folder_finding(real)
    assert (found.code, found.facts["folder"]) == ("dangling", str(real / "market.example"))


def test_a_link_to_a_folder_works(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "base").symlink_to(tmp_path / "real")
    assert folder_finding(tmp_path / "base").code == "works"


def test_a_file_in_place_of_a_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    found = folder_finding(tmp_path / "file" / "base")
    assert (found.state, found.code) == ("attention", "not_writable")
    assert str(tmp_path / "file") in found.facts["detail"]


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOLCK, "no_locks"),
        (errno.EOPNOTSUPP, "no_locks"),
        (errno.EIO, "no_locks_error"),
        (errno.EWOULDBLOCK, "no_locks"),
    ],
)
def test_a_drive_without_locks_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", refuse)
    found = folder_finding(tmp_path)
    assert (found.state, found.code) == ("attention", code)
    assert list(tmp_path.iterdir()) == []


def test_a_drive_without_databases_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(sqlite3, "connect", refuse)
    assert folder_finding(tmp_path).code == "no_sqlite"
    assert list(tmp_path.iterdir()) == []


def test_a_running_program_is_not_a_problem_of_the_folder(tmp_path: Path) -> None:
    from uploader.store.state_folder import StateFolder

    with StateFolder(tmp_path, "market.example"):
        assert folder_finding(tmp_path).code == "works"


def test_a_drive_that_is_not_mounted_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    from ui.client import folder_check

    monkeypatch.setattr(folder_check, "_MOUNTS", ("/nonexistent-mounts",))
    found = folder_finding(Path("/nonexistent-mounts/stick/workdiary"))
    assert (found.state, found.code) == ("attention", "not_mounted")
    assert not Path("/nonexistent-mounts").exists()


def test_a_folder_that_is_a_file_cannot_be_written(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    found = folder_finding(file)
    assert (found.state, found.code) == ("attention", "not_writable")


@pytest.mark.parametrize(
    ("environment", "names", "embeds", "tray", "notices"),
    [
        (X11, frozenset({diagnostics.TRAY, diagnostics.NOTIFICATIONS}), False, "ok", "ok"),
        (X11, frozenset(), True, "ok", "limited"),
        (X11, frozenset(), False, "attention", "limited"),
        (X11, None, False, "attention", "attention"),
        (Environment("win32", "windows"), None, False, "ok", "ok"),
        (Environment("darwin", "aqua"), None, False, "ok", "ok"),
    ],
)
def test_tray_and_notices_are_known_by_their_names(
    environment: Environment, names: frozenset[str] | None, embeds: bool, tray: str, notices: str
) -> None:
    assert tray_finding(environment, names, embeds=embeds).state == tray
    assert notifications_finding(environment, names).state == notices


def test_a_keyring_that_does_not_answer_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    argv = [sys.executable, "-c", "import sys; sys.stdin.read()"]
    monkeypatch.setattr("uploader.account.keyring_helper.command", lambda: argv)
    found = keyring_finding(0.01)
    assert (found.state, found.code) == ("attention", "keyring_locked")


def test_a_keyring_that_is_not_there_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
    assert keyring_finding(60).code == "keyring_absent"


def test_a_marketplace_that_cannot_be_reached_is_reported_by_its_name(tmp_path: Path) -> None:
    assert [one.code for one in marketplace_findings(tmp_path)] == ["none"]
    for name, pinned in (
        ("a", {"aud": "a.example", "url": "http://127.0.0.1:9"}),
        ("b", {"aud": "b.example"}),
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / "marketplace.json").write_text(json.dumps(pinned))
    [found] = marketplace_findings(tmp_path)
    assert (found.state, dict(found.facts)) == (
        "attention",
        {"name": "a.example", "problem": "offline"},
    )


def test_a_marketplace_is_asked_by_the_settings_of_the_network(tmp_path: Path) -> None:
    settings = Settings().changed(NETWORK, "manual").changed(PROXY, "http://127.0.0.1:9")
    save(tmp_path / SETTINGS, settings)
    (tmp_path / "a").mkdir()
    pinned = {"aud": "a.example", "url": "https://market.invalid"}
    (tmp_path / "a" / "marketplace.json").write_text(json.dumps(pinned))
    [found] = marketplace_findings(tmp_path)
    assert (found.code, found.facts["detail"]) == ("proxy_unreachable", "http://127.0.0.1:9")


def test_of_several_marketplaces_the_active_one_is_named(tmp_path: Path) -> None:
    for name in ("a.example", "b.example"):
        add(tmp_path, name)
        pinned = {"aud": name, "url": f"http://127.0.0.1:9/{name}"}
        (tmp_path / name / "marketplace.json").write_text(json.dumps(pinned))
    found = marketplace_findings(tmp_path)
    assert [one.facts["active"] for one in found] == ["yes", "no"]
    first, second = diagnostics_view(found, plain).lines
    assert first.text.endswith("Workdiary records for this marketplace.")
    assert "records for" not in second.text


def test_a_home_folder_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    facts = {"folder": "/home/ada/.local/state", "detail": "no /home/ada/x"}
    report = diagnostics._impersonal(Diagnosis("folder", "ok", "works", facts=facts))
    assert dict(report.facts) == {"folder": "~/.local/state", "detail": "no ~/x"}


# The texts


def test_every_code_has_a_sentence_whose_fields_are_filled() -> None:
    facts = dict.fromkeys(("detail", "folder", "free", "name", "problem"), "X")
    facts |= versions_finding().facts
    for key in _SENTENCES:
        check, _, code = key.partition(" ")
        [line] = diagnostics_view([Diagnosis(check, "ok", code, facts=facts)], plain).lines
        assert "{" not in line.text
        assert line.text != code


def test_a_number_has_the_decimal_sign_of_the_language() -> None:
    def german(context: str, text: str, comment: str | None = None, n: int = -1) -> str:
        return plain(context, text.replace("{whole}.{tenths}", "{whole},{tenths}"), comment, n)

    facts = {"folder": "/home/ana", "free": "74.1"}
    finding = Diagnosis("folder", "ok", "works", facts=facts)
    assert "74,1 GB" in diagnostics_view([finding], german).lines[0].text
    assert "74.1 GB" in diagnostics_view([finding], plain).lines[0].text


def test_the_summary_counts_what_needs_attention() -> None:
    assert diagnostics_view([GOOD, PART], plain).summary == "Nothing needs attention."
    assert diagnostics_view([GOOD, PART, BAD], plain).summary == "Needs attention: 1"
    assert "failed" in diagnostics_view([], plain).summary


def test_the_table_keeps_to_its_width_and_names_the_link() -> None:
    linked = Diagnosis(
        "input", "attention", "seconds", "mac-idle", ("Allow it. " * 20,), link="x-apple:y"
    )
    lines = table(diagnostics_view([GOOD, linked], plain), 60).splitlines()
    assert max(map(len, lines)) <= 60
    assert lines[0] == "Tray   Works            System tray found."
    assert any(line.strip() == "x-apple:y" for line in lines)


def test_the_json_is_as_documented() -> None:
    report: dict[str, Any] = as_json([GOOD, BAD])
    assert (report["schema"], report["ok"]) == (1, False)
    assert report["checks"][0] == {
        "check": "tray",
        "state": "ok",
        "code": "works",
        "way": "XEMBED",
        "words": "System tray found.",
        "facts": {},
    }
    document = (ROOT / "docs" / "platforms.md").read_text("utf-8")
    for name in (*report, *report["checks"][0], *_TITLES):
        assert f"`{name}`" in document, name


# The window


def test_the_page_shows_each_line_and_asks_again(qtbot: QtBot, theme: Theme) -> None:
    from PySide6.QtWidgets import QLabel

    page = DiagnosticsWindow(theme)
    qtbot.addWidget(page)
    assert not page.again_button.isEnabled()
    for findings in ([GOOD, BAD], [GOOD]):
        page.show_view(diagnostics_view(findings, plain))
        texts = [label.text() for label in page.lines.findChildren(QLabel)]
        assert len(texts) == 3 * len(findings)
        assert "System tray found." in texts
        assert page.again_button.isEnabled()
    with qtbot.waitSignal(page.again):
        page.again_button.click()


def test_a_line_with_a_link_opens_it(qtbot: QtBot, theme: Theme) -> None:
    from PySide6.QtWidgets import QPushButton

    opened: list[str] = []
    page = DiagnosticsWindow(theme)
    page.followed.connect(opened.append)
    qtbot.addWidget(page)
    linked = Diagnosis(
        "input", "attention", "seconds", reasons=("Allow it.",), link="x-apple.x:y?Z"
    )
    page.show_view(diagnostics_view([linked], plain))
    [button] = page.lines.findChildren(QPushButton)
    button.click()
    assert opened == ["x-apple.x:y?Z"]
