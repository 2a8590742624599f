"""What a device says after the fact: vouches, retirements, changed memos, deletions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request, Response

from diary.formats.jws import MAX_JWS
from marketplace.api.dependencies import BodyIn, CallerIn, DepsIn
from marketplace.api.device import Accepted, FindingOut, raw
from marketplace.core.config import MAX_SEGMENT
from marketplace.core.problems import ProblemError, declared
from marketplace.devices.access_tokens import Caller
from marketplace.ingest.result import IngestResult

router = APIRouter(tags=["device"])

_SD_JWT, _JOSE = "application/sd-jwt", "application/jose"
_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"model": Accepted},
    **declared(401, 408, 409, 413, 415, 422, 429, 503),
}


@router.post("/v1/vouches", status_code=201, responses=_ANSWERS, openapi_extra=raw(_JOSE, MAX_JWS))
def vouch(
    deps: DepsIn, caller: CallerIn, request: Request, response: Response, body: BodyIn
) -> Accepted:
    """An earlier device of the account stands up for a newer one."""
    return _take(caller, request, response, body, _JOSE, deps.deeds.vouch)


@router.post(
    "/v1/retires", status_code=201, responses=_ANSWERS, openapi_extra=raw(_SD_JWT, MAX_SEGMENT)
)
def retire(
    deps: DepsIn, caller: CallerIn, request: Request, response: Response, body: BodyIn
) -> Accepted:
    """A device signs out: what its last segments are."""
    return _take(caller, request, response, body, _SD_JWT, deps.deeds.retire)


@router.post(
    "/v1/amends", status_code=201, responses=_ANSWERS, openapi_extra=raw(_SD_JWT, MAX_SEGMENT)
)
def amend(
    deps: DepsIn, caller: CallerIn, request: Request, response: Response, body: BodyIn
) -> Accepted:
    """Another memo for a segment, until its week locks."""
    return _take(caller, request, response, body, _SD_JWT, deps.deeds.amend)


@router.post(
    "/v1/tombstones", status_code=201, responses=_ANSWERS, openapi_extra=raw(_JOSE, MAX_JWS)
)
def tombstone(
    deps: DepsIn, caller: CallerIn, request: Request, response: Response, body: BodyIn
) -> Accepted:
    """Delete parts of a segment, give its time back. Answered when it is erased here."""
    return _take(caller, request, response, body, _JOSE, deps.deeds.tombstone)


def _take(
    caller: Caller, request: Request, response: Response, body: bytes,
    media_type: str, take: Callable[[str, bytes], IngestResult],
) -> Accepted:  # fmt: skip
    if request.headers.get("content-type") != media_type:
        raise ProblemError("body_type", f"What is sent here has the type {media_type}.")
    arrived = take(caller.sub, body)
    response.status_code = 201 if arrived.fresh else 200
    return Accepted(
        receipt=arrived.receipt.decode("utf-8"),
        findings=[FindingOut.of(finding) for finding in arrived.findings],
    )
