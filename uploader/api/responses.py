"""Typed responses of the marketplace, checked field by field before use.

A response of another shape raises UNEXPECTED_ANSWER. Unknown fields are ignored, so that a newer
marketplace can add some.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from diary.core.demo_clock import MAX_SPEED, TimeLapse
from diary.core.display import REPLACEMENT, clean
from diary.core.findings import DiaryError
from diary.core.slots import SANE_FROM, SANE_TO
from diary.formats import json_fields
from diary.formats.encoding import Json
from diary.formats.jws import MAX_JWS
from diary.formats.sd_jwt import MAX_SDJWT
from diary.log.receipt import MAX_RECEIPT
from uploader.api.credit_figure import CreditFigure
from uploader.api.transport import Response, check_address
from uploader.errors import NetworkError, Problem, RefusedError

T = TypeVar("T")
MAX_JITTER_S = 300
_MANY = 1_000
#: The last shown time (Unix s): every calendar and time zone can express it.
LATEST_S = 253_370_764_800  # 9999-01-01
_ENDPOINTS = ("token", "devices", "me", "contracts", "beacons", "blobs", "segments")


@dataclass(frozen=True)
class Endpoints:
    """Absolute addresses of the routes, without a trailing slash."""

    token: str
    devices: str
    me: str
    contracts: str
    beacons: str
    blobs: str
    segments: str


@dataclass(frozen=True)
class WellKnown:
    """A marketplace's description. `lapse` is None for one that runs in real time; with
    `direct_uploads` programs may send pictures to its object store.
    """

    aud: str
    origin: str
    vkey: str
    rules: str
    jitter_s: int
    lapse: TimeLapse | None
    endpoints: Endpoints
    direct_uploads: bool = False


@dataclass(frozen=True)
class Grant:
    """The result of a sign-in: the freelancer, and a short session to enrol one device."""

    sub: str
    name: str
    nonce: str
    week0: int
    session: str


@dataclass(frozen=True)
class DeviceResponse:
    """The receipt of an enrolment, and a first beacon."""

    receipt: bytes
    beacon: bytes


@dataclass(frozen=True)
class ServerHead:
    """The last segment of this device on a contract at the marketplace."""

    ctr: str
    seq: int
    h: str


@dataclass(frozen=True)
class UnconfirmedDevice:
    """A newer device of the account for which no earlier one has vouched; enrolled at `since`
    (Unix s).
    """

    kid: str
    name: str
    since: int


@dataclass(frozen=True)
class Me:
    """The account, this device's heads at the marketplace, and the devices that this one may vouch
    for.
    """

    sub: str
    name: str
    kid: str
    device: str
    heads: tuple[ServerHead, ...]
    unvouched: tuple[UnconfirmedDevice, ...] = ()


@dataclass(frozen=True)
class ContractResponse:
    """A contract: `terms` is the tlog-proof that carries them, `upcoming` those of terms that begin
    later; `figure` its credited time.
    """

    ctr: str
    title: str
    client: str
    terms: bytes
    figure: CreditFigure
    upcoming: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class ContractsResponse:
    """The contracts, and the position of the newest review entry; None from a marketplace without
    such a list.
    """

    contracts: tuple[ContractResponse, ...]
    reviews: int | None


@dataclass(frozen=True)
class ServerFinding:
    """A finding of the marketplace's check: its subject, its code, a sentence."""

    subject: str
    code: str
    detail: str


@dataclass(frozen=True)
class SegmentResponse:
    """The receipt of an upload. `created`: the marketplace did not have it before. `head` is the
    head of the segment's chain at the marketplace; None for a statement, or without one. `pending`:
    the segment has not been checked yet. `earlier` are the findings of segments that were pending
    before, by hash.
    """

    receipt: bytes
    findings: tuple[ServerFinding, ...]
    created: bool
    head: ServerHead | None = None
    pending: bool = False
    earlier: Mapping[str, tuple[ServerFinding, ...] | None] = field(default_factory=dict)


@dataclass(frozen=True)
class FindingsResponse:
    """The findings of the account's segments by hash; None for one that has not been checked."""

    segments: Mapping[str, tuple[ServerFinding, ...] | None]


@dataclass(frozen=True)
class StatementRecord:
    """A changed memo or a deletion of the account's segment `segment`. `data` is what a device
    signed, None for a tombstone of the marketplace, whose object is inside its receipt.
    """

    type: str
    segment: str
    data: bytes | None
    receipt: bytes


