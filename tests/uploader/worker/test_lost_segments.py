"""A marketplace that is restored from an old backup gets again what it lost."""

from __future__ import annotations

import contextlib
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from diary.core.findings import Code
from diary.log.receipt import Receipt
from diary.objects.segment import parse
from tests.desktop_fixtures.waiting import wait_for
from tests.marketplace.stand import START, MovedClock
from tests.uploader.office import Office, marketplace
from tests.uploader.proxy import FaultProxy, running
from uploader.errors import Problem
from uploader.store.index import UploadState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from uploader.worker.worker import UploadWorker


class Town:
    """An office before a marketplace that can be taken back to an earlier copy of its folder."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self.stack = contextlib.ExitStack()
        self.proxy = self.stack.enter_context(running(FaultProxy()))
        self.clock = MovedClock()
        self.proxy.now_s = lambda: self.clock.ms / 1000
        self.running = contextlib.ExitStack()
        market = self._open()
        self.office = Office(base / "state", market, market.contract())

    def _open(self):  # type: ignore[no-untyped-def]
        return self.running.enter_context(marketplace(self.base / "market", self.proxy, self.clock))

    def stop(self) -> None:
        self.running.close()

    def start(self) -> None:
        self.office.market = self._open()

    def back_up(self) -> None:
        self.stop()
        shutil.copytree(self.base / "market", self.base / "backup")
        self.start()

    def restore(self) -> None:
        self.stop()
        shutil.rmtree(self.base / "market")
        shutil.copytree(self.base / "backup", self.base / "market")
        self.start()

    def close(self) -> None:
        self.office.close()
        self.running.close()
        self.stack.close()


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    town = Town(tmp_path)
    yield town
    town.close()


def honest(office: Office, slots: int) -> list[bytes]:
    """Work as the recorder does it: whole slots, each with its beacon and its picture."""
    made = []
    worker = office.worker or office.start_worker()
    first = office.clock.ms // 600_000 * 600 + 600
    for slot in range(first, first + slots * 600, 600):
        office.market.reach(slot)
        worker.beacon_step()
        office.clock.to(slot)
        worker.beacon_step()
        made.append(office.work(slot, slot + 600))
    office.clock.to(first + slots * 600 + 3)
    return made


def work_around_a_backup(town: Town, before: int, after: int) -> list[bytes]:
    """Join, upload `before` slots, back up the marketplace, upload `after` more; returns all."""
    office = town.office
    office.join()
    office.fetch_what_work_needs()
    made = honest(office, before)
    office.drain()
    town.back_up()
    made += honest(office, after)
    office.drain()
    return made


def is_confirmed(worker: UploadWorker) -> bool:
    return worker.status.confirmed


def came(office: Office, worker: UploadWorker, slot: int) -> bool:
    office.watch.wait(worker.beacon_step())
    found = office.outbox.beacon(slot)
    return found is not None and found.slot == slot


def findings(office: Office) -> dict[str, set[str]]:
    person = office.market.account(office.contract.freelancer)
    rows = office.market.deps.review.diary(
        person, office.contract.ctr, START - 6000, START + 60_000
    )
    return {row.hash: {f.code.value for f in found} for row, _, found in rows}


def unpaying(codes: set[str]) -> set[str]:
    return {code for code in codes if Code(code).severity == "error"}


def test_what_a_restored_marketplace_lost_is_sent_again_and_paid(town: Town) -> None:
    office = town.office
    made = work_around_a_backup(town, 2, 3)
    office.changes.change_memo(parse(made[3]).hash, "Another memo")
    office.changes.delete(parse(made[4]).hash, {"shot"})
    office.drain()
    hashes = [parse(data).hash for data in made]
    old = {path.name: path.read_bytes() for path in office.root.glob("segments/*/*.tlog-proof")}
    assert office.worker is not None
    assert office.worker.status.waiting == 0
    town.restore()
    assert set(office.stored()) == set(hashes[:2])
    office.watch.wait(301)
    office.worker.step()
    # What is told first is what is missing.
    assert Problem.SERVER_LOST in {t.code for t in office.outbox.incidents()}
    office.drain()
    assert set(office.stored()) == set(hashes)
    rows = office.outbox._index.rows()
    assert {row.state for row in rows} == {UploadState.DONE}
    assert {row.unpaying for row in rows if not office.outbox.gives_back(row)} == {()}
    assert [fact.code for fact in office.worker.status.facts] == []
    found = findings(office)
    assert {name: unpaying(codes) for name, codes in found.items()} == {
        name: set() for name in hashes
    }
    # The receipts of what was lost, and both notes of the log, are evidence.
    evidence = office.root / "evidence"
    for name in hashes[2:]:
        kept = Receipt.parse((evidence / f"{name}.tlog-proof").read_bytes())
        assert kept.leaf.digest == name
        assert kept.data() in old.values()
    (about,) = evidence.glob("shorter-*.json")
    told = json.loads(about.read_bytes())
    assert (evidence / told["older"]).exists()
    assert (evidence / told["newer"]).exists()
    assert parse(office.stored()[hashes[4]]).pictures == {}
    pictures = [p.sha256 for d in made[:4] for s in parse(d).pictures.values() for p in (s.blob,)]
    assert pictures
    assert all(office.market.deps.blobs.path(sha).exists() for sha in pictures)
    office.outbox.deeds.waiting()
    assert office.outbox.waiting_statements() == 0


@pytest.mark.parametrize("news", ["a segment", "a statement", "a beacon"])
def test_a_running_client_notices_the_restore_by_the_next_answer(town: Town, news: str) -> None:
    """Without any time for the next regular comparison."""
    office = town.office
    made = work_around_a_backup(town, 1, 2)
    worker = office.worker
    assert worker is not None
    worker.step()
    assert is_confirmed(worker)
    town.restore()
    if news == "a beacon":
        slot = office.clock.ms // 600_000 * 600 + 600
        office.market.reach(slot)
        office.clock.to(slot)
        wait_for(lambda: came(office, worker, slot), what="the beacon")
    elif news == "a segment":
        made += office.many(1, pictures=0)
    else:
        office.clock.to(office.clock.ms // 1000 + 1)
        office.changes.change_memo(parse(made[0]).hash, "Another memo")
    for _ in range(2):
        pause = worker.step()
        if Problem.SERVER_LOST in {t.code for t in office.outbox.incidents()}:
            break
        # Until the log has been compared, nothing is called sent.
        assert not is_confirmed(worker)
        assert pause == 0
    else:
        raise AssertionError("the loss was not noticed")
    office.drain()
    assert set(office.stored()) == {parse(data).hash for data in made}
    assert is_confirmed(worker)
    assert worker.status.waiting == 0


def test_a_device_that_a_restored_marketplace_lost_is_enrolled_again(town: Town) -> None:
    office = town.office
    town.back_up()
    office.join()
    office.fetch_what_work_needs()
    made = honest(office, 2)
    office.drain()
    town.restore()
    office.watch.wait(400)  # the token has ended
    office.drain()
    office.watch.wait(400)
    office.drain()
    assert set(office.stored()) == {parse(data).hash for data in made}
    assert all(not unpaying(codes) for codes in findings(office).values())


def test_a_log_that_has_grown_again_is_compared_leaf_by_leaf(town: Town) -> None:
    """After the restore others have written as many leaves as were lost."""
    office = town.office
    made = work_around_a_backup(town, 1, 2)
    office.close()
    town.restore()
    for _ in range(20):
        town.office.market.contract("Somebody else's")
    office.restart()
    office.fetch_what_work_needs()
    office.drain()
    assert set(office.stored()) == {parse(data).hash for data in made}


def test_an_honest_marketplace_is_asked_for_no_leaf(town: Town) -> None:
    office = town.office
    office.join()
    office.fetch_what_work_needs()
    honest(office, 2)
    office.drain()
    town.proxy.requests.clear()
    for _ in range(3):
        office.watch.wait(301)
        assert office.worker is not None
        office.worker.step()
        assert office.worker.status.confirmed
    assert not [path for _, path in town.proxy.requests if path.startswith("/log/proof")]
