"""Changes the log's shard in many processes, each of which kills itself at another step.

    python -m tests.marketplace.rotate_child ORIGINAL FOLDER

The n-th process works on a copy of ORIGINAL at FOLDER/n and dies at the n-th step: a database
statement, the end of a transaction, the opening, renaming or removing of a file; until one of them
completes.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.engine import Engine

from marketplace.composition import lock, open_services
from marketplace.core.config import Config
from tests.marketplace.live_marketplace import AUD, MovedClock

_FILES = {"open", "os.rename", "os.remove"}
_MOST = 500


def main() -> None:
    original, folder = Path(sys.argv[1]), Path(sys.argv[2])
    for number in range(1, _MOST):
        copy = folder / str(number)
        shutil.copytree(original, copy)
        # No thread exists yet, so a fork is as good as a new process.
        child = os.fork()
        if child == 0:
            _change(copy, number)
            os._exit(0)
        status = os.waitpid(child, 0)[1]
        if status == 0:
            return
        if not (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL):
            sys.exit(f"{number} ended with {status}")
    sys.exit("it never came to an end")


def _change(folder: Path, left: int) -> None:
    counting = False

    def step(*_: object, **__: object) -> None:
        nonlocal left
        if counting:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    def audited(name: str, _arguments: object) -> None:
        if name in _FILES:
            step()

    with (
        lock(folder),
        open_services(Config(folder, AUD, "http://127.0.0.1:1"), MovedClock()) as deps,
    ):
        for name in ("before_cursor_execute", "commit"):
            event.listen(Engine, name, step)
        sys.addaudithook(audited)
        counting = True
        deps.log.rotate()
        counting = False


if __name__ == "__main__":
    main()
