"""Which assets a change is about: ids, or all that a query finds."""

from api.inputs import Selected
from gallery.context import GalleryContext
from gallery.searching.search import matching_ids
from ontology.errors import InvalidInputError


def selected(gallery: GalleryContext, body: Selected, *, may_be_empty: bool = False) -> list[str]:
    """The ids given, or those that the query finds. Raises `InvalidInputError` for both, or neither."""
    if may_be_empty and not body.ids and body.query is None:
        return []
    if bool(body.ids) == (body.query is not None):
        raise InvalidInputError("`ids` or `query` says which assets are meant", hint="give one of them")
    if body.query is None:
        return body.ids
    if not body.query.strip():
        raise InvalidInputError("`query` is empty", hint="name a tag, e.g. `npc:alex`")
    return matching_ids(gallery, body.query)
