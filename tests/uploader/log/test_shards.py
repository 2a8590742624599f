"""The marketplace changes its log's key: announced it is followed, unannounced it is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.uploader import proxy as faults
from tests.uploader.proxy import Exchange, FaultProxy
from uploader.errors import Problem

if TYPE_CHECKING:
    from tests.uploader.office import Office

    Pair = tuple[Office, FaultProxy]


def names(office: Office, folder: str) -> list[str]:
    return sorted(path.name for path in (office.root / folder).iterdir())


def test_an_announced_key_is_followed_in_mid_run_and_remembered(at_work: Pair) -> None:
    office, proxy = at_work
    made = office.many(2, pictures=0)
    office.drain()
    office.market.deps.log.rotate()
    made += office.many(2, pictures=0)
    office.drain()
    office.assert_all_arrived_once(made)
    assert office.outbox.incidents() == ()
    assert len(names(office, "keys")) == 2
    assert {"2026", "2026-2"} <= set(names(office, "checkpoints"))
    # After a restart the key is known, and greeted, without another look at the announcement.
    office.restart()
    proxy.requests.clear()
    made += office.many(1, pictures=0)
    office.drain()
    office.assert_all_arrived_once(made)
    assert ("GET", "/log/keys") not in proxy.requests


def test_what_waits_is_compared_over_the_change(at_work: Pair) -> None:
    office, _ = at_work
    office.many(2, pictures=0)
    office.drain()
    office.market.deps.log.rotate()
    office.many(1, pictures=0)
    office.drain()
    worker = office.worker
    assert worker is not None
    worker.wake()
    worker.step()
    assert names(office, "checkpoints/owed") == []
    assert not (office.root / "evidence").exists()


def test_a_key_that_nobody_announced_is_refused_and_nothing_is_lost(at_work: Pair) -> None:
    office, proxy = at_work
    office.drain()
    office.market.deps.log.rotate()
    made = office.many(2, pictures=0)
    proxy.applies = lambda exchange: exchange.path == "/log/keys"

    def nothing(exchange: Exchange) -> None:
        exchange.answer(200, b'{"keys":[]}', "application/json")

    proxy.always = nothing
    worker = office.worker or office.start_worker()
    for _ in range(4):
        office.watch.wait(worker.step())
    assert worker.status.problem == Problem.LOG_KEY_CHANGED
    assert worker.status.waiting == 2
    # It is announced after all: everything goes out.
    proxy.always = None
    worker.wake()
    office.drain()
    office.assert_all_arrived_once(made)


def test_who_joins_later_believes_the_shards_before_too(newcomer: Pair) -> None:
    office, _ = newcomer
    office.market.deps.log.rotate()
    member = office.join()
    assert [verifier.name.rpartition("/")[2] for verifier in member.pinned.verifiers] == [
        "2026",
        "2026-2",
    ]
    office.fetch_what_work_needs()
    # The contract's terms are in the first shard.
    assert [info.title for info in office.outbox.contracts()] == ["Acme shop rebuild"]
    made = office.many(1, pictures=0)
    office.drain()
    office.assert_all_arrived_once(made)
    assert office.outbox.incidents() == ()


def test_a_log_that_cannot_be_read_keeps_nothing_from_being_sent(at_work: Pair) -> None:
    office, proxy = at_work
    proxy.applies = lambda exchange: "/tile/" in exchange.path
    proxy.always = faults.reset_at_once
    made = office.many(3, pictures=0)
    office.drain()
    office.assert_all_arrived_once(made)
    worker = office.worker
    assert worker is not None
    assert worker.status.problem is None
    assert names(office, "checkpoints/owed")
    proxy.always = None
    office.restart()
    worker = office.start_worker()
    worker.step()
    assert names(office, "checkpoints/owed") == []
