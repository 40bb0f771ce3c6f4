"""Months in the database, for each kind of it."""

from typing import Any

from sqlalchemy import ColumnElement, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class UtcMonth(FunctionElement[str]):
    """The month of a moment as `2026-11`, in UTC."""

    type = String()
    name = "utc_month"
    inherit_cache = True

    def __init__(self, moment: ColumnElement[Any]) -> None:
        super().__init__(moment)


@compiles(UtcMonth, "sqlite")
def _in_sqlite(element: UtcMonth, compiler: Any, **options: Any) -> str:
    """Moments are text in UTC there, beginning with year and month."""
    return f"substr({compiler.process(element.clauses, **options)}, 1, 7)"


@compiles(UtcMonth, "postgresql")
def _in_postgresql(element: UtcMonth, compiler: Any, **options: Any) -> str:
    return f"to_char({compiler.process(element.clauses, **options)} AT TIME ZONE 'UTC', 'YYYY-MM')"
