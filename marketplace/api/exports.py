"""`GET /v1/bundles/{contract}/{week}`: the record of one week, for download and verification."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import StreamingResponse

from marketplace.api.dependencies import ServicesIn, reader_of
from marketplace.core.problems import ProblemError, declared

router = APIRouter(tags=["review"])

_ZIP: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The bundle",
        "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.get(
    "/v1/bundles/{contract}/{week}",
    response_class=StreamingResponse,
    responses={**_ZIP, **declared(401, 404, 422, 429)},
    openapi_extra={"security": [{"dpop": []}, {"session": []}]},
)
def bundle(
    services: ServicesIn,
    request: Request,
    contract: Annotated[str, Path(pattern="^[A-Za-z0-9_-]{22}$")],
    week: Annotated[str, Path(pattern="^[0-9]{4}-W[0-9]{2}$", examples=["2026-W48"])],
    pictures: Annotated[bool, Query(description="0 leaves the pictures out.")] = True,
) -> StreamingResponse:
    """The whole ISO week (UTC) of a contract as one ZIP (`docs/protocol.md` section 9.1).

    For the freelancer's device (DPoP), or an account with access (session cookie).
    """
    reader = reader_of(request, services)
    with services.throttle.export(reader.sub):
        pieces = services.bundles.make(reader, contract, _monday(week), images=pictures)
    name = f"workdiary-{contract}-{week}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(pieces, media_type="application/zip", headers=headers)


def _monday(week: str) -> int:
    """Monday 00:00 UTC, Unix s."""
    year, _, number = week.partition("-W")
    try:
        monday = dt.date.fromisocalendar(int(year), int(number), 1)
    except ValueError as error:
        raise ProblemError("invalid_request", "There is no such week.") from error
    return int(dt.datetime.combine(monday, dt.time(), dt.UTC).timestamp())
