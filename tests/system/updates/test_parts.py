"""Names of releases, pointers, the launcher, the schedule and the reasons for no updates."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from system.updates import launcher
from system.updates.install import Installation, find_installation, package_manager
from system.updates.pointer import FilePointer, LinkPointer, pointer_of
from system.updates.release import is_newer, parse_version, platform_name, target_name
from system.updates.schedule import DAY_S, FIRST_S, JITTER, seconds_to_next
from system.updates.selftest import clean_environment
from system.updates.source import Disabled, UpdateSource, read_source, usable_installation
from tests.system.updates.simulated_repository import PROGRAM, make_installation


@pytest.mark.parametrize("text", ["1.0", "1.0.0rc1", "0.1.0.dev0", "2026.11.30", "1.0.post1"])
def test_canonical_versions(text: str) -> None:
    assert str(parse_version(text)) == text


@pytest.mark.parametrize(
    "text",
    ["", "1.0-1", "v1.0", "1.0.", "..", "1/2", "1.0+local", "1!2.0", "1.0RC1", "1" * 41, None, 1],
)
def test_other_texts_are_no_versions(text: object) -> None:
    assert parse_version(text) is None


def test_versions_are_compared_by_their_rules() -> None:
    assert is_newer("1.10.0", "1.9.0")
    assert is_newer("1.0.0", "1.0.0rc2")
    assert not is_newer("1.0.0", "1.0")
    assert not is_newer("latest", "1.0")
    assert not is_newer("1.0", "latest")


def test_names_of_platforms_and_targets() -> None:
    assert platform_name("linux", "x86_64") == "linux-x86_64"
    assert platform_name("win32", "AMD64") == "windows-x86_64"
    assert platform_name("darwin", "arm64") == "macos-arm64"
    assert platform_name("linux", "aarch64") == "linux-arm64"
    assert target_name("stable", "linux-x86_64") == "stable/linux-x86_64/workdiary.tar.xz"


@pytest.mark.parametrize("kind", [LinkPointer, FilePointer])
def test_a_pointer_names_one_version(tmp_path: Path, kind: type[LinkPointer | FilePointer]) -> None:
    pointer = kind(tmp_path)
    assert pointer.read() == ""
    for version in ("1.0.0", "1.1.0"):
        pointer.switch(version)
        assert pointer.read() == version
    assert len([*tmp_path.iterdir()]) == 1


def test_a_pointer_without_a_version_counts_as_none(tmp_path: Path) -> None:
    (tmp_path / "current").symlink_to("/etc")
    assert LinkPointer(tmp_path).read() == ""
    (tmp_path / "current.txt").write_bytes(b"\xff../../x")
    assert FilePointer(tmp_path).read() == ""


def test_a_failed_switch_leaves_the_pointer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pointer = LinkPointer(tmp_path)
    pointer.switch("1.0.0")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="space"):
        pointer.switch("1.1.0")
    assert pointer.read() == "1.0.0"
    assert [path.name for path in tmp_path.iterdir()] == ["current"]


def test_windows_has_a_file_as_pointer(tmp_path: Path) -> None:
    assert isinstance(pointer_of(tmp_path, "win32"), FilePointer)
    assert isinstance(pointer_of(tmp_path, "darwin"), LinkPointer)


# The launcher of Windows


@pytest.fixture
def launched(tmp_path: Path) -> Path:
    """A root with two versions, each a program that prints its version and arguments."""
    for version in ("1.9.0", "1.10.0"):
        make_installation(tmp_path, version)
    (tmp_path / "workdiary").write_text(PROGRAM)
    return tmp_path


@pytest.mark.parametrize(
    ("pointer", "version"),
    [("1.9.0", "1.9.0"), ("1.10.0", "1.10.0"), ("2.0.0", "1.10.0"), ("", "1.10.0")],
)
def test_the_launcher_starts_the_version_of_the_pointer_else_the_newest(
    launched: Path, capfd: pytest.CaptureFixture[str], pointer: str, version: str
) -> None:
    if pointer:
        FilePointer(launched).switch(pointer)
    assert launcher.main(str(launched / "workdiary"), ["--a b"]) == 0
    assert capfd.readouterr().out == f"{version} --a b\n"


def test_the_launcher_passes_the_exit_status_on(launched: Path) -> None:
    program = launched / "versions" / "1.10.0" / "workdiary"
    program.write_text("#!/bin/sh\nexit 7\n")
    assert launcher.main(str(launched / "workdiary"), []) == 7


def test_a_launcher_without_versions_fails(tmp_path: Path) -> None:
    assert launcher.main(str(tmp_path / "workdiary"), []) == launcher.FAILED


def test_the_launcher_imports_no_library_but_packaging() -> None:
    code = (
        "import sys; before = {*sys.modules}\n"
        "from system.updates import launcher; launcher.find_program(launcher.Path('/'), 'x')\n"
        "from system.updates.release import parse_version; parse_version('1.0')\n"
        "tops = {name.partition('.')[0] for name in {*sys.modules} - before}\n"
        "sys.exit(' '.join(tops - sys.stdlib_module_names - {'system', 'packaging'}) or 0)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_start_does_not_import_tuf() -> None:
    modules = "system.updates.trial, system.updates.source"
    large = "{'tuf', 'requests', 'cryptography', 'backports.tarfile', 'tarfile'}"
    code = f"import sys, {modules}; sys.exit(' '.join({large} & {{*sys.modules}}) or 0)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_another_packaged_program_gets_the_environment_without_pyinstallers_variables() -> None:
    packaged = {"_PYI_ARCHIVE_FILE": "x", "LD_LIBRARY_PATH": "internal", "HOME": "h"}
    reset = {"HOME": "h", "PYINSTALLER_RESET_ENVIRONMENT": "1"}
    assert clean_environment(packaged) == reset
    before = {**packaged, "LD_LIBRARY_PATH_ORIG": "own"}
    assert clean_environment(before) == {**reset, "LD_LIBRARY_PATH": "own"}
    assert clean_environment({"LD_LIBRARY_PATH": "own"})["LD_LIBRARY_PATH"] == "own"


# The schedule


def test_checks_are_a_day_apart_and_spread() -> None:
    now = 1_800_000_000.0
    assert seconds_to_next(0, now, 0.5) == FIRST_S * 1.5
    assert seconds_to_next(int(now), now, 0.5) == DAY_S
    assert seconds_to_next(int(now), now, 0.0) == pytest.approx(DAY_S * (1 - JITTER))
    assert seconds_to_next(int(now), now, 1.0) == pytest.approx(DAY_S * (1 + JITTER))
    # Overdue, and a clock that was set back.
    assert seconds_to_next(int(now) - 10 * DAY_S, now, 0.0) == FIRST_S
    assert seconds_to_next(int(now) + DAY_S, now, 0.0) == FIRST_S


# Reasons for no updates


def usable(executable: Path, channel: str = "stable", *, source: bool = True) -> object:
    return usable_installation(channel, has_source=source, executable=str(executable), frozen=True)


def test_a_program_in_the_layout_updates_itself(tmp_path: Path) -> None:
    made = make_installation(tmp_path)
    program = made.program_of("1.0.0")
    assert usable(program) == made
    assert usable(program, "preview") == made
    # As started through the pointer.
    assert usable(tmp_path / "current" / "workdiary") == made
    inner = made.folder_of("1.0.0") / "W.app" / "MacOS" / "W"
    assert find_installation(inner) == replace(made, program=Path("W.app/MacOS/W"))


def test_each_reason_for_no_updates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = make_installation(tmp_path)
    program = made.program_of("1.0.0")
    assert usable_installation("stable", has_source=True) is Disabled.FROM_SOURCE
    assert usable(program, "off") is Disabled.SWITCHED_OFF
    assert usable(program, source=False) is Disabled.NO_SOURCE
    assert usable(tmp_path / "workdiary") is Disabled.OTHER_LAYOUT
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert usable(program) is Disabled.READ_ONLY
    (program.parent / "install-source").write_text("deb\n")
    assert usable(program) is Disabled.PACKAGE_MANAGER
    assert all(reason.sentence for reason in Disabled)


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"deb\n", "deb"), (b"", "unknown"), (b"\xff" * 99, "unknown"), (b"a b", "unknown")],
)
def test_a_marker_of_a_package_manager_counts_whatever_it_contains(
    tmp_path: Path, content: bytes, name: str
) -> None:
    assert package_manager(tmp_path / "workdiary") == ""
    (tmp_path / "install-source").write_bytes(content)
    assert package_manager(tmp_path / "workdiary") == name


def test_the_source_tree_has_no_update_server(tmp_path: Path) -> None:
    from importlib.resources import files

    assert read_source(files("assets").joinpath("updates")) is None
    (tmp_path / "root.json").write_bytes(b"{}")
    (tmp_path / "source.json").write_text('{"metadata": "https://a/", "targets": "https://b/"}')
    assert read_source(tmp_path) == UpdateSource("https://a/", "https://b/", b"{}")
    for damaged in ("", "[]", "null", '{"metadata": "https://a/"}'):
        (tmp_path / "source.json").write_text(damaged)
        assert read_source(tmp_path) is None


def test_a_copy_of_the_update_server_keeps_the_root() -> None:
    made = UpdateSource("https://a/m/", "https://a/t/", b"{}")
    assert made.at("") == made
    for address in ("https://b/x", "https://b/x/"):
        assert made.at(address) == UpdateSource(
            "https://b/x/metadata/", "https://b/x/targets/", b"{}"
        )


def test_an_installation_has_no_other_files_than_its_own(tmp_path: Path) -> None:
    made = Installation(tmp_path, "1.0.0", Path("workdiary"))
    assert made.versions() == []
    (tmp_path / "versions").mkdir()
    (tmp_path / "versions" / "notes").mkdir()
    (tmp_path / "versions" / "1.0.0").write_text("a file")
    assert made.versions() == []
