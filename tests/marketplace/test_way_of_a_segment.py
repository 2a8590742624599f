"""A segment from the computer to the review page, over real HTTP."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from diary.segment import parse
from diary.times import SLOT
from marketplace.people import Contract
from marketplace.signin import account
from tests.marketplace.desk import Desk
from tests.marketplace.stand import START, Stand

UTC = ZoneInfo("UTC")


def worked_slot(market: Stand, desk: Desk, contract: Contract, slot: int) -> bytes:
    """Work through a whole slot and send it three seconds later."""
    market.pass_slot(slot)
    desk.fetch_beacon(slot)
    market.clock.to(slot + SLOT + 3)
    desk.sign_in()
    return desk.work(contract.ctr, slot)


def test_a_worked_slot_is_answered_with_a_receipt_and_shown_checked(
    market: Stand, desk: Desk, contract: Contract
) -> None:
    data = worked_slot(market, desk, contract, START)
    answer = desk.send(data)
    assert answer["findings"] == []
    with market.deps.store.read() as connection:
        client = account(connection, contract.client)
    assert client is not None
    day = market.deps.review.day(client, contract.ctr, dt.date(2026, 11, 18), UTC)
    assert day.badge.ok
    assert (day.badge.checked, day.badge.total) == (1, 1)
    (cell,) = day.cells
    assert (cell.slot, cell.level, cell.memo) == (START, "9", "Checkout: address form")
    assert cell.picture is not None
    assert day.totals.payable_s == day.totals.tracked_s == day.totals.week_s == SLOT
    detail = market.deps.review.cell(client, contract.ctr, START, UTC)
    assert [s.hash for s in detail.segments] == [parse(data).hash]
    assert detail.segments[0].assurance == "A"
    assert detail.findings == ()


def test_sending_the_same_again_gets_the_same_leaf(
    market: Stand, desk: Desk, contract: Contract
) -> None:
    data = worked_slot(market, desk, contract, START)
    first = desk.open(desk.send(data), parse(data).hash)
    again = desk.put_segment(data)
    assert again.status_code == 200
    second = desk.open(again.json(), parse(data).hash)
    assert (second.index, second.leaf) == (first.index, first.leaf)
