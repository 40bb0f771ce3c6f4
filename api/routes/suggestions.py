"""Suggested tags: taken, turned down, let in again. `GET /v1/assets/{asset_id}/suggestions` lists them."""

from fastapi import APIRouter
from starlette.responses import Response

from api import inputs, models
from api.answers import answer
from api.context import ApiContext
from api.selecting import selected
from ontology.errors import InvalidInputError


def router(context: ApiContext) -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/v1/suggestions", tags=["suggestions"])
    services = context.services

    @routes.post("/accept", operation_id="accept_suggestions", response_model=models.Accepted)
    def accept_suggestions(body: inputs.AcceptedTags) -> Response:
        """Give `tags` where they are suggested, or every tag suggested with at least the confidence `above`."""
        if bool(body.tags) == (body.above is not None):
            raise InvalidInputError("`tags` or `above` says what is accepted", hint="give one of them")
        ids = selected(services.gallery.context, body)
        if body.above is not None:
            return answer(services.gallery.accept_above(ids, body.above).to_json())
        return answer(services.gallery.accept(ids, body.tags).to_json())

    @routes.post("/reject", operation_id="reject_suggestions", response_model=models.BulkResult)
    def reject_suggestions(body: inputs.SuggestedTags) -> Response:
        """Never suggest these tags for these assets again."""
        return answer(services.gallery.reject(selected(services.gallery.context, body), body.tags).to_json())

    @routes.post("/unreject", operation_id="unreject_suggestions", response_model=models.BulkResult)
    def unreject_suggestions(body: inputs.SuggestedTags) -> Response:
        """Let tags that were rejected be suggested again."""
        return answer(services.gallery.unreject(selected(services.gallery.context, body), body.tags).to_json())

    return routes
