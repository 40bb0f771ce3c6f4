"""A preview of a spec: the same words, by the same route, at the least that the model makes. Pure.

A preview is a picture to look at before money is spent. It never stands where the final one belongs: it has no place in
the manifest, no path of the spec's, no steps of processing, and none of the roles that would make it fill a gap.
"""

from collections.abc import Iterator
from dataclasses import replace
from math import sqrt
from typing import Final

from generation.providers.base import Capability, Provider
from generation.providers.fitting import ratio_of
from generation.request import GenerationRequest
from generation.specs.model import Spec
from ontology.errors import InvalidInputError
from ontology.escaping import visible

PREVIEW_TAG: Final = "preview"
"""The free word that every preview carries."""

_ROLE: Final = "role:"
_USUAL_SIDE: Final = 1024
_LONGEST_SIDE: Final = 512
"""Pixels. Where a model makes any size, a preview has half the sides of the final one, and no longer ones."""
_ALIKE: Final = 1.01


def preview_of(spec: Spec) -> Spec:
    """What is ordered for a preview. Raises `InvalidInputError` for what is no picture."""
    if spec.asset_type != "image":
        raise InvalidInputError(
            f"{visible(spec.id, limit=60)} is of type {spec.asset_type}, and only pictures have a preview",
            hint="make it without --preview",
            code="no_preview",
        )
    tags = tuple(tag for tag in spec.tags if not tag.startswith(_ROLE))
    return replace(spec, tags=tags, post_processing=(), integration=None, retry_below=None)


def cheapest(provider: Provider, capability: Capability, request: GenerationRequest) -> GenerationRequest:
    """The request at the size and quality by which it costs least; of those that cost the same, the smallest.

    The shape stays, as far as the model's sizes allow. An unknown price counts as the dearest.
    """
    qualities = capability.qualities or (request.quality,)
    sizes = tuple(_sizes(request, capability))
    found = [replace(request, size=size, quality=quality) for size in sizes for quality in qualities]
    return min(found, key=lambda one: (*_price(provider, one), _area(one)))


def _price(provider: Provider, request: GenerationRequest) -> tuple[bool, float, float]:
    told = provider.estimate(request)
    return told.high is None, float(told.high or 0), float(told.low or 0)


def _area(request: GenerationRequest) -> int:
    return request.size[0] * request.size[1] if request.size is not None else 0


def _sizes(request: GenerationRequest, capability: Capability) -> Iterator[tuple[int, int]]:
    wanted = request.size or _of_shape(ratio_of(request.aspect_ratio))
    if not capability.sizes:
        across, down = wanted or (_USUAL_SIDE, _USUAL_SIDE)
        scale = min(0.5, _LONGEST_SIDE / max(across, down))
        yield max(1, round(across * scale)), max(1, round(down * scale))
        if request.size is not None:
            yield request.size  # its price may be listed, where a smaller one counts as the next that is
    elif wanted is None:
        yield from capability.sizes
    else:
        best = min(_unlikeness(size, wanted) for size in capability.sizes)
        yield from (size for size in capability.sizes if _unlikeness(size, wanted) <= best * _ALIKE)


def _of_shape(shape: float | None) -> tuple[int, int] | None:
    return None if shape is None else (round(_USUAL_SIDE * sqrt(shape)), round(_USUAL_SIDE / sqrt(shape)))


def _unlikeness(size: tuple[int, int], wanted: tuple[int, int]) -> float:
    mine, theirs = size[0] / size[1], wanted[0] / wanted[1]
    return max(mine / theirs, theirs / mine)
