"""Uploads through a bad network: all arrive exactly once; wrong responses are refused."""

from __future__ import annotations

import json
import random
import threading
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
from tests.uploader.proxy import Exchange, FaultProxy
from uploader.errors import NetworkError, Problem, StoreError
from uploader.retry import LONGEST_ASKED_S
from uploader.store.index.rows import UploadState
from uploader.worker.thread_pool import DaemonThreadPool

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.uploader.client_under_test import ClientUnderTest

    Pair = tuple[ClientUnderTest, FaultProxy]

ORIGIN = f"{AUD}/log/2026"


def on_segments(exchange: Exchange) -> bool:
    return exchange.path.startswith("/v1/segments/")


def on_blobs(exchange: Exchange) -> bool:
    return exchange.path.startswith("/v1/blobs/")


def on_uploads(exchange: Exchange) -> bool:
    return on_segments(exchange) or on_blobs(exchange)


NETWORK = [
    faults.reset_at_once,
    faults.reset_in_the_body,
    faults.reply_lost,
    faults.hung_up,
    faults.cut_short,
    faults.trouble(500),
    faults.trouble(502),
    faults.trouble(503, Retry_After="7"),
    faults.trouble(429, Retry_After="Wed, 18 Nov 2026 09:10:00 GMT"),
    faults.captive_portal,
    faults.redirected("https://elsewhere.example/"),
    faults.redirected("{here}"),
    faults.garbage,
    faults.trouble(404),
]
SEGMENTS_ONLY = [
    faults.huge,
    faults.not_json,
    faults.other_shape,
    faults.cut_short_without_length,
]


def named(fault: object) -> str:
    return str(getattr(fault, "__qualname__", "fault"))


# Without faults


def test_honest_work_arrives_without_any_finding(at_work: Pair) -> None:
    client, _ = at_work
    made = []
    worker = client.worker
    assert worker is not None
    for slot in (START, START + 600):
        client.marketplace.advance_to(slot)
        worker.beacon_step()
        client.clock.to(slot)
        worker.beacon_step()
        made.append(client.work(slot, slot + 600))
    client.clock.to(START + 1203)
    client.drain()
    client.assert_all_arrived_once(made)
    assert list(client.root.rglob("*.findings.json")) == []
    assert client.outbox.incidents() == ()
    status = worker.status
    assert (status.waiting, status.problem, status.offline) == (0, None, False)
    assert status.last_ok_ms == client.clock.ms


def test_nothing_goes_before_the_marketplace_has_reached_its_end(at_work: Pair) -> None:
    client, proxy = at_work
    client.marketplace.advance_to(START)
    assert client.worker is not None
    client.worker.beacon_step()
    made = [client.work(START, START + 100)]  # by a clock ahead of the marketplace's
    assert client.clock.ms < (START + 100) * 1000
    for _ in range(3):
        client.watch.wait(client.worker.step())
    assert proxy.puts("segments") == []
    assert client.worker.status.waiting == 1
    client.clock.to(START + 101)
    client.drain()
    client.assert_all_arrived_once(made)
    assert list(client.root.rglob("*.findings.json")) == []


def test_pictures_go_before_their_segment_and_segments_in_their_order(at_work: Pair) -> None:
    client, proxy = at_work
    made = client.many(5, pictures=2)
    client.drain()
    paths = [seen.path for seen in proxy.seen if seen.method == "PUT"]
    segments = [path for path in paths if "/segments/" in path]
    assert segments == [f"/v1/segments/{parse(data).hash}" for data in made]
    for data in made:
        sent_at = paths.index(f"/v1/segments/{parse(data).hash}")
        for shot in parse(data).pictures.values():
            assert paths.index(f"/v1/blobs/{shot.blob.sha256}") < sent_at
            assert paths.index(f"/v1/blobs/{shot.thumb.sha256}") < sent_at


