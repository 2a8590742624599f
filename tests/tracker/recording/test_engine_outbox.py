"""The engine over the real store: the same record, on a real disk, also after a crash."""

from __future__ import annotations

from pathlib import Path

import pytest

from diary.core.slots import SLOT
from diary.log.position import Origin
from diary.log.receipt import Receipt
from diary.objects.beacon import Beacon
from diary.objects.segment import parse
from diary.objects.terms import Terms
from diary.verification.check import check
from tests.diary.world import START, World
from tests.tracker.machine import Machine
from tests.uploader.device_folder import enrolled_folder
from uploader.errors import Problem, StoreError
from uploader.store.contract_cache import CachedContract, CachedTerms
from uploader.store.outbox import Outbox


class OutboxMachine(Machine):
    """A machine whose disk is an `Outbox`."""

    def open(self, base: Path) -> Outbox:
        outbox = Outbox(enrolled_folder(base, self.world), lambda: self.session.now_ms())
        for data in self.world.beacons.values():
            beacon = Beacon.parse(Receipt.parse(data).object or b"")
            outbox.cache.keep_beacon(beacon, data)
        receipt = self.world.log.receipt(self.world.terms_at[-1])
        terms = Terms.parse(Receipt.parse(receipt).object or b"")
        place = Origin.parse(self.world.log.origin).position(self.world.terms_at[-1])
        outbox.cache.keep_contracts(
            [CachedContract(self.ctr, "Write", "Acme", None, START)],
            [CachedTerms(terms, terms.digest, place, receipt)],
        )
        self.disk = outbox  # type: ignore[assignment]
        return outbox


def segments(world: World, outbox: Outbox, base: Path) -> list[bytes]:
    rows = outbox.segments(world.ctr, START, START + 100 * SLOT)
    return [(base / "workdiary.localhost" / f"{row.name}.sdjwt").read_bytes() for row in rows]


@pytest.mark.parametrize("crash", [False, True])
def test_a_day_on_a_real_disk_verifies(tmp_path: Path, crash: bool) -> None:
    m = OutboxMachine(speed=20, terms={"review_s": 30})
    with m.open(tmp_path):
        m.boot()
        m.start()
        m.run(900)
        if not crash:
            m.engine.close()
            m.step()
    m.clocks.work(3_600_000)
    with m.open(tmp_path) as outbox:
        m.boot()
        m.run(60, typing=False)
        m.start("Review")
        m.run(300)
        m.stop()
        m.run(60)
        m.engine.close()
        m.step()
        m.world.segments = segments(m.world, outbox, tmp_path)
        sealed = [parse(data) for data in m.world.segments]
        assert [s.segment.end for s in sealed] == [
            "slot",
            "crash" if crash else "stop",
            "slot",
            "stop",
        ]
        assert outbox.read_journal().keys() == {"clock"}
        shots = [shot for one in sealed for shot in one.pictures.values()]
        shas = {blob.sha256 for shot in shots for blob in (shot.blob, shot.thumb)}
        m.world.blobs = {sha: outbox.blob(sha) or b"" for sha in shas}
        for data in m.world.segments:
            for shot in parse(data).pictures.values():
                for part in (shot.blob, shot.thumb):
                    m.world.blobs[part.sha256] = outbox.blob(part.sha256) or b""
            m.world.log_segment(data)
        report = check(m.world.evidence())
        found = [f for f in report.findings if f.kind != "log"]  # see Machine.verify
        assert [f for f in found if f.is_error] == []
        assert {f.code for f in found} <= {"W_OFFLINE"}
        assert outbox.unclaimed_blobs() == ()


def broken(base: Path, slots: tuple[int, ...]) -> list[Path]:
    """Let the disk return an error for the beacons of these slots; returns their files."""
    folder = base / "workdiary.localhost" / "beacons"
    files = [path for slot in slots for path in folder.glob(f"{slot}-*")]
    for path in files:
        path.rename(path.with_suffix(".kept"))
        path.mkdir()  # read(2) answers EISDIR
    return files


def repair(files: list[Path]) -> None:
    for path in files:
        path.rmdir()
        path.with_suffix(".kept").rename(path)


@pytest.mark.parametrize(
    ("unread", "named"),
    [((START,), START - SLOT), ((START - SLOT, START), START - SLOT)],
    ids=["the slot's own", "every one"],
)
def test_a_beacon_that_cannot_be_read_stops_no_recording(
    tmp_path: Path, unread: tuple[int, ...], named: int
) -> None:
    m = OutboxMachine(speed=20, slots=3, terms={"review_s": 0})
    m.world.add_beacon(START - SLOT)
    with m.open(tmp_path) as outbox:
        files = broken(tmp_path, unread)
        m.boot()
        m.start()
        m.run(500)
        assert m.state() == "recording"
        assert {t.code for t in outbox.incidents()} == {Problem.BEACON_UNREADABLE}
        repair(files)
        m.run(600)
        m.stop()
        m.run(60)
        m.engine.close()
        m.step()
        m.world.segments = segments(m.world, outbox, tmp_path)
        sealed = [parse(data) for data in m.world.segments]
        for data, one in zip(m.world.segments, sealed, strict=True):
            for shot in one.pictures.values():
                for part in (shot.blob, shot.thumb):
                    m.world.blobs[part.sha256] = outbox.blob(part.sha256) or b""
            m.world.log_segment(data)
    first, second = (one.segment for one in sealed)
    assert first.bcn is not None
    assert second.bcn is not None
    assert (first.bcn.slot, second.bcn.slot) == (named, START + SLOT)
    assert first.t1 == START + SLOT
    assert first.active == len([row for row in sealed[0].minutes or () if row])
    report = check(m.world.evidence())
    assert [f.code for f in report.findings if f.kind != "log" and f.is_error] == []
    assert [found.assurance for found in report.segments.values()] == ["B", "A"]


def test_a_machine_whose_index_cannot_be_read_continues_with_the_last_beacon(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    m = OutboxMachine(speed=20, slots=1, terms={"review_s": 0})
    with m.open(tmp_path) as outbox:
        assert outbox.beacon(START) is not None

        def refuse(slot: int) -> None:
            raise StoreError(Problem.DISK_ERROR, "Input/output error")

        monkeypatch.setattr(outbox._index, "beacon", refuse)
        found = outbox.beacon(START + SLOT)
        assert found is not None
        assert found.slot == START
        with pytest.raises(StoreError):
            outbox.beacon(START - SLOT)
