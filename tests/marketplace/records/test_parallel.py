"""The same time on two contracts: of one client it counts once, of two clients it is a question."""

from __future__ import annotations

from collections.abc import Callable

from diary.core.slots import SLOT, day_of
from diary.objects.segment import parse
from diary.objects.tombstone import tombstone
from marketplace.contracts.queries import Contract
from marketplace.records import credited_totals
from tests.marketplace.desk import Desk, worked
from tests.marketplace.stand import START, Stand

Enrolled = Callable[[Contract], Desk]


def recorded_twice(
    market: Stand, enrolled: Enrolled, first: Contract, second: Contract
) -> tuple[Desk, list[str], list[str]]:
    """Two devices of one freelancer record one slot, on a contract each; what is found on both."""
    desk, laptop = enrolled(first), enrolled(first)
    (one,) = worked(market, desk, first.ctr, START)
    laptop.fetch_beacon(START)
    laptop.sign_in()
    two = laptop.work(second.ctr, START, START + 60, START + 500)
    sent = [desk.send(one), laptop.send(two)]
    found = [[finding["code"] for finding in answer["findings"]] for answer in sent]
    return desk, found[0], found[1]


def beside(market: Stand, contract: Contract, *, own_client: bool) -> Contract:
    """Another contract of the same freelancer."""
    people = market.deps.people
    client = contract.client if own_client else people.add_account("client", "Harbour Lines")
    made = people.add_contract("Timetable", freelancer=contract.freelancer, client=client)
    market.clock.to(market.clock.ms / 1000 + 2)
    return made


def test_time_on_two_contracts_of_one_client_counts_once(
    market: Stand, enrolled: Enrolled, contract: Contract
) -> None:
    other = beside(market, contract, own_client=True)
    desk, first, second = recorded_twice(market, enrolled, contract, other)
    assert (first, second) == ([], ["W_OVERLAP"])
    for viewer in (contract.client, contract.freelancer):
        of_first, of_second = (market.day(viewer, c.ctr).totals for c in (contract, other))
        assert (of_first.payable_s, of_first.overlap_s) == (600, 0)
        assert (of_second.payable_s, of_second.overlap_s, of_second.tracked_s) == (0, 440, 440)
    for each, codes in ((contract, []), (other, ["W_OVERLAP"])):
        query = {"contract": each.ctr, "from": START, "to": START + SLOT}
        (told,) = desk.call("GET", "/v1/diary", params=query).json()["segments"]
        assert [finding["code"] for finding in told["findings"]] == codes


def given_back(market: Stand, desk: Desk, contract: Contract) -> None:
    """The device gives back the time of its first segment."""
    name = parse(desk.segments[contract.ctr][0]).hash
    said = tombstone(desk.key, segment=name, digests=[], scope=["time"], reason="", at=START)
    assert desk.say("tombstones", said).status_code == 201
    assert market.day(contract.client, contract.ctr).totals.payable_s == 0


def paid_s(market: Stand, contract: Contract) -> tuple[int, int]:
    """The payable and the overlapping seconds of the day: on its page, and in the stored sums."""
    totals = market.day(contract.client, contract.ctr).totals
    with market.deps.store.read() as connection:
        stored = credited_totals.day(connection, contract.ctr, day_of(START))
    assert (stored.payable, stored.overlap) == (totals.payable_s, totals.overlap_s)
    return totals.payable_s, totals.overlap_s


def test_time_that_is_given_back_pays_nothing_on_another_contract(
    market: Stand, enrolled: Enrolled, contract: Contract
) -> None:
    other = beside(market, contract, own_client=True)
    desk, _, _ = recorded_twice(market, enrolled, contract, other)
    assert paid_s(market, other) == (0, 440)
    given_back(market, desk, contract)
    assert paid_s(market, other) == (0, 440)


def test_time_that_was_given_back_can_be_claimed_anew(
    market: Stand, enrolled: Enrolled, contract: Contract
) -> None:
    other = beside(market, contract, own_client=True)
    desk = enrolled(contract)
    (one,) = worked(market, desk, contract.ctr, START)
    desk.send(one)
    given_back(market, desk, contract)
    assert desk.send(desk.work(other.ctr, START, START + 60, START + 500))["findings"] == []
    assert paid_s(market, other) == (440, 0)
    # A second deletion of the same time comes too late to cover it again.
    name = parse(desk.segments[contract.ctr][0]).hash
    said = tombstone(desk.key, segment=name, digests=[], scope=["time"], reason="again", at=START)
    assert desk.say("tombstones", said).status_code == 201
    assert paid_s(market, other) == (440, 0)


def test_time_for_two_clients_is_a_question_that_names_no_other_client(
    market: Stand, enrolled: Enrolled, contract: Contract
) -> None:
    other = beside(market, contract, own_client=False)
    _, first, second = recorded_twice(market, enrolled, contract, other)
    assert (first, second) == ([], ["W_PARALLEL"])
    for each, payable, marks in ((contract, 600, []), (other, 440, ["parallel"])):
        day = market.day(each.client, each.ctr)
        assert (day.totals.payable_s, day.totals.overlap_s) == (payable, 0)
        assert [[mark.code for mark in cell.marks] for cell in day.cells] == [marks]
        assert day.badge.ok
    with market.browser(other.client) as browser:
        page = browser.get(f"/contracts/{other.ctr}/days/2026-11-18")
        assert page.status_code == 200
        assert "Also recorded for another client?" in page.text
        for foreign in ("Acme", contract.ctr, contract.client):
            assert foreign not in page.text
