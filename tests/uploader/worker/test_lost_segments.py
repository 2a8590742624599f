"""A marketplace restored from an old backup receives the lost objects again."""

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
from diary.objects.tombstone import tombstone
from marketplace.cli import main
from marketplace.core.config import DATABASE_URL
from tests.desktop_fixtures.waiting import wait_for
from tests.marketplace.engines import engines
from tests.marketplace.live_marketplace import START, MovedClock
from tests.uploader.client_under_test import ClientUnderTest, marketplace
from tests.uploader.proxy import Exchange, FaultProxy, running
from uploader.errors import Problem
from uploader.store.erasure import digests_of
from uploader.store.index.rows import UploadState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from uploader.worker.worker import UploadWorker


class RestorableSetup:
    """A client and a marketplace that can be restored from a backup.

    With SQLite the operator stops the marketplace and copies the folder. With PostgreSQL the
    marketplace runs during the backup, which is restored to another database.
    """

    def __init__(self, base: Path, *, postgresql: bool = False) -> None:
        self.base = base
        self.databases = [engines.server.create_marketplace()] if postgresql else []
        self.stack = contextlib.ExitStack()
        self.proxy = self.stack.enter_context(running(FaultProxy()))
        self.clock = MovedClock()
        self.proxy.now_s = lambda: self.clock.ms / 1000
        self.running = contextlib.ExitStack()
        market = self._open()
        self.client = ClientUnderTest(base / "state", market, market.contract())

    def _open(self):  # type: ignore[no-untyped-def]
        database = engines.server.settings(self.databases[-1]) if self.databases else None
        return self.running.enter_context(
            marketplace(self.base / "market", self.proxy, self.clock, postgresql=database)
        )

    def stop(self) -> None:
        self.running.close()

    def start(self) -> None:
        self.client.marketplace = self._open()

    def run(self, command: str) -> None:
        """Run a command of the operator on the folder `backup`."""
        folders = [str(self.base / "backup"), "--data-dir", str(self.base / "market")]
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(DATABASE_URL, engines.server.url(self.databases[-1]))
            assert main([command, *folders]) == 0

    def back_up(self) -> None:
        if self.databases:
            self.run("backup")
            return
        self.stop()
        shutil.copytree(self.base / "market", self.base / "backup")
        self.start()

    def restore(self) -> None:
        self.stop()
        shutil.rmtree(self.base / "market")
        if self.databases:
            self.databases.append(engines.server.create_marketplace())
            self.run("restore")
        else:
            shutil.copytree(self.base / "backup", self.base / "market")
        self.start()

    def close(self) -> None:
        self.client.close()
        self.running.close()
        self.stack.close()
        for database in self.databases:
            engines.server.drop(database)


