"""Uploads through the processes of `shared_processes`, and the check of what they received."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Self

import httpx
import psycopg
from sqlalchemy import create_engine, select

from diary.log.checkpoint import open_checkpoint
from diary.log.leaf import LeafType
from diary.log.merkle import root
from diary.log.receipt import Receipt, open_receipt
from diary.objects.received_parts import received_parts
from diary.objects.segment import parse
from marketplace.log import shards
from marketplace.log.audit import audit_log
from marketplace.storage import schema
from tests.desktop_fixtures.waiting import wait_for
from tests.marketplace.shared_answers import RepeatError, renew_token, require
from tests.marketplace.shared_pictures import SentPictures
from tests.marketplace.shared_processes import (
    PATIENCE_S,
    Served,
    SharedMarketplace,
    next_segment,
    send_by,
)
from tests.marketplace.simulated_device import SimulatedDevice

#: Segments of a computer at most: below the limit of segments in a slot.
MOST = 100
#: Seconds without an answer of a process that lives: longer than each time-out of the marketplace.
HUNG_S = 120.0


class Load:
    """Computers that upload through the processes in turn until the block ends. A request without
    an answer, and one that was answered with 503, is repeated at the next process.

    Each of the `threads` uploads for every so many of the `computers` (by number), each for one
    load, with pauses of `pause_s` seconds. `served` returns the processes that take requests. With
    `pictures` each segment has one, which is sent before it.
    """

    def __init__(
        self,
        market: SharedMarketplace,
        served: Callable[[], Sequence[Served]],
        computers: Sequence[int],
        threads: int | None = None,
        pause_s: float = 0.0,
        pictures: SentPictures | None = None,
    ) -> None:
        self._pictures = pictures
        self._served = served
        self._threads = threads or len(computers)
        self._pause_s = pause_s
        self._ended = threading.Event()
        self._gate = threading.Lock()
        first = served()
        self._devices = [
            (market.device(n, first[n % len(first)]), market.computers[n].ctr) for n in computers
        ]
        self._pool = ThreadPoolExecutor(self._threads)
        for device, _ in self._devices:
            device.http.timeout = httpx.Timeout(HUNG_S)
            device.http.event_hooks = {"response": [self._timed]}
        self._terms: dict[str, str] = {}
        self.receipts: dict[str, bytes] = {}
        #: The segments with a receipt, and their computers.
        self.sent: dict[str, tuple[SimulatedDevice, bytes]] = {}
        self.refused = 0
        self.unanswered = 0
        #: Requests that a process neither answered nor ended within `HUNG_S`.
        self.hung = 0
        #: The longest time until an answer, in seconds.
        self.longest_s = 0.0

    def __enter__(self) -> Self:
        self._runs = [self._pool.submit(self._run, n) for n in range(self._threads)]
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        for run in self._runs:
            run.result(PATIENCE_S)
        self._pool.shutdown()

    def wait_for(self, more: int) -> None:
        """Wait until so many more segments have a receipt."""
        goal = len(self.receipts) + more

        def reached() -> bool:
            self.require_running()
            return len(self.receipts) >= goal

        wait_for(reached, timeout=PATIENCE_S, what=f"{more} more receipts")

    def require_running(self) -> None:
        """Raise the error of a thread that has ended."""
        for run in self._runs:
            if run.done():
                run.result()

    def _run(self, number: int) -> None:
        turn = number
        while not self._ended.is_set():
            busy = False
            for at in range(number, len(self._devices), self._threads):
                device, ctr = self._devices[at]
                if len(device.segments.get(ctr, ())) >= MOST:
                    continue
                busy = True
                turn += 1
                self._upload(device, ctr, turn)
                self._ended.wait(self._pause_s)
            if not busy:
                self._ended.wait()

    def _upload(self, device: SimulatedDevice, ctr: str, turn: int) -> None:
        """Upload the next segment, at least once, until it has a receipt or the block ends."""
        data: bytes | None = None
        while not self._ended.is_set():
            served = self._served()
            if served:
                send_by(device, served[turn % len(served)])
                turn += 1
                try:
                    data = data or self._sealed(device, ctr)
                    self._send(device, data)
                except RepeatError:
                    self.refused += 1
                except httpx.ReadTimeout:
                    self.hung += 1
                except httpx.HTTPError:
                    self.unanswered += 1
                else:
                    return
            self._ended.wait(0.02)

    def _timed(self, answer: httpx.Response) -> None:
        answer.read()
        self.longest_s = max(self.longest_s, answer.elapsed.total_seconds())

    def _sealed(self, device: SimulatedDevice, ctr: str) -> bytes:
        """The next segment, under terms that it asks for once."""
        if ctr not in self._terms:
            answer = device.call("GET", "/v1/contracts")
            require(answer, 200)
            self._terms[ctr] = device.contract_in(answer, ctr)[1]
        picture = None if self._pictures is None else self._pictures.new()
        return next_segment(device, ctr, self._terms[ctr], picture)

    def _send(self, device: SimulatedDevice, data: bytes) -> None:
        sealed = parse(data)
        if self._pictures is not None:
            for shot in sealed.pictures.values():
                for part in (shot.blob, shot.thumb):
                    self._pictures.send(device, device.blobs[part.sha256])
        # Refused if a picture is missing whose upload was confirmed.
        parts = None if self._pictures is None else str(received_parts(sealed, lambda _: True))
        answer = device.put_segment(data, parts=parts)
        renew_token(device, answer)
        require(answer, 200, 201)
        device.open(answer.json(), sealed.hash)
        with self._gate:
            self.sent[sealed.hash] = (device, data)
            self.receipts[sealed.hash] = answer.json()["receipt"].encode()


def check_log(market: SharedMarketplace, receipts: dict[str, bytes]) -> int:
    """Require that the log has one history without a gap, in which every receipt is proven and no
    object has two leaves; returns the number of leaves.
    """
    engine = create_engine(
        "postgresql+psycopg://", creator=lambda: psycopg.connect(market.server.url(market.database))
    )
    try:
        with engine.connect() as connection:
            (shard,) = shards.read(connection)
            rows = connection.execute(select(schema.leaf.c.idx, schema.leaf.c.digest)).all()
            stored = connection.execute(select(schema.node)).all()
        assert sorted(row.idx for row in rows) == list(range(len(rows)))
        index = {row.digest: row.idx for row in rows}
        assert len(index) == len(rows), "an object has two leaves"
        nodes = {(row.level, row.pos): row.hash for row in stored}
        for name, receipt in receipts.items():
            open_receipt(receipt, [shard.verifier], type=LeafType.SEGMENT, object_digest=name)
            found = Receipt.parse(receipt)
            assert found.index == index[name], "a receipt names another leaf"
            signed = open_checkpoint(found.checkpoint, [shard.verifier])
            history = root(signed.size, lambda level, pos: nodes[level, pos])
            assert signed.root == history, "a receipt is of another history"
        assert audit_log(engine.connect, [shard.verifier]) == []
    finally:
        engine.dispose()
    return len(rows)
