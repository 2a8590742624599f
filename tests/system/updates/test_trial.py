"""A new version is tried, then confirmed or removed."""

from __future__ import annotations

import errno
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from system.files import private_dir
from system.locks import lock_file
from system.updates import install as install_module
from system.updates.errors import UpdateError, UpdateProblem
from system.updates.install import ARCHIVE, Installation, install
from system.updates.run import RESERVE, Clocks, Update, run_update
from system.updates.selftest import run_selftest
from system.updates.state import UpdateState, read_state, write_state
from system.updates.trial import (
    LOCK,
    TRIALS,
    confirm_start,
    current_state,
    program_to_start,
    take_reverted,
)
from tests.system.updates.simulated_repository import (
    PROGRAM,
    SimulatedRepository,
    make_installation,
    release_archive,
)


@pytest.fixture
def repository(tmp_path: Path) -> SimulatedRepository:
    made = SimulatedRepository(tmp_path / "repository")
    made.publish("1.1.0")
    return made


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    return make_installation(tmp_path / "root")


def prepare(installation: Installation, repository: SimulatedRepository) -> Update:
    clocks = Clocks(lambda: 5.0, lambda: 0.0)
    return run_update(
        installation, repository.source, "stable", "prepare", repository.fetch, clocks
    )


def test_the_pointer_moves_only_after_the_new_version_has_confirmed_its_start(
    installation: Installation, repository: SimulatedRepository
) -> None:
    assert prepare(installation, repository) == Update("ready", "1.1.0")
    assert installation.pointer.read() == "1.0.0"
    assert program_to_start(installation) == installation.program_of("1.1.0")
    assert installation.pointer.read() == "1.0.0"
    new = replace(installation, version="1.1.0")
    assert program_to_start(new) is None
    confirm_start(new)
    assert installation.pointer.read() == "1.1.0"
    assert read_state(installation.updates) == UpdateState(checked_s=5)
    # A later confirmation changes nothing.
    confirm_start(new)
    assert program_to_start(new) is None


def test_a_version_that_does_not_start_is_removed_and_not_tried_again(
    installation: Installation, repository: SimulatedRepository
) -> None:
    prepare(installation, repository)
    for _ in range(TRIALS):
        assert program_to_start(installation) == installation.program_of("1.1.0")
    assert program_to_start(installation) is None
    assert installation.versions() == ["1.0.0"]
    assert take_reverted(installation) == "1.1.0"
    assert take_reverted(installation) == ""
    assert prepare(installation, repository) == Update("up_to_date")
    repository.publish("1.1.1")
    assert prepare(installation, repository) == Update("ready", "1.1.1")
    assert program_to_start(installation) == installation.program_of("1.1.1")


def test_a_newer_release_replaces_a_prepared_one_with_its_own_trials(
    installation: Installation, repository: SimulatedRepository
) -> None:
    prepare(installation, repository)
    program_to_start(installation)
    assert prepare(installation, repository) == Update("ready", "1.1.0")
    assert read_state(installation.updates).trials == 1
    repository.publish("1.2.0")
    assert prepare(installation, repository) == Update("ready", "1.2.0")
    assert read_state(installation.updates).trials == 0


def test_a_confirmed_version_removes_all_earlier_ones_but_the_newest(
    installation: Installation, repository: SimulatedRepository
) -> None:
    for version in ("1.1.0", "1.2.0", "1.3.0"):
        if version != "1.1.0":
            repository.publish(version)
        prepare(installation, repository)
        assert program_to_start(installation) is not None
        installation = replace(installation, version=version)
        confirm_start(installation)
    assert installation.versions() == ["1.3.0", "1.2.0"]


def test_a_start_does_not_wait_for_a_running_check(
    installation: Installation, repository: SimulatedRepository
) -> None:
    prepare(installation, repository)
    with lock_file(installation.updates / LOCK):
        assert program_to_start(installation) is None
        with pytest.raises(UpdateError) as caught:
            prepare(installation, repository)
        assert caught.value.code is UpdateProblem.BUSY
        with pytest.raises(UpdateError):
            confirm_start(replace(installation, version="1.1.0"))
    assert program_to_start(installation) is not None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"garbage",
        b"[]",
        b'{"ready": "../../x", "trials": -1, "bad": ["x", 7]}',
        b'{"ready": 7, "trials": true, "bad": "1.0"}',
        b"[" * 10_000,
        b" " * 100_000,
    ],
)
def test_a_state_that_cannot_be_read_prepares_nothing(
    installation: Installation, data: bytes
) -> None:
    (private_dir(installation.updates) / "state.json").write_bytes(data)
    assert read_state(installation.updates) == UpdateState()
    assert program_to_start(installation) is None
    assert take_reverted(installation) == ""


