"""What Alembic runs: the steps, on the connection it was handed, among our own tables alone."""

from alembic import context
from sqlalchemy import Connection

from mainstem.store.migrations.ownership import ours
from mainstem.store.tables import metadata

connection: Connection = context.config.attributes["connection"]
# SQLite changes a table by copying it, which batches hide.
context.configure(
    connection=connection, target_metadata=metadata, include_name=ours, render_as_batch=True, transactional_ddl=True
)
context.run_migrations()
