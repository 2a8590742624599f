"""What was said later about devices and segments, as it is stored, and what of it counts.

Rows of `schema.deed` are vouches, retirements, revocations, changed memos and deletions, each with
its leaf. Pages and exports have them checked like everything else; here is only what storage itself
must know: which parts of a segment are deleted, and until when its week can be changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from diary.core.findings import DiaryError
from diary.core.vocabulary import Scope
from diary.formats.encoding import b64url_decode, digest, parse_value
from diary.log.leaf import LeafType
from diary.objects.picture import Picture
from diary.objects.segment import Segment, parse
from diary.objects.terms import Terms
from diary.objects.tombstone import Tombstone, parse_object, parse_tombstone
from diary.verification.statements import lock_ms
from marketplace.log.log import parts
from marketplace.storage import schema

#: A row of `schema.deed` with `rt_ms` and `object` of its leaf.
DeedRow = Row[Any]
#: What one device may say about one segment or device: more of it is refused, so that a check of
#: the segment stays bounded and complete.
MAX_DEEDS = 64
#: The names of the disclosures that each scope of a tombstone is about.
PARTS: dict[Scope, frozenset[str]] = {
    "memo": frozenset({"memo", "note"}),
    "minutes": frozenset({"minutes"}),
    "shot": frozenset({"shot_0", "shot_1", "shot_2"}),
    "time": frozenset(),
}


def deeds() -> Select[Any]:
    """All deeds in log order."""
    leaf = schema.leaf
    return (
        select(schema.deed, leaf.c.rt_ms, leaf.c.object)
        .join(leaf, leaf.c.idx == schema.deed.c.idx)
        .order_by(schema.deed.c.idx)
    )


def statements_about(
    connection: Connection, types: Collection[LeafType], subjects: Collection[str]
) -> list[DeedRow]:
    """What was said about segments (by hash) or devices (by kid), in log order."""
    columns = schema.deed.c
    found: list[DeedRow] = []
    for part in parts(sorted(subjects)):
        of_types = columns.type.in_([each.value for each in types])
        found += connection.execute(deeds().where(of_types, columns.subject.in_(part)))
    return sorted(found, key=lambda row: int(row.idx))


def own_terms(connection: Connection, aud: str, body: Segment) -> Terms | None:
    """The terms that a segment names, if they count for it (`docs/protocol.md` §5.1)."""
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
    """When the week of a stored segment locks, Unix ms; of a damaged one without its terms."""
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

    `counts` is False for one that only gives back time and came too late; `gives_back` is True if
    the time is given back.
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
    """The deletions of segments (by hash) in log order; those without any are left out.

    What cannot be read any more is left out too: the check names it.
    """
    found: defaultdict[str, list[Deletion]] = defaultdict(list)
    locks: dict[str, int] = {}
    for row in statements_about(connection, (LeafType.TOMBSTONE,), names):
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


def read_tombstone(row: DeedRow) -> Tombstone:
    """The tombstone of a row. Raises E_FORMAT and the like for one changed in storage."""
    return parse_object(row.object or b"") if row.data is None else parse_tombstone(row.data)


def _deletion(row: DeedRow, body: Tombstone, lock: int) -> Deletion:
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
    """The digests of what is deleted."""
    return frozenset(one for item in listed if item.effective for one in item.digests)


# The parts of a stored SD-JWT. They are found by their hash alone, so that something can be erased
# even from a record that was damaged.


def disclosures_by_digest(data: bytes) -> dict[str, tuple[str, Any]]:
    """The disclosures of an SD-JWT by digest: name and value; what cannot be read is left out."""
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
    """The hashes of pictures and thumbnails that an SD-JWT names; only in these disclosures."""
    found = set()
    for name, (part, value) in disclosures_by_digest(data).items():
        if part.startswith("shot_") and (digests is None or name in digests):
            try:
                shot = Picture.parse(value, at=0)
            except DiaryError:
                continue
            found |= {shot.blob.sha256, shot.thumb.sha256}
    return found


def shots_in(data: bytes) -> list[int]:
    """The numbers of the pictures that an SD-JWT names."""
    parts_ = (part for part, _ in disclosures_by_digest(data).values())
    return sorted(int(part[-1]) for part in parts_ if part in PARTS["shot"])


def taken_at(data: bytes) -> dict[str, int]:
    """The capture times (Unix ms) of the pictures and thumbnails that an SD-JWT shows; nothing of
    one that cannot be read.
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
