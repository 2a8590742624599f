"""The outbox: sealed segments stay, whatever happens to the index, the files or the program."""

from __future__ import annotations

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
from tests.uploader.device_folder import DeviceFolder, enrolled_folder, incident_codes, recorded
from uploader.api.credit_figure import CountedRun, CreditFigure
from uploader.api.responses import ServerFinding
from uploader.errors import Problem, SeqTakenError, StoreError
from uploader.store.contract_cache import CachedContract, CachedTerms
from uploader.store.index.rows import UploadState
from uploader.store.outbox import Outbox
from uploader.store.state_folder import StateFolder

if TYPE_CHECKING:
    from pathlib import Path

# The chain


def test_a_fresh_contract_begins_with_the_enrolment(device: DeviceFolder) -> None:
    head = device.outbox.head(device.world.ctr)
    assert (head.epoch, head.seq, head.last_t1) == (0, 0, 0)
    assert head.prev == device.world.enrolment.digest


def test_each_commit_moves_the_head_and_survives_a_restart(device: DeviceFolder) -> None:
    sealed = [parse(data) for data in device.day(3)]
    before = device.outbox.head(device.world.ctr)
    assert (before.seq, before.prev, before.last_t1) == (3, sealed[-1].hash, START + 3 * SLOT)
    assert device.reopen().head(device.world.ctr) == before
    assert [row.hash for row in device.outbox.queue.waiting(9)] == [s.hash for s in sealed]


def test_the_same_bytes_again_are_no_error_and_no_second_segment(device: DeviceFolder) -> None:
    head = device.outbox.head(device.world.ctr)
    data = device.work(START)
    device.outbox.commit(device.world.ctr, head, data)
    assert device.outbox.queue.counts().waiting == 1


def test_a_taken_number_is_never_overwritten(device: DeviceFolder) -> None:
    head = device.outbox.head(device.world.ctr)
    data = device.work(START)
    other = World().work(START, memo="Something else")
    with pytest.raises(SeqTakenError):
        device.outbox.commit(device.world.ctr, head, other)
    assert (device.root / f"segments/{device.world.ctr}/0-0.sdjwt").read_bytes() == data


def test_a_number_is_not_skipped(device: DeviceFolder) -> None:
    first = device.world.work(START)
    second = device.world.work(START + SLOT)
    head = replace(device.outbox.head(device.world.ctr), seq=1, prev=parse(first).hash)
    with pytest.raises(ValueError, match="does not follow"):
        device.outbox.commit(device.world.ctr, head, second)


def test_a_segment_of_another_head_is_not_taken(device: DeviceFolder) -> None:
    data = device.world.work(START)
    head = replace(device.outbox.head(device.world.ctr), seq=7)
    with pytest.raises(ValueError, match="not sealed on this head"):
        device.outbox.commit(device.world.ctr, head, data)


def test_an_invalid_segment_is_not_taken(device: DeviceFolder) -> None:
    with pytest.raises(DiaryError):
        device.outbox.commit(device.world.ctr, device.outbox.head(device.world.ctr), b"nonsense~")


def test_contracts_have_chains_of_their_own(device: DeviceFolder) -> None:
    first = device.world.ctr
    device.day(2)
    second = device.other_contract()
    head = device.outbox.head(second)
    assert (head.seq, head.prev, head.last_t1) == (0, device.world.enrolment.digest, 0)
    device.work(START + 2 * SLOT)
    assert (device.outbox.head(first).seq, device.outbox.head(first).last_t1) == (
        2,
        START + 2 * SLOT,
    )
    assert device.outbox.head(second).seq == 1


def test_a_contract_id_cannot_lead_out_of_the_folder(device: DeviceFolder) -> None:
    with pytest.raises(ValueError, match="not a contract's id"):
        device.outbox.head("../../../../etc/passwd")


