"""Uploads without faults, refusals of the marketplace, a failing disk and the thread pool."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING

import pytest

from diary.log.receipt import Receipt
from diary.objects.segment import parse
from tests.marketplace.live_marketplace import START
from tests.uploader import proxy as faults
from tests.uploader.exchanges import on_blobs, refusing
from tests.uploader.proxy import Exchange, FaultProxy
from uploader.errors import NetworkError, Problem, StoreError
from uploader.retry import LONGEST_ASKED_S
from uploader.store.index.rows import UploadState
from uploader.worker.thread_pool import DaemonThreadPool

if TYPE_CHECKING:
    from tests.uploader.client_under_test import ClientUnderTest

    Pair = tuple[ClientUnderTest, FaultProxy]

# Without faults


def test_correct_work_arrives_without_any_finding(at_work: Pair) -> None:
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


def unchecked(body: bytes) -> bytes:
    """The response of a marketplace that has not checked a segment yet."""
    answer = json.loads(body)
    for each in answer.get("segments", [answer]):
        each.update(findings=[], pending=True)
    return json.dumps(answer).encode()


@pytest.mark.parametrize("restarts", [False, True])
def test_findings_that_follow_the_receipt_are_asked_for(at_work: Pair, *, restarts: bool) -> None:
    client, proxy = at_work
    (data,) = client.many(1)
    name = parse(data).hash
    proxy.applies = lambda exchange: exchange.path.startswith("/v1/segments/")
    proxy.always = faults.mangled(unchecked)
    client.drain()
    row = client.outbox.row(name)
    assert row is not None
    assert (row.state, row.unpaying) == (UploadState.DONE, ())
    if restarts:
        client.restart()
    worker = client.worker or client.start_worker()
    for _ in range(6):
        client.watch.wait(worker.step())
    row = client.outbox.row(name)
    assert row is not None
    assert row.unpaying == ("E_MOMENT", "E_SHOT_TIME")
    asked = [path for _, path in proxy.requests if path.startswith("/v1/findings")]
    assert asked == [f"/v1/findings?segment={name}"]


def test_findings_are_asked_for_until_the_segment_is_checked(at_work: Pair) -> None:
    client, proxy = at_work
    (data,) = client.many(1)
    proxy.applies = lambda exchange: exchange.path.startswith(("/v1/segments/", "/v1/findings"))
    proxy.always = later = faults.mangled(unchecked)
    client.drain()
    worker, row = client.worker, client.outbox.row(parse(data).hash)
    assert worker is not None
    assert row is not None
    for fault, waits in ((later, True), (faults.trouble(500), True), (None, False)):
        proxy.always = fault
        for _ in range(4):
            client.watch.wait(worker.step())
        assert bool(client.outbox.queue.unchecked(row.slot, row.slot + 1)) is waits


def test_findings_that_the_next_response_has_are_not_asked_for(at_work: Pair) -> None:
    client, proxy = at_work
    first, second = (parse(data).hash for data in client.many(2))

    def answered(body: bytes) -> bytes:
        if proxy.puts("segments")[-1].path.endswith(first):
            return unchecked(body)
        moment = {"subject": first, "code": "E_MOMENT", "detail": "not in time"}
        other = "A" * 43
        return json.dumps(
            json.loads(body)
            | {
                "earlier": [
                    {"sha": first, "pending": False, "findings": [moment]},
                    {"sha": other, "pending": False, "findings": [moment]},
                    {"sha": second, "pending": True, "findings": []},
                ]
            }
        ).encode()

    proxy.applies = lambda exchange: exchange.path.startswith("/v1/segments/")
    proxy.always = faults.mangled(answered)
    client.drain()
    worker, row = client.worker, client.outbox.row(first)
    assert worker is not None
    for _ in range(6):
        client.watch.wait(worker.step())
    assert row is not None
    assert row.unpaying == ("E_MOMENT",)
    assert [path for _, path in proxy.requests if path.startswith("/v1/findings")] == []


def test_nothing_is_sent_before_the_marketplace_has_caught_up(at_work: Pair) -> None:
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


def test_pictures_are_sent_before_their_segment_and_segments_in_order(at_work: Pair) -> None:
    client, proxy = at_work
    made = client.many(9, pictures=2)
    client.drain()
    paths = []
    for seen in proxy.seen:
        if (seen.method, seen.path) == ("POST", "/v1/segments"):
            batch = json.loads(seen.body)["segments"]
            paths += [f"/v1/segments/{each['sha']}" for each in batch]
        elif seen.method == "PUT":
            paths.append(seen.path)
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


# Refusals of the marketplace


def test_a_refused_segment_is_kept_and_shown_and_delays_nothing(at_work: Pair) -> None:
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


def test_a_refused_picture_sets_its_segment_aside_and_delays_nothing(at_work: Pair) -> None:
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
