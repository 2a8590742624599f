"""What an enrolled device does: read its contracts, send pictures and segments."""

from __future__ import annotations

import contextlib
from dataclasses import asdict
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, Field
from sqlalchemy import Connection, select

from diary.core.findings import DiaryError, Finding
from diary.core.slots import day_of, week_of
from diary.formats.encoding import MAX_INT
from diary.formats.sd_jwt import remove_disclosures
from diary.log.receipt import MAX_RECEIPT
from diary.objects.segment import SealedSegment
from diary.verification.credit import Totals
from marketplace.accounts.model import account
from marketplace.api.dependencies import BodyIn, CallerIn, DepsIn, HashIn, get_caller
from marketplace.contracts import queries
from marketplace.core.config import MAX_BLOB, MAX_SEGMENT
from marketplace.core.problems import ProblemError, declared
from marketplace.devices import registry
from marketplace.log.beacons import take_back
from marketplace.log.log import receipts
from marketplace.records import credited_totals, quota
from marketplace.records.statements import deleted_digests, deletions
from marketplace.storage import schema
from marketplace.storage.blobs import StoredBlob

router = APIRouter(tags=["device"])

#: A sum of parts received, 0 to 63 (`diary.objects.received_parts`).
PARTS = "^([0-9]|[1-5][0-9]|6[0-3])$"
_DPOP: dict[str, Any] = {"security": [{"dpop": []}]}


def raw(media_type: str, limit: int) -> dict[str, Any]:
    """`openapi_extra=` of a route that takes raw bytes (OpenAPI 3.1)."""
    schema_ = {"type": "string", "contentMediaType": media_type, "maxLength": limit}
    return {
        **_DPOP,
        "requestBody": {"required": True, "content": {media_type: {"schema": schema_}}},
    }


class HeadOut(BaseModel):
    """Where a chain of this device stands: its highest number, and that segment's hash."""

    ctr: str
    seq: int
    h: str


class ThisDevice(BaseModel):
    """The calling device. `vouched` is also true of the account's first one."""

    kid: str
    name: str
    vouched: bool
    retired: bool
    revoked: bool


class Unvouched(BaseModel):
    """A newer device of the account that the calling one may vouch for; enrolled at `since`."""

    kid: str
    name: str
    since: int


class MeOut(BaseModel):
    """Who is signed in, where the device's chains stand, which devices wait to be vouched for."""

    sub: str
    name: str
    device: ThisDevice
    heads: list[HeadOut]
    unvouched: list[Unvouched]


class Sums(BaseModel):
    """What the time of a contract in a day or week (UTC) that begins at `begin` comes to, in whole
    seconds, over all devices (`docs/protocol.md` section 5.2).
    """

    begin: int = Field(serialization_alias="from")
    tracked: int
    kept: int
    manual: int
    payable: int
    unpaid: int
    given_back: int
    overlap: int
    over_limit: int

    @classmethod
    def of(cls, begin: int, sums: Totals) -> Sums:
        """The sums over HTTP."""
        return cls(begin=begin, **asdict(sums))


class Counted(BaseModel):
    """Segments of one device and epoch that are in the sums of a week: all numbers from `first` to
    `last`; whether their time was given back.
    """

    kid: str
    epoch: int
    first: int
    last: int
    given_back: bool


class ContractOut(BaseModel):
    """A contract; `terms` is a tlog-proof that carries the terms in force, `upcoming` those of
    terms that begin later; `day` and `week` are those of now, `counted` what is in the week's sums.
    """

    ctr: str
    title: str
    client: str
    terms: str
    upcoming: list[str]
    day: Sums
    week: Sums
    counted: list[Counted]


class Contracts(BaseModel):
    """The freelancer's contracts."""

    contracts: list[ContractOut]


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


class AcceptedSegment(Accepted):
    """The same of a segment, with the head of its device's chain in its contract."""

    head: HeadOut | None


