"""The outbox: what is sealed stays, whatever happens to the index, the files or the program."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from diary.core.findings import DiaryError
from diary.core.slots import DAY, SLOT, WEEK, day_of, week_of
from diary.formats.encoding import b64url_encode, digest
from diary.interfaces import BeaconFile
from diary.log.leaf import LeafType
from diary.log.position import Origin
from diary.log.receipt import Receipt
from diary.objects.beacon import Beacon
from diary.objects.segment import parse
from diary.objects.terms import Terms
from tests.diary.world import AUD, START, World
from tests.uploader.desk import Desk, enrolled_folder
from uploader.api.credit_figure import CountedRun, CreditFigure
from uploader.api.responses import ServerFinding
from uploader.errors import Problem, SeqTakenError, StoreError
from uploader.store.contract_cache import CachedContract, CachedTerms
from uploader.store.index import UploadState
from uploader.store.outbox import Outbox
from uploader.store.state_folder import StateFolder, folder_name

if TYPE_CHECKING:
    from pathlib import Path


def troubles(outbox: Outbox) -> list[Problem]:
    return [trouble.code for trouble in outbox.incidents()]


# The chain


def test_a_fresh_contract_begins_with_the_enrolment(desk: Desk) -> None:
    head = desk.outbox.head(desk.world.ctr)
    assert (head.epoch, head.seq, head.last_t1) == (0, 0, 0)
    assert head.prev == desk.world.enrolment.digest


def test_each_commit_moves_the_head_and_survives_a_restart(desk: Desk) -> None:
    sealed = [parse(data) for data in desk.day(3)]
    before = desk.outbox.head(desk.world.ctr)
    assert (before.seq, before.prev, before.last_t1) == (3, sealed[-1].hash, START + 3 * SLOT)
    assert desk.reopen().head(desk.world.ctr) == before
    assert [row.hash for row in desk.outbox.sending.waiting(9)] == [s.hash for s in sealed]


def test_the_same_bytes_again_are_no_error_and_no_second_segment(desk: Desk) -> None:
    head = desk.outbox.head(desk.world.ctr)
    data = desk.work(START)
    desk.outbox.commit(desk.world.ctr, head, data)
    assert desk.outbox.sending.counts().waiting == 1


def test_a_taken_number_is_never_overwritten(desk: Desk) -> None:
    head = desk.outbox.head(desk.world.ctr)
    data = desk.work(START)
    other = World().work(START, memo="Something else")
    with pytest.raises(SeqTakenError):
        desk.outbox.commit(desk.world.ctr, head, other)
    assert (desk.root / f"segments/{desk.world.ctr}/0-0.sdjwt").read_bytes() == data


def test_a_number_is_not_skipped(desk: Desk) -> None:
    first = desk.world.work(START)
    second = desk.world.work(START + SLOT)
    head = replace(desk.outbox.head(desk.world.ctr), seq=1, prev=parse(first).hash)
    with pytest.raises(ValueError, match="does not follow"):
        desk.outbox.commit(desk.world.ctr, head, second)


def test_a_segment_of_another_head_is_not_taken(desk: Desk) -> None:
    data = desk.world.work(START)
    head = replace(desk.outbox.head(desk.world.ctr), seq=7)
    with pytest.raises(ValueError, match="not sealed on this head"):
        desk.outbox.commit(desk.world.ctr, head, data)


def test_what_is_no_segment_is_not_taken(desk: Desk) -> None:
    with pytest.raises(DiaryError):
        desk.outbox.commit(desk.world.ctr, desk.outbox.head(desk.world.ctr), b"nonsense~")


def test_contracts_have_chains_of_their_own(desk: Desk) -> None:
    first = desk.world.ctr
    desk.day(2)
    second = desk.other_contract()
    head = desk.outbox.head(second)
    assert (head.seq, head.prev, head.last_t1) == (0, desk.world.enrolment.digest, 0)
    desk.work(START + 2 * SLOT)
    assert (desk.outbox.head(first).seq, desk.outbox.head(first).last_t1) == (2, START + 2 * SLOT)
    assert desk.outbox.head(second).seq == 1


def test_a_contract_id_cannot_lead_out_of_the_folder(desk: Desk) -> None:
    with pytest.raises(ValueError, match="not a contract's id"):
        desk.outbox.head("../../../../etc/passwd")


def test_a_second_device_in_the_same_folder_begins_a_chain_of_its_own(desk: Desk) -> None:
    old = desk.day(2)
    successor = World()
    successor.ctr = desk.world.ctr
    successor.key = type(successor.key).generate()
    successor.enrolment = successor.enrol()
    desk.outbox.close()
    (desk.root / "enrolment.jws").write_bytes(successor.enrolment.data)
    desk.world = successor
    desk.outbox = desk.open()
    head = desk.outbox.head(successor.ctr)
    assert (head.epoch, head.seq, head.prev) == (1, 0, successor.enrolment.digest)
    desk.work(START + 2 * SLOT, epoch=1)
    assert desk.outbox.head(successor.ctr).seq == 1
    assert (desk.root / f"segments/{successor.ctr}/0-1.sdjwt").read_bytes() == old[1]
    assert not desk.outbox.incidents()


def test_without_an_enrolment_nothing_can_be_sealed(tmp_path: Path) -> None:
    with Outbox(StateFolder(tmp_path, AUD)) as outbox, pytest.raises(StoreError) as caught:
        outbox.head(World().ctr)
    assert caught.value.code is Problem.NOT_ENROLLED


# Totals, memos


def test_totals_count_the_utc_day_and_the_week_from_monday(desk: Desk) -> None:
    day, week = day_of(START), week_of(START)
    for slot in (week - SLOT, week, day - SLOT, day, day + DAY - SLOT, day + DAY, week + WEEK):
        desk.work(slot, slot + 60, slot + 180, up0=0, up1=120_000)
    assert desk.outbox.totals(START, desk.world.ctr) == (240, 600)
    assert desk.outbox.totals(START, b64url_encode(bytes(16))) == (0, 0)


def test_recent_memos_come_newest_first_and_once(desk: Desk) -> None:
    for i, memo in enumerate(["Plan", "Write", "Plan", "Review"]):
        desk.work(START + i * SLOT, memo=memo)
    assert desk.outbox.recent_memos(desk.world.ctr) == ("Review", "Plan", "Write")


def test_at_most_ten_memos_are_offered(desk: Desk) -> None:
    for i in range(12):
        desk.work(START + i * SLOT, memo=f"Task {i}")
    assert desk.outbox.recent_memos(desk.world.ctr) == tuple(f"Task {i}" for i in range(11, 1, -1))


# Modes, lock, schema


def test_nobody_else_may_read_anything(desk: Desk) -> None:
    desk.day(1)
    desk.outbox.write_journal("open", b"secret")
    modes = {
        path.relative_to(desk.root): stat.S_IMODE(path.stat().st_mode)
        for path in [desk.root, *desk.root.rglob("*")]
    }
    wrong = {
        str(name): oct(mode)
        for name, mode in modes.items()
        if mode != (0o700 if (desk.root / name).is_dir() else 0o600)
    }
    assert wrong == {}


def test_a_second_instance_is_kept_out(desk: Desk) -> None:
    with pytest.raises(StoreError) as caught:
        StateFolder(desk.base, AUD)
    assert caught.value.code is Problem.ALREADY_RUNNING
    assert "window that is open" in str(caught.value)


def test_a_second_process_is_kept_out_until_the_first_ends(desk: Desk) -> None:
    script = (
        "import sys; from pathlib import Path\n"
        "from uploader.store.state_folder import StateFolder\n"
        "try: StateFolder(Path(sys.argv[1]), sys.argv[2])\n"
        "except OSError as error: print(error.code)\n"
        "else: print('in')"
    )
    command = [sys.executable, "-c", script, str(desk.base), AUD]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == (
        "already_running\n"
    )
    desk.outbox.close()
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "in\n"


def test_a_folder_of_a_newer_version_is_left_alone(desk: Desk) -> None:
    desk.outbox.close()
    (desk.root / "schema").write_text("2\n")
    with pytest.raises(StoreError) as caught:
        StateFolder(desk.base, AUD)
    assert caught.value.code is Problem.SCHEMA_NEWER
    assert "newer" in str(caught.value)
    (desk.root / "schema").write_text("1\n")
    desk.outbox = desk.open()


@pytest.mark.parametrize("aud", ["", "..", ".", "a/b", "A", "-a", "a" * 254, "a\\b"])
def test_a_marketplaces_name_cannot_lead_out_of_the_base(aud: str) -> None:
    with pytest.raises(ValueError, match="marketplace"):
        folder_name(aud)


def test_a_port_in_the_name_makes_a_name_that_every_system_takes() -> None:
    assert folder_name("demo.localhost:8080") == "demo.localhost_8080"


def test_what_a_crash_left_half_written_is_swept_away(desk: Desk) -> None:
    desk.day(1)
    leftover = desk.root / "blobs" / ".tmp-0123"
    leftover.write_bytes(b"half a picture")
    desk.reopen()
    assert not leftover.exists()
    assert desk.outbox.sending.counts().waiting == 1


# The index can be made again


def _busy(desk: Desk) -> None:
    """A diary with everything in it: delivered, refused, with findings, waiting, with a beacon."""
    data = desk.day(4)
    desk.deliver(data[0])
    desk.deliver(data[1], findings=[ServerFinding("x", "W_BLOB_MISSING", "one is not there")])
    rows = desk.outbox.sending.waiting(9)
    desk.outbox.sending.refused(rows[0], "E_FORMAT: no")
    beacon = desk.world.beacons[START]
    desk.outbox.shelf.keep_beacon(Beacon.parse(Receipt.parse(beacon).object or b""), beacon)


def test_a_deleted_index_is_made_again_from_the_files(desk: Desk) -> None:
    _busy(desk)
    before = desk.state()
    desk.outbox.close()
    for path in desk.root.glob("index.sqlite*"):
        path.unlink()
    desk.outbox = desk.open()
    assert desk.state() == before
    assert desk.outbox.incidents() == ()
    states = [row.state for row in before["rows"]]
    assert states == [UploadState.DONE, UploadState.DONE, UploadState.REFUSED, UploadState.WAITING]


@pytest.mark.parametrize("place", ["head", "middle", "everything", "truncated"])
def test_a_damaged_index_is_set_aside_and_made_again(desk: Desk, place: str) -> None:
    _busy(desk)
    before = desk.state()
    desk.outbox.close()
    index = desk.root / "index.sqlite"
    data = bytearray(index.read_bytes())
    if place == "head":
        data[:100] = os.urandom(100)
    elif place == "middle":
        data[4096:-4096] = os.urandom(len(data) - 8192)
    elif place == "everything":
        data[:] = b"this is not a database" * 100
    else:
        del data[5000:]
    index.write_bytes(data)
    desk.outbox = desk.open()
    assert desk.state() == before
    assert troubles(desk.outbox) == [Problem.INDEX_DAMAGED]
    kept = [p for p in (desk.root / "damaged").iterdir() if p.name.endswith("index.sqlite")]
    assert [p.read_bytes() for p in kept] == [bytes(data)]


def test_an_index_damaged_while_running_is_made_again_with_its_journal(desk: Desk) -> None:
    _busy(desk)
    desk.outbox.write_journal("open", b"three minutes")
    before = desk.state()
    running = desk.outbox._index._db
    assert running is not None
    running.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    running.execute("PRAGMA shrink_memory")  # its page cache would hide the damage
    index = desk.root / "index.sqlite"
    index.write_bytes(b"x" * index.stat().st_size)
    assert desk.state() == before
    assert desk.outbox.read_journal() == {"open": b"three minutes"}
    assert troubles(desk.outbox)[-1] is Problem.INDEX_DAMAGED


def test_the_journal_of_a_damaged_index_is_carried_over_where_it_can_be_read(desk: Desk) -> None:
    desk.day(2)
    desk.outbox.write_journal("open", b"three minutes")
    desk.outbox.close()
    with sqlite3.connect(desk.root / "index.sqlite") as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    desk.outbox = desk.open()
    assert troubles(desk.outbox) == [Problem.INDEX_DAMAGED]
    assert desk.outbox.read_journal() == {"open": b"three minutes"}
    assert desk.outbox.head(desk.world.ctr).seq == 2


def test_a_file_without_a_row_is_found_again(desk: Desk) -> None:
    """As after a crash between the file and its row."""
    data = desk.day(2)
    before = desk.state()
    desk.outbox._index._do("DELETE FROM segments WHERE seq = 1")
    desk.outbox._index._do("DELETE FROM shots WHERE hash = ?", parse(data[1]).hash)
    desk.reopen()
    assert desk.state() == before


def test_a_receipt_without_its_mark_is_found_again(desk: Desk) -> None:
    desk.deliver(desk.day(1)[0])
    before = desk.state()
    desk.outbox._index._do("UPDATE segments SET state = 'waiting', log_index = NULL, rt_ms = NULL")
    desk.reopen()
    assert desk.state() == before


# Damage and loss of files


@pytest.mark.parametrize("rebuilt", [False, True])
@pytest.mark.parametrize("place", [5, 300, 700, -100, -2])
def test_a_changed_byte_is_found_before_anything_is_sent(
    desk: Desk, place: int, rebuilt: bool
) -> None:
    sealed = [parse(data) for data in desk.day(3)]
    path = desk.root / f"segments/{desk.world.ctr}/0-2.sdjwt"
    data = bytearray(path.read_bytes())
    data[place] = ord("A") if data[place] != ord("A") else ord("B")
    path.write_bytes(data)
    if rebuilt:
        desk.outbox.close()
        (desk.root / "index.sqlite").unlink()
        desk.outbox = desk.open()
    sent = [row for row in desk.outbox.sending.waiting(9) if desk.outbox.sending.read(row)]
    assert [row.hash for row in sent] == [s.hash for s in sealed[:2]]
    assert troubles(desk.outbox) == [Problem.FILE_DAMAGED]
    kept = [p.read_bytes() for p in (desk.root / "damaged").iterdir()]
    assert kept == [bytes(data)]
    # Its number stays taken, in this run and after the index is made again.
    assert desk.outbox.head(desk.world.ctr).seq == 3
    desk.outbox.close()
    (desk.root / "index.sqlite").unlink()
    desk.outbox = desk.open()
    assert desk.outbox.head(desk.world.ctr).seq == 3
    assert desk.outbox.sending.counts().damaged == 1
    if not rebuilt or place < 0:
        # The mark knows the hash, or the signed part was whole: the chain goes on unbroken.
        assert desk.outbox.head(desk.world.ctr).prev == sealed[2].hash


def test_a_lost_file_is_said_and_holds_up_nothing(desk: Desk) -> None:
    sealed = [parse(data) for data in desk.day(3)]
    path = desk.root / f"segments/{desk.world.ctr}/0-1.sdjwt"
    data = path.read_bytes()
    path.unlink()
    desk.reopen()
    assert troubles(desk.outbox) == [Problem.FILE_LOST]
    assert [r.hash for r in desk.outbox.sending.waiting(9)] == [sealed[0].hash, sealed[2].hash]
    path.write_bytes(data)  # from a backup
    desk.reopen()
    assert troubles(desk.outbox) == []
    assert [r.hash for r in desk.outbox.sending.waiting(9)] == [s.hash for s in sealed]


def test_a_file_lost_while_running_is_said(desk: Desk) -> None:
    desk.day(1)
    (row,) = desk.outbox.sending.waiting(9)
    (desk.root / f"{row.name}.sdjwt").unlink()
    assert desk.outbox.sending.read(row) is None
    assert troubles(desk.outbox) == [Problem.FILE_LOST]
    assert desk.outbox.sending.waiting(9) == []


def test_a_damaged_receipt_is_fetched_again(desk: Desk) -> None:
    desk.deliver(desk.day(1)[0])
    desk.outbox.close()
    (desk.root / f"segments/{desk.world.ctr}/0-0.tlog-proof").write_bytes(b"torn")
    (desk.root / "index.sqlite").unlink()
    desk.outbox = desk.open()
    assert troubles(desk.outbox) == [Problem.FILE_DAMAGED]
    assert desk.outbox.sending.counts().waiting == 1


def test_files_that_are_not_ours_are_left_alone(desk: Desk) -> None:
    desk.day(1)
    strange = [desk.root / "segments" / "notes.txt", desk.root / "segments" / "x" / "0-0.sdjwt"]
    strange.append(desk.root / f"segments/{desk.world.ctr}/0-01.sdjwt")
    for path in strange:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"mine")
    desk.reopen()
    assert desk.outbox.sending.counts().waiting == 1
    assert all(path.read_bytes() == b"mine" for path in strange)


# Pictures


def test_a_picture_is_sent_only_once_a_sealed_segment_names_it(desk: Desk) -> None:
    sha = desk.outbox.put_blob(b"still being looked at")
    assert sha == digest(b"still being looked at")
    assert desk.outbox.sending.counts().blobs == 0
    desk.day(1)
    assert desk.outbox.sending.counts().blobs == 2
    assert desk.outbox.unclaimed_blobs() == (sha,)


def test_pictures_of_a_damaged_segment_are_nobodys_to_destroy(desk: Desk) -> None:
    desk.day(1)
    desk.outbox.close()
    (desk.root / f"segments/{desk.world.ctr}/0-0.sdjwt").write_bytes(b"rot")
    (desk.root / "index.sqlite").unlink()
    desk.outbox = desk.open()
    assert desk.outbox.sending.counts().damaged == 1
    assert len(list((desk.root / "blobs").iterdir())) == 2
    assert desk.outbox.unclaimed_blobs() == ()


def test_a_deleted_picture_is_gone_from_the_disk(desk: Desk) -> None:
    sha = desk.outbox.put_blob(b"private")
    desk.outbox.drop_blob(sha)
    assert not any(b"private" in p.read_bytes() for p in desk.root.rglob("*") if p.is_file())
    desk.outbox.drop_blob(sha)


def test_a_picture_that_a_sealed_segment_names_stays(desk: Desk) -> None:
    desk.day(1)
    (row,) = desk.outbox.sending.waiting(1)
    sha = desk.outbox.sending.pictures_of(row)[0]
    desk.outbox.drop_blob(sha)
    assert desk.outbox.blob(sha) is not None


def test_a_damaged_picture_is_set_aside_and_put_again(desk: Desk) -> None:
    desk.day(1)
    (row,) = desk.outbox.sending.waiting(1)
    sha = desk.outbox.sending.pictures_of(row)[0]
    good = desk.outbox.blob(sha) or b""
    (desk.root / "blobs" / sha).write_bytes(b"rot")
    desk.outbox.put_blob(good)
    assert desk.outbox.blob(sha) == good
    (desk.root / "blobs" / sha).write_bytes(b"rot")
    assert desk.outbox.sending.read_picture(sha) is None
    assert troubles(desk.outbox) == [Problem.FILE_DAMAGED]
    assert len(desk.outbox.sending.pictures_of(row)) == 1


def test_a_picture_that_the_marketplace_lacks_is_sent_late(desk: Desk) -> None:
    (data,) = desk.day(1)
    desk.deliver(data, findings=[ServerFinding("x", "W_BLOB_MISSING", "")])
    assert len(desk.outbox.sending.late_pictures(9)) == 2


# Journal


def test_journal_records_survive_a_restart_until_they_are_removed(desk: Desk) -> None:
    desk.outbox.write_journal("a", b"\x00one")
    desk.outbox.write_journal("b", b"two")
    desk.outbox.write_journal("a", b"\x00three")
    assert desk.reopen().read_journal() == {"a": b"\x00three", "b": b"two"}
    desk.outbox.write_journal("a", None)
    desk.outbox.write_journal("never", None)
    assert desk.reopen().read_journal() == {"b": b"two"}


# Holding back, refusing


def test_a_held_contract_seals_nothing_new_and_sends_nothing(desk: Desk) -> None:
    desk.day(1)
    held = desk.world.ctr
    late_head, late = desk.outbox.head(held), desk.world.work(START + SLOT)
    desk.outbox.sending.hold(held, foreign=True)
    with pytest.raises(StoreError) as caught:
        desk.outbox.head(held)
    assert caught.value.code is Problem.FOREIGN_HEAD
    # What was being recorded is not lost, but it is not sent either.
    desk.outbox.commit(held, late_head, late)
    assert desk.reopen().sending.counts().held == 2
    assert desk.outbox.sending.waiting(9) == []
    other = desk.other_contract()
    assert desk.outbox.head(other).seq == 0


def test_a_refused_segment_can_be_tried_again(desk: Desk) -> None:
    desk.day(2)
    row, kept = desk.outbox.sending.waiting(9)
    desk.outbox.sending.refused(row, "E_FORMAT: too new")
    assert desk.outbox.sending.waiting(9) == [kept]
    assert desk.reopen()._index.row(row.ctr, 0, 0) == replace(
        row, state=UploadState.REFUSED, detail="E_FORMAT: too new"
    )
    assert desk.outbox.sending.try_refused_again() == 1
    assert desk.outbox.sending.waiting(9) == [row, kept]
    assert desk.reopen().sending.waiting(9) == [row, kept]


# Beacons, contracts


def test_the_slots_own_beacon_is_given_else_the_newest_before_it(desk: Desk) -> None:
    for slot in (START - SLOT, START, START + 2 * SLOT):
        data = desk.world.beacons.get(slot) or desk.world.add_beacon(slot)
        desk.outbox.shelf.keep_beacon(Beacon.parse(Receipt.parse(data).object or b""), data)

    def slot_at(slot: int) -> int | None:
        found = desk.outbox.beacon(slot)
        return found.slot if found else None

    slots = [START - 2 * SLOT, START - SLOT, START, START + SLOT, START + 9 * SLOT]
    assert [slot_at(s) for s in slots] == [None, START - SLOT, START, START, START + 2 * SLOT]
    file = desk.reopen().beacon(START)
    assert file is not None
    assert (file.h, file.data) == (digest(desk.world.beacons[START]), desk.world.beacons[START])
    (desk.root / f"beacons/{START}-{file.h}.tlog-proof").write_bytes(b"torn")
    assert desk.outbox.beacon(START) == file  # read once, and known to be good
    assert desk.reopen().beacon(START) is not None
    assert slot_at(START) == START - SLOT
    assert troubles(desk.outbox) == [Problem.FILE_DAMAGED]


def test_the_first_beacon_file_of_a_slot_stays_the_slots(desk: Desk) -> None:
    first = desk.world.add_beacon(START)
    beacon = Beacon.parse(Receipt.parse(first).object or b"")
    desk.outbox.shelf.keep_beacon(beacon, first)
    desk.world.log_object(LeafType.SEGMENT, digest(b"anything"), START, "13")
    again = desk.world.log.receipt(Receipt.parse(first).index)
    assert again != first  # the same leaf under a newer checkpoint
    assert desk.outbox.shelf.keep_beacon(beacon, again).h == digest(first)


def test_a_beacon_that_cannot_be_read_is_replaced_by_the_next_that_comes(desk: Desk) -> None:
    """A newer receipt of the same beacon, as the marketplace gives it then."""
    first = desk.world.add_beacon(START)
    beacon = Beacon.parse(Receipt.parse(first).object or b"")
    desk.outbox.shelf.keep_beacon(beacon, first)
    path = desk.root / f"beacons/{START}-{digest(first)}.tlog-proof"
    path.unlink()
    path.mkdir()  # read(2) answers EISDIR
    shelf = desk.reopen().shelf
    assert shelf.beacon(START) is None
    assert shelf.newest_beacon_ms() == 0
    assert shelf.beacon(START + SLOT) == BeaconFile(START, b"", digest(first), b"")
    assert troubles(desk.outbox) == [Problem.BEACON_UNREADABLE]
    desk.world.log_object(LeafType.SEGMENT, digest(b"anything"), START, "13")
    again = desk.world.log.receipt(Receipt.parse(first).index)
    assert shelf.keep_beacon(beacon, again).h == digest(again)
    found = desk.reopen().beacon(START)
    assert found is not None
    assert found.data == again


def _known(world: World, terms: Terms) -> CachedTerms:
    index = world.log_terms(terms, terms.from_s)
    place = Origin.parse(world.log.origin).position(index)
    return CachedTerms(terms, terms.digest, place, world.log.receipt(index))


def test_contracts_come_back_after_a_restart_with_the_terms_in_force(desk: Desk) -> None:
    world, now = desk.world, START + SLOT
    past = _known(world, replace(world.terms, from_s=now - 900, limit_s=100))
    present = _known(world, replace(world.terms, from_s=now - 300, limit_s=200))
    future = _known(world, replace(world.terms, from_s=now + 300, limit_s=300))
    paused_ctr = b64url_encode(bytes(16))
    paused = _known(world, replace(world.terms, ctr=paused_ctr, state="paused"))
    run = CountedRun(world.key.kid, 0, 0, 2, given_back=False)
    figure = CreditFigure(day_of(now), 600, week_of(now), 1200, (run,))
    notes = [
        CachedContract(paused_ctr, "Paused", "Client A", None, now),
        CachedContract(world.ctr, "Website", "Client “B”", figure, now),
        CachedContract(b64url_encode(b"1" * 16), "Without terms", "Client C", None, now),
    ]
    desk.outbox.shelf.keep_contracts(notes, [past, present, future, paused])
    for _ in range(2):
        active, second = desk.outbox.contracts()
        assert (active.ctr, active.title, active.client) == (world.ctr, "Website", "Client “B”")
        assert (active.terms, active.terms_hash) == (present.terms, present.hash)
        assert second.terms.state == "paused"
        assert desk.outbox.shelf.figure(world.ctr) == figure
        desk.reopen()
    with pytest.raises(KeyError):
        desk.outbox.contract(b64url_encode(b"2" * 16))


def test_damaged_terms_are_set_aside(desk: Desk) -> None:
    known = _known(desk.world, desk.world.terms)
    note = CachedContract(desk.world.ctr, "Website", "Client", None, START)
    desk.outbox.shelf.keep_contracts([note], [known])
    (desk.root / f"terms/{known.hash}.tlog-proof").write_bytes(known.proof[:-3])
    (desk.root / "contracts.json").write_bytes(b"{")
    desk.reopen()
    assert desk.outbox.contracts() == ()
    assert len(list((desk.root / "damaged").iterdir())) == 1
    assert desk.outbox.shelf.keep_contracts([note], [known])
    assert len(desk.outbox.contracts()) == 1


def test_opening_twice_in_a_row_changes_nothing(desk: Desk) -> None:
    _busy(desk)
    before = desk.state()
    for _ in range(2):
        desk.reopen()
        assert desk.state() == before
    desk.outbox.close()
    enrolled_folder(desk.base, desk.world).close()
