"""The entries of the review over HTTP (`/v1/reviews`, `docs/protocol.md` §12.6)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from diary.core.slots import SANE_FROM, SANE_TO
from diary.formats import json_fields
from diary.log.receipt import MAX_RECEIPT
from uploader.api import responses

if TYPE_CHECKING:
    from diary.formats.encoding import Json
    from uploader.api.client import MarketplaceClient

#: Characters of an answer at most.
MAX_TEXT = 2_000
_MANY, _SLOTS = 100, 1_008
#: A longer text or name is no honest one.
_LONGEST_TEXT, _LONGEST_NAME = 20_000, 500


@dataclass(frozen=True)
class ReviewItem:
    """An unverified entry: the receipt with its object, its text and the salt of its hash, the name
    of its author, and the slots of its segments (Unix s).
    """

    receipt: bytes
    text: str | None
    salt: str | None
    name: str
    slots: tuple[int, ...]


@dataclass(frozen=True)
class ReviewsResponse:
    """Entries in log order, the position of the next page, and whether that has any entries."""

    items: tuple[ReviewItem, ...]
    next: int
    more: bool


def list_reviews(client: MarketplaceClient, after: int) -> ReviewsResponse:
    """The entries about the account's diary after a position from the marketplace; -1 for all.
    Raises UploaderError.
    """
    url = f"{client.base_url}/v1/reviews?after={after}"
    return responses.read(client.expect("GET", url, 200), review_page)


def post_answer(
    client: MarketplaceClient, ctr: str, question: str, salt: str, text: str
) -> ReviewItem:
    """Answer a question or dispute, by its digest; the same salt again gets the same entry. Raises
    UploaderError.
    """
    body = {"contract": ctr, "replies_to": question, "salt": salt, "text": text}
    answer = client.expect(
        "POST", f"{client.base_url}/v1/reviews", 200, 201,
        body=json.dumps(body).encode(), mime="application/json",
    )  # fmt: skip
    return responses.read(answer, review_item)


def review_page(obj: Json) -> ReviewsResponse:
    """`GET /v1/reviews`. Raises E_FORMAT."""
    listed = json_fields.array(obj, "reviews", _MANY)
    if not all(isinstance(item, dict) for item in listed):
        raise json_fields.bad("reviews")
    return ReviewsResponse(
        tuple(review_item(item) for item in listed),
        json_fields.integer(obj, "next", -1),
        json_fields.boolean(obj, "more"),
    )


def review_item(obj: Json) -> ReviewItem:
    """One entry. Raises E_FORMAT."""
    text = json_fields.field(obj, "text")
    slots = json_fields.array(obj, "slots", _SLOTS)
    return ReviewItem(
        receipt=json_fields.string(obj, "receipt", MAX_RECEIPT).encode("utf-8", "replace"),
        text=None if text is None else json_fields.string(obj, "text", _LONGEST_TEXT),
        salt=json_fields.optional_b64(obj, "salt", 32),
        name=json_fields.string(obj, "name", _LONGEST_NAME),
        slots=tuple(
            json_fields.integer({"slots": each}, "slots", SANE_FROM, SANE_TO) for each in slots
        ),
    )
