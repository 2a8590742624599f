"""Statements of devices: vouches, retirements, changed memos and deletions; their list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from diary.formats.encoding import MAX_INT
from diary.formats.jws import MAX_JWS
from marketplace.api.dependencies import BodyIn, CallerIn, ServicesIn
from marketplace.api.device import Accepted, FindingOut, raw
from marketplace.core.config import MAX_SEGMENT
from marketplace.core.problems import ProblemError, declared
from marketplace.devices.access_tokens import Caller
from marketplace.ingest.result import IngestResult
from marketplace.log.log import receipts
from marketplace.records.statements import statements_of_account

router = APIRouter(tags=["device"])

#: Statements in one response at most.
PAGE = 100

_SD_JWT, _JOSE = "application/sd-jwt", "application/jose"
_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"model": Accepted},
    **declared(401, 408, 409, 413, 415, 422, 429, 503),
}


class StatementOut(BaseModel):
    """A changed memo or a deletion. `data` is the signed statement without its erased parts, null
    for a tombstone of the marketplace, whose object is in its receipt.
    """

    type: str
    segment: str
    kid: str | None
    data: str | None
    receipt: str


class StatementsOut(BaseModel):
    """Statements in log order and the enrolments of their signers by kid. Repeat the request with
    `after` = `next`, at once if `more` is true.
    """

    statements: list[StatementOut]
    signers: dict[str, str]
    next: int
    more: bool


@router.get(
    "/v1/statements", responses=declared(401, 422, 429), openapi_extra={"security": [{"dpop": []}]}
)
def statements(
    services: ServicesIn, caller: CallerIn, after: Annotated[int, Query(ge=-1, le=MAX_INT)] = -1
) -> StatementsOut:
    """The changed memos and deletions of the account's segments, by devices and marketplace.

    A device reads them after its folder was restored from a backup, and to learn what the other
    devices of the account signed.
    """
    with services.store.read() as connection:
        listed = statements_of_account(connection, caller.sub, after, PAGE)
        proofs = receipts(connection, [row.idx for row in listed.rows])
    return StatementsOut(
        statements=[
            StatementOut(
                type=row.type,
                segment=row.subject,
                kid=row.kid,
                data=None if row.data is None else row.data.decode("ascii", "replace"),
                receipt=proofs[row.idx].decode("utf-8"),
            )
            for row in listed.rows
            if row.idx in proofs
        ],
        signers={kid: jws.decode("ascii", "replace") for kid, jws in listed.signers.items()},
        next=listed.rows[-1].idx if listed.rows else listed.after,
        more=listed.more,
    )


@router.post(
    "/v1/vouches", status_code=201, responses=_RESPONSES, openapi_extra=raw(_JOSE, MAX_JWS)
)
def vouch(
    services: ServicesIn, caller: CallerIn, request: Request, response: Response, body: BodyIn
) -> Accepted:
    """An earlier device of the account vouches for a newer one."""
    return _take(caller, request, response, body, _JOSE, services.statements.vouch)


@router.post(
    "/v1/retires", status_code=201, responses=_RESPONSES, openapi_extra=raw(_SD_JWT, MAX_SEGMENT)
)
def retire(
    services: ServicesIn, caller: CallerIn, request: Request, response: Response, body: BodyIn
) -> Accepted:
    """A device signs out and names its last segments."""
    return _take(caller, request, response, body, _SD_JWT, services.statements.retire)


@router.post(
    "/v1/amends", status_code=201, responses=_RESPONSES, openapi_extra=raw(_SD_JWT, MAX_SEGMENT)
)
def amend(
    services: ServicesIn, caller: CallerIn, request: Request, response: Response, body: BodyIn
) -> Accepted:
    """Change the memo of a segment, until its week locks."""
    return _take(caller, request, response, body, _SD_JWT, services.statements.amend)


@router.post(
    "/v1/tombstones", status_code=201, responses=_RESPONSES, openapi_extra=raw(_JOSE, MAX_JWS)
)
def tombstone(
    services: ServicesIn, caller: CallerIn, request: Request, response: Response, body: BodyIn
) -> Accepted:
    """Delete parts of a segment, its time, or both. The response follows the erasure."""
    return _take(caller, request, response, body, _JOSE, services.statements.tombstone)


def _take(
    caller: Caller, request: Request, response: Response, body: bytes,
    media_type: str, take: Callable[[str, bytes], IngestResult],
) -> Accepted:  # fmt: skip
    if request.headers.get("content-type") != media_type:
        raise ProblemError("body_type", f"The body must have the type {media_type}.")
    result = take(caller.sub, body)
    response.status_code = 201 if result.fresh else 200
    return Accepted(
        receipt=result.receipt.decode("utf-8"),
        findings=[FindingOut.of(finding) for finding in result.findings],
    )