@router.get("/v1/me", responses=declared(401, 404, 429), openapi_extra=_DPOP)
def me(deps: DepsIn, caller: CallerIn) -> MeOut:
    """Account, device and heads."""
    with deps.store.read() as connection:
        person = account(connection, caller.sub)
        known = {state.kid: state for state in registry.states(connection, caller.sub)}
        heads = connection.execute(
            select(schema.device_head)
            .where(schema.device_head.c.kid == caller.kid)
            .order_by(schema.device_head.c.ctr)
        ).all()
    this = known.pop(caller.kid, None)
    if person is None or this is None:
        raise ProblemError("not_found", "This device is not known any more.")
    return MeOut(
        sub=person.sub,
        name=person.name,
        device=ThisDevice(
            kid=this.kid,
            name=this.name,
            vouched=this.vouched,
            retired=this.retired_s is not None,
            revoked=this.revoked_s is not None,
        ),
        heads=[HeadOut(ctr=row.ctr, seq=row.seq, h=row.hash) for row in heads],
        unvouched=[
            Unvouched(kid=other.kid, name=other.name, since=other.since_s)
            for other in known.values()
            if this.vouched and not other.vouched and other.in_use
        ],
    )


@router.get("/v1/contracts", responses=declared(401, 429), openapi_extra=_DPOP)
def contracts(deps: DepsIn, caller: CallerIn) -> Contracts:
    """The contracts on which the freelancer may work, each with its terms."""
    now = deps.clock.wall_s()
    found = []
    with deps.store.read() as connection:
        for contract in queries.contracts_of(connection, caller.sub):
            index = queries.terms_index(connection, contract.ctr, now)
            if contract.freelancer != caller.sub or index is None:
                continue
            client = account(connection, contract.client)
            later = [n for n in queries.upcoming(connection, contract.ctr, now) if n != index]
            proofs = receipts(connection, [index, *later])
            day, week = day_of(now), week_of(now)
            runs = credited_totals.counted(connection, caller.sub, contract.ctr, week, caller.kid)
            found.append(
                ContractOut(
                    ctr=contract.ctr,
                    title=contract.title,
                    client=client.name if client else "",
                    terms=proofs.get(index, b"").decode("utf-8"),
                    upcoming=[proofs[n].decode("utf-8") for n in later if n in proofs],
                    day=Sums.of(day, credited_totals.day(connection, contract.ctr, day)),
                    week=Sums.of(week, credited_totals.week(connection, contract.ctr, week)),
                    counted=[Counted(**asdict(run)) for run in runs],
                )
            )
    return Contracts(contracts=found)


@router.head("/v1/blobs/{sha}", responses=declared(401, 404, 422, 429), openapi_extra=_DPOP)
def has_blob(deps: DepsIn, caller: CallerIn, sha: HashIn) -> Response:
    """Whether the account has sent this picture already."""
    return Response(status_code=200 if _owns(deps, caller.sub, sha) else 404)


@router.put(
    "/v1/blobs/{sha}",
    status_code=201,
    responses={200: {}, **declared(400, 401, 408, 410, 413, 415, 422, 429, 503, 507)},
    openapi_extra=raw("image/webp", MAX_BLOB),
)
async def put_blob(
    deps: DepsIn,
    request: Request,
    sha: HashIn,
    workdiary_shot_at: Annotated[int | None, Header(ge=0, le=MAX_INT)] = None,
) -> Response:
    """Send a picture. Its name is its hash, so sending it again changes nothing.

    `Workdiary-Shot-At` is when it was taken (Unix ms).
    """
    caller = await run_in_threadpool(get_caller, request, deps)
    await run_in_threadpool(_not_erased, deps, caller.sub, sha, workdiary_shot_at)
    if request.headers.get("content-type") != "image/webp":
        raise ProblemError("blob_type")
    known = await run_in_threadpool(_owns, deps, caller.sub, sha)
    length = request.headers.get("content-length", "")
    size = int(length) if length.isdigit() else MAX_BLOB
    with contextlib.ExitStack() as stack:
        # Before the body is read: what has no room is not even received.
        await run_in_threadpool(stack.enter_context, deps.quota.room(caller.sub, sha, size))
        stored = await deps.blobs.receive(sha, request.stream(), MAX_BLOB)
        await run_in_threadpool(_own, deps, caller.sub, sha, stored)
    if not known:
        deps.metrics.blob_bytes.inc(stored.size)
    return Response(status_code=200 if known else 201)


