"""How a tag of another program would be spelt here: its namespace mapped, its value bent to what an id may hold. Pure.

What is known by id, alias or label is found under it. A namespace that is neither mapped nor ours is dropped, and its
values are free words.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from gallery.exchange.tag_files import CATEGORIES
from ontology.cleaning import clean
from ontology.tags import is_free_word, is_segment, local_part
from ontology.terms import Ontology

_NOT_IN_A_SEGMENT = re.compile(r"[^a-z0-9_-]+")
_RUNS = re.compile(r"-{2,}|_{2,}")


class Spelling:
    """Spells for one ontology and one mapping (foreign namespace → ours; to an empty text: leave such tags out).

    Without `has_namespaces` a colon is a part of the word, but behind what boorus call a category. `unmapped` counts
    the different tags by namespace whose namespace was dropped.
    """

    def __init__(self, ontology: Ontology, mapping: Mapping[str, str], *, has_namespaces: bool = True) -> None:
        self._has_namespaces = has_namespaces
        self._ontology = ontology
        self._mapping = {clean(theirs): ours for theirs, ours in mapping.items()}
        self.unmapped: dict[str, int] = {}
        self._by_name: dict[str, set[str]] = defaultdict(set)
        for term in ontology.terms.values():
            if not term.deprecated:
                for name in _names((term.id, *term.aliases), term.label):
                    self._by_name[name].add(term.id)

    def ours(self, text: str) -> str | None:
        """The text of a tag as it is to be checked; None for one that is to be left out."""
        whole = clean(text)
        theirs, colon, value = whole.partition(":")
        if not colon:
            return self._word(theirs)
        if not theirs or not value:
            return whole
        if theirs in self._mapping:
            ours = self._mapping[theirs]
            return self._in_namespace(ours, value) if ours else None
        if theirs in self._ontology.namespaces:
            return self._in_namespace(theirs, value)
        if not self._has_namespaces and theirs not in CATEGORIES:
            return self._word(whole.replace(":", "_"))
        self.unmapped[theirs] = self.unmapped.get(theirs, 0) + 1
        return self._word(value.replace(":", "_").strip("_"))

    def _word(self, word: str) -> str:
        known = self._by_name.get(word, ())
        if self._mapping.get(""):
            return self._in_namespace(self._mapping[""], word)
        return next(iter(known)) if len(known) == 1 else word

    def _in_namespace(self, namespace: str, value: str) -> str:
        plain = f"{namespace}:{value}"
        if self._ontology.term(plain) is not None or self._ontology.canonical(plain) != plain:
            return plain
        named = [name for name in self._by_name.get(value.replace(":", "_"), ()) if name.startswith(f"{namespace}:")]
        if len(named) == 1:
            return named[0]
        space = self._ontology.namespaces[namespace]
        bent = value.replace(":", "_")
        fits = is_segment(bent) if space.closed else is_free_word(bent)
        return f"{namespace}:{bent if fits else segment(bent)}"


def segment(text: str) -> str:
    """The nearest text that may stand between colons; `x` where nothing of it may."""
    bent = _NOT_IN_A_SEGMENT.sub("_", text)
    return _RUNS.sub(lambda run: run[0][0], bent).strip("-_") or "x"


def _names(ids: Iterable[str], label: str | None) -> set[str]:
    names = {clean(local_part(name)).replace(":", "_") for name in ids}
    return names | ({clean(label)} if label else set())
