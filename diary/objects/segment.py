"""The segment: uninterrupted work on one contract with one memo inside one slot.

`docs/protocol.md` §4 lists its fields. This module has its typed form, its canonical encoding, and
the rules about a segment alone (E_FORMAT). Rules that need the log, the beacon or other segments
are in `diary.verification`.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from dataclasses import fields as dataclass_fields
from typing import Any, get_args

from diary.core.findings import Code, DiaryError
from diary.core.signer import Signer
from diary.core.vocabulary import End, InputQuality, Kind, PictureReason
from diary.formats import json_fields
from diary.formats import sd_jwt as sdjwt
from diary.formats.encoding import MAX_INT, Json, b64url_encode
from diary.objects.picture import Minutes, Picture, check_minutes, rows_with_input

TYP = "wd-segment+sd-jwt"
MAX_TEXT = 2_000


@dataclass(frozen=True)
class BeaconRef:
    """The beacon used: its slot (Unix s) and the digest of its file."""

    slot: int
    h: str


@dataclass(frozen=True)
class Segment:
    """The signed fields. Times: slot, t0, t1 in Unix s; up0, up1, awake, off, shot_at in ms.

    `shot_at` has the start of each picture's capture, Unix ms, in ascending order.
    """

    aud: str
    sub: str
    ctr: str
    terms: str
    kind: Kind
    seq: int
    epoch: int
    prev: str
    slot: int
    t0: int
    t1: int
    up0: int | None
    up1: int | None
    awake: int | None
    off: int
    boot: str | None
    bcn: BeaconRef | None
    mom: str | None
    active: int | None
    input: InputQuality
    pics: int
    shot: PictureReason
    end: End
    tz: str
    app: str
    os: str
    shot_at: tuple[int, ...] = ()

    @property
    def seconds(self) -> int:
        """Its exact length in whole seconds."""
        return self.t1 - self.t0

    def payload(self) -> Json:
        """The payload's fields without the digests of the disclosures."""
        obj: Json = {f.name: getattr(self, f.name) for f in dataclass_fields(self)}
        obj["v"] = 1
        obj["shot_at"] = list(self.shot_at)
        obj["bcn"] = None if self.bcn is None else {"slot": self.bcn.slot, "h": self.bcn.h}
        obj["app"] = {"ver": self.app, "os": obj.pop("os")}
        return obj


@dataclass(frozen=True)
class SealedSegment:
    """A parsed segment with its disclosed parts. Verified only if it came from
    `diary.verification.check.authenticate`.

    Withheld or malformed parts are None (memo, note, minutes) or missing from `pictures`.
    """

    sdjwt: sdjwt.SdJwt
    segment: Segment
    memo: str | None
    note: str | None
    minutes: Minutes | None
    pictures: dict[int, Picture]

    @property
    def hash(self) -> str:
        """SHA-256 of the compact JWS, base64url: the segment's name."""
        return self.sdjwt.jws.digest

    @property
    def kid(self) -> str:
        """The signing device."""
        return self.sdjwt.jws.kid


def seal(
    segment: Segment,
    *,
    memo: str,
    note: str | None = None,
    minutes: Minutes | None,
    shots: Sequence[Picture] = (),
    signer: Signer,
    random: Callable[[int], bytes],
) -> bytes:
    """Sign a segment; returns `jws~disclosure~…~`.

    `shot_at` is taken from `shots`, which are in order of time. `minutes` are its ten rows (None
    for manual time), `random(n)` gives n random bytes for the salts. Raises E_FORMAT if the segment
    breaks its own rules: a malformed segment is never signed.
    """
    disclosures: list[tuple[str, Any]] = [("memo", memo)]
    if note is not None:
        disclosures.append(("note", note))
    if minutes is not None:
        rows = [None if row is None else list(row) for row in minutes]
        disclosures.append(("minutes", rows))
    disclosures += [(f"shot_{i}", shot.value()) for i, shot in enumerate(shots)]
    segment = replace(segment, shot_at=tuple(shot.at for shot in shots))
    data = sdjwt.issue(segment.payload(), disclosures, TYP, signer, random)
    problems = parse(data).sdjwt.problems
    if problems:
        raise problems[0]
    return data


def parse(data: bytes) -> SealedSegment:
    """Parse a segment. Raises E_FORMAT, E_ALG or E_TYP; the signature is not checked here.

    Disclosures without a digest, or malformed for their name, are in `sdjwt.problems` and count as
    absent. There must be a digest for each part that a segment has.
    """
    opened = sdjwt.parse(data, TYP)
    segment = _segment(opened.jws.payload)
    required = 1 + (segment.kind != "manual") + segment.pics
    if len(opened.disclosures) + len(opened.withheld) < required:
        raise DiaryError(Code.E_FORMAT, "a part is neither shown nor withheld")
    left, shown = sdjwt.read_parts(opened, lambda part: _read_part(segment, part))
    return SealedSegment(
        sdjwt=left,
        segment=segment,
        memo=shown.get("memo"),
        note=shown.get("note"),
        minutes=shown.get("minutes"),
        pictures={i: shown[f"shot_{i}"] for i in range(segment.pics) if f"shot_{i}" in shown},
    )


