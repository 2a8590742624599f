"""Stored segments that decide the check of others: beside them in their chains or in time."""

from __future__ import annotations

import contextlib
import itertools
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Column, Connection, Row, Select, bindparam, select, tuple_

from diary.core.findings import Code, DiaryError
from diary.core.slots import DAY, SLOT, WEEK, day_of, week_of
from diary.log.leaf import LeafType
from diary.objects.device_lifecycle import parse_retire
from diary.verification.chain_rules import SWITCH_BREAK_S
from diary.verification.segment_rules import MAX_SWITCHES
from marketplace.log.log import parts
from marketplace.records.statements import StatementRow
from marketplace.storage import schema

SegmentRow = Row[Any]

#: Neighbours of one segment at most, so that checking it stays cheap however many a device sends.
NEIGHBOURS = 64
#: Segments between a late segment of a retired device and the head of its chain, at most.
_TO_HEAD = 4_096
#: Distance (s) within which another segment can be a change of device (`chain_rules`).
_NEAR_S = SWITCH_BREAK_S + SLOT

# Every check runs these statements; building them takes longer than running them.
_NUMBERED = (
    select(schema.segment)
    .where(schema.segment.c.kid == bindparam("kid"), schema.segment.c.ctr == bindparam("ctr"))
    .where(schema.segment.c.seq.in_(bindparam("seqs", expanding=True)))
    .order_by(schema.segment.c.idx)
    .limit(bindparam("most"))
)
_CHAIN = (
    select(schema.segment.c.hash, schema.segment.c.beacon_slot)
    .where(schema.segment.c.ctr == bindparam("ctr"))
    .where(schema.segment.c.slot >= bindparam("begin"), schema.segment.c.slot < bindparam("end"))
    .where(schema.segment.c.kid == bindparam("kid"), schema.segment.c.epoch == bindparam("epoch"))
    .where(schema.segment.c.kind == "auto", schema.segment.c.beacon_slot.is_not(None))
    .order_by(schema.segment.c.t0, schema.segment.c.seq, schema.segment.c.hash)
)
_IN_SLOTS = (
    select(schema.segment)
    .join(schema.device)
    .where(schema.device.c.sub == bindparam("sub"))
    .where(schema.segment.c.slot.in_(bindparam("slots", expanding=True)))
    .order_by(schema.segment.c.idx)
)
_PERSON = (
    select(schema.device.c.sub).where(schema.device.c.kid == bindparam("kid")).scalar_subquery()
)
_OF_DAY = (
    select(schema.segment.c.hash, schema.segment.c.kid, schema.segment.c.t0)
    .join(schema.device)
    .where(schema.device.c.sub == _PERSON, schema.segment.c.ctr == bindparam("ctr"))
    .where(schema.segment.c.slot.between(bindparam("begin"), bindparam("end")))
    .where(schema.segment.c.kind == "auto")
    .order_by(schema.segment.c.t0, schema.segment.c.seq, schema.segment.c.hash)
)
_LATER_CHANGES = (
    select(schema.segment.c.hash)
    .join(schema.device)
    .join(schema.finding, schema.finding.c.segment == schema.segment.c.hash)
    .where(schema.device.c.sub == _PERSON, schema.segment.c.ctr == bindparam("ctr"))
    .where(schema.segment.c.slot.between(bindparam("begin"), bindparam("end")))
    .where(schema.finding.c.code == Code.W_DEVICE_SWITCH.value)
    .limit(NEIGHBOURS)
)
_SUCCESSORS = select(schema.segment.c.hash).where(
    schema.segment.c.kid == bindparam("kid"),
    schema.segment.c.ctr == bindparam("ctr"),
    schema.segment.c.seq == bindparam("seq"),
)
_EARLIER_UNPAID = (
    select(schema.segment.c.hash)
    .join(schema.finding, schema.finding.c.segment == schema.segment.c.hash)
    .where(schema.finding.c.code.in_([Code.E_REVOKED.value, Code.E_RETIRED.value]))
    .where(schema.segment.c.kid == bindparam("kid"), schema.segment.c.ctr == bindparam("ctr"))
    .where(schema.segment.c.seq < bindparam("seq"))
    .limit(NEIGHBOURS)
)


