"""Uploads by presigned addresses to a real object store."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import obstore
import pytest
from sqlalchemy import func, select

from diary.formats.encoding import digest
from diary.objects.segment import parse
from marketplace.contracts.queries import Contract
from marketplace.core.config import Bound, ConfigError, Quotas
from marketplace.ingest.picture_uploads import COMPLETE_S, forget_uploads
from marketplace.storage import schema
from marketplace.storage.blobs.direct_uploads import VALID_S, upload_name
from marketplace.storage.blobs.open import open_direct_uploads
from marketplace.storage.blobs.s3 import S3Blobs
from tests.marketplace.blob_place import s3_of
from tests.marketplace.later_statements import deleted
from tests.marketplace.live_marketplace import START, LiveMarketplace, live_marketplace
from tests.marketplace.simulated_device import SimulatedDevice, webp, worked
from tests.marketplace.stored_bytes import replace_bytes
from tests.uploader.proxy import Exchange, Fault, FaultProxy, reset_at_once, running, trouble

Change = Callable[[dict[str, Any], bytes], tuple[str, dict[str, str], bytes]]


@pytest.fixture
def quotas() -> Quotas:
    return Quotas()


@pytest.fixture
def marketplace(tmp_path: Path, quotas: Quotas) -> Iterator[LiveMarketplace]:
    """A marketplace whose devices reach the store at its own address."""
    folder = tmp_path / "data"
    settings = s3_of(folder)
    assert settings is not None
    direct = replace(settings, upload_endpoint=settings.endpoint)
    with live_marketplace(folder, s3=direct, quotas=quotas) as found:
        yield found


def begin(device: SimulatedDevice, data: bytes, **changes: object) -> httpx.Response:
    wanted = {"length": len(data), "type": "image/webp", **changes}
    return device.call("PUT", f"/v1/uploads/{digest(data)}", json=wanted)


def complete(device: SimulatedDevice, data: bytes) -> httpx.Response:
    return device.call("POST", f"/v1/uploads/{digest(data)}/complete")


def sent(url: str, headers: dict[str, str], data: bytes) -> int:
    return httpx.put(url, headers=headers, content=data, timeout=60).status_code


def objects(marketplace: LiveMarketplace) -> list[str]:
    """The keys of all objects but the one with the owner."""
    blobs = marketplace.deps.blobs
    assert isinstance(blobs, S3Blobs)
    return sorted(e["path"] for e in obstore.list(blobs.objects).collect() if "/" in e["path"])


def pending(marketplace: LiveMarketplace) -> int:
    with marketplace.deps.store.read() as connection:
        query = select(func.count()).select_from(schema.pending_upload)
        return connection.execute(query).scalar_one()


def test_a_picture_bypasses_the_marketplace_and_counts_after_its_check(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract
) -> None:
    (segment,) = worked(marketplace, device, contract.ctr, START)
    shas = list(device.blobs)
    for sha, data in device.blobs.items():
        upload = begin(device, data).json()
        assert (complete(device, data).status_code, pending(marketplace)) == (409, 1)
        assert sent(upload["url"], upload["headers"], data) == 200
        assert not marketplace.deps.blobs.has(sha)
        assert device.call("HEAD", f"/v1/blobs/{sha}").status_code == 404
        assert complete(device, data).status_code == 201
        assert device.call("HEAD", f"/v1/blobs/{sha}").status_code == 200
    assert objects(marketplace) == sorted(f"{sha[:2]}/{sha}" for sha in shas)
    assert pending(marketplace) == 0
    assert [complete(device, device.blobs[sha]).status_code for sha in shas] == [200, 200]
    answer = device.put_segment(segment)
    assert answer.status_code == 201
    assert marketplace.day(contract.client, contract.ctr).badge.ok
    for sha, data in device.blobs.items():
        assert marketplace.deps.blobs.read(sha) == data


def _with(**headers: str | None) -> Change:
    """Other headers than the signed ones; None omits one."""

    def change(upload: dict[str, Any], data: bytes) -> tuple[str, dict[str, str], bytes]:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        given = {**{k.lower(): v for k, v in upload["headers"].items()}, **names}
        return upload["url"], {k: v for k, v in given.items() if v is not None}, data

    return change


def _bytes(make: Callable[[bytes], bytes], **headers: Callable[[bytes], str]) -> Change:
    def change(upload: dict[str, Any], data: bytes) -> tuple[str, dict[str, str], bytes]:
        other = make(data)
        more = {name.replace("_", "-"): value(other) for name, value in headers.items()}
        url, given, _ = _with()(upload, data)
        return url, {**given, "content-length": str(len(other)), **more}, other

    return change


def _url(old: str, new: str) -> Change:
    def change(upload: dict[str, Any], data: bytes) -> tuple[str, dict[str, str], bytes]:
        assert old in upload["url"]
        return upload["url"].replace(old, new), upload["headers"], data

    return change


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


REFUSED: dict[str, Change] = {
    "other bytes": _bytes(lambda data: bytes(len(data))),
    "other bytes and their hash": _bytes(lambda data: bytes(len(data)), x_amz_content_sha256=_sha),
    "longer": _bytes(lambda data: data + b"x"),
    "longer with its hash": _bytes(lambda data: data + b"x", x_amz_content_sha256=_sha),
    "shorter": _bytes(lambda data: data[:-1]),
    "no bytes": _bytes(lambda _: b""),
    "unsigned bytes": _with(x_amz_content_sha256="UNSIGNED-PAYLOAD"),
    "no hash": _with(x_amz_content_sha256=None),
    "other type": _with(content_type="text/html"),
    "no type": _with(content_type=None),
    "other condition": _with(if_none_match='"x"'),
    "no condition": _with(if_none_match=None),
    "other name": _url("arriving/", "arrived/"),
    "other expiry": _url("X-Amz-Expires=300", "X-Amz-Expires=86400"),
    "fewer signed headers": _url("content-type%3B", ""),
    "list of permissions": _url("?X-Amz", "?acl&X-Amz"),
}


@pytest.mark.parametrize("change", REFUSED.values(), ids=REFUSED)
def test_the_store_refuses_everything_that_was_not_permitted(
    marketplace: LiveMarketplace, device: SimulatedDevice, change: Change
) -> None:
    data = webp()
    upload = begin(device, data).json()
    assert 400 <= sent(*change(upload, data)) < 500
    assert objects(marketplace) == []
    assert complete(device, data).json()["code"] == "not_uploaded"
    assert sent(upload["url"], upload["headers"], data) == 200


@pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE", "POST"])
def test_an_address_permits_no_other_method(
    marketplace: LiveMarketplace, device: SimulatedDevice, method: str
) -> None:
    data = webp()
    upload = begin(device, data).json()
    assert sent(upload["url"], upload["headers"], data) == 200
    answer = httpx.request(method, upload["url"], headers=_condition_only(upload), timeout=60)
    assert answer.status_code >= 400
    assert len(objects(marketplace)) == 1


def _condition_only(upload: dict[str, Any]) -> dict[str, str]:
    return {k: v for k, v in upload["headers"].items() if k.lower() != "content-length"}


def test_an_address_overwrites_nothing(
    marketplace: LiveMarketplace, device: SimulatedDevice
) -> None:
    data = webp()
    upload = begin(device, data).json()
    assert sent(upload["url"], upload["headers"], data) == 200
    assert sent(upload["url"], upload["headers"], data) == 412
    again = begin(device, data).json()
    assert sent(again["url"], again["headers"], data) == 412
    assert complete(device, data).status_code == 201
    assert marketplace.deps.blobs.read(digest(data)) == data


def test_an_expired_address_is_refused(
    marketplace: LiveMarketplace, device: SimulatedDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = webp()
    past = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=VALID_S + 60)
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda: past)
    upload = begin(device, data).json()
    assert sent(upload["url"], upload["headers"], data) == 403
    assert objects(marketplace) == []


@pytest.mark.parametrize("data", [b"<html></html>", webp() + b"\0\0", os.urandom(2000)])
def test_an_upload_that_is_no_picture_is_removed(
    marketplace: LiveMarketplace, device: SimulatedDevice, data: bytes
) -> None:
    upload = begin(device, data).json()
    assert sent(upload["url"], upload["headers"], data) == 200
    answer = complete(device, data)
    assert (answer.status_code, answer.json()["code"]) == (422, "blob_format")
    assert (objects(marketplace), pending(marketplace)) == ([], 0)


def test_other_bytes_in_the_store_are_removed(
    marketplace: LiveMarketplace, device: SimulatedDevice
) -> None:
    """Those of a store that enforces nothing, or of an intruder."""
    data, other = webp(), webp()
    begin(device, data)
    blobs = marketplace.deps.blobs
    assert isinstance(blobs, S3Blobs)
    ((sub,),) = _subs(marketplace)
    obstore.put(blobs.objects, upload_name(sub, digest(data)), other[: len(data)])
    assert complete(device, data).json()["code"] in {"blob_hash", "too_large"}
    assert (objects(marketplace), pending(marketplace)) == ([], 0)


def _subs(marketplace: LiveMarketplace) -> list[tuple[str]]:
    with marketplace.deps.store.read() as connection:
        rows = connection.execute(select(schema.pending_upload.c.sub)).all()
    return [(row.sub,) for row in rows]


def test_an_upload_repairs_a_stored_picture(
    marketplace: LiveMarketplace, device: SimulatedDevice
) -> None:
    data = webp()
    assert device.put_blob(data).status_code == 201
    replace_bytes(marketplace.deps.blobs, digest(data), webp())
    upload = begin(device, data).json()
    assert sent(upload["url"], upload["headers"], data) == 200
    assert complete(device, data).status_code == 200
    assert marketplace.deps.blobs.read(digest(data)) == data


def test_accounts_cannot_see_or_complete_each_other_s_uploads(
    marketplace: LiveMarketplace,
    device: SimulatedDevice,
    enrolled: Callable[[Contract], SimulatedDevice],
) -> None:
    other = enrolled(marketplace.contract())
    data = webp()
    upload = begin(device, data).json()
    assert sent(upload["url"], upload["headers"], data) == 200
    assert complete(other, data).status_code == 409
    theirs = begin(other, data).json()
    assert sent(theirs["url"], theirs["headers"], data) == 200
    assert complete(other, data).status_code == 201
    assert complete(device, data).status_code == 201


def test_uploads_that_nobody_completes_are_swept(
    marketplace: LiveMarketplace, device: SimulatedDevice
) -> None:
    data, late = webp(), webp()
    upload = begin(device, data).json()
    assert sent(upload["url"], upload["headers"], data) == 200
    marketplace.deps.retention.run_once()
    assert len(objects(marketplace)) == 1
    marketplace.clock.to(marketplace.clock.ms / 1000 + VALID_S + COMPLETE_S + 1)
    device.sign_in()
    assert complete(device, data).status_code == 409
    later = begin(device, late).json()
    assert sent(later["url"], later["headers"], late) == 200
    marketplace.clock.to(marketplace.clock.ms / 1000 + COMPLETE_S)
    marketplace.deps.retention.run_once()
    device.sign_in()
    assert (len(objects(marketplace)), pending(marketplace)) == (1, 1)
    assert complete(device, late).status_code == 201
    # A restored backup has no row of an upload.
    blobs = marketplace.deps.blobs
    assert isinstance(blobs, S3Blobs)
    obstore.put(blobs.objects, "arriving/x/y", b"z")
    marketplace.deps.retention.run_once()
    assert objects(marketplace) == [f"{digest(late)[:2]}/{digest(late)}"]


def test_a_start_without_direct_uploads_removes_the_pending_ones(
    tmp_path: Path, new_device: Callable[[], SimulatedDevice], marketplace: LiveMarketplace
) -> None:
    device = new_device()
    device.enrol(marketplace.code(marketplace.contract().freelancer))
    device.sign_in()
    data = webp()
    upload = begin(device, data).json()
    assert sent(upload["url"], upload["headers"], data) == 200
    assert (len(objects(marketplace)), pending(marketplace)) == (1, 1)
    forget_uploads(marketplace.deps.store)
    config = replace(marketplace.deps.config, s3=s3_of(tmp_path / "data"))
    assert open_direct_uploads(config, marketplace.deps.store, marketplace.deps.blobs) is None
    assert (objects(marketplace), pending(marketplace)) == ([], 0)


@pytest.mark.parametrize("quotas", [Quotas(waiting=Bound(2, 1 << 20))])
def test_uploads_count_towards_the_limit_before_they_are_complete(
    marketplace: LiveMarketplace, device: SimulatedDevice
) -> None:
    first, second, third = webp(), webp(), webp()
    upload = begin(device, first).json()
    assert device.put_blob(second).status_code == 201
    answer = begin(device, third)
    assert (answer.status_code, answer.json()["limit"]) == (507, "waiting")
    assert device.put_blob(third).status_code == 507
    # The same picture again takes no more room.
    assert begin(device, first).status_code == 200
    assert sent(upload["url"], upload["headers"], first) == 200
    assert complete(device, first).status_code == 201
    assert begin(device, third).status_code == 507


def test_a_promise_of_too_many_bytes_or_another_type_is_refused(device: SimulatedDevice) -> None:
    assert begin(device, webp(), length=(20 << 20) + 1).status_code == 422
    assert begin(device, webp(), length=0).status_code == 422
    assert begin(device, webp(), type="image/png").status_code == 422


def test_a_deleted_picture_is_not_taken_again(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract
) -> None:
    (segment,) = worked(marketplace, device, contract.ctr, START)
    shot = parse(segment).pictures[0]
    data = device.blobs[shot.blob.sha256]
    device.send(segment)
    upload = begin(device, data).json()
    assert sent(upload["url"], upload["headers"], data) == 200
    statement = deleted(device, segment, "shot_0", scope=["shot", "time"])
    assert device.post_statement("tombstones", statement).status_code == 201
    assert complete(device, data).status_code == 410
    assert begin(device, data).status_code == 410
    assert not marketplace.deps.blobs.has(shot.blob.sha256)
    assert "arriving" not in " ".join(objects(marketplace))


def test_a_store_that_enforces_nothing_is_refused_at_the_start(tmp_path: Path) -> None:
    settings = s3_of(tmp_path)
    assert settings is not None
    assert settings.endpoint is not None

    def accepting(exchange: Exchange) -> None:
        exchange.answer(200)

    with running(FaultProxy()) as proxy:
        proxy.upstream_port = int(settings.endpoint.rpartition(":")[2])
        proxy.applies = lambda exchange: "arriving/probe" in exchange.path
        proxy.always = accepting
        lax = replace(settings, endpoint=proxy.url, upload_endpoint="https://s3.example")
        with (
            pytest.raises(ConfigError, match=r"other bytes, .*a second upload"),
            live_marketplace(tmp_path, s3=lax),
        ):
            pass
        proxy.always = None
        with live_marketplace(tmp_path, s3=lax) as marketplace:
            assert objects(marketplace) == []
            answer = httpx.get(f"{marketplace.url}/.well-known/workdiary")
            assert answer.json()["direct_uploads"] is True


@pytest.mark.expected_logs("pictures_unavailable")
@pytest.mark.parametrize("failing", ["/owner /probe/", "/probe/"])
@pytest.mark.parametrize("fault", [reset_at_once, trouble(503)], ids=["reset", "503"])
def test_a_start_during_an_outage_takes_uploads_when_the_store_works_again(
    tmp_path: Path, fault: Fault, failing: str
) -> None:
    settings = s3_of(tmp_path)
    assert settings is not None
    assert settings.endpoint is not None
    data = webp()
    with running(FaultProxy()) as proxy:
        proxy.upstream_port = int(settings.endpoint.rpartition(":")[2])
        direct = replace(settings, endpoint=proxy.url, upload_endpoint=proxy.url, retries=0)
        with live_marketplace(tmp_path, s3=direct):
            pass
        proxy.applies = lambda exchange: any(part in exchange.path for part in failing.split())
        proxy.always = fault
        with live_marketplace(tmp_path, s3=direct) as marketplace:
            proxy.always = None
            device = SimulatedDevice(marketplace.url, marketplace.deps.clock.real_s)
            device.enrol(marketplace.code(marketplace.contract().freelancer))
            device.sign_in()
            upload = begin(device, data).json()
            assert sent(upload["url"], upload["headers"], data) == 200
            assert complete(device, data).status_code == 201
            device.http.close()
