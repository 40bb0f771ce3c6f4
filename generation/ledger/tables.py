"""The tables of generation. They stay inside this package: frozen views leave it. Money is whole micro-dollars."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Boolean, Column, Index, Text, false
from sqlmodel import Field

from gallery.store.model import Base, UtcDateTime, json_type, nullable_json_type, table_of


class JobRow(Base, table=True):
    """One thing that is to be made. `asked` is the whole order, so that any process can go on with it.

    `run` is what one command asked for together. `trace` tells every decision, in order. `owner`: the process that
    works on it. `resume_at`: not before then. `assets`: ids in the gallery, `batch` the journal's number.
    """

    __tablename__ = "generation_job"
    __table_args__: ClassVar[Any] = (
        Index("ix_generation_job_state_key", "state", "key"),
        {"sqlite_autoincrement": True},
    )

    key: int | None = Field(default=None, primary_key=True)
    run: str = Field(sa_column=Column(Text, nullable=False, index=True))
    spec_id: str = Field(sa_column=Column(Text, nullable=False, index=True))
    asset_type: str = Field(sa_column=Column(Text, nullable=False))
    operation: str = Field(sa_column=Column(Text, nullable=False))
    state: str = Field(sa_column=Column(Text, nullable=False))
    outcome: str | None = Field(default=None, sa_column=Column(Text))
    asked: dict[str, Any] = Field(sa_column=Column(json_type(), nullable=False))
    provider: str | None = Field(default=None, sa_column=Column(Text))
    model: str | None = Field(default=None, sa_column=Column(Text))
    trace: list[dict[str, Any]] = Field(sa_column=Column(json_type(), nullable=False))
    error: dict[str, Any] | None = Field(default=None, sa_column=Column(nullable_json_type()))
    assets: list[str] = Field(sa_column=Column(json_type(), nullable=False))
    batch: int | None = None
    stand_in: bool = Field(default=False, sa_column=Column(Boolean, nullable=False, server_default=false()))
    cancel_requested: bool = Field(default=False, sa_column=Column(Boolean, nullable=False, server_default=false()))
    owner: str | None = Field(default=None, sa_column=Column(Text))
    resume_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    updated_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    finished_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))


class AttemptRow(Base, table=True):
    """One purchase, or the intent of one. Its states are those of `generation.ledger.states`.

    `month` (`2026-11`) is that of its reservation, to which all its money belongs. `reserved` is what is held for it,
    `cost` what it came to. `remote_id`: the provider's name for a pending call. `outputs`: what came back,
    `[{sha256, media_type, width, height, …}]`. `discrepancy`: why the cost that was told was not believed.
    """

    __tablename__ = "generation_attempt"
    __table_args__: ClassVar[Any] = (
        Index("ix_generation_attempt_fingerprint_state", "fingerprint", "state"),
        Index("ix_generation_attempt_month_provider", "month", "provider"),
        {"sqlite_autoincrement": True},
    )

    key: int | None = Field(default=None, primary_key=True)
    job_key: int = Field(foreign_key="generation_job.key", index=True)
    provider: str = Field(sa_column=Column(Text, nullable=False))
    model: str = Field(sa_column=Column(Text, nullable=False))
    fingerprint: str = Field(sa_column=Column(Text, nullable=False))
    client_request_id: str = Field(sa_column=Column(Text, nullable=False, unique=True))
    state: str = Field(sa_column=Column(Text, nullable=False, index=True))
    owner: str | None = Field(default=None, sa_column=Column(Text))
    month: str = Field(sa_column=Column(Text, nullable=False))
    reserved: int = Field(sa_column=Column(BigInteger, nullable=False))
    estimate_low: int | None = Field(default=None, sa_column=Column(BigInteger))
    estimate_high: int | None = Field(default=None, sa_column=Column(BigInteger))
    basis: str = Field(sa_column=Column(Text, nullable=False))
    cost: int | None = Field(default=None, sa_column=Column(BigInteger))
    cost_source: str | None = Field(default=None, sa_column=Column(Text))
    discrepancy: str | None = Field(default=None, sa_column=Column(Text))
    remote_id: str | None = Field(default=None, sa_column=Column(Text))
    request_id: str | None = Field(default=None, sa_column=Column(Text))
    error: dict[str, Any] | None = Field(default=None, sa_column=Column(nullable_json_type()))
    outputs: list[dict[str, Any]] | None = Field(default=None, sa_column=Column(nullable_json_type()))
    adjustments: list[dict[str, Any]] | None = Field(default=None, sa_column=Column(nullable_json_type()))
    reserved_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    sent_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    ended_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))


class LedgerEntryRow(Base, table=True):
    """One movement of money; entries are added and never changed. What is spent in a month is a sum over them.

    `reserved`, `spent` and `unknown` say by how much each of the three rises or falls.
    """

    __tablename__ = "ledger_entry"
    __table_args__: ClassVar[Any] = (
        Index("ix_ledger_entry_month_provider", "month", "provider"),
        {"sqlite_autoincrement": True},
    )

    key: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    month: str = Field(sa_column=Column(Text, nullable=False))
    kind: str = Field(sa_column=Column(Text, nullable=False))
    attempt_key: int = Field(foreign_key="generation_attempt.key", index=True)
    job_key: int = Field(foreign_key="generation_job.key", index=True)
    run: str = Field(sa_column=Column(Text, nullable=False, index=True))
    provider: str = Field(sa_column=Column(Text, nullable=False))
    model: str = Field(sa_column=Column(Text, nullable=False))
    spec_id: str = Field(sa_column=Column(Text, nullable=False))
    asset_type: str = Field(sa_column=Column(Text, nullable=False))
    reserved: int = Field(sa_column=Column(BigInteger, nullable=False))
    spent: int = Field(sa_column=Column(BigInteger, nullable=False))
    unknown: int = Field(sa_column=Column(BigInteger, nullable=False))


job = table_of(JobRow)
attempt = table_of(AttemptRow)
ledger_entry = table_of(LedgerEntryRow)
