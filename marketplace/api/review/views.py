"""`GET /v1/views`: who viewed the freelancer's pictures."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from diary.formats.encoding import MAX_INT
from marketplace.api.dependencies import B64_HASH, ServicesIn, reader_of
from marketplace.core.problems import declared
from marketplace.records.picture_views import MAX_LISTED, Size, ViewFilter

router = APIRouter(tags=["review"])
#: Seconds whose milliseconds are within the integers of the protocol.
_MAX_S = MAX_INT // 1000


class ViewOut(BaseModel):
    """One view of one picture, at `at` (Unix ms). `own` is true of the freelancer's own views."""

    id: int
    at: int
    size: Size
    contract: str
    segment: str
    picture: int
    slot: int
    name: str
    role: str
    own: bool


class Views(BaseModel):
    """Views, newest first. `next` is the `before` of the next page, null at the end."""

    views: list[ViewOut]
    next: int | None


@router.get(
    "/v1/views",
    responses=declared(401, 404, 422, 429),
    openapi_extra={"security": [{"dpop": []}, {"session": []}]},
)
def views(
    services: ServicesIn,
    request: Request,
    contract: Annotated[str | None, Query(pattern="^[A-Za-z0-9_-]{22}$")] = None,
    segment: Annotated[str | None, Query(pattern=B64_HASH)] = None,
    begin: Annotated[int | None, Query(alias="from", ge=0, le=_MAX_S)] = None,
    end: Annotated[int | None, Query(alias="to", ge=0, le=_MAX_S)] = None,
    before: Annotated[int | None, Query(ge=0, le=MAX_INT)] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LISTED)] = 100,
) -> Views:
    """Views of the freelancer's pictures, of one contract or segment, in [from, to) (Unix s)."""
    reader = reader_of(request, services)
    wanted = ViewFilter(
        ctr=contract,
        segment=segment,
        begin_ms=None if begin is None else begin * 1000,
        end_ms=None if end is None else end * 1000,
        before=before,
    )
    listed = services.picture_views.listed(reader, wanted, limit + 1)
    shown = listed[:limit]
    return Views(
        views=[
            ViewOut(
                id=each.id,
                at=each.at_ms,
                size=each.size,
                contract=each.ctr,
                segment=each.segment,
                picture=each.picture,
                slot=each.slot,
                name=each.name,
                role=each.role,
                own=each.sub == reader.sub,
            )
            for each in shown
        ],
        next=shown[-1].id if len(listed) > limit else None,
    )
