"""The API for segments: upload one or a batch, read one, ask for findings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from diary.core.findings import Finding
from diary.objects.segment import SealedSegment
from marketplace.api.dependencies import B64_HASH, WHOLE, BodyIn, CallerIn, HashIn, ServicesIn
from marketplace.api.device import HeadOut, raw, require_type
from marketplace.core.config import MAX_SEGMENT
from marketplace.core.problems import ProblemError, declared
from marketplace.http.services import Services
from marketplace.ingest.result import IngestResult
from marketplace.ingest.segments import Upload
from marketplace.records import findings as stored
from marketplace.records.statements import segment_of_account

router = APIRouter(tags=["device"])

#: A mask of received parts, 0 to 63 (`diary.objects.received_parts`).
PARTS = "^([0-9]|[1-5][0-9]|6[0-3])$"
#: Segments in one batch, or in one question for findings.
MAX_SEGMENTS = 64
_DPOP: dict[str, Any] = {"security": [{"dpop": []}]}


class FindingOut(BaseModel):
    """One finding of the check (`docs/protocol.md` section 9)."""

    subject: str
    code: str
    detail: str

    @classmethod
    def of(cls, finding: Finding) -> FindingOut:
        """The finding over HTTP."""
        return cls(subject=finding.subject, code=finding.code.value, detail=finding.detail)


class Accepted(BaseModel):
    """The receipt (text of a tlog-proof) and the findings on arrival."""

    receipt: str
    findings: list[FindingOut]


class SegmentFindings(BaseModel):
    """The findings of a segment; none while its check is `pending`."""

    sha: str
    pending: bool
    findings: list[FindingOut]

    @classmethod
    def of(cls, sha: str, found: Sequence[Finding] | None) -> SegmentFindings:
        """The findings over HTTP; None while they are pending."""
        listed = [FindingOut.of(finding) for finding in found or ()]
        return cls(sha=sha, pending=found is None, findings=listed)


class AcceptedSegment(Accepted):
    """The result for a segment, with the head of its device's chain in its contract. `pending` is
    true if its check follows later: `/v1/findings` has its findings then, and `earlier` of the next
    response to its device, unless that response is a batch.
    """

    head: HeadOut | None
    pending: bool
    earlier: list[SegmentFindings]

    @classmethod
    def of(cls, result: IngestResult) -> AcceptedSegment:
        """The result over HTTP."""
        return cls(
            receipt=result.receipt.decode("utf-8"),
            findings=[FindingOut.of(finding) for finding in result.findings],
            head=None if result.head is None else HeadOut.of(result.head),
            pending=result.pending,
            earlier=[SegmentFindings.of(sha, found) for sha, found in result.earlier.items()],
        )


class SegmentIn(BaseModel):
    """A segment of a batch: its hash, the SD-JWT, and the mask of the parts that the marketplace
    must hold.
    """

    model_config = ConfigDict(extra="forbid", strict=True)

    sha: Annotated[str, Field(pattern=B64_HASH)]
    data: Annotated[str, Field(min_length=1, max_length=MAX_SEGMENT)]
    parts: Annotated[int, Field(ge=0, le=63), WHOLE] = 0


class BatchIn(BaseModel):
    """Segments of one chain, in its order."""

    model_config = ConfigDict(extra="forbid", strict=True)

    segments: Annotated[list[SegmentIn], Field(min_length=1, max_length=MAX_SEGMENTS)]


class RefusedSegment(BaseModel):
    """Why a segment of a batch was refused: the status, code and detail that its own request would
    have got; 424 `not_tried` after a refused segment.
    """

    status: int
    code: str
    detail: str


class BatchResult(BaseModel):
    """The result for a segment of a batch: `accepted` or `refused`. `created` is false if it had
    been logged before.
    """

    sha: str
    created: bool = False
    accepted: AcceptedSegment | None = None
    refused: RefusedSegment | None = None


class BatchOut(BaseModel):
    """The results in the order of the request."""

    segments: list[BatchResult]


class FindingsOut(BaseModel):
    """The findings of the account's segments among those in the request."""

    segments: list[SegmentFindings]