def test_a_second_device_in_the_same_folder_begins_a_chain_of_its_own(device: DeviceFolder) -> None:
    old = device.day(2)
    successor = World()
    successor.ctr = device.world.ctr
    successor.key = type(successor.key).generate()
    successor.enrolment = successor.enrol()
    device.outbox.close()
    (device.root / "enrolment.jws").write_bytes(successor.enrolment.data)
    device.world = successor
    device.outbox = device.open()
    head = device.outbox.head(successor.ctr)
    assert (head.epoch, head.seq, head.prev) == (1, 0, successor.enrolment.digest)
    device.work(START + 2 * SLOT, epoch=1)
    assert device.outbox.head(successor.ctr).seq == 1
    assert (device.root / f"segments/{successor.ctr}/0-1.sdjwt").read_bytes() == old[1]
    assert not device.outbox.incidents()


def test_without_an_enrolment_nothing_can_be_sealed(tmp_path: Path) -> None:
    with Outbox(StateFolder(tmp_path, AUD)) as outbox, pytest.raises(StoreError) as caught:
        outbox.head(World().ctr)
    assert caught.value.code is Problem.NOT_ENROLLED


# Totals, memos


def test_totals_count_the_utc_day_and_the_week_from_monday(device: DeviceFolder) -> None:
    day, week = day_of(START), week_of(START)
    for slot in (week - SLOT, week, day - SLOT, day, day + DAY - SLOT, day + DAY, week + WEEK):
        device.work(slot, slot + 60, slot + 180, up0=0, up1=120_000)
    assert device.outbox.totals(START, device.world.ctr) == (240, 600)
    assert device.outbox.totals(START, b64url_encode(bytes(16))) == (0, 0)


def test_recent_memos_come_newest_first_and_once(device: DeviceFolder) -> None:
    for i, memo in enumerate(["Plan", "Write", "Plan", "Review"]):
        device.work(START + i * SLOT, memo=memo)
    assert device.outbox.recent_memos(device.world.ctr) == ("Review", "Plan", "Write")


def test_at_most_ten_memos_are_offered(device: DeviceFolder) -> None:
    for i in range(12):
        device.work(START + i * SLOT, memo=f"Task {i}")
    assert device.outbox.recent_memos(device.world.ctr) == tuple(
        f"Task {i}" for i in range(11, 1, -1)
    )


# Pictures


def test_a_picture_is_sent_only_once_a_sealed_segment_names_it(device: DeviceFolder) -> None:
    sha = device.outbox.put_blob(b"still being looked at")
    assert sha == digest(b"still being looked at")
    assert device.outbox.queue.counts().blobs == 0
    device.day(1)
    assert device.outbox.queue.counts().blobs == 2
    assert device.outbox.unclaimed_blobs() == (sha,)


def test_pictures_of_a_damaged_segment_are_never_destroyed(device: DeviceFolder) -> None:
    device.day(1)
    device.outbox.close()
    (device.root / f"segments/{device.world.ctr}/0-0.sdjwt").write_bytes(b"rot")
    (device.root / "index.sqlite").unlink()
    device.outbox = device.open()
    assert device.outbox.queue.counts().damaged == 1
    assert len(list((device.root / "blobs").iterdir())) == 2
    assert device.outbox.unclaimed_blobs() == ()


def test_pending_pictures_count_against_the_limit_until_they_are_uploaded(
    device: DeviceFolder,
) -> None:
    outbox = device.outbox
    assert outbox.has_room()
    device.day(1)
    (row,) = outbox.queue.waiting(1)
    pictures = outbox.queue.pictures_of(row)
    waiting = sum(len(outbox.blob(sha) or b"") for sha in pictures)
    assert waiting > 0
    outbox.limit_bytes = waiting + 1
    assert outbox.has_room()
    outbox.limit_bytes = waiting
    assert not outbox.has_room()
    for sha in pictures:
        outbox.queue.picture_done(sha)
    assert outbox.has_room()


def test_a_deleted_picture_is_gone_from_the_disk(device: DeviceFolder) -> None:
    sha = device.outbox.put_blob(b"private")
    device.outbox.drop_blob(sha)
    assert not any(b"private" in p.read_bytes() for p in device.root.rglob("*") if p.is_file())
    device.outbox.drop_blob(sha)