def near_in_time(connection: Connection, row: SegmentRow, *, after: bool) -> list[SegmentRow]:
    """The nearest automatic segment of the same freelancer and contract before a segment in time,
    or `after` it, on any device.
    """
    values = {
        "near_kid": row.kid, "near_ctr": row.ctr, "near_t0": row.t0, "near_seq": row.seq,
        "near_hash": row.hash, "first": row.slot - _NEAR_S, "last": row.slot + _NEAR_S,
    }  # fmt: skip
    return [*connection.execute(_near(after=after), values)]


@cache
def _near(*, after: bool) -> Select[Any]:
    columns, device = schema.segment.c, schema.device
    order = (columns.t0, columns.seq, columns.hash)
    here = tuple_(bindparam("near_t0"), bindparam("near_seq"), bindparam("near_hash"))
    sub = select(device.c.sub).where(device.c.kid == bindparam("near_kid")).scalar_subquery()
    near = (
        select(schema.segment)
        .join(device)
        .where(device.c.sub == sub, columns.ctr == bindparam("near_ctr"), columns.kind == "auto")
        .where(columns.slot.between(bindparam("first"), bindparam("last")))
        .limit(1)
    )
    if after:
        return near.where(tuple_(*order) > here).order_by(*order)
    return near.where(tuple_(*order) < here).order_by(*(each.desc() for each in order))


def before(connection: Connection, rows: Sequence[SegmentRow]) -> list[SegmentRow]:
    """The segments recorded just before, on any device: before each segment of a short list; before
    the first of a long list, which covers whole weeks.
    """
    first = sorted(rows, key=lambda row: (row.t0, row.seq, row.hash))
    few = first if len(first) <= NEIGHBOURS else first[:1]
    found: list[SegmentRow] = []
    changes: set[str] = set()
    for row in few:
        for near in near_in_time(connection, row, after=False):
            found.append(near)
            if near.kid != row.kid:
                changes |= _changes_of_device(connection, row)
    return [*found, *select_in(connection, schema.segment.c.hash, changes)]


def _changes_of_device(connection: Connection, row: SegmentRow) -> set[str]:
    """The segments (by hash) before and after each earlier change of device of the same day: their
    number decides the class of later changes. As many as the class depends on.
    """
    day = day_of(row.t0)
    values = {"kid": row.kid, "ctr": row.ctr, "begin": day - _NEAR_S, "end": row.slot}
    names: list[str] = []
    for before_, after in itertools.pairwise(connection.execute(_OF_DAY, values)):
        if before_.kid != after.kid and after.t0 >= day:
            names += (before_.hash, after.hash)
    return set(names[: 2 * (MAX_SWITCHES + 1)])


def overlapping(connection: Connection, rows: Sequence[SegmentRow]) -> list[SegmentRow]:
    """The other segments of the same freelancers in the same seconds, on any contract, the earliest
    logged ones of each slot. `rows` have the `sub` of their device.
    """
    spans: defaultdict[tuple[str, int], list[SegmentRow]] = defaultdict(list)
    for row in rows:
        spans[row.sub, row.slot].append(row)
    slots: defaultdict[str, list[int]] = defaultdict(list)
    for sub, slot in spans:
        slots[sub].append(slot)
    known = {row.hash for row in rows}
    found: list[SegmentRow] = []
    for sub, listed in slots.items():
        number: Counter[int] = Counter()
        for part in parts(sorted(listed)):
            for other in connection.execute(_IN_SLOTS, {"sub": sub, "slots": part}):
                near = spans[sub, other.slot]
                if other.hash in known or not any(
                    other.t0 < row.t1 and other.t1 > row.t0 for row in near
                ):
                    continue
                number[other.slot] += 1
                if number[other.slot] <= NEIGHBOURS:
                    found.append(other)
    return found


def of_number(connection: Connection, rows: Sequence[SegmentRow]) -> list[SegmentRow]:
    """The segments with the same, the previous and the next numbers of each chain.

    Only the first logged segment of a number matters, so the limit loses nothing.
    """
    numbers: dict[tuple[str, str], set[int]] = defaultdict(set)
    for row in rows:
        numbers[row.kid, row.ctr] |= {row.seq - 1, row.seq, row.seq + 1}
    found: list[SegmentRow] = []
    for (kid, ctr), seqs in numbers.items():
        for part in parts(sorted(seqs)):
            most = NEIGHBOURS + 2 * len(part)
            values = {"kid": kid, "ctr": ctr, "seqs": part, "most": most}
            found += connection.execute(_NUMBERED, values)
    return found