@dataclass(frozen=True)
class StatementPage:
    """Statements in log order, the enrolments of their signers by kid, and the next position."""

    statements: tuple[StatementRecord, ...]
    signers: Mapping[str, bytes]
    next: int
    more: bool


def read(answer: Response, shape: Callable[[Json], T]) -> T:
    """Parse a response's JSON by its shape. Raises UNEXPECTED_ANSWER."""
    return _shaped(answer.json(), shape)


def _shaped(obj: Json, shape: Callable[[Json], T]) -> T:
    try:
        return shape(obj)
    except DiaryError as error:
        raise NetworkError(Problem.UNEXPECTED_ANSWER, error.detail) from error


def problem(answer: Response, code: Problem = Problem.REFUSED) -> RefusedError:
    """The error of a problem document (RFC 9457). Raises UNEXPECTED_ANSWER for other responses."""
    if "json" not in answer.headers.get("Content-Type", ""):
        raise NetworkError(Problem.UNEXPECTED_ANSWER, f"{answer.status} without a reason")
    obj = answer.json()
    reason, detail = obj.get("code") or obj.get("error"), obj.get("detail", "")
    if not isinstance(reason, str) or not isinstance(detail, str):
        raise NetworkError(Problem.UNEXPECTED_ANSWER, f"{answer.status} without a code")
    short = {"reason": reason[:80], "detail": detail[:500]}
    return RefusedError(
        code, answer.status, _text(short, "reason", 80), _text(short, "detail", 500)
    )


def well_known(obj: Json) -> WellKnown:
    """`/.well-known/workdiary`."""
    json_fields.version(obj)
    log, demo = _object(obj, "log"), obj.get("demo")
    places = _object(obj, "endpoints")
    addresses = {name: json_fields.string(places, name, 2048).rstrip("/") for name in _ENDPOINTS}
    for address in addresses.values():
        check_address(address)
    lapse = None
    if demo is not None:
        if not isinstance(demo, dict):
            raise json_fields.bad("demo")
        lapse = TimeLapse(
            json_fields.integer(demo, "speed", 1, MAX_SPEED),
            json_fields.integer(demo, "origin_ms", SANE_FROM * 1000, SANE_TO * 1000),
        )
    return WellKnown(
        aud=json_fields.matching(obj, "aud", json_fields.AUD),
        origin=json_fields.string(log, "origin", 512),
        vkey=json_fields.string(log, "vkey", 1024),
        rules=json_fields.string(obj, "rules", 32),
        jitter_s=json_fields.integer(obj, "jitter_s", 0, MAX_JITTER_S),
        lapse=lapse,
        endpoints=Endpoints(**addresses),
        direct_uploads=obj.get("direct_uploads") is True,
    )


def grant(obj: Json) -> Grant:
    """The response to a one-time code."""
    return Grant(
        sub=json_fields.matching(obj, "sub", json_fields.ID),
        name=_text(obj, "name", 200),
        nonce=json_fields.string(obj, "nonce", 100),
        week0=json_fields.integer(obj, "week0", 0, LATEST_S),
        session=_token(obj, "session"),
    )


def device(obj: Json) -> DeviceResponse:
    """The response to an enrolment."""
    return DeviceResponse(_proof(obj, "receipt"), _proof(obj, "beacon"))


def token(obj: Json) -> tuple[str, int]:
    """An access token and its life in seconds; it must be bound to the key (RFC 9449 §5)."""
    if json_fields.string(obj, "token_type", 32).lower() != "dpop":
        raise json_fields.bad("token_type")
    return _token(obj, "access_token"), json_fields.integer(obj, "expires_in", 1, 86_400)


def me(obj: Json) -> Me:
    """`/v1/me`."""
    device_obj = _object(obj, "device")
    return Me(
        sub=json_fields.matching(obj, "sub", json_fields.ID),
        name=_text(obj, "name", 200),
        kid=json_fields.b64(device_obj, "kid", 32),
        device=_text(device_obj, "name", 200),
        heads=tuple(_head(head) for head in _objects(obj, "heads")),
        unvouched=tuple(
            UnconfirmedDevice(
                json_fields.b64(other, "kid", 32),
                _text(other, "name", 200),
                json_fields.integer(other, "since", 0, LATEST_S),
            )
            for other in (_objects(obj, "unvouched") if "unvouched" in obj else ())
        ),
    )


