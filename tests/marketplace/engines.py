"""The engine of the marketplaces that tests open: `pytest --engine sqlite|postgresql`."""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import LiteralString

import pytest

from marketplace.core.config import DATABASE_URL, DatabaseSettings
from marketplace.storage.database import Database
from marketplace.storage.engines.postgresql import PostgresqlDatabase
from marketplace.storage.engines.sqlite import SqliteDatabase
from tests.marketplace.postgresql_server import PostgresqlServer, postgresql_server

ENGINES = ("sqlite", "postgresql")
DATABASE = "marketplace.sqlite"


class Engines:
    """Gives each data folder a new database, migrated once: Alembic takes longer than most tests.

    On PostgreSQL it is one of a server that starts with the first.
    """

    def __init__(self) -> None:
        self.name = "sqlite"
        self._open = contextlib.ExitStack()
        self._server: PostgresqlServer | None = None
        self._of_folder: dict[Path, str] = {}

    @property
    def server(self) -> PostgresqlServer:
        if self._server is None:
            self._server = self._open.enter_context(postgresql_server())
        return self._server

    def database(self, folder: Path) -> DatabaseSettings | None:
        """The PostgreSQL database of a data folder, or None after creating an SQLite file in it.
        The next call for the same folder returns the same database. A generated folder
        (`marketplace.seed`) has an SQLite file and keeps it.
        """
        path = folder / DATABASE
        if path.exists():
            return None
        if self.name == "sqlite":
            path.write_bytes(_migrated())
            return None
        if folder not in self._of_folder:
            self._of_folder[folder] = self.server.create_marketplace()
        return self.server.settings(self._of_folder[folder])

    def open(self, path: Path) -> Database:
        """The database at a path; on PostgreSQL the path is only its name."""
        if self.name == "sqlite":
            return SqliteDatabase(path)
        settings = self.database(path)
        assert settings is not None
        return PostgresqlDatabase(settings)

    def environment(self, folder: Path) -> dict[str, str]:
        """The environment of a process that opens the marketplace of a data folder."""
        name = self._of_folder.get(folder)
        return (
            dict(os.environ)
            if name is None
            else {**os.environ, DATABASE_URL: self.server.url(name)}
        )

    def target(self, folder: Path) -> DatabaseSettings | None:
        """The database to which a command restores a new folder."""
        return None if self.name == "sqlite" else self.database(folder)

    def execute(self, folder: Path, statement: LiteralString) -> None:
        """Change the database of a data folder."""
        name = self._of_folder.get(folder)
        if name is None:
            with contextlib.closing(sqlite3.connect(folder / DATABASE)) as raw:
                raw.execute(statement)
                raw.commit()
        else:
            with self.server.connect(name) as connection:
                connection.execute(statement)

    def command(self, words: Sequence[str], folder: Path) -> int:
        """Run a command of the operator on a data folder; returns its status."""
        # The tests of other packages import this module too.
        from marketplace.cli import main

        with pytest.MonkeyPatch.context() as patch:
            if folder in self._of_folder:
                patch.setenv(DATABASE_URL, self.environment(folder)[DATABASE_URL])
            return main([*words, "--data-dir", str(folder)])

    def tables_with(self, folder: Path, data: bytes) -> list[str]:
        """The tables of a PostgreSQL database with rows that contain these bytes."""
        name = self._of_folder.get(folder)
        return [] if name is None else list(self.server.tables_with(name, data))

    def drop_closed(self) -> None:
        """Delete the databases of a test, except those of its module, which are open."""
        if self._of_folder:
            in_use = self.server.in_use()
            for folder, name in list(self._of_folder.items()):
                if name not in in_use:
                    self.server.drop(name)
                    del self._of_folder[folder]

    def copy(self, source: Path, target: Path) -> None:
        """Copy the data folder of a closed marketplace with its database."""
        shutil.copytree(source, target)
        if self.name != "sqlite":
            self._of_folder[target] = self.server.copy(self._of_folder[source])

    def close(self) -> None:
        self._of_folder.clear()
        self._open.close()
        self._server = None


@functools.cache
def _migrated() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "new.sqlite"
        SqliteDatabase(path).close()
        return path.read_bytes()


engines = Engines()
