"""The packaged program, installed by the portable archive, updates itself and returns from a
version that does not start.
"""

from __future__ import annotations

import functools
import json
import subprocess
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from packaging.version import Version

from installers.project import BUILD, DIST, Release, current_release
from installers.updates.archive import pack
from system.updates.install import Installation, find_installation
from system.updates.release import platform_name
from system.updates.state import read_state
from tests.desktop_fixtures.desktop import Desktop
from tests.desktop_fixtures.waiting import wait_for
from tests.installers.other_version import retagged
from tests.system.updates.simulated_repository import SimulatedRepository

TREE = BUILD / "client" / "dist" / "workdiary"
#: Seconds for a start on a busy machine, with the time until it is confirmed.
START_S = 60.0


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder without a log."""

    def log_message(self, *_: Any) -> None:
        pass


class Computer:
    """An installation for one user with a repository of updates."""

    def __init__(self, folder: Path, desktop: Desktop, port: int) -> None:
        self.folder = folder
        self.desktop = desktop
        self.base = folder / "base"
        self.prefix = folder / "prefix"
        self.built = current_release()
        self.repository = SimulatedRepository(folder / "repository")
        self.address = f"http://127.0.0.1:{port}"
        archive = DIST / f"workdiary-{self.built.version}-x86_64.run"
        words = ["--quiet", "--", "--prefix", str(self.prefix), "--quiet"]
        subprocess.run(["sh", archive, *words], env=desktop.env, check=True, cwd=folder)
        self.program = self.prefix / "bin" / "workdiary"
        self.trust(self.installation.folder_of(str(self.built.version)))

    @property
    def installation(self) -> Installation:
        found = find_installation(self.program)
        assert found is not None
        return found

    def trust(self, version: Path) -> None:
        """Add the files of a release build: the root and the addresses."""
        folder = version / "_internal" / "assets" / "updates"
        folder.mkdir(parents=True)
        (folder / "root.json").write_bytes(self.repository.root)
        addresses = {name: f"{self.address}/{name}/" for name in ("metadata", "targets")}
        (folder / "source.json").write_text(json.dumps(addresses))

    def publish(self, number: int) -> str:
        """Publish the same program with a higher version."""
        newer = Release(Version(f"{self.built.version.base_version}.post{number}"), 0)
        place = self.folder / f"tree{number}"
        place.mkdir()
        tree = retagged(TREE, newer, place)
        self.trust(tree)
        archive = self.folder / f"archive{number}"
        pack(tree, archive, self.built.epoch, preset=0)
        self.repository.tool().release("stable", platform_name(), str(newer.version), archive)
        return str(newer.version)

    def run(self, *arguments: str) -> tuple[int, str]:
        done = subprocess.run(
            [self.program, *arguments, "--base-dir", self.base],
            env=self.desktop.env,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    def start(self) -> subprocess.Popen[bytes]:
        command = [str(self.program), "run", "--base-dir", str(self.base)]
        return self.desktop.popen(command)

    def quit(self, running: subprocess.Popen[bytes]) -> None:
        assert self.run("quit") == (0, "")
        assert running.wait(START_S) == 0


@pytest.fixture
def computer(tmp_path: Path) -> Iterator[Computer]:
    handler = functools.partial(Quiet, directory=str(tmp_path / "repository"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server, Desktop() as desktop:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield Computer(tmp_path, desktop, server.server_port)
        server.shutdown()
        thread.join()


def test_the_packaged_program_updates_itself_and_returns_from_a_version_that_does_not_start(
    computer: Computer,
) -> None:
    first = str(computer.built.version)
    assert computer.run("update", "--check") == (0, "Workdiary is up to date.\n")

    # A release: found, downloaded, self-tested by its own program, tried, confirmed.
    second = computer.publish(1)
    status, text = computer.run("update", "--check")
    assert (status, second in text) == (10, True), text
    status, text = computer.run("update", "--apply")
    assert (status, second in text) == (0, True), text
    assert computer.installation.version == first
    running = computer.start()
    wait_for(lambda: computer.installation.version == second, timeout=START_S)
    assert Path(f"/proc/{running.pid}/exe").readlink() == computer.installation.program_of(second)
    computer.quit(running)
    assert computer.installation.versions() == [second, first]

    # A changed archive: refused.
    third = computer.publish(2)
    archive = computer.repository.path("targets/stable/*/*.workdiary.tar.xz")
    good = archive.read_bytes()
    archive.write_bytes(good[:-1] + b"x")
    status, text = computer.run("update", "--apply")
    assert (status, "differs from the signed one" in text) == (1, True), text
    archive.write_bytes(good)
    assert computer.run("update", "--apply")[0] == 0

    # The new version is damaged after its self-test, as by a failing disk: two starts fail, the
    # next one runs the old version.
    for library in computer.installation.folder_of(third).glob("_internal/libpython*"):
        library.write_bytes(b"damaged")
    for _ in range(2):
        assert computer.start().wait(START_S) != 0
    running = computer.start()
    updates = computer.installation.updates
    wait_for(lambda: read_state(updates).bad == (third,), timeout=START_S)
    assert read_state(updates).ready == ""
    # The window has reported it.
    wait_for(lambda: not read_state(updates).reverted, timeout=START_S)
    computer.quit(running)
    assert computer.installation.version == second
    assert computer.installation.versions() == [second, first]
    assert computer.run("update", "--check") == (0, "Workdiary is up to date.\n")
