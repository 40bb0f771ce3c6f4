"""Which of several variations is the best, and which are kept. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from generation.processing.actions import StepLike, read_options
from generation.processing.model import Processed
from generation.processing.scoring import overall
from generation.processing.values import ValueFault


@dataclass(frozen=True, slots=True)
class Ranking:
    """Numbers of the variations, from 0: `order` has all, the best first; `kept` the first of them.

    What is not kept was paid for too: its bytes stay where results are stored.
    """

    order: tuple[int, ...]
    kept: tuple[int, ...]

    @property
    def best(self) -> int | None:
        """The best; None where there are none."""
        return self.order[0] if self.order else None


def rank(variations: Sequence[Processed], *, keep: int | None = None) -> Ranking:
    """By their scores, see `generation.processing.scoring.overall`; among equals the earlier wins. `keep` None: all."""
    order = tuple(sorted(range(len(variations)), key=lambda number: (-score_of(variations[number]), number)))
    return Ranking(order, order if keep is None else order[: max(1, keep)])


def score_of(variation: Processed) -> float:
    """From 0 to 1; 0 for one that nothing is known of."""
    return overall(variation.scores) or 0.0


def number_to_keep(steps: Sequence[StepLike]) -> int | None:
    """What a `select` step says, the last one where there are several; None for all."""
    kept: int | None = None
    for step in steps:
        if step.action == "select":
            try:
                kept = read_options(step).get("keep", 1)
            except ValueFault:  # it was told before anything was spent; nothing is thrown away for it
                continue
    return kept
