"""Words of the prompt that a picture was made with. The negative prompt is never read."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection

from gallery.suggestions.phrases import phrases_in
from gallery.suggestions.subject import Subject
from gallery.suggestions.values import Evidence, SourceName
from gallery.suggestions.weights import certainty_of, said_of
from ontology.terms import Ontology

NAME: SourceName = "prompt"

WEIGHT = 0.95
"""A prompt says what was asked for; the picture may lack it."""


class PromptWords:
    """The source. Runs of pictures are made with one prompt, so the last ones are remembered."""

    def __init__(self, ontology: Ontology) -> None:
        self._ontology = ontology
        self._last: tuple[str, tuple[Evidence, ...]] = ("", ())

    def evidence(self, connection: Connection, subjects: Sequence[Subject]) -> Iterator[tuple[int, Evidence]]:
        """What the prompts say."""
        del connection
        for subject in subjects:
            if subject.prompt:
                for item in self._read(subject.prompt):
                    sure = item.confidence * subject.certainty
                    yield subject.key, Evidence(item.tag, NAME, sure, item.reason)

    def _read(self, prompt: str) -> tuple[Evidence, ...]:
        if self._last[0] != prompt:
            found = tuple(
                Evidence(phrase.tag, NAME, certainty_of(phrase) * WEIGHT, said_of(phrase, "the prompt", self._ontology))
                for phrase in phrases_in(prompt, self._ontology, prose=True)
            )
            self._last = (prompt, found)
        return self._last[1]
