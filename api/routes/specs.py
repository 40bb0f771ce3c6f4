"""Specs of what is to be made: drafted for a gap."""

from fastapi import APIRouter
from starlette.responses import Response

from api import inputs, models
from api.answers import answer
from api.context import ApiContext


def router(context: ApiContext) -> APIRouter:
    """The route."""
    routes = APIRouter(prefix="/v1/specs", tags=["specs"])
    services = context.services

    @routes.post(
        "/drafts",
        operation_id="draft_spec",
        status_code=201,
        response_model=models.SpecDraft,
        responses={409: {"model": models.Problem}, 422: {"model": models.Problem}},
    )
    def draft_spec(body: inputs.SpecGap) -> Response:
        """Write a spec for a gap into `specs/`, never over a file that is there. Nothing is generated."""
        draft = services.draft_spec(body.model_dump(exclude_none=True))
        saved = services.save_spec(draft["file_name"], draft["text"])
        return answer(
            {"id": draft["id"], "file": saved["path"], "text": draft["text"], "tags": draft["tags"]}, status=201
        )

    return routes
