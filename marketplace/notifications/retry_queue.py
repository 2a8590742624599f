"""A queue of messages to other servers: rows of the database, sent at least once.

A row is written in the transaction of its event, so that it is lost only with the event. It names
its next attempt; after a crash between the acceptance by the other server and the commit it is sent
again, so each table has a column with an identifier for the recipient. The content of a row is
deleted when it is sent or given up.

Its table has the columns `id`, `data`, `created_s`, `next_s` (null for a row that was sent or given
up), `attempts`, `sent_s` and `failed_s`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, delete, or_, select, update

#: The content of a row that was sent or given up.
EMPTY = "{}"


@dataclass(frozen=True)
class RetryQueue:
    """The queue in `table`.

    `retry_s` are the seconds before the next attempt, by the number of failed ones; then the row is
    given up. Rows that waited for `stale_s` seconds are deleted, and so are sent and given-up rows
    after `kept_s` seconds. Times are real time.
    """

    table: Table
    retry_s: Sequence[int]
    stale_s: int
    kept_s: int

    def new_row(self, now_s: int, data: str) -> dict[str, object]:
        """The columns of a new row that is due at once."""
        return {"data": data, "created_s": now_s, "next_s": now_s, "attempts": 0}

    def due(
        self, connection: Connection, now_s: int, limit: int, *where: ColumnElement[bool]
    ) -> Sequence[Row[Any]]:
        """The rows whose time has come, oldest first. `where` limits them."""
        columns = self.table.c
        return connection.execute(
            select(self.table)
            .where(columns.next_s <= now_s, *where)
            .order_by(columns.next_s, columns.id)
            .limit(limit)
        ).all()

    def mark_sent(self, connection: Connection, row: int, now_s: int, **values: object) -> None:
        """The other server has accepted the row. `values` are more columns to set."""
        self._end(connection, row, {"sent_s": now_s, **values})

    def mark_failed(
        self, connection: Connection, row: int, now_s: int, *, permanent: bool, **values: object
    ) -> bool:
        """An attempt failed; returns whether another one follows. `values` are more columns to set.

        A row that is unknown or not waiting any more stays as it is.
        """
        columns = self.table.c
        attempts = connection.execute(
            select(columns.attempts).where(columns.id == row, columns.next_s.is_not(None))
        ).scalar()
        if attempts is None:
            return False
        if permanent or attempts >= len(self.retry_s):
            self._end(connection, row, {"failed_s": now_s, **values})
            return False
        connection.execute(
            update(self.table)
            .where(columns.id == row)
            .values(attempts=attempts + 1, next_s=now_s + self.retry_s[attempts], **values)
        )
        return True

    def postpone(
        self, connection: Connection, now_s: int, seconds: int, *where: ColumnElement[bool]
    ) -> None:
        """Let the due rows of `where` wait for some seconds, without counting an attempt."""
        due = self.table.c.next_s <= now_s
        connection.execute(update(self.table).where(due, *where).values(next_s=now_s + seconds))

    def drop_old(self, connection: Connection, now_s: int) -> None:
        """Delete rows that waited too long, and old rows."""
        columns = self.table.c
        waiting = columns.next_s.is_not(None)
        connection.execute(
            delete(self.table).where(
                or_(
                    waiting & (columns.created_s <= now_s - self.stale_s),
                    ~waiting & (columns.created_s <= now_s - self.kept_s),
                )
            )
        )

    def _end(self, connection: Connection, row: int, values: dict[str, object]) -> None:
        connection.execute(
            update(self.table)
            .where(self.table.c.id == row)
            .values(data=EMPTY, next_s=None, **values)
        )