@router.put(
    "/v1/segments/{sha}",
    status_code=201,
    responses={
        200: {"model": AcceptedSegment},
        **declared(400, 401, 408, 412, 413, 415, 422, 429, 503, 507),
    },
    openapi_extra=raw("application/sd-jwt", MAX_SEGMENT),
)
async def put_segment(
    services: ServicesIn,
    caller: CallerIn,
    request: Request,
    response: Response,
    sha: HashIn,
    body: BodyIn,
    workdiary_parts: Annotated[str, Header(pattern=PARTS)] = "0",
) -> AcceptedSegment:
    """Send a segment (SD-JWT). The response follows once the log contains it; a repetition gets the
    same leaf.

    `Workdiary-Parts` is the mask of the parts that the marketplace must hold by then.
    """
    require_type(request, "application/sd-jwt")
    upload = Upload(sha, body, int(workdiary_parts))
    result = await services.segments.put(caller.sub, upload, _admission(services))
    response.status_code = 201 if result.fresh else 200
    _count(services, result)
    return AcceptedSegment.of(result)


@router.post(
    "/v1/segments",
    responses=declared(400, 401, 408, 413, 415, 422, 429, 503),
    openapi_extra=_DPOP,
)
async def put_segments(services: ServicesIn, caller: CallerIn, body: BatchIn) -> BatchOut:
    """Send up to 64 segments of one chain, for a backlog. The response follows once the log
    contains them; their checks follow later.
    """
    uploads = [
        Upload(each.sha, each.data.encode("utf-8", "surrogatepass"), each.parts)
        for each in body.segments
    ]
    results = await services.segments.put_batch(caller.sub, uploads, _admission(services))
    for result in results:
        if isinstance(result, IngestResult):
            _count(services, result)
    return BatchOut(
        segments=[
            _batch_result(upload, result) for upload, result in zip(uploads, results, strict=True)
        ]
    )


@router.get("/v1/findings", responses=declared(401, 422, 429), openapi_extra=_DPOP)
def findings(
    services: ServicesIn,
    caller: CallerIn,
    segment: Annotated[
        list[Annotated[str, Field(pattern=B64_HASH)]],
        Query(min_length=1, max_length=MAX_SEGMENTS),
    ],
) -> FindingsOut:
    """The findings of up to 64 segments by hash; unknown segments are omitted."""
    with services.store.read() as connection:
        found = stored.of_account(connection, caller.sub, set(segment))
    return FindingsOut(segments=[SegmentFindings.of(sha, listed) for sha, listed in found.items()])


@router.get(
    "/v1/segments/{sha}",
    response_class=Response,
    responses={
        200: {"content": {"application/sd-jwt": {"schema": {"type": "string"}}}},
        **declared(401, 404, 422, 429),
    },
    openapi_extra=_DPOP,
)
def get_segment(services: ServicesIn, caller: CallerIn, sha: HashIn) -> Response:
    """A segment of the account without its deleted parts."""
    with services.store.read() as connection:
        data = segment_of_account(connection, services.config.name, caller.sub, sha)
    if data is None:
        raise ProblemError("not_found", "This account has sent no such segment.")
    return Response(data, media_type="application/sd-jwt")


def _admission(services: Services) -> Callable[[SealedSegment], None]:
    """Limits the segments of a device in one slot of a contract."""

    def admit(sealed: SealedSegment) -> None:
        body = sealed.segment
        services.throttle.hit("slot", f"{sealed.kid} {body.ctr} {body.slot}")

    return admit


def _count(services: Services, result: IngestResult) -> None:
    if result.fresh:
        services.metrics.segments.inc()


def _batch_result(upload: Upload, result: IngestResult | ProblemError) -> BatchResult:
    if isinstance(result, ProblemError):
        refused = RefusedSegment(status=result.status, code=result.code, detail=result.detail)
        return BatchResult(sha=upload.address, refused=refused)
    return BatchResult(
        sha=upload.address, created=result.fresh, accepted=AcceptedSegment.of(result)
    )
