"""The API of an enrolled device: its state, its contracts, uploads of pictures and segments."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, Field
from sqlalchemy import Connection

from diary.core.day_bounds import LONGEST_DAY
from diary.core.findings import DiaryError
from diary.core.slots import DAY, WEEK, day_of, week_of
from diary.formats.encoding import MAX_INT
from diary.log.receipt import MAX_RECEIPT
from diary.verification.credit import Totals
from marketplace.accounts.model import account
from marketplace.api.dependencies import BodyIn, CallerIn, HashIn, ServicesIn, calling_device
from marketplace.contracts import queries
from marketplace.core.config import MAX_BLOB
from marketplace.core.problems import ProblemError, declared
from marketplace.devices import registry
from marketplace.log.beacons import store_returned
from marketplace.log.log import receipts
from marketplace.records import credited_totals, quota, review_entries
from marketplace.records.chain_heads import ChainHead, chain_heads
from marketplace.storage.blobs import StoredBlob

router = APIRouter(tags=["device"])

_DPOP: dict[str, Any] = {"security": [{"dpop": []}]}


def raw(media_type: str, limit: int) -> dict[str, Any]:
    """`openapi_extra=` of a route whose body is raw bytes of a media type (OpenAPI 3.1)."""
    schema_ = {"type": "string", "contentMediaType": media_type, "maxLength": limit}
    return {
        **_DPOP,
        "requestBody": {"required": True, "content": {media_type: {"schema": schema_}}},
    }


def require_type(request: Request, media_type: str) -> None:
    """Raise the problem `body_type` (415) unless the request has this Content-Type."""
    if request.headers.get("content-type") != media_type:
        raise ProblemError("body_type", f"The body must have the type {media_type}.")


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
    """The freelancer's contracts. `reviews` is the position of the newest entry of
    `GET /v1/reviews`, -1 without any.
    """

    contracts: list[ContractOut]
    reviews: int


@router.get("/v1/me", responses=declared(401, 404, 429), openapi_extra=_DPOP)
async def me(services: ServicesIn, caller: CallerIn) -> MeOut:
    """The signed-in account, device and chain heads."""
    # One change of threads: the framework would make another one for the answer of a `def`.
    return await run_in_threadpool(_me, services, caller)


def _me(services: ServicesIn, caller: CallerIn) -> MeOut:
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
        newest = review_entries.newest_of_account(connection, caller.sub, now)
    return Contracts(contracts=found, reviews=newest)


def _day(begin: int | None, end: int | None, now: int) -> tuple[int, int]:
    """The day for which a device asks. Raises ProblemError."""
    if begin is None and end is None:
        return day_of(now), day_of(now) + DAY
    if begin is None or end is None or not begin < end <= begin + LONGEST_DAY:
        raise ProblemError("invalid_request", "Give the begin and the end of a day.")
    return begin, end


@router.head(
    "/v1/blobs/{sha}",
    response_class=Response,
    responses=declared(401, 404, 422, 429, 503),
    openapi_extra=_DPOP,
)
def has_blob(services: ServicesIn, caller: CallerIn, sha: HashIn) -> Response:
    """Whether the account has sent this picture."""
    if not _owns(services, caller.sub, sha):
        raise ProblemError("not_found", "This account has sent no such picture.")
    return Response()


@router.put(
    "/v1/blobs/{sha}",
    status_code=201,
    response_class=Response,
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
    caller = await calling_device(request, services)
    prepared = partial(_prepared, services, request, caller.sub, sha, workdiary_shot_at)
    with contextlib.ExitStack() as stack:
        # Before the body is read, so that an upload over a limit is not received.
        known = await run_in_threadpool(prepared, stack)
        keep = partial(_keep, services, caller.sub, sha)
        stored = await services.blobs.receive(sha, request.stream(), MAX_BLOB, keep)
    if not known:
        services.metrics.blob_bytes.inc(stored.size)
    return Response(status_code=200 if known else 201)


@router.post(
    "/v1/beacons",
    status_code=201,
    response_class=Response,
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
    require_type(request, "text/plain")
    try:
        job = partial(store_returned, file=body, verifiers=services.log.verifiers)
        fresh = services.store.write(job).result()
    except DiaryError as error:
        raise ProblemError(error.code.value, f"Not stored: {error.detail}.") from error
    return Response(status_code=201 if fresh else 200)


def _prepared(
    services: ServicesIn,
    request: Request,
    sub: str,
    sha: str,
    at_ms: int | None,
    stack: contextlib.ExitStack,
) -> bool:
    """Whether the account has sent a picture before. Its room is reserved until `stack` closes."""
    with services.store.read() as connection:
        services.erased.check(connection, sub, sha, at_ms)
    if request.headers.get("content-type") != "image/webp":
        raise ProblemError("blob_type", "A picture has the type image/webp.")
    known = _owns(services, sub, sha)
    length = request.headers.get("content-length", "")
    size = int(length) if length.isdigit() else MAX_BLOB
    stack.enter_context(services.quota.reserve(sub, sha, size))
    return known


def _owns(services: ServicesIn, sub: str, sha: str) -> bool:
    with services.store.read() as connection:
        return quota.is_owner(connection, sub, sha) and services.blobs.has(sha)


def _keep(
    services: ServicesIn, sub: str, sha: str, store: Callable[[], None], stored: StoredBlob
) -> None:
    now_s = services.clock.wall_s()
    locks = services.store.picture_locks

    def job(connection: Connection) -> None:
        locks.require(connection, sha)
        quota.add_blob(connection, sub, sha, stored, now_s)
        if services.config.shared:
            services.quota.require_room(connection, sub, sha)

    with locks.hold(sha):
        store()
        services.store.write(job).result()
    services.checks.blob_arrived(sha)
