"""A marketplace without room for pictures: no time is lost, and what needs no room goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from diary.objects.segment import parse
from marketplace.core.config import Bound, Quotas
from uploader.errors import Problem
from uploader.retry import LONGEST_S, Outcome, Wait, decide

if TYPE_CHECKING:
    from tests.uploader.office import Office
    from tests.uploader.proxy import FaultProxy

    Pair = tuple[Office, FaultProxy]


def limit(office: Office, quotas: Quotas) -> None:
    """Change the limits of the running marketplace."""
    office.market.deps.quota._quotas = quotas


def turns(office: Office, count: int) -> None:
    worker = office.worker or office.start_worker()
    for _ in range(count):
        office.watch.wait(min(worker.step(), 5.0))


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
    office, _ = at_work
    limit(office, quotas)
    made = office.many(4, pictures=1)
    turns(office, 12)
    assert office.worker is not None
    status = office.worker.status
    assert (status.problem, status.refused, status.offline) == (Problem.NO_ROOM.value, 0, False)
    assert status.waiting == len(made) - len(office.stored()) > 0
    for data in office.stored().values():
        assert parse(data).pictures, "none was sent without its picture"
    limit(office, Quotas())
    office.drain()
    office.assert_all_arrived_once(made)
    # The pictures have no moment of the slot; that they were received is what counts here.
    for path in office.root.rglob("*.findings.json"):
        assert b"E_NOT_RECEIVED" not in path.read_bytes()
    assert office.worker.status.problem is None


def test_work_without_pictures_overtakes_work_that_has_no_room(at_work: Pair) -> None:
    office, proxy = at_work
    limit(office, Quotas(waiting=Bound(0, 0)))
    begin = office.clock.ms // 1000 + 1
    made = [
        office.work(begin, begin + 2, pictures=1),
        office.work(begin + 2, begin + 4, pictures=0),
    ]
    office.clock.to(begin + 5)
    turns(office, 12)
    assert set(office.stored()) == {parse(made[1]).hash}
    assert len(proxy.puts("blobs")) <= 2, "a refused picture is not sent again and again"
    limit(office, Quotas())
    office.drain()
    office.assert_all_arrived_once(made)


def test_a_person_can_ask_for_another_try(at_work: Pair) -> None:
    office, _ = at_work
    limit(office, Quotas(account=Bound(0, 0)))
    made = office.many(1, pictures=1)
    turns(office, 3)
    limit(office, Quotas())
    assert office.worker is not None
    office.worker.wake()
    turns(office, 3)
    office.assert_all_arrived_once(made)


def test_without_a_time_it_waits_as_long_as_for_any_trouble() -> None:
    step = decide(Outcome.NO_ROOM, 1, None, 0.0)
    assert step == Wait(LONGEST_S, everything=False)
