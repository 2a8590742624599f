"""The public API: the well-known document, beacons, and the state of the service."""

from __future__ import annotations

from hmac import compare_digest
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel

from diary.core.slots import SLOT
from diary.formats.encoding import MAX_INT
from marketplace.api.dependencies import ServicesIn
from marketplace.core.config import RULES
from marketplace.core.metrics import CONTENT_TYPE_LATEST
from marketplace.core.problems import ProblemError, declared
from marketplace.devices.authorization import SCOPE
from marketplace.log import beacons, shards

router = APIRouter(tags=["public"])

_IMMUTABLE = {"Cache-Control": "public, max-age=31536000, immutable"}
_TEXT: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/plain": {"schema": {"type": "string"}}}}
}


class LogInfo(BaseModel):
    """Name and verification key (C2SP signed-note) of the log's newest shard."""

    origin: str
    vkey: str


class Demo(BaseModel):
    """The clock of a demo: demo = origin_ms + (real - origin_ms) * speed."""

    speed: int
    origin_ms: int


class EndpointsOut(BaseModel):
    """The absolute addresses of the API."""

    token: str
    enrolments: str
    devices: str
    me: str
    contracts: str
    beacons: str
    blobs: str
    segments: str
    vouches: str
    retires: str
    amends: str
    tombstones: str
    diary: str


class WellKnownOut(BaseModel):
    """The description of this marketplace for clients."""

    v: int
    aud: str
    log: LogInfo
    rules: str
    jitter_s: int
    demo: Demo | None
    direct_uploads: bool
    endpoints: EndpointsOut


@router.get("/.well-known/workdiary")
def well_known(services: ServicesIn) -> WellKnownOut:
    """Names, keys and addresses of this marketplace."""
    base = services.config.base_url
    lapse = services.clock.lapse
    with services.store.read() as connection:
        newest = shards.newest(connection)
    return WellKnownOut(
        v=1,
        aud=services.config.name,
        log=LogInfo(origin=newest.origin, vkey=newest.vkey),
        rules=RULES,
        jitter_s=services.config.jitter_s,
        demo=None if lapse is None else Demo(speed=lapse.speed, origin_ms=lapse.origin_ms),
        direct_uploads=services.uploads is not None,
        endpoints=EndpointsOut(
            token=f"{base}/oauth/token",
            enrolments=f"{base}/v1/enrolments",
            devices=f"{base}/v1/devices",
            me=f"{base}/v1/me",
            contracts=f"{base}/v1/contracts",
            beacons=f"{base}/v1/beacons",
            blobs=f"{base}/v1/blobs",
            segments=f"{base}/v1/segments",
            vouches=f"{base}/v1/vouches",
            retires=f"{base}/v1/retires",
            amends=f"{base}/v1/amends",
            tombstones=f"{base}/v1/tombstones",
            diary=f"{base}/v1/diary",
        ),
    )


class AuthorizationServerOut(BaseModel):
    """The metadata of an OAuth 2.0 authorization server (RFC 8414, RFC 9207, RFC 9449)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    scopes_supported: list[str] = [SCOPE]
    response_types_supported: list[str] = ["code"]
    response_modes_supported: list[str] = ["query"]
    grant_types_supported: list[str] = ["authorization_code", "client_credentials"]
    code_challenge_methods_supported: list[str] = ["S256"]
    token_endpoint_auth_methods_supported: list[str] = ["none", "private_key_jwt"]
    token_endpoint_auth_signing_alg_values_supported: list[str] = ["ES256"]
    dpop_signing_alg_values_supported: list[str] = ["ES256"]
    authorization_response_iss_parameter_supported: bool = True


@router.get("/.well-known/oauth-authorization-server")
def authorization_server(services: ServicesIn) -> AuthorizationServerOut:
    """The metadata for a program's sign-in in the browser (RFC 8414)."""
    base = services.config.base_url
    return AuthorizationServerOut(
        issuer=base,
        authorization_endpoint=f"{base}/oauth/authorize",
        token_endpoint=f"{base}/oauth/token",
    )


@router.get("/v1/beacons/current", response_class=Response, responses={**_TEXT, **declared(404)})
def current_beacon(services: ServicesIn) -> Response:
    """The newest beacon as a tlog-proof; from a minute before its slot on."""
    with services.store.read() as connection:
        return _proof(beacons.newest(connection), "beacon_unknown", "There is no beacon yet.")


@router.get(
    "/v1/beacons/{slot}", response_class=Response, responses={**_TEXT, **declared(404, 422)}
)
def slot_beacon(
    services: ServicesIn, slot: Annotated[int, Path(ge=0, le=MAX_INT, multiple_of=SLOT)]
) -> Response:
    """The beacon of a slot (Unix seconds) as a tlog-proof; it never changes."""
    with services.store.read() as connection:
        file = beacons.of_slot(connection, slot)
    return _proof(file, "beacon_unknown", "This slot has no beacon.", _IMMUTABLE)


@router.get("/healthz", response_class=Response, responses=_TEXT)
async def health() -> Response:
    """Whether the process responds, even while every worker thread waits for the disk."""
    return Response("ok\n", media_type="text/plain")


@router.get("/readyz", response_class=Response, responses={**_TEXT, **declared(503)})
def ready(services: ServicesIn) -> Response:
    """Whether the database can be read and written. Of processes that share a database, one is the
    leader, which runs the work in the background, and the others are followers.
    """
    services.store.probe(timeout_s=5)
    role = ""
    if services.lease is not None:
        role = "role: leader\n" if services.lease.held else "role: follower\n"
    return Response(f"ready\n{role}", media_type="text/plain")


@router.get(
    "/metrics",
    response_class=Response,
    responses={**_TEXT, **declared(401, 404)},
    openapi_extra={"security": [{"operator": []}]},
)
def metrics(services: ServicesIn, request: Request) -> Response:
    """Metrics for Prometheus; requires the operator's token."""
    token = services.config.metrics_token
    given = request.headers.get("authorization", "").encode()
    if token is None:
        raise ProblemError("not_found", "There is nothing at this address.")
    if not compare_digest(given, f"Bearer {token}".encode()):
        raise ProblemError(
            "token_invalid",
            "This is not the operator's token.",
            headers={"WWW-Authenticate": "Bearer"},
        )
    return Response(services.metrics.text(), media_type=CONTENT_TYPE_LATEST)


def _proof(
    data: bytes | None, code: str, detail: str, headers: dict[str, str] | None = None
) -> Response:
    if data is None:
        raise ProblemError(code, detail)
    return Response(data, media_type="text/plain; charset=utf-8", headers=headers)
