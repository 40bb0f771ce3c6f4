"""What was spent on what, and how generation stands."""

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from api import models
from api.answers import answer
from api.context import ApiContext
from generation.ledger.costs_csv import costs_csv, month_named

CSV: Final = "text/csv; charset=utf-8"


def router(context: ApiContext) -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/v1/costs", tags=["generations"])

    @routes.get(
        "",
        operation_id="costs",
        response_model=models.Costs,
        responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}, 422: {"model": models.Problem}},
    )
    def costs(
        request: Request,
        month: Annotated[
            str | None, Query(description="A UTC month; this one without.", pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")
        ] = None,
        format: Annotated[  # noqa: A002  # the name that callers write
            Literal["json", "csv"] | None, Query(description="Wins over `Accept`.")
        ] = None,
    ) -> Response:
        """What was spent in a month: by provider, model, spec and kind, with calls, success rates and averages."""
        found = context.generation.costs(None if month is None else month_named(month))
        wants_csv = format == "csv" or (format is None and "text/csv" in request.headers.get("accept", ""))
        if wants_csv:
            return PlainTextResponse(costs_csv(found), media_type=CSV)
        return answer(found.to_json())

    @routes.get("/health", operation_id="costs_health", response_model=models.CostsHealth)
    def costs_health() -> Response:
        """Budget, providers, the last ten jobs, and a score of 0 to 100 with its weights. Asks providers free calls."""
        return answer(context.generation.health().to_json())

    return routes