def test_findings_are_kept_beside_the_segment(at_work: Pair) -> None:
    client, _ = at_work
    (data,) = client.many(1, pictures=2)  # two where one is due
    client.drain()
    (path,) = client.root.rglob("*.findings.json")
    found = json.loads(path.read_bytes())["findings"]
    assert {"subject", "code", "detail"} == set(found[0])
    assert {"E_MOMENT"} <= {finding["code"] for finding in found}
    assert found[0]["subject"].startswith(parse(data).hash)


def test_up_to_three_pictures_are_sent_at_once(at_work: Pair) -> None:
    client, proxy = at_work
    together = threading.Barrier(3)
    proxy.applies = on_blobs

    def wait_for_the_others(exchange: Exchange) -> None:
        together.wait(60)  # a fourth would wait here without end
        exchange.reply(exchange.forward())

    proxy.always = wait_for_the_others
    made = client.many(3, pictures=2)
    assert client.outbox.queue.counts().blobs == 12
    client.drain()
    client.assert_all_arrived_once(made)


def test_a_restart_sends_what_is_left_and_nothing_twice(at_work: Pair) -> None:
    client, proxy = at_work
    first = client.many(2)
    client.drain()
    client.restart()
    second = client.many(2)
    client.restart()
    client.drain()
    client.assert_all_arrived_once([*first, *second])
    assert len(proxy.puts("segments")) == 4


# Faults of the network


@pytest.mark.parametrize("fault", [*NETWORK, *SEGMENTS_ONLY], ids=named)
def test_a_segment_arrives_once_through(at_work: Pair, fault: faults.Fault) -> None:
    client, proxy = at_work
    proxy.applies = on_segments
    proxy.plan.extend([fault, fault])
    made = client.many(2)
    client.drain()
    client.assert_all_arrived_once(made)
    assert not proxy.plan
    assert client.worker is not None
    assert client.worker.status.problem is None
    sent = {(seen.path, seen.body) for seen in proxy.puts("segments")}
    assert len(sent) == 2  # every retry carried the same bytes


@pytest.mark.parametrize("fault", NETWORK, ids=named)
def test_a_picture_arrives_through(at_work: Pair, fault: faults.Fault) -> None:
    client, proxy = at_work
    proxy.applies = on_blobs
    proxy.plan.extend([fault, fault, fault])
    made = client.many(2)
    client.drain()
    client.assert_all_arrived_once(made)
    assert not proxy.plan


def test_a_storm_of_faults_loses_and_doubles_nothing(at_work: Pair) -> None:
    client, proxy = at_work
    dice = random.Random(11)
    weather: list[faults.Fault | None] = [*NETWORK, *SEGMENTS_ONLY]
    proxy.applies = on_uploads
    storm = [dice.choice([*weather, None, None, None]) for _ in range(150)]
    # Faults of JSON responses do not occur in responses without JSON.
    proxy.plan.extend(storm)
    made = client.many(25)
    client.drain()
    client.assert_all_arrived_once(made)
    assert not proxy.plan
    assert client.outbox.incidents() == ()


def test_the_wait_that_a_server_asks_for_is_kept(at_work: Pair) -> None:
    client, proxy = at_work
    proxy.applies = on_segments
    proxy.plan.append(faults.trouble(429, Retry_After="40"))
    client.many(1, pictures=0)
    client.drain()
    assert max(client.watch.waits) >= 40


def test_a_line_that_is_down_is_not_hammered(at_work: Pair) -> None:
    client, proxy = at_work
    worker = client.worker
    assert worker is not None
    proxy.always = faults.captive_portal
    client.many(20)
    proxy.requests.clear()
    began = client.watch.now
    while client.watch.now < began + 3600:
        client.watch.wait(worker.step())
    # An hour with attempts at most five minutes apart, and a few quick first ones.
    assert len(proxy.requests) < 120
    assert worker.status.offline
    assert worker.status.problem == "captive_portal"
    assert worker.status.waiting == 20


