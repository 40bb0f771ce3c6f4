"""Which assets a changing command is about: ids, or all that a query finds."""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ontology.errors import InvalidInputError

if TYPE_CHECKING:
    from callsheet.workspace import Workspace
    from ontology.terms import Ontology

PAGE = 500
QUERY_WORDS = frozenset({"and", "or", "not"})


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
    found: list[str] = []
    cursor = None
    while True:
        page = ws.gallery.search(query, limit=PAGE, cursor=cursor)
        found += [asset.id for asset in page.assets]
        cursor = page.cursor
        if cursor is None:
            return found


def query_slips(query: str, ontology: "Ontology") -> Iterator[str]:
    """What may be misspelt in a query that found nothing: unknown ids and namespaces, words that resemble an id."""
    from ontology.normalize import canonical  # noqa: PLC0415  # each command loads what it needs
    from ontology.suggest import did_you_mean  # noqa: PLC0415  # see above

    for word in re.findall(r'[^\s"()]+', re.sub(r'"[^"]*"', " ", query)):
        tag = canonical(word.lstrip("-"), ontology)
        space, colon, value = tag.partition(":")
        declared = ontology.namespaces.get(space) if colon else None
        if tag in ontology or tag in QUERY_WORDS or (declared and (value == "*" or not declared.closed)):
            continue
        near = ", ".join(found.id for found in did_you_mean(tag.removesuffix(":*"), ontology, limit=3))
        if near or colon:
            yield f"{tag} is not in the ontology" + (f"; did you mean {near}?" if near else "")
