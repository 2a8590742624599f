"""Review entries about segments: labels, comments, questions, approval, dispute
(`docs/protocol.md` §5.5). The log records the entry and its time; the text stays outside the log.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from diary.core.vocabulary import ReviewKind
from diary.formats import json_fields
from diary.formats.encoding import Json, canonical, parse_canonical

#: More segments than a contract's week has in honest use.
MAX_SEGMENTS = 2_000


@dataclass(frozen=True)
class ReviewEntry:
    """One statement by the person `by` (a pseudonym), `at` (Unix s), about `segments` (hashes).
    `text` is SHA-256, base64url, of a salt and the text; None without a text. `replies_to` is the
    digest of the entry that it answers or settles, if any.
    """

    aud: str
    ctr: str
    at: int
    by: str
    kind: ReviewKind
    segments: tuple[str, ...]
    text: str | None
    replies_to: str | None = None

    @property
    def client(self) -> str:
        """The client in `by`: a person of a client's company is `client/person`."""
        return self.by.partition("/")[0]

    def data(self) -> bytes:
        """The object's bytes."""
        obj: Json = {
            "v": 1,
            "aud": self.aud,
            "ctr": self.ctr,
            "at": self.at,
            "by": self.by,
            "kind": self.kind,
            "segments": list(self.segments),
            "text": self.text,
        }
        return canonical(obj if self.replies_to is None else {**obj, "replies_to": self.replies_to})

    @classmethod
    def parse(cls, data: bytes) -> ReviewEntry:
        """Parse a review entry; raises E_FORMAT."""
        obj = parse_canonical(data)
        json_fields.version(obj)
        listed = json_fields.array(obj, "segments", MAX_SEGMENTS)
        return cls(
            aud=json_fields.matching(obj, "aud", json_fields.AUD),
            ctr=json_fields.matching(obj, "ctr", json_fields.ID),
            at=json_fields.integer(obj, "at"),
            by=json_fields.string(obj, "by", 64),
            kind=json_fields.one_of(obj, "kind", get_args(ReviewKind)),  # type: ignore[arg-type]
            segments=tuple(json_fields.b64({"segments": each}, "segments", 32) for each in listed),
            text=json_fields.optional_b64(obj, "text", 32),
            # Entries of earlier versions have no such member.
            replies_to=(
                json_fields.optional_b64(obj, "replies_to", 32) if "replies_to" in obj else None
            ),
        )
