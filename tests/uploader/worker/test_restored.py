"""A folder restored from a backup: no number is used twice, and recording continues."""

from __future__ import annotations

import json
import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from diary.formats.ed25519 import SigningKey
from diary.objects.segment import SealedSegment, parse, seal
from tests.uploader import proxy as faults
from tests.uploader.backup import back_up, restore
from tests.uploader.proxy import Exchange, FaultProxy
from tests.uploader.worker_state import codes
from uploader.errors import Problem, StoreError
from uploader.store.index.rows import IndexRow, UploadState
from uploader.store.state_folder import StateFolder

if TYPE_CHECKING:
    from tests.uploader.client_under_test import ClientUnderTest

    Pair = tuple[ClientUnderTest, FaultProxy]


def restored(client: ClientUnderTest) -> list[bytes]:
    """Work, copy the folder, work more, deliver all; then restore the copy. All segments."""
    made = client.many(2, pictures=0)
    client.drain()
    back_up(client)
    client.fetch_what_work_needs()
    made += client.many(2, pictures=0)
    client.drain()
    restore(client)
    return made


def rows(client: ClientUnderTest) -> list[IndexRow]:
    return client.outbox._index.rows()


def times(found: list[SealedSegment]) -> list[tuple[int, int]]:
    return [(each.segment.t0, each.segment.t1) for each in found]


def chain(client: ClientUnderTest) -> list[SealedSegment]:
    """All segments at the marketplace, in the order of numbers; each follows the one before."""
    found = sorted((parse(d) for d in client.stored().values()), key=lambda s: s.segment.seq)
    assert client.member is not None
    assert client.member.enrolment is not None
    before = client.member.enrolment.digest
    for index, sealed in enumerate(found):
        assert (sealed.segment.seq, sealed.segment.prev) == (index, before)
        before = sealed.hash
    return found


def test_work_continues_behind_what_the_marketplace_holds(at_work: Pair) -> None:
    client, proxy = at_work
    made = restored(client)
    worker = client.start_worker()
    worker.step()
    assert codes(client) == [Problem.RESTORED_BACKUP]
    last = parse(made[-1])
    head = client.outbox.head(client.contract.ctr)
    assert (head.epoch, head.seq, head.prev) == (1, 4, last.hash)
    # Only its own seconds: a copy may have sealed what this folder records at the same time.
    assert head.last_t1 == parse(made[1]).segment.t1
    # Also after a restart without a network, with a rebuilt index.
    proxy.always = faults.reset_at_once
    client.close()
    for name in ("index.sqlite", "index.sqlite-wal", "index.sqlite-shm"):
        (client.root / name).unlink(missing_ok=True)
    client.restart()
    assert client.outbox.head(client.contract.ctr) == head
    proxy.always = None
    client.fetch_what_work_needs()
    made += client.many(2, pictures=0)
    client.drain()
    assert times(chain(client)) == times([parse(data) for data in made])
    assert [each.segment.epoch for each in chain(client)] == [0, 0, 0, 0, 1, 1]
    assert worker.status.held == 0


def test_work_on_the_backup_is_signed_again_and_its_first_form_is_evidence(
    at_work: Pair,
) -> None:
    client, proxy = at_work
    made = restored(client)
    mine = client.many(2, pictures=1)  # sealed offline, under used numbers
    proxy.seen.clear()
    client.drain()
    found = chain(client)
    assert times(found) == times([parse(data) for data in [*made, *mine]])
    anew = found[-2:]
    for old, new in zip(map(parse, mine), anew, strict=True):
        assert (new.memo, new.minutes, new.pictures) == (old.memo, old.minutes, old.pictures)
        assert not set(new.sdjwt.jws.payload["_sd"]) & set(old.sdjwt.jws.payload["_sd"])
        assert new.segment == replace(
            old.segment, epoch=1, seq=new.segment.seq, prev=new.segment.prev
        )
        assert (client.root / "evidence" / f"{old.hash}.sdjwt").exists()
        for shot in new.pictures.values():
            assert client.marketplace.deps.blobs.has(shot.blob.sha256)
    hashes = {parse(data).hash for data in mine}
    assert not hashes & {sent.path.rpartition("/")[2] for sent in proxy.puts("segments")}
    assert {row.state for row in rows(client)} == {UploadState.DONE}
    assert not client.outbox.queue.is_held(client.contract.ctr)


