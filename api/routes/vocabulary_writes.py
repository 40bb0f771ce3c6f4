"""Working on the vocabulary: each change is one batch over files and assets, and may be tried first (`dry_run`)."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from api import inputs, models
from api.answers import answer
from api.context import ApiContext
from gallery.vocabulary.usage import Order


def router(context: ApiContext) -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/v1/ontology", tags=["vocabulary"])
    services = context.services
    changed = models.VocabularyChange

    @routes.get("/usage", operation_id="term_usage", response_model=models.TermUses)
    def term_usage(
        term: Annotated[str | None, Query(description="One term alone.")] = None,
        namespace: Annotated[str | None, Query(description="Only terms of this one, e.g. `npc`.")] = None,
        sort: Order = "assets",
    ) -> Response:
        """How often each term is used by assets, blocks, scenes, specs and saved searches, the most used first."""
        found = services.vocabulary.usage(term, namespace=namespace, sort=sort)
        return answer({"terms": [item.to_json() for item in found]})

    @routes.get("/orphans", operation_id="orphan_tags", response_model=models.OrphanTags)
    def orphan_tags() -> Response:
        """Tags in use that the vocabulary does not allow, and terms that nothing uses."""
        return answer(services.vocabulary.orphans().to_json())

    @routes.post("/terms", operation_id="add_term", response_model=changed)
    def add_term(body: inputs.NewTerm) -> Response:
        """Declare a term in the files of the vocabulary."""
        given = body.model_dump(exclude={"id"})
        return answer(services.vocabulary.add(body.id, **given).to_json())

    @routes.post("/rename", operation_id="rename_term", response_model=changed)
    def rename_term(body: inputs.TermRename) -> Response:
        """Give a term another id, in the files and on every asset. A tag that is no term can be renamed too."""
        vocabulary = services.vocabulary
        change = vocabulary.rename(body.old, body.new, keep_alias=body.keep_alias, dry_run=body.dry_run)
        return answer(change.to_json())

    @routes.post("/merge", operation_id="merge_terms", response_model=changed)
    def merge_terms(body: inputs.TermMerge) -> Response:
        """Make one term of two: the first becomes deprecated, what carried it carries the other."""
        return answer(services.vocabulary.merge(body.old, body.into, dry_run=body.dry_run).to_json())

    @routes.post("/deprecate", operation_id="deprecate_term", response_model=changed)
    def deprecate_term(body: inputs.TermDeprecation) -> Response:
        """Mark a term as one that is not for new pictures. Assets keep it."""
        change = services.vocabulary.deprecate(body.term, replaced_by=body.replaced_by, dry_run=body.dry_run)
        return answer(change.to_json())

    return routes
