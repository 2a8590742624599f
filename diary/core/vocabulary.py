"""The closed vocabularies of the record (`docs/protocol.md` §4, §5)."""

from __future__ import annotations

from typing import Literal

#: `auto`: recorded; `kept`: idle time kept, with a note; `manual`: entered manually.
Kind = Literal["auto", "kept", "manual"]

#: Whether input was measured; `active-only`: active seconds, but no counts.
InputQuality = Literal["ok", "active-only", "unavailable", "denied"]

#: `ok`, or the first failure's reason; `ended`: the picture time is outside the segment; `none`:
#: the terms require no picture.
PictureReason = Literal["ok", "ended", "locked", "masked", "denied", "unavailable", "error", "none"]

#: Why the segment ended; `crash`: recovered from the journal.
End = Literal["slot", "stop", "switch", "idle", "lock", "suspend", "limit", "deleted", "crash"]

#: The scopes of a tombstone; `time`: the segment's time is given back.
Scope = Literal["memo", "minutes", "shot", "time"]

#: Kinds of review entries about segments; `allow`: the client pays their time over the limit.
ReviewKind = Literal[
    "label", "comment", "question", "answer", "approve", "dispute", "resolve", "allow"
]

#: Reasons for which the absence of a picture is lawful and costs no protection.
LAWFULLY_ABSENT = frozenset({"ended", "none"})
