"""The journal: open and closed stretches, as small durable records, until they are segments.

A record of an open stretch says how far its time is safe; after a crash the stretch is sealed up to
there with end `crash`. A record of a closed one is sealed as it was closed. Pictures that could
still be looked at when the program ended can be looked at again, in full time: nothing leaves this
computer that its person had no time to see.

A record names the device's key: one that another key has recorded, before this computer joined
again, can no longer be signed, and is set aside.

A record is removed after its segment is on the disk. If the program dies in between, the record
tells of a stretch that begins before the chain's end: that one is a segment already.
"""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Callable
from dataclasses import astuple
from typing import Any

from diary.formats.json_fields import is_int
from diary.interfaces import Head, Store
from diary.objects.picture import Picture
from diary.objects.terms import Terms
from tracker.model.activity import Activity
from tracker.platform.clock import ClockMapping, ClockReading
from tracker.recording.events import Recovered
from tracker.recording.open_segment import OpenPicture, OpenSegment
from tracker.recording.session_clock import ServerTimeEstimate

_STRETCH = "stretch/"
_ASIDE = "aside/"
_CLOCK = "clock"
_log = logging.getLogger(__name__)


class Journal:
    """The journal's records in the store. Its methods raise OSError when the disk refuses.

    `kid` is the key that new records are to be signed with. `unreadable` counts the records that
    `recover` could not read and left alone.
    """

    def __init__(self, store: Store, kid: str = "") -> None:
        self._store = store
        self._kid = kid
        self.unreadable = 0

    def write(self, stretch: OpenSegment, upto: ClockReading) -> None:
        """Keep a stretch; if it is open, with its time up to `upto`."""
        self._store.write_journal(_STRETCH + stretch.id, dump(stretch, upto, self._kid))

    def forget(self, stretch_id: str) -> None:
        """Remove a stretch's record, if there is one."""
        self._store.write_journal(_STRETCH + stretch_id, None)

    def set_aside(self, stretch: OpenSegment, kid: str = "") -> None:
        """Keep a stretch that cannot be sealed where no recovery looks; `kid` is the key that
        recorded it, if not the present one.
        """
        upto = stretch.finish or stretch.begin
        self._store.write_journal(_ASIDE + stretch.id, dump(stretch, upto, kid or self._kid))

    def recover(self, head: Callable[[str], Head]) -> list[Recovered]:
        """What an earlier start of the program left, oldest first."""
        found = []
        self.unreadable = 0
        for key, data in self._store.read_journal().items():
            if not key.startswith(_STRETCH):
                continue
            try:
                recovered = load(data)
            except (ValueError, KeyError, TypeError):
                # Not ours to destroy: it stays where it is, and the rest goes on.
                _log.warning("the journal's record %s cannot be read and is left alone", key)
                self.unreadable += 1
                continue
            stretch = recovered.stretch
            if stretch.t0 < _last_t1(head, stretch.ctr):
                self.forget(stretch.id)
            else:
                found.append(recovered)
        return sorted(found, key=lambda r: (r.stretch.t0, r.stretch.begin.up))

    def blobs(self) -> set[str]:
        """Digests of the pictures that a record names: with those that sealed segments name, all
        that may lie on the disk.
        """
        named: set[str] = set()
        for key, data in self._store.read_journal().items():
            if key.startswith((_STRETCH, _ASIDE)):
                named.update(f for picture in load(data).stretch.pictures for f in picture.files)
        return named

    def keep_clock(self, estimate: ServerTimeEstimate) -> None:
        """Keep what is known of the marketplace's clock."""
        self._store.write_journal(_CLOCK, json.dumps(astuple(estimate)).encode("ascii"))

    def clock(self) -> ServerTimeEstimate | None:
        """What was known of the marketplace's clock; None if nothing was kept."""
        try:
            boot, offset_ms, market = json.loads(self._store.read_journal()[_CLOCK])
        except (KeyError, ValueError, TypeError, RecursionError):
            return None
        fits = isinstance(boot, str) and is_int(offset_ms) and isinstance(market, bool)
        return ServerTimeEstimate(boot, offset_ms, market) if fits else None


def dump(stretch: OpenSegment, upto: ClockReading, kid: str = "") -> bytes:
    """A stretch as a record, to be signed with the key `kid`."""
    record = {
        "v": 1,
        "kid": kid,
        "id": stretch.id,
        "ctr": stretch.ctr,
        "memo": stretch.memo,
        "terms": stretch.terms.data().decode("utf-8"),
        "terms_hash": stretch.terms_hash,
        "offset": stretch.fix.offset_ms,
        "boot": stretch.boot,
        "tz": stretch.tz,
        "slot": stretch.slot,
        "begin": astuple(stretch.begin),
        "upto": astuple(stretch.finish or upto),
        "end": "crash" if stretch.finish is None else stretch.end,
        "kind": stretch.kind,
        "note": stretch.note,
        "bcn": [stretch.bcn_slot, stretch.bcn_h],
        "mom": None if stretch.mom is None else _b64(stretch.mom),
        "dues": stretch.dues,
        "rows": stretch.activity.stored(),
        "quality": stretch.activity.quality,
        "failures": [*stretch.failures.items()],
        "pictures": [
            {
                "id": picture.id,
                "due": picture.due,
                "at": picture.shot.at,
                "shot": picture.shot.value(),
                "thumb": _b64(picture.thumb),
                "review": picture.in_review,
            }
            for picture in stretch.pictures
        ],
    }
    return json.dumps(record, separators=(",", ":")).encode("ascii")


def load(data: bytes) -> Recovered:
    """A stretch out of its record; raises ValueError, KeyError or TypeError."""
    record: dict[str, Any] = json.loads(data)
    if record["v"] != 1:
        raise ValueError("a record of another version")
    stretch = OpenSegment(
        id=record["id"],
        run=0,
        ctr=record["ctr"],
        memo=record["memo"],
        terms=Terms.parse(record["terms"].encode("utf-8")),
        terms_hash=record["terms_hash"],
        fix=ClockMapping(record["offset"]),
        boot=record["boot"],
        tz=record["tz"],
        slot=record["slot"],
        begin=ClockReading(*record["begin"]),
        bcn_slot=record["bcn"][0],
        bcn_h=record["bcn"][1],
        mom=None if record["mom"] is None else base64.b64decode(record["mom"]),
        dues=tuple(record["dues"]),
        activity=Activity(
            record["slot"],
            [None if row is None else tuple(row) for row in record["rows"]],
            record["quality"],
        ),
        pictures=[
            OpenPicture(
                id=item["id"],
                due=item["due"],
                shot=Picture.parse(item["shot"], item["at"]),
                thumb=base64.b64decode(item["thumb"]),
                review_until=0 if item["review"] else None,
            )
            for item in record["pictures"]
        ],
        failures=dict(record["failures"]),
        # Records of before there was idle time to keep do not tell.
        kind=record.get("kind", "auto"),
        note=record.get("note", ""),
    )
    return Recovered(stretch, ClockReading(*record["upto"]), record["end"], record.get("kid", ""))


def _last_t1(head: Callable[[str], Head], ctr: str) -> int:
    try:
        return head(ctr).last_t1
    except OSError:
        # The chain cannot be read now; the sealer looks again before it seals.
        return 0


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
