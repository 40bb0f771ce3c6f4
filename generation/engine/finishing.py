"""From what was bought to what is kept: processed, scored, the best first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from generation.engine.context import GenerationContext
from generation.engine.pictures import Finished
from generation.engine.purchase import Purchase
from generation.specs.model import Spec


@dataclass(frozen=True, slots=True)
class Chosen:
    """The pictures, the best first; `best`: its score from 0 to 1, None where nothing was scored."""

    pictures: tuple[Finished, ...]
    best: float | None = None


def finish(context: GenerationContext, spec: Spec, purchases: Sequence[Purchase]) -> Chosen:
    """Process every output of every purchase. Raises `CallsheetError` where a stored result cannot be read."""
    finished = [
        _finished(context, spec, output) for purchase in purchases for output in sorted(purchase.outputs, key=_index)
    ]
    ranked = sorted(finished, key=lambda item: -(score_of(item) or 0.0))
    return Chosen(tuple(ranked), score_of(ranked[0]) if ranked else None)


def _index(output: Mapping[str, Any]) -> int:
    return int(output.get("index", 0))


def _finished(context: GenerationContext, spec: Spec, output: Mapping[str, Any]) -> Finished:
    data = context.results.read(output["key"])
    plain = Finished(data, output["media_type"], output.get("seed"), output.get("revised_prompt"))
    return plain if context.process is None else context.process(spec, plain)


def score_of(picture: Finished) -> float | None:
    """The mean of its scores; None where it has none."""
    return fmean(picture.scores.values()) if picture.scores else None
