"""`GET /v1/bundles/{contract}/{week}`: the record of one week, for download and verification."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response, StreamingResponse

from marketplace.api.dependencies import ServicesIn, reader_of
from marketplace.core.problems import declared
from marketplace.core.week_names import week_of_name

router = APIRouter(tags=["review"])

#: The name of a log and its size, as in the file names of consistency proofs.
_SEEN = "^[0-9]{4}(-([2-9]|[1-9][0-9]{1,3}))?/[1-9][0-9]{0,15}$"
_MOST_SEEN = 16

_ZIP: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The bundle",
        "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
    },
    304: {"description": "The reader has this record already (If-None-Match)"},
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
    week: Annotated[
        str, Path(pattern="^[0-9]{4}-W(0[1-9]|[1-4][0-9]|5[0-3])$", examples=["2026-W48"])
    ],
    pictures: Annotated[bool, Query(description="0 leaves the pictures out.")] = True,
    plain: Annotated[
        bool,
        Query(
            description="1 leaves `verify.html` out and compresses no file in the ZIP: the response"
            " as a whole is compressed if the client accepts it."
        ),
    ] = False,
    seen: Annotated[
        list[Annotated[str, Query(pattern=_SEEN)]],
        Query(
            max_length=_MOST_SEEN,
            description="Name and size of the newest checkpoint of a log that the reader has seen,"
            " such as `2026/1200`; the bundle then contains the proof that the log only grew.",
        ),
    ] = [],  # noqa: B006 - FastAPI copies it
) -> Response:
    """The whole ISO week (UTC) of a contract as one ZIP (`docs/protocol.md` section 9.1).

    For the freelancer's device (DPoP), or an account with access (session cookie). Without pictures
    it has an ETag, weak since the proofs in it change with each entry of the log.
    """
    reader = reader_of(request, services)
    monday = week_of_name(week)
    name = f"workdiary-{contract}-{week}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    with services.throttle.export(reader.sub):
        if not pictures:
            headers |= {"ETag": f'W/"{services.bundles.tag(reader, contract, monday)}"'}
            if request.headers.get("if-none-match") == headers["ETag"]:
                return Response(status_code=304, headers={"ETag": headers["ETag"]})
        pieces = services.bundles.make(
            reader, contract, monday, images=pictures, plain=plain, seen=map(_checkpoint, seen)
        )
    return StreamingResponse(pieces, media_type="application/zip", headers=headers)


def _checkpoint(seen: str) -> tuple[str, int]:
    """Name and size of a log."""
    name, _, size = seen.partition("/")
    return name, int(size)
