"""A folder that comes from a backup: no number is used twice, and the work goes on."""

from __future__ import annotations

import json
import secrets
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from diary.formats.ed25519 import SigningKey
from diary.objects.segment import SealedSegment, parse, seal
from tests.uploader import proxy as faults
from tests.uploader.proxy import Exchange, FaultProxy
from uploader.errors import Problem, StoreError
from uploader.store.index import IndexRow, UploadState
from uploader.store.state_folder import StateFolder

if TYPE_CHECKING:
    from tests.uploader.office import Office

    Pair = tuple[Office, FaultProxy]


def restored(office: Office) -> list[bytes]:
    """Work, copy the folder, work on, deliver all; then go back to the copy. All that was made."""
    made = office.many(2, pictures=0)
    office.drain()
    office.close()
    backup = office.base.with_name("backup")
    shutil.copytree(office.base, backup)
    office.restart()
    office.fetch_what_work_needs()
    made += office.many(2, pictures=0)
    office.drain()
    office.close()
    shutil.rmtree(office.base)
    shutil.copytree(backup, office.base)
    office.restart()
    return made


def codes(office: Office) -> list[Problem]:
    return [trouble.code for trouble in office.outbox.incidents()]


def rows(office: Office) -> list[IndexRow]:
    return office.outbox._index.rows()


def times(found: list[SealedSegment]) -> list[tuple[int, int]]:
    return [(each.segment.t0, each.segment.t1) for each in found]


def chain(office: Office) -> list[SealedSegment]:
    """All that the marketplace holds, in the order of numbers; each rests on the one before."""
    found = sorted((parse(d) for d in office.stored().values()), key=lambda s: s.segment.seq)
    assert office.member is not None
    assert office.member.enrolment is not None
    before = office.member.enrolment.digest
    for place, sealed in enumerate(found):
        assert (sealed.segment.seq, sealed.segment.prev) == (place, before)
        before = sealed.hash
    return found


def test_work_goes_on_behind_what_the_marketplace_holds(at_work: Pair) -> None:
    office, proxy = at_work
    made = restored(office)
    worker = office.start_worker()
    worker.step()
    assert codes(office) == [Problem.RESTORED_BACKUP]
    last = parse(made[-1])
    head = office.outbox.head(office.contract.ctr)
    assert (head.epoch, head.seq, head.prev) == (1, 4, last.hash)
    # Its own seconds only: a copy may have sealed what this folder records at the same time.
    assert head.last_t1 == parse(made[1]).segment.t1
    # Also after a restart without a network, with an index made anew.
    proxy.always = faults.reset_at_once
    office.close()
    for name in ("index.sqlite", "index.sqlite-wal", "index.sqlite-shm"):
        (office.root / name).unlink(missing_ok=True)
    office.restart()
    assert office.outbox.head(office.contract.ctr) == head
    proxy.always = None
    office.fetch_what_work_needs()
    made += office.many(2, pictures=0)
    office.drain()
    assert times(chain(office)) == times([parse(data) for data in made])
    assert [each.segment.epoch for each in chain(office)] == [0, 0, 0, 0, 1, 1]
    assert worker.status.held == 0


def test_work_done_on_the_backup_is_sealed_anew_and_its_first_form_is_evidence(
    at_work: Pair,
) -> None:
    office, proxy = at_work
    made = restored(office)
    mine = office.many(2, pictures=1)  # sealed offline, under numbers that are taken
    proxy.seen.clear()
    office.drain()
    found = chain(office)
    assert times(found) == times([parse(data) for data in [*made, *mine]])
    anew = found[-2:]
    for old, new in zip(map(parse, mine), anew, strict=True):
        assert (new.memo, new.minutes, new.pictures) == (old.memo, old.minutes, old.pictures)
        assert not set(new.sdjwt.jws.payload["_sd"]) & set(old.sdjwt.jws.payload["_sd"])
        assert new.segment == replace(
            old.segment, epoch=1, seq=new.segment.seq, prev=new.segment.prev
        )
        assert (office.root / "evidence" / f"{old.hash}.sdjwt").exists()
        for shot in new.pictures.values():
            assert office.market.deps.blobs.path(shot.blob.sha256).exists()
    hashes = {parse(data).hash for data in mine}
    assert not hashes & {sent.path.rpartition("/")[2] for sent in proxy.puts("segments")}
    assert {row.state for row in rows(office)} == {UploadState.DONE}
    assert not office.outbox.sending.is_held(office.contract.ctr)


