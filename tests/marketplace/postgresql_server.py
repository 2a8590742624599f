"""A throw-away PostgreSQL server on a Unix socket, and databases of its own for each test."""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import psycopg
from psycopg import sql

from marketplace.core.config import DatabaseSettings
from marketplace.storage.engines import postgresql

#: A linguistic order, unlike SQLite's: a query must not depend on the order of texts.
_INITDB = (
    *("--username=owner", "--auth=trust", "--encoding=UTF8"),
    *("--locale-provider=icu", "--icu-locale=en-US", "--locale=C.UTF-8"),
    "--no-sync",
)
_SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "autovacuum": "off",
    "fsync": "off",
    "full_page_writes": "off",
    "shared_buffers": "32MB",
    "log_min_messages": "fatal",
}
_NEW = "new_marketplace"


class PostgresqlServer:
    """A running server. `settings` change its configuration."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self._data = folder / "data"
        if os.getuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        self._run("initdb", *_INITDB, "-D", str(self._data))
        configuration = {**_SETTINGS, "unix_socket_directories": str(folder), **settings}
        with (self._data / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in configuration.items())
        # A role with a password, for tests of wrong ones; no other role needs one.
        (self._data / "pg_hba.conf").write_text(
            "local all with_password scram-sha-256\nlocal all all trust\n", encoding="utf-8"
        )
        self._databases = 0

    def start(self) -> None:
        self._pg_ctl("start", "-l", str(self.folder / "log"))

    def stop(self) -> None:
        """End the server at once, as a crash would."""
        self._pg_ctl("stop", "-m", "immediate")

    def url(self, database: str, user: str = "owner", password: str = "") -> str:
        who = f"{user}:{password}" if password else user
        return f"postgresql://{who}@/{database}?host={self.folder}"

    def settings(self, database: str, user: str = "owner") -> DatabaseSettings:
        return DatabaseSettings({"dbname": database, "user": user, "host": str(self.folder)})

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """A connection of the superuser, in autocommit mode."""
        return psycopg.connect(self.url(database), autocommit=True)

    def create(self, name: str, template: str = "template1") -> str:
        with self.connect() as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )
        return name

    def create_marketplace(self) -> str:
        """A new database with the tables of a marketplace."""
        if not self._databases:
            self.create(_NEW)
            postgresql.upgrade(self.settings(_NEW))
        return self.copy(_NEW)

    def copy(self, database: str) -> str:
        """A copy of a database without connections."""
        self._databases += 1
        return self.create(f"marketplace_{self._databases}", database)

    def tables_with(self, database: str, data: bytes) -> list[str]:
        """The tables with rows that contain these bytes in a text or a binary value."""
        found = set()
        with self.connect(database) as connection:
            tables = connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            )
            for (table,) in tables.fetchall():
                query = sql.SQL("SELECT * FROM {}").format(sql.Identifier(table))
                for row in connection.execute(query):
                    values = (v.encode() if isinstance(v, str) else v for v in row)
                    if any(isinstance(value, bytes) and data in value for value in values):
                        found.add(table)
        return sorted(found)

    def in_use(self) -> set[str]:
        """The databases with connections."""
        with self.connect() as connection:
            rows = connection.execute("SELECT DISTINCT datname FROM pg_stat_activity").fetchall()
        return {row[0] for row in rows}

    def drop(self, name: str) -> None:
        """Delete a database, and end its connections."""
        with self.connect() as connection:
            connection.execute(
                sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            )

    def _pg_ctl(self, *arguments: str) -> None:
        self._run("pg_ctl", "-D", str(self._data), "-w", "-s", *arguments)

    def _run(self, program: str, *arguments: str) -> None:
        # PostgreSQL refuses to run as root.
        who = {"user": "postgres", "group": "postgres", "extra_groups": []}
        done = subprocess.run(
            [str(_programs() / program), *arguments],
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            text=True,
            check=False,
            **(who if os.getuid() == 0 else {}),  # type: ignore[call-overload]
        )
        assert done.returncode == 0, f"{program}: {done.stderr}"


@contextlib.contextmanager
def postgresql_server(**settings: str) -> Iterator[PostgresqlServer]:
    """A server of its own during the block. The path of its socket is short enough (107 bytes)."""
    with tempfile.TemporaryDirectory(prefix="wd-pg-") as folder:
        server = PostgresqlServer(Path(folder), **settings)
        server.start()
        try:
            yield server
        finally:
            server.stop()


@functools.cache
def _programs() -> Path:
    """The folder of the newest installed version; Debian keeps its programs off the path."""
    found: Sequence[Path] = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name)
    )
    if found:
        return found[-1]
    on_path = shutil.which("initdb")
    assert on_path is not None, "PostgreSQL is not installed"
    return Path(on_path).parent
