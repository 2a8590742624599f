"""Changes after sealing: another memo, and deletions. Without a network."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from diary.core.slots import SLOT, WEEK, week_of
from diary.log.leaf import LeafType
from diary.log.receipt import Receipt
from diary.objects.amendment import parse_amend
from diary.objects.segment import SealedSegment, parse
from diary.objects.tombstone import parse_tombstone
from tests.diary.world import AUD, START
from tests.uploader.device_folder import DeviceFolder
from uploader.errors import ChangeError, Problem
from uploader.store.edits import Edits
from uploader.store.index.rows import IndexRow
from uploader.store.statements import StatementKind

LOCK_S = week_of(START) + WEEK + 12 * 3600


@dataclass
class Editor:
    """A user who changes the diary on one computer."""

    device: DeviceFolder
    now_s: int = START + SLOT

    @property
    def changes(self) -> Edits:
        return Edits(
            self.device.outbox,
            self.device.world.key,
            AUD,
            now_ms=lambda: self.now_s * 1000,
            random=self.device.world.random,
        )

    def found(self, data: bytes) -> tuple[IndexRow, SealedSegment]:
        found = self.device.outbox.segment(parse(data).hash)
        assert found is not None
        return found

    def blobs(self) -> list[str]:
        return sorted(p.name for p in (self.device.root / "blobs").iterdir())

    def everything(self) -> bytes:
        """All bytes in the state folder except the index's free pages."""
        files = [p for p in self.device.root.rglob("*") if p.is_file() and "index" not in p.name]
        return b"".join(p.read_bytes() for p in files)


@pytest.fixture
def ana(device: DeviceFolder) -> Editor:
    return Editor(device)


def _keep_terms(device: DeviceFolder) -> None:
    from diary.log.position import LogPosition
    from uploader.store.contract_cache import CachedTerms

    world = device.world
    proof = world.log.receipt(world.terms_at[0])
    known = CachedTerms(world.terms, world.terms.digest, LogPosition(2026, 1, 2), proof)
    device.outbox.cache.keep_contracts([], [known])


def test_a_deleted_picture_is_gone_and_gives_its_time_back(ana: Editor) -> None:
    device = ana.device
    one, two = device.day(2)
    head, before = device.outbox.head(device.world.ctr), ana.blobs()
    shot = parse(one).pictures[0]
    ana.changes.delete(parse(one).hash, {"shot"})
    row, left = ana.found(one)
    assert (left.pictures, left.memo, left.minutes is None) == ({}, "Write tests", False)
    assert left.sdjwt.jws.data == parse(one).sdjwt.jws.data
    assert set(before) - set(ana.blobs()) == {shot.blob.sha256, shot.thumb.sha256}
    assert device.outbox.queue.pictures_of(row) == []
    assert device.outbox.head(device.world.ctr) == head
    assert device.outbox.totals(START, device.world.ctr) == (SLOT, SLOT)
    (statement,) = device.outbox.statements.waiting()
    tombstone = parse_tombstone(device.outbox.statements.read(statement) or b"")
    assert (tombstone.scope, tombstone.reason, tombstone.segment) == (
        ("shot", "time"),
        "deleted",
        row.hash,
    )
    assert set(tombstone.digests) == set(left.sdjwt.withheld)
    for data in (shot.blob.sha256, shot.thumb.sha256):
        assert data.encode() not in ana.everything()
    assert ana.found(two)[1].pictures


def test_a_picture_that_another_segment_names_too_stays(ana: Editor) -> None:
    device = ana.device
    one, two = device.day(2)
    shas = [sha for sha, _ in device.outbox._index.blobs_of(parse(two).hash)]
    device.outbox._index._execute("INSERT INTO shots VALUES(?, ?)", parse(one).hash, shas[0])
    ana.changes.delete(parse(one).hash, {"shot"})
    assert shas[0] in ana.blobs()


