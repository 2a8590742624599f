"""Stored statements about devices and segments, and their effect.

Rows of `schema.statement` are vouches, retirements, revocations, changed memos and deletions, each
with its leaf. Pages and exports verify them like all records; this module answers what storage
itself needs: which parts of a segment are deleted, and when its week locks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, select

from diary.core.findings import DiaryError
from diary.core.vocabulary import Scope
from diary.formats.encoding import b64url_decode, digest, parse_value
from diary.formats.sd_jwt import remove_disclosures
from diary.log.leaf import LeafType
from diary.objects.picture import Picture
from diary.objects.segment import Segment, parse
from diary.objects.terms import Terms
from diary.objects.tombstone import Tombstone, parse_object, parse_tombstone
from diary.verification.statements import lock_ms
from marketplace.log.log import parts
from marketplace.storage import schema

#: A row of `schema.statement` with `rt_ms` and `object` of its leaf.
StatementRow = Row[Any]
#: Statements of one type by one device about one subject; more are refused, so that a check of the
#: subject stays bounded and complete.
MAX_STATEMENTS = 64
#: The names of the disclosures in each scope of a tombstone.
PARTS: dict[Scope, frozenset[str]] = {
    "memo": frozenset({"memo", "note"}),
    "minutes": frozenset({"minutes"}),
    "shot": frozenset({"shot_0", "shot_1", "shot_2"}),
    "time": frozenset(),
}


def all_statements() -> Select[Any]:
    """A query of all statements in log order."""
    leaf = schema.leaf
    return (
        select(schema.statement, leaf.c.rt_ms, leaf.c.object)
        .join(leaf, leaf.c.idx == schema.statement.c.idx)
        .order_by(schema.statement.c.idx)
    )


_ABOUT = all_statements().where(
    schema.statement.c.type.in_(bindparam("types", expanding=True)),
    schema.statement.c.subject.in_(bindparam("subjects", expanding=True)),
)


_DELETES = (LeafType.TOMBSTONE,)


def statements_about(
    connection: Connection, types: Collection[LeafType], subjects: Collection[str]
) -> list[StatementRow]:
    """The statements about segments (by hash) or devices (by kid), in log order."""
    found: list[StatementRow] = []
    names = [each.value for each in types]
    for part in parts(sorted(subjects)):
        found += connection.execute(_ABOUT, {"types": names, "subjects": part})
    return sorted(found, key=lambda row: int(row.idx))


@dataclass(frozen=True)
class StatementBatch:
    """A page of statements in log order, the enrolments of their signers by kid, the log row after
    which the page begins, and whether more statements follow.
    """

    rows: tuple[StatementRow, ...]
    signers: dict[str, bytes]
    after: int
    more: bool


def statements_of_account(
    connection: Connection, sub: str, after: int, limit: int
) -> StatementBatch:
    """At most `limit` changed memos and deletions of an account's segments after the log row
    `after`.
    """
    statement, segment, device = schema.statement, schema.segment, schema.device
    newest = connection.execute(select(func.max(schema.leaf.c.idx))).scalar()
    if newest is None or after > newest:
        # The log has become shorter: the marketplace was restored from a backup.
        after = -1
    rows = connection.execute(
        all_statements()
        .join(segment, segment.c.hash == statement.c.subject)
        .join(device, device.c.kid == segment.c.kid)
        .where(device.c.sub == sub, statement.c.idx > after)
        .where(statement.c.type.in_([LeafType.AMEND.value, LeafType.TOMBSTONE.value]))
        .limit(limit + 1)
    ).all()
    found = rows[:limit]
    kids = {row.kid for row in found if row.kid is not None}
    signers = connection.execute(select(device).where(device.c.kid.in_(kids)))
    return StatementBatch(
        tuple(found), {row.kid: row.jws for row in signers}, after, len(rows) > limit
    )


def segment_of_account(connection: Connection, aud: str, sub: str, name: str) -> bytes | None:
    """A segment of an account (by hash) without its deleted parts; None if there is none."""
    columns, device = schema.segment.c, schema.device
    data = connection.execute(
        select(columns.data)
        .join(device, device.c.kid == columns.kid)
        .where(columns.hash == name, device.c.sub == sub)
    ).scalar()
    if data is None:
        return None
    gone = deletions(connection, aud, [name]).get(name, ())
    return remove_disclosures(data, deleted_digests(gone))


def own_terms(connection: Connection, aud: str, body: Segment) -> Terms | None:
    """The terms that a segment names, if they apply to it (`docs/protocol.md` §5.1)."""
    row = connection.execute(
        select(schema.leaf.c.object, schema.leaf.c.rt_ms)
        .join(schema.terms, schema.terms.c.idx == schema.leaf.c.idx)
        .where(schema.terms.c.hash == body.terms)
    ).first()
    if row is None or row.object is None or digest(row.object) != body.terms:
        return None
    try:
        terms = Terms.parse(row.object)
    except DiaryError:
        return None
    same = (terms.aud, terms.ctr, terms.sub) == (aud, body.ctr, body.sub)
    return terms if same and terms.from_s * 1000 >= row.rt_ms else None


def lock_ms_of(connection: Connection, aud: str, name: str) -> int:
    """When the week of a stored segment locks, Unix ms; without its terms for a damaged segment."""
    columns = schema.segment.c
    row = connection.execute(select(columns.data, columns.t0).where(columns.hash == name)).one()
    try:
        body = parse(row.data).segment
    except DiaryError:
        return lock_ms(row.t0, None)
    return lock_ms(body.t0, own_terms(connection, aud, body))


@dataclass(frozen=True)
class Deletion:
    """A tombstone. `by` is the device's kid, None for the marketplace; `rt_ms` when it was logged.

    `effective` is False for a tombstone that deletes only time and was logged after the lock;
    `releases_time` is True if it deletes the time of the segment.
    """

    digest: str
    segment: str
    by: str | None
    rt_ms: int
    digests: frozenset[str]
    scope: tuple[Scope, ...]
    reason: str
    effective: bool
    releases_time: bool


def deletions(
    connection: Connection, aud: str, names: Collection[str]
) -> dict[str, tuple[Deletion, ...]]:
    """The deletions of segments (by hash) in log order; segments without any are omitted.

    Unreadable tombstones are omitted; the check reports them.
    """
    return deletions_in(connection, aud, statements_about(connection, _DELETES, names))


def deletions_in(
    connection: Connection, aud: str, rows: Iterable[StatementRow]
) -> dict[str, tuple[Deletion, ...]]:
    """The deletions among statements in log order, as `deletions` returns them."""
    found: defaultdict[str, list[Deletion]] = defaultdict(list)
    locks: dict[str, int] = {}
    for row in rows:
        if row.type != LeafType.TOMBSTONE:
            continue
        name = row.subject
        try:
            body = read_tombstone(row)
            if name not in locks:
                locks[name] = lock_ms_of(connection, aud, name)
        except DiaryError:
            continue
        if body.segment == name:
            found[name].append(_deletion(row, body, locks[name]))
    return {name: tuple(listed) for name, listed in found.items()}


def read_tombstone(row: StatementRow) -> Tombstone:
    """The tombstone of a row. Raises DiaryError for one changed in storage."""
    return parse_object(row.object or b"") if row.data is None else parse_tombstone(row.data)


def _deletion(row: StatementRow, body: Tombstone, lock: int) -> Deletion:
    in_time = row.rt_ms < lock
    return Deletion(
        digest=row.digest,
        segment=body.segment,
        by=row.kid,
        rt_ms=row.rt_ms,
        digests=frozenset(body.digests),
        scope=body.scope,
        reason=body.reason,
        effective=in_time or body.scope != ("time",),
        releases_time=in_time and "time" in body.scope,
    )


def deleted_digests(listed: Iterable[Deletion]) -> frozenset[str]:
    """The digests of the deleted disclosures."""
    return frozenset(one for item in listed if item.effective for one in item.digests)


# Disclosures of a stored SD-JWT, found by their hash alone, so that they can be erased even from a
# damaged record.


def disclosures_by_digest(data: bytes) -> dict[str, tuple[str, Any]]:
    """Name and value of the readable disclosures of an SD-JWT, by digest."""
    found = {}
    for text in data.split(b"~")[1:]:
        try:
            value = parse_value(b64url_decode(text.decode("ascii")))
        except (DiaryError, UnicodeDecodeError):
            continue
        if isinstance(value, list) and len(value) == 3 and isinstance(value[1], str):
            found[digest(text)] = (value[1], value[2])
    return found


def pictures(data: bytes, digests: Collection[str] | None = None) -> set[str]:
    """The hashes of pictures and thumbnails that an SD-JWT names, optionally only in `digests`."""
    found = set()
    for name, (part, value) in disclosures_by_digest(data).items():
        if part.startswith("shot_") and (digests is None or name in digests):
            try:
                picture = Picture.parse(value, at=0)
            except DiaryError:
                continue
            found |= {picture.blob.sha256, picture.thumb.sha256}
    return found


def picture_numbers(data: bytes) -> list[int]:
    """The numbers of the pictures that an SD-JWT discloses."""
    parts_ = (part for part, _ in disclosures_by_digest(data).values())
    return sorted(int(part[-1]) for part in parts_ if part in PARTS["shot"])


def taken_at(data: bytes) -> dict[str, int]:
    """The capture times (Unix ms) of the disclosed pictures and thumbnails, by hash; empty for an
    unreadable SD-JWT.
    """
    try:
        sealed = parse(data)
    except DiaryError:
        return {}
    times = sealed.segment.shot_at
    return {
        part.sha256: times[index]
        for index, shot in sealed.pictures.items()
        for part in (shot.blob, shot.thumb)
    }
