"""A deleted picture stays deleted: after a restored backup, on other devices, and by retention."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from diary.core.slots import DAY
from diary.formats.ed25519 import SigningKey
from diary.objects.segment import SealedSegment, parse
from diary.objects.tombstone import tombstone
from tests.uploader import proxy as faults
from tests.uploader.backup import back_up, restore
from tests.uploader.client_under_test import ClientUnderTest
from tests.uploader.proxy import FaultProxy
from uploader.errors import Problem, RefusedError
from uploader.store.erasure import digests_of
from uploader.store.local_diary import load_day

if TYPE_CHECKING:
    from pathlib import Path

    Pair = tuple[ClientUnderTest, FaultProxy]


def deletion(key: SigningKey, segment: SealedSegment, at: int) -> bytes:
    """The statement that deletes the pictures and the time of a segment; `at` in Unix s."""
    return tombstone(
        key,
        segment=segment.hash,
        digests=sorted(digests_of(segment.sdjwt, "shot_")),
        scope=["shot", "time"],
        reason="deleted",
        at=at,
    )


def pictures_of(sealed: SealedSegment) -> list[str]:
    return [p.sha256 for shot in sealed.pictures.values() for p in (shot.blob, shot.thumb)]


def at_the_marketplace(client: ClientUnderTest, shas: list[str]) -> list[str]:
    return [sha for sha in shas if client.marketplace.deps.blobs.has(sha)]


def here(client: ClientUnderTest, shas: list[str]) -> list[str]:
    return [sha for sha in shas if (client.root / "blobs" / sha).exists()]


@pytest.mark.parametrize("sent_before", [True, False], ids=["sent", "not-sent"])
def test_a_restored_backup_does_not_bring_a_deleted_picture_back(
    at_work: Pair, sent_before: bool
) -> None:
    client, proxy = at_work
    (one,) = (parse(data) for data in client.many(1, pictures=1))
    shas = pictures_of(one)
    if sent_before:
        client.drain()
    back_up(client)
    client.fetch_what_work_needs()
    client.drain()
    client.changes.delete(one.hash, {"shot", "memo"})
    client.drain()
    assert at_the_marketplace(client, shas) == []
    restore(client)
    assert here(client, shas) == sorted(shas, key=shas.index)
    proxy.seen.clear()
    client.drain()
    assert at_the_marketplace(client, shas) == []
    assert here(client, shas) == []
    found = client.outbox.segment(one.hash)
    assert found is not None
    assert (found[1].pictures, found[1].memo) == ({}, None)
    assert not any(shas[0].encode() in path.read_bytes() for path in files(client))
    entry = load_day(client.outbox, client.now_ms()).entries[0]
    assert (entry.gives_back, entry.memo, set(entry.deleted)) == (
        True,
        None,
        {"shot", "memo", "time"},
    )
    # The deletion is stored permanently: also after a restart without the marketplace.
    client.restart()
    assert here(client, shas) == []
    assert client.outbox.gives_back(found[0])


def files(client: ClientUnderTest) -> list[Path]:
    return [p for p in client.root.rglob("*.sdjwt") if p.is_file()]


def test_the_store_refuses_what_a_logged_tombstone_erased(at_work: Pair) -> None:
    client, _ = at_work
    (one,) = (parse(data) for data in client.many(1, pictures=1))
    shot = one.pictures[0]
    data = client.outbox.blob(shot.blob.sha256)
    assert data is not None
    client.drain()
    client.changes.delete(one.hash, {"shot"})
    client.drain()
    taken = one.segment.shot_at[0]
    for at_ms in (None, taken):
        with pytest.raises(RefusedError) as caught:
            client.client.put_blob(shot.blob.sha256, data, at_ms)
        assert (caught.value.status, caught.value.reason) == (410, "blob_erased")
    assert at_the_marketplace(client, pictures_of(one)) == []
    # The same screen, taken at another time, is another picture.
    client.client.put_blob(shot.blob.sha256, data, taken + 600_000)
    assert at_the_marketplace(client, [shot.blob.sha256]) == [shot.blob.sha256]


def test_a_client_that_could_not_learn_it_deletes_its_copy_when_it_is_refused(
    at_work: Pair,
) -> None:
    client, proxy = at_work
    (one,) = (parse(data) for data in client.many(1, pictures=1))
    shas = pictures_of(one)
    back_up(client)
    client.fetch_what_work_needs()
    client.drain()
    client.changes.delete(one.hash, {"shot"})
    client.drain()
    restore(client)
    empty = {"statements": [], "signers": {}, "next": -1, "more": False}
    proxy.applies = lambda e: e.path.startswith("/v1/statements")
    proxy.always = faults.mangled(lambda _: json.dumps(empty).encode())
    client.drain()
    assert at_the_marketplace(client, shas) == []
    assert here(client, shas) == []
    assert client.outbox.queue.refused_pictures() == []


def test_a_picture_that_another_segment_shows_stays(at_work: Pair) -> None:
    client, _ = at_work
    one, two = (parse(data) for data in client.many(2, pictures=0))
    base = client.clock.ms // 1000
    first = parse(client.work(base + 1, base + 3, pictures=1))
    # The same screen once more: the same bytes, named by another segment.
    shot = first.pictures[0]
    real = client._shot
    client._shot = lambda at: type(shot)(**{**shot.__dict__, "at": at})  # type: ignore[method-assign]
    second = parse(client.work(base + 3, base + 5, pictures=1))
    client._shot = real  # type: ignore[method-assign]
    assert first.pictures[0].blob == second.pictures[0].blob
    client.clock.to(base + 6)
    client.drain()
    shas = pictures_of(first)
    back_up(client)
    client.fetch_what_work_needs()
    client.changes.delete(first.hash, {"shot"})
    client.drain()
    restore(client)
    client.drain()
    assert at_the_marketplace(client, shas) == shas
    assert here(client, shas) == shas
    found = client.outbox.segment(first.hash)
    assert found is not None
    assert found[1].pictures == {}
    assert {one.hash, two.hash} <= client.stored().keys()


def test_a_changed_memo_is_learnt_too(at_work: Pair) -> None:
    client, _ = at_work
    (one,) = (parse(data) for data in client.many(1, pictures=0))
    client.drain()
    back_up(client)
    client.fetch_what_work_needs()
    client.changes.change_memo(one.hash, "Another memo")
    client.drain()
    restore(client)
    client.drain()
    assert load_day(client.outbox, client.now_ms()).entries[0].memo == "Another memo"
    assert client.outbox.statements.waiting() == []


def test_what_another_device_deleted_is_deleted_here(at_work: Pair) -> None:
    client, _ = at_work
    (one,) = (parse(data) for data in client.many(1, pictures=1))
    client.drain()
    other = ClientUnderTest(client.base.with_name("other"), client.marketplace, client.contract)
    try:
        other.join()
        data = deletion(other.keys.signing, one, client.clock.ms // 1000)
        other.client.post_statement("tombstones", data, "application/jose")
    finally:
        other.close()
    client.watch.wait(301)
    assert client.worker is not None
    client.worker.step()
    assert here(client, pictures_of(one)) == []
    # It is not part of this device's record.
    assert not (client.root / "tombstones").exists()
    assert list((client.root / "learnt" / "tombstones").glob("*.jws"))
    client.restart()
    assert client.outbox.statements.erased(one.hash)


@pytest.mark.parametrize(("days", "gone"), [(181, True), (1, False)], ids=["due", "too-early"])
def test_the_marketplaces_own_deletion_counts_here_only_when_it_is_due(
    at_work: Pair, days: int, gone: bool
) -> None:
    client, _ = at_work
    (one,) = (parse(data) for data in client.many(1, pictures=1))
    client.drain()
    client.clock.to(client.clock.ms // 1000 + days * DAY)
    if gone:
        client.marketplace.deps.retention.run_once()
    else:
        client.marketplace.deps.retention.erase(one.hash, ["shot"], "retention")
    assert at_the_marketplace(client, pictures_of(one)) == []
    client.watch.wait(301)
    assert client.worker is not None
    client.worker.step()
    assert (here(client, pictures_of(one)) == []) is gone
    client.restart()
    assert (here(client, pictures_of(one)) == []) is gone


def test_a_statement_that_does_not_prove_itself_changes_nothing(at_work: Pair) -> None:
    client, proxy = at_work
    (one,) = (parse(data) for data in client.many(1, pictures=1))
    client.drain()
    (receipt,) = client.root.glob("segments/*/*.tlog-proof")
    forged = deletion(SigningKey.generate(), one, client.clock.ms // 1000)
    own = deletion(client.keys.signing, one, client.clock.ms // 1000)
    assert client.member is not None
    assert client.member.enrolment is not None
    page = {
        "statements": [
            {
                "type": "tombstone",
                "segment": one.hash,
                "kid": client.keys.kid,
                "data": data.decode(),
                "receipt": receipt.read_text(),
            }
            for data in (forged, own)
        ],
        "signers": {client.keys.kid: client.member.enrolment.data.decode()},
        "next": 7,
        "more": False,
    }
    proxy.applies = lambda e: e.path.startswith("/v1/statements")
    proxy.always = faults.mangled(lambda _: json.dumps(page).encode())
    client.watch.wait(301)
    assert client.worker is not None
    client.worker.step()
    assert here(client, pictures_of(one)) == pictures_of(one)
    assert {t.code for t in client.outbox.incidents()} == {Problem.WRONG_STATEMENT}
    assert client.outbox.statements.erased(one.hash) == frozenset()
