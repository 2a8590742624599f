"""Trouble with one contract holds up no other, and each notice lasts as long as its fact."""

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
from uploader.store.index import UploadState

if TYPE_CHECKING:
    from collections.abc import Callable

    from marketplace.contracts.queries import Contract
    from tests.uploader.office import Office

    Pair = tuple[Office, FaultProxy]


def second_contract(office: Office) -> Contract:
    people = office.market.deps.people
    found = people.add_contract(
        "Harbour timetable",
        freelancer=office.contract.freelancer,
        client=people.add_account("client", "Harbour Lines"),
    )
    office.clock.to(office.clock.ms / 1000 + 2)
    return found


def two_contracts(office: Office, proxy: FaultProxy, fault: Fault) -> tuple[list[str], list[str]]:
    """Work on two contracts, of which the first meets a fault; the hashes of both."""
    first, second = office.contract, second_contract(office)
    office.worker = None
    office.fetch_what_work_needs()
    hashes = {}
    for contract in (first, second):
        office.contract = contract
        hashes[contract.ctr] = [parse(data).hash for data in office.many(3, pictures=1)]
    office.contract = first
    mine = {*hashes[first.ctr]}
    pictures = {
        blob.sha256
        for row in office.outbox.sending.waiting(100)
        if row.ctr == first.ctr
        for shot in parse(office.outbox.sending.read(row) or b"").pictures.values()
        for blob in (shot.blob, shot.thumb)
    }
    proxy.applies = lambda e: e.method == "PUT" and e.path.rpartition("/")[2] in mine | pictures
    proxy.always = fault
    proxy.requests.clear()
    return hashes[first.ctr], hashes[second.ctr]


def states(office: Office, hashes: list[str]) -> set[UploadState]:
    return {row.state for row in office.outbox._index.rows() if row.hash in hashes}


def turn(office: Office, times: int) -> None:
    assert office.worker is not None
    for _ in range(times):
        office.worker.step()


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
    office, proxy = at_work
    if headers.get("Retry_After") == "the date":
        headers = {"Retry_After": formatdate(office.clock.ms / 1000 + 900, usegmt=True)}
    first, second = two_contracts(office, proxy, faults.trouble(status, **headers))
    turn(office, 30)  # no time passes
    assert states(office, second) == {UploadState.DONE}
    assert states(office, first) == {UploadState.WAITING}
    asked = [path for method, path in proxy.requests if method == "PUT"]
    # One lot of pictures met the trouble; nothing else of the contract was tried.
    assert len([path for path in asked if path.rpartition("/")[2] in first]) == 0
    assert office.worker is not None
    assert office.worker.status.problem == "server_busy"
    begun = len(proxy.requests)
    if headers and headers["Retry_After"] != "soon":
        office.watch.wait(800)
        office.worker.step()
        busy = [p for m, p in list(proxy.requests)[begun:] if m in {"PUT", "HEAD"}]
        assert busy == []
    office.watch.wait(LONGEST_ASKED_S + 600)
    proxy.always = None
    office.drain()
    assert states(office, first) == {UploadState.DONE}
    assert office.worker.status.problem is None


def test_five_failures_of_one_contract_hold_up_no_other(at_work: Pair) -> None:
    office, proxy = at_work
    first, second = two_contracts(office, proxy, faults.trouble(500))
    turn(office, 30)
    assert states(office, second) == {UploadState.DONE}
    assert states(office, first) == {UploadState.WAITING}


def on(*hashes: str) -> Callable[[Exchange], bool]:
    return lambda e: e.method == "PUT" and e.path.rpartition("/")[2] in hashes


def test_an_invalid_receipt_stays_visible_until_it_is_resolved(at_work: Pair) -> None:
    office, proxy = at_work

    def swapped(exchange: Exchange) -> None:
        reply = exchange.forward()
        told = json.loads(reply.body)
        told["receipt"] = good_receipt
        exchange.reply(Reply(reply.status, reply.headers, json.dumps(told).encode()))

    office.many(1, pictures=0)
    office.drain()
    (receipt,) = office.root.glob("segments/*/*.tlog-proof")
    good_receipt = receipt.read_text()
    bad, *good = [parse(data).hash for data in office.many(4, pictures=0)]
    proxy.applies = on(bad)
    proxy.always = swapped
    worker = office.worker
    assert worker is not None
    for _ in range(12):
        worker.step()
    assert states(office, good) == {UploadState.DONE}
    assert states(office, [bad]) == {UploadState.WAITING}
    for _ in range(3):
        assert worker.status.problem == Problem.WRONG_RECEIPT.value
        office.many(1, pictures=0)
        for _ in range(4):
            office.watch.wait(worker.step())
        assert states(office, [bad]) == {UploadState.WAITING}
    assert worker.status.problem == Problem.WRONG_RECEIPT.value
    proxy.always = None
    office.drain()
    assert worker.status.problem is None


def test_what_was_refused_is_a_fact_with_its_reason_until_it_is_sent_again(at_work: Pair) -> None:
    office, proxy = at_work

    def refuses(exchange: Exchange) -> None:
        _ = exchange.body
        problem = {"code": "E_FORMAT", "detail": "Not stored: odd.", "status": 422}
        exchange.answer(422, json.dumps(problem).encode(), "application/problem+json")

    (name,) = [parse(data).hash for data in office.many(1, pictures=0)]
    proxy.applies = on(name)
    proxy.always = refuses
    worker = office.worker
    assert worker is not None
    turn(office, 3)
    (row,) = office.outbox.sending.refused_rows()
    assert row.detail == "E_FORMAT: Not stored: odd."

    def fact() -> tuple[str, dict[str, int]] | None:
        found = [f for f in worker.status.facts if f.code is Problem.REFUSED]
        return (found[0].detail, dict(found[0].params)) if found else None

    assert fact() == ("E_FORMAT: Not stored: odd.", {"count": 1})
    assert office.outbox.try_refused_again("another") == 0
    assert office.outbox.try_refused_again(name) == 1
    turn(office, 2)
    assert fact() is not None
    proxy.always = None
    office.outbox.try_refused_again()
    turn(office, 2)
    assert fact() is None
    assert states(office, [name]) == {UploadState.DONE}


def test_a_refused_picture_is_sent_again_with_its_segment(at_work: Pair) -> None:
    office, proxy = at_work

    def refuses(exchange: Exchange) -> None:
        _ = exchange.body
        problem = {"code": "blob_format", "detail": "no", "status": 422}
        exchange.answer(422, json.dumps(problem).encode(), "application/problem+json")

    proxy.applies = lambda e: e.path.startswith("/v1/blobs/") and e.method == "PUT"
    proxy.always = refuses
    data = parse(office.many(1, pictures=1)[0])
    office.drain()
    assert len(office.outbox.sending.refused_pictures()) == 2
    assert [row.hash for row in office.outbox.sending.refused_rows()] == [data.hash]
    proxy.always = None
    assert office.outbox.try_refused_again(data.hash) == 1
    office.drain()
    for shot in data.pictures.values():
        assert office.market.deps.blobs.path(shot.blob.sha256).exists()
    assert office.outbox.refused_details() == []
