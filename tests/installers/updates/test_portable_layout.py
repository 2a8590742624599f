"""The portable installer's script creates the layout in which the program updates itself."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from system.updates.install import Installation, find_installation, package_manager
from system.updates.run import Clocks, Update, run_update
from system.updates.state import UpdateState, write_state
from system.updates.trial import confirm_start, program_to_start
from tests.repository.tree import ROOT
from tests.system.updates.simulated_repository import PROGRAM, SimulatedRepository

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the archive is for Linux")
FILES = ROOT / "installers" / "linux" / "files"


class Home:
    """The home folder of a user, with unpacked archives of the portable installer beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = folder / "home"
        self.home.mkdir()
        self.root = self.home / ".local" / "lib" / "workdiary"

    def unpacked(self, version: str, program: str = PROGRAM) -> Path:
        """The unpacked archive of a version."""
        here = self.folder / f"workdiary-{version}"
        (here / "workdiary").mkdir(parents=True)
        (here / "workdiary" / "workdiary").write_text(program)
        (here / "workdiary" / "workdiary").chmod(0o755)
        (here / "workdiary" / "version").write_text(version)
        (here / "version").write_text(f"{version}\n")
        (here / "THIRD_PARTY_LICENSES").write_text("licences")
        (here / "workdiary.svg").write_bytes((ROOT / "assets/icons/app.svg").read_bytes())
        for name in ("install.sh", "uninstall.sh", "workdiary.desktop"):
            (here / name).write_bytes((FILES / name).read_bytes())
        return here

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        environment = {"HOME": str(self.home), "PATH": os.environ["PATH"]}
        return subprocess.run(
            command, env=environment, capture_output=True, text=True, check=False, timeout=60
        )

    def install(self, version: str, program: str = PROGRAM) -> int:
        script = self.unpacked(version, program) / "install.sh"
        return self.run("sh", script, "--quiet").returncode

    def installation(self) -> Installation:
        """The installation that the started program finds."""
        found = find_installation(self.home / ".local" / "bin" / "workdiary")
        assert found is not None
        assert package_manager(found.program_of(found.version)) == ""
        return found

    def started(self) -> str:
        """The version that the menu starts."""
        entry = self.home / ".local" / "share" / "applications" / "workdiary.desktop"
        (line,) = [one for one in entry.read_text().splitlines() if one.startswith("Exec=")]
        return self.run(line.removeprefix("Exec=").strip('"')).stdout.strip()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def test_an_installed_program_updates_itself(home: Home, tmp_path: Path) -> None:
    assert home.install("1.0.0") == 0
    assert home.started() == "1.0.0"
    installation = home.installation()
    assert installation.root == home.root
    assert installation.pointer.read() == "1.0.0"
    repository = SimulatedRepository(tmp_path / "repository")
    repository.publish("1.1.0")
    clocks = Clocks(lambda: 0.0, lambda: 0.0)
    made = run_update(
        installation, repository.source, "stable", "prepare", repository.fetch, clocks
    )
    assert made == Update("ready", "1.1.0")
    assert program_to_start(installation) is not None
    confirm_start(Installation(home.root, "1.1.0", installation.program))
    # The menu and the login item name no version.
    assert home.started() == "1.1.0"
    assert home.installation().version == "1.1.0"
    assert home.run(installation.entry_point("linux")).stdout.strip() == "1.1.0"


def test_a_later_archive_replaces_the_version_and_a_prepared_update(home: Home) -> None:
    assert home.install("1.0.0") == 0
    write_state(home.root / "updates", UpdateState(ready="1.0.1"))
    assert home.install("1.2.0") == 0
    assert home.started() == "1.2.0"
    assert program_to_start(home.installation()) is None
    # The same again, as a repair.
    (home.root / "versions" / "1.2.0" / "version").unlink()
    assert home.run("sh", home.folder / "workdiary-1.2.0" / "install.sh").returncode == 0
    assert home.started() == "1.2.0"
    assert {path.name for path in home.root.iterdir()} == {
        *("current", "versions", "updates", "uninstall.sh"),
    }


def test_a_program_that_fails_its_self_test_is_not_installed(home: Home) -> None:
    assert home.install("1.0.0") == 0
    assert home.install("1.1.0", "#!/bin/sh\nexit 1\n") == 1
    assert home.started() == "1.0.0"


@pytest.mark.parametrize(("status", "goes_on"), [(0, True), (1, False), (127, True), (134, True)])
def test_only_a_program_that_still_runs_blocks_its_repair_and_removal(
    home: Home, status: int, goes_on: bool
) -> None:
    assert home.install("1.0.0") == 0
    (home.root / "versions" / "1.0.0" / "workdiary").write_text(f"#!/bin/sh\nexit {status}\n")
    done = home.run("sh", home.root / "uninstall.sh", "--keep-data")
    assert (done.returncode == 0) is goes_on
    assert home.root.exists() is not goes_on
    if goes_on:
        return
    assert home.install("1.1.0") == 1
    assert "still running" in done.stderr


def test_a_program_that_cannot_start_is_repaired(home: Home) -> None:
    assert home.install("1.0.0") == 0
    (home.root / "versions" / "1.0.0" / "workdiary").write_text("#!/bin/sh\nexit 127\n")
    assert home.install("1.1.0") == 0
    assert home.started() == "1.1.0"


def test_the_removal_leaves_nothing_but_the_diary(home: Home) -> None:
    assert home.install("1.0.0") == 0
    diary = home.home / ".local" / "state" / "workdiary"
    diary.mkdir(parents=True)
    assert home.run("sh", home.root / "uninstall.sh", "--keep-data").returncode == 0
    left = [path for path in home.home.rglob("*") if not path.is_dir() or path == diary]
    assert left == [diary]
    assert not home.root.exists()
    assert home.install("1.1.0") == 0
    assert home.run("sh", home.root / "uninstall.sh", "--delete-data").returncode == 0
    assert not diary.exists()


def test_an_installation_without_a_program_can_be_removed(home: Home) -> None:
    assert home.install("1.0.0") == 0
    (home.root / "current").unlink()
    assert home.run("sh", home.root / "uninstall.sh", "--keep-data").returncode == 0
    assert not home.root.exists()
