"""`GET /ontology`: the terms of the vocabulary, what uses them, and what is wrong with its files."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from api.context import ApiContext
from api.web.addresses import address
from api.web.rendering import show, wants_piece
from gallery.searching.term_listing import Shown, TermOrder, TermPage, list_terms
from gallery.store.paths import ProjectPaths

AT_ONCE: Final = 100
DEFAULTS: Final = {"show": "all", "sort": "id", "start": 0}
_MOST_ORPHANS: Final = 200


def router(context: ApiContext) -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/ontology", include_in_schema=False)
    services = context.services

    @routes.get("")
    def ontology_page(
        request: Request,
        q: Annotated[str, Query(max_length=200)] = "",
        ns: str = "",
        shown: Annotated[Shown, Query(alias="show")] = "all",
        sort: TermOrder = "id",
        start: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    ) -> Response:
        """The page; for htmx the list alone, or its next rows."""
        asked = {"q": q, "ns": ns, "show": shown, "sort": sort}
        with services.live_index.current() as index:
            page = list_terms(
                index,
                services.ontology,
                q,
                namespace=ns or None,
                shown=shown,
                order=sort,
                start=start,
                limit=AT_ONCE,
            )
        template = "ontology.html" if not wants_piece(request) else "term_rows.html" if start else "term_list.html"
        return _shown(context, request, template, page=page, asked=asked)

    @routes.get("/orphans")
    def orphans_piece(request: Request) -> Response:
        """Tags in use without a term, for the page to fetch: counting them takes a while in a large gallery."""
        found = services.vocabulary.orphans()
        listed = found.tags[:_MOST_ORPHANS]
        return show(context, request, "orphans.html", orphans=listed, total=len(found.tags), unread=found.unread)

    @routes.get("/uses")
    def uses_piece(request: Request, term: str) -> Response:
        """What uses a term, for the page to fetch."""
        (found,) = services.vocabulary.usage(term)
        return show(context, request, "term_uses.html", found=found)

    return routes


def _shown(context: ApiContext, request: Request, template: str, *, page: TermPage, asked: dict[str, Any]) -> Response:
    ontology = context.services.ontology
    faults = [fault for fault in context.services.file_faults if fault.part == "ontology"]
    values: dict[str, Any] = {
        "page": page,
        "asked": asked,
        "namespaces": ontology.namespaces,
        "terms_in_all": len(ontology.terms),
        "faults": faults,
        "from_root": ProjectPaths(context.services.gallery.context.root).stored,
        "address": lambda **changes: address("/ontology", asked | changes, DEFAULTS),
    }
    return show(context, request, template, **values)
