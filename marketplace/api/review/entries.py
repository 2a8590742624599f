"""`/v1/reviews`: the questions about a freelancer's diary on the freelancer's computer, and the
answers (`docs/protocol.md` §12.6).
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from diary.formats.encoding import MAX_INT
from diary.log.receipt import MAX_RECEIPT
from marketplace.accounts.model import account as account_of
from marketplace.api.dependencies import B64_HASH, CallerIn, ServicesIn
from marketplace.core.problems import ProblemError, declared, not_found
from marketplace.log.log import receipts
from marketplace.records import review_entries
from marketplace.records.review_entries import ReviewOfAccount
from marketplace.review.decisions import MAX_TEXT

router = APIRouter(tags=["review"])

#: Entries in one response at most.
PAGE = 50


class ReviewOut(BaseModel):
    """A review entry, whose object is in its receipt. `text` and `salt` are null without a text or
    after its erasure; `name` is its author's, `slots` are those of its segments (Unix s).
    """

    receipt: str
    text: str | None
    salt: str | None
    name: str
    slots: list[int]


class ReviewsOut(BaseModel):
    """Review entries in log order. Repeat the request with `after` = `next`, at once if `more` is
    true.
    """

    reviews: list[ReviewOut]
    next: int
    more: bool


class AnswerIn(BaseModel):
    """The freelancer's answer to the question or dispute `replies_to`. The same `salt` again is the
    same answer.
    """

    model_config = ConfigDict(extra="forbid", strict=True)

    contract: Annotated[str, Field(pattern="^[A-Za-z0-9_-]{22}$")]
    replies_to: Annotated[str, Field(pattern=B64_HASH)]
    salt: Annotated[str, Field(pattern=B64_HASH)]
    text: Annotated[str, Field(min_length=1, max_length=MAX_TEXT)]


@router.get(
    "/v1/reviews", responses=declared(401, 422, 429), openapi_extra={"security": [{"dpop": []}]}
)
def reviews(
    services: ServicesIn, caller: CallerIn, after: Annotated[int, Query(ge=-1, le=MAX_INT)] = -1
) -> ReviewsOut:
    """The questions, disputes, replies, comments and labels about the freelancer's last weeks.

    `reviews` of `GET /v1/contracts` is the `next` of the newest: a device asks when it differs.
    """
    now_s = services.clock.wall_s()
    with services.store.read() as connection:
        found = review_entries.of_account(connection, caller.sub, after, now_s, PAGE)
        listed = _listed(connection, found.entries)
    return ReviewsOut(reviews=listed, next=found.next, more=found.more)


@router.post(
    "/v1/reviews",
    status_code=201,
    responses={200: {"model": ReviewOut}, **declared(401, 404, 408, 409, 413, 422, 429, 503)},
    openapi_extra={"security": [{"dpop": []}]},
)
def answer(services: ServicesIn, caller: CallerIn, response: Response, body: AnswerIn) -> ReviewOut:
    """Answer a question or dispute. A repetition gets the answer that was logged first."""
    with services.store.read() as connection:
        account = account_of(connection, caller.sub)
    if account is None:
        raise ProblemError("token_invalid", "This account is no longer known.")
    if account.role != "freelancer":
        raise not_found()
    logged = services.decisions.reply(account, body.contract, body.replies_to, body.text, body.salt)
    response.status_code = 201 if logged.fresh else 200
    with services.store.read() as connection:
        (listed,) = _listed(connection, (review_entries.by_digest(connection, logged.digest),))
    return listed


def _listed(connection: Connection, entries: tuple[ReviewOfAccount, ...]) -> list[ReviewOut]:
    """The entries over HTTP, without those that no receipt can prove."""
    proofs = receipts(connection, [each.idx for each in entries])
    proofs = {idx: proof for idx, proof in proofs.items() if len(proof) <= MAX_RECEIPT}
    return [
        ReviewOut(
            receipt=proofs[each.idx].decode("utf-8"),
            text=each.text,
            salt=each.salt,
            name=each.name,
            slots=list(each.slots),
        )
        for each in entries
        if each.idx in proofs
    ]
