"""Which assets a changing command is about: ids, or all that a query finds."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ontology.errors import InvalidInputError

if TYPE_CHECKING:
    from callsheet.workspace import Workspace


def selected(ws: "Workspace", ids: Sequence[str], query: str | None) -> list[str]:
    """The ids given, or those of every asset that the query finds. Raises InvalidInputError for both or neither."""
    if ids and query is not None:
        raise InvalidInputError("both ids and --query are given", hint="give one of them", code="usage")
    if query is None:
        if not ids:
            raise InvalidInputError("no asset is named", hint="give ids, or --query 'role:bg'", code="usage")
        return list(ids)
    if not query.strip():
        raise InvalidInputError("the query is empty", hint="name a tag, e.g. --query 'npc:alex'", code="usage")
    from gallery.searching.search import matching_ids  # noqa: PLC0415  # loads the database library

    return matching_ids(ws.gallery.context, query)
