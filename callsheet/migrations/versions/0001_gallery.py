"""The gallery: assets, their files, the tag index, the journal of batches.

Revision: 0001, the first.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _json() -> sa.JSON:
    return sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def _moment() -> sa.DateTime:
    return sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "asset",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("width", sa.Integer()),
        sa.Column("height", sa.Integer()),
        sa.Column("created_at", _moment(), nullable=False),
        sa.Column("added_at", _moment(), nullable=False),
        sa.Column("rating", sa.Integer()),
        sa.Column("trashed_at", _moment()),
        sa.Column("missing_since", _moment()),
        sa.Column("tags", _json(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_asset"),
        sa.UniqueConstraint("id", name="uq_asset_id"),
        sa.UniqueConstraint("sha256", name="uq_asset_sha256"),
        sa.CheckConstraint("rating BETWEEN 0 AND 5", name=op.f("ck_asset_rating_range")),
    )
    live = sa.text("trashed_at IS NULL AND missing_since IS NULL")
    op.create_index("ix_asset_live", "asset", ["created_at", "id"], sqlite_where=live, postgresql_where=live)
    op.create_table(
        "asset_path",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("asset_key", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("mtime_ns", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_asset_path"),
        sa.UniqueConstraint("path", name="uq_asset_path_path"),
        sa.ForeignKeyConstraint(["asset_key"], ["asset.key"], name="fk_asset_path_asset_key_asset"),
    )
    op.create_index("ix_asset_path_asset_key", "asset_path", ["asset_key"])
    op.create_table(
        "asset_tag",
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("asset_key", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tag", "asset_key", name="pk_asset_tag"),
        sa.ForeignKeyConstraint(["asset_key"], ["asset.key"], name="fk_asset_tag_asset_key_asset"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_asset_tag_asset_key", "asset_tag", ["asset_key"])
    op.create_table(
        "batch",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", _moment(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("reverts", sa.Integer()),
        sa.Column("undone_by", sa.Integer()),
        sa.Column("run", sa.Integer()),
        sa.PrimaryKeyConstraint("seq", name="pk_batch"),
        sa.ForeignKeyConstraint(["reverts"], ["batch.seq"], name="fk_batch_reverts_batch"),
        sa.ForeignKeyConstraint(["undone_by"], ["batch.seq"], name="fk_batch_undone_by_batch"),
        sa.ForeignKeyConstraint(["run"], ["batch.seq"], name="fk_batch_run_batch"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_batch_run", "batch", ["run"])
    op.create_table(
        "change",
        sa.Column("batch_seq", sa.Integer(), nullable=False),
        sa.Column("asset_key", sa.Integer(), nullable=False),
        sa.Column("before", _json(), nullable=False),
        sa.Column("after", _json(), nullable=False),
        sa.PrimaryKeyConstraint("batch_seq", "asset_key", name="pk_change"),
        sa.ForeignKeyConstraint(["batch_seq"], ["batch.seq"], name="fk_change_batch_seq_batch"),
        sa.ForeignKeyConstraint(["asset_key"], ["asset.key"], name="fk_change_asset_key_asset"),
    )
    op.create_index("ix_change_asset_key", "change", ["asset_key"])


def downgrade() -> None:
    for table in ("change", "batch", "asset_tag", "asset_path", "asset"):
        op.drop_table(table)
