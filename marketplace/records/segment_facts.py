"""The stored result of a segment's check: what pages and reports show of it.

Written in the transaction that stores the findings of a check, deleted with an erasure, and written
again by the next check. Pages read these facts instead of verifying the segment again
(ADR 0022); exports and the browser verify the signed bytes.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, bindparam, delete, select

from diary.core.vocabulary import End, InputQuality, PictureReason
from diary.objects.picture import Masks, Minutes, Picture
from diary.verification.check import Checked
from marketplace.log.log import parts
from marketplace.storage import schema

_RULES = ("allow", "deny", "areas", "blur")


@dataclass(frozen=True)
class PictureFacts:
    """A picture that is not deleted: its number, the start of its capture (Unix ms), its size in
    pixels, the masking rules in force (of `Masks`), and the hashes of picture and thumbnail.
    `masked` is true if a part of it is masked.
    """

    number: int
    at_ms: int
    w: int
    h: int
    masked: bool
    rules: tuple[str, ...]
    sha256: str
    thumb: str

    @classmethod
    def of(cls, number: int, shot: Picture) -> PictureFacts:
        """The facts of a segment's picture."""
        return cls(
            number=number,
            at_ms=shot.at,
            w=shot.w,
            h=shot.h,
            masked=bool(shot.redacted),
            rules=_rules(shot.masks),
            sha256=shot.blob.sha256,
            thumb=shot.thumb.sha256,
        )


@dataclass(frozen=True)
class MemoFacts:
    """A changed memo and the device's time of the change (Unix s); `text` is None if it was deleted
    or withheld.
    """

    text: str | None
    at: int


@dataclass(frozen=True)
class CheckFacts:
    """The visible parts of an authentic segment and the results of its check.

    `memo` is the current memo, `first_memo` the sealed one, `memos` the changed ones in log order;
    `pics` is the number of sealed pictures. `assurance` is A, B or C. `rt_ms` is when the segment
    was logged, None if its receipt is invalid.
    """

    memo: str | None
    first_memo: str | None
    memos: tuple[MemoFacts, ...]
    note: str | None
    minutes: Minutes | None
    pictures: tuple[PictureFacts, ...]
    pics: int
    shot: PictureReason
    end: End
    input: InputQuality
    assurance: str
    rt_ms: int | None
    prev: str
    terms: str
    beacon: str | None
    app: str
    os: str
    tz: str

    @classmethod
    def of(cls, checked: Checked) -> CheckFacts:
        """The facts of a checked segment."""
        body, shown = checked.sealed.segment, checked.shown
        return cls(
            memo=shown.memo,
            first_memo=shown.first_memo,
            memos=tuple(MemoFacts(each.text, each.at) for each in shown.memos),
            note=shown.note,
            minutes=shown.minutes,
            pictures=tuple(
                PictureFacts.of(number, shown.pictures[number])
                for number in sorted(shown.pictures, key=lambda n: shown.pictures[n].at)
            ),
            pics=body.pics,
            shot=body.shot,
            end=body.end,
            input=body.input,
            assurance=checked.assurance,
            rt_ms=checked.rt_ms,
            prev=body.prev,
            terms=body.terms,
            beacon=body.bcn.h if body.bcn else None,
            app=body.app,
            os=body.os,
            tz=body.tz,
        )

    @classmethod
    def parse(cls, text: str) -> CheckFacts | None:
        """Parse `facts_text`; None for a segment that is not authentic."""
        return _FACTS.validate_json(text)


#: Twice as fast as `json` with constructors, and a week has hundreds of segments.
_FACTS: TypeAdapter[CheckFacts | None] = TypeAdapter(CheckFacts | None)


def _rules(masks: Masks | None) -> tuple[str, ...]:
    return () if masks is None else tuple(name for name in _RULES if getattr(masks, name))


def facts_text(facts: CheckFacts | None) -> str:
    """The facts as JSON."""
    return json.dumps(None if facts is None else asdict(facts), ensure_ascii=False)


_FORGET = delete(schema.segment_summary).where(
    schema.segment_summary.c.segment.in_(bindparam("segments", expanding=True))
)


@dataclass(frozen=True)
class StoredFacts:
    """The facts of a segment (None: not authentic) and when it was checked (Unix s, real time)."""

    facts: CheckFacts | None
    checked_s: int


def write(
    connection: Connection, listed: Sequence[tuple[Any, CheckFacts | None]], checked_s: int
) -> None:
    """Store the facts of segments (rows of `schema.segment`), replacing earlier ones."""
    forget(connection, [row.hash for row, _ in listed])
    rows = [facts_row(row.hash, row.ctr, row.slot, facts, checked_s) for row, facts in listed]
    schema.insert(connection, schema.segment_summary, rows)


def facts_row(
    name: str, ctr: str, slot: int, facts: CheckFacts | None, checked_s: int
) -> dict[str, object]:
    """The row of `schema.segment_summary` for the segment with the hash `name`."""
    return {
        "segment": name,
        "ctr": ctr,
        "slot": slot,
        "memo": facts.memo if facts else None,
        "facts": facts_text(facts),
        "checked_s": checked_s,
    }


def forget(connection: Connection, names: Collection[str]) -> None:
    """Delete the facts of segments, for example because parts of them are erased."""
    for part in parts(sorted(names)):
        connection.execute(_FORGET, {"segments": part})


def read(connection: Connection, names: Collection[str]) -> dict[str, StoredFacts]:
    """The facts of segments by hash, without those that are not checked and those of which a part
    is about to be erased.
    """
    table, statement = schema.segment_summary, schema.statement
    found: dict[str, StoredFacts] = {}
    for part in parts(sorted(names)):
        erasing = select(statement.c.subject).where(
            statement.c.subject.in_(part), statement.c.done.is_(False)
        )
        hidden = {row.subject for row in connection.execute(erasing)}
        rows = connection.execute(select(table).where(table.c.segment.in_(part)))
        found |= {
            row.segment: StoredFacts(CheckFacts.parse(row.facts), row.checked_s)
            for row in rows
            if row.segment not in hidden
        }
    return found


def memos(connection: Connection, ctr: str, begin: int, end: int) -> dict[str, str | None]:
    """The current memos of a contract's segments with begin <= slot < end (Unix s), by hash,
    without those of which a part is about to be erased.
    """
    table, statement = schema.segment_summary, schema.statement
    inside = (table.c.ctr == ctr, table.c.slot >= begin, table.c.slot < end)
    erasing = (
        select(statement.c.subject)
        .join(table, table.c.segment == statement.c.subject)
        .where(*inside, statement.c.done.is_(False))
    )
    hidden = {row.subject for row in connection.execute(erasing)}
    rows = connection.execute(select(table.c.segment, table.c.memo).where(*inside))
    return {row.segment: row.memo for row in rows if row.segment not in hidden}
