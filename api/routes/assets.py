"""Assets: listed, looked at."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from api import models
from api.answers import answer, asset_json, assets_json, etag
from api.asset_texts import answer_with_page
from api.context import ApiContext
from gallery.likeness.similar import DEFAULT_DISTANCE
from gallery.likeness.similar import DEFAULT_LIMIT as SIMILAR_LIMIT
from gallery.reading.identifiers import resolve_id
from gallery.searching.search import DEFAULT_LIMIT, MAX_LIMIT
from gallery.suggestions.suggesting import DEFAULT_LIMIT as SUGGESTED

_FOUND: dict[int | str, dict[str, Any]] = {404: {"model": models.Problem}, 422: {"model": models.Problem}}


def router(context: ApiContext) -> APIRouter:
    """The routes that read."""
    routes = APIRouter(prefix="/v1/assets", tags=["assets"], responses=_FOUND)
    services = context.services

    @routes.get("", operation_id="list_assets", response_model=models.AssetPage)
    def list_assets(
        q: Annotated[str, Query(description="See docs/query.md.", examples=["role:bg -npc:* sort:-rating"])] = "",
        cursor: Annotated[str | None, Query(description="From the page before, of the same query.")] = None,
        limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
    ) -> Response:
        """The assets that a query finds, newest first unless it says `sort:…`."""
        page = services.gallery.search(q, limit=limit, cursor=cursor)
        return answer_with_page(context, page)

    @routes.get("/{asset_id}", operation_id="get_asset", response_model=models.AssetDetail)
    def get_asset(asset_id: str, request: Request) -> Response:
        """Everything about one asset. `ETag` is what a change has to name in `If-Match`."""
        found = services.gallery.get(asset_id)
        tag = etag(found.asset)
        if tag in [given.strip() for given in request.headers.get("if-none-match", "").split(",")]:
            return Response(status_code=304, headers={"ETag": tag})
        return answer(asset_json(context, found.to_json()), headers={"ETag": tag})

    @routes.get("/{asset_id}/similar", operation_id="similar_assets", response_model=models.SimilarAssets)
    def similar_assets(
        asset_id: str,
        distance: Annotated[int, Query(ge=0, le=15)] = DEFAULT_DISTANCE,
        limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = SIMILAR_LIMIT,
    ) -> Response:
        """What looks like it, nearest first."""
        found = services.gallery.similar(asset_id, distance=distance, limit=limit)
        return answer(assets_json(context, found.to_json()))

    @routes.get("/{asset_id}/suggestions", operation_id="asset_suggestions", response_model=models.Suggestions)
    def asset_suggestions(asset_id: str, limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = SUGGESTED) -> Response:
        """Tags that it may deserve, the surest first, each with its evidence; nothing is given by asking."""
        known = resolve_id(services.gallery.context, asset_id)
        return answer(services.gallery.suggest(known, limit=limit).to_json())

    @routes.get("/{asset_id}/operations", operation_id="asset_operations", response_model=models.Operations)
    def asset_operations(asset_id: str) -> Response:
        """What could be made of it, each prefilled."""
        return answer({"operations": services.operations(asset_id)})

    return routes
