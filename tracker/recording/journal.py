"""The journal: open and closed segments as small durable records, until they are sealed.

A record of an open segment states up to when its time is safe; after a crash the segment is sealed
up to there with end `crash`. A closed segment is sealed as recorded. The review of a picture that
was interrupted starts again with its full duration: no picture leaves this computer before the
person had time to see it. Areas that the person covered are in the record before they are painted
over, so that a crash in between never uncovers them.

A record names the device's key. A segment of another key, from before this computer was enrolled
again, can no longer be signed and is set aside.

A record is removed after its segment is on disk. After a crash in between, the segment begins
before the chain's end: it is sealed already.
"""

from __future__ import annotations

import base64
import contextlib
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
from tracker.recording.state.events import Recovered
from tracker.recording.state.open_segment import OpenPicture, OpenSegment
from tracker.recording.state.session_clock import ServerTimeEstimate

_OPEN = "stretch/"
_ASIDE = "aside/"
_CLOCK = "clock"
_log = logging.getLogger(__name__)


class Journal:
    """The journal's records in the store. Its methods raise OSError when the disk refuses.

    `kid` is the key that will sign new records. `unreadable` counts the records that `recover`
    could not read and left in place.
    """

    def __init__(self, store: Store, kid: str = "") -> None:
        self._store = store
        self._kid = kid
        self.unreadable = 0

    def write(self, segment: OpenSegment, upto: ClockReading) -> None:
        """Store a segment; if it is open, with its time up to `upto`."""
        self._store.write_journal(_OPEN + segment.id, dump(segment, upto, self._kid))

    def forget(self, segment_id: str) -> None:
        """Remove a segment's record, if there is one."""
        self._store.write_journal(_OPEN + segment_id, None)

    def set_aside(self, segment: OpenSegment, kid: str = "") -> None:
        """Store a segment that cannot be sealed where `recover` ignores it; `kid` is the key that
        recorded it, if not the current one.
        """
        upto = segment.finish or segment.begin
        self._store.write_journal(_ASIDE + segment.id, dump(segment, upto, kid or self._kid))

    def set_aside_foreign(self, recovered: Recovered) -> int:
        """Set aside a segment whose key is gone; returns its seconds. Never raises OSError."""
        segment = recovered.segment
        segment.close(recovered.upto, recovered.end)
        try:
            self.set_aside(segment, recovered.kid)
            self.forget(segment.id)
        except OSError as error:
            # It stays in the journal for the next start.
            _log.warning("a record was not set aside: %s", type(error).__name__)
        return max(0, segment.seconds)

    def recover(self, head: Callable[[str], Head]) -> list[Recovered]:
        """The segments of an earlier start, oldest first."""
        found = []
        self.unreadable = 0
        for key, data in self._store.read_journal().items():
            if not key.startswith(_OPEN):
                continue
            try:
                recovered = load(data)
            except (ValueError, KeyError, TypeError):
                # Left in place; the other records are recovered.
                _log.warning("the journal's record %s cannot be read and is left alone", key)
                self.unreadable += 1
                continue
            segment = recovered.segment
            if segment.t0 < _last_t1(head, segment.ctr):
                self.forget(segment.id)
            else:
                found.append(recovered)
        return sorted(found, key=lambda r: (r.segment.t0, r.segment.begin.up))

    def blobs(self) -> set[str]:
        """Digests of the pictures that records name. Together with those of sealed segments, these
        are all that may be on disk.
        """
        named: set[str] = set()
        for key, data in self._store.read_journal().items():
            if key.startswith((_OPEN, _ASIDE)):
                named.update(f for picture in load(data).segment.pictures for f in picture.files)
        return named

    def memos(self) -> dict[str, str]:
        """The memo of each contract's newest segment that is not sealed. Skips unreadable
        records.
        """
        segments = []
        for key, data in self._store.read_journal().items():
            if key.startswith(_OPEN):
                with contextlib.suppress(ValueError, KeyError, TypeError):
                    segments.append(load(data).segment)
        segments.sort(key=lambda segment: (segment.t0, segment.begin.up))
        return {segment.ctr: segment.memo for segment in segments}

    def write_clock(self, estimate: ServerTimeEstimate) -> None:
        """Store the estimate of the marketplace's clock."""
        self._store.write_journal(_CLOCK, json.dumps(astuple(estimate)).encode("ascii"))

    def read_clock(self) -> ServerTimeEstimate | None:
        """The stored estimate of the marketplace's clock, None without one."""
        try:
            boot, offset_ms, market = json.loads(self._store.read_journal()[_CLOCK])
        except (KeyError, ValueError, TypeError, RecursionError):
            return None
        fits = isinstance(boot, str) and is_int(offset_ms) and isinstance(market, bool)
        return ServerTimeEstimate(boot, offset_ms, market) if fits else None


