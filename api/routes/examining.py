"""The gallery as a whole: its numbers, and whether it is well."""

from collections import Counter
from threading import Lock
from typing import Annotated, Final

from fastapi import APIRouter, Query
from starlette.responses import Response

from api import inputs, models
from api.answers import Json, answer
from api.context import ApiContext
from api.errors import HttpError
from gallery.checks.findings import worst
from gallery.statistics.counting import DEFAULT_TOP, MAX_TOP

MOST_FINDINGS: Final = 1000
"""So many are listed; the counts tell of all."""


def router(context: ApiContext) -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/v1", tags=["gallery"])
    services = context.services
    busy = Lock()

    @routes.get("/statistics", operation_id="statistics", response_model=models.Statistics)
    def statistics(
        q: Annotated[str, Query(description="See docs/query.md; all assets without.", examples=["role:bg"])] = "",
        top: Annotated[int, Query(ge=1, le=MAX_TOP, description="So many values of each ranking.")] = DEFAULT_TOP,
    ) -> Response:
        """The numbers of what a query finds: kinds, ratings, tags by namespace, months, tools."""
        return answer(services.gallery.statistics(q, top=top).to_json())

    @routes.get("/doctor", operation_id="doctor", response_model=models.Findings)
    def doctor() -> Response:
        """Examine vocabulary, blocks, database, files. Takes a while for a large gallery; one at a time."""
        return answer(_examined(context, busy, inputs.Examination()))

    @routes.post("/doctor", operation_id="run_doctor", response_model=models.Findings)
    def run_doctor(body: inputs.Examination) -> Response:
        """Examine every file, or mend what can be mended."""
        return answer(_examined(context, busy, body))

    return routes


def _examined(context: ApiContext, busy: Lock, wanted: inputs.Examination) -> Json:
    """The findings. Raises `HttpError` (`busy`) while another request examines."""
    if not busy.acquire(blocking=False):
        raise HttpError("an examination is under way", hint="try again when it is done", code="busy")
    try:
        listed: list[Json] = []
        counts: Counter[str] = Counter()
        grave = worst(())
        for finding in context.examine(wanted.full, wanted.repair):
            counts[finding.code] += 1
            grave = worst((grave, finding.severity))
            if len(listed) < MOST_FINDINGS:
                listed.append(finding.to_json())
        return {"findings": listed, "counts": dict(counts), "worst": grave}
    finally:
        busy.release()
