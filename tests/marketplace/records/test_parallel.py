"""The same time on two contracts: counted once for one client, a warning for two clients."""

from __future__ import annotations

from collections.abc import Callable

from diary.core.slots import DAY, SLOT, day_of
from diary.objects.segment import parse
from diary.objects.tombstone import tombstone
from marketplace.contracts.queries import Contract
from marketplace.records import credited_totals
from tests.marketplace.live_marketplace import START, LiveMarketplace
from tests.marketplace.simulated_device import SimulatedDevice, worked

Enrolled = Callable[[Contract], SimulatedDevice]


def recorded_twice(
    marketplace: LiveMarketplace, enrolled: Enrolled, first: Contract, second: Contract
) -> tuple[SimulatedDevice, list[str], list[str]]:
    """Two devices of one freelancer record one slot, on a contract each; the findings on both."""
    device, laptop = enrolled(first), enrolled(first)
    (one,) = worked(marketplace, device, first.ctr, START)
    laptop.fetch_beacon(START)
    laptop.sign_in()
    two = laptop.work(second.ctr, START, START + 60, START + 500)
    sent = [device.send(one), laptop.send(two)]
    found = [[finding["code"] for finding in answer["findings"]] for answer in sent]
    return device, found[0], found[1]


def beside(marketplace: LiveMarketplace, contract: Contract, *, own_client: bool) -> Contract:
    """Another contract of the same freelancer."""
    contracts = marketplace.deps.contracts
    client = contract.client if own_client else contracts.add_account("client", "Harbour Lines")
    made = contracts.add_contract("Timetable", freelancer=contract.freelancer, client=client)
    marketplace.clock.to(marketplace.clock.ms / 1000 + 2)
    return made


def test_time_on_two_contracts_of_one_client_counts_once(
    marketplace: LiveMarketplace, enrolled: Enrolled, contract: Contract
) -> None:
    other = beside(marketplace, contract, own_client=True)
    device, first, second = recorded_twice(marketplace, enrolled, contract, other)
    assert (first, second) == ([], ["W_OVERLAP"])
    for viewer in (contract.client, contract.freelancer):
        of_first, of_second = (marketplace.day(viewer, c.ctr).totals for c in (contract, other))
        assert (of_first.payable_s, of_first.overlap_s) == (600, 0)
        assert (of_second.payable_s, of_second.overlap_s, of_second.tracked_s) == (0, 440, 440)
    for each, codes in ((contract, []), (other, ["W_OVERLAP"])):
        query = {"contract": each.ctr, "from": START, "to": START + SLOT}
        (listed,) = device.call("GET", "/v1/diary", params=query).json()["segments"]
        assert [finding["code"] for finding in listed["findings"]] == codes


def given_back(marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract) -> None:
    """The device deletes the time of its first segment."""
    name = parse(device.segments[contract.ctr][0]).hash
    statement = tombstone(device.key, segment=name, digests=[], scope=["time"], reason="", at=START)
    assert device.post_statement("tombstones", statement).status_code == 201
    assert marketplace.day(contract.client, contract.ctr).totals.payable_s == 0


def paid_s(marketplace: LiveMarketplace, contract: Contract) -> tuple[int, int]:
    """The payable and the overlapping seconds of the day: on its page, and in the stored sums."""
    totals = marketplace.day(contract.client, contract.ctr).totals
    day = day_of(START)
    with marketplace.deps.store.read() as connection:
        days = credited_totals.of_day(connection, contract.freelancer, day, day + DAY)
    stored = days[contract.ctr]
    assert (stored.payable, stored.overlap) == (totals.payable_s, totals.overlap_s)
    return totals.payable_s, totals.overlap_s


def test_time_that_is_given_back_pays_nothing_on_another_contract(
    marketplace: LiveMarketplace, enrolled: Enrolled, contract: Contract
) -> None:
    other = beside(marketplace, contract, own_client=True)
    device, _, _ = recorded_twice(marketplace, enrolled, contract, other)
    assert paid_s(marketplace, other) == (0, 440)
    given_back(marketplace, device, contract)
    assert paid_s(marketplace, other) == (0, 440)


def test_time_that_was_deleted_can_be_recorded_again(
    marketplace: LiveMarketplace, enrolled: Enrolled, contract: Contract
) -> None:
    other = beside(marketplace, contract, own_client=True)
    device = enrolled(contract)
    (one,) = worked(marketplace, device, contract.ctr, START)
    device.send(one)
    given_back(marketplace, device, contract)
    assert device.send(device.work(other.ctr, START, START + 60, START + 500))["findings"] == []
    assert paid_s(marketplace, other) == (440, 0)
    # A second deletion of the same time comes too late to cover it again.
    name = parse(device.segments[contract.ctr][0]).hash
    statement = tombstone(
        device.key, segment=name, digests=[], scope=["time"], reason="again", at=START
    )
    assert device.post_statement("tombstones", statement).status_code == 201
    assert paid_s(marketplace, other) == (440, 0)


def test_time_for_two_clients_is_a_question_that_names_no_other_client(
    marketplace: LiveMarketplace, enrolled: Enrolled, contract: Contract
) -> None:
    other = beside(marketplace, contract, own_client=False)
    _, first, second = recorded_twice(marketplace, enrolled, contract, other)
    assert (first, second) == ([], ["W_PARALLEL"])
    for each, payable, marks in ((contract, 600, []), (other, 440, ["parallel"])):
        day = marketplace.day(each.client, each.ctr)
        assert (day.totals.payable_s, day.totals.overlap_s) == (payable, 0)
        assert [[mark.code for mark in slot.marks] for slot in day.slots] == [marks]
        assert day.badge.ok
    with marketplace.browser(other.client) as browser:
        page = browser.get(f"/contracts/{other.ctr}/days/2026-11-18")
        assert page.status_code == 200
        assert "Also recorded for another client?" in page.text
        for foreign in ("Acme", contract.ctr, contract.client):
            assert foreign not in page.text
