"""Pictures and minute rows, which a segment may disclose besides its memo."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from diary.core.slots import MINUTE, SLOT, covered_minutes
from diary.core.vocabulary import InputQuality
from diary.formats import json_fields
from diary.formats.encoding import Json

#: keys, clicks, scrolls, moves (seconds with pointer movement; with `active-only`: active
#: seconds), injected. None is "not measured".
Row = tuple[int | None, int | None, int | None, int | None, int | None]
#: Ten rows; None where the segment covers no part of the minute.
Minutes = tuple[Row | None, ...]

UNMEASURED: Row = (None, None, None, None, None)
_MAX_COUNT = 1_000_000
_MAX_PIXELS = 100_000
MAX_BLUR = 1000


@dataclass(frozen=True)
class Blob:
    """A stored file: MIME type, length in bytes, SHA-256 as base64url."""

    mime: str
    bytes: int
    sha256: str

    def value(self) -> Json:
        """Its JSON form."""
        return {"mime": self.mime, "bytes": self.bytes, "sha256": self.sha256}

    @classmethod
    def parse(cls, value: object) -> Blob:
        """Parse its JSON form; raises E_FORMAT."""
        if not isinstance(value, dict):
            raise json_fields.bad("blob")
        return cls(
            mime=json_fields.string(value, "mime", 64),
            bytes=json_fields.integer(value, "bytes", 1, 1 << 30),
            sha256=json_fields.b64(value, "sha256", 32),
        )


@dataclass(frozen=True)
class Masks:
    """The rules of the freelancer that were in force for a picture (`docs/protocol.md` §4.2):
    whether only listed applications are shown, listed areas or the windows of listed applications
    are masked; and the side of the squares whose detail is removed, 0 for a sharp picture.
    """

    allow: bool = False
    areas: bool = False
    blur: int = 0
    deny: bool = False

    def value(self) -> Json:
        """Its JSON form."""
        return {"allow": self.allow, "areas": self.areas, "blur": self.blur, "deny": self.deny}

    @classmethod
    def parse(cls, value: object) -> Masks:
        """Parse its JSON form; raises E_FORMAT."""
        if not isinstance(value, dict):
            raise json_fields.bad("masks")
        return cls(
            allow=json_fields.boolean(value, "allow"),
            areas=json_fields.boolean(value, "areas"),
            blur=json_fields.integer(value, "blur", 0, MAX_BLUR),
            deny=json_fields.boolean(value, "deny"),
        )


@dataclass(frozen=True)
class Picture:
    """One picture: `at` (Unix ms, start of the capture), size in pixels, the screen, the stored
    blob, its thumbnail, the masked rectangles (x, y, w, h in pixels), and the masking rules, None
    if the device states none.

    `at` is in the signed payload (`shot_at`), the rest in the disclosure.
    """

    at: int
    blob: Blob
    w: int
    h: int
    screen: str
    thumb: Blob
    redacted: tuple[tuple[int, int, int, int], ...] = field(default=())
    masks: Masks | None = None

    @property
    def is_masked(self) -> bool:
        """Whether a part is masked, or all is blurred."""
        return bool(self.redacted) or (self.masks is not None and self.masks.blur > 0)

    def value(self) -> Json:
        """The disclosure's value."""
        value = {
            **self.blob.value(),
            "w": self.w,
            "h": self.h,
            "screen": self.screen,
            "thumb": self.thumb.value(),
            "redacted": [list(rectangle) for rectangle in self.redacted],
        }
        return value if self.masks is None else value | {"masks": self.masks.value()}

    @classmethod
    def parse(cls, value: Any, at: int) -> Picture:
        """Parse a disclosure's value; `at` is the payload's. Raises E_FORMAT."""
        if not isinstance(value, dict):
            raise json_fields.bad("shot")
        masks = json_fields.field(value, "redacted")
        if not isinstance(masks, list) or not all(_is_rectangle(mask) for mask in masks):
            raise json_fields.bad("redacted")
        return cls(
            at=at,
            blob=Blob.parse(value),
            w=json_fields.integer(value, "w", 1, _MAX_PIXELS),
            h=json_fields.integer(value, "h", 1, _MAX_PIXELS),
            screen=json_fields.string(value, "screen", 64),
            thumb=Blob.parse(json_fields.field(value, "thumb")),
            redacted=tuple((m[0], m[1], m[2], m[3]) for m in masks),
            # A picture of an earlier program has no such member.
            masks=Masks.parse(value["masks"]) if "masks" in value else None,
        )


def _is_rectangle(value: object) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 4
        and all(json_fields.is_int(n) and 0 <= n <= _MAX_PIXELS for n in value)
    )


def has_input(row: Row | None) -> bool:
    """Whether the minute counts as active: any key, click, scroll or movement."""
    return row is not None and any((n or 0) > 0 for n in row[:4])


def is_measured(row: Row | None) -> bool:
    """Whether anything was measured in the minute at all."""
    return row is not None and any(n is not None for n in row[:4])


def rows_with_input(minutes: Minutes) -> int:
    """The number of rows with input: the segment's `active`."""
    return sum(has_input(row) for row in minutes)


def check_minutes(value: Any, slot: int, t0: int, t1: int, quality: InputQuality) -> Minutes:
    """Parse the ten rows of `minutes`; raises E_FORMAT.

    A row is null exactly where the segment covers no part of the minute. Without a measurement
    (`unavailable`, `denied`) every covered row is all null; with `active-only` it holds at most
    the active seconds.
    """
    if not isinstance(value, list) or len(value) != SLOT // MINUTE:
        raise json_fields.bad("minutes")
    rows = []
    for row, covered in zip(value, covered_minutes(slot, t0, t1), strict=True):
        if (row is not None) != covered:
            raise json_fields.bad("minutes")
        rows.append(None if row is None else _row(row, quality))
    return tuple(rows)


def _row(row: Any, quality: InputQuality) -> Row:
    if not isinstance(row, list) or len(row) != 5:
        raise json_fields.bad("minutes")
    for n in row:
        if n is not None and not (json_fields.is_int(n) and 0 <= n <= _MAX_COUNT):
            raise json_fields.bad("minutes")
    if row[3] is not None and row[3] > MINUTE:
        raise json_fields.bad("minutes")
    if quality != "ok":
        measured = row[:3] + row[4:] if quality == "active-only" else row
        if any(n is not None for n in measured):
            raise json_fields.bad("minutes")
    return (row[0], row[1], row[2], row[3], row[4])