def test_a_picture_that_a_sealed_segment_names_stays(device: DeviceFolder) -> None:
    device.day(1)
    (row,) = device.outbox.queue.waiting(1)
    sha = device.outbox.queue.pictures_of(row)[0]
    device.outbox.drop_blob(sha)
    assert device.outbox.blob(sha) is not None


def test_a_damaged_picture_is_set_aside_and_put_again(device: DeviceFolder) -> None:
    device.day(1)
    (row,) = device.outbox.queue.waiting(1)
    sha = device.outbox.queue.pictures_of(row)[0]
    good = device.outbox.blob(sha) or b""
    (device.root / "blobs" / sha).write_bytes(b"rot")
    device.outbox.put_blob(good)
    assert device.outbox.blob(sha) == good
    (device.root / "blobs" / sha).write_bytes(b"rot")
    assert device.outbox.queue.read_picture(sha) is None
    assert incident_codes(device.outbox) == [Problem.FILE_DAMAGED]
    assert len(device.outbox.queue.pictures_of(row)) == 1


def test_a_picture_that_the_marketplace_lacks_is_sent_late(device: DeviceFolder) -> None:
    (data,) = device.day(1)
    device.deliver(data, findings=[ServerFinding("x", "W_BLOB_MISSING", "")])
    assert len(device.outbox.queue.late_pictures(9)) == 2


# Journal


def test_journal_records_survive_a_restart_until_they_are_removed(device: DeviceFolder) -> None:
    device.outbox.write_journal("a", b"\x00one")
    device.outbox.write_journal("b", b"two")
    device.outbox.write_journal("a", b"\x00three")
    assert device.reopen().read_journal() == {"a": b"\x00three", "b": b"two"}
    device.outbox.write_journal("a", None)
    device.outbox.write_journal("never", None)
    assert device.reopen().read_journal() == {"b": b"two"}


# Holding back, refusing


def test_a_held_contract_seals_nothing_new_and_sends_nothing(device: DeviceFolder) -> None:
    device.day(1)
    held = device.world.ctr
    late_head, late = device.outbox.head(held), device.world.work(START + SLOT)
    device.outbox.queue.hold(held, foreign=True)
    with pytest.raises(StoreError) as caught:
        device.outbox.head(held)
    assert caught.value.code is Problem.FOREIGN_HEAD
    # The recorded segment is not lost, but not sent either.
    device.outbox.commit(held, late_head, late)
    assert device.reopen().queue.counts().held == 2
    assert device.outbox.queue.waiting(9) == []
    other = device.other_contract()
    assert device.outbox.head(other).seq == 0


def test_a_refused_segment_can_be_tried_again(device: DeviceFolder) -> None:
    device.day(2)
    row, kept = device.outbox.queue.waiting(9)
    device.outbox.queue.refused(row, "E_FORMAT: too new")
    assert device.outbox.queue.waiting(9) == [kept]
    assert device.reopen()._index.row(row.ctr, 0, 0) == replace(
        row, state=UploadState.REFUSED, detail="E_FORMAT: too new"
    )
    assert device.outbox.queue.try_refused_again() == 1
    assert device.outbox.queue.waiting(9) == [row, kept]
    assert device.reopen().queue.waiting(9) == [row, kept]


# Beacons, contracts


def test_the_slots_own_beacon_is_given_else_the_newest_before_it(device: DeviceFolder) -> None:
    for slot in (START - SLOT, START, START + 2 * SLOT):
        data = device.world.beacons.get(slot) or device.world.add_beacon(slot)
        device.outbox.cache.keep_beacon(Beacon.parse(Receipt.parse(data).object or b""), data)

    def slot_at(slot: int) -> int | None:
        found = device.outbox.beacon(slot)
        return found.slot if found else None

    slots = [START - 2 * SLOT, START - SLOT, START, START + SLOT, START + 9 * SLOT]
    assert [slot_at(s) for s in slots] == [None, START - SLOT, START, START, START + 2 * SLOT]
    file = device.reopen().beacon(START)
    assert file is not None
    assert (file.h, file.data) == (digest(device.world.beacons[START]), device.world.beacons[START])
    (device.root / f"beacons/{START}-{file.h}.tlog-proof").write_bytes(b"torn")
    assert device.outbox.beacon(START) == file  # read once and verified
    assert device.reopen().beacon(START) is not None
    assert slot_at(START) == START - SLOT
    assert incident_codes(device.outbox) == [Problem.FILE_DAMAGED]


