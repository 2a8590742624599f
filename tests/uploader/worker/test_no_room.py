"""A marketplace without storage for pictures: no time is lost, and other uploads continue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from diary.objects.segment import parse
from marketplace.core.config import Bound, Quotas
from uploader.errors import Problem
from uploader.retry import LONGEST_S, Outcome, Wait, decide

if TYPE_CHECKING:
    from tests.uploader.client_under_test import ClientUnderTest
    from tests.uploader.proxy import FaultProxy

    Pair = tuple[ClientUnderTest, FaultProxy]


def limit(client: ClientUnderTest, quotas: Quotas) -> None:
    """Change the limits of the running marketplace."""
    client.marketplace.deps.quota._quotas = quotas


def turns(client: ClientUnderTest, count: int) -> None:
    worker = client.worker or client.start_worker()
    for _ in range(count):
        client.watch.wait(min(worker.step(), 5.0))


@pytest.mark.parametrize(
    "quotas",
    [
        Quotas(contract=Bound(2, 1 << 30)),
        Quotas(account=Bound(2, 1 << 30)),
        Quotas(waiting=Bound(1, 1 << 30)),
    ],
    ids=["contract", "account", "waiting"],
)
def test_pictures_and_their_segments_wait_for_room_and_then_all_arrive(
    at_work: Pair, quotas: Quotas
) -> None:
    client, _ = at_work
    limit(client, quotas)
    made = client.many(4, pictures=1)
    turns(client, 12)
    assert client.worker is not None
    status = client.worker.status
    assert (status.problem, status.refused, status.offline) == (Problem.NO_ROOM.value, 0, False)
    assert status.waiting == len(made) - len(client.stored()) > 0
    for data in client.stored().values():
        assert parse(data).pictures, "none was sent without its picture"
    limit(client, Quotas())
    client.drain()
    client.assert_all_arrived_once(made)
    # The pictures are not at a picture time of the slot; only their arrival matters here.
    for path in client.root.rglob("*.findings.json"):
        assert b"E_NOT_RECEIVED" not in path.read_bytes()
    assert client.worker.status.problem is None


def test_work_without_pictures_overtakes_work_that_has_no_room(at_work: Pair) -> None:
    client, proxy = at_work
    limit(client, Quotas(waiting=Bound(0, 0)))
    begin = client.clock.ms // 1000 + 1
    made = [
        client.work(begin, begin + 2, pictures=1),
        client.work(begin + 2, begin + 4, pictures=0),
    ]
    client.clock.to(begin + 5)
    turns(client, 12)
    assert set(client.stored()) == {parse(made[1]).hash}
    assert len(proxy.puts("blobs")) <= 2, "a refused picture is not sent again and again"
    limit(client, Quotas())
    client.drain()
    client.assert_all_arrived_once(made)


def test_a_person_can_ask_for_another_try(at_work: Pair) -> None:
    client, _ = at_work
    limit(client, Quotas(account=Bound(0, 0)))
    made = client.many(1, pictures=1)
    turns(client, 3)
    limit(client, Quotas())
    assert client.worker is not None
    client.worker.wake()
    turns(client, 3)
    client.assert_all_arrived_once(made)


def test_without_a_time_it_waits_as_long_as_for_any_trouble() -> None:
    step = decide(Outcome.NO_ROOM, 1, None, 0.0)
    assert step == Wait(LONGEST_S, everything=False)
