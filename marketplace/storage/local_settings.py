"""Rows of the table `setting` that belong to one database, and not to the marketplace in it.

A copy of a marketplace leaves them out. Two of them keep a database that was moved from being
served a second time (ADR 0035): an SQLite database names the PostgreSQL database that it moves to,
and both have the token of that move.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import Connection, select

from marketplace.storage import schema

#: The token of the process that serves a PostgreSQL database.
SERVER = "server"
#: In an SQLite database: it must not be served again.
MOVED_TO = "moved_to"
#: In a PostgreSQL database: the token of the move that fills or filled it.
MOVED_FROM = "moved_from"
LOCAL = (SERVER, MOVED_TO, MOVED_FROM)


@dataclass(frozen=True)
class Moved:
    """The move of an SQLite database: its token and the name of the PostgreSQL database."""

    token: str
    database: str

    @classmethod
    def parse(cls, value: str) -> Moved:
        """The value of the setting `MOVED_TO`."""
        token, database = json.loads(value)
        return cls(token, database)

    def __str__(self) -> str:
        return json.dumps([self.token, self.database])


def read_setting(connection: Connection, name: str) -> str | None:
    """The value of a setting; None if it is not set."""
    query = select(schema.setting.c.value).where(schema.setting.c.name == name)
    return connection.execute(query).scalar()


def store_setting(connection: Connection, name: str, value: str) -> None:
    """Set or replace a setting."""
    table = schema.setting
    connection.execute(table.delete().where(table.c.name == name))
    schema.insert(connection, table, [{"name": name, "value": value}])
