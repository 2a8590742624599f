"""Checks that follow after a segment was logged, and batches of segments, over real HTTP."""

from __future__ import annotations

import contextlib
import itertools
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from diary.core.slots import SLOT
from diary.formats.encoding import digest
from diary.objects.segment import parse
from marketplace.contracts.queries import Contract
from marketplace.ingest import checks
from marketplace.log.log import find
from marketplace.records.examiner import CheckResult, RecordChecker
from marketplace.storage.blobs import BlobsError
from tests.desktop_fixtures.waiting import wait_for
from tests.marketplace.live_marketplace import START, LiveMarketplace, live_marketplace
from tests.marketplace.simulated_device import SimulatedDevice, webp, worked

Enrol = Callable[[Contract], SimulatedDevice]


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Checks do not end before the event is set."""
    go_on = threading.Event()
    examine = RecordChecker.examine_all

    def waits(self: RecordChecker, *arguments: Any) -> list[CheckResult]:
        assert go_on.wait(60)
        return examine(self, *arguments)

    monkeypatch.setattr(RecordChecker, "examine_all", waits)
    yield go_on
    go_on.set()


def put_batch(
    device: SimulatedDevice, segments: list[bytes], **changes: Any
) -> list[dict[str, Any]]:
    """The results for a batch."""
    listed = [{"sha": parse(d).hash, "data": d.decode(), **changes} for d in segments]
    answer = device.call("POST", "/v1/segments", json={"segments": listed})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["segments"]
    assert [each["sha"] for each in found] == [each["sha"] for each in listed]
    return found


def send_pictures(device: SimulatedDevice, *segments: bytes) -> None:
    for data in segments:
        for shot in parse(data).pictures.values():
            for part in (shot.blob, shot.thumb):
                assert device.put_blob(device.blobs[part.sha256]).status_code in (200, 201)


def findings(device: SimulatedDevice, *segments: bytes) -> dict[str, list[str] | None]:
    """The codes of segments by hash; None for those that wait for their check."""
    names = [parse(data).hash for data in segments]
    answer = device.call("GET", "/v1/findings", params={"segment": names})
    assert answer.status_code == 200, answer.text
    return {
        each["sha"]: None if each["pending"] else [found["code"] for found in each["findings"]]
        for each in answer.json()["segments"]
    }


def test_an_upload_gets_its_receipt_at_once_while_another_is_checked(
    marketplace: LiveMarketplace,
    device: SimulatedDevice,
    contract: Contract,
    held: threading.Event,
) -> None:
    first, second, third = worked(marketplace, device, contract.ctr, START, count=3)
    send_pictures(device, first, second, third)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(device.put_segment, first)
        wait_for(lambda: is_in_check(marketplace, first), what="the check to begin")
        answer = device.put_segment(third).json()
        assert (answer["pending"], answer["findings"]) == (True, [])
        device.open(answer, parse(third).hash)
        assert answer["head"]["h"] == parse(third).hash
        assert findings(device, third) == {parse(third).hash: None}
        assert not waiting.done()
        held.set()
        body = waiting.result().json()
    assert (body["pending"], body["findings"]) == (False, [])
    wait_for(lambda: findings(device, third)[parse(third).hash] is not None, what="the check")
    assert findings(device, third) == {parse(third).hash: ["E_GAP"]}
    later = device.put_segment(second).json()
    assert later["findings"] == []
    # The first response after the check has it, and no other one.
    earlier = [*body["earlier"], *later["earlier"], *device.put_segment(second).json()["earlier"]]
    assert [(each["sha"], each["pending"]) for each in earlier] == [(parse(third).hash, False)]
    assert findings(device, first, second, third) == {
        parse(data).hash: [] for data in (first, second, third)
    }
    assert marketplace.day(contract.client, contract.ctr).totals.payable_s == 3 * SLOT


def test_the_findings_of_few_segments_are_kept_for_the_next_response(
    marketplace: LiveMarketplace,
    device: SimulatedDevice,
    contract: Contract,
    held: threading.Event,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(checks, "_OWED", 1)
    first, *made = worked(marketplace, device, contract.ctr, START, count=3)
    send_pictures(device, first, *made)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(device.put_segment, first)
        wait_for(lambda: is_in_check(marketplace, first), what="the check to begin")
        assert [device.put_segment(data).json()["pending"] for data in made] == [True, True]
        held.set()
        earlier = waiting.result().json()["earlier"]
    marketplace.deps.checks.drain()
    earlier += device.put_segment(first).json()["earlier"]
    assert [each["sha"] for each in earlier] == [parse(made[-1]).hash]


def codes(device: SimulatedDevice, segments: list[bytes]) -> list[list[str]]:
    return [found for found in findings(device, *segments).values() if found is not None]


def is_in_check(marketplace: LiveMarketplace, data: bytes) -> bool:
    """Whether a segment is logged and its check has begun."""
    with marketplace.deps.store.read() as connection:
        logged = find(connection, parse(data).hash) is not None
    return logged and not marketplace.deps.checks.waiting


@contextlib.contextmanager
def failing_checks(monkeypatch: pytest.MonkeyPatch, error: Exception) -> Iterator[None]:
    """Each check raises this error during the block."""

    def fails(*_: object) -> CheckResult:
        raise error

    with monkeypatch.context() as broken:
        broken.setattr(RecordChecker, "examine_all", fails)
        yield


@pytest.mark.expected_logs("segments_not_checked")
def test_a_segment_that_cannot_be_checked_has_its_receipt_and_is_checked_at_the_next_start(
    marketplace: LiveMarketplace,
    device: SimulatedDevice,
    contract: Contract,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (data,) = worked(marketplace, device, contract.ctr, START)
    send_pictures(device, data)

    error = OperationalError("", None, Exception("disk I/O error"))
    with failing_checks(monkeypatch, error):
        answer = device.put_segment(data)
    assert (answer.status_code, answer.json()["pending"]) == (201, True)
    device.open(answer.json(), parse(data).hash)
    assert findings(device, data) == {parse(data).hash: None}
    # As at the next start:
    marketplace.deps.checks.check_unchecked()
    assert findings(device, data) == {parse(data).hash: []}


@pytest.mark.expected_logs("segments_not_checked")
def test_segments_that_could_not_be_checked_are_checked_when_the_pictures_are_available_again(
    marketplace: LiveMarketplace,
    device: SimulatedDevice,
    contract: Contract,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (data,) = worked(marketplace, device, contract.ctr, START)
    send_pictures(device, data)
    service = marketplace.deps.checks
    wait_for(lambda: not service._some_failed, what="the look at the start")

    error = BlobsError("Unreachable")
    with failing_checks(monkeypatch, error):
        assert device.put_segment(data).json()["pending"] is True
        for _ in range(2):
            with pytest.raises(BlobsError):
                service.check_failed()
    assert findings(device, data) == {parse(data).hash: None}
    service.check_failed()
    assert findings(device, data) == {parse(data).hash: []}
    with failing_checks(monkeypatch, error):
        service.check_failed()  # nothing is left


@pytest.mark.expected_logs("segments_not_checked")
def test_a_marketplace_that_ends_with_waiting_checks_makes_them_at_its_next_start(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("market") / "data"
    with live_marketplace(folder) as market:
        contract = market.contract()
        device = SimulatedDevice(market.url, market.deps.clock.real_s)
        device.enrol(market.code(contract.freelancer))
        device.sign_in()
        data = worked(market, device, contract.ctr, START, count=4, picture=webp)
        tried = threading.Event()

        def fail(*_: object) -> None:
            tried.set()
            raise OSError

        with monkeypatch.context() as broken:
            broken.setattr(RecordChecker, "examine_all", fail)
            put_batch(device, data)
            wait_for(tried.is_set, what="the attempt")
        clock = market.clock
    with live_marketplace(folder, clock=clock) as market:
        device.sign_in()
        wait_for(lambda: None not in findings(device, *data).values(), what="the checks")
    device.http.close()


def test_a_batch_is_logged_in_its_order_with_a_receipt_each(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract
) -> None:
    made = worked(marketplace, device, contract.ctr, START, count=5)
    send_pictures(device, *made)
    results = put_batch(device, made)
    logged = [
        device.open(each["accepted"], parse(data).hash)
        for each, data in zip(results, made, strict=True)
    ]
    assert [each.index for each in logged] == [*range(logged[0].index, logged[0].index + 5)]
    assert all(each["created"] and each["accepted"]["pending"] for each in results)
    wait_for(lambda: None not in findings(device, *made).values(), what="the checks")
    assert not {*itertools.chain(*codes(device, made))} - {"W_LATE"}
    assert marketplace.day(contract.client, contract.ctr).totals.payable_s == 5 * SLOT
    again = put_batch(device, made)
    assert not any(each["created"] for each in again)
    assert [
        device.open(each["accepted"], parse(data).hash).index
        for each, data in zip(again, made, strict=True)
    ] == [each.index for each in logged]


def test_a_segment_twice_in_a_batch_has_one_leaf(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract
) -> None:
    (data,) = worked(marketplace, device, contract.ctr, START)
    first, second = put_batch(device, [data, data])
    assert (first["created"], second["created"]) == (True, False)
    name = parse(data).hash
    assert device.open(first["accepted"], name).index == device.open(second["accepted"], name).index


def test_after_a_refused_segment_the_rest_of_a_batch_is_not_tried(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract
) -> None:
    made = worked(marketplace, device, contract.ctr, START, count=3)
    broken = made[1].replace(b"~", b"~~", 1)
    listed = [
        {"sha": parse(name).hash, "data": data.decode()}
        for name, data in zip(made, (made[0], broken, made[2]), strict=True)
    ]
    answer = device.call("POST", "/v1/segments", json={"segments": listed})
    first, second, third = answer.json()["segments"]
    assert first["accepted"] is not None
    assert (second["accepted"], second["refused"]["status"]) == (None, 422)
    assert second["refused"]["code"].startswith("E_")
    assert (third["refused"]["status"], third["refused"]["code"]) == (424, "not_tried")
    assert findings(device, made[2]) == {}
    assert [each["created"] for each in put_batch(device, made)] == [False, True, True]


def test_a_batch_waits_for_the_parts_that_its_sender_expects(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract
) -> None:
    (data,) = worked(marketplace, device, contract.ctr, START)
    (refused,) = put_batch(device, [data], parts=63)
    assert (refused["refused"]["status"], refused["refused"]["code"]) == (412, "parts_missing")
    assert findings(device, data) == {}


@pytest.mark.parametrize(
    "body",
    [
        {"segments": []},
        {"segments": [{"sha": digest(b"x"), "data": "x"}] * 65},
        {"segments": [{"sha": digest(b"x"), "data": ""}]},
        {"segments": [{"sha": "x", "data": "x"}]},
        {"segments": [{"sha": digest(b"x"), "data": "x" * 65_537}]},
        {"segments": [{"sha": digest(b"x"), "data": "x", "parts": 64}]},
        {"segments": [{"sha": digest(b"x"), "data": "x", "parts": True}]},
        {"segments": [{"sha": digest(b"x"), "data": "x", "more": 1}]},
        {"segments": {}},
        [],
    ],
)
def test_a_batch_of_another_form_is_refused(device: SimulatedDevice, body: object) -> None:
    answer = device.call("POST", "/v1/segments", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


def test_text_that_is_no_unicode_is_refused(device: SimulatedDevice) -> None:
    body = b'{"segments": [{"sha": "%s", "data": "\\ud800"}]}' % digest(b"x").encode()
    answer = device.call(
        "POST", "/v1/segments", content=body, headers={"Content-Type": "application/json"}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


def test_a_batch_over_a_mebibyte_is_refused(device: SimulatedDevice) -> None:
    listed = [{"sha": digest(b"x"), "data": "x" * 60_000}] * 20
    answer = device.call("POST", "/v1/segments", json={"segments": listed})
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_findings_are_shown_to_the_own_account_only(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract, enrolled: Enrol
) -> None:
    (data,) = worked(marketplace, device, contract.ctr, START)
    device.send(data)
    assert findings(device, data) == {parse(data).hash: []}
    other = enrolled(marketplace.contract())
    assert findings(other, data) == {}
    assert put_batch(other, [data])[0]["refused"]["code"] == "E_KID_UNKNOWN"


@pytest.mark.parametrize("names", [[], [digest(b"%d" % n) for n in range(65)], ["x"]])
def test_a_question_for_findings_of_another_form_is_refused(
    device: SimulatedDevice, names: list[str]
) -> None:
    answer = device.call("GET", "/v1/findings", params={"segment": names})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
