"""The segment: a contiguous run of work on one contract with one memo inside one slot.

`docs/protocol.md` §4 is the table of its fields. Here are its typed form, its one spelling, and
the rules that a single segment keeps by itself (E_FORMAT); rules that need the log, the beacon or
other segments are in `diary.verify`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from dataclasses import fields as dataclass_fields
from typing import Any, get_args

from diary import fields, sdjwt
from diary.encoding import MAX_INT, Json, b64u
from diary.errors import Code, DiaryError
from diary.ports import Signer
from diary.shot import Minutes, Shot, check_minutes, rows_with_input
from diary.words import End, InputQuality, Kind, ShotReason

TYP = "wd-segment+sd-jwt"
MAX_TEXT = 2_000
#: Claims of an access token or a proof of possession; a `wd-*` object never carries them, so that
#: no signed segment can ever be taken for one (and the other way round).
_FOREIGN = frozenset({"iss", "exp", "nbf", "jti", "htm", "htu"})


@dataclass(frozen=True)
class BeaconRef:
    """The beacon used: its slot (Unix s) and the digest of its file."""

    slot: int
    h: str


@dataclass(frozen=True)
class Segment:
    """The signed fields. Times: slot, t0, t1 in Unix s; up0, up1, awake, off in ms."""

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
    shot: ShotReason
    end: End
    tz: str
    app: str
    os: str

    @property
    def seconds(self) -> int:
        """Its exact length in whole seconds."""
        return self.t1 - self.t0

    def payload(self) -> Json:
        """The payload's fields without the digests of the disclosures."""
        obj: Json = {f.name: getattr(self, f.name) for f in dataclass_fields(self)}
        obj["v"] = 1
        obj["bcn"] = None if self.bcn is None else {"slot": self.bcn.slot, "h": self.bcn.h}
        obj["app"] = {"ver": self.app, "os": obj.pop("os")}
        return obj


@dataclass(frozen=True)
class SealedSegment:
    """A parsed segment with what is disclosed of it. Verified only if it came from
    `diary.verify.authenticate`.

    Withheld or damaged parts are None (memo, note, minutes) or missing from `shots`.
    """

    sdjwt: sdjwt.SdJwt
    segment: Segment
    memo: str | None
    note: str | None
    minutes: Minutes | None
    shots: dict[int, Shot]

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
    shots: Sequence[Shot] = (),
    signer: Signer,
    random: Callable[[int], bytes],
) -> bytes:
    """Sign a segment; returns `jws~disclosure~…~`.

    `minutes` are its ten rows (None for manual time), `random(n)` gives n random bytes for the
    salts. Raises E_FORMAT if the segment breaks its own rules: nothing malformed is ever signed.
    """
    disclosures: list[tuple[str, Any]] = [("memo", memo)]
    if note is not None:
        disclosures.append(("note", note))
    if minutes is not None:
        rows = [None if row is None else list(row) for row in minutes]
        disclosures.append(("minutes", rows))
    disclosures += [(f"shot_{i}", shot.value()) for i, shot in enumerate(shots)]
    data = sdjwt.issue(segment.payload(), disclosures, TYP, signer, random)
    parse(data)
    return data


def parse(data: bytes) -> SealedSegment:
    """Read a segment. Raises E_FORMAT, E_ALG or E_TYP; the signature is not checked here.

    Disclosures that do not fit are in `sdjwt.problems` and count as absent; a signed disclosure
    whose value breaks its form makes the segment E_FORMAT, since only its signer can have made it.
    """
    opened = sdjwt.parse(data, TYP)
    segment = _segment(opened.jws.payload)
    memo, note, minutes = opened.value("memo"), opened.value("note"), opened.value("minutes")
    for name, text in (("memo", memo), ("note", note)):
        if text is not None and not (isinstance(text, str) and len(text) <= MAX_TEXT):
            raise fields.bad(name)
    if minutes is not None:
        minutes = check_minutes(minutes, segment.slot, segment.t0, segment.t1, segment.input)
        if segment.active != rows_with_input(minutes) and segment.input != "active-only":
            raise fields.bad("active")
    shots = {}
    for disclosure in opened.disclosures:
        if disclosure.name.startswith("shot_"):
            place = disclosure.name.removeprefix("shot_")
            if place not in {str(i) for i in range(segment.pics)}:
                raise fields.bad("pics")
            shots[int(place)] = Shot.parse(disclosure.value)
    return SealedSegment(opened, segment, memo, note, minutes, shots)


def _segment(obj: Json) -> Segment:
    fields.version(obj)
    if not _FOREIGN.isdisjoint(obj):
        raise DiaryError(Code.E_FORMAT, "the payload carries claims of another kind of token")
    kind: Kind = fields.one_of(obj, "kind", get_args(Kind))  # type: ignore[assignment]
    manual = kind == "manual"
    app = fields.field(obj, "app")
    if not isinstance(app, dict):
        raise fields.bad("app")
    segment = Segment(
        aud=fields.matching(obj, "aud", fields.AUD),
        sub=fields.matching(obj, "sub", fields.ID),
        ctr=fields.matching(obj, "ctr", fields.ID),
        terms=fields.b64(obj, "terms", 32),
        kind=kind,
        seq=fields.integer(obj, "seq"),
        epoch=fields.integer(obj, "epoch"),
        prev=fields.b64(obj, "prev", 32),
        slot=fields.integer(obj, "slot"),
        t0=fields.integer(obj, "t0"),
        t1=fields.integer(obj, "t1"),
        up0=fields.optional_integer(obj, "up0"),
        up1=fields.optional_integer(obj, "up1"),
        awake=fields.optional_integer(obj, "awake"),
        off=fields.integer(obj, "off", -MAX_INT),
        boot=fields.optional_b64(obj, "boot", 16),
        bcn=_beacon_ref(fields.field(obj, "bcn")),
        mom=fields.optional_b64(obj, "mom", 32),
        active=fields.optional_integer(obj, "active", 0, 10),
        input=fields.one_of(obj, "input", get_args(InputQuality)),  # type: ignore[arg-type]
        pics=fields.integer(obj, "pics", 0, 3),
        shot=fields.one_of(obj, "shot", get_args(ShotReason)),  # type: ignore[arg-type]
        end=fields.one_of(obj, "end", get_args(End)),  # type: ignore[arg-type]
        tz=fields.string(obj, "tz", 64),
        app=fields.string(app, "ver", 64),
        os=fields.string(app, "os", 64),
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


def _beacon_ref(value: object) -> BeaconRef | None:
    if value is None:
        return None
    if not isinstance(value, dict):
        raise fields.bad("bcn")
    return BeaconRef(fields.integer(value, "slot"), fields.b64(value, "h", 32))


def random_id(random: Callable[[int], bytes]) -> str:
    """A fresh id of a contract or freelancer: 128 random bits, 22 characters."""
    return b64u(random(16))
