"""Dies by SIGKILL at every durable step of a run in turn, and reports what it had acknowledged.

    python -m tests.uploader.crash_child BASE PLAN

PLAN is a folder of files `<n>.sdjwt` and `<n>.blob`, and `enrolment.jws`. The run is repeated, each
time in a new state folder BASE/<n>, until one ends without being killed. Each prints a line of
JSON: the number of the step, its name, and what was acknowledged before it.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from diary.objects.segment import parse
from system import files
from uploader.store.index.database import IndexDatabase
from uploader.store.index_rebuild import ENROLMENT
from uploader.store.outbox import Outbox
from uploader.store.state_folder import StateFolder

AUD = "workdiary.localhost"


class Fuse:
    """Kills this process at the given step."""

    def __init__(self, step: int, out: int) -> None:
        self._left = step
        self._out = out

    def at(self, name: str) -> None:
        if self._left == 0:
            os.write(self._out, json.dumps({"step": name}).encode() + b"\n")
            os.kill(os.getpid(), signal.SIGKILL)
        self._left -= 1

    def guard(self, owner: Any, name: str) -> None:
        """Make every call of owner.name a step; the previous one is done, this one is not."""
        real: Callable[..., Any] = getattr(owner, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            self.at(name)
            return real(*args, **kwargs)

        setattr(owner, name, call)


class Traps:
    """The `os` module for `system.files`, with its durable calls guarded."""

    def __init__(self, fuse: Fuse) -> None:
        for name in ("open", "write", "fsync", "replace"):
            setattr(self, name, getattr(os, name))
            fuse.guard(self, name)

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)


def run(base: Path, plan: Path, acknowledged: Callable[[str], None]) -> None:
    """Seal everything in the plan, as a recorder does."""
    with Outbox(StateFolder(base, AUD), ahead_s=10**10) as outbox:
        acknowledged("opened")
        for number in range(len(list(plan.glob("*.sdjwt")))):
            blob = outbox.put_blob((plan / f"{number}.blob").read_bytes())
            acknowledged(f"blob {blob}")
            outbox.write_journal("open", f"segment {number}".encode())
            acknowledged(f"journal {number}")
            data = (plan / f"{number}.sdjwt").read_bytes()
            ctr = parse(data).segment.ctr
            outbox.commit(ctr, outbox.head(ctr), data)
            acknowledged(f"segment {number}")


def child(base: Path, plan: Path, step: int, out: int) -> None:
    """One run in a forked process."""
    folder = base / AUD
    folder.mkdir(parents=True, mode=0o700)
    (folder / ENROLMENT).write_bytes((plan / ENROLMENT).read_bytes())
    fuse = Fuse(step, out)
    vars(files)["os"] = Traps(fuse)
    plain = IndexDatabase._transaction

    def transaction(
        self: IndexDatabase, work: Callable[[sqlite3.Connection], Any], begin: str
    ) -> Any:
        def broken_off(db: sqlite3.Connection) -> Any:
            result = work(db)
            fuse.at("before the database's commit")
            return result

        result = plain(self, broken_off, begin)
        fuse.at("after the database's commit")
        return result

    IndexDatabase._transaction = transaction  # type: ignore[method-assign]

    def acknowledged(what: str) -> None:
        os.write(out, json.dumps({"ok": what}).encode() + b"\n")

    run(base, plan, acknowledged)


def main() -> None:
    """See above."""
    base, plan = Path(sys.argv[1]), Path(sys.argv[2])
    step, killed = 0, True
    while killed:
        read, write = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(read)
            child(base / str(step), plan, step, write)
            os._exit(0)
        os.close(write)
        with os.fdopen(read, "rb") as pipe:
            lines = [json.loads(line) for line in pipe]
        _, status = os.waitpid(pid, 0)
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        if not killed and status != 0:
            raise SystemExit(f"step {step}: status {status}")
        name = next((line["step"] for line in lines if "step" in line), None)
        done = [line["ok"] for line in lines if "ok" in line]
        line = json.dumps({"n": step, "step": name, "acknowledged": done})
        sys.stdout.write(line + "\n")
        step += 1


if __name__ == "__main__":
    main()
