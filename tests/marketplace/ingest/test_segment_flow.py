"""A segment from the computer to the review page, over real HTTP."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from diary.core.slots import SLOT
from diary.formats.encoding import digest
from diary.objects.segment import parse
from marketplace.contracts.queries import Contract
from tests.marketplace.live_marketplace import START, UTC, LiveMarketplace
from tests.marketplace.simulated_device import SimulatedDevice, worked
from tests.marketplace.stored_bytes import replace_bytes


def test_a_worked_slot_is_answered_with_a_receipt_and_shown_checked(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract
) -> None:
    (data,) = worked(marketplace, device, contract.ctr, START)
    assert device.send(data)["findings"] == []
    day = marketplace.day(contract.client, contract.ctr)
    assert day.badge.ok
    assert (day.badge.checked, day.badge.total) == (1, 1)
    (slot,) = day.slots
    assert (slot.slot, slot.level, slot.memo) == (START, "9", "Checkout: address form")
    assert slot.picture is not None
    assert slot.marks == ()
    assert day.totals.payable_s == day.totals.tracked_s == day.totals.week_s == SLOT
    client = marketplace.account(contract.client)
    detail = marketplace.deps.review.slot(client, contract.ctr, START, UTC)
    assert [s.hash for s in detail.segments] == [parse(data).hash]
    assert detail.segments[0].assurance == "A"
    assert detail.findings == ()
    assert [row.keys for row in detail.rows] == [7 * i for i in range(10)]


def test_the_same_bytes_again_get_the_same_leaf(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract
) -> None:
    (data,) = worked(marketplace, device, contract.ctr, START)
    first = device.open(device.send(data), parse(data).hash)
    again = device.put_segment(data)
    assert again.status_code == 200
    second = device.open(again.json(), parse(data).hash)
    assert (second.index, second.leaf) == (first.index, first.leaf)
    assert marketplace.day(contract.client, contract.ctr).totals.payable_s == SLOT


def test_segments_that_arrive_in_any_order_make_one_whole_chain(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract
) -> None:
    first, second, third = worked(marketplace, device, contract.ctr, START, count=3)
    assert [f["code"] for f in device.send(third)["findings"]] == ["E_GAP"]
    assert [f["code"] for f in device.send(first)["findings"]] == []
    assert not marketplace.day(contract.client, contract.ctr).badge.ok
    assert [f["code"] for f in device.send(second)["findings"]] == []
    day = marketplace.day(contract.client, contract.ctr)
    assert day.badge.ok
    assert day.totals.payable_s == 3 * SLOT
    # The finding about the gap disappeared when the gap was filled.
    assert (
        marketplace.deps.review.home(marketplace.account(contract.client)).rows[0].exceptions == 0
    )


def bare(data: bytes, *names: str) -> bytes:
    """The segment without the disclosures of these names."""
    signed, *texts, _ = data.split(b"~")
    gone = {part.digest for part in parse(data).sdjwt.disclosures if part.name in names}
    return b"~".join([signed, *(text for text in texts if digest(text) not in gone), b""])


def nothing(_market: LiveMarketplace, _desk: SimulatedDevice, _data: bytes) -> None:
    """Send no picture."""


def pictures(_market: LiveMarketplace, device: SimulatedDevice, data: bytes) -> None:
    for shot in parse(data).pictures.values():
        for part in (shot.blob, shot.thumb):
            assert device.put_blob(device.blobs[part.sha256]).status_code == 201


def the_picture_alone(_market: LiveMarketplace, device: SimulatedDevice, data: bytes) -> None:
    shot = parse(data).pictures[0]
    assert device.put_blob(device.blobs[shot.blob.sha256]).status_code == 201


def the_thumbnail_alone(_market: LiveMarketplace, device: SimulatedDevice, data: bytes) -> None:
    shot = parse(data).pictures[0]
    assert device.put_blob(device.blobs[shot.thumb.sha256]).status_code == 201


def both_and_one_was_damaged(
    marketplace: LiveMarketplace, device: SimulatedDevice, data: bytes
) -> None:
    pictures(marketplace, device, data)
    sha = parse(data).pictures[0].thumb.sha256
    replace_bytes(marketplace.deps.blobs, sha, device.blobs[sha][:-1])


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
def test_the_leaf_shows_what_had_arrived_with_the_segment(
    marketplace: LiveMarketplace,
    device: SimulatedDevice,
    contract: Contract,
    before: Callable[[LiveMarketplace, SimulatedDevice, bytes], None],
    left_out: tuple[str, ...],
    parts: int,
    codes: list[str],
) -> None:
    (data,) = worked(marketplace, device, contract.ctr, START, note="A note")
    before(marketplace, device, data)
    answer = device.put_segment(bare(data, *left_out))
    assert answer.status_code == 201
    assert sorted(f["code"] for f in answer.json()["findings"]) == codes
    assert device.open(answer.json(), parse(data).hash).leaf.attrs == str(parts)
    payable = 0 if "E_NOT_RECEIVED" in codes else SLOT
    assert marketplace.day(contract.client, contract.ctr).totals.payable_s == payable
    # Later data changes nothing: the leaf is permanent.
    for blob in device.blobs.values():
        device.put_blob(blob)
    again = device.put_segment(data)
    assert again.status_code == 200
    assert device.open(again.json(), parse(data).hash).leaf.attrs == str(parts)
    assert marketplace.day(contract.client, contract.ctr).totals.payable_s == payable


def test_a_segment_is_not_logged_before_the_parts_that_its_sender_expects(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract
) -> None:
    (data,) = worked(marketplace, device, contract.ctr, START)
    refused = device.put_segment(data, parts="13")
    assert (refused.status_code, refused.json()["code"]) == (412, "parts_missing")
    assert device.call("GET", "/v1/me").json()["heads"] == []
    for wrong in ("64", "-1", "x", "1.0", "01", ""):
        assert device.put_segment(data, parts=wrong).status_code == 422
    pictures(marketplace, device, data)
    answer = device.put_segment(data, parts="13")
    assert (answer.status_code, answer.json()["findings"]) == (201, [])
    assert device.open(answer.json(), parse(data).hash).leaf.attrs == "13"
    # A logged segment gets a response, whatever happened to its parts since.
    marketplace.deps.blobs.erase(parse(data).pictures[0].blob.sha256)
    assert device.put_segment(data, parts="63").status_code == 200


def test_a_picture_that_arrives_after_its_segment_is_missing_until_then(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract
) -> None:
    (data,) = worked(marketplace, device, contract.ctr, START)
    answer = device.put_segment(data)
    codes = [f["code"] for f in answer.json()["findings"]]
    assert codes == ["E_NOT_RECEIVED", "W_BLOB_MISSING"]
    (slot,) = marketplace.day(contract.client, contract.ctr).slots
    assert slot.picture is None
    assert slot.no_picture is not None
    assert slot.no_picture.code == "missing"
    for blob in device.blobs.values():
        assert device.put_blob(blob).status_code == 201
    (slot,) = marketplace.day(contract.client, contract.ctr).slots
    assert slot.picture is not None
    assert slot.no_picture is None


def test_the_device_reads_where_its_chains_stand(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract
) -> None:
    first, second = worked(marketplace, device, contract.ctr, START, count=2)
    device.send(second)
    device.send(first)
    me = device.call("GET", "/v1/me").json()
    assert me["sub"] == contract.freelancer
    assert (me["device"]["kid"], me["device"]["name"]) == (device.key.kid, "Ana's laptop")
    assert me["heads"] == [{"ctr": contract.ctr, "seq": 1, "h": parse(second).hash}]
    (listed,) = device.call("GET", "/v1/contracts").json()["contracts"]
    assert (listed["title"], listed["client"]) == ("Acme shop rebuild", "Acme")
    assert (listed["day"]["payable"], listed["week"]["payable"]) == (2 * SLOT, 2 * SLOT)
    run = {"kid": device.key.kid, "epoch": 0, "first": 0, "last": 1, "given_back": False}
    assert listed["counted"] == [run]


def test_a_change_of_the_computer_is_a_warning_whichever_of_them_comes_first(
    marketplace: LiveMarketplace,
    device: SimulatedDevice,
    contract: Contract,
    enrolled: Callable[[Contract], SimulatedDevice],
) -> None:
    other = enrolled(contract)
    (first,) = worked(marketplace, device, contract.ctr, START)
    other.fetch_beacon(START + SLOT)
    other.sign_in()
    second = other.work(contract.ctr, START + SLOT, START + SLOT, START + SLOT + 200)
    marketplace.clock.to(START + SLOT + 203)
    # The later one arrives first: the other is still unknown.
    assert [f["code"] for f in other.send(second)["findings"]] == []
    device.send(first)
    rows = {row.hash: found for row, _, found in diary(marketplace, contract)}
    assert [f.code for f in rows[parse(second).hash]] == ["W_DEVICE_SWITCH"]
    assert rows[parse(first).hash] == ()
    day = marketplace.day(contract.client, contract.ctr)
    assert day.totals.payable_s == SLOT + 200
    assert day.badge.ok


def diary(marketplace: LiveMarketplace, contract: Contract):  # type: ignore[no-untyped-def]
    person = marketplace.account(contract.freelancer)
    return marketplace.deps.review.diary(person, contract.ctr, START - SLOT, START + 9 * SLOT)


def test_two_computers_of_one_freelancer_share_a_contract_but_no_second_is_paid_twice(
    marketplace: LiveMarketplace,
    device: SimulatedDevice,
    contract: Contract,
    enrolled: Callable[[Contract], SimulatedDevice],
) -> None:
    other = enrolled(contract)
    (data,) = worked(marketplace, device, contract.ctr, START)
    other.fetch_beacon(START)
    other.sign_in()
    late = other.work(contract.ctr, START, START + 300, memo="On the other computer")
    device.send(data)
    codes = [f["code"] for f in other.send(late)["findings"]]
    assert codes == ["W_DEVICE_SWITCH", "W_OVERLAP"]
    day = marketplace.day(contract.client, contract.ctr)
    assert (day.totals.tracked_s, day.totals.overlap_s, day.totals.payable_s) == (900, 300, 600)
    assert [mark.code for mark in day.slots[0].marks] == ["overlap"]
    assert day.badge.ok
