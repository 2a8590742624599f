"""The restart after an upgrade of the package, and the recording that continues after it."""

from __future__ import annotations

import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pytestqt.qtbot import QtBot

from tests.desktop_fixtures.waiting import wait_for
from tests.ui.controllers import Make, calls, report
from tests.ui.scenes import ACME, HARBOUR, MEMOS, RECORDING
from tests.ui.test_app import ROOT, line, start
from ui.restart import ResumeAfterRestart, restart_command

if TYPE_CHECKING:
    from tests.desktop_fixtures.desktop import Desktop


@pytest.mark.parametrize(
    ("frozen", "arguments", "resume", "command"),
    [
        (False, [], False, [sys.executable, "-m", "ui.cli.main", "run"]),
        (False, ["run", "--resume"], False, [sys.executable, "-m", "ui.cli.main", "run"]),
        (True, [], True, [sys.executable, "run", "--resume"]),
        (
            True,
            ["run", "--base-dir", "/b", "--resume"],
            True,
            [sys.executable, "run", "--base-dir", "/b", "--resume"],
        ),
    ],
)
def test_the_command_line_is_kept(
    monkeypatch: pytest.MonkeyPatch,
    frozen: bool,
    arguments: list[str],
    resume: bool,
    command: list[str],
) -> None:
    monkeypatch.setattr(sys, "frozen", frozen, raising=False)
    assert restart_command(arguments, resume=resume) == command


def test_the_process_waits_for_the_package_and_then_runs_the_new_program(tmp_path: Path) -> None:
    marker = tmp_path / "upgrading"
    marker.touch()
    script = (
        "import sys; from pathlib import Path; from ui.restart import restart_when_replaced\n"
        "print('sealed', flush=True)\n"
        "restart_when_replaced(['/bin/echo', 'new', 'version'], Path(sys.argv[1]))\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(marker)], cwd=ROOT, stdout=subprocess.PIPE
    )
    assert line(process) == "sealed"
    program = Path(f"/proc/{process.pid}/exe")
    wait_for(lambda: program.resolve() != Path(sys.executable).resolve(), what="the shell")
    assert process.poll() is None
    marker.unlink()
    assert process.communicate(timeout=20)[0] == b"new version\n"
    assert process.returncode == 0


def test_the_signal_of_the_package_restarts_the_program(
    clean_desktop: Desktop, tmp_path: Path
) -> None:
    process = start(clean_desktop, tmp_path)
    assert line(process) == "ready"
    process.send_signal(signal.SIGUSR1)
    assert line(process) == "ready"
    clean_desktop.wait_window("Workdiary")
    assert b"--resume" not in Path(f"/proc/{process.pid}/cmdline").read_bytes().split(b"\0")
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0


def test_the_recording_continues_once_with_the_contract_and_memo_of_last_time(make: Make) -> None:
    program = make()
    ResumeAfterRestart(program)
    program.refresh()
    program.session.changed.emit()
    assert calls(program) == [["start", ACME.ctr, MEMOS[0]]]
    program.session.changed.emit()
    assert len(calls(program)) == 1


def test_it_waits_for_the_contracts(make: Make) -> None:
    program = make()
    known = program.state.contracts
    program.state = replace(program.state, contracts=(), memo="")
    ResumeAfterRestart(program)
    program.session.changed.emit()
    assert calls(program) == []
    program.state = replace(program.state, contracts=known, memo="Mine")
    program.session.changed.emit()
    assert calls(program) == [["start", ACME.ctr, "Mine"]]


def test_a_command_of_the_user_comes_first(make: Make) -> None:
    program = make()
    memo = program.state.memo
    program.state = replace(program.state, memo="")
    ResumeAfterRestart(program)
    program.tray.contract_chosen.emit(HARBOUR.ctr)
    program.state = replace(program.state, memo=memo)
    program.session.changed.emit()
    assert calls(program) == []


def test_a_recording_that_runs_already_is_left_alone(make: Make) -> None:
    program = make()
    program.state = replace(program.state, memo="")
    ResumeAfterRestart(program)
    report(program, RECORDING)
    before = calls(program)
    program.state = replace(program.state, memo="Mine")
    program.session.changed.emit()
    assert calls(program) == before


def test_it_gives_up_after_the_time_limit(
    make: Make, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.restart._GIVE_UP_MS", 0)
    program = make()
    memo = program.state.memo
    program.state = replace(program.state, memo="")
    resume = ResumeAfterRestart(program)
    qtbot.waitUntil(lambda: not resume.pending)
    program.state = replace(program.state, memo=memo)
    program.session.changed.emit()
    assert calls(program) == []
