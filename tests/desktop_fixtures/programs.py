"""Programs that a test starts on the desktop as its own children."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

GRACE_S = 10.0


class Programs:
    """The started programs. Belongs to one thread."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._children: list[subprocess.Popen[bytes]] = []

    def start(
        self, argv: Sequence[str], base: Mapping[str, str], *, log: str = "", **options: Any
    ) -> subprocess.Popen[bytes]:
        """Start a program in a separate process group.

        The kernel kills it if the calling thread ends first. Its output goes to `<log>.log` (by
        default named after the program) unless `stdout` or `stderr` are given; `env` is added to
        `base`.
        """
        env = {**base, **options.pop("env", {})}
        with (self._logs / f"{log or Path(argv[0]).name}.log").open("ab") as file:
            files: dict[str, Any] = {
                "stdin": subprocess.DEVNULL,
                "stdout": file,
                "stderr": file,
            }
            child: subprocess.Popen[bytes] = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", "--", *argv],
                env=env,
                start_new_session=True,
                **(files | options),
            )
        self._children.append(child)
        return child

    def end(self) -> None:
        """End the running programs with their process groups."""
        for child in self._children:
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGTERM)
        for child in self._children:
            try:
                child.wait(GRACE_S)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()
            for pipe in (child.stdin, child.stdout, child.stderr):
                if pipe is not None:
                    pipe.close()
        self._children.clear()
