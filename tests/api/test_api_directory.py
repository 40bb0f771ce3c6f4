"""Routes that are looked up by how a path begins answer as they would if each were tried in its turn."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter
from hypothesis import given
from hypothesis import strategies as st
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Mount, Router

from api.app import create_app
from api.directory import Directory

PARTS = st.sampled_from(["a", "b", "v1", "{x}", "a{x}", "{rest:path}"])
LITERALS = st.sampled_from(["a", "b", "v1", "ax", "", "zz"])
METHODS = st.sampled_from(["GET", "POST"])


def routes_of(templates: Sequence[tuple[str, str]]) -> list[BaseRoute]:
    router = APIRouter()

    def reached() -> None:
        """Answers nothing: only which route is reached is looked at."""

    for number, (method, path) in enumerate(templates):
        router.add_api_route(path, reached, methods=[method], name=str(number))
    return router.routes


def reached_by(router: Any, routes: Sequence[BaseRoute], method: str, path: str, root: str = "") -> object:
    """Which route answers a request, or the status (with what else belongs to it) where none does."""
    scope: dict[str, Any] = {
        "type": "http",
        "method": method,
        "path": path,
        "root_path": root,
        "query_string": b"",
        "headers": [(b"host", b"here")],
        "app": None,
    }
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    async def note(number: int) -> None:
        raise LookupError(number, scope["path_params"])

    for number, route in enumerate(routes):
        route.app = lambda *_, number=number: note(number)  # type: ignore[attr-defined]  # instead of the endpoint
    try:
        router(scope, receive, send).send(None)  # nothing here waits
    except StopIteration:
        pass
    except LookupError as found:
        return found.args
    except HTTPException as refused:
        return refused.status_code, refused.headers
    return sent[0]["status"], sorted(sent[0]["headers"])


@st.composite
def templates(draw: st.DrawFn) -> list[tuple[str, str]]:
    def one() -> str:
        parts = [draw(PARTS) for _ in range(draw(st.integers(0, 4)))]
        named = [part.replace("x", f"x{place}").replace("rest", f"rest{place}") for place, part in enumerate(parts)]
        return "/" + "/".join(named) + draw(st.sampled_from(["", "/"] if parts else [""]))

    return [(draw(METHODS), one()) for _ in range(draw(st.integers(1, 8)))]


QUESTIONS = st.tuples(METHODS, st.lists(LITERALS, max_size=5), st.sampled_from(["", "/", "//"]))


@given(templates(), st.lists(QUESTIONS, min_size=1))
def test_the_same_route_answers_as_if_all_were_tried(
    declared: list[tuple[str, str]], asked: list[tuple[str, list[str], str]]
) -> None:
    routes = routes_of(declared)
    one_by_one = Router(routes)
    looked_up = Router(routes)
    looked_up.middleware_stack = Directory(looked_up)

    for method, parts, end in asked:
        path = "/" + "/".join(parts) + end
        assert reached_by(looked_up, routes, method, path) == reached_by(one_by_one, routes, method, path), path


def test_routes_that_come_later_are_found() -> None:
    routes = routes_of([("GET", "/a"), ("GET", "/a/b")])
    router = Router(routes[:1])
    router.middleware_stack = Directory(router)
    assert reached_by(router, routes, "GET", "/a/b") == (404, None)

    router.routes.append(routes[1])

    assert reached_by(router, routes, "GET", "/a/b") == (1, {})


def test_below_a_root_all_are_tried() -> None:
    routes = routes_of([("GET", "/a/b")])
    router = Router(routes)
    router.middleware_stack = Directory(router)

    assert reached_by(router, routes, "GET", "/outer/a/b", root="/outer") == (0, {})


def test_what_is_mounted_is_reached_at_any_depth() -> None:
    routes: list[BaseRoute] = [Mount("/a", routes=routes_of([("GET", "/b/c/d")]))]
    router = Router(routes)
    router.middleware_stack = Directory(router)

    assert reached_by(router, routes[0].routes, "GET", "/a/b/c/d") == (0, {})  # type: ignore[attr-defined]


def test_no_path_of_the_application_has_more_than_a_third_of_the_routes_to_be_tried(context: Any) -> None:
    """Else looking them up would be for nothing."""
    app = create_app(context)
    directory = app.router.middleware_stack
    assert isinstance(directory, Directory)
    directory._read()

    tried = {beginning: len(router.routes) for beginning, router in directory._below.items()}

    assert max(tried.values()) < len(app.routes) / 3
    assert tried["v1", "resolve"] <= 2
