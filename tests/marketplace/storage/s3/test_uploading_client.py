"""The real client, a marketplace and a real object store: direct uploads from end to end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from diary.objects.segment import parse
from tests.marketplace.blob_place import s3_of
from tests.marketplace.live_marketplace import START
from tests.marketplace.storage.ceph_rgw import S3Server
from tests.uploader import proxy as faults
from tests.uploader.client_under_test import ClientUnderTest, open_client
from tests.uploader.proxy import FaultProxy, running
from uploader.api import direct_uploads

Setting = tuple[ClientUnderTest, FaultProxy, FaultProxy]


@pytest.fixture
def at_work(
    tmp_path: Path, object_store: S3Server | None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Setting]:
    """A computer at work, the network to its marketplace, and the one to the store."""
    assert object_store is not None
    monkeypatch.setattr(direct_uploads, "FEWEST_BYTES", 1)
    settings = s3_of(tmp_path)
    assert settings is not None
    with running(FaultProxy()) as store:
        store.upstream_port = object_store.port
        s3 = replace(settings, upload_endpoint=store.url)
        with open_client(tmp_path, s3=s3) as (client, proxy):
            yield client, proxy, store


def worked(client: ClientUnderTest) -> list[bytes]:
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
    return made


def pictures(made: list[bytes]) -> int:
    return sum(2 * len(parse(data).pictures) for data in made)


def test_all_pictures_go_to_the_store(at_work: Setting) -> None:
    client, proxy, store = at_work
    made = worked(client)
    client.drain()
    client.assert_all_arrived_once(made)
    assert pictures(made) > 0
    assert [seen.reply.status for seen in store.seen] == [200] * pictures(made)
    assert proxy.puts("blobs") == []
    for seen in store.seen:
        assert not {"authorization", "dpop", "cookie"} & seen.headers.keys()
    assert client.outbox.incidents() == ()
    person = client.contract.client
    assert client.marketplace.day(person, client.contract.ctr).badge.ok


def test_a_lost_response_of_the_store_ends_with_one_picture(at_work: Setting) -> None:
    client, proxy, store = at_work
    made = worked(client)
    store.plan.append(faults.reply_lost)
    client.drain()
    client.assert_all_arrived_once(made)
    assert len(proxy.puts("blobs")) >= 1


def test_a_repeated_upload_is_completed_when_the_marketplace_is_back(at_work: Setting) -> None:
    client, proxy, store = at_work
    made = worked(client)
    proxy.applies = lambda exchange: exchange.path.endswith("/complete")
    proxy.plan.append(faults.trouble(503))
    client.drain()
    client.assert_all_arrived_once(made)
    assert 412 in [seen.reply.status for seen in store.seen]
    assert proxy.puts("blobs") == []


def test_a_blocked_store_costs_one_attempt(at_work: Setting) -> None:
    client, proxy, store = at_work
    store.always = faults.reset_at_once
    made = worked(client)
    client.drain()
    client.assert_all_arrived_once(made)
    assert len(proxy.puts("blobs")) == pictures(made)
    # Up to three pictures are sent at once.
    assert len(store.requests) <= 3
