"""Collections: named, ordered sets of assets."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from api import inputs, models
from api.answers import answer, assets_json
from api.context import ApiContext
from api.selecting import selected
from gallery.relations.collecting import DEFAULT_LIMIT, MAX_LIMIT


def router(context: ApiContext) -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/v1/collections", tags=["collections"])
    _sets(routes, context)
    _members(routes, context)
    return routes


def _sets(routes: APIRouter, context: ApiContext) -> None:
    services = context.services

    @routes.get("", operation_id="list_collections", response_model=models.Collections)
    def list_collections() -> Response:
        """The collections, by name, with how many members each has."""
        return answer({"collections": [item.to_json() for item in services.gallery.collections()]})

    @routes.post("", operation_id="create_collection", response_model=models.BulkResult)
    def create_collection(body: inputs.NewCollection) -> Response:
        """Make one, empty or of the assets named; the name as it was typed becomes its label."""
        ids = selected(services.gallery.context, body, may_be_empty=True)
        return answer(services.gallery.create_collection(body.name, ids).to_json())

    @routes.get("/{name}", operation_id="get_collection", response_model=models.CollectionPage)
    def get_collection(
        name: str,
        cursor: Annotated[str | None, Query(description="From the page before.")] = None,
        limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
    ) -> Response:
        """Its live members, in order."""
        return answer(assets_json(context, services.gallery.collection(name, limit=limit, cursor=cursor).to_json()))

    @routes.patch("/{name}", operation_id="rename_collection", response_model=models.BulkResult)
    def rename_collection(name: str, body: inputs.NewName) -> Response:
        """Give it another name, in the saved searches that name it too."""
        return answer(services.gallery.rename_collection(name, body.name).to_json())

    @routes.delete("/{name}", operation_id="remove_collection", response_model=models.BulkResult)
    def remove_collection(name: str) -> Response:
        """Remove it; its assets stay, and undo brings it back."""
        return answer(services.gallery.remove_collection(name).to_json())


def _members(routes: APIRouter, context: ApiContext) -> None:
    services = context.services

    @routes.post("/{name}/add", operation_id="add_to_collection", response_model=models.BulkResult)
    def add_to_collection(name: str, body: inputs.Placed) -> Response:
        """Put assets in, at the end or so that the first stands at place `at`."""
        return answer(services.gallery.collect(name, selected(services.gallery.context, body), at=body.at).to_json())

    @routes.post("/{name}/move", operation_id="move_in_collection", response_model=models.BulkResult)
    def move_in_collection(name: str, body: inputs.Placed) -> Response:
        """Let members stand together, the first at place `at` (without: the beginning)."""
        ids = selected(services.gallery.context, body)
        return answer(services.gallery.move_in_collection(name, ids, to=1 if body.at is None else body.at).to_json())

    @routes.post("/{name}/remove", operation_id="take_from_collection", response_model=models.BulkResult)
    def take_from_collection(name: str, body: inputs.Selected) -> Response:
        """Take assets out; nothing else happens to them."""
        return answer(services.gallery.uncollect(name, selected(services.gallery.context, body)).to_json())
