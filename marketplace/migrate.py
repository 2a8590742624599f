"""Bringing a database up to the present schema: by Alembic, the only way tables are made."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from marketplace.config import ConfigError

_SCRIPTS = Path(__file__).parent / "migrations"


def upgrade(engine: Engine) -> None:
    """Make or upgrade the tables. Raises ConfigError for a database of a newer version."""
    config = Config()
    # A percent sign is a variable to the configuration parser behind Alembic.
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    scripts = ScriptDirectory.from_config(config)
    with engine.connect() as connection:
        present = MigrationContext.configure(connection).get_current_revision()
        if present == scripts.get_current_head():
            return
        if present is not None and present not in {s.revision for s in scripts.walk_revisions()}:
            raise ConfigError(
                "This data folder was written by a newer version of the marketplace. "
                "Nothing was changed. Start the newer version, or choose another folder."
            )
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
