"""`POST /v1/heartbeat`: a device reports that it records (`docs/protocol.md` §12.5)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from diary.formats.encoding import MAX_INT
from marketplace.api.dependencies import WHOLE, CallerIn, ServicesIn
from marketplace.contracts import queries
from marketplace.core.problems import declared, not_found
from marketplace.records import heartbeats

router = APIRouter(tags=["device"])


class HeartbeatIn(BaseModel):
    """The contract, and the begin of the present recording (Unix s)."""

    model_config = ConfigDict(extra="forbid", strict=True)

    contract: Annotated[str, Field(pattern="^[A-Za-z0-9_-]{22}$")]
    since: Annotated[int, Field(ge=0, le=MAX_INT), WHOLE]


@router.post(
    "/v1/heartbeat",
    status_code=204,
    response_class=Response,
    responses=declared(401, 404, 408, 413, 422, 429, 503),
    openapi_extra={"security": [{"dpop": []}]},
)
def heartbeat(services: ServicesIn, caller: CallerIn, body: HeartbeatIn) -> Response:
    """The device records on this contract now. Sent about once a minute while it does."""
    now, real = services.clock.wall_s(), services.clock.real_s()

    def job(connection: Connection) -> None:
        contracts = queries.contracts_of(connection, caller.sub)
        if not any(c.ctr == body.contract and c.freelancer == caller.sub for c in contracts):
            raise not_found()
        heartbeats.report(connection, caller.kid, body.contract, min(body.since, now), real)

    services.store.write(job).result()
    return Response(status_code=204)
