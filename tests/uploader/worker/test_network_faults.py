"""Uploads through a bad network: each segment and picture arrives once."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from diary.objects.segment import parse
from tests.uploader import proxy as faults
from tests.uploader.exchanges import on_batches, on_blobs, on_segments, on_uploads
from tests.uploader.proxy import Exchange, FaultProxy

if TYPE_CHECKING:
    from tests.uploader.client_under_test import ClientUnderTest

    Pair = tuple[ClientUnderTest, FaultProxy]

NETWORK = [
    *faults.NETWORK,
    faults.trouble(503, Retry_After="7"),
    faults.trouble(429, Retry_After="Wed, 18 Nov 2026 09:10:00 GMT"),
    faults.trouble(404),
]


def named(fault: object) -> str:
    return str(getattr(fault, "__qualname__", "fault"))


@pytest.mark.parametrize("fault", [*NETWORK, *faults.JSON_ONLY], ids=named)
def test_a_segment_arrives_once_through(at_work: Pair, fault: faults.Fault) -> None:
    client, proxy = at_work
    proxy.applies = on_segments
    proxy.plan.extend([fault, fault])
    made = client.many(2)
    client.drain()
    client.assert_all_arrived_once(made)
    assert not proxy.plan
    assert client.worker is not None
    assert client.worker.status.problem is None
    sent = {(seen.path, seen.body) for seen in proxy.puts("segments")}
    assert len(sent) == 2  # every retry carried the same bytes


@pytest.mark.parametrize("fault", NETWORK, ids=named)
def test_a_picture_arrives_through(at_work: Pair, fault: faults.Fault) -> None:
    client, proxy = at_work
    proxy.applies = on_blobs
    proxy.plan.extend([fault, fault, fault])
    made = client.many(2)
    client.drain()
    client.assert_all_arrived_once(made)
    assert not proxy.plan


def test_many_network_faults_lose_and_double_nothing(at_work: Pair) -> None:
    client, proxy = at_work
    dice = random.Random(11)
    weather: list[faults.Fault | None] = [*NETWORK, *faults.JSON_ONLY]
    proxy.applies = on_uploads
    storm = [dice.choice([*weather, None, None, None]) for _ in range(150)]
    # Faults of JSON responses do not occur in responses without JSON.
    proxy.plan.extend(storm)
    made = client.many(25)
    client.drain()
    client.assert_all_arrived_once(made)
    assert not proxy.plan
    assert client.outbox.incidents() == ()


def test_the_wait_that_a_server_asks_for_is_kept(at_work: Pair) -> None:
    client, proxy = at_work
    proxy.applies = on_segments
    proxy.plan.append(faults.trouble(429, Retry_After="40"))
    client.many(1, pictures=0)
    client.drain()
    assert max(client.watch.waits) >= 40


def test_requests_are_rare_while_the_marketplace_cannot_be_reached(at_work: Pair) -> None:
    client, proxy = at_work
    worker = client.worker
    assert worker is not None
    proxy.always = faults.captive_portal
    client.many(20)
    proxy.requests.clear()
    began = client.watch.now
    while client.watch.now < began + 3600:
        client.watch.wait(worker.step())
    # An hour with attempts at most five minutes apart, and a few quick first ones.
    assert len(proxy.requests) < 120
    assert worker.status.offline
    assert worker.status.problem == "captive_portal"
    assert worker.status.waiting == 20


def test_weeks_offline_are_normal(at_work: Pair) -> None:
    client, proxy = at_work
    worker = client.worker
    assert worker is not None
    proxy.always = faults.reset_at_once
    made = client.many(30)
    for _ in range(30):
        client.watch.wait(86_400)
        worker.step()
    proxy.always = None
    client.restart()
    client.drain()
    client.assert_all_arrived_once(made)


def test_a_server_that_fails_at_a_few_does_not_hold_up_the_rest(at_work: Pair) -> None:
    client, proxy = at_work
    made = client.many(10, pictures=0)
    poison = [parse(data).hash for data in made[:4]]

    def poisoned(exchange: Exchange) -> bool:
        named = exchange.path.encode() + (exchange.body if on_batches(exchange) else b"")
        return any(each.encode() in named for each in poison)

    proxy.applies = poisoned
    proxy.always = faults.trouble(500)
    worker = client.worker
    assert worker is not None
    for _ in range(40):
        client.watch.wait(worker.step())
    assert set(client.stored()) == {parse(data).hash for data in made[4:]}
    proxy.always = None
    client.drain()
    client.assert_all_arrived_once(made)


def test_a_person_who_asks_is_not_kept_waiting(at_work: Pair) -> None:
    client, proxy = at_work
    worker = client.worker
    assert worker is not None
    proxy.always = faults.trouble(503, Retry_After="3000")
    made = client.many(1)
    worker.step()
    proxy.always = None
    proxy.requests.clear()
    worker.step()
    assert len(proxy.requests) == 0
    worker.wake()
    worker.step()
    client.assert_all_arrived_once(made)
