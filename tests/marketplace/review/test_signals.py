"""The questions of a day: the freelancer sees them first, and they change nothing."""

from __future__ import annotations

from diary.core.slots import SLOT, WEEK, week_of
from marketplace.contracts.queries import Contract
from tests.marketplace.live_marketplace import START, LiveMarketplace
from tests.marketplace.simulated_device import SimulatedDevice, webp, worked

LOCK = week_of(START) + WEEK + 43_200


def test_the_freelancer_sees_the_questions_before_the_client(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract
) -> None:
    picture = webp(colour="#123456")
    for data in worked(marketplace, device, contract.ctr, START, count=3, picture=lambda: picture):
        device.send(data)
    own = marketplace.day(contract.freelancer, contract.ctr)
    assert [signal.code for signal in own.signals] == ["same-picture"]
    assert own.signals[0].slots == (START, START + SLOT, START + 2 * SLOT)
    assert own.signals_from is not None
    assert own.signals_from.timestamp() == LOCK
    assert own.totals.payable_s == 3 * SLOT
    assert marketplace.day(contract.client, contract.ctr).signals == ()
    marketplace.clock.to(LOCK - 1)
    assert marketplace.day(contract.client, contract.ctr).signals == ()
    marketplace.clock.to(LOCK)
    client = marketplace.day(contract.client, contract.ctr)
    assert client.signals == own.signals
    assert client.totals == own.totals


def test_ordinary_work_raises_no_question(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract
) -> None:
    for data in worked(marketplace, device, contract.ctr, START, count=3):
        device.send(data)
    assert marketplace.day(contract.freelancer, contract.ctr).signals == ()
