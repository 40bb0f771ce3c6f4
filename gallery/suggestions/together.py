"""Tags that usually stand together: what an asset's own tags make likely, counted in the resolver's index."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cached_property

from sqlalchemy import Connection

from gallery.context import GalleryContext
from gallery.reading.candidates import candidates
from gallery.suggestions.subject import Subject
from gallery.suggestions.values import Evidence, SourceName
from ontology.escaping import visible
from resolver.companions import Companion, companions, standing_together
from resolver.index import CandidateIndex

NAME: SourceName = "together"

SUPPORT = 3
"""So many assets must carry both tags; fewer are chance."""

LEAST = 0.3
"""Of the cosine."""

LEAST_SHARE = 0.25
"""Of the assets with the one tag that carry the other: what more than three in four lack is no advice."""

AGAINST = 0.5
"""What is left for each of the asset's tags that the companion never stands with, though chance alone would have it."""

EXPECTED = 3.0
"""From so many expected assets on, none at all is no chance."""

WEIGHT = 0.85
"""What usually stands together need not do so here."""


class TagsTogether:
    """The source. The companions of a tag are counted once, however many assets carry it."""

    def __init__(self, context: GalleryContext) -> None:
        self._context = context
        self._known: dict[str, tuple[Companion, ...]] = {}
        self._apart: dict[tuple[str, str], bool] = {}

    def evidence(self, connection: Connection, subjects: Sequence[Subject]) -> Iterator[tuple[int, Evidence]]:
        """For each tag that the asset's own ones make likely, the likeliest."""
        del connection
        with self._index() as index:
            for subject in subjects:
                for own, found in self._best(index, subject.canonical).values():
                    against = sum(self._is_apart(index, found.tag, other) for other in subject.canonical)
                    confidence = WEIGHT * found.cosine * AGAINST**against
                    yield subject.key, Evidence(found.tag, NAME, confidence, _reason(own, found))

    def _best(self, index: CandidateIndex, tags: frozenset[str]) -> dict[str, tuple[str, Companion]]:
        """Each companion that the asset lacks, with the one of its tags that it is nearest to."""
        best: dict[str, tuple[str, Companion]] = {}
        for own in sorted(tags):
            for found in self._companions(index, own):
                if found.tag not in tags and (found.tag not in best or found.cosine > best[found.tag][1].cosine):
                    best[found.tag] = (own, found)
        return best

    def _companions(self, index: CandidateIndex, tag: str) -> tuple[Companion, ...]:
        if tag not in self._known:
            found = companions(index, tag, self._context.ontology, support=SUPPORT, share=LEAST_SHARE)
            self._known[tag] = tuple(one for one in found if one.cosine >= LEAST)
        return self._known[tag]

    def _is_apart(self, index: CandidateIndex, tag: str, other: str) -> bool:
        """Whether no asset carries both tags, though several would by chance."""
        if (tag, other) not in self._apart:
            shared, expected = standing_together(index, tag, other, self._context.ontology)
            self._apart[tag, other] = not shared and expected >= EXPECTED
        return self._apart[tag, other]

    def _index(self) -> AbstractContextManager[CandidateIndex]:
        live = self._context.live_index
        return nullcontext(self._own_index) if live is None else live.current()

    @cached_property
    def _own_index(self) -> CandidateIndex:
        """For a context that was handed none."""
        return CandidateIndex(candidates(self._context), lookup=lambda _: ())


def _reason(own: str, found: Companion) -> str:
    return f"{found.shared} of {found.of_first} assets with {visible(own)} carry it"
