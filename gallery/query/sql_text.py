"""Texts in the database as the query language compares them, for each kind of database."""

from typing import Any

from sqlalchemy import ColumnElement, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from gallery.store.folding import FOLD


class Folded(FunctionElement[str]):
    """A text without case, composed."""

    type = String()
    name = FOLD
    inherit_cache = True


class LoraNames(FunctionElement[str]):
    """The names in a JSON list of `{name, …}`, one on each line; null for an empty list."""

    type = String()
    name = "lora_names"
    inherit_cache = True


class Listed(FunctionElement[Any]):
    """The items of a JSON list as rows: one parameter, however many there are."""

    name = "listed"
    inherit_cache = True


class Together(FunctionElement[str]):
    """All values of a column of whole numbers, as one JSON list; null or an empty list for none."""

    type = String()
    name = "together"
    inherit_cache = True


class Unindexed(FunctionElement[Any]):
    """A column whose index is not to be used. Where the database keeps statistics it may decide by itself."""

    name = "unindexed"
    inherit_cache = True

    def __init__(self, column: ColumnElement[Any]) -> None:
        super().__init__(column)
        self.type = column.type


def is_in_list(column: ColumnElement[Any], listed: Listed) -> ColumnElement[bool]:
    """Whether the column holds one of the items."""
    return column.bool_op("IN")(listed)


@compiles(Folded)
def _folded(element: Folded, compiler: Any, **options: Any) -> str:
    return f"{FOLD}({compiler.process(element.clauses, **options)})"


@compiles(Folded, "postgresql")
def _folded_postgresql(element: Folded, compiler: Any, **options: Any) -> str:
    return f"normalize(lower(normalize({compiler.process(element.clauses, **options)}, NFC)), NFC)"


@compiles(Unindexed)
def _unindexed(element: Unindexed, compiler: Any, **options: Any) -> str:
    return f"+{compiler.process(element.clauses, **options)}"


@compiles(Unindexed, "postgresql")
def _unindexed_postgresql(element: Unindexed, compiler: Any, **options: Any) -> str:
    return str(compiler.process(element.clauses, **options))


@compiles(Together)
def _together(element: Together, compiler: Any, **options: Any) -> str:
    return f"json_group_array({compiler.process(element.clauses, **options)})"


@compiles(Together, "postgresql")
def _together_postgresql(element: Together, compiler: Any, **options: Any) -> str:
    return f"CAST(json_agg({compiler.process(element.clauses, **options)}) AS text)"


@compiles(LoraNames)
def _lora_names(element: LoraNames, compiler: Any, **options: Any) -> str:
    rows = f"json_each({compiler.process(element.clauses, **options)})"
    return f"(SELECT group_concat(json_extract(value, '$.name'), char(10)) FROM {rows})"  # noqa: S608  # parameters stay parameters


@compiles(LoraNames, "postgresql")
def _lora_names_postgresql(element: LoraNames, compiler: Any, **options: Any) -> str:
    rows = f"jsonb_array_elements({compiler.process(element.clauses, **options)})"
    return f"(SELECT string_agg(lora ->> 'name', chr(10)) FROM {rows} AS lora)"  # noqa: S608  # see above


@compiles(Listed)
def _listed(element: Listed, compiler: Any, **options: Any) -> str:
    return f"(SELECT value FROM json_each({compiler.process(element.clauses, **options)}))"  # noqa: S608  # see above


@compiles(Listed, "postgresql")
def _listed_postgresql(element: Listed, compiler: Any, **options: Any) -> str:
    return f"(SELECT jsonb_array_elements_text(CAST({compiler.process(element.clauses, **options)} AS jsonb)))"
