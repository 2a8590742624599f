"""A segment from the computer to the review page, over real HTTP."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from diary.core.slots import SLOT
from diary.formats.encoding import digest
from diary.objects.segment import parse
from marketplace.contracts.queries import Contract
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
    detail = market.deps.review.slot(client, contract.ctr, START, UTC)
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


def bare(data: bytes, *names: str) -> bytes:
    """The segment without the disclosures of these names."""
    signed, *texts, _ = data.split(b"~")
    gone = {part.digest for part in parse(data).sdjwt.disclosures if part.name in names}
    return b"~".join([signed, *(text for text in texts if digest(text) not in gone), b""])


def nothing(_market: Stand, _desk: Desk, _data: bytes) -> None:
    """Send no picture."""


def pictures(_market: Stand, desk: Desk, data: bytes) -> None:
    for shot in parse(data).pictures.values():
        for part in (shot.blob, shot.thumb):
            assert desk.put_blob(desk.blobs[part.sha256]).status_code == 201


def the_picture_alone(_market: Stand, desk: Desk, data: bytes) -> None:
    shot = parse(data).pictures[0]
    assert desk.put_blob(desk.blobs[shot.blob.sha256]).status_code == 201


def the_thumbnail_alone(_market: Stand, desk: Desk, data: bytes) -> None:
    shot = parse(data).pictures[0]
    assert desk.put_blob(desk.blobs[shot.thumb.sha256]).status_code == 201


def both_and_one_was_damaged(market: Stand, desk: Desk, data: bytes) -> None:
    pictures(market, desk, data)
    (path,) = files_of(market, parse(data).pictures[0].thumb.sha256)
    path.write_bytes(path.read_bytes()[:-1])


def files_of(market: Stand, sha: str) -> list[Path]:
    return list(market.deps.config.data_dir.rglob(sha))


@pytest.mark.parametrize(
    ("before", "left_out", "parts", "codes"),
    [
        pytest.param(pictures, (), 15, [], id="all"),
        pytest.param(pictures, ("note",), 13, ["W_WITHHELD"], id="no-note"),
        pytest.param(pictures, ("memo",), 14, ["E_NOT_RECEIVED", "W_WITHHELD"], id="no-memo"),
        pytest.param(pictures, ("minutes",), 11, ["E_NOT_RECEIVED", "W_WITHHELD"], id="no-minutes"),
        pytest.param(pictures, ("shot_0",), 7, ["E_NOT_RECEIVED", "W_WITHHELD"], id="no-shot"),
        pytest.param(nothing, ("shot_0",), 7, ["E_NOT_RECEIVED", "W_WITHHELD"], id="never-shown"),
        pytest.param(nothing, (), 7, ["E_NOT_RECEIVED", "W_BLOB_MISSING"], id="no-files"),
        pytest.param(
            the_picture_alone, (), 7, ["E_NOT_RECEIVED", "W_BLOB_MISSING"], id="no-thumbnail"
        ),
        pytest.param(
            the_thumbnail_alone, (), 7, ["E_NOT_RECEIVED", "W_BLOB_MISSING"], id="no-picture"
        ),
        pytest.param(
            both_and_one_was_damaged, (), 7, ["E_NOT_RECEIVED", "E_SHOT_HASH"], id="damaged"
        ),
    ],
)
def test_the_leaf_tells_what_had_arrived_with_the_segment(
    market: Stand,
    desk: Desk,
    contract: Contract,
    before: Callable[[Stand, Desk, bytes], None],
    left_out: tuple[str, ...],
    parts: int,
    codes: list[str],
) -> None:
    (data,) = worked(market, desk, contract.ctr, START, note="A note")
    before(market, desk, data)
    answer = desk.put_segment(bare(data, *left_out))
    assert answer.status_code == 201
    assert sorted(f["code"] for f in answer.json()["findings"]) == codes
    assert desk.open(answer.json(), parse(data).hash).leaf.attrs == str(parts)
    payable = 0 if "E_NOT_RECEIVED" in codes else SLOT
    assert market.day(contract.client, contract.ctr).totals.payable_s == payable
    # What comes later changes nothing: the leaf is there for ever.
    for blob in desk.blobs.values():
        desk.put_blob(blob)
    again = desk.put_segment(data)
    assert again.status_code == 200
    assert desk.open(again.json(), parse(data).hash).leaf.attrs == str(parts)
    assert market.day(contract.client, contract.ctr).totals.payable_s == payable


def test_a_segment_is_not_logged_before_the_parts_that_its_sender_expects(
    market: Stand, desk: Desk, contract: Contract
) -> None:
    (data,) = worked(market, desk, contract.ctr, START)
    refused = desk.put_segment(data, parts="13")
    assert (refused.status_code, refused.json()["code"]) == (412, "parts_missing")
    assert desk.call("GET", "/v1/me").json()["heads"] == []
    for wrong in ("64", "-1", "x", "1.0", "01", ""):
        assert desk.put_segment(data, parts=wrong).status_code == 422
    pictures(market, desk, data)
    answer = desk.put_segment(data, parts="13")
    assert (answer.status_code, answer.json()["findings"]) == (201, [])
    assert desk.open(answer.json(), parse(data).hash).leaf.attrs == "13"
    # What is logged is answered, whatever became of the parts since.
    (path,) = files_of(market, parse(data).pictures[0].blob.sha256)
    path.unlink()
    assert desk.put_segment(data, parts="63").status_code == 200


def test_a_picture_that_comes_after_its_segment_is_missed_until_then(
    market: Stand, desk: Desk, contract: Contract
) -> None:
    (data,) = worked(market, desk, contract.ctr, START)
    answer = desk.put_segment(data)
    codes = [f["code"] for f in answer.json()["findings"]]
    assert codes == ["E_NOT_RECEIVED", "W_BLOB_MISSING"]
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
    assert (listed["day"]["payable"], listed["week"]["payable"]) == (2 * SLOT, 2 * SLOT)
    run = {"kid": desk.key.kid, "epoch": 0, "first": 0, "last": 1, "given_back": False}
    assert listed["counted"] == [run]


def test_a_change_of_the_computer_is_a_warning_whichever_of_them_comes_first(
    market: Stand, desk: Desk, contract: Contract, enrolled: Callable[[Contract], Desk]
) -> None:
    other = enrolled(contract)
    (first,) = worked(market, desk, contract.ctr, START)
    other.fetch_beacon(START + SLOT)
    other.sign_in()
    second = other.work(contract.ctr, START + SLOT, START + SLOT, START + SLOT + 200)
    market.clock.to(START + SLOT + 203)
    # The later one is here first: nothing is known of the other yet.
    assert [f["code"] for f in other.send(second)["findings"]] == []
    desk.send(first)
    rows = {row.hash: found for row, _, found in diary(market, contract)}
    assert [f.code for f in rows[parse(second).hash]] == ["W_DEVICE_SWITCH"]
    assert rows[parse(first).hash] == ()
    day = market.day(contract.client, contract.ctr)
    assert day.totals.payable_s == SLOT + 200
    assert day.badge.ok


def diary(market: Stand, contract: Contract):  # type: ignore[no-untyped-def]
    person = market.account(contract.freelancer)
    return market.deps.review.diary(person, contract.ctr, START - SLOT, START + 9 * SLOT)


def test_two_computers_of_one_freelancer_share_a_contract_but_no_second_is_paid_twice(
    market: Stand, desk: Desk, contract: Contract, enrolled: Callable[[Contract], Desk]
) -> None:
    other = enrolled(contract)
    (data,) = worked(market, desk, contract.ctr, START)
    other.fetch_beacon(START)
    other.sign_in()
    late = other.work(contract.ctr, START, START + 300, memo="On the other computer")
    desk.send(data)
    codes = [f["code"] for f in other.send(late)["findings"]]
    assert codes == ["W_DEVICE_SWITCH", "W_OVERLAP"]
    day = market.day(contract.client, contract.ctr)
    assert (day.totals.tracked_s, day.totals.overlap_s, day.totals.payable_s) == (900, 300, 600)
    assert [mark.code for mark in day.cells[0].marks] == ["overlap"]
    assert day.badge.ok
