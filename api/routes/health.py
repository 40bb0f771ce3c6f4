"""`/livez`: the process answers. `/readyz`: it can do its work. Neither tells paths."""

from fastapi import APIRouter
from starlette.responses import Response

from api import models
from api.answers import answer
from api.context import ApiContext
from ontology.errors import CallsheetError


def router(context: ApiContext) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["health"])

    @routes.get("/livez", operation_id="livez", response_model=models.Health)
    async def livez() -> Response:
        """Whether the process answers."""
        return answer({"status": "ok", "version": context.version}, headers=_FRESH)

    @routes.get("/readyz", operation_id="readyz", response_model=models.Health)
    def readyz() -> Response:
        """Whether vocabulary, database and index can be used; 503 with the code of what is wrong where not.

        `notices`: files that were changed and cannot be used, so that what they said before is in use.
        """
        checks: dict[str, str] = {}
        for name, check in _CHECKS.items():
            try:
                check(context)
                checks[name] = "ok"
            except CallsheetError as error:
                checks[name] = error.code
        good = set(checks.values()) == {"ok"}
        notices = [{"code": fault.code, "message": fault.sentence} for fault in context.services.file_faults]
        body = {"status": "ok" if good else "failing", "checks": checks, "notices": notices}
        return answer(body, status=200 if good else 503, headers=_FRESH)

    return routes


def _index(context: ApiContext) -> None:
    with context.services.live_index.current():
        pass


_CHECKS = {
    "ontology": lambda context: context.services.ontology,
    "database": lambda context: context.services.gallery.last_batch(),
    "index": _index,
}
_FRESH = {"Cache-Control": "no-store"}
