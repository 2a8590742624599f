"""How much of a crowded week one page checks: enough for every honest one, bounded for all others.

A device can send a thousand segments of one second each into ten minutes. All of them are logged
and counted; a page checks the first ones of a slot, shows how many more there are, and leads to
pages with the rest.
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

#: Segments of one slot on a page.
OF_SLOT = 30
#: Segments that a page of a day shows, and those of the rest of its weeks.
_OF_DAY, _OF_REST = 600, 1_200

#: A segment's columns, without the signed bytes.
LightRow = Row[Any]


def light_rows(
    connection: Connection, book: ContractAccess, since: int, until: int
) -> list[LightRow]:
    """The segments with since <= slot < until (Unix s), in the order of their times."""
    columns = schema.segment.c
    query = book.segments().where(columns.slot >= since, columns.slot < until)
    light = [
        columns.hash, columns.idx, columns.kid, columns.kind, columns.ctr, columns.slot,
        columns.t0, columns.t1, columns.pays, columns.given_back, columns.given_back_idx,
        columns.limit_s, columns.client,
    ]  # fmt: skip
    query = query.with_only_columns(*light, maintain_column_froms=True)
    rows = connection.execute(query.order_by(columns.slot, columns.t0, columns.idx))
    return list(rows)


def full_rows(
    connection: Connection, book: ContractAccess, names: Iterable[str]
) -> list[SegmentRow]:
    """The segments of these hashes."""
    found: list[SegmentRow] = []
    for part in parts(sorted(names)):
        found += connection.execute(book.segments().where(schema.segment.c.hash.in_(part)))
    return found


def chosen(
    rows: Iterable[LightRow], begin: int, end: int, page: int = 1
) -> tuple[set[str], set[str]]:
    """The hashes of those to check: in [begin, end) and outside of it.

    Inside, `page` (from 1) says which of a slot; of the rest, always the first ones.
    """
    inside: defaultdict[int, list[str]] = defaultdict(list)
    outside: defaultdict[int, list[str]] = defaultdict(list)
    for row in rows:
        (inside if begin <= row.slot < end else outside)[row.slot].append(row.hash)
    first = (page - 1) * OF_SLOT
    return _some(inside, _OF_DAY, first), _some(outside, _OF_REST, 0)


def _some(slots: dict[int, list[str]], most: int, first: int) -> set[str]:
    """Of each slot as many as all of them may have."""
    each = min(OF_SLOT, max(1, most // max(1, len(slots))))
    if sum(map(len, slots.values())) <= most:
        each = OF_SLOT
    return {name for names in slots.values() for name in names[first : first + each]}


def pages(count: int) -> int:
    """How many pages the segments of one slot take."""
    return max(1, -(-count // OF_SLOT))
