"""The packages' scripts find the running programs of their own file."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.desktop_fixtures.waiting import wait_for
from tests.repository.tree import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the scripts are for Linux")
FUNCTIONS = ROOT / "installers" / "linux" / "files" / "running_programs.sh"
#: Runs its arguments where the file $1 has the content of $0, as in a container.
IN_ITS_OWN_MOUNTS = 'mount --bind "$0" "$1" && exec "$@"'


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A program that waits for the end of its input."""
    return Path(shutil.copy("/bin/cat", tmp_path / "workdiary"))


@pytest.fixture
def start() -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    running: list[subprocess.Popen[bytes]] = []

    def started(*command: object) -> subprocess.Popen[bytes]:
        words = [str(word) for word in command]
        process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        running.append(process)
        return process

    yield started
    for process in running:
        process.communicate(timeout=60)


def found(program: Path) -> list[str]:
    script = f'. "{FUNCTIONS}"; program=$0; running_programs'
    done = subprocess.run(
        ["sh", "-c", script, str(program)], capture_output=True, check=True, encoding="ascii"
    )
    return done.stdout.split()


def runs(process: subprocess.Popen[bytes], path: Path) -> bool:
    return Path(f"/proc/{process.pid}/exe").readlink() == path


def test_a_running_program_is_found(
    program: Path, start: Callable[..., subprocess.Popen[bytes]]
) -> None:
    assert found(program) == []
    process = start(program)
    wait_for(lambda: runs(process, program), what="the program")
    assert found(program) == [str(process.pid)]


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to mount")
def test_a_program_of_a_container_is_left_alone(
    program: Path, start: Callable[..., subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    other = shutil.copy(program, tmp_path / "other")
    process = start("unshare", "--mount", "sh", "-c", IN_ITS_OWN_MOUNTS, other, program)
    wait_for(lambda: process.poll() is not None or runs(process, program), what="the program")
    if process.poll() is not None:
        pytest.skip("this machine allows no mounts")
    assert found(program) == []
