"""Run by Alembic: upgrades the connection that `marketplace.storage.migrate` gives it."""

from alembic import context

from marketplace.storage.schema import metadata

connection = context.config.attributes["connection"]
# SQLite changes tables by copying them, which `render_as_batch` writes into new migrations.
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
connection.commit()
