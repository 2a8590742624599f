"""`GET /v1/diary`: the stored segments of a contract with receipts and current findings."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from diary.core.slots import DAY, WEEK, week_of
from diary.formats.encoding import MAX_INT
from marketplace.api.dependencies import ServicesIn, reader_of
from marketplace.api.device import Sums
from marketplace.api.segments import FindingOut
from marketplace.core.problems import ProblemError, declared
from marketplace.log import shards
from marketplace.log.log import receipts
from marketplace.records import credited_totals

router = APIRouter(tags=["review"])

#: The longest period of one response, in seconds.
MAX_SPAN_S = 5 * WEEK


class StoredSegmentOut(BaseModel):
    """A stored segment: SD-JWT, receipt, and the findings of its check now.

    `index` is the index of its leaf in the log shard that the receipt names.
    """

    hash: str
    index: int
    sdjwt: str
    receipt: str
    findings: list[FindingOut]


class Diary(BaseModel):
    """Segments in log order, and the totals of the requested days and weeks (UTC) with time. A day
    or week partly outside the period is summed completely.
    """

    segments: list[StoredSegmentOut]
    days: list[Sums]
    weeks: list[Sums]


@router.get(
    "/v1/diary",
    responses=declared(401, 404, 422, 429, 503),
    openapi_extra={"security": [{"dpop": []}, {"session": []}]},
)
def diary(
    services: ServicesIn,
    request: Request,
    contract: Annotated[str, Query(pattern="^[A-Za-z0-9_-]{22}$")],
    begin: Annotated[int, Query(alias="from", ge=0, le=MAX_INT)],
    end: Annotated[int, Query(alias="to", ge=0, le=MAX_INT)],
) -> Diary:
    """The freelancer's own segments (DPoP), or those of a visible contract (session cookie)."""
    if not begin <= end <= begin + MAX_SPAN_S:
        raise ProblemError("invalid_request", "Ask for at most five weeks at once.")
    reader = reader_of(request, services)
    with services.throttle.export(reader.sub):
        stored = services.review.diary(reader, contract, begin, end)
    with services.store.read() as connection:
        proofs = receipts(connection, [row.idx for row, _, _ in stored])
        present = shards.read(connection)
        until = week_of(max(begin, end - 1)) + WEEK
        sums = credited_totals.days(connection, contract, week_of(begin), until)
    return Diary(
        segments=[
            StoredSegmentOut(
                hash=row.hash,
                index=row.idx - shards.holding(present, row.idx).first,
                sdjwt=data.decode("utf-8", "replace"),
                receipt=proofs.get(row.idx, b"").decode("utf-8", "replace"),
                findings=[FindingOut.of(finding) for finding in findings],
            )
            for row, data, findings in stored
        ],
        days=[Sums.of(day, sums[day]) for day in sorted(sums) if day + DAY > begin and day < end],
        weeks=[
            Sums.of(
                week, credited_totals.summed(s for day, s in sums.items() if week_of(day) == week)
            )
            for week in sorted({week_of(day) for day in sums})
        ],
    )
