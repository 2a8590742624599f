"""`python -m tests.chaos`: processes that share a database, killed at random under load.

Real processes, a real PostgreSQL server with synced writes, and computers that upload through all
processes. At random, a process or the leader is killed (SIGKILL), ended (SIGTERM), or stopped for
some seconds, and connections of the database server are ended, or one of its processes is killed,
which restarts the server. Exit code 0 if afterwards every receipt is proven by one history without
a gap, no index was used twice, every segment is checked, and every reader got 200, or 503 with
Retry-After; else 1.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import httpx
import psycopg

from diary.cli.output import print_report
from tests.desktop_fixtures.waiting import wait_for
from tests.marketplace.postgresql_server import PostgresqlServer, postgresql_server
from tests.marketplace.shared_load import MOST, Load, check_log
from tests.marketplace.shared_processes import (
    PATIENCE_S,
    Served,
    SharedMarketplace,
    shared_marketplace,
)

T = TypeVar("T")

_COMPUTERS, _THREADS, _PROCESSES = 128, 8, 3
#: Seconds between two events, and for which a process is stopped: longer than the server lets a
#: transaction wait, and than a lease lasts.
_PAUSE, _STOPPED = (0.5, 4.0), (6.0, 14.0)


class Chaos:
    """Disturbs the processes and the database server."""

    def __init__(self, market: SharedMarketplace, seed: int) -> None:
        self._market = market
        self._random = random.Random(seed)
        self._gate = threading.Lock()  # guards the lists of processes
        self._serving: list[Served] = []
        self._stopped: list[tuple[float, Served]] = []
        self._starting: list[Served] = []
        self.done: Counter[str] = Counter()
        self._events: list[tuple[int, Callable[[], bool]]] = [
            (4, self._kill_any), (3, self._kill_leader), (2, self._end_any), (3, self._stop_any),
            (6, self._end_connection), (1, self._kill_backend),
        ]  # fmt: skip

    def serving(self) -> list[Served]:
        """The processes that take requests, stopped ones too."""
        with self._gate:
            return list(self._serving)

    def start(self) -> None:
        """Start all processes."""
        begun = [self._market.begin() for _ in range(_PROCESSES)]
        for each in begun:
            self._market.wait_until_served(each)
            self._serving.append(each)

    def run(self, until: float, require_load: Callable[[], None]) -> None:
        """Disturb until a monotonic time."""
        pause = threading.Event()
        weights = [weight for weight, _ in self._events]
        while time.monotonic() < until:
            pause.wait(self._random.uniform(*_PAUSE))
            require_load()
            self._replace()
            event = self._random.choices([each for _, each in self._events], weights)[0]
            if event():
                self.done[event.__name__.strip("_")] += 1

    def settle(self) -> None:
        """Continue stopped processes, and wait until all serve."""
        for _, served in self._stopped:
            served.signal(signal.SIGCONT)
        self._stopped.clear()

        def complete() -> bool:
            self._replace()
            return len(self._serving) == _PROCESSES and all(
                each.role() is not None for each in self._serving
            )

        # Several may have to start, one after the other.
        wait_for(complete, timeout=5 * PATIENCE_S, every=0.5, what="all processes to serve again")

    def _replace(self) -> None:
        """Start processes for those that ended; let those that have started take requests."""
        now = time.monotonic()
        for due, served in [each for each in self._stopped if each[0] <= now]:
            served.signal(signal.SIGCONT)
            self._stopped.remove((due, served))
        for served in list(self._starting):
            if not served.alive:
                # The server was away, or its connection was ended, while the process started.
                self._starting.remove(served)
                self.done["refused to start"] += 1
            elif served.role() is not None:
                self._starting.remove(served)
                with self._gate:
                    self._serving.append(served)
        with self._gate:
            self._serving = [each for each in self._serving if each.alive]
        while len(self._serving) + len(self._starting) < _PROCESSES:
            self._starting.append(self._market.begin())

    def _running(self) -> list[Served]:
        stopped = [each for _, each in self._stopped]
        return [each for each in self.serving() if each not in stopped]

    def _kill_any(self) -> bool:
        for served in self._chosen(self._running()):
            served.kill()
            return True
        return False

    def _kill_leader(self) -> bool:
        for served in self._running():
            if served.role() == "leader":
                served.kill()
                return True
        return False

    def _end_any(self) -> bool:
        for served in self._chosen(self._running()):
            served.signal(signal.SIGTERM)
            return True
        return False

    def _stop_any(self) -> bool:
        # One goes on, so that its writes show whether the stopped ones hold them up.
        running = self._running()
        for served in self._chosen(running if len(running) > 1 else []):
            served.signal(signal.SIGSTOP)
            self._stopped.append((time.monotonic() + self._random.uniform(*_STOPPED), served))
            return True
        return False

    def _end_connection(self) -> bool:
        return self._with_backend(
            lambda connection, pid: connection.execute("SELECT pg_terminate_backend(%s)", (pid,))
        )

    def _kill_backend(self) -> bool:
        return self._with_backend(lambda _, pid: os.kill(pid, signal.SIGKILL))

    def _with_backend(self, act: Callable[[psycopg.Connection, int], object]) -> bool:
        """Do something to a random connection of the processes."""
        with (
            contextlib.suppress(psycopg.Error, ProcessLookupError),
            self._market.server.connect() as connection,
        ):
            rows = connection.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = %s", (self._market.database,)
            ).fetchall()
            for (pid,) in self._chosen(rows):
                act(connection, pid)
                return True
        return False

    def _chosen(self, listed: list[T]) -> list[T]:
        return self._random.sample(listed, 1) if listed else []


class Readers:
    """Read the log's checkpoint at all processes until the block ends, and count the answers."""

    def __init__(self, chaos: Chaos) -> None:
        self._chaos = chaos
        self._ended = threading.Event()
        self.answers: Counter[str] = Counter()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.wait(0.05):
            for served in self._chaos.serving():
                try:
                    answer = served.get("/log/checkpoint")
                except httpx.HTTPError:
                    # Only a process that was killed, is ending, or is stopped does not answer.
                    self.answers["none"] += 1
                else:
                    waits = " with Retry-After" if "retry-after" in answer.headers else ""
                    self.answers[f"{answer.status_code}{waits}"] += 1


