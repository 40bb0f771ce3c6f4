"""Answers that hold many assets: each asset is written once and its text kept, bounded, for the next answer.

An `AssetView` is a value, so what is kept under it can never be out of date. In a body a mark stands for it, which
nobody outside this process knows; once the body is written the texts go where the marks stand.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from secrets import token_hex
from typing import Any, Final

from starlette.responses import Response

from api.answers import Json, json_bytes
from api.context import ApiContext, asset_url
from gallery.views import AssetView, Page
from resolver.result import WriteAsset, asset_json

MOST_KEPT: Final = 4096
"""Texts of so many assets, usually of about 400 bytes."""

_MARK: Final = f"asset {token_hex(16)} "
_MARKED: Final = re.compile(f'"{_MARK}([0-9]+)"'.encode())


WriteBody = Callable[[WriteAsset], Json]
"""Makes a body, each of its assets written by what it is handed."""


def answer_with_assets(context: ApiContext, write_body: WriteBody) -> Response:
    """A JSON response to a body with assets, under the URLs of this server. What is no view is written as it is."""
    texts: list[bytes] = []
    marks: dict[int, str] = {}  # by identity: an asset often stands in several places
    views: list[AssetView] = []  # so that none goes away meanwhile, and another takes its identity

    def write(asset: Any) -> Any:
        mark = marks.get(id(asset))
        if mark is None:
            if not isinstance(asset, AssetView):
                return asset_json(asset)
            mark = marks[id(asset)] = f"{_MARK}{len(texts)}"
            texts.append(_text(context.public_url, asset))
            views.append(asset)
        return mark

    parts = _MARKED.split(json_bytes(write_body(write)))
    parts[1::2] = [texts[int(number)] for number in parts[1::2]]
    return Response(b"".join(parts), 200, None, "application/json")


def answer_with_page(context: ApiContext, page: Page) -> Response:
    """A JSON response to a page, as `Page.to_json` has it, under the URLs of this server."""
    texts = b",".join([_text(context.public_url, asset) for asset in page.assets])
    rest = json_bytes({"total": page.total, "cursor": page.cursor})
    return Response(b'{"assets":[%b],%b' % (texts, rest[1:]), 200, None, "application/json")


@lru_cache(maxsize=MOST_KEPT)
def _text(public_url: str, asset: AssetView) -> bytes:
    return json_bytes(asset.to_json() | {"url": asset_url(public_url, asset.id)})
