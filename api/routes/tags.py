"""Tags to choose from: the vocabulary's and what else is in use."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from api import models
from api.answers import answer
from api.context import ApiContext
from gallery.searching.tag_picking import CHARACTERS, IndexUses, pick_tags

MOST_TAGS = 500


def router(context: ApiContext) -> APIRouter:
    """The route."""
    routes = APIRouter(prefix="/v1", tags=["vocabulary"])
    services = context.services

    @routes.get("/tags", operation_id="find_tags", response_model=models.Tags)
    def find_tags(
        q: Annotated[str, Query(description="Part of what a tag is called.", max_length=200, examples=["gate"])] = "",
        namespace: Annotated[str | None, Query(description="Only tags of this one, e.g. `loc`.")] = None,
        limit: Annotated[int, Query(ge=1, le=MOST_TAGS)] = 10,
    ) -> Response:
        """Tags by a part of what they are called, best first, each with how many assets have it; mistakes are forgiven.

        Without `q` the most frequent come first. A tag that is no term of the vocabulary is found once it is in use.
        """
        ontology = services.ontology
        spaces = () if namespace is None else CHARACTERS if namespace in CHARACTERS else (namespace,)
        with services.live_index.current() as index:
            found = pick_tags(q, ontology, IndexUses(index, ontology), namespaces=spaces, limit=limit)
        return answer({"tags": [choice.to_json() for choice in found]})

    return routes
