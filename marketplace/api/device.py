"""What an enrolled device does: read its contracts, send pictures and segments."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel
from sqlalchemy import Connection, func, select

from diary.errors import Finding
from diary.times import week_of
from marketplace import people, schema
from marketplace.api.common import BodyIn, CallerIn, DepsIn, HashIn, get_caller
from marketplace.arrival import device as enrolled
from marketplace.config import MAX_BLOB, MAX_SEGMENT
from marketplace.log import receipts
from marketplace.problems import ProblemError, declared
from marketplace.signin import account

router = APIRouter(tags=["device"])

_DPOP: dict[str, Any] = {"security": [{"dpop": []}]}


def _raw(media_type: str, limit: int) -> dict[str, Any]:
    """Declares a body of raw bytes (OpenAPI 3.1)."""
    schema_ = {"type": "string", "contentMediaType": media_type, "maxLength": limit}
    return {
        **_DPOP,
        "requestBody": {"required": True, "content": {media_type: {"schema": schema_}}},
    }


class Head(BaseModel):
    """Where a chain of this device stands: its highest number, and that segment's hash."""

    ctr: str
    seq: int
    h: str


class ThisDevice(BaseModel):
    """The calling device."""

    kid: str
    name: str


class Me(BaseModel):
    """Who is signed in, and where the device's chains stand."""

    sub: str
    name: str
    device: ThisDevice
    heads: list[Head]


class ContractInfo(BaseModel):
    """A contract; `terms` is a tlog-proof that carries the terms in force."""

    ctr: str
    title: str
    client: str
    terms: str
    week_s: int


class Contracts(BaseModel):
    """The freelancer's contracts."""

    contracts: list[ContractInfo]


class FindingOut(BaseModel):
    """One finding of the check (`docs/protocol.md` section 9)."""

    subject: str
    code: str
    detail: str

    @classmethod
    def of(cls, finding: Finding) -> FindingOut:
        """The finding over HTTP."""
        return cls(subject=finding.subject, code=finding.code.value, detail=finding.detail)


class Accepted(BaseModel):
    """The receipt (text of a tlog-proof), and what was found on arrival."""

    receipt: str
    findings: list[FindingOut]


@router.get("/v1/me", responses=declared(401, 404), openapi_extra=_DPOP)
def me(deps: DepsIn, caller: CallerIn) -> Me:
    """Account, device and heads."""
    with deps.store.read() as connection:
        person = account(connection, caller.sub)
        enrolment = enrolled(connection, caller.kid)
        heads = connection.execute(
            select(schema.device_head)
            .where(schema.device_head.c.kid == caller.kid)
            .order_by(schema.device_head.c.ctr)
        ).all()
    if person is None or enrolment is None:
        raise ProblemError(404, "not_found", "This device is not known any more.")
    return Me(
        sub=person.sub,
        name=person.name,
        device=ThisDevice(kid=caller.kid, name=enrolment.name),
        heads=[Head(ctr=row.ctr, seq=row.seq, h=row.hash) for row in heads],
    )


@router.get("/v1/contracts", responses=declared(401), openapi_extra=_DPOP)
def contracts(deps: DepsIn, caller: CallerIn) -> Contracts:
    """The contracts on which the freelancer may work, each with its terms."""
    now = deps.clock.wall_s()
    found = []
    with deps.store.read() as connection:
        for contract in people.contracts_of(connection, caller.sub):
            index = people.terms_index(connection, contract.ctr, now)
            if contract.freelancer != caller.sub or index is None:
                continue
            client = account(connection, contract.client)
            columns = schema.segment.c
            week = connection.execute(
                select(func.coalesce(func.sum(columns.t1 - columns.t0), 0))
                .join(schema.device)
                .where(
                    columns.ctr == contract.ctr,
                    columns.slot >= week_of(now),
                    columns.slot <= now,
                    columns.t1 > columns.t0,
                    columns.t1 <= columns.slot + 600,
                    schema.device.c.sub == contract.freelancer,
                )
            ).scalar()
            found.append(
                ContractInfo(
                    ctr=contract.ctr,
                    title=contract.title,
                    client=client.name if client else "",
                    terms=receipts(connection, [index]).get(index, b"").decode("utf-8"),
                    week_s=int(week or 0),
                )
            )
    return Contracts(contracts=found)


@router.head("/v1/blobs/{sha}", responses=declared(401, 404, 422), openapi_extra=_DPOP)
def has_blob(deps: DepsIn, caller: CallerIn, sha: HashIn) -> Response:
    """Whether the account has sent this picture already."""
    return Response(status_code=200 if _owns(deps, caller.sub, sha) else 404)


@router.put(
    "/v1/blobs/{sha}",
    status_code=201,
    responses={200: {}, **declared(400, 401, 408, 413, 415, 422, 429, 503)},
    openapi_extra=_raw("image/webp", MAX_BLOB),
)
async def put_blob(deps: DepsIn, request: Request, sha: HashIn) -> Response:
    """Send a picture. Its name is its hash, so sending it again changes nothing."""
    caller = await run_in_threadpool(get_caller, request, deps)
    deps.throttle.hit("upload", caller.kid)
    if request.headers.get("content-type") != "image/webp":
        raise ProblemError(415, "blob_type", "A picture has the type image/webp.")
    known = await run_in_threadpool(_owns, deps, caller.sub, sha)
    size = await deps.blobs.receive(sha, request.stream(), MAX_BLOB)
    await run_in_threadpool(_own, deps, caller.sub, sha, size)
    if not known:
        deps.metrics.blob_bytes.inc(size)
    return Response(status_code=200 if known else 201)


@router.put(
    "/v1/segments/{sha}",
    status_code=201,
    responses={200: {"model": Accepted}, **declared(400, 401, 408, 413, 422, 429, 503)},
    openapi_extra=_raw("application/sd-jwt", MAX_SEGMENT),
)
def put_segment(
    deps: DepsIn, caller: CallerIn, response: Response, sha: HashIn, body: BodyIn
) -> Accepted:
    """Send a segment (SD-JWT). It is answered when it is in the log; again, with the same leaf."""
    deps.throttle.hit("upload", caller.kid)
    arrived = deps.arrivals.put(caller.sub, sha, body)
    response.status_code = 201 if arrived.fresh else 200
    if arrived.fresh:
        deps.metrics.segments.inc()
        for finding in arrived.findings:
            deps.metrics.findings.labels(finding.code.value).inc()
    return Accepted(
        receipt=arrived.receipt.decode("utf-8"),
        findings=[FindingOut.of(finding) for finding in arrived.findings],
    )


def _owns(deps: DepsIn, sub: str, sha: str) -> bool:
    columns = schema.blob_owner.c
    query = select(columns.sub).where(columns.sha256 == sha, columns.sub == sub)
    with deps.store.read() as connection:
        known = connection.execute(query).first() is not None
    return known and deps.blobs.path(sha).exists()


def _own(deps: DepsIn, sub: str, sha: str, size: int) -> None:
    blob: dict[str, object] = {
        "sha256": sha,
        "size": size,
        "mime": "image/webp",
        "stored_s": deps.clock.wall_s(),
    }

    def job(connection: Connection) -> None:
        schema.insert(connection, schema.blob, [blob])
        schema.insert(connection, schema.blob_owner, [{"sha256": sha, "sub": sub}])

    deps.store.write(job).result()
    deps.arrivals.blob_arrived(sha)
