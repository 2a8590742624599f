"""The worker's beacons: fetched in time, proven, and used with their terms."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from diary.core.slots import SLOT
from diary.formats.encoding import digest
from diary.log.leaf import Leaf, LeafType
from diary.log.signed_note import NoteSigner
from tests.desktop_fixtures.waiting import wait_for
from tests.diary.world import Log
from tests.marketplace.live_marketplace import START
from tests.uploader import proxy as faults
from tests.uploader.proxy import Exchange, FaultProxy
from tests.uploader.worker_state import codes, worker_of
from uploader.errors import Problem, StoreError
from uploader.worker.worker import UploadWorker

if TYPE_CHECKING:
    from tests.uploader.client_under_test import ClientUnderTest

    Pair = tuple[ClientUnderTest, FaultProxy]


# Beacons


def test_the_running_slots_beacon_is_fetched_at_once_and_the_next_in_its_minute(
    at_work: Pair,
) -> None:
    client, proxy = at_work
    worker = worker_of(client)
    slot = START
    assert client.outbox.beacon(slot) is not None  # the genesis beacon, of the slot before
    asked = []
    for second in range(slot - 300, slot + 1, 5):
        if second == slot - 60:
            client.marketplace.advance_to(slot)  # goes to slot - 30 and publishes the beacon
            client.clock.to(slot - 60)
        client.clock.to(second)
        before = len(proxy.requests)
        pause = worker.beacon_step()
        assert 0 <= pause <= 15.01
        if len(proxy.requests) > before:
            asked.append((second, proxy.requests[before]))
    assert asked == [(slot - 55, ("GET", f"/v1/beacons/{slot}"))]
    found = client.outbox.beacon(slot)
    assert found is not None
    assert found.slot == slot


def test_devices_spread_their_requests_over_the_minute(at_work: Pair) -> None:
    client, _ = at_work
    beacons = worker_of(client)._beacons
    beacons.spread = True
    planned = []
    for i in range(200):
        beacons._drawn.clear()
        planned.append(beacons._plan(START + i * SLOT) - (START + i * SLOT) * 1000)
    assert min(planned) >= -55_000
    assert max(planned) <= -15_000
    assert max(planned) - min(planned) > 30_000


def test_a_plan_is_made_once_for_a_slot(at_work: Pair) -> None:
    client, _ = at_work
    beacons = worker_of(client)._beacons
    beacons.spread = True
    assert len({beacons._plan(START) for _ in range(20)}) == 1


def test_a_beacon_that_is_not_there_yet_is_asked_for_again(at_work: Pair) -> None:
    client, proxy = at_work
    worker = worker_of(client)
    client.clock.to(START - 54)
    proxy.applies = lambda exchange: exchange.path.startswith("/v1/beacons/")
    proxy.plan.extend([faults.trouble(500), faults.reset_at_once, faults.captive_portal])
    for _ in range(3):
        client.watch.wait(worker.beacon_step())
    client.marketplace.advance_to(START)
    wait_for(lambda: _beacon_came(client, worker), what="the beacon")


def _beacon_came(client: ClientUnderTest, worker: UploadWorker, slot: int = START) -> bool:
    client.watch.wait(worker.beacon_step())
    found = client.outbox.beacon(slot)
    return found is not None and found.slot == slot


def test_a_slot_without_a_beacon_is_worked_with_the_newest(at_work: Pair) -> None:
    """The marketplace was down in that minute: there will never be one."""
    client, proxy = at_work
    worker = worker_of(client)
    client.marketplace.advance_to(START)
    client.clock.to(START + 9 * SLOT + 60)
    problem = json.dumps({"status": 404, "code": "beacon_unknown", "detail": "none"}).encode()

    def unknown(exchange: Exchange) -> None:
        if exchange.path.endswith("current"):
            exchange.reply(exchange.forward())
        else:
            exchange.answer(404, problem, "application/problem+json")

    proxy.applies = lambda exchange: exchange.path.startswith("/v1/beacons/")
    proxy.always = unknown
    for _ in range(10):
        client.watch.wait(worker.beacon_step())
    found = client.outbox.beacon(START + 9 * SLOT)
    assert found is not None
    assert found.slot >= START
    assert codes(client) == []
    assert len(proxy.requests) < 25


def _void_beacon(client: ClientUnderTest) -> bytes:
    """Signed by the marketplace's own key, but logged in the middle of its slot."""
    from diary.objects.beacon import Beacon

    log = Log(origin="workdiary.localhost/log/2026")
    log.signer = NoteSigner(log.origin, client.marketplace.deps.log._signer.key)
    log.append(Leaf(LeafType.SEGMENT, digest(b"x"), START * 1000, "13"))
    obj = Beacon(START, bytes(32)).data()
    leaf = Leaf(LeafType.BEACON, digest(obj), (START + 1) * 1000, str(START))
    return log.receipt(log.append(leaf, obj))


@pytest.mark.parametrize("kind", ["void", "torn", "another slot", "empty"])
def test_a_wrong_beacon_is_refused_and_reported(at_work: Pair, kind: str) -> None:
    client, proxy = at_work
    worker = worker_of(client)
    older = client.outbox.beacon(START)
    assert older is not None
    body = {
        "void": _void_beacon(client),
        "torn": older.data[:-3],
        "another slot": older.data,
        "empty": b"",
    }[kind]
    client.clock.to(START + 2)
    proxy.applies = lambda exchange: exchange.path.startswith("/v1/beacons/")
    proxy.always = lambda exchange: exchange.answer(200, body, "text/plain")
    for _ in range(3):
        client.watch.wait(worker.beacon_step())
    assert set(codes(client)) == {Problem.WRONG_BEACON}
    assert client.outbox.beacon(START) == older


def test_a_beacon_is_used_only_with_the_terms_that_were_logged_before_it(at_work: Pair) -> None:
    client, proxy = at_work
    worker = worker_of(client)
    slot = START + SLOT
    client.marketplace.advance_to(slot)
    proxy.applies = lambda exchange: exchange.path.startswith("/v1/contracts")
    proxy.always = faults.trouble(500)
    proxy.requests.clear()
    client.clock.to(slot)
    pause = worker.beacon_step()
    asked = [path.partition("?")[0] for _, path in proxy.requests if path != "/oauth/token"]
    assert asked == [f"/v1/beacons/{slot}", "/v1/contracts"]
    older = client.outbox.beacon(slot)
    assert older is not None
    assert older.slot < slot
    proxy.always = None
    client.watch.wait(pause)
    wait_for(lambda: _beacon_came(client, worker, slot), what="the beacon")


def test_a_disk_that_refuses_beacons_is_a_problem_only_as_long_as_it_lasts(
    at_work: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, _ = at_work
    worker = worker_of(client)
    worker.step()
    slot = START + SLOT
    client.marketplace.advance_to(slot)
    client.clock.to(slot)

    def refuse(beacon: object, data: bytes) -> None:
        raise StoreError(Problem.DISK_FULL, "beacons")

    with monkeypatch.context() as patch:
        patch.setattr(client.outbox.cache, "keep_beacon", refuse)

        def is_reported() -> bool:
            client.watch.wait(worker.beacon_step())
            worker.step()
            return worker.status.problem == Problem.DISK_FULL

        wait_for(is_reported, what="the disk's refusal")
    wait_for(lambda: _beacon_came(client, worker, slot), what="the beacon")
    worker.step()
    assert worker.status.problem is None
    assert worker.status.notices == ()