def contracts(obj: Json) -> ContractsResponse:
    """`/v1/contracts`."""
    listed = tuple(
        ContractResponse(
            ctr=json_fields.matching(item, "ctr", json_fields.ID),
            title=_text(item, "title", 500),
            client=_text(item, "client", 500),
            terms=_proof(item, "terms"),
            figure=CreditFigure.from_response(item),
            upcoming=_proofs(item, "upcoming") if "upcoming" in item else (),
        )
        for item in _objects(obj, "contracts")
    )
    reviews = json_fields.integer(obj, "reviews", -1) if "reviews" in obj else None
    return ContractsResponse(listed, reviews)


def statements(obj: Json) -> StatementPage:
    """`/v1/statements`."""
    signers = _object(obj, "signers")
    return StatementPage(
        statements=tuple(
            StatementRecord(
                type=json_fields.one_of(item, "type", ("amend", "tombstone")),
                segment=json_fields.b64(item, "segment", 32),
                data=None
                if json_fields.field(item, "data") is None
                else json_fields.string(item, "data", MAX_SDJWT).encode("utf-8", "replace"),
                receipt=_proof(item, "receipt"),
            )
            for item in _objects(obj, "statements")
        ),
        signers={kid: json_fields.string(signers, kid, MAX_JWS).encode() for kid in signers},
        next=json_fields.integer(obj, "next", -1),
        more=json_fields.boolean(obj, "more"),
    )


def log_keys(obj: Json) -> tuple[bytes, ...]:
    """`/log/keys`."""
    return _proofs(obj, "keys")


def findings(obj: Json) -> tuple[ServerFinding, ...]:
    """The list `findings` of an object."""
    return tuple(
        ServerFinding(
            _text(item, "subject", 512),
            _text(item, "code", 64),
            _text(item, "detail", 2000),
        )
        for item in _objects(obj, "findings")
    )


def segment(obj: Json, *, created: bool) -> SegmentResponse:
    """The response to a segment or another statement."""
    head = _object(obj, "head") if obj.get("head") is not None else None
    return SegmentResponse(
        _proof(obj, "receipt"),
        findings(obj),
        created,
        None if head is None else _head(head),
        # Earlier marketplaces check each segment before they answer.
        pending=obj.get("pending") is True,
        earlier=segment_findings(obj, "earlier").segments if "earlier" in obj else {},
    )


def segment_findings(obj: Json, name: str = "segments") -> FindingsResponse:
    """`/v1/findings`, or such a list of another object."""
    return FindingsResponse(
        {
            json_fields.b64(item, "sha", 32): None
            if item.get("pending") is True
            else findings(item)
            for item in _objects(obj, name)
        }
    )


def _head(obj: Json) -> ServerHead:
    return ServerHead(
        json_fields.matching(obj, "ctr", json_fields.ID),
        json_fields.integer(obj, "seq"),
        json_fields.b64(obj, "h", 32),
    )


def _object(obj: Json, name: str) -> Json:
    value: Any = json_fields.field(obj, name)
    if not isinstance(value, dict):
        raise json_fields.bad(name)
    return value


def _objects(obj: Json, name: str) -> list[Json]:
    value: Any = json_fields.field(obj, name)
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise json_fields.bad(name)
    if len(value) > _MANY:
        raise json_fields.bad(name)
    return value


def _text(obj: Json, name: str, longest: int) -> str:
    """A one-line text to show: characters that `diary.core.display` replaces become `?`."""
    return clean(json_fields.string(obj, name, longest)).replace(REPLACEMENT, "?")


def _proof(obj: Json, name: str) -> bytes:
    """A tlog-proof is ASCII except for the dash of its signature lines."""
    return json_fields.string(obj, name, MAX_RECEIPT).encode("utf-8", "replace")


def _proofs(obj: Json, name: str) -> tuple[bytes, ...]:
    return tuple(_proof({name: each}, name) for each in json_fields.array(obj, name, _MANY))


def _token(obj: Json, name: str) -> str:
    """A token that is valid in a header (RFC 6750 §2.1, b64token)."""
    value = json_fields.string(obj, name, 8192)
    if not value or not value.isascii() or not value.isprintable() or " " in value:
        raise json_fields.bad(name)
    return value
