"""What a text names: ids written out, @mentions, and the phrases of a vocabulary. Every word is for one of them."""

from collections.abc import Iterator
from typing import NamedTuple

from ontology.tags import MAX_TAG_LENGTH
from ontology.terms import Ontology
from resolver.lexicon import Node, longest
from resolver.words import Words

_MAX_SEGMENTS = 8


class Naming(NamedTuple):
    """Words from `start` up to `end` that name one of `options`; none for a mention that nothing answers."""

    start: int
    end: int
    options: tuple[str, ...]


def written_id(text: str, ontology: Ontology) -> str | None:
    """The id at the beginning of a text such as `npc:alex:`; None for what only looks like one, such as `12:30`."""
    segments = text.split(":", _MAX_SEGMENTS)[:_MAX_SEGMENTS]
    for count in range(len(segments), 1, -1):
        known = ":".join(segments[:count]).strip("-")
        if known in ontology:
            return known
    whole = text.strip("-")
    return whole if segments[0] in ontology.namespaces and len(whole) <= MAX_TAG_LENGTH else None


class Namings:
    """The words of a text as they are claimed, in the order in which the methods are called."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self._claimed = bytearray(len(words))

    def is_claimed(self, index: int) -> bool:
        """Whether a word is part of what was named."""
        return bool(self._claimed[index])

    def written(self) -> Iterator[Naming]:
        """Ids that were written out."""
        for start, tag in self.words.ids.items():
            self._claim(start, start + 1)
            yield Naming(start, start + 1, (tag,))

    def mentions(self, tree: Node) -> Iterator[Naming]:
        """What follows an @."""
        for start in sorted(self.words.mentioned - self.words.ids.keys()):
            found = longest(tree, self.words, start)
            end, options = (self.words.end_of_run(start), ()) if found is None else found
            self._claim(start, end)
            yield Naming(start, end, options)

    def phrases(self, tree: Node) -> Iterator[Naming]:
        """The phrases of a tree, the longest first; a word that a longer one has claimed is in no shorter one."""
        shelves: dict[int, list[Naming]] = {}
        for start, stem in enumerate(self.words.stems):
            if stem in tree:
                self._shelve(shelves, tree, start)
        for length in range(max(shelves, default=0), 0, -1):
            for naming in sorted(shelves.get(length, ())):
                if self._claimed.find(1, naming.start, naming.end) < 0:
                    self._claim(naming.start, naming.end)
                    yield naming
                else:
                    self._shelve(shelves, tree, naming.start, length - 1)

    def _claim(self, start: int, end: int) -> None:
        self._claimed[start:end] = b"\1" * (end - start)

    def _shelve(self, shelves: dict[int, list[Naming]], tree: Node, start: int, most: int | None = None) -> None:
        """Put the longest phrase that begins at `start` on the shelf of its length."""
        found = longest(tree, self.words, start) if most is None else longest(tree, self.words, start, most)
        if found is not None:
            shelves.setdefault(found[0] - start, []).append(Naming(start, *found))