def test_weeks_offline_are_normal(at_work: Pair) -> None:
    client, proxy = at_work
    worker = client.worker
    assert worker is not None
    proxy.always = faults.reset_at_once
    made = client.many(30)
    for _ in range(30):
        client.watch.wait(86_400)
        worker.step()
    proxy.always = None
    client.restart()
    client.drain()
    client.assert_all_arrived_once(made)


def test_a_server_that_fails_at_a_few_does_not_hold_up_the_rest(at_work: Pair) -> None:
    client, proxy = at_work
    made = client.many(10, pictures=0)
    poison = {f"/v1/segments/{parse(data).hash}" for data in made[:4]}
    proxy.applies = lambda exchange: exchange.path in poison
    proxy.always = faults.trouble(500)
    worker = client.worker
    assert worker is not None
    for _ in range(40):
        client.watch.wait(worker.step())
    assert set(client.stored()) == {parse(data).hash for data in made[4:]}
    proxy.always = None
    client.drain()
    client.assert_all_arrived_once(made)


def test_a_person_who_asks_is_not_kept_waiting(at_work: Pair) -> None:
    client, proxy = at_work
    worker = client.worker
    assert worker is not None
    proxy.always = faults.trouble(503, Retry_After="3000")
    made = client.many(1)
    worker.step()
    proxy.always = None
    proxy.requests.clear()
    worker.step()
    assert len(proxy.requests) == 0
    worker.wake()
    worker.step()
    client.assert_all_arrived_once(made)


# Refusals of the marketplace


def refusing(code: str, status: int = 422) -> faults.Fault:
    text = json.dumps({"status": status, "code": code, "detail": "not this"}).encode()

    def fault(exchange: Exchange) -> None:
        exchange.answer(status, text, "application/problem+json")

    return fault


def test_a_refused_segment_is_kept_and_shown_and_holds_up_nothing(at_work: Pair) -> None:
    client, proxy = at_work
    made = client.many(3)
    bad = parse(made[1]).hash
    proxy.applies = lambda exchange: exchange.path.endswith(bad)
    proxy.always = refusing("E_FORMAT")
    client.drain()
    assert set(client.stored()) == {parse(made[0]).hash, parse(made[2]).hash}
    assert client.worker is not None
    status = client.worker.status
    assert (status.waiting, status.refused, status.problem) == (0, 1, None)
    (notice,) = status.notices
    assert (notice.code, "E_FORMAT: not this" in notice.detail) == (Problem.REFUSED, True)
    row = next(row for row in client.outbox._index.rows() if row.hash == bad)
    assert (client.root / f"{row.name}.sdjwt").read_bytes() == made[1]
    # The chain continues after it, and it can be sent again.
    assert client.outbox.head(client.contract.ctr).seq == 3
    proxy.always = None
    assert client.outbox.queue.try_refused_again() == 1
    client.drain()
    client.assert_all_arrived_once(made)


def leaf_parts(client: ClientUnderTest) -> list[str]:
    """The received parts of each segment, from the log."""
    paths = sorted((client.root / "segments").rglob("*.tlog-proof"))
    return [Receipt.parse(path.read_bytes()).leaf.attrs for path in paths]


def test_a_refused_picture_sets_its_segment_aside_and_holds_up_nothing(at_work: Pair) -> None:
    client, proxy = at_work
    proxy.applies = on_blobs
    proxy.plan.append(refusing("too_large", 413))
    made = client.many(2)
    client.drain()
    # Logged without its picture, the first one could never be paid.
    assert len(client.stored()) == 1
    assert client.outbox._index.blob_counts()[UploadState.REFUSED] == 1
    (row,) = [row for row in client.outbox._index.rows() if row.state is UploadState.REFUSED]
    assert "too_large" in row.detail
    assert client.outbox.queue.try_refused_again() == 1
    client.drain()
    client.assert_all_arrived_once(made)
    assert leaf_parts(client) == ["13", "13"]