def with_newer_beacon(connection: Connection, rows: Sequence[SegmentRow]) -> list[SegmentRow]:
    """The segments that make `rows` unpaid: for each that names an older beacon than its chain had
    used in the same week, the earlier one with the newest beacon.
    """
    weeks: defaultdict[tuple[str, str, int, int], set[str]] = defaultdict(set)
    for row in rows:
        if row.kind == "auto":
            weeks[row.kid, row.ctr, row.epoch, week_of(row.slot)].add(row.hash)
    names: set[str] = set()
    for (*chain, begin), wanted in weeks.items():
        newest: Row[Any] | None = None
        for other in _chain_of(connection, chain, begin, begin + WEEK):
            if newest is None or other.beacon_slot >= newest.beacon_slot:
                newest = other
            elif other.hash in wanted:
                names.add(newest.hash)
    return select_in(connection, schema.segment.c.hash, names)


def with_older_beacon(connection: Connection, row: SegmentRow) -> list[str]:
    """The later segments of the week in a segment's chain (by hash) that name an older beacon;
    this segment decides whether they are paid.
    """
    if row.kind != "auto" or row.beacon_slot is None:
        return []
    chain, end = (row.kid, row.ctr, row.epoch), week_of(row.slot) + WEEK
    later = _chain_of(connection, chain, row.slot, end)
    return [other.hash for other in later if other.beacon_slot < row.beacon_slot][:NEIGHBOURS]


def _chain_of(
    connection: Connection, chain: Sequence[object], begin: int, end: int
) -> list[Row[Any]]:
    """The `auto` segments of a chain with begin <= slot < end, in the order of time."""
    kid, ctr, epoch = chain
    values = {"kid": kid, "ctr": ctr, "epoch": epoch, "begin": begin, "end": end}
    return list(connection.execute(_CHAIN, values))


def to_heads(
    connection: Connection, rows: Sequence[SegmentRow], lives: Sequence[StatementRow]
) -> list[SegmentRow]:
    """The segments between late segments of revoked or retired devices and the heads that their
    retirements name.
    """
    since: dict[str, int] = {}
    heads: defaultdict[tuple[str, str], int] = defaultdict(int)
    for life in lives:
        if life.type != LeafType.VOUCH:
            since.setdefault(life.subject, life.idx)
        if life.type == LeafType.RETIRE:
            with contextlib.suppress(DiaryError):
                for head in parse_retire(life.data).heads:
                    heads[life.subject, head.ctr] = max(heads[life.subject, head.ctr], head.seq)
    first: dict[tuple[str, str], int] = {}
    for row in rows:
        if row.idx > since.get(row.kid, row.idx) and (row.kid, row.ctr) in heads:
            first[row.kid, row.ctr] = min(row.seq, first.get((row.kid, row.ctr), row.seq))
    columns = schema.segment.c
    found: list[SegmentRow] = []
    for (kid, ctr), seq in first.items():
        chain = select(schema.segment).where(columns.kid == kid, columns.ctr == ctr)
        between = chain.where(columns.seq >= seq, columns.seq <= heads[kid, ctr])
        found += connection.execute(between.order_by(columns.seq).limit(_TO_HEAD))
    return found


def decided_by(connection: Connection, row: SegmentRow) -> set[str]:
    """The segments (by hash) whose results a new segment can change: the next of its chain, the one
    recorded just after it on any device, later ones with an older beacon, the later changes of
    device of its day, and the unpaid earlier ones of a revoked or retired device, which it may
    connect to the head of the retirement.
    """
    values = {"kid": row.kid, "ctr": row.ctr}
    of_day = {"begin": row.slot, "end": day_of(row.t0) + DAY - SLOT}
    return {
        *connection.execute(_SUCCESSORS, {**values, "seq": row.seq + 1}).scalars(),
        *(near.hash for near in near_in_time(connection, row, after=True)),
        *with_older_beacon(connection, row),
        *connection.execute(_LATER_CHANGES, values | of_day).scalars(),
        *connection.execute(_EARLIER_UNPAID, {**values, "seq": row.seq}).scalars(),
    }


def select_in(
    connection: Connection, column: Column[Any], values: Collection[str]
) -> list[Row[Any]]:
    """The rows of a column's table with one of `values`."""
    found: list[Row[Any]] = []
    for part in parts(sorted(values)):
        found += connection.execute(_selected(column), {"values": part})
    return found


@cache
def _selected(column: Column[Any]) -> Select[Any]:
    return select(column.table).where(column.in_(bindparam("values", expanding=True)))
