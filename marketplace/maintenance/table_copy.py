"""Copies all rows of a marketplace from one database to another, and compares both.

The tables are those of `schema.metadata`, in the order of their foreign keys. The order of rows
differs between databases, so a comparison adds the digests of all rows of a table.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, Select, Table, create_engine, func, select
from sqlalchemy.pool import NullPool

from diary.core.display import REPLACEMENT
from diary.log.signed_note import NoteVerifier
from marketplace.core.config import ConfigError
from marketplace.core.i18n import tr
from marketplace.log.audit import audit_log
from marketplace.storage import migrate, schema
from marketplace.storage.local_settings import LOCAL, read_setting

Report = Callable[[str], None]

#: Rows between two lines of progress.
_REPORTED = 100_000
#: Rows that are read or inserted at a time.
_CHUNK = 1_000
_DIGEST_BITS = 128


@dataclass
class Tally:
    """The number of rows of a table and the sum of their digests, modulo 2^128."""

    rows: int = 0
    digests: int = 0

    def counted(self, rows: Iterable[tuple[object, ...]]) -> Iterator[tuple[object, ...]]:
        """The same rows, counted as they pass."""
        for row in rows:
            made = hashlib.blake2b(repr(row).encode(), digest_size=_DIGEST_BITS // 8).digest()
            self.rows += 1
            self.digests = (self.digests + int.from_bytes(made)) % (1 << _DIGEST_BITS)
            yield row


def fill_postgresql(
    source: Connection,
    engine: Engine,
    verifiers: Sequence[NoteVerifier],
    report: Report,
    before_commit: Callable[[], None] = lambda: None,
) -> int:
    """Copy a marketplace to a PostgreSQL database in one transaction; returns the number of rows.

    Before the commit the rows are read back and compared, and the log is verified with the keys
    `verifiers`. Raises ConfigError if the database is not empty, or if one of these fails: then
    nothing was stored.
    """
    from marketplace.storage.engines import postgresql_copy

    with engine.begin() as target:
        require_empty(target)
        # First, because it needs the rights of the owner, and the copy can take long.
        for table in schema.insert_order():
            if (column := table.autoincrement_column) is not None:
                last = source.execute(select(func.max(column))).scalar()
                postgresql_copy.continue_numbers(target, column, last)
        count = _copy(source, target, postgresql_copy.copy_in, report)
        report(tr("verifying the log"))
        findings = audit_log(lambda: contextlib.nullcontext(target), verifiers)
        if findings:
            raise log_error(str(each.code) for each in findings)
        postgresql_copy.analyze(target, schema.insert_order())
        before_commit()
    return count


def fill_sqlite(source: Connection, path: Path, report: Report) -> int:
    """Copy a marketplace to a new SQLite file, which exists and is empty; returns the number of
    rows. Raises ConfigError if the copy differs.
    """
    engine = create_engine(URL.create("sqlite", database=str(path)), poolclass=NullPool)
    migrate.upgrade(engine)
    with engine.begin() as target:
        return _copy(source, target, _insert, report)


def require_empty(connection: Connection) -> None:
    """Raise ConfigError if a database has rows of a marketplace."""
    name = read_setting(connection, "name")
    if name is not None:
        raise ConfigError(
            tr(
                "The PostgreSQL database holds the marketplace %(name)r already. Choose an empty "
                "database; nothing was changed."
            )
            % {"name": name}
        )
    for table in schema.insert_order():
        if connection.execute(_rows_of(table).limit(1)).first() is not None:
            raise ConfigError(
                tr(
                    "The table %(table)s of the PostgreSQL database has rows. Choose an empty "
                    "database; nothing was changed."
                )
                % {"table": table.name}
            )


def log_error(codes: Iterable[str]) -> ConfigError:
    """The error for a log that does not verify."""
    text = tr("The log does not verify: %(findings)s.")
    return ConfigError(text % {"findings": ", ".join(sorted(set(codes)))})


def _copy(
    source: Connection,
    target: Connection,
    load: Callable[[Connection, Table, Iterable[tuple[object, ...]]], None],
    report: Report,
) -> int:
    """Copy all rows and compare them; returns their number."""
    total = sum(
        source.execute(select(func.count()).select_from(_rows_of(table).subquery())).scalar_one()
        for table in schema.insert_order()
    )
    copied: dict[str, Tally] = {}
    progress = _progress(tr("copied %(count)d of %(total)d rows"), total, report)
    for table in schema.insert_order():
        tally = copied[table.name] = Tally()
        load(target, table, progress(tally.counted(_rows(source, table))))
    progress = _progress(tr("compared %(count)d of %(total)d rows"), total, report)
    for table in schema.insert_order():
        found = Tally()
        for _ in progress(found.counted(_rows(target, table))):
            pass
        if found != copied[table.name]:
            raise ConfigError(
                tr("The copy of the table %(table)s differs from it. Nothing was changed.")
                % {"table": table.name}
            )
    return total


def _progress(
    text: str, total: int, report: Report
) -> Callable[[Iterable[tuple[object, ...]]], Iterator[tuple[object, ...]]]:
    """A filter that counts the rows of all tables and reports their number now and then."""
    count = 0

    def passing(rows: Iterable[tuple[object, ...]]) -> Iterator[tuple[object, ...]]:
        nonlocal count
        for row in rows:
            yield row
            count += 1
            if count % _REPORTED == 0:
                report(text % {"count": count, "total": total})

    return passing


def _rows(connection: Connection, table: Table) -> Iterator[tuple[object, ...]]:
    """The rows of a table, of which few are in memory at a time."""
    result = connection.execute(_rows_of(table), execution_options={"yield_per": _CHUNK})
    for row in result:
        # As the PostgreSQL engine stores them.
        yield tuple(
            value.replace("\0", REPLACEMENT) if isinstance(value, str) else value for value in row
        )


def _rows_of(table: Table) -> Select[tuple[object, ...]]:
    query: Select[tuple[object, ...]] = select(table)
    return query.where(table.c.name.not_in(LOCAL)) if table is schema.setting else query


def _insert(connection: Connection, table: Table, rows: Iterable[tuple[object, ...]]) -> None:
    names = table.columns.keys()
    left = iter(rows)
    while chunk := [dict(zip(names, row, strict=True)) for row in islice(left, _CHUNK)]:
        connection.execute(table.insert(), chunk)
