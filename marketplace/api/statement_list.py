"""What was said later about an account's segments: for a device whose folder comes from a backup,
and for one of several devices.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlalchemy import func, select

from diary.formats.encoding import MAX_INT
from diary.log.leaf import LeafType
from marketplace.api.dependencies import CallerIn, DepsIn
from marketplace.core.problems import declared
from marketplace.log.log import receipts
from marketplace.records.statements import deeds
from marketplace.storage import schema

router = APIRouter(tags=["device"])

#: Statements of one answer at most.
PAGE = 100
_DPOP: dict[str, Any] = {"security": [{"dpop": []}]}


class StatementOut(BaseModel):
    """A changed memo or a deletion. `data` is what a device signed, without what was erased of it;
    null for a tombstone of the marketplace, whose object is inside its receipt.
    """

    type: str
    segment: str
    kid: str | None
    data: str | None
    receipt: str


class StatementsOut(BaseModel):
    """Statements in log order, the enrolments of those who signed them by kid, and where to go on:
    ask again with `after` = `next`, at once if there is `more`.
    """

    statements: list[StatementOut]
    signers: dict[str, str]
    next: int
    more: bool


@router.get("/v1/statements", responses=declared(401, 422, 429), openapi_extra=_DPOP)
def statements(
    deps: DepsIn, caller: CallerIn, after: Annotated[int, Query(ge=-1, le=MAX_INT)] = -1
) -> StatementsOut:
    """The statements of the account's devices and of the marketplace on its segments."""
    deed, segment, device = schema.deed, schema.segment, schema.device
    with deps.store.read() as connection:
        newest = connection.execute(select(func.max(schema.leaf.c.idx))).scalar()
        if newest is None or after > newest:
            # The log was longer when the device asked last: the marketplace was restored.
            after = -1
        query = (
            deeds()
            .join(segment, segment.c.hash == deed.c.subject)
            .join(device, device.c.kid == segment.c.kid)
            .where(device.c.sub == caller.sub, deed.c.idx > after)
            .where(deed.c.type.in_([LeafType.AMEND.value, LeafType.TOMBSTONE.value]))
            .limit(PAGE + 1)
        )
        rows = connection.execute(query).all()
        found = rows[:PAGE]
        proofs = receipts(connection, [row.idx for row in found])
        kids = {row.kid for row in found if row.kid is not None}
        signers = connection.execute(select(device).where(device.c.kid.in_(kids))).all()
    return StatementsOut(
        statements=[
            StatementOut(
                type=row.type,
                segment=row.subject,
                kid=row.kid,
                data=None if row.data is None else row.data.decode("ascii", "replace"),
                receipt=proofs[row.idx].decode("utf-8"),
            )
            for row in found
            if row.idx in proofs
        ],
        signers={row.kid: row.jws.decode("ascii", "replace") for row in signers},
        next=found[-1].idx if found else after,
        more=len(rows) > PAGE,
    )