@router.post(
    "/v1/beacons",
    status_code=201,
    responses={200: {}, **declared(401, 408, 413, 415, 422, 429, 503)},
    openapi_extra=raw("text/plain", MAX_RECEIPT),
)
def return_beacon(
    deps: DepsIn,
    caller: CallerIn,  # noqa: ARG001 - only a device may
    request: Request,
    body: BodyIn,
) -> Response:
    """Hand back a beacon's file that a restored backup does not hold; its receipt proves it."""
    if request.headers.get("content-type") != "text/plain":
        raise ProblemError("body_type", "What is sent here has the type text/plain.")
    try:
        job = partial(take_back, file=body, verifiers=deps.log.verifiers)
        fresh = deps.store.write(job).result()
    except DiaryError as error:
        raise ProblemError(error.code.value, f"Not stored: {error.detail}.") from error
    return Response(status_code=201 if fresh else 200)


@router.put(
    "/v1/segments/{sha}",
    status_code=201,
    responses={
        200: {"model": AcceptedSegment},
        **declared(400, 401, 408, 412, 413, 422, 429, 503, 507),
    },
    openapi_extra=raw("application/sd-jwt", MAX_SEGMENT),
)
def put_segment(
    deps: DepsIn,
    caller: CallerIn,
    response: Response,
    sha: HashIn,
    body: BodyIn,
    workdiary_parts: Annotated[str, Header(pattern=PARTS)] = "0",
) -> AcceptedSegment:
    """Send a segment (SD-JWT). It is answered when it is in the log; again, with the same leaf.

    `Workdiary-Parts` is the sum of the parts that the marketplace must hold by now.
    """

    def admit(sealed: SealedSegment) -> None:
        body = sealed.segment
        deps.throttle.hit("slot", f"{sealed.kid} {body.ctr} {body.slot}")

    arrived = deps.arrivals.put(caller.sub, sha, body, int(workdiary_parts), admit)
    response.status_code = 201 if arrived.fresh else 200
    if arrived.fresh:
        deps.metrics.segments.inc()
        for finding in arrived.findings:
            deps.metrics.findings.labels(finding.code.value).inc()
    head = arrived.head
    return AcceptedSegment(
        receipt=arrived.receipt.decode("utf-8"),
        findings=[FindingOut.of(finding) for finding in arrived.findings],
        head=None if head is None else HeadOut(ctr=head.ctr, seq=head.seq, h=head.hash),
    )


@router.get(
    "/v1/segments/{sha}",
    response_class=Response,
    responses={
        200: {"content": {"application/sd-jwt": {"schema": {"type": "string"}}}},
        **declared(401, 404, 422, 429),
    },
    openapi_extra=_DPOP,
)
def get_segment(deps: DepsIn, caller: CallerIn, sha: HashIn) -> Response:
    """A segment of the account as it is shown now: without what was deleted of it."""
    columns = schema.segment.c
    query = (
        select(columns.data)
        .join(schema.device, schema.device.c.kid == columns.kid)
        .where(columns.hash == sha, schema.device.c.sub == caller.sub)
    )
    with deps.store.read() as connection:
        data = connection.execute(query).scalar()
        if data is None:
            raise ProblemError("not_found", "This account has sent no such segment.")
        gone = deletions(connection, deps.config.name, [sha]).get(sha, ())
    shown = remove_disclosures(data, deleted_digests(gone))
    return Response(shown, media_type="application/sd-jwt")


def _not_erased(deps: DepsIn, sub: str, sha: str, at_ms: int | None) -> None:
    with deps.store.read() as connection:
        deps.erased.check(connection, sub, sha, at_ms)


def _owns(deps: DepsIn, sub: str, sha: str) -> bool:
    columns = schema.blob_owner.c
    query = select(columns.sub).where(columns.sha256 == sha, columns.sub == sub)
    with deps.store.read() as connection:
        known = connection.execute(query).first() is not None
    return known and deps.blobs.path(sha).exists()


def _own(deps: DepsIn, sub: str, sha: str, stored: StoredBlob) -> None:
    now_s = deps.clock.wall_s()

    def job(connection: Connection) -> None:
        quota.take(connection, sub, sha, stored, now_s)

    deps.store.write(job).result()
    deps.arrivals.blob_arrived(sha)
