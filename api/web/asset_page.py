"""`GET /a/{id}`: one asset, with everything that is known of it and what can be made of it."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.context import ApiContext
from api.web.inquiry import Inquiry, prefill_link
from api.web.rendering import show
from gallery.reading.cards import views
from gallery.relations.collecting import collections_of
from gallery.searching.neighbours import Neighbours, nearest, neighbours
from gallery.sounds.lengths import sampling_text
from gallery.views import AssetDetail, AssetView
from ontology.errors import CallsheetError, NotFoundError
from resolver import compatible_action_blocks

GENERATIONS: Final = 3
"""So many generations of a family are drawn in each direction."""

MOST_RELATIVES: Final = 24
MOST_SIMILAR: Final = 18
MOST_BLOCKS: Final = 12
MOST_SUGGESTIONS: Final = 24
MOST_CHANGES: Final = 12
MOST_PATHS: Final = 20
MOST_COLLECTIONS: Final = 24
MOST_OFFERED: Final = 200


def router(context: ApiContext) -> APIRouter:
    """The routes."""
    routes = APIRouter()

    @routes.get("/a/{asset_id}", include_in_schema=False)
    def asset_page(request: Request, asset_id: str, q: str = "") -> Response:
        """The asset. A beginning of an id leads to the whole one; an unknown one is a page with the nearest."""
        gallery = context.services.gallery
        try:
            found = gallery.get(asset_id)
        except NotFoundError as error:
            near = nearest(gallery.context, asset_id)
            return show(context, request, "asset_unknown.html", status=HTTPStatus.NOT_FOUND, error=error, near=near)
        if found.asset.id != asset_id:
            return RedirectResponse(f"/a/{found.asset.id}?{request.url.query}".rstrip("?"))
        return show(context, request, "asset.html", found=found, asset=found.asset, q=q, **_facts(context, found, q))

    @routes.get("/a/{asset_id}/more", include_in_schema=False)
    def asset_more(request: Request, asset_id: str) -> Response:
        """What takes longer to find: suggested tags, what can be made of it, what looks like it."""
        found = context.services.gallery.get(asset_id)
        return show(context, request, "asset_more.html", found=found, asset=found.asset, **_more(context, found))

    return routes


def _facts(context: ApiContext, found: AssetDetail, query: str) -> dict[str, Any]:
    gallery = context.services.gallery
    tree = gallery.family_tree(found.asset.id, depth=GENERATIONS)
    offered = gallery.collections()
    beside, fault = _beside(context, found.asset.id, query)
    where = {"q": query, "at": found.asset.id}
    return {
        "is_live": found.trashed is None and found.missing is None,
        "sampling": sampling_text(found.sample_rate, found.channels),
        "has_thumbnail": found.missing is None or _has_thumbnail(context, found.asset.id),
        "beside": beside,
        "query_fault": fault,
        "gallery_href": "/?" + urlencode({name: value for name, value in where.items() if value}),
        "ancestors": tree.ancestors.relatives[:MOST_RELATIVES],
        "descendants": tree.descendants.relatives[:MOST_RELATIVES],
        "more_ancestors": len(tree.ancestors.relatives) - MOST_RELATIVES,
        "more_descendants": len(tree.descendants.relatives) > MOST_RELATIVES or tree.descendants.has_more,
        "collections": collections_of(gallery.context, found.asset.id)[:MOST_COLLECTIONS],
        "offered": offered[:MOST_OFFERED],
        "changes": found.history[:MOST_CHANGES],
        "more_changes": len(found.history) - MOST_CHANGES,
        "paths": found.paths[:MOST_PATHS],
        "more_paths": len(found.paths) - MOST_PATHS,
    }


def _beside(context: ApiContext, asset_id: str, query: str) -> tuple[Neighbours, CallsheetError | None]:
    """What comes before and after it. A query that cannot be answered keeps nobody from looking at the asset."""
    try:
        return neighbours(context.services.gallery.context, asset_id, query), None
    except CallsheetError as error:
        return Neighbours(), error


def _has_thumbnail(context: ApiContext, asset_id: str) -> bool:
    try:
        context.services.gallery.thumbnail(asset_id)
    except NotFoundError:
        return False
    return True


def _more(context: ApiContext, found: AssetDetail) -> dict[str, Any]:
    services, asset = context.services, found.asset
    if found.trashed is not None or found.missing is not None:
        return {"suggestions": (), "operations": (), "blocks": (), "more_blocks": 0, "similar": None, "pictures": {}}
    suggested = services.gallery.suggest(asset.id, limit=MOST_SUGGESTIONS).to_json()["suggestions"]
    operations = [made | {"href": prefill_link(asset.id, made)} for made in services.operations(asset.id)]
    fitting = compatible_action_blocks(asset, services.block_files.blocks, ontology=services.ontology)
    return {
        "suggestions": suggested,
        "operations": operations,
        "blocks": [_block(context, asset, entry) for entry in fitting[:MOST_BLOCKS]],
        "more_blocks": len(fitting) - MOST_BLOCKS,
        "similar": services.gallery.similar(asset.id, limit=MOST_SIMILAR),
        "pictures": _pictures(context, operations),
    }


def _block(context: ApiContext, asset: AssetView, entry: Mapping[str, Any]) -> dict[str, Any]:
    block = context.services.block_files.blocks[entry["block_id"]]
    pairs = [("block", entry["block_id"]), ("source", asset.id), ("op", str(block.get("operation_type") or "fusion"))]
    pins = (f"{fit['slot']}~{fit['identity'] or ''}~{asset.id}" for fit in entry["fits"][:1])
    href = Inquiry.of([*pairs, *(("pin", pin) for pin in pins)]).href
    return {"label": str(block.get("label") or entry["block_id"]), "href": href, **entry}


def _pictures(context: ApiContext, operations: Sequence[Mapping[str, Any]]) -> dict[str, AssetView]:
    """The assets that the operations would take, by id."""
    ids = {str(entry["asset_id"]) for made in operations for entry in made["prefill"]["slots"] if entry["asset_id"]}
    return views(context.services.gallery.context, ids)
