"""Writing many rows of one table at the speed of the driver."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import JSON, Connection, Dialect, Table, insert

from gallery.store.model import UtcDateTime

Rows = Sequence[Sequence[Any]]
"""Values in the order of the columns they are written with."""


def insert_rows(connection: Connection, table: Table, columns: Sequence[str], rows: Rows) -> None:
    """Insert the rows, whose values stand in the order of these columns. Columns that are not named get defaults.

    On SQLite the statement is SQLAlchemy's, but the driver is handed the rows themselves: a dictionary for each row,
    taken apart again, costs several times what the writing does.
    """
    if not rows:
        return
    statement = insert(table)
    if connection.dialect.name != "sqlite":
        connection.execute(statement, [dict(zip(columns, row, strict=True)) for row in rows])
        return
    compiled: Any = statement.compile(dialect=connection.dialect, column_keys=list(columns))
    given = dict(zip(columns, zip(*rows, strict=True), strict=True))
    cells = [_stored(connection.dialect, table, name, given[name]) for name in compiled.positiontup]
    connection.exec_driver_sql(str(compiled), list(zip(*cells, strict=True)))


def _stored(dialect: Dialect, table: Table, name: str, values: Sequence[Any]) -> Sequence[Any]:
    """The values of one column as the driver takes them; what needs no conversion costs nothing."""
    of_column = table.c[name].type
    convert: Callable[[Any], Any] | None = of_column.dialect_impl(dialect).bind_processor(dialect)
    if convert is None:
        return values
    if isinstance(of_column, UtcDateTime):  # many rows share a moment, or have none
        moments = {value: convert(value) for value in set(values)}
        return [moments[value] for value in values]
    if isinstance(of_column, JSON):  # of what is new most lists and mappings are empty
        no_list, no_mapping = convert([]), convert({})
        return [no_list if value == [] else no_mapping if value == {} else convert(value) for value in values]
    return [convert(value) for value in values]
