"""What was said about segments beside the record: labels, comments, questions, approval, dispute
(`docs/protocol.md` §5.5). The log holds that it was said and when; the words stay outside.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from diary import fields
from diary.encoding import canonical, parse_canonical
from diary.words import ReviewKind

#: More segments than a contract's week can have in earnest.
MAX_SEGMENTS = 2_000


@dataclass(frozen=True)
class Review:
    """One statement by the person `by` (a pseudonym), `at` (Unix s), about `segments` (hashes).
    `text` is SHA-256, base64url, of a salt and the words, or None where there are none.
    """

    aud: str
    ctr: str
    at: int
    by: str
    kind: ReviewKind
    segments: tuple[str, ...]
    text: str | None

    def data(self) -> bytes:
        """The object's bytes."""
        return canonical(
            {
                "v": 1,
                "aud": self.aud,
                "ctr": self.ctr,
                "at": self.at,
                "by": self.by,
                "kind": self.kind,
                "segments": list(self.segments),
                "text": self.text,
            }
        )

    @classmethod
    def parse(cls, data: bytes) -> Review:
        """Read a review; raises E_FORMAT."""
        obj = parse_canonical(data)
        fields.version(obj)
        listed = fields.array(obj, "segments", MAX_SEGMENTS)
        return cls(
            aud=fields.matching(obj, "aud", fields.AUD),
            ctr=fields.matching(obj, "ctr", fields.ID),
            at=fields.integer(obj, "at"),
            by=fields.string(obj, "by", 64),
            kind=fields.one_of(obj, "kind", get_args(ReviewKind)),  # type: ignore[arg-type]
            segments=tuple(fields.b64({"segments": each}, "segments", 32) for each in listed),
            text=fields.optional_b64(obj, "text", 32),
        )
