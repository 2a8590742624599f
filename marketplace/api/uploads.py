"""The API for pictures that a device uploads directly to the object store (ADR 0037)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Response
from pydantic import BaseModel, ConfigDict, Field

from diary.formats.encoding import MAX_INT
from marketplace.api.dependencies import WHOLE, CallerIn, HashIn, ServicesIn
from marketplace.core.config import MAX_BLOB
from marketplace.core.problems import ProblemError, declared
from marketplace.http.services import Services
from marketplace.ingest.picture_uploads import PictureUploads

router = APIRouter(tags=["device"])

_DPOP: dict[str, Any] = {"security": [{"dpop": []}]}
ShotAt = Annotated[int | None, Header(ge=0, le=MAX_INT)]


class UploadIn(BaseModel):
    """A picture to upload: its length in bytes, and its media type, `image/webp`."""

    model_config = ConfigDict(extra="forbid", strict=True)

    length: Annotated[int, Field(ge=1, le=MAX_BLOB), WHOLE]
    type: Literal["image/webp"]


class UploadOut(BaseModel):
    """A PUT to `url` with exactly these headers, which must begin before `expires` (Unix s). The
    request needs no token and must contain none.
    """

    url: str
    headers: dict[str, str]
    expires: int


@router.put(
    "/v1/uploads/{sha}",
    responses=declared(401, 404, 408, 410, 413, 415, 422, 429, 503, 507),
    openapi_extra=_DPOP,
)
def begin_upload(
    services: ServicesIn,
    caller: CallerIn,
    sha: HashIn,
    body: UploadIn,
    workdiary_shot_at: ShotAt = None,
) -> UploadOut:
    """Ask for an address at which the object store takes a picture. Permitted for this picture
    only; 404 if this marketplace takes pictures itself (`direct_uploads` of its description).

    `Workdiary-Shot-At` is its capture time (Unix ms).
    """
    signed = _uploads(services).begin(caller.sub, sha, body.length, workdiary_shot_at)
    return UploadOut(url=signed.url, headers=dict(signed.headers), expires=signed.expires_s)


@router.post(
    "/v1/uploads/{sha}/complete",
    status_code=201,
    response_class=Response,
    responses={200: {}, **declared(401, 404, 409, 410, 413, 422, 429, 503, 507)},
    openapi_extra=_DPOP,
)
async def complete_upload(
    services: ServicesIn, caller: CallerIn, sha: HashIn, workdiary_shot_at: ShotAt = None
) -> Response:
    """State that a picture has been uploaded. The marketplace checks it like one that it receives
    itself, and removes it if it is another one.
    """
    uploads = _uploads(services)
    stored, fresh = await uploads.complete(caller.sub, sha, workdiary_shot_at)
    if fresh:
        services.metrics.blob_bytes.inc(stored.size)
    return Response(status_code=201 if fresh else 200)


def _uploads(services: Services) -> PictureUploads:
    if services.uploads is None:
        raise ProblemError("not_found", "This marketplace takes pictures itself.")
    return services.uploads
