"""Alembic environment: upgrades the connection of `marketplace.storage.migrate`."""

from alembic import context

from marketplace.storage.schema import metadata

connection = context.config.attributes["connection"]
# SQLite cannot alter most columns in place; batch mode copies the table.
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
connection.commit()
