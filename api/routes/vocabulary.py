"""The ontology and the action blocks."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from api import inputs, models
from api.answers import answer
from api.context import ApiContext
from ontology.find import find_terms
from ontology.loader import check_ontology_text

MOST_TERMS = 100


def router(context: ApiContext) -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/v1", tags=["vocabulary"])
    services = context.services

    @routes.get("/ontology", operation_id="get_ontology", response_model=models.Terms)
    def get_ontology() -> Response:
        """Every term, by id."""
        terms = sorted(services.ontology.terms.values(), key=lambda term: term.id)
        return answer({"terms": [term.to_json() for term in terms]})

    @routes.get("/ontology/terms", operation_id="find_terms", response_model=models.Terms)
    def search_terms(
        q: Annotated[str, Query(description="Part of an id, an alias, a label or a keyword.", examples=["gate"])] = "",
        limit: Annotated[int, Query(ge=1, le=MOST_TERMS)] = 10,
    ) -> Response:
        """Terms by a part of what they are called, best first; typing mistakes are forgiven."""
        found = find_terms(q, services.ontology, limit=limit) if q.strip() else ()
        return answer({"terms": [hit.term.to_json() | {"via": hit.via} for hit in found]})

    @routes.post("/ontology/validate", operation_id="validate_ontology", response_model=models.Diagnostics)
    def validate_ontology(body: inputs.Vocabulary) -> Response:
        """Check a vocabulary without taking it in: every finding with its line and column."""
        ontology, found = check_ontology_text(body.yaml)
        return answer({"valid": ontology is not None, "diagnostics": [item.to_json() for item in found]})

    @routes.get("/action-blocks", operation_id="list_action_blocks", response_model=models.Blocks)
    def list_action_blocks() -> Response:
        """The project's action blocks, as they are written."""
        return answer({"blocks": [dict(block) for block in services.block_files.blocks.values()]})

    return routes
