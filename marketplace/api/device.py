"""The API of an enrolled device: its state, its contracts, uploads of pictures and segments."""

from __future__ import annotations

import contextlib
from dataclasses import asdict
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, Field
from sqlalchemy import Connection

from diary.core.day_bounds import LONGEST_DAY
from diary.core.findings import DiaryError, Finding
from diary.core.slots import DAY, WEEK, day_of, week_of
from diary.formats.encoding import MAX_INT
from diary.log.receipt import MAX_RECEIPT
from diary.objects.segment import SealedSegment
from diary.verification.credit import Totals
from marketplace.accounts.model import account
from marketplace.api.dependencies import BodyIn, CallerIn, HashIn, ServicesIn, get_caller
from marketplace.contracts import queries
from marketplace.core.config import MAX_BLOB, MAX_SEGMENT
from marketplace.core.problems import ProblemError, declared
from marketplace.devices import registry
from marketplace.log.beacons import store_returned
from marketplace.log.log import receipts
from marketplace.records import credited_totals, quota
from marketplace.records.chain_heads import ChainHead, chain_heads
from marketplace.records.statements import segment_of_account
from marketplace.storage.blobs import StoredBlob

router = APIRouter(tags=["device"])

#: A mask of received parts, 0 to 63 (`diary.objects.received_parts`).
PARTS = "^([0-9]|[1-5][0-9]|6[0-3])$"
_DPOP: dict[str, Any] = {"security": [{"dpop": []}]}


def raw(media_type: str, limit: int) -> dict[str, Any]:
    """`openapi_extra=` of a route whose body is raw bytes of a media type (OpenAPI 3.1)."""
    schema_ = {"type": "string", "contentMediaType": media_type, "maxLength": limit}
    return {
        **_DPOP,
        "requestBody": {"required": True, "content": {media_type: {"schema": schema_}}},
    }


class HeadOut(BaseModel):
    """The head of a chain of this device: its highest number, and the hash of that segment."""

    ctr: str
    seq: int
    h: str

    @classmethod
    def of(cls, head: ChainHead) -> HeadOut:
        """The head over HTTP."""
        return cls(ctr=head.ctr, seq=head.seq, h=head.hash)


class ThisDevice(BaseModel):
    """The calling device. `vouched` is also true for the account's first device."""

    kid: str
    name: str
    vouched: bool
    retired: bool
    revoked: bool


class Unvouched(BaseModel):
    """A newer device of the account that the calling one may vouch for; enrolled at `since`
    (Unix s).
    """

    kid: str
    name: str
    since: int


class MeOut(BaseModel):
    """The account, the calling device, the heads of its chains, and the unconfirmed devices."""

    sub: str
    name: str
    device: ThisDevice
    heads: list[HeadOut]
    unvouched: list[Unvouched]


class Sums(BaseModel):
    """The credited time of a contract in the day or week that begins at `begin`, in whole seconds
    over all devices (`docs/protocol.md` section 5.2).
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
    """The segments `first` to `last` of one device and epoch that are in the sums of a week;
    `given_back` is true if their time was deleted.
    """

    kid: str
    epoch: int
    first: int
    last: int
    given_back: bool


class ContractOut(BaseModel):
    """A contract. `terms` is the tlog-proof of the terms in force, `upcoming` those of later terms;
    `day` and `week` are the current sums, `counted` the segments in the sums of the week and of
    its part of the day before.
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
    """The receipt (text of a tlog-proof) and the findings on arrival."""

    receipt: str
    findings: list[FindingOut]


class AcceptedSegment(Accepted):
    """The result for a segment, with the head of its device's chain in its contract."""

    head: HeadOut | None


@router.get("/v1/me", responses=declared(401, 404, 429), openapi_extra=_DPOP)
def me(services: ServicesIn, caller: CallerIn) -> MeOut:
    """The signed-in account, device and chain heads."""
    with services.store.read() as connection:
        person = account(connection, caller.sub)
        known = {state.kid: state for state in registry.states(connection, caller.sub)}
        heads = chain_heads(connection, caller.kid)
    this = known.pop(caller.kid, None)
    if person is None or this is None:
        raise ProblemError("not_found", "This device is no longer known.")
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
        heads=[HeadOut.of(head) for head in heads],
        unvouched=[
            Unvouched(kid=other.kid, name=other.name, since=other.since_s)
            for other in known.values()
            if this.vouched and not other.vouched and other.in_use
        ],
    )


@router.get("/v1/contracts", responses=declared(401, 422, 429), openapi_extra=_DPOP)
def contracts(
    services: ServicesIn,
    caller: CallerIn,
    day_from: Annotated[int | None, Query(ge=0, le=MAX_INT)] = None,
    day_to: Annotated[int | None, Query(ge=0, le=MAX_INT)] = None,
) -> Contracts:
    """The freelancer's contracts, each with its terms and sums; `day` sums the slots that begin in
    [`day_from`, `day_to`), the present day of the device's time zone, by default the UTC day.
    """
    now = services.clock.wall_s()
    week = week_of(now)
    begin, end = _day(day_from, day_to, now)
    found = []
    with services.store.read() as connection:
        sums = credited_totals.of_day(connection, caller.sub, begin, end)
        for contract in queries.contracts_of(connection, caller.sub):
            index = queries.terms_index(connection, contract.ctr, now)
            if contract.freelancer != caller.sub or index is None:
                continue
            client = account(connection, contract.client)
            later = [n for n in queries.upcoming(connection, contract.ctr, now) if n != index]
            proofs = receipts(connection, [index, *later])
            runs = credited_totals.counted(
                connection, caller.sub, contract.ctr, min(begin, week), week + WEEK, caller.kid
            )
            found.append(
                ContractOut(
                    ctr=contract.ctr,
                    title=contract.title,
                    client=client.name if client else "",
                    terms=proofs.get(index, b"").decode("utf-8"),
                    upcoming=[proofs[n].decode("utf-8") for n in later if n in proofs],
                    day=Sums.of(begin, sums.get(contract.ctr, credited_totals.NO_TIME)),
                    week=Sums.of(week, credited_totals.week(connection, contract.ctr, week)),
                    counted=[Counted(**asdict(run)) for run in runs],
                )
            )
    return Contracts(contracts=found)


