"""What a query means to those who count and draw, in one place."""

from sqlalchemy import ColumnElement

from gallery.arguments import one_text
from gallery.context import GalleryContext
from gallery.query.parsing import parse
from gallery.query.sql import condition
from gallery.rows import State, in_state


def selected(context: GalleryContext, query: str, state: State = "live") -> ColumnElement[bool]:
    """The condition for the rows of `asset` that a query finds in a state. Raises `InvalidInputError`."""
    return condition(parse(one_text("query", query), context.ontology)) & in_state(state)
