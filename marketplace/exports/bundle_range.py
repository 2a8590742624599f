"""The range of a bundle: it includes the segments that keep late segments of a retired or revoked
device payable.

A retirement names the last segment of a chain. The segments before it, by `prev`, stay valid even
if they arrive later. If that last segment is in a later week, the bundle must extend to that week.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row

from diary.core.findings import DiaryError
from diary.core.slots import WEEK, week_of
from diary.log.leaf import LeafType
from diary.objects.device_lifecycle import parse_retire
from marketplace.contracts.access import ContractAccess
from marketplace.records.statements import statements_about
from marketplace.storage import schema

#: Later segments are unpaid, so longer bundles prove nothing more.
_MOST_WEEKS = 10


def last_week_end(connection: Connection, access: ContractAccess, week: int) -> int:
    """The end (Unix s) of the last week that the bundle of `week` needs, usually its own end."""
    columns = schema.segment.c
    inside = access.segments().where(columns.t0 >= week, columns.t0 < week + WEEK)
    rows = connection.execute(
        inside.with_only_columns(columns.kid, columns.idx, maintain_column_froms=True)
    ).all()
    lives = statements_about(
        connection, (LeafType.RETIRE, LeafType.REVOKE), {row.kid for row in rows}
    )
    ended = {row.subject: row.idx for row in reversed(lives)}
    late = {row.kid for row in rows if row.idx > ended.get(row.kid, row.idx)}
    end = week + WEEK
    for head in _heads(lives, late, access.contract.ctr):
        begin = connection.execute(
            access.segments()
            .where(columns.hash == head)
            .with_only_columns(columns.t0, maintain_column_froms=True)
        ).scalar()
        if begin is not None and begin < week + _MOST_WEEKS * WEEK:
            end = max(end, week_of(begin) + WEEK)
    return end


def _heads(lives: Sequence[Row[Any]], kids: set[str], ctr: str) -> set[str]:
    """The hashes of the last segments on a contract that retired devices have named."""
    found = set()
    for row in lives:
        if row.type == LeafType.RETIRE and row.subject in kids:
            with contextlib.suppress(DiaryError):
                found |= {head.h for head in parse_retire(row.data).heads if head.ctr == ctr}
    return found
