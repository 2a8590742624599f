"""Wrong receipts and two histories of the log are refused and kept as evidence."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from diary.formats.ed25519 import SigningKey
from diary.formats.encoding import digest
from diary.log.leaf import Leaf, LeafType
from diary.log.receipt import Receipt
from diary.log.signed_note import NoteSigner
from diary.objects.segment import parse
from tests.diary.world import Log
from tests.marketplace.live_marketplace import AUD, START
from tests.uploader import proxy as faults
from tests.uploader.exchanges import on_segments
from tests.uploader.proxy import Exchange, FaultProxy
from uploader.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.uploader.client_under_test import ClientUnderTest

    Pair = tuple[ClientUnderTest, FaultProxy]

ORIGIN = f"{AUD}/log/2026"


def _receipt_of(body: bytes) -> Receipt:
    return Receipt.parse(json.loads(body)["receipt"].encode())


def _with_receipt(change: Callable[[Receipt], bytes]) -> faults.Fault:
    def swap(body: bytes) -> bytes:
        answer = json.loads(body)
        if "receipt" not in answer:
            return body
        return json.dumps({**answer, "receipt": change(_receipt_of(body)).decode()}).encode()

    return faults.mangled(swap)


def _flipped(place: int) -> Callable[[Receipt], bytes]:
    def flip(receipt: Receipt) -> bytes:
        data = bytearray(receipt.data())
        data[place] = ord("A") if data[place] != ord("A") else ord("B")
        return bytes(data)

    return flip


def _forged(rt_ms: int, key: SigningKey | None = None) -> Callable[[Receipt], bytes]:
    """A receipt of another log for the right segment."""

    def forge(receipt: Receipt) -> bytes:
        log = Log(origin=ORIGIN)
        if key is not None:
            log.signer = NoteSigner(ORIGIN, key)
        return log.receipt(log.append(Leaf(LeafType.SEGMENT, receipt.leaf.digest, rt_ms, "13")))

    return forge


def _for_another(receipt: Receipt) -> bytes:
    log = Log(origin=ORIGIN)
    return log.receipt(log.append(Leaf(LeafType.SEGMENT, digest(b"x"), receipt.leaf.rt_ms, "13")))


@pytest.mark.parametrize(
    "change",
    [
        _flipped(5),
        _flipped(60),
        _flipped(-10),
        _flipped(-120),
        lambda _: b"",
        lambda _: b"thank you",
        lambda receipt: receipt.data()[:-1],
        lambda receipt: receipt.data() + b"\n",
        _forged(START * 1000),
        _for_another,
    ],
)
def test_a_wrong_receipt_is_refused_and_shown(
    at_work: Pair, change: Callable[[Receipt], bytes]
) -> None:
    client, proxy = at_work
    proxy.applies = on_segments
    proxy.always = _with_receipt(change)
    made = client.many(2, pictures=0)
    worker = client.worker
    assert worker is not None
    for _ in range(6):
        client.watch.wait(worker.step())
    assert (worker.status.waiting, worker.status.problem) == (2, "wrong_receipt")
    assert not worker.status.offline
    assert list(client.root.rglob("segments/*/*.tlog-proof")) == []
    proxy.always = None
    client.drain()
    client.assert_all_arrived_once(made)
    assert worker.status.problem is None


def _log_key(client: ClientUnderTest) -> SigningKey:
    """The marketplace's own log key may sign anything, but cannot change time."""
    return client.marketplace.deps.log._signer.key


@pytest.mark.parametrize(
    ("off_s", "believed"), [(-59, True), (59, True), (-61, False), (61, False)]
)
def test_a_receipt_of_another_time_is_refused(at_work: Pair, off_s: int, believed: bool) -> None:
    client, proxy = at_work
    proxy.applies = on_segments
    client.many(1, pictures=0)
    proxy.plan.append(_with_receipt(_forged(client.clock.ms + off_s * 1000, _log_key(client))))
    worker = client.worker
    assert worker is not None
    worker.step()
    assert worker.status.waiting == (0 if believed else 1)
    assert worker.status.problem == (None if believed else "wrong_time")


def test_a_receipt_of_long_ago_is_good_for_a_segment_that_was_there(at_work: Pair) -> None:
    """The first response was lost; weeks later the retry gets the first leaf."""
    client, proxy = at_work
    proxy.applies = on_segments
    proxy.plan.append(faults.reply_lost)
    made = client.many(1, pictures=0)
    worker = client.worker
    assert worker is not None
    worker.step()
    client.clock.to(client.clock.ms / 1000 + 3 * 7 * 86_400)
    client.drain()
    client.assert_all_arrived_once(made)


def test_a_receipt_from_before_the_work_is_refused_even_so(at_work: Pair) -> None:
    client, proxy = at_work
    proxy.applies = on_segments
    (data,) = client.many(1, pictures=0)
    too_early = (parse(data).segment.t1 - 61) * 1000

    def again(exchange: Exchange) -> None:
        reply = exchange.forward()
        text = json.loads(reply.body)
        text["receipt"] = _forged(too_early, _log_key(client))(_receipt_of(reply.body)).decode()
        exchange.answer(200, json.dumps(text).encode(), "application/json")

    proxy.plan.append(again)
    worker = client.worker
    assert worker is not None
    worker.step()
    assert worker.status.problem == "wrong_time"


def test_two_histories_are_kept_as_evidence_and_void_nothing(at_work: Pair) -> None:
    client, proxy = at_work
    made = client.many(2, pictures=0)
    worker = client.worker
    assert worker is not None
    worker.step()
    largest = (client.root / "checkpoints" / "2026").read_bytes()
    size = int(largest.split(b"\n")[1])
    log = Log(origin=ORIGIN)
    log.signer = NoteSigner(ORIGIN, _log_key(client))
    third = client.many(1, pictures=0)[0]

    def split(receipt: Receipt) -> bytes:
        for i in range(size - 1):
            log.append(Leaf(LeafType.SEGMENT, digest(b"%d" % i), client.clock.ms, "13"))
        leaf = Leaf(LeafType.SEGMENT, receipt.leaf.digest, client.clock.ms, "13")
        return log.receipt(log.append(leaf))

    proxy.applies = on_segments
    proxy.plan.append(_with_receipt(split))
    worker.step()
    assert worker.status.waiting == 0
    assert [notice.code for notice in worker.status.notices] == [Problem.SPLIT_VIEW]
    kept = {path.read_bytes() for path in (client.root / "evidence").glob("*.checkpoint")}
    assert kept == {largest, log.checkpoint()}
    (about,) = (client.root / "evidence").glob("split-*.json")
    views = json.loads(about.read_bytes())["said"]
    assert [each["from"].split()[0] for each in views] == ["segment", "segment"]
    assert all(each["at_ms"] > 0 for each in views)
    assert len(client.stored()) == len([*made, third])
