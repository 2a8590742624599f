"""The .run archive: installation, start and removal by an ordinary user."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from installers.project import DIST, current_release
from tests.desktop_fixtures.desktop import Desktop
from tests.desktop_fixtures.waiting import wait_for

#: The user `nobody` of Debian.
USER = 65534
pytestmark = pytest.mark.skipif(os.getuid() != 0, reason="needs root, to act as another user")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the user can read. Not `tmp_path`: each start of pytest makes the folder above
    it private.
    """
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture
def home(folder: Path) -> Path:
    made = folder / "home"
    made.mkdir()
    os.chown(made, USER, USER)
    return made


def as_user(home: Path, argv: list[str], env: dict[str, str] | None = None, text: str = "") -> str:
    """Run a command as the user; returns its output. It must succeed."""
    own = {"HOME": str(home), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", **(env or {})}
    user = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups"]
    done = subprocess.run(
        [*user, *argv],
        env=own,
        input=text,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        cwd=home,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture
def archive(folder: Path) -> Path:
    (built,) = DIST.glob("*.run")
    copy = folder / "workdiary.run"
    shutil.copy(built, copy)
    return copy


def files(home: Path) -> set[str]:
    return {str(path.relative_to(home)) for path in home.rglob("*") if not path.is_dir()}


def install(home: Path, archive: Path) -> Path:
    output = as_user(home, ["sh", str(archive), "--quiet", "--", "--quiet"])
    assert output == ""
    return home / ".local" / "bin" / "workdiary"


def test_the_archive_verifies_itself(archive: Path, home: Path) -> None:
    as_user(home, ["sh", str(archive), "--check"])
    data = bytearray(archive.read_bytes())
    data[len(data) // 2] ^= 1
    changed = archive.with_name("changed.run")
    changed.write_bytes(data)
    done = subprocess.run(["sh", str(changed), "--check"], capture_output=True, check=False)
    assert done.returncode != 0


@pytest.mark.parametrize("answer", ["--keep-data", "--delete-data", "n", "y"])
def test_an_ordinary_user_installs_starts_and_removes_it(
    home: Path, archive: Path, answer: str
) -> None:
    program = install(home, archive)
    report = json.loads(as_user(home, [str(program), "--selftest"]))
    assert report["ok"], report
    entry = (home / ".local/share/applications/workdiary.desktop").read_text()
    assert f'Exec="{home}/.local/lib/workdiary/current/workdiary"' in entry
    data = home / ".local/state/workdiary/market/segment"
    data.parent.mkdir(parents=True)
    data.write_text("unpaid work")
    for each in (data, *data.parents):
        if each.is_relative_to(home):
            os.chown(each, USER, USER)
    script = [str(home / ".local/lib/workdiary/uninstall.sh")]
    if answer.startswith("--"):
        as_user(home, [*script, answer])
    else:
        assert "Delete the diary on this computer too?" in as_user(home, script, text=f"{answer}\n")
    kept = answer in {"--keep-data", "n"}
    left = {".local/state/workdiary/market/segment", ".local/state/workdiary/lock"}
    assert files(home) == (left if kept else set())


def test_a_second_installation_replaces_the_first(home: Path, archive: Path) -> None:
    program = install(home, archive)
    root = home / ".local/lib/workdiary"
    left_over = root / (root / "current").readlink() / "left-over"
    left_over.touch()
    os.chown(left_over, USER, USER)
    install(home, archive)
    assert not left_over.exists()
    assert [path.name for path in (root / "versions").iterdir()] == [str(current_release().version)]
    assert as_user(home, [str(program), "--version"]).startswith("workdiary ")


def test_it_runs_on_a_desktop_and_its_uninstaller_ends_it(home: Path, archive: Path) -> None:
    program = install(home, archive)
    with Desktop() as desktop:
        env = {
            **{k: v for k, v in desktop.env.items() if k in {"DISPLAY", "QT_QPA_PLATFORM"}},
            "HOME": str(home),
            "PATH": "/usr/bin:/bin",
            "LANG": "C.UTF-8",
            # Else libdbus starts a bus of its own.
            "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent/bus",
        }
        user = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups", "env", "-i"]
        variables = [f"{name}={value}" for name, value in env.items()]
        process = desktop.popen([*user, *variables, str(program)], log="portable")
        desktop.wait_window("Set up Workdiary")
        as_user(home, [str(home / ".local/lib/workdiary/uninstall.sh"), "--delete-data"])
        wait_for(lambda: process.poll() is not None, what="the end of the program")
        assert process.returncode == 0
    assert files(home) == set()
