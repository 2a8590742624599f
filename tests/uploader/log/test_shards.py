"""The marketplace changes its log's key: an announced key is trusted, others are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.uploader import proxy as faults
from tests.uploader.proxy import Exchange, FaultProxy
from uploader.errors import Problem

if TYPE_CHECKING:
    from tests.uploader.client_under_test import ClientUnderTest

    Pair = tuple[ClientUnderTest, FaultProxy]


def names(client: ClientUnderTest, folder: str) -> list[str]:
    return sorted(path.name for path in (client.root / folder).iterdir())


def test_an_announced_key_is_followed_in_mid_run_and_remembered(at_work: Pair) -> None:
    client, proxy = at_work
    made = client.many(2, pictures=0)
    client.drain()
    client.marketplace.deps.log.rotate()
    made += client.many(2, pictures=0)
    client.drain()
    client.assert_all_arrived_once(made)
    assert client.outbox.incidents() == ()
    assert len(names(client, "keys")) == 2
    assert {"2026", "2026-2"} <= set(names(client, "checkpoints"))
    # After a restart the key is known without the announcement.
    client.restart()
    proxy.requests.clear()
    made += client.many(1, pictures=0)
    client.drain()
    client.assert_all_arrived_once(made)
    assert ("GET", "/log/keys") not in proxy.requests


def test_what_waits_is_compared_over_the_change(at_work: Pair) -> None:
    client, _ = at_work
    client.many(2, pictures=0)
    client.drain()
    client.marketplace.deps.log.rotate()
    client.many(1, pictures=0)
    client.drain()
    worker = client.worker
    assert worker is not None
    worker.wake()
    worker.step()
    assert names(client, "checkpoints/owed") == []
    assert not (client.root / "evidence").exists()


def test_an_unannounced_key_is_refused_and_nothing_is_lost(at_work: Pair) -> None:
    client, proxy = at_work
    client.drain()
    client.marketplace.deps.log.rotate()
    made = client.many(2, pictures=0)
    proxy.applies = lambda exchange: exchange.path == "/log/keys"

    def nothing(exchange: Exchange) -> None:
        exchange.answer(200, b'{"keys":[]}', "application/json")

    proxy.always = nothing
    worker = client.worker or client.start_worker()
    for _ in range(4):
        client.watch.wait(worker.step())
    assert worker.status.problem == Problem.LOG_KEY_CHANGED
    assert worker.status.waiting == 2
    # It is announced after all: everything is uploaded.
    proxy.always = None
    worker.wake()
    client.drain()
    client.assert_all_arrived_once(made)


def test_a_device_that_joins_later_trusts_earlier_shards(newcomer: Pair) -> None:
    client, _ = newcomer
    client.marketplace.deps.log.rotate()
    member = client.join()
    assert [verifier.name.rpartition("/")[2] for verifier in member.pinned.verifiers] == [
        "2026",
        "2026-2",
    ]
    client.fetch_what_work_needs()
    # The contract's terms are in the first shard.
    assert [info.title for info in client.outbox.contracts()] == ["Acme shop rebuild"]
    made = client.many(1, pictures=0)
    client.drain()
    client.assert_all_arrived_once(made)
    assert client.outbox.incidents() == ()


def test_an_unreadable_log_does_not_stop_uploads(at_work: Pair) -> None:
    client, proxy = at_work
    proxy.applies = lambda exchange: "/tile/" in exchange.path
    proxy.always = faults.reset_at_once
    made = client.many(3, pictures=0)
    client.drain()
    client.assert_all_arrived_once(made)
    worker = client.worker
    assert worker is not None
    assert worker.status.problem is None
    assert names(client, "checkpoints/owed")
    proxy.always = None
    client.restart()
    worker = client.start_worker()
    worker.step()
    assert names(client, "checkpoints/owed") == []