def test_pictures_that_the_marketplace_lost_are_sent_again_before_the_segment(
    at_work: Pair,
) -> None:
    client, proxy = at_work
    proxy.applies = lambda exchange: "/segments/" in exchange.path
    proxy.plan.append(faults.trouble(500))
    (data,) = client.many(1)
    assert client.worker is not None
    client.worker.step()
    shas = {part.sha256 for s in parse(data).pictures.values() for part in (s.blob, s.thumb)}
    for sha in shas:
        client.marketplace.deps.blobs.erase(sha)
    client.drain()
    client.assert_all_arrived_once([data])
    assert leaf_parts(client) == ["13"]


def test_a_lost_picture_lets_its_segment_go(at_work: Pair) -> None:
    client, _ = at_work
    (data,) = client.many(1)
    (client.root / "blobs" / parse(data).pictures[0].blob.sha256).unlink()
    client.drain()
    assert set(client.stored()) == {parse(data).hash}
    assert [trouble.code for trouble in client.outbox.incidents()] == [Problem.FILE_LOST]
    assert leaf_parts(client) == ["5"]
    (path,) = client.root.rglob("*.findings.json")
    assert "E_NOT_RECEIVED" in path.read_text()


def test_a_picture_that_never_arrived_is_sent_after_its_segment(at_work: Pair) -> None:
    client, proxy = at_work
    proxy.applies = on_blobs
    # The marketplace acknowledged them, and then lost them.
    proxy.plan.extend([lambda exchange: exchange.answer(201, Workdiary_Time="1")] * 2)
    made = client.many(1)
    client.drain()
    client.assert_all_arrived_once(made)


# Wrong proofs


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
    said = json.loads(about.read_bytes())["said"]
    assert [each["from"].split()[0] for each in said] == ["segment", "segment"]
    assert all(each["at_ms"] > 0 for each in said)
    assert len(client.stored()) == len([*made, third])


# The disk


def test_a_disk_that_refuses_the_receipt_leaves_the_segment_undelivered(
    at_work: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, _ = at_work
    made = client.many(1, pictures=0)
    write = client.folder.write

    def full(name: str, data: bytes) -> None:
        if name.endswith(".tlog-proof"):
            raise StoreError(Problem.DISK_FULL, "No space left on device")
        write(name, data)

    monkeypatch.setattr(client.folder, "write", full)
    worker = client.worker
    assert worker is not None
    pause = worker.step()
    assert worker.status.problem == "disk_full"
    assert not worker.status.offline
    monkeypatch.undo()
    client.watch.wait(pause)
    client.drain()
    client.assert_all_arrived_once(made)
    assert worker.status.problem is None


# Sign-in


def test_a_device_that_is_locked_out_reports_it_and_retries_once_an_hour(at_work: Pair) -> None:
    client, proxy = at_work
    worker = client.worker
    assert worker is not None
    client.client.close()
    proxy.applies = lambda exchange: exchange.path == "/oauth/token"
    proxy.always = refusing("invalid_client", 401)
    client.many(3)
    proxy.requests.clear()
    waited = 0.0
    for _ in range(6):
        waited += (pause := worker.step())
        client.watch.wait(pause)
    assert worker.status.problem == "sign_in_refused"
    assert not worker.status.offline
    assert worker.status.waiting == 3
    assert waited >= LONGEST_ASKED_S / 2
    assert sum(path == "/oauth/token" for _, path in proxy.requests) <= 8


# The thread pool


def test_a_pool_maps_all_items_and_returns_their_errors() -> None:
    pool = DaemonThreadPool(3, "test")

    def work(item: int) -> None:
        if item % 2:
            raise NetworkError(Problem.OFFLINE, str(item))

    results = dict(pool.map(range(10), work))
    assert sorted(results) == list(range(10))
    assert {i for i, error in results.items() if error is not None} == {1, 3, 5, 7, 9}
    assert pool.map([], work) == []
    pool.close()


def test_a_pool_raises_a_defect() -> None:
    pool = DaemonThreadPool(3, "test")

    def work(_: int) -> None:
        raise KeyError("defect")

    with pytest.raises(KeyError):
        pool.map([1], work)
    pool.close()
