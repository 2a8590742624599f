"""Runs `workdiary update`, and starts a version that an update has prepared.

Exit status of the command: 0 nothing newer, or a newer version is ready; 1 failure; 10 a newer
version is available (`--check` only).
"""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.resources import files
from typing import TYPE_CHECKING

from diary.cli.output import print_report, refuse
from diary.core.display import for_terminal
from system.i18n import mark
from system.locks import lock_file
from system.updates.errors import UpdateProblem
from system.updates.install import Installation
from system.updates.selftest import clean_environment
from system.updates.source import Disabled, read_source, usable_installation
from system.updates.trial import program_to_start
from ui.i18n import tr
from ui.settings.settings import SETTINGS, UPDATE_CHANNEL, load

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ui.client.updates import UpdateResult

FAILED, AVAILABLE = 1, 10
_TEXTS = {
    "up_to_date": mark("Workdiary is up to date."),
    "available": mark("Workdiary {version} is available."),
    "ready": mark("Workdiary {version} is ready for the next start."),
}


def update(base: Path, *, apply: bool) -> int:
    """Check for a newer version; `apply`: also prepare it for the next start. Returns the exit
    status.
    """
    from ui.client.updates import UpdateHelper

    return report(UpdateHelper(base).run("prepare" if apply else "check"), apply=apply)


def report(result: UpdateResult, *, apply: bool) -> int:
    """Print a result; returns the exit status."""
    if result.disabled:
        print_report(tr(Disabled(result.disabled).sentence))
        return FAILED if apply else 0
    if result.problem:
        text = tr(UpdateProblem(result.problem).sentence)
        detail = f" ({for_terminal(result.detail)})" if result.detail else ""
        refuse("workdiary", f"{text}{detail} {tr('The installed version is unchanged.')}")
        return FAILED
    print_report(tr(_TEXTS[result.state]).format(version=result.version))
    return AVAILABLE if result.state == "available" else 0


def prepared_program(base: Path) -> Path | None:
    """The program of a prepared version, which must run in place of this one; None to continue,
    also while a program runs with this base folder. Counts the trial.
    """
    if not getattr(sys, "frozen", False):
        return None
    source = read_source(files("assets").joinpath("updates"))
    channel = load(base / SETTINGS).text(UPDATE_CHANNEL)
    found = usable_installation(channel, has_source=source is not None)
    if not isinstance(found, Installation) or _is_running(base):
        return None
    return program_to_start(found)


def _is_running(base: Path) -> bool:
    from ui.single_instance import LOCK

    if not base.is_dir():
        return False
    try:
        lock_file(base / LOCK).close()
    except OSError:
        return True
    return False


def start_program(program: Path, arguments: Sequence[str]) -> int | None:
    """Run another program in place of this one. Returns None if it cannot be run. Windows cannot
    replace a process: there it runs as a child, and its exit status is returned.
    """
    command = [str(program), *arguments]
    environment = clean_environment(os.environ)
    try:
        if sys.platform == "win32":
            return subprocess.call(command, env=environment)
        os.execve(program, command, environment)  # noqa: S606 - no shell is wanted
    except OSError:
        return None
