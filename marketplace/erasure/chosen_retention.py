"""The memos and activity counts whose retention, chosen by the freelancer, has ended.

Time counts from the leaf of the segment, as for pictures. A week with an open question or dispute
waits until it is settled, and so do the later segments of its contract.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from sqlalchemy import select, update

from diary.core.slots import DAY, week_of
from marketplace.core.clock import MarketplaceClock
from marketplace.records import review_entries
from marketplace.storage import schema
from marketplace.storage.database import Database

#: Segments read in one batch.
_BATCH = 200


def due_parts(
    store: Database, clock: MarketplaceClock
) -> Iterator[tuple[str, Literal["memo", "minutes"]]]:
    """The segments (by hash) and their part that is due, in log order.

    After the caller has erased the parts of a batch, the next step records how far it came, so that
    a later round begins there. Erasing a part twice changes nothing.
    """
    with store.read() as connection:
        chosen = connection.execute(select(schema.contract_retention)).all()
    for choice in chosen:
        edge = choice.done_idx
        while rows := _batch(store, choice.ctr, edge, clock.wall_ms() - choice.days * DAY * 1000):
            allowed = _before_dispute(store, choice.ctr, rows)
            for row in allowed:
                yield row.hash, choice.part
            if allowed:
                edge = allowed[-1].idx
                _record(store, choice, edge)
            if len(allowed) < len(rows) or len(rows) < _BATCH:
                break


def _batch(store: Database, ctr: str, edge: int, latest_ms: int) -> list[Any]:
    columns, leaf = schema.segment.c, schema.leaf
    query = (
        select(columns.hash, columns.idx, columns.slot)
        .join(leaf, leaf.c.idx == columns.idx)
        .where(columns.ctr == ctr, columns.idx > edge, leaf.c.rt_ms <= latest_ms)
        .order_by(columns.idx)
        .limit(_BATCH)
    )
    # The reader is closed before anything is erased: an open one prevents scrubbing.
    with store.read() as connection:
        return list(connection.execute(query).all())


def _before_dispute(store: Database, ctr: str, rows: list[Any]) -> list[Any]:
    """The rows before the first one of a week with an open question or dispute."""
    allowed: list[Any] = []
    settled: dict[int, bool] = {}
    with store.read() as connection:
        for row in rows:
            week = week_of(row.slot)
            if week not in settled:
                threads = review_entries.threads(review_entries.of_week(connection, ctr, week))
                settled[week] = all(thread.settled for thread in threads)
            if not settled[week]:
                break
            allowed.append(row)
    return allowed


def _record(store: Database, choice: Any, edge: int) -> None:
    table = schema.contract_retention
    statement = (
        update(table)
        .where(table.c.ctr == choice.ctr, table.c.part == choice.part)
        .values(done_idx=edge)
    )
    store.write(lambda connection: connection.execute(statement)).result()
