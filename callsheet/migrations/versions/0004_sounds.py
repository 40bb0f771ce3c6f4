"""How long a sound lasts, its sample rate and its channels.

Revision: 0004.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("asset", sa.Column("duration_ms", sa.BigInteger()))
    op.add_column("asset", sa.Column("sample_rate", sa.Integer()))
    op.add_column("asset", sa.Column("channels", sa.Integer()))
    having = sa.text("duration_ms IS NOT NULL")
    op.create_index(
        "ix_asset_duration", "asset", ["duration_ms", "key"], sqlite_where=having, postgresql_where=having
    )


def downgrade() -> None:
    op.drop_index("ix_asset_duration", "asset")
    for column in ("duration_ms", "sample_rate", "channels"):
        op.drop_column("asset", column)
