"""The bodies of webhook events, for the section `webhooks` of the OpenAPI document.

The events themselves are built where they happen, in one transaction with their cause; a test
validates what is really sent with these schemas.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from pydantic import BaseModel, Field, create_model
from pydantic.json_schema import models_json_schema

from diary.core.vocabulary import Scope
from marketplace.api.reports import Hours, MoneyOut
from marketplace.webhooks.events import Event

_REF = "#/components/schemas/{model}"
_HEADERS = {
    "webhook-id": "The same in each attempt: ignore an identifier that you have processed.",
    "webhook-timestamp": "When the attempt was made, Unix s.",
    "webhook-signature": "Signatures of the body (Standard Webhooks), separated by spaces.",
}


class WeekData(BaseModel):
    """A contract's week at the time of the event, as in `GET /v1/weeks` without its days."""

    contract: str
    week: str = Field(examples=["2026-W48"])
    begin: int = Field(serialization_alias="from", description="Monday 00:00 UTC, Unix s.")
    totals: Hours
    rate: MoneyOut | None
    amount: MoneyOut | None


class LockedWeekData(WeekData):
    """A week that has locked; `review_ends` is the end of its review. Times are Unix s."""

    locked: int
    review_ends: int


class ReviewEntryData(WeekData):
    """A logged review entry (its digest), and the question or dispute that it answers."""

    entry: str
    replies_to: str | None
    by: Literal["client", "freelancer", "marketplace"]


class SegmentData(BaseModel):
    """A segment, by its hash, and the week that it belongs to."""

    contract: str
    week: str
    segment: str


class DeletionData(SegmentData):
    """The deleted parts of a segment; `shot` are its pictures."""

    scope: list[Scope]


class ComputerData(BaseModel):
    """A computer, by the identifier of its key, and the contracts of its freelancer."""

    computer: str
    contracts: list[str]


class TestedEndpointData(BaseModel):
    """The endpoint that is tested."""

    endpoint: str


#: The data of each event, and when the event happens.
PAYLOADS: dict[Event | Literal["webhook.test"], tuple[type[BaseModel], str]] = {
    "week.ready": (
        LockedWeekData,
        "A week with time has locked, Monday 12:00 UTC, and was not approved before.",
    ),
    "week.approved": (ReviewEntryData, "The client approved segments of a week."),
    "question.created": (ReviewEntryData, "The client asked a question."),
    "answer.created": (ReviewEntryData, "The freelancer answered a question or dispute."),
    "dispute.created": (ReviewEntryData, "The client opened a dispute."),
    "dispute.resolved": (ReviewEntryData, "The client or the marketplace settled a dispute."),
    "computer.enrolled": (ComputerData, "A computer of a freelancer can record."),
    "memo.changed": (SegmentData, "The freelancer changed a memo."),
    "segment.deleted": (DeletionData, "The freelancer deleted parts of a segment."),
    "webhook.test": (TestedEndpointData, 'The button "Send a test event".'),
}


def add_webhooks(document: dict[str, Any]) -> None:
    """Add the section `webhooks` (OpenAPI 3.1) and its schemas to the document."""
    models = {
        event: create_model(
            "".join(word.title() for word in event.split(".")) + "Event",
            __doc__=text,
            type=(Any, Field(json_schema_extra={"const": event})),
            timestamp=(dt.datetime, Field(description="When the event happened.")),
            data=(data, ...),
        )
        for event, (data, text) in PAYLOADS.items()
    }
    names, definitions = models_json_schema(
        [(model, "serialization") for model in models.values()], ref_template=_REF
    )
    schemas = document["components"].setdefault("schemas", {})
    schemas |= definitions["$defs"]
    document["webhooks"] = {
        event: {
            "post": {
                "summary": PAYLOADS[event][1],
                "operationId": f"webhook_{event.replace('.', '_')}",
                "tags": ["webhooks"],
                "security": [],
                "parameters": [
                    {
                        "name": name,
                        "in": "header",
                        "required": True,
                        "description": text,
                        "schema": {"type": "string"},
                    }
                    for name, text in _HEADERS.items()
                ],
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": names[model, "serialization"]}},
                },
                "responses": {
                    "2XX": {"description": "Accepted. Answer within 15 seconds."},
                    "410": {"description": "Disable the endpoint."},
                    "default": {"description": "The event is sent again later."},
                },
            }
        }
        for event, model in models.items()
    }
