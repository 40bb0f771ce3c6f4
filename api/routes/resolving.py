"""Questions to the resolver: resolve, explain, prefill, coverage."""

from typing import Any

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api import asking, inputs, models
from api.answers import Json, answer
from api.asset_texts import WriteBody, answer_with_assets
from api.context import ApiContext
from resolver import explain_asset


def router(context: ApiContext) -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/v1", tags=["resolving"])
    services = context.services

    @routes.post("/resolve", operation_id="resolve", response_model=models.Resolution)
    async def resolve(body: inputs.Question) -> Response:
        """Find the references for a shot, with reasons, gaps and how every tier stood."""
        if body.candidates is None and body.scene is None and body.block is None:
            return answer_with_assets(
                context, _resolved(context, body)
            )  # from memory: a thread would cost more than the answer
        return answer_with_assets(context, await run_in_threadpool(_resolved, context, body))

    @routes.post("/explain", operation_id="explain", response_model=models.Explanation)
    def explain(body: inputs.ExplainQuestion) -> Response:
        """Why this asset is not the answer, and the smallest change of its tags that would make it first."""
        request = asking.only_one(asking.ask(services, body, prompt=body.prompt)).request
        if body.candidates is None:
            found = services.gallery.get(str(body.asset)).asset.id
            return answer({"asset": found, "slots": services.explain(request, found)})
        asset = asking.candidate(body, body.asset)
        slots = explain_asset(request, asset, body.candidates, ontology=services.ontology)
        return answer({"asset": body.asset, "slots": slots})

    @routes.post("/prefill/{operation}", operation_id="prefill", response_model=models.Prefill)
    def prefill(operation: str, body: inputs.PrefillQuestion) -> Response:
        """Fill a generation call with resolved pictures. Nothing is sent, nothing is paid."""
        return answer(_prefilled(context, operation, body))

    @routes.get("/coverage", operation_id="coverage", response_model=models.Coverage)
    def coverage() -> Response:
        """How many pictures everybody and every place has, and what is missing."""
        return answer(services.coverage())

    return routes


def _resolved(context: ApiContext, body: inputs.Question) -> WriteBody:
    services = context.services
    asked = asking.ask(services, body, prompt=body.prompt)
    results = [(one.shot, asking.resolve(services, body, one)) for one in asked]
    if len(results) == 1:
        return results[0][1].to_json
    return lambda write: {
        "scene": body.scene,
        "shots": [{"shot": shot} | result.to_json(write) for shot, result in results],
    }


def _prefilled(context: ApiContext, operation: str, body: inputs.PrefillQuestion) -> Json:
    services = context.services
    asks_otherwise = body.request or body.model_extra or body.block or body.scene
    read = None if asks_otherwise else body.prompt
    may_be_empty = body.source is not None or bool(body.prompt)
    one = asking.only_one(asking.ask(services, body, prompt=read, may_be_empty=may_be_empty))
    source: Any = None
    if body.source is not None:
        has_own = body.candidates is not None
        source = asking.candidate(body, body.source) if has_own else services.live_asset(str(body.source))
    return services.prefill(
        operation,
        asking.resolve(services, body, one),
        prompt=body.prompt,
        source_asset=source,
        action_block=one.block,
        max_inputs=body.max_inputs,
    )
