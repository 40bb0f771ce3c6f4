"""Answers that hold many assets: each asset is written once and its text kept, bounded, for the next answer.

An `AssetView` is a value, so what is kept under it can never be out of date. Bodies hold the views themselves; the
encoder puts a mark in their place, which nobody outside this process knows, and the texts go where the marks stand.
"""

import json
from functools import lru_cache
from secrets import token_hex
from typing import Any, Final

from starlette.responses import Response

from api.answers import Json, json_bytes, json_text
from api.context import ApiContext, asset_url
from gallery.views import AssetView, Page
from resolver.result import asset_json

MOST_KEPT: Final = 4096
"""Texts of so many assets, usually of about 400 bytes."""

_MARK: Final = f"asset {token_hex(16)}"
_MARKED: Final = json.dumps(_MARK)


def answer_with_assets(context: ApiContext, body: Json) -> Response:
    """A JSON response to a body in which assets stand as `AssetView`, under the URLs of this server."""
    texts: list[str] = []

    def written(value: Any) -> str:
        if not isinstance(value, AssetView):
            raise TypeError(f"{type(value).__name__} cannot be written as JSON")
        texts.append(_text(context.public_url, value))
        return _MARK

    pieces = json_text(body, written).split(_MARKED)
    whole = "".join(part for pair in zip(pieces, [*texts, ""], strict=True) for part in pair)
    try:
        content = whole.encode()
    except UnicodeEncodeError:
        content = json_bytes(json.loads(whole))  # with escapes, which UTF-8 can hold
    return Response(content, 200, None, "application/json")


def left_to_write(asset: Any) -> Any:
    """An asset of the gallery as it is, for `answer_with_assets`; a caller's own candidate as data."""
    return asset if isinstance(asset, AssetView) else asset_json(asset)


def page_body(page: Page) -> Json:
    """As `Page.to_json`, with the assets left to write."""
    return {"assets": page.assets, "total": page.total, "cursor": page.cursor}


@lru_cache(maxsize=MOST_KEPT)
def _text(public_url: str, asset: AssetView) -> str:
    return json_text(asset.to_json() | {"url": asset_url(public_url, asset.id)})
