"""Processes of one marketplace that share a PostgreSQL database, each a real `serve --shared`."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx

from diary.core.slots import covered_minutes
from marketplace.composition import lock, open_services
from marketplace.core.clock import system_ms
from marketplace.core.config import DATABASE_URL, Config
from marketplace.core.storage_settings.s3 import S3Settings
from marketplace.http.services import Services
from tests.desktop_fixtures.waiting import wait_for
from tests.load.crowd import Computer, now_s, populate
from tests.marketplace.postgresql_server import PostgresqlServer
from tests.marketplace.simulated_device import SimulatedDevice

NAME = "workdiary.localhost"
#: The address of a proxy that the tests do without: they choose the process themselves.
BASE_URL = "http://127.0.0.1:1"
#: Seconds for the start of a process, and for another one to take the lease, on a busy machine.
PATIENCE_S = 120.0


@dataclass
class Served:
    """A running process."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def get(self, path: str, *, timeout_s: float = 30, **headers: str) -> httpx.Response:
        sent = {"Host": BASE_URL.partition("//")[2], **headers}
        return httpx.get(self.url + path, headers=sent, timeout=timeout_s, trust_env=False)

    def role(self) -> str | None:
        """`leader` or `follower`; None while it does not answer."""
        with contextlib.suppress(httpx.HTTPError):
            answer = self.get("/readyz")
            found = re.search(r"role: (\w+)", answer.text)
            return found[1] if answer.status_code == 200 and found else None
        return None

    def wait_until_leader(self) -> None:
        wait_for(lambda: self.role() == "leader", timeout=PATIENCE_S, what="the lease")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(30)

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)


@dataclass
class SharedMarketplace:
    """A data folder and a database, with computers that were enrolled before. Pictures are in the
    folder, or at the address `blobs`.
    """

    folder: Path
    server: PostgresqlServer
    database: str
    computers: list[Computer]
    blobs: str | None = None
    processes: list[Served] = field(default_factory=list)
    devices: list[SimulatedDevice] = field(default_factory=list)

    def start(self, *arguments: str) -> Served:
        """Start a process; it serves on return."""
        served = self.begin(*arguments)
        self.wait_until_served(served)
        return served

    def begin(self, *arguments: str) -> Served:
        """Start a process on a free port and do not wait."""
        with socket.create_server(("127.0.0.1", 0)) as bound:
            port = bound.getsockname()[1]
        log = self.folder.parent / f"{self.folder.name}-{port}.log"
        argv = [
            *(sys.executable, "-m", "marketplace", "serve", "--shared", "--port", str(port)),
            *("--data-dir", str(self.folder), "--base-url", BASE_URL, *arguments),
        ]
        with log.open("ab") as output:
            process = subprocess.Popen(argv, stdout=output, stderr=output, env=self.environment())
        served = Served(f"http://127.0.0.1:{port}", process, log)
        self.processes.append(served)
        return served

    def wait_until_served(self, served: Served) -> None:
        def answers() -> bool:
            assert served.alive, served.log.read_text()
            return served.role() is not None

        wait_for(answers, timeout=PATIENCE_S, what="the process to serve")

    def environment(self) -> dict[str, str]:
        place = {} if self.blobs is None else {"WORKDIARY_BLOBS": self.blobs}
        return {**os.environ, DATABASE_URL: self.server.url(self.database), **place}

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run another command of the marketplace on the data folder."""
        command, *rest = arguments
        return subprocess.run(
            [sys.executable, "-m", "marketplace", command, "--data-dir", str(self.folder), *rest],
            env=self.environment(), capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip

    def device(self, number: int, served: Served) -> SimulatedDevice:
        """A signed-in computer that sends to a process."""
        device = self.unsigned_device(number, served)
        device.sign_in()
        return device

    def unsigned_device(self, number: int, served: Served) -> SimulatedDevice:
        computer = self.computers[number]
        device = SimulatedDevice(
            BASE_URL, now_s, key=computer.key, auth=computer.auth, seed=computer.seed,
            local=served.url,
        )  # fmt: skip
        device.sub, device.enrolment = computer.sub, computer.enrolment
        device.keep_beacon(computer.beacon)
        self.devices.append(device)
        return device

    def wait_until_checked(self) -> None:
        """Wait until the processes have checked all segments."""

        def checked() -> bool:
            with self.server.connect(self.database) as connection:
                left = connection.execute("SELECT 1 FROM segment WHERE NOT checked LIMIT 1")
                return left.fetchone() is None

        wait_for(checked, timeout=PATIENCE_S, what="the checks")

    def findings(self) -> set[tuple[str, str, str]]:
        """Segment, subject and code of the stored findings of all segments."""
        with self.server.connect(self.database) as connection:
            rows = connection.execute("SELECT segment, subject, code FROM finding").fetchall()
        return {(segment, subject, code) for segment, subject, code in rows}

    @contextlib.contextmanager
    def opened(self, system: Callable[[], int] = system_ms) -> Iterator[Services]:
        """The services of one more process, which is this one, with a wall clock (Unix ms)."""
        settings = self.server.settings(self.database)
        s3 = None if self.blobs is None else S3Settings.parse(self.blobs, {})
        config = Config(self.folder, NAME, BASE_URL, postgresql=settings, s3=s3, shared=True)
        with lock(self.folder, shared=True), open_services(config, system) as services:
            yield services

    def close(self) -> None:
        for device in self.devices:
            device.http.close()
        self.end()

    def end(self) -> None:
        """Kill all processes."""
        for served in self.processes:
            if served.alive:
                served.signal(signal.SIGCONT)
                served.kill()


def send_by(device: SimulatedDevice, served: Served) -> None:
    """Let a device send its next requests to another process."""
    device.http.base_url = httpx.URL(served.url)


def next_segment(
    device: SimulatedDevice, ctr: str, terms: str, picture: tuple[bytes, bytes] | None = None
) -> bytes:
    """Seal two seconds of the newest slot with a beacon, under the terms with this hash, with a
    full picture and its thumbnail.
    """
    slot = max(device.beacons)
    start = slot + 2 * len(device.segments.get(ctr, ()))
    minutes = tuple(
        (7, 1, 0, 1, None) if covered else None
        for covered in covered_minutes(slot, start, start + 2)
    )
    body = device.body(ctr, terms, slot, start, start + 2, minutes)
    shots = []
    if picture is not None:
        body = replace(body, pics=1, shot="ok")
        shots = [device.shot(start * 1000 + 500, *picture)]
    return device.seal(body, "Checkout: address form", minutes, shots)


@contextlib.contextmanager
def shared_marketplace(
    folder: Path, server: PostgresqlServer, computers: int, blobs: str | None = None
) -> Iterator[SharedMarketplace]:
    """A marketplace with so many computers, each of a separate freelancer, and no process yet.
    `blobs` is the place of the pictures, as in WORKDIARY_BLOBS.
    """
    database = server.create_marketplace()
    sources = ["127.0.0.1"] * computers
    enrolled = populate(folder, NAME, sources, postgresql=server.settings(database))
    made = SharedMarketplace(folder, server, database, enrolled, blobs)
    try:
        yield made
    finally:
        made.close()
        server.drop(database)