def dump(segment: OpenSegment, upto: ClockReading, kid: str = "") -> bytes:
    """Serialize a segment; the key `kid` will sign it."""
    record = {
        "v": 1,
        "kid": kid,
        "id": segment.id,
        "ctr": segment.ctr,
        "memo": segment.memo,
        "terms": segment.terms.data().decode("utf-8"),
        "terms_hash": segment.terms_hash,
        "offset": segment.mapping.offset_ms,
        "boot": segment.boot,
        "tz": segment.tz,
        "slot": segment.slot,
        "begin": astuple(segment.begin),
        "upto": astuple(segment.finish or upto),
        "end": "crash" if segment.finish is None else segment.end,
        "kind": segment.kind,
        "note": segment.note,
        "bcn": [segment.bcn_slot, segment.bcn_h],
        "mom": None if segment.mom is None else _b64(segment.mom),
        "dues": segment.picture_times,
        "rows": segment.activity.stored(),
        "quality": segment.activity.quality,
        "failures": [*segment.failures.items()],
        "pictures": [
            {
                "id": picture.id,
                "due": picture.due,
                "at": picture.picture.at,
                "shot": picture.picture.value(),
                "thumb": _b64(picture.thumb),
                "review": picture.in_review,
                "cover": picture.areas,
            }
            for picture in segment.pictures
        ],
    }
    return json.dumps(record, separators=(",", ":")).encode("ascii")


def load(data: bytes) -> Recovered:
    """Parse a record. Raises ValueError, KeyError or TypeError."""
    record: dict[str, Any] = json.loads(data)
    if record["v"] != 1:
        raise ValueError("a record of another version")
    segment = OpenSegment(
        id=record["id"],
        run=0,
        ctr=record["ctr"],
        memo=record["memo"],
        terms=Terms.parse(record["terms"].encode("utf-8")),
        terms_hash=record["terms_hash"],
        mapping=ClockMapping(record["offset"]),
        boot=record["boot"],
        tz=record["tz"],
        slot=record["slot"],
        begin=ClockReading(*record["begin"]),
        bcn_slot=record["bcn"][0],
        bcn_h=record["bcn"][1],
        mom=None if record["mom"] is None else base64.b64decode(record["mom"]),
        picture_times=tuple(record["dues"]),
        activity=Activity(
            record["slot"],
            [None if row is None else tuple(row) for row in record["rows"]],
            record["quality"],
        ),
        pictures=[
            OpenPicture(
                id=item["id"],
                due=item["due"],
                picture=Picture.parse(item["shot"], item["at"]),
                thumb=base64.b64decode(item["thumb"]),
                review_until=0 if item["review"] else None,
                areas=tuple((x, y, w, h) for x, y, w, h in item.get("cover", ())),
            )
            for item in record["pictures"]
        ],
        failures=dict(record["failures"]),
        # Older records lack these fields.
        kind=record.get("kind", "auto"),
        note=record.get("note", ""),
    )
    return Recovered(segment, ClockReading(*record["upto"]), record["end"], record.get("kid", ""))


def _last_t1(head: Callable[[str], Head], ctr: str) -> int:
    try:
        return head(ctr).last_t1
    except OSError:
        # The chain is unreadable now; the sealer checks again before it seals.
        return 0


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
