"""Runs updates in a short-lived helper process, so that the program never imports their libraries.

The helper reads one JSON object from its standard input and writes one to its standard output. It
may be killed at any time: every step leaves the installation usable.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from system.updates.errors import UpdateProblem

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from system.updates.run import Step

#: The option that starts a packaged program as the helper.
OPTION = "--update"
_LARGEST = 65_536


@dataclass(frozen=True)
class UpdateResult:
    """The result of one call, with one of three fields set: `disabled` is a value of `Disabled` if
    the program does not update itself, `problem` one of `UpdateProblem` if the step failed, with
    its `detail`; otherwise `state` and `version` are those of `system.updates.run.Update`.
    """

    state: str = ""
    version: str = ""
    problem: str = ""
    detail: str = ""
    disabled: str = ""


def command() -> list[str]:
    """The helper's command line: Python, or the packaged program itself."""
    if getattr(sys, "frozen", False):
        return [sys.executable, OPTION]
    return [sys.executable, "-m", "ui.client.updates.helper"]


class UpdateHelper:
    """Runs the helper for the settings in `base`. `run` blocks, one call at a time; `close` ends
    it from another thread.
    """

    def __init__(self, base: Path, argv: Sequence[str] | None = None) -> None:
        self._base = base
        self._argv = argv
        self._lock = threading.Lock()  # guards both below
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False

    def run(self, step: Step) -> UpdateResult:
        """Carry out a step in a new helper process, and wait for it. Never raises."""
        call = json.dumps({"base": str(self._base), "step": step}).encode("ascii")
        try:
            with self._lock:
                if self._closed:
                    return failed("it was ended")
                self._process = process = subprocess.Popen(
                    self._argv or command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE
                )
            output, _ = process.communicate(call)
        except OSError as error:
            return failed(error.strerror or "")
        return _result(output)

    def close(self) -> None:
        """Kill the helper, if it runs. Later calls of `run` fail."""
        with self._lock:
            self._closed = True
            if self._process is not None:
                self._process.kill()


def failed(detail: str) -> UpdateResult:
    """The result of a call whose helper failed."""
    return UpdateResult(problem=UpdateProblem.HELPER_FAILED.value, detail=detail)


def _result(output: bytes) -> UpdateResult:
    try:
        found = json.loads(output if len(output) <= _LARGEST else b"")
        result = UpdateResult(**{str(name): str(value)[:300] for name, value in found.items()})
        if result.problem:
            UpdateProblem(result.problem)
        elif not (result.disabled or result.state):
            raise ValueError
    except (ValueError, TypeError, AttributeError):
        return failed("it ended without a result")
    return result
