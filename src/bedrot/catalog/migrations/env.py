"""Run by alembic for every migration, on the connection that it was handed."""

from alembic import context

from bedrot.catalog.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
)
with context.begin_transaction():
    context.run_migrations()
