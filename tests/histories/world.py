"""A marketplace in memory-backed storage, its backups, and the computers of one freelancer."""

from __future__ import annotations

import atexit
import contextlib
import copy
import functools
import gc
import random
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar
from unittest import mock

from fastapi import FastAPI
from sqlalchemy import Engine, create_engine, func, select

from diary.core.slots import SLOT, WEEK, slot_of
from diary.formats.ed25519 import SigningKey
from diary.verification.check import Report
from marketplace.app import create_app
from marketplace.composition import lock, open_services
from marketplace.contracts.queries import Contract
from marketplace.core.config import Config
from marketplace.core.rate_limit import Rule, Throttle
from marketplace.http.sessions import set_services
from marketplace.http.uvicorn_server import Server
from marketplace.log import beacons
from marketplace.records import quota
from marketplace.records.examiner import blob_reader_for
from marketplace.storage import schema
from tests.histories.exchange import BASE_URL, InProcessTransport, Network, serving
from tests.marketplace.live_marketplace import AUD, LiveMarketplace, MovedClock
from tests.uploader.client_under_test import ClientUnderTest, MemoryKeyring
from uploader.account.membership import Membership
from uploader.api.client import DeviceCredentials, MarketplaceClient
from uploader.api.transport import ServerClockObserver
from uploader.errors import UploaderError
from uploader.worker.thread_pool import DaemonThreadPool
from uploader.worker.worker import UploadWorker

T = TypeVar("T")
_MEMORY = Path("/dev/shm")
#: The second contract of the same client pays so many seconds a week.
LIMIT_S = 300


@contextlib.contextmanager
def scratch() -> Iterator[Path]:
    """A folder in memory if the system has one: thousands of histories would wear out a disk."""
    place = _MEMORY if _MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="workdiary-", dir=place) as name:
        yield Path(name)


@contextlib.contextmanager
def drawn(seed: int) -> Iterator[None]:
    """Derive keys, salts, names and beacons from a seed during the block, so that the same number
    creates the same history.
    """
    dice = random.Random(seed)

    def token_bytes(count: int | None = None) -> bytes:
        return dice.randbytes(32 if count is None else count)

    def generate() -> SigningKey:
        return SigningKey.from_seed(dice.randbytes(32))

    with (
        mock.patch.object(secrets, "token_bytes", token_bytes),
        mock.patch.object(secrets, "randbelow", dice.randrange),
        mock.patch.object(SigningKey, "generate", generate),
    ):
        yield


@functools.cache
def _app() -> FastAPI:
    """The application of this process; of a marketplace it holds only its `deps`."""
    return create_app(Config(Path(), AUD, BASE_URL))


_engines: list[Engine] = []


def _alike(*args: Any, **options: Any) -> Engine:
    """An engine that shares the compiled statements of the first one: compiling them for each
    history takes a tenth of its time.
    """
    engine = create_engine(*args, **options)
    _engines[:] = _engines or [engine]
    engine.dialect, engine._compiled_cache = _engines[0].dialect, _engines[0]._compiled_cache
    return engine


class _Unlimited(Throttle):
    """Limits nothing: the limits are in real time, and a history is not."""

    def hit(self, rule: Rule, who: str) -> None:
        """Count nothing."""

    def check(self, rule: Rule, who: str) -> None:
        """Refuse nothing."""


class MarketplaceHost:
    """A marketplace that can be stopped, backed up and restored."""

    def __init__(self, folder: Path, clock: MovedClock) -> None:
        self.folder = folder
        self.clock = clock
        self.network = Network(settle=self.settle, payable=self.payable)
        self._running = contextlib.ExitStack()
        self._stand: LiveMarketplace | None = None
        self.start()

    @property
    def stand(self) -> LiveMarketplace:
        assert self._stand is not None
        return self._stand

    def start(self) -> None:
        data = self.folder / "market"
        data.mkdir(parents=True, exist_ok=True)
        config = Config(data, AUD, BASE_URL)
        self._running.enter_context(lock(data))
        with mock.patch("marketplace.storage.engines.sqlite.create_engine", _alike):
            deps = self._running.enter_context(open_services(config, self.clock))
        deps = replace(deps, throttle=_Unlimited())
        app = _app()
        set_services(app, deps)
        self._running.enter_context(serving(self.network, app))
        # One object for the whole history, so that computers see a restarted marketplace.
        self._stand = self._stand or LiveMarketplace(
            BASE_URL, deps, self.clock, Server(app, config)
        )
        self._stand.deps = deps

    def stop(self) -> None:
        self._running.close()

    def back_up(self) -> None:
        """Copy the data folder between two requests, when nothing writes to it."""
        backup = self.folder / "backup"
        shutil.rmtree(backup, ignore_errors=True)
        shutil.copytree(self.folder / "market", backup)

    def restore(self) -> None:
        """Replace the data folder with the last copy."""
        self.stop()
        shutil.rmtree(self.folder / "market")
        shutil.copytree(self.folder / "backup", self.folder / "market")
        self.start()

    def pass_time(self, seconds: int) -> None:
        """Move the clock, through the minute before each slot, in which its beacon is created."""
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

    def settle(self) -> None:
        """Wait for the checks of segments."""
        self.stand.deps.checks.drain()

    def payable(self) -> int:
        """The payable seconds of all contracts, as the marketplace stores and shows them."""
        with self.stand.deps.store.read() as connection:
            return int(
                connection.execute(select(func.sum(schema.daily_total.c.payable))).scalar() or 0
            )

    def paying_seconds(self) -> set[int]:
        """The seconds of the stored segments without a finding that costs pay."""
        columns = schema.segment.c
        with self.stand.deps.store.read() as connection:
            rows = connection.execute(select(columns.t0, columns.t1).where(columns.pays)).all()
        return {second for row in rows for second in range(row.t0, row.t1)}

    def pictures(self) -> set[str]:
        """The digests of the stored pictures and thumbnails."""
        with self.stand.deps.store.read() as connection:
            names = connection.execute(select(schema.blob.c.sha256)).scalars()
            return {name for name in names if self.stand.deps.blobs.has(name)}

    def held_pictures(self) -> set[str]:
        """Those that are charged to a contract, since a segment names them."""
        owner = schema.blob_owner.c
        query = select(owner.sha256).where(owner.ctr != quota.WAITING)
        with self.stand.deps.store.read() as connection:
            return set(connection.execute(query).scalars())

    def sweep(self) -> None:
        """Let the week pass after which pictures without a segment are removed."""
        self.clock.to(self.clock.ms / 1000 + WEEK + 1)
        self.stand.deps.retention.run_once()

    def deletions(self) -> set[str]:
        """The digests of the stored deletions."""
        with self.stand.deps.store.read() as connection:
            return set(connection.execute(select(schema.statement.c.digest)).scalars())

    def report(self, sub: str) -> Report:
        """The check of all records of a person at the marketplace."""
        deps = self.stand.deps
        with deps.store.read() as connection:
            query = select(schema.segment, schema.device.c.sub).join(schema.device)
            rows = connection.execute(query.where(schema.device.c.sub == sub)).all()
            reader = blob_reader_for(connection, deps.blobs, sub)
            return deps.checks._examiner.examine(connection, rows, reader).report


