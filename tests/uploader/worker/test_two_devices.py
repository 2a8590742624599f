"""Two devices of one freelancer at a real marketplace: each has the credited time of both."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from diary.core.day_bounds import day_bounds
from diary.core.slots import SLOT, slot_of
from diary.objects.segment import parse
from tests.marketplace.simulated_device import SimulatedDevice
from tests.time_zone import in_zone
from tests.uploader import proxy as faults
from tests.uploader.client_under_test import ClientUnderTest
from tests.uploader.proxy import FaultProxy

Pair = tuple[ClientUnderTest, FaultProxy]


@pytest.fixture
def laptop(at_work: Pair) -> Iterator[SimulatedDevice]:
    """The other device, on the same contract."""
    client, _ = at_work
    device = SimulatedDevice(client.marketplace.url, client.marketplace.deps.clock.real_s)
    device.enrol(client.marketplace.code(client.contract.freelancer))
    device.sign_in()
    yield device
    device.http.close()


def totals(client: ClientUnderTest) -> tuple[int, int]:
    return client.outbox.totals(client.clock.ms // 1000, client.contract.ctr)


def recorded_elsewhere(client: ClientUnderTest, laptop: SimulatedDevice, seconds: int) -> bytes:
    """The other device records and sends; the clock is after it."""
    begin = client.clock.ms // 1000 + 1
    slot = slot_of(begin)
    assert slot == slot_of(begin + seconds)
    laptop.fetch_beacon(slot)
    made = laptop.work(client.contract.ctr, slot, begin, begin + seconds)
    client.clock.to(begin + seconds + 1)
    laptop.send(made)
    return made


def contact(client: ClientUnderTest) -> None:
    worker = client.worker or client.start_worker()
    worker.refresh()
    worker.step()


def test_the_time_of_the_other_device_is_known_after_a_contact_and_kept_offline(
    at_work: Pair, laptop: SimulatedDevice
) -> None:
    client, proxy = at_work
    client.many(3, pictures=0)
    client.drain()
    recorded_elsewhere(client, laptop, 40)
    assert totals(client) == (6, 6)
    contact(client)
    assert totals(client) == (46, 46)
    proxy.always = faults.reset_at_once
    client.many(2, pictures=0)
    assert totals(client) == (50, 50)
    client.restart()
    assert totals(client) == (50, 50)


@pytest.mark.parametrize("zone", ["Asia/Kathmandu", "America/Los_Angeles", "UTC"])
def test_today_is_this_computers_day_for_the_time_of_both_devices(
    at_work: Pair, laptop: SimulatedDevice, zone: str
) -> None:
    client, _ = at_work
    recorded_elsewhere(client, laptop, 40)
    with in_zone(zone):
        client.many(3, pictures=0)
        client.drain()
        contact(client)
        figure = client.outbox.cache.figure(client.contract.ctr)
        assert figure is not None
        day = day_bounds(client.clock.ms // 1000)
        assert (figure.day_from, figure.day_s) == (day.begin_s, 46)
        assert totals(client) == (46, 46)
        client.clock.to(day.end_s + SLOT)
        assert totals(client) == (0, 46)
        contact(client)
        assert totals(client) == (0, 46)
        client.many(1, pictures=0)
        assert totals(client) == (2, 48)


def test_a_segment_whose_answer_was_lost_counts_once(
    at_work: Pair, laptop: SimulatedDevice
) -> None:
    client, proxy = at_work
    recorded_elsewhere(client, laptop, 40)
    client.many(2, pictures=0)
    proxy.applies = lambda exchange: exchange.path.startswith("/v1/segments/")
    proxy.always = faults.reply_lost
    (client.worker or client.start_worker()).step()
    contact(client)
    figure = client.outbox.cache.figure(client.contract.ctr)
    assert figure is not None
    assert figure.week_s > 40, "the marketplace has counted one that has no receipt here"
    assert totals(client) == (44, 44)
    proxy.always = None
    client.drain()
    contact(client)
    assert totals(client) == (44, 44)


def test_time_that_both_devices_have_counts_once(at_work: Pair, laptop: SimulatedDevice) -> None:
    client, _ = at_work
    begin = client.clock.ms // 1000 + 1
    laptop.fetch_beacon(slot_of(begin))
    there = laptop.work(client.contract.ctr, slot_of(begin), begin, begin + 6)
    here = client.many(3, pictures=0)
    assert parse(here[0]).segment.t0 == parse(there).segment.t0
    laptop.send(there)
    client.drain()
    contact(client)
    assert totals(client) == (6, 6)
    day = client.marketplace.day(client.contract.client, client.contract.ctr, begin)
    assert (day.totals.payable_s, day.totals.overlap_s) == (6, 6)
    assert begin // SLOT == (begin + 6) // SLOT
