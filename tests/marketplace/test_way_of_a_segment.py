"""A segment from the computer to the review page, over real HTTP."""

from __future__ import annotations

from collections.abc import Callable

from diary.segment import parse
from diary.times import SLOT
from marketplace.people import Contract
from tests.marketplace.desk import Desk, worked
from tests.marketplace.stand import START, UTC, Stand


def test_a_worked_slot_is_answered_with_a_receipt_and_shown_checked(
    market: Stand, desk: Desk, contract: Contract
) -> None:
    (data,) = worked(market, desk, contract.ctr, START)
    assert desk.send(data)["findings"] == []
    day = market.day(contract.client, contract.ctr)
    assert day.badge.ok
    assert (day.badge.checked, day.badge.total) == (1, 1)
    (cell,) = day.cells
    assert (cell.slot, cell.level, cell.memo) == (START, "9", "Checkout: address form")
    assert cell.picture is not None
    assert cell.marks == ()
    assert day.totals.payable_s == day.totals.tracked_s == day.totals.week_s == SLOT
    client = market.account(contract.client)
    detail = market.deps.review.cell(client, contract.ctr, START, UTC)
    assert [s.hash for s in detail.segments] == [parse(data).hash]
    assert detail.segments[0].assurance == "A"
    assert detail.findings == ()
    assert [row.keys for row in detail.rows] == [7 * i for i in range(10)]


def test_sending_the_same_again_gets_the_same_leaf(
    market: Stand, desk: Desk, contract: Contract
) -> None:
    (data,) = worked(market, desk, contract.ctr, START)
    first = desk.open(desk.send(data), parse(data).hash)
    again = desk.put_segment(data)
    assert again.status_code == 200
    second = desk.open(again.json(), parse(data).hash)
    assert (second.index, second.leaf) == (first.index, first.leaf)
    assert market.day(contract.client, contract.ctr).totals.payable_s == SLOT


def test_segments_that_arrive_in_any_order_make_one_whole_chain(
    market: Stand, desk: Desk, contract: Contract
) -> None:
    first, second, third = worked(market, desk, contract.ctr, START, count=3)
    assert [f["code"] for f in desk.send(third)["findings"]] == ["E_GAP"]
    assert [f["code"] for f in desk.send(first)["findings"]] == []
    assert not market.day(contract.client, contract.ctr).badge.ok
    assert [f["code"] for f in desk.send(second)["findings"]] == []
    day = market.day(contract.client, contract.ctr)
    assert day.badge.ok
    assert day.totals.payable_s == 3 * SLOT
    # What the gap had left in the list of findings went away when it was filled.
    assert market.deps.review.home(market.account(contract.client)).rows[0].exceptions == 0


def test_a_picture_that_comes_after_its_segment_is_missed_until_then(
    market: Stand, desk: Desk, contract: Contract
) -> None:
    (data,) = worked(market, desk, contract.ctr, START)
    answer = desk.put_segment(data)
    assert [f["code"] for f in answer.json()["findings"]] == ["W_BLOB_MISSING"]
    (cell,) = market.day(contract.client, contract.ctr).cells
    assert cell.picture is None
    assert cell.no_picture is not None
    assert cell.no_picture.code == "missing"
    for blob in desk.blobs.values():
        assert desk.put_blob(blob).status_code == 201
    (cell,) = market.day(contract.client, contract.ctr).cells
    assert cell.picture is not None
    assert cell.no_picture is None


def test_the_device_reads_where_its_chains_stand(
    market: Stand, desk: Desk, contract: Contract
) -> None:
    first, second = worked(market, desk, contract.ctr, START, count=2)
    desk.send(second)
    desk.send(first)
    me = desk.call("GET", "/v1/me").json()
    assert me["sub"] == contract.freelancer
    assert (me["device"]["kid"], me["device"]["name"]) == (desk.key.kid, "Ana's laptop")
    assert me["heads"] == [{"ctr": contract.ctr, "seq": 1, "h": parse(second).hash}]
    (listed,) = desk.call("GET", "/v1/contracts").json()["contracts"]
    assert (listed["title"], listed["client"]) == ("Acme shop rebuild", "Acme")
    assert listed["week_s"] == 2 * SLOT


def test_two_computers_of_one_freelancer_share_a_contract_but_no_second_is_paid_twice(
    market: Stand, desk: Desk, contract: Contract, enrolled: Callable[[Contract], Desk]
) -> None:
    other = enrolled(contract)
    (data,) = worked(market, desk, contract.ctr, START)
    other.fetch_beacon(START)
    other.sign_in()
    late = other.work(contract.ctr, START, START + 300, memo="On the other computer")
    desk.send(data)
    assert [f["code"] for f in other.send(late)["findings"]] == ["W_OVERLAP"]
    day = market.day(contract.client, contract.ctr)
    assert (day.totals.tracked_s, day.totals.overlap_s, day.totals.payable_s) == (900, 300, 600)
    assert [mark.code for mark in day.cells[0].marks] == ["overlap"]
    assert day.badge.ok
