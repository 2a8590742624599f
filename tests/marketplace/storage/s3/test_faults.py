"""A real object store behind a proxy that injects faults, and a key that is taken away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import obstore
import pytest

from diary.formats.encoding import digest
from diary.objects.segment import parse
from marketplace.contracts.queries import Contract
from marketplace.storage.blobs import BlobsError
from marketplace.storage.blobs.s3 import S3Blobs
from marketplace.storage.blobs.s3 import object_store as client
from tests.desktop_fixtures.waiting import wait_for
from tests.marketplace.blob_place import s3_of
from tests.marketplace.later_statements import deleted
from tests.marketplace.live_marketplace import START, LiveMarketplace, live_marketplace
from tests.marketplace.simulated_device import SimulatedDevice, webp, worked
from tests.marketplace.storage.ceph_rgw import S3Server
from tests.marketplace.stored_bytes import replace_bytes
from tests.uploader.proxy import (
    Fault,
    FaultProxy,
    Silence,
    cut_short,
    garbage,
    hung_up,
    reply_lost,
    reset_at_once,
    reset_in_the_body,
    running,
    trouble,
)


@pytest.fixture
def proxy(object_store: S3Server | None) -> Iterator[FaultProxy]:
    assert object_store is not None
    with running(FaultProxy()) as found:
        found.upstream_port = object_store.port
        yield found


@pytest.fixture
def marketplace(tmp_path: Path, proxy: FaultProxy) -> Iterator[LiveMarketplace]:
    """A marketplace that reaches its pictures through the proxy, and gives up after a second."""
    folder = tmp_path / "data"
    settings = s3_of(folder)
    assert settings is not None
    impatient = replace(settings, endpoint=proxy.url, timeout_s=1.0, retry_s=0.5, retries=1)
    with live_marketplace(folder, s3=impatient) as found:
        yield found


FAULTS: dict[str, Fault] = {
    "reset": reset_at_once,
    "reset in the body": reset_in_the_body,
    "hung up": hung_up,
    "500": trouble(500),
    "503": trouble(503, Retry_After="1"),
    "silent": Silence(),
    "garbage": garbage,
}


def unavailable(answer: httpx.Response) -> bool:
    return (
        answer.status_code == 503
        and answer.json()["code"] == "pictures_unavailable"
        and answer.headers["Retry-After"] == "30"
    )


@pytest.mark.expected_logs("pictures_unavailable")
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_every_request_gets_503_until_the_store_works_again(
    marketplace: LiveMarketplace,
    device: SimulatedDevice,
    contract: Contract,
    proxy: FaultProxy,
    fault: Fault,
) -> None:
    first, second = worked(marketplace, device, contract.ctr, START, count=2)
    device.send(first)
    shot = parse(first).pictures[0]
    page = f"/pictures/{parse(first).hash}/0"
    to_come = parse(second).pictures[0]
    later = [part.sha256 for part in (to_come.blob, to_come.thumb)]
    with marketplace.browser(contract.client) as browser:
        proxy.always = fault
        leaves = marketplace.leaves()
        for sha in later:
            assert unavailable(device.put_blob(device.blobs[sha]))
        assert device.call("HEAD", f"/v1/blobs/{shot.blob.sha256}").status_code == 503
        assert unavailable(browser.get(page))
        html = browser.get(page, headers={"Accept": "text/html"})
        assert (html.status_code, html.headers["Retry-After"]) == (503, "30")
        assert device.put_segment(first).status_code == 503, "its pictures cannot be compared"
        assert marketplace.leaves() == leaves
        proxy.always = None
        if isinstance(fault, Silence):
            fault.let.set()
        for sha in later:
            assert device.put_blob(device.blobs[sha]).status_code in {200, 201}
        assert device.put_segment(first).status_code == 200
        assert device.send(second)["findings"] == []
        assert browser.get(page).content == device.blobs[shot.blob.sha256]
    assert marketplace.day(contract.client, contract.ctr).badge.ok


@pytest.mark.expected_logs("pictures_unavailable")
def test_a_store_that_refuses_connections_is_unavailable(
    marketplace: LiveMarketplace, device: SimulatedDevice, proxy: FaultProxy
) -> None:
    proxy.always = reset_at_once  # ends the connections that are open
    proxy.shutdown()
    proxy.server_close()
    data = webp()
    assert unavailable(device.put_blob(data))
    with pytest.raises(BlobsError, match="Unreachable"):
        marketplace.deps.blobs.read(digest(data))


@pytest.mark.expected_logs("pictures_unavailable")
def test_an_upload_whose_response_was_lost_is_stored_once(
    marketplace: LiveMarketplace, device: SimulatedDevice, proxy: FaultProxy
) -> None:
    """The computer repeats the request, which gets 412 for its own object."""
    data = webp()
    proxy.applies = lambda exchange: exchange.method == "PUT"
    proxy.plan.append(reply_lost)
    assert unavailable(device.put_blob(data))
    assert device.put_blob(data).status_code == 201
    assert [seen.reply.status for seen in proxy.seen if seen.method == "PUT"][-2:] == [200, 412]
    assert marketplace.deps.blobs.read(digest(data)) == data


def test_a_body_that_is_cut_is_read_again(
    marketplace: LiveMarketplace, device: SimulatedDevice, proxy: FaultProxy
) -> None:
    data = webp(640, 400)
    assert device.put_blob(data).status_code == 201
    proxy.applies = lambda exchange: exchange.method == "GET"
    proxy.plan.append(cut_short)
    assert marketplace.deps.blobs.read(digest(data)) == data
    proxy.always = cut_short
    with pytest.raises(BlobsError):
        marketplace.deps.blobs.read(digest(data))


def test_a_bundle_breaks_off_when_the_store_fails(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract, proxy: FaultProxy
) -> None:
    (data,) = worked(marketplace, device, contract.ctr, START)
    device.send(data)
    pieces = marketplace.deps.bundles.make(
        marketplace.account(contract.client), contract.ctr, START // 604_800 * 604_800, images=True
    )
    proxy.always = trouble(503)
    with pytest.raises(BlobsError):
        list(pieces)


@pytest.mark.expected_logs("not_erased")
def test_a_deletion_is_completed_when_the_store_works_again(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract, proxy: FaultProxy
) -> None:
    (data,) = worked(marketplace, device, contract.ctr, START)
    device.send(data)
    shot = parse(data).pictures[0]
    statement = deleted(device, data, "shot_0", scope=["shot", "time"])
    proxy.always = trouble(500)
    answer = device.post_statement("tombstones", statement)
    assert (answer.status_code, answer.json()["code"]) == (503, "erase_unfinished")
    with pytest.raises(BlobsError):
        marketplace.deps.retention.run_once()
    proxy.always = None
    assert marketplace.deps.blobs.has(shot.blob.sha256)
    marketplace.deps.retention.run_once()
    for part in (shot.blob, shot.thumb):
        assert not marketplace.deps.blobs.has(part.sha256)


def test_an_audit_never_takes_a_failing_store_for_missing_pictures(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract, proxy: FaultProxy
) -> None:
    (data,) = worked(marketplace, device, contract.ctr, START)
    device.send(data)
    proxy.always = trouble(500)
    with pytest.raises(BlobsError):
        marketplace.deps.audit.run_pass()
    assert marketplace.day(contract.client, contract.ctr).badge.ok
    proxy.always = None
    marketplace.deps.audit.run_pass()
    assert marketplace.day(contract.client, contract.ctr).badge.ok


def test_the_audit_finds_other_bytes_under_a_hash_and_an_upload_repairs_them(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract
) -> None:
    (data,) = worked(marketplace, device, contract.ctr, START)
    device.send(data)
    sha = parse(data).pictures[0].blob.sha256
    replace_bytes(marketplace.deps.blobs, sha, webp())
    marketplace.deps.audit.run_pass()
    day = marketplace.day(contract.client, contract.ctr)
    assert not day.badge.ok
    assert device.put_blob(device.blobs[sha]).status_code == 200
    assert marketplace.deps.blobs.read(sha) == device.blobs[sha]
    assert marketplace.day(contract.client, contract.ctr).badge.ok


@pytest.mark.expected_logs("pictures_unavailable")
def test_a_key_that_is_taken_away_loses_nothing(
    object_store: S3Server,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    new_device_of: Callable[[LiveMarketplace], SimulatedDevice],
) -> None:
    object_store.add_key("SECONDKEY", "s3cr3t-of-the-second-key")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "SECONDKEY")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s3cr3t-of-the-second-key")
    with live_marketplace(tmp_path / "data") as marketplace:
        device = new_device_of(marketplace)
        assert device.put_blob(webp()).status_code == 201
        object_store.remove_key("SECONDKEY")
        data = webp()
        wait_for(lambda: unavailable(device.put_blob(data)), what="the key to be refused")
        assert "s3cr3t" not in caplog.text
        object_store.add_key("SECONDKEY", "s3cr3t-of-the-second-key")
        wait_for(
            lambda: device.put_blob(data).status_code in {200, 201}, what="the key to be accepted"
        )


@pytest.fixture
def new_device_of() -> Iterator[Callable[[LiveMarketplace], SimulatedDevice]]:
    made: list[SimulatedDevice] = []

    def make(marketplace: LiveMarketplace) -> SimulatedDevice:
        device = SimulatedDevice(marketplace.url, marketplace.deps.clock.real_s)
        made.append(device)
        device.enrol(marketplace.code(marketplace.contract().freelancer))
        device.sign_in()
        return device

    yield make
    for device in made:
        device.http.close()


def test_a_bucket_that_disappears_is_no_missing_picture(
    object_store: S3Server, tmp_path: Path
) -> None:
    settings = s3_of(tmp_path)
    assert settings is not None
    gone = S3Blobs(client(replace(settings, bucket="nowhere")), tmp_path / "arriving")
    with pytest.raises(BlobsError, match="NoSuchBucket"):
        gone.read(digest(b"x"))
    with pytest.raises(BlobsError, match="NoSuchBucket"):
        list(gone.names())
    present = S3Blobs(client(settings), tmp_path / "arriving")
    assert present.read(digest(b"x")) is None
    assert obstore.list(present.objects).collect() == []
