"""What tables share: one collection with one naming rule, and the types that hold in every database.

The gallery's tables build upon it, and those of the generation's ledger: one database, one set of migrations. Names of
constraints follow one rule, so that migrations can find them on SQLite and on PostgreSQL alike.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, MetaData, Table, Text, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import SQLModel

from gallery.store.moments import utc

NAMING_RULE = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

metadata = MetaData(naming_convention=NAMING_RULE)


class UtcDateTime(TypeDecorator[datetime]):
    """Aware datetimes, kept in UTC. SQLite stores text without a zone, which this puts back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """In UTC; without the zone where the database cannot hold one."""
        if value is None:
            return None
        return utc(value).replace(tzinfo=None) if dialect.name == "sqlite" else utc(value)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  # as the base class has it
        """Aware, in UTC."""
        return None if value is None else utc(value)


def json_type() -> Any:
    """Lists and mappings."""
    return JSON().with_variant(JSONB(), "postgresql")


def nullable_json_type() -> Any:
    """None is NULL, not a JSON `null`."""
    return JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def sorted_text_type() -> Any:
    """Text that sorts by code points in every database."""
    return Text().with_variant(Text(collation="C"), "postgresql")


class Base(SQLModel):
    """What every table shares: one collection of tables, with the naming rule."""

    metadata = metadata


def table_of(model: type[Base]) -> Table:
    """The table behind a model, for statements of SQLAlchemy Core."""
    found = metadata.tables[str(model.__tablename__)]
    assert isinstance(found, Table)  # noqa: S101  # narrows the type for the checker
    return found
