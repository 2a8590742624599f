"""A client, a real marketplace, and a proxy between them that injects network faults."""

from __future__ import annotations

import contextlib
import random
import secrets
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from diary.core.slots import covered_minutes, slot_of
from diary.formats.encoding import b64url_encode, digest
from diary.log.receipt import Receipt
from diary.objects.picture import Blob, Picture
from diary.objects.picture_times import draw_value, scheduled_times
from diary.objects.segment import BeaconRef, Segment, parse, seal
from marketplace.app import create_app
from marketplace.composition import lock, open_services
from marketplace.contracts.queries import Contract
from marketplace.core.config import Config
from marketplace.http.uvicorn_server import Server
from tests.desktop_fixtures.waiting import wait_for
from tests.marketplace.live_marketplace import AUD, START, LiveMarketplace, MovedClock
from tests.marketplace.simulated_device import webp
from tests.uploader.proxy import FaultProxy, running
from uploader.account.device_keys import DeviceKeyStore
from uploader.account.join import CodeLogin, Joining
from uploader.account.keyring import SecretStore
from uploader.account.membership import Membership
from uploader.api.client import DeviceCredentials, MarketplaceClient
from uploader.api.transport import Limits, ServerClockObserver, Transport
from uploader.store.edits import Edits
from uploader.store.outbox import Outbox
from uploader.store.state_folder import StateFolder
from uploader.worker.worker import UploadWorker, WorkerTiming