def _read_part(segment: Segment, part: sdjwt.Disclosure) -> Any:
    if part.name in ("memo", "note"):
        return json_fields.string({part.name: part.value}, part.name, MAX_TEXT)
    if part.name == "minutes":
        if segment.kind == "manual":
            raise json_fields.bad("minutes")
        minutes = check_minutes(part.value, segment.slot, segment.t0, segment.t1, segment.input)
        if segment.active != rows_with_input(minutes):
            raise json_fields.bad("active")
        return minutes
    if part.name.startswith("shot_"):
        names = [f"shot_{i}" for i in range(segment.pics)]
        if part.name not in names:
            raise json_fields.bad("pics")
        return Picture.parse(part.value, segment.shot_at[names.index(part.name)])
    return part.value


def _segment(obj: Json) -> Segment:
    json_fields.version(obj)
    kind: Kind = json_fields.one_of(obj, "kind", get_args(Kind))  # type: ignore[assignment]
    manual = kind == "manual"
    app = json_fields.field(obj, "app")
    if not isinstance(app, dict):
        raise json_fields.bad("app")
    segment = Segment(
        aud=json_fields.matching(obj, "aud", json_fields.AUD),
        sub=json_fields.matching(obj, "sub", json_fields.ID),
        ctr=json_fields.matching(obj, "ctr", json_fields.ID),
        terms=json_fields.b64(obj, "terms", 32),
        kind=kind,
        seq=json_fields.integer(obj, "seq"),
        epoch=json_fields.integer(obj, "epoch"),
        prev=json_fields.b64(obj, "prev", 32),
        slot=json_fields.integer(obj, "slot"),
        t0=json_fields.integer(obj, "t0"),
        t1=json_fields.integer(obj, "t1"),
        up0=json_fields.optional_integer(obj, "up0"),
        up1=json_fields.optional_integer(obj, "up1"),
        awake=json_fields.optional_integer(obj, "awake"),
        off=json_fields.integer(obj, "off", -MAX_INT),
        boot=json_fields.optional_b64(obj, "boot", 16),
        bcn=_beacon_ref(json_fields.field(obj, "bcn")),
        mom=json_fields.optional_b64(obj, "mom", 32),
        active=json_fields.optional_integer(obj, "active", 0, 10),
        input=json_fields.one_of(obj, "input", get_args(InputQuality)),  # type: ignore[arg-type]
        pics=json_fields.integer(obj, "pics", 0, 3),
        shot=json_fields.one_of(obj, "shot", get_args(PictureReason)),  # type: ignore[arg-type]
        end=json_fields.one_of(obj, "end", get_args(End)),  # type: ignore[arg-type]
        tz=json_fields.string(obj, "tz", 64),
        app=json_fields.string(app, "ver", 64),
        os=json_fields.string(app, "os", 64),
        shot_at=_picture_times(obj),
    )
    measured = (segment.up0, segment.up1, segment.awake, segment.boot, segment.bcn, segment.active)
    if manual:
        if any(value is not None for value in (*measured, segment.mom)) or segment.pics:
            raise DiaryError(Code.E_FORMAT, "manual time carries measurements")
        if segment.shot != "none" or segment.input != "unavailable":
            raise DiaryError(Code.E_FORMAT, "manual time carries measurements")
    elif any(value is None for value in measured):
        raise DiaryError(Code.E_FORMAT, "a measurement is missing")
    return segment


def _picture_times(obj: Json) -> tuple[int, ...]:
    pics = json_fields.integer(obj, "pics", 0, 3)
    times = json_fields.array(obj, "shot_at", 3)
    found = tuple(json_fields.integer({"shot_at": each}, "shot_at") for each in times)
    if len(found) != pics or any(a > b for a, b in itertools.pairwise(found)):
        raise json_fields.bad("shot_at")
    return found


def _beacon_ref(value: object) -> BeaconRef | None:
    if value is None:
        return None
    if not isinstance(value, dict):
        raise json_fields.bad("bcn")
    return BeaconRef(json_fields.integer(value, "slot"), json_fields.b64(value, "h", 32))


def random_id(random: Callable[[int], bytes]) -> str:
    """A fresh id of a contract or freelancer: 128 random bits, 22 characters."""
    return b64url_encode(random(16))
