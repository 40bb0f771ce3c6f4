"""`GET /resolve`: from who, where and against whom to pictures with reasons, and to a call made of them."""

import json
from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.context import ApiContext
from api.web import answers_shown
from api.web.inquiry import PATH, Inquiry
from api.web.rendering import show
from gallery.services import Asked
from ontology.errors import CallsheetError, InvalidInputError, NotFoundError
from resolver import FUSION_TYPES, OPERATIONS, AssetResolutionResult, Pin, arranged, pinned
from resolver.findings import Notice
from resolver.request import TIERS

USUAL: Final = "fusion"
"""The operation where none was chosen."""

MOST_CHOICES: Final = 500
"""So many blocks and scenes are offered in a list."""

FOUND_BESIDE: Final = 12
"""So many pictures are shown to choose from where a text is no id."""


def router(context: ApiContext) -> APIRouter:
    """The route."""
    routes = APIRouter()

    @routes.get(PATH, include_in_schema=False)
    def resolve_page(request: Request) -> Response:
        """The question, its answer, why not another picture, and the prefilled call."""
        inquiry = Inquiry.of(request.query_params.multi_items())
        values = _choices(context, inquiry) | _answered(context, inquiry)
        return show(context, request, "resolve.html", inquiry=inquiry, **values)

    return routes


def _choices(context: ApiContext, inquiry: Inquiry) -> dict[str, Any]:
    """What the lists of the form offer. Faults of the scenes' file are shown and keep nothing else from working."""
    services = context.services
    blocks = [
        (block_id, str(block.get("label") or block_id)) for block_id, block in services.block_files.blocks.items()
    ]
    fault: CallsheetError | None = None
    scenes: list[tuple[str, str]] = []
    try:
        for scene in services.scenes.values():
            scenes.append((scene.id, scene.label or scene.id))
            scenes += [(f"{scene.id}/{shot.id}", f"— {shot.id}") for shot in scene.shots]
    except CallsheetError as error:
        fault = error
    return {
        "blocks": blocks[:MOST_CHOICES],
        "scenes": scenes[:MOST_CHOICES],
        "scenes_fault": fault,
        "operations": OPERATIONS,
        "operation": inquiry.one("op") or USUAL,
        "fusion_types": FUSION_TYPES,
        "tiers": TIERS,
    }


def _answered(context: ApiContext, inquiry: Inquiry) -> dict[str, Any]:
    """The answer and what hangs on it; what went wrong stands in its place."""
    values: dict[str, Any] = {"fault": None, "shots": [], "slots": [], "notices": [], "call": None, "why": None}
    if inquiry.is_empty and not (inquiry.one("op") and inquiry.one("text")):
        return values
    try:
        asked = _asked(context, inquiry)
        if len(asked) > 1:
            return values | {"shots": [_shot(context, inquiry, one) for one in asked]}
        result = _pinned(context, inquiry, context.services.resolve(asked[0].request))
        values |= {"slots": answers_shown.slots(result, context.services.ontology), "notices": result.notices}
        values["why"] = _why(context, inquiry, asked[0])
        values["call"] = _call(context, inquiry, asked[0], result)
    except CallsheetError as error:
        values["fault"] = error
    return values


def _asked(context: ApiContext, inquiry: Inquiry) -> list[Asked]:
    source = {name: inquiry.one(name) or None for name in ("block", "scene", "prompt")}
    may_be_empty = bool(inquiry.one("op") and (inquiry.one("source") or inquiry.one("text") or source["prompt"]))
    return list(context.services.ask(inquiry.fields(), **source, may_be_empty=may_be_empty))


def _shot(context: ApiContext, inquiry: Inquiry, asked: Asked) -> dict[str, Any]:
    """One shot of several in short: the first picture of each slot."""
    result = context.services.resolve(asked.request)
    scene = inquiry.one("scene")
    return {
        "name": asked.shot,
        "prompt": (asked.block or {}).get("prompt"),
        "href": inquiry.having("scene", f"{scene}/{asked.shot}").href,
        "slots": answers_shown.slots(result, context.services.ontology),
    }


def _pinned(context: ApiContext, inquiry: Inquiry, result: AssetResolutionResult) -> AssetResolutionResult:
    pins, gone = [], []
    for slot, identity, asset_id in inquiry.pins():
        try:
            pins.append(Pin(slot, identity, context.services.live_asset(asset_id)))
        except NotFoundError as error:
            gone.append(Notice("pin_gone", f"a pinned picture is not used: {error.message}", error.hint, "pin"))
    found = pinned(result, pins, ontology=context.services.ontology)
    return answers_shown.noting(found, gone)


def _why(context: ApiContext, inquiry: Inquiry, asked: Asked) -> dict[str, Any] | None:
    """Why an asset is not the answer; what was found to choose from where the text names none."""
    given = inquiry.one("why").strip()
    if not given:
        return None
    gallery = context.services.gallery
    try:
        asset = context.services.live_asset(given)
    except (NotFoundError, InvalidInputError) as error:
        try:
            found = gallery.search(given, limit=FOUND_BESIDE)
        except InvalidInputError as fault:
            return {"asset": None, "fault": fault, "found": (), "more": 0}
        more = (found.total or 0) - len(found.assets)
        return {"asset": None, "fault": None if found.assets else error, "found": found.assets, "more": more}
    told = context.services.explain(asked.request, asset.id)
    first = {entry["lost_to"] for entry in told if entry["lost_to"] is not None}
    return {
        "asset": asset,
        "fault": None,
        "slots": told,
        "beaten_by": {each: gallery.get(each).asset for each in first},
    }


def _call(context: ApiContext, inquiry: Inquiry, asked: Asked, result: AssetResolutionResult) -> dict[str, Any]:
    """The prefilled call, arranged as somebody wants it, with its JSON and the command that makes it."""
    prefill = context.services.prefill(
        inquiry.one("op") or USUAL,
        result,
        prompt=inquiry.one("text") or inquiry.one("prompt") or None,
        source_asset=inquiry.one("source") or None,
        action_block=asked.block,
        max_inputs=inquiry.number("inputs"),
    )
    prefill = arranged(prefill, inquiry.parts())
    command, lacks = inquiry.command()
    return {
        "prefill": prefill,
        "used": answers_shown.used(context.services.gallery, prefill),
        "json": json.dumps(prefill, ensure_ascii=False, indent=2),
        "command": command,
        "lacks": lacks,
    }
