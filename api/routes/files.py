"""The bytes of pictures and of their thumbnails, by id only: no path of anybody's making reaches the disk."""

from pathlib import Path
from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from api.context import ApiContext
from gallery.intake.media import read_head
from gallery.intake.originals import original, suffix_and_type
from ontology.errors import NotFoundError

CACHED: Final = "private, max-age=86400"
"""A picture under an id can be edited in place; its ETag then differs."""
FOR_EVER: Final = "private, max-age=31536000, immutable"
"""For an address that names the bytes: `?v=` and their hash."""

FEWEST_DIGITS: Final = 8
"""Of a hash, to stand for the bytes."""

_BYTES: Final = {"schema": {"type": "string", "format": "binary"}}
_KINDS: Final = {"image/*": _BYTES, "video/*": _BYTES, "audio/*": _BYTES}
_PICTURE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": _KINDS},
    206: {"content": _KINDS, "description": "A part of it, as `Range` asked"},
    304: {"description": "It is what `If-None-Match` names"},
    416: {"content": {}, "description": "It has no such part"},
}

SANDBOX: Final = "sandbox; default-src 'none'; style-src 'unsafe-inline'"


def router(context: ApiContext) -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/v1/assets", tags=["files"])
    services = context.services

    @routes.head("/{asset_id}/file", include_in_schema=False)
    @routes.get("/{asset_id}/file", operation_id="asset_file", response_class=FileResponse, responses=_PICTURE)
    def asset_file(asset_id: str, request: Request) -> Response:
        """The picture as it is. Ranges are answered; what it is was told by its bytes."""
        found = original(services.gallery.context, asset_id)
        return _served(request, found.path, found.media_type, found.sha256)

    @routes.head("/{asset_id}/thumbnail", include_in_schema=False)
    @routes.get(
        "/{asset_id}/thumbnail", operation_id="asset_thumbnail", response_class=FileResponse, responses=_PICTURE
    )
    def asset_thumbnail(asset_id: str, request: Request) -> Response:
        """A copy of at most 256 by 256 pixels."""
        path = services.gallery.thumbnail(asset_id)
        try:
            kind = suffix_and_type(read_head(str(path)))
        except OSError:
            kind = None
        if kind is None:
            raise NotFoundError("the thumbnail cannot be read", hint="`callsheet doctor --repair`", code="gone")
        return _served(request, path, kind[1], path.stem)

    return routes


def _served(request: Request, path: Path, media_type: str, sha256: str) -> Response:
    status = path.stat()
    tag = f'"{sha256[:16]}-{status.st_size:x}-{status.st_mtime_ns:x}"'
    named = request.query_params.get("v", "")
    is_named = len(named) >= FEWEST_DIGITS and sha256.startswith(named)
    headers = {
        "ETag": tag,
        "Cache-Control": FOR_EVER if is_named else CACHED,
        "Content-Security-Policy": SANDBOX,
        "X-Content-Type-Options": "nosniff",
    }
    if tag in [given.strip() for given in request.headers.get("if-none-match", "").split(",")]:
        return Response(status_code=304, headers=headers)
    return FileResponse(
        path, headers=headers, media_type=media_type, stat_result=status, content_disposition_type="inline"
    )
