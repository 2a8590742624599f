"""Two processes over one PostgreSQL database beside one of them (ADR 0036).

The server, both processes and the sender of the requests share the cores of the machine. So the
processor time of each is a figure too: it shows how much a second process can gain.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from benchmarks import ingest_requests as requests
from benchmarks.measure import Figure
from benchmarks.replay import Replayed, replay
from tests.marketplace.postgresql_server import PostgresqlServer, postgresql_server
from tests.marketplace.shared_processes import (
    BASE_URL,
    Served,
    SharedMarketplace,
    shared_marketplace,
)
from tests.marketplace.simulated_device import SimulatedDevice

COMPUTERS, LANES, ROUNDS = 64, 16, 5
#: Requests of each computer in a round.
_EACH = 2
#: The ratio of times at which two processes accept 1.6 times as much as one.
_TARGET = 1 / 1.6


def figures() -> list[Figure]:
    """All figures of this module."""
    with (
        postgresql_server(fsync="on", full_page_writes="on") as server,
        tempfile.TemporaryDirectory() as folder,
        shared_marketplace(Path(folder) / "data", server, COMPUTERS) as market,
    ):
        return _Rounds(market, server).figures()


class _Rounds:
    """Rounds of requests to one process and to both, in turn."""

    def __init__(self, market: SharedMarketplace, server: PostgresqlServer) -> None:
        self._market = market
        self._server = server
        self._served = [market.start(), market.start()]
        self._devices = requests.sign_in(BASE_URL, market.computers, local=self._served[0].url)
        self._ctrs = [computer.ctr for computer in market.computers]
        self._terms = [
            device.contract(ctr)[1] for device, ctr in zip(self._devices, self._ctrs, strict=True)
        ]

    def figures(self) -> list[Figure]:
        """Each figure as seconds per request."""
        puts: dict[int, list[Replayed]] = {1: [], 2: []}
        mes: dict[int, list[Replayed]] = {1: [], 2: []}
        spent: dict[str, float] = {"processes": 0.0, "server": 0.0, "sender": 0.0}
        for turn in range(ROUNDS + 1):
            for device in self._devices:
                device.sign_in()
            for number in (1, 2):
                before = self._spent()
                puts[number].append(self._replay(number, self._puts(), 201))
                if turn and number == 2:
                    after = self._spent()
                    spent = {name: spent[name] + after[name] - before[name] for name in spent}
                self._market.wait_until_checked()
                mes[number].append(self._replay(number, self._mes(), 200))
        what = f"{LANES} connections, PostgreSQL, {os.cpu_count()} cores"
        against = "one of them"
        count = ROUNDS * COMPUTERS * _EACH
        two = _seconds(puts[2])
        return [
            Figure("accept a segment, two processes", what, two, _seconds(puts[1]), against,
                   _TARGET),
            Figure("GET /v1/me, two processes", what, _seconds(mes[2]), _seconds(mes[1]), against,
                   _TARGET),
            *(
                Figure(f"processor time of an accepted segment, two processes: {name}",
                       "with the checks of that time", spent[name] / count, two,
                       "the time between two", None)
                for name in spent
            ),
        ]  # fmt: skip

    def _replay(self, number: int, of_devices: Sequence[Sequence[bytes]], status: int) -> Replayed:
        lanes: list[list[bytes]] = [[] for _ in range(LANES)]
        for turn in range(_EACH):
            for place, listed in enumerate(of_devices):
                lanes[place % LANES].append(listed[turn])
        ports = [urlsplit(served.url).port or 0 for served in self._served[:number]]
        sent = replay(ports, lanes)
        assert set(sent.statuses) == {status}, sent.statuses
        return sent

    def _puts(self) -> list[list[bytes]]:
        return [
            requests.put_segments(device, self._sealed(device, ctr, terms))
            for device, ctr, terms in zip(self._devices, self._ctrs, self._terms, strict=True)
        ]

    def _sealed(self, device: SimulatedDevice, ctr: str, terms: str) -> list[bytes]:
        return requests.segments(device, ctr, terms, _EACH)[-_EACH:]

    def _mes(self) -> list[list[bytes]]:
        return [
            [requests.request(device, "GET", "/v1/me") for _ in range(_EACH)]
            for device in self._devices
        ]

    def _spent(self) -> dict[str, float]:
        """The processor time so far of the processes, of the server's, and of this one."""
        return {
            "processes": sum(_cpu_s(served) for served in self._served),
            "server": self._server_cpu_s(),
            "sender": time.process_time(),
        }

    def _server_cpu_s(self) -> float:
        """The processor time of the server's processes for the connections that are open."""
        with psycopg.connect(self._server.url("postgres")) as connection:
            rows = connection.execute(
                "SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            ).fetchall()
        return sum(_process_cpu_s(pid) for (pid,) in rows)


def _cpu_s(served: Served) -> float:
    return _process_cpu_s(served.process.pid)


def _process_cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _seconds(rounds: Sequence[Replayed]) -> float:
    """The median time per request, without the first round."""
    return statistics.median(1 / each.rate for each in rounds[1:])
