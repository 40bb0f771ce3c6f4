"""Which routes can answer a path, found by how the path begins: a dictionary, where a router tries one after another.

Of some ninety routes nearly every path has one or two that its first two parts leave possible. Among these a router of
their own decides, in their order, as one over all of them would: what answers, 404, 405 and redirects stay the same.
"""

from collections.abc import Sequence
from typing import Final

from starlette.routing import BaseRoute, Router
from starlette.types import Receive, Scope, Send

_PARTS: Final = 2
"""So many parts of a path are looked at."""

Beginning = tuple[str, ...]


class Directory:
    """Stands in front of a router: `router.middleware_stack = Directory(router)`. Routes may still be added to it."""

    def __init__(self, router: Router) -> None:
        self._router = router
        self._known = 0
        self._below: dict[Beginning, Router] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request to the routes that can answer it; to all of them where it is none, or lies below a root."""
        if scope["type"] != "http" or scope.get("root_path"):
            await self._router.app(scope, receive, send)
            return
        if len(self._router.routes) != self._known:
            self._read()
        scope.setdefault("router", self._router)
        await self._for(_parts(scope["path"])).app(scope, receive, send)

    def _for(self, beginning: Beginning) -> Router:
        below = self._below
        return below.get(beginning) or below.get(beginning[:1]) or below[()]

    def _read(self) -> None:
        routes = list(self._router.routes)
        found = [_beginning(route) for route in routes]
        self._below = {
            beginning: self._router_of(
                [route for route, start in zip(routes, found, strict=True) if beginning[: len(start)] == start]
            )
            for beginning in {(), *found, *(start[:1] for start in found)}
        }
        self._known = len(routes)

    def _router_of(self, routes: Sequence[BaseRoute]) -> Router:
        router = self._router
        return Router(routes, redirect_slashes=router.redirect_slashes, default=router.default)


def _beginning(route: BaseRoute) -> Beginning:
    """The first parts that every path of a route has; none where the route does not say."""
    literal, parameter, _ = str(getattr(route, "path", "/{")).partition("{")
    return _parts(literal.rpartition("/")[0]) if parameter else _parts(literal)


def _parts(path: str) -> Beginning:
    """The first parts of a path. A slash at its end makes no difference: a router redirects from one to the other."""
    return tuple(path.rstrip("/").split("/", _PARTS + 1)[1 : _PARTS + 1])
