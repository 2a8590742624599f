"""A failing contract delays no other, and each notice lasts as long as its fact."""

from __future__ import annotations

import json
from email.utils import formatdate
from typing import TYPE_CHECKING

import pytest

from diary.objects.segment import parse
from tests.uploader import proxy as faults
from tests.uploader.proxy import Exchange, Fault, FaultProxy, Reply
from uploader.errors import Problem
from uploader.retry import LONGEST_ASKED_S
from uploader.store.index.rows import UploadState

if TYPE_CHECKING:
    from collections.abc import Callable

    from marketplace.contracts.queries import Contract
    from tests.uploader.client_under_test import ClientUnderTest

    Pair = tuple[ClientUnderTest, FaultProxy]


def second_contract(client: ClientUnderTest) -> Contract:
    contracts = client.marketplace.deps.contracts
    found = contracts.add_contract(
        "Harbour timetable",
        freelancer=client.contract.freelancer,
        client=contracts.add_account("client", "Harbour Lines"),
    )
    client.clock.to(client.clock.ms / 1000 + 2)
    return found


def two_contracts(
    client: ClientUnderTest, proxy: FaultProxy, fault: Fault
) -> tuple[list[str], list[str]]:
    """Work on two contracts, of which the first meets a fault; the hashes of both."""
    first, second = client.contract, second_contract(client)
    client.worker = None
    client.fetch_what_work_needs()
    hashes = {}
    for contract in (first, second):
        client.contract = contract
        hashes[contract.ctr] = [parse(data).hash for data in client.many(3, pictures=1)]
    client.contract = first
    mine = {*hashes[first.ctr]}
    pictures = {
        blob.sha256
        for row in client.outbox.queue.waiting(100)
        if row.ctr == first.ctr
        for shot in parse(client.outbox.queue.read(row) or b"").pictures.values()
        for blob in (shot.blob, shot.thumb)
    }
    proxy.applies = lambda e: e.method == "PUT" and e.path.rpartition("/")[2] in mine | pictures
    proxy.always = fault
    proxy.requests.clear()
    return hashes[first.ctr], hashes[second.ctr]


def states(client: ClientUnderTest, hashes: list[str]) -> set[UploadState]:
    return {row.state for row in client.outbox._index.rows() if row.hash in hashes}


def turn(client: ClientUnderTest, times: int) -> None:
    assert client.worker is not None
    for _ in range(times):
        client.worker.step()


@pytest.mark.parametrize(
    "headers",
    [
        {"Retry_After": "900"},
        {"Retry_After": "the date"},
        {"Retry_After": "999999999999"},
        {"Retry_After": "soon"},
        {},
    ],
    ids=["seconds", "a-date", "for-ever", "nonsense", "none"],
)
@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_marketplace_holds_up_one_contract_only(
    at_work: Pair, status: int, headers: dict[str, str]
) -> None:
    client, proxy = at_work
    if headers.get("Retry_After") == "the date":
        headers = {"Retry_After": formatdate(client.clock.ms / 1000 + 900, usegmt=True)}
    first, second = two_contracts(client, proxy, faults.trouble(status, **headers))
    turn(client, 30)  # no time passes
    assert states(client, second) == {UploadState.DONE}
    assert states(client, first) == {UploadState.WAITING}
    asked = [path for method, path in proxy.requests if method == "PUT"]
    # One batch of pictures failed; nothing else of the contract was tried.
    assert len([path for path in asked if path.rpartition("/")[2] in first]) == 0
    assert client.worker is not None
    assert client.worker.status.problem == "server_busy"
    begun = len(proxy.requests)
    if headers and headers["Retry_After"] != "soon":
        client.watch.wait(800)
        client.worker.step()
        busy = [p for m, p in list(proxy.requests)[begun:] if m in {"PUT", "HEAD"}]
        assert busy == []
    client.watch.wait(LONGEST_ASKED_S + 600)
    proxy.always = None
    client.drain()
    assert states(client, first) == {UploadState.DONE}
    assert client.worker.status.problem is None