def test_a_deletion_is_finished_at_the_next_start(ana: Editor) -> None:
    device = ana.device
    one = device.work(START)
    ana.changes.change_memo(parse(one).hash, "Another")
    outbox = device.outbox
    whole = (device.root / (ana.found(one)[0].name + ".sdjwt")).read_bytes()
    kept = {name: (device.root / "blobs" / name).read_bytes() for name in ana.blobs()}
    ana.changes.delete(parse(one).hash, {"shot", "memo"})
    state = device.state()
    # As after a crash: the statement is on disk, and nothing is carried out yet.
    outbox.close()
    (device.root / (state["rows"][0].name + ".sdjwt")).write_bytes(whole)
    for name, data in kept.items():
        (device.root / "blobs" / name).write_bytes(data)
    for ending in ("", "-wal", "-shm"):
        (device.root / f"index.sqlite{ending}").unlink(missing_ok=True)
    device.outbox = device.open()
    assert device.state() == state
    assert b"Another" not in ana.everything()
    assert ana.found(one)[1].pictures == {}
    for name in device.outbox.unclaimed_blobs():
        device.outbox.drop_blob(name)
    assert ana.blobs() == []


def test_the_index_is_made_again_with_changes_and_deletions(ana: Editor) -> None:
    device = ana.device
    made = device.day(3)
    ana.changes.change_memo(parse(made[0]).hash, "Another memo")
    ana.changes.change_memo(parse(made[0]).hash, "A third memo")
    ana.changes.delete(parse(made[1]).hash, {"shot"})
    ana.changes.delete(parse(made[2]).hash, {"minutes"})
    state = device.state()
    assert state["memos"] == ("Write tests", "A third memo")
    device.outbox.close()
    for ending in ("", "-wal", "-shm"):
        (device.root / f"index.sqlite{ending}").unlink(missing_ok=True)
    device.outbox = device.open()
    assert device.state() == state
    assert ana.found(made[2])[1].minutes is None


def test_a_file_read_while_it_is_erased_is_not_taken_for_damaged(ana: Editor) -> None:
    device = ana.device
    one = device.work(START)
    (old,) = device.outbox.queue.waiting(1)
    ana.changes.delete(parse(one).hash, {"shot"})
    assert device.outbox.queue.read(old) == ana.found(one)[1].sdjwt.text()
    assert device.outbox.incidents() == ()
    picture = next(iter(device.world.blobs))
    assert device.outbox.queue.read_picture(picture) is None
    assert device.outbox.incidents() == ()


def test_a_memo_is_changed_again_and_again_in_the_order_of_making(ana: Editor) -> None:
    device = ana.device
    name = parse(device.work(START)).hash
    for memo in ("one", "two", "three"):
        ana.changes.change_memo(name, memo)
    bodies = [
        parse_amend(device.outbox.statements.read(d) or b"")
        for d in device.outbox.statements.waiting()
    ]
    assert [body.memo for body in bodies] == ["one", "two", "three"]
    assert [body.at for body in bodies] == sorted({body.at for body in bodies})
    assert device.outbox.recent_memos(device.world.ctr) == ("three",)
    device.reopen()
    assert [d.digest for d in device.outbox.statements.waiting()] == [
        b.sdjwt.jws.digest for b in bodies
    ]


def test_a_deleted_memo_takes_the_changed_ones_with_it(ana: Editor) -> None:
    device = ana.device
    name = parse(device.work(START, memo="first words")).hash
    ana.changes.change_memo(name, "second words")
    ana.changes.delete(name, {"memo"})
    assert b"words" not in ana.everything()
    assert device.outbox.recent_memos(device.world.ctr) == ()
    (amended,) = [d for d in device.outbox.statements.about(name) if d.kind is StatementKind.AMEND]
    assert parse_amend(device.outbox.statements.read(amended) or b"").memo is None
    assert device.outbox.totals(START, device.world.ctr) == (SLOT, SLOT)


def test_time_alone_is_given_back_once(ana: Editor) -> None:
    device = ana.device
    name = parse(device.work(START)).hash
    ana.changes.delete(name, {"time"})
    assert device.outbox.totals(START, device.world.ctr) == (0, 0)
    with pytest.raises(ChangeError) as caught:
        ana.changes.delete(name, {"time"})
    assert caught.value.code is Problem.NOTHING_LEFT