def test_what_was_sent_but_not_answered_before_the_backup_is_not_sealed_twice(
    at_work: Pair,
) -> None:
    office, _ = at_work
    made = office.many(3, pictures=0)
    office.close()
    backup = office.base.with_name("backup")
    shutil.copytree(office.base, backup)
    office.restart()
    office.drain()
    office.fetch_what_work_needs()
    made += office.many(2, pictures=0)
    office.drain()
    office.close()
    shutil.rmtree(office.base)
    shutil.copytree(backup, office.base)
    office.restart()
    office.drain()
    assert times(chain(office)) == times([parse(data) for data in made])
    assert [row.seq for row in rows(office)] == [0, 1, 2]
    assert not (office.root / "evidence").exists()


def test_what_was_said_of_such_work_is_said_of_it_anew(at_work: Pair) -> None:
    office, _ = at_work
    restored(office)
    mine = [parse(data) for data in office.many(2, pictures=1)]
    office.changes.change_memo(mine[0].hash, "Another memo")
    office.changes.delete(mine[1].hash, {"shot"})
    office.drain()
    one, two = chain(office)[-2:]
    assert (one.segment.t0, two.segment.t0) == (mine[0].segment.t0, mine[1].segment.t0)
    said = office.outbox.deeds.about(one.hash) + office.outbox.deeds.about(two.hash)
    assert [deed.kind for deed in said] == ["amend", "tombstone"]
    assert {deed.state for deed in said} == {UploadState.DONE}
    assert "Another memo" in office.outbox.recent_memos(office.contract.ctr)
    assert two.pictures == {}
    assert office.outbox.deeds.waiting() == []


@pytest.mark.parametrize("stop", range(1, 12))
def test_a_crash_on_the_way_to_another_number_loses_and_doubles_nothing(
    at_work: Pair, monkeypatch: pytest.MonkeyPatch, stop: int
) -> None:
    office, _ = at_work
    made = restored(office)
    made += office.many(2, pictures=1)
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
            office.start_worker().step()
        except Crash:
            assert not left[0]
    office.restart()
    for sha in office.outbox.unclaimed_blobs():
        office.outbox.drop_blob(sha)
    office.drain()
    found = chain(office)
    assert times(found) == times([parse(data) for data in made])
    for sealed in found:
        for shot in sealed.pictures.values():
            assert office.market.deps.blobs.path(shot.blob.sha256).exists()
    assert Problem.FILE_LOST not in codes(office)


def test_a_head_that_this_device_has_not_signed_is_evidence_and_nothing_is_sent(
    at_work: Pair,
) -> None:
    office, proxy = at_work
    office.many(1, pictures=0)
    office.drain()
    sealed = parse(office.sealed(office.clock.ms // 1000 + 1, office.clock.ms // 1000 + 2))
    foreign = seal(
        sealed.segment,
        memo="not mine",
        minutes=sealed.minutes,
        shots=list(sealed.pictures.values()),
        signer=SigningKey.generate(),
        random=secrets.token_bytes,
    )
    h = parse(foreign).hash
    office.many(1, pictures=0)
    office.restart()

    def lies(body: bytes) -> bytes:
        told = json.loads(body)
        told["heads"][0].update(seq=1, h=h)
        return json.dumps(told).encode()

    def shows(exchange: Exchange) -> None:
        exchange.answer(200, foreign, "application/sd-jwt")

    honest = faults.mangled(lies)
    proxy.applies = lambda e: (
        e.path == "/v1/me" or (e.method == "GET" and e.path == f"/v1/segments/{h}")
    )
    proxy.always = lambda e: honest(e) if e.path == "/v1/me" else shows(e)
    proxy.seen.clear()
    worker = office.start_worker()
    worker.step()
    assert codes(office) == [Problem.FOREIGN_HEAD], worker.status
    assert (worker.status.held, worker.status.problem) == (1, "foreign_head")
    assert proxy.puts("segments") == []
    with pytest.raises(StoreError):
        office.outbox.head(office.contract.ctr)
    kept = [path.read_bytes() for path in (office.root / "evidence").glob("*.sdjwt")]
    assert kept == [foreign]
    (about,) = (office.root / "evidence").glob("head-*.json")
    assert json.loads(about.read_bytes())["h"] == h
    # It was a mistake of the marketplace, and it is mended.
    proxy.always = None
    office.restart()
    office.drain()
    assert len(chain(office)) == 2
    assert office.outbox.head(office.contract.ctr).seq == 2
