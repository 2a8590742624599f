"""What the commands share: exit codes, how a result is printed, how one says that it cannot."""

from __future__ import annotations

import json
import os
import sys

VALID, INVALID, UNUSABLE = 0, 1, 2


class UnusableError(Exception):
    """There is nothing that could be checked; the text says why and what to do."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


def say(text: str) -> None:
    """Print what a person or a program asked for."""
    # Names in the record may hold any character; a narrow terminal shows their escapes.
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads has enough; the exit code is still told, and the last flush stays quiet.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def unusable(error: UnusableError, *, as_json: bool) -> int:
    """Tell why nothing could be checked; returns the exit code."""
    if as_json:
        told = {"v": 1, "result": "unusable", "code": error.code, "detail": str(error)}
        say(json.dumps(told, indent=1) + "\n")
    else:
        print(error, file=sys.stderr)
    return UNUSABLE