class MemoryKeyring:
    """A keyring in memory, for tests of other parts."""

    def __init__(self) -> None:
        self.items: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.items.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.items[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.items[service, username]


class Stopwatch:
    """Real seconds; they advance only in `wait`."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.waits: list[float] = []

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds


@contextlib.contextmanager
def marketplace(
    folder: Path, proxy: FaultProxy, clock: MovedClock, **settings: Any
) -> Iterator[LiveMarketplace]:
    """A real marketplace that clients reach through the proxy; `settings` are more of its
    Config.
    """
    with contextlib.ExitStack() as stack:
        bound = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        folder.mkdir(parents=True, exist_ok=True)
        config = Config(folder, AUD, proxy.url, **settings)
        stack.enter_context(lock(folder))
        deps = stack.enter_context(open_services(config, clock))
        deps.beacons.poll_s = 0.02
        server = Server(create_app(config, deps), config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
        thread.start()
        try:
            wait_for(lambda: server.started, what="the marketplace")
            proxy.upstream_port = bound.getsockname()[1]
            yield LiveMarketplace(proxy.url, deps, clock, server)
        finally:
            server.should_exit = True
            thread.join(30)


@dataclass
class ClientUnderTest:
    """A state folder, keys and a marketplace client. `restart` closes and opens all of them."""

    base: Path
    marketplace: LiveMarketplace
    contract: Contract
    limits: Limits = field(default_factory=lambda: Limits(10, 10, 60))
    keyring: SecretStore = field(default_factory=MemoryKeyring)
    watch: Stopwatch = field(default_factory=Stopwatch)
    dice: random.Random = field(default_factory=lambda: random.Random(7))
    observed: list[tuple[int, int]] = field(default_factory=list)
    member: Membership | None = None
    worker: UploadWorker | None = None

    def __post_init__(self) -> None:
        self.open()

    @property
    def clock(self) -> MovedClock:
        return self.marketplace.clock

    def now_ms(self) -> int:
        return self.clock.ms

    @property
    def root(self) -> Path:
        return self.base / AUD

    def open(self) -> None:
        self.folder = StateFolder(self.base, AUD)
        self.outbox = Outbox(self.folder, self.now_ms)
        self.client = self.make_client(None)

    def make_client(self, device: DeviceCredentials | None, url: str = "") -> MarketplaceClient:
        times = ServerClockObserver(
            uptime_ms=lambda: self.clock.ms - 1_794_000_000_000,
            observe=lambda server, up: self.observed.append((server, up)),
            real_s=lambda: self.clock.ms / 1000,
        )
        transport = Transport(times, self.limits)
        return MarketplaceClient(url or self.marketplace.url, transport, device, self.watch)

    def joining(self) -> Joining:
        return Joining(
            self.folder,
            self.outbox,
            self.client,
            DeviceKeyStore(self.keyring),
            now_ms=self.now_ms,
            wait=self.watch.wait,
            random=self.dice.random,
        )

    def join(self, code: str | None = None, **options: Any) -> Membership:
        """Join by a code, and sign in from then on."""
        login = CodeLogin(code or self.marketplace.code(self.contract.freelancer))
        self.member = self.joining().join(login, "Ana's laptop", **options)
        self.signed_in()
        return self.member

    def signed_in(self) -> None:
        """Take the keys out of the keyring and sign in as this device."""
        assert self.member is not None
        assert self.member.enrolment is not None
        self.keys = DeviceKeyStore(self.keyring).load(AUD, self.member.enrolment.kid)
        self.client.close()
        self.client = self.make_client(DeviceCredentials(self.keys.kid, self.keys.auth))

    def start_worker(self, **options: Any) -> UploadWorker:
        assert self.member is not None
        timing = WorkerTiming(now_ms=self.now_ms, monotonic=self.watch, random=self.dice.random)
        self.worker = UploadWorker(
            self.outbox, self.client, self.member, timing, self.keys.signing, **options
        )
        return self.worker

    @property
    def changes(self) -> Edits:
        """Deletions and amendments by this device's user."""
        return Edits(
            self.outbox, self.keys.signing, AUD, now_ms=self.now_ms, random=secrets.token_bytes
        )

    def close(self) -> None:
        if self.worker is not None:
            self.worker.close(10)
            self.worker = None
        self.client.close()
        self.outbox.close()

    def restart(self) -> None:
        self.restart_without_keys()
        if self.member is not None:
            self.signed_in()

    def restart_without_keys(self) -> None:
        self.close()
        self.open()

    def drain(self, turns: int = 2000) -> None:
        """Let the worker take turns until nothing is pending; waiting takes no real time."""
        worker = self.worker or self.start_worker()
        for _ in range(turns):
            pause = worker.step()
            counts = self.outbox.queue.counts()
            pictures = self.outbox.queue.late_pictures(1)
            if not counts.waiting and not pictures and not self.outbox.waiting_statements():
                return
            self.watch.wait(pause)
        raise AssertionError(f"still waiting after {turns} turns: {worker.status}")

    # Recording

    def fetch_what_work_needs(self) -> None:
        """Fetch contracts and the slot's beacon, as the worker does at its start."""
        worker = self.worker or self.start_worker()
        worker.beacon_step()
        worker.step()

    def work(self, t0: int, t1: int, **how: Any) -> bytes:
        """Seal [t0, t1) of one slot and commit it."""
        data = self.sealed(t0, t1, **how)
        self.outbox.commit(self.contract.ctr, self.outbox.head(self.contract.ctr), data)
        return data

    def sealed(
        self, t0: int, t1: int, *, pictures: int | None = None, memo: str = "Write tests"
    ) -> bytes:
        """A segment with the pictures that are due, or with another number of them."""
        assert self.member is not None
        assert self.member.enrolment is not None
        contract = self.outbox.contract(self.contract.ctr)
        head, slot = self.outbox.head(contract.ctr), slot_of(t0)
        beacon = self.outbox.beacon(slot)
        value = self.keys.picture_scheduler(self.member.enrolment.week0).value(slot)
        assert beacon is not None
        assert value is not None
        drawn = draw_value(beacon.val, beacon.slot, slot)
        due = scheduled_times(value, drawn, slot, t0, contract.terms.shots)
        if pictures is not None:
            due = tuple(t0 * 1000 + i for i in range(pictures))
        shots = [self._shot(at) for at in due if at < t1 * 1000]
        covered = covered_minutes(slot, t0, t1)
        body = Segment(
            aud=AUD,
            sub=self.contract.freelancer,
            ctr=contract.ctr,
            terms=contract.terms_hash,
            kind="auto",
            seq=head.seq,
            epoch=head.epoch,
            prev=head.prev,
            slot=slot,
            t0=t0,
            t1=t1,
            up0=t0 * 1000 - 1_794_000_000_000,
            up1=t1 * 1000 - 1_794_000_000_000,
            awake=(t1 - t0) * 1000,
            off=0,
            boot=b64url_encode(bytes(16)),
            bcn=BeaconRef(beacon.slot, beacon.h),
            mom=b64url_encode(value),
            active=sum(covered),
            input="ok",
            pics=len(shots),
            shot="ok" if shots else "ended",
            end="slot",
            tz="Europe/Madrid",
            app="0.1.0",
            os="linux",
        )
        return seal(
            body,
            memo=memo,
            minutes=tuple((5, 1, 0, 3, 0) if inside else None for inside in covered),
            shots=shots,
            signer=self.keys.signing,
            random=secrets.token_bytes,
        )

    def _shot(self, at: int) -> Picture:
        full, thumb = webp(64, 40), webp(32, 20)
        for data in (full, thumb):
            self.outbox.put_blob(data)
        return Picture(
            at=at,
            blob=Blob("image/webp", len(full), digest(full)),
            w=64,
            h=40,
            screen="all",
            thumb=Blob("image/webp", len(thumb), digest(thumb)),
        )

    def many(self, count: int, *, pictures: int | None = 1) -> list[bytes]:
        """`count` short segments in the current slot, sealed; the clock is after them."""
        begin = self.clock.ms // 1000 + 1
        assert slot_of(begin) == slot_of(begin + 2 * count)
        made = [
            self.work(begin + 2 * i, begin + 2 * i + 2, pictures=pictures) for i in range(count)
        ]
        self.clock.to(begin + 2 * count + 1)
        return made

    # Results

    def stored(self) -> dict[str, bytes]:
        """The segments at the marketplace, by hash."""
        person = self.marketplace.account(self.contract.freelancer)
        rows = self.marketplace.deps.review.diary(
            person, self.contract.ctr, START - 6000, START + 6000
        )
        return {row.hash: row.data for row, *_ in rows}

    @staticmethod
    def _place(receipt: bytes) -> tuple[bytes, int]:
        """The shard and the index in it."""
        opened = Receipt.parse(receipt)
        return opened.checkpoint.split(b"\n", 1)[0], opened.index

    def assert_all_arrived_once(self, made: list[bytes]) -> None:
        """Every segment is in the log once, its pictures are stored, its receipt is here."""
        hashes = [parse(data).hash for data in made]
        assert self.stored() == dict(zip(hashes, made, strict=True))
        rows = self.outbox._index.rows()
        assert sorted(r.hash for r in rows) == sorted(hashes)
        files = [(self.root / f"{r.name}.tlog-proof").read_bytes() for r in rows]
        places = [self._place(data) for data in files]
        assert len(set(places)) == len(made)
        pictures = {
            part.sha256
            for data in made
            for shot in parse(data).pictures.values()
            for part in (shot.blob, shot.thumb)
        }
        blobs = self.marketplace.deps.blobs
        assert [sha for sha in pictures if not blobs.has(sha)] == []


@contextlib.contextmanager
def open_client(
    tmp_path: Path, *, joined: bool = True, **settings: Any
) -> Iterator[tuple[ClientUnderTest, FaultProxy]]:
    """A client that has joined a marketplace and has contracts and a beacon."""
    with contextlib.ExitStack() as stack:
        proxy = stack.enter_context(running(FaultProxy()))
        clock = MovedClock()
        proxy.now_s = lambda: clock.ms / 1000
        market = stack.enter_context(marketplace(tmp_path / "market", proxy, clock, **settings))
        client = ClientUnderTest(tmp_path / "state", market, market.contract())
        stack.callback(client.close)
        if joined:
            client.join()
            client.fetch_what_work_needs()
            proxy.seen.clear()
            proxy.requests.clear()
        yield client, proxy
