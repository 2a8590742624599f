"""The choices in the window of the own diary, kept while it is closed; then the presenters of the
window need not be imported.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from uploader.api.picture_views import ViewsResponse


@dataclass(frozen=True)
class DiaryChoice:
    """The person's choice: a contract ("": all), a slot (None: the newest), one of its segments.
    `undo_s` are the seconds left to undo the deletions of segments, by hash; `views` are the views
    of their pictures as far as they were read, None where that failed. `question` is the digest
    of a question about the slot; "": that of a `number`.
    """

    ctr: str = ""
    slot: int | None = None
    part: int = 0
    undo_s: Mapping[str, int] = field(default_factory=dict)
    views: Mapping[str, ViewsResponse | None] = field(default_factory=dict)
    question: str = ""
    number: int = 0


@dataclass(frozen=True)
class ContractEntry:
    """An entry of the list of contracts."""

    ctr: str
    title: str
    client: str = ""
