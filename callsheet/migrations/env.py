"""Runs the migrations over the connection, and inside the transaction, that `callsheet.upgrade` hands over."""

from alembic import context

from gallery.store.model import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite changes a table by rebuilding it
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