def run(server: PostgresqlServer, folder: Path, minutes: float, seed: int) -> bool:
    """Run the program; returns whether everything held."""
    with shared_marketplace(folder, server, _COMPUTERS) as market:
        chaos = Chaos(market, seed)
        chaos.start()
        readers = Readers(chaos)
        # The computers have segments for all of the time.
        pause_s = _THREADS * 60 * minutes / (_COMPUTERS * (MOST - 10))
        load = Load(market, chaos.serving, range(_COMPUTERS), _THREADS, pause_s)
        with readers, load:
            chaos.run(time.monotonic() + 60 * minutes, load.require_running)
            print_report("events: " + ", ".join(f"{n} {name}" for name, n in chaos.done.items()))
            chaos.settle()
            before = len(load.receipts)
            load.wait_for(_THREADS)
        leaves = check_log(market, load.receipts)
        market.wait_until_checked()
        print_report(
            f"{leaves} leaves, {len(load.receipts)} receipts ({before} amid the events), "
            f"{load.refused} times 503, {load.unanswered} without an answer"
        )
        print_report("readers: " + ", ".join(f"{n} {name}" for name, n in readers.answers.items()))
        return readers.answers.keys() <= {"200", "503 with Retry-After", "none"}


def main() -> int:
    """Run for some minutes; returns the exit code."""
    parser = argparse.ArgumentParser(description="Kill processes and connections under load.")
    parser.add_argument("minutes", type=float, nargs="?", default=10.0)
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(4), "big"))
    options = parser.parse_args()
    print_report(f"seed {options.seed}")
    with (
        postgresql_server(fsync="on", full_page_writes="on") as server,
        tempfile.TemporaryDirectory() as folder,
    ):
        held = run(server, Path(folder) / "data", options.minutes, options.seed)
    print_report("everything held" if held else "a reader got another answer")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
