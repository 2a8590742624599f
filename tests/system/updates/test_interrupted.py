"""Wherever an update is killed between two changes of the disk, a working program is left, and the
next attempt completes the update.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from system.updates.install import Installation
from system.updates.run import Clocks, run_update
from system.updates.selftest import run_selftest
from system.updates.state import read_state
from system.updates.trial import confirm_start, program_to_start
from tests.system.updates.simulated_repository import SimulatedRepository, make_installation

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="needs fork and SIGKILL"),
    # The child only works with files and ends.
    pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning"),
]
#: The calls that change the disk, or order its changes.
CHANGES = ("mkdir", "replace", "rename", "symlink", "link", "unlink", "rmdir", "fsync", "chmod")


def update(installation: Installation, repository: SimulatedRepository) -> None:
    """All steps from a check to the confirmed start of the new version."""
    clocks = Clocks(lambda: 1.0, lambda: 0.0)
    run_update(
        installation, repository.source, "stable", "prepare", repository.fetch, clocks, _no_test
    )
    program = program_to_start(installation)
    running = program.parent.name if program is not None else installation.version
    confirm_start(replace(installation, version=running))


def _no_test(*_: object) -> None:
    """The test runs the programs after the kill instead."""


def killed_at(number: int, work: Callable[[], None]) -> bool:
    """Run `work` in a child process that is killed before its change `number`. Returns whether it
    was killed: False if `work` ended before.
    """
    child = os.fork()
    if child == 0:
        left = number

        def counted(name: str) -> Callable[..., Any]:
            real = getattr(os, name)

            def call(*args: Any, **options: Any) -> Any:
                nonlocal left
                left -= 1
                if left < 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                return real(*args, **options)

            return call

        for name in CHANGES:
            setattr(os, name, counted(name))
        status = 1
        try:
            work()
            status = 0
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0
    return False


def test_a_kill_before_any_change_leaves_a_working_program(tmp_path: Path) -> None:
    repository = SimulatedRepository(tmp_path / "repository")
    repository.publish("1.1.0")
    number, seen, prepared = 0, set[str](), False
    while True:
        installation = make_installation(tmp_path / f"root{number}")
        if not killed_at(number, lambda: update(installation, repository)):  # noqa: B023
            break
        # The next start: the program of the pointer, or the one that it tries.
        version = installation.pointer.read()
        seen.add(version)
        run_selftest(installation.program_of(version), version, tmp_path / "report")
        running = replace(installation, version=version)
        # Once it was prepared, every later kill leaves the new version for the next start.
        prepared = prepared or read_state(installation.updates).ready == "1.1.0"
        program = program_to_start(running)
        if program is not None:
            run_selftest(program, "1.1.0", tmp_path / "report")
            running = replace(installation, version="1.1.0")
        assert running.version == "1.1.0" or not prepared, number
        confirm_start(running)
        # The next check.
        update(running, repository)
        assert installation.pointer.read() == "1.1.0"
        state = read_state(installation.updates)
        assert (state.ready, state.bad) == ("", ())
        assert {*installation.versions()} == {"1.0.0", "1.1.0"}
        left = {path.name for path in installation.updates.iterdir()}
        assert left <= {"metadata", "state.json", "lock"}, number
        names = {path.name for path in installation.root.iterdir()}
        assert names == {"current", "versions", "updates"}, number
        number += 1
    assert seen == {"1.0.0", "1.1.0"}
    assert prepared
    assert number > 30
