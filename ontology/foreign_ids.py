"""The ids of other vocabularies in our syntax."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from ontology.cleaning import clean
from ontology.merge import ALWAYS_CLOSED, CLOSED_BY_USE
from ontology.tags import forbidden_in_free_word, is_free_word, is_segment, is_well_formed
from ontology.terms import PLAYER, Ontology

_NO_SEGMENT = re.compile(r"[^a-z0-9_-]+")
_HYPHENS = re.compile(r"-{2,}")


class Ids:
    """How ids are made for one vocabulary. `renamed`: foreign namespace → ours, both cleaned."""

    def __init__(self, ontology: Ontology, renamed: Mapping[str, str]) -> None:
        self._ontology = ontology
        self._renamed = renamed

    def made(self, text: str, namespace: str | None, path: Sequence[str] = ()) -> tuple[str, str] | None:
        """The id as it is written, cleaned and with its namespace; and as it can be held.

        None where it has no namespace of its own and is given none, or where nothing of it can be held.
        """
        written = self.in_our_namespace(clean(text))
        if ":" not in written and written != PLAYER:
            if namespace is None:
                return None
            written = ":".join((namespace, *path, written))
        held = self._held(written)
        return None if held is None else (written, held)

    def in_our_namespace(self, tag: str) -> str:
        """A cleaned tag, or word, with its namespace renamed."""
        prefix, colon, rest = tag.partition(":")
        return f"{self._renamed.get(prefix, prefix)}:{rest}" if colon else tag

    def _held(self, written: str) -> str | None:
        if written == PLAYER:
            return written
        name, *values = written.split(":")
        name = _segment(name)
        closed = self._is_closed(name)
        id_ = ":".join((name, *(_segment(value) if closed else _word(value) for value in values)))
        return id_ if is_well_formed(id_, closed=closed) else None

    def _is_closed(self, namespace: str) -> bool:
        """Whether it is closed, or will be with the first term in it."""
        known = self._ontology.namespaces.get(namespace)
        return namespace in CLOSED_BY_USE | ALWAYS_CLOSED or (known is not None and known.closed)


def _segment(text: str) -> str:
    """Without accents; other signs become `_`. Empty where nothing is left."""
    if is_segment(text):
        return text
    letters = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return _HYPHENS.sub("-", _NO_SEGMENT.sub("_", letters.lower())).strip("_-")


def _word(text: str) -> str:
    """A value of an open namespace: letters of all scripts stay, signs that may not stand in it become `_`."""
    if is_free_word(text):
        return text
    forbidden = set(forbidden_in_free_word(text))
    return "".join("_" if char in forbidden else char for char in text).strip("_")