@pytest.fixture
def setup(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[RestorableSetup]:
    setup = RestorableSetup(tmp_path, postgresql=getattr(request, "param", "") == "postgresql")
    yield setup
    setup.close()


def honest(client: ClientUnderTest, slots: int) -> list[bytes]:
    """Work as the recorder does: whole slots, each with its beacon and its picture."""
    made = []
    worker = client.worker or client.start_worker()
    first = client.clock.ms // 600_000 * 600 + 600
    for slot in range(first, first + slots * 600, 600):
        client.marketplace.advance_to(slot)
        worker.beacon_step()
        client.clock.to(slot)
        worker.beacon_step()
        made.append(client.work(slot, slot + 600))
    client.clock.to(first + slots * 600 + 3)
    return made


def work_around_a_backup(setup: RestorableSetup, before: int, after: int) -> list[bytes]:
    """Join, upload `before` slots, back up the marketplace, upload `after` more; returns all."""
    client = setup.client
    client.join()
    client.fetch_what_work_needs()
    made = honest(client, before)
    client.drain()
    setup.back_up()
    made += honest(client, after)
    client.drain()
    return made


def is_confirmed(worker: UploadWorker) -> bool:
    return worker.status.confirmed


def came(client: ClientUnderTest, worker: UploadWorker, slot: int) -> bool:
    client.watch.wait(worker.beacon_step())
    found = client.outbox.beacon(slot)
    return found is not None and found.slot == slot


def findings(client: ClientUnderTest) -> dict[str, set[str]]:
    person = client.marketplace.account(client.contract.freelancer)
    rows = client.marketplace.deps.review.diary(
        person, client.contract.ctr, START - 6000, START + 60_000
    )
    return {row.hash: {f.code.value for f in found} for row, _, found in rows}


def unpaying(codes: set[str]) -> set[str]:
    return {code for code in codes if Code(code).severity == "error"}


@pytest.mark.parametrize("setup", ["sqlite", "postgresql"], indirect=True)
def test_what_a_restored_marketplace_lost_is_sent_again_and_paid(setup: RestorableSetup) -> None:
    client = setup.client
    made = work_around_a_backup(setup, 2, 3)
    client.changes.change_memo(parse(made[3]).hash, "Another memo")
    client.changes.delete(parse(made[4]).hash, {"shot"})
    client.drain()
    hashes = [parse(data).hash for data in made]
    old = {path.name: path.read_bytes() for path in client.root.glob("segments/*/*.tlog-proof")}
    assert client.worker is not None
    assert client.worker.status.waiting == 0
    setup.restore()
    assert set(client.stored()) == set(hashes[:2])
    client.watch.wait(301)
    client.worker.step()
    # The loss is reported before the parts are sent.
    assert Problem.SERVER_LOST in {t.code for t in client.outbox.incidents()}
    client.drain()
    assert set(client.stored()) == set(hashes)
    rows = client.outbox._index.rows()
    assert {row.state for row in rows} == {UploadState.DONE}
    assert {row.unpaying for row in rows if not client.outbox.gives_back(row)} == {()}
    assert [fact.code for fact in client.worker.status.facts] == []
    found = findings(client)
    assert {name: unpaying(codes) for name, codes in found.items()} == {
        name: set() for name in hashes
    }
    # The receipts of what was lost, and both notes of the log, are evidence.
    evidence = client.root / "evidence"
    for name in hashes[2:]:
        kept = Receipt.parse((evidence / f"{name}.tlog-proof").read_bytes())
        assert kept.leaf.digest == name
        assert kept.data() in old.values()
    (about,) = evidence.glob("shorter-*.json")
    record = json.loads(about.read_bytes())
    assert (evidence / record["older"]).exists()
    assert (evidence / record["newer"]).exists()
    assert parse(client.stored()[hashes[4]]).pictures == {}
    pictures = [p.sha256 for d in made[:4] for s in parse(d).pictures.values() for p in (s.blob,)]
    assert pictures
    assert all(client.marketplace.deps.blobs.has(sha) for sha in pictures)
    client.outbox.statements.waiting()
    assert client.outbox.waiting_statements() == 0


def test_a_checkpoint_that_was_not_compared_yet_shows_the_loss_too(
    setup: RestorableSetup,
) -> None:
    """The restore comes between a receipt and the comparison of its checkpoint."""
    client = setup.client

    def no_tiles(exchange: Exchange) -> None:
        if "/tile/" in exchange.path:
            exchange.answer(503)
        else:
            exchange.reply(exchange.forward())

    client.join()
    client.fetch_what_work_needs()
    honest(client, 2)
    client.drain()
    setup.back_up()
    setup.proxy.always = no_tiles
    made = honest(client, 1)
    client.drain()
    assert client.worker is not None
    assert client.worker.status.waiting == 0
    setup.proxy.always = None
    setup.restore()
    client.watch.wait(301)
    client.worker.step()
    assert Problem.SERVER_LOST in {t.code for t in client.outbox.incidents()}
    assert list(client.root.glob("evidence/shorter-*.json"))
    client.drain()
    assert parse(made[0]).hash in client.stored()


@pytest.mark.parametrize("news", ["a segment", "a statement", "a beacon"])
def test_a_running_client_notices_the_restore_by_the_next_answer(
    setup: RestorableSetup, news: str
) -> None:
    """Without any time for the next regular comparison."""
    client = setup.client
    made = work_around_a_backup(setup, 1, 2)
    worker = client.worker
    assert worker is not None
    worker.step()
    assert is_confirmed(worker)
    setup.restore()
    if news == "a beacon":
        slot = client.clock.ms // 600_000 * 600 + 600
        client.marketplace.advance_to(slot)
        client.clock.to(slot)
        wait_for(lambda: came(client, worker, slot), what="the beacon")
    elif news == "a segment":
        made += client.many(1, pictures=0)
    else:
        client.clock.to(client.clock.ms // 1000 + 1)
        client.changes.change_memo(parse(made[0]).hash, "Another memo")
    for _ in range(2):
        pause = worker.step()
        if Problem.SERVER_LOST in {t.code for t in client.outbox.incidents()}:
            break
        # Until the log has been compared, nothing is called sent.
        assert not is_confirmed(worker)
        assert pause == 0
    else:
        raise AssertionError("the loss was not noticed")
    client.drain()
    assert set(client.stored()) == {parse(data).hash for data in made}
    assert is_confirmed(worker)
    assert worker.status.waiting == 0


def test_a_device_that_a_restored_marketplace_lost_is_enrolled_again(
    setup: RestorableSetup,
) -> None:
    client = setup.client
    setup.back_up()
    client.join()
    client.fetch_what_work_needs()
    made = honest(client, 2)
    client.drain()
    setup.restore()
    client.watch.wait(400)  # the token has ended
    client.drain()
    client.watch.wait(400)
    client.drain()
    assert set(client.stored()) == {parse(data).hash for data in made}
    assert all(not unpaying(codes) for codes in findings(client).values())


def test_a_deletion_that_only_another_device_still_knows_is_sent_again(
    setup: RestorableSetup,
) -> None:
    """The marketplace and the folder of the device that deleted both were restored."""
    client = setup.client
    client.join()
    client.fetch_what_work_needs()
    (made,) = (parse(data) for data in honest(client, 1))
    client.drain()
    shas = [part.sha256 for shot in made.pictures.values() for part in (shot.blob, shot.thumb)]
    assert shas
    lost = ClientUnderTest(client.base.with_name("lost"), client.marketplace, client.contract)
    lost.join()
    lost.close()
    setup.back_up()
    data = tombstone(
        lost.keys.signing,
        segment=made.hash,
        digests=sorted(digests_of(made.sdjwt, "shot_")),
        scope=["shot", "time"],
        reason="deleted",
        at=client.clock.ms // 1000,
    )
    client.client.post_statement("tombstones", data, "application/jose")
    client.watch.wait(301)
    client.drain()
    assert client.outbox.statements.erased(made.hash)
    assert pictures_there(client, shas) == []
    setup.restore()
    assert pictures_there(client, shas) == shas
    client.watch.wait(400)  # the token has ended
    client.drain()
    assert pictures_there(client, shas) == []
    (statement,) = client.outbox.statements.tombstones()
    assert (statement.learnt, statement.state) == (True, UploadState.DONE)


def pictures_there(client: ClientUnderTest, shas: list[str]) -> list[str]:
    return [sha for sha in shas if client.marketplace.deps.blobs.has(sha)]


def test_a_log_that_has_grown_again_is_compared_leaf_by_leaf(setup: RestorableSetup) -> None:
    """After the restore others have written as many leaves as were lost."""
    client = setup.client
    made = work_around_a_backup(setup, 1, 2)
    client.close()
    setup.restore()
    for _ in range(20):
        setup.client.marketplace.contract("Somebody else's")
    client.restart()
    client.fetch_what_work_needs()
    client.drain()
    assert set(client.stored()) == {parse(data).hash for data in made}


def test_an_honest_marketplace_is_asked_for_no_leaf(setup: RestorableSetup) -> None:
    client = setup.client
    client.join()
    client.fetch_what_work_needs()
    honest(client, 2)
    client.drain()
    setup.proxy.requests.clear()
    for _ in range(3):
        client.watch.wait(301)
        assert client.worker is not None
        client.worker.step()
        assert client.worker.status.confirmed
    assert not [path for _, path in setup.proxy.requests if path.startswith("/log/proof")]
