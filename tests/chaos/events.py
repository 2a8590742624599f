"""Random disturbances of the processes, the database server and the object store's gateway."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import TypeVar

import psycopg

from tests.desktop_fixtures.waiting import wait_for
from tests.marketplace.shared_processes import PATIENCE_S, Served, SharedMarketplace
from tests.marketplace.storage.ceph_rgw import Gateway

T = TypeVar("T")

_PROCESSES = 3
#: Seconds between two events, and for which a process is stopped: longer than the server lets a
#: transaction wait, and than a lease lasts.
_PAUSE, _STOPPED = (0.5, 4.0), (6.0, 14.0)
#: The probability that the last process is killed too, when it is its turn.
_LAST = 0.2
#: Seconds for which the gateway is away, and for which it is stopped: also longer than the
#: marketplace waits for it.
_GATEWAY_AWAY, _GATEWAY_STOPPED = (0.5, 8.0), (5.0, 40.0)


class Chaos:
    """Disturbs the processes, the database server and the gateway."""

    def __init__(self, market: SharedMarketplace, gateway: Gateway, seed: int) -> None:
        self._market = market
        self._gateway = gateway
        #: When the gateway comes back (monotonic s), and how; None while it works.
        self._gateway_back: tuple[float, Callable[[], None]] | None = None
        self._random = random.Random(seed)
        self._gate = threading.Lock()  # guards the lists of processes
        self._serving: list[Served] = []
        self._stopped: list[tuple[float, Served]] = []
        self._starting: list[Served] = []
        self.done: Counter[str] = Counter()
        self._events: list[tuple[int, Callable[[], bool]]] = [
            (4, self._kill_any), (3, self._kill_leader), (2, self._end_any), (3, self._stop_any),
            (6, self._end_connection), (1, self._kill_backend),
            (3, self._kill_gateway), (2, self._stop_gateway),
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
        if self._gateway_back is not None:
            self._gateway_back[1]()
            self._gateway_back = None
        self._gateway.wait()

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
        if self._gateway_back is not None and self._gateway_back[0] <= now:
            self._gateway_back[1]()
            self._gateway_back = None
        for due, served in [each for each in self._stopped if each[0] <= now]:
            served.signal(signal.SIGCONT)
            self._stopped.remove((due, served))
        for served in list(self._starting):
            if not served.alive:
                # A server was away, or a connection was ended, while the process started.
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

    def _victims(self) -> list[Served]:
        """The running processes; mostly none if only one is left, since the next one needs some
        time to start.
        """
        running = self._running()
        return running if len(running) > 1 or self._random.random() < _LAST else []

    def _kill_any(self) -> bool:
        for served in self._chosen(self._victims()):
            served.kill()
            return True
        return False

    def _kill_leader(self) -> bool:
        for served in self._victims():
            if served.role() == "leader":
                served.kill()
                return True
        return False

    def _end_any(self) -> bool:
        for served in self._chosen(self._victims()):
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

    def _kill_gateway(self) -> bool:
        if self._gateway_back is not None:
            return False
        self._gateway.kill()
        due = time.monotonic() + self._random.uniform(*_GATEWAY_AWAY)
        self._gateway_back = (due, self._gateway.start)
        return True

    def _stop_gateway(self) -> bool:
        if self._gateway_back is not None:
            return False
        self._gateway.signal(signal.SIGSTOP)
        due = time.monotonic() + self._random.uniform(*_GATEWAY_STOPPED)
        self._gateway_back = (due, lambda: self._gateway.signal(signal.SIGCONT))
        return True

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