def test_the_first_beacon_file_of_a_slot_stays_the_slots(device: DeviceFolder) -> None:
    first = device.world.add_beacon(START)
    beacon = Beacon.parse(Receipt.parse(first).object or b"")
    device.outbox.cache.keep_beacon(beacon, first)
    device.world.log_object(LeafType.SEGMENT, digest(b"anything"), START, "13")
    again = device.world.log.receipt(Receipt.parse(first).index)
    assert again != first  # the same leaf under a newer checkpoint
    assert device.outbox.cache.keep_beacon(beacon, again).h == digest(first)


def test_an_unreadable_beacon_is_replaced_by_the_next_one(
    device: DeviceFolder,
) -> None:
    """A newer receipt of the same beacon from the marketplace."""
    first = device.world.add_beacon(START)
    beacon = Beacon.parse(Receipt.parse(first).object or b"")
    device.outbox.cache.keep_beacon(beacon, first)
    path = device.root / f"beacons/{START}-{digest(first)}.tlog-proof"
    path.unlink()
    path.mkdir()  # read(2) answers EISDIR
    shelf = device.reopen().cache
    assert shelf.beacon(START) is None
    assert shelf.newest_beacon_ms() == 0
    assert shelf.beacon(START + SLOT) == BeaconFile(START, b"", digest(first), b"")
    assert incident_codes(device.outbox) == [Problem.BEACON_UNREADABLE]
    device.world.log_object(LeafType.SEGMENT, digest(b"anything"), START, "13")
    again = device.world.log.receipt(Receipt.parse(first).index)
    assert shelf.keep_beacon(beacon, again).h == digest(again)
    found = device.reopen().beacon(START)
    assert found is not None
    assert found.data == again


def _known(world: World, terms: Terms) -> CachedTerms:
    index = world.log_terms(terms, terms.from_s)
    place = Origin.parse(world.log.origin).position(index)
    return CachedTerms(terms, terms.digest, place, world.log.receipt(index))


def test_contracts_are_restored_after_a_restart_with_the_terms_in_force(
    device: DeviceFolder,
) -> None:
    world, now = device.world, START + SLOT
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
    device.outbox.cache.keep_contracts(notes, [past, present, future, paused])
    for _ in range(2):
        active, second = device.outbox.contracts()
        assert (active.ctr, active.title, active.client) == (world.ctr, "Website", "Client “B”")
        assert (active.terms, active.terms_hash) == (present.terms, present.hash)
        assert second.terms.state == "paused"
        assert device.outbox.cache.figure(world.ctr) == figure
        device.reopen()
    with pytest.raises(KeyError):
        device.outbox.contract(b64url_encode(b"2" * 16))


def test_damaged_terms_are_set_aside(device: DeviceFolder) -> None:
    known = _known(device.world, device.world.terms)
    note = CachedContract(device.world.ctr, "Website", "Client", None, START)
    device.outbox.cache.keep_contracts([note], [known])
    (device.root / f"terms/{known.hash}.tlog-proof").write_bytes(known.proof[:-3])
    (device.root / "contracts.json").write_bytes(b"{")
    device.reopen()
    assert device.outbox.contracts() == ()
    assert len(list((device.root / "damaged").iterdir())) == 1
    assert device.outbox.cache.keep_contracts([note], [known])
    assert len(device.outbox.contracts()) == 1


def test_opening_twice_in_a_row_changes_nothing(device: DeviceFolder) -> None:
    recorded(device)
    before = device.state()
    for _ in range(2):
        device.reopen()
        assert device.state() == before
    device.outbox.close()
    enrolled_folder(device.base, device.world).close()
