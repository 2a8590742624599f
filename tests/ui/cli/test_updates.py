"""`workdiary update`, and the start of a prepared version."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from system.files import private_dir
from system.locks import lock_file
from system.updates.errors import UpdateProblem
from system.updates.install import Installation
from system.updates.source import Disabled
from system.updates.state import UpdateState, read_state, write_state
from tests.repository.tree import ROOT
from tests.system.updates.simulated_repository import make_installation
from ui.cli import updates
from ui.cli.main import main
from ui.cli.updates import prepared_program, report, start_program
from ui.client.updates import UpdateResult
from ui.settings.settings import SETTINGS, UPDATE_CHANNEL, Settings, save
from ui.single_instance import LOCK


@pytest.mark.parametrize(
    ("result", "apply", "status", "text"),
    [
        (UpdateResult("up_to_date"), False, 0, "Workdiary is up to date."),
        (UpdateResult("available", "1.1.0"), False, 10, "Workdiary 1.1.0 is available."),
        (UpdateResult("ready", "1.1.0"), False, 0, "1.1.0 is ready"),
        (UpdateResult("ready", "1.1.0"), True, 0, "1.1.0 is ready"),
        (UpdateResult(disabled="package_manager"), False, 0, "A package manager"),
        (UpdateResult(disabled="switched_off"), True, 1, "switched off"),
        (UpdateResult(problem="expired", detail="x\x1b[1m"), True, 1, "has expired"),
    ],
)
def test_each_result_has_a_sentence_and_a_status(
    result: UpdateResult,
    apply: bool,
    status: int,
    text: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert report(result, apply=apply) == status
    printed = capsys.readouterr()
    assert text in printed.out + printed.err
    assert "\x1b" not in printed.err
    assert ("The installed version is unchanged." in printed.err) == bool(result.problem)


@pytest.mark.parametrize("code", UpdateProblem)
def test_every_problem_can_be_printed(
    code: UpdateProblem, capsys: pytest.CaptureFixture[str]
) -> None:
    assert report(UpdateResult(problem=code.value), apply=False) == 1
    assert code.sentence in capsys.readouterr().err


def test_the_command_runs_from_the_source(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = ["--base-dir", str(tmp_path)]
    assert main(["update", "--check", *base]) == 0
    assert main(["update", "--apply", *base]) == 1
    assert capsys.readouterr().out.count(Disabled.FROM_SOURCE.sentence) == 2
    with pytest.raises(SystemExit) as caught:
        main(["update", *base])
    assert caught.value.code == 2


# The start


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    """This process as the packaged program of version 1.0.0, with a prepared version 1.1.0."""
    make_installation(tmp_path / "root", "1.1.0")
    made = make_installation(tmp_path / "root", "1.0.0")
    write_state(made.updates, UpdateState(ready="1.1.0"))
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(made.program_of("1.0.0")))
    monkeypatch.setattr(updates, "read_source", lambda _: object())
    return made


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return private_dir(tmp_path / "base")


def test_a_start_runs_the_prepared_version(installed: Installation, base: Path) -> None:
    assert prepared_program(base) == installed.program_of("1.1.0")
    assert read_state(installed.updates).trials == 1


def test_a_second_start_beside_the_running_program_is_no_trial(
    installed: Installation, base: Path
) -> None:
    with lock_file(base / LOCK):
        assert prepared_program(base) is None
    assert read_state(installed.updates).trials == 0
    assert prepared_program(base.with_name("not there yet")) is not None


@pytest.mark.parametrize("reason", ["off", "package", "source"])
def test_no_trial_where_updates_are_switched_off(
    installed: Installation, base: Path, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if reason == "off":
        save(base / SETTINGS, Settings().changed(UPDATE_CHANNEL, "off"))
    elif reason == "package":
        (installed.folder_of("1.0.0") / "install-source").write_text("deb")
    else:
        monkeypatch.setattr(sys, "frozen", False)
    assert prepared_program(base) is None
    assert read_state(installed.updates).trials == 0


def test_the_new_version_does_not_start_itself_again(
    installed: Installation, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(installed.program_of("1.1.0")))
    assert prepared_program(base) is None
    assert read_state(installed.updates).ready == "1.1.0"


def test_the_new_version_gets_the_arguments_and_the_process(installed: Installation) -> None:
    program = installed.program_of("1.1.0")
    code = (
        "import sys; from pathlib import Path; from ui.cli.updates import start_program;"
        f"start_program(Path({str(program)!r}), sys.argv[1:])"
    )
    process = subprocess.Popen(
        [sys.base_prefix + "/bin/python3", "-c", code, "run", "--debug"],
        cwd=ROOT,
        env={"PYTHONPATH": ":".join(sys.path)},
        stdout=subprocess.PIPE,
    )
    assert process.communicate()[0] == b"1.1.0 run --debug\n"
    assert process.returncode == 0


def test_a_program_that_cannot_be_run_lets_the_start_continue(installed: Installation) -> None:
    program = installed.program_of("1.1.0")
    program.chmod(0o600)
    assert start_program(program, []) is None
    program.unlink()
    assert start_program(program, []) is None


def test_the_program_continues_after_a_version_that_cannot_be_run(
    installed: Installation, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ui import app

    installed.program_of("1.1.0").chmod(0o600)
    monkeypatch.setattr(app, "run", lambda *_, **__: 0)
    assert main(["run", "--base-dir", str(base)]) == 0
    assert read_state(installed.updates).trials == 1


def test_after_the_restart_the_new_version_runs(
    installed: Installation, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The program ends with RESTART; a version that became ready meanwhile is started."""
    from ui import app

    write_state(installed.updates, UpdateState())
    started: list[list[str]] = []

    def run(*_: object, **__: object) -> int:
        write_state(installed.updates, UpdateState(ready="1.1.0"))
        return app.RESTART

    def start(program: Path, arguments: list[str]) -> int:
        started.append([str(program), *arguments])
        return 0

    monkeypatch.setattr(app, "run", run)
    monkeypatch.setattr(updates, "start_program", start)
    site = ["--marketplace", "https://market.example"]
    assert main(["run", "--base-dir", str(base), *site]) == 0
    program = str(installed.program_of("1.1.0"))
    assert started == [[program, "run", "--base-dir", str(base), *site]]
