"""Fills empty tables of a PostgreSQL database by its COPY protocol."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Column, Connection, Table, func, select, text

from marketplace.core.config import ConfigError
from marketplace.core.i18n import tr


def copy_in(connection: Connection, table: Table, rows: Iterable[Sequence[object]]) -> None:
    """Add rows, whose values are in the order of the table's columns, in the open transaction.

    One COPY is one statement, after which foreign keys within the table are checked. Raises
    ConfigError, which repeats no value, for a row that the table cannot store.
    """
    raw: Any = connection.connection.dbapi_connection
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table.name),
        sql.SQL(", ").join(sql.Identifier(column.name) for column in table.columns),
    )
    try:
        with raw.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except psycopg.Error as error:
        raise ConfigError(
            tr(
                "The table %(table)s cannot be copied to the PostgreSQL database: %(reason)s. "
                "Nothing was changed."
            )
            % {
                "table": table.name,
                # Its other parts repeat values.
                "reason": error.diag.message_primary or type(error).__name__,
            }
        ) from None


def continue_numbers(connection: Connection, column: Column[int], last: int | None) -> None:
    """Let the engine continue the numbers of rows after `last`; this is not part of a transaction.

    Raises ConfigError if the role does not own the table.
    """
    sequence = func.pg_get_serial_sequence(f'"{column.table.name}"', column.name)
    permitted = select(func.has_sequence_privilege(sequence, "UPDATE"))
    if not connection.execute(permitted).scalar():
        raise ConfigError(
            tr(
                "This role may not set the numbers of rows of the PostgreSQL database. Run the "
                "command as the owner of the tables; nothing was changed."
            )
        )
    # The third argument is whether the number is in use.
    connection.execute(select(func.setval(sequence, last or 1, last is not None)))


def analyze(connection: Connection, tables: Iterable[Table]) -> None:
    """Collect the statistics of new rows now, so that the first queries have good plans."""
    for table in tables:
        connection.execute(text(f'ANALYZE "{table.name}"'))
