"""The gallery as a whole: its numbers, and whether it is well."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from api import inputs, models
from api.answers import answer
from api.context import ApiContext
from api.examination import Examiner
from gallery.statistics.counting import DEFAULT_TOP, MAX_TOP

LINES: Final = "application/x-ndjson"
_AS_LINES: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {LINES: {"schema": {"type": "string", "description": "A JSON object a line, as it is found."}}}}
}


def router(context: ApiContext) -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/v1", tags=["gallery"])
    services = context.services
    examiner = Examiner(context)

    @routes.get("/statistics", operation_id="statistics", response_model=models.Statistics)
    def statistics(
        q: Annotated[str, Query(description="See docs/query.md; all assets without.", examples=["role:bg"])] = "",
        top: Annotated[int, Query(ge=1, le=MAX_TOP, description="So many values of each ranking.")] = DEFAULT_TOP,
    ) -> Response:
        """The numbers of what a query finds: kinds, ratings, tags by namespace, months, tools."""
        return answer(services.gallery.statistics(q, top=top).to_json())

    @routes.get("/doctor", operation_id="doctor", response_model=models.Findings, responses=_AS_LINES)
    def doctor(request: Request) -> Response:
        """Examine vocabulary, blocks, database, files. Takes a while for a large gallery; one at a time.

        With `Accept: application/x-ndjson` findings and progress are told line by line.
        """
        return _examined(examiner, request, inputs.Examination())

    @routes.post("/doctor", operation_id="run_doctor", response_model=models.Findings, responses=_AS_LINES)
    def run_doctor(request: Request, body: inputs.Examination) -> Response:
        """Examine every file, or mend what can be mended."""
        return _examined(examiner, request, body)

    return routes


def _examined(examiner: Examiner, request: Request, wanted: inputs.Examination) -> Response:
    if LINES in request.headers.get("accept", ""):
        return StreamingResponse(examiner.lines(wanted), media_type=LINES, headers={"Cache-Control": "no-store"})
    return answer(examiner.answer(wanted))
