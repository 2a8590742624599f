"""Several segments of one chain in one request."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from diary.objects.segment import parse
from tests.uploader import proxy as faults
from tests.uploader.exchanges import on_batches, refusing
from tests.uploader.proxy import FaultProxy
from uploader.errors import Problem
from uploader.store.index.rows import UploadState

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.uploader.client_under_test import ClientUnderTest

    Pair = tuple[ClientUnderTest, FaultProxy]


def sizes(proxy: FaultProxy) -> list[int]:
    """The number of segments in each batch that reached the marketplace."""
    batches = [seen for seen in proxy.seen if (seen.method, seen.path) == ("POST", "/v1/segments")]
    return [len(json.loads(seen.body)["segments"]) for seen in batches]


def singles(proxy: FaultProxy) -> list[str]:
    """The hashes of segments that reached the marketplace in a request of their own."""
    paths = [seen.path for seen in proxy.seen if seen.method == "PUT"]
    return [path.rsplit("/", 1)[1] for path in paths if path.startswith("/v1/segments/")]


def test_a_backlog_is_sent_in_few_requests(at_work: Pair) -> None:
    client, proxy = at_work
    made = client.many(80, pictures=0)
    client.drain()
    client.assert_all_arrived_once(made)
    assert sizes(proxy) == [64, 16]
    assert singles(proxy) == []


def test_pictures_of_a_backlog_do_not_delay_its_first_segments(at_work: Pair) -> None:
    client, proxy = at_work
    made = client.many(20)
    client.drain()
    client.assert_all_arrived_once(made)
    # Each has a picture and a thumbnail.
    assert sizes(proxy) == [8, 8, 4]
    first = next(n for n, seen in enumerate(proxy.seen) if seen.path == "/v1/segments")
    assert sum(seen.path.startswith("/v1/blobs/") for seen in [*proxy.seen][:first]) == 16


@pytest.mark.parametrize("status", [404, 405])
def test_a_marketplace_without_batches_gets_single_segments(at_work: Pair, status: int) -> None:
    client, proxy = at_work
    proxy.applies, proxy.always = on_batches, refusing("not_found", status)
    made = client.many(70, pictures=0)
    client.drain()
    client.assert_all_arrived_once(made)
    assert [path for method, path in proxy.requests if method == "POST"].count("/v1/segments") == 1
    assert len(singles(proxy)) == 70


def test_a_refused_batch_is_sent_as_single_segments(at_work: Pair) -> None:
    client, proxy = at_work
    proxy.applies = on_batches
    proxy.plan.append(refusing("too_large", 413))
    made = client.many(5)
    client.drain()
    client.assert_all_arrived_once(made)
    assert singles(proxy) == [parse(each).hash for each in made]


@pytest.mark.parametrize(
    "fault", [faults.reply_lost, faults.cut_short, faults.trouble(503), faults.reset_at_once]
)
def test_a_batch_without_a_response_is_repeated(at_work: Pair, fault: faults.Fault) -> None:
    client, proxy = at_work
    proxy.applies = on_batches
    proxy.plan.append(fault)
    made = client.many(5)
    client.drain()
    client.assert_all_arrived_once(made)


def test_the_first_refused_segment_of_a_batch_is_sent_by_itself(at_work: Pair) -> None:
    client, proxy = at_work
    made = client.many(5)
    proxy.applies = on_batches
    proxy.plan.append(faults.trouble(503))
    assert client.worker is not None
    client.worker.step()
    # The marketplace loses pictures that it has acknowledged.
    for shot in parse(made[2]).pictures.values():
        client.marketplace.deps.blobs.erase(shot.blob.sha256)
    client.drain()
    client.assert_all_arrived_once(made)
    assert singles(proxy)[0] == parse(made[2]).hash


def exchanged(entries: list[Any]) -> None:
    first, second = entries[0]["accepted"], entries[1]["accepted"]
    first["receipt"], second["receipt"] = second["receipt"], first["receipt"]


def reordered(entries: list[Any]) -> None:
    entries.reverse()


def shortened(entries: list[Any]) -> None:
    entries.pop()


def mistyped(entries: list[Any]) -> None:
    entries[0]["accepted"] = "yes"


def unsigned(entries: list[Any]) -> None:
    entries[0]["accepted"].pop("receipt")


@pytest.mark.parametrize("change", [exchanged, reordered, shortened, mistyped, unsigned])
def test_a_response_that_proves_nothing_delivers_nothing(
    at_work: Pair, change: Callable[[list[Any]], None]
) -> None:
    client, proxy = at_work

    def lie(body: bytes) -> bytes:
        answer = json.loads(body)
        change(answer["segments"])
        return json.dumps(answer).encode()

    proxy.applies, proxy.always = on_batches, faults.mangled(lie)
    made = client.many(4)
    assert client.worker is not None
    client.worker.step()
    if change is exchanged:
        assert {row.state for row in client.outbox._index.rows()} == {UploadState.WAITING}
        assert client.worker.status.problem == Problem.WRONG_RECEIPT
        proxy.always = None
    else:
        # Each by itself.
        assert singles(proxy) == [parse(each).hash for each in made]
    client.drain()
    client.assert_all_arrived_once(made)


def test_a_response_that_accepts_a_part_delivers_that_part(at_work: Pair) -> None:
    client, proxy = at_work

    def partly(body: bytes) -> bytes:
        answer = json.loads(body)
        for entry in answer["segments"][2:]:
            entry.update(accepted=None, refused={"status": 424, "code": "not_tried", "detail": ""})
        return json.dumps(answer).encode()

    proxy.applies = on_batches
    proxy.plan.append(faults.mangled(partly))
    made = client.many(5)
    client.drain()
    client.assert_all_arrived_once(made)
    assert sizes(proxy) == [5]
    assert singles(proxy) == [parse(each).hash for each in made[2:]]


def test_a_damaged_file_is_sent_by_itself(at_work: Pair) -> None:
    client, proxy = at_work
    made = client.many(6, pictures=0)
    row = client.outbox.row(parse(made[0]).hash)
    assert row is not None
    (client.root / f"{row.name}.sdjwt").write_bytes(b"\xff" + made[0])
    client.drain()
    assert set(client.stored()) == {parse(each).hash for each in made[1:]}
    assert sizes(proxy) == [5]
