"""A deleted picture stays deleted: after a restored backup, on other devices, and by retention."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from diary.core.slots import DAY
from diary.formats.ed25519 import SigningKey
from diary.objects.segment import SealedSegment, parse
from diary.objects.tombstone import tombstone
from tests.uploader import proxy as faults
from tests.uploader.office import Office
from tests.uploader.proxy import FaultProxy
from uploader.errors import Problem, RefusedError
from uploader.store.erasure import digests_of
from uploader.store.local_diary import load_day

if TYPE_CHECKING:
    from pathlib import Path

    Pair = tuple[Office, FaultProxy]


def back_up(office: Office) -> None:
    office.close()
    target = office.base.with_name("backup")
    if target.exists():
        shutil.rmtree(target)
    shutil.copytree(office.base, target)
    office.restart()


def restore(office: Office) -> None:
    office.close()
    shutil.rmtree(office.base)
    shutil.copytree(office.base.with_name("backup"), office.base)
    office.restart()


def pictures_of(sealed: SealedSegment) -> list[str]:
    return [p.sha256 for shot in sealed.pictures.values() for p in (shot.blob, shot.thumb)]


def at_the_marketplace(office: Office, shas: list[str]) -> list[str]:
    return [sha for sha in shas if office.market.deps.blobs.path(sha).exists()]


def here(office: Office, shas: list[str]) -> list[str]:
    return [sha for sha in shas if (office.root / "blobs" / sha).exists()]


@pytest.mark.parametrize("sent_before", [True, False], ids=["sent", "not-sent"])
def test_a_restored_backup_does_not_bring_a_deleted_picture_back(
    at_work: Pair, sent_before: bool
) -> None:
    office, proxy = at_work
    (one,) = (parse(data) for data in office.many(1, pictures=1))
    shas = pictures_of(one)
    if sent_before:
        office.drain()
    back_up(office)
    office.fetch_what_work_needs()
    office.drain()
    office.changes.delete(one.hash, {"shot", "memo"})
    office.drain()
    assert at_the_marketplace(office, shas) == []
    restore(office)
    assert here(office, shas) == sorted(shas, key=shas.index)
    proxy.seen.clear()
    office.drain()
    assert at_the_marketplace(office, shas) == []
    assert here(office, shas) == []
    found = office.outbox.segment(one.hash)
    assert found is not None
    assert (found[1].pictures, found[1].memo) == ({}, None)
    assert not any(shas[0].encode() in path.read_bytes() for path in files(office))
    entry = load_day(office.outbox, office.now_ms()).entries[0]
    assert (entry.gives_back, entry.memo, set(entry.deleted)) == (
        True,
        None,
        {"shot", "memo", "time"},
    )
    # It knows once and for all: also after a restart without the marketplace.
    office.restart()
    assert here(office, shas) == []
    assert office.outbox.gives_back(found[0])


def files(office: Office) -> list[Path]:
    return [p for p in office.root.rglob("*.sdjwt") if p.is_file()]


def test_the_store_refuses_what_a_logged_tombstone_erased(at_work: Pair) -> None:
    office, _ = at_work
    (one,) = (parse(data) for data in office.many(1, pictures=1))
    shot = one.pictures[0]
    data = office.outbox.blob(shot.blob.sha256)
    assert data is not None
    office.drain()
    office.changes.delete(one.hash, {"shot"})
    office.drain()
    taken = one.segment.shot_at[0]
    for at_ms in (None, taken):
        with pytest.raises(RefusedError) as caught:
            office.client.put_blob(shot.blob.sha256, data, at_ms)
        assert (caught.value.status, caught.value.reason) == (410, "blob_erased")
    assert at_the_marketplace(office, pictures_of(one)) == []
    # The same screen, taken at another time, is another picture.
    office.client.put_blob(shot.blob.sha256, data, taken + 600_000)
    assert at_the_marketplace(office, [shot.blob.sha256]) == [shot.blob.sha256]


def test_a_client_that_could_not_learn_it_deletes_its_copy_when_it_is_refused(
    at_work: Pair,
) -> None:
    office, proxy = at_work
    (one,) = (parse(data) for data in office.many(1, pictures=1))
    shas = pictures_of(one)
    back_up(office)
    office.fetch_what_work_needs()
    office.drain()
    office.changes.delete(one.hash, {"shot"})
    office.drain()
    restore(office)
    empty = {"statements": [], "signers": {}, "next": -1, "more": False}
    proxy.applies = lambda e: e.path.startswith("/v1/statements")
    proxy.always = faults.mangled(lambda _: json.dumps(empty).encode())
    office.drain()
    assert at_the_marketplace(office, shas) == []
    assert here(office, shas) == []
    assert office.outbox.sending.refused_pictures() == []


def test_a_picture_that_another_segment_shows_stays(at_work: Pair) -> None:
    office, _ = at_work
    one, two = (parse(data) for data in office.many(2, pictures=0))
    base = office.clock.ms // 1000
    first = parse(office.work(base + 1, base + 3, pictures=1))
    # The same screen once more: the same bytes, named by a segment of its own.
    shot = first.pictures[0]
    real = office._shot
    office._shot = lambda at: type(shot)(**{**shot.__dict__, "at": at})  # type: ignore[method-assign]
    second = parse(office.work(base + 3, base + 5, pictures=1))
    office._shot = real  # type: ignore[method-assign]
    assert first.pictures[0].blob == second.pictures[0].blob
    office.clock.to(base + 6)
    office.drain()
    shas = pictures_of(first)
    back_up(office)
    office.fetch_what_work_needs()
    office.changes.delete(first.hash, {"shot"})
    office.drain()
    restore(office)
    office.drain()
    assert at_the_marketplace(office, shas) == shas
    assert here(office, shas) == shas
    found = office.outbox.segment(first.hash)
    assert found is not None
    assert found[1].pictures == {}
    assert {one.hash, two.hash} <= office.stored().keys()


def test_a_changed_memo_is_learnt_too(at_work: Pair) -> None:
    office, _ = at_work
    (one,) = (parse(data) for data in office.many(1, pictures=0))
    office.drain()
    back_up(office)
    office.fetch_what_work_needs()
    office.changes.change_memo(one.hash, "Another memo")
    office.drain()
    restore(office)
    office.drain()
    assert load_day(office.outbox, office.now_ms()).entries[0].memo == "Another memo"
    assert office.outbox.deeds.waiting() == []


def test_what_another_device_deleted_is_deleted_here(at_work: Pair) -> None:
    office, _ = at_work
    (one,) = (parse(data) for data in office.many(1, pictures=1))
    office.drain()
    other = Office(office.base.with_name("other"), office.market, office.contract)
    try:
        other.join()
        data = tombstone(
            other.keys.signing,
            segment=one.hash,
            digests=sorted(digests_of(one.sdjwt, "shot_")),
            scope=["shot", "time"],
            reason="deleted",
            at=office.clock.ms // 1000,
        )
        other.client.post_statement("tombstones", data, "application/jose")
    finally:
        other.close()
    office.watch.wait(301)
    assert office.worker is not None
    office.worker.step()
    assert here(office, pictures_of(one)) == []
    # It is no part of the record of this device.
    assert not (office.root / "tombstones").exists()
    assert list((office.root / "learnt" / "tombstones").glob("*.jws"))
    office.restart()
    assert office.outbox.deeds.erased(one.hash)


@pytest.mark.parametrize(("days", "gone"), [(181, True), (1, False)], ids=["due", "too-early"])
def test_the_marketplaces_own_deletion_counts_here_only_when_it_is_due(
    at_work: Pair, days: int, gone: bool
) -> None:
    office, _ = at_work
    (one,) = (parse(data) for data in office.many(1, pictures=1))
    office.drain()
    office.clock.to(office.clock.ms // 1000 + days * DAY)
    if gone:
        office.market.deps.retention.run_once()
    else:
        office.market.deps.retention.erase(one.hash, ["shot"], "retention")
    assert at_the_marketplace(office, pictures_of(one)) == []
    office.watch.wait(301)
    assert office.worker is not None
    office.worker.step()
    assert (here(office, pictures_of(one)) == []) is gone
    office.restart()
    assert (here(office, pictures_of(one)) == []) is gone


def test_a_statement_that_does_not_prove_itself_changes_nothing(at_work: Pair) -> None:
    office, proxy = at_work
    (one,) = (parse(data) for data in office.many(1, pictures=1))
    office.drain()
    (receipt,) = office.root.glob("segments/*/*.tlog-proof")
    forged = tombstone(
        SigningKey.generate(),
        segment=one.hash,
        digests=sorted(digests_of(one.sdjwt, "shot_")),
        scope=["shot", "time"],
        reason="deleted",
        at=office.clock.ms // 1000,
    )
    own = tombstone(
        office.keys.signing,
        segment=one.hash,
        digests=sorted(digests_of(one.sdjwt, "shot_")),
        scope=["shot", "time"],
        reason="deleted",
        at=office.clock.ms // 1000,
    )
    assert office.member is not None
    assert office.member.enrolment is not None
    page = {
        "statements": [
            {
                "type": "tombstone",
                "segment": one.hash,
                "kid": office.keys.kid,
                "data": data.decode(),
                "receipt": receipt.read_text(),
            }
            for data in (forged, own)
        ],
        "signers": {office.keys.kid: office.member.enrolment.data.decode()},
        "next": 7,
        "more": False,
    }
    proxy.applies = lambda e: e.path.startswith("/v1/statements")
    proxy.always = faults.mangled(lambda _: json.dumps(page).encode())
    office.watch.wait(301)
    assert office.worker is not None
    office.worker.step()
    assert here(office, pictures_of(one)) == pictures_of(one)
    assert {t.code for t in office.outbox.incidents()} == {Problem.WRONG_STATEMENT}
    assert office.outbox.deeds.erased(one.hash) == frozenset()