def test_five_failures_of_one_contract_hold_up_no_other(at_work: Pair) -> None:
    client, proxy = at_work
    first, second = two_contracts(client, proxy, faults.trouble(500))
    turn(client, 30)
    assert states(client, second) == {UploadState.DONE}
    assert states(client, first) == {UploadState.WAITING}


def on(*hashes: str) -> Callable[[Exchange], bool]:
    return lambda e: e.method == "PUT" and e.path.rpartition("/")[2] in hashes


def test_an_invalid_receipt_stays_visible_until_it_is_resolved(at_work: Pair) -> None:
    client, proxy = at_work

    def swapped(exchange: Exchange) -> None:
        reply = exchange.forward()
        answer = json.loads(reply.body)
        answer["receipt"] = good_receipt
        exchange.reply(Reply(reply.status, reply.headers, json.dumps(answer).encode()))

    client.many(1, pictures=0)
    client.drain()
    (receipt,) = client.root.glob("segments/*/*.tlog-proof")
    good_receipt = receipt.read_text()
    bad, *good = [parse(data).hash for data in client.many(3, pictures=0)]
    proxy.applies = on(bad)
    proxy.always = swapped
    worker = client.worker
    assert worker is not None
    for _ in range(12):
        worker.step()
    assert states(client, good) == {UploadState.DONE}
    assert states(client, [bad]) == {UploadState.WAITING}
    for _ in range(3):
        assert worker.status.problem == Problem.WRONG_RECEIPT.value
        client.many(1, pictures=0)
        for _ in range(4):
            client.watch.wait(worker.step())
        assert states(client, [bad]) == {UploadState.WAITING}
    assert worker.status.problem == Problem.WRONG_RECEIPT.value
    proxy.always = None
    client.drain()
    assert worker.status.problem is None


def test_what_was_refused_is_a_fact_with_its_reason_until_it_is_sent_again(at_work: Pair) -> None:
    client, proxy = at_work

    def refuses(exchange: Exchange) -> None:
        _ = exchange.body
        problem = {"code": "E_FORMAT", "detail": "Not stored: odd.", "status": 422}
        exchange.answer(422, json.dumps(problem).encode(), "application/problem+json")

    (name,) = [parse(data).hash for data in client.many(1, pictures=0)]
    proxy.applies = on(name)
    proxy.always = refuses
    worker = client.worker
    assert worker is not None
    turn(client, 3)
    (row,) = client.outbox.queue.refused_rows()
    assert row.detail == "E_FORMAT: Not stored: odd."

    def fact() -> tuple[str, dict[str, int]] | None:
        found = [f for f in worker.status.facts if f.code is Problem.REFUSED]
        return (found[0].detail, dict(found[0].params)) if found else None

    assert fact() == ("E_FORMAT: Not stored: odd.", {"count": 1})
    assert client.outbox.try_refused_again("another") == 0
    assert client.outbox.try_refused_again(name) == 1
    turn(client, 2)
    assert fact() is not None
    proxy.always = None
    client.outbox.try_refused_again()
    turn(client, 2)
    assert fact() is None
    assert states(client, [name]) == {UploadState.DONE}


def test_a_refused_picture_is_sent_again_with_its_segment(at_work: Pair) -> None:
    client, proxy = at_work

    def refuses(exchange: Exchange) -> None:
        _ = exchange.body
        problem = {"code": "blob_format", "detail": "no", "status": 422}
        exchange.answer(422, json.dumps(problem).encode(), "application/problem+json")

    proxy.applies = lambda e: e.path.startswith("/v1/blobs/") and e.method == "PUT"
    proxy.always = refuses
    data = parse(client.many(1, pictures=1)[0])
    client.drain()
    assert len(client.outbox.queue.refused_pictures()) == 2
    assert [row.hash for row in client.outbox.queue.refused_rows()] == [data.hash]
    proxy.always = None
    assert client.outbox.try_refused_again(data.hash) == 1
    client.drain()
    for shot in data.pictures.values():
        assert client.marketplace.deps.blobs.has(shot.blob.sha256)
    assert client.outbox.refused_details() == []
