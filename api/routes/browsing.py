"""What a face asks that scrolls through many assets: all ids in order, and the details of those that are in sight."""

import hashlib
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from api import models
from api.answers import Json, answer, asset_json
from api.context import ApiContext
from gallery.reading.cards import MOST_CARDS, Card, cards
from gallery.searching.search import matching_ids
from ontology.errors import InvalidInputError

_HASH_DIGITS = 16
_PICTURED = {"image", "video", "audio"}


def router(context: ApiContext) -> APIRouter:
    """The routes; they stand before those of one asset, whose ids begin otherwise."""
    routes = APIRouter(prefix="/v1/assets", tags=["assets"])
    services = context.services

    @routes.get("/order", operation_id="asset_order", response_model=models.AssetOrder)
    def asset_order(
        request: Request,
        q: Annotated[str, Query(description="See docs/query.md.", examples=["role:bg sort:-rating"])] = "",
    ) -> Response:
        """The ids of everything that a query finds, in order. 304 with the `ETag` of an order that still holds.

        Where it finds nothing, `slips` say what may be misspelt.
        """
        ids = matching_ids(services.gallery.context, q)
        # weak: it names the ids, whichever way they are encoded
        tag = f'W/"{hashlib.blake2b("".join(ids).encode(), digest_size=12).hexdigest()}"'
        if tag.removeprefix("W/") == request.headers.get("if-none-match", "").strip().removeprefix("W/"):
            return Response(status_code=304, headers={"ETag": tag})
        slips = () if ids else services.gallery.query_slips(q)
        return answer({"ids": ids, "total": len(ids), "slips": list(slips)}, headers={"ETag": tag})

    @routes.get("/cards", operation_id="asset_cards", response_model=models.AssetCards)
    def asset_cards(
        id: Annotated[list[str], Query(description="Full ids.", max_length=MOST_CARDS)] = [],  # noqa: A002, B006
        q: Annotated[str | None, Query(description="In place of ids: the first that a query finds.")] = None,
        limit: Annotated[int, Query(ge=1, le=MOST_CARDS, description="For `q`.")] = 60,
    ) -> Response:
        """Some assets by their ids, each with the address of a thumbnail that may be kept for ever.

        With `q` the first of an order, so that they can be shown before the whole order is there.
        """
        if bool(id) == (q is not None):
            raise InvalidInputError("`id` or `q` says which assets are meant", hint="give one of them")
        wanted = id or [asset.id for asset in services.gallery.search(q or "", limit=limit).assets]
        found = cards(services.gallery.context, wanted)
        return answer({"assets": [_card_json(context, card) for card in found]})

    return routes


def _card_json(context: ApiContext, card: Card) -> Json:
    body = asset_json(context, card.view.to_json())
    address = f"/v1/assets/{card.view.id}/thumbnail?v={card.sha256[:_HASH_DIGITS]}"
    body["thumbnail"] = address if card.view.media_type in _PICTURED else None
    return body
