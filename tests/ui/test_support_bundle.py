"""The report for support: its parts, and that nothing personal is in them."""

from __future__ import annotations

import errno
import io
import json
import logging
import os
import socket
import stat
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.ui.controllers import Make
from tracker.diagnostics import Diagnosis
from ui import diagnostics, support_bundle
from ui.log_file import FOLDER, LARGEST, NAME, open_log_file
from ui.settings.policy.policy import Policy
from ui.settings.settings import (
    AUTHORITY,
    CONTRACT_RULES,
    MARKETPLACE,
    MASKED_APPLICATIONS,
    NETWORK,
    PROXY,
    PROXY_USER,
    REMIND_AT,
    SETTINGS,
    SHORTCUT,
    TABLE,
    Settings,
    save,
)
from ui.support_bundle import (
    SupportReport,
    check_facts,
    collect,
    log_text,
    pending_facts,
    report_of,
    setting_facts,
)
from uploader.account.local_data import Unsent
from uploader.store.state_folder import StateFolder

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from ui.controller import AppController
    from ui.flows.settings.support import SupportFlow
    from ui.windows.support import SupportWindow

#: Each stands for something personal, in the place that its name describes.
PLANTED = (
    "zorbuser", "zorbhost", "zorbproxy", "zorbname", "zorbapp", "zorbarea", "zorbmemo", "zorbtitle",
    "zorbmarket", "zorbca", "zorbfolder", "zorbpolicy", "zorblog", "zorbunknown", "zorbcontract",
)  # fmt: skip
CTR = "zorbcontract" + "x" * 10


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A base folder in which everything that may be personal is planted."""
    home = tmp_path / "zorbuser"
    base = home / "zorbfolder"
    base.mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setattr(socket, "gethostname", lambda: "zorbhost")
    settings = Settings(unknown={"zorbunknown": "zorbunknown"})
    for row, value in (
        (NETWORK, "manual"),
        (PROXY, "http://zorbproxy.example:3128"),
        (PROXY_USER, "zorbname"),
        (AUTHORITY, "/home/zorbuser/zorbca.pem"),
        (MASKED_APPLICATIONS, ("zorbapp", "KeePassXC")),
        (MARKETPLACE, "https://zorbmarket.example"),
        (REMIND_AT, ("09:17",)),
        (SHORTCUT, "Ctrl+Alt+R"),
        (CONTRACT_RULES, {CTR: {MASKED_APPLICATIONS.name: ("zorbapp",)}}),
    ):
        settings = settings.changed(row, value)
    save(base / SETTINGS, settings)
    with StateFolder(base, "zorbmarket.example") as folder:
        pinned = {"aud": "zorbmarket.example", "url": "http://127.0.0.1:9/zorbmarket"}
        folder.write("marketplace.json", json.dumps(pinned).encode())
        folder.write("blobs/zorbtitle", b"zorbmemo")
        folder.write("segments/zorbcontract/0-1.sdjwt", b"zorbmemo zorbtitle")
        folder.write("journal/stretch.1", b"zorbmemo")
    handler = open_log_file(base)
    handler.handle(logging.LogRecord("ui.app", 30, "x", 1, "memo %s of %s", ("zorbmemo", 7), None))
    handler.close()
    with (base / FOLDER / NAME).open("ab") as file:
        file.write(b"zorblog, not JSON\n")
        file.write(b'{"at": "x", "level": "INFO", "from": "ui.app", "zorblog": "zorblog"}\n')
        file.write(b'{"at": "zorb log", "level": "INFO", "from": "ui.app"}\n')
    older = {
        "at": "2026-11-17T15:14:08.000+00:00",
        "level": "WARNING",
        "from": "ui.app",
        "event": "it failed: %s",
        "values": ["zorblog", "Problem.OFFLINE", 3, None, True, {"zorblog": 1}],
        "error": {
            "type": "OSError",
            "frames": ["ui/app.py:12 run", "/home/zorbuser/x.py:1 zorblog"],
            "errno": 13,
            "text": "zorblog",
        },
    }
    (base / FOLDER / f"{NAME}.1").write_text(json.dumps(older) + "\n")
    return base


def entries(report: SupportReport) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(report.data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_nothing_personal_is_in_the_report(base: Path) -> None:
    report = collect(base)
    found = entries(report)
    assert list(found) == [
        "about.json",
        "checks.json",
        "settings.json",
        "pending.json",
        "logs/workdiary.log",
        "logs/workdiary.log.1",
    ]
    assert found == {file.name: file.text for file in report.files}, (
        "the saved files are those that were shown"
    )
    whole = "".join((*found, *found.values())).lower()
    assert [word for word in PLANTED if word in whole] == []
    assert str(Path.home()) not in whole
    assert "ctrl+alt" not in whole
    assert '"09:17"' not in whole
    with zipfile.ZipFile(io.BytesIO(report.data)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(2000, 1, 1, 0, 0, 0)}


def test_the_report_has_what_support_needs(base: Path) -> None:
    found = entries(collect(base))
    about = json.loads(found["about.json"])
    assert {"schema", "workdiary", "python", "qt", "system", "machine"} <= set(about)
    checks = {one["check"]: one for one in json.loads(found["checks.json"])}
    assert checks["marketplace"]["state"] == "attention"
    assert checks["marketplace"]["facts"] == {"problem": "ca_unusable"}
    assert set(checks["folder"]["facts"]) <= {"free"}
    settings = json.loads(found["settings.json"])
    assert set(settings["values"]) == {row.name for row in TABLE}
    assert settings["values"]["network"] == "manual"
    assert settings["values"]["proxy_user"] == settings["values"]["proxy"] == "set"
    assert settings["values"]["masked_applications"] == {"number": 2}
    assert settings["unknown"] == 1
    [pending] = json.loads(found["pending.json"])
    assert (pending["segments"], pending["unsealed"]) == (1, 1)
    assert "seconds" not in pending
    log = [json.loads(line) for line in found["logs/workdiary.log"].splitlines()]
    assert log[0]["event"] == "memo %s of %s"
    assert log[0]["values"] == ["-", 7]
    assert log[-1] == {"left_out": 2}
    [older] = [json.loads(line) for line in found["logs/workdiary.log.1"].splitlines()]
    assert older["values"] == ["-", "Problem.OFFLINE", 3, None, True, "-"]
    assert older["error"] == {"type": "OSError", "frames": ["ui/app.py:12 run"], "errno": 13}


def test_a_policy_is_shown_without_its_texts() -> None:
    policy = Policy({PROXY.name: "http://zorbproxy:1"}, "zorbpolicy", "/zorbpolicy")
    facts = setting_facts(Settings(policy=policy))
    assert facts["policy"] == {
        "unreadable": False,
        "problems": [],
        "enforced": {"proxy": "set"},
        "defaults": {},
    }
    assert "zorb" not in json.dumps(facts)


def test_a_checks_free_texts_are_left_out() -> None:
    finding = Diagnosis(
        "pictures", "attention", "failed", "zorb backend", ("zorbhost",), {"detail": "zorbuser"}
    )
    [facts] = check_facts([finding])
    assert facts == {
        "check": "pictures",
        "state": "attention",
        "code": "failed",
        "way": "-",
        "facts": {},
    }


def test_a_part_that_fails_leaves_the_others(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("zorbuser")

    monkeypatch.setattr(diagnostics, "examine", fails)
    found = entries(collect(base))
    assert json.loads(found["checks.json"]) == {"failed": "RuntimeError"}
    assert json.loads(found["settings.json"])["values"]["network"] == "manual"


def test_without_folder_and_log_there_is_a_report(tmp_path: Path) -> None:
    found = entries(collect(tmp_path / "none"))
    assert json.loads(found["pending.json"]) == []
    assert "logs/workdiary.log" not in found


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\xff\xfe",
        b"[1]",
        b"null",
        b"[" * 100_000,
        b'{"at": 1, "level": "INFO", "from": "x"}',
        b'{"at": "a", "level": "INFO", "from": "a b"}',
        b'{"at": "a", "level": "INFO"}',
    ],
)
def test_a_damaged_line_of_the_log_is_counted(line: bytes) -> None:
    assert log_text(line + b"\n") == '{"left_out": 1}\n'


def test_a_huge_log_is_bounded(tmp_path: Path) -> None:
    line = b'{"at": "a", "level": "INFO", "from": "ui"}\n'
    (tmp_path / NAME).write_bytes(line * (3 * LARGEST // len(line)))
    [file] = support_bundle.log_files(tmp_path)
    assert len(file.text) <= 2 * LARGEST


def test_what_waits_is_counted_without_the_time() -> None:
    assert pending_facts([Unsent(3, 2, 1000, 1, 7200, 1)]) == [
        {"segments": 3, "changes": 2, "size": 1000, "refused": 1, "unsealed": 1}
    ]
    assert pending_facts([]) == []


# The window


def shown(make: Make, qtbot: QtBot) -> tuple[AppController, SupportFlow, SupportWindow]:
    program = make()
    program.settings.show()
    page, flow = program.windows.settings, program.settings._support
    assert page is not None
    assert flow is not None
    page.list.setCurrentRow(len(page.sections) - 1)
    page.computer.report_button.click()
    window = flow.window
    assert window is not None
    return program, flow, window


@pytest.fixture
def report(monkeypatch: pytest.MonkeyPatch) -> SupportReport:
    files = [support_bundle.ReportFile(f"{n}.json", f"{{{n}}}\n") for n in range(3)]
    made = report_of(files)
    monkeypatch.setattr(support_bundle, "collect", lambda _: made)
    return made


def test_each_file_is_shown_before_it_is_saved(
    make: Make, qtbot: QtBot, report: SupportReport, tmp_path: Path
) -> None:
    _, flow, window = shown(make, qtbot)
    assert not window.save_button.isEnabled()
    qtbot.waitUntil(window.save_button.isEnabled)
    assert [window.list.item(row).text() for row in range(3)] == ["0.json", "1.json", "2.json"]
    for row in range(3):
        window.list.setCurrentRow(row)
        assert window.text.toPlainText() == report.files[row].text
    assert window.text.isReadOnly()
    assert window.summary.accessibleName().startswith("3 files, ")
    window.save_button.click()
    assert flow.dialog is not None
    flow.dialog.fileSelected.emit(str(tmp_path / "report.zip"))
    flow.dialog.reject()
    qtbot.waitUntil(lambda: window.summary.accessibleName().startswith("Saved: "))
    file = tmp_path / "report.zip"
    assert file.read_bytes() == report.data
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_place_that_cannot_be_written_is_reported_and_another_is_possible(
    make: Make, qtbot: QtBot, report: SupportReport, tmp_path: Path
) -> None:
    _, flow, window = shown(make, qtbot)
    qtbot.waitUntil(window.save_button.isEnabled)
    flow.save(str(tmp_path / "none" / "report.zip"))
    text = window.summary.accessibleName
    qtbot.waitUntil(lambda: text().startswith(f"Not saved: {os.strerror(errno.ENOENT)}."))
    flow.save(str(tmp_path / "report.zip"))
    qtbot.waitUntil(lambda: text().startswith("Saved: "))
    assert sorted(path.name for path in tmp_path.glob("*.zip")) == ["report.zip"]


@pytest.mark.expected_logs("the report for support failed")
def test_a_report_that_cannot_be_collected_is_tried_again(
    make: Make, qtbot: QtBot, report: SupportReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: Path) -> SupportReport:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(support_bundle, "collect", fails)
        _, flow, window = shown(make, qtbot)
        text = window.summary.accessibleName
        qtbot.waitUntil(lambda: text() == "The report could not be collected.")
    assert not window.save_button.isEnabled()
    flow.show()
    qtbot.waitUntil(window.save_button.isEnabled)
