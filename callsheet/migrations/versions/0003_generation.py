"""Generation jobs, attempts and the ledger; what is known of pictures that were made here.

Revision: 0003.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_KNOWN_OF_MADE = ("provider", "revised_prompt", "cost", "stand_in", "scores", "checks", "spec_id", "job")


def _json() -> sa.JSON:
    return sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def _moment() -> sa.DateTime:
    return sa.DateTime(timezone=True)


def _text(name: str, *, nullable: bool = False) -> "sa.Column[Any]":
    return sa.Column(name, sa.Text(), nullable=nullable)


def _money(name: str, *, nullable: bool = False) -> "sa.Column[Any]":
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _flag(name: str) -> "sa.Column[Any]":
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())


def upgrade() -> None:
    for column in ("provider", "revised_prompt", "cost"):
        op.add_column("generation", _text(column, nullable=True))
    op.add_column("generation", _flag("stand_in"))
    for column in ("scores", "checks"):
        op.add_column("generation", sa.Column(column, _json()))
    for column in ("spec_id", "job"):
        op.add_column("generation", _text(column, nullable=True))
    op.create_index("ix_generation_spec_id", "generation", ["spec_id"])
    _jobs()
    _attempts()
    _entries()


def _jobs() -> None:
    op.create_table(
        "generation_job",
        sa.Column("key", sa.Integer(), nullable=False),
        *map(_text, ("run", "spec_id", "asset_type", "operation", "state")),
        _text("outcome", nullable=True),
        sa.Column("asked", _json(), nullable=False),
        _text("provider", nullable=True),
        _text("model", nullable=True),
        sa.Column("trace", _json(), nullable=False),
        sa.Column("error", _json()),
        sa.Column("assets", _json(), nullable=False),
        sa.Column("batch", sa.Integer()),
        _flag("stand_in"),
        _flag("cancel_requested"),
        _text("owner", nullable=True),
        sa.Column("resume_at", _moment()),
        sa.Column("created_at", _moment(), nullable=False),
        sa.Column("updated_at", _moment(), nullable=False),
        sa.Column("finished_at", _moment()),
        sa.PrimaryKeyConstraint("key", name="pk_generation_job"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_generation_job_run", "generation_job", ["run"])
    op.create_index("ix_generation_job_spec_id", "generation_job", ["spec_id"])
    op.create_index("ix_generation_job_state_key", "generation_job", ["state", "key"])


def _attempts() -> None:
    op.create_table(
        "generation_attempt",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("job_key", sa.Integer(), nullable=False),
        *map(_text, ("provider", "model", "fingerprint", "client_request_id", "state")),
        _text("owner", nullable=True),
        _text("month"),
        _money("reserved"),
        _money("estimate_low", nullable=True),
        _money("estimate_high", nullable=True),
        _text("basis"),
        _money("cost", nullable=True),
        *(_text(name, nullable=True) for name in ("cost_source", "discrepancy", "remote_id", "request_id")),
        *(sa.Column(name, _json()) for name in ("error", "outputs", "adjustments")),
        sa.Column("reserved_at", _moment(), nullable=False),
        sa.Column("sent_at", _moment()),
        sa.Column("ended_at", _moment()),
        sa.PrimaryKeyConstraint("key", name="pk_generation_attempt"),
        sa.UniqueConstraint("client_request_id", name="uq_generation_attempt_client_request_id"),
        sa.ForeignKeyConstraint(
            ["job_key"], ["generation_job.key"], name="fk_generation_attempt_job_key_generation_job"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_generation_attempt_job_key", "generation_attempt", ["job_key"])
    op.create_index("ix_generation_attempt_state", "generation_attempt", ["state"])
    op.create_index("ix_generation_attempt_fingerprint_state", "generation_attempt", ["fingerprint", "state"])
    op.create_index("ix_generation_attempt_month_provider", "generation_attempt", ["month", "provider"])


def _entries() -> None:
    op.create_table(
        "ledger_entry",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("at", _moment(), nullable=False),
        _text("month"),
        _text("kind"),
        sa.Column("attempt_key", sa.Integer(), nullable=False),
        sa.Column("job_key", sa.Integer(), nullable=False),
        *map(_text, ("run", "provider", "model", "spec_id", "asset_type")),
        *map(_money, ("reserved", "spent", "unknown")),
        sa.PrimaryKeyConstraint("key", name="pk_ledger_entry"),
        sa.ForeignKeyConstraint(
            ["attempt_key"], ["generation_attempt.key"], name="fk_ledger_entry_attempt_key_generation_attempt"
        ),
        sa.ForeignKeyConstraint(["job_key"], ["generation_job.key"], name="fk_ledger_entry_job_key_generation_job"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_ledger_entry_attempt_key", "ledger_entry", ["attempt_key"])
    op.create_index("ix_ledger_entry_job_key", "ledger_entry", ["job_key"])
    op.create_index("ix_ledger_entry_run", "ledger_entry", ["run"])
    op.create_index("ix_ledger_entry_month_provider", "ledger_entry", ["month", "provider"])


def downgrade() -> None:
    for table in ("ledger_entry", "generation_attempt", "generation_job"):
        op.drop_table(table)
    op.drop_index("ix_generation_spec_id", "generation")
    for column in _KNOWN_OF_MADE:
        op.drop_column("generation", column)
