"""From a preview to the order of its final picture: the same spec, words and seed, at the size that the spec says."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from gallery.views import AssetDetail
from generation.engine.context import GenerationContext
from generation.engine.orders import Order, order_of
from generation.ledger import jobs
from generation.ledger.views import JobView
from generation.specs.model import Spec
from ontology.errors import ConflictError, InvalidInputError
from ontology.escaping import visible

_JOB: Final = re.compile(r"j[1-9][0-9]{0,17}")


def final_of(context: GenerationContext, name: str) -> Order:
    """The order by which the preview becomes final: an asset by id, or a job, with all that it made.

    Of a preview with several variations an asset names the one that is wanted. The seed that its provider told goes
    along, where the spec has none. The result is derived from the preview, which stays as it is. Raises
    `NotFoundError`, `InvalidInputError` (`not_a_preview`), and `ConflictError` for a preview that is not made yet.
    """
    if _JOB.fullmatch(name):
        job = jobs.get_job(context.book, name)
        final = _final(job)
        if not job.assets:
            hint = f"`callsheet queue show {job.id}` tells how it stands"
            raise ConflictError(f"the preview {job.id} is {job.state}, and there is nothing to promote yet", hint=hint)
        if final.n > 1:
            return Order(final, promotes=tuple(job.assets))
        name = job.assets[0]
    detail = context.gallery.get(name)
    final = _final(_job_of(context, detail))
    if final.n > 1:
        final = replace(final, parameters={**final.parameters, "n_variations": 1})
    return _with_seed(Order(final, promotes=(detail.asset.id,)), detail.generation or {}, asked=final)


def _job_of(context: GenerationContext, detail: AssetDetail) -> JobView:
    made_by = (detail.generation or {}).get("job")
    if made_by is None:
        raise _no_preview(detail.asset.id)
    return jobs.get_job(context.book, made_by)


def _final(job: JobView) -> Spec:
    try:
        final = order_of(job.asked).final
    except (KeyError, TypeError, ValueError) as error:
        raise ConflictError(f"the order of {job.id} cannot be read", hint="order it from its spec") from error
    if final is None:
        raise _no_preview(f"what {job.id} made")
    return final


def _no_preview(what: str) -> InvalidInputError:
    return InvalidInputError(
        f"{visible(what)} is no preview",
        hint="`callsheet generate SPEC --preview` makes one; `callsheet search preview` finds those that there are",
        code="not_a_preview",
    )


def _with_seed(order: Order, made: Mapping[str, Any], *, asked: Spec) -> Order:
    """The seed of a picture that a provider made by one of its own; a stand-in's says nothing to others."""
    seed = str(made.get("seed") or "")
    if not seed.isdecimal() or made.get("stand_in") or asked.parameters.get("seed") == int(seed):
        return order
    notice = (
        f"the seed of the preview goes along: write `seed: {seed}` into the parameters of {visible(asked.id, limit=60)}"
        " too, else `callsheet generate` asks for something else and buys it anew"
    )
    return replace(
        order,
        spec=replace(order.spec, parameters={**order.spec.parameters, "seed": int(seed)}),
        notices=(*order.notices, notice),
    )
