"""Selects the segments of a crowded week that one page checks.

A device can send a thousand one-second segments into one slot. All of them are logged and credited;
a page checks the first ones of a slot, states how many more there are, and links to further pages.
The limits exceed every honest week.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row

from marketplace.contracts.access import ContractAccess
from marketplace.log.log import parts
from marketplace.records.examiner import SegmentRow
from marketplace.storage import schema

#: Segments of one slot on a page at most.
OF_SLOT = 30
#: Segments that a day page checks at most: of the day, and of the rest of its weeks.
_OF_DAY, _OF_REST = 600, 1_200

#: A segment's columns, without the signed bytes.
LightRow = Row[Any]


def light_rows(
    connection: Connection, access: ContractAccess, since: int, until: int
) -> list[LightRow]:
    """The segments with since <= slot < until (Unix s), in the order of their times."""
    columns = schema.segment.c
    query = access.segments().where(columns.slot >= since, columns.slot < until)
    light = [
        columns.hash, columns.idx, columns.kid, columns.kind, columns.ctr, columns.slot,
        columns.t0, columns.t1, columns.pays, columns.given_back, columns.given_back_idx,
        columns.limit_s, columns.client,
    ]  # fmt: skip
    query = query.with_only_columns(*light, maintain_column_froms=True)
    rows = connection.execute(query.order_by(columns.slot, columns.t0, columns.idx))
    return list(rows)


def full_rows(
    connection: Connection, access: ContractAccess, names: Iterable[str]
) -> list[SegmentRow]:
    """The segments of these hashes."""
    found: list[SegmentRow] = []
    for part in parts(sorted(names)):
        found += connection.execute(access.segments().where(schema.segment.c.hash.in_(part)))
    return found


def chosen(
    rows: Iterable[LightRow], begin: int, end: int, page: int = 1
) -> tuple[set[str], set[str]]:
    """The hashes of the segments to check, in [begin, end) and outside of it.

    Inside, `page` (from 1) selects the segments of each slot; outside, the first ones.
    """
    inside: defaultdict[int, list[str]] = defaultdict(list)
    outside: defaultdict[int, list[str]] = defaultdict(list)
    for row in rows:
        (inside if begin <= row.slot < end else outside)[row.slot].append(row.hash)
    first = (page - 1) * OF_SLOT
    return _some(inside, _OF_DAY, first), _some(outside, _OF_REST, 0)


def _some(slots: dict[int, list[str]], most: int, first: int) -> set[str]:
    """An equal number of segments of each slot, `most` in total."""
    each = min(OF_SLOT, max(1, most // max(1, len(slots))))
    if sum(map(len, slots.values())) <= most:
        each = OF_SLOT
    return {name for names in slots.values() for name in names[first : first + each]}


def pages(count: int) -> int:
    """The number of pages that the segments of one slot take."""
    return max(1, -(-count // OF_SLOT))
