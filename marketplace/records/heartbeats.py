"""Which devices record now: each reports it about once a minute while it records, and not at all
otherwise. A report expires after `EXPIRES_S`, so that a page shows the end of a recording, a lost
connection or a computer that was switched off within two minutes.

A report proves nothing and credits nothing: only signed segments count.
"""

from __future__ import annotations

from sqlalchemy import Connection, Select, delete, func, select

from marketplace.storage import schema

#: A device that has reported nothing for so long (real s) counts as not recording.
EXPIRES_S = 120


def report(connection: Connection, kid: str, ctr: str, since_s: int, now_s: int) -> None:
    """Store that a device records on a contract since `since_s` (Unix s); `now_s` is real time."""
    table = schema.heartbeat
    connection.execute(delete(table).where(table.c.kid == kid))
    row: dict[str, object] = {"kid": kid, "ctr": ctr, "since_s": since_s, "at_s": now_s}
    schema.insert(connection, table, [row])


def recording_since(
    connection: Connection, contracts: Select[tuple[str]], now_s: int
) -> dict[str, int]:
    """Since when (Unix s) each of the contracts is being recorded; others are absent. `contracts`
    selects their identifiers.

    `now_s` is real time. With several devices it is the earliest of their reports.
    """
    columns = schema.heartbeat.c
    query = (
        select(columns.ctr, func.min(columns.since_s).label("since_s"))
        .where(columns.ctr.in_(contracts), columns.at_s > now_s - EXPIRES_S)
        .group_by(columns.ctr)
    )
    return {row.ctr: row.since_s for row in connection.execute(query)}
