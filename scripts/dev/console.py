"""How the set-up speaks: a line for each step; the words of other programs only if they fail."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence


class SetupError(Exception):
    """The set-up cannot go on; the text is one line that says what is missing and what to do."""


def say(sentence: str) -> None:
    """Tell the person what is being done."""
    print(f"setup: {sentence}", flush=True)


def works(command: Sequence[str], env: Mapping[str, str] | None = None) -> bool:
    """Run a command whose many lines matter only when it fails; True when it worked."""
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            env=env,
        )
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        return False
    if done.returncode != 0:
        sys.stderr.write(done.stdout.decode("utf-8", "replace"))
    return done.returncode == 0


def answers(
    command: Sequence[str], env: Mapping[str, str] | None = None, *, anyway: bool = False
) -> str | None:
    """What a command says on both its outputs; None when it fails, unless asked for `anyway`."""
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            encoding="utf-8",
            errors="replace",
            env=env,
        )
    except OSError:
        return None
    return done.stdout if anyway or done.returncode == 0 else None