@pytest.mark.parametrize("ready", ["1.1.0", "0.9.0"])
def test_a_prepared_version_that_is_gone_or_older_is_forgotten(
    installation: Installation, ready: str
) -> None:
    write_state(installation.updates, UpdateState(ready=ready))
    if ready == "0.9.0":
        older = installation.program_of(ready)
        older.parent.mkdir()
        older.write_text(PROGRAM)
    else:
        assert current_state(installation).ready == ""
    assert program_to_start(installation) is None
    assert read_state(installation.updates).ready == ""


def test_the_list_of_bad_versions_is_bounded() -> None:
    state = UpdateState()
    for number in range(200):
        state = state.with_bad(f"1.0.{number}")
    assert len(json.dumps(state.bad)) < 1000
    assert state.bad[-1] == state.reverted == "1.0.199"


FAILING = {
    "exit status": "exit 3",
    "no report": "exit 0",
    "report of a failure": 'printf \'{"ok": false, "version": "1.1.0"}\' > "$3"',
    "report of another version": 'printf \'{"ok": true, "version": "1.0.0"}\' > "$3"',
    "no JSON": 'echo garbage > "$3"',
    "a list": 'echo "[]" > "$3"',
    "crash": "kill -SEGV $$",
    "endless": "exec sleep 600",
    "no program": "",
}


@pytest.mark.parametrize("name", FAILING)
def test_a_version_that_fails_its_self_test_is_not_installed(
    tmp_path: Path, installation: Installation, name: str
) -> None:
    program = f"#!/bin/sh\n{FAILING[name]}\n" if FAILING[name] else "\x7fELF no program"
    archive = tmp_path / "archive"
    archive.write_bytes(release_archive("1.1.0", program))
    with pytest.raises(UpdateError) as caught:
        install(
            installation,
            archive,
            "1.1.0",
            lambda program, version, report: run_selftest(program, version, report, 0.5),
        )
    assert caught.value.code is UpdateProblem.SELFTEST_FAILED
    assert installation.versions() == ["1.0.0"]
    assert [*installation.updates.iterdir()] == []


def test_an_archive_without_the_program_is_refused(
    tmp_path: Path, installation: Installation
) -> None:
    archive = tmp_path / "archive"
    archive.write_bytes(release_archive("1.1.0"))
    other = replace(installation, program=Path("Workdiary.exe"))
    with pytest.raises(UpdateError) as caught:
        install(other, archive, "1.1.0", run_selftest)
    assert caught.value.code is UpdateProblem.ARCHIVE_REFUSED


def test_an_error_of_the_disk_leaves_no_unpacked_files(
    tmp_path: Path, installation: Installation
) -> None:
    archive = tmp_path / "archive"
    archive.write_bytes(release_archive("1.1.0"))

    def remove_versions(_program: Path, _version: str, _report: Path) -> None:
        shutil.rmtree(installation.root / "versions")  # so that the rename fails

    with pytest.raises(UpdateError) as caught:
        install(installation, archive, "1.1.0", remove_versions)
    assert caught.value.code is UpdateProblem.DISK
    assert [*installation.updates.iterdir()] == []


def test_the_running_version_is_never_replaced(tmp_path: Path, installation: Installation) -> None:
    archive = tmp_path / "archive"
    archive.write_bytes(release_archive("1.0.0"))
    before = installation.program_of("1.0.0").stat().st_ino
    with pytest.raises(UpdateError):
        install(installation, archive, "1.0.0", run_selftest)
    assert installation.program_of("1.0.0").stat().st_ino == before


def test_a_check_before_the_confirmation_does_not_undo_the_trial(
    installation: Installation, repository: SimulatedRepository
) -> None:
    prepare(installation, repository)
    assert program_to_start(installation) is not None
    new = replace(installation, version="1.1.0")
    assert prepare(new, repository) == Update("up_to_date")
    confirm_start(new)
    assert installation.pointer.read() == "1.1.0"


def test_an_update_leaves_room_on_the_disk(
    installation: Installation, repository: SimulatedRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(installation.root)._replace(free=RESERVE)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(UpdateError) as caught:
        prepare(installation, repository)
    assert caught.value.code is UpdateProblem.DISK
    assert not (installation.updates / ARCHIVE).exists()


def test_a_disk_that_fails_at_the_end_keeps_no_copy(
    installation: Installation, repository: SimulatedRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(install_module, "_place", full)
    with pytest.raises(UpdateError) as caught:
        prepare(installation, repository)
    assert caught.value.code is UpdateProblem.DISK
    assert list(installation.updates.glob("staging-*")) == []
    assert installation.versions() == ["1.0.0"]
