"""The views of a segment's picture in responses (`GET /v1/views`, `docs/protocol.md` §12.3)."""

from __future__ import annotations

from dataclasses import dataclass

from diary.core.display import REPLACEMENT, clean
from diary.core.slots import SANE_FROM, SANE_TO
from diary.formats import json_fields
from diary.formats.encoding import Json

#: The most views in one response.
MAX_LISTED = 500
_LONGEST_NAME = 200


@dataclass(frozen=True)
class ViewResponse:
    """A view at `at_ms` (Unix ms) by a person; `own` if that is the freelancer."""

    at_ms: int
    name: str
    own: bool


@dataclass(frozen=True)
class ViewsResponse:
    """The views of a segment's pictures, newest first; `more` if the marketplace has older ones."""

    listed: tuple[ViewResponse, ...] = ()
    more: bool = False


def picture_views(obj: Json) -> ViewsResponse:
    """`/v1/views`. Raises E_FORMAT."""
    listed = json_fields.array(obj, "views", MAX_LISTED)
    if not all(isinstance(item, dict) for item in listed):
        raise json_fields.bad("views")
    return ViewsResponse(
        tuple(
            ViewResponse(
                at_ms=json_fields.integer(item, "at", SANE_FROM * 1000, SANE_TO * 1000),
                name=_name(item),
                own=json_fields.boolean(item, "own"),
            )
            for item in listed
        ),
        more=json_fields.field(obj, "next") is not None,
    )


def _name(item: Json) -> str:
    """The name of a person, without control and formatting characters."""
    return clean(json_fields.string(item, "name", _LONGEST_NAME)).replace(REPLACEMENT, "?")
