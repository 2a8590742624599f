"""Two devices of one freelancer at a real marketplace: each knows the credited time of both."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from diary.core.slots import SLOT, slot_of
from diary.objects.segment import parse
from tests.marketplace.desk import Desk
from tests.uploader import proxy as faults
from tests.uploader.office import Office
from tests.uploader.proxy import FaultProxy

Pair = tuple[Office, FaultProxy]


@pytest.fixture
def laptop(at_work: Pair) -> Iterator[Desk]:
    """The other device, on the same contract."""
    office, _ = at_work
    desk = Desk(office.market.url, office.market.deps.clock.real_s)
    desk.enrol(office.market.code(office.contract.freelancer))
    desk.sign_in()
    yield desk
    desk.http.close()


def totals(office: Office) -> tuple[int, int]:
    return office.outbox.totals(office.clock.ms // 1000, office.contract.ctr)


def recorded_elsewhere(office: Office, laptop: Desk, seconds: int) -> bytes:
    """The other device records and sends; the clock stands after it."""
    begin = office.clock.ms // 1000 + 1
    slot = slot_of(begin)
    assert slot == slot_of(begin + seconds)
    laptop.fetch_beacon(slot)
    made = laptop.work(office.contract.ctr, slot, begin, begin + seconds)
    office.clock.to(begin + seconds + 1)
    laptop.send(made)
    return made


def contact(office: Office) -> None:
    worker = office.worker or office.start_worker()
    worker.refresh()
    worker.step()


def test_the_time_of_the_other_device_is_known_after_a_contact_and_kept_offline(
    at_work: Pair, laptop: Desk
) -> None:
    office, proxy = at_work
    office.many(3, pictures=0)
    office.drain()
    recorded_elsewhere(office, laptop, 40)
    assert totals(office) == (6, 6)
    contact(office)
    assert totals(office) == (46, 46)
    proxy.always = faults.reset_at_once
    office.many(2, pictures=0)
    assert totals(office) == (50, 50)
    office.restart()
    assert totals(office) == (50, 50)


def test_a_segment_whose_answer_was_lost_counts_once(at_work: Pair, laptop: Desk) -> None:
    office, proxy = at_work
    recorded_elsewhere(office, laptop, 40)
    office.many(2, pictures=0)
    proxy.applies = lambda exchange: exchange.path.startswith("/v1/segments/")
    proxy.always = faults.reply_lost
    (office.worker or office.start_worker()).step()
    contact(office)
    figure = office.outbox.shelf.figure(office.contract.ctr)
    assert figure is not None
    assert figure.week_s > 40, "the marketplace has counted one that has no receipt here"
    assert totals(office) == (44, 44)
    proxy.always = None
    office.drain()
    contact(office)
    assert totals(office) == (44, 44)


def test_time_that_both_devices_have_counts_once(at_work: Pair, laptop: Desk) -> None:
    office, _ = at_work
    begin = office.clock.ms // 1000 + 1
    laptop.fetch_beacon(slot_of(begin))
    there = laptop.work(office.contract.ctr, slot_of(begin), begin, begin + 6)
    here = office.many(3, pictures=0)
    assert parse(here[0]).segment.t0 == parse(there).segment.t0
    laptop.send(there)
    office.drain()
    contact(office)
    assert totals(office) == (6, 6)
    day = office.market.day(office.contract.client, office.contract.ctr, begin)
    assert (day.totals.payable_s, day.totals.overlap_s) == (6, 6)
    assert begin // SLOT == (begin + 6) // SLOT
