"""Output of the set-up: a line per step; the output of other programs only if they fail."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence


class SetupError(Exception):
    """The set-up cannot continue; the text is one line with the reason and the next step."""


def print_step(sentence: str) -> None:
    """Print a step."""
    print(f"setup: {sentence}", flush=True)


def run_quietly(command: Sequence[str], env: Mapping[str, str] | None = None) -> bool:
    """Run a command and print its output if it fails; returns whether it succeeded."""
    try:
        done = _run(command, env)
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        return False
    if done.returncode != 0:
        sys.stderr.write(done.stdout)
    return done.returncode == 0


def output_of(
    command: Sequence[str], env: Mapping[str, str] | None = None, *, anyway: bool = False
) -> str | None:
    """A command's output, both streams; None if it fails, unless `anyway`."""
    try:
        done = _run(command, env)
    except OSError:
        return None
    return done.stdout if anyway or done.returncode == 0 else None


def _run(command: Sequence[str], env: Mapping[str, str] | None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        encoding="utf-8",
        errors="replace",
        env=env,
    )
