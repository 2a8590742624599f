"""Check the path of a data folder before a command locks, creates or changes anything.

Only `setup` and `serve --example` may create a marketplace. With any other command a mistyped path
would otherwise create a second marketplace with another key and no devices.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path

from marketplace.core.config import DATABASE_URL, ConfigError
from marketplace.core.i18n import mark, tr
from marketplace.storage import migrate

DATABASE = "marketplace.sqlite"
#: The database of a marketplace that has moved to PostgreSQL.
FORMER = f"{DATABASE}.moved"
#: Files that an interrupted first start may leave before the database.
_REMAINS = {"lock", "port", "base-url", "blobs", "keys"}
_HINT = mark("Check --data-dir; 'setup' creates a new marketplace.")


def check(data_dir: Path, *, create: bool, sqlite: bool = True) -> None:
    """Raise ConfigError, with a sentence for the operator, if a command cannot use the folder.

    With `create`, a missing, empty or unfinished folder is accepted. Without `sqlite`, the folder
    of a marketplace has the log's key and no database. Changes nothing.
    """
    try:
        problem = _problem(data_dir, sqlite=sqlite)
    except NotADirectoryError as error:
        raise ConfigError(
            tr("%(path)s is below a file, not below a folder. %(hint)s")
            % {"path": data_dir, "hint": tr(_HINT)}
        ) from error
    except PermissionError as error:
        raise ConfigError(
            tr(
                "This user may not read %(path)s. Start the command as the user who owns the data "
                "folder; nothing was changed."
            )
            % {"path": error.filename or data_dir}
        ) from error
    except OSError as error:
        raise ConfigError(
            tr("%(path)s cannot be read: %(reason)s.")
            % {"path": data_dir, "reason": error.strerror}
        ) from error
    if problem is not None and not create:
        raise ConfigError(
            tr("%(problem)s %(hint)s Nothing was created or changed.")
            % {"problem": problem, "hint": tr(_HINT)}
        )


def has_log_key(data_dir: Path) -> bool:
    """Whether the folder has the key of a log."""
    return any((data_dir / "keys").glob("log*.key"))


def _problem(data_dir: Path, *, sqlite: bool) -> str | None:
    """Why the folder contains no marketplace yet; None if it contains one.

    Raises ConfigError for a path with other contents, in which no marketplace may be created.
    """
    try:
        # `exists` would report a folder without permissions as missing.
        data_dir.stat()
    except FileNotFoundError:
        return tr("There is no folder %(path)s.") % {"path": data_dir}
    if not data_dir.is_dir():
        raise ConfigError(
            tr("%(path)s is a file, not a data folder. %(hint)s")
            % {"path": data_dir, "hint": tr(_HINT)}
        )
    entries = set(os.listdir(data_dir))  # noqa: PTH208 - its error names the folder
    if not sqlite:
        if DATABASE in entries:
            raise ConfigError(
                tr(
                    "%(path)s holds an SQLite database, and %(variable)s names another one. Remove "
                    "the variable, or choose another folder; nothing was changed."
                )
                % {"path": data_dir, "variable": DATABASE_URL}
            )
        if has_log_key(data_dir):
            return None
    if DATABASE not in entries:
        if FORMER in entries:
            raise ConfigError(
                tr(
                    "The database of %(path)s has moved to PostgreSQL: set %(variable)s. Nothing "
                    "was changed."
                )
                % {"path": data_dir, "variable": DATABASE_URL}
            )
        if entries - _REMAINS:
            raise ConfigError(
                tr(
                    "%(path)s holds other files and no %(database)s: it is not the data folder of "
                    "a marketplace. %(hint)s Nothing was created or changed."
                )
                % {"path": data_dir, "database": DATABASE, "hint": tr(_HINT)}
            )
        if has_log_key(data_dir):
            raise ConfigError(
                tr(
                    "%(path)s holds a log's key and no %(database)s. Restore the database from "
                    "your backup: a new one under the old key would contradict all earlier "
                    "records. If its database is PostgreSQL, set %(variable)s."
                )
                % {"path": data_dir, "database": DATABASE, "variable": DATABASE_URL}
            )
        return tr("%(path)s holds no marketplace.") % {"path": data_dir}
    if _begun(data_dir / DATABASE):
        return None
    return tr("The marketplace in %(path)s is unfinished.") % {"path": data_dir}


def _begun(path: Path) -> bool:
    """Whether the database is a marketplace's whose first start has finished."""
    with path.open("rb"):
        pass  # SQLite would not name missing permissions
    # A reader creates the files of a write-ahead log unless it opens the database as immutable,
    # which is correct while no process has it open.
    in_use = path.with_name(f"{path.name}-wal").exists()
    try:
        uri = f"{path.absolute().as_uri()}?{'mode=ro' if in_use else 'immutable=1'}"
        with contextlib.closing(sqlite3.connect(uri, uri=True)) as database:
            query = "SELECT name FROM sqlite_master WHERE type = 'table'"
            tables = {row[0] for row in database.execute(query)}
            if not tables:
                return False
            if "alembic_version" not in tables:
                raise ConfigError(
                    tr("%(path)s is the database of another program. %(hint)s Nothing was changed.")
                    % {"path": path, "hint": tr(_HINT)}
                )
            revision = database.execute("SELECT version_num FROM alembic_version").fetchone()
            if revision is not None:
                migrate.require_known(revision[0])
            if "setting" not in tables:
                return False
            query = "SELECT 1 FROM setting WHERE name = 'name'"
            return database.execute(query).fetchone() is not None
    except sqlite3.Error as error:
        raise ConfigError(
            tr(
                "%(path)s cannot be read as a marketplace's database: %(reason)s. Restore it from "
                "your backup, or check --data-dir; nothing was changed."
            )
            % {"path": path, "reason": error}
        ) from error
