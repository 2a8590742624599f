"""The engine over the real store: the same record, on a real disk, also after a crash."""

from __future__ import annotations

from pathlib import Path

import pytest

from diary.objects import Beacon, Terms
from diary.place import Origin
from diary.receipt import Receipt
from diary.segment import parse
from diary.times import SLOT
from diary.verify import check
from tests.diary.world import START, World
from tests.tracker.machine import Machine
from tests.uploader.desk import enrolled_folder
from uploader.outbox import Outbox
from uploader.shelf import ContractNote, KnownTerms


class OutboxMachine(Machine):
    """A machine whose disk is an `Outbox`."""

    def open(self, base: Path) -> Outbox:
        outbox = Outbox(enrolled_folder(base, self.world), lambda: self.session.now_ms())
        for data in self.world.beacons.values():
            beacon = Beacon.parse(Receipt.parse(data).object or b"")
            outbox.shelf.keep_beacon(beacon, data)
        receipt = self.world.log.receipt(self.world.terms_at[-1])
        terms = Terms.parse(Receipt.parse(receipt).object or b"")
        place = Origin.parse(self.world.log.origin).place(self.world.terms_at[-1])
        outbox.shelf.keep_contracts(
            [ContractNote(self.ctr, "Write", "Acme", None, START)],
            [KnownTerms(terms, terms.digest, place, receipt)],
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
        shots = [shot for one in sealed for shot in one.shots.values()]
        shas = {blob.sha256 for shot in shots for blob in (shot.blob, shot.thumb)}
        m.world.blobs = {sha: outbox.blob(sha) or b"" for sha in shas}
        for data in m.world.segments:
            for shot in parse(data).shots.values():
                for part in (shot.blob, shot.thumb):
                    m.world.blobs[part.sha256] = outbox.blob(part.sha256) or b""
            m.world.log_segment(data)
        report = check(m.world.evidence())
        found = [f for f in report.findings if f.kind != "log"]  # see Machine.verify
        assert [f for f in found if f.code.startswith("E_")] == []
        assert {f.code for f in found} <= {"W_OFFLINE"}
        assert outbox.unclaimed_blobs() == ()