class _OneByOne(DaemonThreadPool):
    """Sends pictures in their order, on the caller's thread, so that a history does not depend on
    the order of threads.
    """

    def map(
        self, items: Iterable[T], work: Callable[[T], None]
    ) -> list[tuple[T, UploaderError | None]]:
        results: list[tuple[T, UploaderError | None]] = []
        for item in items:
            try:
                work(item)
            except UploaderError as error:
                results.append((item, error))
            else:
                results.append((item, None))
        return results


@dataclass
class Computer(ClientUnderTest):
    """A freelancer's computer whose requests stay in this process."""

    network: Network = field(default_factory=Network)

    def make_client(self, device: DeviceCredentials | None, url: str = "") -> MarketplaceClient:
        times = ServerClockObserver(
            uptime_ms=lambda: self.clock.ms - 1_794_000_000_000,
            observe=lambda server, up: self.observed.append((server, up)),
            real_s=lambda: self.clock.ms / 1000,
        )
        transport = InProcessTransport(self.network, times)
        return MarketplaceClient(url or self.marketplace.url, transport, device, self.watch)

    def start_worker(self, **options: Any) -> UploadWorker:
        worker = super().start_worker(**options)
        worker._uploads._pool = _OneByOne(1, "pictures")
        return worker

    def copied(self, base: Path) -> Computer:
        """Another computer, on a copy of the state folder and of the keyring."""
        self.close()
        shutil.copytree(self.base, base)
        self.restart()
        assert isinstance(self.keyring, MemoryKeyring)
        twin = Computer(
            base,
            self.marketplace,
            self.contract,
            keyring=copy.deepcopy(self.keyring),
            network=self.network,
        )
        twin.member = self.member
        twin.signed_in()
        return twin


@dataclass(frozen=True)
class Scene:
    """The beginning of every history: a marketplace with two contracts of one client, the second
    with a weekly limit, and two enrolled computers. Created once, then copied.
    """

    folder: Path
    now_s: float
    contracts: tuple[Contract, Contract]
    joined: tuple[tuple[MemoryKeyring, Membership], ...]

    def play(self, folder: Path) -> tuple[MarketplaceHost, list[Computer]]:
        """A marketplace and its computers on a copy of the beginning."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        clock = MovedClock()
        clock.to(self.now_s)
        host = MarketplaceHost(folder, clock)
        computers = []
        for place, (pocket, member) in enumerate(self.joined):
            made = Computer(
                folder / f"computer-{place}",
                host.stand,
                self.contracts[0],
                keyring=copy.deepcopy(pocket),
                network=host.network,
            )
            made.member = member
            made.signed_in()
            computers.append(made)
        return host, computers


@functools.cache
def scene() -> Scene:
    """The beginning in this process; its folder is removed when the process ends."""
    kept = contextlib.ExitStack()
    atexit.register(kept.close)
    folder = kept.enter_context(scratch())
    with drawn(0):
        host = MarketplaceHost(folder, MovedClock())
        first = host.stand.contract()
        limited = host.stand.deps.contracts.add_contract(
            "Acme support",
            freelancer=first.freelancer,
            client=first.client,
            limit_s=LIMIT_S,
        )
        host.clock.to(host.clock.ms / 1000 + 2)
        joined = []
        for place in range(2):
            made = Computer(folder / f"computer-{place}", host.stand, first, network=host.network)
            made.join()
            made.fetch_what_work_needs()
            made.close()
            assert isinstance(made.keyring, MemoryKeyring)
            assert made.member is not None
            joined.append((made.keyring, made.member))
        host.stop()
    return Scene(folder, host.clock.ms / 1000, (first, limited), tuple(joined))


def prepare() -> None:
    """Create the shared objects of a process's histories, and exclude them from the garbage
    collection, which would otherwise take a quarter of the time.
    """
    scene()
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
