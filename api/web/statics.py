"""Styles, scripts and vendored libraries, under an address that names their content: cached for ever, never stale."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.context import ApiContext
from api.edge.compression import SMALLEST, accepts_gzip
from ontology.errors import NotFoundError

PREFIX: Final = "/static/"
FOR_EVER: Final = "public, max-age=31536000, immutable"
_FOLDER: Final = Path(__file__).parent / "static"
_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_PLAIN: Final = "text/plain; charset=utf-8"
_DIGITS: Final = 12


@dataclass(frozen=True, slots=True)
class Statics:
    """All files by their path, with their media type. `digest` is of all of them: modules name each other by path."""

    digest: str
    files: dict[str, tuple[bytes, str]]


@cache
def statics() -> Statics:
    """The files, read once in a process."""
    files: dict[str, tuple[bytes, str]] = {}
    whole = hashlib.sha256()
    for path in sorted(path for path in _FOLDER.rglob("*") if path.is_file()):
        name, content = path.relative_to(_FOLDER).as_posix(), path.read_bytes()
        files[name] = content, _TYPES.get(path.suffix, _PLAIN)
        whole.update(f"{name}\0{len(content)}\0".encode() + content)
    return Statics(whole.hexdigest()[:_DIGITS], files)


def static_url(name: str) -> str:
    """Where a file is served. Raises `LookupError` for one that there is not: a template names it wrongly."""
    found = statics()
    if name not in found.files:
        raise LookupError(name)
    return f"{PREFIX}{found.digest}/{name}"


def script_urls(*folders: str) -> list[str]:
    """Where the scripts that lie in these folders are served: what a page loads at once that imports them anyway."""
    found = statics()
    names = [name for name in found.files if name.endswith(".js") and name.rpartition("/")[0] in folders]
    return [f"{PREFIX}{found.digest}/{name}" for name in names]


@cache
def _shorter(name: str) -> bytes:
    """A file in gzip, made once in a process."""
    return gzip.compress(statics().files[name][0], mtime=0)


def router(context: ApiContext) -> APIRouter:  # noqa: ARG001  # as every module of routes
    """The route."""
    routes = APIRouter()

    @routes.get(PREFIX + "{digest}/{name:path}", include_in_schema=False)
    async def static_file(request: Request, digest: str, name: str) -> Response:
        """One file, if the address names the present content."""
        found = statics()
        if digest != found.digest or name not in found.files:
            raise NotFoundError("there is no such file", hint="load the page anew", code="no_route")
        content, media_type = found.files[name]
        headers = {"Cache-Control": FOR_EVER}
        if len(content) >= SMALLEST:
            headers["Vary"] = "Accept-Encoding"
            if accepts_gzip(request.headers.get("accept-encoding")):
                headers["Content-Encoding"] = "gzip"
                content = _shorter(name)
        return Response(content, headers=headers, media_type=media_type)

    return routes
