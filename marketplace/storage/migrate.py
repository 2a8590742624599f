"""Upgrade a database to the current schema with Alembic."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from marketplace.core.config import ConfigError
from marketplace.core.i18n import tr

if TYPE_CHECKING:
    from alembic.config import Config

#: The newest migration. A database at this revision is opened without loading Alembic.
HEAD = "0035"
_SCRIPTS = Path(__file__).parent / "migrations"


def upgrade(engine: Engine) -> None:
    """Create or upgrade the tables. Raises ConfigError for a database of a newer version."""
    with engine.connect() as connection:
        present = _present(connection)
        if present != HEAD:
            _upgrade(connection, present)


def require_current(connection: Connection) -> None:
    """Raise ConfigError for a database that is empty or has the tables of another version."""
    present = _present(connection)
    if present is None:
        raise ConfigError(tr("The database holds no marketplace; nothing was changed."))
    require_known(present)
    if present != HEAD:
        raise ConfigError(
            tr(
                "The database has the tables of an earlier version. Run 'workdiary-marketplace "
                "migrate' first; nothing was changed."
            )
        )


def _present(connection: Connection) -> str | None:
    """The revision of the database; None for a new one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def is_current(engine: Engine) -> bool:
    """Whether the tables are those of this version."""
    with engine.connect() as connection:
        return _present(connection) == HEAD


def require_known(present: str) -> None:
    """Raise ConfigError for a revision of a newer version."""
    if present != HEAD:
        _require_known(_config(), present)


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    # The configuration parser interpolates percent signs.
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    return config


def _upgrade(connection: Connection, present: str | None) -> None:
    from alembic import command

    config = _config()
    if present is not None:
        _require_known(config, present)
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _require_known(config: Config, present: str) -> None:
    from alembic.script import ScriptDirectory

    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if present not in known:
        raise ConfigError(
            "This database was written by a newer version of the marketplace. Nothing was "
            "changed. Start the newer version, or choose another folder or database."
        )
