"""Notes, lineage, generation data, likeness, collections, saved searches, watched folders.

Revision: 0002.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


_HAD_BY_FEW = ("note", "edited_at", "trashed_at", "missing_since")


def _json() -> sa.JSON:
    return sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def _moment() -> sa.DateTime:
    return sa.DateTime(timezone=True)


def _sorted_text() -> sa.Text:
    return sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("asset", sa.Column("note", sa.Text()))
    op.add_column("asset", sa.Column("rejected", _json(), nullable=False, server_default="[]"))
    op.add_column("asset", sa.Column("parents", _json(), nullable=False, server_default="[]"))
    op.add_column("asset", sa.Column("operation", sa.Text()))
    op.add_column("asset", sa.Column("edited_at", _moment()))
    op.add_column("asset", sa.Column("dhash", sa.BigInteger()))
    for number, shift in enumerate((0, 16, 32, 48)):
        op.create_index(f"ix_asset_dhash_{number}", "asset", [sa.text(f"((dhash >> {shift}) & 65535)")])
    op.add_column("asset_path", sa.Column("checked_at", _moment()))
    _orders()
    live = sa.text("trashed_at IS NULL AND missing_since IS NULL")
    folder = sa.text("rtrim(path, replace(path, '/', ''))")
    op.create_index("ix_asset_folder", "asset", [folder, "key"], sqlite_where=live, postgresql_where=live)
    _assets()
    _collections()
    _sidecars()
    op.create_table(
        "saved_search",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("saved_at", _moment(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_saved_search"),
    )
    op.create_table(
        "root",
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("identity", sa.Text(), nullable=False),
        sa.Column("seen_at", _moment(), nullable=False),
        sa.PrimaryKeyConstraint("path", name="pk_root"),
    )
    op.create_table(
        "record_change",
        sa.Column("batch_seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("before", _json()),
        sa.Column("after", _json()),
        sa.PrimaryKeyConstraint("batch_seq", "kind", "name", name="pk_record_change"),
        sa.ForeignKeyConstraint(["batch_seq"], ["batch.seq"], name="fk_record_change_batch_seq_batch"),
    )
    op.create_index("ix_record_change_kind_name", "record_change", ["kind", "name"])


def _orders() -> None:
    live = sa.text("trashed_at IS NULL AND missing_since IS NULL")
    op.drop_index("ix_asset_live", "asset")
    for name, column in (
        ("ix_asset_live", "created_at"),
        ("ix_asset_live_added", "added_at"),
        ("ix_asset_live_rating", "rating"),
        ("ix_asset_live_path", "path"),
    ):
        op.create_index(name, "asset", [sa.text(f"{column} DESC"), "id"], sqlite_where=live, postgresql_where=live)


    for column in _HAD_BY_FEW:
        having = sa.text(f"{column} IS NOT NULL")
        op.create_index(f"ix_asset_having_{column}", "asset", ["key"], sqlite_where=having, postgresql_where=having)


def _assets() -> None:
    op.create_table(
        "asset_parent",
        sa.Column("parent_id", sa.Text(), nullable=False),
        sa.Column("asset_key", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("parent_id", "asset_key", name="pk_asset_parent"),
        sa.ForeignKeyConstraint(["asset_key"], ["asset.key"], name="fk_asset_parent_asset_key_asset"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_asset_parent_asset_key", "asset_parent", ["asset_key"])
    op.create_table(
        "generation",
        sa.Column("asset_key", sa.Integer(), nullable=False),
        sa.Column("tool", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("certainty", sa.Float(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("prompt", sa.Text()),
        sa.Column("negative_prompt", sa.Text()),
        sa.Column("model", sa.Text()),
        sa.Column("seed", sa.Text()),
        sa.Column("steps", sa.Integer()),
        sa.Column("cfg", sa.Float()),
        sa.Column("sampler", sa.Text()),
        sa.Column("width", sa.Integer()),
        sa.Column("height", sa.Integer()),
        sa.Column("loras", _json(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("raw", _json(), nullable=False),
        sa.PrimaryKeyConstraint("asset_key", name="pk_generation"),
        sa.ForeignKeyConstraint(["asset_key"], ["asset.key"], name="fk_generation_asset_key_asset"),
    )
    op.create_index("ix_generation_model", "generation", ["model"])
    op.create_index("ix_generation_seed", "generation", ["seed"])


def _collections() -> None:
    op.create_table(
        "collection",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("created_at", _moment(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_collection"),
        sa.UniqueConstraint("name", name="uq_collection_name"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "collection_member",
        sa.Column("collection_key", sa.Integer(), nullable=False),
        sa.Column("asset_key", sa.Integer(), nullable=False),
        sa.Column("position", _sorted_text(), nullable=False),
        sa.PrimaryKeyConstraint("collection_key", "asset_key", name="pk_collection_member"),
        sa.ForeignKeyConstraint(
            ["collection_key"], ["collection.key"], name="fk_collection_member_collection_key_collection"
        ),
        sa.ForeignKeyConstraint(["asset_key"], ["asset.key"], name="fk_collection_member_asset_key_asset"),
    )
    op.create_index("ix_collection_member_asset_key", "collection_member", ["asset_key"])
    op.create_index(
        "ix_collection_member_collection_key_position", "collection_member", ["collection_key", "position"]
    )


def _sidecars() -> None:
    op.create_table(
        "sidecar",
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("path", name="pk_sidecar"),
    )


def downgrade() -> None:
    for table in (
        "sidecar",
        "record_change",
        "root",
        "saved_search",
        "collection_member",
        "collection",
        "generation",
        "asset_parent",
    ):
        op.drop_table(table)
    op.drop_index("ix_asset_folder", "asset")
    op.drop_column("asset_path", "checked_at")
    for column in _HAD_BY_FEW:
        op.drop_index(f"ix_asset_having_{column}", "asset")
    for name in ("ix_asset_live", "ix_asset_live_added", "ix_asset_live_rating", "ix_asset_live_path"):
        op.drop_index(name, "asset")
    live = sa.text("trashed_at IS NULL AND missing_since IS NULL")
    op.create_index("ix_asset_live", "asset", ["created_at", "id"], sqlite_where=live, postgresql_where=live)
    for number in range(4):
        op.drop_index(f"ix_asset_dhash_{number}", "asset")
    for column in ("dhash", "edited_at", "operation", "parents", "rejected", "note"):
        op.drop_column("asset", column)
