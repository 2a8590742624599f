"""A device's record and the outbox that stores it, for tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from diary.core.slots import DAY, SLOT
from diary.formats.encoding import b64url_encode
from diary.log.receipt import Receipt
from diary.objects.beacon import Beacon
from diary.objects.segment import parse
from tests.diary.world import AUD, START, World
from uploader.api.responses import ServerFinding
from uploader.errors import Problem
from uploader.store.index.rows import IndexRow
from uploader.store.index_rebuild import ENROLMENT
from uploader.store.outbox import Outbox
from uploader.store.state_folder import StateFolder


def enrolled_folder(base: Path, world: World) -> StateFolder:
    """A state folder with the device's enrolment, open and locked."""
    folder = StateFolder(base, AUD)
    if not folder.exists(ENROLMENT):
        folder.write(ENROLMENT, world.enrolment.data)
        folder.write("enrolment.tlog-proof", world.log.receipt(world.enrolled_at))
    return folder


@dataclass
class DeviceFolder:
    """A `World` whose segments go into an outbox; `reopen` simulates a new start."""

    base: Path
    world: World = field(default_factory=World)

    def __post_init__(self) -> None:
        self.outbox = self.open()

    def open(self) -> Outbox:
        # Its days lie in the future; `test_wrong_clock` tests the consequences.
        folder, now_ms = enrolled_folder(self.base, self.world), (START + SLOT) * 1000
        return Outbox(folder, lambda: now_ms, ahead_s=60 * DAY)

    def reopen(self) -> Outbox:
        self.outbox.close()
        self.outbox = self.open()
        return self.outbox

    @property
    def root(self) -> Path:
        return self.base / AUD

    def work(self, *args: int, **changes: Any) -> bytes:
        """Seal the next segment and commit it, pictures first."""
        data = self.world.work(*args, **changes)
        for blob in self.world.blobs.values():
            self.outbox.put_blob(blob)
        self.outbox.commit(self.world.ctr, self.outbox.head(self.world.ctr), data)
        return data

    def day(self, slots: int) -> list[bytes]:
        return [self.work(START + i * SLOT) for i in range(slots)]

    def deliver(self, data: bytes, **changes: Any) -> IndexRow:
        """Log a segment and store its receipt, as if the marketplace had responded."""
        receipt = self.world.log.receipt(self.world.log_segment(data))
        row = next(r for r in self.outbox._index.rows() if r.hash == parse(data).hash)
        opened = Receipt.parse(receipt)
        for sha in self.outbox.queue.pictures_of(row):
            self.outbox.queue.picture_done(sha)
        self.outbox.queue.done(
            row,
            receipt,
            changes.get("findings", ()),
            log_index=opened.index,
            rt_ms=opened.leaf.rt_ms,
        )
        return row

    def other_contract(self) -> str:
        """Continue with a further contract of the same device; returns its id."""
        self.world.ctr = b64url_encode(self.world.random(16))
        self.world.segments = []
        return self.world.ctr

    def state(self) -> dict[str, Any]:
        """All queries of the outbox whose results the files must reproduce."""
        box, ctr = self.outbox, self.world.ctr
        rows = box._index.rows()
        return {
            "rows": rows,
            "head": box.head(ctr),
            "totals": box.totals(START, ctr),
            "memos": box.recent_memos(ctr),
            "counts": box.queue.counts(),
            "waiting": box.queue.waiting(100),
            "pictures": {row.name: box._index.blobs_of(row.hash) for row in rows},
            "beacon": box.beacon(START + SLOT),
        }


def recorded(device: DeviceFolder) -> None:
    """A diary with every state: delivered, refused, with findings, waiting, with a beacon."""
    data = device.day(4)
    device.deliver(data[0])
    device.deliver(data[1], findings=[ServerFinding("x", "W_BLOB_MISSING", "one is not there")])
    rows = device.outbox.queue.waiting(9)
    device.outbox.queue.refused(rows[0], "E_FORMAT: no")
    beacon = device.world.beacons[START]
    device.outbox.cache.keep_beacon(Beacon.parse(Receipt.parse(beacon).object or b""), beacon)


def incident_codes(outbox: Outbox) -> list[Problem]:
    """The codes of the incidents that an outbox reports."""
    return [incident.code for incident in outbox.incidents()]
