"""What is made: ordered, listed, looked at, cancelled, settled, gone on with."""

from http import HTTPStatus
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Query
from starlette.responses import Response

from api import inputs, models
from api.answers import answer
from api.context import ApiContext
from api.ordering import IdempotencyKey, dollars, order_key, plain_key, wanted
from generation.ledger.paging import MOST, job_page
from generation.ordering import Ordering

State = Literal["queued", "working", "waiting", "unknown", "manual", "done", "failed", "refused", "cancelled"]

_REFUSED: Final[dict[int | str, dict[str, Any]]] = {
    status: {"model": models.Problem} for status in (400, 402, 404, 409, 422, 502)
}
_OF_ONE: Final[dict[int | str, dict[str, Any]]] = {status: {"model": models.Problem} for status in (404, 409, 422)}


def router(context: ApiContext) -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/v1/generations", tags=["generations"])
    _reading(routes, context)
    _ordering(routes, context)
    _changing(routes, context)
    return routes


def _ordering(routes: APIRouter, context: ApiContext) -> None:
    @routes.post(
        "",
        operation_id="create_generation",
        status_code=HTTPStatus.ACCEPTED,
        response_model=models.OrderedGenerations,
        responses=_REFUSED | {200: {"model": models.OrderedGenerations, "description": "Of a dry run."}},
    )
    def create_generation(body: inputs.NewGeneration, idempotency_key: IdempotencyKey = None) -> Response:
        """Have something made. 202 with the jobs, which this server makes from now on; the order is taken whole or not.

        The same key and body again is answered with the same jobs, and nothing is made twice. A dry run needs no key.
        """
        asked, ordering = wanted(context, body), Ordering(context.generation)
        if body.dry_run:
            return answer(ordering.foresee(asked).to_json())
        done = ordering.order(order_key(idempotency_key, body), asked)
        context.background.add([job.key for job in done.jobs] if done.is_new else [])
        headers = {} if done.is_new else {"Idempotent-Replayed": "true"}
        return answer(done.to_json(), status=HTTPStatus.ACCEPTED, headers=headers)


def _reading(routes: APIRouter, context: ApiContext) -> None:
    @routes.get("", operation_id="list_generations", response_model=models.Generations)
    def list_generations(
        state: Annotated[list[State], Query(description="Only jobs of this state; may stand several times.")] = [],  # noqa: B006  # as the framework reads it
        run: Annotated[str | None, Query(description="Only jobs of one order.")] = None,
        cursor: Annotated[str | None, Query(description="From the page before.")] = None,
        limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
    ) -> Response:
        """The jobs, the newest first."""
        making = context.generation
        making.look_after()
        page = job_page(making.context.book, states=state, run=run, cursor=cursor, limit=limit)
        return answer(page.to_json())

    @routes.get("/{job_id}", operation_id="get_generation", response_model=models.Generation, responses=_OF_ONE)
    def get_generation(job_id: str) -> Response:
        """One job with its order, every decision (`trace`) and every call (`attempts`)."""
        return answer(context.generation.job(job_id).to_json(whole=True))


def _changing(routes: APIRouter, context: ApiContext) -> None:
    @routes.post("/run", operation_id="run_generations", status_code=HTTPStatus.ACCEPTED, response_model=models.Jobs)
    def run_generations() -> Response:
        """Go on with every job that is due, also those that the command line left queued."""
        making = context.generation
        making.look_after()
        keys = making.due()
        context.background.add(keys)
        return answer({"jobs": [making.job(f"j{key}").to_json() for key in keys]}, status=HTTPStatus.ACCEPTED)

    @routes.post(
        "/{job_id}/run",
        operation_id="run_generation",
        status_code=HTTPStatus.ACCEPTED,
        response_model=models.Generation,
        responses=_OF_ONE | {400: {"model": models.Problem}},
    )
    def run_generation(job_id: str, idempotency_key: IdempotencyKey = None) -> Response:
        """Go on with one job, also one that failed, was refused or cancelled; once for each key."""
        job = Ordering(context.generation).again(job_id, plain_key(idempotency_key))
        if job.state in {"queued", "waiting"}:
            context.background.add([job.key])
        return answer(job.to_json(), status=HTTPStatus.ACCEPTED)

    @routes.post(
        "/{job_id}/cancel", operation_id="cancel_generation", response_model=models.Generation, responses=_OF_ONE
    )
    def cancel_generation(job_id: str) -> Response:
        """Cancel it. One that is `working` stops at the next opportunity; what was sent already may be charged."""
        return answer(context.generation.cancel(job_id).to_json())

    @routes.post(
        "/{job_id}/resolve",
        operation_id="resolve_generation",
        response_model=models.Generation,
        responses=_OF_ONE | {502: {"model": models.Problem}},
    )
    def resolve_generation(job_id: str, body: inputs.UnknownOutcome) -> Response:
        """Say what became of a call of unknown outcome, or have the provider asked. It is never sent again before."""
        job = context.generation.resolve(
            job_id,
            charged=dollars(body.charged, "charged"),
            not_charged=body.not_charged,
            poll=body.poll,
            go_on=False,
        )
        if job.state == "queued":
            context.background.add([job.key])
        return answer(job.to_json())
