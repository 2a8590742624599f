"""Statements of devices: vouches, retirements, changed memos and deletions; their list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from diary.formats.encoding import MAX_INT
from diary.formats.jws import MAX_JWS
from marketplace.api.dependencies import BodyIn, CallerIn, ServicesIn
from marketplace.api.device import raw, require_type
from marketplace.api.segments import Accepted, FindingOut
from marketplace.core.config import MAX_SEGMENT
from marketplace.core.problems import declared
from marketplace.ingest.result import IngestResult
from marketplace.ingest.statements import StatementIngest
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

    A device reads them after its folder was restored from a backup, and to receive the statements
    of the account's other devices.
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


@dataclass(frozen=True)
class _Route:
    """A route that takes statements of one type: `take` checks, stores and logs a body."""

    name: str
    path: str
    media_type: str
    max_bytes: int
    take: Callable[[StatementIngest, str, bytes], IngestResult]
    description: str

    def add_to(self, router: APIRouter) -> None:
        """Add the route to a router."""
        router.add_api_route(
            self.path,
            self._endpoint,
            methods=["POST"],
            name=self.name,
            description=self.description,
            status_code=201,
            responses=_RESPONSES,
            openapi_extra=raw(self.media_type, self.max_bytes),
        )

    def _endpoint(
        self,
        services: ServicesIn,
        caller: CallerIn,
        request: Request,
        response: Response,
        body: BodyIn,
    ) -> Accepted:
        require_type(request, self.media_type)
        result = self.take(services.statements, caller.sub, body)
        response.status_code = 201 if result.fresh else 200
        return Accepted(
            receipt=result.receipt.decode("utf-8"),
            findings=[FindingOut.of(finding) for finding in result.findings],
        )


_ROUTES = (
    _Route(
        "vouch", "/v1/vouches", _JOSE, MAX_JWS, StatementIngest.vouch,
        "An earlier device of the account vouches for a newer one.",
    ),
    _Route(
        "retire", "/v1/retires", _SD_JWT, MAX_SEGMENT, StatementIngest.retire,
        "A device signs out and names its last segments.",
    ),
    _Route(
        "amend", "/v1/amends", _SD_JWT, MAX_SEGMENT, StatementIngest.amend,
        "Change the memo of a segment, until its week locks.",
    ),
    _Route(
        "tombstone", "/v1/tombstones", _JOSE, MAX_JWS, StatementIngest.tombstone,
        "Delete parts of a segment, its time, or both. The response follows the erasure.",
    ),
)  # fmt: skip
for _route in _ROUTES:
    _route.add_to(router)
