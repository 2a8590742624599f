"""A marketplace in memory-backed storage, its backups, and the computers of one freelancer."""

from __future__ import annotations

import contextlib
import copy
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select

from diary.times import SLOT, slot_of
from diary.verify import Report
from marketplace import beacons, schema
from marketplace.app import create_app
from marketplace.config import Config
from marketplace.evidence import owned
from marketplace.market import lock, open_market
from marketplace.people import Contract
from marketplace.server import Server
from tests.histories.exchange import BASE_URL, InProcessTransport, Network, serving
from tests.marketplace.stand import AUD, MovedClock, Stand
from tests.uploader.office import Office, Pocket
from uploader.client import Device, MarketplaceClient
from uploader.transport import Times

_MEMORY = Path("/dev/shm")


@contextlib.contextmanager
def scratch() -> Iterator[Path]:
    """A folder in memory where the system has one: thousands of histories would wear a disk."""
    place = _MEMORY if _MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="workdiary-", dir=place) as name:
        yield Path(name)


class MarketplaceHost:
    """One marketplace that can be stopped, copied and put back."""

    def __init__(self, folder: Path, clock: MovedClock) -> None:
        self.folder = folder
        self.clock = clock
        self.network = Network()
        self._running = contextlib.ExitStack()
        self._stand: Stand | None = None
        self.start()

    @property
    def stand(self) -> Stand:
        assert self._stand is not None
        return self._stand

    def start(self) -> None:
        data = self.folder / "market"
        data.mkdir(parents=True, exist_ok=True)
        config = Config(data, AUD, BASE_URL)
        self._running.enter_context(lock(data))
        deps = self._running.enter_context(open_market(config, self.clock))
        app = create_app(config, deps)
        app.state.deps = deps
        self._running.enter_context(serving(self.network, app))
        # The stand is one object for the whole history, so computers see a restarted marketplace.
        self._stand = self._stand or Stand(BASE_URL, deps, self.clock, Server(app, config))
        self._stand.deps = deps

    def stop(self) -> None:
        self._running.close()

    def back_up(self) -> None:
        """Copy the data folder, as an operator does while the marketplace is down."""
        self.stop()
        backup = self.folder / "backup"
        shutil.rmtree(backup, ignore_errors=True)
        shutil.copytree(self.folder / "market", backup)
        self.start()

    def restore(self) -> None:
        """Put the last copy in the place of the data folder."""
        self.stop()
        shutil.rmtree(self.folder / "market")
        shutil.copytree(self.folder / "backup", self.folder / "market")
        self.start()

    def pass_time(self, seconds: int) -> None:
        """Move the clock, through the minute before each slot, in which its beacon is made."""
        end = self.clock.ms // 1000 + seconds
        while (slot := slot_of(self.clock.ms // 1000) + SLOT) <= end + SLOT:
            if slot - 30 > end:
                break
            self.clock.to(max(slot - 30, self.clock.ms // 1000))
            with self.stand.deps.store.read() as connection:
                missing = beacons.of_slot(connection, slot) is None
            if missing:
                self.stand.deps.beacons._make(slot)
            if slot > end:
                break
            self.clock.to(slot)
        self.clock.to(end)

    def report(self, sub: str) -> Report:
        """The check of everything that the marketplace holds of a person."""
        deps = self.stand.deps
        with deps.store.read() as connection:
            query = select(schema.segment, schema.device.c.sub).join(schema.device)
            rows = connection.execute(query.where(schema.device.c.sub == sub)).all()
            reader = owned(connection, deps.blobs, sub)
            return deps.arrivals._examiner.examine(connection, rows, reader).report


@dataclass
class Computer(Office):
    """A freelancer's computer whose requests stay in this process."""

    network: Network = field(default_factory=Network)

    def make_client(self, device: Device | None, url: str = "") -> MarketplaceClient:
        times = Times(
            uptime_ms=lambda: self.clock.ms - 1_794_000_000_000,
            observe=lambda server, up: self.observed.append((server, up)),
            real_s=lambda: self.clock.ms / 1000,
        )
        transport = InProcessTransport(self.network, times)
        return MarketplaceClient(url or self.market.url, transport, device, self.watch)

    def copied(self, base: Path) -> Computer:
        """Another computer, on a copy of the state folder and of the keyring."""
        self.close()
        shutil.copytree(self.base, base)
        self.restart()
        assert isinstance(self.pocket, Pocket)
        twin = Computer(
            base,
            self.market,
            self.contract,
            pocket=copy.deepcopy(self.pocket),
            network=self.network,
        )
        twin.member = self.member
        twin.signed_in()
        return twin


def computer(host: MarketplaceHost, base: Path, contract: Contract, **options: Any) -> Computer:
    """A new computer that has joined."""
    made = Computer(base, host.stand, contract, network=host.network, **options)
    made.join()
    made.fetch_what_work_needs()
    return made