def test_deleted_time_is_counted_only_by_what_is_logged_after_the_deletion(ana: Editor) -> None:
    device = ana.device
    first = device.work(START, START, START + 400)
    device.deliver(first)
    device.deliver(device.work(START, START + 300, START + 500))
    ana.changes.delete(parse(first).hash, {"time"})
    ctr = device.world.ctr
    # 100 s of the second segment are covered, with or without the deletion.
    assert device.outbox.totals(START, ctr) == (100, 100)
    anew = device.work(START, START, START + 200)
    assert device.outbox.totals(START, ctr) == (100, 100)
    (statement,) = device.outbox.statements.waiting()
    at_s = START + SLOT + 20
    place = device.world.log_object(LeafType.TOMBSTONE, statement.digest, at_s)
    device.outbox.statements.done(statement, device.world.log.receipt(place), at_s * 1000)
    for _ in range(2):
        # A segment that is not logged yet will come after it.
        assert device.outbox.totals(START, ctr) == (300, 300)
        device.reopen()
    # In the same millisecond the index decides.
    receipt = device.world.log.receipt(device.world.log_segment(anew, at_s))
    logged = Receipt.parse(receipt)
    (row,) = [row for row in device.outbox.segments(ctr, START, START + 1) if row.seq == 2]
    device.outbox.queue.done(row, receipt, (), log_index=logged.index, rt_ms=logged.leaf.rt_ms)
    assert device.outbox.totals(START, ctr) == (300, 300)


@pytest.mark.parametrize("part", ["shot", "memo", "minutes"])
def test_deleted_parts_cannot_be_deleted_again(ana: Editor, part: str) -> None:
    name = parse(ana.device.work(START)).hash
    ana.changes.delete(name, {part})  # type: ignore[arg-type]
    with pytest.raises(ChangeError) as caught:
        ana.changes.delete(name, {part})  # type: ignore[arg-type]
    assert caught.value.code is Problem.NOTHING_LEFT


def test_in_a_locked_week_a_picture_can_be_deleted_without_its_time(ana: Editor) -> None:
    device = ana.device
    _keep_terms(device)
    name = parse(device.work(START)).hash
    ana.now_s = LOCK_S - 1
    ana.changes.change_memo(name, "in time")
    ana.now_s = LOCK_S
    for late in (
        lambda: ana.changes.change_memo(name, "too late"),
        lambda: ana.changes.delete(name, {"time"}),
    ):
        with pytest.raises(ChangeError) as caught:
            late()
        assert caught.value.code is Problem.WEEK_LOCKED
    ana.changes.delete(name, {"shot"})
    assert ana.blobs() == []
    assert device.outbox.totals(START, device.world.ctr) == (SLOT, SLOT)


def test_a_segment_that_is_not_here_cannot_be_changed(ana: Editor) -> None:
    for change in (
        lambda: ana.changes.change_memo("x" * 43, "memo"),
        lambda: ana.changes.delete("x" * 43, {"shot"}),
    ):
        with pytest.raises(ChangeError) as caught:
            change()
        assert caught.value.code is Problem.NOTHING_LEFT


def test_a_damaged_statement_is_set_aside_and_its_receipt_requested_again(
    ana: Editor, tmp_path: Path
) -> None:
    device = ana.device
    name = parse(device.work(START)).hash
    ana.changes.change_memo(name, "Another")
    ana.changes.delete(name, {"minutes"})
    amended, deleted = device.outbox.statements.about(name)
    (device.root / f"{deleted.name}.tlog-proof").write_bytes(b"?")
    (device.root / f"{amended.name}.sdjwt").write_bytes(b"?")
    device.reopen()
    assert [d.digest for d in device.outbox.statements.waiting()] == [deleted.digest]
    assert [t.code for t in device.outbox.incidents()] == [Problem.FILE_DAMAGED] * 2