def test_what_was_sent_but_not_answered_before_the_backup_is_not_sealed_twice(
    at_work: Pair,
) -> None:
    client, _ = at_work
    made = client.many(3, pictures=0)
    back_up(client)
    client.drain()
    client.fetch_what_work_needs()
    made += client.many(2, pictures=0)
    client.drain()
    restore(client)
    client.drain()
    assert times(chain(client)) == times([parse(data) for data in made])
    assert [row.seq for row in rows(client)] == [0, 1, 2]
    assert not (client.root / "evidence").exists()


def test_statements_about_such_work_are_signed_again(at_work: Pair) -> None:
    client, _ = at_work
    restored(client)
    mine = [parse(data) for data in client.many(2, pictures=1)]
    client.changes.change_memo(mine[0].hash, "Another memo")
    client.changes.delete(mine[1].hash, {"shot"})
    client.drain()
    one, two = chain(client)[-2:]
    assert (one.segment.t0, two.segment.t0) == (mine[0].segment.t0, mine[1].segment.t0)
    statements = client.outbox.statements.about(one.hash) + client.outbox.statements.about(two.hash)
    assert [statement.kind for statement in statements] == ["amend", "tombstone"]
    assert {statement.state for statement in statements} == {UploadState.DONE}
    assert "Another memo" in client.outbox.recent_memos(client.contract.ctr)
    assert two.pictures == {}
    assert client.outbox.statements.waiting() == []


@pytest.mark.parametrize("stop", range(1, 12))
def test_a_crash_during_the_renumbering_loses_and_doubles_nothing(
    at_work: Pair, monkeypatch: pytest.MonkeyPatch, stop: int
) -> None:
    client, _ = at_work
    made = restored(client)
    made += client.many(2, pictures=1)
    left = [stop]

    class Crash(BaseException):
        pass

    def failing(real):  # type: ignore[no-untyped-def]
        def step(*args: object) -> object:
            left[0] -= 1
            if not left[0]:
                raise Crash
            return real(*args)

        return step

    with monkeypatch.context() as patch:
        for name in ("write", "move", "remove"):
            patch.setattr(StateFolder, name, failing(getattr(StateFolder, name)))
        try:
            client.start_worker().step()
        except Crash:
            assert not left[0]
    client.restart()
    for sha in client.outbox.unclaimed_blobs():
        client.outbox.drop_blob(sha)
    client.drain()
    found = chain(client)
    assert times(found) == times([parse(data) for data in made])
    for sealed in found:
        for shot in sealed.pictures.values():
            assert client.marketplace.deps.blobs.has(shot.blob.sha256)
    assert Problem.FILE_LOST not in codes(client)


def test_a_head_that_this_device_has_not_signed_is_evidence_and_nothing_is_sent(
    at_work: Pair,
) -> None:
    client, proxy = at_work
    client.many(1, pictures=0)
    client.drain()
    sealed = parse(client.sealed(client.clock.ms // 1000 + 1, client.clock.ms // 1000 + 2))
    foreign = seal(
        sealed.segment,
        memo="not mine",
        minutes=sealed.minutes,
        shots=list(sealed.pictures.values()),
        signer=SigningKey.generate(),
        random=secrets.token_bytes,
    )
    h = parse(foreign).hash
    client.many(1, pictures=0)
    client.restart()

    def lies(body: bytes) -> bytes:
        answer = json.loads(body)
        answer["heads"][0].update(seq=1, h=h)
        return json.dumps(answer).encode()

    def shows(exchange: Exchange) -> None:
        exchange.answer(200, foreign, "application/sd-jwt")

    honest = faults.mangled(lies)
    proxy.applies = lambda e: (
        e.path == "/v1/me" or (e.method == "GET" and e.path == f"/v1/segments/{h}")
    )
    proxy.always = lambda e: honest(e) if e.path == "/v1/me" else shows(e)
    proxy.seen.clear()
    worker = client.start_worker()
    worker.step()
    assert codes(client) == [Problem.FOREIGN_HEAD], worker.status
    assert (worker.status.held, worker.status.problem) == (1, "foreign_head")
    assert proxy.puts("segments") == []
    with pytest.raises(StoreError):
        client.outbox.head(client.contract.ctr)
    kept = [path.read_bytes() for path in (client.root / "evidence").glob("*.sdjwt")]
    assert kept == [foreign]
    (about,) = (client.root / "evidence").glob("head-*.json")
    assert json.loads(about.read_bytes())["h"] == h
    # The marketplace was wrong, and is repaired.
    proxy.always = None
    client.restart()
    client.drain()
    assert len(chain(client)) == 2
    assert client.outbox.head(client.contract.ctr).seq == 2
