"""Searches saved by name, which any query uses as `@name`."""

from fastapi import APIRouter
from starlette.responses import Response

from api import inputs, models
from api.answers import answer
from api.context import ApiContext


def router(context: ApiContext) -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/v1/searches", tags=["searches"])
    services = context.services

    @routes.get("", operation_id="list_searches", response_model=models.Searches)
    def list_searches() -> Response:
        """The saved searches, by name."""
        return answer({"searches": [search.to_json() for search in services.gallery.searches()]})

    @routes.get("/{name}", operation_id="get_search", response_model=models.SavedSearch)
    def get_search(name: str) -> Response:
        """The query behind a name."""
        return answer(services.gallery.saved_search(name).to_json())

    @routes.put("/{name}", operation_id="save_search", response_model=models.BulkResult)
    def save_search(name: str, body: inputs.SearchText) -> Response:
        """Save a query under a name of `a-z`, digits, `_` and inner hyphens."""
        return answer(services.gallery.save_search(name, body.query, replace=body.replace).to_json())

    @routes.patch("/{name}", operation_id="rename_search", response_model=models.BulkResult)
    def rename_search(name: str, body: inputs.NewName) -> Response:
        """Give it another name, in the searches that use it too."""
        return answer(services.gallery.rename_search(name, body.name).to_json())

    @routes.delete("/{name}", operation_id="remove_search", response_model=models.BulkResult)
    def remove_search(name: str) -> Response:
        """Forget it, unless other searches use it; undo brings it back."""
        return answer(services.gallery.remove_search(name).to_json())

    return routes