def _day(begin: int | None, end: int | None, now: int) -> tuple[int, int]:
    """The day for which a device asks. Raises ProblemError."""
    if begin is None and end is None:
        return day_of(now), day_of(now) + DAY
    if begin is None or end is None or not begin < end <= begin + LONGEST_DAY:
        raise ProblemError("invalid_request", "Give the begin and the end of a day.")
    return begin, end


@router.head("/v1/blobs/{sha}", responses=declared(401, 404, 422, 429), openapi_extra=_DPOP)
def has_blob(services: ServicesIn, caller: CallerIn, sha: HashIn) -> Response:
    """Whether the account has sent this picture."""
    return Response(status_code=200 if _owns(services, caller.sub, sha) else 404)


@router.put(
    "/v1/blobs/{sha}",
    status_code=201,
    responses={200: {}, **declared(400, 401, 408, 410, 413, 415, 422, 429, 503, 507)},
    openapi_extra=raw("image/webp", MAX_BLOB),
)
async def put_blob(
    services: ServicesIn,
    request: Request,
    sha: HashIn,
    workdiary_shot_at: Annotated[int | None, Header(ge=0, le=MAX_INT)] = None,
) -> Response:
    """Send a picture. Its name is its hash, so repeating the request changes nothing.

    `Workdiary-Shot-At` is its capture time (Unix ms).
    """
    caller = await run_in_threadpool(get_caller, request, services)
    await run_in_threadpool(_not_erased, services, caller.sub, sha, workdiary_shot_at)
    if request.headers.get("content-type") != "image/webp":
        raise ProblemError("blob_type", "A picture has the type image/webp.")
    known = await run_in_threadpool(_owns, services, caller.sub, sha)
    length = request.headers.get("content-length", "")
    size = int(length) if length.isdigit() else MAX_BLOB
    with contextlib.ExitStack() as stack:
        # Reserved before the body is read, so that an upload over the limit is not received.
        await run_in_threadpool(stack.enter_context, services.quota.reserve(caller.sub, sha, size))
        stored = await services.blobs.receive(sha, request.stream(), MAX_BLOB)
        await run_in_threadpool(_own, services, caller.sub, sha, stored)
    if not known:
        services.metrics.blob_bytes.inc(stored.size)
    return Response(status_code=200 if known else 201)


@router.post(
    "/v1/beacons",
    status_code=201,
    responses={200: {}, **declared(401, 408, 413, 415, 422, 429, 503)},
    openapi_extra=raw("text/plain", MAX_RECEIPT),
)
def return_beacon(
    services: ServicesIn,
    caller: CallerIn,  # noqa: ARG001 - requires a signed-in device
    request: Request,
    body: BodyIn,
) -> Response:
    """Return a beacon file that the marketplace lost with a restored backup."""
    if request.headers.get("content-type") != "text/plain":
        raise ProblemError("body_type", "The body must have the type text/plain.")
    try:
        job = partial(store_returned, file=body, verifiers=services.log.verifiers)
        fresh = services.store.write(job).result()
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
    services: ServicesIn,
    caller: CallerIn,
    response: Response,
    sha: HashIn,
    body: BodyIn,
    workdiary_parts: Annotated[str, Header(pattern=PARTS)] = "0",
) -> AcceptedSegment:
    """Send a segment (SD-JWT). The response follows once the log contains it; a repetition gets the
    same leaf.

    `Workdiary-Parts` is the mask of the parts that the marketplace must hold by then.
    """

    def admit(sealed: SealedSegment) -> None:
        body = sealed.segment
        services.throttle.hit("slot", f"{sealed.kid} {body.ctr} {body.slot}")

    result = services.segments.put(caller.sub, sha, body, int(workdiary_parts), admit)
    response.status_code = 201 if result.fresh else 200
    if result.fresh:
        services.metrics.segments.inc()
        for finding in result.findings:
            services.metrics.findings.labels(finding.code.value).inc()
    head = result.head
    return AcceptedSegment(
        receipt=result.receipt.decode("utf-8"),
        findings=[FindingOut.of(finding) for finding in result.findings],
        head=None if head is None else HeadOut.of(head),
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
def get_segment(services: ServicesIn, caller: CallerIn, sha: HashIn) -> Response:
    """A segment of the account without its deleted parts."""
    with services.store.read() as connection:
        data = segment_of_account(connection, services.config.name, caller.sub, sha)
    if data is None:
        raise ProblemError("not_found", "This account has sent no such segment.")
    return Response(data, media_type="application/sd-jwt")


def _not_erased(services: ServicesIn, sub: str, sha: str, at_ms: int | None) -> None:
    with services.store.read() as connection:
        services.erased.check(connection, sub, sha, at_ms)


def _owns(services: ServicesIn, sub: str, sha: str) -> bool:
    with services.store.read() as connection:
        return quota.is_owner(connection, sub, sha) and services.blobs.path(sha).exists()


def _own(services: ServicesIn, sub: str, sha: str, stored: StoredBlob) -> None:
    now_s = services.clock.wall_s()

    def job(connection: Connection) -> None:
        quota.add_blob(connection, sub, sha, stored, now_s)

    services.store.write(job).result()
    services.segments.blob_arrived(sha)
